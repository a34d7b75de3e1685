//! The types of an operation's responses.
//!
//! If all successes have the same schema, it is the type of successes. If the others have no
//! content, the type is an `Option`. Otherwise, it is an enum with a variant for each status. The
//! same holds for errors.

use std::collections::BTreeMap;

use gallery_spec::canonical::Canonical;
use gallery_spec::draft::Method;
use openapi_text::media_type::{essence, is_any, is_json, is_text};
use openapi_text::pointer::escape;
use openapiv3::{Operation, ReferenceOr, Response, Schema, SchemaKind, Type};

use crate::reference;
use crate::statuses::{self, StatusKey, Statuses};

/// The types of an operation's successes and errors.
#[derive(Clone, Debug, PartialEq)]
pub struct ResponseTypes {
    /// The type of 2xx responses.
    pub success: ResponseType,
    /// The type of 4xx and 5xx responses.
    pub error: ResponseType,
    /// The media types of all responses for `Accept`, without duplicates, in the order of the
    /// document.
    pub accept: Vec<String>,
}

/// The type of an operation's successes or errors.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResponseType {
    /// The type.
    pub kind: ResponseKind,
    /// The documented statuses. `None` stands for all successes or all errors.
    pub(crate) statuses: Option<Statuses>,
    /// The statuses without content.
    pub(crate) empty: Statuses,
    /// The statuses whose content is text.
    pub(crate) text: Statuses,
    /// The statuses in ranges of `text` whose content is not text.
    pub(crate) not_text: Statuses,
}

/// The kind of a response type.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ResponseKind {
    /// Content without a type.
    #[default]
    Untyped,
    /// A value.
    Value(ResponseSchema),
    /// A value or no content, depending on the status.
    Optional(ResponseSchema),
    /// A type for each status.
    ByStatus(Vec<StatusVariant>),
}

/// The schema of a response.
#[derive(Clone, Debug, PartialEq)]
pub struct ResponseSchema {
    /// Its JSON pointer, below `responses`. Responses with equal schemas have the pointer of the
    /// first one.
    pub(crate) pointer: String,
    /// The schema.
    pub(crate) schema: Box<ReferenceOr<Schema>>,
}

/// A variant of an enum of responses.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusVariant {
    pub(crate) key: StatusKey,
    pub(crate) content: VariantContent,
}

/// The content of a variant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum VariantContent {
    Value(ResponseSchema),
    Untyped,
    Empty,
}

impl VariantContent {
    fn schema(&self) -> Option<&ResponseSchema> {
        match self {
            VariantContent::Value(schema) => Some(schema),
            VariantContent::Untyped | VariantContent::Empty => None,
        }
    }
}

impl ResponseType {
    /// Returns true if the response has no type.
    pub fn is_untyped(&self) -> bool {
        self.kind == ResponseKind::Untyped
    }

    /// Returns the schemas with a type.
    pub(crate) fn schemas(&self) -> Vec<&ResponseSchema> {
        match &self.kind {
            ResponseKind::Untyped => Vec::new(),
            ResponseKind::Value(schema) | ResponseKind::Optional(schema) => vec![schema],
            ResponseKind::ByStatus(variants) => variants
                .iter()
                .filter_map(|variant| variant.content.schema())
                .collect(),
        }
    }
}

/// Returns the types of an operation's responses. Responses to `HEAD` are always untyped.
pub(crate) fn response_types(
    canonical: &Canonical,
    method: Method,
    operation: &Operation,
) -> ResponseTypes {
    let mut responses: Vec<(StatusKey, &Response)> =
        reference::responses(canonical, operation).collect();
    let mut accept: Vec<String> = Vec::new();
    for (_, response) in &responses {
        // Where JSON is offered, only JSON is read.
        let accepted = match typed_json(response) {
            Some((media_type, _)) => vec![media_type],
            None => response.content.keys().map(String::as_str).collect(),
        };
        for media_type in accepted {
            // Parameters such as `charset` do not make another type.
            if !accept.iter().any(|own| essence(own) == essence(media_type)) {
                accept.push(media_type.to_owned());
            }
        }
    }
    responses.sort_by_key(|(key, _)| *key);
    let has_success = responses.iter().any(|(key, _)| key.class() == Some(2));
    let type_of = |classes: &[u16], with_default: bool| {
        let own = responses.iter().filter(|(key, _)| match key.class() {
            Some(class) => classes.contains(&class),
            None => with_default,
        });
        let own: Vec<_> = own.copied().collect();
        match method {
            Method::Head => ResponseType::default(),
            _ => response_type(&own, classes),
        }
    };
    ResponseTypes {
        success: type_of(&[2], !has_success),
        error: type_of(&[4, 5], true),
        accept,
    }
}

/// The content of a response.
#[derive(Clone, Copy, PartialEq)]
enum Content<'r> {
    Json(&'r str, &'r ReferenceOr<Schema>),
    Text(&'r str, &'r ReferenceOr<Schema>),
    Untyped,
    Empty,
}

impl<'r> Content<'r> {
    fn is_text(self) -> bool {
        matches!(self, Content::Text(..))
    }

    fn schema(self) -> Option<(&'r str, &'r ReferenceOr<Schema>)> {
        match self {
            Content::Json(media_type, schema) | Content::Text(media_type, schema) => {
                Some((media_type, schema))
            }
            Content::Untyped | Content::Empty => None,
        }
    }
}

/// Returns the type of the responses of these classes.
fn response_type(responses: &[(StatusKey, &Response)], classes: &[u16]) -> ResponseType {
    let contents: Vec<(StatusKey, Content<'_>)> = responses
        .iter()
        .map(|(key, response)| (*key, content(*key, response)))
        .collect();
    let variants: Vec<StatusVariant> = contents
        .iter()
        .map(|(key, content)| StatusVariant {
            key: *key,
            content: match content {
                Content::Untyped => VariantContent::Untyped,
                Content::Empty => VariantContent::Empty,
                content => first_schema(&contents, *content),
            },
        })
        .collect();
    let has_only_codes = |is: fn(&VariantContent) -> bool| {
        let mut own = variants.iter().filter(|variant| is(&variant.content));
        own.all(|variant| matches!(variant.key, StatusKey::Code(_)))
    };
    let listed = |is: &dyn Fn(Content<'_>) -> bool, classes: &[u16]| {
        let own = contents.iter().filter(|(_, content)| is(*content));
        statuses::listed(own.map(|(key, _)| *key), classes)
    };
    let empty = listed(&|content| content == Content::Empty, classes);
    let schemas = variants
        .iter()
        .filter_map(|variant| variant.content.schema());
    let distinct: BTreeMap<&str, &ResponseSchema> =
        schemas.map(|own| (own.pointer.as_str(), own)).collect();
    let is_untyped = |own: &StatusVariant| own.content == VariantContent::Untyped;
    let kind = match distinct.into_values().collect::<Vec<_>>().as_slice() {
        [] => return ResponseType::default(),
        [schema]
            if !variants.iter().any(is_untyped)
                && has_only_codes(|own| *own == VariantContent::Empty) =>
        {
            match empty.is_empty() {
                true => ResponseKind::Value((*schema).clone()),
                false => ResponseKind::Optional((*schema).clone()),
            }
        }
        _ => ResponseKind::ByStatus(variants),
    };
    // `default` stands for the statuses without a range of their own.
    let has_range = |class: u16| {
        let mut keys = contents.iter().map(|(key, _)| *key);
        keys.any(|key| key == StatusKey::Range(class))
    };
    let free = classes.iter().copied().filter(|class| !has_range(*class));
    let text = listed(&|content| content.is_text(), &free.collect::<Vec<_>>());
    let all = listed(&|_| true, classes);
    ResponseType {
        not_text: match text.has_range() {
            true => listed(&|content| !content.is_text(), &[]).without_ranges(),
            false => Statuses::default(),
        },
        text,
        statuses: (!all.is_whole(classes)).then_some(all),
        empty: match kind {
            ResponseKind::Optional(_) => empty,
            _ => Statuses::default(),
        },
        kind,
    }
}

/// Returns the schema of a typed content, with the pointer of the first content of the same type.
fn first_schema(contents: &[(StatusKey, Content<'_>)], content: Content<'_>) -> VariantContent {
    let mut typed = contents.iter().filter_map(|(key, own)| {
        let (media_type, schema) = own.schema()?;
        let is_same = own.is_text() == content.is_text()
            && content.schema().is_some_and(|(_, other)| other == schema);
        is_same.then(|| ResponseSchema {
            pointer: format!("{key}/content/{}/schema", escape(media_type)),
            schema: Box::new(schema.clone()),
        })
    });
    typed
        .next()
        .map_or(VariantContent::Untyped, VariantContent::Value)
}

/// Returns the content of a response. A success without documented content may have a body. HTTP
/// forbids one with the statuses 204 and 205.
fn content(key: StatusKey, response: &Response) -> Content<'_> {
    if matches!(key, StatusKey::Code(204 | 205)) {
        return Content::Empty;
    }
    if let Some((media_type, schema)) = typed_json(response) {
        return Content::Json(media_type, schema);
    }
    if let Some((media_type, schema)) = typed_text(response) {
        return Content::Text(media_type, schema);
    }
    match response.content.is_empty() && key.class() != Some(2) {
        true => Content::Empty,
        false => Content::Untyped,
    }
}

/// Returns the media type and schema of a response that offers typed JSON: `application/json`, or
/// else the first JSON media type by name, or else any media type (`*/*`) with a schema other than
/// a string. Beside media types that are not text, such as images, JSON is not chosen, because it
/// may be other data.
fn typed_json(response: &Response) -> Option<(&str, &ReferenceOr<Schema>)> {
    if !response
        .content
        .keys()
        .all(|kind| is_text(kind) || is_any(kind))
    {
        return None;
    }
    let offered = response.content.iter().filter(|(kind, media)| {
        let is_value = |schema: &ReferenceOr<Schema>| !is_string(schema);
        is_json(kind) || is_any(kind) && media.schema.as_ref().is_some_and(is_value)
    });
    let (media_type, media) = offered.min_by_key(|(kind, _)| {
        let kind = kind.as_str();
        (essence(kind) != "application/json", is_any(kind), kind)
    })?;
    let schema = media
        .schema
        .as_ref()
        .filter(|schema| !is_any_json(schema))?;
    Some((media_type, schema))
}

/// Returns the media type and schema of a response that is a string of plain text or HTML.
fn typed_text(response: &Response) -> Option<(&str, &ReferenceOr<Schema>)> {
    let mut content = response.content.iter();
    let (media_type, media) = content.next()?;
    let is_text = essence(media_type).starts_with("text/");
    let schema = media.schema.as_ref().filter(|schema| is_string(schema))?;
    (is_text && content.next().is_none()).then_some((media_type, schema))
}

/// Returns true if a schema allows any JSON.
pub(crate) fn is_any_json(schema: &ReferenceOr<Schema>) -> bool {
    let ReferenceOr::Item(schema) = schema else {
        return false;
    };
    match &schema.schema_kind {
        SchemaKind::Any(any) => *any == openapiv3::AnySchema::default(),
        _ => false,
    }
}

pub(crate) fn is_string(schema: &ReferenceOr<Schema>) -> bool {
    let kind = schema.as_item().map(|schema| &schema.schema_kind);
    matches!(kind, Some(SchemaKind::Type(Type::String(_))))
}

#[cfg(test)]
mod tests;
