//! Tells null from absent properties.

use serde::{Deserialize, Deserializer};

/// Reads null as `Some(None)`. Absent properties are not read, and become `None` by default.
pub fn nullable<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// Reads null as the null of `T`, which is a JSON value. Absent properties are not read, and become
/// `None` by default.
pub fn present<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}
