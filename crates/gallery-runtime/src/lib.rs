//! What a client generated from an api.gallery listing calls at run time.
//!
//! A generated client is the code that progenitor writes, with its calls led here. This crate decides what an answer is
//! ([`ResponseValue`], [`Untyped`]), what an error keeps ([`Error`]), how arguments go over the wire and which are refused before
//! anything is sent ([`Call`], [`Style`], [`Multipart`]), and how a request gets to the network and back ([`Transport`]): as the
//! settings of a client say ([`Builder`], [`CallOptions`], [`Retries`]), with the caller's credentials ([`Token`], [`TokenProvider`],
//! [`Scheme`]) and through the caller's code ([`Hook`]). [`Pages`] is a list that comes in pages, as a stream.
//!
//! With the feature `tracing` each call is a span `call`, named after the operation in `otel.name`, with `http.request.method`,
//! `url.template`, `http.response.status_code`, `attempts` and `error.type`. No argument, URL or header is in it.

mod answer;
mod auth;
mod builder;
mod call;
mod error;
mod hook;
mod multipart;
mod options;
mod pages;
mod redirect;
mod retry;
mod style;
mod trace;
mod transport;

pub use answer::{Answer, ResponseValue, Untyped};
pub use auth::{Scheme, Token, TokenProvider};
pub use builder::{BuildError, Builder};
pub use bytes::Bytes;
pub use call::{Call, Field};
pub use error::{BodyError, BoxError, Error, ErrorKind, Failure};
pub use futures_core::Stream;
pub use hook::{Hook, Next, OperationInfo};
pub use multipart::Multipart;
pub use options::CallOptions;
pub use pages::{Pages, Paging, pages};
pub use redirect::RedirectRefusal;
pub use reqwest;
pub use retry::Retries;
pub use style::{InvalidArgument, Style};
pub use transport::{Transport, TransportError};
