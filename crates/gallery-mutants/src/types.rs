//! Faults in types: in reading and writing them.

use crate::change::Change;
use crate::declaration::{Declaration, FieldDeclaration, Kind};
use crate::source::Source;
use crate::union_declaration::Alternative;

fn fields(declaration: &Declaration) -> &[FieldDeclaration] {
    match &declaration.kind {
        Kind::Struct { fields, .. } => fields,
        _ => &[],
    }
}

impl FieldDeclaration {
    pub(super) fn has(&self, argument: &str) -> bool {
        let serde = self.serde.as_ref();
        serde.is_some_and(|(_, text)| text.contains(argument))
    }

    pub(super) fn is_optional(&self) -> bool {
        self.kind.starts_with("Option<")
    }

    /// Returns the name in JSON.
    pub(super) fn property(&self) -> &str {
        let name = self.name.trim_start_matches("r#");
        self.renamed().unwrap_or(name)
    }

    /// Returns the value of `rename`.
    fn renamed(&self) -> Option<&str> {
        let (_, text) = self.serde.as_ref()?;
        let (_, after) = text.split_once("rename = \"")?;
        after.split('"').next()
    }

    /// Replaces the arguments of `#[serde(…)]`. An empty text removes the attribute.
    fn with_serde(&self, change: Change, arguments: &str) -> Change {
        let text = match arguments {
            "" => String::new(),
            arguments => format!("#[serde({arguments})]"),
        };
        match &self.serde {
            Some((range, _)) => change.replace(range, text),
            None => change.insert(self.start, text + " "),
        }
    }

    /// Adds an argument to `#[serde(…)]`.
    fn add_serde(&self, change: Change, argument: &str) -> Change {
        match &self.serde {
            Some((range, _)) => change.insert(range.end - 2, format!(", {argument}")),
            None => change.insert(self.start, format!("#[serde({argument})] ")),
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
    let is_property = |field: &FieldDeclaration| !field.has("flatten");
    each(
        declaration,
        is_property,
        "is renamed",
        |change, field| match field.renamed() {
            Some(name) => {
                let (_, text) = field.serde.as_ref().map_or((0, ""), |(_, text)| (0, text));
                let text = text.replacen(
                    &format!("rename = \"{name}\""),
                    &format!("rename = \"{name}_\""),
                    1,
                );
                let arguments = text.trim_start_matches("#[serde(").trim_end_matches(")]");
                field.with_serde(change, arguments)
            }
            None => {
                let name = field.name.trim_start_matches("r#");
                field.add_serde(change, &format!("rename = \"{name}_\""))
            }
        },
    )
}

pub(super) fn field_dropped(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    each(
        declaration,
        |_| true,
        "is neither read nor written",
        |change, field| field.with_serde(change, "skip"),
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
    each(
        declaration,
        FieldDeclaration::is_optional,
        "is required",
        |change, field| {
            // With `deserialize_with`, serde does not fill in missing fields.
            let name = field.renamed().map(|name| format!("rename = \"{name}\", "));
            let name = name.unwrap_or_default();
            field.with_serde(
                change,
                &format!("{name}deserialize_with = \"serde::Deserialize::deserialize\""),
            )
        },
    )
}

pub(super) fn field_defaulted(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    let is_required = |field: &FieldDeclaration| {
        !field.is_optional() && !field.has("default") && !field.has("flatten")
    };
    each(declaration, is_required, "is optional", |change, field| {
        field.add_serde(change, "default")
    })
}

pub(super) fn field_null(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    let is_skipped =
        |field: &FieldDeclaration| field.is_optional() && field.has("skip_serializing_if");
    each(
        declaration,
        is_skipped,
        "is `null` if it is absent",
        |change, field| {
            let name = field.renamed().map(|name| format!("rename = \"{name}\""));
            field.with_serde(change, &name.unwrap_or_default())
        },
    )
}

pub(super) fn unknown_refused(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    match &declaration.kind {
        Kind::Struct { start, fields }
            if !fields.is_empty() && !fields.iter().any(|field| field.has("flatten")) =>
        {
            vec![
                Change::new("struct", "an unknown field is refused")
                    .insert(*start, "#[serde(deny_unknown_fields)] "),
            ]
        }
        _ => Vec::new(),
    }
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

pub(super) fn variant_dropped(_: &Source<'_>, declaration: &Declaration) -> Vec<Change> {
    let Kind::Union(variants) = &declaration.kind else {
        return Vec::new();
    };
    let change = |own: &Alternative| {
        let name = &own.name;
        Change::new(name, format!("`{name}` is not known")).insert(own.start, "#[serde(skip)] ")
    };
    variants.iter().map(change).collect()
}
