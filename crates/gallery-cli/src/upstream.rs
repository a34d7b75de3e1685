//! What commands need that ask upstream: where it is, a runtime, and what a person sees meanwhile.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::Args;
use gallery_fetch::{FetchError, Fetcher, Settings, Source};
use gallery_spec::config::Config;
use tokio::runtime::Runtime;

use crate::Exit;
use crate::progress::Progress;

/// Where listings come from, when it is not the `source` of specs/gallery.toml.
#[derive(Args, Clone, Debug, Default)]
pub struct SourceArgs {
    /// Take the files from a mirror on disk, DIR/OWNER__REPOSITORY/_listings/PROVIDER/FILE; GALLERY_MIRROR in the environment says the same
    #[arg(long, value_name = "DIR")]
    pub mirror: Option<PathBuf>,
    /// How long a server may be silent, in seconds [default: 20]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout: Option<u64>,
    /// How often a request is made again that failed and may not fail again [default: 3]
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

/// Where listings come from, ready to be asked.
pub(crate) struct Upstream {
    pub(crate) source: Source,
    pub(crate) fetcher: Fetcher,
    runtime: Runtime,
}

impl Upstream {
    /// Refuses a source that is not safe; connects to nothing.
    pub(crate) fn open(config: &Config, args: &SourceArgs) -> Result<Upstream> {
        // A variable that is set to nothing is not set.
        let variable = || {
            std::env::var_os("GALLERY_MIRROR")
                .filter(|folder| !folder.is_empty())
                .map(PathBuf::from)
        };
        let source = match args.mirror.clone().or_else(variable) {
            Some(folder) => Source::Mirror(folder),
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

    /// Waits for what the fetcher brings.
    pub(crate) fn wait<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }
}

/// How a command ends that could not get what it needs.
pub(crate) fn exit_of(error: &FetchError) -> Exit {
    if error.is_unreachable() {
        Exit::Unreachable
    } else {
        Exit::Failed
    }
}
