//! Faults in types: in reading and writing them.

use crate::change::Change;
use crate::declaration::{Declaration, FieldDeclaration, Kind};
use crate::source::Source;
use crate::union_declaration::Alternative;

fn fields(declaration: &Declaration) -> &[FieldDeclaration] {
    match &declaration.kind {
        Kind::Struct(fields) => fields,
        _ => &[],
    }
}

impl FieldDeclaration {
    pub(super) fn has(&self, argument: &str) -> bool {
        let object = self.object.as_ref();
        object.is_some_and(|(_, text)| text.contains(argument))
    }

    pub(super) fn is_optional(&self) -> bool {
        self.kind.starts_with("Option<")
    }

    /// Returns the name in JSON.
    pub(super) fn property(&self) -> &str {
        let name = self.name.trim_start_matches("r#");
        self.renamed().unwrap_or(name)
    }

    /// Returns the value of `name`.
    fn renamed(&self) -> Option<&str> {
        let (_, text) = self.object.as_ref()?;
        let (_, after) = text.split_once("name = \"")?;
        after.split('"').next()
    }

    /// Replaces the arguments of `#[object(…)]` other than `name` by one, or by none.
    fn with_argument(&self, change: Change, argument: Option<&str>) -> Change {
        let name = self.renamed().map(|name| format!("name = {name:?}"));
        self.with_arguments(change, name.as_deref().into_iter().chain(argument))
    }

    fn with_arguments<'t>(
        &self,
        change: Change,
        arguments: impl Iterator<Item = &'t str>,
    ) -> Change {
        let arguments: Vec<&str> = arguments.collect();
        let text = match arguments.as_slice() {
            [] => String::new(),
            arguments => format!("#[object({})]", arguments.join(", ")),
        };
        match &self.object {
            Some((range, _)) => change.replace(range, text),
            None => change.insert(self.start, text + " "),
        }
    }
}

/// Returns a change for each field.
fn each(
    declaration: &Declaration,
    wanted: impl Fn(&FieldDeclaration) -> bool,
    what: &str,
    change: impl Fn(Change, &FieldDeclaration) -> Change,
) -> Vec<Change> {
    let wanted = fields(declaration).iter().filter(|field| wanted(field));
    let changes = wanted.map(|field| {
        let name = &field.name;
        change(Change::new(name, format!("`{name}` {what}")), field)
    });
    changes.collect()
}

pub(super) fn field_renamed(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    const PRESENCES: [&str; 3] = ["required", "nullable", "default"];
    let is_property = |field: &FieldDeclaration| !field.has("other");
    each(declaration, is_property, "is renamed", |change, field| {
        let name = format!("name = \"{}_\"", field.property());
        let presence = PRESENCES.into_iter().filter(|own| field.has(own));
        field.with_arguments(change, std::iter::once(name.as_str()).chain(presence))
    })
}

pub(super) fn field_dropped(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    each(
        declaration,
        |_| true,
        "is neither read nor written",
        |change, field| field.with_arguments(change, std::iter::once("skip")),
    )
}

pub(super) fn field_narrowed(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    const SMALLER: [(&str, &str); 4] = [
        ("i64", "i32"),
        ("i32", "i16"),
        ("u64", "u32"),
        ("f64", "f32"),
    ];
    let smaller = |field: &FieldDeclaration| {
        let found = SMALLER.iter().find(|(own, _)| field.kind.contains(own));
        found.map(|(own, other)| field.kind.replace(own, other))
    };
    let is_number = |field: &FieldDeclaration| smaller(field).is_some();
    each(
        declaration,
        is_number,
        "has a smaller type",
        |change, field| change.replace(&field.kind_range, smaller(field).unwrap_or_default()),
    )
}

/// A format of text becomes a number, and the time in seconds becomes text.
pub(super) fn format_changed(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    const FORMATS: &str = "super::formats::";
    let changed = |field: &FieldDeclaration| {
        let (before, after) = field.kind.split_once(FORMATS)?;
        let end = after.find(|c: char| !c.is_alphanumeric());
        let (format, after) = after.split_at(end.unwrap_or(after.len()));
        let other = match format {
            "UnixTime" => "String",
            _ => "i64",
        };
        Some(format!("{before}{other}{after}"))
    };
    each(
        declaration,
        |field| changed(field).is_some(),
        "has another JSON type",
        |change, field| change.replace(&field.kind_range, changed(field).unwrap_or_default()),
    )
}

pub(super) fn field_required(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    let is_wanted = |field: &FieldDeclaration| field.is_optional() && !field.has("required");
    each(declaration, is_wanted, "is required", |change, field| {
        field.with_argument(change, Some("required"))
    })
}

pub(super) fn field_defaulted(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    let is_required = |field: &FieldDeclaration| {
        field.has("required")
            || !field.is_optional() && !field.has("default") && !field.has("other")
    };
    each(declaration, is_required, "is optional", |change, field| {
        field.with_argument(change, (!field.is_optional()).then_some("default"))
    })
}

pub(super) fn null_lost(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    let is_nullable = |field: &FieldDeclaration| field.has("nullable");
    each(
        declaration,
        is_nullable,
        "is absent if it is `null`",
        |change, field| field.with_argument(change, None),
    )
}

pub(super) fn variant_renamed(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    let Kind::Enum(values) = &declaration.kind else {
        return Vec::new();
    };
    let change = |value: &crate::description::Text| {
        let other = format!("{}_", value.value);
        Change::new(&value.value, format!("`{}` is `{other}`", value.value))
            .replace(&value.range, format!("{other:?}"))
    };
    values.iter().map(change).collect()
}

/// Only unions without an alternative of any JSON, which keeps the values of all others.
pub(super) fn variant_dropped(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    let Kind::Union(union) = &declaration.kind else {
        return Vec::new();
    };
    let mut contents = union.variants.iter().map(|own| &own.content);
    if contents.any(|own| own == "serde_json::Value") {
        return Vec::new();
    }
    let change = |own: &Alternative| {
        let name = &own.name;
        Change::new(name, format!("`{name}` is not known")).insert(own.start, "#[serde(skip)] ")
    };
    union.variants.iter().map(change).collect()
}
