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
        &["--list", "--only", "parameter-renamed"],
        expect![[r#"
            exit 0
            -- out --
            parameter-renamed:get_channel_members:page
              crates/gallery-mattermost/src/generated.rs:341: `page` is named `page_`
            parameter-renamed:get_channel_members:per_page
              crates/gallery-mattermost/src/generated.rs:342: `per_page` is named `perPage`
            parameter-renamed:get_team_members:page
              crates/gallery-mattermost/src/generated.rs:370: `page` is named `page_`
            parameter-renamed:get_team_members:per_page
              crates/gallery-mattermost/src/generated.rs:371: `per_page` is named `perPage`
            4 mutants
            operators that match nothing in this client: own-server-lost, own-server-changed, headers-swapped, style-changed, explode-changed, constant-changed, constant-dropped, events-changed, body-null, form-style-lost, status-narrowed, empty-dropped, text-dropped, pages-part-renamed, deprecated-dropped, format-changed, null-lost, part-renamed, part-dropped, variant-renamed, variant-dropped, variants-swapped, closest-ignored, tag-renamed, tag-value-changed, tag-value-dropped, tags-swapped, tag-not-written, tag-written-twice, statuses-swapped, content-changed, variant-unreachable, range-narrowed, range-widened
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
                "diff": "-            .accept(\"application/json\")\n",
                "file": "crates/gallery-mattermost/src/generated.rs",
                "id": "accept-dropped:get_team_member:accept",
                "line": 393,
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
        "[equivalent]\n\"parameter-renamed:gone:page\" = \"no visible effect\"\n",
    );
    check(
        &workspace,
        &["--list", "--only", "body-dropped"],
        expect![[r#"
            exit 100
            -- out --
            body-dropped:get_channel_members_by_ids:body
              crates/gallery-mattermost/src/generated.rs:120: the body is missing
            body-dropped:get_team_members_by_ids:body
              crates/gallery-mattermost/src/generated.rs:234: the body is missing
            body-dropped:update_team_member_roles:body
              crates/gallery-mattermost/src/generated.rs:318: the body is missing
            3 mutants
            operators that match nothing in this client: own-server-lost, own-server-changed, headers-swapped, style-changed, explode-changed, constant-changed, constant-dropped, events-changed, body-null, form-style-lost, status-narrowed, empty-dropped, text-dropped, pages-part-renamed, deprecated-dropped, format-changed, null-lost, part-renamed, part-dropped, variant-renamed, variant-dropped, variants-swapped, closest-ignored, tag-renamed, tag-value-changed, tag-value-dropped, tags-swapped, tag-not-written, tag-written-twice, statuses-swapped, content-changed, variant-unreachable, range-narrowed, range-widened
            -- err --
            error: specs/mattermost/equivalent-mutants.toml:2: `parameter-renamed:gone:page`: there is no such mutant; remove the entry
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
        "pub struct {",
    );
    check(
        &workspace,
        &["--list"],
        expect![[r#"
            exit 100
            -- err --
            error: crates/gallery-mattermost/src/generated.rs: cannot parse the client's code: expected identifier
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

/// Source of a runtime with some mutants.
const RUNTIME: &str = "\
pub fn is_allowed(attempt: u32, is_safe: bool) -> bool {
    is_safe && attempt < 3
}
";

#[test]
fn lists_the_mutants_of_the_runtime_with_their_locations() {
    let workspace = Workspace::generated();
    check(
        &workspace,
        &["--runtime", "--list"],
        expect![[r#"
        exit 100
        -- err --
        error: crates/gallery-runtime is missing; `--runtime` works only in the workspace of the runtime
    "#]],
    );
    workspace.write("crates/gallery-runtime/src/retry.rs", RUNTIME);
    workspace.write(
        "crates/gallery-runtime/src/retry/tests.rs",
        "fn not_mutated() {}\n",
    );
    check(
        &workspace,
        &["--runtime", "--list", "--only", "is_allowed"],
        expect![[r#"
            exit 0
            -- out --
            return-replaced:is_allowed:retry
              crates/gallery-runtime/src/retry.rs:1:8: `is_allowed` returns `true`
            return-replaced:is_allowed:retry#2
              crates/gallery-runtime/src/retry.rs:1:8: `is_allowed` returns `false`
            condition-negated:is_allowed:retry
              crates/gallery-runtime/src/retry.rs:2:5: `is_safe` is negated
            and-or-swapped:is_allowed:retry
              crates/gallery-runtime/src/retry.rs:2:13: `&&` is `||`
            comparison-changed:is_allowed:retry
              crates/gallery-runtime/src/retry.rs:2:24: `<` is `<=`
            integer-incremented:is_allowed:retry
              crates/gallery-runtime/src/retry.rs:2:26: `3` is `4`
            6 mutants
        "#]],
    );
    check(
        &workspace,
        &["--runtime", "--list", "--sample", "1", "--format", "json"],
        expect![[r#"
            exit 0
            -- out --
            [
              {
                "column": 5,
                "file": "crates/gallery-runtime/src/retry.rs",
                "id": "condition-negated:is_allowed:retry",
                "line": 2,
                "operator": "condition-negated",
                "what": "`is_safe` is negated"
              }
            ]
        "#]],
    );
    check(
        &workspace,
        &["--runtime", "--only", "no-such-fault"],
        expect![[r#"
            exit 100
            -- err --
            error: no mutant matches; `gallery mutants --runtime --list` lists all
        "#]],
    );
    workspace.write(
        "crates/gallery-runtime/src/retry.rs",
        "pub fn is_allowed() {\n    ?\n}\n",
    );
    check(
        &workspace,
        &["--runtime"],
        expect![[r#"
        exit 100
        -- err --
        error: crates/gallery-runtime/src/retry.rs:2:5: cannot parse the code: expected an expression
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
        "parameter-renamed:get_team_members:page",
        "argument-silent:get_team_member:team_id",
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

/// A runtime with mutants that do not compile: a number that is too large, and a variable without
/// a value.
const SMALL_RUNTIME: &str = "\
pub fn is_allowed(attempt: u32) -> bool {
    attempt < 3
}
pub fn most() -> u8 {
    let most;
    most = 255;
    most
}
pub fn unused() -> Option<u8> {
    None
}
";

/// A workspace with a runtime and a client that have no dependencies.
fn small_workspace() -> Workspace {
    let workspace = Workspace::generated();
    let manifest = |name: &str, rest: &str| {
        format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n\n{rest}")
    };
    workspace.write(
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n",
    );
    workspace.write("Cargo.lock", "version = 4\n");
    let runtime = "crates/gallery-runtime";
    workspace.write(
        &format!("{runtime}/Cargo.toml"),
        manifest("gallery-runtime", ""),
    );
    workspace.write(&format!("{runtime}/src/lib.rs"), SMALL_RUNTIME);
    for name in ["gallery-derive", "gallery-testkit"] {
        workspace.write(&format!("crates/{name}/Cargo.toml"), manifest(name, ""));
        workspace.write(&format!("crates/{name}/src/lib.rs"), "");
    }
    let client = "crates/gallery-mattermost";
    workspace.remove(client);
    let dependencies = "[dependencies]\ngallery-runtime.path = \"../gallery-runtime\"\n";
    workspace.write(
        &format!("{client}/Cargo.toml"),
        manifest("client", dependencies),
    );
    workspace.write(&format!("{client}/src/lib.rs"), "");
    workspace.write(&format!("{client}/src/generated.rs"), "");
    let tests = "\
#[test]
fn limits() {
    assert!(gallery_runtime::is_allowed(1) && !gallery_runtime::is_allowed(9));
    assert_ne!(gallery_runtime::most(), 0);
}
";
    workspace.write(&format!("{client}/tests/conformance.rs"), tests);
    workspace
}

#[test]
fn builds_and_tests_mutants_of_the_runtime() {
    let workspace = small_workspace();
    let sources = || {
        let mut contents = workspace.contents();
        contents.retain(|path, _| !path.contains("target/"));
        contents
    };
    let before = sources();
    let output = workspace.gallery(&["mutants", "--runtime", "--verbose"]);
    // The last part has the duration.
    let (report, _) = output.stdout.rsplit_once("; ").unwrap_or_default();
    expect![[r#"
        OPERATOR             MUTANTS  KILLED  NOT REACHED  COMPILER  SURVIVED
        comparison-changed   1        0       0            0         1
        integer-incremented  2        0       0            1         1
        statement-dropped    1        0       0            1         0
        return-replaced      4        3       1            0         0
        total                8        3       1            2         2

        return-replaced:is_allowed:lib: check by limits
        return-replaced:is_allowed:lib#2: check by limits
        comparison-changed:is_allowed:lib: survived
        integer-incremented:is_allowed:lib: survived
        return-replaced:most:lib: check by limits
        statement-dropped:most:lib: compiler by E0381
        integer-incremented:most:lib: compiler by overflowing_literals
        return-replaced:unused:lib: not reached

        survived: comparison-changed:is_allowed:lib
          crates/gallery-runtime/src/lib.rs:2:13: `<` is `<=`

        survived: integer-incremented:is_allowed:lib
          crates/gallery-runtime/src/lib.rs:2:15: `3` is `4`

        8 mutants: tests killed 3 of 5; 1 not reached, 2 did not compile, 2 survived
    "#]]
    .assert_eq(&format!("{report}\n"));
    let baseline = "unmodified client: 1 tests pass and reach 5 mutants";
    assert!(output.stderr.contains(baseline), "{}", output.stderr);
    assert_eq!(output.code, Some(4));
    assert_eq!(sources(), before);
}
