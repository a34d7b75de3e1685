//! Makes every body required. JSON and forms become JSON, if the document has a schema; all others
//! become bytes.
//!
//! Generated code has the actual encoding, and makes bodies optional.

use openapi_text::pointer::escape;
use openapiv3::{
    MediaType, ReferenceOr, RequestBody, Schema, SchemaData, SchemaKind, StringFormat, StringType,
    Type, VariantOrUnknownOrEmpty,
};

use crate::bindings::{BodyBinding, OperationBinding};
use crate::lower::schemas::SchemaLocation;
use crate::lower::work::Work;
use crate::reference;
use crate::wire::{BodyKind, media_of};

pub(crate) fn reshape(work: &mut Work<'_>) {
    for (index, endpoint) in work.canonical.endpoints().iter().enumerate() {
        let binding = &work.bindings.operations[index];
        let Some(body) = endpoint
            .operation
            .request_body
            .as_ref()
            .and_then(|body| reference::body(work.canonical, body))
        else {
            continue;
        };
        let (Some((_, _, kind)), Some(own)) = (media_of(body), &binding.body) else {
            continue;
        };
        let (media_type, schema) = match &kind {
            BodyKind::Bytes => ("application/octet-stream", binary()),
            BodyKind::Json | BodyKind::Form(_) => (
                "application/json",
                work.schemas.lower_at(location(binding, own)),
            ),
            BodyKind::Multipart => {
                let schema = work.schemas.lower_at(location(binding, own));
                match work.schemas.struct_name(&schema) {
                    Some(name) => {
                        work.multipart.insert(binding.method.clone(), name);
                        ("application/json", schema)
                    }
                    None => ("application/octet-stream", binary()),
                }
            }
        };
        let media = MediaType {
            schema: Some(schema),
            ..MediaType::default()
        };
        let content = [(media_type.to_owned(), media)].into_iter().collect();
        let body = RequestBody {
            required: true,
            content,
            ..RequestBody::default()
        };
        work.operations[index].request_body = Some(ReferenceOr::Item(body));
    }
}

/// Marks the files in multipart bodies, before components are lowered.
pub(crate) fn mark_files(work: &mut Work<'_>) {
    for binding in &work.bindings.operations {
        if let Some(body) = &binding.body
            && body.kind == BodyKind::Multipart
        {
            work.schemas.mark_files(&location(binding, body));
        }
    }
}

/// Returns the location of the schema of a body.
fn location(binding: &OperationBinding, body: &BodyBinding) -> SchemaLocation {
    let pointer = format!(
        "{}/content/{}/schema",
        body.pointer,
        escape(&body.media_type)
    );
    SchemaLocation::new(pointer, format!("{} body", binding.method))
}

fn binary() -> ReferenceOr<Schema> {
    let format = VariantOrUnknownOrEmpty::Item(StringFormat::Binary);
    let schema_kind = SchemaKind::Type(Type::String(StringType {
        format,
        ..StringType::default()
    }));
    ReferenceOr::Item(Schema {
        schema_data: SchemaData::default(),
        schema_kind,
    })
}
