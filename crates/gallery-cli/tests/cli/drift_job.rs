//! `.ci/drift`, which a scheduled job runs. Upstream changes become one pull request. An outage is
//! reported as such: it is not a failure, and the snapshots do not count as up to date.
//!
//! In these tests, `cargo` runs `gallery`, and `gh` is a script that logs its calls.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use expect_test::{Expect, expect};

use crate::drift::without_roles;
use crate::network::Network;
use crate::server::Reply;
use crate::workspace::{LISTING, skipped};

/// A workspace in which the job runs.
struct Job {
    network: Network,
}

impl Job {
    /// Creates a git repository with a remote, and the programs that the job calls. Returns `None`
    /// if git or bash is missing.
    fn new() -> Option<Job> {
        if Command::new("git").arg("--version").output().is_err()
            || Command::new("bash").arg("--version").output().is_err()
        {
            skipped("the drift job requires git and bash");
            return None;
        }
        let job = Job {
            network: Network::fetched(),
        };
        let workspace = &job.network.workspace;
        workspace.write(
            ".ci/drift",
            fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../.ci/drift")).unwrap(),
        );
        // Without retries, an outage is reported at once. `regen` has no such option.
        let cargo = "#!/bin/sh\nshift\n[ \"$1\" = regen ] || set -- \"$@\" --retries 0\n";
        job.program(
            "cargo",
            &format!("{cargo}exec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_gallery")),
        );
        // `gh pr list` prints the number of `gh pr create` calls.
        job.program("gh", "#!/bin/sh\necho \"$1 $2\" >> gh.log\ncase \"$2\" in\n  list) grep -c create gh.log ;;\n  *) while [ $# -gt 1 ]; do [ \"$1\" = --body-file ] && cat \"$2\" > gh.last; shift; done ;;\nesac\n");
        workspace.write(".gitignore", "/gh.*\n/bin\n/origin\n/target\n");
        job.git(&["init", "--quiet", "--bare", "origin"]);
        job.git(&["init", "--quiet", "--initial-branch", "main"]);
        job.git(&["add", "--all"]);
        job.git(&["commit", "--quiet", "--message", "all"]);
        job.git(&["remote", "add", "origin", "origin"]);
        Some(job)
    }

    fn program(&self, name: &str, text: &str) {
        let path = format!("bin/{name}");
        self.network.workspace.write(&path, text);
        fs::set_permissions(
            self.network.workspace.path(&path),
            fs::Permissions::from_mode(0o755),
        )
        .unwrap();
    }

    fn command(&self, program: &str) -> Command {
        let root = self.network.workspace.root();
        let path = format!(
            "{}:{}",
            root.join("bin").display(),
            std::env::var("PATH").unwrap()
        );
        let mut command = Command::new(program);
        command
            .current_dir(root)
            .env("PATH", path)
            .env_remove("GALLERY_MIRROR")
            .env_remove("GITHUB_STEP_SUMMARY");
        for role in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{role}_NAME"), "a")
                .env(format!("GIT_{role}_EMAIL"), "a@example.org");
        }
        command
    }

    fn git(&self, args: &[&str]) -> String {
        let output = self.command("git").args(args).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Runs the job, and compares its exit status, its last two lines and the log of `gh` calls.
    fn assert_run(&self, expected: Expect) {
        self.git(&["switch", "--quiet", "main"]);
        let _ = fs::remove_file(self.network.workspace.path("gh.last"));
        let output = self.command("bash").arg(".ci/drift").output().unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        let calls = fs::read_to_string(self.network.workspace.path("gh.log")).unwrap_or_default();
        let last: Vec<_> = stdout.lines().rev().take(2).collect();
        let shown = format!(
            "exit {}\n{}\n{}\n{calls}",
            output.status.code().unwrap(),
            last[1],
            last[0]
        );
        expected.assert_eq(&shown.replace(&self.network.server.root, "http://127.0.0.1:PORT"));
    }
}

#[test]
fn creates_one_pull_request_and_reports_outages() {
    let Some(job) = Job::new() else { return };
    job.assert_run(expect![[r#"
        exit 0
        mattermost: the snapshot of streamdata-gallery-topics/memberships/mattermost is up to date with http://127.0.0.1:PORT/ (9 files)
        The snapshots are up to date.
    "#]]);

    job.network.reword(
        "openapi.md",
        "One page of the members",
        "A page of the members",
    );
    job.assert_run(expect![[r#"
        exit 0
        6 files written
        Upstream has changed. The pull request has the changes.
        pr list
        pr create
    "#]]);
    assert_eq!(job.git(&["rev-list", "--count", "main..origin/drift"]), "1");
    assert_eq!(
        job.git(&["log", "-1", "--format=%s", "origin/drift"]),
        "Accept upstream changes"
    );
    let body = job
        .network
        .workspace
        .read("gh.last")
        .replace(&job.network.server.root, "http://127.0.0.1:PORT");
    expect![[r#"
        | | over the wire | in source | docs | | next version |
        |---|---|---|---|---|---|
        | `mattermost` | 2 none | 2 none | 2 | 2 differences | 0.1.0 → 0.1.1 (patch) |

        ## `mattermost`

        From `specs/mattermost/openapi.json` to `http://127.0.0.1:PORT/`.

        <details><summary>2 differences in documentation only</summary>

        | location | difference |
        |---|---|
        | `GET /channels/{channel_id}/members#description` | `description-changed`: changed the description of the operation `GET /channels/{channel_id}/members` (`One page of the members of a channel. ##### Permissions The …` → `A page of the members of a channel. ##### Permissions The ca…`): check it for requirements that the schema does not express |
        | `GET /teams/{team_id}/members#description` | `description-changed`: changed the description of the operation `GET /teams/{team_id}/members` (`One page of the members of a team, chosen by page number and…` → `A page of the members of a team, chosen by page number and p…`): check it for requirements that the schema does not express |

        </details>

        <details><summary>Files</summary>

        ```
        mattermost: the snapshot of streamdata-gallery-topics/memberships/mattermost differs from http://127.0.0.1:PORT/
         changed  specs/mattermost/listing/openapi.md
        1 file differs; `gallery regen --fetch mattermost` updates the snapshot
        ```

        Written files:

        ```
        mattermost: 9 files of streamdata-gallery-topics/memberships/mattermost from http://127.0.0.1:PORT/, 60811 bytes, 5595 of them downloaded
        mattermost (streamdata-gallery-topics/memberships/mattermost)
          index      14 entries, 7 of them duplicates
          documents  8 with 56 operation entries: 7 endpoints, 49 duplicates, 0 dropped
          overlay    19 actions on 52 places
          repaired   3 dangling-reference, 10 optional-path-parameter
          assumed    3 untyped-body, 14 untyped-parameter, 7 untyped-response
          names      7 given, 0 retired
          crate      crates/gallery-mattermost
         changed  crates/gallery-mattermost/openapi.json
         changed  crates/gallery-mattermost/src/generated.rs
         changed  specs/gallery.lock
         changed  specs/mattermost/listing/openapi.md
         changed  specs/mattermost/openapi.json
         changed  specs/mattermost/report.json
        6 files written
        ```

        </details>

        Review `openapi.json` and `report.json` of each client under `specs/`.
    "#]].assert_eq(&body);

    // Another change updates the same pull request, which still has one commit.
    job.network.put(
        "openapi.md",
        Reply::file(
            job.network
                .workspace
                .read("specs/mattermost/listing/openapi.md")
                + "# more\n",
        ),
    );
    job.assert_run(expect![[r#"
        exit 0
        6 files written
        Upstream has changed. The pull request has the changes.
        pr list
        pr create
        pr list
        pr edit
    "#]]);
    assert_eq!(job.git(&["rev-list", "--count", "main..origin/drift"]), "1");

    job.network.put("apis.md", Reply::status(503));
    job.assert_run(expect![[r#"
        exit 0
        ::warning title=Not compared::upstream cannot be reached; the snapshots may be out of date
        Not compared: upstream cannot be reached.
        pr list
        pr create
        pr list
        pr edit
    "#]]);

    job.network.put("apis.md", Reply::status(403));
    job.assert_run(expect![[r#"
        exit 1
        not compared: mattermost
        The comparison with upstream failed.
        pr list
        pr create
        pr list
        pr edit
    "#]]);
}

#[test]
fn the_pull_request_lists_overlay_actions_that_match_nothing() {
    let Some(job) = Job::new() else { return };
    job.network
        .workspace
        .replace("specs/gallery.toml", "documents = \"all\"\n", "");
    for name in ["apis.md", "openapi.md"] {
        let text = job.network.workspace.read(&format!("{LISTING}/{name}"));
        job.network.put(name, Reply::file(without_roles(&text)));
    }
    job.git(&["commit", "--quiet", "--all", "--message", "fewer documents"]);
    job.assert_run(expect![[r#"
        exit 0
        2 pending entries to fix or remove; until then `gallery regen` fails
        Upstream has changed. The pull request has the changes.
        pr list
        pr create
    "#]]);
    let body = job.network.workspace.read("gh.last");
    let first: Vec<&str> = body.lines().take(5).collect();
    expect![[r#"
        **An overlay or a choice refers to something that upstream removed. Correct the entries that are listed below in this branch.**

        | | over the wire | in source | docs | | next version |
        |---|---|---|---|---|---|
        | `mattermost` | **1 breaking** | **1 breaking** | 1 | 1 difference, **2 overlay actions or choices match nothing** | 0.1.0 → 0.2.0 (minor) |"#]].assert_eq(&first.join("\n"));
    assert!(
        body.contains("### Matches nothing upstream")
            && body.contains("`specs/mattermost/overlay.yaml:58:5`"),
        "{body}"
    );
    let names = job.git(&["show", "origin/drift:specs/mattermost/names.toml"]);
    assert!(
        names.contains("[retired]\n\"PUT /teams/{}/members/{}/roles\""),
        "{names}"
    );
}

#[test]
fn fails_if_upstream_produces_no_valid_document() {
    let Some(job) = Job::new() else { return };
    job.network
        .put("openapi.md", Reply::file("openapi: 3.1.0\n"));
    job.assert_run(expect![[r#"
        exit 1
        not compared: mattermost
        Upstream has changed, but its files do not produce a valid document.
    "#]]);
}
