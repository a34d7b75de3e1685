//! Approved differences in `specs/<client>/drift.toml`, each with a reason.
//!
//! The fingerprint identifies a difference; its rule and its location are for readers.
//!
//! An approval is needed until the snapshot contains the difference. `regen` removes the approvals
//! of the differences that it applies ([`prune`]). If upstream reverts a difference, its approval
//! stays until a comparison with upstream reports it as unneeded.

use std::collections::BTreeSet;

use toml_edit::{ArrayOfTables, Datetime, Document, DocumentMut, Item, Table, value};

use crate::date::Date;
use openapi_drift::Change;
use openapi_drift::check_rule_id;
use openapi_text::line_column;
use openapi_text::{FileError, Location};

/// The name of the file in a client's directory.
pub const FILE_NAME: &str = "drift.toml";

/// The key of the array of tables.
const TABLES: &str = "approved";

const HEADER: &str = "\
# Approved differences between upstream and the snapshot. `drift approve` adds them, `regen` removes
# those that it applies, and `drift` reports those that are no longer needed.
";

/// An approved difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// The rule of the difference.
    pub rule: String,
    /// The location of the difference.
    pub place: String,
    /// The fingerprint of the difference.
    pub fingerprint: String,
    /// The reason for the approval.
    pub reason: String,
    /// The last day on which the approval is valid.
    pub until: Option<Date>,
    /// The location of the approval.
    pub at: Location,
}

impl Approval {
    /// Creates an approval of a difference. [`add`] writes it to the file.
    pub fn of(change: &Change, reason: &str, until: Option<Date>) -> Approval {
        Approval {
            rule: change.rule.id.to_owned(),
            place: change.location.clone(),
            fingerprint: change.fingerprint.clone(),
            reason: reason.to_owned(),
            until,
            at: Location::file(FILE_NAME),
        }
    }

    /// True if the approval has expired.
    pub fn is_expired(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }
}

/// Parses the approvals of a client. `file` is the path for messages.
pub fn parse(file: &str, text: &str) -> Result<Vec<Approval>, FileError> {
    let reader = Reader { file, text };
    let document = Document::parse(text).map_err(|failed| {
        reader.error(
            failed.span().map_or(0, |span| span.start),
            failed.message().trim_end().to_owned(),
        )
    })?;
    let mut approvals: Vec<Approval> = Vec::new();
    for (key, item) in document.iter() {
        let at = item.span().map_or(0, |span| span.start);
        let Some(tables) = item.as_array_of_tables().filter(|_| key == TABLES) else {
            return Err(reader.error(
                at,
                format!("unknown key `{key}`; expected tables [[{TABLES}]]"),
            ));
        };
        for table in tables.iter() {
            let approval = reader.approval(table)?;
            if let Some(other) = approvals
                .iter()
                .find(|other| other.fingerprint == approval.fingerprint)
            {
                let message = format!(
                    "duplicate approval of `{}`, first at {}; remove one of the two",
                    approval.fingerprint, other.at
                );
                return Err(FileError {
                    location: approval.at,
                    message,
                });
            }
            approvals.push(approval);
        }
    }
    Ok(approvals)
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
}

impl Reader<'_> {
    fn location(&self, offset: usize) -> Location {
        let (line, column) = line_column(self.text, offset);
        Location::line(self.file, line, column)
    }

    fn error(&self, offset: usize, message: String) -> FileError {
        FileError {
            location: self.location(offset),
            message,
        }
    }

    fn approval(&self, table: &Table) -> Result<Approval, FileError> {
        let at = table.span().map_or(0, |span| span.start);
        let keys = ["rule", "place", "fingerprint", "reason", "until"];
        if let Some((key, item)) = table.iter().find(|(key, _)| !keys.contains(key)) {
            let at = item.span().map_or(at, |span| span.start);
            return Err(self.error(
                at,
                format!("unknown key `{key}`; expected one of {}", keys.join(", ")),
            ));
        }
        let rule = self.text_of(table, "rule")?;
        check_rule_id(&rule.0).map_err(|message| self.error(rule.1, message))?;
        let fingerprint = self.text_of(table, "fingerprint")?;
        if !is_fingerprint(&fingerprint.0) {
            let message = format!(
                "invalid fingerprint `{}`: expected 16 digits of 0 to 9 and a to f",
                fingerprint.0
            );
            return Err(self.error(fingerprint.1, message));
        }
        let until = match table.get("until") {
            None => None,
            Some(item) => {
                let at = item.span().map_or(at, |span| span.start);
                let text = item
                    .as_str()
                    .map(ToOwned::to_owned)
                    .or_else(|| Some(item.as_datetime()?.to_string()));
                let text = text.unwrap_or_else(|| item.to_string().trim().to_owned());
                Some(
                    text.parse::<Date>()
                        .map_err(|error| self.error(at, error.to_string()))?,
                )
            }
        };
        Ok(Approval {
            rule: rule.0,
            place: self.text_of(table, "place")?.0,
            fingerprint: fingerprint.0,
            reason: self.text_of(table, "reason")?.0,
            until,
            at: self.location(at),
        })
    }

    /// Returns the string with this key and its byte offset. Blank strings are errors.
    fn text_of(&self, table: &Table, key: &str) -> Result<(String, usize), FileError> {
        let at = table.span().map_or(0, |span| span.start);
        let Some(item) = table.get(key) else {
            return Err(self.error(at, format!("the approval has no `{key}`")));
        };
        let at = item.span().map_or(at, |span| span.start);
        match item.as_str() {
            Some(text) if !text.trim().is_empty() => Ok((text.to_owned(), at)),
            _ => Err(self.error(at, format!("`{key}` must be a string that is not empty"))),
        }
    }
}

/// True if the text has the form of a fingerprint.
pub fn is_fingerprint(text: &str) -> bool {
    text.len() == 16
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'))
}

/// Adds an approval to the text of the file, or replaces the one with the same fingerprint. `None`
/// stands for a new file.
pub fn add(file: &str, text: Option<&str>, approval: &Approval) -> Result<String, FileError> {
    let text = text.unwrap_or(HEADER);
    let (mut document, approvals) = parse_for_edit(file, text)?;
    // A file without tables has only comments. The parser would move them behind the first table.
    let comment = if approvals.is_empty() { text } else { "" };
    if approvals.is_empty() {
        document = DocumentMut::new();
    }
    let tables = document
        .entry(TABLES)
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let Some(tables) = tables.as_array_of_tables_mut() else {
        return Err(inline(file));
    };
    let existing = tables
        .iter()
        .position(|table| is_of(table, &approval.fingerprint));
    let table = table_of(approval);
    match existing.and_then(|at| tables.get_mut(at)) {
        Some(existing) => table
            .iter()
            .for_each(|(key, item)| drop(existing.insert(key, item.clone()))),
        None => tables.push(table),
    }
    Ok(format!("{comment}{document}"))
}

fn table_of(approval: &Approval) -> Table {
    let mut table = Table::new();
    table.decor_mut().set_prefix("\n");
    table.insert("rule", value(&approval.rule));
    table.insert("place", value(&approval.place));
    table.insert("fingerprint", value(&approval.fingerprint));
    table.insert("reason", value(&approval.reason));
    if let Some(until) = approval.until {
        // Falls back to a string if TOML does not support the date.
        let until = until.to_string();
        table.insert(
            "until",
            until
                .parse::<Datetime>()
                .map_or_else(|_| value(&until), value),
        );
    }
    table
}

/// Removes the approvals with these fingerprints and the comments above them. Returns the new text
/// of the file and the number of removed approvals.
pub fn prune(
    file: &str,
    text: &str,
    fingerprints: &BTreeSet<&str>,
) -> Result<(String, usize), FileError> {
    let (mut document, approvals) = parse_for_edit(file, text)?;
    let count = approvals
        .iter()
        .filter(|approval| fingerprints.contains(approval.fingerprint.as_str()))
        .count();
    if count == 0 {
        return Ok((text.to_owned(), 0));
    }
    let header = text
        .lines()
        .take_while(|line| line.starts_with('#'))
        .map(|line| format!("{line}\n"))
        .collect::<String>();
    if let Some(tables) = document
        .get_mut(TABLES)
        .and_then(Item::as_array_of_tables_mut)
    {
        tables.retain(|table| {
            !fingerprints
                .iter()
                .any(|fingerprint| is_of(table, fingerprint))
        });
        if tables.is_empty() {
            document.remove(TABLES);
        }
    }
    // The parser attaches the comment at the top of the file to the first table.
    let text = document.to_string();
    Ok((
        if text.starts_with(&header) {
            text
        } else {
            format!("{header}{text}")
        },
        count,
    ))
}

fn is_of(table: &Table, fingerprint: &str) -> bool {
    table.get("fingerprint").and_then(Item::as_str) == Some(fingerprint)
}

fn parse_for_edit(file: &str, text: &str) -> Result<(DocumentMut, Vec<Approval>), FileError> {
    let approvals = parse(file, text)?;
    let document = text.parse().map_err(|_| inline(file))?;
    Ok((document, approvals))
}

fn inline(file: &str) -> FileError {
    let message = format!("cannot edit inline approvals; write each as a table [[{TABLES}]]");
    FileError {
        location: Location::file(file),
        message,
    }
}

#[cfg(test)]
mod tests;
