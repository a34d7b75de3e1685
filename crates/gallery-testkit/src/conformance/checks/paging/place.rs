//! The part of a request that differs from page to page.

use serde_json::Value;

use crate::conformance::adapter::Arguments;
use crate::conformance::checks::context::CheckContext;
use crate::document::{Endpoint, Location, Parameter};
use crate::pointer::{remove, set};
use crate::request::RecordedRequest;
use crate::schema::{Direction, Validator};
use crate::server::argument;

/// A parameter, or a part of the JSON body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Parameter(Location, String),
    /// A JSON pointer.
    Body(String),
}

impl Place {
    /// Returns the place with this name: a JSON pointer, or the name of a parameter.
    pub(super) fn new(context: &CheckContext<'_>, name: &str) -> Place {
        if name.starts_with('/') {
            return Place::Body(name.to_owned());
        }
        let mut parameters = context.endpoint.parameters.iter();
        let is_sent = |own: &&Parameter| {
            own.name == name && matches!(own.location, Location::Query | Location::Header)
        };
        let location = parameters.find(is_sent).map(|own| own.location);
        Place::Parameter(location.unwrap_or(Location::Query), name.to_owned())
    }

    /// Returns true if a parameter is this place.
    pub(super) fn is(&self, parameter: &Parameter) -> bool {
        matches!(self, Place::Parameter(location, name)
            if *location == parameter.location && *name == parameter.name)
    }

    /// Returns true if the place has numbers.
    pub(super) fn has_number(&self, context: &CheckContext<'_>) -> bool {
        let schema = match self {
            Place::Parameter(..) => {
                let mut parameters = context.endpoint.parameters.iter();
                parameters.find(|own| self.is(own)).map(|own| &own.schema)
            }
            Place::Body(pointer) => {
                let body = context.all();
                let value = body.given_body().and_then(|body| body.pointer(pointer));
                return value.is_some_and(Value::is_number);
            }
        };
        let schema = schema.map(|schema| context.document.resolve(schema));
        let kind = schema.and_then(|schema| schema.get("type"));
        kind.is_some_and(|kind| kind == "integer" || kind == "number")
    }

    /// Returns the arguments with a value in this place.
    pub(super) fn with(&self, arguments: Arguments, value: Value) -> Arguments {
        match self {
            Place::Parameter(location, name) => arguments.with(*location, name, value),
            Place::Body(pointer) => {
                let mut body = arguments.given_body().cloned().unwrap_or_default();
                set(&mut body, pointer, value);
                arguments.with_body(Some(body))
            }
        }
    }

    /// Returns the arguments without this part of the body, and without the objects around it that
    /// are not valid then.
    pub(super) fn without(&self, context: &CheckContext<'_>, arguments: Arguments) -> Arguments {
        let (Place::Body(pointer), Some(body)) = (self, arguments.given_body()) else {
            return arguments;
        };
        let schema = context.endpoint.body.as_ref().map(|own| &own.schema);
        let validator = Validator::new(context.document, Direction::Request);
        let (mut body, mut pointer) = (body.clone(), pointer.as_str());
        while let Some((parent, _)) = pointer.rsplit_once('/') {
            remove(&mut body, pointer);
            if schema.is_none_or(|schema| validator.is_valid(schema, &body)) {
                break;
            }
            pointer = parent;
        }
        arguments.with_body(Some(body))
    }

    /// Returns the number in a request.
    pub(super) fn number(&self, endpoint: &Endpoint, request: &RecordedRequest) -> Option<i64> {
        let (Place::Parameter(_, name) | Place::Body(name)) = self;
        argument(endpoint, request, name)?.parse().ok()
    }
}
