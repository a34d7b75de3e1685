//! Refuses, with JSON pointer and reason, what no lowering reshapes yet: better no client than one that is wrong in silence.

use std::collections::BTreeMap;

use gallery_spec::canonical::{Canonical, Endpoint};
use gallery_spec::diagnostic::{Diagnostics, Place, Severity};
use gallery_spec::swagger2::Method;
use gallery_spec::template;
use gallery_spec::yaml::escape;
use heck::ToPascalCase;
use openapiv3::{
    AdditionalProperties, Parameter, ParameterSchemaOrContent, PathStyle, QueryStyle, ReferenceOr, Schema, SchemaKind, Type,
};

use crate::answers::{AnswerKind, is_json, resolved};
use crate::bindings::{Bindings, Location, OperationBinding, location, resolved_body, resolved_parameter};

/// Whether anything was refused; each refusal is an error in `diagnostics`.
pub(crate) fn refuse(file: &str, canonical: &Canonical, bindings: &Bindings, diagnostics: &mut Diagnostics) -> bool {
    let mut check = Check { file, canonical, diagnostics, refused: false };
    for (endpoint, binding) in canonical.endpoints().iter().zip(&bindings.operations) {
        check.operation(endpoint, binding);
    }
    check.components();
    check.refused
}

struct Check<'a> {
    file: &'a str,
    canonical: &'a Canonical,
    diagnostics: &'a mut Diagnostics,
    refused: bool,
}

/// Where a schema stands decides what it may be.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    /// A schema of its own under `components`.
    Named,
    /// Inside another schema, a body or an answer.
    Inline,
    /// A path, query or header parameter.
    Scalar,
}

impl Check<'_> {
    fn refuse(&mut self, code: &'static str, pointer: &str, message: &str) {
        self.refused = true;
        self.diagnostics.push(Severity::Error, code, Place::pointer(self.file, pointer), message);
    }

    fn operation(&mut self, endpoint: &Endpoint<'_>, binding: &OperationBinding) {
        let pointer = endpoint.pointer();
        if binding.method.is_empty() {
            self.refuse("unusable-id", &pointer, "no Rust name can be made of the operationId; give the operation another");
        }
        if endpoint.method == Method::Options {
            self.refuse("method", &pointer, "progenitor cannot send OPTIONS");
        }
        if let Some(defect) = template::defect(endpoint.path) {
            self.refuse("unusable-path", &pointer, &defect);
        }
        for parameter in binding.parameters.iter().filter(|parameter| parameter.setter.is_empty()) {
            self.refuse("unusable-name", &parameter.pointer, "no Rust name can be made of the parameter's name");
        }
        for variable in template::variables(endpoint.path) {
            if !binding.of(Location::Path).any(|parameter| parameter.name == variable) {
                self.refuse(
                    "undeclared-path-variable",
                    &pointer,
                    &format!("no parameter declares the path's variable `{{{variable}}}`"),
                );
            }
        }
        let path_pointer = pointer.rsplit_once('/').map_or("", |(path, _)| path).to_owned();
        for (owner, parameters) in [(pointer.clone(), &endpoint.operation.parameters), (path_pointer, &endpoint.item.parameters)]
        {
            for (position, parameter) in parameters.iter().enumerate() {
                self.parameter(&format!("{owner}/parameters/{position}"), parameter, endpoint);
            }
        }
        if let Some(body) = &endpoint.operation.request_body {
            self.body(&format!("{pointer}/requestBody"), body);
        }
        self.answers(&pointer, endpoint, binding);
    }

    fn parameter(&mut self, pointer: &str, parameter: &ReferenceOr<Parameter>, endpoint: &Endpoint<'_>) {
        let Some(parameter) = resolved_parameter(self.canonical, parameter) else {
            return self.refuse("dangling-reference", pointer, "the parameter refers to something that is not in this document");
        };
        let data = parameter.parameter_data_ref();
        let default_style = match parameter {
            Parameter::Path { style, .. } => *style == PathStyle::Simple,
            Parameter::Query { style, .. } => *style == QueryStyle::Form,
            Parameter::Header { .. } => true,
            Parameter::Cookie { .. } => {
                return self.refuse("cookie-parameter", pointer, "cookie parameters are not supported yet");
            }
        };
        if !default_style || data.explode == Some(false) {
            let message =
                "only the default style of a place is supported yet: `simple` in paths and headers, exploded `form` in queries";
            self.refuse("parameter-style", pointer, message);
        }
        if location(parameter) == Location::Path && !template::variables(endpoint.path).contains(&data.name.as_str()) {
            self.refuse("superfluous-path-parameter", pointer, &format!("the path has no variable `{{{}}}`", data.name));
        }
        if location(parameter) == Location::Header && !gallery_spec::lift::is_header_name(&data.name) {
            self.refuse("header-name", pointer, &format!("`{}` is no name of a header", data.name));
        }
        match &data.format {
            ParameterSchemaOrContent::Schema(schema) => self.schema(&format!("{pointer}/schema"), schema, Role::Scalar),
            ParameterSchemaOrContent::Content(_) => {
                self.refuse("parameter-content", pointer, "parameters with `content` instead of `schema` are not supported yet");
            }
        }
    }

    fn body(&mut self, pointer: &str, body: &ReferenceOr<openapiv3::RequestBody>) {
        let Some(body) = resolved_body(self.canonical, body) else {
            return self.refuse("dangling-reference", pointer, "the body refers to something that is not in this document");
        };
        let mut content = body.content.iter();
        let (Some((media_type, media)), None) = (content.next(), content.next()) else {
            return self.refuse("body-media-types", pointer, "a body with none or several media types is not supported yet");
        };
        let pointer = format!("{pointer}/content/{}", escape(media_type));
        if !is_json(media_type) || !media.encoding.is_empty() {
            return self.refuse("body-media-type", &pointer, "bodies other than application/json are not supported yet");
        }
        match &media.schema {
            Some(schema) => self.schema(&format!("{pointer}/schema"), schema, Role::Inline),
            None => self.refuse("body-schema", &pointer, "the body has no schema; write `schema: {}` for any JSON"),
        }
    }

    fn answers(&mut self, pointer: &str, endpoint: &Endpoint<'_>, binding: &OperationBinding) {
        let responses = &endpoint.operation.responses;
        for (status, response) in responses
            .responses
            .iter()
            .map(|(status, r)| (status.to_string(), r))
            .chain(responses.default.iter().map(|r| ("default".to_owned(), r)))
        {
            if resolved(self.canonical, response).is_none() {
                let pointer = format!("{pointer}/responses/{status}");
                self.refuse("dangling-reference", &pointer, "the response refers to something that is not in this document");
            }
        }
        for kind in [&binding.answers.success, &binding.answers.error] {
            if let AnswerKind::Typed { schema, .. } = kind {
                self.schema(&format!("{pointer}/responses"), schema, Role::Inline);
            }
        }
    }

    fn components(&mut self) {
        let Some(components) = &self.canonical.document().components else { return };
        let mut types: BTreeMap<String, &str> = BTreeMap::new();
        for (name, schema) in &components.schemas {
            let pointer = format!("/components/schemas/{}", escape(name));
            let type_name = name.to_pascal_case();
            if syn::parse_str::<syn::Ident>(&type_name).is_err() {
                self.refuse("schema-name", &pointer, "no Rust type name can be made of the schema's name");
            }
            if let Some(other) = types.insert(type_name, name) {
                self.refuse("schema-name", &pointer, &format!("the schema would have the same Rust name as `{other}`"));
            }
            self.schema(&pointer, schema, Role::Named);
        }
    }

    fn schema(&mut self, pointer: &str, schema: &ReferenceOr<Schema>, role: Role) {
        let schema = match schema {
            ReferenceOr::Item(schema) => schema,
            ReferenceOr::Reference { reference } => return self.reference(pointer, reference, role),
        };
        if crate::answers::is_any(&ReferenceOr::Item(schema.clone())) && role != Role::Scalar {
            return;
        }
        let plain = match &schema.schema_kind {
            SchemaKind::Type(Type::String(string)) => string.enumeration.is_empty() && string.pattern.is_none(),
            SchemaKind::Type(Type::Integer(integer)) => integer.enumeration.is_empty(),
            SchemaKind::Type(Type::Number(number)) => number.enumeration.is_empty(),
            SchemaKind::Type(Type::Boolean(boolean)) => boolean.enumeration.is_empty(),
            SchemaKind::Type(Type::Array(array)) if role != Role::Scalar => match &array.items {
                Some(items) => return self.schema(&format!("{pointer}/items"), &items.clone().unbox(), Role::Inline),
                None => true,
            },
            SchemaKind::Type(Type::Object(object)) if role == Role::Named => return self.object(pointer, object),
            SchemaKind::Type(Type::Object(object)) => role == Role::Inline && object.properties.is_empty(),
            _ => false,
        };
        if !plain {
            let message = match role {
                Role::Scalar => "only plain strings, numbers and booleans are supported as parameters yet",
                Role::Inline => {
                    "a schema with a structure of its own must stand under #/components/schemas; others are not supported yet"
                }
                Role::Named => "only objects, arrays and plain strings, numbers and booleans are supported as schemas yet",
            };
            self.refuse("schema", pointer, message);
        }
    }

    fn reference(&mut self, pointer: &str, reference: &str, role: Role) {
        let name = reference.strip_prefix("#/components/schemas/").unwrap_or_default();
        let target = self.canonical.document().components.as_ref().and_then(|components| components.schemas.get(name));
        match target {
            None => self.refuse("dangling-reference", pointer, &format!("`{reference}` is not in this document")),
            Some(_) if role == Role::Scalar => {
                self.refuse("schema", pointer, "a parameter whose schema is a reference is not supported yet");
            }
            Some(ReferenceOr::Reference { .. }) => {
                self.refuse("schema", pointer, "a reference to a reference is not supported yet");
            }
            Some(ReferenceOr::Item(_)) => {}
        }
    }

    fn object(&mut self, pointer: &str, object: &openapiv3::ObjectType) {
        for (name, property) in &object.properties {
            self.schema(&format!("{pointer}/properties/{}", escape(name)), &property.clone().unbox(), Role::Inline);
        }
        if let Some(AdditionalProperties::Schema(schema)) = &object.additional_properties {
            self.schema(&format!("{pointer}/additionalProperties"), schema, Role::Inline);
        }
    }
}
