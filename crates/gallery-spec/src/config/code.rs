//! The options for the code of a client.

use std::collections::BTreeMap;

use openapi_text::Location;
use toml::Spanned;

use super::offset::{OffsetError, location};

/// The key of [`CodeOptions::derives`] for all types.
pub const ALL_TYPES: &str = "*";

/// The dependencies of every client.
const OWN_DEPENDENCIES: &[&str] = &[
    "gallery-runtime",
    "gallery-testkit",
    "serde",
    "serde_json",
    "tokio",
];

/// The setting for clients with a module and a cargo feature for each tag of their operations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TagFeatures {
    /// There are no such features.
    #[default]
    Off,
    /// There are such features.
    On,
    /// There are such features if the client is large. `gallery.toml` never says so, because a
    /// client that grows would otherwise take operations from users of
    /// `default-features = false`.
    IfLarge,
}

/// The options for the code of a client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeOptions {
    /// The setting for cargo features of tags.
    pub tag_features: TagFeatures,
    /// Paths of derive macros that types have in addition, by type name. The key [`ALL_TYPES`]
    /// stands for all types.
    pub derives: BTreeMap<String, OptionValue<Vec<String>>>,
    /// Paths of types that replace generated ones, by type name.
    pub replaced_types: BTreeMap<String, OptionValue<String>>,
    /// Formats of the document whose values have no type of their own, such as `uri`.
    pub plain_formats: BTreeMap<String, Location>,
    /// True if structs can get fields in a minor version: they are `#[non_exhaustive]`.
    pub non_exhaustive: bool,
    /// True if methods are in groups, as `client.issues().list()`.
    pub grouped_methods: bool,
    /// Dependencies in addition, as TOML values by package name.
    pub dependencies: BTreeMap<String, String>,
}

impl CodeOptions {
    /// Returns the options of a new client, which has features for tags if it is large.
    pub fn of_new_client() -> CodeOptions {
        CodeOptions {
            tag_features: TagFeatures::IfLarge,
            ..CodeOptions::default()
        }
    }
}

/// The value of an option, and its place in `gallery.toml` for messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionValue<T> {
    /// The value.
    pub value: T,
    /// The place.
    pub place: Location,
}

/// The keys of a client's table that are options for its code.
pub(super) struct CodeKeys<'a> {
    pub(super) tag_features: bool,
    pub(super) derives: &'a BTreeMap<Spanned<String>, Vec<Spanned<String>>>,
    pub(super) replaced_types: &'a BTreeMap<Spanned<String>, Spanned<String>>,
    pub(super) plain_formats: &'a [Spanned<String>],
    pub(super) non_exhaustive: bool,
    pub(super) grouped_methods: bool,
    pub(super) dependencies: &'a BTreeMap<Spanned<String>, toml::Value>,
}

impl CodeKeys<'_> {
    /// Reads the options. `text` is the text of `gallery.toml`.
    pub(super) fn read(&self, text: &str) -> Result<CodeOptions, OffsetError> {
        let mut options = CodeOptions {
            tag_features: match self.tag_features {
                true => TagFeatures::On,
                false => TagFeatures::Off,
            },
            non_exhaustive: self.non_exhaustive,
            grouped_methods: self.grouped_methods,
            ..CodeOptions::default()
        };
        for (name, macros) in self.derives {
            if name.get_ref() != ALL_TYPES {
                check_type_name(name)?;
            }
            macros.iter().try_for_each(check_path)?;
            let value = OptionValue {
                value: macros.iter().map(|path| path.get_ref().clone()).collect(),
                place: location(text, name.span().start),
            };
            options.derives.insert(name.get_ref().clone(), value);
        }
        for (name, path) in self.replaced_types {
            check_type_name(name)?;
            check_path(path)?;
            let value = OptionValue {
                value: path.get_ref().clone(),
                place: location(text, name.span().start),
            };
            options.replaced_types.insert(name.get_ref().clone(), value);
        }
        for format in self.plain_formats {
            let place = location(text, format.span().start);
            options
                .plain_formats
                .insert(format.get_ref().clone(), place);
        }
        for (name, value) in self.dependencies {
            options
                .dependencies
                .insert(name.get_ref().clone(), dependency(name, value)?);
        }
        Ok(options)
    }
}

fn check_type_name(name: &Spanned<String>) -> Result<(), OffsetError> {
    match is_identifier(name.get_ref()) {
        true => Ok(()),
        false => Err((
            name.span().start,
            format!("`{}` is not the name of a type", name.get_ref()),
        )),
    }
}

fn check_path(path: &Spanned<String>) -> Result<(), OffsetError> {
    let text = path.get_ref();
    let mut segments = text.strip_prefix("::").unwrap_or(text).split("::");
    match segments.all(is_identifier) {
        true => Ok(()),
        false => Err((
            path.span().start,
            format!("`{text}` is not a path in Rust, such as `money::Amount`"),
        )),
    }
}

fn is_identifier(text: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(is_word)
}

/// Returns the value of a dependency as TOML on one line.
fn dependency(name: &Spanned<String>, value: &toml::Value) -> Result<String, OffsetError> {
    let (at, name) = (name.span().start, name.get_ref());
    if !is_identifier(&name.replace('-', "_")) {
        return Err((at, format!("`{name}` is not the name of a package")));
    }
    if OWN_DEPENDENCIES.contains(&name.as_str()) {
        return Err((
            at,
            format!("every client depends on `{name}` already; remove it"),
        ));
    }
    match value {
        toml::Value::String(_) | toml::Value::Table(_) => Ok(value.to_string()),
        _ => Err((
            at,
            format!("the dependency `{name}` must be a version or a table, as in Cargo.toml"),
        )),
    }
}
