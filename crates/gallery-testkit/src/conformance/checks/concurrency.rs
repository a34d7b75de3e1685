//! The check of concurrent calls.

use serde_json::{Value, json};

use crate::conformance::adapter::Arguments;
use crate::conformance::checks::context::CheckContext;
use crate::conformance::checks::values;
use crate::conformance::outcome::Outcome;
use crate::document::{Endpoint, Location, Parameter};

/// The number of concurrent calls.
const CONCURRENT_CALLS: usize = 50;

/// Returns the string parameters, which distinguish calls.
fn marks(endpoint: &Endpoint) -> impl Iterator<Item = &Parameter> {
    endpoint
        .parameters
        .iter()
        .filter(|parameter| values::is_text(parameter))
}

pub(super) fn can_be_marked(endpoint: &Endpoint) -> bool {
    marks(endpoint).next().is_some()
}

pub(super) fn concurrent_calls(context: &CheckContext<'_>) -> Result<(), String> {
    let echo = context.success();
    context.servers.server.respond_all(move |request| {
        echo.clone().with_header(
            "x-conformance-echo",
            &Value::from(request.target()).to_string(),
        )
    });
    context.servers.server.forget_requests();
    let marked = |number: usize| {
        marks(context.endpoint)
            .filter(|mark| !context.is_unsendable(mark))
            .enumerate()
            .fold(context.required(), |arguments, (at, mark)| {
                arguments.with(
                    mark.location,
                    &mark.name,
                    json!(format!("call-{number}-{at}-")),
                )
            })
    };
    let all: Vec<Arguments> = (0..CONCURRENT_CALLS).map(marked).collect();
    let outcomes = context.call_concurrently(&all)?;
    let mut requests = context.servers.server.requests();
    if requests.len() != CONCURRENT_CALLS {
        return Err(format!(
            "{} requests arrived for {CONCURRENT_CALLS} calls",
            requests.len()
        ));
    }
    for (number, (arguments, outcome)) in all.iter().zip(&outcomes).enumerate() {
        let Some(own) = requests
            .iter()
            .position(|request| context.fits(request, arguments).is_ok())
        else {
            return Err(format!(
                "no request has the arguments of call {number} of {CONCURRENT_CALLS}"
            ));
        };
        let own = requests.remove(own);
        let Outcome::Success { headers, .. } = outcome else {
            return Err(format!(
                "call {number} of {CONCURRENT_CALLS} failed: {outcome:?}"
            ));
        };
        let echoed = Value::from(own.target()).to_string();
        // Only path and query arguments are visible in the target.
        let is_seen = marks(context.endpoint)
            .any(|mark| matches!(mark.location, Location::Path | Location::Query));
        if is_seen && !headers.contains(&("x-conformance-echo".to_owned(), echoed.clone())) {
            return Err(format!(
                "call {number} of {CONCURRENT_CALLS}, for {echoed}, got the response of another call: {headers:?}"
            ));
        }
    }
    Ok(())
}
