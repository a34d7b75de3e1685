//! One operation on the bench: calls it against a server that answers as told, and says what was sent and what came of it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gallery_runtime::reqwest::{Request, Response};
use gallery_runtime::{BuildError, Builder, Hook, Next, Retries, Transport, TransportError};
use serde_json::{Value, json};

use crate::conformance::adapter::{Adapter, Arguments, Called, Outcome};
use crate::document::{Body, Document, Endpoint, FORM, Location, MULTIPART, Parameter, essence, is_json, path_of};
use crate::request::Recorded;
use crate::sample;
use crate::server::{Reply, StandIn};
use crate::style;

/// A call that takes longer than this on loopback hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where the stand-in has the servers that operations have for themselves.
const OWN_SERVER: &str = "/own-server";

/// Calls the operation at a base URL.
type Caller = Box<dyn Fn(Arguments) -> Called>;

/// Makes a client of the API at a base URL.
type Connect = Box<dyn Fn(&str) -> Result<Caller, String>>;

/// A hook that catches requests: it keeps the URL of each and sends nothing.
#[derive(Clone, Debug, Default)]
struct Catcher {
    urls: Arc<Mutex<Vec<String>>>,
}

impl Hook for Catcher {
    async fn call(&self, request: Request, _: Next<'_>) -> Result<Response, TransportError> {
        self.urls.lock().unwrap_or_else(PoisonError::into_inner).push(request.url().to_string());
        Err(TransportError::Hook("caught".into()))
    }
}

pub(super) struct Bench {
    pub(super) document: Arc<Document>,
    pub(super) endpoint: Endpoint,
    server: StandIn,
    runtime: tokio::runtime::Runtime,
    connect: Connect,
    caller: Caller,
    /// A client that has been told nothing of servers, and sends nothing.
    caught: Caller,
    catcher: Catcher,
    /// Whether a client accepts a server that the document does not have.
    accepts_any_server: bool,
}

/// What a call sent and what came of it.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) requests: Vec<Recorded>,
    pub(super) outcome: Outcome,
}

impl Bench {
    pub(super) fn new<C: From<Transport> + Clone + Send + Sync + 'static>(
        document: Arc<Document>,
        endpoint: Endpoint,
        builder: fn(&str) -> Builder<C>,
        adapter: Adapter<C>,
    ) -> Result<Bench, String> {
        let server = StandIn::of(document.as_ref().clone()).map_err(|error| error.to_string())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
        let failed = |error: BuildError| format!("no client can be made: {error}");
        let caller =
            |client: C, adapter: Adapter<C>| -> Caller { Box::new(move |arguments| adapter.call(client.clone(), arguments)) };
        let begun = move |base_url: &str| builder(base_url).retries(Retries::none());
        let accepts_any_server =
            begun(&server.base_url()).server("https://not-in-the-document.example", "http://a").build().is_ok();
        let catcher = Catcher::default();
        let caught = caller(begun(&server.base_url()).hook(catcher.clone()).build().map_err(failed)?, adapter.clone());
        let own = endpoint.server.as_ref().map(|own| own.url.clone());
        let own_base = own.as_ref().map(|url| format!("{}{OWN_SERVER}{}", server.origin(), own_path(url)));
        let connect: Connect = Box::new(move |base_url| {
            let begun = match (&own, &own_base) {
                (Some(url), Some(base)) => begun(base_url).server(url, base),
                _ => begun(base_url),
            };
            Ok(caller(begun.build().map_err(failed)?, adapter.clone()))
        });
        let caller = connect(&server.base_url())?;
        Ok(Bench { document, endpoint, server, runtime, connect, caller, caught, catcher, accepts_any_server })
    }

    /// What is to be sent to an own server that the client was told nothing of: the URLs, and what came of it.
    pub(super) fn catch(&self, arguments: &Arguments) -> Result<(Vec<String>, Outcome), String> {
        self.catcher.urls.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let call = self.run(&self.caught, arguments, self.success())?;
        if let Some(request) = call.requests.first() {
            return Err(format!("{} {} was sent past a hook", request.method, request.path));
        }
        Ok((self.catcher.urls.lock().unwrap_or_else(PoisonError::into_inner).clone(), call.outcome))
    }

    pub(super) fn accepts_any_server(&self) -> bool {
        self.accepts_any_server
    }

    /// The path that this operation's server has on the stand-in.
    fn base_path(&self) -> String {
        match &self.endpoint.server {
            Some(own) => format!("{OWN_SERVER}{}", own_path(&own.url)),
            None => self.document.base_path.clone(),
        }
    }

    /// Arguments for a call: every required one, and of the others those that `optional` wants.
    pub(super) fn arguments(&self, optional: impl Fn(&Parameter) -> bool) -> Arguments {
        let mut arguments = Arguments::default();
        for (number, parameter) in (1..).zip(&self.endpoint.parameters) {
            if parameter.required || optional(parameter) {
                let value = sample::argument(&self.document, &parameter.schema, &parameter.name, number);
                arguments = arguments.with(parameter.location, &parameter.name, value);
            }
        }
        let body = self.endpoint.body.as_ref().filter(|body| body.required);
        arguments.with_body(body.and_then(|body| self.bodies(body).into_iter().next_back()))
    }

    /// Bodies that the document allows.
    pub(super) fn bodies(&self, body: &Body) -> Vec<Value> {
        let kind = essence(&body.media_type);
        if kind == MULTIPART {
            let file = json!({"name": "a \"b\".png", "type": "image/png", "content": "--\r\nü"});
            return vec![json!({}), json!({"file": file, "te\"xt": "ü & \u{1F600}\r\n"})];
        }
        if !is_json(&kind) && kind != FORM {
            return vec![json!(""), json!("<ü>\r\n\u{0}")];
        }
        let open =
            self.document.resolve(&body.schema).as_object().is_some_and(|keys| keys.keys().all(|key| key.starts_with("x-")));
        if open && kind == FORM {
            return vec![json!({}), json!({"a b": "x&y=ü+%", "list": ["1", ",2"], "number": 1.5, "object": {"k": [true]}})];
        }
        if open {
            let many: Vec<Value> = (0..1000).map(|number| json!(format!("id-{number}"))).collect();
            return vec![
                json!([]),
                json!({}),
                json!(null),
                json!("ü\u{1F600}\n\"\\"),
                json!(9_007_199_254_740_993_i64),
                json!({"a": {"b": [1, null]}}),
                json!(many),
            ];
        }
        [0, 1, 1000].into_iter().map(|items| sample::value(&self.document, &body.schema, items)).collect()
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
        let base_path = self.base_path();
        let (segments, (expected, raw)) = (request.segments(&base_path), self.segments(arguments));
        if segments.as_ref() != Some(&expected) {
            return Err(format!(
                "the path is {:?}, whose segments behind `{base_path}` are {segments:?}, not {expected:?}",
                request.path
            ));
        }
        if let Some(missing) = raw.iter().find(|text| !request.path.contains(*text)) {
            return Err(format!("the path is {:?}, without {missing:?} as it stands", request.path));
        }
        let pairs = style::raw_pairs(request.query.as_deref().unwrap_or_default());
        style::compare(&pairs, &self.query(arguments)).map_err(|fault| format!("in the query {:?} {fault}", request.query))?;
        let headers = self.endpoint.constants.iter().filter(|constant| constant.location == Location::Header);
        match headers.into_iter().find(|constant| !request.has(constant)) {
            Some(constant) => Err(format!("the header `{}` is not `{}`", constant.name, constant.value)),
            None => Ok(request),
        }
    }

    /// The decoded segments that a path must have, and what must be in it as it stands.
    fn segments(&self, arguments: &Arguments) -> (Vec<String>, Vec<String>) {
        let mut raw = Vec::new();
        let mut fill = |segment: &str| {
            let mut filled = String::new();
            let mut rest = segment;
            while let Some((before, after)) = rest.split_once('{') {
                let (name, after) = after.split_once('}').unwrap_or((after, ""));
                filled.push_str(&style::decode(before));
                let parameter = self.endpoint.of(Location::Path).find(|parameter| parameter.name == name);
                if let (Some(parameter), Some(value)) = (parameter, arguments.given(Location::Path, name)) {
                    let (text, has_delimiters) = style::path(name, &parameter.style, value);
                    filled.push_str(&text);
                    raw.extend(has_delimiters.then_some(text));
                }
                rest = after;
            }
            filled + &style::decode(rest)
        };
        let template = self.endpoint.template();
        let segments = template.strip_prefix('/').unwrap_or(template).split('/').map(&mut fill).collect();
        (segments, raw)
    }

    fn query(&self, arguments: &Arguments) -> Vec<(String, style::Reading)> {
        let given = self.endpoint.of(Location::Query).filter_map(|parameter| {
            let value = arguments.given(Location::Query, &parameter.name)?;
            Some(style::query(&parameter.name, &parameter.style, value))
        });
        let constants = self.endpoint.constants.iter().filter(|constant| constant.location == Location::Query);
        let constants = constants.map(|constant| (constant.name.clone(), style::Reading::Text(constant.value.clone())));
        constants.chain(given.flatten()).collect()
    }
}

/// The path of an own server, its variables for what they are.
fn own_path(url: &str) -> String {
    path_of(url).replace(['{', '}'], "-")
}
