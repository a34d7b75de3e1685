//! Judges a client by its document and by what goes over a loopback connection.
//!
//! A client's tests hand over a [`Suite`]: the document, the client's source (for its public surface), and an [`Adapter`] per
//! operation that turns arguments in JSON into a call. Every check is one row of [`CHECKS`] and one function; it runs for every
//! operation that it applies to, as a test named `operation::check`. With `--coverage` a run also shows what of the document it reached.

use std::fmt::Debug;
use std::process::ExitCode;
use std::sync::Arc;

use gallery_runtime::{ClientBuilder, Transport};
use libtest_mimic::{Arguments as TestArguments, Failed, Trial};

use crate::document::{Document, Endpoint};

mod adapter;
mod answers;
mod bench;
mod checks;
mod coverage;
mod credentials;
mod faults;
mod judge;
mod known;
mod paging;
mod requests;
mod schemas;
mod shop;
mod surface;
mod values;
mod variants;

pub use adapter::{Adapter, Arguments, BadArguments, Content, FailureKind, Given, Outcome, Unfit};
use bench::{Bench, Common};
pub use checks::{CHECKS, Check, OF_THE_CLIENT};
use coverage::Coverage;
pub use schemas::Schema;
use shop::Shops;

/// What is judged, and by what. `C` is the client.
#[derive(Debug)]
pub struct Suite<C> {
    /// The text of the canonical document.
    pub document: &'static str,
    /// The text of the client's generated code.
    pub source: &'static str,
    /// Begins a client of the API at a base URL, as its users do. The judge sets one thing: attempts are not made again, because a check
    /// counts what arrives. When they are is the runtime's business, and tested there.
    pub builder: fn(&str) -> ClientBuilder<C>,
    /// How each operation is called.
    pub adapters: Vec<Adapter<C>>,
    /// The types of the schemas that the document has names for.
    pub schemas: Vec<Schema>,
    /// What the client is known to fail: TOML with a table `[[failure]]` each, of `endpoint`, `check` and `reason`; empty for nothing. A
    /// check that is listed and passes is a failure.
    pub expected_failures: &'static str,
}

/// Runs a suite as a test program does: `--list`, filters and the like are cargo's usual ones, and `--coverage` is ours.
pub fn main<C: From<Transport> + Clone + Debug + Send + Sync + 'static>(
    suite: Suite<C>,
) -> ExitCode {
    let (own, usual): (Vec<String>, Vec<String>) =
        std::env::args().partition(|argument| argument == "--coverage");
    let arguments = TestArguments::from_iter(usual);
    let (common, tests) = match prepared(suite) {
        Ok(prepared) => prepared,
        Err(error) => {
            eprintln!("the conformance suite cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let is_whole = arguments.filter.is_none()
        && arguments.skip.is_empty()
        && !arguments.list
        && !arguments.ignored;
    let conclusion = libtest_mimic::run(&arguments, tests.into_iter().map(trial).collect());
    if !own.is_empty() {
        print!("{}", common.coverage.table(&common.document));
    }
    let missing = common.coverage.missing(&common.document);
    // A call that fails reaches nothing, and has been told of.
    if is_whole && !conclusion.has_failed() && !missing.is_empty() {
        eprintln!(
            "no check reached these parts of the document:\n  {}",
            missing.join("\n  ")
        );
        return ExitCode::FAILURE;
    }
    conclusion.exit_code()
}

/// Every test of a suite, for test programs that run several suites.
pub fn trials<C: From<Transport> + Clone + Debug + Send + Sync + 'static>(
    suite: Suite<C>,
) -> Result<Vec<Trial>, String> {
    prepared(suite).map(|(_, tests)| tests.into_iter().map(trial).collect())
}

/// What became of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// `endpoint::check`.
    pub name: String,
    /// What is wrong, if anything is.
    pub fault: Option<String>,
}

/// Runs those tests of a suite whose names are wanted, one after another, without a test program.
pub fn judged<C: From<Transport> + Clone + Debug + Send + Sync + 'static>(
    suite: Suite<C>,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<Verdict>, String> {
    let (_, tests) = prepared(suite)?;
    let verdict = |test: Test| Verdict {
        fault: (test.run)().err(),
        name: test.name,
    };
    Ok(tests
        .into_iter()
        .filter(|test| wanted(&test.name))
        .map(verdict)
        .collect())
}

/// One check of one endpoint, or of the client.
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
    let document = Arc::new(Document::parse(suite.document).map_err(|error| error.to_string())?);
    let known = known::read(suite.expected_failures, &document)?;
    let ids: Vec<String> = suite
        .adapters
        .iter()
        .map(|adapter| adapter.id().to_owned())
        .collect();
    let common = Arc::new(Common {
        surface: surface::Surface::read(suite.source),
        shops: Shops::new(Arc::clone(&document), suite.builder, suite.adapters),
        document,
        coverage: Coverage::default(),
    });
    let test =
        |endpoint: &str, check: &str, run: Box<dyn FnOnce() -> Result<(), String> + Send>| {
            let expected = known
                .iter()
                .find(|expected| expected.endpoint == endpoint && expected.check == check)
                .cloned();
            let run: Box<dyn FnOnce() -> Result<(), String> + Send> = match expected {
                Some(expected) => Box::new(move || known::turned(&expected, run())),
                None => run,
            };
            Test {
                name: format!("{endpoint}::{check}"),
                run,
            }
        };
    let of_client = Arc::clone(&common);
    let surface = move || surface::methods(&of_client.document, of_client.surface.as_ref()?, &ids);
    let of_client = Arc::clone(&common);
    let types = move || schemas::all(&of_client.document, &suite.schemas);
    let mut tests = vec![
        test(known::CLIENT, "surface", Box::new(surface)),
        test(known::CLIENT, "schemas", Box::new(types)),
    ];
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
    let shop = common.shops.take()?;
    let outcome =
        Bench::new(common, endpoint, check.id, &shop).and_then(|bench| (check.run)(&bench));
    common.shops.give_back(shop);
    outcome.map_err(|fault| format!("{fault}\n  expected: {}", check.meaning))
}
