//! The span of a call, with the feature `tracing`. Without it, a type that does nothing. Spans
//! contain no arguments, URLs or headers.

#[cfg(feature = "tracing")]
pub(crate) use with::{Span, retry};
#[cfg(not(feature = "tracing"))]
pub(crate) use without::{Span, retry};

#[cfg(feature = "tracing")]
mod with {
    use std::future::Future;
    use std::time::Duration;

    use reqwest::{Method, StatusCode};
    use tracing::field::Empty;
    use tracing::instrument::{Instrument as _, Instrumented};

    use crate::operation::OperationInfo;

    /// The span of a call.
    pub(crate) struct Span(tracing::Span);

    impl Span {
        pub(crate) fn new(operation: &OperationInfo, method: &Method) -> Span {
            Span(tracing::info_span!(
                "call",
                otel.name = operation.operation_id,
                otel.kind = "client",
                http.request.method = method.as_str(),
                url.template = operation.path,
                http.response.status_code = Empty,
                attempts = Empty,
                error.type = Empty,
            ))
        }

        pub(crate) fn around<F: Future>(&self, future: F) -> Instrumented<F> {
            future.instrument(self.0.clone())
        }

        pub(crate) fn attempts(&self, attempts: u32) {
            self.0.record("attempts", attempts);
        }

        pub(crate) fn status(&self, status: StatusCode) {
            self.0.record("http.response.status_code", status.as_u16());
        }

        pub(crate) fn error(&self, kind: &'static str) {
            self.0.record("error.type", kind);
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

    use reqwest::{Method, StatusCode};

    use crate::operation::OperationInfo;

    pub(crate) struct Span;

    impl Span {
        pub(crate) fn new(_: &OperationInfo, _: &Method) -> Span {
            Span
        }

        pub(crate) fn around<F: Future>(&self, future: F) -> F {
            future
        }

        pub(crate) fn attempts(&self, _: u32) {}

        pub(crate) fn status(&self, _: StatusCode) {}

        pub(crate) fn error(&self, _: &'static str) {}
    }

    pub(crate) fn retry(_: u32, _: Option<StatusCode>, _: Duration) {}
}
