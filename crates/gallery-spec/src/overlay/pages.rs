//! Proposes the pagination of operations where the document makes it plain.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use serde_json::{Map, Value, json};

use openapi_text::pointer::{escape, of_reference};

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
    /// The pages that responses with a schema are, by the address of the schema. Many operations
    /// can share one.
    responses: RefCell<HashMap<*const Value, Option<Rc<Page<'d>>>>>,
}

/// A query parameter or a part of the JSON body.
struct Parameter<'d> {
    /// The name, or the JSON pointer.
    name: Cow<'d, str>,
    /// The name in lowercase and without separators.
    plain: String,
    schema: &'d Value,
}

/// A response that is a page: its parts, as JSON pointers.
struct Page<'d> {
    items: String,
    /// The schema of an item.
    item: &'d Value,
    next_cursor: Option<String>,
    next_url: Option<String>,
    more: Option<String>,
    total: Option<String>,
}

/// A part of a response.
struct Part<'d> {
    pointer: String,
    name: String,
    schema: &'d Value,
}

/// The types of cursors.
const TEXTS: &[&str] = &["string", "integer", "number"];

impl<'d> PageFinder<'d> {
    pub(super) fn new(document: &'d Value) -> PageFinder<'d> {
        PageFinder {
            document,
            responses: RefCell::default(),
        }
    }

    /// Returns the extension for an operation, unless the document leaves it open.
    pub(super) fn pages(&self, item: &'d Value, operation: &'d Value) -> Option<Value> {
        if operation.get(PAGES).is_some() {
            return None;
        }
        let page = self.page(self.success(operation)?)?;
        let parameters = self.parameters(item, operation);
        let parameter = |names: &[&str], types: &[&str]| {
            only(parameters.iter().filter(|parameter| {
                names.contains(&parameter.plain.as_str()) && has_type(parameter.schema, types)
            }))
        };
        let mut pages = Map::new();
        let mut insert = |key: &str, value: Value| pages.insert(key.to_owned(), value);
        let cursor = parameter(CURSORS, TEXTS);
        if let (Some(cursor), Some(next)) = (cursor, &page.next_cursor) {
            insert("cursor", json!(cursor.name));
            insert("next", json!(next));
        } else if let (Some(cursor), Some(_)) = (cursor, &page.more)
            && cursor.plain == "startingafter"
            && self.property(page.item, "id").is_some()
        {
            insert("cursor", json!(cursor.name));
            insert("last", json!("/id"));
        } else if self.has_link(operation) {
            insert("link", json!("next"));
        } else if let Some(url) = &page.next_url {
            insert("next_url", json!(url));
        } else {
            let tells_the_end = page.more.is_some() || page.total.is_some();
            let number = parameter(NUMBERS, &["integer"]);
            let offset = parameter(OFFSETS, &["integer"]);
            let size = parameter(SIZES, &["integer"])
                .filter(|size| size.schema.get("default").is_some_and(Value::is_i64));
            match (number, offset) {
                (Some(number), None) if tells_the_end || size.is_some() => {
                    let first = number.schema.get("default");
                    let first = first.or_else(|| number.schema.get("minimum"));
                    let first = first.and_then(Value::as_i64)?;
                    insert("page", json!(number.name));
                    insert("first", json!(first));
                }
                (None, Some(offset)) => {
                    insert("offset", json!(offset.name));
                }
                _ => return None,
            }
            if let Some(size) = size {
                insert("per_page", json!(size.name));
                for (key, keyword) in [("default", "default"), ("max", "maximum")] {
                    let value = size.schema.get(keyword).filter(|value| value.is_i64());
                    value.map(|value| insert(key, value.clone()));
                }
            }
            page.total
                .as_ref()
                .map(|total| insert("total", json!(total)));
        }
        if !page.items.is_empty() {
            insert("items", json!(page.items));
        }
        page.more.as_ref().map(|more| insert("more", json!(more)));
        Some(Value::Object(pages))
    }

    /// Returns the page that a response with this schema is.
    fn page(&self, schema: &'d Value) -> Option<Rc<Page<'d>>> {
        let address = std::ptr::from_ref(schema);
        if let Some(known) = self.responses.borrow().get(&address) {
            return known.clone();
        }
        let page = self.read_page(schema).map(Rc::new);
        self.responses.borrow_mut().insert(address, page.clone());
        page
    }

    fn read_page(&self, schema: &'d Value) -> Option<Page<'d>> {
        let parts = self.parts(schema);
        let (items, item) = self.items(schema, &parts)?;
        let part = |names: &[&str], types: &[&str]| {
            let named = only(parts.iter().filter(|part| {
                names.contains(&part.name.as_str()) && has_type(part.schema, types)
            }));
            named.map(|part| part.pointer.clone())
        };
        Some(Page {
            next_cursor: part(NEXT_CURSORS, TEXTS),
            next_url: part(NEXT_URLS, &["string"]),
            more: part(MORE, &["boolean"]),
            total: part(TOTALS, &["integer"]),
            items,
            item,
        })
    }

    fn resolved(&self, value: &'d Value) -> &'d Value {
        let mut value = value;
        for _ in 0..20 {
            let reference = value.get("$ref").and_then(Value::as_str);
            let pointer = reference.and_then(of_reference);
            match pointer.and_then(|pointer| self.document.pointer(&pointer)) {
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
            let name = parameter.get("name")?.as_str().filter(|_| is_query)?;
            Some(Parameter {
                name: name.into(),
                plain: plain(name),
                schema: self.resolved(parameter.get("schema")?),
            })
        };
        let parts = self.request(operation).map(|body| self.parts(body));
        let parts = parts.into_iter().flatten().map(|part| Parameter {
            name: part.pointer.into(),
            plain: part.name,
            schema: part.schema,
        });
        lists.flatten().filter_map(read).chain(parts).collect()
    }

    /// Returns the schema of the JSON body of requests.
    fn request(&self, operation: &'d Value) -> Option<&'d Value> {
        self.json(self.resolved(operation.get("requestBody")?))
    }

    /// Returns the schema of JSON in a request body or a response.
    fn json(&self, body: &'d Value) -> Option<&'d Value> {
        let content = body.get("content")?.as_object()?;
        let (_, media) = content.iter().find(|(name, _)| name.contains("json"))?;
        Some(self.resolved(media.get("schema")?))
    }

    /// Returns the response of the only success.
    fn success_response(&self, operation: &'d Value) -> Option<&'d Value> {
        let responses = operation.get("responses")?.as_object()?;
        let successes = responses
            .iter()
            .filter(|(status, _)| status.starts_with('2'));
        only(successes).map(|(_, response)| self.resolved(response))
    }

    fn success(&self, operation: &'d Value) -> Option<&'d Value> {
        self.json(self.success_response(operation)?)
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
        let (part, item) = only(first_level.filter_map(|part| Some((part, list(part.schema)?))))?;
        Some((part.pointer.clone(), item))
    }

    fn property(&self, schema: &'d Value, name: &str) -> Option<&'d Value> {
        Some(self.resolved(schema.get("properties")?.get(name)?))
    }

    /// Returns the properties of a body, and the properties of these.
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

/// Returns the only item, or nothing if there are several.
fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let found = items.next()?;
    items.next().is_none().then_some(found)
}

fn has_type(schema: &Value, types: &[&str]) -> bool {
    let own = schema.get("type").and_then(Value::as_str);
    own.is_some_and(|own| types.contains(&own))
}

/// Returns a name in lower case and without separators.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests;
