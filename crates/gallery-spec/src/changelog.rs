//! The changelog of a client, `specs/<client>/CHANGELOG.md`. People edit it, so no text is removed.
//!
//! An entry is a heading of level two with the version as its first word, and the text below it.

use openapi_text::date::Date;
use semver::Version;

use crate::config::ClientConfig;

/// The name of the file in a client's directory and in its crate.
pub const FILE_NAME: &str = "CHANGELOG.md";

/// The result of adding an entry to a changelog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The new text.
    pub text: String,
    /// Lines that were not added, because people describe their differences in other words.
    pub reworded: Vec<String>,
}

/// Returns the path of a client's changelog from the workspace root.
pub fn path(client: &ClientConfig) -> String {
    format!("{}/{FILE_NAME}", client.specs_dir())
}

/// Returns the first line of a new changelog.
pub fn title(client: &ClientConfig) -> String {
    format!("# Changelog of `{}`\n", client.package)
}

/// Returns the changelog of a new client.
pub fn first(client: &ClientConfig) -> String {
    let title = title(client);
    format!("{title}\n## {}\n\n- First version.\n", client.version)
}

/// Returns true if a changelog has an entry for a version.
pub fn has_entry(text: &str, version: &str) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    entries(&lines).any(|entry| entry.name == version)
}

/// Adds the sections of `entry` to the entry of a version.
///
/// Without an entry for the version, `## Unreleased` becomes it, or a new one is added above the
/// others. `otherwise` is the text of an entry that would be empty. A line is not added twice. It
/// is not added either if another line names the same location, because people reword lines.
pub fn merge(text: &str, version: &Version, date: Date, entry: &str, otherwise: &str) -> Merged {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let (start, mut end) = find_or_add(&mut lines, version, date);
    let all: Vec<&str> = entry.lines().filter(|line| is_item(line)).collect();
    let existing = lines[start + 1..end].to_vec();
    let is_existing = |line: &str| existing.iter().any(|own| own == line);
    let is_reworded = |line: &str| {
        location(line).is_some_and(|location| {
            let mut own = existing.iter().filter(|own| !all.contains(&own.as_str()));
            own.any(|own| own.contains(location))
        })
    };
    let mut reworded = Vec::new();
    for (title, items) in sections(entry) {
        let (skipped, missing): (Vec<&str>, Vec<&str>) = items
            .into_iter()
            .filter(|line| !is_existing(line))
            .partition(|line| is_reworded(line));
        reworded.extend(skipped.into_iter().map(str::to_owned));
        if !missing.is_empty() {
            end += add(&mut lines, start, end, title, &missing);
        }
    }
    if lines[start + 1..end]
        .iter()
        .all(|line| line.trim().is_empty())
    {
        lines.splice(start + 1..end, ["", otherwise, ""].map(str::to_owned));
    }
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    Merged {
        text: lines.join("\n") + "\n",
        reworded,
    }
}

/// An entry of a changelog.
struct Entry<'a> {
    /// The version, or another first word of the heading.
    name: &'a str,
    /// The index of the heading.
    start: usize,
}

/// Returns the entries of a changelog. Blocks of code have none.
fn entries<'a>(lines: &'a [impl AsRef<str>]) -> impl Iterator<Item = Entry<'a>> {
    let mut in_code = false;
    lines.iter().enumerate().filter_map(move |(start, line)| {
        let line = line.as_ref();
        in_code ^= line.starts_with("```") || line.starts_with("~~~");
        let title = line.strip_prefix("## ").filter(|_| !in_code)?;
        let word = title.split_whitespace().next()?;
        let word = word.trim_start_matches('[');
        let name = word.split([']', '(']).next().unwrap_or(word);
        let number = name.strip_prefix('v');
        let number = number.filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        Some(Entry {
            name: number.unwrap_or(name),
            start,
        })
    })
}

/// Finds the entry of a version or adds it. Returns the index of its heading, and of the end of its
/// text.
fn find_or_add(lines: &mut Vec<String>, version: &Version, date: Date) -> (usize, usize) {
    let heading = format!("## {version} - {date}");
    let version = version.to_string();
    let found: Vec<(String, usize)> = entries(lines)
        .map(|entry| (entry.name.to_owned(), entry.start))
        .collect();
    let start_of = |wanted: &str| {
        let mut found = found.iter();
        let own = found.find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        own.map(|(_, start)| *start)
    };
    let start = match (start_of(&version), start_of("Unreleased"), found.first()) {
        (Some(start), ..) => start,
        (None, Some(start), _) => {
            lines[start] = heading;
            start
        }
        (None, None, first) => {
            let start = first.map_or(lines.len(), |(_, start)| *start);
            lines.splice(start..start, [heading, String::new()]);
            match start > 0 && !lines[start - 1].trim().is_empty() {
                true => {
                    lines.insert(start, String::new());
                    start + 1
                }
                false => start,
            }
        }
    };
    let next = entries(lines).find(|entry| entry.start > start);
    let end = next.map_or(lines.len(), |entry| entry.start);
    (start, end)
}

/// Adds items to the section `title` of the entry at `start..end`. Returns the number of new lines.
fn add(lines: &mut Vec<String>, start: usize, end: usize, title: &str, items: &[&str]) -> usize {
    let entry = &lines[start..end];
    let section = entry.iter().position(|line| line.trim_end() == title);
    let stop = section.map_or(entry.len(), |section| {
        let rest = &entry[section + 1..];
        let next = rest.iter().position(|line| line.starts_with("### "));
        next.map_or(entry.len(), |next| section + 1 + next)
    });
    let last = entry[..stop]
        .iter()
        .rposition(|line| !line.trim().is_empty());
    let at = start + last.map_or(1, |last| last + 1);
    let mut new: Vec<String> = Vec::new();
    // A paragraph or a heading ends with an empty line, and a list continues.
    if section.is_none() {
        new.extend([String::new(), title.to_owned(), String::new()]);
    } else if last.is_some_and(|last| !is_item(&entry[last]) && !entry[last].starts_with("  ")) {
        new.push(String::new());
    }
    new.extend(items.iter().map(|item| (*item).to_owned()));
    if lines.get(at).is_none_or(|line| !line.trim().is_empty()) {
        new.push(String::new());
    }
    let count = new.len();
    lines.splice(at..at, new);
    count
}

/// Returns the sections of an entry, each with its heading and its items.
fn sections(entry: &str) -> Vec<(&str, Vec<&str>)> {
    let mut sections: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in entry.lines() {
        match sections.last_mut() {
            _ if line.starts_with("### ") => sections.push((line, Vec::new())),
            Some((_, items)) if is_item(line) => items.push(line),
            _ => {}
        }
    }
    sections
}

fn is_item(line: &str) -> bool {
    line.starts_with("- ")
}

/// Returns the location that an item of an entry begins with, in backquotes.
fn location(item: &str) -> Option<&str> {
    let start = item.find('`')?;
    let end = start + 1 + item[start + 1..].find('`')?;
    Some(&item[start..=end])
}

#[cfg(test)]
mod tests;
