use super::*;

#[test]
fn a_rendered_lock_parses_to_the_same_value() {
    let mut lock = Lock::default();
    let file = |etag: Option<&str>| LockedFile {
        path: "apis.md".into(),
        url: "https://host/apis.md".into(),
        size: 3,
        sha256: sha256(b"abc"),
        etag: etag.map(Into::into),
    };
    let snapshot = Snapshot {
        origin: Origin::Fetched,
        listings: BTreeSet::new(),
        source: None,
        files: vec![file(None), file(Some("\"x\""))],
    };
    lock.clients.insert("a".into(), snapshot);
    let text = lock.render().unwrap();
    assert_eq!(Lock::parse(&text).unwrap(), lock);
    assert!(text.contains("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}

fn snapshot(files: &[(&str, &str, Option<&str>)]) -> Snapshot {
    let file = |(path, bytes, etag): &(&str, &str, Option<&str>)| LockedFile {
        path: (*path).into(),
        url: "https://host/".into(),
        size: bytes.len() as u64,
        sha256: sha256(bytes.as_bytes()),
        etag: etag.map(Into::into),
    };
    Snapshot {
        origin: Origin::Fetched,
        listings: BTreeSet::new(),
        source: None,
        files: files.iter().map(file).collect(),
    }
}

#[test]
fn reports_new_changed_and_removed_files() {
    let before = snapshot(&[("a", "1", Some("x")), ("b", "1", None), ("d", "1", None)]);
    let after = snapshot(&[("a", "1", Some("y")), ("b", "2", None), ("c", "1", None)]);
    let differences = after.differences(&before);
    let shown: Vec<_> = differences
        .iter()
        .map(|(path, difference)| format!("{difference} {path}"))
        .collect();
    assert_eq!(shown, ["changed b", "new c", "gone d"]);
}

#[test]
fn unchanged_files_keep_their_lock_entries() {
    let before = snapshot(&[
        ("a", "1", Some("x")),
        ("b", "1", Some("x")),
        ("c", "1", None),
        ("d", "1", Some("x")),
    ]);
    let after = snapshot(&[
        ("a", "1", Some("y")),
        ("b", "1", None),
        ("c", "1", Some("y")),
        ("d", "2", Some("y")),
    ]);
    let tags: Vec<_> = after
        .after(&before)
        .files
        .into_iter()
        .map(|file| file.etag.unwrap_or_default())
        .collect();
    assert_eq!(tags, ["x", "x", "y", "y"]);
}

#[test]
fn files_of_several_listings_have_path_prefixes() {
    let text = |listings: &str, path: &str| {
        format!(
            "version = 1\n[clients.a]\norigin = \"fetched\"\n{listings}[[clients.a.files]]\npath = \"{path}\"\nurl = \"u\"\nsize = 1\nsha256 = \"\"\n"
        )
    };
    let two = "listings = [\"o/r/p\", \"o2/r/p\"]\n";
    let lock = Lock::parse(&text(two, "o2/r/p/apis.md")).unwrap();
    let parts = |prefix: &str| {
        lock.clients["a"]
            .part(prefix)
            .files
            .into_iter()
            .map(|file| file.path)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (parts("o2/r/p/"), parts("o/r/p/"), parts("")),
        (vec!["apis.md".to_owned()], vec![], vec![])
    );
    assert_eq!(Lock::parse(&lock.render().unwrap()).unwrap(), lock);
    for (listings, path) in [
        (two, "apis.md"),
        (two, "o3/r/p/apis.md"),
        (two, "o/r/p/../apis.md"),
        ("", "o/r/p/apis.md"),
    ] {
        assert!(Lock::parse(&text(listings, path)).is_err(), "{path}");
    }
    assert!(Lock::parse(&text("listings = [\"../r/p\"]\n", "apis.md")).is_err());
}

#[test]
fn documents_can_be_in_directories() {
    let text = |path: &str| {
        format!(
            "version = 1\n[clients.a]\norigin = \"fetched\"\nsource = \"https://host/apis.yml\"\n[[clients.a.files]]\npath = \"{path}\"\nurl = \"u\"\nsize = 1\nsha256 = \"\"\n"
        )
    };
    let lock = Lock::parse(&text("openapi/v1/a.yml")).unwrap();
    assert_eq!(lock.clients["a"].part("").files[0].path, "openapi/v1/a.yml");
    assert_eq!(Lock::parse(&lock.render().unwrap()).unwrap(), lock);
    for path in ["../a.yml", "a//b.yml", "/a.yml", "a/.git/b", "a\\\\b.yml"] {
        let error = Lock::parse(&text(path)).unwrap_err();
        assert!(
            error.message.contains("not a path of plain file names"),
            "{path}: {error}"
        );
    }
}

#[test]
fn rejects_paths_outside_of_the_snapshot_and_other_versions() {
    let text = "version = 1\n[clients.a]\norigin = \"fetched\"\n[[clients.a.files]]\npath = \"../x\"\nurl = \"u\"\nsize = 1\nsha256 = \"\"\n";
    assert!(Lock::parse(text).unwrap_err().message.contains("`../x`"));
    assert!(
        Lock::parse("version = 2\n")
            .unwrap_err()
            .message
            .contains("version 2")
    );
}
