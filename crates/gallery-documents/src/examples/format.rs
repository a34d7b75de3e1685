//! The formats of texts.

/// Returns true if a text certainly has a format, or if tools do not check it.
pub(super) fn is_in_format(format: Option<&str>, text: &str) -> bool {
    let digits = |text: &str, form: &str| {
        text.len() == form.len()
            && text
                .bytes()
                .zip(form.bytes())
                .all(|(byte, form)| match form {
                    b'0' => byte.is_ascii_digit(),
                    b'x' => byte.is_ascii_hexdigit(),
                    form => byte == form,
                })
    };
    match format {
        Some("date") => digits(text, "0000-00-00"),
        Some("date-time") => {
            let (start, zone) = text.split_at_checked(19).unwrap_or_default();
            let zone = zone.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
            digits(start, "0000-00-00T00:00:00") && (zone == "Z" || digits(zone, "+00:00"))
        }
        Some("uuid") => digits(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"),
        Some("uri" | "url") => url::Url::parse(text).is_ok_and(|url| url.has_host()),
        Some("email") => text.split_once('@').is_some_and(|(user, host)| {
            let is_plain =
                |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
            !user.is_empty()
                && host.contains('.')
                && text.replacen('@', "", 1).chars().all(is_plain)
        }),
        Some(
            "byte"
            | "duration"
            | "hostname"
            | "ipv4"
            | "ipv6"
            | "iri"
            | "iso-date-time"
            | "iso-time"
            | "json-pointer"
            | "regex"
            | "relative-json-pointer"
            | "time"
            | "uri-reference"
            | "uri-template",
        ) => false,
        _ => true,
    }
}
