//! Makes every body a required one, in JSON where it has a schema to be typed by, else in bytes. Whether it may be left out and how
//! it goes over the wire is the business of passes over the generated code.

use openapi_text::pointer::escape;
use openapiv3::{
    MediaType, ReferenceOr, RequestBody, Schema, SchemaData, SchemaKind, StringFormat, StringType,
    Type, VariantOrUnknownOrEmpty,
};

use crate::bindings::resolved_body;
use crate::lower::Work;
use crate::lower::schemas::{Kind, Spot, any};
use crate::wire::{BodyKind, media_of};

pub(crate) fn reshape(work: &mut Work<'_>) {
    for (at, endpoint) in work.canonical.endpoints().iter().enumerate() {
        let binding = &work.bindings.operations[at];
        let Some(body) = endpoint
            .operation
            .request_body
            .as_ref()
            .and_then(|body| resolved_body(work.canonical, body))
        else {
            continue;
        };
        let (Some((_, media, kind)), Some(own)) = (media_of(body), &binding.body) else {
            continue;
        };
        let (media_type, schema) = match &kind {
            BodyKind::Multipart | BodyKind::Bytes => ("application/octet-stream", binary()),
            BodyKind::Json | BodyKind::Form(_) => {
                let pointer = format!("{}/content/{}/schema", own.pointer, escape(&own.media_type));
                let spot = Spot::new(pointer, format!("{} body", binding.method));
                let schema = media
                    .schema
                    .as_ref()
                    .map_or_else(any, |schema| work.schemas.lower(&spot, schema));
                let is_form = matches!(
                    work.schemas.kind(&schema),
                    Some(Kind::Object | Kind::Several) | None
                );
                if kind != BodyKind::Json && !is_form {
                    work.refuse(
                        "form-schema",
                        &own.pointer,
                        "the body of a form must be an object",
                    );
                }
                ("application/json", schema)
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
        work.operations[at].request_body = Some(ReferenceOr::Item(body));
    }
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
