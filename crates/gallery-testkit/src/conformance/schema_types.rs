//! The client's types of schemas.

use std::fmt::Debug;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::conformance::distinct::Distinct;
use crate::pointer::escape;

/// A schema, by its name or JSON pointer, and the client's type for it.
#[derive(Clone)]
pub struct Schema {
    name: &'static str,
    /// The path of the type, or nothing for any JSON.
    type_path: &'static str,
    /// Deserializes and serializes a value.
    through: Through,
    is_open: bool,
    /// The values of an enum of strings.
    pub(super) values: Option<Vec<String>>,
    /// The values of the tag of a union.
    pub(super) tag_values: Option<&'static [&'static str]>,
}

/// A round trip of a value.
type Through = Arc<dyn Fn(&Value) -> Result<Value, String> + Send + Sync>;

impl Schema {
    /// Creates a schema with a type.
    pub fn new<T: DeserializeOwned + Serialize>(name: &'static str) -> Schema {
        let through = |value: &Value| written(&read::<T>(value)?);
        Schema {
            name,
            type_path: std::any::type_name::<T>(),
            through: Arc::new(through),
            is_open: false,
            values: None,
            tag_values: None,
        }
    }

    /// Creates a schema that is any JSON in the client.
    pub fn untyped(name: &'static str) -> Schema {
        Schema {
            name,
            type_path: "",
            through: Arc::new(|value| Ok(value.clone())),
            is_open: true,
            values: None,
            tag_values: None,
        }
    }
}

impl Schema {
    /// Adds the values that an enum of strings lists.
    #[must_use]
    pub fn with_values<T: AsRef<str>>(mut self, values: &[T]) -> Schema {
        self.values = Some(
            values
                .iter()
                .map(|value| value.as_ref().to_owned())
                .collect(),
        );
        self
    }

    /// Adds the values of the tag that a union lists.
    #[must_use]
    pub fn with_tag_values(mut self, values: &'static [&'static str]) -> Schema {
        self.tag_values = Some(values);
        self
    }
}

impl Schema {
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the name of the type.
    pub(super) fn type_name(&self) -> &'static str {
        self.type_path.rsplit("::").next().unwrap_or_default()
    }

    /// Returns the JSON pointer of the schema.
    pub(super) fn pointer(&self) -> String {
        match self.name.starts_with('/') {
            true => self.name.to_owned(),
            false => format!("/components/schemas/{}", escape(self.name)),
        }
    }

    /// Replaces the function that reads and writes a value.
    pub(super) fn with_round_trip(
        mut self,
        through: impl Fn(&Value) -> Result<Value, String> + Send + Sync + 'static,
    ) -> Schema {
        self.through = Arc::new(through);
        self
    }

    pub(super) fn is_untyped(&self) -> bool {
        self.is_open
    }

    /// Reads and writes a value.
    pub(super) fn round_trip(&self, value: &Value) -> Result<Value, String> {
        (self.through)(value)
    }
}

fn read<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    T::deserialize(value).map_err(|error| error.to_string())
}

fn written<T: Serialize>(value: &T) -> Result<Value, String> {
    let text = serde_json::to_string(value).map_err(|error| error.to_string())?;
    serde_json::from_str::<Distinct>(&text).map_err(|error| error.to_string())?;
    serde_json::to_value(value).map_err(|error| error.to_string())
}

impl Debug for Schema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Schema")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
