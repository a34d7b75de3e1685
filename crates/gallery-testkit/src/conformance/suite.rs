//! The tests of a client.

use gallery_runtime::ClientBuilder;

use crate::conformance::adapter::Adapter;
use crate::conformance::schema_types::Schema;

/// The input of a run. `C` is the client.
#[derive(Debug)]
pub struct Suite<C> {
    /// The OpenAPI document.
    pub document: &'static str,
    /// The files of the client's generated code.
    pub sources: &'static [&'static str],
    /// Creates a builder for a client. The checks disable retries, since they count requests.
    pub builder: fn(&str) -> ClientBuilder<C>,
    /// The adapters of the operations.
    pub adapters: Vec<Adapter<C>>,
    /// The types of the schemas.
    pub schemas: Vec<Schema>,
    /// The cargo features of tags that are off. If there are any, operations without an adapter are
    /// not checked, and neither are the lists of methods and schemas.
    pub disabled_features: Vec<&'static str>,
    /// The content of `expected-failures.toml`: a table `[[failure]]` with `endpoint`, `check` and
    /// `reason` for each expected failure. A listed check that passes is a failure.
    pub expected_failures: &'static str,
}
