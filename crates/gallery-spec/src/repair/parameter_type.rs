//! Parameters without a type: 79 % of those in the gallery. Any string is the one reading that excludes nothing.

use crate::repair::Found;
use crate::swagger2::{Location, Operation};

pub(crate) fn assume_string(operation: &mut Operation, found: &mut Found) {
    for parameter in &mut operation.parameters {
        if parameter.location != Location::Body && parameter.kind.is_none() {
            parameter.kind = Some("string".to_owned());
            parameter.assumed.push("type");
            found.at(&parameter.pointer, format!("the parameter `{}` has no type; taken as any string", parameter.name));
        }
    }
}
