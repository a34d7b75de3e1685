//! `specs/gallery.toml`: the clients of a workspace and their sources.

mod client;
mod code;
pub mod edit;
mod offset;
mod read;
mod sources;
#[cfg(test)]
mod tests;

pub use client::{ClientConfig, Config, CrateSettings, DEFAULT_APIS_IO, DEFAULT_SOURCE};
pub use code::{ALL_TYPES, CodeOptions, OptionValue, TagFeatures};
pub use offset::PATH;
pub use read::{PACKAGE_NAME, is_package_name, parse};
