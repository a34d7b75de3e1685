//! Media types of operations.

use std::rc::Rc;

use serde_json::Value;

/// The maximum number of media types of an operation. The content is repeated for each.
const MAX: usize = 64;

/// A list of media types, or nothing if it is not given.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct MediaTypes(Option<Rc<[String]>>);

impl MediaTypes {
    /// Reads `consumes` or `produces`.
    pub(super) fn of(value: Option<&Value>) -> Self {
        let text = |value: &Value| value.as_str().map(|text| text.trim().to_owned());
        let listed: Vec<String> = match value {
            Some(Value::Array(items)) => items.iter().filter_map(text).collect(),
            Some(single @ Value::String(_)) => text(single).into_iter().collect(),
            _ => return MediaTypes(None),
        };
        let mut distinct: Vec<String> = Vec::new();
        for media_type in listed {
            if distinct.len() < MAX && !media_type.is_empty() && !distinct.contains(&media_type) {
                distinct.push(media_type);
            }
        }
        MediaTypes(Some(distinct.into()))
    }

    /// Returns this list if it is given, else another.
    pub(super) fn or(self, other: &MediaTypes) -> MediaTypes {
        match self.0 {
            Some(_) => self,
            None => other.clone(),
        }
    }

    /// Returns the media types, in their order.
    pub(super) fn list(&self) -> &[String] {
        self.0.as_deref().unwrap_or_default()
    }
}
