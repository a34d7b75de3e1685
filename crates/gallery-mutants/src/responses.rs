//! Faults in reading responses, and in the number of requests.

use crate::change::Change;
use crate::source::{Operation, Source};

/// Returns the listed statuses of successes or errors. `None` stands for the whole class.
fn statuses(source: &Source<'_>, operation: &Operation, name: &str) -> Option<Vec<u16>> {
    let setting = operation.description.settings.get(name)?;
    let text = &source.text[setting.arguments.first()?.clone()];
    let numbers = text.split(|c: char| !c.is_ascii_digit());
    Some(numbers.filter_map(|number| number.parse().ok()).collect())
}

/// Replaces the listed statuses. `None` removes the list.
fn with(operation: &Operation, change: Change, name: &str, statuses: Option<&[u16]>) -> Change {
    match (operation.description.settings.get(name), statuses) {
        (Some(setting), Some(statuses)) => {
            change.replace(&setting.arguments[0], format!("&{statuses:?}"))
        }
        (Some(setting), None) => change.remove(&setting.range),
        (None, Some(statuses)) => {
            change.insert(operation.description.end, format!(".{name}(&{statuses:?})"))
        }
        (None, None) => change,
    }
}

const BOTH: [&str; 2] = ["successes", "errors"];

/// Returns the list with another status instead of one, or without one.
fn replaced(all: &[u16], status: u16, by: Option<u16>) -> Vec<u16> {
    let others = all.iter().filter_map(|own| match *own == status {
        true => by,
        false => Some(*own),
    });
    others.collect()
}

pub(super) fn moved(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let all = statuses(source, operation, "successes").unwrap_or_default();
    let change = |status: &u16| {
        let next = status + 1;
        let change = Change::new(status.to_string(), format!("the success status is {next}"));
        with(
            operation,
            change,
            "successes",
            Some(&replaced(&all, *status, Some(next))),
        )
    };
    all.iter().map(change).collect()
}

pub(super) fn widened(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let listed = BOTH
        .iter()
        .filter(|name| statuses(source, operation, name).is_some());
    let changes = listed.map(|name| {
        let change = Change::new(*name, format!("all statuses of the class are {name}"));
        with(operation, change, name, None)
    });
    changes.collect()
}

pub(super) fn narrowed(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let changes = BOTH.iter().zip([200, 400]).filter_map(|(name, first)| {
        if statuses(source, operation, name).is_some() {
            return None;
        }
        let change = Change::new(*name, format!("only {first} is one of the {name}"));
        Some(with(operation, change, name, Some(&[first])))
    });
    changes.collect()
}

pub(super) fn dropped(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let mut changes = Vec::new();
    for name in BOTH {
        let all = statuses(source, operation, name).unwrap_or_default();
        for status in &all {
            let change = Change::new(status.to_string(), format!("{status} is not known"));
            changes.push(with(
                operation,
                change,
                name,
                Some(&replaced(&all, *status, None)),
            ));
        }
    }
    changes
}

pub(super) fn error_as_success(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let mut successes = statuses(source, operation, "successes").unwrap_or_else(|| vec![200]);
    let errors = statuses(source, operation, "errors");
    let Some(error) = errors.map_or(Some(404), |errors| errors.first().copied()) else {
        return Vec::new();
    };
    successes.push(error);
    let change = Change::new(error.to_string(), format!("{error} is a success"));
    vec![with(operation, change, "successes", Some(&successes))]
}

pub(super) fn success_as_error(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let successes = statuses(source, operation, "successes").unwrap_or_else(|| vec![200]);
    let mut errors = statuses(source, operation, "errors").unwrap_or_else(|| vec![400, 404, 500]);
    let Some(status) = successes.first().copied() else {
        return Vec::new();
    };
    errors.push(status);
    let change = Change::new(status.to_string(), format!("{status} is an error"));
    let change = with(
        operation,
        change,
        "successes",
        Some(&replaced(&successes, status, None)),
    );
    vec![with(operation, change, "errors", Some(&errors))]
}

/// Returns a change for each status of a list, which loses it.
fn each_removed(source: &Source<'_>, operation: &Operation, name: &str, what: &str) -> Vec<Change> {
    let all = statuses(source, operation, name).unwrap_or_default();
    let change = |status: &u16| {
        let rest = replaced(&all, *status, None);
        let change = Change::new(status.to_string(), format!("{status} {what}"));
        let rest = Some(rest.as_slice()).filter(|rest| !rest.is_empty());
        with(operation, change, name, rest)
    };
    all.iter().map(change).collect()
}

pub(super) fn empty_dropped(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    each_removed(source, operation, "empty", "is read as JSON")
}

pub(super) fn text_dropped(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    each_removed(source, operation, "text", "is read as JSON")
}

/// Adds the first success and the first error with content that these lists lack to the first one.
fn added(source: &Source<'_>, operation: &Operation, lists: &[&str], what: &str) -> Vec<Change> {
    let listed = |name: &str| statuses(source, operation, name).unwrap_or_default();
    let own = listed(lists[0]);
    let is_wanted = |status: &u16| {
        !lists.iter().any(|name| listed(name).contains(status))
            && !is_unit(source, operation, *status)
    };
    let first = |name: &&str| listed(name).into_iter().find(is_wanted);
    let change = |status: u16| {
        let all: Vec<u16> = own.iter().copied().chain([status]).collect();
        let change = Change::new(status.to_string(), format!("{status} {what}"));
        with(operation, change, lists[0], Some(&all))
    };
    BOTH.iter().filter_map(first).map(change).collect()
}

/// Returns true if the variant of a status, or of a class of statuses, has no content.
fn is_unit(source: &Source<'_>, operation: &Operation, status: u16) -> bool {
    let (first, last) = match status {
        0..=9 => (status * 100, status * 100 + 99),
        _ => (status, status),
    };
    source.variants(operation).iter().any(|variants| {
        let own = variants.iter().find(|own| {
            let statuses = own.statuses();
            statuses.contains(&first) && statuses.contains(&last)
        });
        own.is_some_and(|own| own.content.is_none())
    })
}

pub(super) fn empty_added(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    added(source, operation, &["empty"], "is read as empty")
}

pub(super) fn text_added(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    added(source, operation, &["text", "empty"], "is read as text")
}

pub(super) fn sent_twice(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let send = &source.text[operation.send.clone()];
    let first = send.replacen("self.0", "self.0.clone()", 1);
    vec![Change::new("request", "the request is sent twice").replace(
        &operation.send,
        format!(
            "async move {{ \
             let mut result = {first}.await; \
             if result.is_ok() || result.is_err() {{ result = {send}.await; }} \
             result }}"
        ),
    )]
}

pub(super) fn sent_again(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let send = &source.text[operation.send.clone()];
    let first = send.replacen("self.0", "self.0.clone()", 1);
    vec![
        Change::new("request", "the request is sent again after a 5xx status").replace(
            &operation.send,
            format!(
                "async move {{ match {first}.await {{ \
                 Err(error) if gallery_runtime::Error::status(&error)\
                 .is_some_and(|status| status.is_server_error()) => {send}.await, \
                 other => other }} }}"
            ),
        ),
    ]
}
