//! Replaces progenitor's doc comments with those written from the canonical document.

use std::collections::BTreeMap;

use syn::{Attribute, ImplItem, Item};

use crate::docs::{OperationDocs, TypeDocs};
use crate::passes::edit::{
    Builder, Context, PassError, each_builder, is_inherent, json_name, module,
};
use crate::syntax;

const PASS: &str = "docs";

pub(crate) fn apply(file: &mut syn::File, context: &Context<'_>) -> Result<(), PassError> {
    let docs = context.docs;
    let missing = |what: String| PassError {
        pass: PASS,
        missing: what,
    };
    for item in &mut file.items {
        match item {
            Item::Struct(structure) if structure.ident == "Client" => {
                document(&mut structure.attrs, &docs.client);
            }
            Item::Impl(implementation) if is_inherent(implementation, "Client") => {
                for item in &mut implementation.items {
                    let ImplItem::Fn(function) = item else {
                        continue;
                    };
                    if let Some(operation) = docs.operations.get(&function.sig.ident.to_string()) {
                        document(&mut function.attrs, &operation.method);
                    }
                }
            }
            Item::Mod(module) if module.ident == "builder" => {
                document(
                    &mut module.attrs,
                    "Builders for the operations: one setter per argument, and `send`.\n",
                );
            }
            _ => {}
        }
    }
    each_builder(PASS, file, context, |mut builder| {
        let method = &builder.binding.method;
        let operation = docs
            .operations
            .get(method)
            .ok_or_else(|| missing(format!("documentation of `{method}`")))?;
        document_builder(&mut builder, operation)
    })?;
    document_types(file, &docs.types);
    let methods: BTreeMap<&String, &String> = context
        .builders
        .iter()
        .zip(
            context
                .bindings
                .operations
                .iter()
                .map(|binding| &binding.method),
        )
        .collect();
    let builders = module(PASS, file, "builder")?;
    for item in builders
        .content
        .as_mut()
        .map(|(_, items)| items)
        .into_iter()
        .flatten()
    {
        let Item::Struct(structure) = item else {
            continue;
        };
        if let Some(method) = methods.get(&structure.ident.to_string()) {
            document(
                &mut structure.attrs,
                &format!("A builder for [`Client::{method}`](super::Client::{method}).\n"),
            );
        }
    }
    Ok(())
}

/// Documents the types that have a description.
fn document_types(file: &mut syn::File, types: &BTreeMap<String, TypeDocs>) {
    let items = file.items.iter_mut().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => {
            module.content.as_mut().map(|(_, items)| items)
        }
        _ => None,
    });
    for item in items.flatten() {
        let Item::Struct(structure) = item else {
            continue;
        };
        let Some(docs) = types.get(&structure.ident.to_string()) else {
            continue;
        };
        if let Some(text) = &docs.text {
            document(&mut structure.attrs, text);
        }
        for field in &mut structure.fields {
            if let Some(text) = json_name(field).and_then(|name| docs.fields.get(&name)) {
                document(&mut field.attrs, text);
            }
        }
    }
}

fn document_builder(builder: &mut Builder<'_>, operation: &OperationDocs) -> Result<(), PassError> {
    for (setter, text) in &operation.setters {
        document(&mut builder.function(PASS, setter)?.attrs, text);
    }
    if let Some(text) = &operation.stream {
        document(&mut builder.function(PASS, "stream")?.attrs, text);
    }
    document(
        &mut builder.function(PASS, "new")?.attrs,
        "Creates a builder without arguments.\n",
    );
    document(
        &mut builder.function(PASS, "send")?.attrs,
        "Sends the request and reads the response.\n",
    );
    Ok(())
}

/// Replaces the doc comment by `text`.
fn document(attributes: &mut Vec<Attribute>, text: &str) {
    attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    let lines = text.trim_end().lines().map(|line| {
        if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        }
    });
    attributes.splice(0..0, lines.map(|line| syntax::documentation(&line)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    #[test]
    fn documents_types_and_fields_by_json_name() {
        let mut file: syn::File = parse_quote! {
            pub mod types {
                /// progenitor's
                pub struct Thing {
                    #[serde(rename = "the-id", default, skip_serializing_if = "Option::is_none")]
                    pub the_id: Option<String>,
                    pub r#type: String,
                    pub other: String,
                }
                /// stays
                pub struct Unknown {
                    pub other: String,
                }
            }
        };
        let fields = [("the-id", "Its id.\n"), ("type", "Its type.\n")]
            .map(|(name, text)| (name.to_owned(), text.to_owned()));
        let docs = TypeDocs {
            text: Some("A thing.\n".to_owned()),
            fields: fields.into(),
        };
        document_types(&mut file, &[("Thing".to_owned(), docs)].into());
        let expected: syn::File = parse_quote! {
            pub mod types {
                /// A thing.
                pub struct Thing {
                    /// Its id.
                    #[serde(rename = "the-id", default, skip_serializing_if = "Option::is_none")]
                    pub the_id: Option<String>,
                    /// Its type.
                    pub r#type: String,
                    pub other: String,
                }
                /// stays
                pub struct Unknown {
                    pub other: String,
                }
            }
        };
        assert_eq!(
            prettyplease::unparse(&file),
            prettyplease::unparse(&expected)
        );
    }
}
