//! The context of a check: an operation, its arguments, and calls of the client.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::conformance::adapter::{Arguments, Way};
use crate::conformance::checks::coverage::Coverage;
use crate::conformance::checks::fetch_limits::{self, FetchLimit, MetLimits};
use crate::conformance::checks::surface::Surface;
use crate::conformance::checks::test_servers::{
    TestServerPool, TestServers, operation_server_path,
};
use crate::conformance::checks::variants::{self, Variant};
use crate::conformance::clients::Client;
use crate::conformance::multipart;
use crate::conformance::outcome::Outcome;
use crate::conformance::settings::Settings;
use crate::document::{
    Body, Document, Endpoint, Expected, FORM, MULTIPART, Parameter, essence, is_json,
};
use crate::request::RecordedRequest;
use crate::sample;
use crate::schema::Direction;
use crate::server::{Gate, Reply};
use crate::style::plain;

/// A call on loopback that takes longer hangs.
const CALL_LIMIT: Duration = Duration::from_secs(20);

/// The data that all checks of a run share.
pub(super) struct Common {
    pub(super) document: Arc<Document>,
    pub(super) surface: Result<Surface, String>,
    pub(super) server_pool: TestServerPool,
    pub(super) coverage: Coverage,
    /// The limits of `fetch` that the checks have met, if the clients are in WebAssembly.
    pub(super) met_limits: Option<MetLimits>,
}

/// The context of one check of one operation.
pub(super) struct CheckContext<'a> {
    pub(super) document: &'a Document,
    pub(super) endpoint: &'a Endpoint,
    pub(super) servers: &'a TestServers,
    common: &'a Common,
    check: &'static str,
    client: Arc<Client>,
}

/// The requests and the outcome of a call.
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

    /// Returns the result for a property. In WebAssembly, it is inverted: `fetch` prevents it.
    pub(super) fn unless_limited(
        &self,
        limit: &FetchLimit,
        result: Result<(), String>,
    ) -> Result<(), String> {
        match &self.common.met_limits {
            Some(met) => met.invert(limit, self.check, result),
            None => result,
        }
    }

    /// Returns the base path of the operation on the mock server.
    pub(super) fn base_path(&self) -> String {
        self.endpoint.server.as_ref().map_or_else(
            || self.document.base_path.clone(),
            |own| operation_server_path(&own.url),
        )
    }

    /// Returns all required arguments, and the optional ones that match.
    pub(super) fn arguments(&self, optional: impl Fn(&Parameter) -> bool) -> Arguments {
        let mut arguments = Arguments::default();
        for (number, parameter) in (1..).zip(&self.endpoint.parameters) {
            if parameter.required || optional(parameter) && !self.is_unsendable(parameter) {
                let text = match parameter.allows_slashes {
                    true => &format!("{}/of", parameter.name),
                    false => &parameter.name,
                };
                let value = sample::argument(self.document, &parameter.schema, text, number);
                arguments = arguments.with(parameter.location, &parameter.name, value);
            }
        }
        let body = self.endpoint.body.as_ref().filter(|body| body.required);
        arguments.with_body(body.and_then(|body| self.body(body)))
    }

    /// Returns true for an argument that a client in WebAssembly cannot send.
    pub(super) fn is_unsendable(&self, parameter: &Parameter) -> bool {
        let location = parameter.location.as_str();
        self.common.met_limits.is_some() && fetch_limits::is_unsendable(location, &parameter.name)
    }

    /// Returns the required arguments.
    pub(super) fn required(&self) -> Arguments {
        self.arguments(|_| false)
    }

    /// Returns all arguments and the body.
    pub(super) fn all(&self) -> Arguments {
        let body = self.endpoint.body.as_ref().and_then(|body| self.body(body));
        self.arguments(|_| true).with_body(body)
    }

    /// Returns a documented body with content.
    fn body(&self, body: &Body) -> Option<Value> {
        self.untyped_bodies(body).map_or_else(
            || Some(self.argument(body, sample::value(self.document, &body.schema, 1))),
            |bodies| bodies.into_iter().next_back().map(|body| body.value),
        )
    }

    /// Returns documented bodies at the edges of the schema.
    pub(super) fn bodies(&self, body: &Body) -> Vec<Variant> {
        self.untyped_bodies(body).unwrap_or_else(|| {
            let mut bodies = variants::variants(self.document, &body.schema, &[Direction::Request]);
            bodies.extend(variants::long(
                self.document,
                &body.schema,
                &[Direction::Request],
            ));
            for variant in &mut bodies {
                variant.value = self.argument(body, variant.value.take());
            }
            bodies
        })
    }

    /// Returns the argument for a body.
    fn argument(&self, body: &Body, value: Value) -> Value {
        match essence(&body.media_type) == MULTIPART {
            true => multipart::with_files(self.document, &body.schema, value),
            false => value,
        }
    }

    /// Returns bodies for a media type without a schema.
    fn untyped_bodies(&self, body: &Body) -> Option<Vec<Variant>> {
        let kind = essence(&body.media_type);
        let resolved = self.document.resolve(&body.schema);
        let open = resolved
            .as_object()
            .is_some_and(|keys| keys.keys().all(|key| key.starts_with("x-")));
        let has_properties = sample::flat(self.document, &body.schema)
            .get("properties")
            .is_some();
        let bodies = if kind == MULTIPART && !has_properties {
            let file = json!({"name": "a \"b\".png", "type": "image/png", "content": "--\r\nü"});
            vec![
                json!({}),
                json!({"file": file, "te\"xt": "ü & \u{1F600}\r\n"}),
            ]
        } else if !is_json(&kind) && kind != FORM && kind != MULTIPART {
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

    /// Calls the operation with a server that returns the documented success.
    pub(super) fn call(&self, arguments: &Arguments) -> Result<Call, String> {
        self.call_with(arguments, self.success())
    }

    /// Calls the operation with a server that returns `reply`.
    pub(super) fn call_with(&self, arguments: &Arguments, reply: Reply) -> Result<Call, String> {
        self.call_with_client(&self.client, arguments, reply)
    }

    /// Calls the operation with its required arguments and a server that returns `reply`, and
    /// expects one request. If the type of the response has a variant for each status, expects the
    /// variant of this status.
    pub(super) fn answered(&self, reply: Reply) -> Result<Outcome, String> {
        let arguments = self.required();
        let call = self.call_with(&arguments, reply)?;
        self.sent(&call, &arguments)?;
        let documented = |status| self.endpoint.response_key(status);
        match (call.outcome.key(), call.outcome.status()) {
            (Some(key), Some(status)) if documented(status) != Some(key) => Err(format!(
                "{status}: expected the variant of `{}`, received that of `{key}`",
                documented(status).unwrap_or("no response")
            )),
            _ => Ok(call.outcome),
        }
    }

    /// Calls the operation over a client.
    pub(super) fn call_with_client(
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

    /// Calls the operation with a client. The server must have a response.
    pub(super) fn call_server(
        &self,
        client: &Client,
        arguments: &Arguments,
    ) -> Result<Call, String> {
        self.servers.server.forget_requests();
        let outcome = self.servers.outcome(
            client.call(&self.endpoint.id, arguments.clone())?,
            CALL_LIMIT,
        )?;
        let requests = self.servers.server.requests();
        if !requests.is_empty() {
            self.common
                .coverage
                .sent(self.endpoint, self.check, arguments);
        }
        Ok(Call { requests, outcome })
    }

    /// Calls the operation with a client that has a timeout.
    pub(super) fn call_with_timeout(
        &self,
        timeout: Duration,
        reply: Reply,
    ) -> Result<Outcome, String> {
        let client = self.client(&Settings {
            timeout: Some(timeout),
            ..Settings::default()
        })?;
        self.servers.timeout_server.respond_always(reply);
        self.servers
            .outcome(client.call(&self.endpoint.id, self.required())?, CALL_LIMIT)
    }

    /// Calls the operation with a server that returns `reply`, which stalls at a gate. `None` if
    /// the client received all bytes before the gate and did not return.
    pub(super) fn call_until_stalled(
        &self,
        client: &Client,
        reply: Reply,
        gate: &Gate,
    ) -> Result<Option<Outcome>, String> {
        self.servers.server.respond_always(reply);
        let called = client.call(&self.endpoint.id, self.required())?;
        self.servers.outcome_before(called, gate, CALL_LIMIT)
    }

    /// Calls the operation concurrently. The server must have a response.
    pub(super) fn call_concurrently(&self, all: &[Arguments]) -> Result<Vec<Outcome>, String> {
        let calls = all
            .iter()
            .map(|arguments| self.client.call(&self.endpoint.id, arguments.clone()));
        let calls = calls.collect::<Result<Vec<_>, _>>()?;
        self.servers.outcomes(calls, CALL_LIMIT)
    }

    /// Reads all pages of the operation. The server must have a response.
    pub(super) fn call_pages(&self, arguments: &Arguments) -> Result<Call, String> {
        self.call_by(Way::Pages, &self.client, arguments)
    }

    /// Reads the events of a reply, and returns the requests.
    pub(super) fn events(&self, reply: Reply) -> Result<Call, String> {
        self.servers.server.respond_always(reply);
        self.call_by(Way::Events, &self.client, &self.required())
    }

    /// Reads a reply while it arrives, with a timeout or the default one.
    pub(super) fn receive(
        &self,
        way: Way,
        timeout: Option<Duration>,
        reply: Reply,
    ) -> Result<Outcome, String> {
        let server = match timeout {
            Some(_) => &self.servers.timeout_server,
            None => &self.servers.server,
        };
        server.respond_always(reply);
        let client = self.client(&Settings {
            timeout,
            ..Settings::default()
        })?;
        let call = self.call_by(way, &client, &self.required())?;
        Ok(call.outcome)
    }

    fn call_by(&self, way: Way, client: &Client, arguments: &Arguments) -> Result<Call, String> {
        self.servers.server.forget_requests();
        let called = client.call_by(way, &self.endpoint.id, arguments.clone())?;
        let outcome = self.servers.outcome(called, CALL_LIMIT)?;
        Ok(Call {
            requests: self.servers.server.requests(),
            outcome,
        })
    }

    /// Returns a client with these settings.
    pub(super) fn client(&self, settings: &Settings) -> Result<Arc<Client>, String> {
        self.servers.client(settings)
    }

    /// Returns a success that the client must be able to read.
    pub(super) fn success(&self) -> Reply {
        let status = self.success_status();
        let reply = Reply::new(status).with_header("content-type", "application/json");
        reply.with_body(
            self.response_body(status)
                .unwrap_or_else(|| "{}".to_owned()),
        )
    }

    /// Returns the body of a response with this status. `None` if it has no type.
    pub(super) fn response_body(&self, status: u16) -> Option<String> {
        match self.endpoint.expected(status)? {
            Expected::Json(schema) => Some(sample::value(self.document, schema, 1).to_string()),
            Expected::Text(schema) => Some(plain(&sample::value(self.document, schema, 1))),
            Expected::Untyped | Expected::Empty => None,
        }
    }

    /// Returns a documented success status.
    pub(super) fn success_status(&self) -> u16 {
        self.endpoint.success_status()
    }
}
