//! Tests of the tracing span of a call.

mod support;

use gallery_runtime::{AuthScheme, RetryPolicy};
use support::recorder::Recorder;
use support::{Reply, Server, client, get};

#[tokio::test]
async fn records_a_call_as_a_span_without_arguments() {
    let recorder = Recorder::of("gallery_runtime");
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
        recorder.lines(),
        format!(
            "{start}message=attempt failed, retrying\nattempt=1\nstatus=503\nwait_ms=0\n\
             http.request.resend_count=1\nhttp.response.status_code=200\n\
             {start}{}{start}http.response.status_code=404\n{}",
            failed("connection"),
            failed("404")
        )
    );
}
