//! Parameters that are the whole query string.

use openapi_text::METHODS;
use openapi_text::pointer::unescape;
use serde_json::{Map, Value, json};

use super::inline::each_path_item;
use crate::context::Context;
use crate::media::is_urlencoded;
use crate::note::NoteKind;
use crate::targets::SCHEMAS;

const PARAMETERS: &str = "#/components/parameters/";
const EXTENSION: &str = "x-querystring";

/// Replaces each such parameter by one for each property, if that has the same meaning.
pub(super) fn convert(root: &mut Map<String, Value>, context: &mut Context) {
    let components = root.get_mut("components").and_then(Value::as_object_mut);
    let mut converter = Converter {
        shared: Map::new(),
        schemas: Map::new(),
    };
    if let Some(components) = components {
        if let Some(Value::Object(parameters)) = components.get_mut("parameters") {
            let (shared, others) = std::mem::take(parameters)
                .into_iter()
                .partition(|(_, parameter)| is_querystring(parameter));
            converter.shared = shared;
            *parameters = others;
        }
        // The schemas are only borrowed; they return to the components below.
        if let Some(Value::Object(schemas)) = components.get_mut("schemas") {
            converter.schemas = std::mem::take(schemas);
        }
    }
    each_path_item(root, |pointer, _, item| {
        let Value::Object(item) = item else {
            return false;
        };
        converter.convert_list(item, pointer, context);
        for method in METHODS {
            if let Some(Value::Object(operation)) = item.get_mut(*method) {
                converter.convert_list(operation, &format!("{pointer}/{method}"), context);
            }
        }
        false
    });
    let components = root.get_mut("components").and_then(Value::as_object_mut);
    if let Some(components) = components {
        if let Some(Value::Object(schemas)) = components.get_mut("schemas") {
            *schemas = converter.schemas;
        }
        if components
            .get("parameters")
            .is_some_and(|map| *map == json!({}))
        {
            components.remove("parameters");
        }
    }
}

fn is_querystring(parameter: &Value) -> bool {
    parameter
        .get("in")
        .is_some_and(|location| location == "querystring")
}

struct Converter {
    /// The components with such parameters.
    shared: Map<String, Value>,
    /// The schemas of the components.
    schemas: Map<String, Value>,
}

impl Converter {
    /// Converts the parameters of a path item or of an operation.
    fn convert_list(&self, owner: &mut Map<String, Value>, at: &str, context: &mut Context) {
        let Some(Value::Array(parameters)) = owner.get_mut("parameters") else {
            return;
        };
        let mut kept = None;
        let mut converted = Vec::with_capacity(parameters.len());
        for (index, parameter) in std::mem::take(parameters).into_iter().enumerate() {
            let Some(querystring) = self.resolve(&parameter, context) else {
                converted.push(parameter);
                continue;
            };
            if let Some(list) = self.expand(&querystring, context) {
                converted.extend(list);
                continue;
            }
            let message = format!("the query string is kept in `{EXTENSION}`");
            let pointer = format!("{at}/parameters/{index}");
            context.note(NoteKind::NotExpressed, "in: querystring", pointer, message);
            kept = Some(querystring);
        }
        *parameters = converted;
        if let Some(kept) = kept {
            owner.insert(EXTENSION.to_owned(), kept);
        }
    }

    /// Returns the parameter or the component that it refers to, if it is a query string.
    fn resolve(&self, parameter: &Value, context: &mut Context) -> Option<Value> {
        if is_querystring(parameter) {
            return Some(parameter.clone());
        }
        let reference = parameter.get("$ref")?.as_str()?;
        let shared = self
            .shared
            .get(&unescape(reference.strip_prefix(PARAMETERS)?))?;
        // Without budget, the parameter is kept without its content.
        Some(
            context
                .budget
                .copy(shared)
                .unwrap_or_else(|| json!({"in": "querystring"})),
        )
    }

    /// Returns one parameter for each property of a form.
    fn expand(&self, querystring: &Value, context: &mut Context) -> Option<Vec<Value>> {
        let content = querystring.get("content")?.as_object()?;
        let (name, media_type) = content.iter().next().filter(|_| content.len() == 1)?;
        if !is_urlencoded(name) {
            return None;
        }
        let mut schema = media_type.get("schema")?;
        if let Some(reference) = schema.get("$ref") {
            let name = unescape(reference.as_str()?.strip_prefix(SCHEMAS)?);
            schema = self.schemas.get(&name)?;
        }
        let schema = schema.as_object()?;
        let is_simple = |key: &str| SIMPLE.contains(&key) || key.starts_with("x-gallery-");
        let is_map = schema
            .get("additionalProperties")
            .is_some_and(Value::is_object);
        if is_map || !schema.keys().all(|key| is_simple(key)) {
            return None;
        }
        let is_required = querystring
            .get("required")
            .is_some_and(|required| *required == true);
        let required = schema.get("required").and_then(Value::as_array);
        let required: std::collections::BTreeSet<&str> = required
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut parameters = Vec::new();
        for (name, property) in schema.get("properties")?.as_object()? {
            let encoding = media_type.get("encoding").and_then(|map| map.get(name));
            let mut parameter = json!({"name": name, "in": "query"});
            if is_required && required.contains(name.as_str()) {
                parameter["required"] = true.into();
            }
            let property = context.budget.copy(property)?;
            match encoding.and_then(|encoding| encoding.get("contentType")) {
                Some(Value::String(kind)) => {
                    parameter["content"] = json!({kind: {"schema": property}});
                }
                _ => parameter["schema"] = property,
            }
            for key in ["style", "explode", "allowReserved"] {
                if let Some(value) = encoding.and_then(|encoding| encoding.get(key)) {
                    parameter[key] = value.clone();
                }
            }
            parameters.push(parameter);
        }
        Some(parameters)
    }
}

/// The keywords of an object whose properties can be parameters.
const SIMPLE: &[&str] = &[
    "additionalProperties",
    "description",
    "example",
    "properties",
    "required",
    "title",
    "type",
];
