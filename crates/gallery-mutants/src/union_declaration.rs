//! Reads unions: enums without a tag, and `tagged_union!`.

use std::ops::Range;

use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Fields, Ident, ItemEnum, LitStr, Path, Token, Type, Variant, braced, parenthesized,
};

use crate::description::{Text, range, written};

/// An enum without a tag.
pub(super) struct UntaggedUnion {
    pub(super) variants: Vec<Alternative>,
    /// The derive macro that reads the closest variant instead of the first one.
    pub(super) closest: Option<Range<usize>>,
}

impl UntaggedUnion {
    pub(super) fn read(item: &ItemEnum) -> UntaggedUnion {
        let derives = item
            .attrs
            .iter()
            .filter(|own| own.path().is_ident("derive"));
        let paths = derives.filter_map(|own| {
            own.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated)
                .ok()
        });
        let is_closest = |path: &Path| {
            let last = path.segments.last();
            last.is_some_and(|own| own.ident == "ReadClosest")
        };
        let closest = paths.flatten().find(is_closest);
        UntaggedUnion {
            variants: item.variants.iter().map(Alternative::read).collect(),
            closest: closest.map(|path| written(&path).range),
        }
    }
}

/// A variant of a union without a tag: `NAME(TYPE)`.
pub(super) struct Alternative {
    pub(super) name: String,
    pub(super) start: usize,
    pub(super) range: Range<usize>,
    /// The whole variant.
    pub(super) text: String,
    /// The type.
    pub(super) content: String,
}

impl Alternative {
    pub(super) fn read(variant: &Variant) -> Alternative {
        let Text { value, range } = written(variant);
        let content = match &variant.fields {
            Fields::Unnamed(fields) => fields.unnamed.first().map(|own| written(&own.ty).value),
            _ => None,
        };
        Alternative {
            name: variant.ident.to_string(),
            start: range.start,
            range,
            text: value,
            content: content.unwrap_or_default(),
        }
    }
}

/// The enum `pub enum NAME("TAG") { … }` of `tagged_union!`.
pub(super) struct TaggedUnion {
    pub(super) name: String,
    pub(super) tag: Text,
    pub(super) variants: Vec<TaggedVariant>,
}

/// A variant of a union with a tag: `NAME(TYPE) = "VALUE" | "VALUE" with tag`.
pub(super) struct TaggedVariant {
    pub(super) name: String,
    pub(super) values: Vec<Text>,
    /// The words `with tag`, with the space before them.
    pub(super) with_tag: Option<Range<usize>>,
}

impl Parse for TaggedUnion {
    fn parse(input: ParseStream<'_>) -> syn::Result<TaggedUnion> {
        input.call(Attribute::parse_outer)?;
        input.parse::<Token![pub]>()?;
        input.parse::<Token![enum]>()?;
        let name = input.parse::<Ident>()?.to_string();
        let tag;
        parenthesized!(tag in input);
        let tag = literal(&tag.parse()?);
        let all;
        braced!(all in input);
        let mut variants = Vec::new();
        // The first variant keeps values with other tags.
        variant_head(&all)?;
        all.parse::<Token![,]>()?;
        while !all.is_empty() {
            variants.push(all.parse()?);
            all.parse::<Token![,]>()?;
        }
        Ok(TaggedUnion {
            name,
            tag,
            variants,
        })
    }
}

impl Parse for TaggedVariant {
    fn parse(input: ParseStream<'_>) -> syn::Result<TaggedVariant> {
        let name = variant_head(input)?;
        input.parse::<Token![=]>()?;
        let first: LitStr = input.parse()?;
        let mut values = vec![literal(&first)];
        while input.peek(Token![|]) {
            input.parse::<Token![|]>()?;
            values.push(literal(&input.parse()?));
        }
        let end = values.last().map_or(0, |own| own.range.end);
        let with_tag = match input.peek(Ident) {
            true => {
                input.parse::<Ident>()?;
                let tag: Ident = input.parse()?;
                Some(end..range(&tag).end)
            }
            false => None,
        };
        Ok(TaggedVariant {
            name,
            values,
            with_tag,
        })
    }
}

impl TaggedVariant {
    /// Returns the range of all values.
    pub(super) fn range(&self) -> Range<usize> {
        let ends = self.values.first().zip(self.values.last());
        ends.map_or(0..0, |(first, last)| first.range.start..last.range.end)
    }

    /// Returns the values as code.
    pub(super) fn text(&self) -> String {
        let values = self.values.iter().map(|own| format!("{:?}", own.value));
        let values: Vec<String> = values.collect();
        values.join(" | ")
    }
}

/// Reads `NAME(TYPE)`.
fn variant_head(input: ParseStream<'_>) -> syn::Result<String> {
    let name = input.parse::<Ident>()?.to_string();
    let content;
    parenthesized!(content in input);
    content.parse::<Type>()?;
    Ok(name)
}

fn literal(literal: &LitStr) -> Text {
    let span: Span = literal.span();
    Text {
        value: literal.value(),
        range: span.byte_range(),
    }
}
