//! Writes the documentation of a client from the canonical document.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use heck::ToPascalCase;
use serde_json::Value;

use gallery_spec::canonical::Canonical;

use crate::bindings::Bindings;
use crate::docs::operation::operation;
use crate::docs::reductions::Reductions;
use crate::markdown;

mod operation;
mod reductions;

pub(crate) use operation::OperationDocs;
pub(crate) use reductions::line as reduction_line;

/// The documentation of a client: Markdown, with untrusted text escaped.
#[derive(Clone, Debug, Default)]
pub struct Docs {
    /// Documentation of `Client`.
    pub client: String,
    /// Documentation of the operations by method.
    pub operations: BTreeMap<String, OperationDocs>,
    /// Documentation of the types by name.
    pub types: BTreeMap<String, TypeDocs>,
}

/// The documentation of a type.
#[derive(Clone, Debug, Default)]
pub struct TypeDocs {
    /// Documentation of the type.
    pub text: Option<String>,
    /// Documentation of the fields by JSON name.
    pub fields: BTreeMap<String, String>,
}

/// Writes the documentation of a document.
pub fn docs(canonical: &Canonical, bindings: &Bindings) -> Docs {
    let reductions = Reductions::of(canonical);
    let operations = canonical
        .endpoints()
        .iter()
        .zip(&bindings.operations)
        .map(|(endpoint, binding)| {
            let mut docs = operation(canonical, endpoint, binding);
            docs.method.push_str(&reductions.of_operation(binding));
            (binding.method.clone(), docs)
        })
        .collect();
    Docs {
        client: client(canonical) + &reductions.others(),
        operations,
        types: types(canonical),
    }
}

/// Documents component schemas, except those whose Rust names collide.
fn types(canonical: &Canonical) -> BTreeMap<String, TypeDocs> {
    let schemas = canonical
        .document()
        .components
        .iter()
        .flat_map(|components| &components.schemas);
    let mut types: BTreeMap<String, Option<TypeDocs>> = BTreeMap::new();
    for (name, schema) in schemas {
        let description = |value: &Value| {
            value
                .get("description")
                .and_then(Value::as_str)
                .map(markdown::blocks)
        };
        let schema = serde_json::to_value(schema).unwrap_or_default();
        let properties = schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        let fields = properties
            .filter_map(|(name, property)| Some((name.clone(), description(property)?)))
            .collect();
        let docs = TypeDocs {
            text: description(&schema),
            fields,
        };
        types
            .entry(name.to_pascal_case())
            .and_modify(|docs| *docs = None)
            .or_insert(Some(docs));
    }
    types
        .into_iter()
        .filter_map(|(name, docs)| Some((name, docs?)))
        .collect()
}

/// Documents the client type.
fn client(canonical: &Canonical) -> String {
    let info = &canonical.document().info;
    let mut text = format!("A client for the {} API.\n", markdown::inline(&info.title));
    if let Some(description) = &info.description {
        let _ = write!(text, "\n{}\n", markdown::blocks(description));
    }
    let _ = write!(
        text,
        "\nAPI version {}. Clones share connections.\n",
        markdown::code(&info.version)
    );
    text
}
