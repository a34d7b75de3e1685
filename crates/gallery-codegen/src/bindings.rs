//! The Rust names of operations and parameters, and how each is sent.
//!
//! Lowering, code, documentation and conformance adapters all use these names. A name is the
//! snake case of the name in the document. If that is not an identifier, is already used, or is
//! reserved by generated code, a suffix such as `_path` or a number is added.

use std::collections::BTreeSet;

use gallery_spec::canonical::{Canonical, Endpoint};
use gallery_spec::draft::{Method, SIDE_EFFECTS};
use heck::ToPascalCase;
use openapiv3::Parameter;

use crate::constants::{Constant, constant};
use crate::downloads::is_download;
use crate::events::{Events, events};
use crate::identifiers::unique_identifier;
use crate::method_groups::GroupMethod;
use crate::pages::{self, PAGES, PagesBinding};
use crate::parameters::{ParameterBinding, ParameterLocation, listed_parameters};
use crate::reference;
use crate::responses::{ResponseTypes, response_types};
use crate::route::Route;
use crate::security::{Scheme, security};
use crate::wire::{self, BodyKind, OwnServer};

/// The names and encodings of all operations of a client.
#[derive(Clone, Debug)]
pub struct Bindings {
    /// The operations, in the order of the document.
    pub operations: Vec<OperationBinding>,
}

/// The names of an operation and its parts, and how they are sent.
#[derive(Clone, Debug)]
pub struct OperationBinding {
    /// The JSON pointer of the operation.
    pub pointer: String,
    /// The `operationId`.
    pub operation_id: String,
    /// The first tag.
    pub tag: Option<String>,
    /// The HTTP method.
    pub http_method: Method,
    /// The path template.
    pub path: String,
    /// The parsed path; empty if it is invalid, which lowering rejects.
    pub route: Route,
    /// The server, if it differs from that of the document.
    pub server: Option<OwnServer>,
    /// The alternative credentials. `None` if neither the operation nor the document has
    /// `security`.
    pub security: Option<Vec<Vec<Scheme>>>,
    /// The name of the operation in code: that of the client's method, unless it is in a group.
    pub method: String,
    /// The group and the name of the method in it.
    pub group: Option<GroupMethod>,
    /// The parameters: first those of the operation, then those of its path item.
    pub parameters: Vec<ParameterBinding>,
    /// The parameters with a fixed value. They have no setter.
    pub constants: Vec<Constant>,
    /// The body.
    pub body: Option<BodyBinding>,
    /// The types of responses.
    pub responses: ResponseTypes,
    /// True if the operation is deprecated.
    pub is_deprecated: bool,
    /// True if the operation changes something although its method is GET or HEAD.
    pub has_side_effects: bool,
    /// The pagination. Also `None` if the extension is invalid, which lowering rejects.
    pub pages: Option<PagesBinding>,
    /// True if the successes are files, which can be read while they arrive.
    pub is_download: bool,
    /// The events, if a success is a sequence of them.
    pub events: Option<Events>,
}

impl Bindings {
    /// Moves methods whose `operationId` is `group.method` into groups.
    #[must_use]
    pub(crate) fn grouped(mut self) -> Bindings {
        for operation in &mut self.operations {
            operation.group = GroupMethod::parse(&operation.operation_id);
        }
        self
    }

    /// Returns the names of the groups, sorted.
    pub(crate) fn groups(&self) -> BTreeSet<&str> {
        let groups = self.operations.iter().filter_map(|own| own.group.as_ref());
        groups.map(|own| own.group.as_str()).collect()
    }
}

impl OperationBinding {
    /// Returns the name of the method.
    pub(crate) fn method_name(&self) -> &str {
        self.group.as_ref().map_or(&self.method, |own| &own.method)
    }

    /// Returns the call of the method on a client, without arguments, such as `issues().list`.
    pub(crate) fn call_path(&self) -> String {
        let group = self.group.as_ref();
        group.map_or_else(|| self.method.clone(), GroupMethod::call_path)
    }

    /// Returns the path of the method in the module of the client, such as `Client::list_issues`.
    pub(crate) fn method_path(&self) -> String {
        let group = self.group.as_ref();
        group.map_or_else(|| format!("Client::{}", self.method), GroupMethod::path)
    }
}

/// The body of an operation.
#[derive(Clone, Debug)]
pub struct BodyBinding {
    /// The JSON pointer of the body.
    pub pointer: String,
    /// True if the body is required.
    pub required: bool,
    /// The media type. Empty if the body has no media type, which lowering rejects.
    pub media_type: String,
    /// The encoding.
    pub kind: BodyKind,
}

/// The setter of every body.
pub(crate) const BODY: &str = "body";

/// Names that setters do not have: those that builders use, and those that earlier versions used.
/// The latter keep the names of setters stable.
const RESERVED_SETTERS: &[&str] = &[
    "new",
    "send",
    "stream",
    "body",
    "body_map",
    "header_map",
    "client",
    "info",
    "value",
    "self",
    "super",
    "crate",
    "gen",
    "into",
    "try_into",
];

/// Assigns names to the parts of a document.
pub fn bindings(canonical: &Canonical) -> Bindings {
    let (mut methods, mut builders) = (BTreeSet::new(), BTreeSet::new());
    let mut operations = Vec::new();
    for endpoint in canonical.endpoints() {
        // `a_1` and `a1` are different methods, but their builders would have the same name.
        let is_usable = |name: &str| {
            gallery_spec::names::is_usable(name)
                && name != "with_options"
                && !builders.contains(&name.to_pascal_case())
        };
        let method = unique_identifier(
            endpoint.id(),
            endpoint.method.key(),
            &mut methods,
            is_usable,
        );
        builders.insert(method.to_pascal_case());
        operations.push(operation(canonical, &endpoint, method));
    }
    Bindings { operations }
}

fn operation(canonical: &Canonical, endpoint: &Endpoint<'_>, method: String) -> OperationBinding {
    let route = Route::parse(endpoint.path).unwrap_or_default();
    let responses = response_types(canonical, endpoint.method, endpoint.operation);
    let is_download = is_download(canonical, endpoint.operation, &responses.success);
    let events = events(canonical, endpoint.method, endpoint.operation);
    let is_method = |name: &str| match name {
        "pages" => endpoint.operation.extensions.contains_key(PAGES),
        "download" | "download_range" => is_download,
        "events" => events.is_some(),
        _ => false,
    };
    let (parameters, constants) = parameters(canonical, endpoint, &route, is_method);
    let body = endpoint.operation.request_body.as_ref().map(|body| {
        let body = reference::body(canonical, body);
        let media = body.and_then(wire::media_of);
        BodyBinding {
            pointer: format!("{}/requestBody", endpoint.pointer()),
            required: body.is_some_and(|body| body.required),
            media_type: media
                .as_ref()
                .map(|(media_type, ..)| (*media_type).to_owned())
                .unwrap_or_default(),
            kind: media.map_or(BodyKind::Bytes, |(.., kind)| kind),
        }
    });
    let pages = pages::read(canonical, endpoint, &parameters, &responses).and_then(Result::ok);
    OperationBinding {
        pointer: endpoint.pointer(),
        operation_id: endpoint.id().to_owned(),
        tag: endpoint
            .operation
            .tags
            .first()
            .filter(|tag| !tag.trim().is_empty())
            .cloned(),
        http_method: endpoint.method,
        path: endpoint.path.to_owned(),
        route,
        server: wire::own_server(canonical, endpoint),
        security: security(canonical, endpoint),
        method,
        group: None,
        parameters,
        constants,
        body,
        responses,
        is_deprecated: endpoint.operation.deprecated,
        has_side_effects: endpoint.operation.extensions.get(SIDE_EFFECTS) == Some(&true.into()),
        pages,
        is_download,
        events,
    }
}

/// Returns the parameters of an operation. `is_method` tells the names of the builder's methods.
fn parameters(
    canonical: &Canonical,
    endpoint: &Endpoint<'_>,
    route: &Route,
    is_method: impl Fn(&str) -> bool,
) -> (Vec<ParameterBinding>, Vec<Constant>) {
    let mut setters = BTreeSet::new();
    let (mut parameters, mut constants) = (Vec::new(), Vec::new());
    let listed = listed_parameters(canonical, endpoint);
    for (index, (pointer, parameter)) in listed.iter().enumerate() {
        let (location, name) = location_and_name(parameter);
        let is_same = |other: &Parameter| location_and_name(other) == (location, name);
        if listed[..index].iter().any(|(_, other)| is_same(other)) {
            continue; // The parameter of the operation overrides that of the path item.
        }
        if let Some(value) = constant(route, parameter) {
            constants.push(Constant {
                location,
                name: name.to_owned(),
                value,
            });
            continue;
        }
        let is_usable = |name: &str| {
            !RESERVED_SETTERS.contains(&name)
                && !is_method(name)
                && syn::parse_str::<syn::Ident>(name).is_ok()
        };
        parameters.push(ParameterBinding {
            pointer: pointer.clone(),
            location,
            name: name.to_owned(),
            key: wire::key(parameter.parameter_data_ref()).to_owned(),
            allows_slashes: wire::allows_slashes(parameter.parameter_data_ref()),
            is_deprecated: parameter
                .parameter_data_ref()
                .deprecated
                .unwrap_or_default(),
            setter: unique_identifier(name, location.key(), &mut setters, is_usable),
            style: wire::style(parameter),
        });
    }
    (parameters, constants)
}

fn location_and_name(parameter: &Parameter) -> (ParameterLocation, &str) {
    (
        ParameterLocation::of(parameter),
        &parameter.parameter_data_ref().name,
    )
}

impl OperationBinding {
    /// Returns the method and the path as they are sent, such as `GET /?Action=ListUsers`.
    pub fn request_line(&self) -> String {
        let path = self.path.split('#').next().unwrap_or(&self.path);
        let mut line = format!("{} {path}", self.http_method);
        let constants = self
            .constants
            .iter()
            .filter(|constant| constant.location == ParameterLocation::Query);
        for (position, constant) in constants.enumerate() {
            line.push(if position == 0 { '?' } else { '&' });
            line.push_str(&format!("{}={}", constant.name, constant.value));
        }
        line
    }

    /// Returns the parameter with this setter.
    pub fn by_setter(&self, setter: &str) -> Option<&ParameterBinding> {
        self.parameters
            .iter()
            .find(|parameter| parameter.setter == setter)
    }

    /// Returns the parameters with this location.
    pub fn of(&self, location: ParameterLocation) -> impl Iterator<Item = &ParameterBinding> {
        self.parameters
            .iter()
            .filter(move |parameter| parameter.location == location)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setters(names: &[(&str, &str)]) -> Vec<String> {
        let parameters: Vec<_> = names
            .iter()
            .map(|(location, name)| {
                serde_json::json!({"in": location, "name": name, "required": true, "schema": {"type": "string"}})
            })
            .collect();
        let document = serde_json::json!({
            "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
            "paths": {"/a": {"get": {"operationId": "a", "parameters": parameters, "responses": {"200": {"description": ""}}}}},
        });
        let canonical = Canonical::parse(&document.to_string()).unwrap();
        bindings(&canonical).operations[0]
            .parameters
            .iter()
            .map(|parameter| parameter.setter.clone())
            .collect()
    }

    #[test]
    fn setters_are_unique_identifiers() {
        assert_eq!(
            setters(&[
                ("path", "teamId"),
                ("query", "per_page"),
                ("header", "X-Trace")
            ]),
            ["team_id", "per_page", "x_trace"]
        );
        assert_eq!(
            setters(&[("path", "id"), ("query", "id"), ("header", "ID")]),
            ["id", "id_query", "id_header"]
        );
        assert_eq!(
            setters(&[("query", "type"), ("query", "body"), ("query", "send")]),
            ["type_query", "body_query", "send_query"]
        );
        assert_eq!(
            setters(&[
                ("query", "$expand"),
                ("query", "expand"),
                ("query", "_expand")
            ]),
            ["expand", "expand_query", "query_expand_v2"]
        );
        assert_eq!(
            setters(&[("query", "名"), ("query", "1st")]),
            ["ming", "query_1st_v2"]
        );
    }
}
