//! The parameters of an operation.

use gallery_spec::canonical::{Canonical, Endpoint};
use openapiv3::{Parameter, ParameterData};

use crate::reference;
use crate::wire::Style;

/// The location of a parameter, from its `in`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the variants are the values of `in`")]
pub enum ParameterLocation {
    Path,
    Query,
    Header,
    Cookie,
}

impl ParameterLocation {
    /// Returns the location of a parameter.
    pub(crate) fn of(parameter: &Parameter) -> ParameterLocation {
        match parameter {
            Parameter::Path { .. } => ParameterLocation::Path,
            Parameter::Query { .. } => ParameterLocation::Query,
            Parameter::Header { .. } => ParameterLocation::Header,
            Parameter::Cookie { .. } => ParameterLocation::Cookie,
        }
    }

    /// Returns the location as the value of `in`.
    pub fn key(self) -> &'static str {
        match self {
            ParameterLocation::Path => "path",
            ParameterLocation::Query => "query",
            ParameterLocation::Header => "header",
            ParameterLocation::Cookie => "cookie",
        }
    }
}

/// A parameter and its setter.
#[derive(Clone, Debug)]
pub struct ParameterBinding {
    /// The JSON pointer of the parameter.
    pub pointer: String,
    /// The location, from `in`.
    pub location: ParameterLocation,
    /// The name in the document.
    pub name: String,
    /// The key in requests: the name, or the pattern of `x-gallery-numbered-keys`.
    pub key: String,
    /// True if slashes in the value of a path parameter separate segments.
    pub allows_slashes: bool,
    /// The setter of the operation's builder.
    pub setter: String,
    /// True if the parameter is deprecated.
    pub is_deprecated: bool,
    /// The style and `explode`. `None` if no style can serialize the parameter. Lowering rejects
    /// such a document.
    pub style: Option<(Style, bool)>,
}

/// Returns the parameters of an operation with their JSON pointers: first its own, then those of
/// its path item.
///
/// Omits dangling references, which lowering rejects.
pub(crate) fn listed_parameters<'a>(
    canonical: &'a Canonical,
    endpoint: &Endpoint<'a>,
) -> Vec<(String, &'a Parameter)> {
    let operation_pointer = endpoint.pointer();
    let path_pointer = operation_pointer
        .rsplit_once('/')
        .map_or("", |(path, _)| path);
    [
        (operation_pointer.as_str(), &endpoint.operation.parameters),
        (path_pointer, &endpoint.item.parameters),
    ]
    .into_iter()
    .flat_map(|(owner, parameters)| {
        parameters
            .iter()
            .enumerate()
            .map(move |(index, parameter)| (format!("{owner}/parameters/{index}"), parameter))
    })
    .filter_map(|(pointer, parameter)| Some((pointer, reference::parameter(canonical, parameter)?)))
    .collect()
}

/// Returns the JSON pointers, the locations and the common data of [`listed_parameters`].
pub(crate) fn parameters_of<'a>(
    canonical: &'a Canonical,
    endpoint: &Endpoint<'a>,
) -> Vec<(String, ParameterLocation, &'a ParameterData)> {
    listed_parameters(canonical, endpoint)
        .into_iter()
        .map(|(pointer, parameter)| {
            let location = ParameterLocation::of(parameter);
            (pointer, location, parameter.parameter_data_ref())
        })
        .collect()
}
