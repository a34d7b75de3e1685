//! Items of a client's code, their location in the text, and their replacements.

use std::ops::Range;

use syn::{Ident, Item};

use crate::error::MutantsError;
use crate::syntax::same;

/// An item and its location.
#[derive(Clone)]
pub(super) struct Site {
    modules: &'static [&'static str],
    pub(super) item: Item,
    /// The item as the generator writes it.
    written: String,
    range: Range<usize>,
    /// The line of its first character, from 1.
    line: usize,
}

/// A change of one or more items.
pub(super) struct Change {
    /// A short name for what changes: a part of the mutant's id.
    pub(super) location: String,
    pub(super) what: String,
    items: Vec<(Site, Item)>,
}

impl Change {
    pub(super) fn new(
        location: impl Into<String>,
        what: impl Into<String>,
        items: Vec<(&Site, Item)>,
    ) -> Change {
        let items = items
            .into_iter()
            .map(|(site, item)| (site.clone(), item))
            .collect();
        Change {
            location: location.into(),
            what: what.into(),
            items,
        }
    }

    /// Returns the same change with another location.
    pub(super) fn at(self, location: impl Into<String>) -> Change {
        Change {
            location: location.into(),
            ..self
        }
    }

    /// Returns the first line that differs and the edits of the text, or `None` if nothing differs.
    pub(super) fn edits(&self) -> Option<(usize, Vec<Edited>)> {
        let mut edits = Vec::new();
        for (site, item) in &self.items {
            let after = rendered(site.modules, item);
            if after != site.written {
                let same = site
                    .written
                    .lines()
                    .zip(after.lines())
                    .take_while(|(one, other)| one == other)
                    .count();
                edits.push((
                    site.line + same,
                    Edited {
                        range: site.range.clone(),
                        before: site.written.clone(),
                        after,
                    },
                ));
            }
        }
        edits.sort_by_key(|(line, _)| *line);
        let line = edits.first()?.0;
        Some((line, edits.into_iter().map(|(_, edit)| edit).collect()))
    }
}

/// A replacement of a range of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edited {
    pub(super) range: Range<usize>,
    /// The replaced text, as the generator writes it.
    pub(super) before: String,
    pub(super) after: String,
}

impl Site {
    pub(super) fn new(
        text: &str,
        modules: &'static [&'static str],
        item: &Item,
    ) -> Result<Site, MutantsError> {
        let written = rendered(modules, item);
        let mut found = text.match_indices(&written);
        let range = match (found.next(), found.next()) {
            (Some((start, _)), None) => Some(start..start + written.len()),
            _ => by_lines(text, &written, item),
        };
        match range {
            Some(range) => {
                let line = text[..range.start].matches('\n').count() + 1;
                Ok(Site {
                    modules,
                    item: item.clone(),
                    written,
                    range,
                    line,
                })
            }
            None => {
                let is_head = |line: &&str| {
                    ["pub ", "impl"]
                        .iter()
                        .any(|word| line.trim_start().starts_with(word))
                };
                let first = written.lines().find(is_head).unwrap_or_default();
                Err(MutantsError::NotAsGenerated(first.trim().to_owned()))
            }
        }
    }
}

/// Finds an `impl` block whose line breaks differ from what the generator would write now: from its
/// first line to the line that closes it.
fn by_lines(text: &str, written: &str, item: &Item) -> Option<Range<usize>> {
    let first = written
        .lines()
        .next()
        .filter(|_| matches!(item, Item::Impl(_)))?;
    let indent = &first[..first.len() - first.trim_start().len()];
    let start = text.find(&format!("\n{first}\n"))? + 1;
    let end = start + text[start..].find(&format!("\n{indent}}}\n"))? + indent.len() + 3;
    let there: Item = syn::parse_str(text.get(start..end)?).ok()?;
    same(&there, item).then_some(start..end)
}

/// Returns an item as the generator writes it inside of modules.
fn rendered(modules: &[&str], item: &Item) -> String {
    let nested = modules.iter().rev().fold(item.clone(), |item, module| {
        let name = Ident::new(module, proc_macro2::Span::call_site());
        let mut outer: syn::ItemMod = syn::parse_quote!(mod #name {});
        if let Some((_, items)) = &mut outer.content {
            items.push(item);
        }
        Item::Mod(outer)
    });
    let mut file: syn::File = syn::parse_quote!();
    file.items.push(nested);
    let text = prettyplease::unparse(&file);
    let lines: Vec<_> = text.lines().collect();
    let inner = lines
        .get(modules.len()..lines.len().saturating_sub(modules.len()))
        .unwrap_or_default();
    inner.iter().map(|line| format!("{line}\n")).collect()
}
