//! The `--help` texts and the messages for incorrect usage.

use expect_test::{Expect, expect};

use crate::workspace::Workspace;

fn check(args: &[&str], expected: Expect) {
    let output = Workspace::empty().gallery(args);
    // Ignore white space at the end of lines.
    let lines: Vec<String> = output
        .shown()
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect();
    expected.assert_eq(&lines.concat());
}

#[test]
fn help_of_the_program() {
    check(
        &["--help"],
        expect![[r#"
            exit 0
            -- out --
            Generates typed, tested Rust clients for the APIs listed in api.gallery.

            Clients are listed in specs/gallery.toml. `search` finds a listing, `add` generates a client from
            it, `fetch` updates its files in specs/, and `regen` generates everything else from them.

            Exit status: 0 success, 2 wrong usage, 4 files are out of date, documents differ or mutants survive,
            75 upstream not reachable, 100 other errors.

            Usage: gallery [OPTIONS] <COMMAND>

            Commands:
              init         Create a workspace for client crates
              search       Find APIs by the names and descriptions of their providers
              list         List the repositories of the gallery: topics and organizations
              add          Generate a client crate from an API of the gallery, an index, or OpenAPI documents
              remove       Remove a client, with its snapshot and its crate
              fetch        Update the snapshots in specs/
              regen        Generate canonical documents, client crates and conformance tests from the snapshots
                           in specs/
              overlay      Check, draft and apply overlays
              report       Print a web page for reviewers of a client's source
              serve        Run a mock server for a client's API
              call         Call an operation of a client's API
              drift        Compare the snapshots with upstream, and report the effect of each difference
              diff         Compare two documents, and report the effect of each difference
              changelog    Add an entry to the changelog of a client, and set its version
              survey       Run the pipeline on every listing or index of a mirror, and report the result
              mutants      Check that the conformance tests of a client find faults (mutation testing)
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
            Generate canonical documents, client crates and conformance tests from the snapshots in specs/

            Reads specs/gallery.toml, gallery.lock and each client's listings. Merges duplicates, repairs known
            defects, and writes specs/CLIENT/openapi.json, report.json and names.toml, and the crate
            crates/CRATE. Works offline, unless --fetch is given. Writes only files that changed, and all of
            them or none. Files in a client's src and tests that are not generated are removed, and so are
            approvals in specs/CLIENT/drift.toml of differences that are now applied.

            Usage: gallery regen [OPTIONS] [CLIENT]

            Arguments:
              [CLIENT]
                      Only this client of specs/gallery.toml

            Options:
                  --check
                      Write nothing; list the files that are out of date, and exit 4 if there are any

                  --fetch
                      Update the snapshots first, as `fetch` does. Snapshots and generated files change together
                      or not at all

                  --pending
                      Ignore overlay actions and choices that no longer match anything. Lists them, and exits 4
                      if there are any. Use it to update from upstream first and fix the overlay later

                  --strict
                      Fail if a client does not express a part of its document: a dropped operation, a removed
                      parameter, or a value without a type. Lists the parts, and writes nothing

                  --mirror <DIR>
                      With --fetch: read the files from a mirror on disk, as `fetch` does

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
            Update the snapshots in specs/

            Downloads the index and the Swagger documents of each client's listings from the gallery, or from
            the `source` in specs/gallery.toml, and updates specs/gallery.lock. Existing files are requested
            conditionally. Only changed files are written; if a download fails, none is. Run `regen` afterwards,
            or use `regen --fetch`, which does both.

            Usage: gallery fetch [OPTIONS] [CLIENT]

            Arguments:
              [CLIENT]
                      Only this client of specs/gallery.toml

            Options:
                  --locked
                      List files that differ from upstream without writing them; exit 4 if there are any

                  --mirror <DIR>
                      Read files from a mirror on disk [env: GALLERY_MIRROR]

                      The layout is DIR/OWNER__REPOSITORY/_listings/PROVIDER/FILE for listings, and
                      DIR/api-evangelist__PROVIDER/apis.yml for providers of APIs.io.

                  --timeout <SECONDS>
                      Seconds without received data after which a request fails [default: 20]

                  --retries <NUMBER>
                      Number of retries after a transient failure [default: 3]

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
fn incorrect_usage_exits_2() {
    check(
        &["regen", "--chekc"],
        expect![[r#"
            exit 2
            -- err --
            error: unexpected argument '--chekc' found

              tip: a similar argument exists: '--check'

            Usage: gallery regen --check [CLIENT]

            For more information, try '--help'.
        "#]],
    );
    check(
        &["regen", "--client"],
        expect![[r#"
            exit 2
            -- err --
            error: a value is required for '--client <CLIENT>' but none was supplied

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
              init         Create a workspace for client crates
              search       Find APIs by the names and descriptions of their providers
              list         List the repositories of the gallery: topics and organizations
              add          Generate a client crate from an API of the gallery, an index, or OpenAPI documents
              remove       Remove a client, with its snapshot and its crate
              fetch        Update the snapshots in specs/
              regen        Generate canonical documents, client crates and conformance tests from the snapshots
                           in specs/
              overlay      Check, draft and apply overlays
              report       Print a web page for reviewers of a client's source
              serve        Run a mock server for a client's API
              call         Call an operation of a client's API
              drift        Compare the snapshots with upstream, and report the effect of each difference
              diff         Compare two documents, and report the effect of each difference
              changelog    Add an entry to the changelog of a client, and set its version
              survey       Run the pipeline on every listing or index of a mirror, and report the result
              mutants      Check that the conformance tests of a client find faults (mutation testing)
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
    // `regen` has no option `--mirror`.
    assert_eq!(Workspace::empty().regen(&["--mirror", "x"]).code, Some(2));
}

#[test]
fn help_of_overlay() {
    check(
        &["overlay", "--help"],
        expect![[r#"
            exit 0
            -- out --
            Check, draft and apply overlays

            Usage: gallery overlay [OPTIONS] <COMMAND>

            Commands:
              check  Apply the overlay of each client, and print the number of matches of each action
              draft  Print a draft of an overlay
              apply  Apply an overlay to any document, and print the result
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
            Apply the overlay of each client, and print the number of matches of each action

            Checks the resulting document completely. Writes no files.

            Exit status: 0 success, 100 an overlay is invalid or an action matches nothing.

            Usage: gallery overlay check [OPTIONS] [CLIENT]

            Arguments:
              [CLIENT]
                      Only this client of specs/gallery.toml

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
        &["overlay", "draft", "--help"],
        expect![[r#"
            exit 0
            -- out --
            Print a draft of an overlay

            The draft contains an action for each part of the document that lacks information. With
            --types-from, the information comes from another document. Operations match by method and path;
            those without a match are listed at the end.

            Usage: gallery overlay draft [OPTIONS] <CLIENT>

            Arguments:
              <CLIENT>
                      Name of the client in specs/gallery.toml

            Options:
                  --types-from <DOCUMENT>
                      Use the types of this OpenAPI document, 2.0 to 3.2: a path or a URL

                  --timeout <SECONDS>
                      Seconds without received data after which a request fails [default: 20]

                  --retries <NUMBER>
                      Number of retries after a transient failure [default: 3]

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
fn help_of_report() {
    check(
        &["report", "--help"],
        expect![[r#"
        exit 0
        -- out --
        Print a web page for reviewers of a client's source

        Shows the copies that conflict, side by side, with the rule that decided; everything that was
        repaired, assumed, dropped or removed; the parts that allow any JSON; what the overlay changes; and
        every endpoint with the files that describe it. Runs the pipeline in memory, and needs no network.
        The page is one file that loads nothing. Writes nothing to specs/ and crates/.

        Exit status: 0 success, 100 the client has errors or the page cannot be written.

        Usage: gallery report [OPTIONS] [CLIENT]

        Arguments:
          [CLIENT]
                  Name of the client in specs/gallery.toml; optional if there is only one

        Options:
              --out <FILE>
                  File for the page, which may be replaced if an earlier run wrote it [default: standard
                  output]

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
fn help_of_call() {
    check(
        &["call", "--help"],
        expect![[r#"
            exit 0
            -- out --
            Call an operation of a client's API

            Sends the request that the generated client would send, and prints the body of the response. Without
            OPERATION, lists the operations. Credentials are read from the environment: GALLERY_TOKEN,
            GALLERY_USER and GALLERY_PASSWORD, and GALLERY_API_KEY.

            Exit status: 0 success, 75 no response, 100 a status of 4xx or 5xx, and other errors.

            Usage: gallery call [OPTIONS] <CLIENT> [OPERATION] [--NAME VALUE]...

            Arguments:
              <CLIENT>
                      Name of the client in specs/gallery.toml

              [OPERATION]
                      ID of the operation

              [--NAME VALUE]...
                      Arguments of the operation: --NAME VALUE for each parameter, and --body with JSON, @FILE,
                      or - for standard input. Repeat --NAME for each item of a list

            Options:
                  --base-url <URL>
                      Base URL of the API [default: the URL of the document]

                  --table
                      Print a list of objects as a table

                  --arguments
                      List the arguments of OPERATION instead of calling it

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
            Run a mock server for a client's API

            Serves the operations of specs/CLIENT/openapi.json on a loopback port, with responses generated from
            the document. Prints each request and how it violates the document. Stops on Ctrl-C.

            Usage: gallery serve [OPTIONS] [CLIENT]

            Arguments:
              [CLIENT]
                      Name of the client in specs/gallery.toml; optional if there is only one

            Options:
                  --port <NUMBER>
                      Port to listen on [default: any free port]

                  --lenient
                      Also respond to requests that violate the document or lack credentials

                  --record <URL>
                      Forward all requests to the API at this URL, and record its responses without secrets

                  --recording <FILE>
                      File with recorded responses: written at Ctrl-C with --record, otherwise replayed

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
fn help_of_mutants() {
    check(
        &["mutants", "--help"],
        expect![[r#"
        exit 0
        -- out --
        Check that the conformance tests of a client find faults (mutation testing)

        A mutant is the client's generated code with one fault, such as a query parameter with a wrong name.
        It is killed if it does not compile or if one of the client's conformance tests fails. A mutant that
        survives shows a missing check. specs/CLIENT/equivalent-mutants.toml lists mutants that no test can
        distinguish from the client, each with its reason.

        With --runtime, a mutant is crates/gallery-runtime with one fault, such as a negated condition. A
        mutant that survives shows a missing check, or code that only its unit tests can check.

        Works in the target folder; specs/ and crates/ are only read. Exits 4 if a mutant survives.

        Usage: gallery mutants [OPTIONS] [CLIENT]

        Arguments:
          [CLIENT]
                  Only this client of specs/gallery.toml

        Options:
              --listing <LISTING>
                  Use the client of this listing of a mirror instead, OWNER/REPOSITORY/PROVIDER

              --mirror <DIR>
                  Folder of the mirror. The environment variable GALLERY_MIRROR has the same effect

              --runtime
                  Mutate crates/gallery-runtime instead of the client's code

              --sample <NUMBER>
                  Number of mutants to test, sampled evenly from all operators

              --seed <NUMBER>
                  Seed of the sample

                  [default: 0]

              --only <TEXT>
                  Only mutants whose id contains this text; may be given several times

              --list
                  List the mutants without compiling them

              --format <FORMAT>
                  Output format

                  Possible values:
                  - text: A table
                  - json: JSON

                  [default: text]

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
        &["report", "--help"],
        &["regen", "--help"],
        &["fetch", "--help"],
        &["overlay", "--help"],
        &["overlay", "check", "--help"],
        &["overlay", "apply", "--help"],
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
            Compare the snapshots with upstream, and report the effect of each difference

            Builds two documents for each client, from the snapshot and from upstream, and compares them. Both
            use the client's names, choices and overlay. Overlay actions that match nothing upstream are
            reported as well. No files are written. docs/drift-rules.md lists the kinds of differences.
            `[drift.severity]` in specs/gallery.toml sets their severity, and specs/CLIENT/drift.toml contains
            approved differences.

            Exit status: 0 success, 4 a difference at or above --fail-on, 75 upstream not reachable, 100 other
            errors.

            Usage: gallery drift [OPTIONS] [CLIENT]
                   gallery drift <COMMAND>

            Commands:
              approve  Approve a difference, with a reason, in specs/CLIENT/drift.toml
              help     Print this message or the help of the given subcommand(s)

            Arguments:
              [CLIENT]
                      Only this client of specs/gallery.toml

            Options:
                  --against <upstream|DIR|git:REV>
                      Compare with `upstream`, with a directory that contains a mirror or a listing, or with
                      `git:REV`. A revision is the older side, and needs no network access

                      [default: upstream]

                  --today <DATE>
                      The date for checking approvals and sunsets [default: today, in UTC]

                  --mirror <DIR>
                      Read files from a mirror on disk [env: GALLERY_MIRROR]

                      The layout is DIR/OWNER__REPOSITORY/_listings/PROVIDER/FILE for listings, and
                      DIR/api-evangelist__PROVIDER/apis.yml for providers of APIs.io.

                  --timeout <SECONDS>
                      Seconds without received data after which a request fails [default: 20]

                  --retries <NUMBER>
                      Number of retries after a transient failure [default: 3]

                  --format <FORMAT>
                      Output format

                      Possible values:
                      - text:     Text, with colors on a terminal
                      - json:     All data as JSON, described by docs/drift.schema.json
                      - markdown: Markdown for a pull request or a job summary
                      - github:   Annotations of files and lines for GitHub Actions
                      - sarif:    SARIF 2.1.0, for code scanning
                      - junit:    JUnit XML for Jenkins and GitLab, with a test case for each difference
                      - html:     A web page without scripts and external files

                      [default: text]

                  --fail-on <FAIL_ON>
                      Exit 4 if a difference is at least this severe. `wire`: a call that used to work may be
                      rejected. `source`: also, code may no longer compile. `docs`: also, documentation changed.
                      `any`: also, other differences and parts that were not compared [default: `source` for
                      `drift`, `wire` for `diff`]

                      [possible values: wire, source, docs, any, never]

              -h, --help
                      Print help (see a summary with '-h')

            Filters (hidden differences are counted, and never fail):
                  --level <LEVEL>
                      Show only differences that are at least this severe

                      Possible values:
                      - wire:   A call that used to work may be rejected
                      - source: Also, code may no longer compile
                      - docs:   Also, documentation changed

                  --exclude <SEVERITY|RULE>
                      Hide the differences of a severity or a rule: `wire`, `source`, `docs`, `any`, or a rule
                      of docs/drift-rules.md. Can be repeated

                  --path <GLOB>
                      Show only differences of matching paths, and those of the whole API, such as its servers.
                      `*` matches within a segment, `**` any number of segments, `{id}` any variable. A
                      component belongs to the paths that use it. Can be repeated

                  --exclude-path <GLOB>
                      Hide differences of matching paths. Can be repeated

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
fn help_of_changelog() {
    check(
        &["changelog", "--help"],
        expect![[r#"
        exit 0
        -- out --
        Add an entry to the changelog of a client, and set its version

        Compares each client with the one at a revision, as `drift` does. Adds the differences to
        specs/CLIENT/CHANGELOG.md, and raises the version in specs/gallery.toml if they require it. An entry
        `## Unreleased` becomes that of the version. Text that you wrote is kept, so the command can be
        repeated. Afterwards, `regen` updates the crate.

        Exit status: 0 success, 2 wrong usage, 100 other errors.

        Usage: gallery changelog [OPTIONS] --against <git:REV> [CLIENT]

        Arguments:
          [CLIENT]
                  Only this client of specs/gallery.toml

        Options:
              --against <git:REV>
                  Git revision of the last release, such as git:v0.1.0

              --today <DATE>
                  The date of a new entry [default: today, in UTC]

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
            Approve a difference, with a reason, in specs/CLIENT/drift.toml

            Repeats the comparison, because only an existing difference can be approved. `regen` removes the
            approval when it applies the difference. `drift` reports approvals that are no longer needed.

            Usage: gallery drift approve [OPTIONS] --reason <TEXT> <FINGERPRINT> [CLIENT]

            Arguments:
              <FINGERPRINT>
                      Fingerprint of the difference, as printed by `drift`

              [CLIENT]
                      Only this client of specs/gallery.toml

            Options:
                  --reason <TEXT>
                      Reason why the difference is acceptable

                  --until <DATE>
                      Last day of the approval, YYYY-MM-DD

                  --against <upstream|DIR|git:REV>
                      Compare with `upstream`, with a directory that contains a mirror or a listing, or with
                      `git:REV`. A revision is the older side, and needs no network access

                      [default: upstream]

                  --today <DATE>
                      The date for checking approvals and sunsets [default: today, in UTC]

                  --mirror <DIR>
                      Read files from a mirror on disk [env: GALLERY_MIRROR]

                      The layout is DIR/OWNER__REPOSITORY/_listings/PROVIDER/FILE for listings, and
                      DIR/api-evangelist__PROVIDER/apis.yml for providers of APIs.io.

                  --timeout <SECONDS>
                      Seconds without received data after which a request fails [default: 20]

                  --retries <NUMBER>
                      Number of retries after a transient failure [default: 3]

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
            Compare two documents, and report the effect of each difference

            Each is an OpenAPI document of version 2.0 to 3.2 in JSON or YAML, the folder of a listing, or one
            of these in a git revision: `git:REV:PATH`, or `git:REV` for the path of the other. It can also be
            the URL of a file (https; http only for loopback), or `-` for standard input. Other versions and
            listings are converted to OpenAPI 3.0 first, and the necessary repairs are reported.

            Exit status: 0 success, 4 a difference at or above --fail-on, 75 URL not reachable, 100 other
            errors.

            Usage: gallery diff [OPTIONS] <BASE> <REVISION>

            Arguments:
              <BASE>
                      The older document

              <REVISION>
                      The newer document

            Options:
                  --approvals <FILE>
                      File with approved differences, which do not fail the run, in the format of
                      specs/CLIENT/drift.toml

                  --today <DATE>
                      The date for checking approvals and sunsets [default: today, in UTC]

                  --timeout <SECONDS>
                      Seconds without received data after which a request fails [default: 20]

                  --retries <NUMBER>
                      Number of retries after a transient failure [default: 3]

                  --format <FORMAT>
                      Output format

                      Possible values:
                      - text:     Text, with colors on a terminal
                      - json:     All data as JSON, described by docs/drift.schema.json
                      - markdown: Markdown for a pull request or a job summary
                      - github:   Annotations of files and lines for GitHub Actions
                      - sarif:    SARIF 2.1.0, for code scanning
                      - junit:    JUnit XML for Jenkins and GitLab, with a test case for each difference
                      - html:     A web page without scripts and external files

                      [default: text]

                  --fail-on <FAIL_ON>
                      Exit 4 if a difference is at least this severe. `wire`: a call that used to work may be
                      rejected. `source`: also, code may no longer compile. `docs`: also, documentation changed.
                      `any`: also, other differences and parts that were not compared [default: `source` for
                      `drift`, `wire` for `diff`]

                      [possible values: wire, source, docs, any, never]

              -h, --help
                      Print help (see a summary with '-h')

            Filters (hidden differences are counted, and never fail):
                  --level <LEVEL>
                      Show only differences that are at least this severe

                      Possible values:
                      - wire:   A call that used to work may be rejected
                      - source: Also, code may no longer compile
                      - docs:   Also, documentation changed

                  --exclude <SEVERITY|RULE>
                      Hide the differences of a severity or a rule: `wire`, `source`, `docs`, `any`, or a rule
                      of docs/drift-rules.md. Can be repeated

                  --path <GLOB>
                      Show only differences of matching paths, and those of the whole API, such as its servers.
                      `*` matches within a segment, `**` any number of segments, `{id}` any variable. A
                      component belongs to the paths that use it. Can be repeated

                  --exclude-path <GLOB>
                      Hide differences of matching paths. Can be repeated

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
