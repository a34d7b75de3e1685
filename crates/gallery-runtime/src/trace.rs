//! The span of a call, with the feature `tracing`. Without it, a type that does nothing.
//!
//! The fields are those of OpenTelemetry's semantic conventions for HTTP clients. Spans contain no
//! arguments, paths or headers.

#[cfg(feature = "tracing")]
pub(crate) use with::{Span, retry};
#[cfg(not(feature = "tracing"))]
pub(crate) use without::{Span, retry};

#[cfg(feature = "tracing")]
mod with {
    use std::future::Future;
    use std::time::Duration;

    use reqwest::{Request, StatusCode};
    use tracing::field::Empty;
    use tracing::instrument::{Instrument as _, Instrumented};

    use crate::operation::OperationInfo;

    /// The span of a call.
    pub(crate) struct Span(tracing::Span);

    impl Span {
        pub(crate) fn new(operation: &OperationInfo, request: &Request) -> Span {
            let (method, url) = (request.method().as_str(), request.url());
            Span(tracing::info_span!(
                "call",
                otel.name = %format_args!("{method} {}", operation.path),
                otel.kind = "client",
                operation = operation.operation_id,
                http.request.method = method,
                url.template = operation.path,
                server.address = url.host_str(),
                server.port = url.port_or_known_default(),
                http.response.status_code = Empty,
                http.request.resend_count = Empty,
                error.type = Empty,
                otel.status_code = Empty,
            ))
        }

        pub(crate) fn around<F: Future>(&self, future: F) -> Instrumented<F> {
            future.instrument(self.0.clone())
        }

        /// Records the number of an attempt. The first one is number 1.
        pub(crate) fn attempt(&self, attempt: u32) {
            if attempt > 1 {
                self.0.record("http.request.resend_count", attempt - 1);
            }
        }

        pub(crate) fn status(&self, status: StatusCode) {
            self.0.record("http.response.status_code", status.as_u16());
            if status.is_client_error() || status.is_server_error() {
                self.error(status.as_str());
            }
        }

        pub(crate) fn error(&self, kind: &str) {
            self.0.record("error.type", kind);
            self.0.record("otel.status_code", "ERROR");
        }
    }

    /// Records that an attempt is retried.
    pub(crate) fn retry(attempt: u32, status: Option<StatusCode>, delay: Duration) {
        let wait_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
        tracing::debug!(
            attempt,
            status = status.map(|status| status.as_u16()),
            wait_ms,
            "attempt failed, retrying"
        );
    }
}

#[cfg(not(feature = "tracing"))]
mod without {
    use std::future::Future;
    use std::time::Duration;

    use reqwest::{Request, StatusCode};

    use crate::operation::OperationInfo;

    pub(crate) struct Span;

    impl Span {
        pub(crate) fn new(_: &OperationInfo, _: &Request) -> Span {
            Span
        }

        pub(crate) fn around<F: Future>(&self, future: F) -> F {
            future
        }

        pub(crate) fn attempt(&self, _: u32) {}

        pub(crate) fn status(&self, _: StatusCode) {}

        pub(crate) fn error(&self, _: &'static str) {}
    }

    pub(crate) fn retry(_: u32, _: Option<StatusCode>, _: Duration) {}
}
