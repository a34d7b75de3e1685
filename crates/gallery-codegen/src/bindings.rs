//! How the parts of a canonical document are called in Rust: endpoint to method, parameter (place and name) to setter.
//!
//! Lowering obeys these names, the passes and the documentation look them up, and the conformance adapters call by them. A name is
//! the snake_case of what the document says; where that is no Rust name, is taken, or would meet a word of the generated code, it
//! gets the place behind it (`id_path`), and then a number.

use std::collections::BTreeSet;

use gallery_spec::canonical::{Canonical, Endpoint};
use gallery_spec::draft::Method;
use heck::{ToPascalCase, ToSnakeCase};
use openapiv3::{Parameter, ParameterData, ReferenceOr, RequestBody, SchemaKind, Type};

use crate::answers::{Answers, answers};
use crate::pages::{self, PagesBinding};
use crate::route::Route;
use crate::security::{Scheme, security};
use crate::wire::{self, BodyKind, OwnServer, Style};

/// The names of a client.
#[derive(Clone, Debug)]
pub struct Bindings {
    /// The operations, in the order of the document.
    pub operations: Vec<OperationBinding>,
}

/// The names of an operation and its parts.
#[derive(Clone, Debug)]
pub struct OperationBinding {
    /// JSON pointer of the operation.
    pub pointer: String,
    /// The operation's id in the document.
    pub operation_id: String,
    /// The HTTP method.
    pub http_method: Method,
    /// The path template.
    pub path: String,
    /// The path taken apart; empty when it cannot be, which lowering refuses.
    pub route: Route,
    /// The server, where it is not the document's.
    pub server: Option<OwnServer>,
    /// The credentials that the document says it takes; `None` where it says nothing of security, for any operation.
    pub security: Option<Vec<Vec<Scheme>>>,
    /// The client's method.
    pub method: String,
    /// The parameters: first those of the operation, then those that it shares with others of its path.
    pub parameters: Vec<ParameterBinding>,
    /// The parameters that always have one and the same value, and so no setter.
    pub constants: Vec<Constant>,
    /// The body, if there is one.
    pub body: Option<BodyBinding>,
    /// What the answers are read as.
    pub answers: Answers,
    /// How the answered list comes in pages; none also where it cannot, which lowering refuses.
    pub pages: Option<PagesBinding>,
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names of OpenAPI's places say it")]
pub enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

impl Location {
    /// The word that OpenAPI has for it.
    pub fn key(self) -> &'static str {
        match self {
            Location::Path => "path",
            Location::Query => "query",
            Location::Header => "header",
            Location::Cookie => "cookie",
        }
    }
}

/// The name of a parameter.
#[derive(Clone, Debug)]
pub struct ParameterBinding {
    /// JSON pointer of the parameter.
    pub pointer: String,
    /// Where it goes.
    pub location: Location,
    /// Its name over the wire.
    pub name: String,
    /// The builder's setter.
    pub setter: String,
    /// How a list or object is written, and whether it is exploded; none when progenitor's limits or OpenAPI's leave no way, which
    /// lowering refuses.
    pub style: Option<(Style, bool)>,
}

/// A parameter that the path has behind its `#`.
#[derive(Clone, Debug)]
pub struct Constant {
    /// Where it goes.
    pub location: Location,
    /// Its name over the wire.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// How a body is given.
#[derive(Clone, Debug)]
pub struct BodyBinding {
    /// JSON pointer of the body.
    pub pointer: String,
    /// Whether it must be given.
    pub required: bool,
    /// The media type in which it is sent; empty when there is none, which lowering refuses.
    pub media_type: String,
    /// How it goes over the wire.
    pub kind: BodyKind,
}

/// The setter of every body.
pub const BODY: &str = "body";

/// Names that the code around a parameter or a method has for itself.
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

/// Names the parts of a document.
pub fn bindings(canonical: &Canonical) -> Bindings {
    let (mut taken, mut builders) = (BTreeSet::new(), BTreeSet::new());
    let mut operations = Vec::new();
    for endpoint in canonical.endpoints() {
        // `a_1` and `a1` are two methods, but their builders would be one type.
        let usable = |name: &str| {
            gallery_spec::names::is_usable(name)
                && name != "with_options"
                && !builders.contains(&name.to_pascal_case())
        };
        let method = free(endpoint.id(), endpoint.method.key(), &mut taken, usable);
        builders.insert(method.to_pascal_case());
        operations.push(operation(canonical, &endpoint, method));
    }
    // Where the document says something of some operations, the others ask for nothing, as OpenAPI has it.
    if operations
        .iter()
        .any(|operation| operation.security.is_some())
    {
        operations
            .iter_mut()
            .for_each(|operation| _ = operation.security.get_or_insert_default());
    }
    Bindings { operations }
}

fn operation(canonical: &Canonical, endpoint: &Endpoint<'_>, method: String) -> OperationBinding {
    let route = Route::parse(endpoint.path).unwrap_or_default();
    let mut taken = BTreeSet::new();
    let (mut parameters, mut constants): (Vec<ParameterBinding>, Vec<Constant>) =
        (Vec::new(), Vec::new());
    let listed = listed_parameters(canonical, endpoint);
    for (at, (pointer, parameter)) in listed.iter().enumerate() {
        let (location, data) = (location(parameter), parameter.parameter_data_ref());
        let is_same =
            |other: &Parameter| location_and_name(other) == (location, data.name.as_str());
        if listed[..at].iter().any(|(_, other)| is_same(other)) {
            continue; // The operation's own parameter stands in for the path's.
        }
        if let Some(value) = constant(&route, parameter) {
            constants.push(Constant {
                location,
                name: data.name.clone(),
                value,
            });
            continue;
        }
        let usable = |name: &str| {
            !RESERVED_SETTERS.contains(&name) && syn::parse_str::<syn::Ident>(name).is_ok()
        };
        let setter = free(&data.name, location.key(), &mut taken, usable);
        let style = wire::style(parameter);
        parameters.push(ParameterBinding {
            pointer: pointer.clone(),
            location,
            name: data.name.clone(),
            setter,
            style,
        });
    }
    let body = endpoint.operation.request_body.as_ref().map(|body| {
        let body = resolved_body(canonical, body);
        let media = body.and_then(wire::media_of);
        BodyBinding {
            pointer: format!("{}/requestBody", endpoint.pointer()),
            required: body.is_some_and(|body| body.required),
            media_type: media
                .as_ref()
                .map(|(kind, ..)| (*kind).to_owned())
                .unwrap_or_default(),
            kind: media.map_or(BodyKind::Bytes, |(.., kind)| kind),
        }
    });
    let answers = answers(canonical, endpoint.method, endpoint.operation);
    let pages = pages::read(canonical, endpoint, &parameters, &answers).and_then(Result::ok);
    OperationBinding {
        pointer: endpoint.pointer(),
        operation_id: endpoint.id().to_owned(),
        http_method: endpoint.method,
        path: endpoint.path.to_owned(),
        route,
        server: wire::own_server(canonical, endpoint),
        security: security(canonical, endpoint),
        method,
        parameters,
        constants,
        body,
        answers,
        pages,
    }
}

/// The value of a required parameter that the path has behind its `#`, and that may have no other.
fn constant(route: &Route, parameter: &Parameter) -> Option<String> {
    let data = parameter.parameter_data_ref();
    if !data.required || !matches!(location(parameter), Location::Query | Location::Header) {
        return None;
    }
    let ReferenceOr::Item(schema) = wire::schema_of(data)? else {
        return None;
    };
    let SchemaKind::Type(Type::String(string)) = &schema.schema_kind else {
        return None;
    };
    let [Some(value)] = string.enumeration.as_slice() else {
        return None;
    };
    let is_ours = |(name, own): &(String, String)| {
        *name == data.name && (own == value || *own == decoded(value))
    };
    route.constants.iter().any(is_ours).then(|| value.clone())
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

fn location_and_name(parameter: &Parameter) -> (Location, &str) {
    (location(parameter), &parameter.parameter_data_ref().name)
}

/// How many numbered names are tried. A document that needs more is refused, since its names help nobody.
const NUMBERS: std::ops::Range<u32> = 2..10_000;

/// A name of its own for `wished`; empty when none can be made, which lowering refuses.
fn free(
    wished: &str,
    place: &str,
    taken: &mut BTreeSet<String>,
    usable: impl Fn(&str) -> bool,
) -> String {
    let ascii: String = wished
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect();
    let whole = ascii.to_snake_case();
    let placed = format!("{whole}_{place}")
        .trim_start_matches('_')
        .to_owned();
    // There is room for the place and a number behind a name that is too long.
    let stem = whole
        .get(..gallery_spec::names::MAX_LENGTH - 20)
        .unwrap_or(&whole)
        .trim_matches('_')
        .to_owned();
    let numbered = NUMBERS.map(|number| format!("{place}_{stem}_v{number}").replace("__", "_"));
    let mut names = [whole, placed, stem.clone()].into_iter().chain(numbered);
    let name = names
        .find(|name| usable(name) && !taken.contains(name))
        .unwrap_or_default();
    taken.insert(name.clone());
    name
}

/// The parameters of an operation, its own first, with their JSON pointers. References are followed one step, as far as OpenAPI
/// allows; dangling ones are left out, and lowering refuses them.
pub(crate) fn listed_parameters<'a>(
    canonical: &'a Canonical,
    endpoint: &Endpoint<'a>,
) -> Vec<(String, &'a Parameter)> {
    let path_pointer = endpoint.pointer();
    let path_pointer = path_pointer.rsplit_once('/').map_or("", |(path, _)| path);
    let own = endpoint
        .operation
        .parameters
        .iter()
        .enumerate()
        .map(|(at, p)| (format!("{}/parameters/{at}", endpoint.pointer()), p));
    let shared = endpoint
        .item
        .parameters
        .iter()
        .enumerate()
        .map(|(at, p)| (format!("{path_pointer}/parameters/{at}"), p));
    own.chain(shared)
        .filter_map(|(pointer, parameter)| {
            Some((pointer, resolved_parameter(canonical, parameter)?))
        })
        .collect()
}

/// [`listed_parameters`], with the place of each and what those of all places have.
pub(crate) fn parameters_of<'a>(
    canonical: &'a Canonical,
    endpoint: &Endpoint<'a>,
) -> Vec<(String, Location, &'a ParameterData)> {
    let listed = listed_parameters(canonical, endpoint).into_iter();
    listed
        .map(|(pointer, parameter)| (pointer, location(parameter), parameter.parameter_data_ref()))
        .collect()
}

pub(crate) fn location(parameter: &Parameter) -> Location {
    match parameter {
        Parameter::Path { .. } => Location::Path,
        Parameter::Query { .. } => Location::Query,
        Parameter::Header { .. } => Location::Header,
        Parameter::Cookie { .. } => Location::Cookie,
    }
}

pub(crate) fn resolved_parameter<'a>(
    canonical: &'a Canonical,
    parameter: &'a ReferenceOr<Parameter>,
) -> Option<&'a Parameter> {
    match parameter {
        ReferenceOr::Item(parameter) => Some(parameter),
        ReferenceOr::Reference { reference } => {
            let name = reference.strip_prefix("#/components/parameters/")?;
            canonical
                .document()
                .components
                .as_ref()?
                .parameters
                .get(name)?
                .as_item()
        }
    }
}

pub(crate) fn resolved_body<'a>(
    canonical: &'a Canonical,
    body: &'a ReferenceOr<RequestBody>,
) -> Option<&'a RequestBody> {
    match body {
        ReferenceOr::Item(body) => Some(body),
        ReferenceOr::Reference { reference } => {
            let name = reference.strip_prefix("#/components/requestBodies/")?;
            canonical
                .document()
                .components
                .as_ref()?
                .request_bodies
                .get(name)?
                .as_item()
        }
    }
}

impl OperationBinding {
    /// The parameter with this setter.
    pub fn by_setter(&self, setter: &str) -> Option<&ParameterBinding> {
        self.parameters
            .iter()
            .find(|parameter| parameter.setter == setter)
    }

    /// The parameters of one place.
    pub fn of(&self, location: Location) -> impl Iterator<Item = &ParameterBinding> {
        self.parameters
            .iter()
            .filter(move |parameter| parameter.location == location)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut_and_stay_apart() {
        let mut taken = BTreeSet::new();
        let mut method = |id: &str| free(id, "get", &mut taken, gallery_spec::names::is_usable);
        let long = "a-sentence-that-goes-on-and-on-until-nobody-remembers-how-it-began-".repeat(2);
        assert_eq!(method(&long), "a_sentence_that_goes_on_and_on_until_nob");
        assert_eq!(
            method(&long),
            "get_a_sentence_that_goes_on_and_on_until_nob_v2"
        );
        assert_eq!(
            method(&long),
            "get_a_sentence_that_goes_on_and_on_until_nob_v3"
        );
        assert_eq!(method("new"), "new_get");
    }

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
    fn setters_are_rust_names_and_unique() {
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
            ["query", "query_1st_v2"]
        );
    }
}
