//! A request in the making. Generated code puts in what its document says, in the order of the document; what cannot be sent as it
//! is ends the call before anything is sent.

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Request};
use serde::Serialize;
use serde_json::Value;
use url::Url;

use crate::multipart::Multipart;
use crate::style::{self, InvalidArgument, Style};

/// A request in the making, over a [`Transport`](crate::Transport). For generated code.
#[derive(Clone, Debug)]
pub struct RequestBuilder {
    method: Method,
    /// The base URL and the path as far as it is known.
    url: String,
    /// How long the base URL is.
    base: usize,
    /// `a=1&b=2`, encoded.
    query: String,
    headers: HeaderMap,
    /// `a=1; b=2`.
    cookies: String,
    body: Option<Bytes>,
}

/// How a property of a form is written where it is not `name=value`, once an item.
pub type FieldStyle = (&'static str, Style, bool);

impl RequestBuilder {
    pub(crate) fn new(method: Method, base_url: &str) -> RequestBuilder {
        // Most paths and queries fit in.
        let mut url = String::with_capacity(base_url.len() + 128);
        url.push_str(base_url);
        RequestBuilder {
            method,
            base: url.len(),
            url,
            query: String::new(),
            headers: HeaderMap::new(),
            cookies: String::new(),
            body: None,
        }
    }

    /// A part of the path that is always the same, encoded already.
    pub fn literal(&mut self, text: &'static str) {
        self.url.push_str(text);
    }

    /// A part of the path that an argument stands for.
    pub fn path<T: Serialize + ?Sized>(
        &mut self,
        name: &str,
        style: Style,
        explode: bool,
        value: &T,
    ) -> Result<(), InvalidArgument> {
        style::path(&mut self.url, name, style, explode, value)
    }

    /// A query parameter; `None` and empty lists send nothing.
    pub fn query<T: Serialize + ?Sized>(
        &mut self,
        name: &str,
        style: Style,
        explode: bool,
        value: &T,
    ) -> Result<(), InvalidArgument> {
        style::pairs(&mut self.query, name, style, explode, value)
    }

    /// A header, in place of one of the same name; `None` and empty lists send nothing.
    pub fn header<T: Serialize + ?Sized>(
        &mut self,
        name: &str,
        style: Style,
        explode: bool,
        value: &T,
    ) -> Result<(), InvalidArgument> {
        let Some(text) = style::header(name, style, explode, value)? else {
            return Ok(());
        };
        let refused =
            |what: &str| InvalidArgument(format!("the header `{name}` cannot be sent: {what}"));
        let value = HeaderValue::from_maybe_shared(Bytes::from(text))
            .map_err(|error| refused(&error.to_string()))?;
        let name =
            HeaderName::from_bytes(name.as_bytes()).map_err(|error| refused(&error.to_string()))?;
        self.headers.insert(name, value);
        Ok(())
    }

    /// A cookie; `None` and empty lists send nothing.
    pub fn cookie<T: Serialize + ?Sized>(
        &mut self,
        name: &str,
        style: Style,
        value: &T,
    ) -> Result<(), InvalidArgument> {
        style::cookie(&mut self.cookies, name, style, value)
    }

    /// The media types that the document gives the answers, unless an argument said others.
    pub fn accept(&mut self, media_types: &'static str) -> Result<(), InvalidArgument> {
        let value = HeaderValue::from_maybe_shared(Bytes::from_static(media_types.as_bytes()));
        self.default_header(ACCEPT, media_types, value)
    }

    /// A JSON body.
    pub fn json<T: Serialize + ?Sized>(
        &mut self,
        media_type: &str,
        body: &T,
    ) -> Result<(), InvalidArgument> {
        let body = serde_json::to_vec(body)
            .map_err(|error| InvalidArgument(format!("the body cannot be written: {error}")))?;
        self.bytes(media_type, &Bytes::from(body))
    }

    /// A body of a form's fields, such as `a=1&b=2`. Objects in it are JSON, lists are repeated unless `fields` says otherwise.
    pub fn form<T: Serialize + ?Sized>(
        &mut self,
        media_type: &str,
        fields: &[FieldStyle],
        body: &T,
    ) -> Result<(), InvalidArgument> {
        let body = serde_json::to_value(body)
            .map_err(|error| InvalidArgument(format!("the body cannot be written: {error}")))?;
        let Value::Object(body) = body else {
            return Err(InvalidArgument(
                "the body is no object, which a form must be".to_owned(),
            ));
        };
        let mut pairs = String::new();
        for (name, value) in &body {
            let (_, style, explode) = fields
                .iter()
                .find(|(field, ..)| field == name)
                .copied()
                .unwrap_or(("", Style::Form, true));
            style::pairs(&mut pairs, name, style, explode, &in_form(value))?;
        }
        self.bytes(media_type, &Bytes::from(pairs))
    }

    /// A body of texts and files.
    pub fn multipart(&mut self, body: &Multipart) -> Result<(), InvalidArgument> {
        let (boundary, body) = body.encode()?;
        self.bytes(&format!("multipart/form-data; boundary={boundary}"), &body)
    }

    /// A body as it is. An empty media type is one that the document leaves open: none is sent then, unless an argument says it.
    pub fn bytes(&mut self, media_type: &str, body: &Bytes) -> Result<(), InvalidArgument> {
        self.body = Some(body.clone());
        if media_type.is_empty() {
            return Ok(());
        }
        self.default_header(CONTENT_TYPE, media_type, HeaderValue::from_str(media_type))
    }

    fn default_header(
        &mut self,
        name: HeaderName,
        text: &str,
        value: Result<HeaderValue, impl std::fmt::Display>,
    ) -> Result<(), InvalidArgument> {
        let value = value.map_err(|error| {
            InvalidArgument(format!("the header `{name}` cannot be {text:?}: {error}"))
        })?;
        self.headers.entry(name).or_insert(value);
        Ok(())
    }

    /// The request.
    pub fn build(mut self) -> Result<Request, InvalidArgument> {
        let end = self.url.len();
        if !self.query.is_empty() {
            self.url.push('?');
            self.url.push_str(&self.query);
        }
        let text = &self.url[..end];
        let url = Url::parse(&self.url)
            .map_err(|error| InvalidArgument(format!("`{text}` is no URL: {error}")))?;
        // A URL parser takes dot segments out; what is sent must be what was written.
        if !url.path().ends_with(&text[self.base..]) || !url.as_str().starts_with(text) {
            return Err(InvalidArgument(format!(
                "`{text}` would lead to another path, `{}`",
                url.path()
            )));
        }
        if !self.cookies.is_empty() {
            let cookies = std::mem::take(&mut self.cookies);
            self.header(COOKIE.as_str(), Style::Simple, false, &cookies)?;
        }
        let mut request = Request::new(self.method, url);
        *request.headers_mut() = self.headers;
        *request.body_mut() = self.body.map(Into::into);
        Ok(request)
    }
}

/// A property of a form: what has a structure of its own is a text in JSON.
fn in_form(value: &Value) -> Value {
    let text = |value: &Value| match value {
        Value::Array(_) | Value::Object(_) => Value::String(value.to_string()),
        plain => plain.clone(),
    };
    match value {
        Value::Array(items) => Value::Array(items.iter().map(text).collect()),
        other => text(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn call() -> RequestBuilder {
        RequestBuilder::new(Method::POST, "http://host/base")
    }

    fn body(call: RequestBuilder) -> String {
        let request = call.build().unwrap();
        String::from_utf8_lossy(request.body().and_then(reqwest::Body::as_bytes).unwrap())
            .into_owned()
    }

    #[test]
    fn parts_are_put_together() {
        let mut call = call();
        call.literal("/a//b%20c/");
        call.path("id", Style::Simple, false, "x/y").unwrap();
        call.literal(".json/");
        call.query("Action", Style::Form, true, "Go").unwrap();
        call.query("ids", Style::Form, false, &[1, 2]).unwrap();
        call.query("gone", Style::Form, true, &None::<&str>)
            .unwrap();
        call.header("X-A", Style::Simple, false, "ü").unwrap();
        call.cookie("s", Style::Form, "1").unwrap();
        call.cookie("t", Style::Form, "2").unwrap();
        call.accept("text/plain").unwrap();
        let request = call.build().unwrap();
        assert_eq!(
            request.url().as_str(),
            "http://host/base/a//b%20c/x%2Fy.json/?Action=Go&ids=1,2"
        );
        let header =
            |name: &str| String::from_utf8_lossy(request.headers()[name].as_bytes()).into_owned();
        assert_eq!(
            (header("x-a"), header("cookie"), header("accept")),
            ("ü".into(), "s=1; t=2".into(), "text/plain".into())
        );
        assert!(request.body().is_none() && !request.headers().contains_key("content-type"));
    }

    #[test]
    fn what_leads_elsewhere_is_not_sent() {
        for text in ["/a/../b", "/a/%2e%2E/b", "/.", "/a/./b"] {
            let mut call = call();
            call.literal(text);
            let error = call.build().unwrap_err().to_string();
            assert!(
                error.contains("would lead to another path"),
                "{text}: {error}"
            );
        }
    }

    #[test]
    fn arguments_come_before_what_the_document_says() {
        let mut call = call();
        call.header("Accept", Style::Simple, false, "image/png")
            .unwrap();
        call.accept("text/plain").unwrap();
        call.header("Content-Type", Style::Simple, false, "image/gif")
            .unwrap();
        call.bytes("image/*", &Bytes::from_static(b"x")).unwrap();
        let request = call.build().unwrap();
        assert_eq!(
            (
                &request.headers()["accept"],
                &request.headers()["content-type"]
            ),
            (&"image/png".parse().unwrap(), &"image/gif".parse().unwrap())
        );
    }

    #[test]
    fn forms() {
        let mut form = call();
        let fields = [("csv", Style::Form, false)];
        let given = json!({"a": "x y&", "csv": [1, 2], "gone": null, "list": ["p", {"q": 1}], "object": {"r": [true]}});
        form.form("application/x-www-form-urlencoded", &fields, &given)
            .unwrap();
        assert_eq!(
            body(form),
            "a=x%20y%26&csv=1,2&list=p&list=%7B%22q%22%3A1%7D&object=%7B%22r%22%3A%5Btrue%5D%7D"
        );
        assert!(
            call()
                .form("application/x-www-form-urlencoded", &[], &json!([1]))
                .is_err()
        );
    }
}
