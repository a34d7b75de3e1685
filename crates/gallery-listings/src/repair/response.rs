//! Repairs of responses. No response of the gallery has a schema, so each may have any content.

use std::collections::BTreeSet;

use super::context::RepairContext;
use crate::swagger2::{Operation, Response};

/// Corrects statuses: `2` is any success, `400: for …` is 400, `5xx` is `5XX`. Removes responses
/// whose key is prose.
pub(crate) fn statuses(operation: &mut Operation, context: &mut RepairContext<'_>) {
    let mut seen = BTreeSet::new();
    let exact: BTreeSet<String> = operation
        .responses
        .iter()
        .map(|response| response.status.clone())
        .collect();
    operation.responses.retain_mut(|response| {
        let Some((status, prose)) = status(&response.status) else {
            context.record(
                &response.pointer,
                format!(
                    "`{}` is not an HTTP status; the response was removed",
                    response.status
                ),
            );
            return false;
        };
        if status != response.status {
            if exact.contains(&status) || !seen.insert(status.clone()) {
                let message = format!(
                    "`{}` is the status {status}, which exists already; removed",
                    response.status
                );
                context.record(&response.pointer, message);
                return false;
            }
            context.record(
                &response.pointer,
                format!(
                    "`{}` is not an HTTP status; read as {status}",
                    response.status
                ),
            );
            let description = response.description.take().filter(|text| !text.is_empty());
            response.description = description.or(Some(prose).filter(|prose| !prose.is_empty()));
            response.status = status;
        }
        true
    });
}

fn status(key: &str) -> Option<(String, String)> {
    let key = key.trim();
    if key.eq_ignore_ascii_case("default") {
        return Some(("default".to_owned(), String::new()));
    }
    let end = key
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(key.len());
    let (word, prose) = key.split_at(end);
    let prose = prose
        .trim_matches(|c: char| c.is_whitespace() || ":-–.,".contains(c))
        .to_owned();
    let first = word
        .chars()
        .next()
        .filter(|first| ('1'..='5').contains(first))?;
    let rest = &word[1..];
    let status = match rest.len() {
        2 if rest.bytes().all(|byte| byte.is_ascii_digit()) => word.to_owned(),
        2 if rest.eq_ignore_ascii_case("xx") => format!("{first}XX"),
        0 if prose.is_empty() => format!("{first}XX"),
        _ => return None,
    };
    Some((status, prose))
}

pub(crate) fn assume_default(operation: &mut Operation, context: &mut RepairContext<'_>) {
    if operation.responses.is_empty() {
        let pointer = operation.pointer.clone();
        context.record(
            &pointer,
            "the operation has no response; a `default` one is assumed".to_owned(),
        );
        operation.responses.push(default(pointer));
    }
}

/// Adds a `default` response if there are only error responses.
pub(crate) fn assume_success(operation: &mut Operation, context: &mut RepairContext<'_>) {
    if !operation
        .responses
        .iter()
        .any(|response| response.status.starts_with(['2', '3', 'd']))
    {
        let pointer = operation.pointer.clone();
        context.record(
            &pointer,
            "the operation has only error responses; a `default` one is assumed".to_owned(),
        );
        operation.responses.push(default(pointer));
    }
}

fn default(pointer: String) -> Response {
    Response {
        pointer,
        status: "default".to_owned(),
        description: None,
        schema: None,
    }
}

pub(crate) fn describe(operation: &mut Operation, context: &mut RepairContext<'_>) {
    for response in operation
        .responses
        .iter_mut()
        .filter(|response| response.description.is_none())
    {
        response.description = Some(String::new());
        context.record(
            &response.pointer,
            format!(
                "the response {} has no description, which is required; left empty",
                response.status
            ),
        );
    }
}

pub(crate) fn assume_any(operation: &mut Operation, context: &mut RepairContext<'_>) {
    for response in operation
        .responses
        .iter()
        .filter(|response| response.schema.is_none())
    {
        context.record(
            &response.pointer,
            format!(
                "the response {} has no schema; assumed to be any content",
                response.status
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_statuses() {
        for (key, meant) in [
            ("200", Some("200")),
            ("2", Some("2XX")),
            ("5xx", Some("5XX")),
            ("400: for bad requests", Some("400")),
            ("201 Created", Some("201")),
            ("Default", Some("default")),
            ("", None),
            ("600", None),
            ("2nd", None),
            ("20", None),
            ("2000", None),
            ("4 records", None),
            ("Maximum size", None),
        ] {
            assert_eq!(
                status(key).map(|(status, _)| status).as_deref(),
                meant,
                "{key}"
            );
        }
    }
}
