//! The check of a client's types: each value of a schema survives a round trip through its type.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::conformance::checks::surface::Surface;
use crate::conformance::checks::variants::Tag;
use crate::conformance::checks::{fields, unions, variants};
use crate::conformance::schema_types::Schema;
use crate::document::Document;
use crate::pointer::{escape, unescape};
use crate::sample;
use crate::schema::Direction;

pub(super) fn all(
    document: &Document,
    schemas: &[Schema],
    surface: &Surface,
) -> Result<(), String> {
    let mut failures = Vec::new();
    let failures_of = |schema: &Value, own: &Schema| {
        let mut failures = failures_of(document, schema, own);
        failures.extend(unions::failures(document, schema, own, schemas));
        failures.extend(fields::failures(document, schema, own, surface));
        failures
    };
    for (name, schema) in document.schemas() {
        match schemas
            .iter()
            .filter(|own| own.name() == name)
            .collect::<Vec<_>>()
            .as_slice()
        {
            // The name is the value of a discriminator.
            [own] => {
                let reference = format!("#/components/schemas/{}", escape(name));
                let schema = json!({"$ref": reference});
                failures.extend(failures_of(&schema, own));
            }
            [] if !is_plain_object(schema) => {}
            found => failures.push(format!("the schema `{name}` has {} types", found.len())),
        }
    }
    for own in schemas {
        match at(document, own.name()) {
            Some(schema) => {
                failures.extend(failures_of(&schema, own));
            }
            None if document.schemas().any(|(name, _)| name == own.name()) => {}
            None => failures.push(format!("the document has no schema `{}`", own.name())),
        }
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(failures.join("\n"))
    }
}

/// Returns the schema at a JSON pointer, which may pass through references and `allOf`.
fn at<'d>(document: &'d Document, pointer: &str) -> Option<Cow<'d, Value>> {
    let mut tokens = pointer.strip_prefix('/')?.split('/').map(unescape);
    tokens.try_fold(Cow::Borrowed(document.root()), |value, token| {
        let found = match &value {
            Cow::Borrowed(value) => inside(document.resolve(value), &token).map(Cow::Borrowed),
            Cow::Owned(value) => inside(document.resolve(value), &token)
                .cloned()
                .map(Cow::Owned),
        };
        found.or_else(|| {
            inside(&sample::flat(document, &value), &token)
                .cloned()
                .map(Cow::Owned)
        })
    })
}

fn inside<'v>(value: &'v Value, token: &str) -> Option<&'v Value> {
    match value {
        Value::Array(items) => items.get(token.parse::<usize>().ok()?),
        value => value.get(token),
    }
}

/// Returns true if a schema is only an object with properties, and therefore needs a type.
fn is_plain_object(schema: &Value) -> bool {
    let is_composed = ["allOf", "oneOf", "anyOf", "enum", "$ref", "not"]
        .iter()
        .any(|keyword| schema.get(keyword).is_some());
    let has_properties = schema
        .get("properties")
        .and_then(Value::as_object)
        .is_some_and(|properties| !properties.is_empty());
    // Other types can have meaningless `properties`.
    has_properties && !is_composed && schema.get("type").is_none_or(|kind| kind == "object")
}

/// Returns the failures of one schema.
fn failures_of(document: &Document, schema: &Value, own: &Schema) -> Vec<String> {
    let known = sample::value(document, schema, 1);
    let unknown = variants::with_unknown_field(document, schema, known.clone());
    let unknown = variants::Variant {
        otherwise: Some(known),
        ..variants::Variant::new("unknown fields", unknown)
    };
    let values = variants::variants(document, schema, &[Direction::Request, Direction::Response])
        .into_iter()
        .chain([unknown]);
    // A value of a parent can have the tag of a child that requires more.
    let tag = Tag::of(document, schema);
    let values = values.filter(|own| {
        let rejects = tag.as_ref().map(|tag| tag.rejects(document, &own.value));
        !rejects.unwrap_or_default()
    });
    let failure = |value: variants::Variant| {
        let became = match own.round_trip(&value.value) {
            Ok(found) if found == value.value || Some(&found) == value.otherwise.as_ref() => {
                return None;
            }
            Ok(found) => found.to_string(),
            Err(error) => format!("an error: {error}"),
        };
        Some(format!(
            "`{}`: {} {} became {became}",
            own.name(),
            value.what,
            value.value
        ))
    };
    let taken = |(property, value): (String, Value)| {
        let found = own.round_trip(&value).ok()?;
        Some(format!(
            "`{}`: {value} lacks the required property `{property}` but became {found}",
            own.name()
        ))
    };
    let lacking = lacking(document, schema)
        .into_iter()
        .filter(|_| !own.is_untyped());
    values
        .filter_map(failure)
        .chain(lacking.filter_map(taken))
        .chain(unlisted(document, schema, own))
        .collect()
}

/// Returns a failure if an enum does not list the values of its schema.
fn unlisted(document: &Document, schema: &Value, own: &Schema) -> Option<String> {
    let listed: BTreeSet<&str> = own.values.as_ref()?.iter().map(String::as_str).collect();
    // Each alternative can have values of its own.
    let mut schemas = sample::alternatives(document, schema);
    if schemas.is_empty() {
        schemas.push(schema.clone());
    }
    let values = schemas
        .iter()
        .map(|schema| sample::values(&sample::flat(document, schema)));
    let values: Vec<Value> = values.collect::<Option<Vec<_>>>()?.concat();
    let documented: BTreeSet<&str> = values.iter().filter_map(Value::as_str).collect();
    (listed != documented).then(|| {
        format!(
            "`{}` lists {listed:?} instead of {documented:?}",
            own.name()
        )
    })
}

/// Returns objects without one of the required properties, except those that are nullable, have a
/// default, or go only one way. An object of a union lacks a required property of each alternative,
/// and no property that can be the tag.
fn lacking(document: &Document, schema: &Value) -> Vec<(String, Value)> {
    let tag = tag_of(document, schema);
    let alternatives = sample::alternatives(document, schema);
    if alternatives.is_empty() {
        let is_plain = variants::is_plain(document, schema);
        let own = is_plain
            .then(|| lacking_in_object(document, schema, |name, _| tag.as_deref() == Some(name)));
        return own.unwrap_or_default();
    }
    let all_lack = |value: &Value| {
        alternatives.iter().all(|own| {
            let required = required(document, own);
            required.iter().any(|(name, _)| value.get(name).is_none())
        })
    };
    let all = alternatives.iter().flat_map(|own| {
        let may_be_tag = |name: &str, property: &Value| {
            tag.as_deref() == Some(name) || property.get("enum").is_some()
        };
        lacking_in_object(document, own, may_be_tag)
    });
    all.filter(|(_, value)| all_lack(value)).collect()
}

/// Returns the tag of a schema. Objects without a known tag are kept as JSON.
fn tag_of(document: &Document, schema: &Value) -> Option<String> {
    let discriminator = variants::own_discriminator(document.resolve(schema));
    let declared = || {
        let name = discriminator?.get("propertyName")?.as_str();
        name.map(str::to_owned)
    };
    Tag::of(document, schema).map_or_else(declared, |tag| Some(tag.property))
}

fn lacking_in_object(
    document: &Document,
    schema: &Value,
    is_excluded: impl Fn(&str, &Value) -> bool,
) -> Vec<(String, Value)> {
    let whole = sample::value(document, schema, 1);
    let mut required = required(document, schema);
    required.retain(|(name, property)| !is_excluded(name, property));
    let lacking = required.into_iter().filter_map(|(name, _)| {
        let mut value = whole.clone();
        value.as_object_mut()?.remove(&name)?;
        Some((name, value))
    });
    lacking.collect()
}

/// Returns the required properties that cannot be absent, and their schemas.
fn required(document: &Document, schema: &Value) -> Vec<(String, Value)> {
    let schema = sample::flat(document, schema);
    let names = schema.get("required").and_then(Value::as_array);
    let names = names.into_iter().flatten().filter_map(Value::as_str);
    let properties = names.map(|name| {
        let own = schema.get("properties").and_then(|all| all.get(name));
        let own = own.map_or(Value::Null, |own| sample::flat(document, own));
        (name.to_owned(), own)
    });
    let may_be_absent = |own: &Value| {
        let is = |keyword: &&str| own.get(keyword) == Some(&Value::Bool(true));
        ["nullable", "readOnly", "writeOnly"].iter().any(is) || own.get("default").is_some()
    };
    properties.filter(|(_, own)| !may_be_absent(own)).collect()
}
