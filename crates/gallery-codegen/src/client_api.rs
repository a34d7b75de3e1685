//! Reads the public API of a generated client from its code.
//!
//! Conformance adapters, mock servers and examples use it to call the client with the right types.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToPascalCase;
use syn::visit_mut::{self, VisitMut};
use syn::{
    GenericArgument, Ident, ImplItem, ImplItemFn, Item, PathArguments, ReturnType, Type,
    TypeParamBound, WherePredicate, parse_quote,
};

use crate::syntax::ident;

/// The types that the builders of a client accept and return.
pub(crate) struct ClientApi {
    /// The argument types, by builder and setter.
    arguments: BTreeMap<(String, String), Type>,
    /// The bodies of successes and errors, by builder.
    responses: BTreeMap<String, (Type, Type)>,
    /// The builders that have a function `body_map`.
    body_maps: BTreeSet<String>,
    /// The fields of structs that have a builder, by struct.
    fields: BTreeMap<String, Vec<StructField>>,
    /// The enums that represent strings.
    enumerations: BTreeSet<String>,
}

/// A field of a struct.
pub(crate) struct StructField {
    pub(crate) name: Ident,
    /// True if the field distinguishes null from absent.
    pub(crate) is_nullable: bool,
    /// The type of the field, if the field has no default.
    required: Option<Type>,
}

impl ClientApi {
    /// Reads the code of a client. `library` becomes the path prefix of the client's types.
    pub(crate) fn read(code: &syn::File, library: &str) -> ClientApi {
        let (mut arguments, mut responses, mut body_maps) =
            (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        let mut qualify = Qualify { library };
        for item in module_items(code, "builder") {
            let Item::Impl(implementation) = item else {
                continue;
            };
            let Type::Path(builder) = implementation.self_ty.as_ref() else {
                continue;
            };
            let Some(builder) = builder.path.segments.last() else {
                continue;
            };
            let builder = builder.ident.to_string();
            for item in &implementation.items {
                let ImplItem::Fn(function) = item else {
                    continue;
                };
                if function.sig.ident == "body_map" {
                    body_maps.insert(builder.clone());
                }
                if let Some(mut argument) = setter_argument(function) {
                    qualify.visit_type_mut(&mut argument);
                    let setter = function.sig.ident.to_string();
                    arguments.insert((builder.clone(), setter), argument);
                } else if let Some((mut success, mut error)) = sent_response(function) {
                    qualify.visit_type_mut(&mut success);
                    qualify.visit_type_mut(&mut error);
                    responses.insert(builder.clone(), (success, error));
                }
            }
        }
        ClientApi {
            arguments,
            responses,
            body_maps,
            fields: fields(code),
            enumerations: enumerations(code),
        }
    }

    /// True if the builder of an operation has a function `body_map`.
    pub(crate) fn has_body_map(&self, method: &str) -> bool {
        self.body_maps.contains(&method.to_pascal_case())
    }

    /// True if a type is an enum of the client that represents a string.
    pub(crate) fn is_enumeration(&self, ty: &Type) -> bool {
        let Type::Path(path) = ty else { return false };
        let name = last_segment(&path.path);
        is_in_types(&path.path) && name.is_some_and(|name| self.enumerations.contains(&name))
    }

    /// Returns the fields of a struct. `None` if the struct has no builder.
    pub(crate) fn fields(&self, name: &str) -> Option<&[StructField]> {
        self.fields.get(name).map(Vec::as_slice)
    }

    /// Returns the types of the bodies that an operation returns on success and on error.
    pub(crate) fn response_types(&self, method: &str) -> Option<&(Type, Type)> {
        self.responses.get(&method.to_pascal_case())
    }

    /// Returns the argument type of a setter.
    pub(crate) fn argument(&self, method: &str, setter: &str) -> Type {
        let key = (method.to_pascal_case(), setter.to_owned());
        let argument = self.arguments.get(&key).cloned();
        argument.unwrap_or_else(|| parse_quote!(String))
    }

    /// Returns an expression for the argument of a setter, for examples.
    pub(crate) fn sample(&self, method: &str, setter: &str) -> Sample {
        let ty = self.argument(method, setter);
        match &ty {
            Type::Path(path) if is_in_types(&path.path) && setter == crate::bindings::BODY => {
                self.built(&path.path, &without_spaces(&ty))
            }
            _ => sample(&ty),
        }
    }

    /// Returns the builder of a type, with its required fields.
    fn built(&self, path: &syn::Path, ty: &str) -> Sample {
        let name = last_segment(path).unwrap_or_default();
        let fields = self.fields(&name).unwrap_or_default();
        let mut built = Sample {
            expression: format!("{ty}::builder()"),
            is_valid: self.fields.contains_key(&name),
        };
        for field in fields {
            if let Some(required) = &field.required {
                let sample = sample(required);
                let name = &field.name;
                built.expression += &format!(".{name}({})", sample.expression);
                built.is_valid &= sample.is_valid;
            }
        }
        built
    }
}

/// An expression in an example.
pub(crate) struct Sample {
    pub(crate) expression: String,
    /// True if the client certainly accepts the value.
    pub(crate) is_valid: bool,
}

/// Returns an expression of a type. Texts are accepted for other types if they have the right form.
fn sample(ty: &Type) -> Sample {
    let text = || (r#""…""#.to_owned(), false);
    let (expression, is_valid) = match ty {
        Type::Path(path) => match last_segment(&path.path).unwrap_or_default().as_str() {
            "i32" | "i64" | "u64" => ("1".to_owned(), true),
            "f64" => ("1.0".to_owned(), true),
            "bool" => ("true".to_owned(), true),
            "Value" => ("serde_json::Value::Null".to_owned(), true),
            "Map" => ("serde_json::Map::new()".to_owned(), true),
            "String" => (text().0, true),
            "Multipart" => (format!("{}::new()", without_spaces(ty)), true),
            "Vec" | "HashMap" | "Option" => (format!("<{}>::default()", without_spaces(ty)), true),
            _ => text(),
        },
        _ => text(),
    };
    Sample {
        expression,
        is_valid,
    }
}

/// Returns the items of a module of the client.
fn module_items<'a>(code: &'a syn::File, name: &'static str) -> impl Iterator<Item = &'a Item> {
    let modules = code.items.iter().filter_map(move |item| match item {
        Item::Mod(module) if module.ident == name => {
            module.content.as_ref().map(|(_, items)| items)
        }
        _ => None,
    });
    modules.flatten()
}

/// Returns the fields of structs that have an associated function `builder`, by struct.
fn fields(code: &syn::File) -> BTreeMap<String, Vec<StructField>> {
    let is_builder =
        |item: &ImplItem| matches!(item, ImplItem::Fn(function) if function.sig.ident == "builder");
    let with_builder: BTreeSet<String> = module_items(code, "types")
        .filter_map(|item| match item {
            Item::Impl(implementation) if implementation.items.iter().any(is_builder) => {
                Some(without_spaces(&implementation.self_ty))
            }
            _ => None,
        })
        .collect();
    let structs = module_items(code, "types").filter_map(|item| match item {
        Item::Struct(structure) => Some(structure),
        _ => None,
    });
    structs
        .map(|structure| {
            let fields = structure.fields.iter();
            let fields = fields.filter_map(|field| {
                Some(StructField {
                    name: field.ident.clone()?,
                    is_nullable: is_double_option(&field.ty),
                    required: is_required(field).then(|| field.ty.clone()),
                })
            });
            (structure.ident.to_string(), fields.collect())
        })
        .filter(|(name, _)| with_builder.contains(name))
        .collect()
}

/// Returns true if the field of a struct has no default.
fn is_required(field: &syn::Field) -> bool {
    let attributes = field.attrs.iter();
    let mut serde = attributes.filter(|attribute| attribute.path().is_ident("serde"));
    !serde.any(|attribute| {
        let text = quote::quote!(#attribute).to_string();
        text.contains("default") || text.contains("flatten")
    })
}

/// Returns true for `Option<Option<T>>`.
fn is_double_option(ty: &Type) -> bool {
    let inside_option = |ty: &Type| {
        let Type::Path(path) = ty else { return None };
        let is_option = last_segment(&path.path).is_some_and(|name| name == "Option");
        type_arguments(ty)?.into_iter().next().filter(|_| is_option)
    };
    inside_option(ty).is_some_and(|inner| inside_option(&inner).is_some())
}

/// Returns the names of the enums whose variants have no fields.
fn enumerations(code: &syn::File) -> BTreeSet<String> {
    let enums = module_items(code, "types").filter_map(|item| match item {
        Item::Enum(enumeration) => Some(enumeration),
        _ => None,
    });
    enums
        .filter(|enumeration| enumeration.variants.iter().all(|v| v.fields.is_empty()))
        .map(|enumeration| enumeration.ident.to_string())
        .collect()
}

fn last_segment(path: &syn::Path) -> Option<String> {
    path.segments
        .last()
        .map(|segment| segment.ident.to_string())
}

/// True if a path leads through the client's module `types`.
fn is_in_types(path: &syn::Path) -> bool {
    path.segments.iter().any(|segment| segment.ident == "types")
}

fn without_spaces(ty: &Type) -> String {
    let text = quote::quote!(#ty).to_string();
    text.split_whitespace().collect()
}

/// Returns `T` for a setter with the bound `V: TryInto<T>`.
fn setter_argument(setter: &ImplItemFn) -> Option<Type> {
    let predicates = &setter.sig.generics.where_clause.as_ref()?.predicates;
    let bounds = predicates.iter().filter_map(|predicate| match predicate {
        WherePredicate::Type(predicate) => Some(&predicate.bounds),
        _ => None,
    });
    bounds.flatten().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else {
            return None;
        };
        let last = bound.path.segments.last()?;
        let PathArguments::AngleBracketed(arguments) = &last.arguments else {
            return None;
        };
        match arguments.args.first()? {
            GenericArgument::Type(ty) if last.ident == "TryInto" => Some(ty.clone()),
            _ => None,
        }
    })
}

/// Returns `T` and `E` for `send(…) -> Result<ResponseValue<T>, Error<E>>`.
fn sent_response(send: &ImplItemFn) -> Option<(Type, Type)> {
    let ReturnType::Type(_, result) = &send.sig.output else {
        return None;
    };
    let result = type_arguments(result).filter(|_| send.sig.ident == "send")?;
    let [success, error] = result.as_slice() else {
        return None;
    };
    Some((
        type_arguments(success)?.into_iter().next()?,
        type_arguments(error)?.into_iter().next()?,
    ))
}

/// Returns the generic arguments of a type that are types.
fn type_arguments(ty: &Type) -> Option<Vec<Type>> {
    let Type::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    });
    Some(types.collect())
}

/// Replaces `types::Book` and `super::types::Book` with `library::types::Book`.
struct Qualify<'a> {
    library: &'a str,
}

impl VisitMut for Qualify<'_> {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        let starts_with = |path: &syn::Path, name: &str| {
            let first = path.segments.first();
            first.is_some_and(|first| first.ident == name)
        };
        if starts_with(path, "super") {
            path.segments = std::mem::take(&mut path.segments)
                .into_iter()
                .skip(1)
                .collect();
        }
        if starts_with(path, "types") {
            path.segments.insert(0, ident(self.library).into());
        }
    }
}
