//! Judges a client by its document and by what goes over a loopback connection.
//!
//! A client's tests hand over a [`Suite`]: the document, the client's source (for its public surface), and an [`Adapter`] per
//! operation that turns arguments in JSON into a call. Every check is one row of [`CHECKS`] and one function; it runs for every
//! operation that it applies to, as a test named `operation::check`.

use std::process::ExitCode;
use std::sync::Arc;

use gallery_runtime::{Builder, Transport};
use libtest_mimic::{Arguments as TestArguments, Failed, Trial};

use crate::document::{Document, Endpoint};

mod adapter;
mod answers;
mod bench;
mod requests;
mod surface;

pub use adapter::{Adapter, Arguments, BadArguments, Content, FailureKind, Outcome};
use bench::Bench;

/// What is judged, and by what. `C` is the client.
#[derive(Debug)]
pub struct Suite<C> {
    /// The text of the canonical document.
    pub document: &'static str,
    /// The text of the client's generated code.
    pub source: &'static str,
    /// Begins a client of the API at a base URL, as its users do. The judge sets one thing: attempts are not made again, because a check
    /// counts what arrives. When they are is the runtime's business, and tested there.
    pub builder: fn(&str) -> Builder<C>,
    /// How each operation is called.
    pub adapters: Vec<Adapter<C>>,
}

/// A check of one operation.
#[derive(Clone, Copy)]
pub struct Check {
    /// Its stable id, in kebab case.
    pub id: &'static str,
    /// What holds when it passes.
    pub meaning: &'static str,
    applies: fn(&Endpoint) -> bool,
    run: fn(&Bench) -> Result<(), String>,
}

/// Every check of an operation.
pub const CHECKS: &[Check] = &[
    Check {
        id: "request",
        meaning: "a call sends exactly one request, with the method and path of the document",
        applies: always,
        run: requests::request,
    },
    Check {
        id: "base-url",
        meaning: "the base path is kept, with and without a slash at the end of the base URL",
        applies: requests::is_of_documents_server,
        run: requests::base_url,
    },
    Check {
        id: "own-server",
        meaning: "an operation with a server of its own goes there by default, or nowhere when its host is a variable",
        applies: requests::has_own_server,
        run: requests::own_server,
    },
    Check {
        id: "styles",
        meaning: "the items of a list arrive as they were given, whatever they hold, or nothing is sent",
        applies: requests::has_lists,
        run: requests::styles,
    },
    Check {
        id: "cookies",
        meaning: "each cookie parameter goes out under its name, and no cookie is sent when all are absent",
        applies: requests::has_cookies,
        run: requests::cookies,
    },
    Check {
        id: "path-arguments",
        meaning: "each path argument, whatever it holds, decodes to itself in its own segment",
        applies: requests::has_text_in_path,
        run: requests::path_arguments,
    },
    Check {
        id: "path-refusals",
        meaning: "path arguments that would lead to another path are refused before sending",
        applies: requests::has_text_in_path,
        run: requests::path_refusals,
    },
    Check {
        id: "required",
        meaning: "without a required argument nothing is sent",
        applies: requests::has_required,
        run: requests::required,
    },
    Check {
        id: "query",
        meaning: "each query parameter goes out under its name, alone, with all others, and not at all when absent",
        applies: requests::has_query,
        run: requests::query,
    },
    Check {
        id: "query-values",
        meaning: "reserved characters in query values arrive as they were given",
        applies: requests::has_text_in_query,
        run: requests::query_values,
    },
    Check {
        id: "no-query",
        meaning: "nothing is in the query that the document does not declare",
        applies: always,
        run: requests::no_query,
    },
    Check {
        id: "header-arguments",
        meaning: "each header parameter goes out under its name, and not at all when absent",
        applies: requests::has_headers,
        run: requests::header_arguments,
    },
    Check {
        id: "headers",
        meaning: "no header is sent that the document does not declare",
        applies: always,
        run: requests::headers,
    },
    Check {
        id: "accept",
        meaning: "`Accept` names the media types that the document gives the answers",
        applies: requests::has_accept,
        run: requests::accept,
    },
    Check {
        id: "body",
        meaning: "a body arrives as it was given, with the documented `Content-Type`",
        applies: requests::has_body,
        run: requests::body,
    },
    Check {
        id: "no-body",
        meaning: "without a body neither a body nor a `Content-Type` is sent",
        applies: requests::may_have_no_body,
        run: requests::no_body,
    },
    Check {
        id: "answer-untyped",
        meaning: "a success without schema is an answer whatever it holds: JSON, nothing, text, bytes",
        applies: answers::is_untyped,
        run: answers::untyped,
    },
    Check {
        id: "answer-typed",
        meaning: "a success with schema is read as its type, unknown fields notwithstanding",
        applies: answers::is_typed,
        run: answers::typed,
    },
    Check {
        id: "answer-shape",
        meaning: "a success of the wrong shape is an error that keeps status, headers and body",
        applies: answers::is_typed,
        run: answers::shape,
    },
    Check {
        id: "errors",
        meaning: "every 4xx and 5xx is an error that keeps status, headers and body",
        applies: always,
        run: answers::errors,
    },
    Check {
        id: "error-typed",
        meaning: "a documented error with schema is read as its type, and one of another shape keeps its status",
        applies: answers::has_typed_error,
        run: answers::typed_errors,
    },
    Check {
        id: "redirects",
        meaning: "a redirect changes neither method nor body, and is not taken for a success",
        applies: always,
        run: answers::redirects,
    },
];

fn always(_: &Endpoint) -> bool {
    true
}

/// Runs a suite as a test program does: `--list`, filters and the like are cargo's usual ones.
pub fn main<C: From<Transport> + Clone + Send + Sync + 'static>(suite: Suite<C>) -> ExitCode {
    let arguments = TestArguments::from_args();
    let trials = match trials(suite) {
        Ok(trials) => trials,
        Err(error) => {
            eprintln!("the conformance suite cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Every test of a suite, for test programs that run several suites.
pub fn trials<C: From<Transport> + Clone + Send + Sync + 'static>(suite: Suite<C>) -> Result<Vec<Trial>, String> {
    let document = Arc::new(Document::parse(suite.document).map_err(|error| error.to_string())?);
    let surface = surface::Surface::read(suite.source);
    let ids: Vec<String> = suite.adapters.iter().map(|adapter| adapter.id().to_owned()).collect();
    let mut trials = Vec::new();
    {
        let (document, surface) = (Arc::clone(&document), surface.clone());
        trials.push(trial("client::surface".to_owned(), move || surface::methods(&document, &surface?, &ids)));
    }
    for endpoint in &document.endpoints {
        let (own, read) = (endpoint.clone(), surface.clone());
        trials.push(trial(format!("{}::setters", endpoint.id), move || surface::setters(&own, &read?)));
        for check in CHECKS.iter().filter(|check| (check.applies)(endpoint)) {
            let adapter = suite.adapters.iter().find(|adapter| adapter.id() == endpoint.id).cloned();
            let (document, endpoint) = (Arc::clone(&document), endpoint.clone());
            let builder = suite.builder;
            trials.push(trial(format!("{}::{}", endpoint.id, check.id), move || {
                let adapter = adapter.ok_or("the client has no adapter for this operation")?;
                let bench = Bench::new(document, endpoint, builder, adapter)?;
                (check.run)(&bench).map_err(|fault| format!("{fault}\n  expected: {}", check.meaning))
            }));
        }
    }
    Ok(trials)
}

fn trial(name: String, run: impl FnOnce() -> Result<(), String> + Send + 'static) -> Trial {
    Trial::test(name, move || run().map_err(Failed::from))
}
