//! Copies a list of orders to a file page by page, and resumes after an interruption.
//!
//! After each page, the job stores the cursor of the next page and the size of its output. The next
//! run cuts off what was written after that and begins at the cursor. So no order is lost, and none
//! is copied twice.

use std::fs::{self, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use anyhow::{Result, bail, ensure};
use gallery_shop::Client;
use gallery_shop::mock::Mock;
use gallery_shop::types::{Order, Status};
use serde::{Deserialize, Serialize};

/// The progress of the job after a page.
#[derive(Default, Deserialize, Serialize)]
struct Checkpoint {
    /// The cursor of the next page, or `None` at the start.
    cursor: Option<String>,
    /// The size of the output, in bytes.
    size: u64,
    /// True if the last page was copied.
    is_complete: bool,
}

impl Checkpoint {
    fn read(path: &Path) -> Result<Checkpoint> {
        if !path.exists() {
            return Ok(Checkpoint::default());
        }
        Ok(serde_json::from_slice(&fs::read(path)?)?)
    }

    /// Replaces the file in one step, so that an interruption leaves the old or the new one.
    fn write(&self, path: &Path) -> Result<()> {
        let new = path.with_extension("new");
        fs::write(&new, serde_json::to_vec(self)?)?;
        Ok(fs::rename(new, path)?)
    }
}

/// Copies the IDs of all orders to `orders.txt` of a directory. Calls `on_order` after each.
async fn copy_orders(
    client: &Client,
    directory: &Path,
    on_order: impl Fn(&Order) -> Result<()>,
) -> Result<()> {
    let stored = directory.join("checkpoint.json");
    let checkpoint = Checkpoint::read(&stored)?;
    if checkpoint.is_complete {
        return Ok(());
    }
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    let mut output = options.open(directory.join("orders.txt"))?;
    output.set_len(checkpoint.size)?;
    output.seek(SeekFrom::End(0))?;

    let call = client.list_orders().limit(10).cursor(checkpoint.cursor);
    let mut pages = call.pages();
    while let Some(page) = pages.next().await {
        let page = page?.into_inner();
        for order in &page.orders {
            writeln!(output, "{}", order.id)?;
            on_order(order)?;
        }
        output.sync_all()?;
        // An empty cursor is the end, like an absent one.
        let cursor = page.next_cursor.filter(|cursor| !cursor.is_empty());
        let checkpoint = Checkpoint {
            is_complete: cursor.is_none(),
            cursor,
            size: output.stream_position()?,
        };
        checkpoint.write(&stored)?;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<()> {
    let orders = (1..=45).map(|id| Order {
        id,
        status: Status::Paid,
    });
    let api = Mock::start()?;
    api.expect().list_orders().pages(10, orders);
    let client = api.client()?;
    let directory = tempfile::tempdir()?;

    let interrupted = copy_orders(&client, directory.path(), |order| match order.id {
        25 => bail!("interrupted at order {}", order.id),
        _ => Ok(()),
    });
    let Err(error) = interrupted.await else {
        bail!("the first run was not interrupted");
    };
    println!("first run: {error}");

    copy_orders(&client, directory.path(), |_| Ok(())).await?;
    let copied = fs::read_to_string(directory.path().join("orders.txt"))?;
    let copied: Vec<i64> = copied.lines().map(str::parse).collect::<Result<_, _>>()?;
    ensure!(copied == Vec::from_iter(1..=45), "copied: {copied:?}");
    let requests = api.server().requests().len();
    ensure!(requests == 6, "{requests} requests");
    println!("second run: all {} orders were copied once", copied.len());
    println!("{requests} requests for 5 pages");
    api.verify()?;
    Ok(())
}
