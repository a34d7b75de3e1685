//! The span of a call: what is in it, and what is not.

#![cfg(feature = "tracing")]
#![expect(clippy::unwrap_used, reason = "a test")]

mod support;

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use gallery_runtime::{AuthScheme, RetryPolicy};
use support::{Reply, Server, client, get};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Writes down the fields of our spans and events.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<String>>);

impl Visit for Notes {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0.lock().unwrap(), "{field}={value:?}").unwrap();
    }
}

impl Subscriber for Notes {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("gallery_runtime")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn a_call_is_a_span_without_arguments() {
    let notes = Notes::default();
    let _guard = tracing::subscriber::set_default(notes.clone());
    let server = Server::start(|_, before| match before {
        0 => Reply::new(503, &[("retry-after", "0")], ""),
        1 => Reply::new(200, &[], ""),
        _ => Reply::raw(""),
    });
    let client = client(&server.root, |builder| {
        builder
            .bearer_token("secret")
            .api_key(AuthScheme::Query("key"), "secret")
    });
    get(&client, "secret-id").await.unwrap();
    get(
        &client.with(gallery_runtime::CallOptions::new().retry_policy(RetryPolicy::none())),
        "secret-id",
    )
    .await
    .unwrap_err();
    let begun = "otel.name=\"get_thing\"\notel.kind=\"client\"\nhttp.request.method=\"GET\"\nurl.template=\"/things/{id}\"\n";
    assert_eq!(
        *notes.0.lock().unwrap(),
        format!(
            "{begun}attempts=1\nmessage=an attempt failed and is made again\nattempt=1\nstatus=503\nwait_ms=0\nattempts=2\n\
             http.response.status_code=200\n{begun}attempts=1\nerror.type=\"connection\"\n"
        )
    );
}
