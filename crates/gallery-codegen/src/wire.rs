//! How the parts of an operation go over the wire, as the document says it: styles of parameters, kinds of bodies, servers.

use gallery_spec::canonical::{Canonical, Endpoint};
use openapi_text::pointer::escape;
use openapiv3::{
    MediaType, Parameter, ParameterData, ParameterSchemaOrContent, PathStyle, QueryStyle,
    ReferenceOr, RequestBody, Schema, Server,
};
use syn::Expr;

use crate::answers::is_json;
use crate::tree::name;

/// How a list or object is written; the runtime's `Style`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names of OpenAPI's styles say it")]
pub enum Style {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    /// A text in JSON: a parameter with `content`.
    Json,
}

impl Style {
    /// The style in the runtime's words.
    pub(crate) fn tree(self) -> Expr {
        name(&format!("gallery_runtime::Style::{self:?}"))
    }
}

/// The style of a parameter, and whether it is exploded. A parameter with `content` that is neither JSON nor text has none.
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
        Parameter::Query { style, .. } => of_query(style),
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
    Some((style, data.explode.unwrap_or(style == Style::Form)))
}

fn of_query(style: &QueryStyle) -> Style {
    match style {
        QueryStyle::Form => Style::Form,
        QueryStyle::SpaceDelimited => Style::SpaceDelimited,
        QueryStyle::PipeDelimited => Style::PipeDelimited,
        QueryStyle::DeepObject => Style::DeepObject,
    }
}

/// The schema of a parameter, wherever it stands. Without one it is open.
pub(crate) fn schema_of(data: &ParameterData) -> Option<&ReferenceOr<Schema>> {
    match &data.format {
        ParameterSchemaOrContent::Schema(schema) => Some(schema),
        ParameterSchemaOrContent::Content(content) => content.values().next()?.schema.as_ref(),
    }
}

/// Where that schema stands in its parameter: a JSON pointer without the slash that it begins with.
pub(crate) fn schema_place(data: &ParameterData) -> String {
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

/// How a body goes over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// As JSON.
    Json,
    /// As the fields of a form; those that are written in another way than repeated, with their style.
    Form(Vec<(String, Style, bool)>),
    /// As texts and files.
    Multipart,
    /// As it is: no generator knows more of the media type than its name.
    Bytes,
}

const FORM: &str = "application/x-www-form-urlencoded";

/// The media type in which a body is sent: JSON where that is one of them, else a form, else the first.
pub(crate) fn media_of(body: &RequestBody) -> Option<(&str, &MediaType, BodyKind)> {
    let find = |wanted: &dyn Fn(&str) -> bool| body.content.iter().find(|(kind, _)| wanted(kind));
    let (kind, media) = find(&is_json)
        .or_else(|| find(&|kind| essence(kind) == FORM))
        .or_else(|| find(&|kind| essence(kind) == "multipart/form-data"))
        .or_else(|| body.content.first())?;
    let body = match essence(kind).as_str() {
        _ if is_json(kind) => BodyKind::Json,
        FORM => BodyKind::Form(fields(media)),
        "multipart/form-data" => BodyKind::Multipart,
        _ => BodyKind::Bytes,
    };
    Some((kind, media, body))
}

fn fields(media: &MediaType) -> Vec<(String, Style, bool)> {
    let styled = media.encoding.iter().filter_map(|(name, encoding)| {
        let style = of_query(encoding.style.as_ref()?);
        Some((name.clone(), style, encoding.explode))
    });
    styled.collect()
}

/// A media type without its parameters, in small letters.
pub(crate) fn essence(media_type: &str) -> String {
    media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// A server that an operation has for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnServer {
    /// Its URL, as the document writes it.
    pub url: String,
    /// The base URL that it stands for; none where the host is the caller's to say.
    pub default: Option<String>,
}

/// The operation's own server, when it is another than the document's.
pub(crate) fn own_server(canonical: &Canonical, endpoint: &Endpoint<'_>) -> Option<OwnServer> {
    let server = endpoint
        .operation
        .servers
        .first()
        .or_else(|| endpoint.item.servers.first())?;
    let is_documents = canonical
        .document()
        .servers
        .first()
        .is_some_and(|common| common.url == server.url);
    (!is_documents).then(|| OwnServer {
        url: server.url.clone(),
        default: default_of(server),
    })
}

/// A variable of the host has no value that holds for everybody; one of the path has its default.
fn default_of(server: &Server) -> Option<String> {
    let (scheme, rest) = server.url.split_once("://")?;
    let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    if !matches!(scheme, "http" | "https") || host.is_empty() || host.contains(['{', '@']) {
        return None;
    }
    let mut path = path.to_owned();
    for (name, variable) in server.variables.iter().flatten() {
        path = path.replace(&format!("{{{name}}}"), &variable.default);
    }
    (!path.contains(['{', '?', '#']))
        .then(|| format!("{scheme}://{host}{}", path.trim_end_matches('/')))
}
