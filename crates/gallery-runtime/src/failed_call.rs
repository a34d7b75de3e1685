//! Failures of calls without a response, with the operation that was called.

use std::ops::Deref;

use crate::operation::Route;

/// The cause of a failed call with its operation. Dereferences to the cause.
#[derive(Debug)]
pub struct FailedCall<T> {
    route: Route,
    cause: T,
    /// True if the server may have received a request of the call.
    is_sent: bool,
}

impl<T> FailedCall<T> {
    pub(crate) fn new(route: Route, cause: T, is_sent: bool) -> FailedCall<T> {
        FailedCall {
            route,
            cause,
            is_sent,
        }
    }

    /// Returns the operation, method and path template of the call.
    pub fn route(&self) -> &Route {
        &self.route
    }

    /// Returns the cause.
    pub fn cause(&self) -> &T {
        &self.cause
    }

    /// Returns the cause by value.
    pub fn into_cause(self) -> T {
        self.cause
    }

    pub(crate) fn is_sent(&self) -> bool {
        self.is_sent
    }

    pub(crate) fn into_parts(self) -> (Route, T) {
        (self.route, self.cause)
    }
}

impl<T> Deref for FailedCall<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.cause
    }
}
