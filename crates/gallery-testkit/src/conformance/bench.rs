//! One operation on the bench: calls it against a server that answers as told, and says what was sent and what came of it.

use std::sync::Arc;
use std::time::Duration;

use gallery_runtime::BuildError;
use serde_json::Value;

use crate::conformance::adapter::{Adapter, Arguments, Called, Outcome};
use crate::document::{Document, Endpoint, Location, Parameter};
use crate::request::Recorded;
use crate::sample;
use crate::server::{Reply, StandIn};

/// A call that takes longer than this on loopback hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// Calls the operation at a base URL.
type Caller = Box<dyn Fn(Arguments) -> Called>;

/// Makes a client of the API at a base URL.
type Connect = Box<dyn Fn(&str) -> Result<Caller, String>>;

pub(super) struct Bench {
    pub(super) document: Arc<Document>,
    pub(super) endpoint: Endpoint,
    server: StandIn,
    runtime: tokio::runtime::Runtime,
    connect: Connect,
    caller: Caller,
}

/// What a call sent and what came of it.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) requests: Vec<Recorded>,
    pub(super) outcome: Outcome,
}

impl Bench {
    pub(super) fn new<C: Clone + Send + Sync + 'static>(
        document: Arc<Document>,
        endpoint: Endpoint,
        connect: fn(&str) -> Result<C, BuildError>,
        adapter: Adapter<C>,
    ) -> Result<Bench, String> {
        let server = StandIn::of(document.as_ref().clone()).map_err(|error| error.to_string())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
        let connect: Connect = Box::new(move |base_url| {
            let client = connect(base_url).map_err(|error| format!("no client can be made: {error}"))?;
            let adapter = adapter.clone();
            Ok(Box::new(move |arguments| adapter.call(client.clone(), arguments)))
        });
        let caller = connect(&server.base_url())?;
        Ok(Bench { document, endpoint, server, runtime, connect, caller })
    }

    /// Arguments for a call: every required one, and of the others those that `optional` wants.
    pub(super) fn arguments(&self, optional: impl Fn(&Parameter) -> bool) -> Arguments {
        let mut arguments = Arguments::default();
        for (number, parameter) in (1..).zip(&self.endpoint.parameters) {
            if parameter.required || optional(parameter) {
                let value = sample::argument(&parameter.schema, &parameter.name, number);
                arguments = arguments.with(parameter.location, &parameter.name, value);
            }
        }
        let body = self.endpoint.body.as_ref().filter(|body| body.required);
        arguments.with_body(body.map(|body| sample::value(&self.document, &body.schema, 2)))
    }

    /// Every required argument.
    pub(super) fn required(&self) -> Arguments {
        self.arguments(|_| false)
    }

    /// Calls the operation with a server that answers the documented success.
    pub(super) fn call(&self, arguments: &Arguments) -> Result<Call, String> {
        self.call_with(arguments, self.success())
    }

    /// Calls the operation with a server that answers `reply`.
    pub(super) fn call_with(&self, arguments: &Arguments, reply: Reply) -> Result<Call, String> {
        self.run(&self.caller, arguments, reply)
    }

    /// Calls the operation over a client whose base URL has `end` behind it.
    pub(super) fn call_at(&self, end: &str, arguments: &Arguments) -> Result<Call, String> {
        let caller = (self.connect)(&format!("{}{end}", self.server.base_url()))?;
        self.run(&caller, arguments, self.success())
    }

    fn run(&self, caller: &Caller, arguments: &Arguments, reply: Reply) -> Result<Call, String> {
        self.server.answer_always(reply);
        self.server.forget_requests();
        let called = self.runtime.block_on(async { tokio::time::timeout(PATIENCE, caller(arguments.clone())).await });
        let outcome =
            called.map_err(|_| format!("the call did not end within {PATIENCE:?}"))?.map_err(|error| error.to_string())?;
        Ok(Call { requests: self.server.requests(), outcome })
    }

    /// A success that the client must be able to read.
    pub(super) fn success(&self) -> Reply {
        match self.endpoint.success_schema() {
            Some(schema) => Reply::json(self.success_status(), &sample::value(&self.document, schema, 1)),
            None => Reply::json(self.success_status(), &serde_json::json!({})),
        }
    }

    /// The first success that the document has.
    pub(super) fn success_status(&self) -> u16 {
        let statuses = self.endpoint.responses.iter().filter_map(|response| response.status.parse().ok());
        statuses.into_iter().find(|status| (200..300).contains(status)).unwrap_or(200)
    }

    /// The one request of a call, with the document's method, path and query for these arguments.
    pub(super) fn sent<'a>(&self, call: &'a Call, arguments: &Arguments) -> Result<&'a Recorded, String> {
        let [request] = call.requests.as_slice() else {
            return Err(format!("{} requests arrived instead of one; the client said {:?}", call.requests.len(), call.outcome));
        };
        if request.method != self.endpoint.method {
            return Err(format!("the method is {}, not {}", request.method, self.endpoint.method));
        }
        let (segments, expected) = (request.segments(&self.document.base_path), self.segments(arguments));
        if segments.as_ref() != Some(&expected) {
            let base_path = &self.document.base_path;
            return Err(format!(
                "the path is {:?}, whose segments behind `{base_path}` are {segments:?}, not {expected:?}",
                request.path
            ));
        }
        let (mut pairs, mut declared) = (request.query_pairs(), self.query(arguments));
        pairs.sort();
        declared.sort();
        if pairs != declared {
            return Err(format!("the query is {pairs:?}, not {declared:?}"));
        }
        Ok(request)
    }

    /// The decoded segments that a path must have.
    fn segments(&self, arguments: &Arguments) -> Vec<String> {
        let fill = |segment: &str| {
            let mut filled = String::new();
            let mut rest = segment;
            while let Some((before, after)) = rest.split_once('{') {
                let (name, after) = after.split_once('}').unwrap_or((after, ""));
                filled.push_str(before);
                filled.push_str(&arguments.given(Location::Path, name).map(plain).unwrap_or_default());
                rest = after;
            }
            filled + rest
        };
        self.endpoint.path.trim_start_matches('/').split('/').map(fill).collect()
    }

    fn query(&self, arguments: &Arguments) -> Vec<(String, String)> {
        let given = |parameter: &Parameter| {
            let value = arguments.given(Location::Query, &parameter.name)?;
            Some((parameter.name.clone(), plain(value)))
        };
        self.endpoint.of(Location::Query).filter_map(given).collect()
    }
}

/// A scalar as it goes over the wire.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
