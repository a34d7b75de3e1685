//! Reshapes a canonical document to what progenitor can take without wrong code, a panic or an error.
//!
//! One file a limit of progenitor, one row a limit in [`LOWERINGS`]; what cannot be reshaped is refused with its JSON pointer by
//! `refuse`. The lowered document is in memory only, and only [`lower`] makes one.

use gallery_spec::canonical::{Canonical, Endpoint};
use gallery_spec::diagnostic::Diagnostics;
use openapiv3::{OpenAPI, Operation, PathItem};

use crate::bindings::{Bindings, OperationBinding};

mod answers;
mod bodies;
mod names;
mod optional_lists;
mod prose;
mod refuse;

/// A document that progenitor can take, and the names that it obeys.
#[derive(Clone, Debug)]
pub struct Lowered {
    document: OpenAPI,
    bindings: Bindings,
}

impl Lowered {
    /// The lowered document.
    pub fn document(&self) -> &OpenAPI {
        &self.document
    }

    /// The names that it obeys.
    pub fn bindings(&self) -> &Bindings {
        &self.bindings
    }
}

/// A limit of progenitor and the way around it.
pub struct Lowering {
    /// Its stable name, in kebab case.
    pub code: &'static str,
    /// What progenitor does without it.
    pub limit: &'static str,
    apply: fn(&mut Work<'_>),
}

/// Every lowering, in the order in which they are applied; `names` is the last, because the others find operations by their paths.
pub const LOWERINGS: &[Lowering] = &[
    Lowering {
        code: "prose",
        limit: "prose becomes doc comments as it stands: doctests, broken links, invalid tags; titles become types; a version that is not ASCII panics",
        apply: prose::strip,
    },
    Lowering {
        code: "bodies",
        limit: "optional bodies become mandatory in silence; a body with several media types panics",
        apply: bodies::reshape,
    },
    Lowering {
        code: "answers",
        limit: "an answer without schema panics or is thrown away as `()`; two kinds of success or of error panic; only listed statuses are read",
        apply: answers::reshape,
    },
    Lowering {
        code: "optional-lists",
        limit: "an optional list or map that is empty is left out, as if it were absent",
        apply: optional_lists::make_nullable,
    },
    Lowering {
        code: "names",
        limit: "ids and parameters that are equal after snake_case, reserved, or of one name in two places lose one another or do not compile",
        apply: names::rename,
    },
];

/// A document on its way down.
pub(crate) struct Work<'a> {
    canonical: &'a Canonical,
    bindings: &'a Bindings,
    document: OpenAPI,
}

impl Work<'_> {
    /// Calls `change` with each operation, as the canonical document has it and as it is so far.
    fn each_operation(&mut self, change: impl Fn(&Canonical, &Endpoint<'_>, &OperationBinding, &mut Operation)) {
        for (endpoint, binding) in self.canonical.endpoints().iter().zip(&self.bindings.operations) {
            let Some(item) = self.document.paths.paths.get_mut(&binding.path) else { continue };
            let openapiv3::ReferenceOr::Item(item) = item else { continue };
            if let Some(operation) = slot(item, binding) {
                change(self.canonical, endpoint, binding, operation);
            }
        }
    }
}

fn slot<'a>(item: &'a mut PathItem, binding: &OperationBinding) -> Option<&'a mut Operation> {
    gallery_spec::canonical::operation_slot(item, binding.http_method).as_mut()
}

/// Lowers a canonical document. What cannot be lowered is an error in `diagnostics`; `file` is the document's path for messages.
pub fn lower(file: &str, canonical: &Canonical, bindings: &Bindings, diagnostics: &mut Diagnostics) -> Option<Lowered> {
    if refuse::refuse(file, canonical, bindings, diagnostics) {
        return None;
    }
    let mut work = Work { canonical, bindings, document: canonical.document().clone() };
    for lowering in LOWERINGS {
        (lowering.apply)(&mut work);
    }
    Some(Lowered { document: work.document, bindings: bindings.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bindings::bindings;
    use expect_test::{Expect, expect};
    use serde_json::{Value, json};

    fn canonical(operation: Value, components: Value) -> Canonical {
        let document = json!({
            "openapi": "3.0.3", "info": {"title": "T", "version": "ü"},
            "paths": {"/a/{teamId}": {
                "parameters": [{"in": "path", "name": "teamId", "required": true, "schema": {"type": "string"}}],
                "post": operation,
            }},
            "components": components,
        });
        Canonical::parse(&document.to_string()).unwrap()
    }

    fn lowered(operation: Value, components: Value) -> (Option<Lowered>, String) {
        let canonical = canonical(operation, components);
        let mut diagnostics = Diagnostics::default();
        let lowered = lower("openapi.json", &canonical, &bindings(&canonical), &mut diagnostics);
        (lowered, diagnostics.iter().map(|said| format!("{said}\n")).collect())
    }

    #[test]
    fn an_operation_is_reshaped() {
        let operation = json!({
            "operationId": "doIt", "summary": "`x`", "tags": ["t"],
            "parameters": [
                {"in": "query", "name": "teamId", "description": "d", "schema": {"type": "integer"}},
                {"in": "header", "name": "X-Trace", "schema": {"type": "string"}},
            ],
            "requestBody": {"content": {"application/json": {"schema": {}}}},
            "responses": {
                "200": {"description": "OK", "content": {"application/json": {}}},
                "400": {"description": "no", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/E"}}}},
                "403": {"description": "no", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/E"}}}},
            },
        });
        let components = json!({"schemas": {"E": {"type": "object", "title": "Other", "properties": {"id": {"type": "string", "description": "d"}}}}});
        let (lowered, said) = lowered(operation, components);
        assert_eq!(said, "");
        expect![[r##"
            {
              "openapi": "3.0.3",
              "info": {
                "title": "API",
                "version": "0"
              },
              "paths": {
                "/a/{team_id_path}": {
                  "post": {
                    "operationId": "do_it",
                    "parameters": [
                      {
                        "in": "query",
                        "name": "team_id",
                        "schema": {
                          "type": "integer"
                        },
                        "style": "form"
                      },
                      {
                        "in": "header",
                        "name": "x_trace",
                        "schema": {
                          "type": "string"
                        },
                        "style": "simple"
                      },
                      {
                        "in": "path",
                        "name": "team_id_path",
                        "required": true,
                        "schema": {
                          "type": "string"
                        },
                        "style": "simple"
                      }
                    ],
                    "requestBody": {
                      "content": {
                        "application/json": {
                          "schema": {}
                        }
                      },
                      "required": true
                    },
                    "responses": {
                      "2XX": {
                        "description": "",
                        "content": {
                          "*/*": {}
                        }
                      },
                      "400": {
                        "description": "",
                        "content": {
                          "application/json": {
                            "schema": {
                              "$ref": "#/components/schemas/E"
                            }
                          }
                        }
                      },
                      "403": {
                        "description": "",
                        "content": {
                          "application/json": {
                            "schema": {
                              "$ref": "#/components/schemas/E"
                            }
                          }
                        }
                      }
                    }
                  }
                }
              },
              "components": {
                "schemas": {
                  "E": {
                    "type": "object",
                    "properties": {
                      "id": {
                        "type": "string"
                      }
                    }
                  }
                }
              }
            }"##]]
        .assert_eq(&serde_json::to_string_pretty(lowered.unwrap().document()).unwrap());
    }

    #[test]
    fn what_cannot_be_lowered_is_refused_with_its_place() {
        let check = |operation: Value, components: Value, said: Expect| {
            let (lowered, diagnostics) = lowered(operation, components);
            assert!(lowered.is_none());
            said.assert_eq(&diagnostics);
        };
        let with_parameter = |parameter: Value| json!({"operationId": "a", "parameters": [parameter], "responses": {}});
        let with_body = |content: Value| json!({"operationId": "a", "requestBody": {"content": content}, "responses": {}});
        let none = || json!({});
        check(
            with_parameter(json!({"in": "cookie", "name": "c", "schema": {"type": "string"}})),
            none(),
            expect![[r#"
            error[cookie-parameter]: cookie parameters are not supported yet
              --> openapi.json#/paths/~1a~1{teamId}/post/parameters/0
        "#]],
        );
        check(
            with_parameter(json!({"in": "query", "name": "q", "style": "deepObject", "schema": {"type": "object"}})),
            none(),
            expect![[r#"
                error[parameter-style]: only the default style of a place is supported yet: `simple` in paths and headers, exploded `form` in queries
                  --> openapi.json#/paths/~1a~1{teamId}/post/parameters/0
                error[schema]: only plain strings, numbers and booleans are supported as parameters yet
                  --> openapi.json#/paths/~1a~1{teamId}/post/parameters/0/schema
            "#]],
        );
        check(
            with_parameter(
                json!({"in": "query", "name": "q", "explode": false, "schema": {"type": "array", "items": {"type": "string"}}}),
            ),
            none(),
            expect![[r#"
                error[parameter-style]: only the default style of a place is supported yet: `simple` in paths and headers, exploded `form` in queries
                  --> openapi.json#/paths/~1a~1{teamId}/post/parameters/0
                error[schema]: only plain strings, numbers and booleans are supported as parameters yet
                  --> openapi.json#/paths/~1a~1{teamId}/post/parameters/0/schema
            "#]],
        );
        check(
            with_parameter(json!({"in": "query", "name": "q", "content": {"application/json": {}}})),
            none(),
            expect![[r#"
            error[parameter-content]: parameters with `content` instead of `schema` are not supported yet
              --> openapi.json#/paths/~1a~1{teamId}/post/parameters/0
        "#]],
        );
        check(
            with_parameter(json!({"$ref": "#/components/parameters/gone"})),
            none(),
            expect![[r#"
            error[dangling-reference]: the parameter refers to something that is not in this document
              --> openapi.json#/paths/~1a~1{teamId}/post/parameters/0
        "#]],
        );
        check(
            with_body(json!({"multipart/form-data": {"schema": {}}})),
            none(),
            expect![[r#"
            error[body-media-type]: bodies other than application/json are not supported yet
              --> openapi.json#/paths/~1a~1{teamId}/post/requestBody/content/multipart~1form-data
        "#]],
        );
        check(
            with_body(json!({"application/json": {"schema": {"type": "object", "properties": {"a": {"type": "string"}}}}})),
            none(),
            expect![[r#"
                error[schema]: a schema with a structure of its own must stand under #/components/schemas; others are not supported yet
                  --> openapi.json#/paths/~1a~1{teamId}/post/requestBody/content/application~1json/schema
            "#]],
        );
        check(
            with_body(json!({"application/json": {"schema": {"$ref": "other.json#/x"}}})),
            none(),
            expect![[r#"
            error[dangling-reference]: `other.json#/x` is not in this document
              --> openapi.json#/paths/~1a~1{teamId}/post/requestBody/content/application~1json/schema
        "#]],
        );
        check(
            with_body(json!({"application/json": {"schema": {"$ref": "#/components/schemas/A"}}})),
            json!({"schemas": {"A": {"allOf": [{"$ref": "#/components/schemas/A"}]}, "a": {"type": "string", "enum": ["x"]}}}),
            expect![[r#"
                error[schema]: only objects, arrays and plain strings, numbers and booleans are supported as schemas yet
                  --> openapi.json#/components/schemas/A
                error[schema-name]: the schema would have the same Rust name as `A`
                  --> openapi.json#/components/schemas/a
                error[schema]: only objects, arrays and plain strings, numbers and booleans are supported as schemas yet
                  --> openapi.json#/components/schemas/a
            "#]],
        );
    }
}
