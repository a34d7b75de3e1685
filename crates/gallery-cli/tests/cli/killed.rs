//! A run that is killed leaves every file old or new, never half; the next run finishes or undoes what it had begun.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use expect_test::expect;

use crate::network::Network;
use crate::workspace::{GENERATED, LISTING, Workspace};

const JOURNAL: &str = ".gallery-journal";

type Files = BTreeMap<String, Vec<u8>>;

/// Two states of a workspace, whole: with one wording of the listing and with another.
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

/// Gives the inputs of a state, and leaves what is generated.
fn turn_to(workspace: &Workspace, state: &Files) {
    let inputs = state
        .iter()
        .filter(|(path, _)| !GENERATED.contains(&path.as_str()));
    inputs.for_each(|(path, bytes)| workspace.write(path, bytes));
}

/// The same numbers every time.
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

/// How far the runs had come that were killed.
#[derive(Debug, Default)]
struct Seen {
    untouched: usize,
    interrupted: usize,
    complete: usize,
}

/// Kills runs at moments that `wait` chooses, and shows after each what must be.
fn kill(rounds: usize, mut wait: impl FnMut(&Workspace)) -> Seen {
    let workspace = Workspace::generated();
    let states = states(&workspace);
    let mut seen = Seen::default();
    let mut written = 1;
    for _ in 0..rounds {
        let (old, new) = (&states[written], &states[1 - written]);
        turn_to(&workspace, new);
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
            // The run replaces files, so that they are there at every moment.
            assert!(
                [old, new].iter().any(|state| after[*path] == state[*path]),
                "{path} is half-written"
            );
        }
        let interrupted = workspace.path(JOURNAL).exists();
        let is = |state: &Files| GENERATED.iter().all(|path| after[*path] == state[*path]);
        if !interrupted && is(old) {
            // As if the run had never been.
            seen.untouched += 1;
            continue;
        }
        let checked = workspace.regen(&["--check"]);
        let said = (checked.code, checked.stdout.starts_with("interrupted: "));
        assert_eq!(
            said,
            if interrupted {
                (Some(4), true)
            } else {
                (Some(0), false)
            },
            "{checked:?}"
        );
        assert!(
            interrupted || is(new),
            "without a journal all is written or nothing"
        );
        *(if interrupted {
            &mut seen.interrupted
        } else {
            &mut seen.complete
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
            "nothing of the journal is left, and everything is new"
        );
        written = 1 - written;
    }
    turn_to(&workspace, &states[written]);
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
    seen
}

#[test]
fn killed_at_any_moment() {
    let whole = {
        let workspace = Workspace::fresh();
        let start = Instant::now();
        workspace.regen(&[]);
        start.elapsed().as_micros() as u64
    };
    let mut random = Lcg(1);
    let seen = kill(40, |_| {
        std::thread::sleep(Duration::from_micros(random.below(whole)));
    });
    assert!(seen.untouched > 0, "{seen:?}");
}

#[test]
fn killed_while_it_writes() {
    let mut random = Lcg(2);
    let seen = kill(60, |workspace| {
        let journal = workspace.path(JOURNAL);
        let start = Instant::now();
        // On a machine that is too busy to show the moment, the run is complete, which is right as well.
        while !journal.exists() && start.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(Duration::from_micros(50));
        }
        std::thread::sleep(Duration::from_micros(random.below(6000)));
    });
    // Where the moments fall is the machine's; `a_journal_in_place_is_carried_out` goes through all of them.
    println!("{seen:?}");
}

/// What a fetch-and-regen writes: all but what people write.
fn written(files: &Files) -> Files {
    let by_hand = |path: &str| path == "specs/gallery.toml" || path.ends_with("notes.md");
    files
        .iter()
        .filter(|(path, _)| !by_hand(path))
        .map(|(path, bytes)| (path.clone(), bytes.clone()))
        .collect()
}

#[test]
fn killed_while_it_fetches_and_regenerates() {
    let network = Network::fetched();
    let workspace = &network.workspace;
    for path in [
        "specs/notes.md",
        "specs/mattermost/notes.md",
        "crates/gallery-mattermost/notes.md",
    ] {
        workspace.write(path, "by hand");
    }
    let wordings = ["One page of the members", "A page of the members"];
    let documents = ["openapi.md", "teamsteam-idmembers-get-openapi.md"];
    let serve = |from: usize, to: usize| {
        documents
            .iter()
            .for_each(|name| network.reword(name, wordings[from], wordings[to]));
    };
    // The two states, and how long it takes from one to the other.
    let first = workspace.contents();
    serve(0, 1);
    let start = Instant::now();
    assert_eq!(network.run(&["regen", "--fetch"]).code, Some(0));
    let whole = start.elapsed().as_micros() as u64;
    let states = [first, workspace.contents()];
    assert!(written(&states[0]) != written(&states[1]));

    let (mut random, mut at, mut seen) = (Lcg(3), 1, Seen::default());
    for round in 0..100 {
        let (old, new) = (&states[at], &states[1 - at]);
        serve(at, 1 - at);
        let mut run = workspace
            .command(&["regen", "--fetch"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(random.below(whole + whole / 4)));
        run.kill().unwrap();
        run.wait().unwrap();

        let mut after = workspace.contents();
        let journal = after.iter().any(|(path, _)| path.starts_with(JOURNAL));
        after.retain(|path, _| !path.starts_with(JOURNAL));
        assert!(after.keys().eq(old.keys()), "no file comes or goes");
        let whole_files = after
            .iter()
            .all(|(path, bytes)| [old, new].iter().any(|state| state[path] == *bytes));
        assert!(whole_files, "every file is one of the two");
        match (journal, after == *old, after == *new) {
            (true, ..) => seen.interrupted += 1,
            (false, true, _) => seen.untouched += 1,
            (false, _, true) => seen.complete += 1,
            (false, false, false) => {
                panic!("neither old nor new, and no journal that says what is missing")
            }
        }
        // Offline it ends in one of the two; with upstream, in the new one.
        if round % 2 == 0 {
            assert_eq!(workspace.regen(&[]).code, Some(0));
            let ended = workspace.contents();
            assert!(ended == *old || ended == *new, "wholly old or wholly new");
        }
        assert_eq!(network.run(&["regen", "--fetch"]).code, Some(0));
        assert!(workspace.contents() == *new);
        at = 1 - at;
    }
    println!("{seen:?}");
    assert!(seen.untouched > 0, "{seen:?}");
}

/// Stages what is in `new` and not in `old`, as a run does.
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
fn a_journal_in_place_is_carried_out() {
    let workspace = Workspace::generated();
    let [old, new] = states(&workspace);
    let orphan = "crates/gallery-mattermost/src/orphan.rs";
    let changes = stage(&workspace, &old, &new);
    assert!(changes.len() > 3);
    workspace.remove(JOURNAL);
    for done in 0..=changes.len() {
        old.iter()
            .for_each(|(path, bytes)| workspace.write(path, bytes));
        turn_to(&workspace, &new);
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
        assert_eq!(workspace.tree(), before, "--check finishes nothing");

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
                .ends_with("nothing to write: 11 files up to date\n"),
            "{finished:?}"
        );
        assert!(workspace.contents() == new);
    }
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
}

#[test]
fn what_was_only_staged_is_rolled_back() {
    let workspace = Workspace::generated();
    let [old, new] = states(&workspace);
    old.iter()
        .for_each(|(path, bytes)| workspace.write(path, bytes));
    stage(&workspace, &old, &new);
    // Half of a journal that was not in place yet.
    workspace.write(
        &format!("{JOURNAL}/journal.new"),
        "{\"rename\": [[\".gallery-jou",
    );
    assert_eq!(workspace.regen(&["--check"]).code, Some(4));
    let finished = workspace.regen(&[]);
    expect![
        "an earlier run died while it was writing; rolled back: nothing had been written yet"
    ]
    .assert_eq(finished.stdout.lines().next().unwrap());
    assert_eq!(finished.code, Some(0));
    assert!(workspace.contents() == old);
}

#[test]
fn a_journal_of_other_specs_is_finished_and_then_overwritten() {
    let workspace = Workspace::generated();
    let [old, new] = states(&workspace);
    old.iter()
        .for_each(|(path, bytes)| workspace.write(path, bytes));
    // What was staged is of the other wording, which nobody wants any more.
    let staged = stage(&workspace, &old, &new);
    workspace.write(&format!("{JOURNAL}/journal.json"), journal(&staged, &[]));
    assert_eq!(workspace.regen(&[]).code, Some(0));
    assert!(workspace.contents() == old);
}

#[test]
fn a_journal_that_is_broken_or_hostile_is_refused() {
    for (text, said) in [
        (
            "{",
            expect![[r#"
            error: .gallery-journal/journal.json is invalid (EOF while parsing an object at line 1 column 1); remove the folder and run `gallery regen`
        "#]],
        ),
        (
            r#"{"rename": [[".gallery-journal/0", "../beside"]], "remove": []}"#,
            expect![[r#"
            error: .gallery-journal: `../beside` leads out of the workspace
        "#]],
        ),
        (
            r#"{"rename": [], "remove": ["/etc/hosts"]}"#,
            expect![[r#"
            error: .gallery-journal: `/etc/hosts` leads out of the workspace
        "#]],
        ),
    ] {
        let workspace = Workspace::generated();
        workspace.write(&format!("{JOURNAL}/0"), "staged");
        workspace.write(&format!("{JOURNAL}/journal.json"), text);
        let before = workspace.tree();
        let output = workspace.regen(&[]);
        assert_eq!(output.code, Some(100));
        said.assert_eq(&output.stderr);
        assert_eq!(workspace.tree(), before);
    }
}

#[test]
fn a_fetch_finishes_what_a_run_had_begun() {
    let workspace = Workspace::generated();
    let [old, new] = states(&workspace);
    old.iter()
        .for_each(|(path, bytes)| workspace.write(path, bytes));
    turn_to(&workspace, &new);
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
fn runs_at_the_same_time_do_not_meet() {
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
