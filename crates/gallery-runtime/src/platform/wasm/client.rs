//! An HTTP client and responses that are `Send`, with the methods of reqwest's.
//!
//! JavaScript values belong to one thread. [`SendWrapper`] panics if another thread uses them.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http::Extensions;
use http_body::{Body, Frame};
use reqwest::header::HeaderMap;
use reqwest::{Request, StatusCode};
use send_wrapper::SendWrapper;
use url::Url;
use web_sys::RequestCredentials;

use super::error::Error;
use super::fetch::fetch;

/// An HTTP client that sends requests with `fetch`. It does not follow redirects.
#[derive(Clone, Debug, Default)]
pub struct Client {
    credentials: Option<RequestCredentials>,
}

impl Client {
    /// Creates a client.
    pub fn new() -> Client {
        Client::default()
    }

    /// Lets browsers send their cookies to servers of other origins too.
    #[must_use]
    pub fn fetch_credentials_include(self) -> Client {
        Client {
            credentials: Some(RequestCredentials::Include),
        }
    }

    /// Sends a request.
    ///
    /// # Errors
    ///
    /// Fails if `fetch` fails. In browsers, a redirect is an error.
    pub fn execute(
        &self,
        request: Request,
    ) -> impl Future<Output = Result<Response, Error>> + Send + use<> {
        let credentials = self.credentials;
        SendWrapper::new(async move {
            let fetched = fetch(&request, credentials).await?;
            Ok(Response {
                status: fetched.status,
                headers: fetched.headers,
                extensions: Extensions::new(),
                url: request.url().clone(),
                body: SendWrapper::new(Box::pin(fetched.body)),
            })
        })
    }
}

type BodyStream = SendWrapper<Pin<Box<dyn Stream<Item = Result<Bytes, Error>>>>>;

/// A response whose body is read while it arrives.
pub struct Response {
    status: StatusCode,
    headers: HeaderMap,
    extensions: Extensions,
    url: Url,
    body: BodyStream,
}

impl Response {
    /// Returns the status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers. Browsers hide most headers of other origins that their servers do not
    /// list in `Access-Control-Expose-Headers`.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the headers, to change them.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    /// Returns the values that middleware has attached.
    pub fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// Returns the values that middleware has attached, to change them.
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.extensions
    }

    /// Returns the URL of the request.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Returns `None`. `fetch` decompresses bodies and may hide that they were compressed, so the
    /// header `Content-Length` may be the length of another body.
    pub fn content_length(&self) -> Option<u64> {
        None
    }

    /// Returns the next bytes of the body.
    ///
    /// # Errors
    ///
    /// Fails if the connection fails.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        poll_fn(|context| self.body.as_mut().poll_next(context))
            .await
            .transpose()
    }

    /// Reads the whole body.
    ///
    /// # Errors
    ///
    /// Fails if the connection fails.
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        let mut body = BytesMut::new();
        while let Some(chunk) = self.chunk().await? {
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }
}

/// Creates a response without `fetch`, for middleware that returns its own.
impl<T: Into<Bytes>> From<http::Response<T>> for Response {
    fn from(response: http::Response<T>) -> Response {
        let (head, body) = response.into_parts();
        Response {
            status: head.status,
            headers: head.headers,
            extensions: head.extensions,
            url: no_url(),
            body: SendWrapper::new(Box::pin(Once(Some(body.into())))),
        }
    }
}

/// Returns the URL that reqwest uses for responses without one.
fn no_url() -> Url {
    // The text is a valid URL.
    #[expect(clippy::expect_used, reason = "a constant")]
    Url::parse("http://no.url.provided.local").expect("a valid URL")
}

/// A body in memory.
struct Once(Option<Bytes>);

impl Stream for Once {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}

/// Does not show the URL, which may contain keys.
impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}

/// The body of a response.
pub(crate) struct ResponseBody(BodyStream);

impl From<Response> for ResponseBody {
    fn from(response: Response) -> ResponseBody {
        ResponseBody(response.body)
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let next = self.0.as_mut().poll_next(context);
        next.map(|next| next.map(|chunk| chunk.map(Frame::data)))
    }
}
