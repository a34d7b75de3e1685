//! Parts of the canonical document that allow any JSON.

use maud::html;

use super::super::review::Review;
use super::Section;
use super::parts::link;
use crate::escape::plain;

/// The groups of parts: a title, and a function that returns true for the JSON pointers of its
/// parts.
const GROUPS: [(&str, fn(&str) -> bool); 4] = [
    ("Parameters", |pointer| kind(pointer) == "parameters"),
    ("Bodies", |pointer| kind(pointer) == "requestBody"),
    ("Responses", |pointer| kind(pointer) == "responses"),
    ("Components and others", |pointer| {
        !matches!(kind(pointer), "parameters" | "requestBody" | "responses")
    }),
];

pub(super) fn untyped(review: &Review<'_>) -> Section {
    Section {
        id: "untyped",
        title: "Untyped parts",
        note: "Schemas of the canonical document that allow any JSON, and contents without a \
               schema. `overlay draft` writes an overlay with blanks for types.",
        count: review.any_json.len(),
        body: html! {
            @for (title, is_of_group) in GROUPS {
                @let pointers: Vec<&String> =
                    review.any_json.iter().filter(|pointer| is_of_group(pointer)).collect();
                @if !pointers.is_empty() {
                    details.group {
                        summary { (title) " " span.level.none { (pointers.len()) } }
                        ul.entries {
                            @for pointer in pointers {
                                li.item {
                                    @if let Some(endpoint) = review.endpoint_at(pointer) {
                                        (link(endpoint)) br;
                                    }
                                    code { "#" (plain(pointer)) }
                                }
                            }
                        }
                    }
                }
            }
        },
    }
}

/// Returns the field of the operation that a JSON pointer leads through. Returns an empty string
/// for pointers to other parts.
fn kind(pointer: &str) -> &str {
    match pointer.strip_prefix("/paths/") {
        Some(below) => below.split('/').nth(2).unwrap_or_default(),
        None => "",
    }
}
