//! Properties of operations.

use serde_json::Value;

use super::media_type::{essence, is_json, is_text};
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

    /// Returns the media types of all responses that a client reads: only JSON where JSON with a
    /// schema is offered.
    pub fn media_types(&self) -> Vec<&str> {
        let responses = self.responses.iter();
        responses
            .flat_map(|response| match response.json() {
                Some((kind, _)) => vec![kind],
                None => {
                    let kinds = response.content.iter();
                    kinds.map(|(kind, _)| kind.as_str()).collect()
                }
            })
            .collect()
    }

    /// Returns the parameters in one location.
    pub fn of(&self, location: Location) -> impl Iterator<Item = &Parameter> {
        self.parameters
            .iter()
            .filter(move |parameter| parameter.location == location)
    }
}

impl Response {
    /// Returns the media type and schema of JSON with a schema: `application/json` if it is
    /// offered, else the JSON media type that sorts first. `None` if a media type is not text.
    pub fn json(&self) -> Option<(&str, &Value)> {
        if !self.content.iter().all(|(kind, _)| is_text(kind)) {
            return None;
        }
        let mut offered: Vec<_> = self
            .content
            .iter()
            .filter(|(kind, _)| is_json(kind))
            .collect();
        offered.sort_by_key(|(kind, _)| (essence(kind) != "application/json", kind));
        let (kind, schema) = offered.first()?;
        let schema = schema.as_ref()?;
        let keywords = schema.as_object();
        let is_open = keywords.is_some_and(|keys| keys.keys().all(|key| key.starts_with("x-")));
        (!is_open).then_some((kind, schema))
    }
}

fn common_schema<'a>(responses: &[&'a Response]) -> Option<&'a Value> {
    let mut common = None;
    for response in responses {
        let (_, schema) = response.json()?;
        if common.is_some_and(|other| other != schema) {
            return None;
        }
        common = Some(schema);
    }
    common
}
