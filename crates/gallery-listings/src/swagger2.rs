//! Swagger 2.0 as the gallery's documents have it: only what occurs, and nothing that lenient reading would have to refuse.
//!
//! Every part carries its JSON pointer, so that each later stage can say where it changed what.

use serde_json::Value;

use gallery_draft::{Change, Method};

/// One Swagger 2.0 document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Document {
    /// The file, as a path that a person can open.
    pub(crate) file: String,
    /// `info.title`.
    pub(crate) title: String,
    /// `info.version`, exactly as the source spells it.
    pub(crate) version: String,
    /// `info.description`.
    pub(crate) description: Option<String>,
    /// `info.termsOfService`.
    pub(crate) terms_of_service: Option<String>,
    /// Where the API answers.
    pub(crate) server: Server,
    /// Every `x-api-path-slug`, also of what is no operation.
    pub(crate) slugs: Vec<String>,
    /// Media types of answers, where an operation names none.
    pub(crate) produces: Vec<String>,
    /// Media types of bodies, where an operation names none.
    pub(crate) consumes: Vec<String>,
    /// How many operation entries the document has, those included that could not be read.
    pub(crate) entries: usize,
    /// The operation entries that could be read, in the order of path and method.
    pub(crate) operations: Vec<Operation>,
}

/// Host, base path and schemes of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Server {
    /// `host`, when there is one.
    pub(crate) host: Option<String>,
    /// `basePath`, empty when there is none.
    pub(crate) base_path: String,
    /// `schemes`.
    pub(crate) schemes: Vec<String>,
}

/// One method under one path of one document.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Operation {
    /// JSON pointer of the operation.
    pub(crate) pointer: String,
    /// Where it answers: the document's server, until repair finds out more.
    pub(crate) server: Server,
    /// Whether its server stands in its path: no other document knows better.
    pub(crate) server_in_path: bool,
    /// The path template as written; repair makes it one that OpenAPI takes.
    pub(crate) path: String,
    /// Parameters that stand in the path's query string with their values, such as `Action` in `/?Action=X`; repair finds them.
    pub(crate) constants: Vec<Constant>,
    /// The query string's variables, such as `name` in `/search?name={name}`: they are parameters, and tell endpoints apart.
    pub(crate) query_variables: Vec<String>,
    /// Why no request can be made of the path, if none can.
    pub(crate) unclear: Option<&'static str>,
    /// The method.
    pub(crate) method: Method,
    /// The method's key as written.
    pub(crate) method_key: String,
    /// JSON pointer of what stands in place of the path's parameters and is shaped like an operation.
    pub(crate) misplaced_parameters: Option<String>,
    /// Whether the method's key has an operation below it; some hold nothing.
    pub(crate) is_map: bool,
    /// One line about it.
    pub(crate) summary: Option<String>,
    /// Prose about it.
    pub(crate) description: Option<String>,
    /// `operationId` as written, which in the gallery is a sentence.
    pub(crate) operation_id: Option<String>,
    /// `x-api-path-slug`, which ties the operation to an index entry.
    pub(crate) slug: Option<String>,
    /// Words for grouping.
    pub(crate) tags: Vec<String>,
    /// Whether its provider advises against it.
    pub(crate) deprecated: bool,
    /// The parameters, body included.
    pub(crate) parameters: Vec<Parameter>,
    /// The answers.
    pub(crate) responses: Vec<Response>,
    /// Media types of answers: the operation's own, else the document's.
    pub(crate) produces: Vec<String>,
    /// Media types of bodies: the operation's own, else the document's.
    pub(crate) consumes: Vec<String>,
    /// What repair did to it.
    pub(crate) changes: Vec<Change>,
}

/// A parameter whose value stands in the path: it is always sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Constant {
    /// Its name.
    pub(crate) name: String,
    /// Its one value.
    pub(crate) value: String,
    /// Prose about it, where the listing declares it as a parameter too.
    pub(crate) description: Option<String>,
}

/// Where a parameter goes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names of Swagger's places say it")]
pub(crate) enum ParameterLocation {
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
pub(crate) struct Parameter {
    /// JSON pointer of the parameter.
    pub(crate) pointer: String,
    /// Its name, empty when the listing gives none.
    pub(crate) name: String,
    /// Where it goes.
    pub(crate) location: ParameterLocation,
    /// Prose about it.
    pub(crate) description: Option<String>,
    /// Whether it must be given.
    pub(crate) required: bool,
    /// `type`, of all but body parameters.
    pub(crate) kind: Option<String>,
    /// `format`.
    pub(crate) format: Option<String>,
    /// The type of an array's items.
    pub(crate) items: Option<Items>,
    /// `collectionFormat`: how an array is written down.
    pub(crate) collection_format: Option<String>,
    /// `schema`, of body parameters.
    pub(crate) schema: Option<Value>,
    /// What listings leave open and repair filled in, as names of OpenAPI keywords.
    pub(crate) assumed: Vec<&'static str>,
}

/// What an array holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Items {
    /// `type`.
    pub(crate) kind: Option<String>,
    /// `format`.
    pub(crate) format: Option<String>,
}

/// An answer as listed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Response {
    /// JSON pointer of the response.
    pub(crate) pointer: String,
    /// The status key, as text.
    pub(crate) status: String,
    /// Prose about it.
    pub(crate) description: Option<String>,
    /// `schema`, which no document of the gallery has.
    pub(crate) schema: Option<Value>,
}

impl Parameter {
    /// A parameter of which nothing is known but its name and place.
    pub(crate) fn new(pointer: &str, name: &str, location: ParameterLocation) -> Parameter {
        Parameter {
            pointer: pointer.to_owned(),
            name: name.to_owned(),
            required: location == ParameterLocation::Path,
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
