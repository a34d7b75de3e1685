//! Checks a client against its document and the requests on the wire.
//!
//! The tests of a client provide a [`Suite`]: the document, the client's source for its public
//! names, and an [`Adapter`] per operation that turns JSON arguments into a call. Each check is a
//! row of [`CHECKS`] and a function. It runs for every operation to which it applies, as the test
//! `operation::check`. With `--coverage` a run also prints which parts of the document were
//! reached.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::panic::resume_unwind;
use std::process::ExitCode;
use std::sync::Arc;

use gallery_runtime::{ClientBuilder, Transport};
use libtest_mimic::{Arguments as TestArguments, Failed, Trial};

use crate::document::{Document, Endpoint};

mod adapter;
mod argument_error;
mod checks;
mod concurrency;
mod context;
mod coverage;
mod credentials;
mod disclosure;
mod distinct;
mod downloads;
mod errors;
mod events;
mod expected_failures;
mod fields;
mod framing;
mod headers;
mod middleware;
mod multipart;
mod naming;
mod objects;
mod open_structs;
mod other_hosts;
mod outcome;
mod paging;
mod request_rules;
mod requests;
mod response_rules;
mod responses;
mod retries;
mod schema_types;
mod schemas;
mod secret;
mod streamed;
mod surface;
mod test_servers;
mod transport;
mod unions;
mod values;
mod variants;

pub use adapter::{Adapter, Arguments};
pub use argument_error::ArgumentError;
pub use checks::{CHECKS, CLIENT_CHECKS, Check};
use context::{CheckContext, Common};
use coverage::Coverage;
pub use outcome::{Content, FailureKind, KeyedContent, Outcome};
pub use schema_types::Schema;
use test_servers::TestServerPool;

/// The input of a run. `C` is the client.
#[derive(Debug)]
pub struct Suite<C> {
    /// The OpenAPI document.
    pub document: &'static str,
    /// The files of the client's generated code.
    pub sources: &'static [&'static str],
    /// Creates a builder for a client. The checks disable retries, since they count requests.
    pub builder: fn(&str) -> ClientBuilder<C>,
    /// The adapters of the operations.
    pub adapters: Vec<Adapter<C>>,
    /// The types of the schemas.
    pub schemas: Vec<Schema>,
    /// The cargo features of tags that are off. If there are any, operations without an adapter are
    /// not checked, and neither are the lists of methods and schemas.
    pub disabled_features: Vec<&'static str>,
    /// The content of `expected-failures.toml`: a table `[[failure]]` with `endpoint`, `check` and
    /// `reason` for each expected failure. A listed check that passes is a failure.
    pub expected_failures: &'static str,
}

/// Runs a suite as a test program with the usual options of `cargo test`, and `--coverage`.
pub fn main<C: From<Transport> + Clone + Debug + Send + Sync + 'static>(
    suite: Suite<C>,
) -> ExitCode {
    let (own, usual): (Vec<String>, Vec<String>) =
        std::env::args().partition(|argument| argument == "--coverage");
    let arguments = TestArguments::from_iter(usual);
    let disabled = suite.disabled_features.join(", ");
    let (common, tests) = match prepared(suite) {
        Ok(prepared) => prepared,
        Err(error) => {
            eprintln!("cannot start the conformance tests: {error}");
            return ExitCode::FAILURE;
        }
    };
    let is_whole = arguments.filter.is_none()
        && arguments.skip.is_empty()
        && !arguments.list
        && !arguments.ignored;
    if !disabled.is_empty() {
        eprintln!("not checked: the operations of features that are off: {disabled}");
    }
    let conclusion = libtest_mimic::run(&arguments, tests.into_iter().map(trial).collect());
    if !own.is_empty() {
        print!("{}", common.coverage.table(&common.document));
    }
    let missing = common.coverage.missing(&common.document);
    // A failed call reaches nothing and is already reported.
    if is_whole && !conclusion.has_failed() && !missing.is_empty() {
        eprintln!(
            "no check reached these parts of the document:\n  {}",
            missing.join("\n  ")
        );
        return ExitCode::FAILURE;
    }
    conclusion.exit_code()
}

/// Returns the tests of a suite, for programs that run several suites.
pub fn trials<C: From<Transport> + Clone + Debug + Send + Sync + 'static>(
    suite: Suite<C>,
) -> Result<Vec<Trial>, String> {
    prepared(suite).map(|(_, tests)| tests.into_iter().map(trial).collect())
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
    let (_, tests) = prepared(suite)?;
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
    let common = Arc::new(Common {
        surface: surface::Surface::read(suite.sources),
        server_pool: TestServerPool::new(Arc::clone(&document), suite.builder, suite.adapters),
        document,
        coverage: Coverage::default(),
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
            schemas::all(document, &suite.schemas, surface)
        };
        tests.push(test(
            expected_failures::CLIENT,
            "surface",
            Box::new(surface),
        ));
        tests.push(test(expected_failures::CLIENT, "schemas", Box::new(types)));
    }
    for endpoint in &common.document.endpoints {
        for check in CHECKS.iter().filter(|check| check.applies_to(endpoint)) {
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
    let outcome = CheckContext::new(common, endpoint, check.id, &servers)
        .and_then(|context| (check.run)(&context));
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
