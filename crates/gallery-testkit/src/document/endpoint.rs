//! Properties of operations.

use serde_json::Value;

use super::media_type::{EVENT_STREAM, essence, is_json, is_sequence, is_text};
use super::model::{Endpoint, Location, Parameter, Response};

/// The content of a response, as a client decodes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Expected<'a> {
    /// JSON with this schema.
    Json(&'a Value),
    /// Text, as a string with this schema.
    Text(&'a Value),
    /// Content without a type.
    Untyped,
    /// No content.
    Empty,
}

impl Expected<'_> {
    fn is_typed(self) -> bool {
        matches!(self, Expected::Json(_) | Expected::Text(_))
    }
}

impl Endpoint {
    /// Returns the content of responses with this status. `None` if the status is not documented,
    /// but others of successes or errors are, with types.
    pub fn expected(&self, status: u16) -> Option<Expected<'_>> {
        let is_success = status < 300;
        if !self.is_typed(is_success) {
            return Some(Expected::Untyped);
        }
        let class = self.class(is_success);
        Some(response_in(&class, status)?.content())
    }

    /// Returns the key of the response with this status: the status, a range such as `4XX`, or
    /// `default`.
    pub fn response_key(&self, status: u16) -> Option<&str> {
        let response = response_in(&self.class(status < 300), status)?;
        Some(&response.status)
    }

    /// Returns true if a success or an error has a type.
    pub fn is_typed(&self, is_success: bool) -> bool {
        let class = self.class(is_success);
        let mut contents = class.iter().map(|response| response.content());
        contents.any(Expected::is_typed)
    }

    /// Returns the documented successes or errors, unless responses have no body. `default` stands
    /// for successes only if no success is documented.
    fn class(&self, is_success: bool) -> Vec<&Response> {
        if self.has_no_response_body() {
            return Vec::new();
        }
        let is_own = |response: &&Response| match is_success {
            true => response.status.starts_with('2'),
            false => response.status.starts_with(['4', '5']) || response.status == "default",
        };
        let own: Vec<&Response> = self.responses.iter().filter(is_own).collect();
        match is_success && own.is_empty() {
            true => {
                let default = self.responses.iter();
                default
                    .filter(|response| response.status == "default")
                    .collect()
            }
            false => own,
        }
    }

    /// Returns a success status: the first one with a type, else the first documented one, else
    /// 200.
    pub fn success_status(&self) -> u16 {
        let documented = self
            .responses
            .iter()
            .filter_map(|response| response.status.parse().ok());
        let statuses: Vec<u16> = documented
            .filter(|status| (200..300).contains(status))
            .collect();
        let is_typed = |status: &&u16| self.expected(**status).is_some_and(Expected::is_typed);
        let status = statuses.iter().find(is_typed).or(statuses.first());
        status.copied().unwrap_or(200)
    }

    /// Returns the JSON schema of the response with [`success_status`](Self::success_status).
    pub fn success_schema(&self) -> Option<&Value> {
        match self.expected(self.success_status())? {
            Expected::Json(schema) => Some(schema),
            _ => None,
        }
    }

    /// Returns the events of the first success that is a sequence of them: the status, the media
    /// type and the schema of the data. Strings are text.
    pub fn events(&self) -> Option<(u16, &str, Expected<'_>)> {
        let mut successes: Vec<&Response> = self.responses.iter().collect();
        successes.retain(|response| response.status.starts_with('2'));
        // A range stands for the statuses after the listed ones.
        successes.sort_by_key(|response| (response.status.ends_with("XX"), &response.status));
        successes.into_iter().find_map(|response| {
            let mut content = response.content.iter();
            let (kind, schema) = content.find(|(kind, _)| is_sequence(kind))?;
            let is_text = essence(kind) == EVENT_STREAM;
            let expected = match schema.as_ref().filter(|schema| !is_string(schema)) {
                Some(schema) if is_open(schema) => Expected::Untyped,
                Some(schema) => Expected::Json(schema),
                None if is_text => Expected::Text(&Value::Null),
                None => Expected::Untyped,
            };
            let status = response.status.parse().unwrap_or(200);
            Some((status, kind.as_str(), expected))
        })
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

/// Returns the response with this status among the successes or errors.
fn response_in<'a>(class: &[&'a Response], status: u16) -> Option<&'a Response> {
    let of = |key: &str| class.iter().find(|response| response.status == key);
    of(&status.to_string())
        .or_else(|| of(&format!("{}XX", status / 100)))
        .or_else(|| of("default"))
        .copied()
}

impl Response {
    /// Returns the content as a client decodes it. A success can have a body that is not
    /// documented. HTTP forbids one with the statuses 204 and 205.
    fn content(&self) -> Expected<'_> {
        if matches!(&*self.status, "204" | "205") {
            return Expected::Empty;
        }
        if let Some((_, schema)) = self.json() {
            return Expected::Json(schema);
        }
        match self.content.as_slice() {
            [(kind, Some(schema))] if essence(kind).starts_with("text/") && is_string(schema) => {
                Expected::Text(schema)
            }
            [] if !self.status.starts_with('2') => Expected::Empty,
            _ => Expected::Untyped,
        }
    }

    /// Returns the media type and schema of JSON with a schema: `application/json` if it is
    /// offered, else the JSON media type that sorts first, else `*/*`, unless its schema is a
    /// string. `None` if a media type is not text.
    pub fn json(&self) -> Option<(&str, &Value)> {
        let is_any = |kind: &str| essence(kind) == "*/*";
        let mut kinds = self.content.iter().map(|(kind, _)| kind);
        if !kinds.all(|kind| is_text(kind) || is_any(kind)) {
            return None;
        }
        let is_value = |schema: &Value| !is_string(schema);
        let mut offered: Vec<_> = self
            .content
            .iter()
            .filter(|(kind, schema)| {
                is_json(kind) || is_any(kind) && schema.as_ref().is_some_and(is_value)
            })
            .collect();
        offered.sort_by_key(|(kind, _)| (essence(kind) != "application/json", is_any(kind), kind));
        let (kind, schema) = offered.first()?;
        let schema = schema.as_ref()?;
        (!is_open(schema)).then_some((kind, schema))
    }
}

/// Returns true for a schema that allows any JSON.
fn is_open(schema: &Value) -> bool {
    let keywords = schema.as_object();
    keywords.is_some_and(|keys| keys.keys().all(|key| key.starts_with("x-")))
}

pub(crate) fn is_string(schema: &Value) -> bool {
    schema.get("type").is_some_and(|kind| kind == "string")
}
