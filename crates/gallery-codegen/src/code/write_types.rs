//! Writes the types of a client.

use std::fmt::Write as _;

use crate::code::rust_type::RustType;
use crate::code::text::{documentation, string};
use crate::code::types::{Field, Presence, TypeDeclaration, TypeKind, UnionKind, Variant};
use crate::lower::Selection;
use crate::markdown;

/// The number of optional fields from which a type of bodies has setters.
const SETTERS: usize = 4;

/// The attributes and the doc comment of a type.
struct Head<'t> {
    /// The attribute of all items of the type, or nothing.
    attribute: &'t str,
    declaration: &'t TypeDeclaration,
}

impl Head<'_> {
    /// Writes the doc comment, `#[deprecated]`, and the derive macros of an enum.
    fn write_of_enum(&self, out: &mut String, indentation: &str) {
        self.write(out, indentation);
        let derives = &self.declaration.derives;
        if !derives.is_empty() {
            let _ = writeln!(out, "{indentation}#[derive({})]", derives.join(", "));
        }
    }

    /// Writes the doc comment and `#[deprecated]`.
    fn write(&self, out: &mut String, indentation: &str) {
        let text = self
            .declaration
            .description
            .as_deref()
            .map(markdown::blocks);
        documentation(out, indentation, text.as_deref());
        if self.declaration.is_deprecated {
            let _ = writeln!(out, "{indentation}#[deprecated]");
        }
    }
}

/// Writes a type, with an attribute for each of its items or nothing.
pub(crate) fn write_type(
    out: &mut String,
    name: &str,
    declaration: &TypeDeclaration,
    attribute: &str,
) {
    let head = Head {
        attribute,
        declaration,
    };
    match &declaration.kind {
        TypeKind::Struct(fields) => write_struct(out, name, &head, fields),
        TypeKind::Enum(values) => write_enum(out, name, &head, values),
        TypeKind::Union(union) => write_union(out, name, &head, union),
    }
    for alias in &declaration.aliases {
        let _ = write!(
            out,
            "\n/// Equal to [`{name}`].\n{attribute}pub type {alias} = {name};\n"
        );
    }
}

fn write_struct(out: &mut String, name: &str, head: &Head<'_>, fields: &[Field]) {
    let declaration = head.declaration;
    out.push_str(head.attribute);
    head.write(out, "");
    let has_required = fields.iter().any(Field::is_required);
    let default = if has_required { "" } else { "Default, " };
    let derives = declaration.derives.iter().map(|path| format!(", {path}"));
    let derives: String = derives.collect();
    let _ = writeln!(
        out,
        "#[derive(Clone, Debug, {default}PartialEq, gallery_runtime::Object{derives})]"
    );
    if declaration.is_sent && fields.iter().filter(|field| field.is_option()).count() >= SETTERS {
        out.push_str("#[object(setters)]\n");
    }
    if !declaration.is_exhaustive {
        out.push_str("#[non_exhaustive]\n");
    }
    if fields.is_empty() {
        let _ = writeln!(out, "pub struct {name} {{}}");
        return;
    }
    let _ = writeln!(out, "pub struct {name} {{");
    for field in fields {
        write_field(out, field);
    }
    out.push_str("}\n");
    if declaration.has_constructor() {
        out.push('\n');
        out.push_str(head.attribute);
        write_constructor(out, name, fields);
    }
}

fn write_field(out: &mut String, field: &Field) {
    let text = field.description.as_deref().map(markdown::blocks);
    let has_null = *field.kind.without_option() == RustType::Json;
    let kind = field.kind.text("");
    let (note, kind) = match (field.presence == Presence::Nullable, has_null) {
        (false, _) => (None, kind),
        (true, true) => (
            Some("`None` is absent, and `Some(Value::Null)` is null.\n"),
            kind,
        ),
        (true, false) => (
            Some("`None` is absent, and `Some(None)` is null.\n"),
            format!("Option<{kind}>"),
        ),
    };
    let text = match (text, note) {
        (Some(text), Some(note)) => Some(format!("{text}\n\n{note}")),
        (text, note) => text.or(note.map(str::to_owned)),
    };
    documentation(out, "    ", text.as_deref());
    if field.is_deprecated {
        out.push_str("    #[deprecated]\n");
    }
    let is_renamed = |property: &&String| **property != field.name.trim_start_matches("r#");
    let renamed = field.property.as_ref().filter(is_renamed);
    let name = renamed.map(|property| format!("name = {}", string(property)));
    let presence = match field.presence {
        Presence::Required | Presence::Optional => None,
        Presence::RequiredOrNull => Some("required"),
        Presence::Nullable => Some("nullable"),
        Presence::Default => Some("default"),
        Presence::Other => Some("other"),
    };
    let arguments: Vec<&str> = name.as_deref().into_iter().chain(presence).collect();
    if !arguments.is_empty() {
        let _ = writeln!(out, "    #[object({})]", arguments.join(", "));
    }
    let _ = writeln!(out, "    pub {}: {kind},", field.name);
}

/// Writes `new`, with the required fields as arguments.
fn write_constructor(out: &mut String, name: &str, fields: &[Field]) {
    let required: Vec<&Field> = fields.iter().filter(|field| field.is_required()).collect();
    let arguments: Vec<String> = required
        .iter()
        .map(|field| {
            let kind = match &field.kind {
                RustType::String => "impl Into<String>".to_owned(),
                RustType::Format(_) => format!("impl Into<{}>", field.kind.text("")),
                kind => kind.text(""),
            };
            format!("{}: {kind}", field.name)
        })
        .collect();
    let _ = writeln!(out, "impl {name} {{");
    out.push_str("    /// Creates a value with the required fields.\n");
    let line = format!("    pub fn new({}) -> Self {{\n", arguments.join(", "));
    if line.len() <= 101 {
        out.push_str(&line);
    } else {
        out.push_str("    pub fn new(\n");
        for argument in &arguments {
            let _ = writeln!(out, "        {argument},");
        }
        out.push_str("    ) -> Self {\n");
    }
    let _ = writeln!(out, "        {name} {{");
    for field in fields {
        let field_name = &field.name;
        let _ = match (field.is_required(), &field.kind) {
            (true, RustType::String | RustType::Format(_)) => {
                writeln!(out, "            {field_name}: {field_name}.into(),")
            }
            (true, _) => writeln!(out, "            {field_name},"),
            (false, RustType::Option(_)) => writeln!(out, "            {field_name}: None,"),
            (false, _) => writeln!(out, "            {field_name}: Default::default(),"),
        };
    }
    out.push_str("        }\n    }\n}\n");
}

fn write_enum(out: &mut String, name: &str, head: &Head<'_>, values: &[(String, String)]) {
    let names = || values.iter().map(|(name, _)| name.as_str());
    let mut unknown = "Unknown".to_owned();
    while names().any(|name| name == unknown) {
        unknown.push_str("Value");
    }
    out.push_str(head.attribute);
    out.push_str("gallery_runtime::string_enum! {\n");
    head.write_of_enum(out, "    ");
    let _ = writeln!(out, "    pub enum {name} {{");
    let _ = writeln!(out, "        {unknown}(String),");
    for (variant, value) in values {
        let _ = writeln!(out, "        {variant} = {},", string(value));
    }
    out.push_str("    }\n}\n");
}

fn write_union(out: &mut String, name: &str, head: &Head<'_>, union: &UnionKind) {
    let variants = &union.variants;
    out.push_str(head.attribute);
    match &union.selection {
        Selection::Tag(tag) => {
            out.push_str("gallery_runtime::tagged_union! {\n");
            head.write_of_enum(out, "    ");
            let _ = writeln!(out, "    pub enum {name}({}) {{", string(tag));
            out.push_str("        Unknown(serde_json::Value),\n");
            for variant in variants {
                let values: Vec<String> = variant
                    .declared
                    .values
                    .iter()
                    .map(|own| string(own))
                    .collect();
                let with_tag = if variant.declared.is_tagged {
                    ""
                } else {
                    " with tag"
                };
                let _ = writeln!(
                    out,
                    "        {}({}) = {}{with_tag},",
                    variant.declared.name,
                    variant.kind.text(""),
                    values.join(" | ")
                );
            }
            out.push_str("    }\n}\n");
        }
        Selection::First | Selection::Closest => {
            head.write_of_enum(out, "");
            let read = match union.selection == Selection::Closest {
                true => "gallery_runtime::ReadClosest",
                false => "serde::Deserialize",
            };
            let _ = writeln!(
                out,
                "#[derive(Clone, Debug, PartialEq, {read}, serde::Serialize)]\n#[serde(untagged)]"
            );
            let _ = writeln!(out, "pub enum {name} {{");
            for variant in variants {
                let _ = writeln!(
                    out,
                    "    {}({}),",
                    variant.declared.name,
                    variant.kind.text("")
                );
            }
            out.push_str("}\n");
        }
    }
    for variant in variants {
        let own = variant.kind.without_box();
        let is_same = |other: &&Variant| other.kind.without_box() == own;
        if variants.iter().filter(is_same).count() > 1 {
            continue;
        }
        let (kind, variant_name) = (own.text(""), &variant.declared.name);
        let value = match own == &variant.kind {
            true => "value",
            false => "Box::new(value)",
        };
        let _ = write!(
            out,
            "\n{}impl From<{kind}> for {name} {{\n    fn from(value: {kind}) -> Self {{\n        \
             {name}::{variant_name}({value})\n    }}\n}}\n",
            head.attribute
        );
    }
}
