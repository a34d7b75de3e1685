//! The Cargo workspace in the target folder in which mutants are compiled and tested.
//!
//! It has several copies of the client's crate. Each copy holds one mutant after the other, so
//! that incremental compilation saves most of the work.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use gallery_fetch::Event;
use gallery_mutants::Mutant;
use gallery_regen::parallel::{in_parallel, processors};

use super::baseline::Baseline;
use super::build_folder::BuildFolder;
use super::client::ClientCrate;
use super::describe;
use super::output::{TestBuild, parse_builds};
use super::test_program::run_tests;
use super::verdict::Verdict;
use crate::progress::Progress;

/// Number of mutants per processor in one build. More would keep the processors busier, but each
/// mutant takes disk space for its artifacts.
const MUTANTS_PER_PROCESSOR: usize = 4;

/// A Cargo workspace with copies of the client's crate, one per slot.
pub(super) struct CompileWorkspace {
    folder: BuildFolder,
    slots: usize,
    started: Instant,
}

impl CompileWorkspace {
    /// Creates the workspace, and replaces the one of an earlier run. Build artifacts are reused.
    pub(super) fn new(
        workspace: &Path,
        client: &ClientCrate,
        mutants: usize,
    ) -> Result<CompileWorkspace> {
        let slots = (processors() * MUTANTS_PER_PROCESSOR).min(mutants).max(1);
        let compile_workspace = CompileWorkspace {
            folder: BuildFolder::new(workspace, "workspace")?,
            slots,
            started: Instant::now(),
        };
        for slot in 0..slots {
            compile_workspace.write_slot(slot, client)?;
        }
        let mut manifest = toml::Table::new();
        manifest.insert(
            "workspace".to_owned(),
            toml::toml! { resolver = "3" members = ["mutant-*"] }.into(),
        );
        compile_workspace.folder.write_manifest(manifest)?;
        Ok(compile_workspace)
    }

    pub(super) fn elapsed_seconds(&self) -> u64 {
        self.started.elapsed().as_secs()
    }

    fn slot_folder(&self, slot: usize) -> PathBuf {
        self.folder.root.join(slot_name(slot))
    }

    /// Writes a copy of the client's crate that depends on the crates of the original workspace.
    fn write_slot(&self, slot: usize, client: &ClientCrate) -> Result<()> {
        for (path, bytes) in &client.files {
            let target = Path::new(&slot_name(slot)).join(path);
            if path == "Cargo.toml" {
                let text = String::from_utf8_lossy(bytes);
                let manifest = relocated_manifest(&text, &slot_name(slot), &client.folder)?;
                self.folder.write(target, manifest.as_bytes())?;
            } else {
                self.folder.write(target, bytes)?;
            }
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
            let mutants: Vec<Option<&Mutant>> = batch.iter().map(Some).collect();
            let builds = self.build(client, &mutants)?;
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
        let builds = self.build(client, &[None])?;
        let Some(TestBuild::Program(program)) = builds.first() else {
            bail!(
                "the unmodified client does not compile: {builds:?}; run `cargo test` for details"
            );
        };
        Baseline::run(program, &self.slot_folder(0), &[])
    }

    /// Compiles the tests of each mutant, or of the unmodified client, in its own slot.
    fn build(&self, client: &ClientCrate, mutants: &[Option<&Mutant>]) -> Result<Vec<TestBuild>> {
        let mut command = self.folder.build_command();
        command.arg("--keep-going").env("CARGO_INCREMENTAL", "1");
        for (slot, mutant) in mutants.iter().enumerate() {
            if let Some(mutant) = mutant {
                self.write_code(slot, client, mutant.file, |code| mutant.apply(code))?;
            }
            command.args(["--package", &slot_name(slot)]);
        }
        let output = command.output().context("cargo")?;
        for (slot, mutant) in mutants.iter().enumerate() {
            if let Some(mutant) = mutant {
                self.write_code(slot, client, mutant.file, str::to_owned)?;
            }
        }
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
        (0..mutants.len()).map(take_build).collect()
    }

    /// Writes a file of the client's code to a slot.
    fn write_code(
        &self,
        slot: usize,
        client: &ClientCrate,
        file: usize,
        change: impl Fn(&str) -> String,
    ) -> Result<()> {
        let (path, code) = &client.code[file];
        let path = Path::new(&slot_name(slot)).join(path);
        self.folder.write(path, change(code).as_bytes())
    }

    /// Runs the tests of a batch, on all processors.
    fn test_batch(
        &self,
        batch: &[Mutant],
        builds: &[TestBuild],
        baseline: Baseline,
        progress: &Progress,
    ) -> Result<Vec<Verdict>> {
        in_parallel(batch.len(), |slot| {
            let (mutant, build) = (&batch[slot], &builds[slot]);
            let verdict = match build {
                TestBuild::Failed(error) => Verdict::Compiler(error.clone()),
                TestBuild::Program(program) => self.test_mutant(slot, program, mutant, baseline)?,
            };
            progress.on(Event::File);
            Ok(verdict)
        })
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
        let (verdict, first) = run_tests(program, &folder, &[&filter], &[], baseline.limit)?;
        if verdict.is_killed() {
            return Ok(verdict);
        }
        let (verdict, rest) =
            run_tests(program, &folder, &["--skip", &filter], &[], baseline.limit)?;
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
