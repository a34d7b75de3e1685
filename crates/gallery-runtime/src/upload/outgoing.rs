//! Uploads of calls.

use reqwest::Request;

use super::Upload;
use super::activity::Activity;
use crate::http_client::Http;
use crate::platform::{Response, request_body};
use crate::transport_error::TransportError;

/// The body of a call that is read while it is sent.
pub(crate) struct Outgoing {
    upload: Upload,
    pub(crate) activity: Activity,
}

impl Outgoing {
    pub(crate) fn new(upload: Upload) -> Outgoing {
        Outgoing {
            upload,
            activity: Activity::new(),
        }
    }

    /// Returns whether the body can be sent more than once.
    pub(crate) fn is_repeatable(&self) -> bool {
        self.upload.is_repeatable()
    }

    /// Sends a request with this body.
    pub(crate) async fn send(
        &self,
        http: &Http,
        mut request: Box<Request>,
    ) -> Result<Box<Response>, TransportError> {
        let body = self.upload.open(&self.activity).await;
        let body = body.map_err(TransportError::Upload)?;
        let failure = body.failure();
        let caused = |error| match failure.take() {
            Some(cause) => TransportError::Upload(cause),
            None => error,
        };
        let body = request_body(body).await;
        let body = body.map_err(|error| caused(TransportError::Upload(error.into())))?;
        *request.body_mut() = Some(body);
        http.execute(request).await.map_err(caused)
    }
}
