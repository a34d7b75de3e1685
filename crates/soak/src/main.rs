//! A soak test of generated clients.
//!
//! Many clients call a server with random faults: broken connections, pauses, error statuses,
//! revoked tokens, redirects and restarts. The program checks that no call hangs, that no write is
//! lost or doubled, that no incomplete response is a success, and that the clients do not leak.
//!
//! The server is a process of its own, so that the memory and the descriptors are those of the
//! clients.

mod content;
mod exchange;
mod faults;
mod figures;
mod handler;
mod leaks;
mod ledger;
mod recent;
mod report;
mod server;
mod tokens;
mod watchdog;
mod worker;
mod writes;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use gallery_runtime::oauth2::OAuthClient;
use gallery_runtime::reqwest;
use tokio::runtime::Handle;
use tokio::time::{interval, sleep, timeout};

use crate::exchange::{Addresses, ServerReport};
use crate::leaks::{Sample, cpu_seconds, growth};
use crate::ledger::compare;
use crate::report::Run;
use crate::tokens::RENEWED_BEFORE_EXPIRY;
use crate::watchdog::Watchdog;
use crate::worker::{Context, Worker};

/// The number of token providers, each of which several clients share.
const PROVIDERS: usize = 4;

/// The number of samples of the resources, at most one each minute.
const SAMPLES: u32 = 40;

/// The time in which the last calls end.
const LAST_CALLS: Duration = Duration::from_secs(20);

/// The time in which requests that were sent before the end of their call arrive.
const LATE_REQUESTS: Duration = Duration::from_secs(3);

/// Runs clients against a server with random faults, and checks that no call hangs, no write is
/// lost or doubled, and nothing leaks. Exits with 0 only if all checks pass.
#[derive(Debug, Parser)]
struct Options {
    /// Seed of the random choices; random by default
    #[arg(long)]
    seed: Option<u64>,
    /// Duration in seconds
    #[arg(long, default_value_t = 60)]
    duration: u64,
    /// Number of concurrent clients
    #[arg(long, default_value_t = 100)]
    clients: usize,
    /// Mean pause between two calls of a client, in milliseconds
    #[arg(long, default_value_t = 200)]
    pause: u64,
    /// Run as the server
    #[arg(long, hide = true)]
    server: bool,
}

fn main() -> Result<ExitCode> {
    let options = Options::parse();
    let seed = options.seed.unwrap_or_else(|| fastrand::u64(..));
    if options.server {
        server::run(seed)?;
        return Ok(ExitCode::SUCCESS);
    }
    println!("seed {seed}");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let run = runtime.block_on(run(seed, &options))?;
    print!("{}", run.text());
    let violations = run.violations();
    if violations.is_empty() {
        println!("\nall checks passed (seed {seed})");
        return Ok(ExitCode::SUCCESS);
    }
    println!("\nchecks failed (seed {seed}):");
    for violation in violations {
        println!("  {violation}");
    }
    Ok(ExitCode::FAILURE)
}

/// The server process, which ends with this one.
struct ServerProcess {
    child: Child,
    addresses: Addresses,
}

impl ServerProcess {
    fn start(seed: u64) -> Result<ServerProcess> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["--server", "--seed", &seed.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the server process")?;
        let output = child.stdout.take().context("the server has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let addresses = serde_json::from_str(&line);
        let addresses = addresses.context("the server has not printed its addresses")?;
        Ok(ServerProcess { child, addresses })
    }

    async fn report(&self) -> Result<ServerReport> {
        let response = reqwest::get(format!("{}/report", self.addresses.control)).await?;
        Ok(serde_json::from_slice(&response.bytes().await?)?)
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // The server stops at the end of its input. Errors mean that it has ended.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

async fn run(seed: u64, options: &Options) -> Result<Run> {
    let server = ServerProcess::start(seed)?;
    let context = Arc::new(Context {
        seed,
        base_url: server.addresses.api.clone(),
        pause: Duration::from_millis(options.pause),
        is_stopped: AtomicBool::new(false),
        watchdog: Watchdog::new(options.clients),
        figures: Default::default(),
    });
    let provider = |index: usize| {
        let url = format!("{}/token", server.addresses.control);
        let oauth = OAuthClient::builder(&url, format!("soak-{index}"))
            .client_secret("secret")
            .renew_before_expiry(RENEWED_BEFORE_EXPIRY)
            .timeout(Duration::from_secs(2));
        Ok(oauth.build()?.client_credentials())
    };
    let providers: Vec<_> = (0..PROVIDERS).map(provider).collect::<Result<_>>()?;
    let start = Instant::now();
    let workers: Vec<_> = (0..options.clients)
        .map(|index| {
            let provider = providers[index % PROVIDERS].clone();
            tokio::spawn(Worker::new(Arc::clone(&context), index, provider).run())
        })
        .collect();
    let guard = tokio::spawn(guard(Arc::clone(&context)));
    let (samples, server_samples) = sample(options, &server).await?;
    context.is_stopped.store(true, Ordering::Relaxed);
    let elapsed = start.elapsed();
    let mut writes = Vec::new();
    for worker in workers {
        match timeout(LAST_CALLS, worker).await {
            Ok(worker) => writes.push(worker??),
            Err(_) => bail!("calls hang at the end: {:?}", context.watchdog.running()),
        }
    }
    guard.abort();
    let _ = guard.await;
    sleep(LATE_REQUESTS).await;
    let cpu = (
        cpu_seconds(std::process::id())?,
        cpu_seconds(server.child.id())?,
    );
    let report = server.report().await?;
    let figures = std::mem::take(
        &mut *context
            .figures
            .lock()
            .unwrap_or_else(PoisonError::into_inner),
    );
    Ok(Run {
        elapsed,
        figures,
        comparison: compare(&writes, &report.ledger),
        server: report,
        growth: growth(&samples),
        samples,
        server_samples,
        cpu,
    })
}

/// Reports calls that hang.
async fn guard(context: Arc<Context>) {
    let mut ticks = interval(Duration::from_millis(500));
    loop {
        ticks.tick().await;
        for late in context.watchdog.check(Instant::now()) {
            println!("{late}");
            context.record(|figures| figures.violation(late));
        }
    }
}

/// Samples the resources of both processes until the end of the run.
async fn sample(options: &Options, server: &ServerProcess) -> Result<(Vec<Sample>, Vec<Sample>)> {
    let duration = Duration::from_secs(options.duration);
    let period = (duration / SAMPLES).clamp(Duration::from_millis(250), Duration::from_secs(60));
    let (mut own, mut others) = (Vec::new(), Vec::new());
    let end = Instant::now() + duration;
    while Instant::now() < end {
        sleep(period.min(end.saturating_duration_since(Instant::now()))).await;
        let tasks = Handle::current().metrics().num_alive_tasks();
        let (client, server) = (
            Sample::of(std::process::id(), tasks)?,
            Sample::of(server.child.id(), 0)?,
        );
        println!(
            "{:>5} s: client {} KiB, {} descriptors, {} tasks; server {} KiB, {} descriptors",
            duration
                .saturating_sub(end.saturating_duration_since(Instant::now()))
                .as_secs(),
            client.memory_kib,
            client.descriptors,
            client.tasks,
            server.memory_kib,
            server.descriptors,
        );
        own.push(client);
        others.push(server);
    }
    Ok((own, others))
}
