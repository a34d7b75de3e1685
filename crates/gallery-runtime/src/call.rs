//! Calls: the arguments of an operation, encoded as they are set.
//!
//! Everything that does not depend on the types of responses is not generic, so that it is compiled
//! once, in this crate.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use percent_encoding::percent_decode_str;
use reqwest::header::{HeaderMap, RANGE};
use reqwest::{Method, Request, StatusCode};
use serde::Serialize;
use serde_json::Value;
use url::Url;

use crate::arguments::Arguments;
use crate::body::FromBody;
use crate::body_part::part;
use crate::byte_range::ByteRange;
use crate::decode::{Content, Received, Unreadable};
use crate::description::{Location, Operation};
use crate::download::Download;
use crate::encoded_body::EncodedBody;
use crate::error::Error;
use crate::failed_call::FailedCall;
use crate::json;
use crate::multipart::Multipart;
use crate::operation::Route;
use crate::options::Options;
use crate::outcome::{FailedResponse, Failure, Outcome, success};
use crate::pagination::{PageArgument, Pagination};
use crate::request::RequestBuilder;
use crate::response::{Response, ResponseSummary};
use crate::style::InvalidArgument;
use crate::text::List;
use crate::transport::Transport;
use crate::upload::Upload;
use crate::value::ResponseValue;

/// A call that has not been sent. For generated code.
#[doc(hidden)]
#[derive(Clone)]
pub struct Call {
    transport: Transport,
    operation: &'static Operation,
    arguments: Arguments,
    body: Option<Result<EncodedBody, InvalidArgument>>,
}

impl Call {
    /// Creates a call without arguments.
    pub fn new(transport: &Transport, operation: &'static Operation) -> Call {
        Call {
            transport: transport.clone(),
            operation,
            arguments: Arguments::new(operation.parameters.len()),
            body: None,
        }
    }

    /// Sets the argument of the parameter at `index`. `None` is not sent.
    pub fn set<T: Serialize + ?Sized>(&mut self, index: usize, value: &T) {
        if let Some(parameter) = self.operation.parameters.get(index) {
            self.arguments
                .set(index, |out| parameter.encode(out, value));
        }
    }

    /// Sets the argument of the parameter at `index` to a list. An empty list is not sent.
    pub fn set_list<T: Serialize>(&mut self, index: usize, items: impl IntoIterator<Item = T>) {
        if let Some(parameter) = self.operation.parameters.get(index) {
            // It can be serialized only once, so it is not tried as a scalar.
            let list = json::to_value(&List::new(items));
            self.arguments
                .set(index, |out| parameter.encode_json(out, list));
        }
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
    pub fn upload(&mut self, body: impl Into<Upload>) {
        self.body = Some(Ok(EncodedBody::new(self.operation.media_type, body)));
    }

    /// Sends the call and decodes the response.
    pub async fn send<T: FromBody, E: FromBody>(self) -> Result<ResponseValue<T>, Error<E>> {
        success(self.receive(None, E::IS_UNTYPED).await)?.decode()
    }

    /// Sends the call and returns the body of a success before it is read.
    pub async fn download<E: FromBody>(self) -> Result<ResponseValue<Download>, Error<E>> {
        let timeout = self.options().timeout;
        let response = self.open(None, None, E::IS_UNTYPED).await?;
        let response = response.map_err(FailedResponse::into_error)?;
        Ok(Download::of(response, None, timeout))
    }

    /// Downloads a part of a file.
    pub async fn download_range<E: FromBody>(
        self,
        range: impl Into<ByteRange>,
    ) -> Result<ResponseValue<Download>, Error<E>> {
        let timeout = self.options().timeout;
        let range = range.into();
        let headers = HeaderMap::from_iter([(RANGE, range.header())]);
        let status = Some(StatusCode::PARTIAL_CONTENT);
        let response = self.open(Some(headers), status, E::IS_UNTYPED).await?;
        let response = response.map_err(FailedResponse::into_error)?;
        match range.part(&response) {
            Ok(part) => Ok(Download::of(response, Some(part), timeout)),
            Err(error) => Err(Unreadable::new(response, error).into()),
        }
    }

    /// Returns the media type of the events, and the encoding of their data.
    pub(crate) fn event_type(&self) -> (&'static str, Content) {
        self.operation.events.unwrap_or(("", Content::Json))
    }

    /// Returns the settings of the call.
    pub(crate) fn options(&self) -> &Options {
        self.transport.options()
    }

    /// Sends the call, with other headers, and returns the response of a success before its body is
    /// read. `status` is a success, too.
    pub(crate) async fn open(
        &self,
        headers: Option<HeaderMap>,
        status: Option<StatusCode>,
        has_untyped_errors: bool,
    ) -> Result<Result<Response, FailedResponse>, Failure> {
        let operation = self.operation;
        let response = self.respond(None, headers).await?;
        let own = response.status();
        if status == Some(own) || operation.is_success(own.as_u16()) {
            return Ok(Ok(response));
        }
        let failed = failed_response(operation, response, has_untyped_errors).await?;
        Ok(Err(failed))
    }

    /// Returns the pagination of the operation. An operation without one has a single page.
    pub(crate) fn pagination(&self) -> Pagination {
        self.operation.pagination.unwrap_or(Pagination::link(""))
    }

    /// Returns the URL of the request, if the arguments are valid.
    pub(crate) fn url(&self) -> Option<Url> {
        let (request, _) = self.request().ok()?;
        Some(request.url().clone())
    }

    /// Returns an error with the operation of this call.
    pub(crate) fn failed<T>(&self, cause: T) -> FailedCall<T> {
        let method = Method::from_bytes(self.operation.method.as_bytes());
        let method = method.unwrap_or_default();
        FailedCall::new(Route::new(&self.operation.info, &method), cause, true)
    }

    /// Sends the call, to another URL if one is given. The future is boxed here, so that its code
    /// is not compiled again for each type of items.
    pub(crate) fn receive_boxed(
        self,
        url: Option<Url>,
        has_untyped_errors: bool,
    ) -> Pin<Box<dyn Future<Output = Result<Outcome, Failure>> + Send>> {
        Box::pin(async move { self.receive(url, has_untyped_errors).await })
    }

    /// Sets an argument of a page, which is a text or a number.
    pub(crate) fn set_page_argument(&mut self, argument: PageArgument, value: &Value) {
        match argument {
            PageArgument::Parameter(index) => self.set(index, value),
            PageArgument::Body(pointer) => {
                let media_type = self.operation.media_type;
                let changed = match &self.body {
                    Some(Err(_)) => return,
                    Some(Ok(body)) => body.with_part(pointer, value),
                    None => EncodedBody::new(media_type, Bytes::new()).with_part(pointer, value),
                };
                self.body = Some(changed);
            }
        }
    }

    /// Returns an argument of a page, if it is set.
    pub(crate) fn page_argument(&self, argument: PageArgument) -> Option<String> {
        match argument {
            PageArgument::Parameter(index) => self.text(index),
            PageArgument::Body(pointer) => {
                let body = self.body.as_ref()?.as_ref().ok()?;
                part(body.in_memory()?, pointer)
            }
        }
    }

    /// Returns the text that was set for the parameter at `index`.
    fn text(&self, index: usize) -> Option<String> {
        let text = self.arguments.text(index).ok()??;
        let is_header = self.operation.parameters.get(index)?.location == Location::Header;
        let value = match text.split_once('=').filter(|_| !is_header) {
            Some((_, value)) => percent_decode_str(value).decode_utf8_lossy(),
            None => text.into(),
        };
        Some(value.into_owned())
    }

    async fn receive(
        &self,
        url: Option<Url>,
        has_untyped_errors: bool,
    ) -> Result<Outcome, Failure> {
        let operation = self.operation;
        let response = self.respond(url, None).await?;
        let status = response.status().as_u16();
        if operation.is_success(status) {
            let received = Received::whole(response).await.map_err(Failure::Body)?;
            let content = operation.content(status);
            return Ok(Outcome::Success(received.with_content(content)));
        }
        let failed = failed_response(operation, response, has_untyped_errors).await?;
        Ok(Outcome::Failed(failed))
    }

    /// Sends the request, to another URL if one is given, with other headers. Returns the response
    /// before its body is read.
    async fn respond(
        &self,
        url: Option<Url>,
        headers: Option<HeaderMap>,
    ) -> Result<Response, Failure> {
        let create = || {
            let (mut request, upload) = self.request()?;
            if let Some(url) = &url {
                *request.url_mut() = url.clone();
            }
            for (name, value) in headers.iter().flatten() {
                request.headers_mut().insert(name, value.clone());
            }
            Ok((request, upload))
        };
        let (request, upload) = create().map_err(Failure::Argument)?;
        // To copy each request would cost more than to create a second one when it is needed.
        let create_again = || Some(create().ok()?.0);
        let info = &self.operation.info;
        let sent = self
            .transport
            .send_upload(request, &create_again, upload, info);
        sent.await.map_err(Failure::Transport)
    }

    /// Returns the request, and its body if it is read while it is sent.
    fn request(&self) -> Result<(Box<Request>, Option<Upload>), InvalidArgument> {
        let operation = self.operation;
        let method = Method::from_bytes(operation.method.as_bytes())
            .map_err(|error| InvalidArgument(error.to_string()))?;
        let mut request = match operation.server {
            None => self.transport.request(method),
            Some((server, default)) => self.transport.request_to(method, server, default),
        };
        request.set_operation(&operation.info);
        self.write_path(&mut request)?;
        for (parameter, value) in operation.constants {
            request.parameter(parameter, *value)?;
        }
        let parameters = operation.parameters.iter().enumerate();
        for (index, parameter) in parameters.filter(|(_, own)| own.location != Location::Path) {
            let text = self.arguments.text(index);
            if let Some(text) = text.map_err(|error| request.located(error))? {
                request.argument(parameter, text)?;
            }
        }
        if let Some(media_types) = operation.accept {
            request.accept(media_types)?;
        }
        match &self.body {
            Some(Ok(body)) => request.body(body.clone())?,
            Some(Err(error)) => return Err(request.located(error.clone())),
            None => {}
        }
        request.build_with_upload()
    }

    /// Writes the path: literals, and the arguments of the variables in braces.
    fn write_path(&self, request: &mut RequestBuilder) -> Result<(), InvalidArgument> {
        let mut rest = self.operation.sent_path();
        while let Some((literal, after)) = rest.split_once('{') {
            request.literal(literal);
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            let mut parameters = self.operation.parameters.iter().enumerate();
            let named =
                parameters.find(|(_, own)| own.location == Location::Path && own.name == name);
            let unset = || request.invalid(format!("`{name}` is not set"));
            let (index, parameter) = named.ok_or_else(unset)?;
            let text = self.arguments.text(index);
            let text = text.map_err(|error| request.located(error))?;
            request.argument(parameter, text.ok_or_else(unset)?)?;
            rest = after;
        }
        request.literal(rest);
        Ok(())
    }
}

/// Reads a response other than a success.
async fn failed_response(
    operation: &Operation,
    response: Response,
    has_untyped_errors: bool,
) -> Result<FailedResponse, Failure> {
    let status = response.status().as_u16();
    if !operation.is_error(status) {
        let summary = ResponseSummary::read(response).await;
        return Ok(FailedResponse::Undocumented(summary));
    }
    let received = if has_untyped_errors {
        Received::start(response).await
    } else {
        Received::whole(response).await.map_err(Failure::Body)?
    };
    let content = operation.content(status);
    Ok(FailedResponse::Documented(received.with_content(content)))
}

/// Does not show arguments, which may be secret.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Call")
            .field(&self.operation.info.operation_id)
            .finish()
    }
}
