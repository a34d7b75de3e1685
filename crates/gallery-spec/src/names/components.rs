//! The table `[components]` of `names.toml`: the location of each component in the documents of a
//! source.

use gallery_documents::ComponentNames;
use toml_edit::{DocumentMut, Item, Table, value};

/// The name of the table.
pub(super) const TABLE: &str = "components";

/// Reads the table. An error has the offset in the file.
pub(super) fn read(table: &Table) -> Result<ComponentNames, (usize, String)> {
    let mut names = ComponentNames::new();
    for (name, location) in table.iter() {
        let Some(location) = location.as_str() else {
            let at = location.span().map_or(0, |span| span.start);
            let message = format!("the location of the component `{name}` is not a string");
            return Err((at, message));
        };
        names.insert(name.to_owned(), location.to_owned());
    }
    Ok(names)
}

/// Writes the table. Entries that do not change keep their position and comments.
pub(super) fn write(document: &mut DocumentMut, names: &ComponentNames) {
    if names.is_empty() {
        document.remove(TABLE);
        return;
    }
    let item = document
        .entry(TABLE)
        .or_insert_with(|| Item::Table(Table::new()));
    let Some(table) = item.as_table_mut() else {
        return;
    };
    table.retain(|name, _| names.contains_key(name));
    for (name, location) in names {
        if table.get(name).and_then(Item::as_str) != Some(location) {
            table.insert(name, value(location));
        }
    }
}
