//! Tests of redirects: method and body do not change, and secrets stay with their host.

use gallery_runtime::reqwest::{Method, Request, Response, header};
use gallery_runtime::{
    AuthScheme, CallOptions, Error, ErrorKind, Middleware, Next, RedirectError, TransportError,
};

use crate::support::{Reply, Server, client, get, send};

#[tokio::test]
async fn follows_redirects_without_changing_the_method() {
    for status in [301, 302, 303, 307, 308] {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            let server = Server::start(move |request, _| match request.target.as_str() {
                "/there?x=1" => Reply::new(204, &[], ""),
                _ => Reply::redirect(status, "/there?x=1"),
            });
            let body = ["POST", "PUT", "PATCH"].contains(&method).then_some("text");
            let client = client(&server.root, |builder| builder);
            let outcome = send(
                &client,
                Method::from_bytes(method.as_bytes()).unwrap(),
                "1",
                body,
            )
            .await;
            let mut expected = vec![format!("{method} /things/1")];
            if [307, 308].contains(&status) || ["GET", "HEAD"].contains(&method) {
                assert_eq!(outcome.unwrap().status(), 204, "{status} {method}");
                expected.push(format!("{method} /there?x=1"));
            } else {
                let error = outcome.unwrap_err();
                let Error::UnexpectedResponse(summary) = &error else {
                    panic!("{error:?}")
                };
                assert_eq!(
                    (error.kind(), summary.redirect_error()),
                    (ErrorKind::Redirect, Some(RedirectError::MethodChange))
                );
                assert_eq!(
                    (
                        summary.headers()["location"].as_bytes(),
                        summary.body_excerpt().as_ref()
                    ),
                    (&b"/there?x=1"[..], &b"moved"[..])
                );
                assert!(
                    error.to_string().ends_with(
                        "the redirect was not followed: it would change the method to GET"
                    )
                );
            }
            assert_eq!(server.request_lines(), expected, "{status} {method}");
            assert!(
                server
                    .requests()
                    .iter()
                    .all(|request| request.body == body.unwrap_or_default()),
                "{status} {method}"
            );
        }
    }
}

#[tokio::test]
async fn ends_loops_and_invalid_redirects() {
    let server = Server::start(|request, _| {
        let step = |target: &str| {
            request
                .target
                .rsplit('/')
                .next()
                .unwrap_or(target)
                .parse::<usize>()
        };
        match (step(""), request.target.as_str()) {
            (Ok(0), _) => Reply::new(200, &[], "there"),
            (Ok(left), _) => Reply::redirect(302, &format!("{}", left - 1)),
            (_, "/things/circle") => Reply::redirect(302, "/things/round"),
            (_, "/things/round") => Reply::redirect(302, "/things/circle"),
            (_, "/things/itself") => Reply::redirect(307, "#top"),
            (_, "/things/nowhere") => Reply::new(302, &[], ""),
            (_, "/things/file") => Reply::redirect(302, "file:///etc/passwd"),
            (_, "/things/bad") => Reply::redirect(302, "http://[::"),
            _ => Reply::redirect(302, ""),
        }
    });
    let client = client(&server.root, |builder| builder);
    assert_eq!(get(&client, "10").await.unwrap().text().unwrap(), "there");
    let mut seen = server.requests().len();
    for (id, expected, requests) in [
        ("11", RedirectError::TooManyRedirects, 11),
        ("circle", RedirectError::Loop, 2),
        ("itself", RedirectError::Loop, 1),
        ("empty", RedirectError::Loop, 1),
        ("nowhere", RedirectError::InvalidLocation, 1),
        ("file", RedirectError::InvalidLocation, 1),
        ("bad", RedirectError::InvalidLocation, 1),
    ] {
        let Error::UnexpectedResponse(summary) = get(&client, id).await.unwrap_err() else {
            panic!("{id}")
        };
        assert_eq!(
            (summary.redirect_error(), server.requests().len() - seen),
            (Some(expected), requests),
            "{id}"
        );
        seen = server.requests().len();
    }
    let error = get(
        &client.with_options(CallOptions::new().max_redirects(0)),
        "1",
    )
    .await
    .unwrap_err();
    assert_eq!(
        (error.kind(), server.requests().len() - seen),
        (ErrorKind::Redirect, 1)
    );
}

struct Keyed;

impl Middleware for Keyed {
    async fn handle(
        &self,
        mut request: Request,
        next: Next<'_>,
    ) -> Result<Response, TransportError> {
        assert!(
            !request.headers().contains_key(header::AUTHORIZATION),
            "middleware sees no token"
        );
        request
            .headers_mut()
            .insert("x-middleware-key", "secret".parse().unwrap());
        next.run(request).await
    }
}

/// Also if another host redirects back.
#[tokio::test]
async fn sends_no_secrets_to_other_hosts() {
    let home = Server::start(
        |request, _| match request.target.split('?').next().unwrap() {
            "/things/near" => Reply::redirect(307, "/back"),
            "/back" => Reply::new(200, &[], ""),
            away => Reply::redirect(
                307,
                &format!(
                    "http://user:pass@{}",
                    away.trim_start_matches("/things/").replace("%3A", ":")
                ),
            ),
        },
    );
    let back = format!("{}/back", home.root);
    let other = Server::always(move || Reply::redirect(308, &back));
    let client = client(&home.root, |builder| {
        builder
            .bearer_token("secret")
            .api_key(AuthScheme::Query("key"), "secret")
            .api_key(AuthScheme::Cookie("session"), "secret")
            .header("x-own-key", "secret")
            .user_agent("mine/1")
            .middleware(Keyed)
    });
    get(&client, "near").await.unwrap();
    for request in home.requests() {
        assert!(request.target.ends_with("?key=secret"), "{request:?}");
        let names = [
            "accept",
            "authorization",
            "cookie",
            "host",
            "user-agent",
            "x-middleware-key",
            "x-own-key",
        ];
        assert_eq!(request.header_names(), names);
    }
    let address = other.root.trim_start_matches("http://");
    let refused = send(&client, Method::POST, address, Some("text")).await;
    let Err(Error::UnexpectedResponse(summary)) = &refused else {
        panic!("{refused:?}")
    };
    assert_eq!(
        summary.redirect_error(),
        Some(RedirectError::CrossOriginBody)
    );
    assert_eq!(other.requests().len(), 0);
    let client = client.with_options(CallOptions::new().cross_origin_bodies(true));
    send(&client, Method::POST, address, Some("text"))
        .await
        .unwrap();
    let elsewhere = other.requests();
    assert_eq!(elsewhere.len(), 1);
    assert_eq!(
        (elsewhere[0].method.as_str(), elsewhere[0].body.as_str()),
        ("POST", "text")
    );
    let last = home.requests().pop().unwrap();
    assert_eq!(
        (last.method.as_str(), last.target.as_str()),
        ("POST", "/back")
    );
    for request in [&elsewhere[0], &last] {
        assert_eq!(
            request.header_names(),
            [
                "accept",
                "content-length",
                "content-type",
                "host",
                "user-agent"
            ]
        );
        assert!(!format!("{request:?}").contains("secret"), "{request:?}");
    }
}
