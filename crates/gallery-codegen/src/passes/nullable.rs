//! Distinguishes null from absent in optional properties of request bodies.
//!
//! The field becomes an `Option<Option<T>>`: `None` is absent, `Some(None)` is null. The setter of
//! the builder accepts what it did before, and sends its argument, which is null if it is `None`.
//! An `Option<Value>` stays: `Some(Value::Null)` is null.

use std::collections::{BTreeMap, BTreeSet};

use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Field, Item, ItemMod, Type, parse_quote};

use crate::passes::edit::{Context, PassError, json_name, module, self_name};

const PASS: &str = "nullable";

/// The names of edited fields, by type.
type Fields = BTreeMap<String, BTreeSet<String>>;

pub(crate) fn apply(file: &mut syn::File, context: &Context<'_>) -> Result<(), PassError> {
    if context.nullable.is_empty() {
        return Ok(());
    }
    let types = module(PASS, file, "types")?;
    let mut edited = Fields::new();
    let mut found = 0;
    let mut builders = None;
    for item in items(types) {
        match item {
            Item::Struct(structure) => {
                let name = structure.ident.to_string();
                let Some(properties) = context.nullable.get(&name) else {
                    continue;
                };
                let is_nullable = |field: &&mut Field| {
                    json_name(field).is_some_and(|property| properties.contains(&property))
                };
                let mut names = BTreeSet::new();
                for field in structure.fields.iter_mut().filter(is_nullable) {
                    found += 1;
                    names.extend(edit_field(field));
                }
                edited.insert(name, names);
            }
            Item::Mod(module) if module.ident == "builder" => builders = Some(module),
            _ => {}
        }
    }
    if found != context.nullable.values().map(BTreeSet::len).sum::<usize>() {
        let nullable = context.nullable;
        return Err(missing(format!("properties of {nullable:?}")));
    }
    edited.retain(|_, fields| !fields.is_empty());
    let builders = builders.ok_or_else(|| missing("the module `types::builder`".to_owned()))?;
    edit_builders(builders, &edited)
}

fn items(module: &mut ItemMod) -> impl Iterator<Item = &mut Item> {
    module.content.iter_mut().flat_map(|(_, items)| items)
}

/// The documentation of a field.
const DOC: &str = " `None` is absent, and `Some(None)` is null.";

/// The documentation of a field with any JSON.
const DOC_OF_VALUE: &str = " `None` is absent, and `Some(Value::Null)` is null.";

/// Makes the type of a field an `Option<Option<T>>` that reads null as `Some(None)`. Returns the
/// name of the field. An `Option<Value>` is not changed, but reads null as `Some(Value::Null)`.
fn edit_field(field: &mut Field) -> Option<String> {
    let name = field.ident.as_ref()?.to_string();
    let has_null = field.ty == parse_quote!(::std::option::Option<::serde_json::Value>);
    let rename = json_name(field)
        .filter(|property| *property != name)
        .map(|property| quote!(rename = #property,));
    let (doc, read) = match has_null {
        true => (DOC_OF_VALUE, "gallery_runtime::present"),
        false => (DOC, "gallery_runtime::nullable"),
    };
    if !has_null {
        let kind = &field.ty;
        field.ty = parse_quote!(::std::option::Option<#kind>);
    }
    field
        .attrs
        .retain(|attribute| !attribute.path().is_ident("serde"));
    field.attrs.insert(0, parse_quote!(#[doc = #doc]));
    field.attrs.push(parse_quote!(#[serde(
        #rename
        default,
        deserialize_with = #read,
        skip_serializing_if = "::std::option::Option::is_none"
    )]));
    (!has_null).then_some(name)
}

/// Adds an `Option` to the fields of builders, and to what their setters store.
fn edit_builders(builders: &mut ItemMod, edited: &Fields) -> Result<(), PassError> {
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for item in items(builders) {
        let name = match item {
            Item::Struct(structure) => structure.ident.to_string(),
            Item::Impl(implementation) if implementation.trait_.is_none() => {
                self_name(implementation)
            }
            _ => continue,
        };
        if let Some((name, fields)) = edited.get_key_value(&name) {
            let mut edits = Edits { fields, found: 0 };
            edits.visit_item_mut(item);
            *found.entry(name).or_default() += edits.found;
        }
    }
    for (name, fields) in edited {
        if found.get(name.as_str()) != Some(&(2 * fields.len())) {
            return Err(missing(format!(
                "the fields {fields:?} of the builder of `{name}`"
            )));
        }
    }
    Ok(())
}

/// Edits the fields and setters of a builder.
struct Edits<'a> {
    fields: &'a BTreeSet<String>,
    found: usize,
}

impl VisitMut for Edits<'_> {
    fn visit_field_mut(&mut self, field: &mut Field) {
        let name = field.ident.as_ref().map(ToString::to_string);
        if name.is_some_and(|name| self.fields.contains(&name))
            && let Some(kind) = first_argument(&mut field.ty)
        {
            *kind = parse_quote!(::std::option::Option<#kind>);
            self.found += 1;
        }
    }

    fn visit_impl_item_fn_mut(&mut self, function: &mut syn::ImplItemFn) {
        if self.fields.contains(&function.sig.ident.to_string()) {
            visit_mut::visit_impl_item_fn_mut(self, function);
        }
    }

    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        match expression {
            Expr::MethodCall(call) if call.method == "try_into" => {
                *expression = parse_quote!(#call.map(::std::option::Option::Some));
                self.found += 1;
            }
            _ => visit_mut::visit_expr_mut(self, expression),
        }
    }
}

/// Returns `T` of `Result<T, E>`.
fn first_argument(kind: &mut Type) -> Option<&mut Type> {
    let Type::Path(path) = kind else { return None };
    let last = path.path.segments.last_mut()?;
    let syn::PathArguments::AngleBracketed(arguments) = &mut last.arguments else {
        return None;
    };
    match arguments.args.first_mut()? {
        syn::GenericArgument::Type(kind) => Some(kind),
        _ => None,
    }
}

fn missing(missing: String) -> PassError {
    PassError {
        pass: PASS,
        missing,
    }
}
