//! Reads the fields of a struct and their attributes.

use proc_macro2::Span;
use syn::ext::IdentExt as _;
use syn::{Attribute, Data, DeriveInput, Error, Fields, Ident, LitStr, Result, Type, Visibility};

/// A field of a struct.
pub(crate) struct Field<'i> {
    pub(crate) ident: &'i Ident,
    pub(crate) span: Span,
    /// The name in JSON.
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// The type as declared.
    pub(crate) declared: &'i Type,
    pub(crate) attributes: &'i [Attribute],
    pub(crate) visibility: &'i Visibility,
}

/// Determines how a field is read and written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The property must be present.
    Required,
    /// `None` is an absent property. Null is read as `None`.
    Optional,
    /// `None` is an absent property. Null is read as a value.
    Nullable,
    /// An absent property is the default of the type.
    Default,
    /// All properties that no other field has.
    Other,
    /// The property is neither read nor written.
    Skip,
}

/// Reads the fields of a struct.
pub(crate) fn fields(input: &DeriveInput) -> Result<Vec<Field<'_>>> {
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(
            &input.generics,
            "`Object` has no support for generics",
        ));
    }
    let fields = match &input.data {
        Data::Struct(data) => &data.fields,
        Data::Enum(_) | Data::Union(_) => {
            return Err(Error::new_spanned(&input.ident, "`Object` is for structs"));
        }
    };
    let Fields::Named(fields) = fields else {
        return Err(Error::new_spanned(
            &input.ident,
            "`Object` needs fields with names",
        ));
    };
    let fields = fields.named.iter().filter_map(|field| {
        let ident = field.ident.as_ref()?;
        Some(read(field, ident))
    });
    fields.collect()
}

fn read<'i>(field: &'i syn::Field, ident: &'i Ident) -> Result<Field<'i>> {
    let (mut name, mut kind) = (None, None);
    for attribute in field
        .attrs
        .iter()
        .filter(|own| own.path().is_ident("object"))
    {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("name") {
                name = Some(meta.value()?.parse::<LitStr>()?.value());
                return Ok(());
            }
            let found = KINDS.iter().find(|(name, _)| meta.path.is_ident(name));
            let Some((_, declared)) = found else {
                let names = KINDS.map(|(name, _)| format!("`{name}`")).join(", ");
                return Err(meta.error(format!("expected `name = \"…\"` or one of {names}")));
            };
            match kind.replace(*declared) {
                None => Ok(()),
                Some(_) => Err(meta.error("a field has one of these arguments at most")),
            }
        })?;
    }
    let of_type = if is_option(&field.ty) {
        Kind::Optional
    } else {
        Kind::Required
    };
    Ok(Field {
        ident,
        span: ident.span(),
        name: name.unwrap_or_else(|| ident.unraw().to_string()),
        kind: kind.unwrap_or(of_type),
        declared: &field.ty,
        attributes: &field.attrs,
        visibility: &field.vis,
    })
}

/// The arguments of `#[object(…)]`, except for `name`.
const KINDS: [(&str, Kind); 5] = [
    ("required", Kind::Required),
    ("nullable", Kind::Nullable),
    ("default", Kind::Default),
    ("other", Kind::Other),
    ("skip", Kind::Skip),
];

/// Returns true if a type is written as `Option<…>`, with any path.
fn is_option(kind: &Type) -> bool {
    match kind {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident == "Option"),
        _ => false,
    }
}
