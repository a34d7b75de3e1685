//! Reads and validates the pagination of an operation, the extension `x-gallery-pages`.

use gallery_spec::canonical::{Canonical, Endpoint};
use openapiv3::{Parameter, SchemaKind, Type};
use serde::Deserialize;

use crate::parameters::{ParameterBinding, ParameterLocation, listed_parameters};
use crate::reference;
use crate::responses::{ResponseKind, ResponseType, ResponseTypes};
use crate::wire::schema_of;

/// The name of the extension that defines the pagination of an operation.
pub(crate) const PAGES: &str = "x-gallery-pages";

/// The pagination of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagesBinding {
    /// The parameter for the page number.
    pub page: PageParameter,
    /// The parameter for the page size.
    pub per_page: PageParameter,
    /// The number of the first page.
    pub first: i64,
    /// The default page size.
    pub default: i64,
    /// The maximum page size.
    pub max: Option<i64>,
}

/// A parameter for the number or the size of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageParameter {
    /// The name of the parameter in requests.
    pub name: String,
    /// The name of the setter in the builder.
    pub setter: String,
    /// True if the parameter is required.
    pub required: bool,
}

/// The value of the extension in a document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Extension {
    page: String,
    per_page: String,
    first: i64,
    default: i64,
    max: Option<i64>,
}

/// An error in the extension: a JSON pointer relative to the extension, and a message.
pub(crate) type PagesError = (&'static str, String);

/// Reads the extension of an operation. Returns `None` if the operation does not have it.
pub(crate) fn read(
    canonical: &Canonical,
    endpoint: &Endpoint<'_>,
    parameters: &[ParameterBinding],
    responses: &ResponseTypes,
) -> Option<Result<PagesBinding, PagesError>> {
    let extension = endpoint.operation.extensions.get(PAGES)?;
    Some(
        serde_json::from_value(extension.clone())
            .map_err(|error| ("", error.to_string()))
            .and_then(|extension: Extension| {
                let page = page_parameter(canonical, endpoint, parameters, &extension.page)
                    .map_err(|error| ("/page", error))?;
                let per_page = page_parameter(canonical, endpoint, parameters, &extension.per_page)
                    .map_err(|error| ("/per_page", error))?;
                if page == per_page {
                    return Err((
                        "/per_page",
                        "`page` and `per_page` name the same parameter".to_owned(),
                    ));
                }
                for (pointer, size) in [
                    ("/default", Some(extension.default)),
                    ("/max", extension.max),
                ] {
                    if size.is_some_and(|size| size < 1) {
                        return Err((pointer, "a page must have at least one item".to_owned()));
                    }
                }
                if !is_array(canonical, &responses.success) {
                    return Err((
                        "",
                        "the operation does not return an array with a schema".to_owned(),
                    ));
                }
                Ok(PagesBinding {
                    page,
                    per_page,
                    first: extension.first,
                    default: extension.default,
                    max: extension.max,
                })
            }),
    )
}

fn page_parameter(
    canonical: &Canonical,
    endpoint: &Endpoint<'_>,
    parameters: &[ParameterBinding],
    name: &str,
) -> Result<PageParameter, String> {
    let query_parameters = || {
        parameters
            .iter()
            .filter(|parameter| parameter.location == ParameterLocation::Query)
    };
    let Some(binding) = query_parameters().find(|parameter| parameter.name == name) else {
        let names: Vec<&str> = query_parameters()
            .map(|parameter| parameter.name.as_str())
            .collect();
        return Err(format!(
            "the operation has no query parameter `{name}`; it has {names:?}"
        ));
    };
    let parameters = listed_parameters(canonical, endpoint);
    let parameter = parameters
        .iter()
        .find(|(pointer, _)| *pointer == binding.pointer)
        .map(|(_, parameter)| *parameter);
    if !parameter.is_some_and(|parameter| is_integer(canonical, parameter)) {
        return Err(format!("the query parameter `{name}` is not an integer"));
    }
    let required = parameter.is_some_and(|parameter| parameter.parameter_data_ref().required);
    Ok(PageParameter {
        name: name.to_owned(),
        setter: binding.setter.clone(),
        required,
    })
}

fn is_integer(canonical: &Canonical, parameter: &Parameter) -> bool {
    let schema = schema_of(parameter.parameter_data_ref())
        .and_then(|schema| reference::schema(canonical, schema));
    schema.is_some_and(|schema| match &schema.schema_kind {
        SchemaKind::Type(Type::Integer(integer)) => {
            integer.enumeration.is_empty() && !schema.schema_data.nullable
        }
        _ => false,
    })
}

fn is_array(canonical: &Canonical, response: &ResponseType) -> bool {
    let ResponseKind::Value(schema) = &response.kind else {
        return false;
    };
    reference::schema(canonical, &schema.schema).is_some_and(|schema| {
        matches!(schema.schema_kind, SchemaKind::Type(Type::Array(_)))
            && !schema.schema_data.nullable
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bindings::bindings;
    use crate::settings::CodeSettings;
    use openapi_text::Diagnostics;
    use serde_json::{Value, json};

    /// Returns the diagnostics for an operation with two integers and a string in its query.
    fn diagnostics(extension: Value, response: Value) -> String {
        let integer = |name: &str| json!({"in": "query", "name": name, "schema": {"$ref": "#/components/schemas/Number"}});
        let document = json!({
            "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
            "paths": {"/a": {"get": {
                "operationId": "a", "x-gallery-pages": extension,
                "parameters": [integer("page"), integer("size"), {"in": "query", "name": "q", "schema": {"type": "string"}}],
                "responses": {"200": {"description": "", "content": {"application/json": {"schema": response}}}},
            }}},
            "components": {"schemas": {"Number": {"type": "integer"}, "List": {"type": "array", "items": {"type": "string"}}}},
        });
        let canonical = Canonical::parse(&document.to_string()).unwrap();
        let bindings = bindings(&canonical);
        let mut diagnostics = Diagnostics::default();
        let lowered = crate::lower::lower(
            "openapi.json",
            &canonical,
            &bindings,
            &CodeSettings::default(),
            &mut diagnostics,
        );
        assert_eq!(lowered.is_some(), bindings.operations[0].pages.is_some());
        diagnostics
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn reports_invalid_extensions_with_their_location() {
        let list = || json!({"$ref": "#/components/schemas/List"});
        let with = |key: &str, value: Value| {
            let mut extension =
                json!({"page": "page", "per_page": "size", "first": 0, "default": 60});
            extension[key] = value;
            extension
        };
        assert_eq!(diagnostics(with("max", json!(200)), list()), "");
        expect_test::expect![[r#"
            error[pages]: the operation has no query parameter `pages`; it has ["page", "size", "q"]
              --> openapi.json#/paths/~1a/get/x-gallery-pages/page
            error[pages]: the query parameter `q` is not an integer
              --> openapi.json#/paths/~1a/get/x-gallery-pages/per_page
            error[pages]: `page` and `per_page` name the same parameter
              --> openapi.json#/paths/~1a/get/x-gallery-pages/per_page
            error[pages]: a page must have at least one item
              --> openapi.json#/paths/~1a/get/x-gallery-pages/max
            error[pages]: unknown field `maximum`, expected one of `page`, `per_page`, `first`, `default`, `max`
              --> openapi.json#/paths/~1a/get/x-gallery-pages
            error[pages]: the operation does not return an array with a schema
              --> openapi.json#/paths/~1a/get/x-gallery-pages"#]]
        .assert_eq(
            &[
                diagnostics(with("page", json!("pages")), list()),
                diagnostics(with("per_page", json!("q")), list()),
                diagnostics(with("per_page", json!("page")), list()),
                diagnostics(with("max", json!(0)), list()),
                diagnostics(with("maximum", json!(0)), list()),
                diagnostics(with("max", json!(200)), json!({"type": "object"})),
            ]
            .join("\n"),
        );
    }
}
