//! Reads the types of a client: those of bodies, and the enums of responses by status.

use std::ops::{Range, RangeInclusive};

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Field, Fields, Ident, Item, Pat, Token, braced, parenthesized};

use crate::description::{Text, range, written};
use crate::form_declaration::{FormPart, form};
use crate::union_declaration::{TaggedUnion, UntaggedUnion};

/// A type.
pub(super) struct Declaration {
    pub(super) name: String,
    pub(super) kind: Kind,
}

pub(super) enum Kind {
    Struct(Vec<FieldDeclaration>),
    /// The values of an enum of strings.
    Enum(Vec<Text>),
    /// A union without a tag.
    Union(UntaggedUnion),
    /// A union with a tag.
    Tagged(TaggedUnion),
    /// The variants of an enum of responses by status.
    Responses(Vec<StatusVariant>),
    /// The parts of a multipart body.
    Form(Vec<FormPart>),
}

/// A variant of an enum of responses: `PATTERN => NAME(TYPE)`.
pub(super) struct StatusVariant {
    pub(super) name: String,
    pub(super) pattern: Text,
    /// The type of the content. `None` for a variant without content.
    pub(super) content: Option<Text>,
}

impl StatusVariant {
    /// Returns the statuses that match the pattern.
    pub(super) fn statuses(&self) -> RangeInclusive<u16> {
        let pattern = &self.pattern.value;
        let (first, last) = pattern.split_once("..=").unwrap_or((pattern, pattern));
        match (first.parse(), last.parse()) {
            (Ok(first), Ok(last)) => first..=last,
            _ => 100..=599,
        }
    }
}

/// A field of a struct.
pub(super) struct FieldDeclaration {
    /// The name in Rust.
    pub(super) name: String,
    /// The attribute `#[object(…)]` with its text.
    pub(super) object: Option<(Range<usize>, String)>,
    /// The start of `pub`.
    pub(super) start: usize,
    pub(super) kind: String,
    pub(super) kind_range: Range<usize>,
}

pub(super) fn declaration(text: &str, item: &Item) -> Option<Declaration> {
    match item {
        Item::Struct(item) => {
            let Fields::Named(fields) = &item.fields else {
                return None;
            };
            let fields = fields.named.iter().filter_map(|own| field(text, own));
            Some(Declaration {
                name: item.ident.to_string(),
                kind: Kind::Struct(fields.collect()),
            })
        }
        Item::Enum(item) => Some(Declaration {
            name: item.ident.to_string(),
            kind: Kind::Union(UntaggedUnion::read(item)),
        }),
        Item::Impl(block) => form(block).map(|(name, parts)| Declaration {
            name,
            kind: Kind::Form(parts),
        }),
        Item::Macro(item) => {
            let name = item.mac.path.segments.last()?.ident.to_string();
            match name.as_str() {
                "response_enum" => {
                    let own = item.mac.parse_body::<ResponseEnum>().ok()?;
                    Some(Declaration {
                        name: own.name,
                        kind: Kind::Responses(own.variants),
                    })
                }
                "tagged_union" => {
                    let own = item.mac.parse_body::<TaggedUnion>().ok()?;
                    Some(Declaration {
                        name: own.name.clone(),
                        kind: Kind::Tagged(own),
                    })
                }
                _ => string_enum(&item.mac.tokens),
            }
        }
        _ => None,
    }
}

fn field(text: &str, field: &Field) -> Option<FieldDeclaration> {
    let object = field.attrs.iter().find(|own| own.path().is_ident("object"));
    let object = object.map(|own| {
        let own = range(own);
        (own.clone(), text[own].to_owned())
    });
    let kind_range = range(&field.ty);
    Some(FieldDeclaration {
        name: field.ident.as_ref()?.to_string(),
        object,
        start: range(&field.vis).start,
        kind: text[kind_range.clone()].to_owned(),
        kind_range,
    })
}

/// Reads the values of `pub enum NAME { Variant = "value", … }`.
fn string_enum(tokens: &TokenStream) -> Option<Declaration> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let at = tokens
        .iter()
        .position(|token| matches!(token, TokenTree::Ident(word) if word == "enum"))?;
    let name = tokens.get(at + 1)?.to_string();
    let TokenTree::Group(values) = tokens.get(at + 2)? else {
        return None;
    };
    let values = values.stream().into_iter().filter_map(|token| {
        let TokenTree::Literal(value) = token else {
            return None;
        };
        let range = value.span().byte_range();
        let value: syn::LitStr = syn::parse_str(&value.to_string()).ok()?;
        Some(Text {
            value: value.value(),
            range,
        })
    });
    Some(Declaration {
        name,
        kind: Kind::Enum(values.collect()),
    })
}

/// The enum `pub enum NAME { PATTERN => VARIANT(TYPE), … }`.
struct ResponseEnum {
    name: String,
    variants: Vec<StatusVariant>,
}

impl Parse for ResponseEnum {
    fn parse(input: ParseStream<'_>) -> syn::Result<ResponseEnum> {
        input.call(Attribute::parse_outer)?;
        input.parse::<Token![pub]>()?;
        input.parse::<Token![enum]>()?;
        let name = input.parse::<Ident>()?.to_string();
        let all;
        braced!(all in input);
        let mut variants = Vec::new();
        while !all.is_empty() {
            variants.push(all.parse()?);
            all.parse::<Token![,]>()?;
        }
        Ok(ResponseEnum { name, variants })
    }
}

impl Parse for StatusVariant {
    fn parse(input: ParseStream<'_>) -> syn::Result<StatusVariant> {
        input.call(Attribute::parse_outer)?;
        let pattern = written(&Pat::parse_single(input)?);
        input.parse::<Token![=>]>()?;
        let name = input.parse::<Ident>()?.to_string();
        let content = match input.peek(syn::token::Paren) {
            true => {
                let content;
                parenthesized!(content in input);
                Some(written(&content.parse::<syn::Type>()?))
            }
            false => None,
        };
        Ok(StatusVariant {
            name,
            pattern,
            content,
        })
    }
}
