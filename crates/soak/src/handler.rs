//! The responses of the server.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant, SystemTime};

use gallery_testkit::{Gate, RecordedRequest, Reply};
use serde_json::{Value, json};
use typed_client::types::Book;

use crate::content::{self, MARKS_PER_PAGE, READERS_PER_PAGE};
use crate::exchange::{CALL_HEADER, KEY_HEADER, ServerReport};
use crate::faults::{Choice, FaultKind, choose};
use crate::ledger::Ledger;
use crate::recent::Recent;
use crate::tokens::Tokens;
use crate::writes::WriteId;

/// The query parameter of redirects.
const REDIRECTED: &str = "redirected=";

/// The time after which a stalled body goes on, longer than any client waits.
const LONG_STALL: Duration = Duration::from_secs(8);

/// The most violations that are kept.
const MAX_VIOLATIONS: usize = 100;

/// The state of the server, which outlives its restarts.
pub(crate) struct Handler {
    seed: u64,
    /// The origin of the server at the other port.
    other: String,
    pub(crate) tokens: Tokens,
    ledger: Ledger,
    calls: Recent<String, Requests>,
    /// The gates of stalled bodies, with the times at which they open.
    gates: VecDeque<(Instant, Gate)>,
    faults: BTreeMap<FaultKind, u64>,
    pub(crate) report: ServerReport,
}

/// The requests of a call so far.
#[derive(Default)]
struct Requests {
    count: u32,
    /// The end of a `Retry-After`.
    not_before: Option<Instant>,
}

/// A response without faults.
struct Plain {
    status: u16,
    media_type: &'static str,
    body: Vec<u8>,
}

impl Plain {
    fn json(status: u16, value: &Value) -> Plain {
        Plain {
            status,
            media_type: "application/json",
            body: value.to_string().into_bytes(),
        }
    }

    fn reply(self) -> Reply {
        Reply::new(self.status)
            .with_header("content-type", self.media_type)
            .with_body(self.body)
    }

    /// Returns the bytes of a response that does not announce the end of the connection.
    fn bytes(self) -> Vec<u8> {
        let Plain {
            status,
            media_type,
            body,
        } = self;
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status} OK\r\ncontent-type: {media_type}\r\ncontent-length: {length}\r\n\r\n"
        );
        [head.into_bytes(), body].concat()
    }
}

impl Handler {
    pub(crate) fn new(seed: u64, other: String) -> Handler {
        Handler {
            seed,
            other,
            tokens: Tokens::default(),
            ledger: Ledger::default(),
            calls: Recent::default(),
            gates: VecDeque::new(),
            faults: BTreeMap::new(),
            report: ServerReport::default(),
        }
    }

    /// Responds to a request to the API.
    pub(crate) fn api(&mut self, request: &RecordedRequest) -> Reply {
        let now = Instant::now();
        self.report.requests += 1;
        let Some(call) = request.header(CALL_HEADER) else {
            return self.violation(format!("{} {} has no call", request.method, request.path));
        };
        let call = format!("{call} {}", target(request));
        let requests = self.calls.entry(call.clone(), Requests::default);
        requests.count += 1;
        let count = requests.count;
        // The clocks of the processes are the same, but their timers have a resolution of 1 ms.
        let is_early = |end: Instant| now + Duration::from_millis(5) < end;
        if requests.not_before.take().is_some_and(is_early) {
            return self.violation(format!("{call} was retried before the end of Retry-After"));
        }
        let mut choice = choose(self.seed, &call, count);
        *self.faults.entry(choice.kind).or_default() += 1;
        let token = request
            .header("authorization")
            .and_then(|text| text.strip_prefix("Bearer "))
            .unwrap_or_default();
        if choice.kind == FaultKind::TokenRevoked {
            self.tokens.revoke(token, now);
        }
        if !self.tokens.is_valid(token, now) {
            self.report.unauthorized += 1;
            return problem(401, "the token is not valid");
        }
        match choice.kind {
            FaultKind::ClosedBefore => Reply::raw(""),
            FaultKind::Busy if !choice.is_processed => problem(503, "busy"),
            FaultKind::Held if !choice.is_processed => Reply::new(200).held(),
            FaultKind::RateLimited => {
                let (header, wait) = retry_after(&mut choice);
                let requests = self.calls.entry(call, Requests::default);
                requests.not_before = Some(now + wait);
                problem(429, "slow down").with_header("retry-after", &header)
            }
            FaultKind::RedirectedToSameHost => redirect("", request, count),
            FaultKind::RedirectedToOtherHost => redirect(&self.other, request, count),
            _ => match self.content(request) {
                Ok(plain) => self.deliver(plain, choice),
                Err(reason) => self.violation(reason),
            },
        }
    }

    /// Responds to a request to the other port, which only redirects lead to.
    pub(crate) fn other(&mut self, request: &RecordedRequest) -> Reply {
        self.report.redirected += 1;
        let RecordedRequest { method, path, .. } = request;
        for name in ["authorization", CALL_HEADER, KEY_HEADER] {
            if request.header(name).is_some() {
                return self.violation(format!("{method} {path} sends {name} to another host"));
            }
        }
        if method != "GET" {
            return self.violation(format!("{method} {path} sends its body to another host"));
        }
        match self.content(request) {
            Ok(plain) => plain.reply(),
            Err(reason) => self.violation(reason),
        }
    }

    /// Opens gates that are due.
    pub(crate) fn open_gates(&mut self, now: Instant) {
        self.gates.retain(|(open_at, _)| *open_at > now);
    }

    /// Forgets old calls, keys and tokens.
    pub(crate) fn rotate(&mut self) {
        self.calls.rotate();
        self.ledger.rotate();
        self.tokens.rotate();
    }

    /// Returns the report as JSON.
    pub(crate) fn report(&mut self) -> Reply {
        self.report.ledger = self.ledger.digits();
        self.report.token_requests = self.tokens.reasons();
        let faults = self.faults.iter();
        self.report.faults = faults
            .map(|(kind, count)| (format!("{kind:?}"), *count))
            .collect();
        Reply::json(200, &self.report)
    }

    fn violation(&mut self, reason: String) -> Reply {
        let reply = problem(500, &reason);
        if self.report.violations.len() < MAX_VIOLATIONS {
            self.report.violations.push(reason);
        }
        reply
    }

    /// Processes a request and returns its response.
    fn content(&mut self, request: &RecordedRequest) -> Result<Plain, String> {
        let segments = request.segments("/v2").unwrap_or_default();
        let segment = |index: usize| segments.get(index).map(String::as_str).unwrap_or_default();
        let query = |name: &str| request.query_value(name).unwrap_or_default();
        match request.operation.as_deref().unwrap_or_default() {
            "getBook" => {
                let book = content::book(self.seed, segment(1));
                Ok(Plain::json(200, &json!(book)))
            }
            "getCover" => Ok(Plain {
                status: 200,
                media_type: "image/png",
                body: content::cover(self.seed, segment(3).trim_end_matches(".json")),
            }),
            "listReaders" => {
                let page: usize = query("number").parse().unwrap_or(1);
                let readers = content::readers(self.seed, &query("stream"));
                let skipped = page.saturating_sub(1) * READERS_PER_PAGE;
                let page = readers.iter().skip(skipped).take(READERS_PER_PAGE);
                let page: Vec<Value> = page.map(|name| json!({"name": name})).collect();
                Ok(Plain::json(200, &json!(page)))
            }
            "listCursors" => {
                let skipped: usize = query("after").parse().unwrap_or(0);
                let marks = content::marks(self.seed, &query("q"));
                let end = (skipped + MARKS_PER_PAGE).min(marks.len());
                let next = (end < marks.len()).then(|| end.to_string());
                let page = json!({"marks": &marks[skipped.min(end)..end], "meta": {"next": next}});
                Ok(Plain::json(200, &page))
            }
            "addBook" => {
                let book: Book = serde_json::from_slice(&request.body)
                    .map_err(|error| format!("a book cannot be read: {error}"))?;
                if book != content::book(self.seed, &book.id) {
                    return Err(format!("the book {} has another content", book.id));
                }
                self.process(&book.id, request)?;
                Ok(Plain::json(201, &json!(book)))
            }
            "put-settings" => {
                let body = request.json().map_err(|error| error.to_string())?;
                let id = body["id"].as_str().unwrap_or_default();
                self.process(id, request)?;
                Ok(Plain::json(200, &body))
            }
            _ => Err(format!("{} {} is unknown", request.method, request.path)),
        }
    }

    fn process(&mut self, id: &str, request: &RecordedRequest) -> Result<(), String> {
        let id = WriteId::parse(id).ok_or_else(|| format!("`{id}` is not the ID of a write"))?;
        self.ledger.process(id, request.header(KEY_HEADER))
    }

    /// Returns the response of a processed request, with a fault.
    fn deliver(&mut self, plain: Plain, choice: Choice) -> Reply {
        let Choice {
            kind, mut random, ..
        } = choice;
        let length = plain.body.len();
        let part = random.usize(..length.max(1));
        let pause = Duration::from_millis(random.u64(50..500));
        match kind {
            FaultKind::ClosedAfter => Reply::raw(""),
            FaultKind::Busy => problem(503, "busy"),
            FaultKind::Held => plain.reply().held(),
            FaultKind::Reset => plain.reply().reset_after(part),
            FaultKind::Truncated => plain.reply().truncated_after(part),
            FaultKind::Stalled => {
                let stall = if random.bool() { pause } else { LONG_STALL };
                let gate = Gate::new();
                let reply = plain.reply().stalled_after(part, &gate);
                self.gates.push_back((Instant::now() + stall, gate));
                reply
            }
            FaultKind::ClosedWhenIdle => Reply::raw(plain.bytes()),
            FaultKind::Dripping => plain.reply().dripping(length / 4 + 1, pause / 4),
            FaultKind::Delayed => plain.reply().delayed(pause),
            _ => plain.reply(),
        }
    }
}

/// Returns the path and the query without the parameter of redirects.
fn target(request: &RecordedRequest) -> String {
    let query = request.query.as_deref().unwrap_or_default();
    let pairs = query
        .split('&')
        .filter(|pair| !pair.starts_with(REDIRECTED));
    let query = pairs.collect::<Vec<_>>().join("&");
    format!("{}?{query}", request.path)
}

/// Returns a redirect to another URL of the same resource.
fn redirect(origin: &str, request: &RecordedRequest, count: u32) -> Reply {
    let target = target(request);
    let separator = if target.ends_with('?') { "" } else { "&" };
    let location = format!("{origin}{target}{separator}{REDIRECTED}{count}");
    Reply::new(307).with_header("location", &location)
}

/// Returns a `Retry-After` header, and the time that a client must wait at least.
fn retry_after(choice: &mut Choice) -> (String, Duration) {
    let random = &mut choice.random;
    match random.u8(..8) {
        // Longer than any client waits.
        0 => ("60".to_owned(), Duration::from_secs(60)),
        1 => {
            let date = SystemTime::now() + Duration::from_secs(2);
            // The date has no fractions of a second.
            (httpdate::fmt_http_date(date), Duration::from_millis(950))
        }
        2..5 => ("0".to_owned(), Duration::ZERO),
        _ => ("1".to_owned(), Duration::from_secs(1)),
    }
}

fn problem(status: u16, message: &str) -> Reply {
    Reply::json(status, json!({"message": message}))
}
