//! For testing clients of HTTP APIs that have an OpenAPI document: a stand-in server, and a conformance judge.
//!
//! [`MockServer`] is a real server on a loopback port, built from a document: it answers the document's operations, records what it is
//! sent, and can be told what to answer, and how badly. Tests of a program that uses a generated client start one and point the client at it.
//!
//! [`mock`] is a stand-in that expects calls, and says how those that came differ.
//!
//! [`conformance`] judges a client by its document and by what goes over the wire, never by the client's own code. It is there with the
//! feature `conformance`, so that who wants a stand-in alone does not compile what the judge is built on.

#[cfg(feature = "conformance")]
pub mod conformance;
mod document;
pub mod mock;
mod request;
mod sample;
mod schema;
mod server;
mod strict;
mod style;

pub use document::{
    Body, Constant, Document, DocumentError, Endpoint, Location, MediaType, OwnServer, Paging,
    Parameter, Response, SecurityScheme,
};
pub use request::{Part, RecordedRequest};
pub use server::{DocumentedReplyError, Gate, MockServer, Reply, StartError};
pub use strict::Violation;
pub use style::Style;
