//! Calls progenitor and reads the types that it chose.
//!
//! Of progenitor's output, only declarations are kept: structs, enums, the fields of the builders,
//! and the return types of their `send`. All other tokens are skipped without parsing them, since
//! [`code`](crate::code) writes that code itself.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use syn::{GenericArgument, Item, ItemStruct, PathArguments, Type};
use thiserror::Error;

use crate::lower::Lowered;

/// An error from generating the code of a client.
#[derive(Debug, Error)]
pub enum GenerateError {
    /// progenitor rejected the document.
    #[error("progenitor rejected the lowered document: {0}")]
    Refused(String),
    /// progenitor panicked.
    #[error("progenitor panicked on the lowered document: {0}")]
    Panicked(String),
    /// The output of progenitor is not valid Rust.
    #[error("the output of progenitor is not valid Rust: {0}")]
    NotRust(#[from] syn::Error),
    /// The output of progenitor lacks a declaration.
    #[error("unsupported output of progenitor: there is no {0}")]
    Missing(String),
}

/// The declarations in progenitor's output.
#[derive(Default)]
pub(crate) struct Declarations {
    /// The structs and enums of the module `types`.
    pub(crate) types: Vec<Item>,
    /// The builders of operations, by name.
    pub(crate) builders: BTreeMap<String, BuilderDeclaration>,
}

/// The types of an operation.
pub(crate) struct BuilderDeclaration {
    /// The `T` of each field `name: Result<T, String>`, by name.
    pub(crate) fields: BTreeMap<String, Type>,
    /// The type of successful responses.
    pub(crate) success: Type,
    /// The type of error responses.
    pub(crate) error: Type,
}

/// Runs progenitor on a lowered document.
pub(crate) fn declarations(lowered: &Lowered) -> Result<Declarations, GenerateError> {
    let mut settings = GenerationSettings::default();
    settings.with_interface(InterfaceStyle::Builder);
    // progenitor and typify panic on some documents. Lowering should reject these documents or
    // reshape them.
    let tokens = catch_unwind(AssertUnwindSafe(|| {
        Generator::new(&settings).generate_tokens(lowered.document())
    }))
    .map_err(|panic| GenerateError::Panicked(message(panic.as_ref())))?
    .map_err(|error| GenerateError::Refused(error.to_string()))?;
    let mut declarations = Declarations::default();
    for item in items(tokens) {
        match (item.keyword.as_str(), item.name.as_str()) {
            ("mod", "types") => declarations.types = types(item.content())?,
            ("mod", "builder") => declarations.builders = builders(item.content())?,
            _ => {}
        }
    }
    Ok(declarations)
}

/// Returns the message of a panic.
fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("no message").to_owned()
}

/// The tokens of an item.
struct ItemTokens {
    /// Such as `struct`.
    keyword: String,
    /// The name of a type, module or function. For an `impl`, the name of the type.
    name: String,
    tokens: Vec<TokenTree>,
}

impl ItemTokens {
    /// Returns the tokens in the braces at the end.
    fn content(self) -> TokenStream {
        let mut tokens = self.tokens;
        match tokens.pop() {
            // While the group exists, it shares its tokens, and reading would copy them.
            Some(TokenTree::Group(group)) => {
                let content = group.stream();
                drop(group);
                content
            }
            _ => TokenStream::new(),
        }
    }
}

/// Splits code into items, which end with `;` or a block.
fn items(code: TokenStream) -> impl Iterator<Item = ItemTokens> {
    let mut tokens = code.into_iter();
    std::iter::from_fn(move || {
        let mut item = ItemTokens {
            keyword: String::new(),
            name: String::new(),
            tokens: Vec::new(),
        };
        for token in tokens.by_ref() {
            let is_end = match &token {
                TokenTree::Punct(punct) => punct.as_char() == ';',
                TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                TokenTree::Ident(ident) => {
                    item.read(&ident.to_string());
                    false
                }
                TokenTree::Literal(_) => false,
            };
            item.tokens.push(token);
            if is_end {
                return Some(item);
            }
        }
        None
    })
}

impl ItemTokens {
    /// Reads an identifier that is not inside of a group.
    fn read(&mut self, ident: &str) {
        const KEYWORDS: &[&str] = &["mod", "struct", "enum", "impl", "fn", "use"];
        if self.keyword.is_empty() {
            if KEYWORDS.contains(&ident) {
                self.keyword = ident.to_owned();
            }
        } else if self.name.is_empty() && !is_lifetime(ident) {
            self.name = ident.to_owned();
        }
    }
}

/// Lifetimes of builders are named `'a`, and their tokens are a quote and an identifier.
fn is_lifetime(ident: &str) -> bool {
    ident == "a"
}

/// Parses the structs and enums of the module `types`.
fn types(code: TokenStream) -> Result<Vec<Item>, GenerateError> {
    let declared = items(code).filter(|item| matches!(item.keyword.as_str(), "struct" | "enum"));
    declared
        .map(|item| Ok(syn::parse2(item.tokens.into_iter().collect())?))
        .collect()
}

/// Reads the builders of operations.
fn builders(code: TokenStream) -> Result<BTreeMap<String, BuilderDeclaration>, GenerateError> {
    let mut builders = BTreeMap::new();
    let mut fields = BTreeMap::new();
    for item in items(code) {
        match item.keyword.as_str() {
            "struct" => {
                let declared: ItemStruct = syn::parse2(item.tokens.into_iter().collect())?;
                fields.insert(declared.ident.to_string(), field_types(&declared));
            }
            "impl" => {
                let name = item.name.clone();
                let Some(fields) = fields.remove(&name) else {
                    continue;
                };
                let missing = || GenerateError::Missing(format!("return type of `{name}::send`"));
                let returned = returned(item.content()).ok_or_else(missing)?;
                let returned: Type = syn::parse2(returned)?;
                let result = arguments(&returned, "Result").ok_or_else(missing)?;
                let of = |at: usize, name| {
                    let inner = arguments(*result.get(at)?, name)?;
                    inner.first().map(|inner| (*inner).clone())
                };
                let declared = BuilderDeclaration {
                    fields,
                    success: of(0, "ResponseValue").ok_or_else(missing)?,
                    error: of(1, "Error").ok_or_else(missing)?,
                };
                builders.insert(name, declared);
            }
            _ => {}
        }
    }
    Ok(builders)
}

/// Returns the `T` of each field `name: Result<T, String>`.
fn field_types(builder: &ItemStruct) -> BTreeMap<String, Type> {
    let fields = builder.fields.iter().filter_map(|field| {
        let name = field.ident.as_ref()?.to_string();
        let kind = arguments(&field.ty, "Result")?.first().copied()?.clone();
        Some((name, kind))
    });
    fields.collect()
}

/// Returns the generic arguments of `NAME<…>`.
pub(crate) fn arguments<'t>(kind: &'t Type, name: &str) -> Option<Vec<&'t Type>> {
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

/// Returns the tokens of the return type of `send`.
fn returned(code: TokenStream) -> Option<TokenStream> {
    let send = items(code).find(|item| item.keyword == "fn" && item.name == "send")?;
    let is =
        |token: &TokenTree, c| matches!(token, TokenTree::Punct(punct) if punct.as_char() == c);
    let arrow = send
        .tokens
        .windows(2)
        .position(|pair| is(&pair[0], '-') && is(&pair[1], '>'))?;
    let kind = send.tokens.get(arrow + 2..send.tokens.len() - 1)?;
    Some(kind.iter().cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::{ToTokens, quote};

    #[test]
    fn reads_declarations_only() {
        let code = quote! {
            /// A pet.
            #[derive(Clone)]
            pub struct Pet { pub id: i64 }
            impl Pet { pub fn builder() -> builder::Pet { Default::default() } }
            pub mod builder { pub struct Pet { id: Result<i64, String> } }
            pub enum Kind { Cat, Dog }
        };
        let names: Vec<String> = types(code)
            .unwrap()
            .iter()
            .map(|item| match item {
                Item::Struct(item) => item.ident.to_string(),
                Item::Enum(item) => item.ident.to_string(),
                other => other.to_token_stream().to_string(),
            })
            .collect();
        assert_eq!(names, ["Pet", "Kind"]);
    }

    #[test]
    fn reads_the_types_of_builders() {
        let code = quote! {
            use super::types;
            #[derive(Debug, Clone)]
            pub struct GetPet<'a> {
                client: &'a super::Client,
                id: Result<i64, String>,
                name: Result<Option<String>, String>,
            }
            impl<'a> GetPet<'a> {
                pub fn new(client: &'a super::Client) -> Self { Self { client } }
                pub async fn send(self) -> Result<ResponseValue<types::Pet>, Error<types::Oops>> {
                    if a { b() }
                    c()
                }
            }
        };
        let builders = builders(code).unwrap();
        let pet = &builders["GetPet"];
        let text = |kind: &Type| kind.to_token_stream().to_string().replace(' ', "");
        assert_eq!(text(&pet.success), "types::Pet");
        assert_eq!(text(&pet.error), "types::Oops");
        assert_eq!(text(&pet.fields["id"]), "i64");
        assert_eq!(text(&pet.fields["name"]), "Option<String>");
        assert_eq!(pet.fields.len(), 2);
    }
}
