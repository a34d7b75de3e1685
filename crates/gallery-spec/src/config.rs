//! `specs/gallery.toml`: which client crates there are and which listing each is made from. Written by people, so that every
//! message has the line.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;
use url::Url;

use crate::diagnostic::{FileError, Place};
use crate::documents::Documents;
use crate::index::is_plain_file_name;

/// The file's path from the workspace's root.
pub const PATH: &str = "specs/gallery.toml";

/// Where the gallery is, when `gallery.toml` names no other place.
pub const DEFAULT_SOURCE: &str = "https://raw.githubusercontent.com/";

/// What `gallery.toml` says.
#[derive(Clone, Debug)]
pub struct Config {
    /// Base URL of the gallery or of a copy of it, ending in a slash.
    pub source: Url,
    /// Hosts, besides the source's, that a redirect may lead to: `NAME` or `NAME:PORT`.
    pub hosts: Vec<String>,
    /// The clients, by name.
    pub clients: Vec<ClientConfig>,
}

/// One client crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientConfig {
    /// The name of its folder under `specs/`.
    pub name: String,
    /// The package name of the generated crate.
    pub package: String,
    /// The version of the generated crate.
    pub version: String,
    /// The listing it is made from.
    pub listing: ListingRef,
    /// How much of the listing is read.
    pub documents: Documents,
}

impl ClientConfig {
    /// The client's folder, from the workspace's root.
    pub fn specs_dir(&self) -> String {
        format!("specs/{}", self.name)
    }

    /// The snapshot's folder, from the workspace's root.
    pub fn listing_dir(&self) -> String {
        format!("specs/{}/listing", self.name)
    }

    /// The generated crate's folder, from the workspace's root.
    pub fn crate_dir(&self) -> String {
        format!("crates/{}", self.package)
    }
}

/// A provider in a repository of the gallery: `OWNER/REPOSITORY/PROVIDER`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListingRef {
    /// The owner of the repository, such as `streamdata-gallery-topics`.
    pub owner: String,
    /// The repository, such as `memberships`.
    pub repository: String,
    /// The provider's folder in it, such as `mattermost`.
    pub provider: String,
}

impl ListingRef {
    /// Reads `OWNER/REPOSITORY/PROVIDER`.
    pub fn parse(text: &str) -> Option<ListingRef> {
        let parts: Vec<&str> = text.split('/').collect();
        let [owner, repository, provider] = parts[..] else { return None };
        let plain = [owner, repository, provider].into_iter().all(is_plain_file_name);
        plain.then(|| ListingRef { owner: owner.into(), repository: repository.into(), provider: provider.into() })
    }

    /// The path of the listing's folder below the gallery's base URL.
    pub fn url_path(&self) -> String {
        format!("{}/{}/master/_listings/{}", self.owner, self.repository, self.provider)
    }

    /// The path of the listing's folder in a mirror on disk.
    pub fn mirror_path(&self) -> String {
        format!("{}__{}/_listings/{}", self.owner, self.repository, self.provider)
    }
}

impl std::fmt::Display for ListingRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.owner, self.repository, self.provider)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    source: Option<Spanned<String>>,
    #[serde(default)]
    hosts: Vec<Spanned<String>>,
    #[serde(default)]
    clients: BTreeMap<Spanned<String>, Client>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Client {
    #[serde(rename = "crate")]
    package: Spanned<String>,
    version: Spanned<String>,
    listing: Spanned<String>,
    #[serde(default)]
    documents: Documents,
}

/// Reads `gallery.toml`.
pub fn parse(text: &str) -> Result<Config, FileError> {
    let error = |offset: usize, message: String| FileError { place: place(text, offset), message };
    let file: File = toml::from_str(text)
        .map_err(|failed| error(failed.span().map_or(0, |span| span.start), failed.message().trim_end().to_owned()))?;

    let source = match &file.source {
        None => DEFAULT_SOURCE.to_owned(),
        Some(source) => format!("{}/", source.get_ref().trim_end_matches('/')),
    };
    let source_at = file.source.as_ref().map_or(0, |source| source.span().start);
    let source = Url::parse(&source).map_err(|failed| error(source_at, format!("`source` is no URL: {failed}")))?;
    if let Some(host) = file.hosts.iter().find(|host| !is_host(host.get_ref())) {
        let message = format!("`{}` is no host; it is written NAME or NAME:PORT", host.get_ref());
        return Err(error(host.span().start, message));
    }

    let mut clients: Vec<ClientConfig> = Vec::new();
    for (name, client) in &file.clients {
        let client = read_client(name, client, &clients).map_err(|(at, message)| error(at, message))?;
        clients.push(client);
    }
    let hosts = file.hosts.into_iter().map(Spanned::into_inner).collect();
    Ok(Config { source, hosts, clients })
}

/// One client; what is wrong with it comes with its byte offset.
fn read_client(name: &Spanned<String>, client: &Client, others: &[ClientConfig]) -> Result<ClientConfig, (usize, String)> {
    let (at, name) = (name.span().start, name.get_ref());
    if !is_package_name(name) {
        return Err((at, format!("`{name}` is no client name: {PACKAGE_NAME}")));
    }
    let (package_at, package) = (client.package.span().start, client.package.get_ref());
    if !is_package_name(package) {
        return Err((package_at, format!("`{package}` is no crate name: {PACKAGE_NAME}")));
    }
    if let Some(other) = others.iter().find(|other| other.package == *package) {
        let message = format!("the clients `{}` and `{name}` both have the crate name `{package}`; give one another", other.name);
        return Err((package_at, message));
    }
    let version = client.version.get_ref();
    semver::Version::parse(version)
        .map_err(|failed| (client.version.span().start, format!("`{version}` is no version: {failed}")))?;
    let listing = client.listing.get_ref();
    let listing = ListingRef::parse(listing).ok_or_else(|| {
        (client.listing.span().start, format!("`{listing}` is no listing; it is written OWNER/REPOSITORY/PROVIDER"))
    })?;
    Ok(ClientConfig {
        name: name.clone(),
        package: package.clone(),
        version: version.clone(),
        listing,
        documents: client.documents,
    })
}

/// What [`is_package_name`] wants, for messages.
pub const PACKAGE_NAME: &str = "it starts with a small letter and has small letters, digits and `-` only, at most 60";

/// Whether a name can be that of a client or of its crate.
pub fn is_package_name(name: &str) -> bool {
    name.len() <= 60
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn is_host(host: &str) -> bool {
    let url = Url::parse(&format!("https://{host}/"));
    url.is_ok_and(|url| url.path() == "/" && url.username().is_empty() && url.password().is_none() && url.query().is_none())
        && !host.contains(['/', '?', '#', '@'])
}

fn place(text: &str, offset: usize) -> Place {
    let (line, column) = line_column(text, offset);
    Place::line(PATH, line, column)
}

/// Line and column, both from 1, of a byte offset.
pub(crate) fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    const GOOD: &str = "[clients.a]\ncrate = \"gallery-a\"\nversion = \"0.1.0\"\nlisting = \"o/r/p\"\n";

    fn refused(text: &str, message: Expect) {
        message.assert_eq(&parse(text).unwrap_err().to_string());
    }

    #[test]
    fn clients_are_read() {
        let config = parse(GOOD).unwrap();
        assert_eq!(config.source.as_str(), DEFAULT_SOURCE);
        assert_eq!(config.clients[0].listing.url_path(), "o/r/master/_listings/p");
        assert_eq!(config.clients[0].listing.mirror_path(), "o__r/_listings/p");
        assert_eq!(parse(&format!("source = \"http://host/x\"\n{GOOD}")).unwrap().source.as_str(), "http://host/x/");
    }

    #[test]
    fn mistakes_have_their_line() {
        refused(
            &GOOD.replace("version", "versoin"),
            expect![[r#"
            unknown field `versoin`, expected one of `crate`, `version`, `listing`, `documents`
              --> specs/gallery.toml:3:1"#]],
        );
        refused(
            &GOOD.replace("\"0.1.0\"", "\"one\""),
            expect![[r#"
            `one` is no version: unexpected character 'o' while parsing major version number
              --> specs/gallery.toml:3:11"#]],
        );
        refused(
            &GOOD.replace("o/r/p", "../r/p"),
            expect![[r#"
            `../r/p` is no listing; it is written OWNER/REPOSITORY/PROVIDER
              --> specs/gallery.toml:4:11"#]],
        );
        refused(
            &GOOD.replace("gallery-a", "Gallery/a"),
            expect![[r#"
            `Gallery/a` is no crate name: it starts with a small letter and has small letters, digits and `-` only, at most 60
              --> specs/gallery.toml:2:9"#]],
        );
        refused(
            &format!("{GOOD}{}", GOOD.replace("clients.a", "clients.b")),
            expect![[r#"
            the clients `a` and `b` both have the crate name `gallery-a`; give one another
              --> specs/gallery.toml:6:9"#]],
        );
        refused(
            &format!("{GOOD}{GOOD}"),
            expect![[r#"
            duplicate key
              --> specs/gallery.toml:5:10"#]],
        );
        refused(
            "source = \"no url\"\n",
            expect![[r#"
            `source` is no URL: relative URL without a base
              --> specs/gallery.toml:1:10"#]],
        );
        refused(
            "hosts = [\"objects.example.com\", \"https://example.com/\"]\n",
            expect![[r#"
                `https://example.com/` is no host; it is written NAME or NAME:PORT
                  --> specs/gallery.toml:1:33"#]],
        );
        refused(
            &format!("{GOOD}documents = \"some\"\n"),
            expect![[r#"
            unknown variant `some`, expected `needed` or `all`
              --> specs/gallery.toml:5:13"#]],
        );
        refused(
            "[clients.a\n",
            expect![[r#"
            unclosed table, expected `]`
              --> specs/gallery.toml:1:11"#]],
        );
    }
}
