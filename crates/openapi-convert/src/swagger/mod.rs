//! Converts documents of version 2.0.
//!
//! Schemas, parameters and headers are converted where they are. Then the document is built anew:
//! bodies and responses depend on the media types of their operation.

mod body;
mod components;
mod media;
mod operation;
mod parameter;
mod response;
mod security;
mod servers;

use openapi_text::pointer::escape;
use serde_json::{Map, Value, json};

use crate::context::Context;
use crate::document::add_schemas;
use crate::schema::move_definitions;
use crate::structure::Kind;
use crate::walk::Path;
use components::Components;
use media::MediaTypes;
use operation::Converter;

/// Converts a parameter or header, whose items are converted.
pub(crate) fn convert_part(kind: Kind, node: &mut Value, path: &Path<'_>, context: &mut Context) {
    let Value::Object(map) = node else {
        return;
    };
    if map.contains_key("$ref") {
        return;
    }
    match kind {
        Kind::SwaggerParameter => parameter::parameter(map, path, context),
        Kind::SwaggerHeader => parameter::header(map, path, context),
        _ => {}
    }
}

/// Converts a document, after its parts.
pub(crate) fn convert(root: &mut Map<String, Value>, context: &mut Context) {
    root.remove("swagger");
    root.remove("openapi");
    let consumes = MediaTypes::of(root.remove("consumes").as_ref());
    let produces = MediaTypes::of(root.remove("produces").as_ref());
    let host = servers::Host::take(root);
    if let Some(servers) = host.servers(None) {
        root.insert("servers".to_owned(), servers);
    }
    let security = security::Security::take(root);
    security.rename(root);
    let renamed = renamed_definitions(root, context);
    for key in ["$defs", "definitions"] {
        move_definitions(root, key, "", context);
    }
    add_mappings(&renamed, context);

    let mut paths = match root.remove("paths") {
        Some(Value::Object(paths)) => paths,
        Some(other) => {
            root.insert("paths".to_owned(), other);
            Map::new()
        }
        None => Map::new(),
    };
    let mut components = Components::take(root);
    components.count_uses(&paths, &consumes, &produces);
    let mut converter = Converter {
        consumes,
        produces,
        host,
        security,
        components: components.convert(context),
        context,
    };
    for (name, item) in &mut paths {
        let Value::Object(item) = item else {
            continue;
        };
        if !name.starts_with("x-") {
            converter.path_item(item, &format!("/paths/{}", escape(name)));
        }
    }
    let converted = converter.finish();
    if !converted.is_empty() {
        match root.entry("components").or_insert_with(|| json!({})) {
            Value::Object(components) => components.extend(converted),
            other => *other = converted.into(),
        }
    }
    root.entry("paths").or_insert_with(|| paths.into());
    add_schemas(root, context);
}

/// Returns the definitions whose names are not valid for components, with the new names.
fn renamed_definitions(root: &Map<String, Value>, context: &Context) -> Vec<(String, String)> {
    let definitions = root.get("definitions").and_then(Value::as_object);
    definitions
        .into_iter()
        .flatten()
        .filter_map(|(name, _)| {
            let pointer = format!("/definitions/{}", escape(name));
            let new = context.targets.definition(&pointer)?;
            (new != name).then(|| (name.clone(), new.to_owned()))
        })
        .collect()
}

/// The value of a discriminator is the name of a definition. Adds renamed ones to the mapping.
fn add_mappings(renamed: &[(String, String)], context: &mut Context) {
    for (name, new) in renamed {
        let parts = context
            .schemas
            .get(new)
            .and_then(|schema| schema.get("allOf"));
        let bases: Vec<String> = parts
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|part| part.get("$ref")?.as_str())
            .filter_map(|reference| reference.strip_prefix(crate::targets::SCHEMAS))
            .map(str::to_owned)
            .collect();
        for base in bases {
            let discriminator = context
                .schemas
                .get_mut(&base)
                .and_then(|base| base.get_mut("discriminator")?.as_object_mut());
            if let Some(discriminator) = discriminator
                && let Value::Object(mapping) =
                    discriminator.entry("mapping").or_insert_with(|| json!({}))
            {
                let target = format!("{}{new}", crate::targets::SCHEMAS);
                mapping.insert(name.clone(), target.into());
            }
        }
    }
}
