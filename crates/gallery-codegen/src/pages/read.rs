//! Reads and validates the extension `x-gallery-pages`.

use gallery_spec::canonical::{Canonical, Endpoint};
use openapi_text::pointer::unescape;
use openapiv3::{Parameter, ReferenceOr, Schema, SchemaKind, Type};

use super::extension::{Extension, PagesError};
use super::{CursorSource, PAGES, PageParameter, PageSize, PageStep, PagesBinding};
use crate::parameters::{ParameterBinding, ParameterLocation, listed_parameters};
use crate::reference;
use crate::responses::{ResponseKind, ResponseType, ResponseTypes};
use crate::wire::{BodyKind, media_of, schema_of};

/// Reads the extension of an operation. Returns `None` if the operation does not have it.
pub(crate) fn read(
    canonical: &Canonical,
    endpoint: &Endpoint<'_>,
    parameters: &[ParameterBinding],
    responses: &ResponseTypes,
) -> Option<Result<PagesBinding, PagesError>> {
    let extension = endpoint.operation.extensions.get(PAGES)?;
    let read = serde_json::from_value(extension.clone());
    Some(
        read.map_err(|error| ("", error.to_string()))
            .and_then(|extension: Extension| {
                let reader = Reader {
                    canonical,
                    parameters,
                    listed: listed_parameters(canonical, endpoint),
                    response: body(canonical, &responses.success),
                    request: request(canonical, endpoint),
                };
                reader.read(extension)
            }),
    )
}

/// The parts of an operation that its pagination refers to.
struct Reader<'a> {
    canonical: &'a Canonical,
    parameters: &'a [ParameterBinding],
    listed: Vec<(String, &'a Parameter)>,
    /// The schema of the successful response.
    response: Option<&'a Schema>,
    /// The JSON body of requests, if the operation has one.
    request: Option<JsonBody<'a>>,
}

/// The schema of a JSON body. `None` if the body may be any JSON.
#[derive(Clone, Copy)]
struct JsonBody<'a>(Option<&'a Schema>);

impl<'a> Reader<'a> {
    fn read(&self, extension: Extension) -> Result<PagesBinding, PagesError> {
        extension.check_keys()?;
        let items = extension.items.unwrap_or_default();
        let list = self
            .part(self.response, &items)
            .map_err(|error| ("/items", error))?;
        let Some(item) = list.and_then(|list| self.item(list)) else {
            let (pointer, what) = match items.is_empty() {
                true => ("", "the operation does not return an array with a schema"),
                false => (
                    "/items",
                    "the part of the response is not an array with a schema",
                ),
            };
            return Err((pointer, what.to_owned()));
        };
        let size = extension.per_page.map(|name| {
            let default = extension.default;
            let default = default.ok_or_else(|| {
                (
                    "",
                    "`default` is missing: the number of items on a page without the parameter"
                        .to_owned(),
                )
            })?;
            for (pointer, size) in [("/default", Some(default)), ("/max", extension.max)] {
                if size.is_some_and(|size| size < 1) {
                    return Err((pointer, "a page must have at least one item".to_owned()));
                }
            }
            let parameter = self.integer(&name).map_err(|error| ("/per_page", error))?;
            Ok(PageSize {
                parameter,
                default,
                max: extension.max,
            })
        });
        let step = self.step(
            [
                extension.page,
                extension.offset,
                extension.cursor,
                extension.link,
                extension.next_url,
            ],
            extension.first,
            [extension.next, extension.next_header, extension.last],
            item,
        )?;
        let size = size.transpose()?;
        if let (Some(size), PageStep::Number { parameter, .. } | PageStep::Offset(parameter)) =
            (&size, &step)
            && size.parameter == *parameter
        {
            let message = format!(
                "`{}` cannot be the size and the position of a page",
                parameter.name()
            );
            return Err(("/per_page", message));
        }
        let part = |key, pointer: Option<String>, is_kind: fn(&Type) -> bool, kind: &str| {
            let Some(pointer) = pointer else {
                return Ok(None);
            };
            self.typed_part(self.response, &pointer, is_kind, kind)
                .map_err(|error| (key, error))?;
            Ok(Some(pointer))
        };
        let is_boolean = |kind: &Type| matches!(kind, Type::Boolean(_));
        let more = part("/more", extension.more, is_boolean, "a boolean")?;
        let total = part("/total", extension.total, is_number, "a number")?;
        Ok(PagesBinding {
            step,
            size,
            items,
            more,
            total,
        })
    }

    fn step(
        &self,
        [page, offset, cursor, link, next_url]: [Option<String>; 5],
        first: Option<i64>,
        [next, next_header, last]: [Option<String>; 3],
        item: &'a Schema,
    ) -> Result<PageStep, PagesError> {
        if let Some(name) = page {
            return Ok(PageStep::Number {
                parameter: self.integer(&name).map_err(|error| ("/page", error))?,
                first: first.ok_or_else(|| {
                    (
                        "",
                        "`first` is missing: the number of the first page".to_owned(),
                    )
                })?,
            });
        }
        if let Some(name) = offset {
            let parameter = self.integer(&name).map_err(|error| ("/offset", error))?;
            return Ok(PageStep::Offset(parameter));
        }
        if let Some(relation) = link {
            return Ok(PageStep::Link(relation));
        }
        if let Some(pointer) = next_url {
            self.typed_part(self.response, &pointer, is_text, "a text")
                .map_err(|error| ("/next_url", error))?;
            return Ok(PageStep::Url(pointer));
        }
        let name = cursor.unwrap_or_default();
        let parameter = self.cursor(&name).map_err(|error| ("/cursor", error))?;
        let source = match (next, next_header, last) {
            (Some(pointer), None, None) => {
                self.typed_part(
                    self.response,
                    &pointer,
                    is_text_or_number,
                    "a text or a number",
                )
                .map_err(|error| ("/next", error))?;
                CursorSource::Body(pointer)
            }
            (None, Some(header), None) => {
                if let PageParameter::Body(pointer) = &parameter {
                    let what = "a text, as the header is";
                    self.typed_part(self.request.and_then(|body| body.0), pointer, is_text, what)
                        .map_err(|error| ("/cursor", error))?;
                }
                CursorSource::Header(header)
            }
            (None, None, Some(pointer)) => {
                self.typed_part(
                    Some(item),
                    &pointer,
                    is_text_or_number,
                    "a text or a number",
                )
                .map_err(|error| ("/last", error))?;
                CursorSource::LastItem(pointer)
            }
            _ => {
                let message = "`cursor` needs one of `next`, `next_header` and `last`: the place of the next cursor in a response";
                return Err(("", message.to_owned()));
            }
        };
        Ok(PageStep::Cursor { parameter, source })
    }

    /// Returns a query parameter or a part of the body that is an integer.
    fn integer(&self, name: &str) -> Result<PageParameter, String> {
        if name.starts_with('/') {
            let is_integer = |kind: &Type| matches!(kind, Type::Integer(_));
            return self.body_part(name, is_integer, "an integer");
        }
        let query = |own: &&ParameterBinding| own.location == ParameterLocation::Query;
        let is_integer = |kind: &Type| match kind {
            Type::Integer(integer) => integer.enumeration.is_empty(),
            _ => false,
        };
        self.parameter(name, "query parameter", query, is_integer, "an integer")
    }

    /// Returns a query or header parameter, or a part of the body, that is a text or a number.
    fn cursor(&self, name: &str) -> Result<PageParameter, String> {
        if name.starts_with('/') {
            return self.body_part(name, is_text_or_number, "a text or a number");
        }
        let of_request = |own: &&ParameterBinding| {
            matches!(
                own.location,
                ParameterLocation::Query | ParameterLocation::Header
            )
        };
        let what = "query or header parameter";
        self.parameter(
            name,
            what,
            of_request,
            is_text_or_number,
            "a text or a number",
        )
    }

    /// Returns a part of the JSON body of requests.
    fn body_part(
        &self,
        pointer: &str,
        is_kind: impl Fn(&Type) -> bool,
        kind: &str,
    ) -> Result<PageParameter, String> {
        let Some(body) = self.request else {
            return Err(format!(
                "`{pointer}` is a part of the body, but the operation has no JSON body"
            ));
        };
        self.typed_part(body.0, pointer, is_kind, kind)?;
        Ok(PageParameter::Body(pointer.to_owned()))
    }

    fn parameter(
        &self,
        name: &str,
        what: &str,
        is_candidate: impl Fn(&&ParameterBinding) -> bool,
        is_kind: impl Fn(&Type) -> bool,
        kind: &str,
    ) -> Result<PageParameter, String> {
        let candidates = || self.parameters.iter().filter(&is_candidate);
        let Some(binding) = candidates().find(|parameter| parameter.name == name) else {
            let names: Vec<&str> = candidates().map(|own| own.name.as_str()).collect();
            return Err(format!(
                "the operation has no {what} `{name}`; it has {names:?}"
            ));
        };
        let mut listed = self.listed.iter();
        let parameter = listed.find(|(pointer, _)| *pointer == binding.pointer);
        let schema = parameter
            .and_then(|(_, parameter)| schema_of(parameter.parameter_data_ref()))
            .and_then(|schema| reference::schema(self.canonical, schema));
        let is_valid = schema.is_some_and(|schema| match &schema.schema_kind {
            SchemaKind::Type(own) => is_kind(own) && !schema.schema_data.nullable,
            _ => false,
        });
        if !is_valid {
            return Err(format!("the {what} `{name}` is not {kind}"));
        }
        let mut all = self.parameters.iter();
        let index = all.position(|own| own.pointer == binding.pointer);
        Ok(PageParameter::Parameter(
            name.to_owned(),
            index.unwrap_or_default(),
        ))
    }

    /// Returns the schema of a part of a value. Returns `None` if any JSON is there.
    fn part(
        &self,
        schema: Option<&'a Schema>,
        pointer: &str,
    ) -> Result<Option<&'a Schema>, String> {
        if !pointer.is_empty() && !pointer.starts_with('/') {
            return Err(format!(
                "`{pointer}` is not a JSON pointer, such as `/data`"
            ));
        }
        let mut schema = schema;
        for name in pointer.split('/').skip(1).map(unescape) {
            let Some(own) = schema else {
                return Ok(None);
            };
            let found = self.property(own, &name, 0);
            let found = found
                .ok_or_else(|| format!("`{pointer}` does not exist: `{name}` is not a property"))?;
            schema = Some(found);
        }
        Ok(schema)
    }

    /// Checks that a part of a value has a type.
    fn typed_part(
        &self,
        schema: Option<&'a Schema>,
        pointer: &str,
        is_kind: impl Fn(&Type) -> bool,
        kind: &str,
    ) -> Result<(), String> {
        let part = self.part(schema, pointer)?;
        match part.map(|part| &part.schema_kind) {
            Some(SchemaKind::Type(own)) if !is_kind(own) => {
                Err(format!("`{pointer}` is not {kind}"))
            }
            _ => Ok(()),
        }
    }

    /// Returns the schema of a property of an object or of a part of its `allOf`.
    fn property(&self, schema: &'a Schema, name: &str, depth: usize) -> Option<&'a Schema> {
        let (properties, all_of) = match &schema.schema_kind {
            SchemaKind::Type(Type::Object(object)) => (Some(&object.properties), None),
            SchemaKind::AllOf { all_of } => (None, Some(all_of)),
            SchemaKind::Any(any) => (Some(&any.properties), Some(&any.all_of)),
            _ => (None, None),
        };
        let own = properties.and_then(|properties| properties.get(name));
        if let Some(own) = own {
            return self.boxed(own);
        }
        let mut parts = all_of.into_iter().flatten().filter(|_| depth < MAX_DEPTH);
        parts.find_map(|part| {
            let part = reference::schema(self.canonical, part)?;
            self.property(part, name, depth + 1)
        })
    }

    /// Returns the schema of the items of a list.
    fn item(&self, list: &'a Schema) -> Option<&'a Schema> {
        match &list.schema_kind {
            SchemaKind::Type(Type::Array(array)) => self.boxed(array.items.as_ref()?),
            _ => None,
        }
    }

    fn boxed(&self, schema: &'a ReferenceOr<Box<Schema>>) -> Option<&'a Schema> {
        match schema {
            ReferenceOr::Item(schema) => Some(schema),
            ReferenceOr::Reference { reference } => {
                let components = self.canonical.document().components.as_ref()?;
                let schema = reference::schema_in(&components.schemas, reference)?;
                reference::schema(self.canonical, schema)
            }
        }
    }
}

/// The maximum depth of `allOf` in `allOf`.
const MAX_DEPTH: usize = 20;

fn is_number(kind: &Type) -> bool {
    matches!(kind, Type::Integer(_) | Type::Number(_))
}

fn is_text(kind: &Type) -> bool {
    matches!(kind, Type::String(_))
}

fn is_text_or_number(kind: &Type) -> bool {
    is_text(kind) || is_number(kind)
}

/// Returns the JSON body of requests, if the operation has one.
fn request<'a>(canonical: &'a Canonical, endpoint: &Endpoint<'a>) -> Option<JsonBody<'a>> {
    let body = reference::body(canonical, endpoint.operation.request_body.as_ref()?)?;
    let (_, media, kind) = media_of(body)?;
    let schema = media.schema.as_ref();
    let schema = schema.and_then(|schema| reference::schema(canonical, schema));
    matches!(kind, BodyKind::Json).then_some(JsonBody(schema))
}

/// Returns the schema of the successful responses.
fn body<'a>(canonical: &'a Canonical, response: &'a ResponseType) -> Option<&'a Schema> {
    let ResponseKind::Value(schema) = &response.kind else {
        return None;
    };
    let schema = reference::schema(canonical, &schema.schema)?;
    (!schema.schema_data.nullable).then_some(schema)
}
