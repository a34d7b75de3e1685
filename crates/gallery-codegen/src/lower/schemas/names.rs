//! Predicts the names that typify gives to types, fields and variants, to detect collisions.

use std::collections::BTreeSet;

use heck::{ToPascalCase, ToSnakeCase};

/// Type names that generated code uses itself.
const RESERVED_TYPES: &[&str] = &[
    "Self",
    "Result",
    "Option",
    "String",
    "Vec",
    "Box",
    "Ok",
    "Err",
    "Some",
    "None",
    "Default",
    "From",
    "Into",
    "TryFrom",
    "TryInto",
    "ToString",
    "Clone",
    "Copy",
    "Debug",
    "Drop",
    "Eq",
    "PartialEq",
    "Ord",
    "PartialOrd",
    "Hash",
    "Iterator",
    "Fn",
    "Send",
    "Sync",
    "Sized",
    "AsRef",
    "AsMut",
    "Extend",
    "Deserialize",
    "Serialize",
];

/// The type names in use.
#[derive(Default)]
pub(super) struct TypeNames {
    taken: BTreeSet<String>,
}

impl TypeNames {
    /// Returns an unused type name based on `name`.
    pub(super) fn unique(&mut self, name: &str) -> String {
        let ascii: String = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
            .collect();
        let mut stem = pascal_case(&ascii);
        stem.truncate(80);
        if !stem.starts_with(|c: char| c.is_ascii_alphabetic()) {
            stem.insert_str(0, "Type");
        }
        if RESERVED_TYPES.contains(&stem.as_str()) {
            stem.push_str("Type");
        }
        let mut name = pascal_case(&stem);
        let mut number = 1_u64;
        while self.taken.contains(&name) {
            number += 1;
            name = pascal_case(&format!("{stem}V{number}"));
        }
        self.taken.insert(name.clone());
        name
    }
}

/// Applies pascal case until it changes nothing: `a_b` becomes `AB`, then `Ab`, as in typify.
fn pascal_case(text: &str) -> String {
    let name = text.to_pascal_case();
    if name == text {
        name
    } else {
        pascal_case(&name)
    }
}

/// Returns true if the fields of these properties have different names.
pub(super) fn fields_differ<'a>(
    properties: impl IntoIterator<Item = &'a str>,
    has_extra: bool,
) -> bool {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    if has_extra {
        seen.insert("extra".to_owned());
    }
    properties
        .into_iter()
        .all(|name| seen.insert(identifier(name, str::to_snake_case)))
}

/// Returns true if the variants of these values have different names.
pub(super) fn variants_differ(values: &[&str]) -> bool {
    // typify's names for these values cause compiler warnings.
    if values.contains(&"+1") || values.contains(&"-1") {
        return false;
    }
    let differ = |names: Vec<String>| names.iter().collect::<BTreeSet<_>>().len() == names.len();
    differ(
        values
            .iter()
            .map(|value| identifier(value, str::to_pascal_case))
            .collect(),
    ) || differ(
        values
            .iter()
            .map(|value| identifier(&with_placeholders(value), str::to_pascal_case))
            .collect(),
    )
}

/// Replaces invalid characters by `X`, typify's second attempt.
fn with_placeholders(value: &str) -> String {
    value
        .chars()
        .map(|c| {
            if c == '_' || !is_identifier_char(c) {
                'X'
            } else {
                c
            }
        })
        .collect()
}

/// Converts a name like typify's `sanitize`.
fn identifier(text: &str, case: fn(&str) -> String) -> String {
    let out = match text {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => case(
            &text
                .replace('\'', "")
                .chars()
                .map(|c| if is_identifier_char(c) { c } else { '-' })
                .collect::<String>(),
        ),
    };
    let out = match out.chars().next() {
        None => case("x"),
        Some(first)
            if first == '_' || syn::parse_str::<syn::Ident>(&format!("{first}x")).is_ok() =>
        {
            out
        }
        Some(_) => format!("{}{out}", case("x")),
    };
    if syn::parse_str::<syn::Ident>(&out).is_ok() && out != "gen" {
        out
    } else {
        format!("{out}_")
    }
}

fn is_identifier_char(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || c == '_'
        || (!c.is_ascii() && syn::parse_str::<syn::Ident>(&format!("x{c}")).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_names_are_unique() {
        let mut names = TypeNames::default();
        let requested = [
            "foo_bar",
            "FooBar",
            "foo-bar",
            "",
            "1st",
            "option",
            "Option",
            "é",
            "HTTPServer",
            "a_b",
            "foo_b",
            "FooB",
        ];
        let unique = requested.map(|name| names.unique(name));
        let expected = [
            "FooBar",
            "FooBarV2",
            "FooBarV3",
            "Type",
            "Type1st",
            "OptionType",
            "OptionTypeV2",
            "TypeV2",
            "HttpServer",
            "Ab",
            "FooB",
            "FooBv2",
        ];
        assert_eq!(unique, expected);
    }

    #[test]
    fn detects_name_collisions() {
        for (properties, differ) in [
            (&["a", "b"][..], true),
            (&["fooBar", "foo_bar"], false),
            (&["type", "type_"], false),
            (&["$a", "a"], false),
        ] {
            let names = properties.iter().copied();
            assert_eq!(fields_differ(names, false), differ, "{properties:?}");
        }
        assert!(!fields_differ(["extra"], true));
        for (values, differ) in [
            (&["a", "b"][..], true),
            (&["a", "A"], false),
            (&["a-b", "a_b"], false),
            (&["<", ">"], false),
            (&["+1", "x"], false),
            (&["", "x"], false),
            (&["a.b", "ab"], true),
            (&["self", "Self"], false),
        ] {
            assert_eq!(variants_differ(values), differ, "{values:?}");
        }
    }
}
