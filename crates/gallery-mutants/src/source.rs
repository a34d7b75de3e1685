//! Reads the code of a client: the builder of each operation and the types, each with its location
//! in the text.
//!
//! A change edits the syntax tree of one item. The item is then formatted as the generator formats
//! it, and replaces the old text. All other text stays as it is.

use quote::ToTokens;
use syn::visit_mut::VisitMut;
use syn::{
    Block, Expr, ExprLit, ExprMethodCall, Field, GenericArgument, Ident, Item, ItemEnum, ItemImpl,
    ItemStruct, Lit, PathArguments, Stmt, Type,
};

use crate::error::MutantsError;
use crate::site::Site;
use crate::syntax::{each_part, function, is_inherent, runtime_call};

/// The code of a client.
pub(super) struct Source {
    pub(super) calls: Vec<Call>,
    pub(super) types: Vec<Declaration>,
}

/// The builder of one operation.
pub(super) struct Call {
    /// The operation's id.
    pub(super) id: String,
    pub(super) structure: Site,
    pub(super) implementation: Site,
    pub(super) arguments: Vec<Argument>,
    /// The variable that holds the request.
    pub(super) request: Ident,
    pub(super) parts: Vec<Part>,
}

/// A field of a builder that a setter sets.
#[derive(Clone)]
pub(super) struct Argument {
    pub(super) name: Ident,
    /// The `T` of `Result<T, String>`, or of `Result<Option<T>, String>`.
    pub(super) kind: Type,
    pub(super) optional: bool,
}

/// A call of the runtime that adds something to a request: `request.KIND(NAME, …, VALUE)?;`.
#[derive(Clone)]
pub(super) struct Part {
    /// Its index among the parts of the operation.
    pub(super) at: usize,
    pub(super) kind: String,
    /// Its first argument, if that is a text; otherwise empty.
    pub(super) name: String,
    pub(super) value: Expr,
}

/// A type, and its builder if it has one.
pub(super) struct Declaration {
    pub(super) name: String,
    pub(super) site: Site,
    pub(super) builder: Option<TypeBuilder>,
    /// True if the type is the body of a call.
    pub(super) is_body: bool,
}

/// The builder of a type.
pub(super) struct TypeBuilder {
    pub(super) structure: Site,
    pub(super) implementation: Site,
    pub(super) default: Site,
}

const BUILDER: &[&str] = &["builder"];
const TYPES: &[&str] = &["types"];
const TYPE_BUILDERS: &[&str] = &["types", "builder"];

impl Source {
    pub(super) fn read(text: &str) -> Result<Source, MutantsError> {
        let file = syn::parse_file(text)?;
        let of_types = items(&file.items, TYPE_BUILDERS);
        let mut calls = Vec::new();
        for structure in structures(items(&file.items, BUILDER)) {
            if let Some(call) = call(text, structure, items(&file.items, BUILDER))? {
                calls.push(call);
            }
        }
        if calls.is_empty() {
            return Err(MutantsError::NoOperation);
        }
        let bodies: String = calls
            .iter()
            .map(|call| call.structure.item.to_token_stream().to_string())
            .collect();
        let mut types = Vec::new();
        for item in items(&file.items, TYPES) {
            let name = match item {
                Item::Struct(ItemStruct { ident, .. }) | Item::Enum(ItemEnum { ident, .. }) => {
                    ident.to_string()
                }
                _ => continue,
            };
            let builder = type_builder(text, &name, of_types)?;
            let is_body = bodies.contains(&format!("types :: builder :: {name} "));
            types.push(Declaration {
                name,
                site: Site::new(text, TYPES, item)?,
                builder,
                is_body,
            });
        }
        Ok(Source { calls, types })
    }
}

fn items<'a>(items: &'a [Item], modules: &[&str]) -> &'a [Item] {
    let Some((name, rest)) = modules.split_first() else {
        return items;
    };
    let found = items.iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == name => module.content.as_ref(),
        _ => None,
    });
    self::items(
        found.map(|(_, items)| items.as_slice()).unwrap_or_default(),
        rest,
    )
}

fn structures(items: &[Item]) -> impl Iterator<Item = &ItemStruct> {
    items.iter().filter_map(|item| match item {
        Item::Struct(structure) => Some(structure),
        _ => None,
    })
}

fn implementation(items: &[Item], wanted: impl Fn(&ItemImpl) -> bool) -> Option<&Item> {
    items
        .iter()
        .find(|item| matches!(item, Item::Impl(own) if wanted(own)))
}

fn type_builder(
    text: &str,
    name: &str,
    items: &[Item],
) -> Result<Option<TypeBuilder>, MutantsError> {
    let structure = items
        .iter()
        .find(|item| matches!(item, Item::Struct(own) if own.ident == name));
    let is_default = |own: &ItemImpl| {
        own.self_ty.to_token_stream().to_string() == name
            && own.trait_.as_ref().is_some_and(|(path, _)| {
                path.segments
                    .last()
                    .is_some_and(|last| last.ident == "Default")
            })
    };
    let implementations = (
        implementation(items, |own| is_inherent(own, name)),
        implementation(items, is_default),
    );
    let (Some(structure), (Some(own), Some(default))) = (structure, implementations) else {
        return Ok(None);
    };
    let site = |item| Site::new(text, TYPE_BUILDERS, item);
    Ok(Some(TypeBuilder {
        structure: site(structure)?,
        implementation: site(own)?,
        default: site(default)?,
    }))
}

fn call(text: &str, structure: &ItemStruct, items: &[Item]) -> Result<Option<Call>, MutantsError> {
    let name = structure.ident.to_string();
    let Some(own) = implementation(items, |own| is_inherent(own, &name)) else {
        return Ok(None);
    };
    let Item::Impl(methods) = own else {
        return Ok(None);
    };
    let Some(send) = function(methods, "send") else {
        return Ok(None);
    };
    let (Some(request), Some(id)) = (request_of(&send.block), operation_id(&send.block)) else {
        return Ok(None);
    };
    let arguments = structure.fields.iter().filter_map(argument).collect();
    let mut parts = Vec::new();
    let mut block = send.block.clone();
    let mut at = 0;
    each_part(&mut block, &request, &mut |statement| {
        if let Some(part) = runtime_call(statement, &request).and_then(|call| part(at, call)) {
            parts.push(part);
        }
        at += 1;
        None
    });
    Ok(Some(Call {
        id,
        structure: Site::new(text, BUILDER, &Item::Struct(structure.clone()))?,
        implementation: Site::new(text, BUILDER, own)?,
        arguments,
        request,
        parts,
    }))
}

fn argument(field: &Field) -> Option<Argument> {
    let name = field.ident.clone()?;
    let kind = first_argument(&field.ty, "Result")?;
    let inner = first_argument(kind, "Option");
    Some(Argument {
        name,
        kind: inner.unwrap_or(kind).clone(),
        optional: inner.is_some(),
    })
}

/// Returns the `T` of `NAME<T, …>`.
pub(super) fn first_argument<'a>(kind: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = kind else { return None };
    let last = path
        .path
        .segments
        .last()
        .filter(|last| last.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(kind) => Some(kind),
        _ => None,
    })
}

/// Returns the variable of `let mut request = client.transport.request(…)`.
fn request_of(block: &Block) -> Option<Ident> {
    block.stmts.iter().find_map(|statement| {
        let Stmt::Local(local) = statement else {
            return None;
        };
        let written = local.init.as_ref()?.expr.to_token_stream().to_string();
        let syn::Pat::Ident(name) = &local.pat else {
            return None;
        };
        written
            .starts_with("client . transport . request")
            .then(|| name.ident.clone())
    })
}

/// Returns the `ID` of `OperationInfo::new("ID", …)`.
fn operation_id(block: &Block) -> Option<String> {
    let mut found = Strings::default();
    let mut local = block
        .stmts
        .iter()
        .find(|statement| {
            statement
                .to_token_stream()
                .to_string()
                .contains("OperationInfo ::")
        })?
        .clone();
    found.visit_stmt_mut(&mut local);
    found.0.into_iter().next()
}

/// Returns the string literals of a piece of code.
#[derive(Default)]
struct Strings(Vec<String>);

impl VisitMut for Strings {
    fn visit_lit_str_mut(&mut self, text: &mut syn::LitStr) {
        self.0.push(text.value());
    }
}

fn part(at: usize, call: &ExprMethodCall) -> Option<Part> {
    let name = call.args.first().and_then(text_of).unwrap_or_default();
    Some(Part {
        at,
        kind: call.method.to_string(),
        name,
        value: call.args.last()?.clone(),
    })
}

/// Returns the text of a string literal.
pub(super) fn text_of(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.value()),
        _ => None,
    }
}
