//! Parts that several sections share.

use gallery_spec::draft::Rule;
use gallery_spec::report::EndpointReport;
use maud::{Markup, html};

use super::super::snapshot::split;
use crate::escape::plain;

/// Number of entries of a group from which the group is folded.
const FOLDED: usize = 6;

/// Returns the fragment of an endpoint.
pub(super) fn id(endpoint: &EndpointReport) -> String {
    format!("endpoint-{}", endpoint.operation_id)
}

/// Returns the fragment of the conflict of an endpoint.
pub(super) fn conflict_id(endpoint: &EndpointReport) -> String {
    format!("conflict-{}", endpoint.operation_id)
}

/// Returns the method and the path of an endpoint.
pub(super) fn name(endpoint: &EndpointReport) -> String {
    format!("{} {}", endpoint.method, endpoint.path)
}

/// Returns a link to an endpoint.
pub(super) fn link(endpoint: &EndpointReport) -> Markup {
    html! { a href={ "#" (id(endpoint)) } { (plain(&name(endpoint))) } }
}

/// Returns the location of a copy, without the JSON pointer if it is that of the chosen copy.
pub(super) fn short<'a>(endpoint: &EndpointReport, source: &'a str) -> &'a str {
    let (_, pointer) = split(&endpoint.chosen);
    source
        .strip_suffix(pointer)
        .and_then(|file| file.strip_suffix('#'))
        .unwrap_or(source)
}

/// Returns a list.
pub(super) fn list(entries: &[Markup]) -> Markup {
    html! {
        ul { @for entry in entries { li { (entry) } } }
    }
}

/// Returns the content, folded if it has many entries.
pub(super) fn folded(title: &str, count: usize, content: &Markup) -> Markup {
    html! {
        @if count < FOLDED {
            (content)
        } @else {
            details { summary { (title) } (content) }
        }
    }
}

/// Returns the reason why a copy was chosen.
pub(super) fn reason(rule: Rule) -> &'static str {
    match rule {
        Rule::Choice => "`choices` in specs/gallery.toml names it",
        Rule::Combined => "it is in the combined document",
        Rule::InIndex => "the index names its document",
        Rule::FewestDangling => "it has the fewest references that lead nowhere",
        Rule::MostTyped => "it has the most types",
        Rule::MostFrequent => "most documents have it",
        Rule::MostComplete => {
            "it is the most complete: it has a body, more parameters or fewer repairs"
        }
        Rule::FirstByName => "its file comes first by name, or its listing comes first",
    }
}
