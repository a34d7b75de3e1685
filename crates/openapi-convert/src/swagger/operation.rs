//! Path items and operations of version 2.0.

use std::collections::BTreeSet;

use openapi_text::METHODS;
use openapi_text::pointer::escape;
use serde_json::{Map, Value, json};

use super::body::{body, form};
use super::components::{Converted, PARAMETERS, RESPONSES, Shared};
use super::media::MediaTypes;
use super::response::response;
use super::security::Security;
use super::servers::Host;
use crate::context::Context;
use crate::note::NoteKind;

/// Converts path items.
pub(super) struct Converter<'a> {
    /// The media types of bodies, unless an operation has its own.
    pub(super) consumes: MediaTypes,
    /// The media types of responses, unless an operation has its own.
    pub(super) produces: MediaTypes,
    /// The servers.
    pub(super) host: Host,
    /// The security schemes.
    pub(super) security: Security,
    /// The shared parts.
    pub(super) components: Converted,
    /// The state of the conversion.
    pub(super) context: &'a mut Context,
}

/// The parameters of an operation or path item by what becomes of them.
#[derive(Default)]
struct Parameters {
    /// Those that stay parameters.
    plain: Vec<Value>,
    /// The body or a reference to it.
    body: Option<(Value, String)>,
    /// The fields of a form.
    fields: Vec<(Map<String, Value>, String)>,
}

impl Converter<'_> {
    /// Converts a path item.
    pub(super) fn path_item(&mut self, item: &mut Map<String, Value>, pointer: &str) {
        let inherited = self.parameters(item.remove("parameters"), pointer, "parameters", item);
        for method in METHODS {
            if let Some(Value::Object(operation)) = item.get_mut(*method) {
                self.operation(operation, &inherited, &format!("{pointer}/{method}"));
            }
        }
        if !inherited.plain.is_empty() {
            item.insert("parameters".to_owned(), inherited.plain.into());
        }
    }

    /// Returns the components of the converted document.
    pub(super) fn finish(self) -> Map<String, Value> {
        let mut components = self.components.components;
        if !self.security.schemes.is_empty() {
            components.insert("securitySchemes".to_owned(), self.security.schemes.into());
        }
        components
    }

    /// Sorts a list of parameters. A value that is not a list goes back to its owner.
    fn parameters(
        &mut self,
        list: Option<Value>,
        pointer: &str,
        key: &str,
        owner: &mut Map<String, Value>,
    ) -> Parameters {
        let mut sorted = Parameters::default();
        let list = match list {
            Some(Value::Array(list)) => list,
            Some(other) => {
                owner.insert(key.to_owned(), other);
                return sorted;
            }
            None => return sorted,
        };
        for (index, parameter) in list.into_iter().enumerate() {
            let at = format!("{pointer}/{key}/{index}");
            let shared = self.components.parameter(&parameter);
            let location = match shared {
                Some(shared) => shared.location().to_owned(),
                None => {
                    let location = parameter.get("in").and_then(Value::as_str);
                    location.unwrap_or_default().to_owned()
                }
            };
            match location.as_str() {
                "body" => sorted.body = Some((parameter, at)),
                "formData" => {
                    let field = match shared {
                        Some(shared) => self.context.budget.copy(&shared.source),
                        None => Some(parameter),
                    };
                    match field {
                        Some(Value::Object(field)) => sorted.fields.push((field, at)),
                        _ => {
                            let message = "the field is not copied again";
                            let kind = NoteKind::NotExpressed;
                            self.context.note(kind, "in: formData", at, message);
                        }
                    }
                }
                _ => sorted.plain.push(renamed(parameter, shared, PARAMETERS)),
            }
        }
        sorted
    }

    fn operation(
        &mut self,
        operation: &mut Map<String, Value>,
        inherited: &Parameters,
        pointer: &str,
    ) {
        let consumes = MediaTypes::of(operation.remove("consumes").as_ref()).or(&self.consumes);
        let produces = MediaTypes::of(operation.remove("produces").as_ref()).or(&self.produces);
        if let Some(servers) = self.host.of_operation(operation) {
            operation.insert("servers".to_owned(), servers);
        }
        self.security.rename(operation);
        let list = operation.remove("parameters");
        let own = self.parameters(list, pointer, "parameters", operation);
        if !own.plain.is_empty() {
            operation.insert("parameters".to_owned(), own.plain.into());
        }
        let mut fields = own.fields;
        let own_names: BTreeSet<String> = fields
            .iter()
            .filter_map(|(field, _)| field.get("name")?.as_str())
            .map(str::to_owned)
            .collect();
        let is_overridden = |field: &Map<String, Value>| {
            let name = field.get("name").and_then(Value::as_str);
            name.is_some_and(|name| own_names.contains(name))
        };
        let missing = inherited
            .fields
            .iter()
            .filter(|(field, _)| !is_overridden(field));
        fields.extend(missing.cloned());
        let body = own.body.or_else(|| inherited.body.clone());
        if let Some(request) = self.request_body(body, fields, &consumes) {
            operation.insert("requestBody".to_owned(), request);
        }
        self.responses(operation, &produces, pointer);
    }

    fn request_body(
        &mut self,
        source: Option<(Value, String)>,
        fields: Vec<(Map<String, Value>, String)>,
        consumes: &MediaTypes,
    ) -> Option<Value> {
        let form = (!fields.is_empty()).then(|| form(fields, consumes, self.context));
        let Some((source, at)) = source else {
            return form.map(Value::Object);
        };
        let shared = self.components.parameter(&source);
        if let Some(shared) = shared
            && form.is_none()
            && shared.fits(consumes)
        {
            return Some(reference("requestBodies", &shared.name));
        }
        let source = match shared {
            Some(shared) => match self.context.budget.copy(&shared.source) {
                Some(source) => source,
                None => return Some(reference("requestBodies", &shared.name)),
            },
            None => source,
        };
        let Value::Object(source) = source else {
            return form.map(Value::Object);
        };
        let mut request = body(source, consumes, &at, self.context);
        if let Some(form) = form {
            // A document and a form are alternatives.
            if let (Some(Value::Object(content)), Some(Value::Object(fields))) =
                (request.get_mut("content"), form.get("content"))
            {
                content.extend(fields.clone());
            }
        }
        Some(request.into())
    }

    fn responses(
        &mut self,
        operation: &mut Map<String, Value>,
        produces: &MediaTypes,
        pointer: &str,
    ) {
        let responses = match operation.get_mut("responses") {
            Some(Value::Object(responses)) => responses,
            Some(_) => return,
            None => {
                self.context.repaired_unless(
                    false,
                    "operation.responses",
                    || pointer.to_owned(),
                    "an operation without responses",
                );
                let none = json!({"default": {"description": ""}});
                operation.insert("responses".to_owned(), none);
                return;
            }
        };
        for (status, value) in responses {
            if status.starts_with("x-") {
                continue;
            }
            let at = format!("{pointer}/responses/{}", escape(status));
            let shared = self.components.response(value);
            let source = match shared {
                Some(shared) if shared.fits(produces) => None,
                Some(shared) => self.context.budget.copy(&shared.source),
                None if value.get("$ref").is_some() => None,
                None => Some(std::mem::take(value)),
            };
            *value = match source {
                Some(Value::Object(source)) => response(source, produces, &at, self.context).into(),
                Some(other) => other,
                None => renamed(std::mem::take(value), shared, RESPONSES),
            };
        }
    }
}

/// Returns a reference to a component.
fn reference(kind: &str, name: &str) -> Value {
    json!({"$ref": format!("#/components/{kind}/{name}")})
}

/// Returns the part itself, or the reference to where it is in the converted document.
fn renamed(mut part: Value, shared: Option<&Shared>, prefix: &str) -> Value {
    if let Some(Value::String(target)) = part.get_mut("$ref") {
        let new = match shared {
            Some(shared) => Some(shared.name.as_str()),
            None => target
                .strip_prefix('#')
                .and_then(|target| target.strip_prefix(prefix)),
        };
        if let Some(name) = new {
            *target = format!("#/components{prefix}{name}");
        }
    }
    part
}
