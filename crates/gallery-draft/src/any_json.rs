//! Finds the parts of a document that allow any JSON.

use serde_json::Value;

use openapi_text::normal_form::is_annotation;
use openapi_text::pointer::escape;

use crate::shape::{Kind, Subparts};

/// Returns the JSON pointers of all schemas that allow any JSON, and of all media types without a
/// schema, sorted.
pub fn any_json(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), Kind::Document, document)];
    while let Some((pointer, kind, part)) = open.pop() {
        let Value::Object(fields) = part else {
            continue;
        };
        let is_any = match kind {
            Kind::Schema => fields
                .keys()
                .all(|key| key == "nullable" || is_annotation(key)),
            Kind::MediaType => !fields.contains_key("schema"),
            _ => false,
        };
        for (key, value) in fields {
            let below = |segment: &str| format!("{pointer}/{}{segment}", escape(key));
            match (kind.subparts(key), value) {
                (Some(Subparts::One(kind)), part) => open.push((below(""), kind, part)),
                (Some(Subparts::List(kind)), Value::Array(items)) => {
                    let items = items.iter().enumerate();
                    open.extend(items.map(|(at, item)| (below(&format!("/{at}")), kind, item)));
                }
                (Some(Subparts::Map(kind)), Value::Object(parts)) => {
                    let parts = parts.iter();
                    open.extend(parts.map(|(name, part)| {
                        let pointer = below(&format!("/{}", escape(name)));
                        (pointer, kind, part)
                    }));
                }
                _ => {}
            }
        }
        if is_any {
            found.push(pointer);
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::*;

    #[test]
    fn finds_schemas_without_restrictions_and_media_types_without_a_schema() {
        let document = json!({
            "paths": {
                "/a/{id}": {
                    "parameters": [{"name": "id", "in": "path", "schema": {"description": "An id"}}],
                    "get": {
                        "responses": {
                            "200": {
                                "headers": {"X-A": {"schema": {"x-b": 1}}, "X-B": {"schema": {"type": "string"}}},
                                "content": {"application/json": {"example": {"schema": {}}}},
                            },
                            "404": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/E"}}}},
                        },
                        "x-other": {"schema": {}},
                    },
                },
                "x-paths": {"get": {"requestBody": {"content": {"a/b": {}}}}},
            },
            "components": {
                "schemas": {
                    "E": {
                        "properties": {
                            "any": {"nullable": true},
                            "list": {"type": "array", "items": {}},
                            "map": {"additionalProperties": true},
                            "schema": {"default": {}, "enum": [{}]},
                        },
                    },
                    "Either": {"oneOf": [{"$ref": "#/components/schemas/E"}, {"title": "Other"}]},
                },
            },
        });
        expect![[r#"
            /components/schemas/E/properties/any
            /components/schemas/E/properties/list/items
            /components/schemas/Either/oneOf/1
            /paths/~1a~1{id}/get/responses/200/content/application~1json
            /paths/~1a~1{id}/get/responses/200/headers/X-A/schema
            /paths/~1a~1{id}/parameters/0/schema"#]]
        .assert_eq(&any_json(&document).join("\n"));
    }
}
