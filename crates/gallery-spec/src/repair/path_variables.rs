//! Path templates and their parameters: each variable has a parameter, and each path parameter is required.

use crate::repair::Found;
use crate::swagger2::{Location, Operation, Parameter};
use crate::template::variables;

pub(crate) fn declare(operation: &mut Operation, found: &mut Found) {
    for variable in variables(&operation.path) {
        let declared = |parameter: &Parameter| parameter.location == Location::Path && parameter.name == variable;
        if operation.parameters.iter().any(declared) {
            continue;
        }
        found.at(&operation.pointer, format!("the path has a variable `{{{variable}}}` that no parameter declares; declared"));
        operation.parameters.push(Parameter {
            pointer: operation.pointer.clone(),
            name: variable.to_owned(),
            location: Location::Path,
            description: None,
            required: true,
            kind: None,
            format: None,
            schema: None,
            assumed: Vec::new(),
        });
    }
}

pub(crate) fn require(operation: &mut Operation, found: &mut Found) {
    for parameter in &mut operation.parameters {
        if parameter.location == Location::Path && !parameter.required {
            parameter.required = true;
            found.at(&parameter.pointer, format!("the path parameter `{}` is not `required: true`; set", parameter.name));
        }
    }
}
