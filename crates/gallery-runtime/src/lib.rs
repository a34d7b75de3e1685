//! What a client generated from an api.gallery listing calls at run time.
//!
//! A generated client is the code that progenitor writes, with its calls led here. This crate decides what an answer is
//! ([`ResponseValue`], [`Untyped`]), what an error keeps ([`Error`]), how arguments go over the wire and which are refused before
//! anything is sent ([`RequestBuilder`], [`Style`], [`Multipart`]), and how a request gets to the network and back ([`Transport`]): as the
//! settings of a client say ([`ClientBuilder`], [`CallOptions`], [`RetryPolicy`]), with the caller's credentials ([`Token`], [`TokenProvider`],
//! [`AuthScheme`]) and through the caller's code ([`Middleware`]). [`PaginationStream`] is a list that comes in pages, as a stream.
//!
//! With the feature `tracing` each call is a span `call`, named after the operation in `otel.name`, with `http.request.method`,
//! `url.template`, `http.response.status_code`, `attempts` and `error.type`. No argument, URL or header is in it.

mod auth;
mod builder;
mod error;
mod middleware;
mod multipart;
mod options;
mod pagination;
mod redirect;
mod request;
mod response;
mod retry;
mod style;
mod trace;
mod transport;

pub use auth::{AuthScheme, Token, TokenProvider};
pub use builder::{BuildError, ClientBuilder};
pub use bytes::Bytes;
pub use error::{BodyError, BoxError, Error, ErrorKind, ResponseSummary};
pub use futures_core::Stream;
pub use middleware::{Middleware, Next, OperationInfo};
pub use multipart::Multipart;
pub use options::CallOptions;
pub use pagination::{Pagination, PaginationStream, paginate};
pub use redirect::RedirectError;
pub use request::{FieldStyle, RequestBuilder};
pub use reqwest;
pub use response::{Response, ResponseValue, Untyped};
pub use retry::RetryPolicy;
pub use style::{InvalidArgument, Style};
pub use transport::{Transport, TransportError};
