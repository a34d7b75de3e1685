//! Keywords about values, and annotations.

use serde_json::{Map, Value, json};

use super::support::{Schema, is_swagger, note_kept};
use crate::context::{Context, to_extension};
use crate::note::NoteKind;
use crate::version::Version;
use crate::walk::Path;

/// Converts `x-nullable`, and reports `nullable` where it is not part of the version.
pub(super) fn nullable(map: &mut Schema, path: &Path<'_>, context: &mut Context) {
    if let Some(Value::Bool(nullable)) = map.get("x-nullable") {
        let nullable = *nullable;
        context.repaired_unless(
            is_swagger(context),
            "x-nullable",
            || path.field("x-nullable"),
            "`x-nullable`",
        );
        map.remove("x-nullable");
        if nullable && !map.contains_key("nullable") {
            map.insert("nullable".to_owned(), true.into());
        }
    } else if map.contains_key("nullable") {
        context.repaired_unless(
            context.version == Version::V3_0,
            "nullable",
            || path.field("nullable"),
            "`nullable`",
        );
    }
}

/// Converts `const` to an enum of one value.
pub(super) fn constant(map: &mut Schema, path: &Path<'_>, context: &mut Context) {
    let Some(value) = map.remove("const") else {
        return;
    };
    context.repaired_unless(
        context.is_modern(),
        "const",
        || path.field("const"),
        "`const`",
    );
    if value.is_null() {
        map.insert("nullable".to_owned(), true.into());
    }
    map.insert("enum".to_owned(), json!([value]));
}

/// Converts `examples` to `example`. The rest is kept.
pub(super) fn examples(
    map: &mut Schema,
    kept: &mut Schema,
    path: &Path<'_>,
    context: &mut Context,
) {
    if is_swagger(context)
        && !map.contains_key("example")
        && let Some(example) = map.remove("x-example")
    {
        map.insert("example".to_owned(), example);
    }
    let Some(examples) = map.remove("examples") else {
        return;
    };
    let is_list = examples.is_array();
    context.repaired_unless(
        context.is_modern() && is_list,
        "examples",
        || path.field("examples"),
        if is_list {
            "a list of examples in a schema"
        } else {
            "a map of examples in a schema"
        },
    );
    let (first, rest) = match examples {
        Value::Array(mut list) if !map.contains_key("example") && !list.is_empty() => {
            let first = list.remove(0);
            (Some(first), Value::Array(list))
        }
        Value::Object(mut named) if !map.contains_key("example") => {
            let first = named.keys().next().cloned();
            let first = first.and_then(|name| named.remove(&name));
            let first = first.map(|first| match first {
                Value::Object(mut example) if example.contains_key("value") => {
                    example.remove("value").unwrap_or_default()
                }
                other => other,
            });
            (first, Value::Object(named))
        }
        Value::Array(list) => (None, Value::Array(list)),
        Value::Object(named) => (None, Value::Object(named)),
        single if !map.contains_key("example") => (Some(single), Value::Null),
        single => (None, single),
    };
    if let Some(first) = first {
        map.insert("example".to_owned(), first);
    }
    let is_empty = match &rest {
        Value::Array(list) => list.is_empty(),
        Value::Object(named) => named.is_empty(),
        other => other.is_null(),
    };
    if !is_empty {
        kept.insert("examples".to_owned(), rest);
        note_kept("examples", path.field("examples"), context);
    }
}

/// Converts exclusive bounds that are numbers.
pub(super) fn bounds(map: &mut Schema, path: &Path<'_>, context: &mut Context) {
    for (exclusive, inclusive, sign) in [
        ("exclusiveMinimum", "minimum", 1.0),
        ("exclusiveMaximum", "maximum", -1.0),
    ] {
        let bound = match map.get(exclusive) {
            Some(Value::Number(bound)) => bound.clone(),
            Some(Value::Bool(_)) => {
                context.repaired_unless(
                    !context.is_modern(),
                    exclusive,
                    || path.field(exclusive),
                    &format!("a boolean `{exclusive}`"),
                );
                continue;
            }
            _ => continue,
        };
        context.repaired_unless(
            context.is_modern(),
            exclusive,
            || path.field(exclusive),
            &format!("a numeric `{exclusive}`"),
        );
        let value = |number: &serde_json::Number| number.as_f64().unwrap_or_default() * sign;
        let is_tighter = match map.get(inclusive) {
            Some(Value::Number(other)) => value(other) > value(&bound),
            _ => false,
        };
        if is_tighter {
            map.remove(exclusive);
        } else {
            map.insert(inclusive.to_owned(), Value::Number(bound));
            map.insert(exclusive.to_owned(), true.into());
        }
    }
}

/// Converts a discriminator: a name in version 2.0, an object with a default in 3.2.
pub(super) fn discriminator(
    map: &mut Schema,
    kept: &mut Schema,
    path: &Path<'_>,
    context: &mut Context,
) {
    match map.get_mut("discriminator") {
        Some(Value::String(name)) => {
            let name = std::mem::take(name);
            context.repaired_unless(
                is_swagger(context),
                "discriminator",
                || path.field("discriminator"),
                "a discriminator that is a string",
            );
            map.insert("discriminator".to_owned(), json!({"propertyName": name}));
        }
        Some(Value::Object(discriminator)) => {
            if let Some(Value::Object(mapping)) = discriminator.get_mut("mapping") {
                for target in mapping.values_mut() {
                    if let Value::String(target) = target
                        && target.contains('#')
                    {
                        super::reference::rewrite(target, path, context);
                    }
                }
            }
            if let Some(mut default) = discriminator.remove("defaultMapping") {
                if let Value::String(target) = &mut default
                    && target.contains('#')
                {
                    super::reference::rewrite(target, path, context);
                }
                kept.insert(
                    "discriminator".to_owned(),
                    json!({"defaultMapping": default}),
                );
                note_kept("defaultMapping", path.field("discriminator"), context);
            }
        }
        _ => {}
    }
}

/// Converts the node types of XML.
pub(super) fn xml(map: &mut Schema, path: &Path<'_>, context: &mut Context) {
    let is_array = map.get("type").is_some_and(|kind| kind == "array");
    let Some(Value::Object(xml)) = map.get_mut("xml") else {
        return;
    };
    let node_type = xml.get("nodeType").and_then(Value::as_str);
    let equivalent = match node_type {
        Some("attribute") => Some(("attribute", true)),
        Some("element") => Some(("wrapped", is_array)),
        None => return,
        Some(_) => None,
    };
    if let Some((key, value)) = equivalent {
        xml.remove("nodeType");
        if value {
            xml.insert(key.to_owned(), true.into());
        }
    } else {
        to_extension(xml, "nodeType");
        let message = "`nodeType` is kept in `x-nodeType`";
        context.note(NoteKind::Kept, "nodeType", path.field("xml"), message);
    }
}

/// Converts the encoding and the media type of strings to formats.
pub(super) fn content(map: &mut Schema, kept: &mut Schema, path: &Path<'_>, context: &mut Context) {
    let text = |key: &str| map.get(key).and_then(Value::as_str).map(str::to_owned);
    let (encoding, media_type) = (text("contentEncoding"), text("contentMediaType"));
    let format = match (&encoding, &media_type) {
        (Some(encoding), _) if is_base64(encoding) => Some("byte"),
        (None, Some(media_type)) if crate::media::is_binary(media_type) => Some("binary"),
        (Some(encoding), Some(_)) if encoding == "binary" => Some("binary"),
        (Some(encoding), None) if encoding == "binary" => Some("binary"),
        _ => None,
    };
    let had_format = map.contains_key("format");
    if let Some(format) = format.filter(|_| !had_format) {
        map.insert("format".to_owned(), format.into());
        map.entry("type").or_insert_with(|| "string".into());
    }
    // `byte` means base64, and `binary` any media type of bytes: these are not kept.
    let is_expressed = |key: &str| match key {
        "contentEncoding" => {
            encoding.as_deref() == Some("base64") || encoding.as_deref() == Some("binary")
        }
        _ => media_type.as_deref() == Some("application/octet-stream"),
    };
    for key in ["contentEncoding", "contentMediaType"] {
        let Some(value) = map.remove(key) else {
            continue;
        };
        context.repaired_unless(
            context.is_modern(),
            key,
            || path.field(key),
            &format!("`{key}`"),
        );
        if format.is_none() || had_format || !is_expressed(key) {
            kept.insert(key.to_owned(), value);
            note_kept(key, path.field(key), context);
        }
    }
}

fn is_base64(encoding: &str) -> bool {
    ["base64", "base64url"]
        .iter()
        .any(|name| encoding.eq_ignore_ascii_case(name))
}

/// Converts the array format of items in version 2.0: OpenAPI 3.0 has none for nested arrays.
pub(super) fn nested_collection(
    map: &mut Map<String, Value>,
    format: Value,
    pointer: String,
    context: &mut Context,
) {
    if map.get("type").is_some_and(|kind| kind == "array") {
        map.insert("x-collectionFormat".to_owned(), format);
        let message = "the format of nested arrays is kept in `x-collectionFormat`";
        context.note(NoteKind::NotExpressed, "collectionFormat", pointer, message);
    }
}
