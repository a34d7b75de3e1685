//! Gives each operation a path and a method that progenitor is sure of: its own name, and POST. The `request` pass writes the
//! document's own instead.

use openapiv3::{Operation, PathItem, ReferenceOr};

use crate::lower::Work;

pub(crate) fn give(work: &mut Work<'_>) {
    for (binding, operation) in work
        .bindings
        .operations
        .iter()
        .zip(std::mem::take(&mut work.operations))
    {
        let operation = Operation {
            operation_id: Some(binding.method.clone()),
            ..operation
        };
        let item = PathItem {
            post: Some(operation),
            ..PathItem::default()
        };
        work.document
            .paths
            .paths
            .insert(format!("/{}", binding.method), ReferenceOr::Item(item));
    }
}
