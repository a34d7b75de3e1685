//! The signatures of a client's methods and setters.
//!
//! Required arguments are arguments of the method, so that the compiler enforces them: first path
//! parameters in the order of the path, then other required parameters by name, then the body.
//! This order does not depend on the order of parameters in the document, because two arguments of
//! the same type could otherwise be swapped without an error. Optional arguments are setters of the
//! builder that the method returns.

use std::collections::BTreeMap;

use heck::ToPascalCase;
use syn::Type;

use crate::bindings::{BODY, OperationBinding};
use crate::code::response_types::{
    ResponseBody, StatusEnum, event_body, properties, response_body,
};
use crate::code::runtime_names::RuntimeNames;
use crate::code::rust_type::RustType;
use crate::code::types::Types;
use crate::lower::Lowered;
use crate::parameters::{ParameterBinding, ParameterLocation};
use crate::progenitor::{Declarations, GenerateError};
use crate::wire::BodyKind;

/// The signatures of an operation.
#[derive(Clone, Debug)]
pub(crate) struct Signature {
    /// The name of the builder.
    pub(crate) builder: String,
    /// The required arguments of the method, without the body.
    pub(crate) required: Vec<Argument>,
    /// The optional arguments.
    pub(crate) optional: Vec<Argument>,
    /// The body.
    pub(crate) body: Option<Body>,
    /// The type of successful responses.
    pub(crate) success: ResponseBody,
    /// The type of error responses.
    pub(crate) error: ResponseBody,
    /// The type of the items of a paginated list.
    pub(crate) item: Option<RustType>,
    /// The type of the data of events.
    pub(crate) event: Option<ResponseBody>,
}

/// An argument of a parameter.
#[derive(Clone, Debug)]
pub(crate) struct Argument {
    /// The index of the parameter in the binding.
    pub(crate) index: usize,
    /// The name of the argument or setter.
    pub(crate) name: String,
    pub(crate) kind: RustType,
}

/// The body of a request.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) is_required: bool,
    pub(crate) kind: BodyType,
}

/// The type of a body.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum BodyType {
    /// A value that is sent as JSON.
    Json(RustType),
    /// A value that is sent as a form.
    Form(RustType),
    /// A form of this type, or any form.
    Multipart(Option<RustType>),
    Bytes,
}

impl BodyType {
    /// Returns the type of a value, unless the body consists of bytes or any parts.
    pub(crate) fn value(&self) -> Option<&RustType> {
        match self {
            BodyType::Json(kind) | BodyType::Form(kind) | BodyType::Multipart(Some(kind)) => {
                Some(kind)
            }
            BodyType::Multipart(None) | BodyType::Bytes => None,
        }
    }
}

/// Returns the signatures of all operations, in the order of the bindings.
pub(crate) fn signatures(
    declarations: &Declarations,
    lowered: &Lowered,
) -> Result<Vec<Signature>, GenerateError> {
    let properties = properties(&declarations.types, lowered);
    let operations = lowered.bindings().operations.iter();
    operations
        .map(|binding| {
            let builder = binding.method.to_pascal_case();
            let (responses, name) = (&binding.responses, format!("{builder}Response"));
            let success = response_body(binding, &responses.success, lowered, &properties, name)?;
            let name = format!("{builder}Error");
            let error = response_body(binding, &responses.error, lowered, &properties, name)?;
            let arguments = declarations.arguments.get(&binding.method);
            let form = lowered.multipart().get(&binding.method).cloned();
            let (required, optional, body) = arguments_of(binding, arguments, form)?;
            Ok(Signature {
                builder,
                required,
                optional,
                body,
                success,
                error,
                item: None,
                event: event_body(binding, lowered, &properties)?,
            })
        })
        .collect()
}

/// The required arguments, the optional ones, and the body.
type ArgumentsOf = (Vec<Argument>, Vec<Argument>, Option<Body>);

fn arguments_of(
    binding: &OperationBinding,
    declared: Option<&BTreeMap<String, Type>>,
    form: Option<String>,
) -> Result<ArgumentsOf, GenerateError> {
    let field = |name: &str| {
        let kind = declared.and_then(|declared| declared.get(name));
        kind.map(RustType::read).ok_or_else(|| {
            GenerateError::Missing(format!("argument `{name}` of `{}`", binding.method))
        })
    };
    let (mut required, mut optional) = (Vec::new(), Vec::new());
    for (index, parameter) in binding.parameters.iter().enumerate() {
        let name = parameter.setter.clone();
        match field(&name)? {
            RustType::Option(kind) => optional.push(Argument {
                index,
                name,
                kind: *kind,
            }),
            kind => required.push(Argument { index, name, kind }),
        }
    }
    required.sort_by_key(|argument| position(binding, &binding.parameters[argument.index]));
    let body = binding.body.as_ref().map(|body| {
        let kind = match &body.kind {
            BodyKind::Json => BodyType::Json(field(BODY)?),
            BodyKind::Form(_) => BodyType::Form(field(BODY)?),
            BodyKind::Multipart => BodyType::Multipart(form.map(RustType::Named)),
            BodyKind::Bytes => BodyType::Bytes,
        };
        let is_required = body.required;
        Ok::<_, GenerateError>(Body { is_required, kind })
    });
    Ok((required, optional, body.transpose()?))
}

/// Returns the position of a required argument: that of its variable in the path, or its name.
fn position<'b>(
    binding: &'b OperationBinding,
    parameter: &'b ParameterBinding,
) -> (usize, &'b str) {
    let mut variables = binding.route.variables();
    let position = variables.position(|name| name == parameter.name);
    match parameter.location {
        ParameterLocation::Path => (position.unwrap_or(usize::MAX - 1), &parameter.setter),
        _ => (usize::MAX, &parameter.setter),
    }
}

impl Signature {
    /// Returns the enums of successes and errors.
    pub(crate) fn status_enums(&self) -> impl Iterator<Item = &StatusEnum> {
        [&self.success, &self.error]
            .into_iter()
            .filter_map(ResponseBody::by_status)
    }

    /// Returns the name of the type of a multipart body.
    pub(crate) fn form(&self) -> Option<&str> {
        match &self.body.as_ref()?.kind {
            BodyType::Multipart(Some(RustType::Named(name))) => Some(name),
            _ => None,
        }
    }

    /// Calls `change` with the types of arguments, body and responses, and with the types in these.
    pub(crate) fn each_type_mut(&mut self, change: &mut impl FnMut(&mut RustType)) {
        for argument in self.required.iter_mut().chain(&mut self.optional) {
            argument.kind.each_mut(change);
        }
        if let Some(body) = &mut self.body
            && let BodyType::Json(kind) | BodyType::Form(kind) | BodyType::Multipart(Some(kind)) =
                &mut body.kind
        {
            kind.each_mut(change);
        }
        let responses = [&mut self.success, &mut self.error];
        for body in responses.into_iter().chain(&mut self.event) {
            body.each_type_mut(change);
        }
        if let Some(item) = &mut self.item {
            item.each_mut(change);
        }
    }

    /// Calls `visit` with the names of the client's types in arguments, body and responses.
    pub(crate) fn each_type(&self, visit: &mut impl FnMut(&str)) {
        for argument in self.required.iter().chain(&self.optional) {
            argument.kind.each_type(visit);
        }
        if let Some(kind) = self.body.as_ref().and_then(|body| body.kind.value()) {
            kind.each_type(visit);
        }
        for body in [&self.success, &self.error].into_iter().chain(&self.event) {
            body.each_type(visit);
        }
    }
}

/// Calls `change` with all types that types and signatures use, and with the types in these.
pub(crate) fn each_type_mut(
    types: &mut Types,
    signatures: &mut [Signature],
    mut change: impl FnMut(&mut RustType),
) {
    for declaration in types.values_mut() {
        declaration.each_type_mut(&mut change);
    }
    for signature in signatures {
        signature.each_type_mut(&mut change);
    }
}

impl Argument {
    /// Returns the type of the method's argument.
    pub(crate) fn method_type(&self) -> String {
        match &self.kind {
            RustType::String | RustType::Format(_) => "impl Text".to_owned(),
            RustType::Json => "impl Into<serde_json::Value>".to_owned(),
            RustType::Vec(items) => items_type(items, "types::", "Text"),
            RustType::Named(name) => format!("impl Into<types::{name}>"),
            kind => kind.text("types::"),
        }
    }

    /// Returns the type of the setter's argument.
    pub(crate) fn setter_type(&self, names: &RuntimeNames) -> String {
        match &self.kind {
            RustType::String | RustType::Format(_) => {
                format!("impl {}", names.get("OptionalText"))
            }
            RustType::Vec(items) => items_type(items, "super::types::", &names.get("Text")),
            kind => format!("impl Into<Option<{}>>", kind.text("super::types::")),
        }
    }
}

/// Returns the type of an argument that is a list.
fn items_type(items: &RustType, types: &str, text: &str) -> String {
    match items {
        RustType::String | RustType::Format(_) => {
            format!("impl IntoIterator<Item = impl {text}>")
        }
        RustType::Named(_) => format!("impl IntoIterator<Item = impl Into<{}>>", items.text(types)),
        items => format!("impl IntoIterator<Item = {}>", items.text(types)),
    }
}
