//! The formats that have a type in the runtime.

use openapiv3::{ReferenceOr, Schema, StringType, Type};

use super::Schemas;
use super::build::{named, typed};

/// Formats and the names of their types in `gallery_runtime::formats`.
const FORMATS: &[(&str, &str)] = &[
    ("byte", "Base64"),
    ("date", "Date"),
    ("date-time", "DateTime"),
    ("decimal", "Decimal"),
    ("duration", "Duration"),
    ("ipv4", "Ipv4"),
    ("ipv6", "Ipv6"),
    ("password", "Password"),
    ("time", "Time"),
    ("unix-time", "UnixTime"),
    ("uri", "Uri"),
    ("url", "Uri"),
    ("uuid", "Uuid"),
];

/// Returns the name of the type of a format.
fn of(format: &str) -> Option<&'static str> {
    let mut formats = FORMATS.iter();
    let (_, name) = formats.find(|(own, _)| *own == format)?;
    Some(name)
}

impl Schemas<'_> {
    pub(super) fn string(&mut self, format: Option<&str>) -> ReferenceOr<Schema> {
        let plain = Type::String(StringType::default());
        match format {
            Some(format) => self.formatted(format, plain),
            None => typed(plain),
        }
    }

    /// Returns a value whose format has a type in the runtime, or else the plain type.
    pub(super) fn formatted(&mut self, format: &str, plain: Type) -> ReferenceOr<Schema> {
        let Some(own) = of(format) else {
            return typed(plain);
        };
        if let Some((name, _)) = self.formats.iter().find(|(_, known)| **known == own) {
            return named(name);
        }
        let name = self.names.unique(&format!("format {own}"));
        self.types.insert(name.clone(), typed(plain));
        self.formats.insert(name.clone(), own);
        named(&name)
    }
}
