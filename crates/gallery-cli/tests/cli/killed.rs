//! Tests that kill the program while it writes files.
//!
//! After a kill, each file has its old or its new content, never a part of one. The next run
//! finishes the interrupted run or rolls it back.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use expect_test::expect;

use crate::network::Network;
use crate::workspace::{GENERATED, LISTING, Workspace};

const JOURNAL: &str = ".gallery-journal";

type Files = BTreeMap<String, Vec<u8>>;

/// Returns the files of a workspace before and after a change to the listing's prose.
///
/// The workspace is left in the second state.
fn states(workspace: &Workspace) -> [Files; 2] {
    let first = workspace.contents();
    workspace.replace(
        &format!("{LISTING}/openapi.md"),
        "Get the team members\n",
        "Get the members of the team\n",
    );
    workspace.relock("mattermost");
    assert_eq!(workspace.regen(&[]).code, Some(0));
    [first, workspace.contents()]
}

/// Writes the input files of a state. Generated files are not touched.
fn restore_inputs(workspace: &Workspace, state: &Files) {
    let inputs = state
        .iter()
        .filter(|(path, _)| !GENERATED.contains(&path.as_str()));
    inputs.for_each(|(path, bytes)| workspace.write(path, bytes));
}

/// A pseudorandom number generator with a fixed seed, so that runs are reproducible.
struct Lcg(u64);

impl Lcg {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// The numbers of killed runs, by the state of the files after the kill.
#[derive(Debug, Default)]
struct Outcomes {
    untouched: usize,
    interrupted: usize,
    complete: usize,
}

/// Kills one run per round when `wait` returns, and checks the files after each kill.
///
/// Each round also checks that the next run restores a consistent state.
fn kill(rounds: usize, mut wait: impl FnMut(&Workspace)) -> Outcomes {
    let workspace = Workspace::generated();
    let states = states(&workspace);
    let mut outcomes = Outcomes::default();
    let mut current = 1;
    for _ in 0..rounds {
        let (old, new) = (&states[current], &states[1 - current]);
        restore_inputs(&workspace, new);
        let mut run = workspace
            .command(&["regen"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        wait(&workspace);
        run.kill().unwrap();
        run.wait().unwrap();

        let after = workspace.contents();
        for path in GENERATED {
            // Files are replaced by a rename, so they always exist.
            assert!(
                [old, new].iter().any(|state| after[*path] == state[*path]),
                "{path} has neither its old nor its new content"
            );
        }
        let interrupted = workspace.path(JOURNAL).exists();
        let equals = |state: &Files| GENERATED.iter().all(|path| after[*path] == state[*path]);
        if !interrupted && equals(old) {
            // The run was killed before it wrote anything.
            outcomes.untouched += 1;
            continue;
        }
        let checked = workspace.regen(&["--check"]);
        assert_eq!(
            (checked.code, checked.stdout.starts_with("interrupted: ")),
            if interrupted {
                (Some(4), true)
            } else {
                (Some(0), false)
            },
            "{checked:?}"
        );
        assert!(
            interrupted || equals(new),
            "there is no journal, but only some files were written"
        );
        *(if interrupted {
            &mut outcomes.interrupted
        } else {
            &mut outcomes.complete
        }) += 1;

        let finished = workspace.regen(&[]);
        assert_eq!((finished.code, finished.stderr.as_str()), (Some(0), ""));
        assert_eq!(
            finished.stdout.contains("an earlier run died"),
            interrupted,
            "{finished:?}"
        );
        assert!(
            workspace.contents() == *new,
            "the journal remains, or a file does not have its new content"
        );
        current = 1 - current;
    }
    restore_inputs(&workspace, &states[current]);
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
    outcomes
}

/// Kills runs of `regen` at random times.
fn kill_at_any_time(rounds: usize) {
    let duration = {
        let workspace = Workspace::fresh();
        let start = Instant::now();
        workspace.regen(&[]);
        start.elapsed().as_micros() as u64
    };
    let mut random = Lcg(1);
    let outcomes = kill(rounds, |_| {
        std::thread::sleep(Duration::from_micros(random.below(duration)));
    });
    assert!(outcomes.untouched > 0, "{outcomes:?}");
}

#[test]
fn recovers_from_a_kill_at_any_time() {
    kill_at_any_time(20);
}

#[test]
#[ignore = "200 kills; long.yml runs it"]
fn recovers_from_many_kills_at_any_time() {
    kill_at_any_time(200);
}

/// Kills runs of `regen` at random times after they have begun to write.
fn kill_while_writing(rounds: usize) {
    let mut random = Lcg(2);
    let outcomes = kill(rounds, |workspace| {
        let journal = workspace.path(JOURNAL);
        let start = Instant::now();
        // On a busy machine, the journal may come and go unnoticed. The run then completes, which
        // is also a valid outcome.
        while !journal.exists() && start.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(Duration::from_micros(50));
        }
        std::thread::sleep(Duration::from_micros(random.below(6000)));
    });
    // The timing depends on the machine. `finishes_a_committed_journal` covers every step.
    println!("{outcomes:?}");
}

#[test]
fn recovers_from_a_kill_while_writing() {
    kill_while_writing(20);
}

#[test]
#[ignore = "200 kills; long.yml runs it"]
fn recovers_from_many_kills_while_writing() {
    kill_while_writing(200);
}

/// Returns the files that `regen --fetch` writes, without those that are edited by hand.
fn program_files(files: &Files) -> Files {
    let by_hand = |path: &str| path == "specs/gallery.toml" || path.ends_with("notes.md");
    files
        .iter()
        .filter(|(path, _)| !by_hand(path))
        .map(|(path, bytes)| (path.clone(), bytes.clone()))
        .collect()
}

/// Kills runs of `regen --fetch` at random times.
fn kill_during_regen_fetch(rounds: usize) {
    let network = Network::fetched();
    let workspace = &network.workspace;
    for path in [
        "specs/notes.md",
        "specs/mattermost/notes.md",
        "crates/gallery-mattermost/notes.md",
    ] {
        workspace.write(path, "by hand");
    }
    let phrases = ["One page of the members", "A page of the members"];
    let documents = ["openapi.md", "teamsteam-idmembers-get-openapi.md"];
    let serve = |from: usize, to: usize| {
        documents
            .iter()
            .for_each(|name| network.reword(name, phrases[from], phrases[to]));
    };
    // Record both states and the duration of a complete run.
    let first = workspace.contents();
    serve(0, 1);
    let start = Instant::now();
    assert_eq!(network.run(&["regen", "--fetch"]).code, Some(0));
    let duration = start.elapsed().as_micros() as u64;
    let states = [first, workspace.contents()];
    assert!(program_files(&states[0]) != program_files(&states[1]));

    let (mut random, mut current, mut outcomes) = (Lcg(3), 1, Outcomes::default());
    for round in 0..rounds {
        let (old, new) = (&states[current], &states[1 - current]);
        serve(current, 1 - current);
        let mut run = workspace
            .command(&["regen", "--fetch"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(random.below(duration + duration / 4)));
        run.kill().unwrap();
        run.wait().unwrap();

        let mut after = workspace.contents();
        let journal = after.iter().any(|(path, _)| path.starts_with(JOURNAL));
        after.retain(|path, _| !path.starts_with(JOURNAL));
        assert!(after.keys().eq(old.keys()), "a file was added or removed");
        let all_complete = after
            .iter()
            .all(|(path, bytes)| [old, new].iter().any(|state| state[path] == *bytes));
        assert!(
            all_complete,
            "a file has neither its old nor its new content"
        );
        match (journal, after == *old, after == *new) {
            (true, ..) => outcomes.interrupted += 1,
            (false, true, _) => outcomes.untouched += 1,
            (false, _, true) => outcomes.complete += 1,
            (false, false, false) => {
                panic!("the files are partly updated, but there is no journal")
            }
        }
        // `regen` restores either state. `regen --fetch` always results in the new state.
        if round % 2 == 0 {
            assert_eq!(workspace.regen(&[]).code, Some(0));
            let ended = workspace.contents();
            assert!(
                ended == *old || ended == *new,
                "the files are neither all old nor all new"
            );
        }
        assert_eq!(network.run(&["regen", "--fetch"]).code, Some(0));
        assert!(workspace.contents() == *new);
        current = 1 - current;
    }
    println!("{outcomes:?}");
    assert!(outcomes.untouched > 0, "{outcomes:?}");
}

#[test]
fn recovers_from_a_kill_during_regen_fetch() {
    kill_during_regen_fetch(30);
}

#[test]
#[ignore = "300 kills; long.yml runs it"]
fn recovers_from_many_kills_during_regen_fetch() {
    kill_during_regen_fetch(300);
}

/// Stages the generated files that differ between `old` and `new`, as a run does.
///
/// Returns the staged path and the final path of each file.
fn stage(workspace: &Workspace, old: &Files, new: &Files) -> Vec<(String, String)> {
    let changed = new
        .iter()
        .filter(|(path, bytes)| GENERATED.contains(&path.as_str()) && old[*path] != **bytes);
    let staged = changed.enumerate().map(|(number, (path, bytes))| {
        let name = format!("{JOURNAL}/{number}");
        workspace.write(&name, bytes);
        (name, path.clone())
    });
    staged.collect()
}

fn journal(rename: &[(String, String)], remove: &[&str]) -> String {
    let pairs: Vec<String> = rename
        .iter()
        .map(|(staged, path)| format!("[{staged:?}, {path:?}]"))
        .collect();
    format!(
        "{{\"rename\": [{}], \"remove\": {remove:?}}}",
        pairs.join(", ")
    )
}

#[test]
fn finishes_a_committed_journal() {
    let workspace = Workspace::generated();
    let [old, new] = states(&workspace);
    let orphan = "crates/gallery-mattermost/src/orphan.rs";
    let changes = stage(&workspace, &old, &new);
    assert!(changes.len() > 3);
    workspace.remove(JOURNAL);
    for done in 0..=changes.len() {
        old.iter()
            .for_each(|(path, bytes)| workspace.write(path, bytes));
        restore_inputs(&workspace, &new);
        workspace.write(orphan, "");
        let staged = stage(&workspace, &old, &new);
        workspace.write(
            &format!("{JOURNAL}/journal.json"),
            journal(&staged, &[orphan]),
        );
        for (staged, path) in &staged[..done] {
            std::fs::rename(workspace.path(staged), workspace.path(path)).unwrap();
        }
        let before = workspace.tree();
        let checked = workspace.regen(&["--check"]);
        assert_eq!(checked.code, Some(4));
        expect![[r#"
            exit 4
            -- out --
            interrupted: an earlier run stopped while it was writing; run `gallery regen` to finish or undo it
        "#]]
        .assert_eq(&checked.shown());
        assert_eq!(workspace.tree(), before, "`--check` must not write");

        let finished = workspace.regen(&[]);
        assert_eq!(finished.code, Some(0), "{finished:?}");
        assert!(
            finished
                .stdout
                .starts_with("an earlier run died while it was writing; finished\n"),
            "{finished:?}"
        );
        assert!(
            finished
                .stdout
                .ends_with("nothing to write: 12 files up to date\n"),
            "{finished:?}"
        );
        assert!(workspace.contents() == new);
    }
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
}

#[test]
fn rolls_back_staged_files_without_a_journal() {
    let workspace = Workspace::generated();
    let [old, new] = states(&workspace);
    old.iter()
        .for_each(|(path, bytes)| workspace.write(path, bytes));
    stage(&workspace, &old, &new);
    // An incomplete journal that was not renamed to its final name yet.
    workspace.write(
        &format!("{JOURNAL}/journal.new"),
        "{\"rename\": [[\".gallery-jou",
    );
    assert_eq!(workspace.regen(&["--check"]).code, Some(4));
    let finished = workspace.regen(&[]);
    expect!["an earlier run died while it was writing; rolled back: nothing had been written yet"]
        .assert_eq(finished.stdout.lines().next().unwrap());
    assert_eq!(finished.code, Some(0));
    assert!(workspace.contents() == old);
}

#[test]
fn finishes_an_outdated_journal_and_then_regenerates() {
    let workspace = Workspace::generated();
    let [old, new] = states(&workspace);
    old.iter()
        .for_each(|(path, bytes)| workspace.write(path, bytes));
    // The staged files come from an earlier version of the listing.
    let staged = stage(&workspace, &old, &new);
    workspace.write(&format!("{JOURNAL}/journal.json"), journal(&staged, &[]));
    assert_eq!(workspace.regen(&[]).code, Some(0));
    assert!(workspace.contents() == old);
}

#[test]
fn rejects_a_broken_or_hostile_journal() {
    for (text, expected) in [
        (
            "{",
            expect![[r#"
            error: .gallery-journal/journal.json is invalid (EOF while parsing an object at line 1 column 1); remove the directory and run `gallery regen`
        "#]],
        ),
        (
            r#"{"rename": [[".gallery-journal/0", "../beside"]], "remove": []}"#,
            expect![[r#"
            error: .gallery-journal: `../beside` leads out of the workspace; remove the directory .gallery-journal
        "#]],
        ),
        (
            r#"{"rename": [], "remove": ["/etc/hosts"]}"#,
            expect![[r#"
            error: .gallery-journal: `/etc/hosts` leads out of the workspace; remove the directory .gallery-journal
        "#]],
        ),
    ] {
        let workspace = Workspace::generated();
        workspace.write(&format!("{JOURNAL}/0"), "staged");
        workspace.write(&format!("{JOURNAL}/journal.json"), text);
        let before = workspace.tree();
        let output = workspace.regen(&[]);
        assert_eq!(output.code, Some(100));
        expected.assert_eq(&output.stderr);
        assert_eq!(workspace.tree(), before);
    }
}

#[test]
fn fetch_finishes_an_interrupted_run() {
    let workspace = Workspace::generated();
    let [old, new] = states(&workspace);
    old.iter()
        .for_each(|(path, bytes)| workspace.write(path, bytes));
    restore_inputs(&workspace, &new);
    let staged = stage(&workspace, &old, &new);
    workspace.write(&format!("{JOURNAL}/journal.json"), journal(&staged, &[]));
    let output = workspace.gallery(&["fetch", "--mirror", "no/such"]);
    assert_eq!(output.code, Some(100));
    assert!(
        output
            .stdout
            .starts_with("an earlier run died while it was writing; finished\n"),
        "{output:?}"
    );
    assert!(workspace.contents() == new);
}

#[test]
fn concurrent_runs_do_not_interfere() {
    let workspace = Workspace::generated();
    for _ in 0..10 {
        workspace.remove("crates");
        let run = || {
            workspace
                .command(&["regen"])
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        };
        let runs: Vec<_> = std::iter::repeat_with(run).take(4).collect();
        for run in runs {
            let output = run.wait_with_output().unwrap();
            assert!(output.status.success(), "{output:?}");
            assert!(
                !String::from_utf8_lossy(&output.stdout).contains("died"),
                "{output:?}"
            );
        }
        assert_eq!(workspace.regen(&["--check"]).code, Some(0));
    }
}
