//! The public API of a client, parsed from its code.

use std::collections::BTreeMap;

use heck::ToSnakeCase;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, FnArg, GenericArgument, ImplItem, Item, LitStr, Pat, PathArguments};

use crate::document::nameless;
use crate::macros::{StatusEnum, TaggedUnion, enum_name};

/// The public API of a client.
#[derive(Default)]
pub(crate) struct Surface {
    /// The calls by method and nameless path.
    calls: BTreeMap<(String, String), Vec<Call>>,
    /// The enums of module `responses`: the statuses and types of their variants.
    responses: BTreeMap<String, Vec<(Pat, Option<Type>)>>,
    /// The types of module `types`.
    pub(crate) types: BTreeMap<String, Declaration>,
}

/// A call: its method, and the types of its success, its error and its body.
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) success: Type,
    pub(crate) error: Type,
    pub(crate) body: Option<Type>,
}

/// A type of module `types`.
pub(crate) enum Declaration {
    /// The properties and types of fields.
    Struct(Vec<(String, Type)>),
    /// The types of variants, without `Unknown`. Those of tagged unions have the order of the
    /// alternatives.
    Union { is_tagged: bool, types: Vec<Type> },
    /// An enum of strings.
    Strings,
}

/// A type as far as the counts need it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Type {
    Untyped,
    /// `serde_json::Value`.
    Json,
    List(Box<Type>),
    Map(Box<Type>),
    /// A type of module `types`.
    Named(String),
    /// A type of module `responses`.
    Responses(String),
    Other,
}

impl Type {
    /// Reads a type. An `Option`, a `Box` and a reference are the type in it.
    pub(crate) fn read(kind: &syn::Type) -> Type {
        let path = match kind {
            syn::Type::Reference(reference) => return Type::read(&reference.elem),
            syn::Type::Slice(slice) => return Type::List(Box::new(Type::read(&slice.elem))),
            syn::Type::ImplTrait(_) => return Type::Other,
            syn::Type::Path(path) => &path.path,
            _ => return Type::Other,
        };
        let has = |name: &str| path.segments.iter().any(|segment| segment.ident == name);
        let last = path.segments.last().expect("a segment");
        let name = last.ident.to_string();
        let inner = || Type::read(arguments(kind).pop().expect("an argument"));
        match name.as_str() {
            "Untyped" => Type::Untyped,
            "Value" if has("serde_json") => Type::Json,
            "Map" if has("serde_json") => Type::Map(Box::new(Type::Json)),
            "Option" | "Box" => inner(),
            "Vec" => Type::List(Box::new(inner())),
            "HashMap" => Type::Map(Box::new(inner())),
            _ if has("formats") => Type::Other,
            _ if has("responses") => Type::Responses(name),
            _ if has("types") || path.segments.len() == 1 => Type::Named(name),
            _ => Type::Other,
        }
    }
}

fn arguments(kind: &syn::Type) -> Vec<&syn::Type> {
    let syn::Type::Path(path) = kind else {
        return Vec::new();
    };
    let last = path.path.segments.last().expect("a segment");
    let PathArguments::AngleBracketed(all) = &last.arguments else {
        return Vec::new();
    };
    let types = all.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(kind) => Some(kind),
        _ => None,
    });
    types.collect()
}

impl Surface {
    /// Parses the code of a client.
    pub(crate) fn parse(code: &str) -> Surface {
        let file = syn::parse_file(code).expect("Rust");
        let mut surface = Surface::default();
        let mut builders: BTreeMap<String, Vec<&syn::ImplItemFn>> = BTreeMap::new();
        for item in module(&file, "builder") {
            if let Item::Impl(item) = item {
                let name = last_name(&item.self_ty);
                builders.entry(name).or_default().extend(functions(item));
            }
        }
        let clients = file.items.iter().filter_map(|item| match item {
            Item::Impl(item) if item.trait_.is_none() => Some(item),
            _ => None,
        });
        for function in clients.flat_map(functions) {
            let request = lines(&function.attrs)
                .into_iter()
                .rev()
                .find_map(|line| Some(line.trim().strip_prefix("Sends `")?.to_owned()));
            let (Some(request), syn::ReturnType::Type(_, builder)) =
                (request, &function.sig.output)
            else {
                continue;
            };
            let (method, path) = request.split_once(' ').expect("a method and a path");
            let path = path.trim_end_matches('.').trim_end_matches('`');
            let builder = &builders[&last_name(builder)];
            let find = |name: &str| builder.iter().find(|own| own.sig.ident == name);
            let (success, error) = sent(find("send").expect("`send`"));
            let body = body_of(function).or_else(|| body_of(find("body")?));
            let key = (method.to_lowercase(), nameless(path));
            let call = Call {
                name: function.sig.ident.to_string(),
                success,
                error,
                body,
            };
            surface.calls.entry(key).or_default().push(call);
        }
        for item in module(&file, "responses") {
            if let Item::Macro(item) = item {
                let declared = item.mac.parse_body::<StatusEnum>();
                let StatusEnum { name, variants } = declared.expect("an enum of responses");
                surface.responses.insert(name, variants);
            }
        }
        for item in module(&file, "types") {
            if let Some((name, declaration)) = declaration(item) {
                surface.types.insert(name, declaration);
            }
        }
        surface
    }

    /// Returns the calls of an operation. Calls with the same path, whose query, fragment
    /// or server differ, are distinguished by their `operationId`.
    pub(crate) fn calls_of(&self, method: &str, path: &str, id: Option<&str>) -> Vec<&Call> {
        let found = self.calls.get(&(method.to_owned(), nameless(path)));
        let all: Vec<&Call> = found.into_iter().flatten().collect();
        let name = id.map(ToSnakeCase::to_snake_case);
        let own = all.iter().find(|call| Some(&call.name) == name.as_ref());
        own.map_or_else(|| all.clone(), |call| vec![*call])
    }

    /// Returns the type of a response with this status: a number, a range such as `4XX`, or
    /// `default`. `None` if the client has no type for it.
    pub(crate) fn response(&self, kind: &Type, status: &str) -> Option<Type> {
        let Type::Responses(name) = kind else {
            return Some(kind.clone());
        };
        let mut variants = self.responses[name].iter();
        let found = variants.find(|(pattern, _)| matches_status(pattern, status));
        found.and_then(|(_, kind)| kind.clone())
    }
}

fn module<'f>(file: &'f syn::File, name: &str) -> &'f [Item] {
    let found = file.items.iter().find_map(|item| match item {
        Item::Mod(item) if item.ident == name => item.content.as_ref(),
        _ => None,
    });
    found.map_or(&[], |(_, items)| items)
}

fn functions(item: &syn::ItemImpl) -> impl Iterator<Item = &syn::ImplItemFn> {
    item.items.iter().filter_map(|item| match item {
        ImplItem::Fn(function) => Some(function),
        _ => None,
    })
}

fn last_name(kind: &syn::Type) -> String {
    match kind {
        syn::Type::Path(path) => path
            .path
            .segments
            .last()
            .expect("a segment")
            .ident
            .to_string(),
        _ => String::new(),
    }
}

/// Returns the output of `impl Future<Output = …>`.
fn output_of(kind: &syn::Type) -> Option<&syn::Type> {
    let syn::Type::ImplTrait(future) = kind else {
        return None;
    };
    let bounds = future.bounds.iter().filter_map(|bound| match bound {
        syn::TypeParamBound::Trait(bound) => bound.path.segments.last(),
        _ => None,
    });
    let arguments = bounds.filter_map(|segment| match &segment.arguments {
        PathArguments::AngleBracketed(all) => Some(&all.args),
        _ => None,
    });
    let mut outputs = arguments.flatten().filter_map(|argument| match argument {
        GenericArgument::AssocType(output) => Some(&output.ty),
        _ => None,
    });
    outputs.next()
}

/// Returns the types in the result of `send`.
fn sent(function: &syn::ImplItemFn) -> (Type, Type) {
    let result = match &function.sig.output {
        syn::ReturnType::Type(_, kind) => output_of(kind),
        syn::ReturnType::Default => None,
    };
    let result = result.expect("`send` returns a future");
    let [response, error] = arguments(result)[..] else {
        unreachable!("a result has two types");
    };
    let success = arguments(response).pop().map(Type::read);
    let error = arguments(error).pop().map_or(Type::Untyped, Type::read);
    (success.expect("a type"), error)
}

fn body_of(function: &syn::ImplItemFn) -> Option<Type> {
    let arguments = function.sig.inputs.iter();
    let mut types = arguments.filter_map(|argument| match argument {
        FnArg::Typed(own) => match &*own.pat {
            Pat::Ident(name) if name.ident == "body" => Some(Type::read(&own.ty)),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    });
    types.next()
}

/// Returns the lines of a doc comment.
fn lines(attributes: &[Attribute]) -> Vec<String> {
    let texts = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            syn::Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
                syn::Expr::Lit(literal) => match &literal.lit {
                    syn::Lit::Str(text) => Some(text.value()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        });
    texts
        .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

fn declaration(item: &Item) -> Option<(String, Declaration)> {
    match item {
        Item::Struct(item) => {
            let fields = item.fields.iter().filter_map(|field| {
                let name = field.ident.as_ref()?.to_string();
                let name = name.trim_start_matches("r#").to_owned();
                Some((renamed(&field.attrs).unwrap_or(name), Type::read(&field.ty)))
            });
            let declaration = Declaration::Struct(fields.collect());
            Some((item.ident.to_string(), declaration))
        }
        Item::Enum(item) => {
            let fields = item.variants.iter().flat_map(|variant| &variant.fields);
            let types = fields.map(|field| Type::read(&field.ty)).collect();
            let is_tagged = false;
            let declaration = Declaration::Union { is_tagged, types };
            Some((item.ident.to_string(), declaration))
        }
        Item::Macro(item) => {
            let is = |name: &str| {
                item.mac
                    .path
                    .segments
                    .last()
                    .is_some_and(|own| own.ident == name)
            };
            let tokens = item.mac.tokens.clone();
            if is("tagged_union") {
                let union = syn::parse2::<TaggedUnion>(tokens).expect("a union");
                let (is_tagged, types) = (true, union.types);
                Some((union.name, Declaration::Union { is_tagged, types }))
            } else {
                assert!(is("string_enum"), "an unknown macro in module `types`");
                let parse = |input: ParseStream<'_>| {
                    let name = enum_name(input)?;
                    input.parse::<proc_macro2::TokenStream>()?;
                    Ok(name)
                };
                Some((parse.parse2(tokens).expect("an enum"), Declaration::Strings))
            }
        }
        _ => None,
    }
}

/// Returns the name of a field in JSON, if it differs from its name in Rust.
fn renamed(attributes: &[Attribute]) -> Option<String> {
    let mut name = None;
    for attribute in attributes
        .iter()
        .filter(|own| own.path().is_ident("object"))
    {
        attribute
            .parse_nested_meta(|meta| {
                if meta.path.is_ident("other") {
                    name = Some(String::new());
                } else if meta.input.peek(syn::Token![=]) {
                    let value: LitStr = meta.value()?.parse()?;
                    if meta.path.is_ident("name") {
                        name = Some(value.value());
                    }
                }
                Ok(())
            })
            .expect("attributes of `Object`");
    }
    name
}

/// Returns true if a pattern of statuses contains a status: a number, a range such as `4XX`, or
/// `default`.
fn matches_status(pattern: &Pat, status: &str) -> bool {
    let number = |expression: &syn::Expr| match expression {
        syn::Expr::Lit(literal) => match &literal.lit {
            syn::Lit::Int(number) => number.base10_parse::<u16>().ok(),
            _ => None,
        },
        _ => None,
    };
    let first = status.parse::<u16>().ok();
    match pattern {
        Pat::Wild(_) => true,
        Pat::Lit(literal) => match &literal.lit {
            syn::Lit::Int(own) => first.is_some() && own.base10_parse::<u16>().ok() == first,
            _ => false,
        },
        Pat::Range(range) => {
            let (start, end) = (range.start.as_deref(), range.end.as_deref());
            let (start, end) = (start.and_then(number), end.and_then(number));
            let digit = status.chars().next().and_then(|digit| digit.to_digit(10));
            let first = first.or_else(|| Some(u16::try_from(digit?).ok()? * 100));
            first >= start && first <= end && first.is_some()
        }
        Pat::Or(patterns) => patterns.cases.iter().any(|own| matches_status(own, status)),
        _ => false,
    }
}
