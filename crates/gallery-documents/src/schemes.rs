//! Security schemes of several documents. Those that a document requires and does not declare are
//! those of its sibling documents, if all siblings that declare the name agree. Equal ones have the
//! scopes of all documents.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value};

use crate::components::{Component, Components};
use crate::fingerprint::{Part, part};
use crate::model::{Kind, walk};
use crate::namespace::Namespace;
use crate::sources::Sources;
use openapi_text::pointer::escape;
use openapi_text::{Diagnostics, Location, Severity};

/// A document, its unit and its file.
pub(crate) struct Requiring<'a> {
    pub(crate) unit: usize,
    pub(crate) file: usize,
    pub(crate) document: &'a Value,
}

/// Adds the schemes of siblings to the components of the documents that lack them. Reports each
/// scheme of a document once, at its first requirement.
pub(crate) fn adopt(
    documents: &[Requiring<'_>],
    components: &mut Components,
    sources: &Sources<'_>,
    diagnostics: &mut Diagnostics,
) {
    let declared = declared(documents, components);
    let mut adopted = Vec::new();
    for Requiring {
        unit,
        file,
        document,
    } in documents
    {
        for (name, (pointer, count)) in undeclared(document, *unit, components) {
            let Some(scheme) = declared.get(&name).and_then(|of_name| agreed(of_name)) else {
                continue;
            };
            let sibling = &components.all[scheme];
            let times = match count {
                1 => String::new(),
                count => format!(" ({count} requirements)"),
            };
            let message = format!(
                "the security scheme `{name}` does not exist{times}; that of `{}` is used",
                sources.file(sibling.file).path
            );
            let location = Location::pointer(&sources.file(*file).path, pointer);
            diagnostics.push(Severity::Repaired, "sibling-scheme", location, message);
            let resolved = components.resolved(sibling.unit, sibling.kind, &sibling.value);
            adopted.push(Component {
                unit: *unit,
                kind: Kind::SecurityScheme,
                name,
                value: resolved.map_or_else(|| sibling.value.clone(), |(_, value)| value.clone()),
                file: sibling.file,
                pointer: sibling.pointer.clone(),
            });
        }
    }
    adopted
        .into_iter()
        .for_each(|component| components.add(component));
}

/// Adds the scopes of equal security schemes to the one that stands for them: documents list the
/// scopes that their own operations require.
pub(crate) fn add_scopes(
    components: &Components,
    names: &Namespace,
    sections: &mut Map<String, Value>,
) {
    for (member, representative) in names.replaced() {
        let component = &components.all[member];
        let flows = component.value.get("flows").and_then(Value::as_object);
        let (Some(flows), Some((_, name))) = (flows, names.name(representative)) else {
            continue;
        };
        let section = sections.get_mut(component.section());
        let Some(own) = section.and_then(|section| section.get_mut(name)) else {
            continue;
        };
        for (kind, flow) in flows {
            let scopes = flow.get("scopes").and_then(Value::as_object);
            let own = own.pointer_mut(&format!("/flows/{}/scopes", escape(kind)));
            let (Some(scopes), Some(Value::Object(own))) = (scopes, own) else {
                continue;
            };
            for (scope, text) in scopes {
                own.entry(scope).or_insert_with(|| text.clone());
            }
        }
    }
}

/// Returns the schemes that the documents declare, by name, with their hashes.
fn declared(
    documents: &[Requiring<'_>],
    components: &Components,
) -> HashMap<String, Vec<(usize, Option<u128>)>> {
    let units: HashSet<usize> = documents.iter().map(|it| it.unit).collect();
    let mut declared: HashMap<String, Vec<(usize, Option<u128>)>> = HashMap::new();
    for (number, component) in components.all.iter().enumerate() {
        if component.kind == Kind::SecurityScheme && units.contains(&component.unit) {
            let of_name = declared.entry(component.name.clone()).or_default();
            of_name.push((number, wire(components, component)));
        }
    }
    declared
}

/// Returns the first scheme if all of them are equal over the wire.
fn agreed(schemes: &[(usize, Option<u128>)]) -> Option<usize> {
    let (first, wire) = schemes.first()?;
    let is_equal = wire.is_some() && schemes.iter().all(|(_, other)| other == wire);
    is_equal.then_some(*first)
}

/// Returns the hash of a scheme, unless it is a reference that leads nowhere.
fn wire(components: &Components, component: &Component) -> Option<u128> {
    let (unit, value) = components.resolved(component.unit, component.kind, &component.value)?;
    match part(components, unit, component.kind, value) {
        Part::Leaf(hashes) => Some(hashes.wire),
        _ => None,
    }
}

/// Returns the names of schemes that a document requires and does not declare, with the pointer of
/// the first requirement and the number of requirements.
fn undeclared(
    document: &Value,
    unit: usize,
    components: &Components,
) -> BTreeMap<String, (String, usize)> {
    let mut found: BTreeMap<String, (String, usize)> = BTreeMap::new();
    let mut add = |part: &Value, pointer: &str| {
        let alternatives = part.get("security").and_then(Value::as_array);
        for scheme in alternatives.into_iter().flatten() {
            for name in scheme.as_object().into_iter().flat_map(|map| map.keys()) {
                if components.find(unit, Kind::SecurityScheme, name).is_none() {
                    let pointer = || (format!("{pointer}/security"), 0);
                    found.entry(name.clone()).or_insert_with(pointer).1 += 1;
                }
            }
        }
    };
    add(document, "");
    walk(
        Kind::Document,
        document,
        &mut String::new(),
        &mut |kind, value, pointer| {
            if kind == Kind::Operation {
                add(value, pointer);
            }
            kind != Kind::Operation
        },
    );
    found
}
