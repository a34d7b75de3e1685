//! Faults in types: in reading and writing them, and in the builders of bodies.

use quote::ToTokens;
use syn::visit_mut::VisitMut;
use syn::{Attribute, Expr, Field, Ident, Item, LitStr, Type, Variant, parse_quote};

use crate::arguments::{Field as Target, Initial, Narrow, default_of, narrow_field, silence, twin};
use crate::site::Change;
use crate::source::{Declaration, first_argument};
use crate::syntax::in_function;

/// Changes one field of a structure.
fn field(kind: &Declaration, name: &str, what: String, edit: impl FnOnce(&mut Field)) -> Change {
    let mut item = kind.site.item.clone();
    if let Item::Struct(structure) = &mut item {
        let found = structure
            .fields
            .iter_mut()
            .find(|field| field.ident.as_ref().is_some_and(|own| own == name));
        if let Some(found) = found {
            edit(found);
        }
    }
    Change::new(name, what, vec![(&kind.site, item)])
}

fn each_field(
    kind: &Declaration,
    wanted: impl Fn(&Field) -> bool,
    change: impl Fn(&Field, &str) -> Change,
) -> Vec<Change> {
    let named = |field: &&Field| field.ident.as_ref().map(ToString::to_string);
    kind.fields()
        .into_iter()
        .filter(|field| wanted(field))
        .filter_map(|field| Some(change(field, &named(&field)?)))
        .collect()
}

/// Returns true if a type is an `Option`.
fn is_optional(field: &Field) -> bool {
    first_argument(&field.ty, "Option").is_some()
}

fn has(attributes: &[Attribute], word: &str) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("serde") && attribute.to_token_stream().to_string().contains(word)
    })
}

/// Returns the name from a serde attribute.
fn renaming(attributes: &[Attribute]) -> Option<String> {
    let mut name = None;
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
    {
        // Skip other arguments. An attribute that cannot be parsed has no name.
        let _ = attribute.parse_nested_meta(|meta| {
            if let Ok(value) = meta.value() {
                let text: LitStr = value.parse()?;
                if meta.path.is_ident("rename") {
                    name = Some(text.value());
                }
            }
            Ok(())
        });
    }
    name
}

/// Renames something in JSON: appends to its serde name, or else to its identifier.
fn rename(attributes: &mut Vec<Attribute>, ident: &str) {
    let other = format!(
        "{}_",
        renaming(attributes)
            .as_deref()
            .unwrap_or(ident.trim_start_matches("r#"))
    );
    let is_renamed = has(attributes, "rename =");
    for attribute in attributes.iter_mut().filter(|_| is_renamed) {
        let mut parts = Vec::new();
        if !attribute.path().is_ident("serde") {
            continue;
        }
        let _ = attribute.parse_nested_meta(|meta| {
            let path = &meta.path;
            let text: Option<LitStr> = meta.value().and_then(syn::parse::ParseBuffer::parse).ok();
            parts.push(match text {
                Some(_) if path.is_ident("rename") => quote::quote!(rename = #other),
                Some(text) => quote::quote!(#path = #text),
                None => quote::quote!(#path),
            });
            Ok(())
        });
        *attribute = parse_quote!(#[serde(#(#parts),*)]);
    }
    if !is_renamed {
        attributes.push(parse_quote!(#[serde(rename = #other)]));
    }
}

pub(super) fn field_renamed(kind: &Declaration) -> Vec<Change> {
    each_field(
        kind,
        |field| !has(&field.attrs, "flatten"),
        |_, name| {
            self::field(kind, name, format!("`{name}` is renamed"), |field| {
                rename(&mut field.attrs, name);
            })
        },
    )
}

pub(super) fn field_dropped(kind: &Declaration) -> Vec<Change> {
    each_field(
        kind,
        |_| true,
        |_, name| {
            self::field(
                kind,
                name,
                format!("`{name}` is neither read nor written"),
                |field| {
                    field
                        .attrs
                        .retain(|attribute| !attribute.path().is_ident("serde"));
                    field.attrs.push(parse_quote!(#[serde(skip)]));
                },
            )
        },
    )
}

pub(super) fn field_narrowed(kind: &Declaration) -> Vec<Change> {
    each_field(
        kind,
        |_| true,
        |_, name| {
            let mut items = Vec::new();
            let mut own = kind.site.item.clone();
            narrow_field(&mut own, name);
            items.push((&kind.site, own));
            if let Some(builder) = &kind.builder {
                let mut structure = builder.structure.item.clone();
                narrow_field(&mut structure, name);
                let mut implementation = builder.implementation.item.clone();
                in_function(&mut implementation, name, |function| {
                    Narrow.visit_signature_mut(&mut function.sig);
                });
                items.extend([
                    (&builder.structure, structure),
                    (&builder.implementation, implementation),
                ]);
            }
            Change::new(name, format!("`{name}` has a smaller type"), items)
        },
    )
}

pub(super) fn field_required(kind: &Declaration) -> Vec<Change> {
    each_field(kind, is_optional, |_, name| {
        self::field(kind, name, format!("`{name}` is required"), |field| {
            // With `deserialize_with`, serde does not fill in missing fields.
            field.attrs.push(
                parse_quote!(#[serde(deserialize_with = "::serde::Deserialize::deserialize")]),
            );
        })
    })
}

pub(super) fn field_defaulted(kind: &Declaration) -> Vec<Change> {
    each_field(
        kind,
        |field| {
            !is_optional(field) && !has(&field.attrs, "default") && !has(&field.attrs, "flatten")
        },
        |_, name| {
            self::field(kind, name, format!("`{name}` is optional"), |field| {
                field.attrs.push(parse_quote!(#[serde(default)]));
            })
        },
    )
}

pub(super) fn field_null(kind: &Declaration) -> Vec<Change> {
    let is_skipped = |field: &Field| is_optional(field) && has(&field.attrs, "skip_serializing_if");
    each_field(kind, is_skipped, |_, name| {
        self::field(
            kind,
            name,
            format!("`{name}` is `null` if it is absent"),
            |field| {
                let other = renaming(&field.attrs);
                field
                    .attrs
                    .retain(|attribute| !attribute.path().is_ident("serde"));
                field
                    .attrs
                    .extend(other.map(|other| parse_quote!(#[serde(rename = #other)])));
            },
        )
    })
}

pub(super) fn unknown_refused(kind: &Declaration) -> Vec<Change> {
    let mut item = kind.site.item.clone();
    match &mut item {
        Item::Struct(structure) if !kind.fields().is_empty() => {
            structure
                .attrs
                .push(parse_quote!(#[serde(deny_unknown_fields)]));
        }
        _ => return Vec::new(),
    }
    vec![Change::new(
        "struct",
        "an unknown field is refused",
        vec![(&kind.site, item)],
    )]
}

fn each_variant(
    kind: &Declaration,
    wanted: impl Fn(&Variant) -> bool,
    what: &str,
    edit: impl Fn(&mut Variant),
) -> Vec<Change> {
    let Item::Enum(own) = &kind.site.item else {
        return Vec::new();
    };
    let change = |(at, variant): (usize, &Variant)| {
        let mut item = own.clone();
        item.variants.iter_mut().skip(at).take(1).for_each(&edit);
        let name = variant.ident.to_string();
        Change::new(
            &name,
            format!("`{name}` {what}"),
            vec![(&kind.site, Item::Enum(item))],
        )
    };
    own.variants
        .iter()
        .enumerate()
        .filter(|(_, variant)| wanted(variant))
        .map(change)
        .collect()
}

pub(super) fn variant_renamed(kind: &Declaration) -> Vec<Change> {
    // A variant with a value has no name in JSON.
    each_variant(
        kind,
        |variant| variant.fields.is_empty(),
        "is renamed",
        |variant| {
            rename(&mut variant.attrs, &variant.ident.to_string());
        },
    )
}

pub(super) fn variant_dropped(kind: &Declaration) -> Vec<Change> {
    each_variant(
        kind,
        |_| true,
        "is not known",
        |variant| variant.attrs.push(parse_quote!(#[serde(skip)])),
    )
}

/// Returns the fields of a body's builder, with the types of their values.
fn built(kind: &Declaration) -> Vec<(Ident, Type)> {
    let Some(builder) = kind.builder.as_ref().filter(|_| kind.is_body) else {
        return Vec::new();
    };
    let Item::Struct(structure) = &builder.structure.item else {
        return Vec::new();
    };
    let field = |field: &Field| {
        Some((
            field.ident.clone()?,
            first_argument(&field.ty, "Result")?.clone(),
        ))
    };
    structure.fields.iter().filter_map(field).collect()
}

/// Changes an inherent function of a builder.
fn setter(
    kind: &Declaration,
    name: &Ident,
    what: String,
    edit: impl FnOnce(&mut syn::ImplItemFn),
) -> Option<Change> {
    let builder = kind.builder.as_ref()?;
    let mut item = builder.implementation.item.clone();
    in_function(&mut item, &name.to_string(), edit);
    Some(Change::new(
        name.to_string(),
        what,
        vec![(&builder.implementation, item)],
    ))
}

pub(super) fn setter_crossed(kind: &Declaration) -> Vec<Change> {
    let built = built(kind);
    let all: Vec<_> = built
        .iter()
        .map(|(name, kind)| (name.clone(), kind.to_token_stream().to_string()))
        .collect();
    let change = |(name, text): &(Ident, String)| {
        let other = twin(&name.to_string(), text, &all)?;
        setter(kind, name, format!("`{name}` sets `{other}`"), |function| {
            Target(other).visit_block_mut(&mut function.block);
        })
    };
    all.iter().filter_map(change).collect()
}

pub(super) fn setter_silent(kind: &Declaration) -> Vec<Change> {
    built(kind)
        .iter()
        .filter_map(|(name, _)| setter(kind, name, format!("`{name}` sets nothing"), silence))
        .collect()
}

pub(super) fn argument_defaulted(kind: &Declaration) -> Vec<Change> {
    let change = |(name, own): &(Ident, Type)| {
        let builder = kind.builder.as_ref()?;
        let mut item = builder.default.item.clone();
        let value: Expr = default_of(own);
        let name = name.to_string();
        in_function(&mut item, "default", |function| {
            Initial { name: &name, value }.visit_block_mut(&mut function.block);
        });
        Some(Change::new(
            &name,
            format!("`{name}` has a default"),
            vec![(&builder.default, item)],
        ))
    };
    built(kind).iter().filter_map(change).collect()
}
