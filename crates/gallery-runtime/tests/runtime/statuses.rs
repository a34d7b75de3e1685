//! Tests of responses whose type depends on the status: enums, options and text.

use gallery_runtime::{
    Call, Error, ErrorKind, FromBody, Operation, ResponseValue, RetryPolicy, Untyped,
};

use crate::support::{Reply, Server, chain, client};

gallery_runtime::response_enum! {
    /// The successes.
    pub enum Thing {
        /// The thing
        200 => Ok(Vec<u8>),
        /// Asked for
        202 => Accepted(Untyped),
        /// Nothing
        204 => NoContent,
    }
}

gallery_runtime::response_enum! {
    /// The errors.
    pub enum ThingError {
        /// No such thing
        404 => NotFound(Vec<String>),
        /// Removed
        410 => Gone(String),
        /// Not allowed
        400..=499 => ClientError,
        /// Any other error
        _ => Default(Untyped),
    }
}

static BY_STATUS: Operation = Operation::new("get_thing", "GET", "/thing")
    .successes(&[200, 202, 204])
    .text(&[410]);

static OPTIONAL: Operation = Operation::new("get_thing", "GET", "/thing")
    .successes(&[200, 204])
    .errors(&[401, 404, 5])
    .empty(&[204, 401])
    .text(&[5]);

static ALL_SUCCESSES: Operation = Operation::new("get_thing", "GET", "/thing");

/// Calls an operation with a server that sends one response.
async fn response<T: FromBody, E: FromBody>(
    operation: &'static Operation,
    status: u16,
    body: &'static str,
) -> Result<ResponseValue<T>, Error<E>> {
    let server = Server::always(move || Reply::new(status, &[("x-trace", "1")], body));
    let transport = client(&server.root, |builder| {
        builder.retry_policy(RetryPolicy::none())
    });
    Call::new(&transport, operation).send().await
}

async fn by_status(status: u16, body: &'static str) -> Result<Thing, Error<ThingError>> {
    let response = response(&BY_STATUS, status, body).await;
    response.map(ResponseValue::into_inner)
}

#[tokio::test]
async fn successes_become_the_variant_of_their_status() {
    assert_eq!(by_status(200, "[7]").await.unwrap(), Thing::Ok(vec![7]));
    assert_eq!(by_status(204, "").await.unwrap(), Thing::NoContent);
    let Thing::Accepted(accepted) = by_status(202, "<p>").await.unwrap() else {
        panic!("202 is not `Accepted`");
    };
    assert_eq!(accepted.text().unwrap(), "<p>");
}

#[tokio::test]
async fn errors_become_the_first_variant_whose_pattern_matches() {
    let body = async |status, body| by_status(status, body).await.unwrap_err().into_body();
    let not_found = ThingError::NotFound(vec!["why".to_owned()]);
    assert_eq!(body(404, "[\"why\"]").await.unwrap(), not_found);
    for status in [400, 403, 499] {
        assert_eq!(
            body(status, "not JSON").await.unwrap(),
            ThingError::ClientError
        );
    }
    let Ok(ThingError::Default(other)) = body(500, "no JSON").await else {
        panic!("500 is not `Default`");
    };
    assert_eq!(other.bytes().as_ref(), b"no JSON");
}

#[tokio::test]
async fn text_becomes_a_string() {
    for text in ["plain", "\"quoted\"", "null", "", " é\r\n"] {
        let error = by_status(410, text).await.unwrap_err();
        assert_eq!(error.body(), Some(&ThingError::Gone(text.to_owned())));
        let error = response::<Untyped, Option<String>>(&OPTIONAL, 503, text).await;
        assert_eq!(
            error.unwrap_err().into_body().unwrap().as_deref(),
            Some(text)
        );
    }
}

#[tokio::test]
async fn statuses_without_content_are_none() {
    let success = async |status, body| {
        let value = response::<Option<Vec<u8>>, Untyped>(&OPTIONAL, status, body).await;
        value.unwrap().into_inner()
    };
    assert_eq!(success(200, "[7]").await, Some(vec![7]));
    assert_eq!(success(204, "").await, None);
    // The body of an error without documented content is ignored.
    let error = response::<Untyped, Option<Vec<u8>>>(&OPTIONAL, 401, "<p>").await;
    let error = error.unwrap_err();
    assert_eq!(error.body(), Some(&None));
    assert_eq!(error.body_excerpt().unwrap().as_ref(), b"<p>");
    let error = response::<Untyped, Option<Vec<u8>>>(&OPTIONAL, 404, "[7]").await;
    assert_eq!(error.unwrap_err().body(), Some(&Some(vec![7])));
}

#[tokio::test]
async fn a_body_that_does_not_match_its_status_is_invalid() {
    for (status, body) in [(200, ""), (200, "[\"text\"]"), (404, "{}")] {
        let error = by_status(status, body).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidBody);
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(error.headers().unwrap()["x-trace"], "1");
        assert_eq!(error.body(), None);
        assert_eq!(error.into_body().unwrap_err().status().unwrap(), status);
    }
    let error = response::<Option<Vec<u8>>, Untyped>(&OPTIONAL, 200, "").await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidBody);
}

#[tokio::test]
async fn a_status_without_a_pattern_is_not_documented() {
    let error = by_status(201, "[7]").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedStatus);
    assert_eq!(error.body(), None);
    assert_eq!(error.body_excerpt().unwrap().as_ref(), b"[7]");
    let error = response::<Untyped, Option<String>>(&OPTIONAL, 403, "no").await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Status);
    assert!(matches!(error, Error::UnexpectedResponse(_)));
    // Here, the description has statuses that the enum lacks.
    let error = response::<Thing, Untyped>(&ALL_SUCCESSES, 299, "").await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidBody);
    let source = &chain(&error)[1..];
    assert!(source.join(": ").contains("299"), "{source:?}");
}

#[tokio::test]
async fn errors_of_each_kind_have_the_message_of_the_api() {
    let body = "{\"message\": \"no tea\"}";
    for status in [404, 418, 500] {
        let error = by_status(status, body).await.unwrap_err();
        assert_eq!(error.message(), Some("no tea"));
        assert!(error.to_string().ends_with(": no tea"), "{error}");
    }
    let error = response::<Untyped, Option<String>>(&OPTIONAL, 403, body).await;
    assert_eq!(error.unwrap_err().message(), Some("no tea"));
    assert_eq!(by_status(500, "no JSON").await.unwrap_err().message(), None);
    let invalid = Error::<Untyped>::InvalidRequest("`id` is not set".to_owned());
    assert_eq!((invalid.message(), invalid.status()), (None, None));
}

#[test]
fn enums_serialize_their_content_only() {
    let json = |value: &ThingError| serde_json::to_string(value).unwrap();
    assert_eq!(json(&ThingError::NotFound(Vec::new())), "[]");
    assert_eq!(json(&ThingError::Gone("text".to_owned())), "\"text\"");
    assert_eq!(json(&ThingError::ClientError), "null");
    assert_eq!(json(&ThingError::Default(Untyped::default())), "\"\"");
}
