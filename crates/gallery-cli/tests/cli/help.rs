//! What the program says of itself.

use expect_test::{Expect, expect};

use crate::workspace::Workspace;

fn check(args: &[&str], shown: Expect) {
    let output = Workspace::empty().gallery(args);
    // Lines of white space alone are nobody's business.
    let lines: Vec<String> = output
        .shown()
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect();
    shown.assert_eq(&lines.concat());
}

#[test]
fn help_of_the_program() {
    check(
        &["--help"],
        expect![[r#"
            exit 0
            -- out --
            Generates typed, tested Rust clients for the APIs listed in api.gallery.

            Clients are listed in specs/gallery.toml. `search` finds a listing, `add` makes a client of it,
            `fetch` updates its files in specs/, and `regen` generates everything else from them.

            Exit status: 0 success, 2 wrong usage, 4 files are out of date, documents differ or mutants survive,
            75 upstream not reachable, 100 other errors.

            Usage: gallery [OPTIONS] <COMMAND>

            Commands:
              init         Make a workspace for client crates
              search       Find listings by the names of their providers and repositories
              list         List the repositories of the gallery: topics and organizations
              add          Make a client crate of a listing, or of several of one provider
              remove       Take a client out, with its snapshot and its crate
              fetch        Bring the snapshots in specs/ up to date
              regen        Make canonical documents, client crates and conformance tests from the snapshots in
                           specs/
              overlay      Check overlays, and draft them
              serve        Run a stand-in for a client's API, to try by hand
              drift        Say what upstream has changed, and what that means: over the wire, and for Rust code
                           that calls the clients
              diff         Say what differs between two documents, and what that means: over the wire, and for
                           Rust code that calls a client of them
              survey       Take every listing of a mirror through the whole pipeline, and say what becomes of
                           each
              mutants      Put one fault at a time into a client, and see whether its conformance tests notice
              completions  Print a completion script for a shell
              help         Print this message or the help of the given subcommand(s)

            Options:
              -h, --help
                      Print help (see a summary with '-h')

              -V, --version
                      Print version

            Global options:
              -q, --quiet
                      Print errors only. Commands that print a result, such as `list` and `diff`, still print it

              -v, --verbose
                      Print details, such as each repair and assumption with its location

                  --color <WHEN>
                      When to use colors; NO_COLOR in the environment turns them off

                      Possible values:
                      - auto:   On a terminal, unless NO_COLOR is set
                      - always: Always
                      - never:  Never

                      [default: auto]

            Examples:
              gallery search mattermost      find a listing
              gallery add mattermost         make a client crate of it
              gallery regen --fetch          update all clients
              gallery regen --check          exit 4 if generated files are out of date
              gallery drift                  compare the snapshots with upstream
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

            Reads specs/gallery.toml, gallery.lock and each client's listings; removes repeats, mends what is
            broken, and writes specs/CLIENT/openapi.json, report.json and names.toml, and the crate
            crates/CRATE. Works offline, but for `--fetch`. Writes only what changed, each file whole. Files of
            a client's src and tests that are not generated are removed, and so are approvals in
            specs/CLIENT/drift.toml of what is taken over.

            Usage: gallery regen [OPTIONS]

            Options:
                  --client <NAME>
                      Only this client of specs/gallery.toml

                  --check
                      Write nothing: say what is stale, and exit with 4 if anything is

                  --fetch
                      First bring the snapshots up to date, as `fetch` does; snapshots and what is made from
                      them change together or not at all

                  --pending
                      Pass over what people wrote and applies to nothing any more (actions of overlays,
                      choices), say what that is, and exit with 4 if there is anything: for taking over what
                      upstream has taken away

                  --mirror <DIR>
                      With --fetch: take the files from a mirror on disk, as `fetch` does

              -h, --help
                      Print help (see a summary with '-h')

            Global options:
              -q, --quiet
                      Print errors only. Commands that print a result, such as `list` and `diff`, still print it

              -v, --verbose
                      Print details, such as each repair and assumption with its location

                  --color <WHEN>
                      When to use colors; NO_COLOR in the environment turns them off

                      Possible values:
                      - auto:   On a terminal, unless NO_COLOR is set
                      - always: Always
                      - never:  Never

                      [default: auto]
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

            Downloads each client's listings (index and Swagger documents) from the gallery, or from the
            `source` of specs/gallery.toml, and writes its files and specs/gallery.lock. Asks for what is there
            only whether it has changed. Writes only what changed, and all of it or nothing. Run `regen`
            afterwards; `regen --fetch` does both.

            Usage: gallery fetch [OPTIONS]

            Options:
                  --client <NAME>
                      Only this client of specs/gallery.toml

                  --locked
                      Write nothing: say what is not as upstream has it, and exit with 4 if anything is not

                  --mirror <DIR>
                      Take the files from a mirror on disk, DIR/OWNER__REPOSITORY/_listings/PROVIDER/FILE;
                      GALLERY_MIRROR in the environment says the same

                  --timeout <SECONDS>
                      How long a server may be silent, in seconds [default: 20]

                  --retries <NUMBER>
                      How often a request is made again that failed and may not fail again [default: 3]

              -h, --help
                      Print help (see a summary with '-h')

            Global options:
              -q, --quiet
                      Print errors only. Commands that print a result, such as `list` and `diff`, still print it

              -v, --verbose
                      Print details, such as each repair and assumption with its location

                  --color <WHEN>
                      When to use colors; NO_COLOR in the environment turns them off

                      Possible values:
                      - auto:   On a terminal, unless NO_COLOR is set
                      - always: Always
                      - never:  Never

                      [default: auto]
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

        Usage: gallery regen --check

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

              tip: some similar subcommands exist: 'remove', 'regen'

            Usage: gallery [OPTIONS] <COMMAND>

            For more information, try '--help'.
        "#]],
    );
    check(
        &[],
        expect![[r#"
            exit 2
            -- err --
            Generates typed, tested Rust clients for the APIs listed in api.gallery

            Usage: gallery [OPTIONS] <COMMAND>

            Commands:
              init         Make a workspace for client crates
              search       Find listings by the names of their providers and repositories
              list         List the repositories of the gallery: topics and organizations
              add          Make a client crate of a listing, or of several of one provider
              remove       Take a client out, with its snapshot and its crate
              fetch        Bring the snapshots in specs/ up to date
              regen        Make canonical documents, client crates and conformance tests from the snapshots in
                           specs/
              overlay      Check overlays, and draft them
              serve        Run a stand-in for a client's API, to try by hand
              drift        Say what upstream has changed, and what that means: over the wire, and for Rust code
                           that calls the clients
              diff         Say what differs between two documents, and what that means: over the wire, and for
                           Rust code that calls a client of them
              survey       Take every listing of a mirror through the whole pipeline, and say what becomes of
                           each
              mutants      Put one fault at a time into a client, and see whether its conformance tests notice
              completions  Print a completion script for a shell
              help         Print this message or the help of the given subcommand(s)

            Options:
              -h, --help     Print help (see more with '--help')
              -V, --version  Print version

            Global options:
              -q, --quiet         Print errors only. Commands that print a result, such as `list` and `diff`,
                                  still print it
              -v, --verbose       Print details, such as each repair and assumption with its location
                  --color <WHEN>  When to use colors; NO_COLOR in the environment turns them off [default: auto]
                                  [possible values: auto, always, never]

            Examples:
              gallery search mattermost      find a listing
              gallery add mattermost         make a client crate of it
              gallery regen --fetch          update all clients
              gallery regen --check          exit 4 if generated files are out of date
              gallery drift                  compare the snapshots with upstream
        "#]],
    );
    // A mirror is nothing that regen could use.
    assert_eq!(Workspace::empty().regen(&["--mirror", "x"]).code, Some(2));
}

#[test]
fn help_of_overlay() {
    check(
        &["overlay", "--help"],
        expect![[r#"
            exit 0
            -- out --
            Check overlays, and draft them

            Usage: gallery overlay [OPTIONS] <COMMAND>

            Commands:
              check  Apply the overlay of each client, and show what each of its actions meets. Writes nothing
              draft  Print a skeleton of an overlay: an action for each place that says nothing yet, also with
                     the client's overlay applied
              help   Print this message or the help of the given subcommand(s)

            Options:
              -h, --help
                      Print help (see a summary with '-h')

            Global options:
              -q, --quiet
                      Print errors only. Commands that print a result, such as `list` and `diff`, still print it

              -v, --verbose
                      Print details, such as each repair and assumption with its location

                  --color <WHEN>
                      When to use colors; NO_COLOR in the environment turns them off

                      Possible values:
                      - auto:   On a terminal, unless NO_COLOR is set
                      - always: Always
                      - never:  Never

                      [default: auto]
        "#]],
    );
    check(
        &["overlay", "check", "--help"],
        expect![[r#"
            exit 0
            -- out --
            Apply the overlay of each client, and show what each of its actions meets. Writes nothing

            Exit status: 0 fine, 100 an overlay is wrong or an action of it matches nothing.

            Usage: gallery overlay check [OPTIONS]

            Options:
                  --client <NAME>
                      Only this client

              -h, --help
                      Print help (see a summary with '-h')

            Global options:
              -q, --quiet
                      Print errors only. Commands that print a result, such as `list` and `diff`, still print it

              -v, --verbose
                      Print details, such as each repair and assumption with its location

                  --color <WHEN>
                      When to use colors; NO_COLOR in the environment turns them off

                      Possible values:
                      - auto:   On a terminal, unless NO_COLOR is set
                      - always: Always
                      - never:  Never

                      [default: auto]
        "#]],
    );
    check(
        &["overlay", "draft", "--help"],
        expect![[r#"
            exit 0
            -- out --
            Print a skeleton of an overlay: an action for each place that says nothing yet, also with the
            client's overlay applied

            Usage: gallery overlay draft [OPTIONS] <CLIENT>

            Arguments:
              <CLIENT>
                      The client, as specs/gallery.toml names it

            Options:
              -h, --help
                      Print help (see a summary with '-h')

            Global options:
              -q, --quiet
                      Print errors only. Commands that print a result, such as `list` and `diff`, still print it

              -v, --verbose
                      Print details, such as each repair and assumption with its location

                  --color <WHEN>
                      When to use colors; NO_COLOR in the environment turns them off

                      Possible values:
                      - auto:   On a terminal, unless NO_COLOR is set
                      - always: Always
                      - never:  Never

                      [default: auto]
        "#]],
    );
}

#[test]
fn help_of_serve() {
    check(
        &["serve", "--help"],
        expect![[r#"
            exit 0
            -- out --
            Run a stand-in for a client's API, to try by hand

            Answers the operations of specs/CLIENT/openapi.json on a loopback port, as the document has them,
            and says for each request what the document does not allow in it. Ends on Ctrl-C.

            Usage: gallery serve [OPTIONS] [CLIENT]

            Arguments:
              [CLIENT]
                      The client, as specs/gallery.toml names it; needed where there are several

            Options:
                  --port <NUMBER>
                      The port to listen on, instead of any that is free

              -h, --help
                      Print help (see a summary with '-h')

            Global options:
              -q, --quiet
                      Print errors only. Commands that print a result, such as `list` and `diff`, still print it

              -v, --verbose
                      Print details, such as each repair and assumption with its location

                  --color <WHEN>
                      When to use colors; NO_COLOR in the environment turns them off

                      Possible values:
                      - auto:   On a terminal, unless NO_COLOR is set
                      - always: Always
                      - never:  Never

                      [default: auto]
        "#]],
    );
}

#[test]
fn help_fits_a_terminal() {
    for args in [
        &["--help"][..],
        &["serve", "--help"],
        &["regen", "--help"],
        &["fetch", "--help"],
        &["overlay", "--help"],
        &["overlay", "check", "--help"],
    ] {
        let help = Workspace::empty().gallery(args).stdout;
        assert!(
            help.lines().all(|line| line.chars().count() <= 100),
            "{help}"
        );
    }
}

#[test]
fn help_of_drift() {
    check(
        &["drift", "--help"],
        expect![[r#"
            exit 0
            -- out --
            Say what upstream has changed, and what that means: over the wire, and for Rust code that calls the
            clients

            Compares the document of each client's snapshot with that of upstream, both under the client's
            names, choices and overlay. Writes nothing. What of an overlay applies to nothing upstream is a
            difference with its place. docs/drift-rules.md has the kinds of differences; `[drift.severity]` of
            specs/gallery.toml gives them another weight, specs/CLIENT/drift.toml lets single ones pass.

            Exit status: 0 nothing that fails, 4 a difference at or above --fail-on, 75 upstream not reachable,
            100 failed.

            Usage: gallery drift [OPTIONS]
                   gallery drift <COMMAND>

            Commands:
              approve  Let a difference pass, with a reason: writes it into specs/CLIENT/drift.toml
              help     Print this message or the help of the given subcommand(s)

            Options:
                  --client <NAME>
                      Only this client of specs/gallery.toml

                  --against <upstream|DIR|git:REV>
                      `upstream`, the folder of a mirror or of a listing, or `git:REV`: then nothing is asked,
                      and what is here is compared with what the revision has

                      [default: upstream]

                  --today <DATE>
                      The day by which approvals are judged [default: today, in UTC]

                  --mirror <DIR>
                      Take the files from a mirror on disk, DIR/OWNER__REPOSITORY/_listings/PROVIDER/FILE;
                      GALLERY_MIRROR in the environment says the same

                  --timeout <SECONDS>
                      How long a server may be silent, in seconds [default: 20]

                  --retries <NUMBER>
                      How often a request is made again that failed and may not fail again [default: 3]

                  --format <FORMAT>
                      How it is written

                      Possible values:
                      - text:     For people, with colors on a terminal
                      - json:     All there is to say, as docs/drift.schema.json describes
                      - markdown: A pull request's body or a job's summary
                      - github:   Annotations of GitHub Actions, at files and lines
                      - sarif:    SARIF 2.1.0, for code scanning

                      [default: text]

                  --fail-on <FAIL_ON>
                      From which weight on a difference ends the run with 4. `wire`: a call that worked is
                      refused, or may be. `source`: that, or code that compiled does not. `docs`: that, or the
                      documentation reads otherwise

                      [default: source]
                      [possible values: wire, source, docs, any, never]

              -h, --help
                      Print help (see a summary with '-h')

            Global options:
              -q, --quiet
                      Print errors only. Commands that print a result, such as `list` and `diff`, still print it

              -v, --verbose
                      Print details, such as each repair and assumption with its location

                  --color <WHEN>
                      When to use colors; NO_COLOR in the environment turns them off

                      Possible values:
                      - auto:   On a terminal, unless NO_COLOR is set
                      - always: Always
                      - never:  Never

                      [default: auto]
        "#]],
    );
}

#[test]
fn help_of_drift_approve() {
    check(
        &["drift", "approve", "--help"],
        expect![[r#"
            exit 0
            -- out --
            Let a difference pass, with a reason: writes it into specs/CLIENT/drift.toml

            Compares again, so that only an existing difference can be approved. When `regen` applies the
            difference, it removes the approval. `drift` reports approvals that are no longer needed.

            Usage: gallery drift approve [OPTIONS] --reason <TEXT> <FINGERPRINT>

            Arguments:
              <FINGERPRINT>
                      Fingerprint of the difference, as printed by `drift`

            Options:
                  --reason <TEXT>
                      Why it may pass

                  --until <DATE>
                      The last day on which it may, YYYY-MM-DD

                  --client <NAME>
                      Only this client of specs/gallery.toml

                  --against <upstream|DIR|git:REV>
                      `upstream`, the folder of a mirror or of a listing, or `git:REV`: then nothing is asked,
                      and what is here is compared with what the revision has

                      [default: upstream]

                  --today <DATE>
                      The day by which approvals are judged [default: today, in UTC]

                  --mirror <DIR>
                      Take the files from a mirror on disk, DIR/OWNER__REPOSITORY/_listings/PROVIDER/FILE;
                      GALLERY_MIRROR in the environment says the same

                  --timeout <SECONDS>
                      How long a server may be silent, in seconds [default: 20]

                  --retries <NUMBER>
                      How often a request is made again that failed and may not fail again [default: 3]

              -h, --help
                      Print help (see a summary with '-h')

            Global options:
              -q, --quiet
                      Print errors only. Commands that print a result, such as `list` and `diff`, still print it

              -v, --verbose
                      Print details, such as each repair and assumption with its location

                  --color <WHEN>
                      When to use colors; NO_COLOR in the environment turns them off

                      Possible values:
                      - auto:   On a terminal, unless NO_COLOR is set
                      - always: Always
                      - never:  Never

                      [default: auto]
        "#]],
    );
}

#[test]
fn help_of_diff() {
    check(
        &["diff", "--help"],
        expect![[r#"
            exit 0
            -- out --
            Say what differs between two documents, and what that means: over the wire, and for Rust code that
            calls a client of them

            Each is a file of OpenAPI 3.0 in JSON or YAML or of Swagger 2.0, the folder of a listing, or one of
            these in a git revision: `git:REV:PATH`, or `git:REV` for the path of the other. Swagger 2.0 and
            listings are lifted to OpenAPI 3.0 first, and it is said what had to be repaired for that.

            Exit status: 0 nothing that fails, 4 a difference at or above --fail-on, 100 failed.

            Usage: gallery diff [OPTIONS] <BASE> <REVISION>

            Arguments:
              <BASE>
                      What was before

              <REVISION>
                      What is now

            Options:
                  --format <FORMAT>
                      How it is written

                      Possible values:
                      - text:     For people, with colors on a terminal
                      - json:     All there is to say, as docs/drift.schema.json describes
                      - markdown: A pull request's body or a job's summary
                      - github:   Annotations of GitHub Actions, at files and lines
                      - sarif:    SARIF 2.1.0, for code scanning

                      [default: text]

                  --fail-on <FAIL_ON>
                      From which weight on a difference ends the run with 4. `wire`: a call that worked is
                      refused, or may be. `source`: that, or code that compiled does not. `docs`: that, or the
                      documentation reads otherwise

                      [default: source]
                      [possible values: wire, source, docs, any, never]

              -h, --help
                      Print help (see a summary with '-h')

            Global options:
              -q, --quiet
                      Print errors only. Commands that print a result, such as `list` and `diff`, still print it

              -v, --verbose
                      Print details, such as each repair and assumption with its location

                  --color <WHEN>
                      When to use colors; NO_COLOR in the environment turns them off

                      Possible values:
                      - auto:   On a terminal, unless NO_COLOR is set
                      - always: Always
                      - never:  Never

                      [default: auto]
        "#]],
    );
}
