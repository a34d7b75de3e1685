//! What the setters of a generated client take, what its calls give and what its types are built of, read from its code: the tests, mocks and examples around a
//! client are written by it.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToPascalCase;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Ident, ImplItem, ImplItemFn, Item, ReturnType, Type, TypeParamBound, WherePredicate,
    parse_quote,
};

use crate::syntax::ident;

/// What each setter takes, by builder and setter, and what each call gives, by builder.
pub(crate) struct ClientApi {
    arguments: BTreeMap<(String, String), Type>,
    answers: BTreeMap<String, (Type, Type)>,
    /// The builders of calls whose body can be changed by its own builder.
    body_maps: BTreeSet<String>,
    /// The fields of each type that has a builder.
    fields: BTreeMap<String, Vec<Ident>>,
    /// The enumerations of texts.
    enumerations: BTreeSet<String>,
}

impl ClientApi {
    /// Reads the code of a client whose library is called `library`.
    pub(crate) fn read(code: &syn::File, library: &str) -> ClientApi {
        let (mut arguments, mut answers, mut body_maps) =
            (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        for item in module(code, "builder") {
            let Item::Impl(implementation) = item else {
                continue;
            };
            let Type::Path(builder) = implementation.self_ty.as_ref() else {
                continue;
            };
            let Some(builder) = builder.path.segments.last() else {
                continue;
            };
            for item in &implementation.items {
                let ImplItem::Fn(function) = item else {
                    continue;
                };
                if function.sig.ident == "body_map" {
                    body_maps.insert(builder.ident.to_string());
                }
                if let Some(mut kind) = argument(function) {
                    Qualify { library }.visit_type_mut(&mut kind);
                    arguments.insert(
                        (builder.ident.to_string(), function.sig.ident.to_string()),
                        kind,
                    );
                } else if let Some((mut success, mut error)) = answer(function) {
                    Qualify { library }.visit_type_mut(&mut success);
                    Qualify { library }.visit_type_mut(&mut error);
                    answers.insert(builder.ident.to_string(), (success, error));
                }
            }
        }
        ClientApi {
            arguments,
            answers,
            body_maps,
            fields: fields(code),
            enumerations: enumerations(code),
        }
    }

    /// Whether a call of an operation has `body_map`.
    pub(crate) fn has_body_map(&self, method: &str) -> bool {
        self.body_maps.contains(&method.to_pascal_case())
    }

    /// Whether a type is one of the client's enumerations of texts.
    pub(crate) fn is_enumeration(&self, kind: &Type) -> bool {
        let Type::Path(path) = kind else { return false };
        path.path
            .segments
            .last()
            .is_some_and(|last| self.enumerations.contains(&last.ident.to_string()))
            && path
                .path
                .segments
                .iter()
                .any(|segment| segment.ident == "types")
    }

    /// The fields of a type, if it has a builder.
    pub(crate) fn fields(&self, name: &str) -> Option<&[Ident]> {
        self.fields.get(name).map(Vec::as_slice)
    }

    /// What a call of an operation gives: the bodies of its successes and of its errors.
    pub(crate) fn answer(&self, method: &str) -> Option<&(Type, Type)> {
        self.answers.get(&method.to_pascal_case())
    }

    /// What a setter of an operation takes.
    pub(crate) fn argument(&self, method: &str, setter: &str) -> Type {
        let found = self
            .arguments
            .get(&(method.to_pascal_case(), setter.to_owned()));
        found.cloned().unwrap_or_else(|| parse_quote!(String))
    }

    /// Code for an argument that a setter takes, for examples.
    pub(crate) fn sample(&self, method: &str, setter: &str) -> String {
        let kind = self.argument(method, setter);
        let Type::Path(path) = &kind else {
            return "\"…\"".to_owned();
        };
        let last = path
            .path
            .segments
            .last()
            .map(|segment| segment.ident.to_string())
            .unwrap_or_default();
        let is_struct = path
            .path
            .segments
            .iter()
            .any(|segment| segment.ident == "types");
        match last.as_str() {
            "i32" | "i64" | "u64" => "1".to_owned(),
            "f64" => "1.0".to_owned(),
            "bool" => "true".to_owned(),
            "Value" => "serde_json::Value::Null".to_owned(),
            "Map" => "serde_json::Map::new()".to_owned(),
            "Multipart" => format!("{}::new()", spaceless(&kind)),
            "Vec" | "HashMap" | "Option" => format!("<{}>::default()", spaceless(&kind)),
            _ if is_struct && setter == crate::bindings::BODY => {
                format!("{}::builder()", spaceless(&kind))
            }
            _ => "\"…\"".to_owned(),
        }
    }
}

/// What is in a module of the client.
fn module<'a>(code: &'a syn::File, name: &'static str) -> impl Iterator<Item = &'a Item> {
    let modules = code.items.iter().filter_map(move |item| match item {
        Item::Mod(module) if module.ident == name => {
            module.content.as_ref().map(|(_, items)| items)
        }
        _ => None,
    });
    modules.flatten()
}

/// The fields of the structs that have a function `builder`, by name.
fn fields(code: &syn::File) -> BTreeMap<String, Vec<Ident>> {
    let is_builder =
        |item: &ImplItem| matches!(item, ImplItem::Fn(function) if function.sig.ident == "builder");
    let built: BTreeSet<String> = module(code, "types")
        .filter_map(|item| match item {
            Item::Impl(own) if own.items.iter().any(is_builder) => Some(spaceless(&own.self_ty)),
            _ => None,
        })
        .collect();
    let structs = module(code, "types").filter_map(|item| match item {
        Item::Struct(own) => Some((
            own.ident.to_string(),
            own.fields
                .iter()
                .filter_map(|field| field.ident.clone())
                .collect(),
        )),
        _ => None,
    });
    structs.filter(|(name, _)| built.contains(name)).collect()
}

/// The enums whose variants are words.
fn enumerations(code: &syn::File) -> BTreeSet<String> {
    let words = module(code, "types").filter_map(|item| match item {
        Item::Enum(own) if own.variants.iter().all(|variant| variant.fields.is_empty()) => {
            Some(own.ident.to_string())
        }
        _ => None,
    });
    words.collect()
}

fn spaceless(kind: &Type) -> String {
    let text = quote::quote!(#kind).to_string();
    text.split_whitespace().collect()
}

/// The `T` of `V: TryInto<T>`.
fn argument(setter: &ImplItemFn) -> Option<Type> {
    let predicates = &setter.sig.generics.where_clause.as_ref()?.predicates;
    let bounds = predicates.iter().filter_map(|predicate| match predicate {
        WherePredicate::Type(predicate) => Some(&predicate.bounds),
        _ => None,
    });
    bounds.flatten().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else {
            return None;
        };
        let last = bound
            .path
            .segments
            .last()
            .filter(|segment| segment.ident == "TryInto")?;
        let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
            return None;
        };
        match arguments.args.first()? {
            syn::GenericArgument::Type(kind) => Some(kind.clone()),
            _ => None,
        }
    })
}

/// The `T` and `E` of `send(…) -> Result<ResponseValue<T>, Error<E>>`.
fn answer(send: &ImplItemFn) -> Option<(Type, Type)> {
    let ReturnType::Type(_, result) = &send.sig.output else {
        return None;
    };
    let result = inner(result).filter(|_| send.sig.ident == "send")?;
    let [success, error] = result.as_slice() else {
        return None;
    };
    Some((
        inner(success)?.into_iter().next()?,
        inner(error)?.into_iter().next()?,
    ))
}

/// The types between the angles.
fn inner(kind: &Type) -> Option<Vec<Type>> {
    let Type::Path(path) = kind else { return None };
    let syn::PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments
    else {
        return None;
    };
    let kinds = arguments.args.iter().filter_map(|argument| match argument {
        syn::GenericArgument::Type(kind) => Some(kind.clone()),
        _ => None,
    });
    Some(kinds.collect())
}

/// `types::Book` becomes `library::types::Book`.
struct Qualify<'a> {
    library: &'a str,
}

impl VisitMut for Qualify<'_> {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        if path
            .segments
            .first()
            .is_some_and(|first| first.ident == "super")
        {
            path.segments = std::mem::take(&mut path.segments)
                .into_iter()
                .skip(1)
                .collect();
        }
        if path
            .segments
            .first()
            .is_some_and(|first| first.ident == "types")
        {
            path.segments.insert(0, ident(self.library).into());
        }
    }
}
