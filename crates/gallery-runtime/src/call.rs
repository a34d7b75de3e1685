//! Calls: the arguments of an operation, encoded as they are set.
//!
//! Everything that does not depend on the types of responses is not generic, so that it is compiled
//! once, in this crate.

use std::fmt;

use bytes::Bytes;
use reqwest::{Method, Request};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::body::{Body, FromBody};
use crate::description::{Location, Operation};
use crate::error::Error;
use crate::failed_call::FailedCall;
use crate::multipart::Multipart;
use crate::pagination::{Pagination, PaginationStream, paginate};
use crate::request::{EncodedBody, RequestBuilder};
use crate::response::{BodyError, Response, ResponseSummary, excerpt_of};
use crate::style::InvalidArgument;
use crate::text::List;
use crate::transport::Transport;
use crate::transport_error::TransportError;
use crate::value::ResponseValue;

/// A call that has not been sent. For generated code.
#[doc(hidden)]
#[derive(Clone)]
pub struct Call {
    transport: Transport,
    operation: &'static Operation,
    /// The arguments, in the order of the operation's parameters.
    arguments: Vec<Argument>,
    body: Option<Result<EncodedBody, InvalidArgument>>,
}

/// An encoded argument. `None` is not sent.
type Argument = Result<Option<String>, InvalidArgument>;

/// The parameters of a paginated operation, by index, and its page sizes. For generated code.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Pages {
    /// The index of the parameter for the page number.
    pub page: usize,
    /// The index of the parameter for the page size.
    pub per_page: usize,
    /// The number of the first page.
    pub first: i64,
    /// The page size if the call does not set one.
    pub default: i64,
    /// The maximum page size, if known.
    pub max: Option<i64>,
}

/// A response whose body has been read.
enum Received {
    Success(Response, Bytes),
    Error {
        response: Response,
        bytes: Bytes,
        is_truncated: bool,
    },
    Undocumented(ResponseSummary),
}

/// The reason why a call has no documented response.
enum Failure {
    Argument(InvalidArgument),
    Transport(FailedCall<TransportError>),
    Body(Response, Bytes, BodyError),
}

impl<E> From<Failure> for Error<E> {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Argument(error) => error.into(),
            Failure::Transport(error) => error.into(),
            Failure::Body(response, received, error) => Error::invalid(response, &received, error),
        }
    }
}

impl Call {
    /// Creates a call without arguments.
    pub fn new(transport: &Transport, operation: &'static Operation) -> Call {
        Call {
            transport: transport.clone(),
            operation,
            arguments: vec![Ok(None); operation.parameters.len()],
            body: None,
        }
    }

    /// Sets the argument of the parameter at `index`. `None` is not sent.
    pub fn set<T: Serialize + ?Sized>(&mut self, index: usize, value: &T) {
        if let (Some(parameter), Some(argument)) = (
            self.operation.parameters.get(index),
            self.arguments.get_mut(index),
        ) {
            *argument = parameter.encode(value);
        }
    }

    /// Sets the argument of the parameter at `index` to a list. An empty list is not sent.
    pub fn set_list<T: Serialize>(&mut self, index: usize, items: impl IntoIterator<Item = T>) {
        self.set(index, &List::new(items));
    }

    /// Sets a JSON body.
    pub fn json<T: Serialize + ?Sized>(&mut self, body: &T) {
        self.body = Some(EncodedBody::json(self.operation.media_type, body));
    }

    /// Sets a form body. See [`RequestBuilder::form`].
    pub fn form<T: Serialize + ?Sized>(&mut self, body: &T) {
        let Operation {
            media_type, fields, ..
        } = self.operation;
        self.body = Some(EncodedBody::form(media_type, fields, body));
    }

    /// Sets a multipart body.
    pub fn multipart(&mut self, body: &Multipart) {
        self.body = Some(EncodedBody::multipart(body));
    }

    /// Sets a raw body.
    pub fn bytes(&mut self, body: impl Into<Bytes>) {
        self.body = Some(Ok(EncodedBody::bytes(
            self.operation.media_type,
            body.into(),
        )));
    }

    /// Sends the call and decodes the response.
    pub async fn send<T: FromBody, E: FromBody>(self) -> Result<ResponseValue<T>, Error<E>> {
        match self.receive(E::IS_UNTYPED).await? {
            Received::Success(response, bytes) => decoded(response, &bytes, false, Bytes::new()),
            Received::Error {
                response,
                bytes,
                is_truncated,
            } => {
                let excerpt = excerpt_of(&bytes);
                let value = decoded(response, &bytes, is_truncated, excerpt)?;
                Err(Error::documented(value))
            }
            Received::Undocumented(summary) => Err(Error::UnexpectedResponse(Box::new(summary))),
        }
    }

    /// Returns the items of all pages as a stream.
    pub fn stream<T, E>(self, pages: Pages) -> PaginationStream<T, E>
    where
        T: DeserializeOwned + Send + 'static,
        E: FromBody + Send + 'static,
    {
        let Pages {
            page,
            per_page,
            first,
            default,
            max,
        } = pages;
        let pagination = Pagination {
            first,
            default,
            max,
        };
        let (start, size) = (self.integer(page), self.integer(per_page));
        paginate(pagination, start, size, move |number| {
            let mut call = self.clone();
            call.set(page, &number);
            call.send::<Vec<T>, E>()
        })
    }

    /// Returns the integer that was set for the parameter at `index`.
    fn integer(&self, index: usize) -> Option<i64> {
        let text = self.arguments.get(index)?.as_ref().ok()?.as_deref()?;
        let (_, number) = text.rsplit_once('=')?;
        number.parse().ok()
    }

    async fn receive(self, has_untyped_errors: bool) -> Result<Received, Failure> {
        let operation = self.operation;
        let transport = self.transport.clone();
        let request = self.request().map_err(Failure::Argument)?;
        let sent = transport.send(request, &operation.info).await;
        let mut response = sent.map_err(Failure::Transport)?;
        let is_in = |statuses: Option<&[u16]>, classes: std::ops::Range<u16>| {
            let status = response.status().as_u16();
            statuses.map_or(classes.contains(&status), |all| all.contains(&status))
        };
        let is_success = is_in(operation.successes, 200..300);
        if !is_success && !is_in(operation.errors, 400..600) {
            return Ok(Received::Undocumented(
                ResponseSummary::read(response).await,
            ));
        }
        if !is_success && has_untyped_errors {
            // If the connection fails, the status matters more than the body.
            let (bytes, is_truncated) = response.read_excerpt().await;
            return Ok(Received::Error {
                response,
                bytes,
                is_truncated,
            });
        }
        match response.read_body().await {
            Err((received, error)) => Err(Failure::Body(response, received, error)),
            Ok(bytes) if is_success => Ok(Received::Success(response, bytes)),
            Ok(bytes) => Ok(Received::Error {
                response,
                bytes,
                is_truncated: false,
            }),
        }
    }

    fn request(self) -> Result<Request, InvalidArgument> {
        let operation = self.operation;
        let method = Method::from_bytes(operation.method.as_bytes())
            .map_err(|error| InvalidArgument(error.to_string()))?;
        let request = match operation.server {
            None => self.transport.request(method),
            Some((server, default)) => self.transport.request_to(method, server, default),
        };
        let mut request = request.for_operation(&operation.info);
        self.write_path(&mut request)?;
        for (parameter, value) in operation.constants {
            request.argument(parameter, parameter.encode(*value))?;
        }
        let arguments = operation.parameters.iter().zip(self.arguments);
        for (parameter, argument) in arguments.filter(|(own, _)| own.location != Location::Path) {
            request.argument(parameter, argument)?;
        }
        if let Some(media_types) = operation.accept {
            request.accept(media_types)?;
        }
        match self.body {
            Some(Ok(body)) => request.body(body)?,
            Some(Err(error)) => return Err(request.located(error)),
            None => {}
        }
        request.build()
    }

    /// Writes the path: literals, and the arguments of the variables in braces.
    fn write_path(&self, request: &mut RequestBuilder) -> Result<(), InvalidArgument> {
        let mut rest = self.operation.sent_path();
        while let Some((literal, after)) = rest.split_once('{') {
            request.literal(literal);
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            let arguments = self.operation.parameters.iter().zip(&self.arguments);
            let mut named =
                arguments.filter(|(own, _)| own.location == Location::Path && own.name == name);
            match named.next() {
                Some((_, Ok(None))) | None => {
                    return Err(request.invalid(format!("`{name}` is not set")));
                }
                Some((_, Ok(Some(text)))) => request.path_argument(text),
                Some((_, Err(error))) => return Err(request.located(error.clone())),
            }
            rest = after;
        }
        request.literal(rest);
        Ok(())
    }
}

/// Decodes a body. `excerpt` is the part of an error's body that is kept.
fn decoded<T: FromBody, E>(
    response: Response,
    bytes: &Bytes,
    is_truncated: bool,
    excerpt: Bytes,
) -> Result<ResponseValue<T>, Error<E>> {
    let body = Body {
        headers: response.headers(),
        bytes,
        is_truncated,
    };
    match T::from_body(body) {
        Ok(value) => Ok(ResponseValue::new(response, excerpt, value)),
        Err(error) => Err(Error::invalid(response, bytes, error)),
    }
}

/// Does not show arguments, which may be secret.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Call")
            .field(&self.operation.info.operation_id)
            .finish()
    }
}
