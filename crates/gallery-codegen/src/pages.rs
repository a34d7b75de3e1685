//! Lists that come in pages: what `x-gallery-pages` says of an operation, and whether it can be so.

use gallery_spec::canonical::{Canonical, Endpoint};
use openapiv3::{Parameter, ReferenceOr, Schema, SchemaKind, Type};
use serde::Deserialize;

use crate::answers::{AnswerKind, Answers};
use crate::bindings::{Location, ParameterBinding, listed_parameters};
use crate::lower::target;
use crate::wire::schema_of;

/// The extension of an operation that says which of its query parameters walk through a list.
pub const PAGES: &str = "x-gallery-pages";

/// How an operation's list comes in pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagesBinding {
    /// The parameter with the number of a page.
    pub page: Walked,
    /// The parameter with the size of a page.
    pub per_page: Walked,
    /// The number of the first page.
    pub first: i64,
    /// The size of a page when a call does not say it.
    pub default: i64,
    /// The size that a page has at most.
    pub max: Option<i64>,
}

/// A parameter that a stream sets or reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walked {
    /// Its name over the wire.
    pub name: String,
    /// Its setter.
    pub setter: String,
    /// Whether a call must set it.
    pub required: bool,
}

/// The extension as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    page: String,
    per_page: String,
    first: i64,
    default: i64,
    max: Option<i64>,
}

/// What is wrong with the extension: where in it, as the rest of a JSON pointer, and what.
pub(crate) type Fault = (&'static str, String);

/// Reads the extension of an operation that has it.
pub(crate) fn read(
    canonical: &Canonical,
    endpoint: &Endpoint<'_>,
    parameters: &[ParameterBinding],
    answers: &Answers,
) -> Option<Result<PagesBinding, Fault>> {
    let written = endpoint.operation.extensions.get(PAGES)?;
    Some(serde_json::from_value(written.clone()).map_err(|error| ("", error.to_string())).and_then(|written: Written| {
        let page = walked(canonical, endpoint, parameters, &written.page).map_err(|fault| ("/page", fault))?;
        let per_page = walked(canonical, endpoint, parameters, &written.per_page).map_err(|fault| ("/per_page", fault))?;
        if page == per_page {
            return Err(("/per_page", "the size of a page cannot be its number".to_owned()));
        }
        for (at, size) in [("/default", Some(written.default)), ("/max", written.max)] {
            if size.is_some_and(|size| size < 1) {
                return Err((at, "a page that may have no item leads nowhere".to_owned()));
            }
        }
        if !is_list(canonical, &answers.success) {
            return Err((
                "",
                "the operation does not answer with a list that has a schema; there are no items to give".to_owned(),
            ));
        }
        Ok(PagesBinding { page, per_page, first: written.first, default: written.default, max: written.max })
    }))
}

fn walked(
    canonical: &Canonical,
    endpoint: &Endpoint<'_>,
    parameters: &[ParameterBinding],
    name: &str,
) -> Result<Walked, String> {
    let query = || {
        parameters
            .iter()
            .filter(|own| own.location == Location::Query)
    };
    let Some(own) = query().find(|own| own.name == name) else {
        let names: Vec<&str> = query().map(|own| own.name.as_str()).collect();
        return Err(format!(
            "the operation has no query parameter `{name}`; there are {names:?}"
        ));
    };
    let listed = listed_parameters(canonical, endpoint);
    let parameter = listed
        .iter()
        .find(|(pointer, _)| *pointer == own.pointer)
        .map(|(_, parameter)| *parameter);
    if !parameter.is_some_and(|parameter| is_integer(canonical, parameter)) {
        return Err(format!(
            "the query parameter `{name}` has no plain integer for a schema"
        ));
    }
    let required = parameter.is_some_and(|parameter| parameter.parameter_data_ref().required);
    Ok(Walked {
        name: name.to_owned(),
        setter: own.setter.clone(),
        required,
    })
}

fn is_integer(canonical: &Canonical, parameter: &Parameter) -> bool {
    let schema =
        schema_of(parameter.parameter_data_ref()).and_then(|schema| resolved(canonical, schema));
    schema.is_some_and(|schema| match &schema.schema_kind {
        SchemaKind::Type(Type::Integer(integer)) => {
            integer.enumeration.is_empty() && !schema.schema_data.nullable
        }
        _ => false,
    })
}

fn is_list(canonical: &Canonical, answer: &AnswerKind) -> bool {
    let AnswerKind::Typed { schema, .. } = answer else {
        return false;
    };
    resolved(canonical, schema).is_some_and(|schema| {
        matches!(schema.schema_kind, SchemaKind::Type(Type::Array(_)))
            && !schema.schema_data.nullable
    })
}

/// The schema that a reference leads to, after as many steps as a document has schemas at most.
fn resolved<'a>(canonical: &'a Canonical, schema: &'a ReferenceOr<Schema>) -> Option<&'a Schema> {
    let components = canonical.document().components.as_ref();
    let mut schema = schema;
    for _ in 0..=components.map_or(0, |components| components.schemas.len()) {
        match schema {
            ReferenceOr::Item(schema) => return Some(schema),
            ReferenceOr::Reference { reference } => {
                schema = target(&components?.schemas, reference)?;
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bindings::bindings;
    use openapi_text::Diagnostics;
    use serde_json::{Value, json};

    /// What is said of an operation with two integers and a text in its query and a list for an answer.
    fn said(extension: Value, answer: Value) -> String {
        let integer = |name: &str| json!({"in": "query", "name": name, "schema": {"$ref": "#/components/schemas/Number"}});
        let document = json!({
            "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
            "paths": {"/a": {"get": {
                "operationId": "a", "x-gallery-pages": extension,
                "parameters": [integer("page"), integer("size"), {"in": "query", "name": "q", "schema": {"type": "string"}}],
                "responses": {"200": {"description": "", "content": {"application/json": {"schema": answer}}}},
            }}},
            "components": {"schemas": {"Number": {"type": "integer"}, "List": {"type": "array", "items": {"type": "string"}}}},
        });
        let canonical = Canonical::parse(&document.to_string()).unwrap();
        let bindings = bindings(&canonical);
        let mut diagnostics = Diagnostics::default();
        let lowered = crate::lower::lower("openapi.json", &canonical, &bindings, &mut diagnostics);
        assert_eq!(lowered.is_some(), bindings.operations[0].pages.is_some());
        diagnostics
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn an_extension_that_cannot_be_so_is_an_error_at_its_place() {
        let list = || json!({"$ref": "#/components/schemas/List"});
        let with = |key: &str, value: Value| {
            let mut extension =
                json!({"page": "page", "per_page": "size", "first": 0, "default": 60});
            extension[key] = value;
            extension
        };
        assert_eq!(said(with("max", json!(200)), list()), "");
        expect_test::expect![[r#"
            error[pages]: the operation has no query parameter `pages`; there are ["page", "size", "q"]
              --> openapi.json#/paths/~1a/get/x-gallery-pages/page
            error[pages]: the query parameter `q` has no plain integer for a schema
              --> openapi.json#/paths/~1a/get/x-gallery-pages/per_page
            error[pages]: the size of a page cannot be its number
              --> openapi.json#/paths/~1a/get/x-gallery-pages/per_page
            error[pages]: a page that may have no item leads nowhere
              --> openapi.json#/paths/~1a/get/x-gallery-pages/max
            error[pages]: unknown field `maximum`, expected one of `page`, `per_page`, `first`, `default`, `max`
              --> openapi.json#/paths/~1a/get/x-gallery-pages
            error[pages]: the operation does not answer with a list that has a schema; there are no items to give
              --> openapi.json#/paths/~1a/get/x-gallery-pages"#]]
        .assert_eq(
            &[
                said(with("page", json!("pages")), list()),
                said(with("per_page", json!("q")), list()),
                said(with("per_page", json!("page")), list()),
                said(with("max", json!(0)), list()),
                said(with("maximum", json!(0)), list()),
                said(with("max", json!(200)), json!({"type": "object"})),
            ]
            .join("\n"),
        );
    }
}
