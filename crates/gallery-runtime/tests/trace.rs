//! Tests of the tracing span of a call.

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

/// Records the fields of spans and events of this crate.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<String>>);

impl Visit for Recorder {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0.lock().unwrap(), "{field}={value:?}").unwrap();
    }
}

impl Subscriber for Recorder {
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
async fn records_a_call_as_a_span_without_arguments() {
    let recorder = Recorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    let server = Server::start(|_, before| match before {
        0 => Reply::new(503, &[("retry-after", "0")], ""),
        1 => Reply::new(200, &[], ""),
        2 => Reply::raw(""),
        _ => Reply::new(404, &[], ""),
    });
    let client = client(&server.root, |builder| {
        builder
            .bearer_token("secret")
            .api_key(AuthScheme::Query("key"), "secret")
    });
    get(&client, "secret-id").await.unwrap();
    let options = gallery_runtime::CallOptions::new().retry_policy(RetryPolicy::none());
    let once = client.with_options(options);
    get(&once, "secret-id").await.unwrap_err();
    get(&once, "secret-id").await.unwrap_err();
    let port = server.root.rsplit_once(':').unwrap().1;
    let start = format!(
        "otel.name=GET /things/{{id}}\notel.kind=\"client\"\noperation=\"get_thing\"\n\
         http.request.method=\"GET\"\nurl.template=\"/things/{{id}}\"\n\
         server.address=\"127.0.0.1\"\nserver.port={port}\n"
    );
    let failed = |kind| format!("error.type=\"{kind}\"\notel.status_code=\"ERROR\"\n");
    assert_eq!(
        *recorder.0.lock().unwrap(),
        format!(
            "{start}message=attempt failed, retrying\nattempt=1\nstatus=503\nwait_ms=0\n\
             http.request.resend_count=1\nhttp.response.status_code=200\n\
             {start}{}{start}http.response.status_code=404\n{}",
            failed("connection"),
            failed("404")
        )
    );
}
