//! The Rust types of values, and how they are written.

use quote::ToTokens;
use syn::{GenericArgument, PathArguments, Type};

/// A type in generated code.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum RustType {
    String,
    /// A number or `bool`.
    Scalar(&'static str),
    /// `serde_json::Value`.
    Json,
    Option(Box<RustType>),
    Box(Box<RustType>),
    Vec(Box<RustType>),
    /// A map from strings to values.
    Map(Box<RustType>),
    /// `serde_json::Map<String, serde_json::Value>`.
    JsonMap,
    /// A type of `gallery_runtime::formats`, by name.
    Format(String),
    /// A type of the client, by name.
    Named(String),
    /// Any other type, as written.
    Other(String),
}

const SCALARS: &[&str] = &[
    "bool", "f32", "f64", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64",
];

impl RustType {
    /// Reads a type that progenitor wrote. Of a reference, reads the type it refers to.
    pub(crate) fn read(kind: &Type) -> RustType {
        if let Type::Reference(reference) = kind {
            return RustType::read(&reference.elem);
        }
        let inner = |name| {
            let inner = arguments(kind, name)?;
            Some(Box::new(RustType::read(inner.last()?)))
        };
        let Type::Path(path) = kind else {
            return RustType::other(kind);
        };
        let Some(last) = path.path.segments.last() else {
            return RustType::other(kind);
        };
        let name = last.ident.to_string();
        // typify writes the paths of other crates with `::`. No type of a client is named `Option`.
        let (is_external, is_single) = (
            path.path.leading_colon.is_some(),
            path.path.segments.len() == 1,
        );
        let mut segments = path.path.segments.iter();
        if segments.any(|segment| segment.ident == "formats") {
            return RustType::Format(name);
        }
        let read = match name.as_str() {
            "Option" if is_external || is_single => inner("Option").map(RustType::Option),
            // typify boxes optional values of recursive types as a whole.
            "Box" if is_external => inner("Box").map(|boxed| match *boxed {
                RustType::Option(inner) => RustType::Option(Box::new(RustType::Box(inner))),
                boxed => RustType::Box(Box::new(boxed)),
            }),
            "Vec" if is_external => inner("Vec").map(RustType::Vec),
            "HashMap" if is_external => inner("HashMap").map(RustType::Map),
            "str" if is_single => Some(RustType::String),
            "String" if is_external || is_single => Some(RustType::String),
            "Map" if is_external => Some(RustType::JsonMap),
            "Value" if is_external => Some(RustType::Json),
            _ if is_external => None,
            scalar if is_single && SCALARS.contains(&scalar) => SCALARS
                .iter()
                .find(|own| **own == scalar)
                .map(|own| RustType::Scalar(own)),
            _ => Some(RustType::Named(name)),
        };
        read.unwrap_or_else(|| RustType::other(kind))
    }

    fn other(kind: &Type) -> RustType {
        RustType::Other(kind.to_token_stream().to_string().replace(' ', ""))
    }

    /// Writes the type. `types` is the path of the module of the client's types, with `::`. It is
    /// empty in that module.
    pub(crate) fn text(&self, types: &str) -> String {
        let formats = match types.strip_suffix("types::") {
            Some(root) => format!("{root}formats::"),
            None => "super::formats::".to_owned(),
        };
        self.with_paths(types, &formats)
    }

    /// Writes the type without paths, for documentation.
    pub(crate) fn name(&self) -> String {
        self.with_paths("", "")
    }

    fn with_paths(&self, types: &str, formats: &str) -> String {
        let text = |inner: &RustType| inner.with_paths(types, formats);
        match self {
            RustType::String => "String".to_owned(),
            RustType::Scalar(name) => (*name).to_owned(),
            RustType::Json => "serde_json::Value".to_owned(),
            RustType::JsonMap => "serde_json::Map<String, serde_json::Value>".to_owned(),
            RustType::Option(inner) => format!("Option<{}>", text(inner)),
            RustType::Box(inner) => format!("Box<{}>", text(inner)),
            RustType::Vec(inner) => format!("Vec<{}>", text(inner)),
            RustType::Map(inner) => {
                format!("std::collections::HashMap<String, {}>", text(inner))
            }
            RustType::Format(name) => format!("{formats}{name}"),
            RustType::Named(name) => format!("{types}{name}"),
            RustType::Other(text) => text.clone(),
        }
    }

    /// Calls `visit` with the names of the client's types in this type.
    pub(crate) fn each_type(&self, visit: &mut impl FnMut(&str)) {
        match self {
            RustType::Option(inner)
            | RustType::Box(inner)
            | RustType::Vec(inner)
            | RustType::Map(inner) => inner.each_type(visit),
            RustType::Named(name) => visit(name),
            RustType::String
            | RustType::Scalar(_)
            | RustType::Json
            | RustType::JsonMap
            | RustType::Format(_)
            | RustType::Other(_) => {}
        }
    }

    /// Calls `change` with the types in this type, and then with this type.
    pub(crate) fn each_mut(&mut self, change: &mut impl FnMut(&mut RustType)) {
        if let RustType::Option(inner)
        | RustType::Box(inner)
        | RustType::Vec(inner)
        | RustType::Map(inner) = self
        {
            inner.each_mut(change);
        }
        change(self);
    }

    /// Returns `T` for `Box<T>`.
    pub(crate) fn without_box(&self) -> &RustType {
        match self {
            RustType::Box(inner) => inner,
            other => other,
        }
    }

    /// Returns `T` for `Option<T>`.
    pub(crate) fn without_option(&self) -> &RustType {
        match self {
            RustType::Option(inner) => inner,
            other => other,
        }
    }
}

/// Returns the generic arguments of `NAME<…>`.
fn arguments<'t>(kind: &'t Type, name: &str) -> Option<Vec<&'t Type>> {
    let Type::Path(path) = kind else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(kind) => Some(kind),
        _ => None,
    });
    (last.ident == name).then(|| types.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_types() {
        for (written, expected) in [
            ("::std::string::String", "String"),
            (
                "::std::option::Option<::std::vec::Vec<i64>>",
                "Option<Vec<i64>>",
            ),
            ("Result<bool, String>", "types::Result"),
            ("Option<&'a str>", "Option<String>"),
            ("&'a types::Pet", "types::Pet"),
            ("::serde_json::Value", "serde_json::Value"),
            (
                "::serde_json::Map<::std::string::String, ::serde_json::Value>",
                "serde_json::Map<String, serde_json::Value>",
            ),
            (
                "::std::collections::HashMap<::std::string::String, types::Pet>",
                "std::collections::HashMap<String, types::Pet>",
            ),
            ("::std::boxed::Box<Pet>", "Box<types::Pet>"),
            (
                "::std::boxed::Box<::std::option::Option<Pet>>",
                "Option<Box<types::Pet>>",
            ),
            ("Option<formats::Date>", "Option<formats::Date>"),
            ("types::builder::Pet", "types::Pet"),
            ("types::Value", "types::Value"),
            ("types::Map", "types::Map"),
            ("Value", "types::Value"),
            ("Map", "types::Map"),
            ("()", "()"),
        ] {
            let kind = syn::parse_str(written).unwrap();
            assert_eq!(RustType::read(&kind).text("types::"), expected, "{written}");
        }
    }
}
