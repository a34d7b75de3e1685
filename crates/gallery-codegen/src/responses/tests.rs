use super::*;
use serde_json::{Value, json};

fn types_of(responses: Value) -> ResponseTypes {
    let document = json!({
        "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"operationId": "a", "responses": responses}}},
        "components": {"schemas": {"A": {"type": "object"}, "B": {"type": "object"}}},
    });
    let canonical = Canonical::parse(&document.to_string()).unwrap();
    response_types(&canonical, Method::Get, canonical.endpoints()[0].operation)
}

fn typed(reference: &str) -> Value {
    let reference = format!("#/components/schemas/{reference}");
    json!({"description": "", "content": {"application/json": {"schema": {"$ref": reference}}}})
}

fn with(content: Value) -> Value {
    json!({"description": "", "content": content})
}

/// Describes a type: its statuses, and the content of each.
fn shown(response: &ResponseType) -> String {
    let statuses = response.statuses.as_ref().map(Statuses::text);
    let statuses = statuses.unwrap_or_else(|| "all".to_owned());
    let name = |schema: &ResponseSchema| match schema.schema.as_ref() {
        ReferenceOr::Reference { reference } => reference.rsplit('/').next().unwrap().to_owned(),
        ReferenceOr::Item(_) => "inline".to_owned(),
    };
    let kind = match &response.kind {
        ResponseKind::Untyped => return "untyped".to_owned(),
        ResponseKind::Value(schema) => name(schema),
        ResponseKind::Optional(schema) => {
            format!("{} or empty {}", name(schema), response.empty.text())
        }
        ResponseKind::ByStatus(variants) => {
            let variants = variants.iter().map(|variant| {
                let content = match &variant.content {
                    VariantContent::Value(schema) => format!("({})", name(schema)),
                    VariantContent::Untyped => "(untyped)".to_owned(),
                    VariantContent::Empty => String::new(),
                };
                format!("{}{content}", variant.key.variant())
            });
            variants.collect::<Vec<_>>().join(" | ")
        }
    };
    let text = match response.text.is_empty() {
        true => String::new(),
        false => format!(", text {}", response.text.text()),
    };
    format!("{statuses}: {kind}{text}")
}

#[test]
fn successes_are_a_value_an_option_or_an_enum() {
    let a = || typed("A");
    let none = || json!({"description": ""});
    let success = |responses: Value| shown(&types_of(responses).success);
    for (responses, expected) in [
        (json!({"200": a()}), "&[200]: A"),
        (
            json!({"200": a(), "201": a(), "404": none()}),
            "&[200, 201]: A",
        ),
        (json!({"2XX": a()}), "all: A"),
        (json!({"default": a()}), "all: A"),
        (
            json!({"201": typed("B"), "200": a()}),
            "&[200, 201]: Ok(A) | Created(B)",
        ),
        (
            json!({"200": a(), "204": none()}),
            "&[200, 204]: A or empty &[204]",
        ),
        (
            json!({"200": a(), "202": none(), "204": none()}),
            "&[200, 202, 204]: Ok(A) | Accepted(untyped) | NoContent",
        ),
        (
            json!({"200": a(), "2XX": typed("B")}),
            "all: Ok(A) | Success(B)",
        ),
        (
            json!({"200": with(json!({"application/json": {}}))}),
            "untyped",
        ),
        (json!({"204": none()}), "untyped"),
        (json!({"404": a()}), "untyped"),
    ] {
        assert_eq!(success(responses.clone()), expected, "{responses}");
    }
}

#[test]
fn errors_are_a_value_an_option_or_an_enum() {
    let a = || typed("A");
    let none = || json!({"description": ""});
    let error = |responses: Value| shown(&types_of(responses).error);
    for (responses, expected) in [
        (json!({"404": a(), "403": a()}), "&[403, 404]: A"),
        (json!({"404": a(), "default": a()}), "all: A"),
        (
            json!({"404": a(), "401": none()}),
            "&[401, 404]: A or empty &[401]",
        ),
        (
            json!({"default": a(), "401": none()}),
            "all: A or empty &[401]",
        ),
        (
            json!({"404": a(), "default": none()}),
            "all: NotFound(A) | Default",
        ),
        (
            json!({"404": a(), "422": typed("B"), "5XX": none()}),
            "&[404, 422, 5]: NotFound(A) | UnprocessableEntity(B) | ServerError",
        ),
        (
            json!({"404": a(), "500": with(json!({"text/plain": {}}))}),
            "&[404, 500]: NotFound(A) | InternalServerError(untyped)",
        ),
        (json!({"404": none()}), "untyped"),
    ] {
        assert_eq!(error(responses.clone()), expected, "{responses}");
    }
}

#[test]
fn json_is_chosen_among_media_types() {
    let schema = json!({"schema": {"$ref": "#/components/schemas/A"}});
    let text = json!({"schema": {"type": "string"}});
    let success = |content: Value| shown(&types_of(json!({"200": with(content)})).success);
    for (content, expected) in [
        (
            json!({"application/json": schema, "application/xml": text, "application/a+json": {}}),
            "&[200]: A",
        ),
        (
            json!({"application/json": schema, "image/png": {}}),
            "untyped",
        ),
        (json!({"*/*": schema}), "&[200]: A"),
        (json!({"*/*": text}), "untyped"),
        (
            json!({"application/json;charset=utf-8": schema, "*/*": {}}),
            "&[200]: A",
        ),
        (json!({"text/plain": text}), "&[200]: inline, text &[200]"),
        (json!({"text/plain": {}}), "untyped"),
        (json!({"text/plain": text, "text/html": text}), "untyped"),
        (json!({"application/pdf": text}), "untyped"),
    ] {
        assert_eq!(success(content.clone()), expected, "{content}");
    }
    let accept = |responses: Value| types_of(responses).accept;
    let several = json!({"application/json": schema, "application/xml": text});
    assert_eq!(accept(json!({"200": with(several)})), ["application/json"]);
    let (json, text) = (json!({"application/json": {}}), json!({"text/plain": {}}));
    assert_eq!(
        accept(json!({"200": with(json), "404": with(text)})),
        ["application/json", "text/plain"]
    );
}

#[test]
fn text_of_a_range_excludes_its_other_statuses() {
    let text = || with(json!({"text/plain": {"schema": {"type": "string"}}}));
    let error = |responses: Value| {
        let error = types_of(responses).error;
        let not_text = match error.not_text.is_empty() {
            true => String::new(),
            false => format!(" except {}", error.not_text.text()),
        };
        shown(&error) + &not_text
    };
    assert_eq!(
        error(json!({"default": text()})),
        "all: inline, text &[4, 5]"
    );
    assert_eq!(
        error(json!({"404": typed("A"), "5XX": typed("A"), "default": text()})),
        "all: NotFound(A) | ServerError(A) | Default(inline), text &[4] except &[404]"
    );
    assert_eq!(
        error(json!({"404": typed("A"), "400": text()})),
        "&[400, 404]: BadRequest(inline) | NotFound(A), text &[400]"
    );
}
