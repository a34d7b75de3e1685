//! A temporary workspace, and the programs that run in it.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::page::root;

/// The directory of the mirror that has the committed listing of Mattermost.
const LISTING: &str = "streamdata-gallery-topics__memberships/_listings/mattermost";

/// A temporary workspace, with a mirror and a checkout of this repository beside it.
pub(crate) struct Workspace(TempDir);

/// A program of this repository with its arguments.
pub(crate) struct Program {
    path: &'static str,
    arguments: Vec<String>,
}

/// Returns the program that a documented command runs; `None` for a command of cargo itself.
pub(crate) fn program(words: &[String]) -> Option<Program> {
    let (path, arguments) = match words {
        [cargo, xtask, arguments @ ..] if cargo == "cargo" && xtask == "xtask" => {
            (env!("CARGO_BIN_EXE_doc-xtask"), arguments)
        }
        [gallery, arguments @ ..] if gallery == "gallery" => {
            (env!("CARGO_BIN_EXE_doc-gallery"), arguments)
        }
        _ => return None,
    };
    Some(Program {
        path,
        arguments: arguments.to_vec(),
    })
}

impl Workspace {
    /// Creates a workspace without files.
    pub(crate) fn empty() -> Workspace {
        let directory = TempDir::new().unwrap();
        fs::create_dir(directory.path().join("workspace")).unwrap();
        copy(
            &root().join("specs/mattermost/listing"),
            &directory.path().join("mirror").join(LISTING),
        );
        for name in ["gallery-derive", "gallery-runtime", "gallery-testkit"] {
            let target = directory.path().join("gallery-clients/crates").join(name);
            fs::create_dir_all(&target).unwrap();
            let manifest = root().join("crates").join(name).join("Cargo.toml");
            fs::copy(manifest, target.join("Cargo.toml")).unwrap();
        }
        Workspace(directory)
    }

    /// Creates a workspace with the specs and the generated crate of this repository.
    pub(crate) fn copy() -> Workspace {
        let workspace = Workspace::empty();
        for path in ["specs", "crates/gallery-mattermost"] {
            copy(&root().join(path), &workspace.root().join(path));
        }
        for path in ["LICENSE-APACHE", "LICENSE-MIT"] {
            if root().join(path).exists() {
                fs::copy(root().join(path), workspace.root().join(path)).unwrap();
            }
        }
        workspace
    }

    fn root(&self) -> std::path::PathBuf {
        self.0.path().join("workspace")
    }

    /// Writes a file.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Commits all files as the branch `main`.
    pub(crate) fn commit(&self) {
        let git = |arguments: &[&str]| {
            let status = Command::new("git")
                .args(["-c", "user.name=a", "-c", "user.email=a@example.org"])
                .args(arguments)
                .current_dir(self.root())
                .status()
                .unwrap();
            assert!(status.success(), "git {arguments:?}");
        };
        git(&["init", "--quiet", "--initial-branch", "main"]);
        git(&["add", "--all"]);
        git(&["commit", "--quiet", "--message", "all"]);
    }

    /// Runs a program. Returns its exit code, and its output followed by its messages.
    pub(crate) fn run(&self, program: &Program, mirror: bool) -> (i32, String) {
        let mut command = self.command(program);
        if mirror {
            command.env("GALLERY_MIRROR", self.0.path().join("mirror"));
        }
        let output = command.output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8(text).unwrap();
        (output.status.code().unwrap(), text)
    }

    /// Starts a program that serves an API, and requests the URL of the API.
    pub(crate) fn serve(&self, program: &Program) -> Result<(), String> {
        let mut server = self
            .command(program)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let first = BufReader::new(server.stdout.take().unwrap()).lines().next();
        let line = first.and_then(Result::ok).unwrap_or_default();
        let address = line
            .split_once("http://")
            .and_then(|(_, url)| url.split('/').next());
        let result = match address.map(TcpStream::connect) {
            Some(Ok(mut stream)) => {
                let mut response = String::new();
                stream.write_all(b"GET / HTTP/1.0\r\n\r\n").unwrap();
                stream.read_to_string(&mut response).unwrap();
                match response.starts_with("HTTP/1.") {
                    true => Ok(()),
                    false => Err(format!("the server responds {response:?}")),
                }
            }
            _ => Err(format!("the first line has no URL: {line:?}")),
        };
        server.kill().unwrap();
        server.wait().unwrap();
        result
    }

    /// Returns a command without the environment of the surrounding `cargo test`. Only loopback is
    /// reachable.
    fn command(&self, program: &Program) -> Command {
        let mut command = Command::new(program.path);
        command
            .args(&program.arguments)
            .current_dir(self.root())
            .stdin(Stdio::null())
            .env("HTTPS_PROXY", "http://127.0.0.1:9");
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
}

/// Copies a directory.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}
