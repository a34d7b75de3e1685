//! Checks a client against its document and the requests on the wire.
//!
//! The tests of a client provide a [`Suite`]: the document, the client's source for its public
//! names, and an [`Adapter`] per operation that turns JSON arguments into a call. Each check is a
//! row of [`CHECKS`] and a function. It runs for every operation to which it applies, as the test
//! `operation::check`. With `--coverage` a run also prints which parts of the document were
//! reached.

mod adapter;
mod argument_error;
#[cfg(not(target_arch = "wasm32"))]
mod checks;
mod clients;
mod distinct;
mod messages;
mod middleware;
mod multipart;
mod outcome;
mod platform;
mod schema_types;
mod secret;
mod settings;
mod streamed;
mod suite;
#[cfg(target_arch = "wasm32")]
mod worker;

pub use adapter::{Adapter, Arguments};
pub use argument_error::ArgumentError;
#[cfg(not(target_arch = "wasm32"))]
pub use checks::{
    CHECKS, CLIENT_CHECKS, Check, CheckResult, FETCH_LIMITS, FetchLimit, main, run_checks, trials,
};
pub use outcome::{Content, FailureKind, KeyedContent, Outcome};
pub use schema_types::Schema;
pub use suite::Suite;
#[cfg(target_arch = "wasm32")]
pub use worker::main;
