//! Checks that a JSON value is an OpenAPI 3.0 document, in linear time.
//!
//! Deserialization of the document model tries alternatives at each level, so an error below `n`
//! schemas costs 2ⁿ attempts, and its message has no location. Here each part is deserialized
//! alone, with its subparts replaced by references.

mod reduce;

use openapiv3::{
    Callback, Components, Encoding, Header, MediaType, OpenAPI, Operation, Parameter, PathItem,
    ReferenceOr, RequestBody, Response, Responses, Schema,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use openapi_text::pointer::escape;

pub use reduce::{Reduction, reduce_document};

/// A part of a value that is not valid in OpenAPI 3.0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPart {
    /// The JSON pointer from the checked value.
    pub pointer: String,
    /// The reason.
    pub reason: String,
}

/// Checks a document.
///
/// # Errors
///
/// A part of it is not valid.
pub fn check_document(document: &Value) -> Result<(), InvalidPart> {
    check(Kind::Document, document)
}

/// Checks a schema.
///
/// # Errors
///
/// A part of it is not valid.
pub fn check_schema(schema: &Value) -> Result<(), InvalidPart> {
    check(Kind::Schema, schema)
}

/// The kind of a part that has subparts.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Document,
    Components,
    Paths,
    PathItem,
    Operation,
    Callback,
    Parameter,
    Header,
    Body,
    Responses,
    Response,
    MediaType,
    Encoding,
    Schema,
}

/// The subparts under one key.
#[derive(Clone, Copy)]
pub(crate) enum Subparts {
    One(Kind),
    List(Kind),
    Map(Kind),
}

use Subparts::{List, Map as MapOf, One};

impl Kind {
    /// Returns the subparts that the part may have under a key.
    pub(crate) fn subparts(self, key: &str) -> Option<Subparts> {
        Some(match (self, key) {
            (Kind::Document, "paths") => One(Kind::Paths),
            (Kind::Document, "components") => One(Kind::Components),
            (Kind::Paths | Kind::Callback | Kind::Responses, key) if key.starts_with("x-") => {
                return None;
            }
            (Kind::Callback, "$ref") => return None,
            (Kind::Paths | Kind::Callback, _) => One(Kind::PathItem),
            (Kind::Responses, _) => One(Kind::Response),
            (Kind::Components, "schemas") => MapOf(Kind::Schema),
            (Kind::Components, "responses") => MapOf(Kind::Response),
            (Kind::Components | Kind::Response | Kind::Encoding, "headers") => MapOf(Kind::Header),
            (Kind::Components, "parameters") => MapOf(Kind::Parameter),
            (Kind::Components, "requestBodies") => MapOf(Kind::Body),
            (Kind::Components | Kind::Operation, "callbacks") => MapOf(Kind::Callback),
            (
                Kind::PathItem,
                "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace",
            ) => One(Kind::Operation),
            (Kind::PathItem | Kind::Operation, "parameters") => List(Kind::Parameter),
            (Kind::Operation, "requestBody") => One(Kind::Body),
            (Kind::Operation, "responses") => One(Kind::Responses),
            (Kind::Parameter | Kind::Header | Kind::MediaType, "schema") => One(Kind::Schema),
            (Kind::Parameter | Kind::Header | Kind::Body | Kind::Response, "content") => {
                MapOf(Kind::MediaType)
            }
            (Kind::MediaType, "encoding") => MapOf(Kind::Encoding),
            (Kind::Schema, "properties") => MapOf(Kind::Schema),
            (Kind::Schema, "oneOf" | "allOf" | "anyOf") => List(Kind::Schema),
            (Kind::Schema, "items" | "not" | "additionalProperties") => One(Kind::Schema),
            _ => return None,
        })
    }

    /// Returns true if a reference is allowed instead of the part.
    fn may_be_reference(self) -> bool {
        matches!(
            self,
            Kind::Schema | Kind::Parameter | Kind::Header | Kind::Body | Kind::Response
        )
    }

    /// Returns a small valid part.
    fn placeholder(self) -> Value {
        match self {
            Kind::Operation => json!({"responses": {}}),
            kind if kind.may_be_reference() => json!({"$ref": ""}),
            _ => Value::Object(Map::new()),
        }
    }

    fn deserialize(self, part: Value) -> Result<(), serde_json::Error> {
        fn is<T: DeserializeOwned>(part: Value) -> Result<(), serde_json::Error> {
            T::deserialize(part).map(drop)
        }
        match self {
            Kind::Document => is::<OpenAPI>(part),
            Kind::Components => is::<Components>(part),
            Kind::Paths => is::<openapiv3::Paths>(part),
            Kind::PathItem => is::<PathItem>(part),
            Kind::Operation => is::<Operation>(part),
            Kind::Callback => is::<ReferenceOr<Callback>>(part),
            Kind::Parameter => is::<Parameter>(part),
            Kind::Header => is::<Header>(part),
            Kind::Body => is::<RequestBody>(part),
            Kind::Responses => is::<Responses>(part),
            Kind::Response => is::<Response>(part),
            Kind::MediaType => is::<MediaType>(part),
            Kind::Encoding => is::<Encoding>(part),
            Kind::Schema => is::<Schema>(part),
        }
    }
}

fn check(kind: Kind, root: &Value) -> Result<(), InvalidPart> {
    let mut open = vec![(String::new(), kind, root)];
    while let Some((pointer, kind, part)) = open.pop() {
        if kind.may_be_reference() && part.get("$ref").is_some_and(Value::is_string) {
            continue;
        }
        let alone = match part {
            Value::Object(map) => Value::Object(
                map.iter()
                    .map(|(key, value)| {
                        (key.clone(), detach(kind, &pointer, key, value, &mut open))
                    })
                    .collect(),
            ),
            other => other.clone(),
        };
        if let Err(error) = kind.deserialize(alone) {
            return Err(InvalidPart {
                pointer,
                reason: error.to_string(),
            });
        }
    }
    Ok(())
}

/// Returns the value under a key with its subparts replaced, and adds them to `open`.
fn detach<'a>(
    kind: Kind,
    pointer: &str,
    key: &str,
    value: &'a Value,
    open: &mut Vec<(String, Kind, &'a Value)>,
) -> Value {
    let mut replace = |relative: &str, kind: Kind, subpart: &'a Value| {
        open.push((
            format!("{pointer}/{}{relative}", escape(key)),
            kind,
            subpart,
        ));
        kind.placeholder()
    };
    match (kind.subparts(key), value) {
        // `additionalProperties` may be a boolean, and an absent part may be `null`.
        (Some(One(_)), Value::Null | Value::Bool(_)) => value.clone(),
        (Some(One(kind)), subpart) => replace("", kind, subpart),
        (Some(List(kind)), Value::Array(items)) => items
            .iter()
            .enumerate()
            .map(|(index, item)| replace(&format!("/{index}"), kind, item))
            .collect(),
        (Some(MapOf(kind)), Value::Object(map)) => map
            .iter()
            .map(|(name, item)| {
                (
                    name.clone(),
                    replace(&format!("/{}", escape(name)), kind, item),
                )
            })
            .collect(),
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a schema with `depth` schemas around `inner`.
    fn nested(depth: usize, inner: Value) -> Value {
        (0..depth).fold(inner, |schema, level| match level % 4 {
            0 => json!({"type": "object", "properties": {"a/b": schema}}),
            1 => json!({"type": "array", "items": schema}),
            2 => json!({"allOf": [{}, schema]}),
            _ => json!({"additionalProperties": schema}),
        })
    }

    #[test]
    fn finds_an_error_below_many_schemas() {
        assert_eq!(
            check_schema(&nested(500, json!({"nullable": true}))),
            Ok(())
        );
        let error = check_schema(&nested(500, json!({"nullable": 1}))).unwrap_err();
        assert_eq!(error.pointer.split('/').count(), 1 + 125 * (2 + 1 + 2 + 1));
        assert!(error.pointer.ends_with("/properties/a~1b"), "{error:?}");
        assert_eq!(
            error.reason,
            "invalid type: integer `1`, expected a boolean"
        );
    }

    #[test]
    fn accepts_what_the_document_model_accepts() {
        let document = |paths: Value, components: Value| {
            let info = json!({"title": "T", "version": "1"});
            json!({"openapi": "3.0.3", "info": info, "paths": paths, "components": components})
        };
        let operation = |inner: Value| {
            let content = json!({"a/b": {"schema": inner, "encoding": {"x": {"headers": {"h": {"schema": {}}}}}}});
            json!({
                "parameters": [{"in": "query", "name": "q", "schema": {}}, {"$ref": "#/x"}],
                "requestBody": {"content": content},
                "responses": {"default": {"$ref": "#/x"}, "200": {"description": "", "content": {}}, "x-a": 1},
                "callbacks": {"c": {"u": {"post": {"responses": {}}}}},
            })
        };
        for document in [
            document(json!({}), json!({})),
            document(
                json!({"/a": {"get": operation(json!({"$ref": "#/y"}))}, "x-b": 2}),
                json!({"schemas": {"S": nested(3, json!({}))}}),
            ),
            document(json!({"/a": {"get": operation(json!(1))}}), json!({})),
            document(
                json!({"/a": {"get": operation(nested(2, json!({"type": 1})))}}),
                json!({}),
            ),
            document(json!({"/a": {"get": 1}}), json!({})),
            document(json!({"/a": {"get": {}}}), json!({})),
            document(json!({"/a": {"$ref": "#/z"}}), json!({})),
            document(json!(1), json!({})),
            document(json!({}), json!({"schemas": []})),
            document(json!({}), json!({"schemas": {"a": {"oneOf": {}}}})),
            document(json!({}), json!({"schemas": {"a": {"required": true}}})),
            document(json!({}), json!({"schemas": {"a": {"items": []}}})),
            document(
                json!({}),
                json!({"callbacks": {"a": {"$ref": "#/x"}, "b": {"u": {"get": 1}}}}),
            ),
            document(
                json!({}),
                json!({"headers": {"a": {"schema": {"enum": 1}}}}),
            ),
            document(
                json!({}),
                json!({"parameters": {"a": {"in": "nowhere", "name": "x", "schema": {}}}}),
            ),
            document(
                json!({}),
                json!({"responses": {"a": {"description": "", "headers": {"h": 1}}}}),
            ),
            json!([]),
        ] {
            let model = serde_json::from_value::<OpenAPI>(document.clone());
            let checked = check_document(&document);
            assert_eq!(
                checked.is_ok(),
                model.is_ok(),
                "{document}: {checked:?}, {model:?}"
            );
        }
    }
}
