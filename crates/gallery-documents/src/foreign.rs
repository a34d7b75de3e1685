//! References in extensions and examples. They are data: the parts that they lead to may have other
//! names in the new document, or none.

use serde_json::{Map, Value};

/// The extension with JSON Schema keywords that OpenAPI 3.0 lacks. Its references are references.
const JSON_SCHEMA: &str = "x-json-schema";

/// The keywords whose values are maps with names as keys.
const NAME_MAPS: &[&str] = &[
    "callbacks",
    "content",
    "dependentSchemas",
    "encoding",
    "headers",
    "links",
    "parameters",
    "paths",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "securitySchemes",
];

/// The meaning of the keys of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keys {
    /// Keywords of OpenAPI.
    Keywords,
    /// Names that the document chose.
    Names,
    /// Names of examples.
    Examples,
    /// Data.
    Data,
}

/// Renames each `$ref` in extensions and examples to `x-ref`, because tools that resolve every
/// `$ref` would reject the document.
pub(crate) fn rename_references(document: &mut Value) {
    let mut values = vec![(document, Keys::Keywords)];
    while let Some((value, keys)) = values.pop() {
        match value {
            Value::Array(items) => values.extend(items.iter_mut().map(|item| (item, keys))),
            Value::Object(map) => {
                if keys == Keys::Data {
                    rename(map);
                }
                for (key, value) in map {
                    let below = match keys {
                        Keys::Data => Keys::Data,
                        Keys::Names | Keys::Examples if value.get("$ref").is_some() => continue,
                        Keys::Names | Keys::Examples => Keys::Keywords,
                        Keys::Keywords => below(key, value),
                    };
                    values.push((value, below));
                }
            }
            _ => {}
        }
    }
}

fn below(keyword: &str, value: &Value) -> Keys {
    match keyword {
        JSON_SCHEMA => Keys::Keywords,
        "default" | "enum" | "example" => Keys::Data,
        // In an example object.
        "value" => Keys::Data,
        "examples" => Keys::Examples,
        _ if keyword.starts_with("x-") => Keys::Data,
        _ if NAME_MAPS.contains(&keyword) && value.is_object() => Keys::Names,
        _ => Keys::Keywords,
    }
}

fn rename(map: &mut Map<String, Value>) {
    if let Some(reference) = map.remove("$ref") {
        map.insert("x-ref".to_owned(), reference);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn renames_references_in_data_only() {
        let reference = json!({"$ref": "#/components/schemas/A"});
        let mut document = json!({
            "x-a": {"b": [reference]},
            "x-json-schema": {"if": reference},
            "schema": reference,
            "example": reference,
            "examples": {"one": {"value": reference}, "two": reference},
            "properties": {"x-a": reference, "example": {"items": reference}},
            "parameters": [reference],
        });
        rename_references(&mut document);
        let renamed = json!({"x-ref": "#/components/schemas/A"});
        assert_eq!(
            document,
            json!({
                "x-a": {"b": [renamed]},
                "x-json-schema": {"if": reference},
                "schema": reference,
                "example": renamed,
                "examples": {"one": {"value": renamed}, "two": reference},
                "properties": {"x-a": reference, "example": {"items": reference}},
                "parameters": [reference],
            })
        );
    }
}
