//! Collects the schemas of responses as the properties of one object, the response object.
//!
//! progenitor supports one type for successes and one for errors, while generated code has a type
//! for each status. The response object makes typify choose the types of all schemas.

use crate::bindings::OperationBinding;
use crate::events::EventContent;
use crate::lower::response_object::response_pointer;
use crate::lower::schemas::SchemaLocation;
use crate::lower::work::Work;
use crate::responses::{ResponseKind, ResponseSchema, ResponseType};

pub(crate) fn collect(work: &mut Work<'_>) {
    for binding in &work.bindings.operations {
        let (success, error) = (&binding.responses.success, &binding.responses.error);
        add(work, binding, success, "response");
        add(work, binding, error, "failure");
        if let Some(EventContent::Json(schema)) = binding.events.as_ref().map(|own| &own.content) {
            add_schema(work, binding, schema, format!("{} event", binding.method));
        }
    }
    if let Some(object) = work.responses.object() {
        let name = work.schemas.add_type("response object", object);
        work.responses.name = name;
    }
}

fn add(work: &mut Work<'_>, binding: &OperationBinding, kind: &ResponseType, suffix: &str) {
    let is_single = !matches!(kind.kind, ResponseKind::ByStatus(_));
    for schema in kind.schemas() {
        let status = schema.pointer.split('/').next().unwrap_or_default();
        let hint = match is_single {
            true => format!("{} {suffix}", binding.method),
            false => format!("{} {suffix} {status}", binding.method),
        };
        add_schema(work, binding, schema, hint);
    }
}

fn add_schema(
    work: &mut Work<'_>,
    binding: &OperationBinding,
    schema: &ResponseSchema,
    hint: String,
) {
    let pointer = response_pointer(binding, &schema.pointer);
    let location = SchemaLocation::new(pointer.clone(), hint);
    let lowered = work.schemas.lower_at(location);
    work.responses.add(pointer, lowered);
}
