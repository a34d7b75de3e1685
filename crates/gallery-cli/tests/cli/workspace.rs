//! A temporary workspace for each test, and helpers that run the program in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::SystemTime;

use gallery_spec::lock::{self, Lock, LockedFile, Origin, Snapshot};
use tempfile::TempDir;

/// Path of the generated crate from the root.
pub(crate) const CRATE: &str = "crates/gallery-mattermost";
/// Path of the snapshot from the root.
pub(crate) const LISTING: &str = "specs/mattermost/listing";
/// Path of the names file from the root.
pub(crate) const NAMES: &str = "specs/mattermost/names.toml";
/// Path of the overlay from the root.
pub(crate) const OVERLAY: &str = "specs/mattermost/overlay.yaml";

/// Paths of the files that `regen` generates, from the root.
pub(crate) const GENERATED: &[&str] = &[
    "crates/gallery-mattermost/CHANGELOG.md",
    "crates/gallery-mattermost/Cargo.toml",
    "crates/gallery-mattermost/README.md",
    "crates/gallery-mattermost/openapi.json",
    "crates/gallery-mattermost/src/generated.rs",
    "crates/gallery-mattermost/src/lib.rs",
    "crates/gallery-mattermost/src/mock.rs",
    "crates/gallery-mattermost/tests/adapters.rs",
    "crates/gallery-mattermost/tests/conformance.rs",
    "specs/mattermost/names.toml",
    "specs/mattermost/openapi.json",
    "specs/mattermost/report.json",
];

/// A temporary workspace. Its parent folder is also temporary, so tests notice stray files beside
/// the workspace.
pub(crate) struct Workspace {
    outer: TempDir,
}

/// The exit status and the output of a run.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// An entry of a folder. The contents of very large files are omitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    Folder {
        modified: SystemTime,
    },
    File {
        modified: SystemTime,
        size: u64,
        bytes: Vec<u8>,
    },
    Link(PathBuf),
}

/// All entries below a folder, by relative path.
pub(crate) type Tree = BTreeMap<String, Entry>;

impl Workspace {
    /// Creates a workspace without clients.
    pub(crate) fn empty() -> Workspace {
        let workspace = Workspace {
            outer: TempDir::new().unwrap(),
        };
        fs::create_dir(workspace.root()).unwrap();
        workspace
    }

    /// Creates a workspace with a copy of this workspace's `specs/` and without crates.
    pub(crate) fn fresh() -> Workspace {
        let workspace = Workspace::empty();
        copy(
            Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../specs")),
            &workspace.path("specs"),
        );
        workspace
    }

    /// Creates a workspace in which `regen` has run.
    pub(crate) fn generated() -> Workspace {
        static FILES: OnceLock<BTreeMap<String, Vec<u8>>> = OnceLock::new();
        let files = FILES.get_or_init(|| {
            let workspace = Workspace::fresh();
            assert_eq!(workspace.regen(&[]).code, Some(0));
            workspace.contents()
        });
        let workspace = Workspace::empty();
        files
            .iter()
            .for_each(|(path, bytes)| workspace.write(path, bytes));
        workspace
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.outer.path().join("workspace")
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), bytes).unwrap();
    }

    pub(crate) fn remove(&self, path: &str) {
        let path = self.path(path);
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap();
        } else {
            fs::remove_file(path).unwrap();
        }
    }

    pub(crate) fn append(&self, path: &str, text: &str) {
        self.write(path, format!("{}{text}", self.read(path)));
    }

    /// Replaces all occurrences of `from` in a file. There must be at least one.
    pub(crate) fn replace(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} does not contain {from:?}");
        self.write(path, text.replace(from, to));
    }

    /// Edits the lock file.
    pub(crate) fn lock(&self, change: impl FnOnce(&mut Lock)) {
        let text = fs::read_to_string(self.path(lock::PATH)).ok();
        let mut lock = text.map_or_else(Lock::default, |text| Lock::parse(&text).unwrap());
        change(&mut lock);
        self.write(lock::PATH, lock.render().unwrap());
    }

    /// Updates the lock file to match a client's snapshot on disk.
    pub(crate) fn relock(&self, client: &str) {
        let folder = self.path(&format!("specs/{client}/listing"));
        let mut files: Vec<LockedFile> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                let (path, bytes) = (
                    entry.file_name().into_string().unwrap(),
                    fs::read(entry.path()).unwrap(),
                );
                let url = format!("https://raw.githubusercontent.com/{path}");
                LockedFile {
                    path,
                    url,
                    size: bytes.len() as u64,
                    sha256: lock::sha256(&bytes),
                    etag: None,
                }
            })
            .collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        self.lock(|lock| {
            let (origin, listings) = match lock.clients.remove(client) {
                Some(snapshot) => (snapshot.origin, snapshot.listings),
                None => (Origin::Fetched, BTreeSet::new()),
            };
            lock.clients.insert(
                client.to_owned(),
                Snapshot {
                    origin,
                    listings,
                    source: None,
                    files,
                },
            );
        });
    }

    /// Returns a command that runs the program at the root, without the environment variables of
    /// the surrounding `cargo test`.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gallery"));
        command
            .args(args)
            .current_dir(self.root())
            .stdin(Stdio::null());
        for name in [
            "CARGO_MANIFEST_DIR",
            "CARGO_TARGET_DIR",
            "COLUMNS",
            "GALLERY_MIRROR",
        ] {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn gallery(&self, args: &[&str]) -> Output {
        self.output(&mut self.command(args))
    }

    /// Runs a command, and checks that its output has no absolute paths.
    pub(crate) fn output(&self, command: &mut Command) -> Output {
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let output = Output {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        };
        let outer = self.outer.path().to_str().unwrap();
        assert!(
            !output.stdout.contains(outer) && !output.stderr.contains(outer),
            "output must not contain absolute paths: {output:?}"
        );
        output
    }

    pub(crate) fn regen(&self, args: &[&str]) -> Output {
        self.gallery(&[&["regen"], args].concat())
    }

    /// Returns all entries in and around the workspace. Paths below the root begin with
    /// `workspace/`.
    pub(crate) fn tree(&self) -> Tree {
        let mut tree = Tree::new();
        walk(self.outer.path(), "", &mut tree);
        tree
    }

    /// Like `tree`, but without the modification time of the root. A fetch keeps incomplete
    /// downloads in the root and removes them afterwards.
    pub(crate) fn tree_ignoring_root_mtime(&self) -> Tree {
        let mut tree = self.tree();
        tree.remove("workspace");
        tree
    }

    /// Returns the files below the root, with their contents.
    pub(crate) fn contents(&self) -> BTreeMap<String, Vec<u8>> {
        let file_below_root = |(path, entry): (String, Entry)| match entry {
            Entry::File { bytes, .. } => Some((path.strip_prefix("workspace/")?.to_owned(), bytes)),
            Entry::Folder { .. } | Entry::Link(_) => None,
        };
        self.tree()
            .into_iter()
            .filter_map(file_below_root)
            .collect()
    }
}

/// Parses a JSON file with the YAML reader of the specs. JSON is YAML, except for some characters
/// that YAML requires to be escaped.
macro_rules! json {
    ($workspace:expr, $path:expr) => {
        openapi_text::yaml::parse(
            $path,
            $crate::workspace::ascii(&$workspace.read($path)).as_bytes(),
            &mut Default::default(),
        )
        .unwrap()
    };
}
pub(crate) use json;

/// Escapes characters outside of ASCII, so that the JSON text is also YAML.
pub(crate) fn ascii(json: &str) -> String {
    let plain = |c: char| matches!(c, '\n' | ' '..='~');
    json.chars()
        .map(|c| {
            if plain(c) {
                c.to_string()
            } else {
                format!("\\U{:08x}", u32::from(c))
            }
        })
        .collect()
}

impl Output {
    /// Returns the exit status and the output, for snapshots.
    pub(crate) fn shown(&self) -> String {
        let section = |name: &str, text: &str| {
            if text.is_empty() {
                String::new()
            } else {
                format!("-- {name} --\n{text}")
            }
        };
        format!(
            "exit {}\n{}{}",
            self.code.unwrap_or(-1),
            section("out", &self.stdout),
            section("err", &self.stderr)
        )
    }

    /// Returns the stale files in the output of `--check`, each as kind and path.
    pub(crate) fn stale(&self) -> Vec<String> {
        let kinds = ["missing", "changed", "orphaned"];
        let pairs = self
            .stdout
            .lines()
            .filter_map(|line| line.trim_start().split_once("  "));
        pairs
            .filter(|(kind, _)| kinds.contains(kind))
            .map(|(kind, path)| format!("{kind} {path}"))
            .collect()
    }
}

/// Prints why a test is skipped. Bypasses the output capture of the test harness.
pub(crate) fn skipped(reason: &str) {
    let _ = writeln!(std::io::stderr().lock(), "skipped: {reason}");
}

/// Copies a folder recursively.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn walk(folder: &Path, name: &str, tree: &mut Tree) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = entry.path();
        let name = format!("{name}{}", entry.file_name().to_string_lossy());
        let metadata = fs::symlink_metadata(&path).unwrap();
        let (modified, size) = (metadata.modified().unwrap(), metadata.len());
        if metadata.is_dir() {
            walk(&path, &format!("{name}/"), tree);
            tree.insert(name, Entry::Folder { modified });
        } else if metadata.is_symlink() {
            tree.insert(name, Entry::Link(fs::read_link(&path).unwrap()));
        } else {
            let bytes = if size > 1 << 24 {
                Vec::new()
            } else {
                fs::read(&path).unwrap()
            };
            tree.insert(
                name,
                Entry::File {
                    modified,
                    size,
                    bytes,
                },
            );
        }
    }
}
