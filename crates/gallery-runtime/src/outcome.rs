//! The outcomes of calls: successes, other responses, and failures without a response.

use crate::body::FromBody;
use crate::decode::{Received, Unreadable};
use crate::error::Error;
use crate::failed_call::FailedCall;
use crate::pagination::PaginationError;
use crate::response::ResponseSummary;
use crate::style::InvalidArgument;
use crate::transport_error::TransportError;

/// A success or another response.
pub(crate) enum Outcome {
    Success(Received),
    Failed(FailedResponse),
}

/// A documented error, or an undocumented response.
pub(crate) enum FailedResponse {
    Documented(Received),
    Undocumented(ResponseSummary),
}

impl FailedResponse {
    pub(crate) fn into_error<E: FromBody>(self) -> Error<E> {
        match self {
            FailedResponse::Documented(received) => received
                .decode()
                .map_or_else(|error| error, Error::documented),
            FailedResponse::Undocumented(summary) => Error::UnexpectedResponse(Box::new(summary)),
        }
    }
}

/// The reason why a call has no response.
pub(crate) enum Failure {
    Argument(InvalidArgument),
    Transport(Box<FailedCall<TransportError>>),
    Body(Unreadable),
    Pagination(Box<FailedCall<PaginationError>>),
}

impl<E> From<Failure> for Error<E> {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Argument(error) => error.into(),
            Failure::Transport(error) => (*error).into(),
            Failure::Body(error) => error.into(),
            Failure::Pagination(error) => Error::Pagination(error),
        }
    }
}

/// Returns the response of a success.
pub(crate) fn success<E: FromBody>(
    outcome: Result<Outcome, Failure>,
) -> Result<Received, Error<E>> {
    match outcome? {
        Outcome::Success(received) => Ok(received),
        Outcome::Failed(response) => Err(response.into_error()),
    }
}
