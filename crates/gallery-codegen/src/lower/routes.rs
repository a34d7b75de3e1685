//! Makes every operation a `POST` to a path with its name. Generated code has the actual method and
//! path.

use openapiv3::{Operation, PathItem, ReferenceOr};

use crate::lower::work::Work;

pub(crate) fn assign(work: &mut Work<'_>) {
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
