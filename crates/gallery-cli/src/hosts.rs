//! Compares the hosts of listings that become one client.

use std::collections::BTreeSet;
use std::fmt;

use anyhow::{Result, bail};
use gallery_spec::documents::ComponentNames;
use gallery_spec::draft::{Choices, FileSet};
use gallery_spec::listings::ListingRef;
use gallery_spec::source::{ListingsSource, Source};
use openapi_text::Diagnostics;
use url::Url;

/// A listing and the hosts of its endpoints, without placeholders.
struct ListingHosts<'a> {
    listing: &'a ListingRef,
    hosts: BTreeSet<String>,
}

/// Returns an error if a listing has other hosts than the first one.
///
/// A client sends its credentials to the host of each listing, so listings of different APIs would
/// receive each other's credentials.
pub(crate) fn refuse_other_hosts(source: &ListingsSource, files: &[FileSet]) -> Result<()> {
    if files.len() < 2 {
        return Ok(());
    }
    let mut listings = source
        .all()
        .zip(files)
        .filter_map(|(listing, files)| ListingHosts::read(source, listing, files));
    let Some(first) = listings.next() else {
        return Ok(());
    };
    for other in listings {
        if !first.agrees_with(&other) {
            bail!(
                "{first}, and {other}; one client would send the credentials of one API to the other: \
                 add a client for each listing, or add --force if both belong to one API"
            );
        }
    }
    Ok(())
}

impl<'a> ListingHosts<'a> {
    /// Reads the hosts of a listing. Returns nothing if the listing is invalid.
    fn read(
        source: &ListingsSource,
        listing: &'a ListingRef,
        files: &FileSet,
    ) -> Option<ListingHosts<'a>> {
        let source = Source::Listings(ListingsSource {
            documents: source.documents,
            ..ListingsSource::new(listing.clone())
        });
        // The defects of a listing are reported when the client is generated.
        let mut diagnostics = Diagnostics::default();
        let files = std::slice::from_ref(files);
        let draft = source.draft(
            files,
            &Choices::new(),
            &ComponentNames::new(),
            false,
            &mut diagnostics,
        )?;
        let host = |url: &str| Some(Url::parse(url).ok()?.host_str()?.to_owned());
        let hosts = draft
            .endpoints
            .iter()
            .filter_map(|endpoint| host(&endpoint.server.url))
            // A placeholder is a variable.
            .filter(|host| !host.contains(['{', '}']))
            .collect();
        Some(ListingHosts { listing, hosts })
    }

    /// Returns true if the listings have a host in common. If a listing has no real host, the
    /// provider decides.
    fn agrees_with(&self, other: &ListingHosts<'_>) -> bool {
        if self.hosts.is_empty() || other.hosts.is_empty() {
            return self.listing.provider == other.listing.provider;
        }
        !self.hosts.is_disjoint(&other.hosts)
    }
}

impl fmt::Display for ListingHosts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.listing)?;
        let hosts: Vec<&str> = self.hosts.iter().map(String::as_str).collect();
        match &hosts[..] {
            [] => f.write_str("names no real host"),
            [host] => write!(f, "has the host {host}"),
            hosts => write!(f, "has the hosts {}", hosts.join(", ")),
        }
    }
}
