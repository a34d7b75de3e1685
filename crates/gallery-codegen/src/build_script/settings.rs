//! The settings of build scripts.

use std::path::PathBuf;

use gallery_spec::config::{CodeOptions, OptionValue};
use openapi_text::Location;

/// The settings of [`build_script`](crate::build_script()).
#[derive(Clone, Debug)]
pub struct BuildSettings {
    pub(super) source: Source,
    pub(super) names: Option<PathBuf>,
    pub(super) name: String,
    /// The library that the conformance tests check.
    pub(super) library: Option<String>,
    pub(super) mock: bool,
    pub(super) options: CodeOptions,
}

#[derive(Clone, Debug)]
pub(super) enum Source {
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
