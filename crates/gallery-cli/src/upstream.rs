//! Access to upstream, the source of listings.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::Args;
use gallery_fetch::{FetchError, Fetcher, Settings, Source};
use gallery_spec::config::Config;
use tokio::runtime::Runtime;

use crate::exit::Exit;
use crate::progress::Progress;

/// Options that override the `source` in specs/gallery.toml and the behavior of requests.
#[derive(Args, Clone, Debug, Default)]
pub struct SourceArgs {
    /// Read files from a mirror on disk [env: GALLERY_MIRROR]
    ///
    /// The layout is DIR/OWNER__REPOSITORY/_listings/PROVIDER/FILE.
    #[arg(long, value_name = "DIR")]
    pub mirror: Option<PathBuf>,
    /// Seconds without received data after which a request fails [default: 20]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout: Option<u64>,
    /// Number of retries after a transient failure [default: 3]
    #[arg(long, value_name = "NUMBER")]
    pub retries: Option<u32>,
}

impl SourceArgs {
    fn settings(&self) -> Settings {
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
        let fetcher = Fetcher::new(&source, args.settings(), move |event| progress.on(event))?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        Ok(Upstream {
            source,
            fetcher,
            runtime,
        })
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
