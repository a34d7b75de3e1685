//! Tests clients of HTTP APIs that have an OpenAPI 3.0 document.
//!
//! [`MockServer`] is an HTTP server on a loopback port. It validates requests against the document,
//! records them, and returns documented samples or the responses that a test chooses. Responses can
//! also misbehave: hang, break off, or not be HTTP at all.
//!
//! [`mock`] adds expected calls, and reports a diff of expected and received calls.
//!
//! The module `conformance` checks a client against its document and the requests on the wire. It
//! needs the feature `conformance`.

// docs.rs shows the features of items.
#![cfg_attr(docsrs, feature(doc_cfg))]
// In WebAssembly, nothing can listen on a port. The rest is the worker of the checks.
#![cfg_attr(
    target_arch = "wasm32",
    allow(dead_code, unused_imports, reason = "only servers and checks use it")
)]

#[cfg(feature = "conformance")]
pub mod conformance;
mod document;
#[cfg(not(target_arch = "wasm32"))]
pub mod mock;
mod pattern;
mod pointer;
mod request;
mod sample;
mod schema;
#[cfg(not(target_arch = "wasm32"))]
mod server;
mod strict;
mod style;
mod violation;

pub use document::{
    Body, Constant, CursorPlace, Document, DocumentError, Endpoint, Location, MediaType, OwnServer,
    Paging, PagingSize, PagingStep, Parameter, Response, SecurityScheme,
};
pub use request::{Part, RecordedRequest};
pub use sample::Samples;
#[cfg(not(target_arch = "wasm32"))]
pub use server::{
    DocumentedReplyError, Gate, InvalidUpstream, MockServer, PagesError, Recorder, Recording,
    Reply, ServerSentEvent, StartError, TokenEndpoint,
};
pub use style::Style;
pub use violation::Violation;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
