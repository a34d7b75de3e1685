//! The section on the source of a client.

use std::fmt::Write as _;

use gallery_spec::canonical::Canonical;

use crate::markdown;

/// Returns the noun phrase that follows "generated from" in the introduction.
pub(super) fn origin(canonical: &Canonical) -> String {
    let origin = canonical.provenance().map(|provenance| provenance.origin);
    origin
        .filter(|origin| !origin.is_empty())
        .unwrap_or_else(|| "an OpenAPI document".to_owned())
}

/// Writes the section on the sources and licenses of the client.
pub(super) fn source(canonical: &Canonical) -> String {
    let Some(provenance) = canonical.provenance() else {
        return String::new();
    };
    let mut text = "\n## Source\n\n".to_owned();
    let mut sources = provenance.sources().map(markdown::code);
    if let Some(source) = sources.next() {
        let _ = write!(text, "- Source: {source}");
        if let Some(modified) = &provenance.modified {
            let _ = write!(text, ", last changed {}", markdown::inline(modified));
        }
        text.push('\n');
    }
    for source in sources {
        let _ = writeln!(text, "- Further source: {source}");
    }
    if let Some(index) = &provenance.index {
        let _ = writeln!(text, "- Index: {}", markdown::inline(index));
    }
    if !provenance.maintainers.is_empty() {
        let _ = writeln!(
            text,
            "- Maintained by: {}",
            markdown::inline(&provenance.maintainers.join(", "))
        );
    }
    if !provenance.licence.is_empty() {
        let _ = write!(
            text,
            "- License of the source: {}",
            markdown::inline(&provenance.licence)
        );
        if !provenance.author.is_empty() {
            let _ = write!(text, ", by {}", markdown::inline(&provenance.author));
        }
        text.push('\n');
    }
    text.push_str("- License of this crate: MIT or Apache-2.0\n");
    if !provenance.links.is_empty() {
        text.push_str("\nAbout the provider:\n\n");
        let links = provenance.links.iter();
        let links = links.flat_map(|(kind, links)| links.urls().iter().map(move |url| (kind, url)));
        for (kind, url) in links {
            let _ = writeln!(
                text,
                "- {}: {}",
                markdown::inline(kind.trim_start_matches("x-")),
                markdown::inline(url)
            );
        }
    }
    text
}
