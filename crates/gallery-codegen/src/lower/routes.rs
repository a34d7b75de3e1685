//! Makes every operation a `POST` to a path with its name. Generated code has the actual method and
//! path.

use crate::lower::work::Work;

pub(crate) fn assign(work: &mut Work<'_>) {
    let bindings = &work.bindings.operations;
    for (binding, operation) in bindings.iter().zip(&mut work.operations) {
        operation.operation_id = Some(binding.method.clone());
    }
}
