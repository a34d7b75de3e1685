//! Reduces the parameters of operations, and drops operations that cannot be called.

use std::collections::{BTreeMap, BTreeSet};

use gallery_spec::listings::is_header_name;
use openapiv3::{
    Operation, Parameter, ParameterData, ParameterSchemaOrContent, PathItem, PathStyle, ReferenceOr,
};

use super::parameters::text;
use super::reason::ReductionReason;
use super::reducer::Reducer;
use crate::constants::constant;
use crate::parameters::ParameterLocation;
use crate::reference;
use crate::route::Route;

/// The parts that the operations of a path item share.
pub(super) struct Shared {
    /// The path, or the reason why it cannot be sent.
    route: Result<Route, String>,
    parameters: Listed,
}

/// A list of parameters, of an operation or a path item.
#[derive(Default)]
struct Listed {
    /// The locations and names.
    names: BTreeSet<(ParameterLocation, String)>,
    /// The names of the headers by their lowercase.
    headers: BTreeMap<String, String>,
    /// The names of the parameters that the fragment of the path fixes.
    constants: BTreeSet<String>,
    /// The reason why a required parameter cannot be sent.
    unsendable: Option<String>,
}

impl Shared {
    /// Reduces the parameters of a path item.
    pub(super) fn new(
        reducer: &mut Reducer<'_>,
        path: &str,
        pointer: &str,
        item: &mut PathItem,
    ) -> Shared {
        let route = Route::parse(path);
        let parameters = match &route {
            Ok(route) => reducer.list_of(pointer, &mut item.parameters, route),
            Err(_) => Listed::default(),
        };
        Shared { route, parameters }
    }
}

impl Reducer<'_> {
    /// Reduces an operation. Returns false if it is dropped.
    pub(super) fn operation(
        &mut self,
        shared: &Shared,
        pointer: &str,
        operation: &mut Operation,
    ) -> bool {
        let route = match &shared.route {
            Ok(route) => route,
            Err(defect) => {
                let message = format!("{defect}: the operation is dropped");
                self.push(ReductionReason::Path, pointer, message);
                return false;
            }
        };
        self.adopt_case(&shared.parameters.headers, &mut operation.parameters);
        let own = self.list_of(pointer, &mut operation.parameters, route);
        if let Some(reason) = own
            .unsendable
            .as_ref()
            .or(shared.parameters.unsendable.as_ref())
        {
            let message = format!("{reason}: the operation is dropped");
            self.push(ReductionReason::RequiredParameter, pointer, message);
            return false;
        }
        let lists = [&own, &shared.parameters];
        // A name without a value may only distinguish two endpoints.
        let undeclared = route.constants.iter().find(|(name, value)| {
            !value.is_empty() && !lists.iter().any(|list| list.constants.contains(name))
        });
        if let Some((name, value)) = undeclared {
            let message = format!(
                "the fragment of the path has `{name}={value}`, but no required parameter `{name}` \
                 allows exactly this value: the operation is dropped"
            );
            self.push(ReductionReason::Constant, pointer, message);
            return false;
        }
        let variables: BTreeSet<&str> = route.variables().collect();
        for variable in variables {
            let name = (ParameterLocation::Path, variable.to_owned());
            if !lists.iter().any(|list| list.names.contains(&name)) {
                let message = format!("the path variable `{{{variable}}}` has no parameter: text");
                self.push(ReductionReason::UndeclaredPathVariable, pointer, message);
                let parameter = ReferenceOr::Item(path_parameter(variable));
                operation.parameters.push(parameter);
            }
        }
        if let Some(body) = &mut operation.request_body {
            self.listed_body(&format!("{pointer}/requestBody"), body);
        }
        self.responses(pointer, &mut operation.responses);
        true
    }

    /// Reduces a list of parameters.
    fn list_of(
        &mut self,
        owner: &str,
        parameters: &mut Vec<ReferenceOr<Parameter>>,
        route: &Route,
    ) -> Listed {
        let mut listed = Listed::default();
        let mut kept = Vec::new();
        let count = parameters.len();
        for (index, mut parameter) in std::mem::take(parameters).into_iter().enumerate() {
            let pointer = format!("{owner}/parameters/{index}");
            let resolved = reference::parameter(self.canonical, &parameter);
            let removed = match resolved {
                Some(resolved) => listed.add(resolved, route),
                None => Some((
                    ReductionReason::DanglingParameter,
                    "the parameter refers to a missing component".to_owned(),
                )),
            };
            if let Some((reason, message)) = removed {
                self.push(reason, pointer, format!("{message}: it is removed"));
                continue;
            }
            if let ReferenceOr::Item(parameter) = &mut parameter {
                self.parameter(&pointer, parameter);
            }
            kept.push(index);
            parameters.push(parameter);
        }
        if kept.len() < count {
            self.kept_parameters.insert(owner.to_owned(), kept);
        }
        listed
    }

    /// Gives headers the case of the same header of the path item, which they override.
    fn adopt_case(
        &self,
        headers: &BTreeMap<String, String>,
        parameters: &mut [ReferenceOr<Parameter>],
    ) {
        for parameter in parameters {
            let Some(resolved) = reference::parameter(self.canonical, parameter) else {
                continue;
            };
            let name = &resolved.parameter_data_ref().name;
            let other = headers.get(&name.to_ascii_lowercase());
            if let (Parameter::Header { .. }, Some(other)) = (resolved, other)
                && name != other
            {
                let mut renamed = resolved.clone();
                if let Parameter::Header { parameter_data, .. } = &mut renamed {
                    parameter_data.name.clone_from(other);
                }
                *parameter = ReferenceOr::Item(renamed);
            }
        }
    }
}

impl Listed {
    /// Adds a parameter. Returns a reason and a message if it cannot be sent.
    fn add(&mut self, parameter: &Parameter, route: &Route) -> Option<(ReductionReason, String)> {
        let data = parameter.parameter_data_ref();
        let (location, name) = (ParameterLocation::of(parameter), &data.name);
        let is_text = matches!(
            location,
            ParameterLocation::Header | ParameterLocation::Cookie
        );
        if is_text && !is_header_name(name) {
            let message = format!("`{name}` is not a valid {} name", location.key());
            if data.required {
                self.unsendable.get_or_insert_with(|| message.clone());
            }
            return Some((ReductionReason::ParameterName, message));
        }
        if location == ParameterLocation::Path && !route.variables().any(|own| own == name) {
            let message = format!("the path has no variable `{{{name}}}`");
            return Some((ReductionReason::SuperfluousPathParameter, message));
        }
        if location == ParameterLocation::Header {
            let lowercase = name.to_ascii_lowercase();
            if let Some(other) = self.headers.insert(lowercase, name.clone())
                && other != *name
            {
                let message = format!("the header `{name}` is declared twice");
                return Some((ReductionReason::RepeatedHeader, message));
            }
        }
        if constant(route, parameter).is_some() {
            self.constants.insert(name.clone());
        }
        self.names.insert((location, name.clone()));
        None
    }
}

/// Returns a required path parameter for text.
fn path_parameter(name: &str) -> Parameter {
    Parameter::Path {
        parameter_data: ParameterData {
            name: name.to_owned(),
            description: None,
            required: true,
            deprecated: None,
            format: ParameterSchemaOrContent::Schema(ReferenceOr::Item(text())),
            example: None,
            examples: indexmap::IndexMap::new(),
            explode: None,
            extensions: indexmap::IndexMap::new(),
        },
        style: PathStyle::Simple,
    }
}
