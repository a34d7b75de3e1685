//! Rejects documents that no correct client can be generated from.

use std::collections::BTreeSet;

use gallery_spec::canonical::{Canonical, Endpoint};
use openapi_text::pointer::escape;
use openapi_text::{Diagnostics, Severity};
use openapiv3::{AdditionalProperties, QueryStyle, ReferenceOr, Schema, SchemaKind, Type};

use crate::bindings::{Bindings, OperationBinding};
use crate::pages::{self, PAGES};
use crate::parameters::ParameterLocation;
use crate::reference;
use crate::responses::ResponseType;
use crate::route::Route;
use crate::wire::{BodyKind, media_of, schema_of, schema_pointer, style};
use crate::wire_extensions;

/// Adds an error to `diagnostics` for each defect. Returns true if the document is valid.
pub(super) fn validate(
    file: &str,
    canonical: &Canonical,
    bindings: &Bindings,
    diagnostics: &mut Diagnostics,
) -> bool {
    let mut check = Check {
        file,
        canonical,
        diagnostics,
        rejected: false,
    };
    for (endpoint, binding) in canonical.endpoints().iter().zip(&bindings.operations) {
        check.operation(endpoint, binding);
    }
    for (name, schema) in canonical
        .document()
        .components
        .iter()
        .flat_map(|components| &components.schemas)
    {
        check.schema(&format!("/components/schemas/{}", escape(name)), schema);
    }
    !check.rejected
}

struct Check<'a> {
    file: &'a str,
    canonical: &'a Canonical,
    diagnostics: &'a mut Diagnostics,
    rejected: bool,
}

impl Check<'_> {
    fn reject(&mut self, code: &'static str, pointer: &str, message: &str) {
        self.rejected = true;
        self.diagnostics.push(
            Severity::Error,
            code,
            openapi_text::Location::pointer(self.file, pointer),
            message,
        );
    }

    fn operation(&mut self, endpoint: &Endpoint<'_>, binding: &OperationBinding) {
        let pointer = endpoint.pointer();
        if binding.method.is_empty() {
            self.reject(
                "unusable-id",
                &pointer,
                "the operationId cannot be converted to a Rust name; choose another one",
            );
        }
        for parameter in binding
            .parameters
            .iter()
            .filter(|parameter| parameter.setter.is_empty())
        {
            self.reject(
                "unusable-name",
                &parameter.pointer,
                "the name of the parameter cannot be converted to a Rust name",
            );
        }
        match Route::parse(endpoint.path) {
            Ok(route) => self.route(&pointer, &route, binding),
            Err(defect) => self.reject("unusable-path", &pointer, &defect),
        }
        self.headers(&pointer, binding);
        let path_pointer = pointer
            .rsplit_once('/')
            .map_or("", |(path, _)| path)
            .to_owned();
        let owners = [
            (&pointer, &endpoint.operation.parameters),
            (&path_pointer, &endpoint.item.parameters),
        ];
        for (owner, parameters) in owners {
            for (index, parameter) in parameters.iter().enumerate() {
                self.parameter(&format!("{owner}/parameters/{index}"), parameter, binding);
            }
        }
        if let Some(body) = &endpoint.operation.request_body {
            self.body(&format!("{pointer}/requestBody"), body);
        }
        self.responses(&pointer, endpoint, binding);
        if let Some(Err((at, error))) = pages::read(
            self.canonical,
            endpoint,
            &binding.parameters,
            &binding.responses,
        ) {
            // The extension comes from an overlay, whose target may have changed upstream.
            let location =
                openapi_text::Location::pointer(self.file, format!("{pointer}/{PAGES}{at}"));
            self.rejected |= self.diagnostics.push_unmatched("pages", location, error);
        }
    }

    fn route(&mut self, pointer: &str, route: &Route, binding: &OperationBinding) {
        let variables: BTreeSet<&str> = route.variables().collect();
        for variable in &variables {
            if !binding
                .of(ParameterLocation::Path)
                .any(|parameter| parameter.name == *variable)
            {
                let message = format!("the path variable `{{{variable}}}` has no parameter");
                self.reject("undeclared-path-variable", pointer, &message);
            }
        }
        for parameter in binding
            .of(ParameterLocation::Path)
            .filter(|parameter| !variables.contains(parameter.name.as_str()))
        {
            let message = format!("the path has no variable `{{{}}}`", parameter.name);
            self.reject("superfluous-path-parameter", &parameter.pointer, &message);
        }
        // A name without a value may only distinguish two endpoints.
        for (name, value) in route
            .constants
            .iter()
            .filter(|(_, value)| !value.is_empty())
        {
            if !binding
                .constants
                .iter()
                .any(|constant| constant.name == *name)
            {
                let message = format!(
                    "the fragment of the path has `{name}={value}`, but no required parameter `{name}` allows exactly this value"
                );
                self.reject("undeclared-constant", pointer, &message);
            }
        }
    }

    fn headers(&mut self, pointer: &str, binding: &OperationBinding) {
        let named = binding
            .of(ParameterLocation::Header)
            .map(|parameter| &parameter.name);
        let constant = binding
            .constants
            .iter()
            .filter(|constant| constant.location == ParameterLocation::Header);
        let mut seen = BTreeSet::new();
        for name in named.chain(constant.map(|constant| &constant.name)) {
            if !seen.insert(name.to_ascii_lowercase()) {
                self.reject(
                    "header-name",
                    pointer,
                    &format!("the header `{name}` is declared twice"),
                );
            }
        }
    }

    fn parameter(
        &mut self,
        pointer: &str,
        listed: &ReferenceOr<openapiv3::Parameter>,
        binding: &OperationBinding,
    ) {
        let Some(parameter) = reference::parameter(self.canonical, listed) else {
            return self.reject(
                "dangling-reference",
                pointer,
                "the parameter refers to a missing component",
            );
        };
        let data = parameter.parameter_data_ref();
        if style(parameter).is_none() {
            let message = "`content` of a parameter must be application/json or text/plain";
            self.reject("parameter-content", pointer, message);
        }
        for (extension, message) in wire_extensions::mismatches(parameter) {
            self.reject("extension", &format!("{pointer}/{extension}"), message);
        }
        let is_token = gallery_spec::listings::is_header_name(&data.name);
        let own = binding.parameters.iter().find(|own| own.pointer == pointer);
        match own.map(|own| own.location) {
            Some(ParameterLocation::Header) if !is_token => {
                self.reject(
                    "header-name",
                    pointer,
                    &format!("`{}` is not a valid header name", data.name),
                );
            }
            Some(ParameterLocation::Cookie) if !is_token => {
                self.reject(
                    "cookie-name",
                    pointer,
                    &format!("`{}` is not a valid cookie name", data.name),
                );
            }
            _ => {}
        }
        if let Some(schema) = schema_of(data) {
            self.schema(&format!("{pointer}/{}", schema_pointer(data)), schema);
        }
    }

    fn body(&mut self, pointer: &str, body: &ReferenceOr<openapiv3::RequestBody>) {
        let Some(body) = reference::body(self.canonical, body) else {
            return self.reject(
                "dangling-reference",
                pointer,
                "the body refers to a missing component",
            );
        };
        let Some((media_type, media, kind)) = media_of(body) else {
            return self.reject("body-media-type", pointer, "the body has no media type");
        };
        let pointer = format!("{pointer}/content/{}", escape(media_type));
        let is_header = |text: &str| text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
        if !is_header(media_type) {
            self.reject(
                "body-media-type",
                &pointer,
                "the media type is not a valid header value",
            );
        }
        if let BodyKind::Form(_) = &kind {
            for (name, encoding) in &media.encoding {
                // openapiv3 reads a missing `explode` as `false`, but `form` defaults to `true`.
                if encoding.style == Some(QueryStyle::Form) && !encoding.explode {
                    let message = "the style `form` of a form field requires `explode: true`; for comma-separated values, declare a string";
                    self.reject(
                        "form-encoding",
                        &format!("{pointer}/encoding/{}", escape(name)),
                        message,
                    );
                }
            }
        }
        if let Some(schema) = &media.schema {
            self.schema(&format!("{pointer}/schema"), schema);
        }
    }

    fn responses(&mut self, pointer: &str, endpoint: &Endpoint<'_>, binding: &OperationBinding) {
        let responses = &endpoint.operation.responses;
        let listed = responses
            .responses
            .iter()
            .map(|(status, response)| (status.to_string(), response));
        for (status, response) in listed.chain(
            responses
                .default
                .iter()
                .map(|response| ("default".to_owned(), response)),
        ) {
            if reference::response(self.canonical, response).is_none() {
                let pointer = format!("{pointer}/responses/{status}");
                self.reject(
                    "dangling-reference",
                    &pointer,
                    "the response refers to a missing component",
                );
            }
        }
        let is_header = |text: &String| text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
        if !binding.responses.accept.iter().all(is_header) {
            self.reject(
                "response-media-type",
                &format!("{pointer}/responses"),
                "a media type is not a valid header value",
            );
        }
        for kind in [&binding.responses.success, &binding.responses.error] {
            if let ResponseType::Typed { schema, .. } = kind {
                self.schema(&format!("{pointer}/responses"), schema);
            }
        }
    }

    /// Rejects dangling references in a schema.
    fn schema(&mut self, pointer: &str, schema: &ReferenceOr<Schema>) {
        let schema = match schema {
            ReferenceOr::Item(schema) => schema,
            ReferenceOr::Reference { reference: target } => {
                let components = self.canonical.document().components.as_ref();
                if components.is_none_or(|components| {
                    reference::schema_in(&components.schemas, target).is_none()
                }) {
                    let message = format!("`{target}` is not a schema of this document");
                    self.reject("dangling-reference", pointer, &message);
                }
                return;
            }
        };
        for (keyword, inner) in subschemas(&schema.schema_kind) {
            self.schema(&format!("{pointer}/{keyword}"), &inner);
        }
    }
}

/// Returns the subschemas of a schema with their relative JSON pointers.
fn subschemas(kind: &SchemaKind) -> Vec<(String, ReferenceOr<Schema>)> {
    let listed = |keyword: &'static str, schemas: &[ReferenceOr<Schema>]| -> Vec<_> {
        schemas
            .iter()
            .enumerate()
            .map(|(at, schema)| (format!("{keyword}/{at}"), schema.clone()))
            .collect()
    };
    let additional = |additional: &Option<AdditionalProperties>| match additional {
        Some(AdditionalProperties::Schema(schema)) => {
            Some(("additionalProperties".to_owned(), schema.as_ref().clone()))
        }
        _ => None,
    };
    let named = |properties: &indexmap::IndexMap<String, ReferenceOr<Box<Schema>>>| -> Vec<_> {
        let named = properties.iter().map(|(name, schema)| {
            (
                format!("properties/{}", escape(name)),
                schema.clone().unbox(),
            )
        });
        named.collect()
    };
    let items = |items: &Option<ReferenceOr<Box<Schema>>>| {
        items
            .clone()
            .map(|items| ("items".to_owned(), items.unbox()))
    };
    match kind {
        SchemaKind::Type(Type::Object(object)) => named(&object.properties)
            .into_iter()
            .chain(additional(&object.additional_properties))
            .collect(),
        SchemaKind::Type(Type::Array(array)) => items(&array.items).into_iter().collect(),
        SchemaKind::Type(_) => Vec::new(),
        SchemaKind::OneOf { one_of } => listed("oneOf", one_of),
        SchemaKind::AllOf { all_of } => listed("allOf", all_of),
        SchemaKind::AnyOf { any_of } => listed("anyOf", any_of),
        SchemaKind::Not { not } => vec![("not".to_owned(), not.as_ref().clone())],
        SchemaKind::Any(any) => {
            let lists = [
                ("oneOf", &any.one_of),
                ("allOf", &any.all_of),
                ("anyOf", &any.any_of),
            ];
            let of_lists = lists
                .into_iter()
                .flat_map(|(keyword, schemas)| listed(keyword, schemas));
            let of_object = named(&any.properties)
                .into_iter()
                .chain(additional(&any.additional_properties));
            of_lists.chain(of_object).chain(items(&any.items)).collect()
        }
    }
}
