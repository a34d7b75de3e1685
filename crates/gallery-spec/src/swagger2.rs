//! Swagger 2.0 as the gallery's documents have it: only what occurs, and nothing that lenient reading would have to refuse.
//!
//! Every part carries its JSON pointer, so that each later stage can say where it changed what.

use std::fmt;

use serde_json::Value;

use openapi_text::Severity;

/// One Swagger 2.0 document.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The file, as a path that a person can open.
    pub file: String,
    /// `info.title`.
    pub title: String,
    /// `info.version`, exactly as the source spells it.
    pub version: String,
    /// `info.description`.
    pub description: Option<String>,
    /// `info.termsOfService`.
    pub terms_of_service: Option<String>,
    /// Where the API answers.
    pub server: Server,
    /// Every `x-api-path-slug`, also of what is no operation.
    pub slugs: Vec<String>,
    /// Media types of answers, where an operation names none.
    pub produces: Vec<String>,
    /// Media types of bodies, where an operation names none.
    pub consumes: Vec<String>,
    /// How many operation entries the document has, those included that could not be read.
    pub entries: usize,
    /// The operation entries that could be read, in the order of path and method.
    pub operations: Vec<Operation>,
}

/// Host, base path and schemes of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Server {
    /// `host`, when there is one.
    pub host: Option<String>,
    /// `basePath`, empty when there is none.
    pub base_path: String,
    /// `schemes`.
    pub schemes: Vec<String>,
}

/// An HTTP method that OpenAPI 3.0 has; Swagger 2.0 has all but TRACE.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names of HTTP methods say it")]
pub enum Method {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
}

impl Method {
    /// All of them, in the order in which OpenAPI lists them.
    pub const ALL: [Method; 8] = [
        Method::Get,
        Method::Put,
        Method::Post,
        Method::Delete,
        Method::Options,
        Method::Head,
        Method::Patch,
        Method::Trace,
    ];

    /// The method's key in a document.
    pub fn key(self) -> &'static str {
        match self {
            Method::Get => "get",
            Method::Put => "put",
            Method::Post => "post",
            Method::Delete => "delete",
            Method::Options => "options",
            Method::Head => "head",
            Method::Patch => "patch",
            Method::Trace => "trace",
        }
    }

    /// The method as HTTP spells it.
    pub fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Put => "PUT",
            Method::Post => "POST",
            Method::Delete => "DELETE",
            Method::Options => "OPTIONS",
            Method::Head => "HEAD",
            Method::Patch => "PATCH",
            Method::Trace => "TRACE",
        }
    }

    /// The method with this key, if there is one.
    pub fn from_key(key: &str) -> Option<Method> {
        Method::ALL.into_iter().find(|method| method.key() == key)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One method under one path of one document.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Operation {
    /// JSON pointer of the operation.
    pub pointer: String,
    /// Where it answers: the document's server, until repair finds out more.
    pub server: Server,
    /// Whether its server stands in its path: no other document knows better.
    pub server_in_path: bool,
    /// The path template as written; repair makes it one that OpenAPI takes.
    pub path: String,
    /// Parameters that stand in the path's query string with their values, such as `Action` in `/?Action=X`; repair finds them.
    pub constants: Vec<Constant>,
    /// The query string's variables, such as `name` in `/search?name={name}`: they are parameters, and tell endpoints apart.
    pub query_variables: Vec<String>,
    /// Why no request can be made of the path, if none can.
    pub unclear: Option<&'static str>,
    /// The method.
    pub method: Method,
    /// The method's key as written.
    pub method_key: String,
    /// JSON pointer of what stands in place of the path's parameters and is shaped like an operation.
    pub misplaced_parameters: Option<String>,
    /// Whether the method's key has an operation below it; some hold nothing.
    pub is_map: bool,
    /// One line about it.
    pub summary: Option<String>,
    /// Prose about it.
    pub description: Option<String>,
    /// `operationId` as written, which in the gallery is a sentence.
    pub operation_id: Option<String>,
    /// `x-api-path-slug`, which ties the operation to an index entry.
    pub slug: Option<String>,
    /// Words for grouping.
    pub tags: Vec<String>,
    /// Whether its provider advises against it.
    pub deprecated: bool,
    /// The parameters, body included.
    pub parameters: Vec<Parameter>,
    /// The answers.
    pub responses: Vec<Response>,
    /// Media types of answers: the operation's own, else the document's.
    pub produces: Vec<String>,
    /// Media types of bodies: the operation's own, else the document's.
    pub consumes: Vec<String>,
    /// What repair did to it.
    pub changes: Vec<Change>,
}

/// A parameter whose value stands in the path: it is always sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Constant {
    /// Its name.
    pub name: String,
    /// Its one value.
    pub value: String,
    /// Prose about it, where the listing declares it as a parameter too.
    pub description: Option<String>,
}

/// One thing that repair mended or assumed in an operation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Change {
    /// [`Severity::Repaired`] or [`Severity::Assumed`].
    pub severity: Severity,
    /// The repair's code.
    pub code: &'static str,
    /// JSON pointer of what was changed.
    pub pointer: String,
    /// What was there and what was done.
    pub message: String,
}

/// Where a parameter goes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names of Swagger's places say it")]
pub enum Location {
    Path,
    Query,
    Header,
    FormData,
    Body,
    /// A word that Swagger does not know.
    Other(String),
}

/// A parameter as listed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Parameter {
    /// JSON pointer of the parameter.
    pub pointer: String,
    /// Its name, empty when the listing gives none.
    pub name: String,
    /// Where it goes.
    pub location: Location,
    /// Prose about it.
    pub description: Option<String>,
    /// Whether it must be given.
    pub required: bool,
    /// `type`, of all but body parameters.
    pub kind: Option<String>,
    /// `format`.
    pub format: Option<String>,
    /// The type of an array's items.
    pub items: Option<Items>,
    /// `collectionFormat`: how an array is written down.
    pub collection_format: Option<String>,
    /// `schema`, of body parameters.
    pub schema: Option<Value>,
    /// What listings leave open and repair filled in, as names of OpenAPI keywords.
    pub assumed: Vec<&'static str>,
}

/// What an array holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Items {
    /// `type`.
    pub kind: Option<String>,
    /// `format`.
    pub format: Option<String>,
}

/// An answer as listed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Response {
    /// JSON pointer of the response.
    pub pointer: String,
    /// The status key, as text.
    pub status: String,
    /// Prose about it.
    pub description: Option<String>,
    /// `schema`, which no document of the gallery has.
    pub schema: Option<Value>,
}

impl Parameter {
    /// A parameter of which nothing is known but its name and place.
    pub fn new(pointer: &str, name: &str, location: Location) -> Parameter {
        Parameter {
            pointer: pointer.to_owned(),
            name: name.to_owned(),
            required: location == Location::Path,
            location,
            description: None,
            kind: None,
            format: None,
            items: None,
            collection_format: None,
            schema: None,
            assumed: Vec::new(),
        }
    }
}
