//! Faults in the stream of a paginated list.

use crate::change::Change;
use crate::source::{Operation, Source};

/// Changes arguments of `stream` and fields of `Pagination`.
fn fields(
    operation: &Operation,
    location: &str,
    what: &str,
    values: &[(&str, String)],
) -> Option<Change> {
    let change = Change::new(location, what);
    values.iter().try_fold(change, |change, (name, value)| {
        let (_, range) = operation.pages.get(*name)?;
        Some(change.replace(range, value))
    })
}

fn number(operation: &Operation, name: &str) -> Option<i64> {
    let (text, _) = operation.pages.get(name)?;
    let digits = text.trim_start_matches("Some(").trim_end_matches(')');
    digits.parse().ok()
}

fn next(operation: &Operation, name: &str) -> i64 {
    number(operation, name).unwrap_or_default() + 1
}

pub(super) fn swapped(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let value = |name| number(operation, name).unwrap_or_default().to_string();
    let swapped = [("page", value("per_page")), ("per_page", value("page"))];
    let what = "the number and the size of pages are swapped";
    fields(operation, "parameters", what, &swapped)
        .into_iter()
        .collect()
}

pub(super) fn parameter(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let own = number(operation, "page");
    let parameters = operation.description.parameters.iter().enumerate();
    let changes = parameters.filter_map(|(index, parameter)| {
        let is_own = usize::try_from(own?).is_ok_and(|own| own == index);
        let name = &parameter.name.value;
        let what = format!("the stream increments `{name}`");
        fields(operation, name, &what, &[("page", index.to_string())]).filter(|_| !is_own)
    });
    changes.collect()
}

pub(super) fn start(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let first = next(operation, "first").to_string();
    let what = "the number of the first page is one higher";
    fields(operation, "first", what, &[("first", first)])
        .into_iter()
        .collect()
}

pub(super) fn size(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let default = next(operation, "default").to_string();
    let max = format!("Some({})", next(operation, "max"));
    let has_max = number(operation, "max").is_some();
    let changes = [
        fields(
            operation,
            "default",
            "the default page size is one higher",
            &[("default", default)],
        ),
        fields(
            operation,
            "max",
            "the maximum page size is one higher",
            &[("max", max)],
        )
        .filter(|_| has_max),
        fields(
            operation,
            "no-max",
            "the maximum page size is unknown",
            &[("max", "None".to_owned())],
        ),
        fields(
            operation,
            "per_page",
            "every page has the default size",
            &[("per_page", "usize::MAX".to_owned())],
        ),
    ];
    changes.into_iter().flatten().collect()
}

pub(super) fn one(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let most = [
        ("default", "i64::MAX"),
        ("max", "Some(i64::MAX)"),
        ("per_page", "usize::MAX"),
    ];
    let most = most.map(|(name, value)| (name, value.to_owned()));
    fields(operation, "stream", "the stream ends after one page", &most)
        .into_iter()
        .collect()
}

pub(super) fn past_end(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let what = "a short page does not end the stream, only an empty one does";
    fields(operation, "max", what, &[("max", "Some(0)".to_owned())])
        .into_iter()
        .collect()
}

pub(super) fn repeated(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let what = "the number of the page is not set";
    fields(
        operation,
        "stream",
        what,
        &[("page", "usize::MAX".to_owned())],
    )
    .into_iter()
    .collect()
}
