//! Answers. No answer of the gallery has a schema, so that each is taken as any content.

use crate::repair::Found;
use crate::swagger2::{Operation, Response};

pub(crate) fn assume_default(operation: &mut Operation, found: &mut Found) {
    if operation.responses.is_empty() {
        let pointer = operation.pointer.clone();
        found.at(&pointer, "the operation describes no answer; any status, as `default`".to_owned());
        operation.responses.push(Response { pointer, status: "default".to_owned(), description: None, schema: None });
    }
}

pub(crate) fn describe(operation: &mut Operation, found: &mut Found) {
    for response in operation.responses.iter_mut().filter(|response| response.description.is_none()) {
        response.description = Some(String::new());
        found
            .at(&response.pointer, format!("the response {} has no description, which is required; left empty", response.status));
    }
}

pub(crate) fn assume_any(operation: &mut Operation, found: &mut Found) {
    for response in operation.responses.iter().filter(|response| response.schema.is_none()) {
        found.at(&response.pointer, format!("the answer {} has no schema; taken as any content", response.status));
    }
}
