//! Properties of operations.

use serde_json::Value;

use super::media_type::is_json;
use super::model::{Endpoint, Location, Parameter, Response};

impl Endpoint {
    /// Returns the schema of the success responses, if all of them have the same JSON schema.
    pub fn success_schema(&self) -> Option<&Value> {
        if self.has_no_response_body() {
            return None;
        }
        let mut successes: Vec<&Response> = self
            .responses
            .iter()
            .filter(|response| response.status.starts_with('2'))
            .collect();
        if successes.is_empty() {
            successes.extend(
                self.responses
                    .iter()
                    .filter(|response| response.status == "default"),
            );
        }
        common_schema(&successes)
    }

    /// Returns the schema for an error status, if all documented errors have the same JSON schema.
    pub fn error_schema(&self, status: u16) -> Option<&Value> {
        let errors = self.errors();
        let schema = common_schema(&errors)?;
        // A range or `default` covers every error.
        let every = errors
            .iter()
            .any(|response| response.status.parse::<u16>().is_err());
        (every
            || errors
                .iter()
                .any(|response| response.status == status.to_string()))
        .then_some(schema)
    }

    /// Returns true if all documented errors have the same JSON schema.
    pub fn has_error_schema(&self) -> bool {
        common_schema(&self.errors()).is_some()
    }

    /// Returns the documented errors, unless responses have no body.
    fn errors(&self) -> Vec<&Response> {
        let is_error = |response: &&Response| {
            response.status.starts_with(['4', '5']) || response.status == "default"
        };
        self.responses
            .iter()
            .filter(|_| !self.has_no_response_body())
            .filter(is_error)
            .collect()
    }

    /// Returns the path template without its fragment.
    pub fn template(&self) -> &str {
        self.path.split('#').next().unwrap_or_default()
    }

    /// Returns true for `HEAD`, whose responses have no body.
    pub fn has_no_response_body(&self) -> bool {
        self.method == "HEAD"
    }

    /// Returns the media types of all responses.
    pub fn media_types(&self) -> Vec<&str> {
        self.responses
            .iter()
            .flat_map(|response| &response.content)
            .map(|(kind, _)| kind.as_str())
            .collect()
    }

    /// Returns the parameters in one location.
    pub fn of(&self, location: Location) -> impl Iterator<Item = &Parameter> {
        self.parameters
            .iter()
            .filter(move |parameter| parameter.location == location)
    }
}

fn common_schema<'a>(responses: &[&'a Response]) -> Option<&'a Value> {
    let mut common = None;
    for response in responses {
        let [(kind, Some(schema))] = response.content.as_slice() else {
            return None;
        };
        let open = schema
            .as_object()
            .is_some_and(|keys| keys.keys().all(|key| key.starts_with("x-")));
        if !is_json(kind) || open || common.is_some_and(|other| other != schema) {
            return None;
        }
        common = Some(schema);
    }
    common
}
