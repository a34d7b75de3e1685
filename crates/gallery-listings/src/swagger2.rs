//! A model of Swagger 2.0 as the gallery's documents use it.
//!
//! Every part has its JSON pointer, so that later stages can report where they changed something.

use serde_json::Value;

use gallery_draft::{Change, Method};

/// One Swagger 2.0 document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Document {
    /// The path of the file.
    pub(crate) file: String,
    /// `info.title`.
    pub(crate) title: String,
    /// `info.version` as the source spells it.
    pub(crate) version: String,
    /// `info.description`.
    pub(crate) description: Option<String>,
    /// `info.termsOfService`.
    pub(crate) terms_of_service: Option<String>,
    /// `info.contact`.
    pub(crate) contact: Option<Contact>,
    /// The server of the API.
    pub(crate) server: Server,
    /// Every `x-api-path-slug`, even outside of operations.
    pub(crate) slugs: Vec<String>,
    /// Default media types of responses.
    pub(crate) produces: Vec<String>,
    /// Default media types of bodies.
    pub(crate) consumes: Vec<String>,
    /// The number of operation entries, unreadable ones included.
    pub(crate) entries: usize,
    /// The readable operation entries, in the order of path and method.
    pub(crate) operations: Vec<Operation>,
}

/// `info.contact` of a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Contact {
    /// `name`.
    pub(crate) name: Option<String>,
    /// `url`.
    pub(crate) url: Option<String>,
    /// `email`.
    pub(crate) email: Option<String>,
}

impl Contact {
    /// Converts the contact to OpenAPI.
    pub(crate) fn lift(self) -> openapiv3::Contact {
        openapiv3::Contact {
            name: self.name,
            url: self.url,
            email: self.email,
            ..openapiv3::Contact::default()
        }
    }
}

/// Host, base path and schemes of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Server {
    /// `host`.
    pub(crate) host: Option<String>,
    /// `basePath`, empty if it is missing.
    pub(crate) base_path: String,
    /// `schemes`.
    pub(crate) schemes: Vec<String>,
}

/// One method under one path of one document.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Operation {
    /// JSON pointer of the operation.
    pub(crate) pointer: String,
    /// The document's server, until repair finds a better one.
    pub(crate) server: Server,
    /// The document's server as listed, if repair found a better one.
    pub(crate) document_server: Option<Server>,
    /// The servers that the index names, as listed.
    pub(crate) index_servers: Vec<Server>,
    /// True if the server was part of the path: no other document is more certain.
    pub(crate) server_in_path: bool,
    /// The path template as written; repair makes it valid in OpenAPI.
    pub(crate) path: String,
    /// Constants of the path's query string, such as `Action` in `/?Action=X`; repair finds them.
    pub(crate) constants: Vec<Constant>,
    /// The variables of the path's query string, such as `name` in `/search?name={name}`. They are
    /// parameters, and distinguish endpoints.
    pub(crate) query_variables: Vec<String>,
    /// The reason why the path cannot be used.
    pub(crate) unclear: Option<&'static str>,
    /// The method.
    pub(crate) method: Method,
    /// The method's key as written.
    pub(crate) method_key: String,
    /// JSON pointer of a path's `parameters` that have the shape of an operation.
    pub(crate) misplaced_parameters: Option<String>,
    /// True if the entry is a map; some entries are empty.
    pub(crate) is_map: bool,
    /// A summary in one line.
    pub(crate) summary: Option<String>,
    /// A description.
    pub(crate) description: Option<String>,
    /// `operationId` as written, which in the gallery is a sentence.
    pub(crate) operation_id: Option<String>,
    /// `x-api-path-slug`, which connects the operation with an index entry.
    pub(crate) slug: Option<String>,
    /// `tags`.
    pub(crate) tags: Vec<String>,
    /// `deprecated`.
    pub(crate) deprecated: bool,
    /// The parameters, body included.
    pub(crate) parameters: Vec<Parameter>,
    /// The responses.
    pub(crate) responses: Vec<Response>,
    /// Media types of responses.
    pub(crate) produces: Vec<String>,
    /// Media types of bodies.
    pub(crate) consumes: Vec<String>,
    /// The changes that repair made.
    pub(crate) changes: Vec<Change>,
}

/// A parameter whose value is part of the path: it is always sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Constant {
    /// Its name.
    pub(crate) name: String,
    /// Its one value.
    pub(crate) value: String,
    /// A description, if the listing also declares it as a parameter.
    pub(crate) description: Option<String>,
}

/// The location of a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names of Swagger's places say it")]
pub(crate) enum ParameterLocation {
    Path,
    Query,
    Header,
    FormData,
    Body,
    /// A location that Swagger does not have.
    Other(String),
}

/// A parameter as listed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Parameter {
    /// JSON pointer of the parameter.
    pub(crate) pointer: String,
    /// The name, empty if it is missing.
    pub(crate) name: String,
    /// The location.
    pub(crate) location: ParameterLocation,
    /// A description.
    pub(crate) description: Option<String>,
    /// `required`.
    pub(crate) required: bool,
    /// `type`, except of body parameters.
    pub(crate) kind: Option<String>,
    /// `format`.
    pub(crate) format: Option<String>,
    /// The type of an array's items.
    pub(crate) items: Option<Items>,
    /// `collectionFormat`: how an array is serialized.
    pub(crate) collection_format: Option<String>,
    /// The pattern of the keys if each item of an array has its own, such as `Filter.{n}`.
    pub(crate) numbered_keys: Option<String>,
    /// `schema`, of body parameters.
    pub(crate) schema: Option<Value>,
    /// The keywords of OpenAPI that repair assumed because the listing is silent.
    pub(crate) assumed: Vec<&'static str>,
}

/// The items of an array.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Items {
    /// `type`.
    pub(crate) kind: Option<String>,
    /// `format`.
    pub(crate) format: Option<String>,
}

/// A response as listed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Response {
    /// JSON pointer of the response.
    pub(crate) pointer: String,
    /// The status key, as text.
    pub(crate) status: String,
    /// A description.
    pub(crate) description: Option<String>,
    /// `schema`, which no document of the gallery has.
    pub(crate) schema: Option<Value>,
}

impl Parameter {
    /// Creates a parameter with only a name and a location.
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
            numbered_keys: None,
            schema: None,
            assumed: Vec::new(),
        }
    }
}
