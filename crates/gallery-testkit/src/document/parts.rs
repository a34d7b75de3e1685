//! Parsers of parts of an operation.

use serde_json::Value;

use super::model::{Constant, Location, MediaType, Parameter};
use crate::style::{Style, decode};

pub(super) fn media_type((kind, media): (&String, &Value)) -> MediaType {
    let fields = media
        .get("encoding")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(name, encoding)| {
            let style = encoding.get("style")?.as_str()?;
            let explode = encoding
                .get("explode")
                .and_then(Value::as_bool)
                .unwrap_or(style == "form");
            Some((
                name.clone(),
                Style {
                    name: style.to_owned(),
                    explode,
                },
            ))
        });
    MediaType {
        media_type: kind.clone(),
        fields: fields.collect(),
        schema: media
            .get("schema")
            .cloned()
            .unwrap_or_else(|| serde_json::json!({})),
    }
}

/// Removes the parameters that are fixed in the fragment of the path, and returns them.
pub(super) fn constants(path: &str, parameters: &mut Vec<Parameter>) -> Vec<Constant> {
    let Some((_, fragment)) = path.split_once('#') else {
        return Vec::new();
    };
    let written: Vec<(String, String)> = fragment
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect();
    let mut constants = Vec::new();
    parameters.retain(|parameter| {
        let values = parameter
            .schema
            .get("enum")
            .and_then(Value::as_array)
            .map(Vec::as_slice);
        let Some([Value::String(value)]) = values else {
            return true;
        };
        let (name, location) = (parameter.name.clone(), parameter.location);
        let is_written = written.contains(&(name.clone(), value.clone()))
            || written.contains(&(name.clone(), decode(value)));
        let is_constant = is_written
            && parameter.required
            && matches!(location, Location::Query | Location::Header);
        if is_constant {
            constants.push(Constant {
                location,
                name,
                value: value.clone(),
            });
        }
        !is_constant
    });
    constants
}
