//! Names of components: which are valid, and how they are made of words.

use std::collections::BTreeSet;

use crate::model::Kind;

/// Returns true if a name is valid in OpenAPI 3.0.
pub(super) fn is_valid(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_kept)
}

fn is_kept(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
}

/// Returns a valid name that is similar to a name.
pub(super) fn valid(name: &str, kind: Kind) -> String {
    if is_valid(name) {
        return name.to_owned();
    }
    let valid = words(name, |c| !is_kept(c));
    match valid.is_empty() {
        true => match kind {
            Kind::Schema => "Schema".to_owned(),
            kind => pascal(kind.section().unwrap_or("part")),
        },
        false => valid,
    }
}

/// Returns the words of a text with capitals, joined.
pub(super) fn pascal(text: &str) -> String {
    words(text, |c| !c.is_ascii_alphanumeric())
}

/// Joins the words of a text. Each starts with a capital.
fn words(text: &str, is_between: impl Fn(char) -> bool) -> String {
    let mut result = String::new();
    for word in text.split(is_between).filter(|word| !word.is_empty()) {
        let mut letters = word.chars();
        if let Some(first) = letters.next() {
            result.push(first.to_ascii_uppercase());
        }
        result.push_str(letters.as_str());
    }
    result
}

/// Puts a word before a name, in the style of the name.
pub(super) fn joined(word: &str, name: &str) -> String {
    if name.contains('_') || name.starts_with(|c: char| c.is_ascii_lowercase()) {
        let mut result = String::new();
        for (at, c) in word.char_indices() {
            if c.is_ascii_uppercase() && at > 0 {
                result.push('_');
            }
            result.push(c.to_ascii_lowercase());
        }
        return format!("{result}_{name}");
    }
    format!("{word}{name}")
}

/// The stems of the names of all files.
pub(super) struct Stems {
    /// Words that all of them have.
    common: BTreeSet<String>,
}

/// Words that say nothing about a document.
const SILENT: &[&str] = &[
    "api", "openapi", "swagger", "oas", "spec", "yaml", "yml", "json",
];

impl Stems {
    pub(super) fn new<'a>(files: impl IntoIterator<Item = &'a str>) -> Stems {
        let documents = files
            .into_iter()
            .map(|file| split(crate::sources::stem(file)).collect::<BTreeSet<String>>());
        let common = documents.reduce(|a, b| a.intersection(&b).cloned().collect());
        Stems {
            common: common.unwrap_or_default(),
        }
    }

    /// Returns the words of a stem that tell it from others, joined.
    pub(super) fn short(&self, stem: &str) -> String {
        let telling: Vec<String> = split(stem)
            .filter(|word| !self.common.contains(word) && !SILENT.contains(&word.as_str()))
            .collect();
        pascal(&telling.join("-"))
    }
}

fn split(stem: &str) -> impl Iterator<Item = String> + '_ {
    stem.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_names_valid() {
        for (name, expected) in [
            ("Pet", "Pet"),
            ("a.b-c_D", "a.b-c_D"),
            ("List<Pet>", "ListPet"),
            ("Get Invoice Items", "GetInvoiceItems"),
            ("", "Schema"),
            ("ü", "Schema"),
        ] {
            assert_eq!(valid(name, Kind::Schema), expected);
        }
        assert_eq!(valid("", Kind::Response), "Responses");
    }

    #[test]
    fn shortens_the_names_of_files() {
        let stems = Stems::new([
            "openapi/p-charges-api-openapi.yml",
            "openapi/p-refunds-api-openapi.yml",
        ]);
        assert_eq!(stems.short("p-charges-api-openapi"), "Charges");
        assert_eq!(joined("Charges", "Customer"), "ChargesCustomer");
        assert_eq!(joined("ChargesApi", "customer"), "charges_api_customer");
    }
}
