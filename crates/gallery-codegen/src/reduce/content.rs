//! Reduces bodies and responses.

use openapi_text::pointer::escape;
use openapiv3::{
    MediaType, ObjectType, ReferenceOr, RequestBody, Response, Responses, SchemaKind, Type,
};

use super::json_kind::{JsonKind, json_kind};
use super::reason::ReductionReason;
use super::reducer::Reducer;
use super::schemas::schema_of;
use crate::reference;
use crate::wire::{BodyKind, media_of};

impl Reducer<'_> {
    /// Reduces a body that may be a reference.
    pub(super) fn listed_body(&mut self, pointer: &str, body: &mut ReferenceOr<RequestBody>) {
        if let ReferenceOr::Item(body) = body {
            return self.body(pointer, body);
        }
        if reference::body(self.canonical, body).is_none() {
            let message = "the body refers to a missing component: bytes of any media type";
            self.push(ReductionReason::BodyMediaType, pointer, message);
            *body = ReferenceOr::Item(RequestBody {
                content: bytes(),
                ..RequestBody::default()
            });
        }
    }

    pub(super) fn body(&mut self, pointer: &str, body: &mut RequestBody) {
        self.remove_media_types(ReductionReason::BodyMediaType, pointer, &mut body.content);
        if body.content.is_empty() {
            let message = "the body has no media type: bytes of any media type";
            self.push(ReductionReason::BodyMediaType, pointer, message);
            body.content = bytes();
        }
        for (media_type, media) in &mut body.content {
            if let Some(schema) = &mut media.schema {
                let pointer = format!("{pointer}/content/{}/schema", escape(media_type));
                self.schema(&pointer, schema);
            }
        }
        let Some((media_type, media, BodyKind::Form(_))) = media_of(body) else {
            return;
        };
        let components = self.canonical.document().components.as_ref();
        let schema = media.schema.as_ref();
        let kind = schema.map_or(JsonKind::Any, |schema| json_kind(components, schema));
        if matches!(kind, JsonKind::Scalar | JsonKind::Array(_)) {
            let media_type = media_type.to_owned();
            let pointer = format!("{pointer}/content/{}/schema", escape(&media_type));
            let message = "the schema of a form must be an object: any fields";
            self.push(ReductionReason::FormSchema, pointer, message);
            let object = schema_of(SchemaKind::Type(Type::Object(ObjectType::default())));
            let any = MediaType {
                schema: Some(ReferenceOr::Item(object)),
                ..MediaType::default()
            };
            body.content.insert(media_type, any);
        }
    }

    pub(super) fn responses(&mut self, pointer: &str, responses: &mut Responses) {
        for (status, response) in &mut responses.responses {
            self.listed_response(&format!("{pointer}/responses/{status}"), response);
        }
        if let Some(response) = &mut responses.default {
            self.listed_response(&format!("{pointer}/responses/default"), response);
        }
    }

    fn listed_response(&mut self, pointer: &str, response: &mut ReferenceOr<Response>) {
        if let ReferenceOr::Item(response) = response {
            return self.response(pointer, response);
        }
        if reference::response(self.canonical, response).is_none() {
            let message = "the response refers to a missing component: untyped";
            self.push(ReductionReason::DanglingResponse, pointer, message);
            *response = ReferenceOr::Item(Response::default());
        }
    }

    pub(super) fn response(&mut self, pointer: &str, response: &mut Response) {
        let content = &mut response.content;
        self.remove_media_types(ReductionReason::ResponseMediaType, pointer, content);
        for (media_type, media) in content {
            if let Some(schema) = &mut media.schema {
                let pointer = format!("{pointer}/content/{}/schema", escape(media_type));
                self.schema(&pointer, schema);
            }
        }
    }

    /// Removes the media types that are not valid header values.
    fn remove_media_types(
        &mut self,
        reason: ReductionReason,
        pointer: &str,
        content: &mut indexmap::IndexMap<String, MediaType>,
    ) {
        content.retain(|media_type, _| {
            let is_header = media_type.bytes().all(|byte| (0x20..0x7f).contains(&byte));
            let is_valid = is_header && !media_type.trim().is_empty();
            if !is_valid {
                let pointer = format!("{pointer}/content/{}", escape(media_type));
                let message = "the media type is not a valid header value: it is removed";
                self.push(reason, pointer, message);
            }
            is_valid
        });
    }
}

/// Returns the content of a body of any media type.
fn bytes() -> indexmap::IndexMap<String, MediaType> {
    std::iter::once(("*/*".to_owned(), MediaType::default())).collect()
}
