//! What a client generated from an api.gallery listing calls at run time.
//!
//! A generated client is the code that progenitor writes, with its calls led here. This crate decides what an answer is
//! ([`ResponseValue`], [`Untyped`]), what an error keeps ([`Error`]), how arguments go over the wire and which are refused before
//! anything is sent ([`Call`], [`Style`], [`Multipart`]), and what stands between a request and the network ([`Transport`],
//! [`Hook`]).

mod answer;
mod call;
mod error;
mod multipart;
mod style;
mod transport;

pub use answer::{ResponseValue, Untyped};
pub use bytes::Bytes;
pub use call::{Call, Field};
pub use error::{BodyError, Error, Failure};
pub use multipart::Multipart;
pub use reqwest;
pub use style::{InvalidArgument, Style};
pub use transport::{BuildError, Hook, Next, OperationInfo, Transport, TransportError};
