//! Faults in enums of responses by status.

use std::ops::RangeInclusive;

use crate::change::Change;
use crate::declaration::{Declaration, Kind, StatusVariant};
use crate::source::Source;

fn variants(declaration: &Declaration) -> &[StatusVariant] {
    match &declaration.kind {
        Kind::Responses(variants) => variants,
        _ => &[],
    }
}

pub(super) fn statuses_swapped(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    let pairs = variants(declaration).windows(2);
    let changes = pairs.filter_map(|pair| {
        let [one, other] = pair else { return None };
        let what = format!(
            "`{}` and `{}` have each other's statuses",
            one.name, other.name
        );
        Some(
            Change::new(&one.name, what)
                .replace(&one.pattern.range, &other.pattern.value)
                .replace(&other.pattern.range, &one.pattern.value),
        )
    });
    changes.collect()
}

pub(super) fn content_changed(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    let variants = variants(declaration);
    let changes = variants.iter().enumerate().filter_map(|(at, own)| {
        let content = own.content.as_ref()?;
        // Code that reads an untyped variant does not compile with another type.
        if content.value.ends_with("::Untyped") {
            return None;
        }
        let (before, after) = variants.split_at(at);
        let others = after.iter().chain(before);
        let mut others = others.filter_map(|other| other.content.as_ref());
        let other = others.find(|other| other.value != content.value)?;
        let what = format!("`{}` contains `{}`", own.name, other.value);
        Some(Change::new(&own.name, what).replace(&content.range, &other.value))
    });
    changes.collect()
}

pub(super) fn variant_unreachable(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    let change = |own: &StatusVariant| {
        Change::new(&own.name, format!("no status is read as `{}`", own.name))
            .replace(&own.pattern.range, "0")
    };
    variants(declaration).iter().map(change).collect()
}

/// Returns a change for each range and each of its ends: the range with a new end, if `wanted`
/// accepts the status that it loses or gains, and the variants before and after.
fn ranges(
    declaration: &Declaration,
    what: &str,
    ends: impl Fn(&RangeInclusive<u16>) -> [(RangeInclusive<u16>, u16); 2],
    wanted: impl Fn(u16, &[StatusVariant], &[StatusVariant]) -> bool,
) -> Vec<Change> {
    let variants = variants(declaration);
    let mut changes = Vec::new();
    for (at, own) in variants.iter().enumerate() {
        let (before, after) = (&variants[..at], &variants[at + 1..]);
        if !own.pattern.value.contains("..=") {
            continue;
        }
        for (range, status) in ends(&own.statuses()) {
            if wanted(status, before, after) {
                let what = format!("`{}` {what} {status}", own.name);
                let pattern = format!("{}..={}", range.start(), range.end());
                changes.push(Change::new(&own.name, what).replace(&own.pattern.range, pattern));
            }
        }
    }
    changes
}

fn has(variants: &[StatusVariant], status: u16) -> bool {
    variants.iter().any(|own| own.statuses().contains(&status))
}

pub(super) fn range_narrowed(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    ranges(
        declaration,
        "lacks",
        |own| {
            let (first, last) = (*own.start(), *own.end());
            [(first + 1..=last, first), (first..=last - 1, last)]
        },
        |status, before, _| !has(before, status),
    )
}

pub(super) fn range_widened(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    ranges(
        declaration,
        "contains",
        |own| {
            let (first, last) = (*own.start(), *own.end());
            [(first - 1..=last, first - 1), (first..=last + 1, last + 1)]
        },
        // Only errors have statuses of several classes.
        |status, before, after| {
            (400..600).contains(&status) && !has(before, status) && has(after, status)
        },
    )
}
