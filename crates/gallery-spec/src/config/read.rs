//! Parses `gallery.toml`. Every error has a line.

use std::collections::BTreeMap;

use gallery_draft::{Choice, Choices};
use openapi_drift::{Severity, SeverityOverrides, check_rule_id};
use openapi_text::FileError;
use serde::Deserialize;
use toml::Spanned;
use url::Url;

use super::client::{ClientConfig, Config, CrateSettings, DEFAULT_APIS_IO, DEFAULT_SOURCE};
use super::code::CodeKeys;
use super::offset::{OffsetError, location};
use super::sources::{SourceKeys, check_choice};
use crate::source::Source;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    command: Option<Spanned<String>>,
    runtime: Option<Spanned<String>>,
    source: Option<Spanned<String>>,
    #[serde(rename = "apis-io")]
    apis_io: Option<Spanned<String>>,
    #[serde(default)]
    hosts: Vec<Spanned<String>>,
    #[serde(default)]
    drift: Drift,
    #[serde(default)]
    clients: BTreeMap<Spanned<String>, Client>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Drift {
    #[serde(default)]
    severity: BTreeMap<Spanned<String>, Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Client {
    #[serde(rename = "crate")]
    package: Spanned<String>,
    version: Spanned<String>,
    listing: Option<Spanned<String>>,
    listings: Option<Spanned<Vec<Spanned<String>>>>,
    document: Option<Spanned<String>>,
    documents: Option<Spanned<toml::Value>>,
    index: Option<Spanned<String>>,
    apis: Option<Spanned<Vec<Spanned<String>>>>,
    #[serde(rename = "all-components")]
    all_components: Option<Spanned<bool>>,
    #[serde(default, rename = "tag-features")]
    tag_features: bool,
    #[serde(default)]
    derives: BTreeMap<Spanned<String>, Vec<Spanned<String>>>,
    #[serde(default, rename = "replaced-types")]
    replaced_types: BTreeMap<Spanned<String>, Spanned<String>>,
    #[serde(default, rename = "plain-formats")]
    plain_formats: Vec<Spanned<String>>,
    #[serde(default, rename = "non-exhaustive")]
    non_exhaustive: bool,
    #[serde(default, rename = "grouped-methods")]
    grouped_methods: bool,
    #[serde(default)]
    dependencies: BTreeMap<Spanned<String>, toml::Value>,
    #[serde(default)]
    choices: BTreeMap<Spanned<String>, Spanned<String>>,
}

impl Client {
    fn source_keys<'a>(&'a self, at: usize, name: &'a str) -> SourceKeys<'a> {
        SourceKeys {
            at,
            name,
            listing: self.listing.as_ref(),
            listings: self.listings.as_ref(),
            document: self.document.as_ref(),
            documents: self.documents.as_ref(),
            index: self.index.as_ref(),
            apis: self.apis.as_ref(),
        }
    }

    fn code_keys(&self) -> CodeKeys<'_> {
        CodeKeys {
            tag_features: self.tag_features,
            derives: &self.derives,
            replaced_types: &self.replaced_types,
            plain_formats: &self.plain_formats,
            non_exhaustive: self.non_exhaustive,
            grouped_methods: self.grouped_methods,
            dependencies: &self.dependencies,
        }
    }
}

/// Parses `gallery.toml`.
pub fn parse(text: &str) -> Result<Config, FileError> {
    let error = |offset: usize, message: String| FileError {
        location: location(text, offset),
        message,
    };
    let file: File = toml::from_str(text).map_err(|failed| {
        error(
            failed.span().map_or(0, |span| span.start),
            failed.message().trim_end().to_owned(),
        )
    })?;

    let base = |key: &Option<Spanned<String>>, name: &str, default: &str| {
        let text = key.as_ref().map_or(default, |url| url.get_ref());
        let at = key.as_ref().map_or(0, |url| url.span().start);
        Url::parse(&format!("{}/", text.trim_end_matches('/')))
            .map_err(|failed| error(at, format!("invalid URL in `{name}`: {failed}")))
    };
    let source = base(&file.source, "source", DEFAULT_SOURCE)?;
    let searches_apis_io = file.apis_io.is_some() || source.as_str() == DEFAULT_SOURCE;
    let apis_io = base(&file.apis_io, "apis-io", DEFAULT_APIS_IO)?;
    if let Some(host) = file.hosts.iter().find(|host| !is_host(host.get_ref())) {
        let message = format!("invalid host `{}`; write NAME or NAME:PORT", host.get_ref());
        return Err(error(host.span().start, message));
    }

    let crates = read_crates(&file).map_err(|(at, message)| error(at, message))?;

    let mut clients: Vec<ClientConfig> = Vec::new();
    for (name, client) in &file.clients {
        let mut client = read_client(text, name, client, &clients)
            .map_err(|(at, message)| error(at, message))?;
        client.crates = crates.clone();
        clients.push(client);
    }
    let severities = read_severities(&file.drift).map_err(|(at, message)| error(at, message))?;
    let hosts = file.hosts.into_iter().map(Spanned::into_inner).collect();
    Ok(Config {
        source,
        apis_io,
        searches_apis_io,
        hosts,
        severities,
        crates,
        clients,
    })
}

/// Reads the keys `command` and `runtime`.
fn read_crates(file: &File) -> Result<CrateSettings, OffsetError> {
    let mut crates = CrateSettings::default();
    if let Some(command) = &file.command {
        let words = || command.get_ref().split(' ');
        let is_plain = |word: &str| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
        };
        if !words().all(is_plain) {
            return Err((
                command.span().start,
                "`command` must be words of letters, digits, `-` and `_`, such as `cargo xtask`"
                    .to_owned(),
            ));
        }
        crates.command = command.get_ref().clone();
    }
    if let Some(runtime) = &file.runtime {
        let path = runtime.get_ref().trim_end_matches('/');
        if path.is_empty() || path.contains(char::is_control) {
            return Err((
                runtime.span().start,
                "`runtime` must be the directory of gallery-runtime and gallery-testkit".to_owned(),
            ));
        }
        crates.runtime = Some(path.to_owned());
    }
    Ok(crates)
}

/// Reads the severity overrides of drift rules.
fn read_severities(drift: &Drift) -> Result<SeverityOverrides, OffsetError> {
    let mut severities = BTreeMap::new();
    for (rule, severity) in &drift.severity {
        check_rule_id(rule.get_ref()).map_err(|message| (rule.span().start, message))?;
        let Some(parsed) = Severity::parse(severity.get_ref()) else {
            let expected = Severity::ALL.map(Severity::name).join(", ");
            return Err((
                severity.span().start,
                format!(
                    "unknown severity `{}`; expected one of {expected}",
                    severity.get_ref()
                ),
            ));
        };
        severities.insert(rule.get_ref().clone(), parsed);
    }
    Ok(SeverityOverrides(severities))
}

fn read_client(
    text: &str,
    name: &Spanned<String>,
    client: &Client,
    others: &[ClientConfig],
) -> Result<ClientConfig, OffsetError> {
    let (at, name) = (name.span().start, name.get_ref());
    if !is_package_name(name) {
        return Err((at, format!("invalid client name `{name}`: {PACKAGE_NAME}")));
    }
    let (package_at, package) = (client.package.span().start, client.package.get_ref());
    if !is_package_name(package) {
        return Err((
            package_at,
            format!("invalid crate name `{package}`: {PACKAGE_NAME}"),
        ));
    }
    if let Some(other) = others.iter().find(|other| other.package == *package) {
        let message = format!(
            "the clients `{}` and `{name}` both have the crate name `{package}`; crate names must be unique",
            other.name
        );
        return Err((package_at, message));
    }
    let version = client.version.get_ref();
    semver::Version::parse(version).map_err(|failed| {
        (
            client.version.span().start,
            format!("invalid version `{version}`: {failed}"),
        )
    })?;
    let mut read = ClientConfig {
        name: name.clone(),
        package: package.clone(),
        version: version.clone(),
        source: client.source_keys(at, name).read()?,
        all_components: false,
        code: client.code_keys().read(text)?,
        choices: Choices::new(),
        crates: CrateSettings::default(),
    };
    if let Some(all_components) = &client.all_components {
        let Source::Documents(_) = read.source else {
            let message = "`all-components` is for documents and indexes, but listings have no \
                           components; remove it";
            return Err((all_components.span().start, message.to_owned()));
        };
        read.all_components = *all_components.get_ref();
    }
    for (endpoint, file) in &client.choices {
        let choice = Choice {
            file: read_choice(&read, endpoint, file)?,
            place: location(text, endpoint.span().start),
        };
        read.choices.insert(endpoint.get_ref().clone(), choice);
    }
    Ok(read)
}

/// Reads the file of a choice. Checks the form of the endpoint and of the file; merging checks that
/// they exist.
fn read_choice(
    client: &ClientConfig,
    endpoint: &Spanned<String>,
    file: &Spanned<String>,
) -> Result<String, OffsetError> {
    let is_method =
        |method: &str| !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_endpoint = |(method, path): (&str, &str)| is_method(method) && path.starts_with('/');
    if !endpoint.get_ref().split_once(' ').is_some_and(is_endpoint) {
        let message = format!(
            "invalid endpoint `{}`; write METHOD PATH as in names.toml",
            endpoint.get_ref()
        );
        return Err((endpoint.span().start, message));
    }
    let (at, file) = (file.span().start, file.get_ref());
    check_choice(&client.source, &client.name, file).map_err(|message| (at, message))?;
    Ok(file.clone())
}

/// The rules of [`is_package_name`], for messages.
pub const PACKAGE_NAME: &str =
    "use at most 60 lowercase letters, digits and `-`, starting with a letter";

/// True if the name can be the name of a client or of its crate.
pub fn is_package_name(name: &str) -> bool {
    name.len() <= 60
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn is_host(host: &str) -> bool {
    let url = Url::parse(&format!("https://{host}/"));
    url.is_ok_and(|url| {
        url.path() == "/"
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
    }) && !host.contains(['/', '?', '#', '@'])
}
