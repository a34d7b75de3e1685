//! Replaces progenitor's doc comments by those that were written from the canonical document.

use std::collections::BTreeMap;

use syn::{Attribute, ImplItem, Item, parse_quote};

use crate::docs::OperationDocs;
use crate::passes::{Context, PassError, each_builder, is_inherent, module};

const PASS: &str = "docs";

pub(crate) fn apply(file: &mut syn::File, context: &Context<'_>) -> Result<(), PassError> {
    let docs = &context.settings.docs;
    let missing = |what: String| PassError { pass: PASS, missing: what };
    for item in &mut file.items {
        match item {
            Item::Struct(structure) if structure.ident == "Client" => document(&mut structure.attrs, &docs.client),
            Item::Impl(implementation) if is_inherent(implementation, "Client") => {
                for item in &mut implementation.items {
                    let ImplItem::Fn(function) = item else { continue };
                    if let Some(operation) = docs.operations.get(&function.sig.ident.to_string()) {
                        document(&mut function.attrs, &operation.method);
                    }
                }
            }
            Item::Mod(module) if module.ident == "builder" => {
                document(
                    &mut module.attrs,
                    "The calls of the API, each with a setter for every argument and `send` at the end.\n",
                );
            }
            _ => {}
        }
    }
    each_builder(PASS, file, context, |mut builder| {
        let method = &builder.binding.method;
        let operation = docs.operations.get(method).ok_or_else(|| missing(format!("documentation of `{method}`")))?;
        document_builder(&mut builder, operation)
    })?;
    let methods: BTreeMap<&String, &String> =
        context.builders.iter().zip(context.bindings.operations.iter().map(|binding| &binding.method)).collect();
    let builders = module(PASS, file, "builder")?;
    for item in builders.content.as_mut().map(|(_, items)| items).into_iter().flatten() {
        let Item::Struct(structure) = item else { continue };
        if let Some(method) = methods.get(&structure.ident.to_string()) {
            document(&mut structure.attrs, &format!("A call of [`Client::{method}`](super::Client::{method}).\n"));
        }
    }
    Ok(())
}

fn document_builder(builder: &mut super::Builder<'_>, operation: &OperationDocs) -> Result<(), PassError> {
    for (setter, text) in &operation.setters {
        document(&mut builder.function(PASS, setter)?.attrs, text);
    }
    if let Some(text) = &operation.stream {
        document(&mut builder.function(PASS, "stream")?.attrs, text);
    }
    document(&mut builder.function(PASS, "new")?.attrs, "A call with no argument set yet.\n");
    document(&mut builder.function(PASS, "send")?.attrs, "Sends the call and reads the answer.\n");
    Ok(())
}

/// Puts `text` in place of what documentation there is: a `///` line for each of its lines.
fn document(attributes: &mut Vec<Attribute>, text: &str) {
    attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    let lines = text.trim_end().lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    let documented: Vec<Attribute> = lines.map(|line| parse_quote!(#[doc = #line])).collect();
    attributes.splice(0..0, documented);
}
