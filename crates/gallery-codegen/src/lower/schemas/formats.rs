//! The formats that have a type in the runtime.

/// Formats and the names of their types in `gallery_runtime::formats`.
const FORMATS: &[(&str, &str)] = &[
    ("byte", "Base64"),
    ("date", "Date"),
    ("date-time", "DateTime"),
    ("decimal", "Decimal"),
    ("duration", "Duration"),
    ("ipv4", "Ipv4"),
    ("ipv6", "Ipv6"),
    ("time", "Time"),
    ("unix-time", "UnixTime"),
    ("uri", "Uri"),
    ("url", "Uri"),
    ("uuid", "Uuid"),
];

/// Returns the name of the type of a format.
pub(super) fn of(format: &str) -> Option<&'static str> {
    let mut formats = FORMATS.iter();
    let (_, name) = formats.find(|(own, _)| *own == format)?;
    Some(name)
}
