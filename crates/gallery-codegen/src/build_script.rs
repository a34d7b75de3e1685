//! Generates a client inside `cargo build`: the same code as `regen`, into `OUT_DIR`.
//!
//! ```no_run
//! // build.rs
//! fn main() -> Result<(), gallery_codegen::build_script::Error> {
//!     gallery_codegen::build_script(gallery_codegen::BuildSettings::listing("specs/mattermost/listing").named("mattermost"))
//! }
//! ```
//!
//! In a workspace with `specs/gallery.toml`, [`BuildSettings::client`] takes everything that `regen` takes: all listings of a client, its
//! choices and its names.
//!
//! ```text
//! // src/main.rs: needs the dependencies gallery-runtime, serde and serde_json
//! #[allow(dead_code, unused_imports, reason = "a program seldom uses every operation")]
//! mod mattermost {
//!     include!(concat!(env!("OUT_DIR"), "/mattermost.rs"));
//! }
//! ```

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use gallery_spec::canonical::Canonical;
use gallery_spec::config;
use gallery_spec::draft::Choices;
use gallery_spec::draft::{FileSet, RawFile};
use gallery_spec::listings::{self, Documents, Listing};
use gallery_spec::lock;
use gallery_spec::names::Names;
use gallery_spec::pipeline;
use gallery_spec::workspace::{ClientInputs, LoadError, Workspace};
use openapi_text::{Diagnostics, FileError, Severity};

use crate::conformance::conformance;
use crate::generate::code;
use crate::mock::mock;
use crate::package::rust;

/// What a build script generates from.
#[derive(Clone, Debug)]
pub struct BuildSettings {
    source: Source,
    names: Option<PathBuf>,
    name: String,
    conformance_of: Option<String>,
    mock: bool,
}

#[derive(Clone, Debug)]
enum Source {
    Client(PathBuf, String),
    Listing(PathBuf),
    Document(PathBuf),
}

impl BuildSettings {
    /// From what `specs/gallery.toml` below `root` says of a client. Its names are those of its `names.toml`.
    pub fn client(root: impl Into<PathBuf>, name: impl Into<String>) -> Self {
        BuildSettings::new(Source::Client(root.into(), name.into()))
    }

    /// From the folder of a listing: its `apis.md` and documents.
    pub fn listing(folder: impl Into<PathBuf>) -> Self {
        BuildSettings::new(Source::Listing(folder.into()))
    }

    /// From an OpenAPI 3.0 document in JSON.
    pub fn document(file: impl Into<PathBuf>) -> Self {
        BuildSettings::new(Source::Document(file.into()))
    }

    fn new(source: Source) -> Self {
        BuildSettings {
            source,
            names: None,
            name: "client".to_owned(),
            conformance_of: None,
            mock: false,
        }
    }

    /// Takes the operations' names from this `names.toml`. Without it every name comes from the listing, and may change with it.
    #[must_use]
    pub fn with_names(mut self, file: impl Into<PathBuf>) -> Self {
        self.names = Some(file.into());
        self
    }

    /// Writes `OUT_DIR/<name>.rs` and the document as `OUT_DIR/<name>.json`, instead of `client.rs` and `client.json`.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Writes the adapters for conformance tests as `OUT_DIR/<name>_adapters.rs`, for a library called `library` that has the client
    /// at its top. They go into a `Suite` of gallery-testkit, which has that with its feature `conformance`.
    #[must_use]
    pub fn with_conformance(mut self, library: impl Into<String>) -> Self {
        self.conformance_of = Some(library.into());
        self
    }

    /// Writes the mock of the client as `OUT_DIR/<name>_mock.rs`. It goes into a module `mock` below the client's, which also needs the
    /// document as `OPENAPI`, a text, and the dependency gallery-testkit.
    #[must_use]
    pub fn with_mock(mut self) -> Self {
        self.mock = true;
        self
    }
}

/// Why no client was generated.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not called by a build script.
    #[error("OUT_DIR is not set: this function is for build scripts")]
    NoOutDir,
    /// A file could not be read or written.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// `names.toml` is wrong.
    #[error(transparent)]
    Names(#[from] FileError),
    /// The listing or the document cannot become a client.
    #[error("{0}")]
    Content(String),
    /// The client's specs cannot be read.
    #[error("{root}: {source}", root = root.display())]
    Specs {
        /// The workspace, from which paths in messages are.
        root: PathBuf,
        /// Why.
        source: LoadError,
    },
}

/// Generates a client into `OUT_DIR` and tells cargo what it depends on.
pub fn build_script(settings: BuildSettings) -> Result<(), Error> {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or(Error::NoOutDir)?);
    let mut read = Vec::new();
    let files = generate(&settings, &mut read);
    // Also after an error: mending a file must run the script again.
    for path in &read {
        println!("cargo::rerun-if-changed={}", path.display());
    }
    for (name, text) in files? {
        let path = out.join(name);
        fs::write(&path, text).map_err(|source| Error::Io { path, source })?;
    }
    Ok(())
}

/// File names and texts. Every path that was read is added to `read`.
fn generate(
    settings: &BuildSettings,
    read: &mut Vec<PathBuf>,
) -> Result<Vec<(String, String)>, Error> {
    let mut diagnostics = Diagnostics::default();
    let (file, canonical) = canonical(settings, read, &mut diagnostics)?;
    let code = canonical
        .as_ref()
        .and_then(|canonical| code(&file, canonical, &mut diagnostics));
    let (Some(canonical), Some((lowered, code))) = (canonical, code) else {
        let errors: Vec<String> = diagnostics
            .of(Severity::Error)
            .map(ToString::to_string)
            .collect();
        return Err(Error::Content(errors.join("\n")));
    };
    let header = format!("Generated by gallery_codegen::build_script from {file}.");
    let document = canonical
        .render()
        .map_err(|error| Error::Content(error.to_string()))?;
    let name = &settings.name;
    let mut files = vec![
        (format!("{name}.rs"), rust(&header, &code)),
        (format!("{name}.json"), document),
    ];
    if let Some(library) = &settings.conformance_of {
        files.push((
            format!("{name}_adapters.rs"),
            rust(&header, &conformance(&lowered, &code, library)),
        ));
    }
    if settings.mock {
        files.push((
            format!("{name}_mock.rs"),
            rust(&header, &mock(lowered.bindings(), &code)),
        ));
    }
    Ok(files)
}

fn canonical(
    settings: &BuildSettings,
    read: &mut Vec<PathBuf>,
    diagnostics: &mut Diagnostics,
) -> Result<(String, Option<Canonical>), Error> {
    let parsed_names = |read: &mut Vec<PathBuf>| match &settings.names {
        Some(path) => Ok::<_, Error>(Some(Names::parse(
            &path.display().to_string(),
            &read_text(path, read)?,
        )?)),
        None => Ok(None),
    };
    match &settings.source {
        Source::Client(root, name) => {
            let mut inputs = inputs(root, name, read).map_err(|source| Error::Specs {
                root: root.clone(),
                source,
            })?;
            let mut names = parsed_names(read)?.unwrap_or_else(|| inputs.names.clone());
            std::mem::swap(diagnostics, &mut inputs.diagnostics);
            let made = inputs.output(&mut names, diagnostics);
            Ok((
                root.join(inputs.config.specs_dir()).display().to_string(),
                made.map(|made| made.canonical),
            ))
        }
        Source::Document(path) => {
            let text = read_text(path, read)?;
            let canonical = Canonical::parse(&text)
                .map_err(|error| Error::Content(format!("{}: {error}", path.display())))?;
            Ok((path.display().to_string(), Some(canonical)))
        }
        Source::Listing(folder) => {
            let mut names = parsed_names(read)?.unwrap_or_else(Names::empty);
            let listing = listing(folder, read)?;
            let file = folder.display().to_string();
            let input = Listing::new(&listing, Documents::default());
            let draft = listings::draft(&[input], &Choices::new(), diagnostics);
            let output = draft.and_then(|mut draft| {
                // The path of a folder is private.
                draft.provenance.source.clear();
                pipeline::finish(&draft, None, &mut names, diagnostics)
            });
            Ok((file, output.map(|output| output.canonical)))
        }
    }
}

/// Reads the inputs of a client.
fn inputs(root: &Path, name: &str, read: &mut Vec<PathBuf>) -> Result<ClientInputs, LoadError> {
    read.extend([config::PATH, lock::PATH].map(|path| root.join(path)));
    let workspace = Workspace::read(root)?;
    let client = workspace.clients(Some(name))?.remove(0);
    read.push(root.join(client.specs_dir()));
    workspace.inputs(&client)
}

fn listing(folder: &Path, read: &mut Vec<PathBuf>) -> Result<FileSet, Error> {
    read.push(folder.to_owned());
    let io_error = |path: &Path, source| Error::Io {
        path: path.to_owned(),
        source,
    };
    let mut listing = FileSet {
        name: folder.display().to_string(),
        files: Vec::new(),
    };
    for entry in fs::read_dir(folder).map_err(|error| io_error(folder, error))? {
        let path = entry.map_err(|error| io_error(folder, error))?.path();
        if path.is_file() {
            let bytes = fs::read(&path).map_err(|error| io_error(&path, error))?;
            listing
                .files
                .push(RawFile::new(path.display().to_string(), bytes));
        }
    }
    // Folders are read in the order in which the disk has them.
    listing.files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(listing)
}

fn read_text(path: &Path, read: &mut Vec<PathBuf>) -> Result<String, Error> {
    read.push(path.to_owned());
    fs::read_to_string(path).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPECS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../specs/mattermost");

    fn settings() -> BuildSettings {
        BuildSettings::listing(format!("{SPECS}/listing"))
            .with_names(format!("{SPECS}/names.toml"))
            .named("mattermost")
    }

    /// Without the first line, which says where code comes from.
    fn code(text: &str) -> &str {
        text.split_once('\n').unwrap().1
    }

    #[test]
    fn a_listing_and_names_are_read_and_no_path_of_this_machine_gets_into_the_code() {
        let mut read = Vec::new();
        let files = generate(&settings(), &mut read).unwrap();
        let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["mattermost.rs", "mattermost.json"]);
        assert!(
            code(&files[0].1).contains("pub fn get_team_members(")
                && !code(&files[0].1).contains(SPECS)
        );
        assert_eq!(
            read,
            [format!("{SPECS}/names.toml"), format!("{SPECS}/listing")].map(PathBuf::from)
        );
    }

    #[test]
    fn a_client_of_gallery_toml_and_its_document_give_the_code_that_regen_makes() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
        let files = |settings| generate(&settings, &mut Vec::new()).map(|files| files[0].1.clone());
        let committed =
            fs::read_to_string(format!("{root}/crates/gallery-mattermost/src/generated.rs"))
                .unwrap();
        for settings in [
            BuildSettings::client(root, "mattermost"),
            BuildSettings::document(format!("{SPECS}/openapi.json")),
        ] {
            assert_eq!(code(&files(settings).unwrap()), code(&committed));
        }
        let said = files(BuildSettings::client(root, "nobody"))
            .unwrap_err()
            .to_string();
        assert_eq!(
            said,
            format!("{root}: there is no client `nobody`; specs/gallery.toml has: mattermost")
        );
    }

    #[test]
    fn without_names_they_come_from_the_listing() {
        let files = generate(
            &BuildSettings::listing(format!("{SPECS}/listing")),
            &mut Vec::new(),
        )
        .unwrap();
        assert_eq!(files[0].0, "client.rs");
        assert!(files[0].1.contains("pub fn get_team_members("));
    }

    #[test]
    fn what_cannot_be_generated_from_is_said_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let said = |settings: BuildSettings| {
            let error = generate(&settings, &mut Vec::new())
                .unwrap_err()
                .to_string();
            error.replace(folder.path().to_str().unwrap(), "…")
        };
        assert_eq!(
            said(BuildSettings::listing(folder.path())),
            "error[no-index]: the listing has no index `apis.md`\n  --> …"
        );
        assert_eq!(
            said(BuildSettings::document(folder.path().join("gone"))),
            "…/gone: No such file or directory (os error 2)"
        );
        fs::write(
            folder.path().join("new.json"),
            r#"{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}}"#,
        )
        .unwrap();
        assert_eq!(
            said(BuildSettings::document(folder.path().join("new.json"))),
            "…/new.json: #/openapi: OpenAPI version `3.1.0` is not supported; the supported version is 3.0"
        );
        fs::write(
            folder.path().join("names.toml"),
            "[names]\n\"GET /a\" = \"match\"\n",
        )
        .unwrap();
        assert!(
            said(settings().with_names(folder.path().join("names.toml")))
                .ends_with("--> …/names.toml:2:12")
        );
    }
}
