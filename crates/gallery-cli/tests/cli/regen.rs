//! A run writes what is missing, and a second one nothing; `--check` never writes.

use expect_test::expect;

use crate::workspace::{CRATE, Entry, GENERATED, Workspace};

#[test]
fn the_first_run_writes_all_the_second_nothing() {
    let workspace = Workspace::fresh();
    GENERATED
        .iter()
        .filter(|path| workspace.path(path).exists())
        .for_each(|path| workspace.remove(path));
    let before = workspace.contents();

    expect![[r#"
        exit 0
        -- out --
        mattermost (streamdata-gallery-topics/memberships/mattermost, transcribed: prose in this project's own words)
          index      14 entries, 7 of them repeats
          documents  8 with 56 operation entries: 7 endpoints, 49 repeats, 0 dropped
          overlay    20 actions on 62 places
          repaired   3 dangling-reference, 10 optional-path-parameter
          assumed    3 untyped-body, 14 untyped-parameter, 7 untyped-response
          names      7 given, 0 retired
          crate      crates/gallery-mattermost
             new  crates/gallery-mattermost/Cargo.toml
             new  crates/gallery-mattermost/README.md
             new  crates/gallery-mattermost/openapi.json
             new  crates/gallery-mattermost/src/generated.rs
             new  crates/gallery-mattermost/src/lib.rs
             new  crates/gallery-mattermost/src/mock.rs
             new  crates/gallery-mattermost/tests/adapters.rs
             new  crates/gallery-mattermost/tests/conformance.rs
             new  specs/mattermost/names.toml
             new  specs/mattermost/openapi.json
             new  specs/mattermost/report.json
        11 files written
    "#]]
    .assert_eq(&workspace.regen(&[]).shown());
    let mut made = workspace.contents();
    made.retain(|path, _| !before.contains_key(path));
    assert_eq!(made.keys().collect::<Vec<_>>(), GENERATED);

    let written = workspace.tree();
    expect![[r#"
        exit 0
        -- out --
        mattermost (streamdata-gallery-topics/memberships/mattermost, transcribed: prose in this project's own words)
          index      14 entries, 7 of them repeats
          documents  8 with 56 operation entries: 7 endpoints, 49 repeats, 0 dropped
          overlay    20 actions on 62 places
          repaired   3 dangling-reference, 10 optional-path-parameter
          assumed    3 untyped-body, 14 untyped-parameter, 7 untyped-response
          names      7 given, 0 retired
          crate      crates/gallery-mattermost
        nothing to write: 11 files up to date
    "#]]
    .assert_eq(&workspace.regen(&[]).shown());
    expect![[r#"
        exit 0
        -- out --
        mattermost (streamdata-gallery-topics/memberships/mattermost, transcribed: prose in this project's own words)
          index      14 entries, 7 of them repeats
          documents  8 with 56 operation entries: 7 endpoints, 49 repeats, 0 dropped
          overlay    20 actions on 62 places
          repaired   3 dangling-reference, 10 optional-path-parameter
          assumed    3 untyped-body, 14 untyped-parameter, 7 untyped-response
          names      7 given, 0 retired
          crate      crates/gallery-mattermost
        up to date: 11 files
    "#]]
    .assert_eq(&workspace.regen(&["--check"]).shown());
    assert_eq!(
        workspace.tree(),
        written,
        "not even a modification time changes"
    );
}

#[test]
fn the_snapshots_are_not_touched() {
    let workspace = Workspace::fresh();
    let inputs = |workspace: &Workspace| {
        let mut tree = workspace.tree();
        tree.retain(|path, entry| {
            path.starts_with("workspace/specs/") && matches!(entry, Entry::File { .. })
        });
        tree.retain(|path, _| !GENERATED.iter().any(|made| path.ends_with(made)));
        tree
    };
    let before = inputs(&workspace);
    assert_eq!(before.len(), 12);
    assert_eq!(workspace.regen(&[]).code, Some(0));
    assert_eq!(inputs(&workspace), before);
}

#[test]
fn what_is_committed_is_what_a_run_gives() {
    let workspace = Workspace::generated();
    for path in GENERATED {
        let committed =
            std::fs::read_to_string(format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR")))
                .unwrap();
        assert!(
            committed == workspace.read(path),
            "{path} is stale; `gallery regen` mends it"
        );
    }
}

#[test]
fn a_run_says_more_when_it_is_asked_to() {
    let workspace = Workspace::generated();
    let short = workspace.regen(&["--check"]).stdout;
    let long = workspace.regen(&["--check", "--verbose"]).stdout;
    let more = |word: &str| long.lines().filter(|line| line.starts_with(word)).count();
    assert!(short.lines().all(|line| long.contains(line)));
    assert_eq!(
        short
            .lines()
            .filter(|line| line.starts_with("repaired["))
            .count(),
        0
    );
    // All copies of an endpoint are mended: eight times what the report counts.
    assert_eq!((more("repaired["), more("assumed[")), (8 * 13, 8 * 24));
}

#[test]
fn a_run_finds_the_workspace_from_below() {
    let workspace = Workspace::generated();
    let output = workspace
        .command(&["regen", "--check"])
        .current_dir(workspace.path(CRATE))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_run_leaves_other_crates_and_files_alone() {
    let workspace = Workspace::generated();
    let own = [
        "README.md",
        "Cargo.toml",
        "crates/other/src/lib.rs",
        "crates/gallery-mattermost/CHANGELOG.md",
        "specs/notes.md",
    ];
    own.iter()
        .for_each(|path| workspace.write(path, "by hand\n"));
    workspace.remove("crates/gallery-mattermost/src/lib.rs");
    assert_eq!(
        workspace.regen(&["--check"]).stale(),
        ["missing crates/gallery-mattermost/src/lib.rs"]
    );
    assert_eq!(workspace.regen(&[]).code, Some(0));
    own.iter()
        .for_each(|path| assert_eq!(workspace.read(path), "by hand\n"));
}

#[test]
fn a_run_for_one_client_leaves_the_other_as_it_is() {
    let workspace = Workspace::generated();
    let second = "\n[clients.second]\ncrate = \"gallery-second\"\nversion = \"0.2.0\"\nlisting = \"o/r/p\"\n";
    workspace.append("specs/gallery.toml", second);
    for (path, bytes) in workspace.contents() {
        if let Some(name) = path.strip_prefix("specs/mattermost/listing/") {
            workspace.write(&format!("specs/second/listing/{name}"), bytes);
        }
    }
    workspace.relock("second");
    workspace.remove("crates/gallery-mattermost/src/lib.rs");

    expect![[r#"
        exit 4
        -- out --
        second (o/r/p)
          index      14 entries, 7 of them repeats
          documents  8 with 56 operation entries: 7 endpoints, 49 repeats, 0 dropped
          repaired   3 dangling-reference, 10 optional-path-parameter
          assumed    3 untyped-body, 14 untyped-parameter, 7 untyped-response
          names      7 given, 0 retired
          crate      crates/gallery-second
         missing  crates/gallery-second/Cargo.toml
         missing  crates/gallery-second/README.md
         missing  crates/gallery-second/openapi.json
         missing  crates/gallery-second/src/generated.rs
         missing  crates/gallery-second/src/lib.rs
         missing  crates/gallery-second/src/mock.rs
         missing  crates/gallery-second/tests/adapters.rs
         missing  crates/gallery-second/tests/conformance.rs
         missing  specs/second/names.toml
         missing  specs/second/openapi.json
         missing  specs/second/report.json
        11 files stale; run `gallery regen --client second`
    "#]]
    .assert_eq(&workspace.regen(&["--check", "--client", "second"]).shown());
    assert_eq!(workspace.regen(&["--client", "second"]).code, Some(0));
    assert_eq!(
        workspace.regen(&["--check", "--client", "second"]).code,
        Some(0)
    );
    assert_eq!(
        workspace.regen(&["--check"]).stale(),
        ["missing crates/gallery-mattermost/src/lib.rs"]
    );
}

#[test]
fn expected_failures_go_into_the_clients_tests() {
    let workspace = Workspace::generated();
    let tests = "crates/gallery-mattermost/tests";
    assert!(
        workspace
            .read(&format!("{tests}/conformance.rs"))
            .contains("expected_failures: \"\",")
    );
    let text =
        "[[failure]]\nendpoint = \"get_team_members\"\ncheck = \"accept\"\nreason = \"a proxy\"\n";
    workspace.write("specs/mattermost/expected-failures.toml", text);
    assert_eq!(workspace.regen(&[]).code, Some(0));
    assert_eq!(
        workspace.read(&format!("{tests}/expected-failures.toml")),
        text
    );
    let included = "expected_failures: include_str!(\"expected-failures.toml\"),";
    assert!(
        workspace
            .read(&format!("{tests}/conformance.rs"))
            .contains(included)
    );
    workspace.remove("specs/mattermost/expected-failures.toml");
    assert_eq!(workspace.regen(&[]).code, Some(0));
    assert!(
        !workspace
            .path(&format!("{tests}/expected-failures.toml"))
            .exists()
    );
}
