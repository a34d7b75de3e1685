//! Compiles and tests the clients of a survey, in a workspace below the target directory.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use gallery_codegen::Outputs;
use gallery_regen::text::counted;
use gallery_spec::config::ClientConfig;
use serde::Serialize;
use serde_json::Value;

use crate::runtime_crates::RUNTIME_CRATES;

/// Number of clients compiled by one call of cargo. It limits the disk space that build artifacts
/// need at a time.
const BATCH: usize = 40;

/// The result of compiling clients.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Compiled {
    /// Number of clients.
    clients: usize,
    errors: usize,
    warnings: usize,
    /// Number of clients with errors or warnings.
    pub(crate) failed: usize,
}

impl fmt::Display for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} compiled: {}, {}",
            counted(self.clients, "client"),
            counted(self.errors, "error"),
            counted(self.warnings, "warning")
        )
    }
}

/// The result of running the tests of clients.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Tested {
    /// Number of clients.
    clients: usize,
    /// Number of clients whose tests fail.
    pub(crate) failed: usize,
}

impl fmt::Display for Tested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clients = counted(self.clients, "client");
        write!(f, "{clients} tested: {} failed", self.failed)
    }
}

/// A workspace that contains the clients of a survey.
pub(crate) struct SurveyWorkspace {
    root: PathBuf,
    target: PathBuf,
}

impl SurveyWorkspace {
    /// Creates an empty workspace. Compiled libraries of an earlier survey are kept.
    pub(crate) fn new(workspace: &Path) -> Result<SurveyWorkspace> {
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| workspace.join("target"), PathBuf::from);
        let survey = SurveyWorkspace {
            root: target.join("survey/workspace"),
            target: target.join("survey/target"),
        };
        if survey.root.exists() {
            fs::remove_dir_all(&survey.root).with_context(|| survey.root.display().to_string())?;
        }
        for name in RUNTIME_CRATES {
            if !workspace.join("crates").join(name).is_dir() {
                bail!(
                    "there is no crate crates/{name}; --compile and --conform work in a checkout of \
                     this project"
                );
            }
            copy(
                &workspace.join("crates").join(name),
                &survey.root.join("crates").join(name),
            )?;
        }
        fs::copy(workspace.join("Cargo.lock"), survey.root.join("Cargo.lock"))
            .context("Cargo.lock")?;
        survey.members(workspace)?;
        Ok(survey)
    }

    /// Writes the manifest of this workspace, with other members.
    fn members(&self, workspace: &Path) -> Result<()> {
        let text = fs::read_to_string(workspace.join("Cargo.toml")).context("Cargo.toml")?;
        let mut manifest: toml::Table = text.parse().context("Cargo.toml")?;
        let Some(table) = manifest
            .get_mut("workspace")
            .and_then(toml::Value::as_table_mut)
        else {
            bail!("Cargo.toml: there is no table `workspace`");
        };
        table.insert("members".to_owned(), vec!["crates/*"].into());
        fs::write(self.root.join("Cargo.toml"), manifest.to_string())
            .context("Cargo.toml of the survey")
    }

    /// Adds the crate of a client.
    pub(crate) fn add(&self, outputs: &Outputs) -> Result<()> {
        for (path, bytes) in outputs
            .files()
            .filter(|(path, _)| path.starts_with("crates/"))
        {
            let path = self.root.join(path);
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
            }
            fs::write(&path, bytes).with_context(|| path.display().to_string())?;
        }
        Ok(())
    }

    /// Compiles the clients and their tests. Prints errors and warnings.
    pub(crate) fn check(&self, clients: &[&ClientConfig], err: &mut dyn Write) -> Result<Compiled> {
        let mut compiled = Compiled {
            clients: clients.len(),
            ..Compiled::default()
        };
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
            let messages = messages(&output.stdout);
            if !output.status.success() && messages.is_empty() {
                bail!(
                    "cargo cannot compile the clients:\n{}",
                    String::from_utf8_lossy(&output.stderr)
                );
            }
            for client in batch {
                let Some(messages) = messages.get(&client.package) else {
                    continue;
                };
                writeln!(err, "{}:", client.source)?;
                for (level, text) in messages {
                    *(if level == "error" {
                        &mut compiled.errors
                    } else {
                        &mut compiled.warnings
                    }) += 1;
                    writeln!(err, "{text}")?;
                }
                compiled.failed += 1;
            }
        }
        Ok(compiled)
    }

    /// Runs the tests of the clients. Prints failures.
    pub(crate) fn test(&self, clients: &[&ClientConfig], err: &mut dyn Write) -> Result<Tested> {
        let mut tested = Tested {
            clients: clients.len(),
            failed: 0,
        };
        for (number, client) in clients.iter().enumerate() {
            writeln!(
                err,
                "testing {} of {}: {}",
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
                tested.failed += 1;
                let (stdout, stderr) = (
                    String::from_utf8_lossy(&output.stdout),
                    String::from_utf8_lossy(&output.stderr),
                );
                writeln!(err, "{}:\n{stderr}{stdout}", client.source)?;
            }
        }
        Ok(tested)
    }

    fn cargo(&self, what: &str, clients: &[&ClientConfig]) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .args([what, "--offline", "--quiet"])
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target);
        // Incremental compilation has no use for crates that are compiled once.
        command.env("CARGO_INCREMENTAL", "0").stdin(Stdio::null());
        command.args(
            clients
                .iter()
                .flat_map(|client| ["--package", &client.package]),
        );
        command
    }
}

/// Returns the level and the text of the compiler's messages, by package.
fn messages(stdout: &[u8]) -> BTreeMap<String, Vec<(String, String)>> {
    let mut messages: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
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
        // A summary such as "aborting due to…" has no span.
        let has_span = value
            .pointer("/message/spans")
            .and_then(Value::as_array)
            .is_some_and(|spans| !spans.is_empty());
        if let Some(package) = package.filter(|_| text("/reason") == "compiler-message" && has_span)
        {
            messages
                .entry(package)
                .or_default()
                .push((level, text("/message/rendered")));
        }
    }
    messages
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
