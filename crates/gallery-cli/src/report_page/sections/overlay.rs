//! The overlay's actions, and what they change.

use std::collections::BTreeMap;

use gallery_regen::text::counted;
use maud::{Markup, html};
use openapi_text::pointer::escape;
use serde_json::Value;

use super::super::diff_view::diff_view;
use super::super::review::Review;
use super::parts::link;
use super::section::Section;
use crate::escape::plain;

pub(crate) fn overlay(review: &Review<'_>) -> Section {
    let overlay = review.report.overlay.as_ref();
    let changes = review
        .before_overlay
        .as_ref()
        .map(|before| changes(before, &review.document))
        .unwrap_or_default();
    Section {
        id: "overlay",
        title: "Overlay actions",
        note: "Corrections and additions by people, each with its reason and source.",
        count: overlay.map_or(0, |overlay| overlay.actions.len()),
        body: html! {
            @if let Some(overlay) = overlay {
                details.group {
                    summary { "Actions of " code { (plain(&overlay.file)) } }
                    ul.entries {
                        @for action in &overlay.actions {
                            li.item {
                                code { (plain(&action.target)) }
                                " " span.level.none { (counted(action.matches, "location")) }
                                p { (plain(&action.reason)) }
                                p.meta {
                                    "source: " (plain(&action.source)) br;
                                    "at " code { (plain(&action.at)) }
                                }
                            }
                        }
                    }
                }
                (operations("Added operations", &overlay.added))
                (operations("Removed operations", &overlay.removed))
                details.group {
                    summary {
                        "Changed parts of the document " span.level.none { (changes.len()) }
                    }
                    @for (pointer, [before, after]) in &changes {
                        details.item {
                            summary { code { "#" (plain(pointer)) } }
                            @if let Some(endpoint) = review.endpoint_at(pointer) {
                                p { (link(endpoint)) }
                            }
                            (diff_view([before, after], ["listing", "overlay"]))
                        }
                    }
                }
            }
        },
    }
}

fn operations(title: &str, names: &[String]) -> Markup {
    html! {
        @if !names.is_empty() {
            h3 { (title) }
            ul { @for name in names { li.item { code { (plain(name)) } } } }
        }
    }
}

/// Returns the parts of two documents that differ, as YAML, by their JSON pointers.
fn changes(before: &Value, after: &Value) -> BTreeMap<String, [String; 2]> {
    let (before, after) = (parts(before), parts(after));
    let text = |part: Option<&&Value>| {
        part.and_then(|part| serde_yaml::to_string(part).ok())
            .unwrap_or_default()
    };
    before
        .keys()
        .chain(after.keys())
        .filter(|pointer| before.get(*pointer) != after.get(*pointer))
        .map(|pointer| {
            let sides = [&before, &after].map(|side| text(side.get(pointer)));
            (pointer.clone(), sides)
        })
        .collect()
}

/// Returns the parts of a document that are compared: operations, components, and the other fields
/// of the document.
fn parts(document: &Value) -> BTreeMap<String, &Value> {
    let mut parts = BTreeMap::new();
    for (key, value) in document.as_object().into_iter().flatten() {
        let depth = match key.as_str() {
            "paths" | "components" => 2,
            _ => 0,
        };
        split(value, format!("/{}", escape(key)), depth, &mut parts);
    }
    parts
}

/// Adds the parts that are `depth` levels below a value.
fn split<'a>(
    value: &'a Value,
    pointer: String,
    depth: usize,
    parts: &mut BTreeMap<String, &'a Value>,
) {
    match value {
        Value::Object(fields) if depth > 0 => {
            for (key, value) in fields {
                split(
                    value,
                    format!("{pointer}/{}", escape(key)),
                    depth - 1,
                    parts,
                );
            }
        }
        _ => {
            parts.insert(pointer, value);
        }
    }
}
