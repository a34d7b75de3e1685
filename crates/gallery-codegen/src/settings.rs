//! The settings for the code of a client.

use gallery_spec::config::{ClientConfig, CodeOptions};
use gallery_spec::names::{Names, TypeNames};
use openapi_text::Location;

/// The code of the error about an option without effect.
pub(crate) const UNUSED_OPTION: &str = "option-unused";

/// The settings for the code of a client.
#[derive(Clone, Debug, Default)]
pub struct CodeSettings {
    /// The options of the client's table in `gallery.toml`.
    pub options: CodeOptions,
    /// The names that users gave to types, by the names that the generator would choose.
    pub type_names: TypeNames,
    /// The path of `names.toml` for messages.
    pub names_file: String,
    /// The name of the library. Without it, methods have no examples, which need its name.
    pub library: Option<String>,
}

impl CodeSettings {
    /// Returns the settings of a client crate. `names_file` is the path of its `names.toml`.
    pub(crate) fn of(client: &ClientConfig, names: &Names, names_file: String) -> CodeSettings {
        CodeSettings {
            options: client.code.clone(),
            type_names: names.types().clone(),
            names_file,
            library: Some(library_name(client)),
        }
    }

    /// Returns the place of a type's name.
    pub(crate) fn place_of_name(&self, generated: &str) -> Location {
        Location::pointer(&self.names_file, format!("/types/{generated}"))
    }
}

/// Returns the name of the client's library.
pub(crate) fn library_name(client: &ClientConfig) -> String {
    client.package.replace('-', "_")
}
