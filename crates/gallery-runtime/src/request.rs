//! Building of requests by generated code. Invalid arguments end a call before anything is sent.

use std::sync::Arc;

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Request};
use serde::Serialize;

use crate::base_url::BaseUrl;
use crate::description::{FieldStyle, Location, Parameter};
use crate::encoded_body::EncodedBody;
use crate::multipart::Multipart;
use crate::operation::{OperationInfo, Route};
use crate::style::{InvalidArgument, Style};
use crate::upload::Upload;

/// A builder for requests of a [`Transport`](crate::Transport). For generated code.
#[derive(Clone, Debug)]
pub struct RequestBuilder {
    method: Method,
    /// The base URL, or the reason why the server of the operation cannot be used.
    base_url: Result<Arc<BaseUrl>, InvalidArgument>,
    /// The path so far, which begins with that of the base URL.
    path: String,
    /// Encoded, such as `&a=1&b=2`.
    query: String,
    headers: HeaderMap,
    /// Such as `; a=1; b=2`.
    cookies: String,
    body: Option<Upload>,
    /// The operation, for messages.
    operation: Option<OperationInfo>,
}

/// The number of bytes that are reserved for a path and for a query. Enough for most.
const RESERVED: usize = 128;

impl RequestBuilder {
    /// Creates a builder. If there is a reason not to use the base URL, the request cannot be
    /// built.
    pub(crate) fn new(method: Method, base_url: Result<Arc<BaseUrl>, String>) -> RequestBuilder {
        let mut path = String::with_capacity(RESERVED);
        path.push_str(base_url.as_ref().map_or("", |base_url| base_url.path()));
        RequestBuilder {
            method,
            base_url: base_url.map_err(InvalidArgument),
            path,
            query: String::new(),
            headers: HeaderMap::new(),
            cookies: String::new(),
            body: None,
            operation: None,
        }
    }

    /// Sets the operation, which messages of invalid arguments begin with.
    #[must_use]
    pub fn for_operation(mut self, operation: &OperationInfo) -> RequestBuilder {
        self.set_operation(operation);
        self
    }

    pub(crate) fn set_operation(&mut self, operation: &OperationInfo) {
        self.operation = Some(*operation);
    }

    /// Creates an error of the operation.
    pub fn invalid(&self, reason: String) -> InvalidArgument {
        self.located(InvalidArgument(reason))
    }

    pub(crate) fn located(&self, error: InvalidArgument) -> InvalidArgument {
        match &self.operation {
            Some(operation) => {
                let route = Route::new(operation, &self.method);
                InvalidArgument(format!("{route}: {error}"))
            }
            None => error,
        }
    }

    /// Appends a constant, encoded part of the path.
    pub fn literal(&mut self, text: &'static str) {
        self.path.push_str(text);
    }

    /// Encodes and adds an argument. `None` and empty lists are omitted, except in a path.
    pub fn parameter<T: Serialize + ?Sized>(
        &mut self,
        parameter: &Parameter,
        value: &T,
    ) -> Result<(), InvalidArgument> {
        let mut text = String::new();
        let is_set = parameter.encode(&mut text, value);
        if is_set.map_err(|error| self.located(error))? {
            self.argument(parameter, &text)?;
        }
        Ok(())
    }

    /// Appends a path parameter.
    pub fn path<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        style: Style,
        explode: bool,
        value: &T,
    ) -> Result<(), InvalidArgument> {
        self.parameter(&Parameter::path(name).style(style, explode), value)
    }

    /// Adds a query parameter. `None` and empty lists are omitted.
    pub fn query<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        style: Style,
        explode: bool,
        value: &T,
    ) -> Result<(), InvalidArgument> {
        self.parameter(&Parameter::query(name).style(style, explode), value)
    }

    /// Sets a header, replacing one of the same name. `None` and empty lists are omitted.
    pub fn header<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        style: Style,
        explode: bool,
        value: &T,
    ) -> Result<(), InvalidArgument> {
        self.parameter(&Parameter::header(name).style(style, explode), value)
    }

    /// Adds a cookie. `None` and empty lists are omitted.
    pub fn cookie<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        style: Style,
        value: &T,
    ) -> Result<(), InvalidArgument> {
        self.parameter(&Parameter::cookie(name).style(style, true), value)
    }

    /// Sets `Accept` to the documented media types, unless an argument has set it.
    pub fn accept(&mut self, media_types: &'static str) -> Result<(), InvalidArgument> {
        let value = HeaderValue::from_maybe_shared(Bytes::from_static(media_types.as_bytes()));
        self.default_header(ACCEPT, media_types, value)
    }

    /// Adds an encoded argument to its location.
    pub(crate) fn argument(
        &mut self,
        parameter: &Parameter,
        text: &str,
    ) -> Result<(), InvalidArgument> {
        match parameter.location {
            Location::Path => self.path.push_str(text),
            Location::Query => {
                if self.query.is_empty() {
                    self.query.reserve(RESERVED);
                }
                self.query.push_str(text);
            }
            Location::Header => self.insert_header(parameter.name, text)?,
            Location::Cookie => self.cookies.push_str(text),
        }
        Ok(())
    }

    fn insert_header(&mut self, name: &str, text: &str) -> Result<(), InvalidArgument> {
        let invalid = |reason: &str| self.invalid(format!("invalid header `{name}`: {reason}"));
        let value = HeaderValue::from_bytes(text.as_bytes())
            .map_err(|error| invalid(&error.to_string()))?;
        let name =
            HeaderName::from_bytes(name.as_bytes()).map_err(|error| invalid(&error.to_string()))?;
        self.headers.insert(name, value);
        Ok(())
    }

    /// Sets a JSON body.
    pub fn json<T: Serialize + ?Sized>(
        &mut self,
        media_type: &'static str,
        body: &T,
    ) -> Result<(), InvalidArgument> {
        let body = EncodedBody::json(media_type, body).map_err(|error| self.located(error))?;
        self.body(body)
    }

    /// Sets a form body, such as `a=1&b=2`. Nested objects are sent as JSON text. List items are
    /// sent as repeated fields, unless `fields` defines another style.
    pub fn form<T: Serialize + ?Sized>(
        &mut self,
        media_type: &'static str,
        fields: &[FieldStyle],
        body: &T,
    ) -> Result<(), InvalidArgument> {
        let body = EncodedBody::form(media_type, fields, body);
        self.body(body.map_err(|error| self.located(error))?)
    }

    /// Sets a multipart body.
    pub fn multipart(&mut self, body: &Multipart) -> Result<(), InvalidArgument> {
        let body = EncodedBody::multipart(body).map_err(|error| self.located(error))?;
        self.body(body)
    }

    /// Sets a raw body. If the media type is empty, no `Content-Type` is sent unless an argument
    /// has set it.
    pub fn bytes(&mut self, media_type: &'static str, body: &Bytes) -> Result<(), InvalidArgument> {
        self.body(EncodedBody::new(media_type, body.clone()))
    }

    /// Sets an encoded body.
    pub(crate) fn body(&mut self, body: EncodedBody) -> Result<(), InvalidArgument> {
        let EncodedBody {
            media_type,
            content,
        } = body;
        self.body = Some(content);
        if media_type.is_empty() {
            return Ok(());
        }
        let value = HeaderValue::from_str(&media_type);
        self.default_header(CONTENT_TYPE, &media_type, value)
    }

    fn default_header(
        &mut self,
        name: HeaderName,
        text: &str,
        value: Result<HeaderValue, impl std::fmt::Display>,
    ) -> Result<(), InvalidArgument> {
        let value = value.map_err(|error| {
            self.invalid(format!(
                "invalid value {text:?} of the header `{name}`: {error}"
            ))
        })?;
        self.headers.entry(name).or_insert(value);
        Ok(())
    }

    /// Builds the request. Fails if its body is read while it is sent, which needs a
    /// [`Call`](crate::Call).
    pub fn build(self) -> Result<Request, InvalidArgument> {
        let body = self.body.as_ref();
        if body.is_some_and(|body| body.in_memory().is_none()) {
            let reason = "a body from a file or a stream cannot be sent in this way";
            return Err(self.invalid(reason.to_owned()));
        }
        Ok(*self.build_with_upload()?.0)
    }

    /// Builds the request. A body that is read while it is sent is not part of it.
    pub(crate) fn build_with_upload(
        mut self,
    ) -> Result<(Box<Request>, Option<Upload>), InvalidArgument> {
        let mut path = std::mem::take(&mut self.path);
        if path.is_empty() {
            path.push('/');
        }
        let end = path.len();
        if let Some(query) = self.query.strip_prefix('&') {
            path.push('?');
            path.push_str(query);
        }
        let base_url = match &self.base_url {
            Ok(base_url) => base_url,
            Err(error) => return Err(self.located(error.clone())),
        };
        let url = base_url.join(&path);
        let path = &path[..end];
        let text = || format!("{}{}", base_url.text, &path[base_url.path().len()..]);
        let url =
            url.map_err(|error| self.invalid(format!("invalid URL `{}`: {error}", text())))?;
        // The URL parser removes dot segments. Refuse to send such a request to another path.
        if url.path() != path {
            return Err(self.invalid(format!(
                "the URL `{}` would be sent with another path, `{}`",
                text(),
                url.path()
            )));
        }
        if let Some(cookies) = self.cookies.strip_prefix("; ") {
            let cookies = cookies.to_owned();
            self.insert_header(COOKIE.as_str(), &cookies)?;
        }
        let mut request = Box::new(Request::new(self.method, url));
        *request.headers_mut() = self.headers;
        let Some(upload) = self.body else {
            return Ok((request, None));
        };
        let Some(bytes) = upload.in_memory() else {
            return Ok((request, Some(upload)));
        };
        *request.body_mut() = Some(bytes.clone().into());
        Ok((request, None))
    }
}

#[cfg(test)]
mod tests;
