//! Predicts the names that typify gives to types, fields and variants, to prevent collisions.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToPascalCase, ToSnakeCase};
use openapi_text::ascii;

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
    /// The names that users gave to types.
    renamed: BTreeMap<String, String>,
    /// The chosen names that have another name.
    used: BTreeSet<String>,
}

impl TypeNames {
    /// Creates names, of which some are replaced.
    pub(super) fn new(renamed: &BTreeMap<String, String>) -> TypeNames {
        TypeNames {
            renamed: renamed.clone(),
            ..TypeNames::default()
        }
    }

    /// Returns an unused type name based on `name`, or the name that replaces it.
    pub(super) fn unique(&mut self, name: &str) -> String {
        let name = self.chosen(name);
        let Some(renamed) = self.renamed.get(&name) else {
            return name;
        };
        let renamed = renamed.clone();
        self.used.insert(name);
        renamed
    }

    /// Returns the replacements without effect, and those with a name that another type has.
    pub(super) fn invalid_replacements(&self) -> (Vec<&str>, Vec<&str>) {
        let all = self.renamed.keys().map(String::as_str);
        let unused = all.filter(|name| !self.used.contains(*name)).collect();
        let is_taken = |(_, new): &(&String, &String)| {
            RESERVED_TYPES.contains(&new.as_str())
                || self.taken.contains(*new) && !self.used.contains(*new)
        };
        let taken = self.renamed.iter().filter(is_taken);
        (unused, taken.map(|(name, _)| name.as_str()).collect())
    }

    /// Returns an unused type name based on `name`.
    fn chosen(&mut self, name: &str) -> String {
        let mut stem = pascal_case(&ascii::words(name));
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

/// The names of the variants of a union.
#[derive(Default)]
pub(super) struct VariantNames {
    taken: BTreeSet<String>,
}

impl VariantNames {
    /// Returns an unused name based on `text`.
    pub(super) fn unique(&mut self, text: &str) -> String {
        let stem = identifier(&ascii::words(text), str::to_pascal_case);
        let mut name = stem.clone();
        let mut number = 1_u64;
        while name == "Unknown" || !self.taken.insert(name.clone()) {
            number += 1;
            name = format!("{stem}{number}");
        }
        name
    }
}

/// Substitutes for names that typify would turn into the same identifiers, by name.
pub(super) type Substitutes<'a> = BTreeMap<&'a str, String>;

/// Returns substitutes for properties that would have the same field, or a reserved one.
pub(super) fn field_substitutes<'a>(
    properties: impl IntoIterator<Item = &'a str>,
    has_extra: bool,
) -> Substitutes<'a> {
    // Earlier versions reserved `try_into`, so that the names of fields stay.
    let reserved = ["try_into"].into_iter().chain(has_extra.then_some("extra"));
    substitutes(properties, reserved, str::to_snake_case)
}

/// Returns substitutes for values that would have the same variant.
pub(super) fn variant_substitutes<'a>(values: &[&'a str]) -> Substitutes<'a> {
    let placeholders: BTreeSet<String> = values
        .iter()
        .map(|value| identifier(&with_placeholders(value), str::to_pascal_case))
        .collect();
    let mut substitutes = match placeholders.len() == values.len() {
        // typify tries placeholders if its names are not unique.
        true => Substitutes::new(),
        false => substitutes(values.iter().copied(), [], str::to_pascal_case),
    };
    // typify's names for these values cause compiler warnings.
    for (value, name) in [("+1", "Plus1"), ("-1", "Minus1")] {
        if values.contains(&value) && !values.contains(&name) {
            substitutes.insert(value, name.to_owned());
        }
    }
    substitutes
}

fn substitutes<'a>(
    names: impl IntoIterator<Item = &'a str>,
    reserved: impl IntoIterator<Item = &'static str>,
    case: fn(&str) -> String,
) -> Substitutes<'a> {
    let mut seen: BTreeSet<String> = reserved.into_iter().map(str::to_owned).collect();
    let mut repeated = Vec::new();
    for name in names {
        let identifier = identifier(name, case);
        if !seen.insert(identifier.clone()) {
            repeated.push((name, identifier));
        }
    }
    let mut numbers: BTreeMap<String, u64> = BTreeMap::new();
    let substitute = |(name, identifier): (&'a str, String)| {
        let number = numbers.entry(identifier.clone()).or_insert(1);
        loop {
            *number += 1;
            let substitute = case(&format!("{identifier}_{number}"));
            if seen.insert(substitute.clone()) {
                return (name, substitute);
            }
        }
    };
    repeated.into_iter().map(substitute).collect()
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
            "E",
            "HttpServer",
            "Ab",
            "FooB",
            "FooBv2",
        ];
        assert_eq!(unique, expected);
    }

    #[test]
    fn substitutes_names_that_collide() {
        let of = |substitutes: Substitutes<'_>| {
            let pairs = substitutes
                .iter()
                .map(|(name, new)| format!("{name}={new}"));
            pairs.collect::<Vec<_>>().join(" ")
        };
        for (properties, expected) in [
            (&["a", "b"][..], ""),
            (
                &["fooBar", "foo_bar", "foo_bar_2", "foo-bar"],
                "foo-bar=foo_bar_4 foo_bar=foo_bar_3",
            ),
            (&["type", "type_"], "type_=type_2"),
            (&["$a", "a"], "a=a_2"),
            (
                &["tryInto", "try_into"],
                "tryInto=try_into_2 try_into=try_into_3",
            ),
        ] {
            let names = properties.iter().copied();
            assert_eq!(
                of(field_substitutes(names, false)),
                expected,
                "{properties:?}"
            );
        }
        assert_eq!(of(field_substitutes(["extra"], true)), "extra=extra_2");
        for (values, expected) in [
            (&["a", "b"][..], ""),
            (&["a", "A"], "A=A2"),
            (&["a-b", "a_b"], "a_b=Ab2"),
            (&["<", ">"], ">=X2"),
            (&["+1", "-1", "x"], "+1=Plus1 -1=Minus1"),
            (&["", "x"], "x=X2"),
            (&["a.b", "ab"], ""),
            (&["self", "Self"], "Self=Self2"),
        ] {
            assert_eq!(of(variant_substitutes(values)), expected, "{values:?}");
        }
    }
}
