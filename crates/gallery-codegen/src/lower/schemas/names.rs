//! The names that typify gives to types, fields and variants, so far as it must be known beforehand whether they are all different.

use std::collections::BTreeSet;

use heck::{ToPascalCase, ToSnakeCase};

/// Names of types that the code around them uses for itself.
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

/// Type names that are taken.
#[derive(Default)]
pub(super) struct TypeNames {
    taken: BTreeSet<String>,
}

impl TypeNames {
    /// A type name of its own, as near to `wished` as can be.
    pub(super) fn free(&mut self, wished: &str) -> String {
        let ascii: String = wished
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
            .collect();
        let mut stem = settled(&ascii);
        stem.truncate(80);
        if !stem.starts_with(|c: char| c.is_ascii_alphabetic()) {
            stem.insert_str(0, "Type");
        }
        if RESERVED_TYPES.contains(&stem.as_str()) {
            stem.push_str("Type");
        }
        let mut name = settled(&stem);
        let mut number = 1_u64;
        while self.taken.contains(&name) {
            number += 1;
            name = settled(&format!("{stem}V{number}"));
        }
        self.taken.insert(name.clone());
        name
    }
}

/// The pascal case that pascal case leaves as it is: of `a_b` that is `Ab`, since typify would make that of `AB`.
fn settled(text: &str) -> String {
    let name = text.to_pascal_case();
    if name == text { name } else { settled(&name) }
}

/// Whether typify makes a field of its own of each property.
pub(super) fn fields_differ<'a>(
    properties: impl Iterator<Item = &'a String>,
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

/// Whether typify makes a variant of its own of each value. Two values get names that the compiler warns of.
pub(super) fn variants_differ(values: &[String]) -> bool {
    if values.iter().any(|value| value == "+1" || value == "-1") {
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
            .map(|value| identifier(&crossed(value), str::to_pascal_case))
            .collect(),
    )
}

/// typify's second try: an `X` for each character that no identifier has.
fn crossed(value: &str) -> String {
    value
        .chars()
        .map(|c| if c == '_' || !continues(c) { 'X' } else { c })
        .collect()
}

/// typify's `sanitize`.
fn identifier(text: &str, case: fn(&str) -> String) -> String {
    let out = match text {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => case(
            &text
                .replace('\'', "")
                .chars()
                .map(|c| if continues(c) { c } else { '-' })
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

fn continues(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || c == '_'
        || (!c.is_ascii() && syn::parse_str::<syn::Ident>(&format!("x{c}")).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn type_names_are_unique() {
        let mut names = TypeNames::default();
        let wished = [
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
        let given = wished.map(|name| names.free(name));
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
        assert_eq!(given, expected);
    }

    #[test]
    fn what_would_meet_is_seen() {
        for (properties, differ) in [
            (&["a", "b"][..], true),
            (&["fooBar", "foo_bar"], false),
            (&["type", "type_"], false),
            (&["$a", "a"], false),
        ] {
            assert_eq!(
                fields_differ(owned(properties).iter(), false),
                differ,
                "{properties:?}"
            );
        }
        assert!(!fields_differ(owned(&["extra"]).iter(), true));
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
            assert_eq!(variants_differ(&owned(values)), differ, "{values:?}");
        }
    }
}
