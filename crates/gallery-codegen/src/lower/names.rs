//! Gives operations and parameters the names that the bindings chose. A parameter's name over the wire comes back by a pass over
//! the generated code; a path variable's name never goes over the wire.

use openapiv3::ReferenceOr;

use crate::bindings::{Location, OperationBinding, parameters_of, resolved_parameter};
use crate::lower::Work;
use crate::lower::prose::{data_of, strip_parameter};

pub(crate) fn rename(work: &mut Work<'_>) {
    work.each_operation(|canonical, endpoint, binding, operation| {
        operation.operation_id = Some(binding.method.clone());
        operation.parameters.clear();
        let listed = endpoint.operation.parameters.iter().chain(&endpoint.item.parameters);
        for (parameter, (pointer, ..)) in
            listed.filter_map(|p| resolved_parameter(canonical, p)).zip(parameters_of(canonical, endpoint))
        {
            let Some(own) = binding.parameters.iter().find(|own| own.pointer == pointer) else { continue };
            let mut parameter = parameter.clone();
            strip_parameter(&mut parameter);
            data_of(&mut parameter).name.clone_from(&own.setter);
            operation.parameters.push(ReferenceOr::Item(parameter));
        }
    });
    for item in work.document.paths.paths.values_mut() {
        if let ReferenceOr::Item(item) = item {
            item.parameters.clear();
        }
    }
    rename_paths(work);
}

/// Variables of a template are named by the setters. Operations of one path may name them differently, so that each gets a path of
/// its own; two such paths are the same route, which matters to servers, not to clients.
fn rename_paths(work: &mut Work<'_>) {
    let mut paths = std::mem::take(&mut work.document.paths.paths);
    for binding in &work.bindings.operations {
        let Some(ReferenceOr::Item(item)) = paths.get_mut(&binding.path) else { continue };
        let Some(operation) = super::slot(item, binding).map(std::mem::take) else { continue };
        let path = template(binding);
        let renamed = work.document.paths.paths.entry(path).or_insert_with(|| ReferenceOr::Item(openapiv3::PathItem::default()));
        if let ReferenceOr::Item(renamed) = renamed {
            *gallery_spec::canonical::operation_slot(renamed, binding.http_method) = Some(operation);
        }
    }
}

/// The path template with the setters as its variables.
pub(crate) fn template(binding: &OperationBinding) -> String {
    let mut path = binding.path.clone();
    for parameter in binding.of(Location::Path) {
        path = path.replace(&format!("{{{}}}", parameter.name), &format!("{{\0{}}}", parameter.setter));
    }
    path.replace('\0', "")
}
