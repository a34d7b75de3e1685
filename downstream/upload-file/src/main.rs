//! Uploads a photo from disk and prints the progress.
//!
//! The file is read while it is sent. The server is busy at first: the client retries the upload,
//! opens the file again, and the progress starts again.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};
use gallery_shop::mock::{Mock, gallery_testkit::Reply};
use gallery_shop::types::Photo;
use gallery_shop::{Client, Upload};

/// Uploads the photo of a product, and returns the size that the server has stored.
async fn upload(client: &Client, product: &str, path: &Path) -> Result<i64> {
    let photo = Upload::file(path).on_progress(|progress| match progress.total {
        Some(total) => println!("{} of {total} bytes", progress.sent),
        None => println!("{} bytes", progress.sent),
    });
    let stored = client.put_photo(product, photo).send().await?;
    Ok(stored.size)
}

#[tokio::main]
async fn main() -> Result<()> {
    let photo = vec![7; 200_000];
    let size = i64::try_from(photo.len())?;
    let directory = tempfile::tempdir()?;
    let path = directory.path().join("photo.png");
    fs::write(&path, &photo)?;

    let api = Mock::start()?;
    api.expect()
        .put_photo()
        .path("product_id", "lamp")
        .body_bytes(&photo)
        .reply(Reply::new(503))
        .success(200, &Photo { size });

    let stored = upload(&api.client()?, "lamp", &path).await?;
    ensure!(stored == size, "the server has stored {stored} bytes");
    println!("stored {stored} bytes");
    api.verify()?;
    Ok(())
}
