//! The table `[types]` of `names.toml`: names that users gave to types.

use std::collections::BTreeMap;

use heck::ToPascalCase;
use toml_edit::Table;

/// The names that users gave to types, by the names that the generator would choose.
pub type TypeNames = BTreeMap<String, String>;

/// The name of the table.
pub(super) const TABLE: &str = "types";

/// Reads the table. An error has the offset in the file.
pub(super) fn read(table: &Table) -> Result<TypeNames, (usize, String)> {
    let mut names = TypeNames::new();
    for (generated, name) in table.iter() {
        let at = name.span().map_or(0, |span| span.start);
        let Some(name) = name.as_str() else {
            return Err((
                at,
                format!("the name of the type `{generated}` is not a string"),
            ));
        };
        if !is_type_name(name) {
            let message = format!(
                "invalid type name `{name}`: write at most 80 letters and digits in PascalCase, \
                 such as `HttpServer`"
            );
            return Err((at, message));
        }
        if names.values().any(|other| other == name) {
            return Err((at, format!("duplicate type name `{name}`")));
        }
        names.insert(generated.to_owned(), name.to_owned());
    }
    Ok(names)
}

/// Returns true if typify keeps a name as it is.
fn is_type_name(name: &str) -> bool {
    name.len() <= 80
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
        && name.to_pascal_case() == name
}
