//! The header `Link` (RFC 8288).

use reqwest::header::{HeaderMap, LINK};

/// Returns the target with a relation type.
pub(super) fn target<'h>(headers: &'h HeaderMap, relation: &str) -> Option<&'h str> {
    let mut values = headers.get_all(LINK).iter();
    values.find_map(|value| target_in(value.to_str().ok()?, relation))
}

fn target_in<'h>(mut rest: &'h str, relation: &str) -> Option<&'h str> {
    while let Some((_, after)) = rest.split_once('<') {
        let (target, after) = after.split_once('>')?;
        let end = end_of_link(after);
        if has_relation(&after[..end], relation) {
            return Some(target.trim());
        }
        rest = &after[end..];
    }
    None
}

/// Returns the position of the comma after the parameters of a link.
fn end_of_link(parameters: &str) -> usize {
    position(parameters, ',').unwrap_or(parameters.len())
}

fn has_relation(parameters: &str, relation: &str) -> bool {
    let mut rest = parameters;
    while !rest.is_empty() {
        let end = position(rest, ';').unwrap_or(rest.len());
        let (parameter, after) = rest.split_at(end);
        rest = after.get(1..).unwrap_or_default();
        if let Some((name, value)) = parameter.split_once('=')
            && name.trim().eq_ignore_ascii_case("rel")
        {
            // Only the first `rel` counts.
            let mut types = value.trim().trim_matches('"').split_ascii_whitespace();
            return types.any(|own| own.eq_ignore_ascii_case(relation));
        }
    }
    false
}

/// Returns the position of a character outside of quotes.
fn position(text: &str, wanted: char) -> Option<usize> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            c if c == wanted && !is_quoted => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_target_of_a_relation() {
        for (value, expected) in [
            (
                r#"<https://a.io/?p=2>; rel="next""#,
                Some("https://a.io/?p=2"),
            ),
            (r#"<a>; rel=prev, </b?x=1,2>;rel=next"#, Some("/b?x=1,2")),
            (
                r#"<a>; title="x, <y>; rel=next"; rel="last", <b>; REL="Next up""#,
                Some("b"),
            ),
            (
                r#"<a>; title="\", <"; rel="last", <b>; rel="next""#,
                Some("b"),
            ),
            (r#"<a>; rel="nextish""#, None),
            ("<a; rel=next", None),
            ("", None),
        ] {
            assert_eq!(target_in(value, "next"), expected, "{value}");
        }
        let mut headers = HeaderMap::new();
        headers.append(LINK, "<a>; rel=last".parse().unwrap());
        headers.append(LINK, "<b>; rel=next".parse().unwrap());
        assert_eq!(target(&headers, "next"), Some("b"));
    }
}
