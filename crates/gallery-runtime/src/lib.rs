//! What a client generated from an api.gallery listing calls at run time.
//!
//! A generated client is the code that progenitor writes, with its calls led here. This crate decides what an answer is
//! ([`ResponseValue`], [`Untyped`]), what an error keeps ([`Error`]), which arguments are refused before anything is sent
//! ([`encode_path`]), and what stands between a request and the network ([`Transport`], [`Hook`]).

mod answer;
mod error;
mod path;
mod query;
mod transport;

pub use answer::{ResponseValue, Untyped};
pub use bytes::Bytes;
pub use error::{BodyError, Error, Failure};
pub use path::{InvalidPathArgument, encode_path};
pub use query::QueryParam;
pub use reqwest;
pub use transport::{BuildError, Hook, Next, OperationInfo, RequestBuilderExt, Transport, TransportError};
