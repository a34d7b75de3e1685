//! Conditions of an expectation that are functions of the request.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::Value;

use crate::request::RecordedRequest;
use crate::schema::canonical;

/// A request and its body as JSON.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    pub(super) request: &'a RecordedRequest,
    pub(super) body: Option<&'a Value>,
}

/// A function that returns the line of the received call, which is the expected line if it matches.
type Received = Box<dyn Fn(Input<'_>) -> String + Send>;

/// A condition of an expectation.
pub(super) struct Matcher {
    /// The line of the expected call.
    pub(super) line: String,
    received: Received,
}

impl fmt::Debug for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Matcher").field(&self.line).finish()
    }
}

impl Matcher {
    /// Creates a condition of the request.
    pub(super) fn request(
        condition: &str,
        test: impl Fn(&RecordedRequest) -> bool + Send + 'static,
    ) -> Matcher {
        let line = format!("request: {condition}");
        let expected = line.clone();
        let received = move |input: Input<'_>| match caught(|| test(input.request)) {
            Ok(true) => expected.clone(),
            Ok(false) => "request: does not match".to_owned(),
            Err(message) => format!("request: the condition panicked: {message}"),
        };
        Matcher {
            line,
            received: Box::new(received),
        }
    }

    /// Creates a condition of the body at a JSON pointer.
    pub(super) fn body(
        pointer: &str,
        condition: &str,
        test: impl Fn(&Value) -> bool + Send + 'static,
    ) -> Matcher {
        let title = body_title(pointer);
        let line = format!("{title}: {condition}");
        let (expected, pointer) = (line.clone(), pointer.to_owned());
        let received = move |input: Input<'_>| {
            let Some(value) = input.body.and_then(|body| body.pointer(&pointer)) else {
                return format!("{title}: absent");
            };
            match caught(|| test(value)) {
                Ok(true) => expected.clone(),
                Ok(false) => format!("{title}: {value}"),
                Err(message) => format!("{title}: {value}; the condition panicked: {message}"),
            }
        };
        Matcher {
            line,
            received: Box::new(received),
        }
    }

    /// Creates the condition that the body has a value at a JSON pointer. `null` also matches an
    /// absent value.
    pub(super) fn body_value(pointer: &str, value: &Value) -> Matcher {
        let value = canonical(value);
        let title = body_title(pointer);
        let line = format!("{title}: {value}");
        let pointer = pointer.to_owned();
        let received = move |input: Input<'_>| {
            let found = input.body.and_then(|body| body.pointer(&pointer));
            match found {
                Some(found) => format!("{title}: {}", canonical(found)),
                None if value.is_null() => format!("{title}: null"),
                None => format!("{title}: absent"),
            }
        };
        Matcher {
            line,
            received: Box::new(received),
        }
    }

    /// Returns the line of the received call.
    pub(super) fn received(&self, input: Input<'_>) -> String {
        (self.received)(input)
    }
}

fn body_title(pointer: &str) -> String {
    if pointer.is_empty() {
        "body".to_owned()
    } else {
        format!("body at {pointer}")
    }
}

/// Calls a function of a test. The error is the message of a panic, which would otherwise end the
/// connection without a response.
pub(super) fn caught<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        text.unwrap_or("without a message").to_owned()
    })
}
