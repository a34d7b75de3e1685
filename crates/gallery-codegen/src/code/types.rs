//! The types of a client: structs, enums of strings, and unions.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::ext::IdentExt as _;
use syn::{Attribute, Fields, Item, ItemEnum, ItemStruct};

use crate::code::rust_type::RustType;
use crate::lower::{Lowered, Selection, Union, UnionVariant};
use crate::progenitor::GenerateError;

/// The types of a client, by name.
pub(crate) type Types = BTreeMap<String, TypeDeclaration>;

/// A type of a client.
#[derive(Clone, Debug)]
pub(crate) struct TypeDeclaration {
    /// The description, as Markdown from the document.
    pub(crate) description: Option<String>,
    pub(crate) kind: TypeKind,
    pub(crate) is_deprecated: bool,
    /// True if a request body can contain the type.
    pub(crate) is_sent: bool,
    /// Paths of additional derive macros.
    pub(crate) derives: Vec<String>,
    /// Other names of the type: those of equal inline schemas.
    pub(crate) aliases: Vec<String>,
    /// False if a struct is `#[non_exhaustive]`.
    pub(crate) is_exhaustive: bool,
}

impl TypeDeclaration {
    /// Returns true if the type or one of its fields is deprecated.
    pub(crate) fn has_deprecated(&self) -> bool {
        self.is_deprecated
            || match &self.kind {
                TypeKind::Struct(fields) => fields.iter().any(|field| field.is_deprecated),
                TypeKind::Enum(_) | TypeKind::Union(_) => false,
            }
    }
}

impl TypeDeclaration {
    /// Calls `visit` with the names of the client's types that this type uses.
    pub(crate) fn each_type(&self, visit: &mut impl FnMut(&str)) {
        match &self.kind {
            TypeKind::Struct(fields) => fields.iter().for_each(|field| field.kind.each_type(visit)),
            TypeKind::Union(union) => {
                let variants = union.variants.iter();
                variants.for_each(|variant| variant.kind.each_type(visit));
            }
            TypeKind::Enum(_) => {}
        }
    }

    /// Calls `change` with the types of fields and variants, and with the types in these.
    pub(crate) fn each_type_mut(&mut self, change: &mut impl FnMut(&mut RustType)) {
        match &mut self.kind {
            TypeKind::Struct(fields) => {
                let fields = fields.iter_mut();
                fields.for_each(|field| field.kind.each_mut(change));
            }
            TypeKind::Union(union) => {
                let variants = union.variants.iter_mut();
                variants.for_each(|variant| variant.kind.each_mut(change));
            }
            TypeKind::Enum(_) => {}
        }
    }

    /// Returns true if a struct has the function `new`: it is sent, and neither `Default` nor a
    /// list of its fields creates it.
    pub(crate) fn has_constructor(&self) -> bool {
        let TypeKind::Struct(fields) = &self.kind else {
            return false;
        };
        let has_required = fields.iter().any(Field::is_required);
        let is_literal = self.is_exhaustive && fields.iter().all(Field::is_required);
        self.is_sent && has_required && !is_literal
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum TypeKind {
    Struct(Vec<Field>),
    /// The variants and their values.
    Enum(Vec<(String, String)>),
    Union(UnionKind),
}

/// A union of several types.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct UnionKind {
    pub(crate) selection: Selection,
    pub(crate) variants: Vec<Variant>,
}

/// A variant of a union with its type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Variant {
    pub(crate) declared: UnionVariant,
    pub(crate) kind: RustType,
}

/// A field of a struct.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Field {
    /// The Rust name, which may be raw, such as `r#type`.
    pub(crate) name: String,
    /// The name in JSON. `None` for the map of all other properties.
    pub(crate) property: Option<String>,
    pub(crate) kind: RustType,
    pub(crate) presence: Presence,
    pub(crate) is_deprecated: bool,
    /// The description, as Markdown from the document.
    pub(crate) description: Option<String>,
}

/// Determines whether a property can be absent or null.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Presence {
    Required,
    /// The property is required and can be null, which is `None`.
    RequiredOrNull,
    /// The property can be absent, which is `None`.
    Optional,
    /// The property can be absent, null, or a value.
    Nullable,
    /// The property can be absent, which is the default of the type.
    Default,
    /// The field has all other properties.
    Other,
}

impl Field {
    /// Returns true if a value needs this field.
    pub(crate) fn is_required(&self) -> bool {
        self.presence == Presence::Required
    }

    /// Returns true if the type of the field is an `Option`.
    pub(crate) fn is_option(&self) -> bool {
        self.presence == Presence::Nullable || matches!(self.kind, RustType::Option(_))
    }
}

/// Reads the types that progenitor declared.
pub(crate) fn types(items: &[Item], lowered: &Lowered) -> Result<Types, GenerateError> {
    let mut types = Types::new();
    for item in items {
        let (name, kind) = match item {
            Item::Struct(item) if item.ident == lowered.responses().name => continue,
            Item::Struct(item) if lowered.unions().contains_key(&item.ident.to_string()) => {
                let name = item.ident.to_string();
                let union = union(item, &lowered.unions()[&name])?;
                (name, TypeKind::Union(union))
            }
            Item::Struct(item) => (item.ident.to_string(), structure(item, lowered)?),
            Item::Enum(item) => (item.ident.to_string(), enumeration(item, lowered)?),
            _ => continue,
        };
        let texts = lowered.texts().get(&name);
        let declaration = TypeDeclaration {
            description: texts.and_then(|texts| texts.description.clone()),
            kind,
            is_deprecated: texts.is_some_and(|texts| texts.is_deprecated),
            is_sent: lowered.sent_types().contains(&name),
            derives: Vec::new(),
            aliases: Vec::new(),
            is_exhaustive: true,
        };
        types.insert(name, declaration);
    }
    Ok(types)
}

fn structure(item: &ItemStruct, lowered: &Lowered) -> Result<TypeKind, GenerateError> {
    let type_name = item.ident.to_string();
    let Fields::Named(fields) = &item.fields else {
        return Err(GenerateError::Missing(format!("field of `{type_name}`")));
    };
    let substitutes = lowered.substitutes().get(&type_name);
    let nullable = lowered.nullable().get(&type_name);
    let texts = lowered.texts().get(&type_name);
    let fields = fields.named.iter().filter_map(|field| {
        let ident = field.ident.as_ref()?;
        let (renamed, serde) = serde_arguments(&field.attrs);
        let has = |name: &str| serde.iter().any(|own| own == name);
        let kind = RustType::read(&field.ty);
        let is_option = matches!(kind, RustType::Option(_));
        let presence = match is_option {
            _ if has("flatten") => Presence::Other,
            true if has("deserialize_with") => Presence::RequiredOrNull,
            true => Presence::Optional,
            false if has("default") => Presence::Default,
            false => Presence::Required,
        };
        let property = (presence != Presence::Other).then(|| {
            let declared = renamed.unwrap_or_else(|| ident.unraw().to_string());
            let original = substitutes.and_then(|names| names.get(&declared));
            original.cloned().unwrap_or(declared)
        });
        let is_in = |names: &BTreeSet<String>| {
            let property = property.as_ref();
            property.is_some_and(|property| names.contains(property))
        };
        Some(Field {
            name: ident.to_string(),
            kind,
            is_deprecated: texts.is_some_and(|texts| is_in(&texts.deprecated)),
            presence: match nullable.is_some_and(is_in) {
                true => Presence::Nullable,
                false => presence,
            },
            description: property
                .as_ref()
                .and_then(|property| texts?.properties.get(property).cloned()),
            property,
        })
    });
    Ok(TypeKind::Struct(fields.collect()))
}

fn enumeration(item: &ItemEnum, lowered: &Lowered) -> Result<TypeKind, GenerateError> {
    let type_name = item.ident.to_string();
    let variants = item.variants.iter();
    if item
        .variants
        .iter()
        .all(|variant| variant.fields.is_empty())
    {
        let substitutes = lowered.substitutes().get(&type_name);
        let values = variants.map(|variant| {
            let (renamed, _) = serde_arguments(&variant.attrs);
            let name = variant.ident.to_string();
            let declared = renamed.unwrap_or_else(|| name.clone());
            let original = substitutes.and_then(|names| names.get(&declared));
            (name, original.cloned().unwrap_or(declared))
        });
        return Ok(TypeKind::Enum(values.collect()));
    }
    Err(GenerateError::Missing(format!(
        "enum of strings `{type_name}`"
    )))
}

/// Reads the variants of a union from the fields of its object.
fn union(item: &ItemStruct, union: &Union) -> Result<UnionKind, GenerateError> {
    let kind_of = |name: &str| {
        let mut fields = item.fields.iter();
        let field = fields.find(|field| field.ident.as_ref().is_some_and(|own| own == name));
        let kind = field.map(|field| RustType::read(&field.ty));
        let missing = || GenerateError::Missing(format!("field `{name}` of `{}`", item.ident));
        kind.ok_or_else(missing)
    };
    let variants = union.variants.iter().map(|variant| {
        Ok::<_, GenerateError>(Variant {
            kind: kind_of(&variant.field)?,
            declared: variant.clone(),
        })
    });
    Ok(UnionKind {
        selection: union.selection.clone(),
        variants: variants.collect::<Result<_, _>>()?,
    })
}

/// Returns the value of `rename`, and the names of the other arguments of `#[serde(…)]`.
fn serde_arguments(attributes: &[Attribute]) -> (Option<String>, Vec<String>) {
    let (mut renamed, mut others) = (None, Vec::new());
    for attribute in attributes.iter().filter(|own| own.path().is_ident("serde")) {
        // The arguments of serde are names or pairs, which this closure always reads.
        let _ = attribute.parse_nested_meta(|meta| {
            let name = meta.path.to_token_stream().to_string();
            let value = match meta.input.peek(syn::Token![=]) {
                true => Some(meta.value()?.parse::<syn::LitStr>()?.value()),
                false => None,
            };
            match name.as_str() {
                "rename" => renamed = value,
                _ => others.push(name),
            }
            Ok(())
        });
    }
    (renamed, others)
}
