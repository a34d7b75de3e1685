//! The section on types that the source lacks.

use gallery_spec::canonical::{Canonical, assumed};

use crate::parameters::parameters_of;
use crate::reference;

/// Lists the parameters, bodies and responses that have no type in the source.
pub(super) fn missing_types(canonical: &Canonical) -> String {
    let endpoints = canonical.endpoints();
    let line = |count: usize, total: usize, problem: &str, effect: &str| {
        if count == 0 {
            String::new()
        } else {
            format!("- {count} of {total} {problem}: {effect}\n")
        }
    };
    let parameters: Vec<_> = endpoints
        .iter()
        .flat_map(|endpoint| parameters_of(canonical, endpoint))
        .collect();
    let untyped = parameters
        .iter()
        .filter(|(.., data)| assumed(&data.extensions).contains(&"type"))
        .count();
    let bodies: Vec<_> = endpoints
        .iter()
        .filter_map(|endpoint| {
            reference::body(canonical, endpoint.operation.request_body.as_ref()?)
        })
        .collect();
    let untyped_bodies = bodies
        .iter()
        .filter(|body| assumed(&body.extensions).contains(&"schema"))
        .count();
    let responses: Vec<_> = endpoints
        .iter()
        .flat_map(|endpoint| {
            endpoint
                .operation
                .responses
                .responses
                .values()
                .chain(&endpoint.operation.responses.default)
        })
        .filter_map(|response| reference::response(canonical, response))
        .collect();
    let untyped_responses = responses
        .iter()
        .filter(|response| assumed(&response.extensions).contains(&"content"))
        .count();
    let lines = [
        line(
            untyped,
            parameters.len(),
            "parameters have no type",
            "strings are sent unchanged",
        ),
        line(
            untyped_bodies,
            bodies.len(),
            "bodies have no schema",
            "any JSON is sent unchanged",
        ),
        line(
            untyped_responses,
            responses.len(),
            "responses have no schema",
            "they are `Untyped`",
        ),
    ];
    if lines.iter().all(String::is_empty) {
        return String::new();
    }
    format!(
        "\n## Missing types\n\nThe source of this client lacks some types. The generator does not guess them:\n\n{}",
        lines.concat()
    )
}
