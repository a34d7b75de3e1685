//! The responses of an expectation.

use std::fmt;
use std::sync::Arc;

use super::matcher::caught;
use super::received_call::ReceivedCall;
use crate::request::RecordedRequest;
use crate::sample::Samples;
use crate::server::{Reply, documented};

type Function = Arc<dyn Fn(&RecordedRequest) -> Reply + Send + Sync>;

/// A response to an expected call.
#[derive(Clone)]
pub(super) enum Response {
    /// The first documented success.
    Success,
    /// The documented response for a status.
    Documented(u16),
    Reply(Reply),
    Function(Function),
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Response::Success => f.write_str("Success"),
            Response::Documented(status) => f.debug_tuple("Documented").field(status).finish(),
            Response::Reply(reply) => f.debug_tuple("Reply").field(reply).finish(),
            Response::Function(_) => f.write_str("Function"),
        }
    }
}

impl Response {
    /// Returns the reply to a call. The error is the reason why no reply was made.
    pub(super) fn reply(&self, call: ReceivedCall<'_>, samples: Samples) -> Result<Reply, String> {
        let ReceivedCall {
            document,
            endpoint,
            request,
        } = call;
        match self {
            Response::Success => Ok(documented::success(document, endpoint, samples, request)),
            Response::Documented(status) => {
                documented::answer(document, &endpoint.id, *status, samples, Some(request))
                    .map_err(|error| error.to_string())
            }
            Response::Reply(reply) => Ok(reply.clone()),
            Response::Function(function) => caught(|| function(request)).map_err(|message| {
                format!("the reply function of {} panicked: {message}", endpoint.id)
            }),
        }
    }
}
