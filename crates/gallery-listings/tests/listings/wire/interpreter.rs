//! A small interpreter of OpenAPI 3.0: operation and arguments → request.
//!
//! It implements the specification, and this project's notation for constants of query strings. It
//! shares no code with the pipeline.

use serde_json::Value;

use super::sent::{MULTIPART, Sent, URLENCODED, decoded, encoded, pairs};

/// An argument of a call, such as `query.limit = 3`.
struct Argument {
    location: String,
    name: String,
    value: String,
    used: bool,
}

/// The arguments of a call, in order.
pub(crate) struct Arguments(Vec<Argument>);

impl Arguments {
    /// Parses lines of the form `LOCATION.NAME = VALUE` or `body = VALUE`.
    pub(crate) fn parse(lines: &[String]) -> Option<Arguments> {
        let argument = |line: &String| {
            let (key, value) = line.split_once(" = ")?;
            let (location, name) = key.split_once('.').unwrap_or((key, ""));
            let (location, name, value) = (location.to_owned(), name.to_owned(), value.to_owned());
            Some(Argument {
                location,
                name,
                value,
                used: false,
            })
        };
        lines
            .iter()
            .map(argument)
            .collect::<Option<Vec<_>>>()
            .map(Arguments)
    }

    fn take(&mut self, limit: usize, fits: impl Fn(&Argument) -> bool) -> Vec<String> {
        let fitting = self
            .0
            .iter_mut()
            .filter(|argument| !argument.used && fits(argument));
        let take = |argument: &mut Argument| {
            argument.used = true;
            argument.value.clone()
        };
        fitting.take(limit).map(take).collect()
    }

    fn take_named(&mut self, location: &str, name: &str) -> Vec<String> {
        self.take(usize::MAX, |argument| {
            argument.location == location && argument.name == name
        })
    }

    fn unused(&self) -> Option<String> {
        self.0
            .iter()
            .find(|argument| !argument.used)
            .map(|argument| format!("{}.{}", argument.location, argument.name))
    }
}

/// An operation with the path item and the document that contain it.
#[derive(Clone, Copy)]
pub(crate) struct Operation<'a> {
    pub(crate) document: &'a Value,
    pub(crate) path: &'a str,
    pub(crate) item: &'a Value,
    pub(crate) method: &'a str,
    pub(crate) value: &'a Value,
}

impl<'a> Operation<'a> {
    /// Returns the operations of a document.
    pub(crate) fn all(document: &'a Value) -> Vec<Operation<'a>> {
        const METHODS: [&str; 8] = [
            "get", "put", "post", "delete", "options", "head", "patch", "trace",
        ];
        let mut operations = Vec::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(key, _)| METHODS.contains(&key.as_str()))
            {
                operations.push(Operation {
                    document,
                    path,
                    item,
                    method,
                    value: operation,
                });
            }
        }
        operations
    }

    /// Returns the URL of the operation's server, which may be that of the path or the document.
    pub(crate) fn server(&self) -> &'a str {
        let of = |value: &'a Value| value["servers"][0]["url"].as_str();
        of(self.value)
            .or_else(|| of(self.item))
            .or_else(|| of(self.document))
            .unwrap_or("/")
    }

    /// Returns the parameters of the path item and the operation.
    pub(crate) fn parameters(&self) -> Vec<&'a Value> {
        [self.item, self.value]
            .into_iter()
            .flat_map(|value| value["parameters"].as_array().into_iter().flatten())
            .collect()
    }

    /// Builds the request for these arguments.
    ///
    /// Fails if an argument is missing or unused.
    pub(crate) fn send(
        &self,
        arguments: &mut Arguments,
        form_may_be_query: bool,
    ) -> Result<Sent, String> {
        let (template, constants) = self.path.split_once('#').unwrap_or((self.path, ""));
        let constants = pairs(constants);
        let path = self.fill_path(template, arguments)?;
        let mut base = base_path(self.server());
        for name in variables(&base) {
            let value = arguments.take(1, |argument| {
                argument.location == "server" && folded(&argument.name) == folded(&name)
            });
            let value = value
                .first()
                .ok_or_else(|| format!("no argument for the server variable `{{{name}}}`"))?;
            base = base.replace(&format!("{{{name}}}"), &encoded(value));
        }
        let mut sent = Sent {
            method: self.method.to_uppercase(),
            ..Sent::default()
        };
        let target = format!("{base}{path}");
        sent.segments = target
            .strip_prefix('/')
            .unwrap_or(&target)
            .split('/')
            .map(decoded)
            .collect();
        let no_form = self.value["requestBody"].is_null() && form_may_be_query;
        for parameter in self.parameters() {
            match parameter["in"].as_str() {
                Some("query") => sent
                    .query
                    .extend(query(parameter, &constants, arguments, no_form)?),
                Some("header") => sent.headers.extend(header(parameter, arguments)?),
                _ => (),
            }
        }
        for (name, value) in &constants {
            if !sent.query.contains(&(name.clone(), value.clone())) {
                return Err(format!(
                    "no parameter sends the constant `{name}={value}` of the path `{}`",
                    self.path
                ));
            }
        }
        self.fill_body(&mut sent, arguments)?;
        match arguments.unused() {
            Some(unused) => Err(format!("unused argument `{unused}`; path `{}`", self.path)),
            None => Ok(sent),
        }
    }

    fn fill_path(&self, template: &str, arguments: &mut Arguments) -> Result<String, String> {
        let names = variables(template);
        let declared = |name: &str| {
            self.parameters()
                .into_iter()
                .find(|p| p["in"] == "path" && p["name"] == name)
        };
        let declared_names = self
            .parameters()
            .into_iter()
            .filter(|p| p["in"] == "path")
            .filter_map(|p| p["name"].as_str());
        if let Some(name) = declared_names
            .into_iter()
            .find(|name| !names.iter().any(|variable| variable == name))
        {
            return Err(format!(
                "the path parameter `{name}` is not in the path `{}`",
                self.path
            ));
        }
        // Match arguments by name, then by position. The name of a variable is never sent.
        let mut values: Vec<Option<String>> = Vec::new();
        for name in &names {
            let parameter = declared(name)
                .ok_or_else(|| format!("the variable `{{{name}}}` is not declared"))?;
            let limit = if parameter["schema"]["type"] == "array" {
                usize::MAX
            } else {
                1
            };
            let fits = |argument: &Argument| {
                matches!(argument.location.as_str(), "path" | "server")
                    && folded(&argument.name) == folded(name)
            };
            // Arguments with equal names are matched by position.
            let ambiguous =
                limit == 1 && arguments.0.iter().filter(|argument| fits(argument)).count() > 1;
            let matching = if ambiguous {
                Vec::new()
            } else {
                arguments.take(limit, fits)
            };
            let matching: Vec<String> = matching.iter().map(|value| encoded(value)).collect();
            values.push((!matching.is_empty()).then(|| matching.join(",")));
        }
        for (name, value) in names
            .iter()
            .zip(&mut values)
            .filter(|(_, value)| value.is_none())
        {
            let left = arguments.take(1, |argument| argument.location == "path");
            *value = Some(encoded(left.first().ok_or_else(|| {
                format!("no argument for the variable `{{{name}}}`")
            })?));
        }
        let mut path = String::new();
        let mut rest = template;
        for value in values.into_iter().flatten() {
            let Some((before, after)) = rest.split_once('{') else {
                break;
            };
            path += &literal(before);
            path += &value;
            rest = after.split_once('}').map_or("", |(_, after)| after);
        }
        Ok(path + &literal(rest))
    }

    fn fill_body(&self, sent: &mut Sent, arguments: &mut Arguments) -> Result<(), String> {
        let body = &self.value["requestBody"];
        let content = body["content"].as_object();
        let media_type =
            |fits: &dyn Fn(&str) -> bool| content.into_iter().flatten().find(|(key, _)| fits(key));
        for form in [URLENCODED, MULTIPART] {
            let Some((_, media)) = media_type(&|key| key == form) else {
                continue;
            };
            let mut fields = Vec::new();
            for argument in arguments
                .0
                .iter_mut()
                .filter(|argument| argument.location == "form")
            {
                if media["schema"]["properties"].get(&argument.name).is_some() {
                    argument.used = true;
                    fields.push((argument.name.clone(), argument.value.clone()));
                }
            }
            if !fields.is_empty() {
                sent.form = Some((form, fields));
                break;
            }
        }
        let json = media_type(&|key| key.contains("json") || key == "*/*");
        if let Some((_, media)) = json
            && let Some(value) = arguments.take_named("body", "").pop()
        {
            let parsed: Value = serde_json::from_str(&value)
                .map_err(|error| format!("the argument `body`: {error}"))?;
            if let Some(expected) = media["schema"]["type"]
                .as_str()
                .filter(|expected| *expected != type_of(&parsed))
            {
                return Err(format!("expected a body of type {expected}, found {value}"));
            }
            sent.body = Some(value);
        }
        if body["required"] == true && sent.form.is_none() && sent.body.is_none() {
            return Err("the required body is missing".to_owned());
        }
        Ok(())
    }
}

fn query(
    parameter: &Value,
    constants: &[(String, String)],
    arguments: &mut Arguments,
    from_form: bool,
) -> Result<Vec<(String, String)>, String> {
    let name = parameter["name"].as_str().unwrap_or_default();
    let schema = &parameter["schema"];
    let mut values = arguments.take_named("query", name);
    if from_form {
        values.extend(arguments.take_named("form", name));
    }
    if let Some([Value::String(only)]) = schema["enum"].as_array().map(Vec::as_slice)
        && let Some(constant) = constants
            .iter()
            .find(|(key, value)| key == name && value == only)
    {
        return if values.is_empty() {
            Ok(vec![constant.clone()])
        } else {
            Err(format!("`{name}` is a constant"))
        };
    }
    if values.is_empty() {
        let required = parameter["required"] == true;
        return if required {
            Err(format!(
                "no argument for the required query parameter `{name}`"
            ))
        } else {
            Ok(Vec::new())
        };
    }
    let style = parameter["style"].as_str().unwrap_or("form");
    let explode = parameter["explode"].as_bool().unwrap_or(style == "form");
    let is_array = schema["type"] == "array";
    if !is_array && values.len() > 1 {
        return Err(format!(
            "the query parameter `{name}` accepts one value only"
        ));
    }
    if let Some(keys) = parameter["x-gallery-numbered-keys"].as_str() {
        let keys = (1..).map(|number: usize| keys.replace("{n}", &number.to_string()));
        return Ok(keys.zip(values).collect());
    }
    let name = name.to_owned();
    match (is_array && !explode, style) {
        (false, _) => Ok(values
            .into_iter()
            .map(|value| (name.clone(), value))
            .collect()),
        (true, "form") => Ok(vec![(name, values.join(","))]),
        (true, "spaceDelimited") => Ok(vec![(name, values.join(" "))]),
        (true, "pipeDelimited") => Ok(vec![(name, values.join("|"))]),
        (true, style) => Err(format!(
            "the style `{style}` of `{name}` does not apply to arrays"
        )),
    }
}

fn header(
    parameter: &Value,
    arguments: &mut Arguments,
) -> Result<Option<(String, String)>, String> {
    let name = parameter["name"].as_str().unwrap_or_default();
    if name.contains(|c: char| !c.is_ascii_graphic() || r#"()<>@,;:\"/[]?={}"#.contains(c)) {
        return Err(format!("invalid header name `{name}`"));
    }
    let values = arguments.take(1, |argument| {
        argument.location == "header" && argument.name.eq_ignore_ascii_case(name)
    });
    match values.into_iter().next() {
        Some(value) => Ok(Some((name.to_ascii_lowercase(), value))),
        None if parameter["required"] == true => {
            Err(format!("no argument for the required header `{name}`"))
        }
        None => Ok(None),
    }
}

/// Returns the names between braces, in order.
pub(crate) fn variables(template: &str) -> Vec<String> {
    template
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name.to_owned()))
        .collect()
}

/// Splits a server's URL into scheme, authority and path.
pub(crate) fn parts(url: &str) -> (&str, &str, &str) {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    (scheme, authority, path)
}

fn base_path(url: &str) -> String {
    parts(url).2.trim_end_matches('/').to_owned()
}

/// Encodes the characters of a template that are invalid in URLs.
fn literal(text: &str) -> String {
    let keep = |c: char| {
        c.is_ascii_graphic()
            && !matches!(
                c,
                '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' | '[' | ']'
            )
    };
    text.chars()
        .map(|c| {
            if keep(c) {
                c.to_string()
            } else {
                encoded(&c.to_string())
            }
        })
        .collect()
}

/// Returns the letters and digits of a variable's name, in lowercase.
pub(crate) fn folded(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document() -> Value {
        let parameter = |kind: &str, name: &str, more: Value| {
            let mut parameter = json!({"in": kind, "name": name, "schema": {"type": "string"}});
            parameter
                .as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            parameter
        };
        let array = json!({"type": "array", "items": {"type": "string"}});
        let constant = json!({"required": true, "schema": {"type": "string", "enum": ["Stop"]}});
        json!({
            "servers": [{"url": "https://{host}/v1/"}],
            "paths": {
                "/{id}.json": {"get": {"parameters": [
                    parameter("path", "id", json!({"required": true})),
                    parameter("query", "multi", json!({"schema": array})),
                    parameter("query", "csv", json!({"schema": array, "explode": false})),
                    parameter("query", "pipes", json!({"schema": array, "style": "pipeDelimited"})),
                    parameter("header", "X-A", json!({})),
                ]}},
                "/#Action=Stop": {"post": {
                    "servers": [{"url": "https://b.io/{format}"}],
                    "parameters": [parameter("query", "Action", constant)],
                    "requestBody": {"required": true, "content": {URLENCODED: {"schema": {"properties": {"a[b]": {}}}}}},
                }},
                "/{a}/{b}": {"put": {
                    "parameters": [parameter("path", "a", json!({})), parameter("path", "b", json!({}))],
                    "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
                }},
            },
        })
    }

    fn sent(method: &str, lines: &[&str]) -> String {
        let document = document();
        let operation = Operation::all(&document)
            .into_iter()
            .find(|operation| operation.method == method)
            .unwrap();
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        operation
            .send(&mut Arguments::parse(&lines).unwrap(), false)
            .map_or_else(|error| error, |sent| sent.to_string())
    }

    #[test]
    fn sends_what_the_specification_requires() {
        let arrays = [
            "query.multi = a",
            "query.multi = b&",
            "query.csv = a",
            "query.csv = b",
            "query.pipes = a",
            "query.pipes = b",
        ];
        let lines: Vec<&str> = ["path.id = a/b", "header.x-a = 1"]
            .into_iter()
            .chain(arrays)
            .collect();
        assert_eq!(
            sent("get", &lines),
            "GET /v1/a%2Fb.json?multi=a&multi=b%26&csv=a%2Cb&pipes=a%7Cb | x-a: 1"
        );
        let form = ["server.format = json", "form.a[b] = c d"];
        assert_eq!(
            sent("post", &form),
            "POST /json/?Action=Stop | application/x-www-form-urlencoded a%5Bb%5D=c%20d",
        );
        assert_eq!(
            sent("put", &["path.x = 1", "path.x = 2", "body = {}"]),
            "PUT /v1/1/2 | body {}"
        );
        assert_eq!(sent("put", &["path.b = 2", "path.a = 1"]), "PUT /v1/1/2");
    }

    #[test]
    fn rejects_invalid_arguments() {
        for (method, lines, error) in [
            ("get", &[][..], "no argument for the variable `{id}`"),
            (
                "get",
                &["path.id = 1", "query.x = 1"],
                "unused argument `query.x`; path `/{id}.json`",
            ),
            (
                "post",
                &["server.format = x"],
                "the required body is missing",
            ),
            (
                "post",
                &["form.a[b] = c"],
                "no argument for the server variable `{format}`",
            ),
            (
                "post",
                &["server.format = x", "query.Action = Go"],
                "`Action` is a constant",
            ),
            (
                "put",
                &["path.a = 1", "path.b = 2", "body = []"],
                "expected a body of type object, found []",
            ),
        ] {
            assert_eq!(sent(method, lines), error);
        }
    }
}
