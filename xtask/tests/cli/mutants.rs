//! `mutants`: which faults are put into a client, and what is said of them. That a fault is built and judged is shown by the tests that
//! are ignored here, since they compile a client; the scheduled workflow runs them.

use std::process::Command;

use expect_test::{Expect, expect};

use crate::workspace::Workspace;

fn check(workspace: &Workspace, args: &[&str], said: Expect) {
    let before = workspace.tree();
    said.assert_eq(&workspace.xtask(&[&["mutants"], args].concat()).shown());
    assert_eq!(workspace.tree(), before);
}

#[test]
fn the_mutants_of_a_client_are_listed_with_their_places() {
    check(&Workspace::generated(), &["--list", "--only", "query-renamed"], expect![[r#""#]]);
}

#[test]
fn for_programs_each_has_its_difference() {
    check(
        &Workspace::generated(),
        &["--list", "--only", "accept-dropped:get_team_member:", "--format", "json"],
        expect![[r#""#]],
    );
}

#[test]
fn a_mutant_that_does_not_exist_is_an_error_wherever_it_is_named() {
    let workspace = Workspace::generated();
    check(&workspace, &["--only", "no-such-fault"], expect![[r#""#]]);
    workspace
        .write("specs/mattermost/equivalent-mutants.toml", "[equivalent]\n\"query-renamed:gone:page\" = \"nobody can tell\"\n");
    check(&workspace, &["--list", "--only", "body-dropped"], expect![[r#""#]]);
}

#[test]
fn a_client_must_be_there_and_as_it_was_generated() {
    let workspace = Workspace::generated();
    check(&workspace, &["--client", "nobody", "--list"], expect![[r#""#]]);
    check(&workspace, &["--listing", "a/b/c"], expect![[r#""#]]);
    workspace.replace(
        "crates/gallery-mattermost/src/generated.rs",
        "request.literal(\"/teams/\");",
        "request.literal( \"/teams/\" );",
    );
    check(&workspace, &["--list"], expect![[r#""#]]);
    workspace.remove("crates/gallery-mattermost");
    let said = workspace.xtask(&["mutants"]);
    assert!(said.code == Some(100) && said.stderr.contains("crates/gallery-mattermost"), "{}", said.shown());
}

#[test]
#[ignore = "it compiles a client"]
fn a_fault_is_built_and_judged_and_the_checkout_stays_as_it_is() {
    let checkout = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let run = |program: &str, args: &[&str]| {
        let output = Command::new(program).args(args).current_dir(checkout).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let before = run("git", &["status", "--porcelain"]);
    let mutants = ["query-renamed:get_team_members:page", "setter-silent:get_team_member:team_id"];
    let (code, said) = run(env!("CARGO_BIN_EXE_xtask"), &["mutants", "--verbose", "--only", mutants[0], "--only", mutants[1]]);
    assert_eq!(code, Some(0), "{said}");
    for mutant in mutants {
        let operation = mutant.split(':').nth(1).unwrap();
        assert!(said.contains(&format!("{mutant}: check by {operation}::")), "{said}");
    }
    assert_eq!(run("git", &["status", "--porcelain"]), before);
}
