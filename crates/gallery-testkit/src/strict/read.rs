//! Parses texts into values by style and schema.
//!
//! On the wire `1` can be a number or a string. The schema decides. If it allows neither, the value
//! is the one that makes the better message.

use serde_json::{Map, Value};

use crate::document::Parameter;
use crate::sample;
use crate::schema::Validator;
use crate::style::{NUMBERED, Style, decode, number};

/// Maximum number of keys of a pair.
const DEPTH: usize = 32;

/// The reason why a value cannot be read.
pub(super) enum Unread {
    /// The value is absent.
    Absent,
    /// The text is malformed: the reason.
    Wrong(String),
}

/// The kind of serialization.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Scalar,
    List,
    Map,
}

/// Parses values by the schemas of a document.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) validator: Validator<'a>,
}

/// Decoded names and encoded values.
pub(super) type Pairs = Vec<(String, String)>;

impl Reader<'_> {
    /// Parses a scalar by its schema.
    pub(super) fn scalar(&self, schema: &Value, text: &str) -> Value {
        let number = serde_json::from_str::<Value>(text)
            .ok()
            .filter(Value::is_number)
            .filter(|_| text.trim() == text);
        // `1.0` is an integer in JSON, but not as the text of one.
        let number = number.filter(|number| {
            !self.validator.allows_type(schema, "integer")
                || !number.is_f64()
                || self.takes_fractions(schema)
        });
        let boolean = text.parse::<bool>().ok().map(Value::Bool);
        let string = Value::from(text);
        let candidates: Vec<Value> = number
            .into_iter()
            .chain(boolean)
            .chain([string.clone()])
            .collect();
        if let Some(fitting) = candidates
            .iter()
            .find(|candidate| self.validator.is_valid(schema, candidate))
        {
            return fitting.clone();
        }
        let takes = |value: &Value| match value {
            Value::Number(_) => {
                self.validator.allows_type(schema, "integer")
                    || self.validator.allows_type(schema, "number")
            }
            Value::Bool(_) => self.validator.allows_type(schema, "boolean"),
            _ => self.validator.allows_type(schema, "string"),
        };
        candidates.into_iter().find(takes).unwrap_or(string)
    }

    fn takes_fractions(&self, schema: &Value) -> bool {
        self.validator.is_valid(schema, &Value::from(0.5))
            || sample::flat(self.validator.document, schema)
                .get("type")
                .is_some_and(|kind| kind == "number")
    }

    /// Parses the encoded text of a path parameter.
    pub(super) fn path(&self, parameter: &Parameter, raw: &str) -> Result<Value, Unread> {
        let Parameter {
            name,
            style,
            schema,
            ..
        } = parameter;
        if style.name == "json" {
            return json(&decode(raw));
        }
        let (before, between) = match style.name.as_str() {
            "label" => (".", if style.explode { "." } else { "," }),
            "matrix" => (";", if style.explode { ";" } else { "," }),
            _ => ("", ","),
        };
        let shape = self.shape(schema, false);
        let own = format!("{name}=");
        let wrong = || {
            Unread::Wrong(format!(
                "is `{raw}`, which does not have the style `{}`",
                style.name
            ))
        };
        let rest = raw.strip_prefix(before).ok_or_else(wrong)?;
        let exploded_matrix = style.name == "matrix" && style.explode;
        let named = style.name == "matrix" && !(exploded_matrix && shape != Shape::Scalar);
        let rest = if named {
            rest.strip_prefix(&own).ok_or_else(wrong)?
        } else {
            rest
        };
        let mut parts: Vec<&str> = if shape == Shape::Scalar {
            vec![rest]
        } else {
            rest.split(between).collect()
        };
        if exploded_matrix && shape == Shape::List {
            parts = parts
                .into_iter()
                .map(|part| part.strip_prefix(&own))
                .collect::<Option<_>>()
                .ok_or_else(wrong)?;
        }
        self.of_parts(schema, shape, style.explode, &parts, decode)
    }

    /// Parses a header or cookie.
    pub(super) fn single(
        &self,
        style: &Style,
        schema: &Value,
        raw: &str,
        decode: fn(&str) -> String,
    ) -> Result<Value, Unread> {
        if style.name == "json" {
            return json(&decode(raw));
        }
        let shape = self.shape(schema, false);
        let parts: Vec<&str> = if shape == Shape::Scalar {
            vec![raw]
        } else {
            raw.split(',').map(str::trim).collect()
        };
        self.of_parts(schema, shape, style.explode, &parts, decode)
    }

    /// Parses a query parameter or form field and removes its pairs.
    pub(super) fn pairs(
        &self,
        name: &str,
        style: &Style,
        schema: &Value,
        pairs: &mut Pairs,
        decode: fn(&str) -> String,
    ) -> Result<Value, Unread> {
        if style.name == NUMBERED {
            return self.numbered(name, schema, pairs, decode);
        }
        let count = pairs.iter().filter(|(own, _)| own == name).count();
        let shape = if style.name == "json" {
            Shape::Scalar
        } else {
            self.shape(schema, count > 1)
        };
        if style.name == "deepObject" && (shape != Shape::Scalar || count == 0) {
            let found = take(pairs, |own| keys(name, own).is_some());
            let fields = found
                .into_iter()
                .filter_map(|(own, raw)| Some((keys(name, &own)?, decode(&raw))));
            return self.deep_object(schema, fields.collect());
        }
        if shape == Shape::Map && style.explode {
            let flat = sample::flat(self.validator.document, schema);
            let declared = |own: &str| {
                flat.get("properties")
                    .is_some_and(|properties| properties.get(own).is_some())
            };
            let any = self.takes_any_name(style, schema);
            let fields = take(pairs, |own| any || declared(own))
                .into_iter()
                .map(|(own, raw)| (own, decode(&raw)))
                .collect();
            return self.map(schema, fields).ok_or(Unread::Absent);
        }
        let found: Vec<String> = take(pairs, |own| own == name)
            .into_iter()
            .map(|(_, raw)| raw)
            .collect();
        let Some(first) = found.first() else {
            return Err(Unread::Absent);
        };
        if shape == Shape::List && style.explode {
            return Ok(self.list(schema, found.iter().map(|raw| decode(raw))));
        }
        if found.len() > 1 {
            return Err(Unread::Wrong(format!("occurs {} times", found.len())));
        }
        if style.name == "json" {
            return json(&decode(first));
        }
        let delimiters: &[&str] = match style.name.as_str() {
            _ if shape == Shape::Scalar => &[],
            "spaceDelimited" => &["%20", "+"],
            "pipeDelimited" => &["%7C", "%7c", "|"],
            _ => &[","],
        };
        let mut parts = vec![first.as_str()];
        for delimiter in delimiters {
            parts = parts
                .into_iter()
                .flat_map(|part| part.split(*delimiter))
                .collect();
        }
        self.of_parts(schema, shape, false, &parts, decode)
    }

    /// Parses an array whose items have numbered keys.
    fn numbered(
        &self,
        pattern: &str,
        schema: &Value,
        pairs: &mut Pairs,
        decode: fn(&str) -> String,
    ) -> Result<Value, Unread> {
        let found = take(pairs, |own| number(pattern, own).is_some());
        if found.is_empty() {
            return Err(Unread::Absent);
        }
        let mut items: Vec<(usize, String)> = found
            .into_iter()
            .filter_map(|(own, raw)| Some((number(pattern, &own)?, decode(&raw))))
            .collect();
        items.sort_by_key(|(number, _)| *number);
        if !items.iter().map(|(number, _)| *number).eq(1..=items.len()) {
            let numbers: Vec<String> = items.iter().map(|(number, _)| number.to_string()).collect();
            let reason = format!(
                "has the numbers {}; they must be consecutive from 1",
                numbers.join(", ")
            );
            return Err(Unread::Wrong(reason));
        }
        Ok(self.list(schema, items.into_iter().map(|(_, text)| text)))
    }

    /// Returns true if an object accepts every remaining name.
    pub(super) fn takes_any_name(&self, style: &Style, schema: &Value) -> bool {
        if !style.explode
            || matches!(style.name.as_str(), "deepObject" | "json")
            || self.shape(schema, false) != Shape::Map
        {
            return false;
        }
        let flat = sample::flat(self.validator.document, schema);
        let has_properties = flat
            .get("properties")
            .and_then(Value::as_object)
            .is_some_and(|properties| !properties.is_empty());
        match flat.get("additionalProperties") {
            None => !has_properties,
            Some(others) => *others != Value::Bool(false),
        }
    }

    pub(super) fn shape(&self, schema: &Value, repeated: bool) -> Shape {
        let allows_type = |kind: &str| self.validator.allows_type(schema, kind);
        let is_scalar = !repeated
            && ["string", "integer", "number", "boolean"]
                .into_iter()
                .any(allows_type);
        // An untyped schema accepts any text.
        match (is_scalar, allows_type("array"), allows_type("object")) {
            (true, ..) => Shape::Scalar,
            (false, true, _) => Shape::List,
            (false, false, true) => Shape::Map,
            _ => Shape::Scalar,
        }
    }

    fn of_parts(
        &self,
        schema: &Value,
        shape: Shape,
        explode: bool,
        parts: &[&str],
        decode: fn(&str) -> String,
    ) -> Result<Value, Unread> {
        match shape {
            Shape::Scalar => Ok(self.scalar(schema, &decode(&parts.join(",")))),
            Shape::List => Ok(self.list(schema, parts.iter().map(|part| decode(part)))),
            Shape::Map => {
                let fields: Option<Vec<(String, String)>> = if explode {
                    let pair = |part: &&str| {
                        part.split_once('=')
                            .map(|(name, raw)| (decode(name), decode(raw)))
                    };
                    parts.iter().map(pair).collect()
                } else {
                    let pair = |pair: &[&str]| Some((decode(pair.first()?), decode(pair.get(1)?)));
                    parts.chunks(2).map(pair).collect()
                };
                let fields = fields.ok_or_else(|| {
                    Unread::Wrong(format!("is `{}`, which is not an object", parts.join(",")))
                })?;
                self.map(schema, fields).ok_or(Unread::Absent)
            }
        }
    }

    fn list(&self, schema: &Value, texts: impl Iterator<Item = String>) -> Value {
        let flat = sample::flat(self.validator.document, schema);
        let open = Value::Object(Map::new());
        let inner = flat.get("items").unwrap_or(&open);
        texts.map(|text| self.scalar(inner, &text)).collect()
    }

    fn map(&self, schema: &Value, fields: Vec<(String, String)>) -> Option<Value> {
        let flat = sample::flat(self.validator.document, schema);
        let open = Value::Object(Map::new());
        let of = |name: &str| {
            flat.get("properties")
                .and_then(|own| own.get(name))
                .or_else(|| flat.get("additionalProperties"))
        };
        let value = |(name, text): (String, String)| {
            let value = self.scalar(of(&name).unwrap_or(&open), &text);
            (name, value)
        };
        (!fields.is_empty()).then(|| fields.into_iter().map(value).collect::<Map<_, _>>().into())
    }
}

fn json(text: &str) -> Result<Value, Unread> {
    serde_json::from_str(text)
        .map_err(|error| Unread::Wrong(format!("is `{text}`, which is not JSON: {error}")))
}

/// Removes the pairs with matching names and returns them.
fn take(pairs: &mut Pairs, wanted: impl Fn(&str) -> bool) -> Pairs {
    let (found, left) = std::mem::take(pairs)
        .into_iter()
        .partition(|(name, _)| wanted(name));
    *pairs = left;
    found
}

/// Returns the keys in the brackets after the name of a parameter.
fn keys(name: &str, own: &str) -> Option<Vec<String>> {
    let rest = own.strip_prefix(name)?;
    let inside = rest.strip_prefix('[')?.strip_suffix(']')?;
    let keys: Vec<String> = inside.split("][").map(str::to_owned).collect();
    (keys.len() <= DEPTH).then_some(keys)
}
