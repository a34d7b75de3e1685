//! Checks the source levels of the rules of `openapi_drift` against generated code.
//!
//! For each pair in the tables of rules, a client is generated from both documents. The public API
//! of the two clients must differ as the level of the rule requires.

use std::collections::HashMap;

use gallery_codegen::CodeSettings;
use gallery_codegen::generate::code;
use gallery_spec::canonical::Canonical;
use openapi_text::Diagnostics;
use serde_json::Value;
use syn::visit_mut::{self, VisitMut};

use crate::pairs::pairs;

/// Returns the public API of a document's client. Returns `None` if no client can be generated.
fn public_api(document: &Value) -> Option<String> {
    let mut document = document.clone();
    name_operations(&mut document);
    let canonical = Canonical::parse(&document.to_string()).ok()?;
    let code = code(
        "drift",
        &canonical,
        &CodeSettings::default(),
        &mut Diagnostics::default(),
    )?;
    let mut code = syn::parse_file(code.client.text()).ok()?;
    PublicItems.visit_file_mut(&mut code);
    Some(prettyplease::unparse(&code))
}

/// Adds the `operationId`s that the tables omit. The generator needs them to name methods.
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

/// Removes function bodies, private items, private fields and documentation.
struct PublicItems;

impl VisitMut for PublicItems {
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

    fn visit_file_mut(&mut self, file: &mut syn::File) {
        let is_private = |item: &syn::Item| match item {
            syn::Item::Const(constant) => constant.vis == syn::Visibility::Inherited,
            syn::Item::Mod(module) => module.vis == syn::Visibility::Inherited,
            _ => false,
        };
        file.items.retain(|item| !is_private(item));
        visit_mut::visit_file_mut(self, file);
    }

    /// Callers do not name the arguments of methods.
    fn visit_pat_ident_mut(&mut self, name: &mut syn::PatIdent) {
        name.ident = syn::Ident::new("argument", name.ident.span());
        name.mutability = None;
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

/// Returns true if one document of a pair has a schema inline, and the other one by reference.
///
/// `openapi_drift` treats such schemas as equal, although the names of the client's types differ.
fn is_inlining(name: &str) -> bool {
    ["inlined", "through an alias", "contains itself"]
        .iter()
        .any(|words| name.contains(words))
}

#[test]
fn source_levels_match_the_changes_to_generated_code() {
    let mut wrong = Vec::new();
    let (mut compared, mut rejected) = (0, 0);
    let mut generated: HashMap<String, Option<String>> = HashMap::new();
    let mut cached_api = |document: &Value| {
        generated
            .entry(document.to_string())
            .or_insert_with(|| public_api(document))
            .clone()
    };
    for pair in pairs().iter().filter(|pair| !is_inlining(&pair.name)) {
        let (Some(before), Some(after)) = (cached_api(&pair.before), cached_api(&pair.after))
        else {
            rejected += 1;
            continue;
        };
        compared += 1;
        let level = pair
            .expected
            .as_ref()
            .map_or("none", |expected| expected.source.as_str());
        // The order of items has no meaning.
        let sorted = |code: &str| {
            // The variants of an enum are on one line, and a module may be empty.
            let lines = code.lines().filter(|line| !line.contains("pub mod"));
            let parts =
                lines.flat_map(|line| match line.contains("), ") || line.contains(" => ") {
                    true => line.split([',', '{', '}']).collect(),
                    false => vec![line],
                });
            let mut parts: Vec<String> = parts.map(|part| part.trim().to_owned()).collect();
            parts.sort();
            parts
        };
        let (before, after) = (sorted(&before), sorted(&after));
        let removed: Vec<&String> = before.iter().filter(|line| !after.contains(line)).collect();
        let added: Vec<&String> = after.iter().filter(|line| !before.contains(line)).collect();
        let is_correct = match level {
            "none" => before == after,
            "safe" => removed.is_empty() && !added.is_empty(),
            _ => before != after,
        };
        if !is_correct {
            let id = pair
                .expected
                .as_ref()
                .map_or("no rule", |expected| expected.rule.id);
            wrong.push(format!(
                "{} ({id}): level {level}\n  removed {removed:?}\n  added {added:?}",
                pair.name
            ));
        }
    }
    assert!(compared > 500, "{compared} compared, {rejected} rejected");
    assert!(
        wrong.is_empty(),
        "{} of {compared} pairs have the wrong level:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
