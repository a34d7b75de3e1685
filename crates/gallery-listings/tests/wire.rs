//! Checks the pipeline against `wire.toml`, a table written from raw listings: which request must
//! some arguments produce?
//!
//! Each entry becomes a small listing that runs through the pipeline. An independent interpreter of
//! OpenAPI 3.0 then builds the request that the canonical document describes. So only the request
//! counts, not how a defect is repaired.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test"
)]

#[path = "wire/interpreter.rs"]
mod interpreter;
#[path = "wire/sent.rs"]
mod sent;
mod support;
#[path = "wire/table.rs"]
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use gallery_draft::Choices;
use gallery_listings::Documents;
use gallery_spec::names::Names;
use interpreter::{Arguments, Place, folded, parts};
use openapi_text::front_matter;
use openapi_text::{Diagnostic, Diagnostics, Severity};
use sent::{MULTIPART, Sent, URLENCODED, pairs};
use serde_json::Value;
use table::{COMPANION, Entry, Listed, MARK, Table};

/// The classes of defects, by frequency in the gallery, then other needs of operations.
const CLASSES: [&str; 48] = [
    "no success schema",
    "parameter without type",
    "path parameter not required",
    "no host",
    "dangling holder body",
    "write operation without a body",
    "operationId repeated",
    "template variable not declared",
    "parameter named No Name",
    "query string in the path",
    "same path once the query is cut",
    "copies that differ",
    "odd characters in a parameter name",
    "partial-segment variable",
    "body parameter with an odd name",
    "spaces in a path",
    "other odd characters in a path",
    "odd variable name",
    "same variable twice in a path",
    "trailing slash",
    "no leading slash",
    "HTML entities in a path",
    "path-level parameters shaped like an operation",
    "status key that is no status",
    "paths that differ only in variable names",
    "parameters equal after snake_case",
    "body on GET, DELETE or HEAD",
    "declared path parameter not in the path",
    "method key with spaces or entities",
    "custom verb with a colon",
    ":name placeholder",
    "paths equal but for a slash or letter case",
    "operationId starting with a digit, or empty",
    "// inside a path",
    "non-ASCII in a path",
    "several bodies, or body and formData",
    "parameter name over 80 characters",
    "two variables side by side",
    "variable differing in case from its declaration",
    "formData on GET or DELETE",
    "unbalanced braces",
    "broken parameter list",
    "#, percent-encoding or <name> in a path",
    "form body",
    "array parameter",
    "several servers",
    "placeholder host",
    "basePath without its slash",
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
            .unwrap_or_else(|| panic!("`{}` is no class", entry.class)) += 1;
    }
    counts.retain(|_, count| *count < 3);
    assert!(counts.is_empty(), "too few entries: {counts:?}");
}

#[test]
fn every_entry_says_what_is_expected() {
    for entry in table() {
        let (class, path) = (&entry.class, &entry.path);
        assert!(
            Arguments::read(&entry.arguments).is_some(),
            "{class}: {path}: arguments are `PLACE.NAME = VALUE`"
        );
        assert_ne!(
            entry.request.is_some(),
            entry.unknowable.is_some(),
            "{class}: {path}: a request, or why it cannot be known"
        );
        if entry.request.is_some() {
            expected(&entry);
        }
    }
}

#[test]
fn what_the_listings_say_goes_over_the_wire() {
    let table = table();
    let mut passed: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut report = String::new();
    for entry in &table {
        let (right, all) = passed.entry(&entry.class).or_default();
        *all += 1;
        let result = catch_unwind(AssertUnwindSafe(|| check(entry)))
            .unwrap_or_else(|_| Err("panicked".to_owned()));
        match result {
            Ok(()) if entry.open.is_some() => {
                let _ = writeln!(
                    report,
                    "{}: {:?} is right now: remove `open` from the table\n",
                    entry.listing, entry.path
                );
            }
            Err(got) if entry.open.is_some() && got != "panicked" => {}
            Ok(()) => *right += 1,
            Err(got) => {
                let expected = entry
                    .request
                    .as_deref()
                    .unwrap_or("nothing: the request is ambiguous");
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
        let right: usize = passed.values().map(|(right, _)| right).sum();
        let short = passed.iter().filter(|(_, (right, all))| right < all);
        let classes: String = short
            .map(|(class, (right, all))| format!("{right:3} of {all:2}  {class}\n"))
            .collect();
        panic!(
            "\n{report}{classes}{right} of {} entries are right",
            table.len()
        );
    }
}

/// The result of the pipeline.
struct Outcome {
    document: Value,
    diagnostics: Vec<Diagnostic>,
}

fn run(entry: &Entry) -> Outcome {
    let mut diagnostics = Diagnostics::default();
    let made = support::run(
        &[entry.small_listing()],
        Documents::default(),
        &Choices::new(),
        &mut Names::empty(),
        &mut diagnostics,
    );
    let document = made.map_or(Value::Null, |made| {
        serde_json::from_str(&made.canonical.render().unwrap()).unwrap()
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

    fn reason(&self) -> String {
        let said = self.of(&[Severity::Dropped, Severity::Error]);
        said.first()
            .map_or("nothing, without a message".to_owned(), |said| {
                format!("nothing: {}[{}] {}", said.severity, said.code, said.message)
            })
    }
}

fn check(entry: &Entry) -> Result<(), String> {
    let outcome = run(entry);
    let places = Place::all(&outcome.document);
    let marked: Vec<&Place<'_>> = places
        .iter()
        .filter(|place| place.operation["summary"] == MARK)
        .collect();
    if entry.request.is_none() {
        return check_dropped(&outcome, &places, &marked);
    }
    let place = match marked[..] {
        [place] => place,
        [] if entry.may_drop.is_some() && !outcome.of(&[Severity::Dropped]).is_empty() => {
            return Ok(());
        }
        [] => return Err(outcome.reason()),
        _ => return Err(format!("{} endpoints where there is one", marked.len())),
    };
    if let Some(count) = entry.count.filter(|count| *count != places.len()) {
        return Err(format!("{} endpoints in place of {count}", places.len()));
    }
    check_server(entry, place)?;
    check_unsendable(entry, &outcome, place)?;
    let expected = expected(entry).sorted();
    let mut arguments =
        Arguments::read(&entry.arguments).expect("arguments are `PLACE.NAME = VALUE`");
    let sent = place.send(&mut arguments, entry.or_query)?.sorted();
    if sent == expected || (entry.or_query && sent == form_as_query(expected)) {
        Ok(())
    } else {
        Err(sent.to_string())
    }
}

/// If the request is ambiguous, the entry is dropped with a diagnostic, and the rest of the listing
/// stays.
fn check_dropped(
    outcome: &Outcome,
    places: &[Place<'_>],
    marked: &[&Place<'_>],
) -> Result<(), String> {
    if let [place, ..] = marked {
        return Err(format!("{} {}", place.method, place.path));
    }
    if outcome
        .of(&[Severity::Dropped, Severity::Warning])
        .is_empty()
    {
        return Err("nothing, without a message".to_owned());
    }
    let stays = places.iter().any(|place| place.path == COMPANION);
    if stays {
        Ok(())
    } else {
        Err(format!(
            "the other endpoint is missing too; {}",
            outcome.reason()
        ))
    }
}

fn check_server(entry: &Entry, place: &Place<'_>) -> Result<(), String> {
    let documents = place.document["servers"].as_array().map_or(0, Vec::len);
    if documents != 1 {
        return Err(format!("the document has {documents} servers"));
    }
    let same = |url: &str, wanted: &str| match wanted.contains("://") {
        true => (parts(url).0, parts(url).1) == (parts(wanted).0, parts(wanted).1),
        false => parts(url).1 == wanted,
    };
    let first = place.document["servers"][0]["url"]
        .as_str()
        .unwrap_or_default();
    if let Some(wanted) = entry
        .document_server
        .as_deref()
        .filter(|wanted| !same(first, wanted))
    {
        return Err(format!(
            "the document's server is {first} in place of {wanted}"
        ));
    }
    let url = place.server();
    match entry.server.as_deref() {
        None => Ok(()),
        Some(given) if entry.given => {
            let said = parts(url).1;
            let (before, rest) = said
                .split_once('{')
                .ok_or_else(|| format!("the server {url}, which nobody has to give"))?;
            let after = rest.split_once('}').map_or("", |(_, after)| after);
            let fits = given.len() >= before.len() + after.len()
                && given.starts_with(before)
                && given.ends_with(after);
            if fits {
                Ok(())
            } else {
                Err(format!("the server {url}, which cannot be {given}"))
            }
        }
        Some(wanted) if same(url, wanted) => Ok(()),
        Some(wanted) => Err(format!("the server {url} in place of {wanted}")),
    }
}

fn check_unsendable(entry: &Entry, outcome: &Outcome, place: &Place<'_>) -> Result<(), String> {
    for unsendable in &entry.unsendable {
        let (kind, name) = unsendable.split_once('.').expect("PLACE.NAME");
        let same = |other: &Value| {
            other
                .as_str()
                .is_some_and(|other| folded(other) == folded(name))
        };
        if place
            .parameters()
            .iter()
            .any(|parameter| parameter["in"] == kind && same(&parameter["name"]))
        {
            return Err(format!(
                "the parameter `{unsendable}`, which nobody can send"
            ));
        }
        let words = name.split(|c: char| !c.is_alphanumeric());
        let word = words.max_by_key(|word| word.len()).unwrap_or(name);
        let about = |said: &&Diagnostic| {
            let at_parameter = said
                .location
                .pointer
                .as_deref()
                .is_some_and(|pointer| pointer.contains("/parameters/"));
            said.severity != Severity::Assumed && (at_parameter || said.message.contains(word))
        };
        if !outcome.diagnostics.iter().any(|said| about(&said)) {
            return Err(format!("`{unsendable}` was removed without a message"));
        }
    }
    Ok(())
}

fn expected(entry: &Entry) -> Sent {
    let line = entry.request.as_deref().unwrap_or_default();
    let mut sent = Sent::from_line(line).unwrap_or_else(|| panic!("`{line}` is no request line"));
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
fn the_listings_say_what_the_table_says() {
    let Some(mirror) = std::env::var_os("GALLERY_MIRROR").filter(|folder| !folder.is_empty())
    else {
        let why = "GALLERY_MIRROR is not set; with the folder of a mirror of the gallery in it, the table is compared with it";
        let _ = writeln!(
            std::io::stderr().lock(),
            "skipped: the_listings_say_what_the_table_says: {why}"
        );
        return;
    };
    let table = table();
    let mut files: BTreeMap<String, Value> = BTreeMap::new();
    let mut amiss = BTreeSet::new();
    for entry in table.iter().filter(|entry| !entry.made) {
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
            if let Err(what) = compare(&listed, document) {
                amiss.insert(format!(
                    "{file}: {:?} {:?}: {what}",
                    listed.method, listed.path
                ));
            }
        }
    }
    assert!(
        amiss.is_empty(),
        "{}",
        amiss.into_iter().collect::<Vec<_>>().join("\n")
    );
}

fn read(path: &Path) -> Value {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let body =
        front_matter::body(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_yaml::from_str(body.text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn compare(listed: &Listed, document: &Value) -> Result<(), String> {
    for (key, said) in [("host", &listed.host), ("basePath", &listed.base_path)] {
        if document[key].as_str() != said.as_deref() {
            return Err(format!("`{key}` is {} in the listing", document[key]));
        }
    }
    let item = document["paths"]
        .get(&listed.path)
        .ok_or("the listing has no such path")?;
    let theirs = item
        .get(&listed.method)
        .ok_or("the path has no such method in the listing")?;
    let ours: Value = serde_yaml::from_str(&listed.operation).map_err(|error| error.to_string())?;
    for key in ["operationId", "x-api-path-slug"] {
        if !ours[key].is_null() && ours[key] != theirs[key] {
            return Err(format!("`{key}` is {} in the listing", theirs[key]));
        }
    }
    let known: Vec<Value> = theirs["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .map(facts)
        .collect();
    match ours["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|ours| !known.contains(&facts(ours)))
    {
        Some(unknown) => Err(format!("the listing has no parameter {unknown}")),
        None => Ok(()),
    }
}

/// A parameter without its prose, also where the prose is in its name.
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
