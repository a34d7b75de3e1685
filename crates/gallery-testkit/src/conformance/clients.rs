//! Type-erased clients.

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;

use gallery_runtime::{ClientBuilder, Transport};

use crate::conformance::adapter::{Adapter, Arguments, Way};
use crate::conformance::argument_error::ArgumentError;
use crate::conformance::middleware::RequestCapture;
use crate::conformance::outcome::Outcome;
use crate::conformance::settings::{Servers, Settings};

/// A call of a type-erased client.
pub(super) type PendingCall = Pin<Box<dyn Future<Output = Result<Outcome, CallError>> + Send>>;

/// The reason why a call has no outcome.
#[derive(Debug)]
pub(super) enum CallError {
    /// The client's types do not allow the arguments.
    Arguments(ArgumentError),
    /// The process that has the client failed.
    Process(String),
}

impl std::fmt::Display for CallError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CallError::Arguments(error) => write!(f, "{error}"),
            CallError::Process(error) => f.write_str(error),
        }
    }
}

/// Calls an operation by its id. `None` if it has no adapter.
pub(super) type Caller = Box<dyn Fn(Way, &str, Arguments) -> Option<PendingCall> + Send + Sync>;

/// A type-erased client.
pub(super) struct Client {
    pub(super) call: Caller,
    /// The `Debug` output of the client.
    pub(super) shown: String,
}

impl Client {
    pub(super) fn call(&self, id: &str, arguments: Arguments) -> Result<PendingCall, String> {
        self.call_by(Way::Send, id, arguments)
    }

    pub(super) fn call_by(
        &self,
        way: Way,
        id: &str,
        arguments: Arguments,
    ) -> Result<PendingCall, String> {
        let called = (self.call)(way, id, arguments);
        called.ok_or_else(|| match way {
            Way::Send => "the operation has no adapter".to_owned(),
            Way::Pages => "the operation has no adapter for its pages".to_owned(),
            Way::Download => "the operation has no adapter for downloads".to_owned(),
            Way::Events => "the operation has no adapter for events".to_owned(),
        })
    }
}

/// Creates a client.
pub(super) type CreateClient =
    dyn Fn(&Settings, &Servers, &RequestCapture) -> Result<Client, String> + Send + Sync;

/// Returns a function that creates clients in this process.
pub(super) fn local<C: From<Transport> + Clone + Debug + Send + Sync + 'static>(
    builder: fn(&str) -> ClientBuilder<C>,
    adapters: Vec<Adapter<C>>,
) -> Box<CreateClient> {
    let adapters = Arc::new(adapters);
    Box::new(move |settings, servers, capture| {
        let client: C = settings
            .builder(builder, servers, capture)?
            .build()
            .map_err(|error| format!("cannot build the client: {error}"))?;
        let shown = format!("{client:?}");
        let adapters = Arc::clone(&adapters);
        let call = move |way: Way, id: &str, arguments: Arguments| -> Option<PendingCall> {
            let adapter = adapters.iter().find(|adapter| adapter.id() == id)?;
            let called = adapter.call(way, client.clone(), arguments)?;
            Some(Box::pin(async {
                called.await.map_err(CallError::Arguments)
            }))
        };
        Ok(Client {
            call: Box::new(call),
            shown,
        })
    })
}
