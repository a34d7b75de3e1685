//! Drafts an overlay that adds the types of another document, such as that of the vendor.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use openapi_text::template::{by_position, on_the_wire, variables};
use serde_json::{Map, Value, json};

use super::draft::quoted;
use super::operations::operations;
use crate::canonical::Canonical;
use gallery_draft::ASSUMED;

/// A draft of an overlay, and how many operations have a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypesDraft {
    /// The overlay, empty if nothing matches.
    pub text: String,
    /// The operations of the client that the other document has, as `METHOD PATH`.
    pub matched: Vec<String>,
    /// The operations of the client that the other document lacks.
    pub unmatched: Vec<String>,
    /// The operations of the other document that the client lacks.
    pub unused: Vec<String>,
}

/// Drafts an overlay for `canonical` with the types of `other`, an OpenAPI 3.0 document without
/// parameters in path items. `source` is the name of the other document.
///
/// Operations match if they have the same method and path; names of variables do not count. Paths
/// are compared with the base path of the server first, then without, then by their ends.
pub fn types_from(canonical: &Canonical, other: &Value, source: &str) -> TypesDraft {
    let own = serde_json::to_value(canonical.document()).unwrap_or_default();
    let candidates = Candidates::new(other);
    let mut draft = TypesDraft {
        text: String::new(),
        matched: Vec::new(),
        unmatched: Vec::new(),
        unused: Vec::new(),
    };
    let mut used = BTreeSet::new();
    let mut wanted = Reachable::default();
    let mut operation_actions = Vec::new();
    for operation in read_operations(&own) {
        let Some(number) = candidates.find(&operation) else {
            draft.unmatched.push(operation.title);
            continue;
        };
        used.insert(number);
        let theirs = &candidates.all[number];
        let actions = Actions {
            document: other,
            own: &operation,
            theirs,
        };
        let actions = actions.list();
        for action in &actions {
            wanted.add(&action["update"]);
        }
        let at = format!("{source}#{}", theirs.pointer);
        let actions: Vec<Value> = actions
            .into_iter()
            .map(|mut action| {
                action["x-source"] = json!(at);
                action
            })
            .collect();
        if !actions.is_empty() {
            operation_actions.push((operation.title.clone(), actions));
        }
        draft.matched.push(operation.title);
    }
    let all = candidates.all.iter().enumerate();
    draft.unused = all
        .filter(|(number, _)| !used.contains(number))
        .map(|(_, operation)| operation.title.clone())
        .collect();
    let document_action = document_action(&own, other, wanted);
    if draft.matched.is_empty() || (operation_actions.is_empty() && document_action.is_none()) {
        return draft;
    }
    draft.text = render(&own, source, &draft, document_action, &operation_actions);
    draft
}

/// An operation and what identifies it.
struct Operation<'a> {
    /// `METHOD PATH` as in the document.
    title: String,
    pointer: String,
    method: String,
    path: String,
    /// The path on the wire without the names of its variables, with the base path of the server.
    full_path: String,
    value: &'a Value,
}

fn read_operations(document: &Value) -> Vec<Operation<'_>> {
    operations(document)
        .filter_map(|(pointer, title, value)| {
            let (method, path) = title.split_once(' ')?;
            let server = value.pointer("/servers/0/url");
            let server = server.or_else(|| document.pointer("/servers/0/url"));
            let base = base_path(server.and_then(Value::as_str).unwrap_or_default());
            Some(Operation {
                pointer,
                method: method.to_owned(),
                path: path.to_owned(),
                full_path: format!("{base}{}", by_position(on_the_wire(path))),
                value,
                title,
            })
        })
        .collect()
}

/// Returns the path of a server's URL, without a trailing slash.
fn base_path(url: &str) -> String {
    let after_host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = after_host.find('/').map_or("", |at| &after_host[at..]);
    by_position(path.trim_end_matches('/'))
}

/// The operations of the other document, by what can match.
struct Candidates<'a> {
    all: Vec<Operation<'a>>,
    by_full_path: BTreeMap<(String, String), Vec<usize>>,
    by_path: BTreeMap<(String, String), Vec<usize>>,
    /// By each end of the path that starts with a slash.
    by_end: BTreeMap<(String, String), Vec<usize>>,
}

/// The number of segments that the end of a path needs to identify an operation.
const MIN_END: usize = 2;

impl<'a> Candidates<'a> {
    fn new(document: &'a Value) -> Candidates<'a> {
        let all = read_operations(document);
        let mut candidates = Candidates {
            all: Vec::new(),
            by_full_path: BTreeMap::new(),
            by_path: BTreeMap::new(),
            by_end: BTreeMap::new(),
        };
        for (number, operation) in all.iter().enumerate() {
            let key = |path: String| (operation.method.clone(), path);
            let path = by_position(on_the_wire(&operation.path));
            let add = |map: &mut BTreeMap<_, Vec<usize>>, path| {
                map.entry(key(path)).or_default().push(number);
            };
            add(&mut candidates.by_full_path, operation.full_path.clone());
            for end in ends(&operation.full_path) {
                add(&mut candidates.by_end, end.to_owned());
            }
            add(&mut candidates.by_path, path);
        }
        candidates.all = all;
        candidates
    }

    /// Returns the position of the operation that matches, if there is exactly one.
    fn find(&self, own: &Operation<'_>) -> Option<usize> {
        let of = |map: &BTreeMap<(String, String), Vec<usize>>, path: &str| match map
            .get(&(own.method.clone(), path.to_owned()))?
            .as_slice()
        {
            [one] => Some(*one),
            _ => None,
        };
        let path = by_position(on_the_wire(&own.path));
        let by_end = |path: &str| {
            (path.split('/').skip(1).count() >= MIN_END)
                .then(|| of(&self.by_end, path))
                .flatten()
        };
        of(&self.by_full_path, &own.full_path)
            .or_else(|| of(&self.by_path, &path))
            .or_else(|| by_end(&path))
    }
}

/// Returns the ends of a path that start with a slash, without the path itself.
fn ends(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/')
        .skip(1)
        .map(|(at, _)| &path[at..])
        .filter(|end| end.split('/').skip(1).count() >= MIN_END)
}

/// The actions for one operation.
struct Actions<'a> {
    document: &'a Value,
    own: &'a Operation<'a>,
    theirs: &'a Operation<'a>,
}

impl Actions<'_> {
    fn list(&self) -> Vec<Value> {
        let target = format!(
            "$.paths[{}].{}",
            quoted(&self.own.path),
            self.own.method.to_lowercase()
        );
        let mut actions = Vec::new();
        let mut update = Map::new();
        self.parameters(&target, &mut actions, &mut update);
        self.body(&target, &mut actions, &mut update);
        let responses = self.responses(&target, &mut actions);
        if !responses.is_empty() {
            update.insert("responses".to_owned(), responses.into());
        }
        if let Some(security) = self.theirs.value.get("security") {
            update.insert("security".to_owned(), security.clone());
        }
        if !update.is_empty() {
            actions.push(json!({"target": target, "update": update}));
        }
        actions
    }

    /// Adds an action for each parameter without a type, and the parameters that are missing to the
    /// update of the operation.
    fn parameters(&self, target: &str, actions: &mut Vec<Value>, update: &mut Map<String, Value>) {
        let names: BTreeMap<&str, &str> = variables(&self.theirs.path)
            .into_iter()
            .zip(variables(&self.own.path))
            .collect();
        let own = identified(self.own.value, self.document);
        let mut missing = Vec::new();
        for ((place, name), theirs) in identified(self.theirs.value, self.document) {
            let name = match place {
                "path" => names.get(name).copied().unwrap_or(name),
                _ => name,
            };
            match own.get(&(place, name)) {
                Some(own) if is_assumed(own, "type") => {
                    let mut update = Map::new();
                    for key in ["schema", "content", "required", "style", "explode"] {
                        if let Some(value) =
                            theirs.get(key).filter(|value| own.get(key) != Some(value))
                        {
                            update.insert(key.to_owned(), value.clone());
                        }
                    }
                    let target = format!(
                        "{target}.parameters[?@.in == '{place}' && @.name == {}]",
                        quoted(name)
                    );
                    actions.push(json!({"target": target, "update": update}));
                }
                Some(_) => {}
                None if place == "path" => {}
                None => missing.push(theirs.clone()),
            }
        }
        if !missing.is_empty() {
            update.insert("parameters".to_owned(), missing.into());
        }
    }

    /// Adds the body, if the operation has none or an assumed one.
    fn body(&self, target: &str, actions: &mut Vec<Value>, update: &mut Map<String, Value>) {
        let own = self.own.value.get("requestBody");
        let is_replaced = own.is_none_or(is_assumed_body);
        let theirs = self.theirs.value.get("requestBody");
        let Some(theirs) = theirs.and_then(|body| resolved(body, self.document)) else {
            return;
        };
        if is_replaced {
            // An update would keep the assumed media type beside those of the other document.
            if own.is_some() {
                actions.push(json!({"target": format!("{target}.requestBody"), "remove": true}));
            }
            update.insert("requestBody".to_owned(), theirs.clone());
        }
    }

    /// Returns the responses that the operation lacks, or whose content is assumed. Assumed content
    /// is removed by an action of its own, because an update would keep its media type.
    fn responses(&self, target: &str, actions: &mut Vec<Value>) -> Map<String, Value> {
        let own = self.own.value.get("responses");
        let theirs = self
            .theirs
            .value
            .get("responses")
            .and_then(Value::as_object);
        let mut responses = Map::new();
        for (status, response) in theirs.into_iter().flatten() {
            let own = own.and_then(|own| own.get(status));
            if own.is_some_and(|own| !is_assumed(own, "content")) {
                continue;
            }
            let Some(response) = resolved(response, self.document) else {
                continue;
            };
            if own.is_some_and(|own| own.get("content").is_some()) {
                let target = format!("{target}.responses[{}].content", quoted(status));
                actions.push(json!({"target": target, "remove": true}));
            }
            responses.insert(status.clone(), response.clone());
        }
        responses
    }
}

/// Returns the parameters of an operation by location and name.
fn identified<'a>(
    operation: &'a Value,
    document: &'a Value,
) -> BTreeMap<(&'a str, &'a str), &'a Value> {
    let parameters = operation.get("parameters").and_then(Value::as_array);
    parameters
        .into_iter()
        .flatten()
        .filter_map(|parameter| {
            let parameter = resolved(parameter, document)?;
            let text = |key| parameter.get(key).and_then(Value::as_str);
            Some(((text("in")?, text("name")?), parameter))
        })
        .collect()
}

/// Returns a part, or the component that it refers to.
fn resolved<'a>(part: &'a Value, document: &'a Value) -> Option<&'a Value> {
    match part.get("$ref").and_then(Value::as_str) {
        None => Some(part),
        Some(reference) => document.pointer(reference.strip_prefix('#')?),
    }
}

/// Returns true if the keyword of a part was assumed.
fn is_assumed(part: &Value, keyword: &str) -> bool {
    let assumed = part.get(ASSUMED).and_then(Value::as_array);
    assumed.is_some_and(|assumed| assumed.iter().any(|known| known == keyword))
}

fn is_assumed_body(body: &Value) -> bool {
    body.get(ASSUMED).is_some()
}

/// The components that the actions refer to.
#[derive(Default)]
struct Reachable {
    references: BTreeSet<String>,
    queue: Vec<String>,
}

impl Reachable {
    /// Adds all references in a value.
    fn add(&mut self, value: &Value) {
        let mut values = vec![value];
        while let Some(value) = values.pop() {
            match value {
                Value::Object(map) => {
                    if let Some(Value::String(reference)) = map.get("$ref") {
                        self.add_reference(reference);
                    }
                    if let Some(Value::Object(mapping)) = value.pointer("/discriminator/mapping") {
                        let targets = mapping.values().filter_map(Value::as_str);
                        targets.for_each(|target| self.add_reference(target));
                    }
                    values.extend(map.values());
                }
                Value::Array(items) => values.extend(items),
                _ => {}
            }
        }
    }

    fn add_reference(&mut self, reference: &str) {
        if reference.starts_with("#/components/") && self.references.insert(reference.to_owned()) {
            self.queue.push(reference.to_owned());
        }
    }
}

/// Returns the action on the document: components, and the security requirements of the document.
fn document_action(own: &Value, other: &Value, mut wanted: Reachable) -> Option<Value> {
    let mut components: Map<String, Value> = Map::new();
    while let Some(reference) = wanted.queue.pop() {
        let part = reference["#/components/".len()..].split_once('/');
        let (Some(value), Some((kind, name))) = (other.pointer(&reference[1..]), part) else {
            continue;
        };
        let is_own = own.pointer(&reference[1..]).is_some();
        if !is_own {
            wanted.add(value);
            let kind = components.entry(kind).or_insert_with(|| json!({}));
            kind[openapi_text::pointer::unescape(name).as_str()] = value.clone();
        }
    }
    let mut update = Map::new();
    for (key, has) in [
        ("security", own.get("security").is_some()),
        (
            "securitySchemes",
            own.pointer("/components/securitySchemes").is_some(),
        ),
    ] {
        let value = match key {
            "security" => other.get(key),
            _ => other
                .get("components")
                .and_then(|components| components.get(key)),
        };
        if let (Some(value), false) = (value, has) {
            match key {
                "security" => _ = update.insert(key.to_owned(), value.clone()),
                _ => _ = components.insert(key.to_owned(), value.clone()),
            }
        }
    }
    if !components.is_empty() {
        // Maps of a document have their own order; a draft is easier to compare if it is sorted.
        let sorted: BTreeMap<String, BTreeMap<String, Value>> = components
            .into_iter()
            .map(|(kind, items)| {
                let items = items.as_object().cloned().unwrap_or_default();
                (kind, items.into_iter().collect())
            })
            .collect();
        update.insert("components".to_owned(), json!(sorted));
    }
    (!update.is_empty()).then(|| json!({"target": "$", "update": update}))
}

fn render(
    own: &Value,
    source: &str,
    draft: &TypesDraft,
    document_action: Option<Value>,
    operation_actions: &[(String, Vec<Value>)],
) -> String {
    let title = own.pointer("/info/title").and_then(Value::as_str);
    let mut text = format!(
        "# A draft with the types of {}: {} of {} operations.\n\
         # Review it: a document of the vendor may describe another version of the API.\n\
         overlay: 1.1.0\ninfo:\n  title: {}\n  version: 1.0.0\n\
         x-reason: {}\nx-source: {}\nactions:\n",
        comment(source),
        draft.matched.len(),
        draft.matched.len() + draft.unmatched.len(),
        json!(format!("Types of the {} API", title.unwrap_or_default())),
        json!("The listing has no types."),
        json!(source),
    );
    if let Some(action) = document_action {
        text.push_str(&action_text(&action));
    }
    for (title, actions) in operation_actions {
        let _ = writeln!(text, "  # {}", comment(title));
        actions
            .iter()
            .for_each(|action| text.push_str(&action_text(action)));
    }
    for (what, titles) in [
        ("Operations of the client without a match", &draft.unmatched),
        (
            "Operations of the other document without a match",
            &draft.unused,
        ),
    ] {
        if !titles.is_empty() {
            let _ = writeln!(text, "\n# {what}:");
            for title in titles {
                let _ = writeln!(text, "#   {}", comment(title));
            }
        }
    }
    text
}

/// Returns an action as an item of a YAML list, with the target first.
fn action_text(action: &Value) -> String {
    let mut text = String::new();
    let keys = ["target", "remove", "update", "x-source"];
    for (key, value) in keys.iter().filter_map(|key| Some((key, action.get(key)?))) {
        let yaml = serde_yaml::to_string(&json!({*key: value})).unwrap_or_default();
        for line in yaml.lines() {
            let start = if text.is_empty() { "  - " } else { "    " };
            // Lines of block scalars can be empty.
            let _ = writeln!(text, "{}", format!("{start}{line}").trim_end());
        }
    }
    text
}

/// Returns text that stays in one comment line.
fn comment(text: &str) -> String {
    openapi_text::printable(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    const OWN: &str = r##"{
        "openapi": "3.0.3", "info": {"title": "Chat", "version": "1"},
        "servers": [{"url": "https://{host}/api/v4"}],
        "paths": {
            "/teams/{id}": {
                "get": {
                    "operationId": "a",
                    "parameters": [
                        {"name": "id", "in": "path", "required": true, "schema": {}, "x-gallery-assumed": ["type"]},
                        {"name": "page", "in": "query", "schema": {"type": "integer"}}
                    ],
                    "responses": {"200": {"description": "OK", "content": {"*/*": {}}, "x-gallery-assumed": ["content"]}}
                },
                "put": {
                    "operationId": "b",
                    "requestBody": {"content": {"application/json": {}}, "x-gallery-assumed": ["schema"]},
                    "responses": {"200": {"description": "OK"}}
                }
            },
            "/unknown": {"get": {"operationId": "c", "responses": {}}}
        }
    }"##;

    fn other() -> Value {
        json!({
            "openapi": "3.0.3", "info": {"title": "Vendor", "version": "1"},
            "servers": [{"url": "https://vendor.example.org"}],
            "security": [{"token": []}],
            "paths": {
                "/api/v4/teams/{team_id}": {
                    "get": {
                        "parameters": [
                            {"name": "team_id", "in": "path", "required": true, "schema": {"type": "string"}},
                            {"name": "page", "in": "query", "schema": {"type": "string"}},
                            {"$ref": "#/components/parameters/Deep"}
                        ],
                        "responses": {
                            "200": {"description": "A team", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Team"}}}}
                        }
                    },
                    "put": {
                        "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Team"}}}},
                        "responses": {}
                    }
                },
                "/api/v4/other": {"get": {"responses": {}}}
            },
            "components": {
                "parameters": {"Deep": {"name": "deep", "in": "query", "schema": {"type": "boolean"}}},
                "schemas": {
                    "Team": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Team"}, "kind": {"$ref": "#/components/schemas/Kind"}}},
                    "Kind": {"type": "string"},
                    "Unused": {"type": "string"}
                },
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}
            }
        })
    }

    #[test]
    fn drafts_the_types_of_matching_operations() {
        let canonical = Canonical::parse(OWN).unwrap();
        let draft = types_from(&canonical, &other(), "vendor.json");
        expect![[r##"
            # A draft with the types of vendor.json: 2 of 3 operations.
            # Review it: a document of the vendor may describe another version of the API.
            overlay: 1.1.0
            info:
              title: "Types of the Chat API"
              version: 1.0.0
            x-reason: "The listing has no types."
            x-source: "vendor.json"
            actions:
              - target: $
                update:
                  components:
                    schemas:
                      Kind:
                        type: string
                      Team:
                        properties:
                          kind:
                            $ref: '#/components/schemas/Kind'
                          next:
                            $ref: '#/components/schemas/Team'
                        type: object
                    securitySchemes:
                      token:
                        scheme: bearer
                        type: http
                  security:
                  - token: []
              # GET /teams/{id}
              - target: $.paths['/teams/{id}'].get.parameters[?@.in == 'path' && @.name == 'id']
                update:
                  schema:
                    type: string
                x-source: vendor.json#/paths/~1api~1v4~1teams~1{team_id}/get
              - target: $.paths['/teams/{id}'].get.responses['200'].content
                remove: true
                x-source: vendor.json#/paths/~1api~1v4~1teams~1{team_id}/get
              - target: $.paths['/teams/{id}'].get
                update:
                  parameters:
                  - in: query
                    name: deep
                    schema:
                      type: boolean
                  responses:
                    '200':
                      content:
                        application/json:
                          schema:
                            $ref: '#/components/schemas/Team'
                      description: A team
                x-source: vendor.json#/paths/~1api~1v4~1teams~1{team_id}/get
              # PUT /teams/{id}
              - target: $.paths['/teams/{id}'].put.requestBody
                remove: true
                x-source: vendor.json#/paths/~1api~1v4~1teams~1{team_id}/put
              - target: $.paths['/teams/{id}'].put
                update:
                  requestBody:
                    content:
                      application/json:
                        schema:
                          $ref: '#/components/schemas/Team'
                    required: true
                x-source: vendor.json#/paths/~1api~1v4~1teams~1{team_id}/put

            # Operations of the client without a match:
            #   GET /unknown

            # Operations of the other document without a match:
            #   GET /api/v4/other
        "##]]
        .assert_eq(&draft.text);
        assert_eq!(draft.unmatched, ["GET /unknown"]);
        assert_eq!(draft.unused, ["GET /api/v4/other"]);
    }

    #[test]
    fn matches_paths_by_base_path_then_path_then_end() {
        let find = |own_server: &str, own_path: &str, their_server: &str, their_path: &str| {
            let document = |server: &str, path: &str| json!({"servers": [{"url": server}], "paths": {path: {"get": {}}}});
            let (own, other) = (
                document(own_server, own_path),
                document(their_server, their_path),
            );
            let own = read_operations(&own);
            Candidates::new(&other).find(&own[0]).is_some()
        };
        assert!(find(
            "https://{host}/api/",
            "/teams/{a}",
            "https://h",
            "/api/teams/{b}"
        ));
        assert!(find(
            "https://h/other",
            "/teams/{a}",
            "https://h",
            "/teams/{b}"
        ));
        assert!(find(
            "https://h",
            "/teams/{a}",
            "https://h/api/v4",
            "/v5/teams/{b}"
        ));
        assert!(!find(
            "https://h",
            "/teams",
            "https://h/api/v4",
            "/v5/teams"
        ));
        assert!(!find("https://h", "/teams/{a}", "https://h", "/teams/me"));
    }
}
