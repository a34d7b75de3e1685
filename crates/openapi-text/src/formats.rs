//! The formats of values that have a type in generated clients.

/// JSON types, formats, and the names of the types in `gallery_runtime::formats`.
const FORMATS: &[(&str, &str, &str)] = &[
    ("integer", "unix-time", "UnixTime"),
    ("string", "byte", "Base64"),
    ("string", "date", "Date"),
    ("string", "date-time", "DateTime"),
    ("string", "decimal", "Decimal"),
    ("string", "duration", "Duration"),
    ("string", "ipv4", "Ipv4"),
    ("string", "ipv6", "Ipv6"),
    ("string", "password", "Password"),
    ("string", "time", "Time"),
    ("string", "uri", "Uri"),
    ("string", "url", "Uri"),
    ("string", "uuid", "Uuid"),
];

/// Returns the name of the type of values with this JSON type and format.
pub fn type_name(json_type: &str, format: &str) -> Option<&'static str> {
    let mut formats = FORMATS.iter();
    let (_, _, name) = formats.find(|(kind, own, _)| (*kind, *own) == (json_type, format))?;
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_depends_on_the_json_type() {
        assert_eq!(type_name("integer", "unix-time"), Some("UnixTime"));
        assert_eq!(type_name("string", "unix-time"), None);
        assert_eq!(type_name("string", "url"), type_name("string", "uri"));
        assert_eq!(type_name("integer", "date"), None);
    }
}
