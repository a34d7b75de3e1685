//! The counts of one source, and their sums.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use gallery_codegen::CodeSettings;
use gallery_codegen::ReductionReason;
use gallery_codegen::generate::code;
use gallery_spec::documents::{ComponentNames, Settings, draft};
use gallery_spec::draft::Choices;
use gallery_spec::names::Names;
use gallery_spec::pipeline;
use heck::ToPascalCase;
use openapi_text::{Diagnostics, Severity};

use crate::document::{Document, Response, Schema, is_binary, modern, nameless};
use crate::fields::Fields;
use crate::sources::Source;
use crate::surface::{Call, Surface, Type};

/// Number of responses with a schema, and of those with a type.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Ratio {
    pub(crate) typed: usize,
    pub(crate) all: usize,
}

impl Ratio {
    pub(crate) fn has_percent(self, percent: usize) -> bool {
        self.typed * 100 >= self.all * percent
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>6} of {:>6}", self.typed, self.all)
    }
}

/// The counts of a source.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// The 2xx responses with a schema.
    pub(crate) successes: Ratio,
    /// The 4xx, 5xx and default responses with a schema.
    pub(crate) errors: Ratio,
    /// Number of typed responses that are bytes, because the document has a binary schema.
    pub(crate) binary: usize,
    /// Number of fields whose property has a schema with a type.
    pub(crate) fields: usize,
    /// Number of fields that contain any JSON only where the document has no type.
    pub(crate) free_fields: usize,
    /// The untyped responses and fields, by kind.
    pub(crate) untyped: BTreeMap<String, Vec<String>>,
    /// The untyped fields without a reason in the report, although the canonical document has their
    /// type.
    pub(crate) unexplained: Vec<String>,
}

/// The first words of the kind of an untyped field.
const FIELD: &str = "field: ";

impl Counts {
    pub(crate) const HEAD: &str = "     successes          errors  bytes  fields  untyped    free";

    pub(crate) fn add(&mut self, other: &Counts) {
        for (own, other) in [
            (&mut self.successes, other.successes),
            (&mut self.errors, other.errors),
        ] {
            own.typed += other.typed;
            own.all += other.all;
        }
        self.binary += other.binary;
        self.fields += other.fields;
        self.free_fields += other.free_fields;
        self.unexplained.extend(other.unexplained.iter().cloned());
        for (kind, examples) in &other.untyped {
            let own = self.untyped.entry(kind.clone()).or_default();
            own.extend(examples.iter().cloned());
        }
    }

    /// Returns the number of fields that contain any JSON where the document has a type.
    pub(crate) fn untyped_fields(&self) -> usize {
        let kinds = self.untyped.iter();
        kinds
            .filter(|(kind, _)| kind.starts_with(FIELD))
            .map(|(_, examples)| examples.len())
            .sum()
    }

    /// Returns the kinds of what is untyped, most frequent first, with examples.
    pub(crate) fn listed(&self) -> String {
        let mut kinds: Vec<_> = self.untyped.iter().collect();
        kinds.sort_by_key(|(_, examples)| std::cmp::Reverse(examples.len()));
        let lines = kinds.into_iter().map(|(kind, examples)| {
            let few: Vec<&str> = examples.iter().take(3).map(String::as_str).collect();
            format!(
                "{:>5} {kind}\n        {}\n",
                examples.len(),
                few.join("\n        ")
            )
        });
        lines.collect()
    }

    fn add_untyped(&mut self, kind: String, example: String) {
        self.untyped.entry(kind).or_default().push(example);
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (binary, fields, untyped) = (self.binary, self.fields, self.untyped_fields());
        let free = self.free_fields;
        write!(
            f,
            "{} {} {binary:>6} {fields:>7} {untyped:>8} {free:>7}",
            self.successes, self.errors
        )
    }
}

/// The parts that a client reports as not expressed: pointers and messages.
#[derive(Clone)]
struct Reasons(Vec<(String, String)>);

impl Reasons {
    fn read(diagnostics: &Diagnostics) -> Reasons {
        let is_reason = |code: &str| {
            let mut reasons = ReductionReason::ALL.iter();
            code == "schema-untyped" || reasons.any(|reason| reason.code() == code)
        };
        let all = diagnostics.iter().filter(|own| is_reason(own.code));
        let pairs = all.filter_map(|own| {
            let location = own.location.to_string();
            let (_, pointer) = location.split_once('#')?;
            Some((pointer.to_owned(), own.message.clone()))
        });
        Reasons(pairs.collect())
    }

    /// Returns the reason for a schema at one of these pointers, or in it.
    fn of(&self, pointers: &BTreeSet<(String, String)>) -> Option<&str> {
        let is_same = |one: &str, other: &str| {
            let rest = one.strip_prefix(other);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let pointers: Vec<String> = pointers.iter().map(|(_, own)| modern(own)).collect();
        let found = self.0.iter().find(|(at, _)| {
            let mut pointers = pointers.iter();
            pointers.any(|own| is_same(at, own) || is_same(own, at))
        });
        found.map(|(_, message)| message.as_str())
    }
}

/// A client generated in memory.
#[derive(Clone)]
pub(crate) struct Client {
    /// The code.
    pub(crate) code: String,
    /// The canonical document.
    canonical: Document,
    reasons: Reasons,
}

/// Generates the client of a source.
pub(crate) fn client(source: &Source) -> Client {
    let mut diagnostics = Diagnostics::default();
    let (settings, known) = (Settings::default(), ComponentNames::new());
    let draft = draft(
        &source.files,
        &settings,
        &Choices::new(),
        &known,
        &mut diagnostics,
    );
    let mut names = Names::empty();
    let output =
        draft.and_then(|draft| pipeline::finish(&draft, None, &mut names, &mut diagnostics));
    let fail = |diagnostics: &Diagnostics| -> ! {
        let errors = diagnostics.of(Severity::Error).map(ToString::to_string);
        panic!("{}: {:?}", source.name, errors.collect::<Vec<_>>())
    };
    let output = output.unwrap_or_else(|| fail(&diagnostics));
    let mut diagnostics = Diagnostics::default();
    let code = code(
        "",
        &output.canonical,
        &CodeSettings::default(),
        &mut diagnostics,
    );
    let code = code.unwrap_or_else(|| fail(&diagnostics));
    let canonical = serde_json::to_value(output.canonical.document()).expect("JSON");
    Client {
        code: code.client.text().to_owned(),
        canonical: Document::new("canonical", canonical),
        reasons: Reasons::read(&diagnostics),
    }
}

/// Counts how much of the documents of a source has a type in a client.
pub(crate) fn count(source: &Source, client: &Client) -> Counts {
    let surface = Surface::parse(&client.code);
    let documents = source.documents();
    let mut counts = Counts::default();
    count_responses(&mut counts, &documents, &surface, &client.reasons);
    count_fields(&mut counts, &documents, client, &surface);
    counts
}

/// A response of a client: method, nameless path and status. Copies in several documents are one.
type Key = (String, String, String);

fn count_responses(
    counts: &mut Counts,
    documents: &[Document],
    surface: &Surface,
    reasons: &Reasons,
) {
    let mut all: BTreeMap<Key, Vec<(&Document, Response)>> = BTreeMap::new();
    for document in documents {
        for own in document.responses() {
            let fragment = own.path.find('#').map_or("", |at| &own.path[at..]);
            let path = nameless(&own.path) + fragment;
            let key = (own.method.clone(), path, own.status.clone());
            all.entry(key).or_default().push((document, own));
        }
    }
    for ((_, _, status), copies) in all {
        let ratio = match status.as_bytes().first() {
            Some(b'2') => &mut counts.successes,
            Some(b'4' | b'5' | b'd') => &mut counts.errors,
            _ => continue,
        };
        ratio.all += 1;
        let (document, response) = &copies[0];
        let types: Vec<Option<Type>> = calls_of(surface, response)
            .into_iter()
            .map(|call| match status.starts_with('2') {
                true => surface.response(&call.success, &status),
                false => surface.response(&call.error, &status),
            })
            .collect();
        let is_typed =
            |kind: &Option<Type>| !matches!(kind, None | Some(Type::Untyped | Type::Json));
        let is_bytes = types.contains(&Some(Type::Untyped))
            && copies
                .iter()
                .any(|(document, own)| is_binary(document, &own.content));
        if is_bytes || !types.is_empty() && types.iter().all(is_typed) {
            ratio.typed += 1;
            counts.binary += usize::from(is_bytes);
            continue;
        }
        let kind = kind_of_response(document, response, types.first(), reasons);
        let example = format!(
            "{}#/paths/{}/{}/responses/{}",
            document.file,
            response.path.replace('/', "~1"),
            response.method,
            response.status
        );
        counts.add_untyped(kind, example);
    }
}

fn calls_of<'s>(surface: &'s Surface, response: &Response) -> Vec<&'s Call> {
    let Response {
        method,
        path,
        operation_id,
        ..
    } = response;
    surface.calls_of(method, path, operation_id.as_deref())
}

fn kind_of_response(
    document: &Document,
    response: &Response,
    kind: Option<&Option<Type>>,
    reasons: &Reasons,
) -> String {
    let class = if response.status.starts_with('2') {
        "success"
    } else {
        "error"
    };
    let cause = match kind {
        None => "the client lacks the operation".to_owned(),
        Some(None) => "the status has no variant with a type".to_owned(),
        _ if response.method == "head" => "a HEAD request".to_owned(),
        Some(Some(Type::Json)) => {
            let schemas: Vec<Schema> = response.content.iter().map(|own| own.1.clone()).collect();
            let file = || document.file.clone();
            let parts = document.parts(&schemas);
            let parts = parts.into_iter().map(|part| (file(), part.pointer));
            let reason = reasons.of(&parts.collect());
            format!("any JSON: {}", reason.unwrap_or("no reason"))
        }
        _ if matches!(&*response.status, "204" | "205") => "a status without content".to_owned(),
        _ => {
            let described = response.content.iter().map(|(kind, schema)| {
                let text = |key| Some(schema.value.get(key)?.as_str()?.to_owned());
                let schema = text("type").unwrap_or_else(|| "other".to_owned());
                format!("{kind} ({schema})")
            });
            let described: Vec<String> = described.collect();
            format!("untyped: {}", described.join(", "))
        }
    };
    format!("{class}: {cause}")
}

fn count_fields(counts: &mut Counts, documents: &[Document], client: &Client, surface: &Surface) {
    let reasons = &client.reasons;
    // The reasons have the pointers of the canonical document.
    let canonical = fields_of(std::slice::from_ref(&client.canonical), surface);
    for (key, field) in fields_of(documents, surface).all {
        counts.fields += 1;
        if field.untyped.is_empty() {
            counts.free_fields += usize::from(field.is_free);
            continue;
        }
        let own = canonical.all.get(&key);
        let reason = own.and_then(|own| reasons.of(&own.untyped));
        let is_typed = own.is_some_and(|own| !own.untyped.is_empty());
        let kind = match reason {
            Some(reason) => reason,
            // For example, the chosen one of conflicting duplicates lacks it.
            None if !is_typed => "no type in the canonical document",
            None => "no reason",
        };
        let (name, property) = key;
        let (file, at) = field.untyped.first().expect("a pointer");
        let example = format!("{file}#{at} (`{name}.{property}`)");
        if reason.is_none() && is_typed {
            counts.unexplained.push(example.clone());
        }
        counts.add_untyped(format!("{FIELD}{kind}"), example);
    }
}

/// Returns the fields of the types of all responses, bodies and named schemas.
fn fields_of(documents: &[Document], surface: &Surface) -> Fields {
    let mut fields = Fields::default();
    for document in documents {
        for own in document.responses() {
            let Some(call) = calls_of(surface, &own).pop() else {
                continue;
            };
            let kind = match own.status.starts_with('2') {
                true => &call.success,
                false => &call.error,
            };
            let mut content = own.content.iter();
            let json = content.find(|(kind, _)| kind.contains("json"));
            let schema = json
                .or(own.content.first())
                .map(|(_, schema)| schema.clone());
            if let Some((kind, schema)) = surface.response(kind, &own.status).zip(schema) {
                fields.visit(document, surface, &kind, &[schema]);
            }
        }
        for (method, path, schema) in document.bodies() {
            let calls = surface.calls_of(&method, &path, None);
            for kind in calls.iter().filter_map(|call| call.body.as_ref()) {
                fields.visit(document, surface, kind, std::slice::from_ref(&schema));
            }
        }
        for schema in document.components() {
            let name = schema.pointer.rsplit('/').next().unwrap_or_default();
            let kind = Type::Named(name.to_pascal_case());
            fields.visit(document, surface, &kind, &[schema]);
        }
    }
    fields
}
