//! Settings of connections and redirects, which `fetch` does not have.

use std::time::Duration;

use crate::options::CallOptions;
use crate::transport::Transport;

use super::ClientBuilder;

/// Settings that do not exist in WebAssembly.
impl<C: From<Transport>> ClientBuilder<C> {
    /// Sets the timeout for connecting. Default: 15 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets the maximum number of redirects per attempt. 0 disables redirects. Default: 10.
    ///
    /// A redirect never changes the method or the body. The statuses 307 and 308 are followed for
    /// all methods; 301, 302 and 303 only for `GET` and `HEAD`. A request with a body is sent to
    /// another origin only with [`ClientBuilder::cross_origin_bodies`]. Requests to another host
    /// carry no credentials and no headers except those about content type, language and user
    /// agent.
    ///
    /// A redirect that is not followed is an
    /// [`Error::UnexpectedResponse`](crate::Error::UnexpectedResponse) with the reason.
    pub fn max_redirects(self, limit: usize) -> Self {
        self.options(|options| options.max_redirects(limit))
    }

    /// Allows redirects to send a request body to another scheme, host or port. Default: false,
    /// because a body may have secrets, and the server that redirects chooses who receives them.
    pub fn cross_origin_bodies(self, are_allowed: bool) -> Self {
        self.options(|options| options.cross_origin_bodies(are_allowed))
    }
}

/// Settings that do not exist in WebAssembly.
impl CallOptions {
    /// See [`ClientBuilder::max_redirects`](crate::ClientBuilder::max_redirects).
    pub fn max_redirects(mut self, limit: usize) -> Self {
        self.max_redirects = Some(limit);
        self
    }

    /// See [`ClientBuilder::cross_origin_bodies`](crate::ClientBuilder::cross_origin_bodies).
    pub fn cross_origin_bodies(mut self, are_allowed: bool) -> Self {
        self.cross_origin_bodies = Some(are_allowed);
        self
    }
}
