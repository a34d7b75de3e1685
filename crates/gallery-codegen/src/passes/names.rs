//! Restores the JSON names of properties and enum values that were substituted in the lowered
//! document.

use std::collections::BTreeMap;

use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Field, Item, LitStr, Variant, parse_quote};

use crate::passes::edit::{Context, PassError, module, self_name};

const PASS: &str = "names";

pub(crate) fn apply(file: &mut syn::File, context: &Context<'_>) -> Result<(), PassError> {
    if context.substitutes.is_empty() {
        return Ok(());
    }
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    let items = module(PASS, file, "types")?.content.as_mut();
    for item in items.into_iter().flat_map(|(_, items)| items) {
        let name = match item {
            Item::Struct(structure) => structure.ident.to_string(),
            Item::Enum(enumeration) => enumeration.ident.to_string(),
            Item::Impl(implementation) => self_name(implementation),
            _ => continue,
        };
        if let Some((name, originals)) = context.substitutes.get_key_value(&name) {
            let mut restore = Restore {
                originals,
                found: 0,
            };
            restore.visit_item_mut(item);
            *found.entry(name).or_default() += restore.found;
        }
    }
    for (name, originals) in context.substitutes {
        if found.get(name.as_str()) != Some(&originals.len()) {
            return Err(PassError {
                pass: PASS,
                missing: format!("{originals:?} of `{name}`"),
            });
        }
    }
    Ok(())
}

/// Restores names in the items of one type.
struct Restore<'a> {
    originals: &'a BTreeMap<String, String>,
    /// Number of fields and variants.
    found: usize,
}

impl Restore<'_> {
    fn rename(&mut self, name: &str, attributes: &mut Vec<Attribute>) {
        if let Some(original) = self.originals.get(name) {
            attributes.push(parse_quote!(#[serde(rename = #original)]));
            self.found += 1;
        }
    }
}

impl VisitMut for Restore<'_> {
    fn visit_field_mut(&mut self, field: &mut Field) {
        if let Some(name) = &field.ident {
            self.rename(&name.to_string(), &mut field.attrs);
        }
    }

    fn visit_variant_mut(&mut self, variant: &mut Variant) {
        self.rename(&variant.ident.to_string(), &mut variant.attrs);
    }

    /// Edits the conversions of an enum from and to text.
    fn visit_lit_str_mut(&mut self, text: &mut LitStr) {
        if let Some(original) = self.originals.get(&text.value()) {
            *text = LitStr::new(original, text.span());
        }
        visit_mut::visit_lit_str_mut(self, text);
    }
}
