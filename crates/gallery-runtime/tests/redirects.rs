//! Redirects: the method and the body stay what they are, and what the caller gave to one host goes to no other.

#![expect(clippy::unwrap_used, reason = "a test")]

mod support;

use gallery_runtime::reqwest::{Method, Request, Response, header};
use gallery_runtime::{
    AuthScheme, CallOptions, Error, ErrorKind, Middleware, Next, RedirectError, TransportError,
};
use support::{Reply, Server, client, get, send};

#[tokio::test]
async fn each_status_with_each_method() {
    for status in [301, 302, 303, 307, 308] {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            let server = Server::start(move |seen, _| match seen.target.as_str() {
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
                let Error::UnexpectedResponse(failure) = &error else {
                    panic!("{error:?}")
                };
                assert_eq!(
                    (error.kind(), failure.redirect_error()),
                    (ErrorKind::Redirect, Some(RedirectError::MethodChange))
                );
                assert_eq!(
                    (
                        failure.headers()["location"].as_bytes(),
                        failure.body_excerpt().as_ref()
                    ),
                    (&b"/there?x=1"[..], &b"moved"[..])
                );
                assert!(error.to_string().ends_with(
                    "a redirect that is not followed: it would turn the method into GET"
                ));
            }
            assert_eq!(server.asked(), expected, "{status} {method}");
            assert!(
                server
                    .seen()
                    .iter()
                    .all(|seen| seen.body == body.unwrap_or_default()),
                "{status} {method}"
            );
        }
    }
}

#[tokio::test]
async fn every_way_ends() {
    let server = Server::start(|seen, _| {
        let step = |target: &str| {
            seen.target
                .rsplit('/')
                .next()
                .unwrap_or(target)
                .parse::<usize>()
        };
        match (step(""), seen.target.as_str()) {
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
    let mut seen = server.seen().len();
    for (id, refusal, requests) in [
        ("11", RedirectError::TooManyRedirects, 11),
        ("circle", RedirectError::Loop, 2),
        ("itself", RedirectError::Loop, 1),
        ("empty", RedirectError::Loop, 1),
        ("nowhere", RedirectError::InvalidLocation, 1),
        ("file", RedirectError::InvalidLocation, 1),
        ("bad", RedirectError::InvalidLocation, 1),
    ] {
        let Error::UnexpectedResponse(failure) = get(&client, id).await.unwrap_err() else {
            panic!("{id}")
        };
        assert_eq!(
            (failure.redirect_error(), server.seen().len() - seen),
            (Some(refusal), requests),
            "{id}"
        );
        seen = server.seen().len();
    }
    let error = get(
        &client.with_options(CallOptions::new().max_redirects(0)),
        "1",
    )
    .await
    .unwrap_err();
    assert_eq!(
        (error.kind(), server.seen().len() - seen),
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
            "hooks see no token"
        );
        request
            .headers_mut()
            .insert("x-hook-key", "secret".parse().unwrap());
        next.run(request).await
    }
}

/// Wherever a server sends a client, what is a secret of another host stays there: also on the way back.
#[tokio::test]
async fn nothing_secret_goes_to_another_host() {
    let home = Server::start(|seen, _| match seen.target.split('?').next().unwrap() {
        "/things/near" => Reply::redirect(307, "/back"),
        "/back" => Reply::new(200, &[], ""),
        away => Reply::redirect(
            307,
            &format!(
                "http://user:pass@{}",
                away.trim_start_matches("/things/").replace("%3A", ":")
            ),
        ),
    });
    let back = format!("{}/back", home.root);
    let other = Server::always(move || Reply::redirect(308, &back));
    let client = client(&home.root, |builder| {
        builder
            .bearer_token("secret")
            .api_key(AuthScheme::Query("key"), "secret")
            .api_key(AuthScheme::Cookie("session"), "secret")
            .header("x-own-key".parse().unwrap(), "secret".parse().unwrap())
            .user_agent("mine/1")
            .middleware(Keyed)
    });
    get(&client, "near").await.unwrap();
    for seen in home.seen() {
        assert!(seen.target.ends_with("?key=secret"), "{seen:?}");
        let names = [
            "accept",
            "authorization",
            "cookie",
            "host",
            "user-agent",
            "x-hook-key",
            "x-own-key",
        ];
        assert_eq!(seen.header_names(), names);
    }
    let address = other.root.trim_start_matches("http://");
    send(&client, Method::POST, address, Some("text"))
        .await
        .unwrap();
    let abroad = other.seen();
    assert_eq!(abroad.len(), 1);
    assert_eq!(
        (abroad[0].method.as_str(), abroad[0].body.as_str()),
        ("POST", "text")
    );
    let last = home.seen().pop().unwrap();
    assert_eq!(
        (last.method.as_str(), last.target.as_str()),
        ("POST", "/back")
    );
    for seen in [&abroad[0], &last] {
        assert_eq!(
            seen.header_names(),
            [
                "accept",
                "content-length",
                "content-type",
                "host",
                "user-agent"
            ]
        );
        assert!(!format!("{seen:?}").contains("secret"), "{seen:?}");
    }
}
