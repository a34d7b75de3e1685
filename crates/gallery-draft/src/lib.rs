//! The draft: the value that every kind of source yields.
//!
//! A source is read, repaired and merged by a crate of its own. Everything after that works on a
//! [`Draft`] and does not know which kind of source it came from.

mod account;
mod any_json;
mod choices;
pub mod encoding;
mod endpoint;
mod file;
mod method;
mod paths;
mod provenance;
mod reason;
mod server;
mod shape;

use std::collections::BTreeMap;

use openapiv3::{OpenAPI, PathItem, ReferenceOr, Server};

pub use account::{Account, DocumentAccount, IndexEntry};
pub use any_json::any_json;
pub use choices::{Choice, Choices, report_conflict, report_unmatched_choices};
pub use endpoint::{Change, DraftEndpoint, EndpointKey, EntryLocation, Rule, Verdict};
pub use file::{FileSet, RawFile, is_plain_file_name};
pub use method::Method;
pub use paths::assign_paths;
pub use provenance::{Links, PROVENANCE, Provenance};
pub use reason::DropReason;
pub use server::most_frequent_server;
pub use shape::{InvalidPart, Reduction, check_document, check_schema, reduce_document};

/// The extension that names what was assumed where a source is silent.
pub const ASSUMED: &str = "x-gallery-assumed";

/// The extension that is `true` if a GET or HEAD changes something on the server.
pub const SIDE_EFFECTS: &str = "x-gallery-side-effects";

/// The extension of an array in the query that is sent with one key per item. Its value is the
/// pattern of the keys, such as `Filter.{n}` for `Filter.1=a&Filter.2=b`.
pub const NUMBERED_KEYS: &str = "x-gallery-numbered-keys";

/// The extension `x-gallery-allow-slashes: true` of a path parameter whose slashes are sent
/// unencoded, such as a resource name.
pub const ALLOW_SLASHES: &str = "x-gallery-allow-slashes";

/// An OpenAPI document before its endpoints have names, and an account of its sources.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The document without its paths: information, servers, components.
    pub document: OpenAPI,
    /// The endpoints, sorted by key. No two have the same path and method.
    pub endpoints: Vec<DraftEndpoint>,
    /// Where the document comes from.
    pub provenance: Provenance,
    /// Everything that was read.
    pub account: Account,
    /// The names of the components. Empty if they come from one document, which names them.
    pub component_names: ComponentNames,
}

/// The components that names stand for: `FILE#POINTER` by name. The names of components other than
/// schemas have their section before them, as in `responses/NotFound`.
pub type ComponentNames = BTreeMap<String, String>;

impl Draft {
    /// Returns the document's server: that of every endpoint which does not name another one.
    pub fn server(&self) -> Option<&Server> {
        self.document.servers.first()
    }

    /// Returns the document with its paths. `id` returns the `operationId` of an endpoint.
    pub fn assemble<'a>(&self, id: impl Fn(&EndpointKey) -> Option<&'a str>) -> OpenAPI {
        let mut document = self.document.clone();
        for endpoint in &self.endpoints {
            let item = document
                .paths
                .paths
                .entry(endpoint.path.clone())
                .or_insert_with(|| ReferenceOr::Item(PathItem::default()));
            let ReferenceOr::Item(item) = item else {
                continue;
            };
            let mut operation = endpoint.operation.clone();
            operation.operation_id = id(&endpoint.key).map(str::to_owned);
            if self
                .server()
                .is_none_or(|server| server.url != endpoint.server.url)
            {
                operation.servers = vec![endpoint.server.clone()];
            }
            *endpoint.key.method.slot(item) = Some(operation);
        }
        document
    }
}
