//! Compiles the mutants of the runtime, all in one program. An environment variable selects the
//! mutant of a run.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use gallery_mutants::{InstrumentedFile, Runtime};
use serde_json::Value;

use crate::runtime_crates::RUNTIME_CRATES;

use super::build_folder::BuildFolder;
use super::client::{ClientCrate, read_files};

/// The environment variable with the number of the selected mutant.
pub(super) const SELECTED: &str = "GALLERY_MUTANT";

/// The environment variable with the path of the file for the numbers of reached mutants.
pub(super) const REACHED: &str = "GALLERY_MUTANTS_REACHED";

/// The folder of the runtime.
const RUNTIME: &str = "crates/gallery-runtime";

/// The module that selects mutants. `COUNT` is the number of all mutants.
const SELECTOR: &str = r#"
pub(crate) mod mutant {
    use std::io::Write as _;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicBool, Ordering};

    static REACHED: [AtomicBool; COUNT] = [const { AtomicBool::new(false) }; COUNT];
    static SELECTED: OnceLock<Option<usize>> = OnceLock::new();

    /// Records that a mutant was reached. Returns true if it is selected.
    pub(crate) fn on(number: usize) -> bool {
        if !REACHED[number].swap(true, Ordering::Relaxed)
            && let Some(path) = std::env::var_os("GALLERY_MUTANTS_REACHED")
        {
            let file = std::fs::OpenOptions::new().append(true).create(true).open(path);
            file.and_then(|mut file| file.write_all(format!("{number}\n").as_bytes())).unwrap();
        }
        let selected = || std::env::var("GALLERY_MUTANT").ok()?.parse().ok();
        *SELECTED.get_or_init(selected) == Some(number)
    }
}
"#;

/// A test program with mutants.
pub(super) struct RuntimeBuild {
    /// The path of the program.
    pub(super) program: String,
    /// The folder in which the program runs.
    pub(super) client_folder: PathBuf,
    /// The numbers of the mutants that do not compile, with the errors.
    pub(super) failed: BTreeMap<usize, String>,
    folder: BuildFolder,
}

impl RuntimeBuild {
    /// Compiles the mutants with these numbers. Those that do not compile are removed, and the rest
    /// is compiled again.
    pub(super) fn new(
        root: &Path,
        client: &ClientCrate,
        runtime: &Runtime,
        mut numbers: BTreeSet<usize>,
    ) -> Result<RuntimeBuild> {
        let folder = BuildFolder::new(root, "runtime")?;
        let client_path = &client.path;
        write_workspace(root, &folder, client, client_path)?;
        let mut failed = BTreeMap::new();
        loop {
            let files = runtime.instrumented(|number| numbers.contains(&number));
            write_sources(&folder, &files, runtime.mutants().len())?;
            let build = build(&folder, client_path)?;
            if let Some(program) = build.program {
                return Ok(RuntimeBuild {
                    program,
                    client_folder: folder.root.join(client_path),
                    failed,
                    folder,
                });
            }
            let before = numbers.len();
            for error in &build.errors {
                for number in error.mutants(&files) {
                    if numbers.remove(&number) {
                        failed.insert(number, error.code.clone());
                    }
                }
            }
            if numbers.len() == before {
                bail!(
                    "the runtime with its mutants does not compile:\n{}",
                    build.messages
                );
            }
        }
    }

    /// Returns the path of the file for the numbers of reached mutants.
    pub(super) fn reached_file(&self) -> PathBuf {
        self.folder.root.join("reached")
    }
}

/// Reads the sources of the runtime, with their paths from the root.
pub(super) fn read_sources(root: &Path) -> Result<Vec<(String, String)>> {
    let folder = root.join(RUNTIME);
    if !folder.is_dir() {
        bail!("{RUNTIME} is missing; `--runtime` works only in the workspace of the runtime");
    }
    let mut files = Vec::new();
    read_files(&folder.join("src"), &format!("{RUNTIME}/src/"), &mut files)?;
    files.sort();
    // The tests of a module are in a file of their own. The tests do not run in WebAssembly.
    let is_code = |path: &str| {
        path.ends_with(".rs") && !path.ends_with("/tests.rs") && !path.contains("/platform/wasm/")
    };
    files
        .into_iter()
        .filter(|(path, _)| is_code(path))
        .map(|(path, bytes)| {
            let text = String::from_utf8(bytes).with_context(|| path.clone())?;
            Ok((path, text))
        })
        .collect()
}

/// Copies the runtime, the test kit and the client. Their paths from the root remain, so their
/// manifests need no change.
fn write_workspace(
    root: &Path,
    folder: &BuildFolder,
    client: &ClientCrate,
    client_path: &str,
) -> Result<()> {
    let mut files = Vec::new();
    let crates = RUNTIME_CRATES.map(|name| format!("crates/{name}"));
    for path in &crates {
        read_files(&root.join(path), &format!("{path}/"), &mut files)?;
    }
    for (path, bytes) in &files {
        folder.write(path, bytes)?;
    }
    for (path, bytes) in &client.files {
        folder.write(format!("{client_path}/{path}"), bytes)?;
    }
    let text = fs::read_to_string(root.join("Cargo.toml")).context("Cargo.toml")?;
    let mut manifest: toml::Table = text.parse().context("Cargo.toml")?;
    let workspace = manifest.get_mut("workspace");
    let workspace = workspace.and_then(toml::Value::as_table_mut);
    let workspace = workspace.context("Cargo.toml is not the manifest of a workspace")?;
    let members = crates.iter().map(String::as_str).chain([client_path]);
    let members = toml::Value::from(members.collect::<Vec<_>>());
    workspace.insert("members".to_owned(), members);
    workspace.insert(
        "lints".to_owned(),
        toml::toml! { rust = { warnings = "allow" } }.into(),
    );
    folder.write_manifest(manifest)
}

fn write_sources(folder: &BuildFolder, files: &[InstrumentedFile], count: usize) -> Result<()> {
    for file in files {
        let selector = match file.path.ends_with("/src/lib.rs") {
            true => SELECTOR.replace("COUNT", &count.to_string()),
            false => String::new(),
        };
        folder.write(&file.path, format!("{}{selector}", file.code).as_bytes())?;
    }
    Ok(())
}

/// The result of a build.
#[derive(Debug, Default)]
struct Build {
    /// The path of the test program.
    program: Option<String>,
    errors: Vec<CompilerError>,
    /// All messages.
    messages: String,
}

#[derive(Debug)]
struct CompilerError {
    /// The code, or the text of an error without a code.
    code: String,
    /// Files and ranges of bytes: primary locations, then others, then those of notes.
    locations: Vec<(String, Range<usize>)>,
}

fn build(folder: &BuildFolder, client_path: &str) -> Result<Build> {
    let output = folder
        .build_command()
        .current_dir(folder.root.join(client_path))
        .output()
        .context("cargo")?;
    let mut build = Build::default();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        if let Some(program) = message["executable"].as_str() {
            build.program = Some(program.to_owned());
        }
        let message = &message["message"];
        if message["level"] == "error" {
            build.errors.push(CompilerError::new(message));
            build.messages += message["rendered"].as_str().unwrap_or_default();
        }
    }
    build.messages += &String::from_utf8_lossy(&output.stderr);
    Ok(build)
}

impl CompilerError {
    fn new(message: &Value) -> CompilerError {
        let code = [&message["code"]["code"], &message["message"]];
        let code = code.into_iter().find_map(Value::as_str).unwrap_or_default();
        let spans_of = |message: &Value| message["spans"].as_array().cloned().unwrap_or_default();
        let mut spans = spans_of(message);
        spans.sort_by_key(|span| span["is_primary"] != true);
        let notes = message["children"].as_array().into_iter().flatten();
        spans.extend(notes.flat_map(spans_of));
        let location = |span: &Value| {
            let byte = |name: &str| usize::try_from(span[name].as_u64()?).ok();
            let range = byte("byte_start")?..byte("byte_end")?;
            Some((span["file_name"].as_str()?.to_owned(), range))
        };
        CompilerError {
            code: code.to_owned(),
            locations: spans.iter().filter_map(location).collect(),
        }
    }

    /// Returns the numbers of the mutants that cause the error: the one at a location, or else
    /// those inside of one.
    fn mutants(&self, files: &[InstrumentedFile]) -> Vec<usize> {
        let locations = self.locations.iter().filter_map(|(path, range)| {
            let file = files.iter().find(|file| file.path == *path)?;
            Some((file, range))
        });
        let at = |(file, range): (&InstrumentedFile, &Range<usize>)| file.mutant_at(range.start);
        if let Some(number) = locations.clone().find_map(at) {
            return vec![number];
        }
        let mut inside = locations.map(|(file, range)| file.mutants_in(range));
        inside
            .find(|mutants| !mutants.is_empty())
            .unwrap_or_default()
    }
}
