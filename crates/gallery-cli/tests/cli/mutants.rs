//! `mutants`: which faults are put into a client, and what is said of them. That a fault is built and judged is shown by the tests that
//! are ignored here, since they compile a client; the scheduled workflow runs them.

use std::process::Command;

use expect_test::{Expect, expect};

use crate::workspace::Workspace;

fn check(workspace: &Workspace, args: &[&str], said: Expect) {
    let before = workspace.tree();
    said.assert_eq(&workspace.gallery(&[&["mutants"], args].concat()).shown());
    assert_eq!(workspace.tree(), before);
}

#[test]
fn the_mutants_of_a_client_are_listed_with_their_places() {
    check(
        &Workspace::generated(),
        &["--list", "--only", "query-renamed"],
        expect![[r#"
            exit 0
            -- out --
            query-renamed:get_channel_members:page
              crates/gallery-mattermost/src/generated.rs:1223: `page` is named `page_`
            query-renamed:get_channel_members:per_page
              crates/gallery-mattermost/src/generated.rs:1224: `per_page` is named `perPage`
            query-renamed:get_team_members:page
              crates/gallery-mattermost/src/generated.rs:1526: `page` is named `page_`
            query-renamed:get_team_members:per_page
              crates/gallery-mattermost/src/generated.rs:1527: `per_page` is named `perPage`
            4 mutants
            operators that match nothing in this client: own-server-lost, own-server-changed, style-changed, explode-changed, constant-changed, constant-dropped, header-renamed, header-dropped, headers-swapped, cookie-renamed, cookie-dropped, form-style-lost, body-null, status-narrowed, variant-renamed, variant-dropped, type-setter-crossed
        "#]],
    );
}

#[test]
fn for_programs_each_has_its_difference() {
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
                "line": 1722,
                "operator": "accept-dropped",
                "subject": "get_team_member",
                "what": "`Accept` is missing"
              }
            ]
        "#]],
    );
}

#[test]
fn a_mutant_that_does_not_exist_is_an_error_wherever_it_is_named() {
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
        "[equivalent]\n\"query-renamed:gone:page\" = \"nobody can tell\"\n",
    );
    check(
        &workspace,
        &["--list", "--only", "body-dropped"],
        expect![[r#"
            exit 100
            -- out --
            body-dropped:get_channel_members_by_ids:body
              crates/gallery-mattermost/src/generated.rs:1342: the body is missing
            body-dropped:get_team_members_by_ids:body
              crates/gallery-mattermost/src/generated.rs:1640: the body is missing
            body-dropped:update_team_member_roles:body
              crates/gallery-mattermost/src/generated.rs:1835: the body is missing
            3 mutants
            operators that match nothing in this client: own-server-lost, own-server-changed, style-changed, explode-changed, constant-changed, constant-dropped, header-renamed, header-dropped, headers-swapped, cookie-renamed, cookie-dropped, form-style-lost, body-null, status-narrowed, variant-renamed, variant-dropped, type-setter-crossed
            -- err --
            error: specs/mattermost/equivalent-mutants.toml:2: `query-renamed:gone:page`: there is no such mutant; remove the entry
        "#]],
    );
}

#[test]
fn a_client_must_be_there_and_as_it_was_generated() {
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
fn a_fault_is_built_and_judged_and_the_checkout_stays_as_it_is() {
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
    let (code, said) = run(
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
    assert_eq!(code, Some(0), "{said}");
    for mutant in mutants {
        let operation = mutant.split(':').nth(1).unwrap();
        assert!(
            said.contains(&format!("{mutant}: check by {operation}::")),
            "{said}"
        );
    }
    assert_eq!(run("git", &["status", "--porcelain"]), before);
}
