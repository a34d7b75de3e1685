//! Tests of calls as generated code makes them: requests, responses, errors and timeouts.

use std::time::{Duration, Instant};

use gallery_runtime::reqwest::{Method, Request, Response, header};
use gallery_runtime::{
    BodyError, CallOptions, Error, ErrorKind, Middleware, Next, ResponseValue, RetryPolicy, Style,
    Transport, TransportError,
};

use crate::support::{INFO, Reply, Server, all_of, chain, client, get, send};

/// Appends its name and the operation to a header.
struct Named(&'static str);

impl Middleware for Named {
    async fn handle(
        &self,
        mut request: Request,
        next: Next<'_>,
    ) -> Result<Response, TransportError> {
        let path = request
            .headers()
            .get("x-path")
            .map(|path| path.to_str().unwrap().to_owned())
            .unwrap_or_default();
        let path = format!("{path}/{}:{}", self.0, next.operation().operation_id);
        request
            .headers_mut()
            .insert("x-path", path.parse().unwrap());
        next.run(request).await
    }
}

struct Rejecting;

impl Middleware for Rejecting {
    async fn handle(&self, _: Request, _: Next<'_>) -> Result<Response, TransportError> {
        Err(TransportError::Middleware("not today".into()))
    }
}

#[tokio::test]
async fn sends_only_declared_and_configured_headers() {
    let server = Server::always(|| Reply::new(200, &[], "{}"));
    let plain = client(&format!("{}/v1/", server.root), |builder| builder);
    assert_eq!(get(&plain, "a b").await.unwrap().text().unwrap(), "{}");
    let set = client(&server.root, |builder| {
        builder
            .user_agent("mine/1")
            .header(header::ACCEPT_LANGUAGE, "de")
            .middleware(Named("a"))
            .middleware(Named("b"))
    });
    let once = set.with_options(CallOptions::new().header(
        header::HeaderName::from_static("x-once"),
        header::HeaderValue::from_static("1"),
    ));
    send(&once, Method::POST, "1", Some("text")).await.unwrap();
    get(&set, "1").await.unwrap();
    let [first, second, third] = server.requests().try_into().unwrap();
    assert_eq!(
        (first.target.as_str(), first.header_names()),
        ("/v1/things/a%20b", vec!["accept", "host"])
    );
    let names = [
        "accept",
        "accept-language",
        "content-length",
        "content-type",
        "host",
        "user-agent",
        "x-once",
        "x-path",
    ];
    assert_eq!(second.header_names(), names);
    assert_eq!(
        (second.header("user-agent"), second.header("x-path")),
        (Some("mine/1"), Some("/a:get_thing/b:get_thing"))
    );
    assert_eq!(
        third.header_names(),
        ["accept", "accept-language", "host", "user-agent", "x-path"]
    );
}

#[tokio::test]
async fn middleware_can_end_a_call() {
    let error = get(
        &client("http://127.0.0.1:9", |builder| {
            builder.middleware(Rejecting)
        }),
        "1",
    )
    .await
    .unwrap_err();
    assert!(matches!(error, Error::Middleware(_)));
    assert_eq!(
        chain(&error),
        [
            "get_thing (GET /things/{id}): middleware error",
            "not today"
        ]
    );
    assert_eq!(
        (error.kind(), error.status(), error.is_retryable()),
        (ErrorKind::Middleware, None, false)
    );
}

#[tokio::test]
async fn rejects_path_arguments_that_change_the_path() {
    let server = Server::always(|| Reply::new(200, &[], ""));
    let client = client(&server.root, |builder| builder);
    for id in ["", ".", ".."] {
        assert_eq!(
            get(&client, id).await.unwrap_err().kind(),
            ErrorKind::InvalidRequest,
            "{id:?}"
        );
    }
    assert_eq!(server.connections(), 0);
    for id in ["a/../b", "a?b#c", "\u{0}\r\n", "ü%2F"] {
        get(&client, id).await.unwrap();
    }
    assert_eq!(
        server.request_lines(),
        [
            "GET /things/a%2F..%2Fb",
            "GET /things/a%3Fb%23c",
            "GET /things/%00%0D%0A",
            "GET /things/%C3%BC%252F"
        ]
    );
}

#[tokio::test]
async fn classifies_malformed_responses() {
    let chunks = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    for (reply, kind, status, excerpt) in [
        ("", ErrorKind::ConnectionLost, None, None),
        ("garbage\r\n\r\n", ErrorKind::ConnectionLost, None, None),
        (
            "HTTP/9.9 200 OK\r\n\r\n",
            ErrorKind::ConnectionLost,
            None,
            None,
        ),
        (
            "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
            ErrorKind::ConnectionLost,
            None,
            None,
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n",
            ErrorKind::ConnectionLost,
            None,
            None,
        ),
        (
            "HTTP/1.1 200 OK\r\nx-trace: 1\r\ncontent-length: 100\r\n\r\nhalf",
            ErrorKind::ConnectionLost,
            Some(200),
            Some("half"),
        ),
        (
            &format!("{chunks}4\r\nhalf\r\n"),
            ErrorKind::ConnectionLost,
            Some(200),
            Some("half"),
        ),
        (
            &format!("{chunks}4\r\nhalf\r\nzz\r\n"),
            ErrorKind::ConnectionLost,
            Some(200),
            Some("half"),
        ),
        (
            "HTTP/1.1 403 Forbidden\r\ncontent-length: 100\r\n\r\nno",
            ErrorKind::Status,
            Some(403),
            Some("no"),
        ),
        (
            "HTTP/1.1 304 Not Modified\r\n\r\n",
            ErrorKind::UnexpectedStatus,
            Some(304),
            Some(""),
        ),
        (
            "HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n",
            ErrorKind::UnexpectedStatus,
            Some(999),
            Some(""),
        ),
    ] {
        let bytes = reply.to_owned();
        let server = Server::always(move || Reply::raw(bytes.clone()));
        let error = get(
            &client(&server.root, |builder| {
                builder.retry_policy(RetryPolicy::none())
            }),
            "1",
        )
        .await
        .unwrap_err();
        let actual = (
            error.kind(),
            error.status().map(|status| status.as_u16()),
            error.body_excerpt().map(AsRef::as_ref),
        );
        assert_eq!(
            actual,
            (kind, status, excerpt.map(str::as_bytes)),
            "{reply:?}: {error}"
        );
        assert_eq!(server.requests().len(), 1, "{reply:?}");
    }
}

/// Sends `GET /things/1`.
async fn undecoded(transport: &Transport) -> gallery_runtime::Response {
    let mut request = transport.request(Method::GET);
    request.literal("/things/1");
    transport
        .send(request.build().unwrap(), &INFO)
        .await
        .unwrap()
}

#[tokio::test]
async fn describes_bodies_that_do_not_match_the_schema() {
    for (reply, message) in [
        (
            Reply::new(200, &[("content-type", "text/html")], "<html>"),
            [
                "get_thing (GET /things/{id}): invalid response (200 OK, text/html)",
                "the body does not match the documented schema",
                "expected value at line 1 column 1",
            ],
        ),
        (
            Reply::new(200, &[("content-type", "application/json")], ""),
            [
                "get_thing (GET /things/{id}): invalid response (200 OK, empty body)",
                "the body does not match the documented schema",
                "EOF while parsing a value at line 1 column 0",
            ],
        ),
    ] {
        let reply = std::sync::Mutex::new(Some(reply));
        let server = Server::always(move || reply.lock().unwrap().take().unwrap());
        let transport = client(&server.root, |builder| builder);
        let response = undecoded(&transport).await;
        let error: Error = ResponseValue::<Vec<String>>::from_response(response)
            .await
            .unwrap_err();
        assert_eq!(chain(&error), message);
        assert_eq!(
            (error.kind(), error.is_retryable()),
            (ErrorKind::InvalidBody, false)
        );
    }
}

#[tokio::test]
async fn typed_errors_keep_their_body() {
    let server = Server::always(|| Reply::new(409, &[("x-trace", "1")], "[\"why\"]"));
    let transport = client(&server.root, |builder| builder);
    let response = undecoded(&transport).await;
    let error = Error::documented(
        ResponseValue::<Vec<String>>::from_response::<Vec<String>>(response)
            .await
            .unwrap(),
    );
    assert_eq!(error.body_excerpt().unwrap().as_ref(), b"[\"why\"]");
    assert_eq!(error.headers().unwrap()["x-trace"], "1");
    let Error::ErrorResponse(response) = error else {
        panic!("{error:?}")
    };
    assert_eq!(response.into_inner(), ["why"]);
}

#[tokio::test]
async fn limits_the_size_of_bodies() {
    let server = Server::start(|request, _| {
        if request.target.ends_with('e') {
            Reply::endless()
        } else {
            Reply::new(200, &[], "0123456789")
        }
    });
    let limit_10 = client(&server.root, |builder| builder.max_body_bytes(10));
    assert_eq!(get(&limit_10, "1").await.unwrap().bytes().len(), 10);
    let limit_9 = limit_10.with_options(CallOptions::new().max_body_bytes(9));
    for (id, excerpt) in [("1", 10), ("e", 0)] {
        let error = get(&limit_9, id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BodyTooLarge);
        assert_eq!(chain(&error)[1], "the body is larger than 9 bytes");
        assert!(error.body_excerpt().unwrap().len() >= excerpt);
    }
    let long = "x".repeat(100_000);
    let server = Server::always(move || Reply::new(400, &[], &long));
    let error = get(&client(&server.root, |builder| builder), "1")
        .await
        .unwrap_err();
    assert_eq!(error.body_excerpt().unwrap().len(), 64 << 10);
}

#[tokio::test]
async fn keeps_incomplete_bodies_of_errors() {
    let server =
        Server::always(|| Reply::raw("HTTP/1.1 403 Forbidden\r\ncontent-length: 100\r\n\r\nno"));
    let error = get(&client(&server.root, |builder| builder), "1")
        .await
        .unwrap_err();
    let Error::ErrorResponse(response) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(
        (
            response.status().as_u16(),
            response.text().unwrap(),
            response.is_truncated()
        ),
        (403, "no", true)
    );
}

#[tokio::test]
async fn timeouts_apply_to_clients_and_to_calls() {
    let short = Duration::from_millis(100);
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf";
    let server = Server::start(move |request, _| match request.target.as_str() {
        "/things/silent" => Reply::stalled(""),
        "/things/half" => Reply::stalled(half),
        _ => Reply::stalled(&half.replace("200 OK", "400 Bad Request")),
    });
    let of_client = client(&server.root, |builder| builder.timeout(short));
    let of_call = client(&server.root, |builder| builder.timeout(None))
        .with_options(CallOptions::new().timeout(short));
    for client in [of_client, of_call] {
        let start = Instant::now();
        let error = get(&client, "silent").await.unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string().as_str()),
            (
                ErrorKind::Timeout,
                "get_thing (GET /things/{id}): request timed out after 100ms"
            )
        );
        assert!(error.is_timeout() && error.is_retryable());
        let error = get(&client, "half").await.unwrap_err();
        assert!(
            matches!(error, Error::InvalidResponse(_, BodyError::Timeout)) && error.is_timeout(),
            "{error:?}"
        );
        assert_eq!(error.body_excerpt().unwrap().as_ref(), b"half");
        let error = get(&client, "error").await.unwrap_err();
        assert_eq!(
            (error.kind(), error.body_excerpt().unwrap().as_ref()),
            (ErrorKind::Status, &b"half"[..])
        );
        assert!((3 * short..Duration::from_secs(10)).contains(&start.elapsed()));
    }
    // There was no time for retries.
    assert_eq!(server.requests().len(), 6);
}

#[tokio::test]
async fn connection_errors_show_only_the_origin() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = client(&format!("{root}/base"), |builder| {
        builder.retry_policy(RetryPolicy::none())
    });
    let mut request = client.request(Method::GET);
    request.literal("/secret-in-path");
    request
        .query("key", Style::Form, true, "secret-in-query")
        .unwrap();
    let error: Error = client
        .send(request.build().unwrap(), &INFO)
        .await
        .unwrap_err()
        .into();
    assert_eq!(
        (error.kind(), error.is_retryable()),
        (ErrorKind::Connect, true)
    );
    assert_eq!(
        chain(&error)[..2],
        [
            "get_thing (GET /things/{id}): could not connect".to_owned(),
            format!("error sending request for url ({root}/)")
        ]
    );
    assert!(!all_of(&error).contains("secret"), "{}", all_of(&error));
}

#[tokio::test]
async fn reuses_connections() {
    let server = Server::start(
        |request, before| match (request.target.as_str(), before % 2) {
            ("/things/moved", _) => Reply::redirect(307, "/things/there"),
            ("/things/busy", 0) => Reply::new(503, &[("retry-after", "0")], "busy"),
            ("/things/wrong", _) => Reply::new(400, &[], "no"),
            _ => Reply::new(200, &[], "yes"),
        },
    );
    let client = client(&server.root, |builder| builder);
    for _ in 0..3 {
        get(&client, "moved").await.unwrap();
        get(&client, "busy").await.unwrap();
        get(
            &client.with_options(CallOptions::new().timeout(Duration::from_secs(9))),
            "wrong",
        )
        .await
        .unwrap_err();
        send(&client, Method::POST, "1", Some("body"))
            .await
            .unwrap();
    }
    assert_eq!((server.requests().len(), server.connections()), (18, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_calls_do_not_mix() {
    let server = Server::start(|request, before| match before % 5 {
        0 => Reply::new(503, &[("retry-after", "0")], "busy"),
        1 if request.target.contains("things") => {
            Reply::redirect(307, &request.target.replace("things", "other"))
        }
        _ => Reply::new(
            200,
            &[],
            &format!(
                "{} {}",
                request.target.rsplit('/').next().unwrap(),
                request.body
            ),
        ),
    });
    // Enough attempts for every call to succeed.
    let policy = RetryPolicy::default().max_attempts(50).any_method();
    let client = client(&server.root, |builder| builder.retry_policy(policy));
    let calls = (0..50).map(|number| {
        let client = client.clone();
        tokio::spawn(async move {
            let (id, body) = (format!("id-{number}"), format!("body-{number}"));
            let response = send(&client, Method::POST, &id, Some(&body)).await.unwrap();
            assert_eq!(response.text().unwrap(), format!("{id} {body}"));
        })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap();
    }
}

#[tokio::test]
async fn errors_show_the_operation_and_the_message_of_the_api() {
    for (status, body, expected) in [
        (
            403,
            r#"{"id": "x", "message": "You do not have the permission"}"#,
            "403 Forbidden: You do not have the permission",
        ),
        (
            500,
            r#"{"error": {"message": "two\nlines"}}"#,
            "500 Internal Server Error: two\\nlines",
        ),
        (404, "<html>", "404 Not Found"),
        (
            999,
            r#"{"detail": "odd"}"#,
            "the server returned the undocumented status 999 <unknown status code>: odd",
        ),
        (
            304,
            r#"{"detail": "odd"}"#,
            "the server returned the undocumented status 304 Not Modified",
        ),
    ] {
        let server = Server::always(move || Reply::new(status, &[], body));
        let client = client(&server.root, |builder| {
            builder.retry_policy(RetryPolicy::none())
        });
        let error = send(&client, Method::POST, "secret-id", Some("text"))
            .await
            .unwrap_err();
        assert_eq!(
            chain(&error),
            [format!("get_thing (POST /things/{{id}}): {expected}")]
        );
    }
}

#[tokio::test]
async fn typed_errors_show_the_message_of_the_api() {
    let server = Server::always(|| Reply::new(409, &[], r#"{"title": "why"}"#));
    let transport = client(&server.root, |builder| builder);
    type Documented = std::collections::BTreeMap<String, String>;
    let body =
        ResponseValue::<Documented>::from_response::<Documented>(undecoded(&transport).await);
    assert_eq!(
        Error::documented(body.await.unwrap()).to_string(),
        "get_thing (GET /things/{id}): 409 Conflict: why"
    );
    let error: Error = ResponseValue::<Vec<String>>::from_response(undecoded(&transport).await)
        .await
        .unwrap_err();
    assert_eq!(
        chain(&error)[..2],
        [
            "get_thing (GET /things/{id}): invalid response (409 Conflict, no content type): why",
            "the body does not match the documented schema"
        ]
    );
}

#[tokio::test]
async fn numbers_that_are_not_finite_are_not_sent() {
    let server = Server::always(|| Reply::new(200, &[], ""));
    let client = client(&server.root, |builder| builder);
    let call = async |arguments: [f64; 3]| -> Result<(), Error> {
        let mut request = client.request(Method::POST);
        request.literal("/things/");
        request.path("id", Style::Simple, false, &arguments[0])?;
        request.query("ratio", Style::Form, true, &arguments[1])?;
        request.json("application/json", &[("price", arguments[2])])?;
        client.send(request.build()?, &INFO).await?;
        Ok(())
    };
    for (arguments, place) in [
        (
            [f64::NAN, 1.0, 1.0],
            "argument `id`: cannot serialize the value:",
        ),
        (
            [1.0, f64::NAN, 1.0],
            "argument `ratio`: cannot serialize the value:",
        ),
        ([1.0, 1.0, f64::NAN], "cannot serialize the body: `/0/1`:"),
    ] {
        let error = call(arguments).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("invalid request: {place} NaN is not a finite number")
        );
    }
    assert_eq!(server.connections(), 0);
    call([1.0, 0.5, 1e300]).await.unwrap();
    assert_eq!(server.requests()[0].body, r#"[["price",1e+300]]"#);
}

#[tokio::test]
async fn a_false_length_reserves_no_memory() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 9223372036854775807\r\n\r\nabc";
    let server = Server::always(move || Reply::raw(head));
    let unlimited = client(&server.root, |builder| {
        let builder = builder.retry_policy(RetryPolicy::none());
        builder.max_body_bytes(usize::MAX)
    });
    let error = get(&unlimited, "a").await.unwrap_err();
    assert_eq!(
        error.body_excerpt().map(|body| &body[..]),
        Some(&b"abc"[..])
    );
}
