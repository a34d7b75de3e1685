//! What is odd about how an operation is listed, and is read all the same: its method's key, an empty entry, and what stands where the
//! path's parameters would.

use crate::repair::Found;
use crate::swagger2::Operation;

pub(crate) fn method_key(operation: &mut Operation, found: &mut Found<'_>) {
    if operation.method_key != operation.method.key() {
        found.at(
            &operation.pointer,
            format!(
                "the key `{}` is read as {}",
                operation.method_key, operation.method
            ),
        );
        operation.method_key = operation.method.key().to_owned();
    }
}

pub(crate) fn empty(operation: &mut Operation, found: &mut Found<'_>) {
    if !operation.is_map {
        found.at(
            &operation.pointer,
            "the entry holds no operation; its method and path are kept".to_owned(),
        );
        operation.is_map = true;
    }
}

pub(crate) fn misplaced_parameters(operation: &mut Operation, found: &mut Found<'_>) {
    if let Some(pointer) = operation.misplaced_parameters.take() {
        found.at(
            &pointer,
            "the path's `parameters` are shaped like an operation; what they list, if anything, was taken".to_owned(),
        );
    }
}
