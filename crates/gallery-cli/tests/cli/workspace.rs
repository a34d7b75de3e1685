//! A workspace of its own for each test, and the program run in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::SystemTime;

use gallery_spec::lock::{self, Lock, LockedFile, Origin, Snapshot};
use tempfile::TempDir;

/// The generated crate, from the root.
pub(crate) const CRATE: &str = "crates/gallery-mattermost";
/// The snapshot's folder, from the root.
pub(crate) const LISTING: &str = "specs/mattermost/listing";
/// The names, from the root.
pub(crate) const NAMES: &str = "specs/mattermost/names.toml";

/// What people know of the API, from the root.
pub(crate) const OVERLAY: &str = "specs/mattermost/overlay.yaml";

/// The files that a run makes, from the root.
pub(crate) const GENERATED: &[&str] = &[
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

/// A folder with `specs/`, one below a folder of its own, so that a file written beside it is noticed.
pub(crate) struct Workspace {
    outer: TempDir,
}

/// How a run ended and what it said.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Everything that can be seen of an entry of a folder, but for the contents of very large files.
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

/// The entries below a folder, by path from it.
pub(crate) type Tree = BTreeMap<String, Entry>;

impl Workspace {
    /// A workspace without any client.
    pub(crate) fn empty() -> Workspace {
        let workspace = Workspace {
            outer: TempDir::new().unwrap(),
        };
        fs::create_dir(workspace.root()).unwrap();
        workspace
    }

    /// This workspace's `specs/`, and nothing generated but what stands in there.
    pub(crate) fn fresh() -> Workspace {
        let workspace = Workspace::empty();
        copy(
            Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../specs")),
            &workspace.path("specs"),
        );
        workspace
    }

    /// A workspace after a run.
    pub(crate) fn generated() -> Workspace {
        static FILES: OnceLock<BTreeMap<String, Vec<u8>>> = OnceLock::new();
        let made = FILES.get_or_init(|| {
            let workspace = Workspace::fresh();
            assert_eq!(workspace.regen(&[]).code, Some(0));
            workspace.contents()
        });
        let workspace = Workspace::empty();
        made.iter()
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

    /// Replaces something that is in the file.
    pub(crate) fn replace(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no {from:?}");
        self.write(path, text.replace(from, to));
    }

    /// Changes the lock.
    pub(crate) fn lock(&self, change: impl FnOnce(&mut Lock)) {
        let text = fs::read_to_string(self.path(lock::PATH)).ok();
        let mut lock = text.map_or_else(Lock::default, |text| Lock::parse(&text).unwrap());
        change(&mut lock);
        self.write(lock::PATH, lock.render().unwrap());
    }

    /// Makes the lock say of a client's snapshot what is on disk.
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
                    files,
                },
            );
        });
    }

    /// The program, ready to be started at the root, with nothing of the surrounding `cargo test` about it.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gallery"));
        command
            .args(args)
            .current_dir(self.root())
            .stdin(Stdio::null());
        // What surrounds a test is no part of it.
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
        let output = self.command(args).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let output = Output {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        };
        let outer = self.outer.path().to_str().unwrap();
        assert!(
            !output.stdout.contains(outer) && !output.stderr.contains(outer),
            "paths are shown from the root: {output:?}"
        );
        output
    }

    pub(crate) fn regen(&self, args: &[&str]) -> Output {
        self.gallery(&[&["regen"], args].concat())
    }

    /// Everything in and around the workspace. Paths below the root begin with `workspace/`.
    pub(crate) fn tree(&self) -> Tree {
        let mut tree = Tree::new();
        walk(self.outer.path(), "", &mut tree);
        tree
    }

    /// The same, but for the time at which something was last put into the root or taken out of it: what comes over the network waits
    /// there until all is here.
    pub(crate) fn settled(&self) -> Tree {
        let mut tree = self.tree();
        tree.remove("workspace");
        tree
    }

    /// The files below the root.
    pub(crate) fn contents(&self) -> BTreeMap<String, Vec<u8>> {
        let below = |(path, entry): (String, Entry)| match entry {
            Entry::File { bytes, .. } => Some((path.strip_prefix("workspace/")?.to_owned(), bytes)),
            Entry::Folder { .. } | Entry::Link(_) => None,
        };
        self.tree().into_iter().filter_map(below).collect()
    }
}

/// The JSON of a file. JSON is YAML, but for characters that YAML wants to be escaped, and so the specs' own reader reads it.
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

/// JSON as YAML in ASCII.
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
    /// The exit status, and under it what was printed.
    pub(crate) fn shown(&self) -> String {
        let said = |name: &str, text: &str| {
            if text.is_empty() {
                String::new()
            } else {
                format!("-- {name} --\n{text}")
            }
        };
        format!(
            "exit {}\n{}{}",
            self.code.unwrap_or(-1),
            said("out", &self.stdout),
            said("err", &self.stderr)
        )
    }

    /// What a comparison found: the lines with a kind of staleness and a path.
    pub(crate) fn stale(&self) -> Vec<String> {
        let kinds = ["missing", "changed", "orphaned"];
        let all = self
            .stdout
            .lines()
            .filter_map(|line| line.trim_start().split_once("  "));
        all.filter(|(kind, _)| kinds.contains(kind))
            .map(|(kind, path)| format!("{kind} {path}"))
            .collect()
    }
}

/// Says on the error output, past whatever captures the output of tests, why a test shows nothing here.
pub(crate) fn skipped(reason: &str) {
    let _ = writeln!(std::io::stderr().lock(), "skipped: {reason}");
}

/// Copies a folder with all that is in it.
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
