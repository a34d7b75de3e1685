//! Reads the arguments of an operation from the command line.

use std::io::Read;

use anyhow::{Context, Result, anyhow, bail};
use gallery_runtime::{Call, Multipart, Upload};
use gallery_testkit::{Endpoint, Parameter};
use openapi_text::media_type::{essence, is_json};
use serde_json::{Map, Value};

use super::operation::plain;
use crate::similar::similar;

/// The media type of files.
const OCTETS: &str = "application/octet-stream";

/// The arguments of a call.
#[derive(Debug)]
pub(super) struct Arguments<'a> {
    endpoint: &'a Endpoint,
    /// The values, in the order of the parameters.
    values: Vec<Option<Value>>,
    body: Option<Vec<u8>>,
}

/// Reads `--NAME VALUE`, `--NAME=VALUE` and `--body`.
pub(super) fn read<'a>(endpoint: &'a Endpoint, arguments: &[String]) -> Result<Arguments<'a>> {
    let mut texts: Vec<Vec<&str>> = vec![Vec::new(); endpoint.parameters.len()];
    let mut body = None;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let Some(option) = argument.strip_prefix("--") else {
            bail!("unexpected argument `{argument}`; write `--NAME {argument}`");
        };
        let (name, value) = match option.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (option, rest.next().map(String::as_str)),
        };
        let value = value.ok_or_else(|| anyhow!("`--{name}` needs a value"))?;
        match position(endpoint, name) {
            Some(index) => texts[index].push(value),
            None if name == "body" && endpoint.body.is_some() => body = Some(bytes(value)?),
            None => return Err(unknown(endpoint, name)),
        }
    }
    let mut values = Vec::new();
    for (parameter, texts) in endpoint.parameters.iter().zip(&texts) {
        values.push(value(parameter, texts)?);
    }
    let is_missing = |(own, value): &(&Parameter, &Option<Value>)| own.required && value.is_none();
    let mut missing: Vec<String> = endpoint
        .parameters
        .iter()
        .zip(&values)
        .filter(is_missing)
        .map(|(own, _)| format!("--{}", own.name))
        .collect();
    if endpoint.body.as_ref().is_some_and(|own| own.required) && body.is_none() {
        missing.push("--body".to_owned());
    }
    if !missing.is_empty() {
        bail!("`{}` needs {}", endpoint.id, missing.join(", "));
    }
    Ok(Arguments {
        endpoint,
        values,
        body,
    })
}

/// Returns the index of the parameter with a name. Case and separators do not matter.
fn position(endpoint: &Endpoint, name: &str) -> Option<usize> {
    let find =
        |is_named: &dyn Fn(&Parameter) -> bool| endpoint.parameters.iter().position(is_named);
    find(&|own| own.name == name).or_else(|| find(&|own| plain(&own.name) == plain(name)))
}

fn unknown(endpoint: &Endpoint, name: &str) -> anyhow::Error {
    let names = endpoint.parameters.iter().map(|own| own.name.as_str());
    let body = endpoint.body.as_ref().map(|_| "body");
    let names: Vec<&str> = names.chain(body).collect();
    let options = |names: &[&str]| {
        let options: Vec<String> = names.iter().map(|name| format!("--{name}")).collect();
        options.join(", ")
    };
    let help = match &similar(name, names.iter().copied())[..] {
        [] if names.is_empty() => "it has none".to_owned(),
        [] => format!("it has: {}", options(&names)),
        names => format!("did you mean {}?", options(names)),
    };
    anyhow!("`{}` has no argument `--{name}`; {help}", endpoint.id)
}

/// Converts the texts of a parameter to a value of its type.
fn value(parameter: &Parameter, texts: &[&str]) -> Result<Option<Value>> {
    let wrong = |expected: &str, text: &str| {
        anyhow!("`--{}` must be {expected}, not `{text}`", parameter.name)
    };
    let kind = |schema: &Value| {
        schema
            .get("type")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let parsed = |kind: Option<&str>, text: &str| -> Result<Value> {
        let json = serde_json::from_str::<Value>(text).ok();
        let json = |is_valid: fn(&Value) -> bool, expected: &str| {
            let valid = json.clone().filter(is_valid);
            valid.ok_or_else(|| wrong(expected, text))
        };
        match kind {
            Some("integer") => json(|own| own.is_i64() || own.is_u64(), "an integer"),
            Some("number") => json(Value::is_number, "a number"),
            Some("boolean") => json(Value::is_boolean, "true or false"),
            Some("object") => json(Value::is_object, "a JSON object"),
            _ => Ok(Value::from(text)),
        }
    };
    let own = kind(&parameter.schema);
    match texts {
        [] => Ok(None),
        texts if own.as_deref() == Some("array") => {
            if let [text] = texts
                && let Ok(list @ Value::Array(_)) = serde_json::from_str(text)
            {
                return Ok(Some(list));
            }
            let item = parameter.schema.get("items").and_then(kind);
            let items = texts.iter().map(|text| parsed(item.as_deref(), text));
            Ok(Some(items.collect::<Result<Vec<Value>>>()?.into()))
        }
        [text] => parsed(own.as_deref(), text).map(Some),
        [_, _, ..] => bail!("`--{}` is not a list; write it once", parameter.name),
    }
}

/// Returns the bytes of a body: `@FILE`, `-` for standard input, or the text itself.
fn bytes(text: &str) -> Result<Vec<u8>> {
    if text == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    match text.strip_prefix('@') {
        Some(path) => std::fs::read(path).with_context(|| format!("cannot read {path}")),
        None => Ok(text.as_bytes().to_vec()),
    }
}

impl Arguments<'_> {
    /// Sets the arguments of a call.
    pub(super) fn set(self, call: &mut Call) -> Result<()> {
        for (index, value) in self.values.iter().enumerate() {
            if let Some(value) = value {
                call.set(index, value);
            }
        }
        let (Some(body), Some(bytes)) = (&self.endpoint.body, self.body) else {
            return Ok(());
        };
        let json = || -> Result<Value> {
            serde_json::from_slice(&bytes).context("`--body` is not valid JSON")
        };
        match essence(&body.media_type).as_str() {
            _ if is_json(&body.media_type) => call.json(&json()?),
            "application/x-www-form-urlencoded" => call.form(&json()?),
            "multipart/form-data" => {
                let fields: Map<String, Value> = serde_json::from_slice(&bytes)
                    .context("`--body` is not a JSON object, which has the fields of the form")?;
                call.multipart(&multipart(&fields)?);
            }
            _ => call.upload(bytes),
        }
        Ok(())
    }
}

/// Returns a form. The text `@FILE` is a file.
fn multipart(fields: &Map<String, Value>) -> Result<Multipart> {
    let mut form = Multipart::new();
    for (name, value) in fields {
        form = match value.as_str().and_then(|text| text.strip_prefix('@')) {
            Some(path) => {
                if !std::path::Path::new(path).is_file() {
                    bail!("cannot read {path}, the file of the field `{name}`");
                }
                let file_name = path.rsplit(['/', '\\']).next().unwrap_or(path);
                form.file(name, file_name, OCTETS, Upload::file(path))
            }
            None => form.value(name, value),
        };
    }
    Ok(form)
}
