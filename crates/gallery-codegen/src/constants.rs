//! Parameters with a fixed value, from the fragment of a path.

use openapiv3::{Parameter, ReferenceOr, SchemaKind, Type};

use crate::parameters::ParameterLocation;
use crate::route::Route;
use crate::wire;

/// A parameter with a fixed value, from the fragment of the path.
#[derive(Clone, Debug)]
pub struct Constant {
    /// The value of `in`.
    pub location: ParameterLocation,
    /// The name in requests.
    pub name: String,
    /// The value.
    pub value: String,
}

/// Returns the value of a required parameter that allows only the value in the path's fragment.
pub(crate) fn constant(route: &Route, parameter: &Parameter) -> Option<String> {
    let data = parameter.parameter_data_ref();
    if !data.required
        || !matches!(
            ParameterLocation::of(parameter),
            ParameterLocation::Query | ParameterLocation::Header
        )
    {
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
    let matches = |(name, constant): &(String, String)| {
        *name == data.name && (constant == value || *constant == percent_decoded(value))
    };
    route.constants.iter().any(matches).then(|| value.clone())
}

fn percent_decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}
