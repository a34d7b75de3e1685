//! Forms of references and of components.

use serde_json::Value;

use crate::model::{Kind, SECTIONS, SWAGGER_SECTIONS};

/// Returns the section and the name that a pointer to a component of a document has.
pub(super) fn component(pointer: &str) -> Option<(Kind, &str)> {
    let (sections, rest) = match pointer.strip_prefix("/components/") {
        Some(rest) => (SECTIONS, rest),
        None => (SWAGGER_SECTIONS, pointer.strip_prefix('/')?),
    };
    let (section, name) = rest.split_once('/')?;
    let (_, kind) = sections.iter().find(|(known, _)| *known == section)?;
    (!name.contains('/')).then_some((*kind, name))
}

/// Returns true if a reference leads to a component of the right kind in a document, and is written
/// plainly.
pub(super) fn is_component(root: &Value, kind: Kind, text: &str) -> bool {
    let kind = target_kind(kind);
    if kind == Kind::PathItem {
        return false;
    }
    let Some(pointer) = text.strip_prefix('#') else {
        return false;
    };
    component(pointer).is_some_and(|(of, _)| of == kind)
        && root.pointer(pointer).is_some_and(|part| fits(kind, part))
}

/// Returns true if a document has a component with a name.
pub(super) fn has_component(root: &Value, kind: Kind, name: &str) -> bool {
    let of = |section: Option<&Value>| section.is_some_and(|section| section.get(name).is_some());
    let section = kind.section().unwrap_or_default();
    of(root.get("components").and_then(|all| all.get(section)))
        || swagger_section(kind).is_some_and(|section| of(root.get(section)))
}

/// Returns the section of Swagger 2.0 for parts of a kind.
pub(super) fn swagger_section(kind: Kind) -> Option<&'static str> {
    SWAGGER_SECTIONS
        .iter()
        .find(|(_, of)| *of == kind)
        .map(|(section, _)| *section)
}

pub(super) fn target_kind(kind: Kind) -> Kind {
    match kind {
        Kind::SchemaName => Kind::Schema,
        kind => kind,
    }
}

/// Returns true if a value can be a part of a kind.
pub(super) fn fits(kind: Kind, value: &Value) -> bool {
    value.is_object() || (kind == Kind::Schema && value.is_boolean())
}
