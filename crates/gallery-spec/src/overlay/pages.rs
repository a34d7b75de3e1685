//! Proposes the pagination of operations where the document makes it plain.

use serde_json::{Map, Value, json};

use openapi_text::pointer::escape;

/// The extension for the pagination of an operation.
const PAGES: &str = "x-gallery-pages";

/// Names of parameters and properties, in lower case and without separators.
const NUMBERS: &[&str] = &["page", "pagenumber", "pageindex", "pageno"];
const SIZES: &[&str] = &[
    "perpage",
    "pagesize",
    "limit",
    "size",
    "count",
    "maxresults",
    "pagelimit",
    "top",
];
const OFFSETS: &[&str] = &["offset", "skip", "startindex"];
const CURSORS: &[&str] = &[
    "cursor",
    "after",
    "startingafter",
    "startcursor",
    "pagetoken",
    "nexttoken",
    "continuationtoken",
    "marker",
];
const NEXT_CURSORS: &[&str] = &[
    "nextcursor",
    "nextpagetoken",
    "nexttoken",
    "endcursor",
    "continuationtoken",
    "nextmarker",
];
const NEXT_URLS: &[&str] = &["next", "nexturl", "nextpageurl", "nextpage", "nextlink"];
const MORE: &[&str] = &["hasmore", "more", "hasnextpage", "hasnext", "moreavailable"];
const TOTALS: &[&str] = &["total", "totalcount", "totalitems", "totalresults"];

/// The maximum number of properties on the way to a part of a response.
const DEPTH: usize = 2;

/// Finds the parts of operations that page through a list.
pub(super) struct PageFinder<'d> {
    document: &'d Value,
}

/// A query parameter.
struct Parameter<'d> {
    name: &'d str,
    schema: &'d Value,
}

/// A part of a response.
struct Part<'d> {
    pointer: String,
    name: String,
    schema: &'d Value,
}

impl<'d> PageFinder<'d> {
    pub(super) fn new(document: &'d Value) -> PageFinder<'d> {
        PageFinder { document }
    }

    /// Returns the extension for an operation, unless the document leaves it open.
    pub(super) fn pages(&self, item: &'d Value, operation: &'d Value) -> Option<Value> {
        if operation.get(PAGES).is_some() {
            return None;
        }
        let parameters = self.parameters(item, operation);
        let response = self.success(operation)?;
        let parts = self.parts(response);
        let (items, item_schema) = self.items(response, &parts)?;
        let part = |names: &[&str], kinds: &[&str]| {
            let mut named = parts.iter().filter(|part| {
                let kind = part.schema.get("type").and_then(Value::as_str);
                names.contains(&part.name.as_str()) && kinds.iter().any(|own| kind == Some(own))
            });
            let found = named.next()?;
            named.next().is_none().then(|| found.pointer.clone())
        };
        let parameter = |names: &[&str], kinds: &[&str]| {
            let mut named = parameters.iter().filter(|parameter| {
                let kind = parameter.schema.get("type").and_then(Value::as_str);
                names.contains(&plain(parameter.name).as_str())
                    && kinds.iter().any(|own| kind == Some(own))
            });
            let found = named.next()?;
            named.next().is_none().then_some(found)
        };
        let mut pages = Map::new();
        let texts = ["string", "integer", "number"];
        let cursor = parameter(CURSORS, &texts);
        let more = part(MORE, &["boolean"]);
        if let (Some(cursor), Some(next)) = (cursor, part(NEXT_CURSORS, &texts)) {
            pages.insert("cursor".to_owned(), json!(cursor.name));
            pages.insert("next".to_owned(), json!(next));
        } else if let (Some(cursor), Some(_)) = (cursor, &more)
            && plain(cursor.name) == "startingafter"
            && self.property(item_schema, "id").is_some()
        {
            pages.insert("cursor".to_owned(), json!(cursor.name));
            pages.insert("last".to_owned(), json!("/id"));
        } else if self.has_link(operation) {
            pages.insert("link".to_owned(), json!("next"));
        } else if let Some(url) = part(NEXT_URLS, &["string"]) {
            pages.insert("next_url".to_owned(), json!(url));
        } else {
            let total = part(TOTALS, &["integer"]);
            let tells_the_end = more.is_some() || total.is_some();
            let number = parameter(NUMBERS, &["integer"]);
            let offset = parameter(OFFSETS, &["integer"]);
            let size = parameter(SIZES, &["integer"])
                .filter(|size| size.schema.get("default").is_some_and(Value::is_i64));
            match (number, offset) {
                (Some(number), None) if tells_the_end || size.is_some() => {
                    let first = number
                        .schema
                        .get("default")
                        .or(number.schema.get("minimum"));
                    let first = first.and_then(Value::as_i64)?;
                    pages.insert("page".to_owned(), json!(number.name));
                    pages.insert("first".to_owned(), json!(first));
                }
                (None, Some(offset)) => {
                    pages.insert("offset".to_owned(), json!(offset.name));
                }
                _ => return None,
            }
            if let Some(size) = size {
                pages.insert("per_page".to_owned(), json!(size.name));
                for (key, keyword) in [("default", "default"), ("max", "maximum")] {
                    let value = size.schema.get(keyword).filter(|value| value.is_i64());
                    pages.extend(value.map(|value| (key.to_owned(), value.clone())));
                }
            }
            pages.extend(total.map(|total| ("total".to_owned(), json!(total))));
        }
        if !items.is_empty() {
            pages.insert("items".to_owned(), json!(items));
        }
        pages.extend(more.map(|more| ("more".to_owned(), json!(more))));
        Some(Value::Object(pages))
    }

    fn resolved(&self, value: &'d Value) -> &'d Value {
        let mut value = value;
        for _ in 0..20 {
            let reference = value.get("$ref").and_then(Value::as_str);
            let pointer = reference.and_then(|reference| reference.strip_prefix('#'));
            match pointer.and_then(|pointer| self.document.pointer(pointer)) {
                Some(target) => value = target,
                None => break,
            }
        }
        value
    }

    fn parameters(&self, item: &'d Value, operation: &'d Value) -> Vec<Parameter<'d>> {
        let lists = [operation, item].into_iter();
        let lists = lists.filter_map(|part| part.get("parameters")?.as_array());
        let read = |parameter: &'d Value| {
            let parameter = self.resolved(parameter);
            let is_query = parameter.get("in").is_some_and(|own| own == "query");
            Some(Parameter {
                name: parameter.get("name")?.as_str().filter(|_| is_query)?,
                schema: self.resolved(parameter.get("schema")?),
            })
        };
        lists.flatten().filter_map(read).collect()
    }

    /// Returns the response of the only success.
    fn success_response(&self, operation: &'d Value) -> Option<&'d Value> {
        let responses = operation.get("responses")?.as_object()?;
        let mut successes = responses
            .iter()
            .filter(|(status, _)| status.starts_with('2'));
        let (_, response) = successes.next()?;
        successes.next().is_none().then(|| self.resolved(response))
    }

    fn success(&self, operation: &'d Value) -> Option<&'d Value> {
        let content = self
            .success_response(operation)?
            .get("content")?
            .as_object()?;
        let (_, media) = content.iter().find(|(name, _)| name.contains("json"))?;
        Some(self.resolved(media.get("schema")?))
    }

    /// Returns true if the success has the header `Link`.
    fn has_link(&self, operation: &'d Value) -> bool {
        let headers = self
            .success_response(operation)
            .and_then(|own| own.get("headers"));
        let mut names = headers
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(Map::keys);
        names.any(|name| name.eq_ignore_ascii_case("link"))
    }

    /// Returns the list of items: the response, or its only list on the first level.
    fn items(&self, response: &'d Value, parts: &[Part<'d>]) -> Option<(String, &'d Value)> {
        let list = |schema: &'d Value| {
            let is_list = schema.get("type").is_some_and(|kind| kind == "array");
            let items = schema.get("items").filter(|_| is_list)?;
            Some(self.resolved(items))
        };
        if let Some(item) = list(response) {
            return Some((String::new(), item));
        }
        let first_level = parts
            .iter()
            .filter(|part| part.pointer.matches('/').count() == 1);
        let mut lists = first_level.filter_map(|part| Some((part, list(part.schema)?)));
        let (part, item) = lists.next()?;
        lists.next().is_none().then(|| (part.pointer.clone(), item))
    }

    fn property(&self, schema: &'d Value, name: &str) -> Option<&'d Value> {
        Some(self.resolved(schema.get("properties")?.get(name)?))
    }

    /// Returns the properties of a response, and the properties of these.
    fn parts(&self, response: &'d Value) -> Vec<Part<'d>> {
        let mut parts = Vec::new();
        self.add_parts(response, "", DEPTH, &mut parts);
        parts
    }

    fn add_parts(&self, schema: &'d Value, at: &str, depth: usize, parts: &mut Vec<Part<'d>>) {
        let all_of = schema.get("allOf").and_then(Value::as_array);
        for part in all_of.into_iter().flatten().filter(|_| depth > 0) {
            self.add_parts(self.resolved(part), at, depth - 1, parts);
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            let (pointer, schema) = (format!("{at}/{}", escape(name)), self.resolved(property));
            if depth > 1 {
                self.add_parts(schema, &pointer, depth - 1, parts);
            }
            parts.push(Part {
                pointer,
                name: plain(name),
                schema,
            });
        }
    }
}

/// Returns a name in lower case and without separators.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the proposal for an operation with query parameters and a response.
    fn proposed(parameters: &[(&str, Value)], response: &Value) -> Value {
        let parameters = parameters.iter();
        let parameters: Vec<Value> = parameters
            .map(|(name, schema)| json!({"in": "query", "name": name, "schema": schema}))
            .collect();
        let operation = json!({"parameters": parameters, "responses": {
            "200": {"content": {"application/json": {"schema": response}}},
            "404": {},
        }});
        let document = json!({"components": {"schemas": {
            "Pet": {"type": "object", "properties": {"id": {"type": "string"}}},
            "Pets": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}},
        }}});
        let finder = PageFinder {
            document: &document,
        };
        finder.pages(&Value::Null, &operation).unwrap_or_default()
    }

    fn page(properties: Value) -> Value {
        let mut page = json!({"type": "object", "properties": properties});
        page["properties"]["pets"] = json!({"$ref": "#/components/schemas/Pets"});
        page
    }

    #[test]
    fn proposes_what_is_plain() {
        let (text, integer) = (json!({"type": "string"}), json!({"type": "integer"}));
        let pets = json!({"$ref": "#/components/schemas/Pets"});
        let size = json!({"type": "integer", "default": 20, "maximum": 100});
        let first = json!({"type": "integer", "default": 1});
        assert_eq!(
            proposed(
                &[("page", first.clone()), ("per_page", size.clone())],
                &pets
            ),
            json!({"page": "page", "first": 1, "per_page": "per_page", "default": 20, "max": 100})
        );
        let counted =
            page(json!({"meta": {"type": "object", "properties": {"totalCount": integer}}}));
        assert_eq!(
            proposed(
                &[("offset", integer.clone()), ("limit", integer.clone())],
                &counted
            ),
            json!({"offset": "offset", "items": "/pets", "total": "/meta/totalCount"})
        );
        let cursors = page(json!({"next_page_token": text, "has_more": {"type": "boolean"}}));
        assert_eq!(
            proposed(&[("pageToken", text.clone())], &cursors),
            json!({"cursor": "pageToken", "next": "/next_page_token", "items": "/pets", "more": "/has_more"})
        );
        let flag = page(json!({"has_more": {"type": "boolean"}}));
        assert_eq!(
            proposed(
                &[("starting_after", text.clone()), ("limit", integer.clone())],
                &flag
            ),
            json!({"cursor": "starting_after", "last": "/id", "items": "/pets", "more": "/has_more"})
        );
        let links = page(json!({"links": {"type": "object", "properties": {"next": text}}}));
        assert_eq!(
            proposed(&[], &links),
            json!({"next_url": "/links/next", "items": "/pets"})
        );
    }

    #[test]
    fn proposes_nothing_that_is_open() {
        let integer = json!({"type": "integer"});
        let pets = json!({"$ref": "#/components/schemas/Pets"});
        // The number of the first page is unknown, the size of a page, or the list.
        let numbered = [
            ("page", integer.clone()),
            ("size", json!({"type": "integer", "default": 9})),
        ];
        assert_eq!(proposed(&numbered, &pets), Value::Null);
        let first = json!({"type": "integer", "minimum": 1});
        assert_eq!(
            proposed(&[("page", first.clone()), ("size", integer.clone())], &pets),
            Value::Null
        );
        let two = page(json!({"others": pets}));
        assert_eq!(proposed(&[("offset", integer.clone())], &two), Value::Null);
        assert_eq!(
            proposed(&[("page", first), ("offset", integer)], &pets),
            Value::Null
        );
        assert_eq!(proposed(&[], &pets), Value::Null);
    }
}
