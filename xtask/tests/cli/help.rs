//! What the program says of itself.

use expect_test::{Expect, expect};

use crate::workspace::Workspace;

fn check(args: &[&str], shown: Expect) {
    let output = Workspace::empty().xtask(args);
    shown.assert_eq(&output.shown());
}

#[test]
fn help_of_the_program() {
    check(
        &["--help"],
        expect![[r#"
        exit 0
        -- out --
        Makes typed Rust clients of the HTTP APIs that api.gallery lists.

        Clients are listed in specs/gallery.toml. `fetch` brings the files of their listings into specs/,
        `regen` makes everything else from them.

        Exit status: 0 fine, 2 wrong usage, 4 something is stale, 75 upstream not reachable, 100 failed.

        Usage: cargo xtask <COMMAND>

        Commands:
          regen  Make canonical documents, client crates and conformance tests from the snapshots in specs/
          fetch  Bring the snapshots in specs/ up to date
          help   Print this message or the help of the given subcommand(s)

        Options:
          -h, --help
                  Print help (see a summary with '-h')

          -V, --version
                  Print version
    "#]],
    );
}

#[test]
fn help_of_regen() {
    check(
        &["regen", "--help"],
        expect![[r#"
        exit 0
        -- out --
        Make canonical documents, client crates and conformance tests from the snapshots in specs/

        Reads specs/gallery.toml, gallery.lock and each client's listing; removes repeats, mends what is
        broken, and writes specs/CLIENT/openapi.json, report.json and names.toml, and the crate
        crates/CRATE. Works offline. Writes only what changed, each file whole. Files of a client's src and
        tests that are not generated are removed.

        Usage: cargo xtask regen [OPTIONS]

        Options:
              --client <NAME>
                  Only this client of specs/gallery.toml

              --check
                  Write nothing: say what is stale, and exit with 4 if anything is

          -v, --verbose
                  Also say what was repaired, assumed and dropped, with its place

          -h, --help
                  Print help (see a summary with '-h')
    "#]],
    );
}

#[test]
fn help_of_fetch() {
    check(
        &["fetch", "--help"],
        expect![[r#"
        exit 0
        -- out --
        Bring the snapshots in specs/ up to date

        Downloads each client's listing (index and Swagger documents) from the gallery, or from the `source`
        of specs/gallery.toml, and writes its files and specs/gallery.lock. Writes only what changed. Run
        `cargo xtask regen` afterwards.

        Usage: cargo xtask fetch [OPTIONS]

        Options:
              --client <NAME>
                  Only this client of specs/gallery.toml

              --mirror <DIR>
                  Take the files from a mirror on disk: DIR/OWNER__REPOSITORY/_listings/PROVIDER/FILE

          -h, --help
                  Print help (see a summary with '-h')
    "#]],
    );
}

#[test]
fn wrong_usage_ends_with_2() {
    check(
        &["regen", "--chekc"],
        expect![[r#"
        exit 2
        -- err --
        error: unexpected argument '--chekc' found

          tip: a similar argument exists: '--check'

        Usage: cargo xtask regen --check

        For more information, try '--help'.
    "#]],
    );
    check(
        &["regen", "--client"],
        expect![[r#"
        exit 2
        -- err --
        error: a value is required for '--client <NAME>' but none was supplied

        For more information, try '--help'.
    "#]],
    );
    check(
        &["regne"],
        expect![[r#"
        exit 2
        -- err --
        error: unrecognized subcommand 'regne'

          tip: a similar subcommand exists: 'regen'

        Usage: cargo xtask <COMMAND>

        For more information, try '--help'.
    "#]],
    );
    check(
        &[],
        expect![[r#"
        exit 2
        -- err --
        Makes typed Rust clients of the HTTP APIs that api.gallery lists

        Usage: cargo xtask <COMMAND>

        Commands:
          regen  Make canonical documents, client crates and conformance tests from the snapshots in specs/
          fetch  Bring the snapshots in specs/ up to date
          help   Print this message or the help of the given subcommand(s)

        Options:
          -h, --help     Print help (see more with '--help')
          -V, --version  Print version
    "#]],
    );
    // A mirror is nothing that regen could use.
    assert_eq!(Workspace::empty().regen(&["--mirror", "x"]).code, Some(2));
}

#[test]
fn help_fits_a_terminal() {
    for args in [&["--help"][..], &["regen", "--help"], &["fetch", "--help"]] {
        let help = Workspace::empty().xtask(args).stdout;
        assert!(help.lines().all(|line| line.chars().count() <= 100), "{help}");
    }
}
