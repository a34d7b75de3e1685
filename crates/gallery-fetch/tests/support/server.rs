//! A loopback server that returns responses from a map, valid or not, and records requests.
//!
//! It writes HTTP/1.1 byte by byte, because a library would not let it send what has to be tested.
//! It stops when it is dropped.

#![expect(clippy::unwrap_used, reason = "a test")]
#![allow(dead_code, reason = "each of those that share it needs a part")]

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A response.
#[derive(Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// The `Content-Length`; `None` sends the body in chunks.
    pub(crate) length: Option<usize>,
    /// Number of bytes of the body after which the connection is closed or stalls.
    pub(crate) stop: Option<(usize, Stop)>,
    /// Delay before the response.
    pub(crate) after: Duration,
}

/// The end of an incomplete response.
#[derive(Clone, Copy)]
pub(crate) enum Stop {
    HangUp,
    Stall,
}

impl Reply {
    /// Creates a response with a file and its ETag. A request with that ETag gets a 304.
    pub(crate) fn file(body: impl Into<Vec<u8>>) -> Reply {
        let body = body.into();
        let sum = body.iter().fold(7u64, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(u64::from(*byte))
        });
        Reply {
            headers: vec![("etag", format!("\"{sum:x}\""))],
            ..Reply::with(200, body)
        }
    }

    pub(crate) fn status(status: u16) -> Reply {
        Reply::with(status, "no")
    }

    pub(crate) fn redirect(to: impl Into<String>) -> Reply {
        Reply {
            headers: vec![("location", to.into())],
            ..Reply::with(302, "")
        }
    }

    fn with(status: u16, body: impl Into<Vec<u8>>) -> Reply {
        let body = body.into();
        Reply {
            status,
            headers: Vec::new(),
            length: Some(body.len()),
            body,
            stop: None,
            after: Duration::ZERO,
        }
    }
}

/// A request and its response.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) status: u16,
    /// Number of bytes of the body.
    pub(crate) sent: usize,
}

#[derive(Default)]
struct State {
    replies: BTreeMap<String, VecDeque<Reply>>,
    seen: Vec<Seen>,
    under_way: usize,
    most: usize,
    connections: usize,
}

pub(crate) struct Server {
    /// `http://127.0.0.1:PORT`, without a trailing slash.
    pub(crate) root: String,
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    ended: Arc<AtomicBool>,
}

impl Server {
    /// Starts a server that returns 404 for every path.
    pub(crate) fn start() -> Server {
        Server::serve("http", |stream, state| {
            converse(BufReader::new(stream), state)
        })
    }

    /// Starts a server over TLS, with a certificate for localhost.
    pub(crate) fn start_tls(config: Arc<rustls::ServerConfig>) -> Server {
        Server::serve("https", move |stream, state| {
            let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            converse(
                BufReader::new(rustls::StreamOwned::new(connection, stream)),
                state,
            )
        })
    }

    fn serve(
        scheme: &str,
        converse: impl Fn(TcpStream, &Mutex<State>) -> io::Result<()> + Clone + Send + 'static,
    ) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let host = if scheme == "https" {
            format!("localhost:{}", address.port())
        } else {
            address.to_string()
        };
        let server = Server {
            root: format!("{scheme}://{host}"),
            address,
            state: Arc::default(),
            ended: Arc::default(),
        };
        let (state, ended) = (Arc::clone(&server.state), Arc::clone(&server.ended));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                let (stream, state, converse) =
                    (stream.unwrap(), Arc::clone(&state), converse.clone());
                stream.set_nodelay(true).unwrap();
                state.lock().unwrap().connections += 1;
                // Clients may disconnect at any time.
                thread::spawn(move || drop(converse(stream, &state)));
            }
        });
        server
    }

    /// Sets the response for a path.
    pub(crate) fn put(&self, path: &str, reply: Reply) {
        self.script(path, [reply]);
    }

    /// Sets the responses for a path: one for each request, and the last one for all further
    /// requests.
    pub(crate) fn script(&self, path: &str, replies: impl IntoIterator<Item = Reply>) {
        self.state
            .lock()
            .unwrap()
            .replies
            .insert(path.to_owned(), replies.into_iter().collect());
    }

    /// Removes the response for a path.
    pub(crate) fn remove(&self, path: &str) {
        assert!(
            self.state.lock().unwrap().replies.remove(path).is_some(),
            "{path}"
        );
    }

    /// Returns the requests since the last call.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.state.lock().unwrap().seen)
    }

    /// Returns the file names requested since the last call of this function or `seen`, sorted.
    pub(crate) fn requests(&self) -> Vec<String> {
        let mut names: Vec<_> = self
            .seen()
            .iter()
            .filter_map(|seen| seen.path.rsplit('/').next().map(str::to_owned))
            .collect();
        names.sort();
        names
    }

    /// Returns the maximum number of concurrent requests.
    pub(crate) fn most(&self) -> usize {
        self.state.lock().unwrap().most
    }

    pub(crate) fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        // Wake the thread that accepts connections.
        drop(TcpStream::connect(self.address));
    }
}

/// Responds to requests until the connection ends.
fn converse<S: Read + Write>(mut stream: BufReader<S>, state: &Mutex<State>) -> io::Result<()> {
    loop {
        let Some((path, headers)) = request(&mut stream)? else {
            return Ok(());
        };
        let reply = {
            let mut state = state.lock().unwrap();
            state.under_way += 1;
            state.most = state.most.max(state.under_way);
            match state.replies.get_mut(&path) {
                Some(replies) if replies.len() > 1 => replies.pop_front().unwrap(),
                Some(replies) => replies[0].clone(),
                None => Reply::status(404),
            }
        };
        thread::sleep(reply.after);
        let etag = reply
            .headers
            .iter()
            .find(|(name, _)| *name == "etag")
            .map(|(_, etag)| etag);
        let unchanged = etag.is_some() && headers.get("if-none-match") == etag;
        let reply = if unchanged {
            Reply {
                status: 304,
                body: Vec::new(),
                length: Some(0),
                ..reply
            }
        } else {
            reply
        };
        {
            let mut state = state.lock().unwrap();
            state.under_way -= 1;
            state.seen.push(Seen {
                path,
                headers,
                status: reply.status,
                sent: reply.body.len(),
            });
        }
        if !answer(stream.get_mut(), &reply)? {
            return Ok(());
        }
    }
}

/// Reads the path and the headers of a request. Returns `None` at the end of the connection.
fn request(stream: &mut impl BufRead) -> io::Result<Option<(String, BTreeMap<String, String>)>> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = BTreeMap::new();
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.insert(name.to_lowercase(), value.to_owned()),
            None => return Ok(Some((path, headers))),
        };
    }
}

/// Sends a response. Returns true if the connection can be reused.
fn answer(stream: &mut impl Write, reply: &Reply) -> io::Result<bool> {
    let mut head = format!("HTTP/1.1 {} .\r\n", reply.status);
    for (name, value) in &reply.headers {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    match reply.length {
        Some(length) => write!(head, "content-length: {length}\r\n\r\n").unwrap(),
        None => head.push_str("transfer-encoding: chunked\r\n\r\n"),
    }
    let (sent, stop) = match reply.stop {
        Some((after, stop)) => (&reply.body[..after.min(reply.body.len())], Some(stop)),
        None => (reply.body.as_slice(), None),
    };
    let mut bytes = head.into_bytes();
    match reply.length {
        Some(_) => bytes.extend_from_slice(sent),
        None => {
            for piece in sent.chunks(1000) {
                write!(bytes, "{:x}\r\n", piece.len())?;
                bytes.extend_from_slice(piece);
                bytes.extend_from_slice(b"\r\n");
            }
            if stop.is_none() {
                bytes.extend_from_slice(b"0\r\n\r\n");
            }
        }
    }
    stream.write_all(&bytes)?;
    stream.flush()?;
    match stop {
        None => Ok(reply.length.is_none_or(|length| length == reply.body.len())),
        Some(Stop::HangUp) => Ok(false),
        Some(Stop::Stall) => {
            // Longer than any test runs.
            thread::sleep(Duration::from_secs(20));
            Ok(false)
        }
    }
}

/// Returns gzip of `count` times the same byte.
pub(crate) fn gzip_of(byte: u8, times: usize) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    io::copy(&mut io::repeat(byte).take(times as u64), &mut packed).unwrap();
    packed.finish().unwrap()
}

/// Returns gzip of a text.
pub(crate) fn gzip(text: &str) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

/// Returns a self-signed certificate for localhost in PEM, and a server configuration with it.
pub(crate) fn certificate() -> (String, Arc<rustls::ServerConfig>) {
    // Another test may have installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key);
    (made.cert.pem(), Arc::new(config.unwrap()))
}
