//! Follows server-sent events through a connection that breaks.
//!
//! The first connection breaks within the third event. The client connects again and sends the ID
//! of the last complete event in `Last-Event-ID`. The server continues after this event.

use anyhow::{Result, ensure};
use gallery_shop::mock::{Mock, gallery_testkit::Reply};
use gallery_shop::types::{Change, Status};
use gallery_shop::{Client, ErrorKind};

/// Prints the changes of orders, and returns them, until an order was sent.
async fn follow(client: &Client) -> Result<Vec<Change>> {
    let mut changes = Vec::new();
    let mut events = client
        .follow_orders()
        .events()
        .await?
        .into_inner()
        .reconnect(5);
    while let Some(event) = events.next().await {
        let change = match event {
            Ok(event) => event.data,
            // The data of one event does not match its schema. The stream goes on.
            Err(error) if error.kind() == ErrorKind::InvalidBody => {
                eprintln!("{error}");
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        println!("order {}: {}", change.order_id, change.status.as_str());
        let is_last = change.status == Status::Sent;
        changes.push(change);
        if is_last {
            break;
        }
    }
    Ok(changes)
}

/// The events of the server. `retry` is the time until a reconnection, in milliseconds.
const EVENTS: [&str; 4] = [
    "id: 1\nretry: 50\ndata: {\"order_id\": 7, \"status\": \"placed\"}\n\n",
    "id: 2\ndata: {\"order_id\": 8, \"status\": \"placed\"}\n\n",
    "id: 3\ndata: {\"order_id\": 7, \"status\": \"paid\"}\n\n",
    "id: 4\ndata: {\"order_id\": 7, \"status\": \"sent\"}\n\n",
];

/// Returns a response with some of the events.
fn events(events: &[&str]) -> Reply {
    Reply::new(200)
        .with_header("content-type", "text/event-stream")
        .with_body(events.concat())
}

#[tokio::main]
async fn main() -> Result<()> {
    let api = Mock::start()?;
    let complete = EVENTS[..2].concat().len();
    api.expect()
        .follow_orders()
        .header("last-event-id", None::<&str>)
        .reply(events(&EVENTS).truncated_after(complete + 20));
    api.expect()
        .follow_orders()
        .header("last-event-id", "2")
        .reply(events(&EVENTS[2..]));

    let changes = follow(&api.client()?).await?;
    let orders: Vec<i64> = changes.iter().map(|change| change.order_id).collect();
    ensure!(orders == [7, 8, 7, 7], "changes: {changes:?}");
    println!(
        "{} changes over {} connections",
        changes.len(),
        api.server().requests().len()
    );
    api.verify()?;
    Ok(())
}
