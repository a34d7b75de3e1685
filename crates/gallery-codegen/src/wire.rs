//! Chooses the parameter styles, body encoding and server of an operation.

use gallery_spec::canonical::{Canonical, Endpoint};
use gallery_spec::draft::{ALLOW_SLASHES, NUMBERED_KEYS};
use openapi_text::pointer::escape;
use openapiv3::{
    MediaType, Parameter, ParameterData, ParameterSchemaOrContent, PathStyle, QueryStyle,
    ReferenceOr, RequestBody, Schema, Server,
};
use serde_json::Value;
use url::Url;

use openapi_text::media_type::{essence, is_json};

/// A parameter style. The variants match those of the runtime's `Style`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the variants are OpenAPI's styles")]
pub enum Style {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    /// One key per list item, from `x-gallery-numbered-keys`.
    Numbered,
    /// A JSON string, for a parameter with `content`.
    Json,
}

/// Returns the style and `explode` of a parameter. Returns `None` if the parameter has `content`
/// that is neither JSON nor plain text.
pub(crate) fn style(parameter: &Parameter) -> Option<(Style, bool)> {
    let data = parameter.parameter_data_ref();
    let style = match parameter {
        Parameter::Path {
            style: PathStyle::Simple,
            ..
        }
        | Parameter::Header { .. } => Style::Simple,
        Parameter::Path {
            style: PathStyle::Label,
            ..
        } => Style::Label,
        Parameter::Path {
            style: PathStyle::Matrix,
            ..
        } => Style::Matrix,
        Parameter::Query { .. } if data.extensions.contains_key(NUMBERED_KEYS) => Style::Numbered,
        Parameter::Query { style, .. } => query_style(style),
        Parameter::Cookie { .. } => Style::Form,
    };
    let style = match &data.format {
        ParameterSchemaOrContent::Schema(_) => style,
        ParameterSchemaOrContent::Content(content) => match content.keys().next() {
            Some(kind) if is_json(kind) => Style::Json,
            Some(kind) if kind.starts_with("text/plain") => style,
            _ => return None,
        },
    };
    let by_default = matches!(style, Style::Form | Style::Numbered);
    Some((style, data.explode.unwrap_or(by_default)))
}

/// Returns the key of a parameter in requests: its name, or the pattern of its numbered keys.
pub(crate) fn key(data: &ParameterData) -> &str {
    let keys = data.extensions.get(NUMBERED_KEYS);
    keys.and_then(Value::as_str).unwrap_or(&data.name)
}

/// Returns true if the slashes of a path parameter are sent unencoded.
pub(crate) fn allows_slashes(data: &ParameterData) -> bool {
    data.extensions.get(ALLOW_SLASHES) == Some(&Value::Bool(true))
}

fn query_style(style: &QueryStyle) -> Style {
    match style {
        QueryStyle::Form => Style::Form,
        QueryStyle::SpaceDelimited => Style::SpaceDelimited,
        QueryStyle::PipeDelimited => Style::PipeDelimited,
        QueryStyle::DeepObject => Style::DeepObject,
    }
}

/// Returns the schema of a parameter, from `schema` or `content`.
pub(crate) fn schema_of(data: &ParameterData) -> Option<&ReferenceOr<Schema>> {
    match &data.format {
        ParameterSchemaOrContent::Schema(schema) => Some(schema),
        ParameterSchemaOrContent::Content(content) => content.values().next()?.schema.as_ref(),
    }
}

/// Returns the JSON pointer of the schema of a parameter, relative to the parameter and without the
/// leading slash.
pub(crate) fn schema_pointer(data: &ParameterData) -> String {
    match &data.format {
        ParameterSchemaOrContent::Schema(_) => "schema".to_owned(),
        ParameterSchemaOrContent::Content(content) => {
            format!(
                "content/{}/schema",
                content
                    .keys()
                    .next()
                    .map_or_else(String::new, |kind| escape(kind))
            )
        }
    }
}

/// The encoding of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// JSON.
    Json,
    /// A URL-encoded form. Lists the fields with an explicit style, and their `explode`.
    Form(Vec<(String, Style, bool)>),
    /// A multipart form.
    Multipart,
    /// Bytes of any other media type.
    Bytes,
}

const FORM: &str = "application/x-www-form-urlencoded";

/// Selects the media type for sending a body: JSON if available, else a form, else the first.
/// URL-encoded forms are preferred over multipart forms.
pub(crate) fn media_of(body: &RequestBody) -> Option<(&str, &MediaType, BodyKind)> {
    let find = |matches: &dyn Fn(&str) -> bool| body.content.iter().find(|(kind, _)| matches(kind));
    let (kind, media) = find(&is_json)
        .or_else(|| find(&|kind| essence(kind) == FORM))
        .or_else(|| find(&|kind| essence(kind) == "multipart/form-data"))
        .or_else(|| body.content.first())?;
    let body = match essence(kind).as_str() {
        _ if is_json(kind) => BodyKind::Json,
        FORM => BodyKind::Form(styled_fields(media)),
        "multipart/form-data" => BodyKind::Multipart,
        _ => BodyKind::Bytes,
    };
    Some((kind, media, body))
}

fn styled_fields(media: &MediaType) -> Vec<(String, Style, bool)> {
    let styled = media.encoding.iter().filter_map(|(name, encoding)| {
        let style = query_style(encoding.style.as_ref()?);
        Some((name.clone(), style, encoding.explode))
    });
    styled.collect()
}

/// A server that an operation uses instead of the first server of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnServer {
    /// The URL in the document.
    pub url: String,
    /// The default base URL. If it is `None`, the caller must set the base URL.
    pub default: Option<String>,
}

/// Returns the server of an operation if it differs from the first server of the document.
pub(crate) fn own_server(canonical: &Canonical, endpoint: &Endpoint<'_>) -> Option<OwnServer> {
    let server = endpoint
        .operation
        .servers
        .first()
        .or_else(|| endpoint.item.servers.first())?;
    let is_default = canonical
        .document()
        .servers
        .first()
        .is_some_and(|common| common.url == server.url);
    (!is_default).then(|| OwnServer {
        url: server.url.clone(),
        default: default_url(server),
    })
}

/// Returns the URL of a server as a URL parser writes it, with default values for the variables in
/// its path.
///
/// Returns `None` if the result is not an absolute HTTP URL with a fixed host.
fn default_url(server: &Server) -> Option<String> {
    let mut text = server.url.clone();
    let (_, rest) = text.split_once("://")?;
    let path = text.len() - rest.len() + rest.find('/').unwrap_or(rest.len());
    for (name, variable) in server.variables.iter().flatten() {
        let replaced = text[path..].replace(&format!("{{{name}}}"), &variable.default);
        text.replace_range(path.., &replaced);
    }
    if text.contains('{') {
        return None;
    }
    let url = Url::parse(&text).ok()?;
    let has_more = url.query().is_some() || url.fragment().is_some();
    let has_user = !url.username().is_empty() || url.password().is_some();
    let is_http = matches!(url.scheme(), "http" | "https");
    (is_http && !has_more && !has_user).then(|| url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalizes_the_urls_of_servers() {
        for (listed, expected) in [
            ("https://a.test/v1/", Some("https://a.test/v1")),
            ("HTTPS://API.Test:443/V1", Some("https://api.test/V1")),
            ("http://a.test:80", Some("http://a.test")),
            ("http://a.test:8080", Some("http://a.test:8080")),
            (
                "https://bücher.test/a b",
                Some("https://xn--bcher-kva.test/a%20b"),
            ),
            ("https://a.test/{base}", Some("https://a.test/v2")),
            ("https://{host}/v1", None),
            ("https://user:secret@a.test", None),
            ("https://a.test/?q=1", None),
            ("ftp://a.test", None),
            ("/v1", None),
        ] {
            let server: Server = serde_json::from_value(serde_json::json!({
                "url": listed,
                "variables": {"base": {"default": "v2"}},
            }))
            .unwrap();
            assert_eq!(default_url(&server).as_deref(), expected, "{listed}");
        }
    }
}
