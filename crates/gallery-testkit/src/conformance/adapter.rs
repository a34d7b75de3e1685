//! Adapters: functions that make calls from JSON arguments.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use gallery_runtime::{Bytes, Multipart};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::conformance::argument_error::ArgumentError;
use crate::conformance::multipart;
use crate::conformance::outcome::Outcome;
use crate::document::Location;

/// A call in progress.
pub(super) type Called = Pin<Box<dyn Future<Output = Result<Outcome, ArgumentError>> + Send>>;

/// Makes a call.
type Calling<C> = Arc<dyn Fn(C, Arguments) -> Called + Send + Sync>;

/// Calls one operation of a client of type `C`.
pub struct Adapter<C> {
    id: &'static str,
    call: Calling<C>,
    /// The functions for other ways than one request.
    others: Vec<(Way, Calling<C>)>,
}

impl<C> Clone for Adapter<C> {
    fn clone(&self) -> Self {
        Adapter {
            id: self.id,
            call: Arc::clone(&self.call),
            others: self.others.clone(),
        }
    }
}

impl<C> Adapter<C> {
    /// Creates an adapter for an operation.
    pub fn new<F>(
        id: &'static str,
        call: impl Fn(C, Arguments) -> F + Send + Sync + 'static,
    ) -> Adapter<C>
    where
        F: Future<Output = Result<Outcome, ArgumentError>> + Send + 'static,
    {
        Adapter {
            id,
            call: Arc::new(move |client, arguments| Box::pin(call(client, arguments))),
            others: Vec::new(),
        }
    }

    /// Adds a function that reads all items of a paginated list.
    #[must_use]
    pub fn with_pages<F>(
        self,
        pages: impl Fn(C, Arguments) -> F + Send + Sync + 'static,
    ) -> Adapter<C>
    where
        F: Future<Output = Result<Outcome, ArgumentError>> + Send + 'static,
    {
        self.with(Way::Pages, pages)
    }

    /// Adds a function that reads the body of a success while it arrives.
    #[must_use]
    pub fn with_download<F>(
        self,
        download: impl Fn(C, Arguments) -> F + Send + Sync + 'static,
    ) -> Adapter<C>
    where
        F: Future<Output = Result<Outcome, ArgumentError>> + Send + 'static,
    {
        self.with(Way::Download, download)
    }

    /// Adds a function that reads the events of a success.
    #[must_use]
    pub fn with_events<F>(
        self,
        events: impl Fn(C, Arguments) -> F + Send + Sync + 'static,
    ) -> Adapter<C>
    where
        F: Future<Output = Result<Outcome, ArgumentError>> + Send + 'static,
    {
        self.with(Way::Events, events)
    }

    fn with<F>(
        mut self,
        way: Way,
        call: impl Fn(C, Arguments) -> F + Send + Sync + 'static,
    ) -> Adapter<C>
    where
        F: Future<Output = Result<Outcome, ArgumentError>> + Send + 'static,
    {
        let call: Calling<C> = Arc::new(move |client, arguments| Box::pin(call(client, arguments)));
        self.others.push((way, call));
        self
    }

    /// Returns the operation id.
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// Returns the ways for which the adapter has a function.
    pub(super) fn ways(&self) -> Vec<Way> {
        let others = self.others.iter().map(|(way, _)| *way);
        std::iter::once(Way::Send).chain(others).collect()
    }

    /// Returns `None` if the adapter has no function for the way.
    pub(super) fn call(&self, way: Way, client: C, arguments: Arguments) -> Option<Called> {
        let mut others = self.others.iter();
        let call = match way {
            Way::Send => Some(&self.call),
            way => others.find(|(own, _)| *own == way).map(|(_, call)| call),
        };
        call.map(|call| call(client, arguments))
    }
}

/// A way of making a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Way {
    /// One request.
    Send,
    /// All pages of a list.
    Pages,
    /// A body that is read while it arrives.
    Download,
    /// The events of a response.
    Events,
}

impl<C> std::fmt::Debug for Adapter<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Adapter")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The arguments of a call, by location and name.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "ArgumentList", into = "ArgumentList")]
pub struct Arguments {
    parameters: BTreeMap<(Location, String), Value>,
    body: Option<Value>,
}

/// The form of arguments in JSON, in which keys are texts and an absent body is not `null`.
#[derive(Serialize, Deserialize)]
struct ArgumentList {
    parameters: Vec<(Location, String, Value)>,
    bodies: Vec<Value>,
}

impl From<ArgumentList> for Arguments {
    fn from(list: ArgumentList) -> Arguments {
        let parameters = list.parameters.into_iter();
        Arguments {
            parameters: parameters
                .map(|(location, name, value)| ((location, name), value))
                .collect(),
            body: list.bodies.into_iter().next(),
        }
    }
}

impl From<Arguments> for ArgumentList {
    fn from(arguments: Arguments) -> ArgumentList {
        let parameters = arguments.parameters.into_iter();
        ArgumentList {
            parameters: parameters
                .map(|((location, name), value)| (location, name, value))
                .collect(),
            bodies: arguments.body.into_iter().collect(),
        }
    }
}

impl Arguments {
    /// Returns a path argument.
    pub fn path<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, ArgumentError> {
        self.parameter(Location::Path, name)
    }

    /// Returns a query argument.
    pub fn query<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, ArgumentError> {
        self.parameter(Location::Query, name)
    }

    /// Returns a header argument.
    pub fn header<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, ArgumentError> {
        self.parameter(Location::Header, name)
    }

    /// Returns a cookie argument.
    pub fn cookie<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, ArgumentError> {
        self.parameter(Location::Cookie, name)
    }

    /// Returns a binary body, given as a string.
    pub fn bytes(&self) -> Result<Option<Bytes>, ArgumentError> {
        Ok(self.body::<String>()?.map(Bytes::from))
    }

    /// Returns a multipart body. An object with `name`, `type` and `content` is a file, and so is
    /// each such item of a list.
    pub fn multipart(&self) -> Result<Option<Multipart>, ArgumentError> {
        let Some(parts) = self.body::<BTreeMap<String, Value>>()? else {
            return Ok(None);
        };
        let mut form = Multipart::new();
        for (name, value) in &parts {
            for value in multipart::items(value) {
                form = match multipart::file(value) {
                    Some((file_name, kind, content)) => {
                        form.file(name, file_name, kind, content.to_owned())
                    }
                    None => form.value(name, value),
                };
            }
        }
        Ok(Some(form))
    }

    /// Returns the body. `null` is a body.
    pub fn body<T: DeserializeOwned>(&self) -> Result<Option<T>, ArgumentError> {
        self.body
            .as_ref()
            .map(|value| read("body", value))
            .transpose()
    }

    fn parameter<T: DeserializeOwned>(
        &self,
        location: Location,
        name: &str,
    ) -> Result<Option<T>, ArgumentError> {
        self.given(location, name)
            .map(|value| read(name, value))
            .transpose()
    }

    pub(super) fn given(&self, location: Location, name: &str) -> Option<&Value> {
        self.parameters.get(&(location, name.to_owned()))
    }

    pub(super) fn with(mut self, location: Location, name: &str, value: Value) -> Self {
        self.parameters.insert((location, name.to_owned()), value);
        self
    }

    pub(super) fn without(mut self, location: Location, name: &str) -> Self {
        self.parameters.remove(&(location, name.to_owned()));
        self
    }

    pub(super) fn given_body(&self) -> Option<&Value> {
        self.body.as_ref()
    }

    /// Formats the arguments in a location.
    pub(super) fn shown(&self, location: Location) -> String {
        let own = self
            .parameters
            .iter()
            .filter(|((place, _), _)| *place == location);
        own.map(|((_, name), value)| format!("`{name}` = {value}"))
            .collect::<Vec<_>>()
            .join(", ")
    }

    pub(super) fn with_body(mut self, body: Option<Value>) -> Self {
        self.body = body;
        self
    }
}

fn read<T: DeserializeOwned>(name: &str, value: &Value) -> Result<T, ArgumentError> {
    serde_json::from_value(value.clone()).map_err(|error| {
        ArgumentError::new(format!("{value} cannot be the argument `{name}`: {error}"))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn arguments_survive_a_round_trip() {
        let arguments = Arguments::default()
            .with(Location::Query, "a", json!([1, null]))
            .with(Location::Header, "a", json!("text"));
        for body in [None, Some(Value::Null), Some(json!({}))] {
            let arguments = arguments.clone().with_body(body);
            let text = serde_json::to_string(&arguments).unwrap();
            let read: Arguments = serde_json::from_str(&text).unwrap();
            assert_eq!(read.parameters, arguments.parameters);
            assert_eq!(read.body, arguments.body);
        }
    }
}
