//! A workspace of its own, below the target folder, in which mutants are compiled and judged: several packages, each of which holds one
//! mutant after the other, so that the compiler finds most of its work done.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use gallery_fetch::Event;
use gallery_mutants::Mutant;

use super::verdict::{Built, Verdict, built, failed, passed};
use super::{CODE, Client, report};
use crate::progress::Progress;

/// Mutants that one call of cargo compiles, for each processor: enough that none of them waits, and not too many for the disk.
const PER_PROCESSOR: usize = 4;

/// The least that tests may take. A mutant that hangs does so for good.
const PATIENCE: Duration = Duration::from_secs(120);

/// How long the tests of the client without a fault may take, on a machine that has much else to do.
const SOUND: Duration = Duration::from_secs(1800);

/// How many times as long as the client's own a mutant's tests may take.
const SLOWER: u32 = 10;

pub(super) struct Workshop {
    root: PathBuf,
    target: PathBuf,
    slots: usize,
    processors: usize,
    began: Instant,
    /// Held while the folder is in use.
    _lock: File,
}

/// How the tests of the client without a fault went.
#[derive(Clone, Copy)]
struct Sound {
    tests: usize,
    limit: Duration,
}

impl Workshop {
    /// Makes it anew; what was compiled before is used again.
    pub(super) fn new(workspace: &Path, client: &Client, mutants: usize) -> Result<Workshop> {
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| workspace.join("target"), PathBuf::from);
        let folder = workspace.join(target).join("mutants");
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let lock = File::create(folder.join("lock")).context("the folder's lock")?;
        if fs4::FileExt::try_lock(&lock).is_err() {
            bail!(
                "another run is at work in {}; wait until it has ended",
                folder.display()
            );
        }
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let slots = (processors * PER_PROCESSOR).min(mutants).max(1);
        let (root, target) = (folder.join("workspace"), folder.join("target"));
        if root.exists() {
            fs::remove_dir_all(&root).with_context(|| root.display().to_string())?;
        }
        let workshop = Workshop {
            root,
            target,
            slots,
            processors,
            began: Instant::now(),
            _lock: lock,
        };
        for slot in 0..slots {
            workshop.furnish(slot, client)?;
        }
        let mut manifest = toml::Table::new();
        manifest.insert(
            "workspace".to_owned(),
            toml::toml! { resolver = "3" members = ["mutant-*"] }.into(),
        );
        // Libraries are compiled once and run often; of mutants it is the other way round.
        manifest.insert(
            "profile".to_owned(),
            toml::toml! { dev = { debug = 0, package = { "*" = { opt-level = 1 } } } }.into(),
        );
        fs::write(workshop.root.join("Cargo.toml"), manifest.to_string())
            .context("Cargo.toml of the mutants")?;
        // The same versions, and nothing to look up.
        fs::copy(
            workspace.join("Cargo.lock"),
            workshop.root.join("Cargo.lock"),
        )
        .context("Cargo.lock")?;
        Ok(workshop)
    }

    pub(super) fn seconds(&self) -> u64 {
        self.began.elapsed().as_secs()
    }

    fn folder(&self, slot: usize) -> PathBuf {
        self.root.join(name(slot))
    }

    /// A copy of the client's crate, which finds this workspace's crates where they are.
    fn furnish(&self, slot: usize, client: &Client) -> Result<()> {
        for (path, bytes) in &client.files {
            let to = self.folder(slot).join(path);
            if let Some(folder) = to.parent() {
                fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
            }
            let manifest = (path == "Cargo.toml")
                .then(|| manifest(&String::from_utf8_lossy(bytes), &name(slot), &client.folder));
            match manifest.transpose()? {
                Some(text) => fs::write(&to, text),
                None => fs::write(&to, bytes),
            }
            .with_context(|| to.display().to_string())?;
        }
        Ok(())
    }

    /// What becomes of each mutant. The client itself comes first: one whose own tests fail says nothing of mutants.
    pub(super) fn judge(
        &self,
        client: &Client,
        mutants: &[Mutant],
        err: &mut dyn Write,
    ) -> Result<Vec<Verdict>> {
        let sound = self.sound(client)?;
        writeln!(
            err,
            "without a fault: {} tests pass; {} s so far",
            sound.tests,
            self.seconds()
        )?;
        let progress = Progress::new("mutants");
        progress.on(Event::Planned(mutants.len()));
        let mut verdicts = Vec::new();
        for batch in mutants.chunks(self.slots) {
            let sources: Vec<String> = batch
                .iter()
                .map(|mutant| mutant.apply(&client.source))
                .collect();
            let built = self.build(&sources)?;
            let judged = self.in_parallel(batch, &built, sound, &progress)?;
            for (mutant, verdict) in batch.iter().zip(judged) {
                if verdict == Verdict::Survived {
                    write!(err, "{}", report::survivor(client, mutant))?;
                }
                verdicts.push(verdict);
            }
        }
        Ok(verdicts)
    }

    fn sound(&self, client: &Client) -> Result<Sound> {
        let built = self.build(std::slice::from_ref(&client.source))?;
        let Some(Built::Program(program)) = built.first() else {
            bail!("the client itself does not compile: {built:?}; `cargo test` says more");
        };
        let began = Instant::now();
        let (verdict, tests) = self.run(0, program, &[], SOUND)?;
        if verdict.is_killed() || tests == 0 {
            let by = verdict.by().unwrap_or_else(|| verdict.kind());
            bail!("the client's own tests fail without a fault: {by}; `cargo test` says more");
        }
        Ok(Sound {
            tests,
            limit: PATIENCE.max(began.elapsed() * SLOWER),
        })
    }

    /// Compiles these sources, each in a package of its own.
    fn build(&self, sources: &[String]) -> Result<Vec<Built>> {
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
            let path = self.folder(slot).join(CODE);
            fs::write(&path, source).with_context(|| path.display().to_string())?;
            command.args(["--package", &name(slot)]);
        }
        command
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_INCREMENTAL", "1")
            .stdin(Stdio::null());
        let output = command.output().context("cargo")?;
        let mut found = built(&String::from_utf8_lossy(&output.stdout))?;
        let take = |slot| {
            found.remove(&name(slot)).with_context(|| {
                format!(
                    "cargo says nothing of {}:\n{}",
                    name(slot),
                    String::from_utf8_lossy(&output.stderr).trim_end()
                )
            })
        };
        (0..sources.len()).map(take).collect()
    }

    /// Runs the tests of what was built, on all processors.
    fn in_parallel(
        &self,
        batch: &[Mutant],
        built: &[Built],
        sound: Sound,
        progress: &Progress,
    ) -> Result<Vec<Verdict>> {
        let next = AtomicUsize::new(0);
        let verdicts: Vec<_> = built.iter().map(|_| Mutex::new(None)).collect();
        let work = || -> Result<()> {
            loop {
                let slot = next.fetch_add(1, Ordering::Relaxed);
                let (Some(mutant), Some(own)) = (batch.get(slot), built.get(slot)) else {
                    return Ok(());
                };
                let verdict = match own {
                    Built::Refused(error) => Verdict::Compiler(error.clone()),
                    Built::Program(program) => self.test(slot, program, mutant, sound)?,
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
                    .unwrap_or_else(|_| bail!("a part of the run died"))
            })
        })?;
        let taken = |verdict: Mutex<Option<Verdict>>| {
            verdict.into_inner().unwrap_or_else(PoisonError::into_inner)
        };
        verdicts
            .into_iter()
            .map(|verdict| taken(verdict).context("a mutant was not judged"))
            .collect()
    }

    /// The tests of the operation that has the fault come first: most likely one of them fails, and no other has to run.
    fn test(&self, slot: usize, program: &str, mutant: &Mutant, sound: Sound) -> Result<Verdict> {
        let own = format!("{}::", mutant.subject);
        let (verdict, first) = self.run(slot, program, &[&own], sound.limit)?;
        if verdict.is_killed() {
            return Ok(verdict);
        }
        let (verdict, rest) = self.run(slot, program, &["--skip", &own], sound.limit)?;
        if !verdict.is_killed() && first + rest != sound.tests {
            bail!(
                "{}: {} tests ran instead of {}",
                mutant.id,
                first + rest,
                sound.tests
            );
        }
        Ok(verdict)
    }

    /// Runs a test program until a test fails or all have passed; says how many have.
    fn run(
        &self,
        slot: usize,
        program: &str,
        arguments: &[&str],
        limit: Duration,
    ) -> Result<(Verdict, usize)> {
        let mut command = Command::new(program);
        // One after the other, so that the same test is the first to fail each time.
        command
            .args(["--test-threads=1", "--color=never"])
            .args(arguments)
            .current_dir(self.folder(slot));
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = Ended(command.spawn().with_context(|| program.to_owned())?);
        let stdout = child.0.stdout.take().context("the tests have no output")?;
        let (lines, heard) = channel();
        let reader = thread::spawn(move || {
            BufReader::new(stdout)
                .lines()
                .map_while(Result::ok)
                .try_for_each(|line| lines.send(line))
                .is_ok()
        });
        let deadline = Instant::now() + limit;
        let mut tests = 0;
        let verdict = loop {
            match heard.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    if let Some(test) = failed(&line) {
                        break Verdict::Check(test.to_owned());
                    }
                    tests = passed(&line).unwrap_or(tests);
                }
                Err(RecvTimeoutError::Timeout) => break Verdict::Timeout,
                Err(RecvTimeoutError::Disconnected) => {
                    let status = child.0.wait().with_context(|| program.to_owned())?;
                    break if status.success() {
                        Verdict::Survived
                    } else {
                        Verdict::Crash(status.to_string())
                    };
                }
            }
        };
        drop(child);
        // Its output is closed now.
        drop(heard);
        let _ = reader.join();
        Ok((verdict, tests))
    }
}

/// A process that ends with its owner.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // One that has ended already needs neither.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn name(slot: usize) -> String {
    format!("mutant-{slot}")
}

/// A client's manifest under another name, with its paths from where it was.
fn manifest(text: &str, name: &str, folder: &Path) -> Result<String> {
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
                .and_then(|own| own.get_mut("path"))
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
