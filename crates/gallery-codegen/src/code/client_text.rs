//! The parts of a client's code that every client has.

pub(super) const EXPORTS: &str = "\
pub use gallery_runtime::{
    AuthScheme, BuildError, ByteRange, Bytes, CallOptions, ClientBuilder, Connection, Download,
    Error, ErrorKind, Event, EventStream, HttpClient, Middleware, Multipart, Next, OptionalText,
    PageStream, PaginationError, PaginationStream, Progress, RateLimit, ResponseValue, RetryPolicy,
    Signer, Text, Token, TokenProvider, Untyped, Upload, formats,
};

#[allow(unused_imports)]
use gallery_runtime::Call;
";

pub(super) const CLIENT: &str = "\
#[derive(Clone, Debug)]
pub struct Client {
    transport: gallery_runtime::Transport,
}

";

pub(super) const METHODS: &str = "\
impl Client {
    /// Creates a client for the API at `base_url`: scheme, host, port and base path.
    ///
    /// A trailing slash makes no difference. Use [`Client::builder`] for other settings.
    pub fn new(base_url: &str) -> Result<Self, BuildError> {
        Self::builder(base_url).build()
    }

    /// Creates a builder for a client of the API at `base_url`, to set credentials,
    /// timeouts, retries, redirects, servers and middleware.
    pub fn builder(base_url: &str) -> ClientBuilder<Self> {
        ClientBuilder::new(base_url, SERVERS).user_agent(USER_AGENT)
    }

    /// Returns a client that uses other options and shares the connections of this one.
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        Self { transport: self.transport.with_options(options) }
    }

    /// Returns the base URL, without a trailing slash.
    pub fn base_url(&self) -> &str {
        self.transport.base_url()
    }
";

pub(super) const FROM_TRANSPORT: &str = "
impl From<gallery_runtime::Transport> for Client {
    fn from(transport: gallery_runtime::Transport) -> Self {
        Self { transport }
    }
}
";

pub(super) const DESCRIPTION_IMPORTS: &str = "\
#[allow(unused_imports)]
use gallery_runtime::{AuthScheme, Operation, Pagination, Parameter, Style};

";

pub(super) const BUILDERS: &str =
    "/// Builders for the operations: one setter per optional argument, and `send`.\n";

pub(super) const RESPONSES: &str = "/// Responses whose type depends on the status.\n";

pub(super) const METHOD_GROUPS: &str = "/// Types whose methods are the operations of a group.\n";

pub(super) const TYPES: &str = "/// Types used as operation parameters and responses.\n";
