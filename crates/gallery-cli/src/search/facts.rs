//! The facts of the APIs of a mirror, from their documents.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use gallery_regen::parallel::in_parallel;
use gallery_spec::config::ClientConfig;
use gallery_spec::listings::Documents;

use super::found::Match;
use crate::survey::{Extent, MirrorSource, Row, mirror, survey};

/// Reads each API of a mirror, on all processors. `owner` is that of the repositories of APIs.io.
pub(super) fn facts(matches: &[Match<'_>], root: &Path, owner: &str) -> Result<Vec<Option<Row>>> {
    let sources = mirror(root).with_context(|| root.display().to_string())?;
    let sources: BTreeMap<String, MirrorSource> = sources
        .sources
        .into_iter()
        .map(|source| (source.to_string(), source))
        .collect();
    let found: Vec<Option<&MirrorSource>> = matches
        .iter()
        .map(|it| match it {
            Match::Listing(repository, provider) => {
                sources.get(&repository.listing(&provider.slug).to_string())
            }
            Match::Provider(provider) => sources.get(&format!("{owner}/{}", provider.slug)),
        })
        .collect();
    in_parallel(found.len(), |number| {
        let row = found[number].map(|source| {
            let name = format!("search-{number}");
            let client = ClientConfig::of(&name, source.source(Documents::Needed));
            survey(root, source, client, Extent::Document).0
        });
        Ok(row)
    })
}
