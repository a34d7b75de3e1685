//! `gallery regen` writes missing and outdated files only. `--check` never writes.

use expect_test::expect;

use crate::workspace::{CRATE, Entry, GENERATED, OVERLAY, Workspace};

#[test]
fn a_second_run_writes_nothing() {
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
          index      14 entries, 7 of them duplicates
          documents  8 with 56 operation entries: 7 endpoints, 49 duplicates, 0 dropped
          overlay    19 actions on 52 places
          repaired   3 dangling-reference, 10 optional-path-parameter
          assumed    3 untyped-body, 14 untyped-parameter, 7 untyped-response
          names      7 given, 0 retired
          crate      crates/gallery-mattermost
             new  crates/gallery-mattermost/CHANGELOG.md
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
        12 files written
    "#]]
    .assert_eq(&workspace.regen(&[]).shown());
    let mut generated = workspace.contents();
    generated.retain(|path, _| !before.contains_key(path));
    assert_eq!(generated.keys().collect::<Vec<_>>(), GENERATED);

    let written = workspace.tree();
    expect![[r#"
        exit 0
        -- out --
        mattermost (streamdata-gallery-topics/memberships/mattermost, transcribed: prose in this project's own words)
          index      14 entries, 7 of them duplicates
          documents  8 with 56 operation entries: 7 endpoints, 49 duplicates, 0 dropped
          overlay    19 actions on 52 places
          repaired   3 dangling-reference, 10 optional-path-parameter
          assumed    3 untyped-body, 14 untyped-parameter, 7 untyped-response
          names      7 given, 0 retired
          crate      crates/gallery-mattermost
        nothing to write: 12 files up to date
    "#]]
    .assert_eq(&workspace.regen(&[]).shown());
    expect![[r#"
        exit 0
        -- out --
        mattermost (streamdata-gallery-topics/memberships/mattermost, transcribed: prose in this project's own words)
          index      14 entries, 7 of them duplicates
          documents  8 with 56 operation entries: 7 endpoints, 49 duplicates, 0 dropped
          overlay    19 actions on 52 places
          repaired   3 dangling-reference, 10 optional-path-parameter
          assumed    3 untyped-body, 14 untyped-parameter, 7 untyped-response
          names      7 given, 0 retired
          crate      crates/gallery-mattermost
        up to date: 12 files
    "#]]
    .assert_eq(&workspace.regen(&["--check"]).shown());
    assert_eq!(workspace.tree(), written, "a modification time changed");
}

#[test]
fn does_not_touch_the_snapshots() {
    let workspace = Workspace::fresh();
    let inputs = |workspace: &Workspace| {
        let mut tree = workspace.tree();
        tree.retain(|path, entry| {
            path.starts_with("workspace/specs/") && matches!(entry, Entry::File { .. })
        });
        tree.retain(|path, _| !GENERATED.iter().any(|generated| path.ends_with(generated)));
        tree
    };
    let before = inputs(&workspace);
    assert_eq!(before.len(), 13);
    assert_eq!(workspace.regen(&[]).code, Some(0));
    assert_eq!(inputs(&workspace), before);
}

#[test]
fn committed_files_are_up_to_date() {
    let workspace = Workspace::generated();
    for path in GENERATED {
        let committed =
            std::fs::read_to_string(format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR")))
                .unwrap();
        assert!(
            committed == workspace.read(path),
            "{path} is out of date; run `gallery regen`"
        );
    }
}

#[test]
fn verbose_lists_each_repair_and_assumption() {
    let workspace = Workspace::generated();
    let short = workspace.regen(&["--check"]).stdout;
    let long = workspace.regen(&["--check", "--verbose"]).stdout;
    let count = |prefix: &str| long.lines().filter(|line| line.starts_with(prefix)).count();
    assert!(short.lines().all(|line| long.contains(line)));
    assert_eq!(
        short
            .lines()
            .filter(|line| line.starts_with("repaired["))
            .count(),
        0
    );
    // Each endpoint has eight entries that are repaired. The report counts an endpoint once.
    assert_eq!((count("repaired["), count("assumed[")), (8 * 13, 8 * 24));
}

#[test]
fn finds_the_workspace_from_a_subdirectory() {
    let workspace = Workspace::generated();
    let output = workspace
        .command(&["regen", "--check"])
        .current_dir(workspace.path(CRATE))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn does_not_touch_other_crates_and_files() {
    let workspace = Workspace::generated();
    let own = [
        "README.md",
        "Cargo.toml",
        "crates/other/src/lib.rs",
        "crates/gallery-mattermost/NOTES.md",
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
fn client_option_does_not_touch_other_clients() {
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
          index      14 entries, 7 of them duplicates
          documents  8 with 56 operation entries: 7 endpoints, 49 duplicates, 0 dropped
          repaired   3 dangling-reference, 10 optional-path-parameter
          assumed    3 untyped-body, 14 untyped-parameter, 7 untyped-response
          names      7 given, 0 retired
          crate      crates/gallery-second
         missing  crates/gallery-second/CHANGELOG.md
         missing  crates/gallery-second/Cargo.toml
         missing  crates/gallery-second/README.md
         missing  crates/gallery-second/openapi.json
         missing  crates/gallery-second/src/generated.rs
         missing  crates/gallery-second/src/lib.rs
         missing  crates/gallery-second/src/mock.rs
         missing  crates/gallery-second/tests/adapters.rs
         missing  crates/gallery-second/tests/conformance.rs
         missing  specs/second/CHANGELOG.md
         missing  specs/second/names.toml
         missing  specs/second/openapi.json
         missing  specs/second/report.json
        13 files stale; run `gallery regen second`
    "#]]
    .assert_eq(&workspace.regen(&["--check", "second"]).shown());
    assert_eq!(workspace.regen(&["second"]).code, Some(0));
    // Scripts for earlier versions use an option.
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
fn copies_expected_failures_to_the_tests_of_the_client() {
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

#[test]
fn strict_rejects_values_without_a_type() {
    let workspace = Workspace::fresh();
    let overlay = r#"overlay: 1.0.0
info: { title: T, version: 1.0.0 }
actions:
  - target: $.paths['/teams/{team_id}/members'].get.responses['200'].content['application/json']
    update:
      schema:
        type: object
        properties:
          member:
            anyOf:
              - { type: object, properties: { id: { type: string } } }
              - { type: object, properties: { id: { type: string, format: uuid } } }
    x-reason: The listing has no type.
    x-source: the provider
"#;
    workspace.write(OVERLAY, overlay);
    let output = workspace.regen(&["--strict"]);
    assert_eq!(output.code, Some(100));
    expect![[r#"
        error[schema-untyped]: no JSON type, required property or tag tells the alternatives apart: using untyped JSON (`#/paths/~1teams~1{team_id}~1members/get/responses/200/content/application~1json/schema/properties/member`)
          --> specs/mattermost/overlay.yaml:4:5
        1 part not expressed; correct them in an overlay, or run without --strict; nothing was written
    "#]].assert_eq(&output.stderr);
    let generated = workspace.regen(&[]);
    assert_eq!(generated.code, Some(0), "{}", generated.stderr);
    let report: serde_json::Value =
        serde_json::from_str(&workspace.read("specs/mattermost/report.json")).unwrap();
    assert_eq!(report["client_reductions"][0]["code"], "schema-untyped");
    let again = workspace.regen(&["--check", "--strict"]);
    assert_eq!(again.code, Some(100), "{}", again.stdout);
}
