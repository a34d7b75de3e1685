//! Compares JSON values and formats them for hashes and messages.

use serde_json::Value;

use openapi_text::printable;

/// Returns true if two JSON values are equal, ignoring the order of keys and treating 1 as 1.0.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            a == b || (a.as_f64() == b.as_f64() && (a.is_f64() || b.is_f64()))
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

/// Returns true if two values are equal or both absent.
pub(crate) fn same_or_absent(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => same(a, b),
        (None, None) => true,
        _ => false,
    }
}

/// Returns true if two values are equal, and contain no references and no discriminator, which
/// selects schemas by their names.
pub(crate) fn settled(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, a)| {
                    key != "$ref"
                        && key != "discriminator"
                        && b.get(key).is_some_and(|b| settled(a, b))
                })
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| settled(a, b))
        }
        _ => a == b,
    }
}

/// Trims text and normalizes its line endings.
pub(crate) fn prose(text: &str) -> String {
    text.trim().replace("\r\n", "\n")
}

/// Serializes a value so that equal values have the same text.
pub(crate) fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Number(number) => match number
            .as_f64()
            .filter(|n| number.is_f64() && n.fract() == 0.0 && n.abs() < 1e15)
        {
            Some(whole) => out.push_str(&format!("{whole:.0}")),
            None => out.push_str(&number.to_string()),
        },
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            out.push('{');
            for (at, (key, value)) in entries.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(&Value::String(key.clone()), out);
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
        other => out.push_str(&other.to_string()),
    }
}

/// The maximum length of a value in a message.
const MAX_SHOWN: usize = 60;

/// The length of the text that is shown before the first difference of two values.
const CONTEXT: usize = 20;

/// Formats two values for a message: short, on one line, and cut around their first difference.
pub(crate) fn shown_pair(before: Option<&Value>, after: Option<&Value>) -> (String, String) {
    let (mut shown_before, mut shown_after) = (before.map(line), after.map(line));
    // Texts that differ in white space only are shown as JSON strings, which escape it.
    if shown_before == shown_after {
        let json = |value: &Value| printable(&value.to_string()).replace('`', "'");
        (shown_before, shown_after) = (before.map(json), after.map(json));
    }
    let (before, after) = (shown_before, shown_after);
    let skipped = match (&before, &after) {
        (Some(before), Some(after)) => {
            let common = before.chars().zip(after.chars());
            let common = common.take_while(|(before, after)| before == after).count();
            let is_hidden = common + CONTEXT > MAX_SHOWN;
            if is_hidden { common - CONTEXT } else { 0 }
        }
        _ => 0,
    };
    let cut = |text: Option<String>| {
        text.map_or_else(|| "nothing".to_owned(), |text| cut(&text, skipped))
    };
    (cut(before), cut(after))
}

/// Formats one value for a message: short and on one line.
pub(crate) fn shown(value: &Value) -> String {
    cut(&line(value), 0)
}

/// Formats a value on one line.
fn line(value: &Value) -> String {
    let text = match value {
        Value::String(text) => prose(text).replace('\n', " "),
        value => canonical(value),
    };
    printable(&text).replace('`', "'")
}

/// Quotes at most [`MAX_SHOWN`] characters of a text, after those that are skipped.
fn cut(text: &str, skipped: usize) -> String {
    let start = if skipped > 0 { "…" } else { "" };
    let mut rest = text.chars().skip(skipped);
    let shown: String = rest.by_ref().take(MAX_SHOWN).collect();
    let end = if rest.next().is_some() { "…" } else { "" };
    format!("`{start}{shown}{end}`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_compared_by_value() {
        assert!(same(
            &json!({"a": 1, "b": [2.0]}),
            &json!({"b": [2], "a": 1.0})
        ));
        assert!(!same(&json!(1), &json!("1")));
        // Both are the same 64-bit float.
        assert!(!same(
            &json!(9_007_199_254_740_993_u64),
            &json!(9_007_199_254_740_992_u64)
        ));
        assert_eq!(
            canonical(&json!({"b": 1.0, "a": [-0.0, 1.5]})),
            r#"{"a":[-0,1.5],"b":1}"#
        );
    }

    #[test]
    fn long_values_are_cut_around_their_first_difference() {
        let shown =
            |before: &str, after: &str| shown_pair(Some(&json!(before)), Some(&json!(after)));
        assert_eq!(shown("a\n b ", "`"), ("`a  b`".into(), "`'`".into()));
        assert_eq!(
            shown("a\nb", "a b"),
            (r#"`"a\nb"`"#.into(), r#"`"a b"`"#.into())
        );
        let long = "é".repeat(61);
        let start = format!("`{}…`", "é".repeat(60));
        assert_eq!(
            shown_pair(None, Some(&json!(long))),
            ("nothing".into(), start)
        );
        let context = "é".repeat(20);
        assert_eq!(
            shown(&format!("{long}a"), &format!("{long}b")),
            (format!("`…{context}a`"), format!("`…{context}b`"))
        );
    }
}
