//! The `operationId` of every endpoint, in `specs/<client>/names.toml`. It is also the name of the
//! client's method.
//!
//! A name never moves to another endpoint. The name of a removed endpoint is retired: only the same
//! endpoint can get it again. Users may change names. Comments and order are kept.
//!
//! The table `[types]` has the names that users gave to types, by the names that the generator
//! would choose.
//!
//! If a source has several documents, the file also has the location of each component in them, so
//! that a component keeps its name when documents change.

mod components;
mod fresh;
mod rules;
#[cfg(test)]
mod tests;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::{Document, DocumentMut, Item, Table, value};

use gallery_documents::ComponentNames;
use gallery_draft::{DraftEndpoint, EndpointKey};

use self::fresh::{Taken, fresh, in_group, listed_names};
pub use self::rules::{MAX_LENGTH, is_usable};
use self::rules::{RULE, is_operation_name};
pub use self::types::TypeNames;
use openapi_text::line_column;
use openapi_text::{FileError, Location};

const HEADER: &str = "\
# The operationId of each endpoint, which is also the name of the client's method.
# `regen` adds names for new endpoints and moves the names of removed endpoints to [retired].
# It never changes a name. To rename a method, edit its name here and run `regen`.
# To rename a type, write its name and the new one in a table [types]: Old = \"New\".

";

/// The names of a client's endpoints.
#[derive(Clone, Debug)]
pub struct Names {
    document: DocumentMut,
    current: BTreeMap<String, String>,
    retired: BTreeMap<String, String>,
    components: ComponentNames,
    types: TypeNames,
    /// True if new names are those of methods in groups.
    is_grouped: bool,
}

impl Names {
    /// Creates the names of a new client.
    pub fn empty() -> Names {
        let mut document = DocumentMut::new();
        document.insert("names", Item::Table(Table::new()));
        Names {
            document,
            current: BTreeMap::new(),
            retired: BTreeMap::new(),
            components: ComponentNames::new(),
            types: TypeNames::new(),
            is_grouped: false,
        }
    }

    /// Returns names that give new endpoints a method in the group of their first tag.
    #[must_use]
    pub fn grouped(self, is_grouped: bool) -> Names {
        Names { is_grouped, ..self }
    }

    /// Parses `names.toml`. `file` is the path for messages.
    pub fn parse(file: &str, text: &str) -> Result<Names, FileError> {
        let error = |offset: usize, message: String| {
            let (line, column) = line_column(text, offset);
            FileError {
                location: Location::line(file, line, column),
                message,
            }
        };
        let document = Document::parse(text).map_err(|failed| {
            error(
                failed.span().map_or(0, |span| span.start),
                failed.message().trim_end().to_owned(),
            )
        })?;
        let mut tables = BTreeMap::from([("names", BTreeMap::new()), ("retired", BTreeMap::new())]);
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        let mut known_components = ComponentNames::new();
        let mut types = TypeNames::new();
        for (title, item) in document.iter() {
            let at = item.span().map_or(0, |span| span.start);
            if let (components::TABLE, Some(table)) = (title, item.as_table()) {
                known_components =
                    components::read(table).map_err(|(offset, message)| error(offset, message))?;
                continue;
            }
            if let (types::TABLE, Some(table)) = (title, item.as_table()) {
                types = types::read(table).map_err(|(offset, message)| error(offset, message))?;
                continue;
            }
            let (Some(names), Some(table)) = (tables.get_mut(title), item.as_table()) else {
                return Err(error(
                    at,
                    format!(
                        "unknown key `{title}`; expected the tables [names], [retired], [types] and [components]"
                    ),
                ));
            };
            for (endpoint, name) in table.iter() {
                let at = name.span().map_or(0, |span| span.start);
                let Some(name) = name.as_str() else {
                    return Err(error(
                        at,
                        format!("the name of `{endpoint}` is not a string"),
                    ));
                };
                if !is_operation_name(name) {
                    return Err(error(at, format!("invalid method name `{name}`: {RULE}")));
                }
                if let Some(other) = seen.insert(name.to_owned(), endpoint.to_owned()) {
                    return Err(error(
                        at,
                        format!("duplicate name `{name}`: it is also the name of `{other}`"),
                    ));
                }
                names.insert(endpoint.to_owned(), name.to_owned());
            }
        }
        let groups = seen.keys().filter_map(|name| Some(name.split_once('.')?.0));
        if let Some((name, endpoint)) = groups.filter_map(|group| seen.get_key_value(group)).next()
        {
            let message =
                format!("`{name}` is the name of a group and of `{endpoint}`; change one");
            return Err(error(0, message));
        }
        let (current, retired) = (
            tables.remove("names").unwrap_or_default(),
            tables.remove("retired").unwrap_or_default(),
        );
        Ok(Names {
            document: document.into_mut(),
            current,
            retired,
            components: known_components,
            types,
            is_grouped: false,
        })
    }

    /// Assigns a name to every endpoint: its current name, its retired name, or a new one. Retires
    /// the names of removed endpoints. Returns the names by endpoint.
    pub fn assign(&mut self, endpoints: &[DraftEndpoint]) -> BTreeMap<EndpointKey, String> {
        let keys: BTreeSet<String> = endpoints
            .iter()
            .map(|endpoint| endpoint.key.to_string())
            .collect();
        let removed: Vec<String> = self
            .current
            .keys()
            .filter(|key| !keys.contains(*key))
            .cloned()
            .collect();
        for key in removed {
            self.move_name(&key, false);
        }
        let restored: Vec<String> = self
            .retired
            .keys()
            .filter(|key| keys.contains(*key))
            .cloned()
            .collect();
        for key in restored {
            self.move_name(&key, true);
        }
        let mut taken = Taken::default();
        for name in self.current.values().chain(self.retired.values()) {
            taken.add(name);
        }
        let listed = listed_names(endpoints);
        let mut assigned = BTreeMap::new();
        for endpoint in endpoints {
            let key = endpoint.key.to_string();
            let name = match self.current.get(&key) {
                Some(name) => name.clone(),
                None => {
                    let flat = fresh(endpoint, &listed, &taken);
                    let grouped = self.is_grouped.then(|| in_group(endpoint, &flat, &taken));
                    let name = grouped.flatten().unwrap_or(flat);
                    taken.add(&name);
                    self.insert("names", &key, &name);
                    self.current.insert(key, name.clone());
                    name
                }
            };
            assigned.insert(endpoint.key.clone(), name);
        }
        assigned
    }

    /// Returns the names that users gave to types, by the names that the generator would choose.
    pub fn types(&self) -> &TypeNames {
        &self.types
    }

    /// Returns the location of each component in the documents of the source.
    pub fn components(&self) -> &ComponentNames {
        &self.components
    }

    /// Replaces the locations of components.
    pub fn set_components(&mut self, names: &ComponentNames) {
        components::write(&mut self.document, names);
        self.components.clone_from(names);
    }

    /// Moves a name between [names] and [retired], with its comments.
    fn move_name(&mut self, key: &str, revive: bool) {
        let (from, to) = if revive {
            ("retired", "names")
        } else {
            ("names", "retired")
        };
        let (source, target) = if revive {
            (&mut self.retired, &mut self.current)
        } else {
            (&mut self.current, &mut self.retired)
        };
        if let Some(name) = source.remove(key) {
            target.insert(key.to_owned(), name.clone());
            let entry = self
                .document
                .get_mut(from)
                .and_then(Item::as_table_mut)
                .and_then(|table| table.remove_entry(key));
            if revive && self.retired.is_empty() {
                self.document.remove(from);
            }
            let target = self
                .document
                .entry(to)
                .or_insert_with(|| Item::Table(Table::new()))
                .as_table_mut();
            if let (Some(target), Some((key, item))) = (target, entry) {
                target.insert_formatted(&key, item);
            }
        }
    }

    fn insert(&mut self, table: &str, key: &str, name: &str) {
        let item = self
            .document
            .entry(table)
            .or_insert_with(|| Item::Table(Table::new()));
        if let Some(table) = item.as_table_mut() {
            table.insert(key, value(name));
        }
    }

    /// Returns the names of removed endpoints.
    pub fn retired(&self) -> &BTreeMap<String, String> {
        &self.retired
    }

    /// Renders `names.toml`.
    pub fn render(&self) -> String {
        let text = self.document.to_string();
        if text.starts_with('#') {
            text
        } else {
            format!("{HEADER}{text}")
        }
    }
}
