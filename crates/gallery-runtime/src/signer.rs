//! Signing of requests.

use std::future::Future;
use std::pin::Pin;

use reqwest::Request;

use crate::operation::OperationInfo;
use crate::transport_error::BoxError;

/// Code that signs requests as they are sent, for APIs that do not take a token.
///
/// It runs after the middleware and after the credentials, for each attempt and for each redirect
/// that is followed. Requests to servers that get no credentials are not signed. A body that is an
/// [`Upload`](crate::Upload) of a file or a stream is not part of the request.
///
/// ```
/// use gallery_runtime::reqwest::{Request, header::HeaderValue};
/// use gallery_runtime::{BoxError, OperationInfo, Signer};
///
/// /// Sends a checksum of the body and a secret.
/// struct Checksum(u64);
///
/// impl Signer for Checksum {
///     async fn sign(&self, request: &mut Request, _: &OperationInfo) -> Result<(), BoxError> {
///         let body = request.body().and_then(|body| body.as_bytes()).unwrap_or_default();
///         let sum = body.iter().fold(self.0, |sum, byte| sum.rotate_left(5) ^ u64::from(*byte));
///         let mut value = HeaderValue::from(sum);
///         value.set_sensitive(true);
///         request.headers_mut().insert("x-checksum", value);
///         Ok(())
///     }
/// }
/// ```
pub trait Signer: Send + Sync + 'static {
    /// Signs a request, for example by adding headers.
    ///
    /// Values that are secret should be marked as sensitive, so that they are removed from messages
    /// of errors.
    ///
    /// # Errors
    ///
    /// An error ends the call with [`Error::Credential`](crate::Error::Credential).
    fn sign(
        &self,
        request: &mut Request,
        operation: &OperationInfo,
    ) -> impl Future<Output = Result<(), BoxError>> + Send;
}

type Signing<'a> = Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send + 'a>>;

/// [`Signer`] as a trait object.
pub(crate) trait DynSigner: Send + Sync {
    fn sign<'a>(&'a self, request: &'a mut Request, operation: &'a OperationInfo) -> Signing<'a>;
}

impl<S: Signer> DynSigner for S {
    fn sign<'a>(&'a self, request: &'a mut Request, operation: &'a OperationInfo) -> Signing<'a> {
        Box::pin(Signer::sign(self, request, operation))
    }
}
