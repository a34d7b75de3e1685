//! Faults in the marks of deprecated methods and setters.

use crate::change::Change;
use crate::source::{Operation, Source};

pub(super) fn dropped(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let changes = operation.functions.iter().filter_map(|own| {
        let attribute = own.deprecated.as_ref()?;
        let what = format!("`{}` is not marked as deprecated", own.name);
        Some(Change::new(&own.name, what).remove(attribute))
    });
    changes.collect()
}

pub(super) fn added(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let current = operation.functions.iter();
    let changes = current.filter(|own| own.deprecated.is_none()).map(|own| {
        let what = format!("`{}` is marked as deprecated", own.name);
        Change::new(&own.name, what).insert(own.start, "#[deprecated] ")
    });
    changes.collect()
}
