//! Reads structs with the derive macro `Object` that have a map of other properties.

use std::collections::{BTreeMap, BTreeSet};

use syn::ext::IdentExt as _;
use syn::{Attribute, Item, ItemStruct, LitStr};

/// Returns the names of the properties that are fields, by struct.
pub(super) fn open_structs(items: &[Item]) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for item in items {
        match item {
            Item::Mod(module) => {
                let items = module.content.as_ref().map(|(_, items)| items.as_slice());
                found.extend(open_structs(items.unwrap_or_default()));
            }
            Item::Struct(item) => {
                let fields = fields(item);
                found.extend(fields.map(|fields| (item.ident.to_string(), fields)));
            }
            _ => {}
        }
    }
    found
}

/// Returns the names of the properties that are fields. `None` without a map of other properties.
fn fields(item: &ItemStruct) -> Option<BTreeSet<String>> {
    let (mut names, mut is_open) = (BTreeSet::new(), false);
    for field in &item.fields {
        let arguments = arguments(&field.attrs);
        is_open |= arguments.is_other;
        if !arguments.is_other && !arguments.is_skipped {
            let ident = field.ident.as_ref()?.unraw().to_string();
            names.insert(arguments.name.unwrap_or(ident));
        }
    }
    is_open.then_some(names)
}

/// The arguments of `#[object(…)]`.
#[derive(Default)]
struct Arguments {
    name: Option<String>,
    is_other: bool,
    is_skipped: bool,
}

fn arguments(attributes: &[Attribute]) -> Arguments {
    let mut arguments = Arguments::default();
    let own = attributes
        .iter()
        .filter(|own| own.path().is_ident("object"));
    for attribute in own {
        // The derive macro has rejected anything else.
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("name") {
                arguments.name = Some(meta.value()?.parse::<LitStr>()?.value());
            }
            arguments.is_other |= meta.path.is_ident("other");
            arguments.is_skipped |= meta.path.is_ident("skip");
            Ok(())
        });
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_the_properties_of_open_structs() {
        let code = r#"
            mod types {
                struct Open { r#type: i64, #[object(name = "a-b", nullable)] b: i64, #[object(skip)] c: i64, #[object(other)] d: i64 }
                struct Closed { a: i64 }
                struct Tuple(i64);
            }
        "#;
        let found = open_structs(&syn::parse_file(code).unwrap().items);
        let names = BTreeSet::from(["a-b".to_owned(), "type".to_owned()]);
        assert_eq!(found, BTreeMap::from([("Open".to_owned(), names)]));
    }
}
