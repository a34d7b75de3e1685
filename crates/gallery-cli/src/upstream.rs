//! Access to upstream, the source of listings.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::Args;
use gallery_fetch::{ApisIo, ApisIoProvider, Cache, FetchError, Fetcher, Settings, Source};
use gallery_regen::exit::Exit;
use gallery_spec::config::Config;
use gallery_spec::source::{DocumentsSource, Place};
use tokio::runtime::Runtime;

use crate::progress::Progress;

/// Options that override the `source` in specs/gallery.toml and the behavior of requests.
#[derive(Args, Clone, Debug, Default)]
pub struct SourceArgs {
    /// Read files from a mirror on disk [env: GALLERY_MIRROR]
    ///
    /// The layout is DIR/OWNER__REPOSITORY/_listings/PROVIDER/FILE for listings, and
    /// DIR/api-evangelist__PROVIDER/apis.yml for providers of APIs.io.
    #[arg(long, value_name = "DIR")]
    pub mirror: Option<PathBuf>,
    /// Options for requests.
    #[command(flatten)]
    pub requests: RequestArgs,
}

/// Options for requests.
#[derive(Args, Clone, Debug, Default)]
pub struct RequestArgs {
    /// Seconds without received data after which a request fails [default: 20]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout: Option<u64>,
    /// Number of retries after a transient failure [default: 3]
    #[arg(long, value_name = "NUMBER")]
    pub retries: Option<u32>,
}

impl RequestArgs {
    /// Returns the settings of requests.
    pub(crate) fn settings(&self) -> Settings {
        let mut settings = Settings::default();
        if let Some(seconds) = self.timeout {
            settings.idle_timeout = Duration::from_secs(seconds);
            settings.connect_timeout = settings.connect_timeout.min(settings.idle_timeout);
        }
        if let Some(retries) = self.retries {
            settings.retries.attempts = retries.saturating_add(1);
        }
        settings
    }
}

/// The source of listings, with a fetcher and the runtime that drives it.
pub(crate) struct Upstream {
    pub(crate) source: Source,
    pub(crate) fetcher: Fetcher,
    /// Other hosts that may be requested.
    pub(crate) hosts: Vec<String>,
    apis_io: ApisIo,
    searches_apis_io: bool,
    runtime: Runtime,
}

impl Upstream {
    /// Opens the source without connecting to it. Returns an error if its URL is unsafe.
    pub(crate) fn open(config: &Config, args: &SourceArgs) -> Result<Upstream> {
        // An empty variable counts as unset.
        let variable = || {
            std::env::var_os("GALLERY_MIRROR")
                .filter(|dir| !dir.is_empty())
                .map(PathBuf::from)
        };
        let source = match args.mirror.clone().or_else(variable) {
            Some(dir) => Source::Mirror(dir),
            None => Source::Http {
                base: config.source.clone(),
                hosts: config.hosts.clone(),
            },
        };
        let progress = Progress::new("files");
        let fetcher = Fetcher::new(&source, args.requests.settings(), move |event| {
            progress.on(event);
        })?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        Ok(Upstream {
            source,
            fetcher,
            hosts: config.hosts.clone(),
            apis_io: ApisIo::new(config.apis_io.clone()),
            searches_apis_io: config.searches_apis_io,
            runtime,
        })
    }

    /// Returns the providers of APIs.io, unless the workspace has another gallery.
    pub(crate) fn apis_io_providers(
        &self,
        cache: &Cache,
    ) -> std::result::Result<Vec<ApisIoProvider>, FetchError> {
        match self.source {
            Source::Http { .. } if !self.searches_apis_io => Ok(Vec::new()),
            _ => {
                let fetch = self
                    .fetcher
                    .apis_io_providers(&self.apis_io, &self.hosts, cache);
                self.wait(fetch)
            }
        }
    }

    /// Returns the owner of the repositories of APIs.io.
    pub(crate) fn apis_io_owner(&self) -> &str {
        self.apis_io.owner()
    }

    /// Returns the source at a place, after reading the file: an index, or a document.
    pub(crate) fn discovered(&self, place: Place, apis: &[String]) -> Result<DocumentsSource> {
        let Place::Url(url) = &place else {
            return Ok(DocumentsSource::Index {
                place,
                apis: apis.to_vec(),
            });
        };
        // For a host, the place is that of its catalog.
        Ok(
            match self.wait(self.fetcher.discover(url, apis, &self.hosts))? {
                gallery_fetch::DocumentsSource::Index { url, apis } => DocumentsSource::Index {
                    place: Place::Url(url),
                    apis,
                },
                _ => DocumentsSource::Documents(vec![place]),
            },
        )
    }

    /// Returns true if the files of a source are read from a mirror.
    pub(crate) fn reads_mirror(&self, source: &gallery_spec::source::Source) -> bool {
        let is_in_mirrors = match source {
            gallery_spec::source::Source::Listings(_) => true,
            gallery_spec::source::Source::Documents(DocumentsSource::Index { place, .. }) => {
                matches!(place, Place::Provider(_))
            }
            gallery_spec::source::Source::Documents(DocumentsSource::Documents(_)) => false,
        };
        is_in_mirrors && matches!(self.source, Source::Mirror(_))
    }

    /// Returns the name of the place that the files of a source come from.
    pub(crate) fn name_for(&self, source: &gallery_spec::source::Source) -> String {
        match source {
            gallery_spec::source::Source::Documents(_) if !self.reads_mirror(source) => {
                "upstream".to_owned()
            }
            _ => self.source.to_string(),
        }
    }

    /// Returns what to download for a source of documents.
    pub(crate) fn documents(&self, source: &DocumentsSource) -> gallery_fetch::DocumentsSource {
        let apis = source.apis().to_vec();
        match source {
            DocumentsSource::Index { place, .. } => match place {
                Place::Provider(slug) => self.apis_io.provider(slug, &apis),
                Place::Url(url) => gallery_fetch::DocumentsSource::Index {
                    url: url.clone(),
                    apis,
                },
                // Files of the workspace are not downloaded.
                Place::Path(_) => gallery_fetch::DocumentsSource::Documents(Vec::new()),
            },
            DocumentsSource::Documents(places) => {
                let url = |place: &Place| match place {
                    Place::Url(url) => Some(url.clone()),
                    Place::Provider(_) | Place::Path(_) => None,
                };
                gallery_fetch::DocumentsSource::Documents(places.iter().filter_map(url).collect())
            }
        }
    }

    /// Blocks until a future of the fetcher completes.
    pub(crate) fn wait<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }
}

/// Returns the exit status for an error of the fetcher.
pub(crate) fn exit_of(error: &FetchError) -> Exit {
    if error.is_unreachable() {
        Exit::Unreachable
    } else {
        Exit::Failed
    }
}
