//! The model of operations.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::paging::Paging;
use crate::style::Style;

/// An operation.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// `operationId`.
    pub id: String,
    /// The HTTP method, in uppercase.
    pub method: String,
    /// The path template.
    pub path: String,
    /// The parameters, including those of the path item.
    pub parameters: Vec<Parameter>,
    /// Parameters with one fixed value, given after the `#` of the path.
    pub constants: Vec<Constant>,
    /// The server of the operation, if it differs from that of the document.
    pub server: Option<OwnServer>,
    /// The request body.
    pub body: Option<Body>,
    /// The documented responses.
    pub responses: Vec<Response>,
    /// True if the operation changes something although its method is `GET` or `HEAD`.
    pub has_side_effects: bool,
    /// True if it is deprecated.
    pub is_deprecated: bool,
    /// Pagination, if the response is a page of a list.
    pub pages: Option<Paging>,
    /// The alternatives of `security`. A request needs all schemes of one of them. `None` if
    /// neither the operation nor the document has `security`.
    pub security: Option<Vec<Vec<SecurityScheme>>>,
}

/// A security scheme, reduced to the location of the credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SecurityScheme {
    /// `Authorization: Bearer …`.
    Bearer,
    /// `Authorization: Basic …`.
    Basic,
    /// A header, query parameter or cookie with this name.
    ApiKey(Location, String),
}

/// The location of a parameter (`in`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the variants are the values of `in`")]
pub enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

impl Location {
    /// Returns the value of `in`.
    pub fn as_str(self) -> &'static str {
        match self {
            Location::Path => "path",
            Location::Query => "query",
            Location::Header => "header",
            Location::Cookie => "cookie",
        }
    }
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The location.
    pub location: Location,
    /// The name in the document.
    pub name: String,
    /// The name on the wire: the name, or the pattern of `x-gallery-numbered-keys`.
    pub key: String,
    /// True if the slashes of a path parameter are not encoded (`x-gallery-allow-slashes`).
    pub allows_slashes: bool,
    /// True if it is deprecated.
    pub is_deprecated: bool,
    /// True if it is required.
    pub required: bool,
    /// True if it can be sent without a value (`allowEmptyValue`).
    pub allows_empty: bool,
    /// The schema, with references resolved.
    pub schema: Value,
    /// The serialization of arrays and objects.
    pub style: Style,
}

/// A parameter with one fixed value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constant {
    /// The location.
    pub location: Location,
    /// The name on the wire.
    pub name: String,
    /// The value.
    pub value: String,
}

/// The server of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnServer {
    /// The URL template.
    pub url: String,
    /// The default URL. `None` if the host is a variable.
    pub default: Option<String>,
}

/// A request body.
#[derive(Clone, Debug)]
pub struct Body {
    /// True if it is required.
    pub required: bool,
    /// The preferred media type: JSON, else a form, else the first.
    pub media_type: String,
    /// The schema of that media type.
    pub schema: Value,
    /// The styles of form fields with an `encoding`, by name.
    pub fields: Vec<(String, Style)>,
    /// All documented media types, including the preferred one.
    pub content: Vec<MediaType>,
}

/// A media type of a request body.
#[derive(Clone, Debug)]
pub struct MediaType {
    /// The media type, or a range of media types.
    pub media_type: String,
    /// The schema.
    pub schema: Value,
    /// The styles of form fields with an `encoding`, by name.
    pub fields: Vec<(String, Style)>,
}

/// A documented response.
#[derive(Clone, Debug)]
pub struct Response {
    /// A status, a range such as `2XX`, or `default`.
    pub status: String,
    /// The media types, with their schemas.
    pub content: Vec<(String, Option<Value>)>,
    /// The headers with a schema.
    pub headers: Vec<(String, Value)>,
}
