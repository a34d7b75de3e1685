//! Tests of bodies that are read while they are sent.

use std::io::Write as _;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use gallery_runtime::{
    Bytes, Call, ClientBuilder, Error, ErrorKind, Multipart, Operation, Progress, ResponseValue,
    RetryPolicy, Stream, Token, TokenProvider, Transport, Untyped, Upload,
};

use crate::support::{Reply, Server, all_of, client};

static PUT_FILE: Operation =
    Operation::new("put_file", "PUT", "/files").body("application/octet-stream");
static POST_FORM: Operation =
    Operation::new("post_form", "POST", "/forms").body("multipart/form-data");

type Outcome = Result<ResponseValue<Untyped>, Error>;

/// A stream of chunks, which may end with an error.
struct Chunks(Vec<Result<&'static str, &'static str>>);

impl Stream for Chunks {
    type Item = Result<Bytes, String>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.0.is_empty() {
            return Poll::Ready(None);
        }
        let next = self.0.remove(0);
        Poll::Ready(Some(next.map(Bytes::from).map_err(str::to_owned)))
    }
}

fn stream(chunks: &[&'static str], size: Option<u64>) -> Upload {
    Upload::stream(
        Chunks(chunks.iter().map(|chunk| Ok(*chunk)).collect()),
        size,
    )
}

fn fast_retries(builder: ClientBuilder<Transport>) -> ClientBuilder<Transport> {
    let policy = RetryPolicy::default();
    builder.retry_policy(policy.backoff(Duration::from_millis(1), Duration::from_millis(2)))
}

async fn put(server: &Server, upload: impl Into<Upload>) -> Outcome {
    put_with(&client(&server.root, fast_retries), upload).await
}

async fn put_with(transport: &Transport, upload: impl Into<Upload>) -> Outcome {
    let mut call = Call::new(transport, &PUT_FILE);
    call.upload(upload);
    call.send().await
}

/// A file with this content.
fn file(content: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(content.as_bytes()).unwrap();
    file
}

/// Records the progress.
fn recorded(upload: Upload) -> (Upload, Arc<Mutex<Vec<Progress>>>) {
    let all = Arc::new(Mutex::new(Vec::new()));
    let own = Arc::clone(&all);
    let upload = upload.on_progress(move |progress| own.lock().unwrap().push(progress));
    (upload, all)
}

/// Returns the numbers of bytes that were reported.
fn sent(progress: &Mutex<Vec<Progress>>) -> Vec<u64> {
    let progress = progress.lock().unwrap();
    progress.iter().map(|step| step.sent).collect()
}

fn ok() -> Server {
    Server::always(|| Reply::new(200, &[], "{}"))
}

#[tokio::test]
async fn files_and_streams_are_sent_with_their_length() {
    let server = ok();
    let on_disk = file("from a file");
    put(&server, Upload::file(on_disk.path())).await.unwrap();
    put(&server, stream(&["from ", "", "a stream"], Some(13)))
        .await
        .unwrap();
    put(&server, stream(&["in ", "chunks"], None))
        .await
        .unwrap();
    put(&server, Upload::reader(&b"from a reader"[..], Some(13)))
        .await
        .unwrap();
    put(&server, stream(&[], Some(0))).await.unwrap();
    let requests = server.requests();
    let sent: Vec<_> = requests
        .iter()
        .map(|request| {
            let header = |name| request.header(name).unwrap_or("none");
            assert_eq!(header("content-type"), "application/octet-stream");
            (
                request.body.as_str(),
                header("content-length"),
                header("transfer-encoding"),
            )
        })
        .collect();
    assert_eq!(
        sent,
        [
            ("from a file", "11", "none"),
            ("from a stream", "13", "none"),
            ("in chunks", "none", "chunked"),
            ("from a reader", "13", "none"),
            ("", "0", "none"),
        ]
    );
}

#[tokio::test]
async fn a_file_is_sent_again_after_an_error() {
    let server = Server::start(|_, before| match before {
        0 => Reply::new(503, &[], ""),
        1 => Reply::redirect(307, "/elsewhere"),
        _ => Reply::new(200, &[], "{}"),
    });
    let on_disk = file("0123456789");
    let (upload, progress) = recorded(Upload::file(on_disk.path()));
    put(&server, upload).await.unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    assert!(requests.iter().all(|request| request.body == "0123456789"));
    assert_eq!(
        sent(&progress),
        [10, 10, 10],
        "it starts anew with each attempt"
    );
}

#[tokio::test]
async fn a_stream_is_sent_once() {
    let server = Server::always(|| Reply::new(503, &[], ""));
    let upload = stream(&["a"], Some(1));
    let error = put(&server, upload.clone()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Status);
    assert_eq!(server.requests().len(), 1);
    let error = put(&server, upload).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Upload);
    assert!(
        all_of(&error).contains("the stream was sent before"),
        "{error:?}"
    );
    assert_eq!(server.requests().len(), 1);

    let server = Server::always(|| Reply::redirect(307, "/elsewhere"));
    let error = put(&server, stream(&["a"], Some(1))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert!(
        error.to_string().contains("the request body is a stream"),
        "{error}"
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_redirect_does_not_carry_a_file_to_another_host() {
    let other = ok();
    let target = format!("{}/files", other.root);
    let server = Server::always(move || Reply::redirect(307, &target));
    let on_disk = file("secret");
    let error = put(&server, Upload::file(on_disk.path()))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert_eq!(other.requests(), []);
}

#[tokio::test]
async fn a_renewed_token_repeats_files_but_no_streams() {
    struct Fresh(AtomicUsize);

    impl TokenProvider for Fresh {
        async fn token(&self, _: Option<&Token>) -> Result<Token, gallery_runtime::BoxError> {
            let number = self.0.fetch_add(1, Ordering::SeqCst);
            Ok(Token::new(format!("token-{number}")))
        }
    }

    let server = Server::start(|_, before| match before {
        1 => Reply::new(200, &[], "{}"),
        _ => Reply::new(401, &[], ""),
    });
    let transport = client(&server.root, |builder| {
        builder.token_provider(Fresh(AtomicUsize::new(0)))
    });
    let on_disk = file("abc");
    put_with(&transport, Upload::file(on_disk.path()))
        .await
        .unwrap();
    let error = put_with(&transport, stream(&["a"], None))
        .await
        .unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 401);
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn errors_of_the_source_end_the_call() {
    let server = ok();
    let failing = || Chunks(vec![Ok("0123"), Err("the disk failed")]);
    let cases = [
        (
            Upload::file("/no/such/file"),
            "cannot read the file `/no/such/file`: No such file",
        ),
        (
            Upload::file("/"),
            "cannot read the file `/`: it is a directory",
        ),
        (Upload::stream(failing(), Some(9)), "the disk failed"),
        (Upload::stream(failing(), None), "the disk failed"),
        (
            stream(&["0123"], Some(9)),
            "the body ended after 4 bytes instead of 9",
        ),
        (
            stream(&["0123"], Some(3)),
            "the body has at least 4 bytes instead of 3",
        ),
        (
            stream(&["012", "3"], Some(3)),
            "the body has at least 4 bytes instead of 3",
        ),
        (
            stream(&["0"], Some(0)),
            "the body has at least 1 bytes instead of 0",
        ),
    ];
    for (upload, expected) in cases {
        let error = put(&server, upload).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Upload, "{expected}: {error:?}");
        assert_eq!(
            error.to_string(),
            "put_file (PUT /files): could not read the body of the request"
        );
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.starts_with(expected), "{source}");
        assert!(!error.is_retryable());
    }
    assert_eq!(server.requests(), [], "no request is complete");
}

#[tokio::test]
async fn progress_is_reported_for_memory_files_and_forms() {
    let server = ok();
    let content = "0123456789".repeat(20_000);
    let on_disk = file(&content);
    let uploads = [
        Upload::from(content.clone()),
        Upload::file(on_disk.path()),
        Upload::reader(std::io::Cursor::new(content.clone()), None),
    ];
    for (upload, total) in uploads
        .into_iter()
        .zip([Some(200_000), Some(200_000), None])
    {
        let (upload, progress) = recorded(upload);
        put(&server, upload).await.unwrap();
        let progress = progress.lock().unwrap();
        assert!(progress.len() > 3, "{progress:?}");
        assert!(progress.is_sorted_by_key(|step| step.sent), "{progress:?}");
        assert_eq!(progress.last().unwrap().sent, 200_000);
        assert!(progress.iter().all(|step| step.total == total));
    }
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.body == content)
    );
}

#[tokio::test]
async fn parts_of_forms_are_read_while_they_are_sent() {
    let server = Server::start(|_, before| match before {
        0 => Reply::new(503, &[], ""),
        _ => Reply::new(200, &[], "{}"),
    });
    let on_disk = file("in a file");
    let (upload, progress) = recorded(Upload::file(on_disk.path()));
    let form = Multipart::new()
        .text("title", "Cover")
        .file("image", "a.png", "image/png", upload)
        .file("other", "b.png", "image/png", "in memory");
    let transport = client(&server.root, |builder| {
        let policy = RetryPolicy::default().any_method();
        builder.retry_policy(policy.backoff(Duration::from_millis(1), Duration::from_millis(2)))
    });
    let mut call = Call::new(&transport, &POST_FORM);
    call.multipart(&form);
    call.send::<Untyped, Untyped>().await.unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 2, "a form of files is sent again");
    for request in &requests {
        let (_, boundary) = request
            .header("content-type")
            .unwrap()
            .split_once("boundary=")
            .unwrap();
        assert_eq!(
            request.header("content-length").unwrap(),
            request.body.len().to_string()
        );
        let head =
            |rest: &str| format!("--{boundary}\r\nContent-Disposition: form-data; name={rest}");
        let image =
            head("\"image\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\nin a file\r\n");
        let other =
            head("\"other\"; filename=\"b.png\"\r\nContent-Type: image/png\r\n\r\nin memory\r\n");
        let title = head("\"title\"\r\n\r\nCover\r\n");
        assert_eq!(
            request.body,
            format!("{title}{image}{other}--{boundary}--\r\n")
        );
    }
    assert_eq!(sent(&progress), [9, 9], "the progress of the part");
}

/// A stream that has its next bytes after a while, or never.
struct Slow {
    sent: usize,
    last: usize,
    sleep: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl Stream for Slow {
    type Item = Result<Bytes, String>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let pause = match self.sent {
            sent if sent == self.last => Duration::from_secs(60),
            _ => Duration::from_millis(40),
        };
        let sleep = self
            .sleep
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(pause)));
        std::task::ready!(sleep.as_mut().poll(context));
        self.sleep = None;
        self.sent += 1;
        Poll::Ready(Some(Ok(Bytes::from_static(b"x"))))
    }
}

#[tokio::test]
async fn the_timeout_is_for_idle_bodies() {
    let server = ok();
    let transport = client(&server.root, |builder| {
        builder.timeout(Duration::from_millis(200))
    });
    let slow = |last| Slow {
        sent: 0,
        last,
        sleep: None,
    };
    let started = std::time::Instant::now();
    // Each of 10 bytes takes 40 ms, and then nothing follows.
    let error = put_with(&transport, Upload::stream(slow(10), None))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(
        started.elapsed() >= Duration::from_millis(600),
        "{:?}",
        started.elapsed()
    );

    // The response has a timeout of its own.
    let server = Server::always(|| Reply::stalled("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n{"));
    let transport = client(&server.root, |builder| {
        builder.timeout(Duration::from_millis(200))
    });
    let error = put_with(&transport, stream(&["a"], None))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn a_server_that_does_not_read_ends_by_the_timeout() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    let transport = client(&root, |builder| builder.timeout(Duration::from_millis(300)));
    let endless = tokio::io::repeat(b'x');
    let error = put_with(&transport, Upload::reader(endless, None))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    drop(listener);
}

#[tokio::test]
async fn middleware_sees_no_body_and_can_replace_it() {
    struct Replace;

    impl gallery_runtime::Middleware for Replace {
        async fn handle(
            &self,
            mut request: gallery_runtime::reqwest::Request,
            next: gallery_runtime::Next<'_>,
        ) -> Result<gallery_runtime::reqwest::Response, gallery_runtime::TransportError> {
            assert!(request.body().is_none());
            *request.body_mut() = Some("replaced".into());
            next.run(request).await
        }
    }

    let server = ok();
    let transport = client(&server.root, |builder| builder.middleware(Replace));
    put_with(&transport, stream(&["original"], None))
        .await
        .unwrap();
    assert_eq!(server.requests()[0].body, "replaced");
}

#[test]
fn uploads_are_compared_by_content_and_show_none() {
    let (one, other) = (stream(&["secret"], Some(6)), stream(&["secret"], Some(6)));
    assert!(one == one.clone() && one != other);
    assert_eq!(Upload::from("a"), Upload::from(vec![b'a']));
    assert_ne!(Upload::from("a"), Upload::file("a"));
    let shown = format!(
        "{:?} {one:?} {:?}",
        Upload::from("secret"),
        Upload::file("a.png")
    );
    assert_eq!(
        shown,
        "Upload(6 bytes) Upload(stream of 6 bytes) Upload(\"a.png\")"
    );
}
