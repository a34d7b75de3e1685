//! The checks, which call clients of mock servers.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::panic::resume_unwind;
use std::process::ExitCode;
use std::sync::Arc;

use gallery_runtime::Transport;
use libtest_mimic::{Arguments as TestArguments, Failed, Trial};

use crate::conformance::clients;
use crate::conformance::suite::Suite;
use crate::document::{Document, Endpoint};

mod concurrency;
mod context;
mod coverage;
mod credentials;
mod disclosure;
mod downloads;
mod errors;
mod events;
mod expected_failures;
mod fetch_limits;
mod fields;
mod framing;
mod headers;
mod naming;
mod objects;
mod open_structs;
mod other_hosts;
mod paging;
mod remote;
mod request_rules;
mod requests;
mod response_rules;
mod responses;
mod retries;
mod schemas;
mod surface;
mod table;
mod test_servers;
mod transport;
mod unions;
mod values;
mod variants;

use context::{CheckContext, Common};
use coverage::Coverage;
pub use fetch_limits::{FETCH_LIMITS, FetchLimit};
use fetch_limits::{METHODS, MetLimits, is_uncallable};
use remote::Worker;
pub use table::{CHECKS, CLIENT_CHECKS, Check};
use test_servers::{ClientFactory, TestServerPool};

/// Runs a suite as a test program with the usual options of `cargo test`, and these:
///
/// - `--coverage` prints the parts of the document that the checks reached.
/// - `--wasm FILE` runs the clients in Node.js. The file is the output of `wasm-bindgen` for this
///   program, compiled for WebAssembly.
pub fn main<C: From<Transport> + Clone + Debug + Send + Sync + 'static>(
    suite: Suite<C>,
) -> ExitCode {
    match run_program(suite, std::env::args()) {
        Ok(status) => status,
        Err(error) => {
            eprintln!("cannot start the conformance tests: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run_program<C: From<Transport> + Clone + Debug + Send + Sync + 'static>(
    suite: Suite<C>,
    arguments: impl Iterator<Item = String>,
) -> Result<ExitCode, String> {
    let (mut has_coverage, mut wasm, mut usual) = (false, None, Vec::new());
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--coverage" => has_coverage = true,
            "--wasm" => wasm = Some(arguments.next().ok_or("`--wasm` needs a file")?),
            _ => usual.push(argument),
        }
    }
    let mut arguments = TestArguments::from_iter(usual);
    if wasm.is_some() {
        // All clients share one thread, so concurrent checks would delay each other's calls.
        arguments.test_threads = Some(1);
    }
    let disabled = suite.disabled_features.join(", ");
    let worker = wasm.map(|file| Worker::in_node(&file)).transpose()?;
    let (common, tests) = prepared(suite, worker)?;
    let is_whole = arguments.filter.is_none()
        && arguments.skip.is_empty()
        && !arguments.list
        && !arguments.ignored;
    if !disabled.is_empty() {
        eprintln!("not checked: the operations of features that are off: {disabled}");
    }
    let conclusion = libtest_mimic::run(&arguments, tests.into_iter().map(trial).collect());
    if let Some(met) = &common.met_limits {
        print!("{}", met.report());
    }
    if has_coverage {
        print!("{}", common.coverage.table(&common.document));
    }
    let in_wasm = common.met_limits.is_some();
    let missing = common.coverage.missing(&common.document, in_wasm);
    // A failed call reaches nothing and is already reported.
    if is_whole && !conclusion.has_failed() && !missing.is_empty() {
        eprintln!(
            "no check reached these parts of the document:\n  {}",
            missing.join("\n  ")
        );
        return Ok(ExitCode::FAILURE);
    }
    Ok(conclusion.exit_code())
}

/// Returns the tests of a suite, for programs that run several suites.
pub fn trials<C: From<Transport> + Clone + Debug + Send + Sync + 'static>(
    suite: Suite<C>,
) -> Result<Vec<Trial>, String> {
    prepared(suite, None).map(|(_, tests)| tests.into_iter().map(trial).collect())
}

/// The result of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckResult {
    /// `endpoint::check`.
    pub name: String,
    /// The failure message, if the check failed.
    pub failure: Option<String>,
}

/// Runs the tests whose names match one after another, without a test program.
pub fn run_checks<C: From<Transport> + Clone + Debug + Send + Sync + 'static>(
    suite: Suite<C>,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<CheckResult>, String> {
    let (_, tests) = prepared(suite, None)?;
    let verdict = |test: Test| CheckResult {
        failure: (test.run)().err(),
        name: test.name,
    };
    Ok(tests
        .into_iter()
        .filter(|test| wanted(&test.name))
        .map(verdict)
        .collect())
}

/// One check of one operation, or of the client.
struct Test {
    name: String,
    run: Box<dyn FnOnce() -> Result<(), String> + Send>,
}

fn trial(test: Test) -> Trial {
    Trial::test(test.name, move || (test.run)().map_err(Failed::from))
}

fn prepared<C: From<Transport> + Clone + Debug + Send + Sync + 'static>(
    suite: Suite<C>,
    worker: Option<Arc<Worker>>,
) -> Result<(Arc<Common>, Vec<Test>), String> {
    let mut document = Document::parse(suite.document).map_err(|error| error.to_string())?;
    let expected_failures = expected_failures::read(suite.expected_failures, &document)?;
    let ids: Vec<String> = suite
        .adapters
        .iter()
        .map(|adapter| adapter.id().to_owned())
        .collect();
    let is_partial = !suite.disabled_features.is_empty();
    if is_partial {
        let has_adapter: BTreeSet<&String> = ids.iter().collect();
        document
            .endpoints
            .retain(|endpoint| has_adapter.contains(&endpoint.id));
    }
    let document = Arc::new(document);
    let met_limits = worker.as_ref().map(|_| MetLimits::default());
    let (create, schemas) = match worker {
        None => (clients::local(suite.builder, suite.adapters), suite.schemas),
        Some(worker) => remote::clients(&worker, &suite.adapters, suite.schemas),
    };
    let factory = ClientFactory::new(&document, create);
    let common = Arc::new(Common {
        surface: surface::Surface::read(suite.sources),
        server_pool: TestServerPool::new(Arc::clone(&document), factory),
        document,
        coverage: Coverage::default(),
        met_limits,
    });
    let test =
        |endpoint: &str, check: &str, run: Box<dyn FnOnce() -> Result<(), String> + Send>| {
            let expected = expected_failures
                .iter()
                .find(|expected| expected.endpoint == endpoint && expected.check == check)
                .cloned();
            let run: Box<dyn FnOnce() -> Result<(), String> + Send> = match expected {
                Some(expected) => Box::new(move || expected_failures::invert(&expected, run())),
                None => run,
            };
            let run = Box::new(move || on_large_stack(run));
            Test {
                name: format!("{endpoint}::{check}"),
                run,
            }
        };
    let mut tests = Vec::new();
    if !is_partial {
        let of_client = Arc::clone(&common);
        let surface =
            move || naming::methods(&of_client.document, of_client.surface.as_ref()?, &ids);
        let of_client = Arc::clone(&common);
        let types = move || {
            let surface = of_client.surface.as_ref()?;
            let document = &of_client.document;
            schemas::all(document, &schemas, surface)
        };
        tests.push(test(
            expected_failures::CLIENT,
            "surface",
            Box::new(surface),
        ));
        tests.push(test(expected_failures::CLIENT, "schemas", Box::new(types)));
    }
    let in_wasm = common.met_limits.is_some();
    for endpoint in &common.document.endpoints {
        let runs = |check: &Check| {
            !in_wasm || !is_uncallable(endpoint) || METHODS.checks.contains(&check.id)
        };
        let checks = CHECKS.iter().filter(|check| check.applies_to(endpoint));
        for check in checks.filter(|check| runs(check)) {
            let (common, own) = (Arc::clone(&common), endpoint.clone());
            tests.push(test(
                &endpoint.id,
                check.id,
                Box::new(move || run(&common, &own, check)),
            ));
        }
    }
    Ok((common, tests))
}

fn run(common: &Common, endpoint: &Endpoint, check: &'static Check) -> Result<(), String> {
    let servers = common.server_pool.take()?;
    let outcome = CheckContext::new(common, endpoint, check.id, &servers).and_then(|context| {
        let result = (check.run)(&context);
        match is_uncallable(endpoint) {
            true => context.unless_limited(&METHODS, result),
            false => result,
        }
    });
    common.server_pool.give_back(servers);
    outcome.map_err(|failure| format!("{failure}\n  expected: {}", check.meaning))
}

/// The stack of a check in bytes. Large documents have deep schemas.
const STACK: usize = 64 << 20;

/// Runs a check on a thread with a large stack.
fn on_large_stack(work: impl FnOnce() -> Result<(), String> + Send) -> Result<(), String> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        let thread = thread
            .spawn_scoped(scope, work)
            .map_err(|error| format!("no thread for the check: {error}"))?;
        thread.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}
