//! The runtime of clients generated from OpenAPI documents by `gallery-codegen`.
//!
//! Generated clients call this crate instead of `progenitor_client`. Its main types are:
//!
//! - [`ClientBuilder`], [`CallOptions`] and [`RetryPolicy`]: settings of a client or of single
//!   calls.
//! - [`ResponseValue`] and [`Untyped`]: responses, with status and headers.
//! - [`Error`], [`ErrorKind`] and [`ResponseSummary`]: errors from API calls.
//! - [`RateLimit`]: the rate limit that a response reports.
//! - [`Token`], [`TokenProvider`] and [`AuthScheme`]: credentials.
//! - [`Signer`]: user code that signs requests.
//! - [`HttpClient`]: other HTTP clients than reqwest's.
//! - [`Connection`]: proxies, certificates and the use of connections.
//! - [`Middleware`]: user code that wraps each attempt of a call.
//! - [`formats`]: strings and numbers with a format, such as dates.
//! - [`PaginationStream`] and [`PageStream`]: the items and the pages of a paginated list, as
//!   streams.
//! - [`EventStream`]: events that a server sends one after another.
//! - [`Download`] and [`Upload`]: bodies that are read while they are received or sent.
//!
//! Generated code describes each operation as an `Operation` and makes a `Call` of it.
//! [`Transport`], [`RequestBuilder`] and [`Response`] are for code that makes its own requests.
//!
//! # Request pipeline
//!
//! A call runs within its timeout. Each attempt passes through the middleware, then through the
//! network layer, which follows redirects and adds credentials. Middleware therefore sees every
//! attempt but no credentials.
//!
//! # Features
//!
//! - `rustls` (default) or `native-tls`: the TLS implementation of reqwest. With both, requests use
//!   `native-tls`.
//! - `http2`: HTTP/2, where the server offers it.
//! - `gzip`, `brotli`, `zstd`: requests and reads compressed responses. Limits are for the bytes
//!   after decompression.
//! - `blocking`: calls without async code.
//! - `tracing`: records each call as a span named `call`, with the fields that OpenTelemetry
//!   defines for HTTP clients: `otel.name` (method and path template), `http.request.method`,
//!   `url.template`, `server.address`, `server.port`, `http.response.status_code`,
//!   `http.request.resend_count` and `error.type`. The field `operation` is the operation ID. Spans
//!   contain no arguments, paths or headers.
//! - `oauth2`: the module `oauth2`, whose token providers get and renew tokens with OAuth 2.
//! - `tower`: tower services as HTTP clients.
//! - `jiff`, `chrono`, `uuid`: conversions of [`formats`] from and to the types of these crates.
//!
//! # WebAssembly
//!
//! For the target `wasm32-unknown-unknown`, requests are sent with `fetch`, in browsers and in
//! JavaScript runtimes such as Node.js. Timeouts, retries, rate limits and limits of bodies work as
//! on other targets. These differences remain:
//!
//! - **Redirects.** JavaScript runtimes such as Node.js follow redirects as other targets do.
//!   Browsers do not reveal where a redirect leads, and would send API keys to any host if they
//!   followed it. There, every redirect is an [`Error::Redirect`].
//! - **Headers.** Browsers do not send some headers, such as `Cookie` and `Host`. A call that has
//!   one fails before it is sent. Chrome replaces `User-Agent`; other browsers send it, and then a
//!   server of another origin must allow it (see [`ClientBuilder::without_user_agent`]). Browsers
//!   hide headers of responses that a server of another origin does not expose.
//! - **Connections.** [`Connection`] has no settings, and `connect_timeout` does not exist. In
//!   browsers, all failed connections are [`ErrorKind::ConnectionLost`], because browsers do not
//!   report whether the request was sent. So a request that is not idempotent is not retried after
//!   one.
//! - **Uploads.** A stream is read into memory before it is sent, and the progress is that of
//!   reading. A file on disk ends the call with [`Error::Upload`].
//! - **Downloads.** [`Download::size`] is unknown, because `fetch` decompresses bodies.
//! - **Features.** `blocking` does not compile. TLS, HTTP/2 and compression are those of `fetch`,
//!   whatever the features are.
//! - **Types.** The module [`reqwest`] has its own `Client`, `Response` and `Error`. They are
//!   `Send`, but responses belong to one thread and panic in another one. Settings of `fetch` that
//!   `RequestBuilder` of reqwest has, such as a cache mode, are ignored.

// docs.rs shows the features of items.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod api_message;
mod arguments;
mod auth;
mod base_url;
#[cfg(feature = "blocking")]
pub mod blocking;
mod body;
mod body_part;
mod builder;
mod byte_range;
mod call;
mod client_error;
#[doc(hidden)]
pub mod closest;
mod deadline;
mod decode;
mod description;
mod download;
mod encoded_body;
mod error;
mod events;
mod failed_call;
mod file;
pub mod formats;
mod header_time;
mod http_client;
mod json;
mod middleware;
mod multipart;
mod network;
#[cfg(feature = "oauth2")]
pub mod oauth2;
#[doc(hidden)]
pub mod object;
mod operation;
mod options;
mod outcome;
mod pagination;
mod platform;
mod rate_limit;
mod redirect;
mod request;
mod response;
mod response_enum;
mod retry;
mod scalar;
mod secrets;
mod servers;
mod signer;
mod string_enum;
mod style;
mod tagged_union;
mod text;
#[cfg(feature = "tower")]
pub mod tower;
mod trace;
mod transport;
mod transport_error;
mod upload;
mod value;

pub use auth::{Token, TokenProvider};
#[doc(hidden)]
pub use body::{Body, FromBody};
pub use builder::{BuildError, ClientBuilder};
pub use byte_range::ByteRange;
pub use bytes::Bytes;
#[doc(hidden)]
pub use call::Call;
#[doc(hidden)]
pub use description::{FieldStyle, Operation, Parameter, Statuses};
pub use download::Download;
pub use error::{Error, ErrorKind};
pub use events::{Event, EventStream};
pub use failed_call::FailedCall;
pub use futures_core::Stream;
/// Implements `Serialize` and `Deserialize` of serde for a struct whose values are JSON objects.
///
/// It is an alternative to serde's derive macros that compiles in less time. The struct has named
/// fields and no generic parameters. Each field is a property of the same name. A property without
/// a field is ignored. A property that occurs twice is an error, and so is an array.
///
/// A field whose type is written as `Option<…>` is optional: `None` is not written, and an absent
/// property and null are read as `None`. Any other field is required. `#[object(…)]` changes this:
///
/// - `name = "…"`: the name of the property.
/// - `required`: an `Option` whose `None` is null. The property must be present.
/// - `nullable`: an `Option` whose `None` is an absent property. Null is read as a value of the
///   inner type, which is another `Option` or a JSON value.
/// - `default`: an absent property is the default of the type.
/// - `other`: a map with all properties that no other field has.
/// - `skip`: the field is not a property. Reading sets it to its default.
///
/// With `#[object(setters)]`, the struct has a function `with_NAME` for each field that is an
/// `Option`. It sets the field and returns the struct.
///
/// ```
/// use std::collections::HashMap;
///
/// #[derive(Debug, Default, PartialEq, gallery_runtime::Object)]
/// #[object(setters)]
/// struct Pet {
///     id: i64,
///     #[object(name = "petName")]
///     name: Option<String>,
///     #[object(nullable)]
///     owner: Option<Option<String>>,
///     #[object(other)]
///     further: HashMap<String, serde_json::Value>,
/// }
///
/// let pet: Pet = serde_json::from_str(r#"{"id": 7, "petName": null, "owner": null}"#).unwrap();
/// assert_eq!((pet.id, &pet.name, &pet.owner), (7, &None, &Some(None)));
/// assert_eq!(serde_json::to_string(&pet).unwrap(), r#"{"id":7,"owner":null}"#);
/// assert_eq!(Pet::default().with_name("Rex").name, Some("Rex".to_owned()));
/// ```
pub use gallery_derive::Object;
/// Implements `Deserialize` of serde for an enum whose variants read each other's values, such as
/// objects without required properties.
///
/// Each variant has one field. A value is read as the variant that loses the fewest of its
/// properties, and as the first of several such variants. Null counts as absent. A variant with
/// `#[serde(skip)]` is not read.
///
/// ```
/// #[derive(Debug, PartialEq, gallery_runtime::Object)]
/// struct Circle {
///     color: Option<String>,
///     radius: Option<i64>,
/// }
///
/// #[derive(Debug, PartialEq, gallery_runtime::Object)]
/// struct Square {
///     color: Option<String>,
///     side: Option<i64>,
/// }
///
/// #[derive(Debug, PartialEq, gallery_runtime::ReadClosest, serde::Serialize)]
/// #[serde(untagged)]
/// enum Shape {
///     Circle(Circle),
///     Square(Square),
/// }
///
/// let shape: Shape = serde_json::from_str(r#"{"color": "red", "side": 3}"#).unwrap();
/// assert!(matches!(shape, Shape::Square(Square { side: Some(3), .. })));
/// ```
pub use gallery_derive::ReadClosest;
pub use http_client::HttpClient;
pub use middleware::{Middleware, Next};
pub use multipart::Multipart;
pub use operation::{AuthScheme, OperationInfo, Route};
pub use options::CallOptions;
#[doc(hidden)]
pub use pagination::Pagination;
pub use pagination::{PageStream, PaginationError, PaginationStream};
pub use platform::{Connection, reqwest};
pub use rate_limit::RateLimit;
pub use redirect::RedirectError;
pub use request::RequestBuilder;
pub use response::{BodyError, Response, ResponseSummary};
pub use retry::RetryPolicy;
#[doc(hidden)]
pub use serde;
pub use signer::Signer;
#[doc(hidden)]
pub use std::future::Future;
#[doc(hidden)]
pub use string_enum::from_string;
pub use style::{InvalidArgument, Style};
#[doc(hidden)]
pub use tagged_union::{read_alternative, read_tagged, write_with_tag};
pub use text::{OptionalText, Text};
pub use transport::Transport;
pub use transport_error::{BoxError, TransportError};
pub use upload::{Progress, Upload};
pub use value::{ResponseValue, Untyped};
