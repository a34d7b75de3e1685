//! The Rust types of responses.

use std::collections::BTreeMap;

use syn::Item;

use crate::bindings::OperationBinding;
use crate::code::rust_type::RustType;
use crate::events::EventContent;
use crate::lower::Lowered;
use crate::lower::response_object::response_pointer;
use crate::progenitor::GenerateError;
use crate::responses::{ResponseKind, ResponseSchema, ResponseType, VariantContent};
use crate::statuses::StatusKey;

/// The Rust type of an operation's successes or errors.
#[derive(Clone, Debug)]
pub(crate) enum ResponseBody {
    Untyped,
    Value(RustType),
    /// An `Option` of this type: some statuses have no content.
    Optional(RustType),
    /// An enum with a variant for each status.
    ByStatus(StatusEnum),
}

/// An enum with a variant for each status.
#[derive(Clone, Debug)]
pub(crate) struct StatusEnum {
    pub(crate) name: String,
    pub(crate) variants: Vec<(StatusKey, VariantBody)>,
}

/// The body of a variant.
#[derive(Clone, Debug)]
pub(crate) enum VariantBody {
    Value(RustType),
    Untyped,
    Empty,
}

impl ResponseBody {
    /// Returns the enum, if the type is one.
    pub(crate) fn by_status(&self) -> Option<&StatusEnum> {
        match self {
            ResponseBody::ByStatus(declared) => Some(declared),
            _ => None,
        }
    }

    /// Calls `visit` with the names of the client's types in this type.
    pub(crate) fn each_type(&self, visit: &mut impl FnMut(&str)) {
        match self {
            ResponseBody::Untyped => {}
            ResponseBody::Value(kind) | ResponseBody::Optional(kind) => kind.each_type(visit),
            ResponseBody::ByStatus(declared) => {
                for (_, body) in &declared.variants {
                    if let VariantBody::Value(kind) = body {
                        kind.each_type(visit);
                    }
                }
            }
        }
    }

    /// Calls `change` with the types of the responses, and with the types in these.
    pub(crate) fn each_type_mut(&mut self, change: &mut impl FnMut(&mut RustType)) {
        match self {
            ResponseBody::Untyped => {}
            ResponseBody::Value(kind) | ResponseBody::Optional(kind) => kind.each_mut(change),
            ResponseBody::ByStatus(declared) => {
                for (_, body) in &mut declared.variants {
                    if let VariantBody::Value(kind) = body {
                        kind.each_mut(change);
                    }
                }
            }
        }
    }

    /// Writes the type. `path` is the path of the module of the client, with `::`; `untyped` is the
    /// name of `Untyped`.
    pub(crate) fn text(&self, path: &str, untyped: &str) -> String {
        let types = format!("{path}types::");
        match self {
            ResponseBody::Untyped => untyped.to_owned(),
            ResponseBody::Value(kind) => kind.text(&types),
            ResponseBody::Optional(kind) => format!("Option<{}>", kind.text(&types)),
            ResponseBody::ByStatus(declared) => format!("{path}responses::{}", declared.name),
        }
    }

    /// Returns the type of the body with this status, for documentation. `None` if it has no type.
    pub(crate) fn documented(&self, key: StatusKey) -> Option<String> {
        match self {
            ResponseBody::Untyped => None,
            ResponseBody::Value(kind) | ResponseBody::Optional(kind) => Some(kind.name()),
            ResponseBody::ByStatus(declared) => {
                let name = format!("{}::{}", declared.name, key.variant());
                let mut variants = declared.variants.iter();
                let (_, body) = variants.find(|(own, _)| *own == key)?;
                Some(match body {
                    VariantBody::Value(kind) => format!("{name}({})", kind.name()),
                    VariantBody::Untyped => format!("{name}(Untyped)"),
                    VariantBody::Empty => name,
                })
            }
        }
    }
}

/// Returns the types of the properties of the response object, by name.
pub(super) fn properties(items: &[Item], lowered: &Lowered) -> BTreeMap<String, RustType> {
    let name = &lowered.responses().name;
    let declared = items.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == name => Some(item),
        _ => None,
    });
    let fields = declared.into_iter().flat_map(|item| &item.fields);
    fields
        .filter_map(|field| {
            let name = field.ident.as_ref()?.to_string();
            Some((name, RustType::read(&field.ty)))
        })
        .collect()
}

/// Reads the type of the data of an operation's events.
pub(super) fn event_body(
    binding: &OperationBinding,
    lowered: &Lowered,
    properties: &BTreeMap<String, RustType>,
) -> Result<Option<ResponseBody>, GenerateError> {
    let Some(events) = &binding.events else {
        return Ok(None);
    };
    Ok(Some(match &events.content {
        EventContent::Json(schema) => {
            ResponseBody::Value(rust_type(binding, schema, lowered, properties)?)
        }
        EventContent::Untyped => ResponseBody::Untyped,
        EventContent::Text => ResponseBody::Value(RustType::String),
    }))
}

/// Returns the type of a response's schema.
fn rust_type(
    binding: &OperationBinding,
    schema: &ResponseSchema,
    lowered: &Lowered,
    properties: &BTreeMap<String, RustType>,
) -> Result<RustType, GenerateError> {
    let pointer = response_pointer(binding, &schema.pointer);
    let property = lowered.responses().properties.get(&pointer);
    let kind = property.and_then(|property| properties.get(property));
    kind.cloned()
        .ok_or_else(|| GenerateError::Missing(format!("type of the response `{pointer}`")))
}

/// Reads the type of an operation's successes or errors. `name` is the name of an enum.
pub(super) fn response_body(
    binding: &OperationBinding,
    response: &ResponseType,
    lowered: &Lowered,
    properties: &BTreeMap<String, RustType>,
    name: String,
) -> Result<ResponseBody, GenerateError> {
    let rust_type = |schema: &ResponseSchema| rust_type(binding, schema, lowered, properties);
    Ok(match &response.kind {
        ResponseKind::Untyped => ResponseBody::Untyped,
        ResponseKind::Value(schema) => ResponseBody::Value(rust_type(schema)?),
        // A nullable type is `None` without content too.
        ResponseKind::Optional(schema) => match rust_type(schema)? {
            RustType::Option(kind) => ResponseBody::Optional(*kind),
            kind => ResponseBody::Optional(kind),
        },
        ResponseKind::ByStatus(variants) => {
            let variants = variants.iter().map(|variant| {
                let body = match &variant.content {
                    VariantContent::Value(schema) => VariantBody::Value(rust_type(schema)?),
                    VariantContent::Untyped => VariantBody::Untyped,
                    VariantContent::Empty => VariantBody::Empty,
                };
                Ok::<_, GenerateError>((variant.key, body))
            });
            let variants = variants.collect::<Result<_, _>>()?;
            ResponseBody::ByStatus(StatusEnum { name, variants })
        }
    })
}
