//! Names of components that are parts of something else.

use crate::sources::stem;
use openapi_text::pointer::unescape;

/// Keys that say nothing about a part.
const SILENT: &[&str] = &[
    "components",
    "content",
    "definitions",
    "headers",
    "parameters",
    "paths",
    "properties",
    "requestBodies",
    "responses",
    "schema",
    "schemas",
    "$defs",
];

/// Returns a name for the part of a file at a pointer.
pub(super) fn of_pointer(pointer: &str, file: &str) -> String {
    let segments: Vec<String> = pointer.split('/').skip(1).map(unescape).collect();
    let telling: Vec<&str> = segments
        .iter()
        .map(String::as_str)
        .filter(|segment| !SILENT.contains(segment) && !segment.starts_with("application/"))
        .collect();
    let parts = match telling.as_slice() {
        [] => vec![stem(file)],
        // The name of a component is kept as it is.
        [one] => vec![*one],
        several => several.to_vec(),
    };
    let mut name = String::new();
    for part in &parts {
        for word in part.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-')) {
            let is_first = name.is_empty();
            let mut letters = word.chars();
            match letters.next() {
                Some(first) if !is_first => name.extend(first.to_uppercase()),
                Some(first) => name.push(first),
                None => {}
            }
            name.push_str(letters.as_str());
        }
    }
    match name.is_empty() {
        true => "Part".to_owned(),
        false => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_parts_after_their_pointers() {
        for (pointer, file, name) in [
            ("/components/schemas/Tag/allOf/0", "a.yml", "TagAllOf0"),
            (
                "/components/responses/Conflict/content/application~1json/schema",
                "a.yml",
                "Conflict",
            ),
            (
                "/paths/~1pets~1{id}/get/responses/200/content/application~1json/schema",
                "a.yml",
                "petsIdGet200",
            ),
            ("/Pet", "schemas/all.yml", "Pet"),
            ("", "schemas/Pet.yaml", "Pet"),
            ("/definitions/~0", "a", "Part"),
        ] {
            assert_eq!(of_pointer(pointer, file), name);
        }
    }
}
