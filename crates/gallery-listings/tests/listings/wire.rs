//! Checks the requests that the canonical documents describe against `wire.toml`.
//!
//! The table was written from raw listings. Each entry has arguments and the expected request. The
//! test runs the pipeline on a small listing with the entry's operation. An independent interpreter
//! of OpenAPI 3.0 then builds the request from the canonical document. The test compares requests
//! only, so any repair with the same result passes.

mod interpreter;
mod sent;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use gallery_draft::Choices;
use gallery_listings::Documents;
use gallery_spec::names::Names;
use interpreter::{Arguments, Operation, folded, parts};
use openapi_text::front_matter;
use openapi_text::{Diagnostic, Diagnostics, Severity};
use sent::{MULTIPART, Sent, URLENCODED, pairs};
use serde_json::Value;
use table::{COMPANION, Entry, Listed, MARK, Table};

use crate::support;

/// The classes of entries: defects by frequency in the gallery, then other features.
const CLASSES: [&str; 54] = [
    "no success schema",
    "parameter without type",
    "path parameter not required",
    "no host",
    "body with a dangling reference",
    "write operation without a body",
    "duplicate operationId",
    "undeclared path variable",
    "parameter named No Name",
    "query string in the path",
    "same path except for the query",
    "conflicting duplicates",
    "unusual characters in a parameter name",
    "partial-segment variable",
    "body parameter with an unusual name",
    "spaces in a path",
    "other unusual characters in a path",
    "unusual variable name",
    "duplicate variable in a path",
    "trailing slash",
    "no leading slash",
    "HTML entities in a path",
    "path-level parameters shaped like an operation",
    "response key that is not a status",
    "paths that differ only in variable names",
    "parameter names equal in snake case",
    "body on GET, DELETE or HEAD",
    "declared path parameter not in the path",
    "method key with spaces or entities",
    "custom verb with a colon",
    ":name placeholder",
    "paths that differ only in a slash or letter case",
    "operationId starting with a digit, or empty",
    "// inside a path",
    "non-ASCII in a path",
    "several bodies, or body and formData",
    "parameter name over 80 characters",
    "adjacent variables",
    "variable that differs in case from its declaration",
    "formData on GET or DELETE",
    "unbalanced braces",
    "broken parameter list",
    "#, percent-encoding or <name> in a path",
    "form body",
    "array parameter",
    "several servers",
    "placeholder host",
    "basePath without its slash",
    "name that stands for numbered names",
    "placeholder without braces",
    "scheme of the server",
    "clean and dirty copies in one document",
    "name in path and query",
    "server of one operation",
];

fn table() -> Vec<Entry> {
    let table: Table = toml::from_str(include_str!("wire.toml"))
        .unwrap_or_else(|error| panic!("wire.toml: {error}"));
    table.entry
}

#[test]
fn every_class_has_three_entries() {
    let mut counts: BTreeMap<&str, usize> = CLASSES.iter().map(|class| (*class, 0)).collect();
    let table = table();
    for entry in &table {
        *counts
            .get_mut(entry.class.as_str())
            .unwrap_or_else(|| panic!("unknown class `{}`", entry.class)) += 1;
    }
    counts.retain(|_, count| *count < 3);
    assert!(counts.is_empty(), "too few entries: {counts:?}");
}

#[test]
fn every_entry_is_well_formed() {
    for entry in table() {
        let (class, path) = (&entry.class, &entry.path);
        assert!(
            Arguments::parse(&entry.arguments).is_some(),
            "{class}: {path}: arguments must have the form `LOCATION.NAME = VALUE`"
        );
        assert_ne!(
            entry.request.is_some(),
            entry.ambiguous.is_some(),
            "{class}: {path}: exactly one of `request` and `ambiguous` is required"
        );
        if entry.request.is_some() {
            expected(&entry);
        }
    }
}

#[test]
fn canonical_documents_describe_the_expected_requests() {
    let table = table();
    let mut passed: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut report = String::new();
    for entry in &table {
        let (correct, all) = passed.entry(&entry.class).or_default();
        *all += 1;
        let result = catch_unwind(AssertUnwindSafe(|| check(entry)))
            .unwrap_or_else(|_| Err("panicked".to_owned()));
        match result {
            Ok(()) if entry.known_failure.is_some() => {
                let _ = writeln!(
                    report,
                    "{}: {:?} passes: remove `known_failure` from the table\n",
                    entry.listing, entry.path
                );
            }
            Err(got) if entry.known_failure.is_some() && got != "panicked" => {}
            Ok(()) => *correct += 1,
            Err(got) => {
                let expected = entry
                    .request
                    .as_deref()
                    .unwrap_or("a dropped operation: the request is ambiguous");
                let (class, listing, method, path) =
                    (&entry.class, &entry.listing, &entry.method, &entry.path);
                let _ = writeln!(
                    report,
                    "{class}\n  {listing}: {method:?} {path:?}\n  expected {expected}\n  got      {got}\n"
                );
            }
        }
    }
    if !report.is_empty() {
        let correct: usize = passed.values().map(|(correct, _)| correct).sum();
        let incomplete = passed.iter().filter(|(_, (correct, all))| correct < all);
        let classes: String = incomplete
            .map(|(class, (correct, all))| format!("{correct:3} of {all:2}  {class}\n"))
            .collect();
        panic!(
            "\n{report}{classes}{correct} of {} entries pass",
            table.len()
        );
    }
}

/// The result of the pipeline for an entry.
struct Outcome {
    document: Value,
    diagnostics: Vec<Diagnostic>,
}

fn run(entry: &Entry) -> Outcome {
    let mut diagnostics = Diagnostics::default();
    let output = support::run(
        &[entry.small_listing()],
        Documents::default(),
        &Choices::new(),
        &mut Names::empty(),
        &mut diagnostics,
    );
    let document = output.map_or(Value::Null, |output| {
        serde_json::from_str(&output.canonical.render().unwrap()).unwrap()
    });
    Outcome {
        document,
        diagnostics: diagnostics.iter().cloned().collect(),
    }
}

impl Outcome {
    fn of(&self, severities: &[Severity]) -> Vec<&Diagnostic> {
        self.diagnostics
            .iter()
            .filter(|diagnostic| severities.contains(&diagnostic.severity))
            .collect()
    }

    /// Returns the reason why the operation is missing.
    fn reason(&self) -> String {
        let diagnostics = self.of(&[Severity::Dropped, Severity::Error]);
        diagnostics
            .first()
            .map_or("dropped silently".to_owned(), |it| {
                format!("{}[{}] {}", it.severity, it.code, it.message)
            })
    }
}

fn check(entry: &Entry) -> Result<(), String> {
    let outcome = run(entry);
    let operations = Operation::all(&outcome.document);
    let marked: Vec<&Operation<'_>> = operations
        .iter()
        .filter(|operation| operation.value["summary"] == MARK)
        .collect();
    if entry.request.is_none() {
        return check_dropped(&outcome, &operations, &marked);
    }
    let operation = match marked[..] {
        [operation] => operation,
        [] if entry.may_drop.is_some() && !outcome.of(&[Severity::Dropped]).is_empty() => {
            return Ok(());
        }
        [] => return Err(outcome.reason()),
        _ => return Err(format!("{} endpoints, expected one", marked.len())),
    };
    if let Some(count) = entry.count.filter(|count| *count != operations.len()) {
        return Err(format!("{} endpoints, expected {count}", operations.len()));
    }
    check_server(entry, operation)?;
    check_unsendable(entry, &outcome, operation)?;
    let expected = expected(entry).sorted();
    let mut arguments = Arguments::parse(&entry.arguments)
        .expect("arguments have the form `LOCATION.NAME = VALUE`");
    let sent = operation.send(&mut arguments, entry.or_query)?.sorted();
    if sent == expected || (entry.or_query && sent == form_as_query(expected)) {
        Ok(())
    } else {
        Err(sent.to_string())
    }
}

/// Checks that an ambiguous operation is dropped with a diagnostic, and the companion is kept.
fn check_dropped(
    outcome: &Outcome,
    operations: &[Operation<'_>],
    marked: &[&Operation<'_>],
) -> Result<(), String> {
    if let [operation, ..] = marked {
        return Err(format!("{} {}", operation.method, operation.path));
    }
    if outcome
        .of(&[Severity::Dropped, Severity::Warning])
        .is_empty()
    {
        return Err("dropped silently".to_owned());
    }
    let kept = operations
        .iter()
        .any(|operation| operation.path == COMPANION);
    if kept {
        Ok(())
    } else {
        Err(format!(
            "the companion is missing too; {}",
            outcome.reason()
        ))
    }
}

fn check_server(entry: &Entry, operation: &Operation<'_>) -> Result<(), String> {
    let documents = operation.document["servers"].as_array().map_or(0, Vec::len);
    if documents != 1 {
        return Err(format!("the document has {documents} servers"));
    }
    let same = |url: &str, wanted: &str| match wanted.contains("://") {
        true => (parts(url).0, parts(url).1) == (parts(wanted).0, parts(wanted).1),
        false => parts(url).1 == wanted,
    };
    let first = operation.document["servers"][0]["url"]
        .as_str()
        .unwrap_or_default();
    if let Some(wanted) = entry
        .document_server
        .as_deref()
        .filter(|wanted| !same(first, wanted))
    {
        return Err(format!(
            "the document's server is {first}, expected {wanted}"
        ));
    }
    let url = operation.server();
    match entry.server.as_deref() {
        None => Ok(()),
        Some(wanted) if entry.server_set_by_caller => {
            let authority = parts(url).1;
            let (before, rest) = authority
                .split_once('{')
                .ok_or_else(|| format!("the server {url} has no variable for the caller to set"))?;
            let after = rest.split_once('}').map_or("", |(_, after)| after);
            let fits = wanted.len() >= before.len() + after.len()
                && wanted.starts_with(before)
                && wanted.ends_with(after);
            if fits {
                Ok(())
            } else {
                Err(format!("the server {url} cannot be set to {wanted}"))
            }
        }
        Some(wanted) if same(url, wanted) => Ok(()),
        Some(wanted) => Err(format!("the server is {url}, expected {wanted}")),
    }
}

fn check_unsendable(
    entry: &Entry,
    outcome: &Outcome,
    operation: &Operation<'_>,
) -> Result<(), String> {
    for unsendable in &entry.unsendable {
        let (kind, name) = unsendable.split_once('.').expect("LOCATION.NAME");
        let same = |other: &Value| {
            other
                .as_str()
                .is_some_and(|other| folded(other) == folded(name))
        };
        if operation
            .parameters()
            .iter()
            .any(|parameter| parameter["in"] == kind && same(&parameter["name"]))
        {
            return Err(format!(
                "the parameter `{unsendable}` cannot be sent, but it is declared"
            ));
        }
        let words = name.split(|c: char| !c.is_alphanumeric());
        let word = words.max_by_key(|word| word.len()).unwrap_or(name);
        let about = |diagnostic: &&Diagnostic| {
            let at_parameter = diagnostic
                .location
                .pointer
                .as_deref()
                .is_some_and(|pointer| pointer.contains("/parameters/"));
            diagnostic.severity != Severity::Assumed
                && (at_parameter || diagnostic.message.contains(word))
        };
        if !outcome
            .diagnostics
            .iter()
            .any(|diagnostic| about(&diagnostic))
        {
            return Err(format!("`{unsendable}` was removed silently"));
        }
    }
    Ok(())
}

fn expected(entry: &Entry) -> Sent {
    let line = entry.request.as_deref().unwrap_or_default();
    let mut sent = Sent::from_line(line).unwrap_or_else(|| panic!("invalid request line `{line}`"));
    let header = |line: &String| {
        let (name, value) = line.split_once(": ").expect("NAME: VALUE");
        (name.to_ascii_lowercase(), value.to_owned())
    };
    sent.headers = entry.headers.iter().map(header).collect();
    sent.form = entry.form.as_deref().map(|form| {
        (
            if entry.multipart {
                MULTIPART
            } else {
                URLENCODED
            },
            pairs(form),
        )
    });
    sent.body = entry.body.clone();
    sent
}

fn form_as_query(mut sent: Sent) -> Sent {
    sent.query.extend(
        sent.form
            .take()
            .map(|(_, fields)| fields)
            .unwrap_or_default(),
    );
    sent.sorted()
}

#[test]
fn the_table_matches_the_listings() {
    let Some(mirror) = std::env::var_os("GALLERY_MIRROR").filter(|folder| !folder.is_empty())
    else {
        let why = "GALLERY_MIRROR is not set; set it to the directory of a mirror of the gallery";
        let _ = writeln!(
            std::io::stderr().lock(),
            "skipped: the_table_matches_the_listings: {why}"
        );
        return;
    };
    let table = table();
    let mut files: BTreeMap<String, Value> = BTreeMap::new();
    let mut differences = BTreeSet::new();
    for entry in table.iter().filter(|entry| !entry.invented) {
        let (owner, rest) = entry
            .listing
            .split_once('/')
            .expect("OWNER/REPOSITORY/PROVIDER");
        let (repository, provider) = rest.split_once('/').expect("OWNER/REPOSITORY/PROVIDER");
        for listed in entry.listed() {
            let file = format!("{owner}__{repository}/_listings/{provider}/{}", listed.file);
            let document = files
                .entry(file.clone())
                .or_insert_with(|| read(&Path::new(&mirror).join(&file)));
            if let Err(difference) = compare(&listed, document) {
                differences.insert(format!(
                    "{file}: {:?} {:?}: {difference}",
                    listed.method, listed.path
                ));
            }
        }
    }
    assert!(
        differences.is_empty(),
        "{}",
        differences.into_iter().collect::<Vec<_>>().join("\n")
    );
}

fn read(path: &Path) -> Value {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let body =
        front_matter::body(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_yaml::from_str(body.text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn compare(listed: &Listed, document: &Value) -> Result<(), String> {
    for (key, expected) in [("host", &listed.host), ("basePath", &listed.base_path)] {
        if document[key].as_str() != expected.as_deref() {
            return Err(format!("`{key}` is {} in the listing", document[key]));
        }
    }
    let item = document["paths"]
        .get(&listed.path)
        .ok_or("the listing does not have the path")?;
    let actual = item
        .get(&listed.method)
        .ok_or("the path does not have the method in the listing")?;
    let expected: Value =
        serde_yaml::from_str(&listed.operation).map_err(|error| error.to_string())?;
    for key in ["operationId", "x-api-path-slug"] {
        if !expected[key].is_null() && expected[key] != actual[key] {
            return Err(format!("`{key}` is {} in the listing", actual[key]));
        }
    }
    let parameters: Vec<Value> = actual["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .map(facts)
        .collect();
    match expected["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|expected| !parameters.contains(&facts(expected)))
    {
        Some(unknown) => Err(format!("the listing has no parameter {unknown}")),
        None => Ok(()),
    }
}

/// Returns a parameter without its prose, which may also be part of its name.
fn facts(parameter: &Value) -> Value {
    let mut facts = parameter.clone();
    if let Some(map) = facts.as_object_mut() {
        map.remove("description");
        map.remove("default");
        if let Some(Value::String(name)) = map.get_mut("name")
            && name.len() > 80
        {
            *name = name
                .split_whitespace()
                .next()
                .unwrap_or_default()
                .to_owned();
        }
    }
    facts
}
