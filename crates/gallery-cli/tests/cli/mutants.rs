//! `gallery mutants`: the list of mutants and the error messages.
//!
//! The test that builds and runs mutants is ignored by default, since it compiles a client. The
//! scheduled workflow runs it.

use std::process::Command;

use expect_test::{Expect, expect};

use crate::workspace::Workspace;

/// Checks the output of `gallery mutants`, and that the command writes no file.
fn check(workspace: &Workspace, args: &[&str], expected: Expect) {
    let before = workspace.tree();
    expected.assert_eq(&workspace.gallery(&[&["mutants"], args].concat()).shown());
    assert_eq!(workspace.tree(), before);
}

#[test]
fn lists_the_mutants_of_a_client_with_their_locations() {
    check(
        &Workspace::generated(),
        &["--list", "--only", "query-renamed"],
        expect![[r#"
            exit 0
            -- out --
            query-renamed:get_channel_members:page
              crates/gallery-mattermost/src/generated.rs:1238: `page` is named `page_`
            query-renamed:get_channel_members:per_page
              crates/gallery-mattermost/src/generated.rs:1239: `per_page` is named `perPage`
            query-renamed:get_team_members:page
              crates/gallery-mattermost/src/generated.rs:1541: `page` is named `page_`
            query-renamed:get_team_members:per_page
              crates/gallery-mattermost/src/generated.rs:1542: `per_page` is named `perPage`
            4 mutants
            operators that match nothing in this client: own-server-lost, own-server-changed, style-changed, explode-changed, constant-changed, constant-dropped, header-renamed, header-dropped, headers-swapped, cookie-renamed, cookie-dropped, form-style-lost, body-null, status-narrowed, variant-renamed, variant-dropped, type-setter-crossed
        "#]],
    );
}

#[test]
fn json_output_has_the_diff_of_each_mutant() {
    check(
        &Workspace::generated(),
        &[
            "--list",
            "--only",
            "accept-dropped:get_team_member:",
            "--format",
            "json",
        ],
        expect![[r#"
            exit 0
            -- out --
            [
              {
                "diff": "-            request.accept(\"application/json\")?;\n",
                "file": "crates/gallery-mattermost/src/generated.rs",
                "id": "accept-dropped:get_team_member:application/json",
                "line": 1742,
                "operator": "accept-dropped",
                "subject": "get_team_member",
                "what": "`Accept` is missing"
              }
            ]
        "#]],
    );
}

#[test]
fn rejects_unknown_mutants_in_options_and_files() {
    let workspace = Workspace::generated();
    check(
        &workspace,
        &["--only", "no-such-fault"],
        expect![[r#"
            exit 100
            -- err --
            error: no mutant matches; `gallery mutants --list` lists all
        "#]],
    );
    workspace.write(
        "specs/mattermost/equivalent-mutants.toml",
        "[equivalent]\n\"query-renamed:gone:page\" = \"no visible effect\"\n",
    );
    check(
        &workspace,
        &["--list", "--only", "body-dropped"],
        expect![[r#"
            exit 100
            -- out --
            body-dropped:get_channel_members_by_ids:body
              crates/gallery-mattermost/src/generated.rs:1358: the body is missing
            body-dropped:get_team_members_by_ids:body
              crates/gallery-mattermost/src/generated.rs:1659: the body is missing
            body-dropped:update_team_member_roles:body
              crates/gallery-mattermost/src/generated.rs:1858: the body is missing
            3 mutants
            operators that match nothing in this client: own-server-lost, own-server-changed, style-changed, explode-changed, constant-changed, constant-dropped, header-renamed, header-dropped, headers-swapped, cookie-renamed, cookie-dropped, form-style-lost, body-null, status-narrowed, variant-renamed, variant-dropped, type-setter-crossed
            -- err --
            error: specs/mattermost/equivalent-mutants.toml:2: `query-renamed:gone:page`: there is no such mutant; remove the entry
        "#]],
    );
}

#[test]
fn rejects_a_missing_or_edited_client() {
    let workspace = Workspace::generated();
    check(
        &workspace,
        &["--client", "nobody", "--list"],
        expect![[r#"
        exit 100
        -- err --
        error: there is no client `nobody`; specs/gallery.toml has: mattermost
    "#]],
    );
    check(
        &workspace,
        &["--listing", "a/b/c"],
        expect![[r#"
            exit 100
            -- err --
            error: a/b/c requires a mirror: set its folder with --mirror or GALLERY_MIRROR
        "#]],
    );
    workspace.replace(
        "crates/gallery-mattermost/src/generated.rs",
        "pub struct Roles {",
        "pub struct  Roles {",
    );
    check(
        &workspace,
        &["--list"],
        expect![[r#"
            exit 100
            -- err --
            error: crates/gallery-mattermost/src/generated.rs: `pub struct Roles {` is not written the way the generator writes it
        "#]],
    );
    workspace.remove("crates/gallery-mattermost");
    check(
        &workspace,
        &[],
        expect![[r#"
        exit 100
        -- err --
        error: crates/gallery-mattermost; run `gallery regen`: No such file or directory (os error 2)
    "#]],
    );
}

#[test]
#[ignore = "it compiles a client"]
fn builds_and_tests_mutants_without_changing_the_checkout() {
    let checkout = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let run = |program: &str, args: &[&str]| {
        let output = Command::new(program)
            .args(args)
            .current_dir(checkout)
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    let before = run("git", &["status", "--porcelain"]);
    let mutants = [
        "query-renamed:get_team_members:page",
        "setter-silent:get_team_member:team_id",
    ];
    let (code, stdout) = run(
        env!("CARGO_BIN_EXE_gallery"),
        &[
            "mutants",
            "--verbose",
            "--only",
            mutants[0],
            "--only",
            mutants[1],
        ],
    );
    assert_eq!(code, Some(0), "{stdout}");
    for mutant in mutants {
        let operation = mutant.split(':').nth(1).unwrap();
        assert!(
            stdout.contains(&format!("{mutant}: check by {operation}::")),
            "{stdout}"
        );
    }
    assert_eq!(run("git", &["status", "--porcelain"]), before);
}
