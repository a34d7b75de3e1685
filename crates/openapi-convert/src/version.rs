//! Versions of OpenAPI.

use std::fmt;

use serde_json::{Map, Value};

/// A version of OpenAPI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// Swagger 2.0
    V2_0,
    /// OpenAPI 3.0.x
    V3_0,
    /// OpenAPI 3.1.x
    V3_1,
    /// OpenAPI 3.2.x
    V3_2,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Version::V2_0 => "2.0",
            Version::V3_0 => "3.0",
            Version::V3_1 => "3.1",
            Version::V3_2 => "3.2",
        })
    }
}

/// Returns the version that a document has in `openapi` or `swagger`.
///
/// The version can be a number, have a `v` before it, or lack the patch.
pub fn version(document: &Value) -> Option<Version> {
    let text = as_written(document.as_object()?)?;
    let text = text.trim().trim_start_matches(['v', 'V']);
    let mut numbers = text.split('.').map(str::trim);
    let major = numbers.next()?;
    // `3.1-beta` and `3.1.0-rc1` are versions as well.
    let minor = numbers.next().unwrap_or("0");
    let minor = &minor[..minor
        .find(|char: char| !char.is_ascii_digit())
        .unwrap_or(minor.len())];
    match (major, minor) {
        ("2", "0") => Some(Version::V2_0),
        ("3", "0") => Some(Version::V3_0),
        ("3", "1") => Some(Version::V3_1),
        ("3", "2") => Some(Version::V3_2),
        _ => None,
    }
}

/// Returns the version as written, if it is a string or a number.
pub(crate) fn as_written(root: &Map<String, Value>) -> Option<String> {
    ["openapi", "swagger"]
        .iter()
        .find_map(|key| match root.get(*key)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_every_form_of_a_version() {
        for (document, expected) in [
            (json!({"swagger": "2.0"}), Some(Version::V2_0)),
            (json!({"swagger": 2.0}), Some(Version::V2_0)),
            (json!({"swagger": 2}), Some(Version::V2_0)),
            (json!({"openapi": "3.0.4"}), Some(Version::V3_0)),
            (json!({"openapi": "3.0"}), Some(Version::V3_0)),
            (json!({"openapi": 3}), Some(Version::V3_0)),
            (json!({"openapi": 3.1}), Some(Version::V3_1)),
            (json!({"openapi": "v3.1.0-rc1"}), Some(Version::V3_1)),
            (json!({"openapi": " 3.2.0 "}), Some(Version::V3_2)),
            (json!({"swagger": "3.0.0"}), Some(Version::V3_0)),
            (
                json!({"openapi": null, "swagger": "2.0"}),
                Some(Version::V2_0),
            ),
            (json!({"swagger": "1.2"}), None),
            (json!({"openapi": "3.10.0"}), None),
            (json!({"openapi": "4.0.0"}), None),
            (json!({"openapi": ""}), None),
            (json!({"asyncapi": "3.0.0"}), None),
            (json!([]), None),
        ] {
            assert_eq!(version(&document), expected, "{document}");
        }
    }
}
