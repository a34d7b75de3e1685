//! `.ci/drift`, which a scheduled job runs: a change upstream becomes one pull request, and an outage is neither a failure nor "no drift".
//!
//! `cargo` is this program and `gh` one that writes down how it is called.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use expect_test::{Expect, expect};

use crate::network::Network;
use crate::server::Reply;
use crate::workspace::skipped;

struct Job {
    network: Network,
}

impl Job {
    /// A workspace under git with a remote, and the programs that the job calls.
    fn new() -> Option<Job> {
        if Command::new("git").arg("--version").output().is_err() || Command::new("bash").arg("--version").output().is_err() {
            skipped("the job that looks for drift wants git and bash");
            return None;
        }
        let job = Job { network: Network::fetched() };
        let workspace = &job.network.workspace;
        workspace.write(".ci/drift", fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../.ci/drift")).unwrap());
        // An outage is over at once; `regen` has no patience to be set.
        let cargo = "#!/bin/sh\nshift\n[ \"$1\" = regen ] || set -- \"$@\" --retries 0\n";
        job.program("cargo", &format!("{cargo}exec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_xtask")));
        // A pull request is open once one was made.
        job.program("gh", "#!/bin/sh\necho \"$1 $2\" >> gh.log\ncase \"$2\" in\n  list) grep -c create gh.log ;;\n  *) echo \"$@\" > gh.last ;;\nesac\n");
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
        fs::set_permissions(self.network.workspace.path(&path), fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn command(&self, program: &str) -> Command {
        let root = self.network.workspace.root();
        let path = format!("{}:{}", root.join("bin").display(), std::env::var("PATH").unwrap());
        let mut command = Command::new(program);
        command.current_dir(root).env("PATH", path).env_remove("GALLERY_MIRROR").env_remove("GITHUB_STEP_SUMMARY");
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "a").env(format!("GIT_{role}_EMAIL"), "a@example.org");
        }
        command
    }

    fn git(&self, args: &[&str]) -> String {
        let output = self.command("git").args(args).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Runs the job; gives its exit status, the last lines of what it said, and how `gh` was called.
    fn run(&self, said: Expect) {
        self.git(&["switch", "--quiet", "main"]);
        let _ = fs::remove_file(self.network.workspace.path("gh.last"));
        let output = self.command("bash").arg(".ci/drift").output().unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        let calls = fs::read_to_string(self.network.workspace.path("gh.log")).unwrap_or_default();
        let last: Vec<_> = stdout.lines().rev().take(2).collect();
        let shown = format!("exit {}\n{}\n{}\n{calls}", output.status.code().unwrap(), last[1], last[0]);
        said.assert_eq(&shown.replace(&self.network.server.root, "http://127.0.0.1:PORT"));
    }
}

#[test]
fn the_job_that_looks_for_drift() {
    let Some(job) = Job::new() else { return };
    job.run(expect![[r#"
        exit 0
        mattermost: the snapshot is as http://127.0.0.1:PORT/ has streamdata-gallery-topics/memberships/mattermost, 9 files
        The snapshots are as upstream has them.
    "#]]);

    job.network.reword("openapi.md", "One page of the members", "A page of the members");
    job.run(expect![[r#"
        exit 0
        6 files written
        Upstream has changed; a pull request takes it over.
        pr list
        pr create
    "#]]);
    assert_eq!(job.git(&["rev-list", "--count", "main..origin/drift"]), "1");
    assert_eq!(job.git(&["log", "-1", "--format=%s", "origin/drift"]), "Take over what upstream has changed");
    let body = job.network.workspace.read("gh.last");
    assert!(body.contains(" changed  specs/mattermost/listing/openapi.md"), "{body}");

    // Another change, a week later: the same pull request, and still one commit.
    job.network.put("openapi.md", Reply::file(job.network.workspace.read("specs/mattermost/listing/openapi.md") + "# more\n"));
    job.run(expect![[r#"
        exit 0
        6 files written
        Upstream has changed; a pull request takes it over.
        pr list
        pr create
        pr list
        pr edit
    "#]]);
    assert_eq!(job.git(&["rev-list", "--count", "main..origin/drift"]), "1");

    job.network.put("apis.md", Reply::status(503));
    job.run(expect![[r#"
        exit 0
        ::warning title=Not compared::upstream cannot be reached; whether the snapshots are up to date is not known
        Not compared: upstream cannot be reached.
        pr list
        pr create
        pr list
        pr edit
    "#]]);

    job.network.put("apis.md", Reply::status(403));
    job.run(expect![[r#"
        exit 1
        not compared: mattermost
        The snapshots cannot be compared.
        pr list
        pr create
        pr list
        pr edit
    "#]]);
}
