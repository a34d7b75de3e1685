//! A test server that returns raw bytes and records requests, and calls as generated code makes
//! them.

#![allow(dead_code, reason = "each test file uses a part")]
#![expect(clippy::unwrap_used, reason = "a test")]

pub(crate) mod recorder;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gallery_runtime::reqwest::Method;
use gallery_runtime::{Bytes, Error, OperationInfo, ResponseValue, Style, Transport, Untyped};

/// A recorded request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RecordedRequest {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl RecordedRequest {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    /// Returns the names of the headers. Without `accept-encoding`, which reqwest adds if any crate
    /// of the build enables decompression.
    pub(crate) fn header_names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self
            .headers
            .iter()
            .map(|(name, _)| name.as_str())
            .filter(|name| *name != "accept-encoding")
            .collect();
        names.sort_unstable();
        names
    }
}

/// A response and the server's action after it.
pub(crate) struct Reply {
    bytes: Vec<u8>,
    then: Then,
}

#[derive(Clone, Copy)]
enum Then {
    Listen,
    HangUp,
    Stall,
    /// Sends the same chunk until the client closes the connection.
    Repeat,
}

impl Reply {
    pub(crate) fn new(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
        let headers: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let head = format!(
            "HTTP/1.1 {status} .\r\n{headers}content-length: {}\r\n\r\n{body}",
            body.len()
        );
        Reply {
            bytes: head.into_bytes(),
            then: Then::Listen,
        }
    }

    pub(crate) fn redirect(status: u16, location: &str) -> Reply {
        Reply::new(status, &[("location", location)], "moved")
    }

    /// Sends these bytes and closes the connection.
    pub(crate) fn raw(bytes: impl Into<Vec<u8>>) -> Reply {
        Reply {
            bytes: bytes.into(),
            then: Then::HangUp,
        }
    }

    /// Sends these bytes and keeps the connection open.
    pub(crate) fn stalled(bytes: &str) -> Reply {
        Reply {
            bytes: bytes.into(),
            then: Then::Stall,
        }
    }

    /// Sends an endless body.
    pub(crate) fn endless() -> Reply {
        Reply {
            bytes: b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec(),
            then: Then::Repeat,
        }
    }
}

#[derive(Default)]
struct State {
    requests: Vec<RecordedRequest>,
    connections: usize,
}

pub(crate) struct Server {
    /// `http://127.0.0.1:PORT`.
    pub(crate) root: String,
    state: Arc<Mutex<State>>,
}

impl Server {
    /// Starts a server. `reply` gets each request and the number of requests before it.
    pub(crate) fn start(
        reply: impl Fn(&RecordedRequest, usize) -> Reply + Send + Sync + 'static,
    ) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Server {
            root: format!("http://{}", listener.local_addr().unwrap()),
            state: Arc::default(),
        };
        let (state, reply) = (Arc::clone(&server.state), Arc::new(reply));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, state, reply) =
                    (stream.unwrap(), Arc::clone(&state), Arc::clone(&reply));
                state.lock().unwrap().connections += 1;
                // Ignore errors of clients that close their connection.
                std::thread::spawn(move || drop(serve(stream, &state, reply.as_ref())));
            }
        });
        server
    }

    /// Starts a server that responds to all requests alike.
    pub(crate) fn always(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Server {
        Server::start(move |_, _| reply())
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.state.lock().unwrap().requests.clone()
    }

    /// Returns the methods and targets of all requests.
    pub(crate) fn request_lines(&self) -> Vec<String> {
        self.requests()
            .iter()
            .map(|request| format!("{} {}", request.method, request.target))
            .collect()
    }

    pub(crate) fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }
}

fn serve(
    stream: TcpStream,
    state: &Mutex<State>,
    reply: &dyn Fn(&RecordedRequest, usize) -> Reply,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    while let Some(request) = read_request(&mut stream)? {
        let before = {
            let mut state = state.lock().unwrap();
            state.requests.push(request.clone());
            state.requests.len() - 1
        };
        let Reply { bytes, then } = reply(&request, before);
        let stream = stream.get_mut();
        // A response to HEAD has no body.
        let head = bytes
            .windows(4)
            .position(|end| end == b"\r\n\r\n")
            .map_or(bytes.len(), |at| at + 4);
        stream.write_all(if request.method == "HEAD" {
            &bytes[..head]
        } else {
            &bytes
        })?;
        match then {
            Then::Listen => {}
            Then::HangUp => break,
            // Longer than the timeouts of all tests.
            Then::Stall => std::thread::sleep(Duration::from_secs(30)),
            Then::Repeat => loop {
                stream.write_all(b"10\r\n0123456789abcdef\r\n")?;
            },
        }
    }
    Ok(())
}

/// Reads a request. Returns `None` at the end of the connection.
fn read_request(stream: &mut BufReader<TcpStream>) -> std::io::Result<Option<RecordedRequest>> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split(' ').map(str::to_owned);
    let (method, target) = (words.next().unwrap(), words.next().unwrap());
    let mut headers = Vec::new();
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.push((name.to_lowercase(), value.to_owned())),
            None => break,
        }
    }
    let mut request = RecordedRequest {
        method,
        target,
        headers,
        body: String::new(),
    };
    let body = match request.header("transfer-encoding") {
        Some("chunked") => read_chunks(stream)?,
        _ => {
            let length = request.header("content-length");
            let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
            stream.read_exact(&mut body)?;
            body
        }
    };
    request.body = String::from_utf8(body).unwrap();
    Ok(Some(request))
}

/// Reads a body that is sent in chunks.
fn read_chunks(stream: &mut BufReader<TcpStream>) -> std::io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let length = usize::from_str_radix(line.trim(), 16).unwrap();
        let mut chunk = vec![0; length + 2];
        stream.read_exact(&mut chunk)?;
        body.extend_from_slice(&chunk[..length]);
        if length == 0 {
            return Ok(body);
        }
    }
}

pub(crate) const INFO: OperationInfo = OperationInfo::new("get_thing", "/things/{id}");

/// Sends `GET /things/{id}`.
pub(crate) async fn get(transport: &Transport, id: &str) -> Result<ResponseValue<Untyped>, Error> {
    send(transport, Method::GET, id, None).await
}

/// Sends a request to `/things/{id}`.
pub(crate) async fn send(
    transport: &Transport,
    method: Method,
    id: &str,
    body: Option<&str>,
) -> Result<ResponseValue<Untyped>, Error> {
    send_as(&INFO, transport, method, id, body).await
}

/// Sends a request of an operation to `/things/{id}`.
pub(crate) async fn send_as(
    info: &OperationInfo,
    transport: &Transport,
    method: Method,
    id: &str,
    body: Option<&str>,
) -> Result<ResponseValue<Untyped>, Error> {
    let mut request = transport.request(method);
    request.literal("/things/");
    request.path("id", Style::Simple, false, id)?;
    request.accept("application/json")?;
    if let Some(body) = body {
        request.bytes("text/plain", &Bytes::copy_from_slice(body.as_bytes()))?;
    }
    let response = transport.send(request.build()?, info).await?;
    match response.status().as_u16() {
        200..=299 => ResponseValue::from_response(response).await,
        400..=599 => Err(Error::documented(
            ResponseValue::untyped_error(response).await,
        )),
        _ => Err(Error::undocumented(response).await),
    }
}

/// Creates a client with the settings that `set` makes.
pub(crate) fn client(
    base_url: &str,
    set: impl FnOnce(
        gallery_runtime::ClientBuilder<Transport>,
    ) -> gallery_runtime::ClientBuilder<Transport>,
) -> Transport {
    set(gallery_runtime::ClientBuilder::new(base_url, &[]))
        .build()
        .unwrap()
}

/// All that an error says of itself, in every way.
pub(crate) fn all_of(error: &Error) -> String {
    let mut text = format!("{error}\n{error:?}\n{error:#?}");
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(&format!("\n{cause}\n{cause:?}"));
        source = cause.source();
    }
    text
}

/// Returns the messages of an error and of its sources.
pub(crate) fn chain(error: &dyn std::error::Error) -> Vec<String> {
    let first = Some(error);
    std::iter::successors(first, |error| error.source())
        .map(ToString::to_string)
        .collect()
}
