//! Clients of the test servers.

use gallery_mattermost::gallery_runtime::{Transport, reqwest};
use gallery_mattermost::{Client, ClientBuilder, Error, RetryPolicy};
use js_sys::{Reflect, global};

/// An ID as the document describes it.
pub(crate) const ID: &str = "4xp9fdt77pncbef59f4k1qe83o";

pub(crate) const TOKEN: &str = "secret-token";

/// Returns the base URL of a server.
pub(crate) fn url(server: &str) -> String {
    let get = |object, name: &str| Reflect::get(&object, &name.into()).unwrap();
    let environment = get(get(global().into(), "process"), "env");
    let urls = get(environment, "WASM_TEST_SERVERS").as_string();
    let urls = urls.expect("`WASM_TEST_SERVERS` is not set: run `.ci/wasm`");
    let urls: serde_json::Value = serde_json::from_str(&urls).unwrap();
    urls[server].as_str().unwrap().to_owned()
}

/// Returns a builder with a token and without retries.
pub(crate) fn builder(server: &str) -> ClientBuilder<Client> {
    Client::builder(&url(server))
        .bearer_token(TOKEN)
        .retry_policy(RetryPolicy::none())
}

pub(crate) fn client(server: &str) -> Client {
    builder(server).build().unwrap()
}

/// Returns a transport for operations that the client does not have.
pub(crate) fn transport(server: &str) -> Transport {
    ClientBuilder::new(&url(server), &[])
        .retry_policy(RetryPolicy::none())
        .build()
        .unwrap()
}

pub(crate) type MemberError = Error<gallery_mattermost::types::AppError>;

/// Calls an operation and returns its error.
pub(crate) async fn error(client: &Client) -> MemberError {
    let result = client.get_channel_member(ID, "me").send().await;
    result.expect_err("the call succeeded")
}

/// Returns the texts of an error that a program may log.
pub(crate) fn texts<E: std::fmt::Debug>(error: &Error<E>) -> String {
    let mut texts = format!("{error}\n{error:?}\n{error:#?}");
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        texts.push_str(&format!("\n{error}\n{error:?}"));
        source = error.source();
    }
    texts
}

/// Returns the milliseconds that a future takes.
pub(crate) async fn timed<F: Future>(future: F) -> (F::Output, f64) {
    let start = js_sys::Date::now();
    let output = future.await;
    (output, js_sys::Date::now() - start)
}

/// Keeps the next request to `fetch`, for [`sent`].
pub(crate) fn record_requests() {
    js_sys::eval(
        "globalThis.fetchOfNode = globalThis.fetch;
        globalThis.fetch = request => {
            globalThis.sent = request;
            globalThis.fetch = fetchOfNode;
            return fetchOfNode(request);
        };",
    )
    .unwrap();
}

/// Returns a property of the recorded request as text.
pub(crate) fn sent(property: &str) -> String {
    let text = js_sys::eval(&format!("String(sent.{property})"));
    text.unwrap().as_string().unwrap()
}

/// Accepts only futures that can be sent to other threads, as on other targets.
pub(crate) fn sendable<F: Future + Send>(future: F) -> F {
    future
}

/// The name is the same on all targets.
pub(crate) type Request = reqwest::Request;
