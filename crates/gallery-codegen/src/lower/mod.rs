//! Reshapes a canonical document to what progenitor can take without wrong code, a panic or an error.
//!
//! The lowered document is made anew: nothing of the canonical one goes into it but what a row of [`LOWERINGS`] puts there, reshaped.
//! What goes over the wire is not progenitor's business at all; the `request` pass writes it from the bindings. What cannot be made
//! right is refused with its JSON pointer by `refuse`. Only [`lower`] makes a lowered document, and it is in memory only.

use gallery_spec::canonical::Canonical;
use openapi_text::{Diagnostics, Location, Severity};
use openapiv3::{Components, Info, OpenAPI, Operation};

use crate::bindings::Bindings;

mod answers;
mod bodies;
mod parameters;
mod refuse;
mod routes;
mod schemas;

pub use schemas::OwnType;
pub(crate) use schemas::{Schemas, target};

/// A document that progenitor can take, and the names that it obeys.
#[derive(Clone, Debug)]
pub struct Lowered {
    document: OpenAPI,
    bindings: Bindings,
    types: Vec<OwnType>,
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

    /// The schemas of the canonical document that have a type in the client.
    pub fn types(&self) -> &[OwnType] {
        &self.types
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

/// Every lowering, in the order in which they are applied.
pub const LOWERINGS: &[Lowering] = &[
    Lowering {
        code: "prose",
        limit: "prose becomes doc comments as it stands: doctests, broken links, invalid tags; a version that is not ASCII panics",
        apply: begin,
    },
    Lowering {
        code: "schemas",
        limit: "inline schemas take one another's types; variants, fields or types of one name panic or do not compile; alternatives that are all objects are the first that fits; an `allOf` that contains itself ends the process",
        apply: lower_schemas,
    },
    Lowering {
        code: "parameters",
        limit: "cookies, `content` and most styles are refused, lists in paths and headers do not compile, objects panic, one of two parameters with one name is lost",
        apply: parameters::reshape,
    },
    Lowering {
        code: "bodies",
        limit: "optional bodies become mandatory in silence, several media types panic, XML and multipart are refused",
        apply: bodies::reshape,
    },
    Lowering {
        code: "answers",
        limit: "an answer without schema panics or is thrown away as `()`; two kinds of success or of error panic; only listed statuses are read",
        apply: answers::reshape,
    },
    Lowering {
        code: "routes",
        limit: "OPTIONS does not compile; a `#` in a path becomes a fragment and `//` a `/`; a variable that comes in two places under two names panics",
        apply: routes::give,
    },
    Lowering {
        code: "types",
        limit: "two schemas whose names are one in Rust do not compile",
        apply: put_types,
    },
];

/// A document on its way down.
pub(crate) struct Work<'a> {
    canonical: &'a Canonical,
    bindings: &'a Bindings,
    schemas: Schemas,
    /// The operations, in the order of the bindings.
    operations: Vec<Operation>,
    document: OpenAPI,
    file: &'a str,
    diagnostics: &'a mut Diagnostics,
    refused: bool,
}

impl Work<'_> {
    /// Refuses the document, because of what is at `pointer`.
    fn refuse(&mut self, code: &'static str, pointer: &str, message: &str) {
        self.refused = true;
        self.diagnostics.push(
            Severity::Error,
            code,
            Location::pointer(self.file, pointer),
            message,
        );
    }
}

fn begin(work: &mut Work<'_>) {
    let info = Info {
        title: "API".to_owned(),
        version: "0".to_owned(),
        ..Info::default()
    };
    work.document = OpenAPI {
        openapi: "3.0.3".to_owned(),
        info,
        ..OpenAPI::default()
    };
    work.operations = vec![Operation::default(); work.bindings.operations.len()];
}

fn lower_schemas(work: &mut Work<'_>) {
    work.schemas = Schemas::of(work.canonical);
}

fn put_types(work: &mut Work<'_>) {
    let schemas = work.schemas.types().clone();
    work.document.components = Some(Components {
        schemas,
        ..Components::default()
    });
    for (pointer, message) in work.schemas.open() {
        work.diagnostics.push(
            Severity::Warning,
            "schema-open",
            Location::pointer(work.file, pointer),
            message,
        );
    }
    if work.schemas.limits() > 0 {
        let message = format!(
            "{} schemas have limits on their values; clients leave it to the server to check them",
            work.schemas.limits()
        );
        work.diagnostics.push(
            Severity::Warning,
            "limits",
            Location::file(work.file),
            message,
        );
    }
}

/// Lowers a canonical document. What cannot be lowered is an error in `diagnostics`; `file` is the document's path for messages.
pub fn lower(
    file: &str,
    canonical: &Canonical,
    bindings: &Bindings,
    diagnostics: &mut Diagnostics,
) -> Option<Lowered> {
    if refuse::refuse(file, canonical, bindings, diagnostics) {
        return None;
    }
    let mut work = Work {
        canonical,
        bindings,
        schemas: Schemas::default(),
        operations: Vec::new(),
        document: OpenAPI::default(),
        file,
        diagnostics,
        refused: false,
    };
    for lowering in LOWERINGS {
        (lowering.apply)(&mut work);
    }
    let (document, types, refused) = (work.document, work.schemas.own_types(), work.refused);
    (!refused).then(|| Lowered {
        document,
        bindings: bindings.clone(),
        types,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bindings::bindings;
    use expect_test::expect;
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
        let lowered = lower(
            "openapi.json",
            &canonical,
            &bindings(&canonical),
            &mut diagnostics,
        );
        (
            lowered,
            diagnostics.iter().map(|said| format!("{said}\n")).collect(),
        )
    }

    #[test]
    fn an_operation_is_reshaped() {
        let operation = json!({
            "operationId": "doIt", "summary": "`x`", "tags": ["t"],
            "parameters": [
                {"in": "query", "name": "teamId", "description": "d", "schema": {"type": "integer", "minimum": 1}},
                {"in": "header", "name": "X-Trace", "schema": {"type": "string", "enum": ["a", "b"]}},
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
        expect![[r#"
            warning[limits]: 1 schemas have limits on their values; clients leave it to the server to check them
              --> openapi.json
        "#]]
        .assert_eq(&said);
        let document = serde_json::to_value(lowered.unwrap().document()).unwrap();
        expect![[r##"
            {
              "components": {
                "schemas": {
                  "DoItXTrace": {
                    "enum": [
                      "a",
                      "b"
                    ],
                    "type": "string"
                  },
                  "E": {
                    "properties": {
                      "id": {
                        "type": "string"
                      }
                    },
                    "type": "object"
                  }
                }
              },
              "info": {
                "title": "API",
                "version": "0"
              },
              "openapi": "3.0.3",
              "paths": {
                "/do_it": {
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
                        "in": "query",
                        "name": "x_trace",
                        "schema": {
                          "$ref": "#/components/schemas/DoItXTrace"
                        },
                        "style": "form"
                      },
                      {
                        "in": "query",
                        "name": "team_id_path",
                        "required": true,
                        "schema": {
                          "type": "string"
                        },
                        "style": "form"
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
                        "content": {
                          "*/*": {}
                        },
                        "description": ""
                      },
                      "400": {
                        "content": {
                          "application/json": {
                            "schema": {
                              "$ref": "#/components/schemas/E"
                            }
                          }
                        },
                        "description": ""
                      },
                      "403": {
                        "content": {
                          "application/json": {
                            "schema": {
                              "$ref": "#/components/schemas/E"
                            }
                          }
                        },
                        "description": ""
                      }
                    }
                  }
                }
              }
            }"##]]
        .assert_eq(&serde_json::to_string_pretty(&document).unwrap());
    }

    #[test]
    fn what_cannot_be_lowered_is_refused_with_its_place() {
        let parameter = |parameter: Value| json!({"operationId": "a", "parameters": [parameter], "responses": {}});
        let body = |content: Value| json!({"operationId": "a", "requestBody": {"content": content}, "responses": {}});
        let cases = [
            parameter(
                json!({"in": "query", "name": "q", "style": "deepObject", "schema": {"type": "string"}}),
            ),
            parameter(
                json!({"in": "query", "name": "q", "schema": {"type": "array", "items": {"type": "object"}}}),
            ),
            parameter(json!({"in": "query", "name": "q", "content": {"application/xml": {}}})),
            parameter(
                json!({"in": "cookie", "name": "c", "schema": {"type": "array", "items": {"type": "string"}}}),
            ),
            parameter(json!({"in": "cookie", "name": "c d", "schema": {"type": "string"}})),
            parameter(
                json!({"in": "path", "name": "other", "required": true, "schema": {"type": "string"}}),
            ),
            parameter(
                json!({"in": "query", "name": "q", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/gone"}}}}),
            ),
            parameter(json!({"$ref": "#/components/parameters/gone"})),
            body(json!({})),
            body(json!({"application/x-www-form-urlencoded": {"schema": {"type": "string"}}})),
            body(
                json!({"application/x-www-form-urlencoded": {"schema": {}, "encoding": {"a": {"style": "form"}}}}),
            ),
            body(
                json!({"application/json": {"schema": {"properties": {"a": {"items": {"$ref": "other.json#/x"}}}}}}),
            ),
        ];
        let mut all = String::new();
        for operation in cases {
            let (lowered, said) = lowered(operation, json!({}));
            assert!(lowered.is_none(), "{said}");
            all.push_str(&said);
        }
        expect![[r#"
            error[parameter-style]: only an object can be written in the style `deepObject`
              --> openapi.json#/paths/~1a~1{teamId}/post/parameters/0
            error[parameter-schema]: lists and objects in a list have no form in any style of OpenAPI; use `content` with application/json
              --> openapi.json#/paths/~1a~1{teamId}/post/parameters/0/schema/items
            error[parameter-content]: `content` of a parameter is supported as application/json and text/plain only
              --> openapi.json#/paths/~1a~1{teamId}/post/parameters/0
            error[parameter-style]: a list in a cookie needs `explode: false`: a cookie has one value
              --> openapi.json#/paths/~1a~1{teamId}/post/parameters/0
            error[cookie-name]: `c d` is no name of a cookie
              --> openapi.json#/paths/~1a~1{teamId}/post/parameters/0
            error[superfluous-path-parameter]: the path has no variable `{other}`
              --> openapi.json#/paths/~1a~1{teamId}/post/parameters/0
            error[dangling-reference]: `#/components/schemas/gone` is not among the schemas of this document
              --> openapi.json#/paths/~1a~1{teamId}/post/parameters/0/content/application~1json/schema
            error[dangling-reference]: the parameter refers to something that is not in this document
              --> openapi.json#/paths/~1a~1{teamId}/post/parameters/0
            error[body-media-type]: the body has no media type
              --> openapi.json#/paths/~1a~1{teamId}/post/requestBody
            error[form-schema]: the body of a form must be an object
              --> openapi.json#/paths/~1a~1{teamId}/post/requestBody
            error[form-encoding]: the style `form` of a form's field needs `explode: true`; for one text with commas make it a string
              --> openapi.json#/paths/~1a~1{teamId}/post/requestBody/content/application~1x-www-form-urlencoded/encoding/a
            error[dangling-reference]: `other.json#/x` is not among the schemas of this document
              --> openapi.json#/paths/~1a~1{teamId}/post/requestBody/content/application~1json/schema/properties/a/items
        "#]].assert_eq(&all);
    }

    #[test]
    fn what_is_left_open_is_said_with_its_place() {
        let schemas = json!({
            "A": {"allOf": [{"$ref": "#/components/schemas/A"}, {"properties": {"x": {}}}]},
            "B": {"type": "array", "items": {"$ref": "#/components/schemas/B"}},
            "C": {"oneOf": [{"$ref": "#/components/schemas/D"}, {"type": "object"}]},
            "D": {"type": "object", "properties": {"a-b": {}, "a_b": {}}},
            "E": {"type": "string", "enum": ["a", "A"]},
            "F": {"type": "file"},
            "G": {"allOf": [{"properties": {"x": {"type": "string"}}}, {"properties": {"x": {"type": "integer"}}}]},
            "H": {"enum": [1, "x", true]},
        });
        let (lowered, said) = lowered(
            json!({"operationId": "a", "responses": {}}),
            json!({"schemas": schemas}),
        );
        assert!(lowered.is_some());
        expect![[r#"
            warning[schema-open]: its `allOf` contains itself: it is any JSON
              --> openapi.json#/components/schemas/A
            warning[schema-open]: it contains itself: it is any JSON
              --> openapi.json#/components/schemas/B/items
            warning[schema-open]: its properties would have no names of their own in Rust: it is a map of any JSON
              --> openapi.json#/components/schemas/D
            warning[schema-open]: its alternatives cannot be told apart by what kind of JSON they are: it is any JSON
              --> openapi.json#/components/schemas/C
            warning[schema-open]: its values would have no names of their own in Rust: it is any text
              --> openapi.json#/components/schemas/E
            warning[schema-open]: OpenAPI 3.0 does not have its type: it is any JSON
              --> openapi.json#/components/schemas/F
            warning[schema-open]: it is declared twice, and not as the same: it is any JSON
              --> openapi.json#/components/schemas/G/properties/x
            warning[schema-open]: its values are of several kinds: it is any JSON
              --> openapi.json#/components/schemas/H
            warning[limits]: 1 schemas have limits on their values; clients leave it to the server to check them
              --> openapi.json
        "#]]
        .assert_eq(&said);
    }
}
