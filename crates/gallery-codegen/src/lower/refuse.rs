//! Refuses, with JSON pointer and reason, what no request or type can be made of: better no client than one that is wrong in
//! silence.

use std::collections::BTreeSet;

use gallery_spec::canonical::{Canonical, Endpoint};
use openapi_text::pointer::escape;
use openapi_text::{Diagnostics, Severity};
use openapiv3::{AdditionalProperties, QueryStyle, ReferenceOr, Schema, SchemaKind, Type};

use crate::answers::{AnswerKind, resolved};
use crate::bindings::{Bindings, Location, OperationBinding, resolved_body, resolved_parameter};
use crate::lower::schemas::target;
use crate::pages::{self, PAGES};
use crate::route::Route;
use crate::wire::{BodyKind, media_of, schema_of, schema_place, style};

/// Whether anything was refused; each refusal is an error in `diagnostics`.
pub(crate) fn refuse(
    file: &str,
    canonical: &Canonical,
    bindings: &Bindings,
    diagnostics: &mut Diagnostics,
) -> bool {
    let mut check = Check {
        file,
        canonical,
        diagnostics,
        refused: false,
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
    check.refused
}

struct Check<'a> {
    file: &'a str,
    canonical: &'a Canonical,
    diagnostics: &'a mut Diagnostics,
    refused: bool,
}

impl Check<'_> {
    fn refuse(&mut self, code: &'static str, pointer: &str, message: &str) {
        self.refused = true;
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
            self.refuse(
                "unusable-id",
                &pointer,
                "no Rust name can be made of the operationId; give the operation another",
            );
        }
        for parameter in binding
            .parameters
            .iter()
            .filter(|parameter| parameter.setter.is_empty())
        {
            self.refuse(
                "unusable-name",
                &parameter.pointer,
                "no Rust name can be made of the parameter's name",
            );
        }
        match Route::parse(endpoint.path) {
            Ok(route) => self.route(&pointer, &route, binding),
            Err(defect) => self.refuse("unusable-path", &pointer, &defect),
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
            for (position, parameter) in parameters.iter().enumerate() {
                self.parameter(
                    &format!("{owner}/parameters/{position}"),
                    parameter,
                    binding,
                );
            }
        }
        if let Some(body) = &endpoint.operation.request_body {
            self.body(&format!("{pointer}/requestBody"), body);
        }
        self.answers(&pointer, endpoint, binding);
        if let Some(Err((at, fault))) = pages::read(
            self.canonical,
            endpoint,
            &binding.parameters,
            &binding.answers,
        ) {
            // An overlay wrote it, and what it names may be gone.
            let place =
                openapi_text::Location::pointer(self.file, format!("{pointer}/{PAGES}{at}"));
            self.refused |= self.diagnostics.push_unmatched("pages", place, fault);
        }
    }

    fn route(&mut self, pointer: &str, route: &Route, binding: &OperationBinding) {
        let variables: BTreeSet<&str> = route.variables().collect();
        for variable in &variables {
            if !binding
                .of(Location::Path)
                .any(|parameter| parameter.name == *variable)
            {
                let message = format!("no parameter declares the path's variable `{{{variable}}}`");
                self.refuse("undeclared-path-variable", pointer, &message);
            }
        }
        for parameter in binding
            .of(Location::Path)
            .filter(|parameter| !variables.contains(parameter.name.as_str()))
        {
            let message = format!("the path has no variable `{{{}}}`", parameter.name);
            self.refuse("superfluous-path-parameter", &parameter.pointer, &message);
        }
        // A word without a value may be there to tell two endpoints apart.
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
                    "behind its `#` the path has `{name}={value}`, but there is no required parameter `{name}` with that one value"
                );
                self.refuse("undeclared-constant", pointer, &message);
            }
        }
    }

    fn headers(&mut self, pointer: &str, binding: &OperationBinding) {
        let named = binding
            .of(Location::Header)
            .map(|parameter| &parameter.name);
        let constant = binding
            .constants
            .iter()
            .filter(|constant| constant.location == Location::Header);
        let mut seen = BTreeSet::new();
        for name in named.chain(constant.map(|constant| &constant.name)) {
            if !seen.insert(name.to_ascii_lowercase()) {
                self.refuse(
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
        let Some(parameter) = resolved_parameter(self.canonical, listed) else {
            return self.refuse(
                "dangling-reference",
                pointer,
                "the parameter refers to something that is not in this document",
            );
        };
        let data = parameter.parameter_data_ref();
        if style(parameter).is_none() {
            let message =
                "`content` of a parameter is supported as application/json and text/plain only";
            self.refuse("parameter-content", pointer, message);
        }
        let is_token = gallery_spec::listings::is_header_name(&data.name);
        let own = binding.parameters.iter().find(|own| own.pointer == pointer);
        match own.map(|own| own.location) {
            Some(Location::Header) if !is_token => {
                self.refuse(
                    "header-name",
                    pointer,
                    &format!("`{}` is no name of a header", data.name),
                );
            }
            Some(Location::Cookie) if !is_token => {
                self.refuse(
                    "cookie-name",
                    pointer,
                    &format!("`{}` is no name of a cookie", data.name),
                );
            }
            _ => {}
        }
        if let Some(schema) = schema_of(data) {
            self.schema(&format!("{pointer}/{}", schema_place(data)), schema);
        }
    }

    fn body(&mut self, pointer: &str, body: &ReferenceOr<openapiv3::RequestBody>) {
        let Some(body) = resolved_body(self.canonical, body) else {
            return self.refuse(
                "dangling-reference",
                pointer,
                "the body refers to something that is not in this document",
            );
        };
        let Some((media_type, media, kind)) = media_of(body) else {
            return self.refuse("body-media-type", pointer, "the body has no media type");
        };
        let pointer = format!("{pointer}/content/{}", escape(media_type));
        let is_header = |text: &str| text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
        if !is_header(media_type) {
            self.refuse(
                "body-media-type",
                &pointer,
                "the media type cannot be sent in a header",
            );
        }
        if let BodyKind::Form(_) = &kind {
            for (name, encoding) in &media.encoding {
                // openapiv3 reads an absent `explode` as `false`, which for this style it is not.
                if encoding.style == Some(QueryStyle::Form) && !encoding.explode {
                    let message = "the style `form` of a form's field needs `explode: true`; for one text with commas make it a string";
                    self.refuse(
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

    fn answers(&mut self, pointer: &str, endpoint: &Endpoint<'_>, binding: &OperationBinding) {
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
            if resolved(self.canonical, response).is_none() {
                let pointer = format!("{pointer}/responses/{status}");
                self.refuse(
                    "dangling-reference",
                    &pointer,
                    "the response refers to something that is not in this document",
                );
            }
        }
        let sendable = |text: &String| text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
        if !binding.answers.accept.iter().all(sendable) {
            self.refuse(
                "answer-media-type",
                &format!("{pointer}/responses"),
                "a media type cannot be sent in a header",
            );
        }
        for kind in [&binding.answers.success, &binding.answers.error] {
            if let AnswerKind::Typed { schema, .. } = kind {
                self.schema(&format!("{pointer}/responses"), schema);
            }
        }
    }

    /// Refuses references that lead nowhere, wherever they stand in a schema.
    fn schema(&mut self, pointer: &str, schema: &ReferenceOr<Schema>) {
        let schema = match schema {
            ReferenceOr::Item(schema) => schema,
            ReferenceOr::Reference { reference } => {
                let components = self.canonical.document().components.as_ref();
                if components
                    .is_none_or(|components| target(&components.schemas, reference).is_none())
                {
                    let message =
                        format!("`{reference}` is not among the schemas of this document");
                    self.refuse("dangling-reference", pointer, &message);
                }
                return;
            }
        };
        for (keyword, inner) in inner(&schema.schema_kind) {
            self.schema(&format!("{pointer}/{keyword}"), &inner);
        }
    }
}

/// The schemas in a schema, with where they stand.
fn inner(kind: &SchemaKind) -> Vec<(String, ReferenceOr<Schema>)> {
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
