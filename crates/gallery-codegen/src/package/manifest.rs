//! The manifest of a client.

use gallery_spec::canonical::Canonical;
use gallery_spec::config::ClientConfig;

use crate::code::{ALL_OPERATIONS, ClientCode, Group, Groups};

/// The features of the runtime that each client passes on.
const RUNTIME_FEATURES: [&str; 13] = [
    "rustls",
    "native-tls",
    "http2",
    "gzip",
    "brotli",
    "zstd",
    "blocking",
    "oauth2",
    "tower",
    "tracing",
    "chrono",
    "jiff",
    "uuid",
];

/// Writes the manifest.
pub(super) fn manifest(
    client: &ClientConfig,
    canonical: &Canonical,
    code: &ClientCode,
    library: &str,
    header: &str,
) -> String {
    let title = &canonical.document().info.title;
    let description = toml_string(&format!("Typed client for the {title} API"));
    let (name, version) = (&client.package, &client.version);
    let runtime = workspace_crate(client, "gallery-runtime");
    let testkit = workspace_crate(client, "gallery-testkit");
    let (defaults, tags) = match code.groups() {
        None => ("\"rustls\"".to_owned(), String::new()),
        Some(groups) => (
            format!("\"rustls\", \"{ALL_OPERATIONS}\""),
            tag_features(groups),
        ),
    };
    let runtime_features: String = RUNTIME_FEATURES
        .iter()
        .map(|feature| format!("{feature} = [\"gallery-runtime/{feature}\"]\n"))
        .collect();
    let dependencies = client.code.dependencies.iter();
    let dependencies: String = dependencies
        .map(|(name, value)| format!("{name} = {value}\n"))
        .collect();
    format!(
        r#"# {header}

[package]
name = "{name}"
version = "{version}"
description = {description}
edition = "2024"
rust-version = "1.88"
license = "MIT OR Apache-2.0"
readme = "README.md"
autolib = false
autobins = false
autoexamples = false
autotests = false
autobenches = false
build = false

[lib]
name = "{library}"
path = "src/lib.rs"

[[test]]
name = "conformance"
path = "tests/conformance.rs"
harness = false

[features]
default = [{defaults}]
{runtime_features}mock = ["dep:gallery-testkit"]
{tags}
[dependencies]
gallery-runtime = {{ {runtime}, default-features = false }}
gallery-testkit = {{ {testkit}, optional = true }}
serde = {{ version = "1", features = ["derive"] }}
serde_json = "1"
{dependencies}
[dev-dependencies]
gallery-testkit = {{ {testkit}, features = ["conformance"] }}
tokio = {{ version = "1", features = ["macros", "rt"] }}

[package.metadata.docs.rs]
features = ["blocking", "oauth2", "tracing", "mock"]
rustdoc-args = ["--cfg", "docsrs"]
"#
    )
}

/// Returns the features of tags, and one that enables all of them.
fn tag_features(groups: &Groups) -> String {
    let features: Vec<String> = groups.groups.iter().map(Group::feature).collect();
    let mut text = format!("{ALL_OPERATIONS} = [\n");
    for feature in &features {
        text.push_str(&format!("    \"{feature}\",\n"));
    }
    text.push_str("]\n");
    for feature in &features {
        text.push_str(&format!("{feature} = []\n"));
    }
    text
}

/// Returns the TOML keys of a dependency on a crate of this workspace.
///
/// The keys are its version, and its path if `gallery.toml` has the key `runtime`.
fn workspace_crate(client: &ClientConfig, name: &str) -> String {
    let version = format!("version = \"{}\"", env!("CARGO_PKG_VERSION"));
    let Some(folder) = &client.crates.runtime else {
        return version;
    };
    let path = match folder.as_str() {
        "crates" => format!("../{name}"),
        absolute if absolute.starts_with('/') || absolute.contains(':') => {
            format!("{absolute}/{name}")
        }
        relative => format!("../../{relative}/{name}"),
    };
    format!("path = {}, {version}", toml_string(&path))
}

/// Returns a quoted TOML string on one line.
fn toml_string(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || openapi_text::is_unprintable(c))
        .filter(|word| !word.is_empty())
        .collect();
    let mut quoted = String::from("\"");
    for c in words.join(" ").chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_toml_strings() {
        assert_eq!(
            toml_string("a \"b\"\\\n[dependencies]\u{7f}x\u{202e}\u{e0041}y"),
            r#""a \"b\"\\ [dependencies] x y""#
        );
    }
}
