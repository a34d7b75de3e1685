//! A hand-written client that is correct, or has one fault.

use std::num::TryFromIntError;
use std::sync::Mutex;

use gallery_runtime::reqwest::Method;
use gallery_runtime::reqwest::header::{ACCEPT_ENCODING, AUTHORIZATION, HeaderValue};
use gallery_runtime::{
    AuthScheme, Call, CallOptions, ClientBuilder, Error, Operation, OperationInfo, ResponseValue,
    RetryPolicy, Style, Transport, Untyped,
};
use gallery_testkit::conformance::{
    Adapter, ArgumentError, Arguments, Content, FailureKind, Outcome, Schema,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};

const COVERS: &str = "https://covers.example/v2";

#[derive(Clone, Debug)]
pub(crate) struct Client(Transport);

impl From<Transport> for Client {
    fn from(transport: Transport) -> Self {
        Client(transport)
    }
}

pub(crate) fn builder(base_url: &str) -> ClientBuilder<Client> {
    ClientBuilder::new(base_url, &[COVERS]).user_agent("library/1.0.0")
}

static WATCH_BOOKS: Operation = Operation::new("watch_books", "GET", "/news")
    .security(&[&[AuthScheme::Bearer]])
    .accept("text/event-stream")
    .events("text/event-stream");

/// Reads events as texts.
static WATCH_TEXTS: Operation = WATCH_BOOKS.text_events("text/event-stream");

/// Follows redirects in its HTTP client.
pub(crate) fn following(base_url: &str) -> ClientBuilder<Client> {
    builder(base_url).http_client(gallery_runtime::reqwest::Client::new())
}

/// Asks for gzip but cannot read it, whatever features reqwest has in this build.
pub(crate) fn unreading(base_url: &str) -> ClientBuilder<Client> {
    let client = gallery_runtime::reqwest::Client::builder()
        .no_gzip()
        .build()
        .unwrap_or_default();
    builder(base_url)
        .http_client(client)
        .header(ACCEPT_ENCODING, HeaderValue::from_static("gzip"))
}

/// Loses the base path.
pub(crate) fn rootless(base_url: &str) -> ClientBuilder<Client> {
    let host_ends = base_url[7..].find('/').map_or(base_url.len(), |at| at + 7);
    builder(&base_url[..host_ends])
}

/// Sends a token that was not configured.
pub(crate) fn presumptuous(base_url: &str) -> ClientBuilder<Client> {
    builder(base_url).header(AUTHORIZATION, HeaderValue::from_static("Bearer of-its-own"))
}

/// Reads null as `Some(None)`.
fn nullable<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Novel,
    Atlas,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Book {
    id: String,
    lent_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pages: Option<i32>,
    #[serde(
        default,
        deserialize_with = "crate::client::nullable",
        skip_serializing_if = "Option::is_none"
    )]
    note: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<Kind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<String>>,
}

impl Book {
    fn turned_round(mut self) -> Book {
        self.tags.iter_mut().for_each(|tags| tags.reverse());
        self
    }
}

#[derive(Debug, Deserialize, Serialize)]
struct Problem {
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
}

/// Types with one fault each.
mod wrong {
    use super::{Deserialize, Kind, Serialize};

    #[derive(Debug, Deserialize, Serialize)]
    pub(super) struct Whole {
        message: String,
        id: String,
    }

    #[derive(Debug, Deserialize, Serialize)]
    pub(super) struct Required {
        id: String,
        lent_at: i64,
        pages: i32,
        #[serde(
            default,
            deserialize_with = "crate::client::nullable",
            skip_serializing_if = "Option::is_none"
        )]
        note: Option<Option<String>>,
        kind: Option<Kind>,
        tags: Option<Vec<String>>,
    }

    #[derive(Debug, Deserialize, Serialize)]
    pub(super) struct Filled {
        #[serde(default)]
        id: String,
        lent_at: i64,
        #[serde(skip_serializing_if = "Option::is_none")]
        pages: Option<i32>,
        #[serde(
            default,
            deserialize_with = "crate::client::nullable",
            skip_serializing_if = "Option::is_none"
        )]
        note: Option<Option<String>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        kind: Option<Kind>,
        #[serde(skip_serializing_if = "Option::is_none")]
        tags: Option<Vec<String>>,
    }

    #[derive(Debug, Deserialize, Serialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Closed {
        id: String,
        lent_at: i64,
        pages: Option<i32>,
        #[serde(
            default,
            deserialize_with = "crate::client::nullable",
            skip_serializing_if = "Option::is_none"
        )]
        note: Option<Option<String>>,
        kind: Option<Kind>,
        tags: Option<Vec<String>>,
    }

    #[derive(Debug, Deserialize, Serialize)]
    pub(super) struct Narrow {
        id: String,
        lent_at: i32,
        #[serde(skip_serializing_if = "Option::is_none")]
        pages: Option<i32>,
        #[serde(
            default,
            deserialize_with = "crate::client::nullable",
            skip_serializing_if = "Option::is_none"
        )]
        note: Option<Option<String>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        kind: Option<Kind>,
        #[serde(skip_serializing_if = "Option::is_none")]
        tags: Option<Vec<String>>,
    }

    #[derive(Debug, Deserialize, Serialize)]
    pub(super) struct Nulls {
        id: String,
        lent_at: i64,
        pages: Option<i32>,
        #[serde(
            default,
            deserialize_with = "crate::client::nullable",
            skip_serializing_if = "Option::is_none"
        )]
        note: Option<Option<String>>,
        kind: Option<Kind>,
        tags: Option<Vec<String>>,
    }

    #[derive(Debug, Deserialize, Serialize)]
    pub(super) struct Emptied {
        id: String,
        lent_at: i64,
        #[serde(skip_serializing_if = "Option::is_none")]
        pages: Option<i32>,
        #[serde(
            default,
            deserialize_with = "crate::client::nullable",
            skip_serializing_if = "Option::is_none"
        )]
        note: Option<Option<String>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        kind: Option<Kind>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<String>,
    }

    #[derive(Debug, Deserialize, Serialize)]
    pub(super) struct NeverNull {
        id: String,
        lent_at: i64,
        #[serde(skip_serializing_if = "Option::is_none")]
        pages: Option<i32>,
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        kind: Option<Kind>,
        #[serde(skip_serializing_if = "Option::is_none")]
        tags: Option<Vec<String>>,
    }
}

/// Returns the adapters of a client with this fault; `""` for none.
pub(crate) fn adapters(fault: &'static str) -> Vec<Adapter<Client>> {
    vec![
        Adapter::new("get_book", move |client, arguments| {
            get_book(client, arguments, fault)
        }),
        Adapter::new("put_book", move |client, arguments| {
            put_book(client, arguments, fault)
        }),
        Adapter::new("list_books", list_books)
            .with_pages(move |client, arguments| all_books(client, arguments, fault)),
        Adapter::new("add_note", move |client, arguments| {
            add_note(client, arguments, fault)
        }),
        Adapter::new("watch_books", async |client: Client, _| {
            let result = Call::new(&client.0, &WATCH_BOOKS).send().await;
            Ok(Outcome::from_result(
                result,
                Content::untyped,
                Content::untyped,
            ))
        })
        .with_events(move |client, _| watch_books(client, fault)),
        Adapter::new("get_cover", move |client, arguments| {
            get_cover(client, arguments, fault)
        })
        .with_download(move |client, arguments| download_cover(client, arguments, fault)),
    ]
}

/// Returns the types of the schemas.
pub(crate) fn schemas(fault: &'static str) -> Vec<Schema> {
    let book = match fault {
        "requires an optional field" => Schema::new::<wrong::Required>("Book"),
        "narrows an integer of the answer" => Schema::new::<wrong::Narrow>("Book"),
        "leaves out empty lists" => Schema::new::<wrong::Emptied>("Book"),
        "fills in a required field" => Schema::new::<wrong::Filled>("Book"),
        _ => Schema::new::<Book>("Book"),
    };
    let problem = match fault {
        "has no type for a schema" => None,
        "requires what is only read" => Some(Schema::new::<wrong::Whole>("Problem")),
        _ => Some(Schema::new::<Problem>("Problem")),
    };
    [book].into_iter().chain(problem).collect()
}

fn info(id: &'static str) -> OperationInfo {
    let path = match id {
        "get_book" => "/shelves/{shelf}/books/{id}",
        "put_book" => "/shelves/{shelf}/books/{id}",
        "list_books" => "/books",
        "add_note" => "/notes",
        "get_cover" => "/covers/{id}",
        _ => "/",
    };
    let security: &[&[AuthScheme]] = match id {
        "get_cover" => &[&[AuthScheme::Bearer, AuthScheme::Basic]],
        _ => &[&[AuthScheme::Bearer]],
    };
    let info = OperationInfo::new(id, path).with_security(security);
    match id {
        "get_cover" => info.with_side_effects(),
        _ => info,
    }
}

fn missing<E>(name: &str) -> Error<E> {
    Error::InvalidRequest(format!("{name} is missing"))
}

/// Returns a required argument.
fn there<E>(name: &str, argument: Option<String>) -> Result<String, Error<E>> {
    argument.ok_or_else(|| missing(name))
}

/// State that calls must not share.
static SHARED: Mutex<String> = Mutex::new(String::new());

async fn get_book(
    client: Client,
    arguments: Arguments,
    fault: &'static str,
) -> Result<Outcome, ArgumentError> {
    match fault {
        "requires an optional field" => {
            typed_book::<wrong::Required>(client, &arguments, fault).await
        }
        "knows no unknown fields" => typed_book::<wrong::Closed>(client, &arguments, fault).await,
        "narrows an integer of the answer" => {
            typed_book::<wrong::Narrow>(client, &arguments, fault).await
        }
        _ => typed_book::<Book>(client, &arguments, fault).await,
    }
}

async fn typed_book<B: DeserializeOwned + Serialize>(
    client: Client,
    arguments: &Arguments,
    fault: &'static str,
) -> Result<Outcome, ArgumentError> {
    let is = |own: &str| own == fault;
    let result = ask_for_book::<B>(&client, arguments, fault).await?;
    let mut outcome = Outcome::from_result(result, Content::typed, Content::typed);
    if is("sends twice after a 503")
        && matches!(
            &outcome,
            Outcome::Failure {
                status: Some(503),
                ..
            }
        )
    {
        outcome = Outcome::from_result(
            ask_for_book::<B>(&client, arguments, fault).await?,
            Content::typed,
            Content::typed,
        );
    }
    let success = |status: u16, headers: &[(String, String)], content: Value| Outcome::Success {
        status,
        headers: headers.to_vec(),
        content: Content::Json(content),
        key: None,
    };
    Ok(match &mut outcome {
        Outcome::Failure {
            status: Some(404),
            headers,
            ..
        } if is("takes a 404 for a success") => success(404, headers, json!({})),
        Outcome::Failure {
            status: Some(201),
            headers,
            ..
        } if is("takes any 2xx for the documented success") => success(201, headers, json!({})),
        Outcome::Failure {
            kind: FailureKind::InvalidResponse,
            status: Some(200),
            headers,
            message,
            is_retryable,
            ..
        } => match message.contains("while reading the body") {
            true if is("calls no failed connection retryable") => {
                *is_retryable = false;
                outcome
            }
            true if is("takes half an answer for one") => success(200, headers, json!({})),
            false if is("takes any shape for the right one") => success(200, headers, json!({})),
            _ => outcome,
        },
        Outcome::Failure {
            status: Some(409),
            headers,
            ..
        } if is("loses the headers of a 409") => {
            headers.clear();
            outcome
        }
        Outcome::Failure {
            status: Some(409),
            key,
            ..
        } if is("confuses the variants of statuses") => {
            *key = Some("404".into());
            outcome
        }
        Outcome::Failure {
            status: status @ Some(500),
            ..
        } if is("loses the status of a 500") => {
            *status = None;
            outcome
        }
        Outcome::Failure {
            kind: kind @ FailureKind::Timeout,
            ..
        } if is("reports a timeout as another error") => {
            *kind = FailureKind::Other;
            outcome
        }
        Outcome::Failure {
            status, headers, ..
        } if is("follows a redirect to another scheme")
            && headers.iter().any(|(_, value)| value.starts_with("ftp:")) =>
        {
            *status = None;
            outcome
        }
        Outcome::Failure {
            kind: kind @ FailureKind::Connect,
            ..
        } if is("reports a refused connection as a lost one") => {
            *kind = FailureKind::ConnectionLost;
            outcome
        }
        Outcome::Failure {
            is_retryable,
            status: None,
            ..
        } if is("calls no failed connection retryable") => {
            *is_retryable = false;
            outcome
        }
        Outcome::Failure {
            message, excerpt, ..
        } if is("repeats the body in messages") => {
            message.push_str(&format!("{excerpt:?}"));
            outcome
        }
        Outcome::Failure { headers, shown, .. } if is("shows the headers of an error") => {
            shown.push_str(&format!("{headers:?}"));
            outcome
        }
        Outcome::Failure {
            excerpt: Content::Bytes { bytes, .. },
            ..
        } if is("keeps the whole body of an error") && bytes.len() > 60_000 => {
            bytes.resize(100_000, b' ');
            outcome
        }
        Outcome::Failure { is_retryable, .. } if is("calls every error retryable") => {
            *is_retryable = true;
            outcome
        }
        Outcome::Failure { message, .. } if is("hides the operation in messages") => {
            *message = message.replace("get_book (", "(");
            outcome
        }
        Outcome::Success { headers, .. } if is("loses headers that come twice") => {
            headers.dedup_by(|one, other| one.0 == other.0);
            outcome
        }
        Outcome::Success { headers, .. } if is("loses the headers of a success") => {
            headers.clear();
            outcome
        }
        Outcome::Success { headers, .. }
            if is("wants a Content-Type")
                && !headers.iter().any(|(name, _)| name == "content-type") =>
        {
            Outcome::Failure {
                kind: FailureKind::InvalidResponse,
                status: Some(200),
                headers: headers.clone(),
                content: None,
                key: None,
                excerpt: Content::Json(Value::Null),
                is_retryable: false,
                message: String::new(),
                shown: String::new(),
            }
        }
        _ => outcome,
    })
}

async fn ask_for_book<B: DeserializeOwned>(
    client: &Client,
    arguments: &Arguments,
    fault: &'static str,
) -> Result<Result<ResponseValue<B>, Error<Problem>>, ArgumentError> {
    let is = |own: &str| own == fault;
    let (shelf, id) = (
        arguments.path::<String>("shelf")?,
        arguments.path::<String>("id")?,
    );
    let (q, tags) = (
        arguments.query::<String>("q")?,
        arguments.query::<Vec<String>>("tags")?,
    );
    let place = arguments.query::<Map<String, Value>>("place")?;
    let (trace, session) = (
        arguments.header::<String>("X-Trace")?,
        arguments.cookie::<String>("session")?,
    );
    if is("narrows an integer argument") {
        arguments.query::<i32>("limit")?;
    }
    let limit = match is("swallows what does not fit") {
        true => arguments.query::<i64>("limit").unwrap_or_default(),
        false => arguments.query::<i64>("limit")?,
    };
    let limit = match is("adds a default") {
        true => limit.or(Some(20)),
        false => limit,
    };
    let (mut shelf, mut id) = (shelf, id);
    let has_null = |place: &Map<String, Value>| place.values().any(Value::is_null);
    let place = match place {
        Some(mut place) if is("sends null properties") => {
            let nulls = place.values_mut().filter(|value| value.is_null());
            nulls.for_each(|value| *value = json!(""));
            Some(place)
        }
        Some(place) if is("loses an object with null") && has_null(&place) => None,
        place => place,
    };
    if is("swaps the path arguments") {
        std::mem::swap(&mut shelf, &mut id);
    }
    if is("invents a required argument") {
        shelf = shelf.or_else(|| Some("main".to_owned()));
    }
    if is("fills in an empty path argument") && id.as_deref() == Some("") {
        id = Some("-".to_owned());
    }
    if is("encodes path arguments twice") {
        shelf = shelf.map(|text| text.replace('%', "%25").replace(' ', "%20"));
    }
    if is("shares arguments among calls") {
        *SHARED.lock().unwrap() = shelf.clone().unwrap_or_default();
        tokio::task::yield_now().await;
        shelf = Some(SHARED.lock().unwrap().clone());
    }
    let transport = match fault {
        "follows no redirect" => client.0.with_options(CallOptions::new().max_redirects(0)),
        "follows redirects for ever" => client
            .0
            .with_options(CallOptions::new().max_redirects(usize::MAX)),
        "reads a body of any size" => client
            .0
            .with_options(CallOptions::new().max_body_bytes(usize::MAX)),
        "never retries" => client
            .0
            .with_options(CallOptions::new().retry_policy(RetryPolicy::none())),
        _ => client.0.clone(),
    };
    let run = async {
        let mut call = transport.request(if is("sends another method") {
            Method::POST
        } else {
            Method::GET
        });
        call.literal("/shelves/");
        call.path(
            "shelf",
            Style::Simple,
            false,
            &shelf.ok_or_else(|| missing("shelf"))?,
        )?;
        call.literal("/books/");
        call.path(
            "id",
            Style::Simple,
            false,
            &id.ok_or_else(|| missing("id"))?,
        )?;
        call.query(
            if is("misspells a query parameter") {
                "Limit"
            } else {
                "limit"
            },
            Style::Form,
            true,
            &limit,
        )?;
        if !is("forgets a query parameter") {
            let q = if is("trims query values") {
                q.map(|text| text.trim().to_owned())
            } else {
                q
            };
            call.query("q", Style::Form, true, &q)?;
        }
        if is("adds a query parameter") {
            call.query("format", Style::Form, true, "json")?;
        }
        let tags = if is("sends at most a hundred items") {
            tags.map(|tags| tags.into_iter().take(100).collect())
        } else {
            tags
        };
        call.query("tags", Style::Form, !is("joins a list with commas"), &tags)?;
        call.query("place", Style::DeepObject, true, &place)?;
        let trace = if is("changes the case of a header") {
            trace.map(|text| text.to_lowercase())
        } else {
            trace
        };
        if !is("forgets a header argument") {
            call.header("X-Trace", Style::Simple, false, &trace)?;
        }
        let session = if is("always sends a cookie") {
            session.or(Some("none".to_owned()))
        } else {
            session
        };
        call.cookie("session", Style::Form, &session)?;
        if is("adds a header") {
            call.header("X-Client", Style::Simple, false, "judge")?;
        }
        call.accept(if is("accepts anything") {
            "*/*"
        } else {
            "application/json"
        })?;
        let info = if is("sends every credential") {
            OperationInfo::new("get_book", info("get_book").path)
        } else {
            info("get_book")
        };
        let info = if is("passes another operation to middleware") {
            self::info("put_book")
        } else {
            info
        };
        let info = if is("sends no credential") {
            info.with_security(&[])
        } else {
            info
        };
        let answer = transport.send(call.build()?, &info).await?;
        match answer.status().as_u16() {
            200 => ResponseValue::from_response(answer).await,
            404 | 409 => Err(Error::documented(
                ResponseValue::from_response(answer).await?,
            )),
            _ => Err(Error::undocumented(answer).await),
        }
    };
    Ok(run.await)
}

async fn put_book(
    client: Client,
    arguments: Arguments,
    fault: &'static str,
) -> Result<Outcome, ArgumentError> {
    let (shelf, id) = (
        arguments.path::<String>("shelf")?,
        arguments.path::<String>("id")?,
    );
    let rewritten = |value: Result<Value, serde_json::Error>| value.unwrap();
    let body = match fault {
        "sends null for what is absent" => arguments
            .body::<wrong::Nulls>()?
            .map(|book| rewritten(serde_json::to_value(book))),
        "leaves out empty lists" => arguments
            .body::<wrong::Emptied>()?
            .map(|book| rewritten(serde_json::to_value(book))),
        "leaves out null" => arguments
            .body::<wrong::NeverNull>()?
            .map(|book| rewritten(serde_json::to_value(book))),
        "turns lists round" => arguments
            .body::<Book>()?
            .map(|book| rewritten(serde_json::to_value(book.turned_round()))),
        "sends the body as a text in JSON" => arguments
            .body::<Value>()?
            .map(|body| json!(body.to_string())),
        _ => arguments
            .body::<Book>()?
            .map(|book| rewritten(serde_json::to_value(book))),
    };
    let run = async {
        let mut call = client.0.request(Method::PUT);
        call.literal("/shelves/");
        call.path("shelf", Style::Simple, false, &there("shelf", shelf)?)?;
        call.literal("/books/");
        call.path("id", Style::Simple, false, &there("id", id)?)?;
        call.accept("application/json")?;
        let kind = if fault == "sends the body as text" {
            "text/plain"
        } else {
            "application/json"
        };
        call.json(kind, &body.ok_or_else(|| missing("body"))?)?;
        let answer = client.0.send(call.build()?, &info("put_book")).await?;
        match answer.status().as_u16() {
            200 => ResponseValue::<Book>::from_response(answer).await,
            400..=599 => Err(Error::documented(
                ResponseValue::untyped_error(answer).await,
            )),
            _ => Err(Error::undocumented(answer).await),
        }
    };
    Ok(Outcome::from_result(
        run.await,
        Content::typed,
        Content::untyped,
    ))
}

async fn page_of_books(
    client: &Client,
    page: Option<i64>,
    per_page: Option<i64>,
) -> Result<ResponseValue<Vec<Book>>, Error> {
    let mut call = client.0.request(Method::GET);
    call.literal("/books");
    call.query("page", Style::Form, true, &page)?;
    call.query("per_page", Style::Form, true, &per_page)?;
    call.accept("application/json")?;
    let answer = client.0.send(call.build()?, &info("list_books")).await?;
    match answer.status().as_u16() {
        200 => ResponseValue::from_response(answer).await,
        400..=599 => Err(Error::documented(
            ResponseValue::untyped_error(answer).await,
        )),
        _ => Err(Error::undocumented(answer).await),
    }
}

async fn list_books(client: Client, arguments: Arguments) -> Result<Outcome, ArgumentError> {
    let number = |name| {
        Ok(arguments
            .query::<i128>(name)?
            .map(i64::try_from)
            .transpose())
    };
    let run = async |page: Result<_, TryFromIntError>, per_page: Result<_, TryFromIntError>| {
        let refused = |error: TryFromIntError| Error::InvalidRequest(error.to_string());
        page_of_books(&client, page.map_err(refused)?, per_page.map_err(refused)?).await
    };
    Ok(Outcome::from_result(
        run(number("page")?, number("per_page")?).await,
        Content::typed,
        Content::untyped,
    ))
}

/// Requests all pages by hand, as a client without streams does.
async fn all_books(
    client: Client,
    arguments: Arguments,
    fault: &'static str,
) -> Result<Outcome, ArgumentError> {
    let (page, per_page) = (
        arguments.query::<i64>("page")?,
        arguments.query::<i64>("per_page")?,
    );
    let first = i64::from(fault == "begins at page one");
    let (default, max) = match fault {
        "does not know the most of a page" => (3, 50),
        "forgets the most of a page" => (3, 3),
        _ => (3, 5),
    };
    let full = per_page.unwrap_or(default).min(max);
    let sent = per_page.filter(|_| fault != "forgets the size of a page");
    let (mut items, mut last) = (Vec::new(), Vec::new());
    for number in page.unwrap_or(first).. {
        let read = match page_of_books(&client, Some(number), sent).await {
            Ok(read) => read.into_inner(),
            Err(error) => {
                let failed: Result<ResponseValue<Vec<Book>>, _> = Err(error);
                return Ok(Outcome::from_result(
                    failed,
                    Content::typed,
                    Content::untyped,
                ));
            }
        };
        let own: Vec<Value> = read.into_iter().map(|book| json!(book)).collect();
        if own == last {
            break;
        }
        items.extend(own.clone());
        let is_last = own.is_empty() || i64::try_from(own.len()).is_ok_and(|len| len < full);
        last = own;
        if is_last {
            break;
        }
    }
    if fault == "leaves out an item that came before" {
        items.dedup();
    }
    Ok(Outcome::Success {
        status: 0,
        headers: Vec::new(),
        content: Content::typed(&items),
        key: None,
    })
}

async fn add_note(
    client: Client,
    arguments: Arguments,
    fault: &'static str,
) -> Result<Outcome, ArgumentError> {
    let body = arguments.body::<Value>()?;
    let body = match fault {
        "sends null for no body" => body.or(Some(Value::Null)),
        _ => body,
    };
    let run = async {
        let mut call = client.0.request(Method::POST);
        call.literal("/notes");
        call.accept("*/*")?;
        if let Some(body) = &body {
            call.json("application/json", body)?;
        }
        let answer = client.0.send(call.build()?, &info("add_note")).await?;
        match answer.status().as_u16() {
            200..=299 => ResponseValue::<Untyped>::from_response(answer).await,
            400..=599 => Err(Error::documented(
                ResponseValue::untyped_error(answer).await,
            )),
            _ => Err(Error::undocumented(answer).await),
        }
    };
    let mut outcome = Outcome::from_result(run.await, Content::untyped, Content::untyped);
    if let Outcome::Success {
        content: Content::Bytes { bytes, .. },
        ..
    } = &mut outcome
        && fault == "reads everything as text"
    {
        *bytes = String::from_utf8_lossy(bytes).into_owned().into_bytes();
    }
    Ok(outcome)
}

async fn watch_books(client: Client, fault: &'static str) -> Result<Outcome, ArgumentError> {
    let operation = match fault {
        "reads events as texts" => &WATCH_TEXTS,
        _ => &WATCH_BOOKS,
    };
    let events = Call::new(&client.0, operation)
        .events::<Value, Untyped>()
        .await;
    Ok(Outcome::from_events(events, Content::typed, Content::untyped).await)
}

/// Reads the whole file at once.
async fn download_cover(
    client: Client,
    arguments: Arguments,
    fault: &'static str,
) -> Result<Outcome, ArgumentError> {
    let mut outcome = get_cover(client, arguments, fault).await?;
    if let Outcome::Success {
        content: Content::Bytes { bytes, .. },
        ..
    } = &mut outcome
        && fault == "reads only the start of a file"
    {
        bytes.truncate(64 << 10);
    }
    Ok(outcome)
}

async fn get_cover(
    client: Client,
    arguments: Arguments,
    fault: &'static str,
) -> Result<Outcome, ArgumentError> {
    let id = arguments.path::<String>("id")?;
    let run = async {
        let mut call = match fault {
            "knows no server but one" => client.0.request(Method::GET),
            _ => client.0.request_to(Method::GET, COVERS, Some(COVERS)),
        };
        call.literal("/covers/");
        call.path("id", Style::Simple, false, &there("id", id)?)?;
        call.accept("image/png")?;
        let info = if fault == "sends no credential" {
            info("get_cover").with_security(&[])
        } else {
            info("get_cover")
        };
        let info = if fault == "retries what changes something" {
            OperationInfo::new("get_cover", info.path)
        } else {
            info
        };
        let request = call.build()?;
        let is_of_base_url = client.0.base_url().contains(request.url().authority());
        let info = if fault == "sends credentials to the base URL only" && !is_of_base_url {
            info.with_security(&[])
        } else {
            info
        };
        let answer = client.0.send(request, &info).await?;
        match answer.status().as_u16() {
            200..=299 => ResponseValue::<Untyped>::from_response(answer).await,
            400..=599 => Err(Error::documented(
                ResponseValue::untyped_error(answer).await,
            )),
            _ => Err(Error::undocumented(answer).await),
        }
    };
    Ok(Outcome::from_result(
        run.await,
        Content::untyped,
        Content::untyped,
    ))
}
