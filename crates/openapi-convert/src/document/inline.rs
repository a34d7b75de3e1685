//! References to components that OpenAPI 3.0 lacks are replaced by copies.

use std::collections::BTreeSet;

use openapi_text::METHODS;
use openapi_text::pointer::escape;
use serde_json::{Map, Value, json};

use crate::context::Context;
use crate::note::NoteKind;

const PATH_ITEMS: &str = "#/components/pathItems/";
const MEDIA_TYPES: &str = "#/components/mediaTypes/";

/// The number of path items in callbacks of path items that are replaced. A path item can have
/// callbacks that refer to it.
const MAX_DEPTH: usize = 2;

/// Calls a function for every path item of a document, also of callbacks. The function gets the
/// pointer and the number of replaced references around it, and returns true if it replaces one.
pub(super) fn each_path_item(
    root: &mut Map<String, Value>,
    mut visit: impl FnMut(&str, usize, &mut Value) -> bool,
) {
    let mut items: Vec<(String, usize, &mut Value)> = Vec::new();
    for (key, value) in root {
        match (key.as_str(), value) {
            ("paths" | "webhooks", Value::Object(entries)) => push(&mut items, key, 0, entries),
            ("components", Value::Object(components)) => {
                if let Some(Value::Object(callbacks)) = components.get_mut("callbacks") {
                    push_callbacks(&mut items, "/components", 0, callbacks);
                }
            }
            _ => {}
        }
    }
    items.reverse();
    while let Some((pointer, depth, item)) = items.pop() {
        let depth = depth + usize::from(visit(&pointer, depth, item));
        let Value::Object(item) = item else {
            continue;
        };
        for (method, operation) in item {
            if METHODS.contains(&method.as_str())
                && let Some(Value::Object(callbacks)) = operation.get_mut("callbacks")
            {
                push_callbacks(&mut items, &format!("{pointer}/{method}"), depth, callbacks);
            }
        }
    }
}

type Items<'a> = Vec<(String, usize, &'a mut Value)>;

fn push<'a>(items: &mut Items<'a>, key: &str, depth: usize, entries: &'a mut Map<String, Value>) {
    for (name, item) in entries {
        if !name.starts_with("x-") {
            items.push((format!("/{key}/{}", escape(name)), depth, item));
        }
    }
}

fn push_callbacks<'a>(
    items: &mut Items<'a>,
    pointer: &str,
    depth: usize,
    callbacks: &'a mut Map<String, Value>,
) {
    for (name, callback) in callbacks {
        let pointer = format!("{pointer}/callbacks/{}", escape(name));
        for (expression, item) in callback.as_object_mut().into_iter().flatten() {
            if !expression.starts_with("x-") && item.is_object() {
                items.push((format!("{pointer}/{}", escape(expression)), depth, item));
            }
        }
    }
}

/// Replaces references to path items of the components.
pub(super) fn path_items(root: &mut Map<String, Value>, context: &mut Context) {
    let components = root.get_mut("components").and_then(Value::as_object_mut);
    let path_items = components.and_then(|components| components.remove("pathItems"));
    let Some(Value::Object(path_items)) = path_items else {
        return;
    };
    let mut used = BTreeSet::new();
    each_path_item(root, |pointer, depth, item| {
        let Some((names, is_cut)) = chain(item, &path_items) else {
            return false;
        };
        if is_cut {
            let message = "the path items refer to each other, without an end";
            let kind = NoteKind::NotExpressed;
            context.note(kind, "components.pathItems", pointer.to_owned(), message);
        }
        let Value::Object(own) = item else {
            return false;
        };
        own.remove("$ref");
        for name in names {
            let target = path_items.get(&name).filter(|_| depth < MAX_DEPTH);
            match target.and_then(|target| context.budget.copy(target)) {
                Some(Value::Object(target)) => {
                    for (key, value) in target {
                        if key != "$ref" {
                            own.entry(key).or_insert(value);
                        }
                    }
                }
                _ => {
                    let message = format!("the path item `{name}` is not copied again");
                    let kind = NoteKind::NotExpressed;
                    context.note(kind, "components.pathItems", pointer.to_owned(), message);
                }
            }
            used.insert(name);
        }
        true
    });
    let unused = path_items
        .into_iter()
        .filter(|(name, _)| !used.contains(name))
        .collect();
    keep_unused(root, "pathItems", "components.pathItems", unused, context);
}

/// Returns the names of the components that a path item refers to, one after the other, and whether
/// there are more, because they refer to each other.
fn chain(item: &Value, path_items: &Map<String, Value>) -> Option<(Vec<String>, bool)> {
    let name = |item: &Value| {
        let reference = item.get("$ref")?.as_str()?;
        let pointer = openapi_text::pointer::of_reference(reference)?;
        let segment = pointer.strip_prefix(&PATH_ITEMS[1..])?;
        let name = openapi_text::pointer::unescape(segment);
        path_items.contains_key(&name).then_some(name)
    };
    let mut names = vec![name(item)?];
    while let Some(next) = names.last().and_then(|last| name(&path_items[last])) {
        if names.contains(&next) || names.len() > MAX_CHAIN {
            return Some((names, true));
        }
        names.push(next);
    }
    Some((names, false))
}

/// The maximum number of path items that refer to each other in turn.
const MAX_CHAIN: usize = 16;

/// Replaces a reference to a media type of the components in `content`.
pub(super) fn media_types(
    content: &mut Map<String, Value>,
    pointer: impl Fn() -> String,
    context: &mut Context,
) {
    for media_type in content.values_mut() {
        let mut copies = 0;
        while let Some(name) = media_type
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|reference| reference.strip_prefix(MEDIA_TYPES))
            .map(openapi_text::pointer::unescape)
        {
            copies += 1;
            let target = context
                .media_types
                .get(&name)
                .filter(|_| copies <= MAX_CHAIN);
            let copy = target.and_then(|(target, _)| context.budget.copy(target));
            if let Some((_, is_used)) = context.media_types.get_mut(&name) {
                *is_used = true;
            }
            *media_type = copy.unwrap_or_else(|| {
                let message = format!("the media type `{name}` is not copied again");
                let kind = NoteKind::NotExpressed;
                context.note(kind, "components.mediaTypes", pointer(), message);
                json!({})
            });
        }
    }
}

/// Keeps the media types of the components that no reference leads to.
pub(super) fn unused_media_types(root: &mut Map<String, Value>, context: &mut Context) {
    let unused = std::mem::take(&mut context.media_types)
        .into_iter()
        .filter(|(_, (_, is_used))| !is_used)
        .map(|(name, (media_type, _))| (name, media_type))
        .collect();
    keep_unused(root, "mediaTypes", "components.mediaTypes", unused, context);
}

fn keep_unused(
    root: &mut Map<String, Value>,
    key: &str,
    code: &'static str,
    unused: Map<String, Value>,
    context: &mut Context,
) {
    let components = root.get_mut("components").and_then(Value::as_object_mut);
    let Some(components) = components.filter(|_| !unused.is_empty()) else {
        return;
    };
    components.insert(format!("x-{key}"), unused.into());
    let message = format!("`{key}` without references are kept in `x-{key}`");
    context.note(NoteKind::Kept, code, format!("/components/{key}"), message);
}
