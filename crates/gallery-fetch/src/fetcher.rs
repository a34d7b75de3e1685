//! Access to one source.

use std::path::PathBuf;

use url::Url;

use crate::error::FetchError;
use crate::event::Event;
use crate::hosts;
use crate::http::Web;
use crate::settings::Settings;
use crate::source::Source;

/// Downloads from one source. All requests share a connection pool.
pub struct Fetcher {
    pub(crate) source: Access,
    pub(crate) settings: Settings,
    pub(crate) on: Box<dyn Fn(Event) + Send + Sync>,
}

/// An opened source.
pub(crate) enum Access {
    Web { web: Box<Web>, base: Url },
    Mirror(PathBuf),
}

impl Fetcher {
    /// Creates a fetcher without connecting. `on` is called with each event.
    ///
    /// # Errors
    ///
    /// The source is not safe, or this machine cannot make an HTTP client.
    pub fn new(
        source: &Source,
        settings: Settings,
        on: impl Fn(Event) + Send + Sync + 'static,
    ) -> Result<Fetcher, FetchError> {
        let source = match source {
            Source::Http { base, hosts } => Access::Web {
                web: Box::new(Web::new(base, hosts, &settings)?),
                base: hosts::base(base),
            },
            Source::Mirror(root) => Access::Mirror(root.clone()),
        };
        Ok(Fetcher {
            source,
            settings,
            on: Box::new(on),
        })
    }
}
