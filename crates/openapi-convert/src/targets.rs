//! Targets of references that the converted document has elsewhere: nested definitions, anchors
//! and identifiers.

use std::collections::{BTreeMap, BTreeSet};

use openapi_text::pointer::{escape, percent_decode, unescape};
use serde_json::{Map, Value};

use crate::structure::Kind;
use crate::walk::{Path, Visitor};

/// The prefix of references to schemas.
pub(crate) const SCHEMAS: &str = "#/components/schemas/";

/// The new names of schemas, found before the document is converted.
#[derive(Debug, Default)]
pub(crate) struct Targets {
    /// Names of components, existing and new.
    names: BTreeSet<String>,
    /// The definitions by pointer, as a tree of segments.
    definitions: Vec<Node>,
    /// Names by anchor, without `#`.
    anchors: BTreeMap<String, String>,
    /// Names by `$id`.
    ids: BTreeMap<String, String>,
    /// The URI of the document, to recognize references to itself.
    document: Option<String>,
    /// The next number for each name that is not free.
    numbers: BTreeMap<String, usize>,
    /// Schemas with anchors and identifiers, without names yet.
    identified: Vec<Identified>,
}

#[derive(Debug)]
struct Identified {
    pointer: String,
    anchors: Vec<String>,
    id: Option<String>,
}

#[derive(Debug, Default)]
struct Node {
    children: BTreeMap<String, usize>,
    name: Option<String>,
}

/// A reference in the converted document.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rewritten {
    /// The reference.
    pub(crate) reference: String,
    /// True if the reference as written leads nowhere, and the target was guessed.
    pub(crate) is_repaired: bool,
}

impl Targets {
    /// Reserves the names of the schemas in `components`.
    pub(crate) fn new(root: &Map<String, Value>) -> Self {
        let schemas = root
            .get("components")
            .and_then(|components| components.get("schemas"))
            .and_then(Value::as_object);
        let document = root.get("$self").and_then(Value::as_str);
        let mut targets = Targets {
            names: schemas
                .map(|schemas| schemas.keys().cloned().collect())
                .unwrap_or_default(),
            definitions: vec![Node::default()],
            document: document.map(|uri| uri.trim_end_matches('#').to_owned()),
            ..Targets::default()
        };
        // The definitions of the document come before those of schemas, and keep their names.
        targets.define(root, "", None);
        targets
    }

    /// Names the schemas with anchors and identifiers. To call after the walk.
    pub(crate) fn finish(&mut self) {
        for identified in std::mem::take(&mut self.identified) {
            let name = match component_at(&identified.pointer) {
                Some(name) => name,
                None => match self.definition(&identified.pointer) {
                    Some(name) => name.to_owned(),
                    None => {
                        let hint = identified.anchors.first().or(identified.id.as_ref());
                        let hint = hint.map_or("schema", String::as_str);
                        let hint = hint.rsplit('/').find(|part| !part.is_empty());
                        let name = self.free_name(hint.unwrap_or("schema"), None);
                        self.insert(&identified.pointer, name.clone());
                        name
                    }
                },
            };
            for anchor in identified.anchors {
                self.anchors.entry(anchor).or_insert_with(|| name.clone());
            }
            if let Some(id) = identified.id {
                self.ids.entry(id).or_insert(name);
            }
        }
    }

    fn define(&mut self, node: &Map<String, Value>, pointer: &str, owner: Option<&str>) {
        for key in ["$defs", "definitions"] {
            let Some(Value::Object(entries)) = node.get(key) else {
                continue;
            };
            // Valid names stay as they are, so they come first.
            let is_valid = |name: &&String| component_name(name) == **name;
            let valid = entries.keys().filter(is_valid);
            let others = entries.keys().filter(|name| !is_valid(name));
            for name in valid.chain(others) {
                let new = self.free_name(name, owner);
                self.insert(&format!("{pointer}/{key}/{}", escape(name)), new);
            }
        }
    }

    /// Returns the new name of the definition at a pointer.
    pub(crate) fn definition(&self, pointer: &str) -> Option<&str> {
        let mut at = 0;
        for segment in pointer.split('/').skip(1) {
            at = *self.definitions[at].children.get(&unescape(segment))?;
        }
        self.definitions[at].name.as_deref()
    }

    /// Returns the reference to use in the converted document, if it differs. `schema_root` is the
    /// pointer of the outermost schema around the reference.
    pub(crate) fn rewrite(
        &self,
        reference: &str,
        schema_root: impl FnOnce() -> Option<String>,
    ) -> Option<Rewritten> {
        let exact = |reference| {
            Some(Rewritten {
                reference,
                is_repaired: false,
            })
        };
        let (uri, fragment) = match reference.split_once('#') {
            Some((uri, fragment)) => (uri, fragment),
            None => (reference, ""),
        };
        if !uri.is_empty() {
            if self.document.as_deref() == Some(uri) {
                let local = format!("#{fragment}");
                return self.rewrite(&local, schema_root).or_else(|| exact(local));
            }
            let name = self.ids.get(uri)?;
            return match fragment {
                "" => exact(format!("{SCHEMAS}{name}")),
                _ if fragment.starts_with('/') => exact(format!("{SCHEMAS}{name}{fragment}")),
                anchor => exact(format!("{SCHEMAS}{}", self.anchors.get(anchor)?)),
            };
        }
        if fragment.is_empty() {
            // `#` in a schema that was written for itself means that schema.
            let root = schema_root()?;
            let reference = self.resolve(0, &root).unwrap_or(format!("#{root}"));
            return Some(Rewritten {
                reference,
                is_repaired: true,
            });
        }
        if !fragment.starts_with('/') {
            let name = self.anchors.get(fragment)?;
            return exact(format!("{SCHEMAS}{name}"));
        }
        if let Some(reference) = self.resolve(0, fragment) {
            return exact(reference);
        }
        let rest = ["/definitions/", "/$defs/"]
            .iter()
            .find_map(|prefix| fragment.strip_prefix(prefix))?;
        // `#/$defs/A` in a schema that was written for itself means that schema.
        let nested = schema_root()
            .and_then(|root| self.node(&root))
            .and_then(|node| self.resolve(node, fragment));
        Some(Rewritten {
            reference: nested.unwrap_or_else(|| format!("{SCHEMAS}{rest}")),
            is_repaired: true,
        })
    }

    fn node(&self, pointer: &str) -> Option<usize> {
        pointer.split('/').skip(1).try_fold(0, |at, segment| {
            self.definitions[at]
                .children
                .get(&unescape(segment))
                .copied()
        })
    }

    /// Resolves a fragment below a node of the tree. The deepest definition on the way counts.
    fn resolve(&self, from: usize, fragment: &str) -> Option<String> {
        let (mut at, mut position, mut found) = (from, 0, None);
        for segment in fragment.split('/').skip(1) {
            position += 1 + segment.len();
            let key = unescape(&percent_decode(segment));
            let Some(next) = self.definitions[at].children.get(&key) else {
                break;
            };
            at = *next;
            if let Some(name) = &self.definitions[at].name {
                found = Some((name, position));
            }
        }
        let (name, end) = found?;
        Some(format!("{SCHEMAS}{name}{}", &fragment[end..]))
    }

    fn insert(&mut self, pointer: &str, name: String) {
        let mut at = 0;
        for segment in pointer.split('/').skip(1) {
            let new = self.definitions.len();
            let next = *self.definitions[at]
                .children
                .entry(unescape(segment))
                .or_insert(new);
            if next == new {
                self.definitions.push(Node::default());
            }
            at = next;
        }
        self.definitions[at].name = Some(name);
    }

    /// Returns a free name for a component: the name itself, else with the owner before it, else
    /// with a number.
    pub(crate) fn free_name(&mut self, name: &str, owner: Option<&str>) -> String {
        let name = component_name(name);
        let with_owner = owner.map(|owner| format!("{}_{name}", component_name(owner)));
        let free = [Some(&name), with_owner.as_ref()]
            .into_iter()
            .flatten()
            .find(|name| !self.names.contains(*name))
            .cloned();
        let free = free.unwrap_or_else(|| {
            let base = with_owner.unwrap_or(name);
            let number = self.numbers.entry(base.clone()).or_insert(1);
            loop {
                *number += 1;
                let name = format!("{base}_{number}");
                if !self.names.contains(&name) {
                    break name;
                }
            }
        });
        self.names.insert(free.clone());
        free
    }
}

impl Visitor for Targets {
    fn leave(&mut self, kind: Kind, node: &mut Value, path: &Path<'_>) {
        let Some(map) = node.as_object().filter(|_| kind.is_schema()) else {
            return;
        };
        if map.contains_key("$defs") || map.contains_key("definitions") {
            let pointer = path.pointer();
            self.define(map, &pointer, owner(&pointer).as_deref());
        }
        let text = |key: &str| map.get(key).and_then(Value::as_str);
        let id = text("$id").filter(|id| !id.starts_with('#'));
        let anchors = ["$anchor", "$dynamicAnchor"].map(text);
        if id.is_some() || anchors.iter().any(Option::is_some) {
            self.identified.push(Identified {
                pointer: path.pointer(),
                anchors: anchors.into_iter().flatten().map(str::to_owned).collect(),
                id: id.map(|id| id.trim_end_matches('#').to_owned()),
            });
        }
    }
}

/// Returns the name of the component at a pointer.
fn component_at(pointer: &str) -> Option<String> {
    let name = pointer.strip_prefix("/components/schemas/")?;
    (!name.contains('/')).then(|| unescape(name))
}

/// Returns the name of the component that a pointer leads into.
fn owner(pointer: &str) -> Option<String> {
    let rest = ["/components/schemas/", "/definitions/", "/$defs/"]
        .iter()
        .find_map(|prefix| pointer.strip_prefix(prefix))?;
    rest.split('/').next().map(unescape)
}

/// Replaces the characters that names of components cannot have.
pub(crate) fn component_name(name: &str) -> String {
    let is_valid = |char: char| char.is_ascii_alphanumeric() || "._-".contains(char);
    let valid: String = name
        .chars()
        .map(|char| if is_valid(char) { char } else { '_' })
        .collect();
    match valid.trim_end_matches('_') {
        "" => "schema".to_owned(),
        _ if valid == name => valid,
        trimmed => trimmed.to_owned(),
    }
}
