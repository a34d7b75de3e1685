//! Finds the operation of another document that matches one of the client.

use std::collections::BTreeMap;

use openapi_text::template::{by_position, on_the_wire};
use serde_json::Value;

use super::super::operations::operations;

/// An operation and what identifies it.
pub(super) struct Operation<'a> {
    /// `METHOD PATH` as in the document.
    pub(super) title: String,
    pub(super) pointer: String,
    pub(super) method: String,
    pub(super) path: String,
    /// The path on the wire without the names of its variables, with the base path of the server.
    pub(super) full_path: String,
    pub(super) value: &'a Value,
}

pub(super) fn read_operations(document: &Value) -> Vec<Operation<'_>> {
    operations(document)
        .filter_map(|(pointer, title, value)| {
            let (method, path) = title.split_once(' ')?;
            let server = value.pointer("/servers/0/url");
            let server = server.or_else(|| document.pointer("/servers/0/url"));
            let base = base_path(server.and_then(Value::as_str).unwrap_or_default());
            Some(Operation {
                pointer,
                method: method.to_owned(),
                path: path.to_owned(),
                full_path: format!("{base}{}", by_position(on_the_wire(path))),
                value,
                title,
            })
        })
        .collect()
}

/// Returns the path of a server's URL, without a trailing slash.
fn base_path(url: &str) -> String {
    let after_host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = after_host.find('/').map_or("", |at| &after_host[at..]);
    by_position(path.trim_end_matches('/'))
}

/// The operations of the other document, by what can match.
pub(super) struct Candidates<'a> {
    pub(super) all: Vec<Operation<'a>>,
    pub(super) by_full_path: BTreeMap<(String, String), Vec<usize>>,
    pub(super) by_path: BTreeMap<(String, String), Vec<usize>>,
    /// By each end of the path that starts with a slash.
    pub(super) by_end: BTreeMap<(String, String), Vec<usize>>,
}

/// The number of segments that the end of a path needs to identify an operation.
const MIN_END: usize = 2;

impl<'a> Candidates<'a> {
    pub(super) fn new(document: &'a Value) -> Candidates<'a> {
        let all = read_operations(document);
        let mut candidates = Candidates {
            all: Vec::new(),
            by_full_path: BTreeMap::new(),
            by_path: BTreeMap::new(),
            by_end: BTreeMap::new(),
        };
        for (number, operation) in all.iter().enumerate() {
            let key = |path: String| (operation.method.clone(), path);
            let path = by_position(on_the_wire(&operation.path));
            let add = |map: &mut BTreeMap<_, Vec<usize>>, path| {
                map.entry(key(path)).or_default().push(number);
            };
            add(&mut candidates.by_full_path, operation.full_path.clone());
            for end in ends(&operation.full_path) {
                add(&mut candidates.by_end, end.to_owned());
            }
            add(&mut candidates.by_path, path);
        }
        candidates.all = all;
        candidates
    }

    /// Returns the position of the operation that matches, if there is exactly one.
    pub(super) fn find(&self, own: &Operation<'_>) -> Option<usize> {
        let of = |map: &BTreeMap<(String, String), Vec<usize>>, path: &str| match map
            .get(&(own.method.clone(), path.to_owned()))?
            .as_slice()
        {
            [one] => Some(*one),
            _ => None,
        };
        let path = by_position(on_the_wire(&own.path));
        let by_end = |path: &str| {
            (path.split('/').skip(1).count() >= MIN_END)
                .then(|| of(&self.by_end, path))
                .flatten()
        };
        of(&self.by_full_path, &own.full_path)
            .or_else(|| of(&self.by_path, &path))
            .or_else(|| by_end(&path))
    }
}

/// Returns the ends of a path that start with a slash, without the path itself.
fn ends(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/')
        .skip(1)
        .map(|(at, _)| &path[at..])
        .filter(|end| end.split('/').skip(1).count() >= MIN_END)
}
