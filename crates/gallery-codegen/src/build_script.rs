//! Generates a client at build time. The code is the same as that of `regen`.
//!
//! ```no_run
//! // build.rs
//! use gallery_codegen::{BuildSettings, build_script};
//!
//! fn main() -> Result<(), build_script::Error> {
//!     build_script(BuildSettings::listing("specs/mattermost/listing").named("mattermost"))
//! }
//! ```
//!
//! In a workspace with `specs/gallery.toml`, [`BuildSettings::client`] uses the same inputs as
//! `regen`: all listings of a client, its overlay and its names.
//!
//! ```text
//! // src/main.rs, which depends on gallery-runtime, serde and serde_json
//! #[allow(dead_code, unused_imports, reason = "a program seldom uses every operation")]
//! mod mattermost {
//!     include!(concat!(env!("OUT_DIR"), "/mattermost.rs"));
//! }
//! ```

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use gallery_spec::canonical::Canonical;
use gallery_spec::config::{self, CodeOptions, OptionValue, TagFeatures};
use gallery_spec::draft::Choices;
use gallery_spec::draft::{FileSet, RawFile};
use gallery_spec::listings::{self, Documents, Listing};
use gallery_spec::lock;
use gallery_spec::names::Names;
use gallery_spec::pipeline;
use gallery_spec::workspace::{ClientInputs, LoadError, Workspace, names_path};
use openapi_text::{Diagnostics, FileError, Location, Severity};

use crate::conformance::conformance;
use crate::generate::{Code, code};
use crate::mock::mock;
use crate::package::with_header;
use crate::settings::CodeSettings;

/// The settings of [`build_script`].
#[derive(Clone, Debug)]
pub struct BuildSettings {
    source: Source,
    names: Option<PathBuf>,
    name: String,
    /// The library that the conformance tests check.
    library: Option<String>,
    mock: bool,
    options: CodeOptions,
}

#[derive(Clone, Debug)]
enum Source {
    /// The root of the workspace and the name of the client.
    Client(PathBuf, String),
    Listing(PathBuf),
    Document(PathBuf),
}

impl BuildSettings {
    /// Generates a client of `specs/gallery.toml` below `root`, with the names of its `names.toml`.
    pub fn client(root: impl Into<PathBuf>, name: impl Into<String>) -> Self {
        BuildSettings::new(Source::Client(root.into(), name.into()))
    }

    /// Generates a client from a listing: a directory with `apis.md` and documents.
    pub fn listing(directory: impl Into<PathBuf>) -> Self {
        BuildSettings::new(Source::Listing(directory.into()))
    }

    /// Generates a client from an OpenAPI 3.0 document in JSON.
    pub fn document(file: impl Into<PathBuf>) -> Self {
        BuildSettings::new(Source::Document(file.into()))
    }

    fn new(source: Source) -> Self {
        BuildSettings {
            source,
            names: None,
            name: "client".to_owned(),
            library: None,
            mock: false,
            options: CodeOptions::default(),
        }
    }

    /// Reads the names of operations from `file`, a `names.toml`. By default, names come from the
    /// listing and may change with it.
    #[must_use]
    pub fn with_names(mut self, file: impl Into<PathBuf>) -> Self {
        self.names = Some(file.into());
        self
    }

    /// Sets the name of the output files, which is `client` by default. The code is written to
    /// `OUT_DIR/<name>.rs` and the document to `OUT_DIR/<name>.json`.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Also writes the adapters for conformance tests, to `OUT_DIR/<name>_adapters.rs`. The root of
    /// the crate `library` must export the client, and the methods have examples that use its name.
    /// Pass the adapters to `conformance::Suite` of gallery-testkit, which is behind the feature
    /// `conformance`.
    #[must_use]
    pub fn with_conformance(mut self, library: impl Into<String>) -> Self {
        self.library = Some(library.into());
        self
    }

    /// Adds derive macros to a type, or to all types if `name` is `*`. The crate must depend on
    /// the packages of the macros.
    #[must_use]
    pub fn with_derives<P: Into<String>>(
        mut self,
        name: impl Into<String>,
        paths: impl IntoIterator<Item = P>,
    ) -> Self {
        let value = paths.into_iter().map(Into::into).collect();
        self.options.derives.insert(name.into(), option(value));
        self
    }

    /// Uses the type at `path` instead of the generated type `name`. It must be `Clone`, `Debug`,
    /// `PartialEq`, and have serde's traits.
    #[must_use]
    pub fn with_replaced_type(mut self, name: impl Into<String>, path: impl Into<String>) -> Self {
        let option = option(path.into());
        self.options.replaced_types.insert(name.into(), option);
        self
    }

    /// Generates no type for values with this format, such as `uri`.
    #[must_use]
    pub fn with_plain_format(mut self, format: impl Into<String>) -> Self {
        let place = Location::file("build.rs");
        self.options.plain_formats.insert(format.into(), place);
        self
    }

    /// Makes structs `#[non_exhaustive]`, so that new fields do not break other crates.
    #[must_use]
    pub fn with_non_exhaustive(mut self) -> Self {
        self.options.non_exhaustive = true;
        self
    }

    /// Puts the methods of a listing into groups by their tags, as `client.issues().list()`. For a
    /// document, these are the operations whose `operationId` is `group.method`.
    #[must_use]
    pub fn with_grouped_methods(mut self) -> Self {
        self.options.grouped_methods = true;
        self
    }

    /// Also writes the mock server of the client, to `OUT_DIR/<name>_mock.rs`. Include it in the
    /// submodule `mock` of the client. The module of the client must define `OPENAPI`, the document
    /// as a `&str`. The crate must depend on gallery-testkit.
    #[must_use]
    pub fn with_mock(mut self) -> Self {
        self.mock = true;
        self
    }
}

/// Returns an option that a build script sets.
fn option<T>(value: T) -> OptionValue<T> {
    OptionValue {
        value,
        place: Location::file("build.rs"),
    }
}

/// An error from [`build_script`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `OUT_DIR` is not set, so the caller is not a build script.
    #[error("OUT_DIR is not set: this function is for build scripts")]
    NoOutDir,
    /// A file could not be read or written.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// The path of the file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// `names.toml` is not valid.
    #[error(transparent)]
    Names(#[from] FileError),
    /// No client can be generated from the listing or the document.
    #[error("{0}")]
    Content(String),
    /// The specs of the client could not be read.
    #[error("{root}: {source}", root = root.display())]
    Specs {
        /// The root of the workspace. Paths in messages are relative to it.
        root: PathBuf,
        /// The cause.
        source: LoadError,
    },
}

/// Generates a client into `OUT_DIR`, and prints its inputs as `cargo::rerun-if-changed`.
pub fn build_script(settings: BuildSettings) -> Result<(), Error> {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or(Error::NoOutDir)?);
    let mut read = Vec::new();
    let files = generate(&settings, &mut read);
    // Paths are also printed after an error, so that cargo reruns the script after the fix.
    for path in &read {
        println!("cargo::rerun-if-changed={}", path.display());
    }
    for (name, text) in files? {
        let path = out.join(name);
        fs::write(&path, text).map_err(|source| Error::Io { path, source })?;
    }
    Ok(())
}

/// Returns the names and contents of the generated files. Adds each input path to `read`.
fn generate(
    settings: &BuildSettings,
    read: &mut Vec<PathBuf>,
) -> Result<Vec<(String, String)>, Error> {
    let mut diagnostics = Diagnostics::default();
    let Input {
        file,
        canonical,
        settings: code_settings,
    } = input(settings, read, &mut diagnostics)?;
    let code = canonical
        .as_ref()
        .and_then(|canonical| code(&file, canonical, &code_settings, &mut diagnostics))
        .filter(|_| !diagnostics.has_errors());
    let Some(Code {
        reduced,
        lowered,
        client: code,
    }) = code
    else {
        let errors: Vec<String> = diagnostics
            .of(Severity::Error)
            .map(ToString::to_string)
            .collect();
        return Err(Error::Content(errors.join("\n")));
    };
    let header = format!("Generated by gallery_codegen::build_script from {file}.");
    let document = reduced
        .canonical
        .render()
        .map_err(|error| Error::Content(error.to_string()))?;
    let name = &settings.name;
    let mut files = vec![
        (format!("{name}.rs"), with_header(&header, code.text())),
        (format!("{name}.json"), document),
    ];
    if let Some(library) = &settings.library {
        // Without features for tags, the adapters are one file.
        let adapters = conformance(&lowered, &code, library).into_iter().next();
        files.extend(adapters.map(|file| {
            let text = with_header(&header, &file.text);
            (format!("{name}_adapters.rs"), text)
        }));
    }
    if settings.mock {
        files.push((
            format!("{name}_mock.rs"),
            with_header(&header, &mock(lowered.bindings(), &code)),
        ));
    }
    Ok(files)
}

/// The document and the settings of a client.
struct Input {
    /// The path of the source.
    file: String,
    /// The canonical document, unless there are errors.
    canonical: Option<Canonical>,
    settings: CodeSettings,
}

fn input(
    settings: &BuildSettings,
    read: &mut Vec<PathBuf>,
    diagnostics: &mut Diagnostics,
) -> Result<Input, Error> {
    let mut code_settings = CodeSettings {
        options: settings.options.clone(),
        library: settings.library.clone(),
        ..CodeSettings::default()
    };
    let mut names = None;
    if let Some(path) = &settings.names {
        code_settings.names_file = path.display().to_string();
        let text = read_text(path, read)?;
        names = Some(Names::parse(&code_settings.names_file, &text)?);
    }
    let (file, canonical) = match &settings.source {
        Source::Client(root, name) => {
            let mut inputs = inputs(root, name, read).map_err(|source| Error::Specs {
                root: root.clone(),
                source,
            })?;
            if names.is_none() {
                code_settings.names_file = names_path(&inputs.config);
            }
            let names = names.get_or_insert_with(|| inputs.names.clone());
            std::mem::swap(diagnostics, &mut inputs.diagnostics);
            let output = inputs.output(names, diagnostics);
            let options = &mut code_settings.options;
            *options = merged(&inputs.config.code, options);
            (
                root.join(inputs.config.specs_dir()).display().to_string(),
                output.map(|output| output.canonical),
            )
        }
        Source::Document(path) => {
            let text = read_text(path, read)?;
            let canonical = Canonical::parse(&text)
                .map_err(|error| Error::Content(format!("{}: {error}", path.display())))?;
            (path.display().to_string(), Some(canonical))
        }
        Source::Listing(directory) => {
            let listing = listing(directory, read)?;
            let input = Listing::new(&listing, Documents::default());
            let draft = listings::draft(&[input], &Choices::new(), diagnostics);
            let grouped = settings.options.grouped_methods;
            let names = names.get_or_insert_with(|| Names::empty().grouped(grouped));
            let output = draft.and_then(|mut draft| {
                // Generated files must not contain paths of this machine.
                draft.provenance.source.clear();
                pipeline::finish(&draft, None, names, diagnostics)
            });
            let canonical = output.map(|output| output.canonical);
            (directory.display().to_string(), canonical)
        }
    };
    code_settings.type_names = names.map(|names| names.types().clone()).unwrap_or_default();
    Ok(Input {
        file,
        canonical,
        settings: code_settings,
    })
}

/// Returns the options of a client, replaced and extended by those of a build script.
fn merged(of_client: &CodeOptions, own: &CodeOptions) -> CodeOptions {
    let mut options = of_client.clone();
    // The code is one file, and the manifest of the crate is not generated.
    options.tag_features = TagFeatures::Off;
    options.dependencies.clear();
    options.derives.extend(own.derives.clone());
    options.replaced_types.extend(own.replaced_types.clone());
    options.plain_formats.extend(own.plain_formats.clone());
    options.non_exhaustive |= own.non_exhaustive;
    options.grouped_methods |= own.grouped_methods;
    options
}

/// Reads the inputs of a client.
fn inputs(root: &Path, name: &str, read: &mut Vec<PathBuf>) -> Result<ClientInputs, LoadError> {
    read.extend([config::PATH, lock::PATH].map(|path| root.join(path)));
    let workspace = Workspace::read(root)?;
    let client = workspace.clients(Some(name))?.remove(0);
    read.push(root.join(client.specs_dir()));
    workspace.inputs(&client)
}

/// Reads the files of a listing, sorted by path.
fn listing(directory: &Path, read: &mut Vec<PathBuf>) -> Result<FileSet, Error> {
    read.push(directory.to_owned());
    let io_error = |path: &Path, source| Error::Io {
        path: path.to_owned(),
        source,
    };
    let mut listing = FileSet {
        name: directory.display().to_string(),
        files: Vec::new(),
    };
    for entry in fs::read_dir(directory).map_err(|error| io_error(directory, error))? {
        let path = entry.map_err(|error| io_error(directory, error))?.path();
        if path.is_file() {
            let bytes = fs::read(&path).map_err(|error| io_error(&path, error))?;
            listing
                .files
                .push(RawFile::new(path.display().to_string(), bytes));
        }
    }
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
mod tests;
