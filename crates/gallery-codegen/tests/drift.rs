//! What the rules of `openapi_drift` say of callers' source is what becomes of the generated code: for each pair of their tables,
//! both documents are generated, and what callers see of the code is compared.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    reason = "a test that fails should panic"
)]

#[path = "../../openapi-drift/tests/drift/pairs.rs"]
mod pairs;
#[path = "../../openapi-drift/tests/drift/support.rs"]
mod support;

use std::collections::HashMap;

use gallery_codegen::bindings;
use gallery_codegen::client;
use gallery_codegen::docs;
use gallery_codegen::lower;
use gallery_spec::canonical::Canonical;
use openapi_text::Diagnostics;
use serde_json::Value;
use syn::visit_mut::{self, VisitMut};

/// What callers see of the client of a document; none where there is no client of it.
fn surface(document: &Value) -> Option<String> {
    let mut document = document.clone();
    name_operations(&mut document);
    let canonical = Canonical::parse(&document.to_string()).ok()?;
    let bindings = bindings(&canonical);
    let lowered = lower("drift", &canonical, &bindings, &mut Diagnostics::default())?;
    let mut code = client(&lowered, &docs(&canonical, &bindings)).ok()?;
    Visible.visit_file_mut(&mut code);
    Some(prettyplease::unparse(&code))
}

/// A client's methods are called by the ids of operations, which the tables leave out where they say nothing of them.
fn name_operations(document: &mut Value) {
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if operation.get("responses").is_some() && operation.get("operationId").is_none() {
                let path: String = path
                    .split(['{', '}'])
                    .step_by(2)
                    .filter(|part| !part.is_empty())
                    .collect();
                operation["operationId"] = format!("{method}{}", path.replace('/', "_")).into();
            }
        }
    }
}

/// Leaves what callers see: no bodies, no private parts, no documentation.
struct Visible;

impl VisitMut for Visible {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<syn::Attribute>) {
        attributes.retain(|attribute| attribute.path().is_ident("derive"));
    }

    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        block.stmts.clear();
    }

    fn visit_fields_named_mut(&mut self, fields: &mut syn::FieldsNamed) {
        let visible = std::mem::take(&mut fields.named).into_iter();
        fields.named = visible
            .filter(|field| matches!(field.vis, syn::Visibility::Public(_)))
            .collect();
        visit_mut::visit_fields_named_mut(self, fields);
    }

    /// A variant without fields is a number too, by its place among the others.
    fn visit_item_enum_mut(&mut self, item: &mut syn::ItemEnum) {
        visit_mut::visit_item_enum_mut(self, item);
        if item
            .variants
            .iter()
            .all(|variant| variant.fields.is_empty())
        {
            for (number, variant) in item.variants.iter_mut().enumerate() {
                variant.discriminant =
                    Some((syn::token::Eq::default(), syn::parse_quote!(#number)));
            }
        }
    }

    fn visit_file_mut(&mut self, file: &mut syn::File) {
        let is_private = |item: &syn::Item| matches!(item, syn::Item::Const(constant) if constant.vis == syn::Visibility::Inherited);
        file.items.retain(|item| !is_private(item));
        visit_mut::visit_file_mut(self, file);
    }

    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        if item.trait_.is_none() {
            item.items.retain(|item| match item {
                syn::ImplItem::Fn(function) => matches!(function.vis, syn::Visibility::Public(_)),
                _ => true,
            });
        }
        visit_mut::visit_item_impl_mut(self, item);
    }
}

/// A schema with a name is taken for the same without one, though the client's type is called otherwise: where that is, a document says
/// the same in other words.
fn is_written_out(name: &str) -> bool {
    ["written out", "by way of another", "contains itself"]
        .iter()
        .any(|words| name.contains(words))
}

#[test]
fn source_levels_are_what_becomes_of_the_code() {
    let mut wrong = Vec::new();
    let (mut compared, mut refused) = (0, 0);
    let mut made: HashMap<String, Option<String>> = HashMap::new();
    let mut surface = |document: &Value| {
        made.entry(document.to_string())
            .or_insert_with(|| surface(document))
            .clone()
    };
    for pair in pairs::pairs()
        .into_iter()
        .filter(|pair| !is_written_out(&pair.name))
    {
        let (Some(before), Some(after)) = (surface(&pair.before), surface(&pair.after)) else {
            refused += 1;
            continue;
        };
        compared += 1;
        let level = pair
            .expected
            .as_ref()
            .map_or("none", |expected| expected.source.as_str());
        // The order of items says nothing.
        let sorted = |code: &str| {
            let mut lines: Vec<String> = code.lines().map(|line| line.trim().to_owned()).collect();
            lines.sort();
            lines
        };
        let (before, after) = (sorted(&before), sorted(&after));
        let gone: Vec<&String> = before.iter().filter(|line| !after.contains(line)).collect();
        let new: Vec<&String> = after.iter().filter(|line| !before.contains(line)).collect();
        let is_right = match level {
            "none" => before == after,
            "safe" => gone.is_empty() && !new.is_empty(),
            _ => before != after,
        };
        if !is_right {
            let id = pair
                .expected
                .as_ref()
                .map_or("nothing", |expected| expected.rule.id);
            wrong.push(format!(
                "{} ({id}): said {level}\n  gone {gone:?}\n  new {new:?}",
                pair.name
            ));
        }
    }
    assert!(compared > 500, "{compared} compared, {refused} refused");
    assert!(
        wrong.is_empty(),
        "{} of {compared} otherwise:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
