use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::journal::{Journal, complete};
use super::location::JOURNAL;
use super::*;

fn desired(files: &[(&str, &str)]) -> DesiredFiles {
    let mut desired = DesiredFiles::default();
    files
        .iter()
        .for_each(|(path, text)| desired.insert(*path, *text));
    desired.own("crates/c/src");
    desired
}

fn stale_paths(desired: &DesiredFiles, root: &Path) -> Vec<String> {
    compare(desired, root)
        .unwrap()
        .into_iter()
        .map(|stale| format!("{} {}", stale.kind, stale.path))
        .collect()
}

const FILES: &[(&str, &str)] = &[
    ("crates/c/src/a.rs", "a"),
    ("crates/c/src/b/c.rs", "c"),
    ("specs/x.json", "{}"),
];

#[test]
fn written_files_are_not_stale() {
    let root = tempfile::tempdir().unwrap();
    let desired = desired(FILES);
    assert_eq!(
        stale_paths(&desired, root.path()),
        [
            "missing crates/c/src/a.rs",
            "missing crates/c/src/b/c.rs",
            "missing specs/x.json"
        ]
    );
    write(
        &compare(&desired, root.path()).unwrap(),
        &desired,
        root.path(),
    )
    .unwrap();
    assert_eq!(stale_paths(&desired, root.path()), [""; 0]);
    assert!(!is_interrupted(root.path()));
}

#[test]
fn touches_only_changed_files() {
    let root = tempfile::tempdir().unwrap();
    let desired = desired(FILES);
    write(
        &compare(&desired, root.path()).unwrap(),
        &desired,
        root.path(),
    )
    .unwrap();
    let modified = |path: &str| {
        fs::metadata(root.path().join(path))
            .unwrap()
            .modified()
            .unwrap()
    };
    let before = modified("crates/c/src/b/c.rs");
    fs::write(root.path().join("crates/c/src/a.rs"), "by hand").unwrap();
    fs::write(root.path().join("crates/c/src/new.rs"), "").unwrap();
    fs::write(root.path().join("crates/c/CHANGELOG.md"), "by hand").unwrap();
    assert_eq!(
        stale_paths(&desired, root.path()),
        ["changed crates/c/src/a.rs", "orphaned crates/c/src/new.rs"]
    );
    write(
        &compare(&desired, root.path()).unwrap(),
        &desired,
        root.path(),
    )
    .unwrap();
    assert_eq!(stale_paths(&desired, root.path()), [""; 0]);
    assert_eq!(modified("crates/c/src/b/c.rs"), before);
    assert!(root.path().join("crates/c/CHANGELOG.md").exists());
}

#[test]
fn completes_or_rolls_back_an_interrupted_run() {
    let desired = desired(FILES);
    for renamed in 0..=FILES.len() {
        let root = tempfile::tempdir().unwrap();
        let mut staging = Staging::new(root.path()).unwrap();
        let journal = staging
            .stage(&compare(&desired, root.path()).unwrap(), &desired)
            .unwrap();
        staging.committed = true;
        let partial = Journal {
            rename: journal.rename[..renamed].to_vec(),
            remove: Vec::new(),
        };
        complete(root.path(), &partial).unwrap();
        assert!(is_interrupted(root.path()));
        assert_eq!(recover(root.path()).unwrap(), Some("finished"));
        assert_eq!(stale_paths(&desired, root.path()), [""; 0]);
        assert!(!is_interrupted(root.path()));
    }
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join(JOURNAL)).unwrap();
    fs::write(root.path().join(JOURNAL).join("0"), "half").unwrap();
    assert_eq!(
        recover(root.path()).unwrap(),
        Some("rolled back: nothing had been written yet")
    );
    assert_eq!(stale_paths(&desired, root.path()).len(), FILES.len());
}

fn put_in(staging: &Staging) -> PathBuf {
    let folder = staging.folder("a");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("x"), "new").unwrap();
    folder.join("x")
}

#[test]
fn moves_staged_files_and_writes_the_lock_last() {
    let root = tempfile::tempdir().unwrap();
    let staging = Staging::new(root.path()).unwrap();
    let staged = put_in(&staging);
    let mut desired = desired(FILES);
    desired.insert(gallery_spec::lock::PATH, "lock");
    desired.put("specs/z", Content::Staged(staged));
    let stale = compare(&desired, root.path()).unwrap();
    let journal = staging.stage(&stale, &desired).unwrap();
    assert_eq!(journal.rename.last().unwrap().1, gallery_spec::lock::PATH);
    staging.write(&stale, &desired).unwrap();
    assert_eq!(
        fs::read_to_string(root.path().join("specs/z")).unwrap(),
        "new"
    );
    desired.put("specs/z", Content::Kept);
    assert_eq!(stale_paths(&desired, root.path()), [""; 0]);
}

#[test]
fn removes_staged_files_that_are_not_written() {
    let root = tempfile::tempdir().unwrap();
    let staging = Staging::new(root.path()).unwrap();
    put_in(&staging);
    assert_eq!(
        Staging::new(root.path()).unwrap_err().kind(),
        io::ErrorKind::Other
    );
    drop(staging);
    assert!(!is_interrupted(root.path()));
}

#[test]
fn rejects_a_journal_that_leads_out_of_the_workspace() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join(JOURNAL)).unwrap();
    fs::write(root.path().join(JOURNAL).join("0"), "evil").unwrap();
    fs::create_dir_all(root.path().join("crates/hand")).unwrap();
    fs::write(root.path().join("crates/hand/Cargo.toml"), "[package]").unwrap();
    for journal in [
        r#"{"rename": [["a", "../b"]], "remove": []}"#,
        r#"{"rename": [], "remove": ["/etc/x"]}"#,
        r#"{"rename": [["specs/a", "specs/b"]], "remove": []}"#,
        r#"{"rename": [], "remove": ["README.md"]}"#,
        r#"{"rename": [], "remove": [".git/config"]}"#,
        r#"{"rename": [[".gallery-journal/0", "crates/hand/src/lib.rs"]], "remove": []}"#,
        "{",
    ] {
        fs::write(root.path().join(JOURNAL).join("journal.json"), journal).unwrap();
        assert_eq!(
            recover(root.path()).unwrap_err().kind(),
            io::ErrorKind::InvalidData
        );
    }
}

#[test]
#[cfg(unix)]
fn a_planted_journal_does_not_follow_symlinks() {
    use std::os::unix::fs::symlink;

    let refuse = |plant: &dyn Fn(&Path, &Path)| {
        let (root, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir(root.path().join(JOURNAL)).unwrap();
        fs::create_dir(root.path().join("specs")).unwrap();
        fs::write(other.path().join("secret"), "secret").unwrap();
        plant(root.path(), other.path());
        recover(root.path()).unwrap_err();
        let left: Vec<_> = fs::read_dir(other.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "{left:?}");
        assert!(!root.path().join("specs/b").exists());
    };
    let journal = |root: &Path, text: &str| {
        fs::write(root.join(JOURNAL).join("journal.json"), text).unwrap();
    };
    refuse(&|root, other| {
        fs::write(root.join(JOURNAL).join("0"), "evil").unwrap();
        symlink(other, root.join("specs/link")).unwrap();
        journal(
            root,
            r#"{"rename": [[".gallery-journal/0", "specs/link/x"]], "remove": []}"#,
        );
    });
    refuse(&|root, other| {
        symlink(other, root.join("specs/link")).unwrap();
        journal(root, r#"{"rename": [], "remove": ["specs/link/secret"]}"#);
    });
    refuse(&|root, other| {
        symlink(other.join("secret"), root.join(JOURNAL).join("0")).unwrap();
        journal(
            root,
            r#"{"rename": [[".gallery-journal/0", "specs/b"]], "remove": []}"#,
        );
    });
    refuse(&|root, other| {
        symlink(other, root.join(JOURNAL).join("d")).unwrap();
        journal(
            root,
            r#"{"rename": [[".gallery-journal/d/secret", "specs/b"]], "remove": []}"#,
        );
    });
    refuse(&|root, other| {
        let text = r#"{"rename": [], "remove": []}"#;
        fs::write(other.join("secret"), text).unwrap();
        symlink(
            other.join("secret"),
            root.join(JOURNAL).join("journal.json"),
        )
        .unwrap();
    });
}
