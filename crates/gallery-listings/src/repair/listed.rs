//! What is odd about how an operation is listed, and is read all the same: its method's key, an empty entry, and what stands where the
//! path's parameters would.

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
            "the entry holds no operation; its method and path are kept".to_owned(),
        );
        operation.is_map = true;
    }
}

pub(crate) fn misplaced_parameters(operation: &mut Operation, context: &mut RepairContext<'_>) {
    if let Some(pointer) = operation.misplaced_parameters.take() {
        context.record(
            &pointer,
            "the path's `parameters` are shaped like an operation; what they list, if anything, was taken".to_owned(),
        );
    }
}
