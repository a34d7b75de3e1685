//! Parts of the canonical document that allow any JSON.

use std::collections::BTreeMap;

use maud::html;

use super::super::review::Review;
use super::parts::link;
use super::section::Section;
use crate::escape::plain;

pub(crate) fn untyped(review: &Review<'_>) -> Section {
    let mut groups: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    for pointer in &review.any_json {
        groups.entry(group(pointer)).or_default().push(pointer);
    }
    Section {
        id: "untyped",
        title: "Untyped parts",
        note: "Schemas of the canonical document that allow any JSON, and contents without a \
               schema. `overlay draft` writes an overlay with blanks for types.",
        count: review.any_json.len(),
        body: html! {
            @for (title, pointers) in groups {
                details.group {
                    summary { (title) " " span.level.none { (pointers.len()) } }
                    ul.entries.pointers {
                        @for pointer in pointers {
                            li.item {
                                @if let Some(endpoint) = review.endpoint_at(pointer) {
                                    (link(endpoint)) " "
                                }
                                code { "#" (plain(pointer)) }
                            }
                        }
                    }
                }
            }
        },
    }
}

/// Returns the group of a JSON pointer: the part of the operation that it leads through.
fn group(pointer: &str) -> &'static str {
    let below = pointer.strip_prefix("/paths/");
    match below.and_then(|below| below.split('/').nth(2)) {
        Some("parameters") => "Parameters",
        Some("requestBody") => "Bodies",
        Some("responses") => "Responses",
        _ => "Components and other parts",
    }
}
