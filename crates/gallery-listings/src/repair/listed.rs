//! Repairs of how an operation is listed: its method's key, empty entries, and misplaced
//! parameters.

use super::context::RepairContext;
use crate::swagger2::Operation;

pub(crate) fn method_key(operation: &mut Operation, context: &mut RepairContext<'_>) {
    if operation.method_key != operation.method.key() {
        context.record(
            &operation.pointer,
            format!(
                "the key `{}` is read as {}",
                operation.method_key, operation.method
            ),
        );
        operation.method_key = operation.method.key().to_owned();
    }
}

pub(crate) fn empty(operation: &mut Operation, context: &mut RepairContext<'_>) {
    if !operation.is_map {
        context.record(
            &operation.pointer,
            "the entry has no operation; its method and path are kept".to_owned(),
        );
        operation.is_map = true;
    }
}

pub(crate) fn misplaced_parameters(operation: &mut Operation, context: &mut RepairContext<'_>) {
    if let Some(pointer) = operation.misplaced_parameters.take() {
        context.record(
            &pointer,
            "the path's `parameters` have the shape of an operation; its parameters are used"
                .to_owned(),
        );
    }
}
