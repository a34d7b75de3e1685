//! One operation on the context: calls it against a server that answers as told, and says what was sent and what came of it.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::conformance::adapter::{Arguments, Outcome};
use crate::conformance::coverage::Coverage;
use crate::conformance::surface::Surface;
use crate::conformance::test_servers::{Client, Settings, TestServerPool, TestServers, own_path};
use crate::conformance::variants::{self, Variant};
use crate::document::{Body, Document, Endpoint, FORM, MULTIPART, Parameter, essence, is_json};
use crate::request::RecordedRequest;
use crate::sample;
use crate::schema::Direction;
use crate::server::Reply;

/// A call that takes longer than this on loopback hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// What all checks of a suite have in common.
pub(super) struct Common {
    pub(super) document: Arc<Document>,
    pub(super) surface: Result<Surface, String>,
    pub(super) server_pool: TestServerPool,
    pub(super) coverage: Coverage,
}

/// One operation and one check of it.
pub(super) struct CheckContext<'a> {
    pub(super) document: &'a Document,
    pub(super) endpoint: &'a Endpoint,
    pub(super) servers: &'a TestServers,
    common: &'a Common,
    check: &'static str,
    client: Arc<Client>,
}

/// What a call sent and what came of it.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) requests: Vec<RecordedRequest>,
    pub(super) outcome: Outcome,
}

impl<'a> CheckContext<'a> {
    pub(super) fn new(
        common: &'a Common,
        endpoint: &'a Endpoint,
        check: &'static str,
        servers: &'a TestServers,
    ) -> Result<Self, String> {
        let client = servers.client(&Settings::default())?;
        Ok(CheckContext {
            document: &common.document,
            endpoint,
            servers,
            common,
            check,
            client,
        })
    }

    pub(super) fn surface(&self) -> Result<&Surface, String> {
        self.common.surface.as_ref().map_err(Clone::clone)
    }

    /// The path that this operation's server has on the stand-in.
    pub(super) fn base_path(&self) -> String {
        self.endpoint
            .server
            .as_ref()
            .map_or_else(|| self.document.base_path.clone(), |own| own_path(&own.url))
    }

    /// Arguments for a call: every required one, and of the others those that `optional` wants.
    pub(super) fn arguments(&self, optional: impl Fn(&Parameter) -> bool) -> Arguments {
        let mut arguments = Arguments::default();
        for (number, parameter) in (1..).zip(&self.endpoint.parameters) {
            if parameter.required || optional(parameter) {
                let value =
                    sample::argument(self.document, &parameter.schema, &parameter.name, number);
                arguments = arguments.with(parameter.location, &parameter.name, value);
            }
        }
        let body = self.endpoint.body.as_ref().filter(|body| body.required);
        arguments.with_body(body.and_then(|body| self.body(body)))
    }

    /// Every required argument.
    pub(super) fn required(&self) -> Arguments {
        self.arguments(|_| false)
    }

    /// Every argument, the body included.
    pub(super) fn all(&self) -> Arguments {
        let body = self.endpoint.body.as_ref().and_then(|body| self.body(body));
        self.arguments(|_| true).with_body(body)
    }

    /// One body that the document allows, with something in it.
    fn body(&self, body: &Body) -> Option<Value> {
        self.untyped_bodies(body).map_or_else(
            || Some(sample::value(self.document, &body.schema, 1)),
            |bodies| bodies.into_iter().next_back().map(|body| body.value),
        )
    }

    /// Bodies that the document allows, at their edges.
    pub(super) fn bodies(&self, body: &Body) -> Vec<Variant> {
        self.untyped_bodies(body).unwrap_or_else(|| {
            let mut bodies = variants::variants(self.document, &body.schema, &[Direction::Request]);
            bodies.extend(variants::long(
                self.document,
                &body.schema,
                &[Direction::Request],
            ));
            bodies
        })
    }

    /// Bodies where the document has no schema for them.
    fn untyped_bodies(&self, body: &Body) -> Option<Vec<Variant>> {
        let kind = essence(&body.media_type);
        let resolved = self.document.resolve(&body.schema);
        let open = resolved
            .as_object()
            .is_some_and(|keys| keys.keys().all(|key| key.starts_with("x-")));
        let bodies = if kind == MULTIPART {
            let file = json!({"name": "a \"b\".png", "type": "image/png", "content": "--\r\nü"});
            vec![
                json!({}),
                json!({"file": file, "te\"xt": "ü & \u{1F600}\r\n"}),
            ]
        } else if !is_json(&kind) && kind != FORM {
            vec![json!(""), json!("x".repeat(100_000)), json!("<ü>\r\n\u{0}")]
        } else if open && kind == FORM {
            vec![
                json!({}),
                json!({"a b": "x&y=ü+%", "list": ["1", ",2"], "number": 1.5, "object": {"k": [true]}}),
            ]
        } else if open {
            let many = |count: i32| {
                (0..count)
                    .map(|number| json!(format!("id-{number}")))
                    .collect::<Vec<_>>()
            };
            vec![
                json!([]),
                json!({}),
                json!(null),
                json!(""),
                json!(false),
                json!(0),
                json!("ü\u{1F600}\n\"\\"),
                json!(9_007_199_254_740_993_i64),
                json!({"a": {"b": [1, null], "": "empty name"}}),
                json!(many(1)),
                json!(many(10_000)),
                json!(many(1000)),
            ]
        } else {
            return None;
        };
        Some(
            bodies
                .into_iter()
                .map(|value| Variant::new("a body without a schema", value))
                .collect(),
        )
    }

    /// Calls the operation with a server that answers the documented success.
    pub(super) fn call(&self, arguments: &Arguments) -> Result<Call, String> {
        self.call_with(arguments, self.success())
    }

    /// Calls the operation with a server that answers `reply`.
    pub(super) fn call_with(&self, arguments: &Arguments, reply: Reply) -> Result<Call, String> {
        self.call_of(&self.client, arguments, reply)
    }

    /// Calls the operation with its required arguments and a server that answers `reply`, which must take one request.
    pub(super) fn answered(&self, reply: Reply) -> Result<Outcome, String> {
        let arguments = self.required();
        let call = self.call_with(&arguments, reply)?;
        self.sent(&call, &arguments)?;
        Ok(call.outcome)
    }

    /// Calls the operation over a client.
    pub(super) fn call_of(
        &self,
        client: &Client,
        arguments: &Arguments,
        reply: Reply,
    ) -> Result<Call, String> {
        let status = reply.status();
        self.servers.server.respond_always(reply);
        let call = self.call_server(client, arguments)?;
        if !call.requests.is_empty() {
            self.common
                .coverage
                .answered(self.endpoint, self.check, status);
        }
        Ok(call)
    }

    /// Calls the operation over a client; the server has been told what to answer.
    pub(super) fn call_server(
        &self,
        client: &Client,
        arguments: &Arguments,
    ) -> Result<Call, String> {
        self.servers.server.forget_requests();
        let outcome = self
            .servers
            .outcome(client.call(&self.endpoint.id, arguments.clone())?, PATIENCE)?;
        let requests = self.servers.server.requests();
        if !requests.is_empty() {
            self.common
                .coverage
                .sent(self.endpoint, self.check, arguments);
        }
        Ok(Call { requests, outcome })
    }

    /// Calls the operation over a client that waits so long for an answer.
    pub(super) fn call_with_timeout(
        &self,
        timeout: Duration,
        reply: Reply,
    ) -> Result<Outcome, String> {
        let client = self.client(&Settings {
            timeout: Some(timeout),
            ..Settings::default()
        })?;
        self.servers.forsaken.respond_always(reply);
        self.servers
            .outcome(client.call(&self.endpoint.id, self.required())?, PATIENCE)
    }

    /// Calls the operation many times at once; the server has been told what to answer.
    pub(super) fn call_concurrently(&self, all: &[Arguments]) -> Result<Vec<Outcome>, String> {
        let calls = all
            .iter()
            .map(|arguments| self.client.call(&self.endpoint.id, arguments.clone()));
        let calls = calls.collect::<Result<Vec<_>, _>>()?;
        self.servers.outcomes(calls, PATIENCE)
    }

    /// What comes of the pages of the operation; the server has been told what to answer.
    pub(super) fn call_pages(&self, arguments: &Arguments) -> Result<Call, String> {
        self.servers.server.forget_requests();
        let outcome = self.servers.outcome(
            self.client.pages(&self.endpoint.id, arguments.clone())?,
            PATIENCE,
        )?;
        Ok(Call {
            requests: self.servers.server.requests(),
            outcome,
        })
    }

    /// A client with some settings.
    pub(super) fn client(&self, settings: &Settings) -> Result<Arc<Client>, String> {
        self.servers.client(settings)
    }

    /// A success that the client must be able to read.
    pub(super) fn success(&self) -> Reply {
        match self.endpoint.success_schema() {
            Some(schema) => Reply::json(
                self.success_status(),
                &sample::value(self.document, schema, 1),
            ),
            None => Reply::json(self.success_status(), &json!({})),
        }
    }

    /// The first success that the document has.
    pub(super) fn success_status(&self) -> u16 {
        let statuses = self
            .endpoint
            .responses
            .iter()
            .filter_map(|response| response.status.parse().ok());
        statuses
            .into_iter()
            .find(|status| (200..300).contains(status))
            .unwrap_or(200)
    }
}
