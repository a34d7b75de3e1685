//! A workspace of its own, below the target folder, in which the clients of a survey are compiled and judged.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use gallery_codegen::outputs::Outputs;
use gallery_spec::config::ClientConfig;
use serde_json::Value;

use crate::text::counted;

/// Clients that are compiled by one call of cargo. More would keep more of the compiler's output on disk at one time.
const BATCH: usize = 40;

/// What generated crates are built with, besides libraries.
const OURS: [&str; 2] = ["gallery-runtime", "gallery-testkit"];

pub(crate) struct Workshop {
    root: PathBuf,
    target: PathBuf,
}

impl Workshop {
    /// Makes it anew; what was compiled of libraries is used again.
    pub(crate) fn new(workspace: &Path) -> Result<Workshop> {
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| workspace.join("target"), PathBuf::from);
        let workshop = Workshop {
            root: target.join("survey/workspace"),
            target: target.join("survey/target"),
        };
        if workshop.root.exists() {
            fs::remove_dir_all(&workshop.root)
                .with_context(|| workshop.root.display().to_string())?;
        }
        for name in OURS {
            copy(
                &workspace.join("crates").join(name),
                &workshop.root.join("crates").join(name),
            )?;
        }
        fs::copy(
            workspace.join("Cargo.lock"),
            workshop.root.join("Cargo.lock"),
        )
        .context("Cargo.lock")?;
        workshop.members(workspace)?;
        Ok(workshop)
    }

    /// The manifest of this workspace with other members.
    fn members(&self, workspace: &Path) -> Result<()> {
        let text = fs::read_to_string(workspace.join("Cargo.toml")).context("Cargo.toml")?;
        let mut manifest: toml::Table = text.parse().context("Cargo.toml")?;
        let Some(table) = manifest
            .get_mut("workspace")
            .and_then(toml::Value::as_table_mut)
        else {
            bail!("Cargo.toml: it has no table `workspace`");
        };
        table.insert("members".to_owned(), vec!["crates/*"].into());
        fs::write(self.root.join("Cargo.toml"), manifest.to_string())
            .context("Cargo.toml of the survey")
    }

    /// Puts a client's crate in.
    pub(crate) fn put(&self, outputs: &Outputs) -> Result<()> {
        for (path, content) in outputs
            .files()
            .filter(|(path, _)| path.starts_with("crates/"))
        {
            let path = self.root.join(path);
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
            }
            fs::write(&path, content.bytes().unwrap_or_default())
                .with_context(|| path.display().to_string())?;
        }
        Ok(())
    }

    /// Compiles the clients and their tests, and names those at which the compiler takes offence; gives their number.
    pub(crate) fn check(
        &self,
        clients: &[&ClientConfig],
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> Result<usize> {
        let (mut errors, mut warnings, mut refused) = (0, 0, 0);
        for (number, batch) in clients.chunks(BATCH).enumerate() {
            writeln!(
                err,
                "compiling {} of {}",
                counted((number * BATCH + batch.len()).min(clients.len()), "client"),
                clients.len()
            )?;
            let mut command = self.cargo("check", batch);
            command.args(["--all-targets", "--keep-going", "--message-format", "json"]);
            let output = command.stderr(Stdio::piped()).output().context("cargo")?;
            let told = messages(&output.stdout);
            if !output.status.success() && told.is_empty() {
                bail!(
                    "cargo cannot compile the clients:\n{}",
                    String::from_utf8_lossy(&output.stderr)
                );
            }
            for client in batch {
                let Some(said) = told.get(&client.package) else {
                    continue;
                };
                writeln!(err, "{}:", client.source)?;
                for (level, text) in said {
                    *(if level == "error" {
                        &mut errors
                    } else {
                        &mut warnings
                    }) += 1;
                    writeln!(err, "{text}")?;
                }
                refused += 1;
            }
        }
        writeln!(
            out,
            "{} compiled: {}, {}",
            counted(clients.len(), "client"),
            counted(errors, "error"),
            counted(warnings, "warning")
        )?;
        Ok(refused)
    }

    /// Builds and runs the clients' own tests, and names those that fail; gives their number.
    pub(crate) fn test(
        &self,
        clients: &[&ClientConfig],
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> Result<usize> {
        let mut failed = 0;
        for (number, client) in clients.iter().enumerate() {
            writeln!(
                err,
                "judging {} of {}: {}",
                number + 1,
                clients.len(),
                client.source
            )?;
            let output = self
                .cargo("test", &[client])
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .output()
                .context("cargo")?;
            if !output.status.success() {
                failed += 1;
                let (stdout, stderr) = (
                    String::from_utf8_lossy(&output.stdout),
                    String::from_utf8_lossy(&output.stderr),
                );
                writeln!(err, "{}:\n{stderr}{stdout}", client.source)?;
            }
        }
        writeln!(
            out,
            "{} judged: {failed} failed",
            counted(clients.len(), "client")
        )?;
        Ok(failed)
    }

    fn cargo(&self, what: &str, clients: &[&ClientConfig]) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .args([what, "--offline", "--quiet"])
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target);
        // What is compiled once gains nothing from being compiled in parts.
        command.env("CARGO_INCREMENTAL", "0").stdin(Stdio::null());
        command.args(
            clients
                .iter()
                .flat_map(|client| ["--package", &client.package]),
        );
        command
    }
}

/// Level and text of what the compiler said, by package.
fn messages(stdout: &[u8]) -> BTreeMap<String, Vec<(String, String)>> {
    let mut told: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for line in String::from_utf8_lossy(stdout).lines() {
        let Ok(value) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let text = |pointer: &str| {
            value
                .pointer(pointer)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let level = text("/message/level");
        let package = text("/target/src_path");
        let package = Path::new(&package)
            .components()
            .rev()
            .nth(2)
            .map(|part| part.as_os_str().to_string_lossy().into_owned());
        // A summary ("aborting due to…") has no code and no place.
        let has_place = value
            .pointer("/message/spans")
            .and_then(Value::as_array)
            .is_some_and(|spans| !spans.is_empty());
        if let Some(package) =
            package.filter(|_| text("/reason") == "compiler-message" && has_place)
        {
            told.entry(package)
                .or_default()
                .push((level, text("/message/rendered")));
        }
    }
    told
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| to.display().to_string())?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target).with_context(|| target.display().to_string())?;
        }
    }
    Ok(())
}
