//! Examples of schemas. Tools that check them reject a document because of a wrong one.

mod check;
mod compiles;
mod format;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use self::check::Check;
use self::compiles::Compiles;
use crate::model::{Kind, walk};

/// The extension of a schema with an example that may not match it.
const UNCHECKED: &str = "x-example";

/// Renames the `example` of each schema that does not certainly match the schema to `x-example`.
/// Returns the pointers of the schemas.
///
/// An object with properties that the schema does not declare does not match.
pub(crate) fn rename_unmatched(document: &mut Value) -> Vec<String> {
    let schemas = document["components"]["schemas"].as_object();
    let none = Map::new();
    let schemas = schemas.unwrap_or(&none);
    let compiles = Compiles::new(schemas);
    let mut found = Vec::new();
    walk(
        Kind::Document,
        document,
        &mut String::new(),
        &mut |kind, value, pointer| {
            if kind == Kind::Schema
                && let Some(example) = value.get("example")
                && value.get("$ref").is_none()
                && !(compiles.schema(value)
                    && has_different_ids(example)
                    && Check::new(schemas).matches(value, example))
            {
                found.push(pointer.to_owned());
            }
            true
        },
    );
    for pointer in &found {
        if let Some(Value::Object(schema)) = document.pointer_mut(pointer)
            && let Some(example) = schema.remove("example")
        {
            schema.insert(UNCHECKED.to_owned(), example);
        }
    }
    found
}

/// Returns true if no two objects of an example have the same text `id`. Some validators take these
/// for the identifiers of schemas, which must be unique.
fn has_different_ids(example: &Value) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![example];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(members) => {
                let id = members.get("id").and_then(Value::as_str);
                if id.is_some_and(|id| !seen.insert(id)) {
                    return false;
                }
                open.extend(members.values());
            }
            _ => {}
        }
    }
    true
}
