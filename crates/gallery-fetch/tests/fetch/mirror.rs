//! Fetches from a mirror on disk.

use std::fs;
use std::io::Write;
use std::path::Path;

use expect_test::{Expect, expect};
use gallery_fetch::{FetchError, Fetched, Fetcher, LocalFiles, Request, Settings, Source};
use gallery_spec::listings::Documents;
use gallery_spec::listings::ListingRef;
use gallery_spec::lock::sha256;

use crate::listing::{self, Fetch, names, settings};

const FOLDER: &str = "owner__topic/_listings/garden";

fn mirror() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join(FOLDER);
    fs::create_dir_all(&folder).unwrap();
    for (name, body) in listing::files() {
        fs::write(folder.join(name), body).unwrap();
    }
    fs::write(
        folder.join("unnamed-openapi.md"),
        "no index knows this file",
    )
    .unwrap();
    root
}

async fn get(root: &Path, settings: &Settings) -> Result<Fetched, FetchError> {
    Fetch {
        settings: settings.clone(),
        ..Fetch::from(Source::Mirror(root.to_owned()))
    }
    .garden()
    .await
}

/// Changes the mirror, and checks the error, in which the path of the mirror is `MIRROR`.
async fn check_error(settings: &Settings, change: impl FnOnce(&Path), message: Expect) {
    let root = mirror();
    change(&root.path().join(FOLDER));
    let error = get(root.path(), settings).await.unwrap_err();
    message.assert_eq(
        &error
            .to_string()
            .replace(&root.path().display().to_string(), "MIRROR"),
    );
    assert!(!error.is_unreachable());
}

#[tokio::test]
async fn fetches_a_complete_listing_from_a_mirror() {
    let root = mirror();
    let fetched = get(root.path(), &settings()).await.unwrap();
    assert_eq!(
        names(&fetched),
        [
            "apis.md",
            "beds-get-openapi.md",
            "openapi.md",
            "seeds-get-openapi.md",
            "unnamed-openapi.md"
        ]
    );
    let locked = &fetched.snapshot().files[1];
    assert_eq!(
        locked.url,
        "https://raw.githubusercontent.com/owner/topic/master/_listings/garden/beds-get-openapi.md"
    );
    assert_eq!(
        (locked.size, &locked.etag),
        (listing::BEDS.len() as u64, &None)
    );
    assert_eq!(locked.sha256, sha256(listing::BEDS.as_bytes()));

    fs::remove_file(root.path().join(FOLDER).join("openapi.md")).unwrap();
    assert_eq!(get(root.path(), &settings()).await.unwrap().files.len(), 4);
}

#[tokio::test]
async fn reports_missing_files() {
    check_error(
        &settings(),
        |folder| fs::remove_dir_all(folder).unwrap(),
        expect!["MIRROR/owner__topic/_listings/garden is not a directory (symlinks are not followed); a mirror has the listing OWNER/REPOSITORY/PROVIDER in OWNER__REPOSITORY/_listings/PROVIDER: check the path of the mirror and the name of the listing"],
    )
    .await;
    check_error(
        &settings(),
        |folder| fs::remove_file(folder.join("apis.md")).unwrap(),
        expect!["MIRROR/owner__topic/_listings/garden/apis.md does not exist; check the name of the listing `owner/topic/garden` and the source"],
    )
    .await;
    check_error(
        &settings(),
        |folder| fs::remove_file(folder.join("seeds-get-openapi.md")).unwrap(),
        expect![[r#"
            the index names documents that do not exist:
              MIRROR/owner__topic/_listings/garden/seeds-get-openapi.md"#]],
    )
    .await;
}

#[tokio::test]
async fn rejects_files_that_are_not_part_of_a_listing() {
    check_error(
        &Settings { max_file_bytes: 1000, ..settings() },
        |folder| fs::write(folder.join("openapi.md"), "a: 1\n".repeat(201)).unwrap(),
        expect!["MIRROR/owner__topic/_listings/garden/openapi.md is larger than 1000 bytes, the maximum for a file; check the source"],
    )
    .await;
    check_error(
        &settings(),
        |folder| fs::write(folder.join("openapi.md"), "<html></html>").unwrap(),
        expect!["MIRROR/owner__topic/_listings/garden/openapi.md is HTML, not a file of a listing; check whether the source returns a login or error page"],
    )
    .await;
    check_error(
        &settings(),
        |folder| {
            fs::remove_file(folder.join("openapi.md")).unwrap();
            fs::create_dir(folder.join("openapi.md")).unwrap();
        },
        expect!["MIRROR/owner__topic/_listings/garden/openapi.md is a symlink, a directory or a device; replace it by a regular file"],
    )
    .await;
}

#[cfg(unix)]
#[tokio::test]
async fn rejects_symlinks() {
    use std::os::unix::fs::symlink;
    check_error(
        &settings(),
        |folder| {
            fs::rename(folder.join("openapi.md"), folder.join("elsewhere")).unwrap();
            symlink("elsewhere", folder.join("openapi.md")).unwrap();
        },
        expect!["MIRROR/owner__topic/_listings/garden/openapi.md is a symlink, a directory or a device; replace it by a regular file"],
    )
    .await;
    check_error(
        &settings(),
        |folder| {
            fs::rename(folder, folder.with_file_name("elsewhere")).unwrap();
            symlink("elsewhere", folder).unwrap();
        },
        expect!["MIRROR/owner__topic/_listings/garden is not a directory (symlinks are not followed); a mirror has the listing OWNER/REPOSITORY/PROVIDER in OWNER__REPOSITORY/_listings/PROVIDER: check the path of the mirror and the name of the listing"],
    )
    .await;
}

#[tokio::test]
async fn fetches_from_a_real_mirror() {
    let Some(root) = std::env::var_os("GALLERY_MIRROR") else {
        // The test harness hides `eprintln!` of passing tests.
        let why = "GALLERY_MIRROR is not set; with the folder of a mirror of the gallery in it, this test reads from there";
        writeln!(
            std::io::stderr(),
            "skipped: fetches_from_a_real_mirror: {why}"
        )
        .unwrap();
        return;
    };
    let listing = ListingRef::parse("streamdata-gallery-topics/memberships/mattermost").unwrap();
    let (fetcher, into) = (
        Fetcher::new(&Source::Mirror(root.into()), settings(), |_| ()).unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let request = Request {
        listing: &listing,
        documents: Documents::All,
        local: &LocalFiles::default(),
        into: into.path(),
    };
    let fetched = fetcher.listing(request).await.unwrap();
    assert_eq!(fetched.files.len(), 9, "{:?}", names(&fetched));
}

#[tokio::test]
async fn skips_files_that_the_index_does_not_name_and_that_cannot_be_read() {
    let root = mirror();
    let folder = root.path().join(FOLDER);
    fs::create_dir(folder.join("folder-openapi.md")).unwrap();
    let huge = fs::File::create(folder.join("huge-openapi.md")).unwrap();
    huge.set_len(settings().max_file_bytes + 1).unwrap();
    let fetched = get(root.path(), &settings()).await.unwrap();
    assert_eq!(fetched.files.len(), 5);
    let skipped: Vec<_> = fetched
        .notices
        .iter()
        .filter(|notice| notice.starts_with("warning[unread-file]"))
        .collect();
    assert_eq!(skipped.len(), 2, "{:?}", fetched.notices);
}
