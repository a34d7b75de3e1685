//! The Cargo workspace in the target folder in which mutants are compiled and tested.
//!
//! It has several copies of the client's crate. Each copy holds one mutant after the other, so
//! that incremental compilation saves most of the work.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use gallery_fetch::Event;
use gallery_mutants::Mutant;

use super::client::{ClientCrate, GENERATED_CODE};
use super::describe;
use super::output::{TestBuild, parse_builds};
use super::test_program::run_tests;
use super::verdict::Verdict;
use crate::progress::Progress;

/// Number of mutants per processor in one build. More would keep the processors busier, but each
/// mutant takes disk space for its artifacts.
const MUTANTS_PER_PROCESSOR: usize = 4;

/// Minimum time limit for the tests of a mutant.
const MIN_TIME_LIMIT: Duration = Duration::from_secs(120);

/// Time limit for the tests of the unmodified client. It allows for a busy machine.
const BASELINE_TIME_LIMIT: Duration = Duration::from_secs(1800);

/// Time limit for the tests of a mutant, as a multiple of the time for the unmodified client.
const TIME_LIMIT_FACTOR: u32 = 10;

/// A Cargo workspace with copies of the client's crate, one per slot.
pub(super) struct CompileWorkspace {
    root: PathBuf,
    target: PathBuf,
    slots: usize,
    processors: usize,
    started: Instant,
    /// Prevents concurrent runs in the same folder.
    _lock: File,
}

/// The test run of the unmodified client.
#[derive(Clone, Copy)]
struct Baseline {
    /// Number of tests.
    tests: usize,
    /// Time limit for the tests of a mutant.
    limit: Duration,
}

impl CompileWorkspace {
    /// Creates the workspace, and replaces the one of an earlier run. Build artifacts are reused.
    pub(super) fn new(
        workspace: &Path,
        client: &ClientCrate,
        mutants: usize,
    ) -> Result<CompileWorkspace> {
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| workspace.join("target"), PathBuf::from);
        let folder = workspace.join(target).join("mutants");
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let lock =
            File::create(folder.join("lock")).context("the lock file of the mutants folder")?;
        if fs4::FileExt::try_lock(&lock).is_err() {
            bail!(
                "another run uses {}; wait until it has finished",
                folder.display()
            );
        }
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let slots = (processors * MUTANTS_PER_PROCESSOR).min(mutants).max(1);
        let (root, target) = (folder.join("workspace"), folder.join("target"));
        if root.exists() {
            fs::remove_dir_all(&root).with_context(|| root.display().to_string())?;
        }
        let compile_workspace = CompileWorkspace {
            root,
            target,
            slots,
            processors,
            started: Instant::now(),
            _lock: lock,
        };
        for slot in 0..slots {
            compile_workspace.write_slot(slot, client)?;
        }
        let mut manifest = toml::Table::new();
        manifest.insert(
            "workspace".to_owned(),
            toml::toml! { resolver = "3" members = ["mutant-*"] }.into(),
        );
        // Dependencies are compiled once and run often. Mutants are compiled often and run once.
        manifest.insert(
            "profile".to_owned(),
            toml::toml! { dev = { debug = 0, package = { "*" = { opt-level = 1 } } } }.into(),
        );
        fs::write(
            compile_workspace.root.join("Cargo.toml"),
            manifest.to_string(),
        )
        .context("Cargo.toml of the mutants")?;
        // With the same lock file, the build needs no network.
        fs::copy(
            workspace.join("Cargo.lock"),
            compile_workspace.root.join("Cargo.lock"),
        )
        .context("Cargo.lock")?;
        Ok(compile_workspace)
    }

    pub(super) fn elapsed_seconds(&self) -> u64 {
        self.started.elapsed().as_secs()
    }

    fn slot_folder(&self, slot: usize) -> PathBuf {
        self.root.join(slot_name(slot))
    }

    /// Writes a copy of the client's crate that depends on the crates of the original workspace.
    fn write_slot(&self, slot: usize, client: &ClientCrate) -> Result<()> {
        for (path, bytes) in &client.files {
            let target = self.slot_folder(slot).join(path);
            if let Some(folder) = target.parent() {
                fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
            }
            if path == "Cargo.toml" {
                let text = String::from_utf8_lossy(bytes);
                let manifest = relocated_manifest(&text, &slot_name(slot), &client.folder)?;
                fs::write(&target, manifest)
            } else {
                fs::write(&target, bytes)
            }
            .with_context(|| target.display().to_string())?;
        }
        Ok(())
    }

    /// Returns the verdict on each mutant.
    ///
    /// Tests the unmodified client first, because verdicts mean nothing if its own tests fail.
    pub(super) fn test_mutants(
        &self,
        client: &ClientCrate,
        mutants: &[Mutant],
        err: &mut dyn Write,
    ) -> Result<Vec<Verdict>> {
        let baseline = self.test_unmodified(client)?;
        writeln!(
            err,
            "unmodified client: {} tests pass; {} s so far",
            baseline.tests,
            self.elapsed_seconds()
        )?;
        let progress = Progress::new("mutants");
        progress.on(Event::Planned(mutants.len()));
        let mut verdicts = Vec::new();
        for batch in mutants.chunks(self.slots) {
            let sources: Vec<String> = batch
                .iter()
                .map(|mutant| mutant.apply(&client.code))
                .collect();
            let builds = self.build(&sources)?;
            let tested = self.test_batch(batch, &builds, baseline, &progress)?;
            for (mutant, verdict) in batch.iter().zip(tested) {
                if verdict == Verdict::Survived {
                    write!(err, "{}", describe::survivor(client, mutant))?;
                }
                verdicts.push(verdict);
            }
        }
        Ok(verdicts)
    }

    fn test_unmodified(&self, client: &ClientCrate) -> Result<Baseline> {
        let builds = self.build(std::slice::from_ref(&client.code))?;
        let Some(TestBuild::Program(program)) = builds.first() else {
            bail!(
                "the unmodified client does not compile: {builds:?}; run `cargo test` for details"
            );
        };
        let start = Instant::now();
        let (verdict, tests) = run_tests(program, &self.slot_folder(0), &[], BASELINE_TIME_LIMIT)?;
        if verdict.is_killed() || tests == 0 {
            let killed_by = verdict.killed_by().unwrap_or_else(|| verdict.kind());
            bail!(
                "the tests of the unmodified client fail: {killed_by}; run `cargo test` for details"
            );
        }
        Ok(Baseline {
            tests,
            limit: MIN_TIME_LIMIT.max(start.elapsed() * TIME_LIMIT_FACTOR),
        })
    }

    /// Compiles the tests of each source in its own slot.
    fn build(&self, sources: &[String]) -> Result<Vec<TestBuild>> {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args([
            "build",
            "--offline",
            "--quiet",
            "--keep-going",
            "--message-format",
            "json",
            "--test",
            "conformance",
        ]);
        for (slot, source) in sources.iter().enumerate() {
            let path = self.slot_folder(slot).join(GENERATED_CODE);
            fs::write(&path, source).with_context(|| path.display().to_string())?;
            command.args(["--package", &slot_name(slot)]);
        }
        command
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_INCREMENTAL", "1")
            .stdin(Stdio::null());
        let output = command.output().context("cargo")?;
        let mut builds = parse_builds(&String::from_utf8_lossy(&output.stdout))?;
        let take_build = |slot| {
            builds.remove(&slot_name(slot)).with_context(|| {
                format!(
                    "cargo reported no result for {}:\n{}",
                    slot_name(slot),
                    String::from_utf8_lossy(&output.stderr).trim_end()
                )
            })
        };
        (0..sources.len()).map(take_build).collect()
    }

    /// Runs the tests of a batch, on all processors.
    fn test_batch(
        &self,
        batch: &[Mutant],
        builds: &[TestBuild],
        baseline: Baseline,
        progress: &Progress,
    ) -> Result<Vec<Verdict>> {
        let next = AtomicUsize::new(0);
        let verdicts: Vec<_> = builds.iter().map(|_| Mutex::new(None)).collect();
        let work = || -> Result<()> {
            loop {
                let slot = next.fetch_add(1, Ordering::Relaxed);
                let (Some(mutant), Some(build)) = (batch.get(slot), builds.get(slot)) else {
                    return Ok(());
                };
                let verdict = match build {
                    TestBuild::Failed(error) => Verdict::Compiler(error.clone()),
                    TestBuild::Program(program) => {
                        self.test_mutant(slot, program, mutant, baseline)?
                    }
                };
                progress.on(Event::File);
                *verdicts[slot]
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner) = Some(verdict);
            }
        };
        thread::scope(|scope| {
            let workers: Vec<_> = (0..self.processors).map(|_| scope.spawn(work)).collect();
            workers.into_iter().try_for_each(|worker| {
                worker
                    .join()
                    .unwrap_or_else(|_| bail!("a thread that ran tests panicked"))
            })
        })?;
        let into_inner = |verdict: Mutex<Option<Verdict>>| {
            verdict.into_inner().unwrap_or_else(PoisonError::into_inner)
        };
        verdicts
            .into_iter()
            .map(|verdict| into_inner(verdict).context("a mutant was not tested"))
            .collect()
    }

    /// Runs the tests of a mutant.
    ///
    /// The tests of the mutated operation run first. Most likely one of them fails, and the other
    /// tests need not run.
    fn test_mutant(
        &self,
        slot: usize,
        program: &str,
        mutant: &Mutant,
        baseline: Baseline,
    ) -> Result<Verdict> {
        let folder = self.slot_folder(slot);
        let filter = format!("{}::", mutant.subject);
        let (verdict, first) = run_tests(program, &folder, &[&filter], baseline.limit)?;
        if verdict.is_killed() {
            return Ok(verdict);
        }
        let (verdict, rest) = run_tests(program, &folder, &["--skip", &filter], baseline.limit)?;
        if !verdict.is_killed() && first + rest != baseline.tests {
            bail!(
                "{}: {} tests ran instead of {}",
                mutant.id,
                first + rest,
                baseline.tests
            );
        }
        Ok(verdict)
    }
}

fn slot_name(slot: usize) -> String {
    format!("mutant-{slot}")
}

/// Returns a client's manifest with another package name and with absolute paths.
fn relocated_manifest(text: &str, name: &str, folder: &Path) -> Result<String> {
    let mut manifest: toml::Table = text.parse().context("the client's Cargo.toml")?;
    if let Some(package) = manifest
        .get_mut("package")
        .and_then(toml::Value::as_table_mut)
    {
        package.insert("name".to_owned(), name.into());
    }
    for section in ["dependencies", "dev-dependencies"] {
        let Some(dependencies) = manifest
            .get_mut(section)
            .and_then(toml::Value::as_table_mut)
        else {
            continue;
        };
        for (_, dependency) in dependencies.iter_mut() {
            let Some(path) = dependency
                .as_table_mut()
                .and_then(|dependency| dependency.get_mut("path"))
            else {
                continue;
            };
            let absolute = path
                .as_str()
                .map(|path| folder.join(path).display().to_string())
                .unwrap_or_default();
            *path = absolute.into();
        }
    }
    Ok(manifest.to_string())
}
