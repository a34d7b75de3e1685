//! Validates the extensions that change how a parameter is sent.
//!
//! They usually come from an overlay, so they can have any value at any parameter.

use gallery_spec::draft::{ALLOW_SLASHES, NUMBERED_KEYS};
use openapiv3::{Parameter, ParameterSchemaOrContent, PathStyle, QueryStyle};
use serde_json::Value;

/// Returns the invalid extensions of a parameter, each with a message.
pub(crate) fn mismatches(parameter: &Parameter) -> Vec<(&'static str, &'static str)> {
    let data = parameter.parameter_data_ref();
    let has_schema = matches!(data.format, ParameterSchemaOrContent::Schema(_));
    let checked = [
        (NUMBERED_KEYS, numbered_keys as Check),
        (ALLOW_SLASHES, allow_slashes as Check),
    ];
    let found = checked.into_iter().filter_map(|(extension, check)| {
        let message = check(parameter, has_schema, data.extensions.get(extension)?)?;
        Some((extension, message))
    });
    found.collect()
}

type Check = fn(&Parameter, bool, &Value) -> Option<&'static str>;

fn numbered_keys(parameter: &Parameter, has_schema: bool, value: &Value) -> Option<&'static str> {
    let has_style = has_schema
        && matches!(
            parameter,
            Parameter::Query {
                style: QueryStyle::Form,
                ..
            }
        );
    if !has_style {
        return Some("numbered keys require a query parameter with the style `form`");
    }
    let is_pattern = value
        .as_str()
        .is_some_and(|keys| keys.matches("{n}").count() == 1);
    (!is_pattern).then_some("must be the pattern of the keys, with `{n}` once: `Filter.{n}`")
}

fn allow_slashes(parameter: &Parameter, has_schema: bool, value: &Value) -> Option<&'static str> {
    let has_style = has_schema
        && matches!(
            parameter,
            Parameter::Path {
                style: PathStyle::Simple,
                ..
            }
        );
    if !has_style {
        return Some("slashes can be allowed in a path parameter with the style `simple`");
    }
    (!value.is_boolean()).then_some("must be true or false")
}
