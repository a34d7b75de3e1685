//! Property tests: runs the pipeline on listings with random defects.
//!
//! The pipeline must not panic or drop an entry silently, and the resulting document must be valid.

use std::collections::{BTreeMap, BTreeSet};

use gallery_draft::{Choices, DropReason, FileSet, RawFile};
use gallery_listings::Documents;
use gallery_spec::canonical::Canonical;
use gallery_spec::names::{Names, is_usable};
use gallery_spec::pipeline::Output;
use openapi_text::{Diagnostics, Severity};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::{structure, support};

/// An operation of a random document: the path, the method key and the content.
type Entry = (String, String, Value);

fn segment() -> impl Strategy<Value = String> {
    let segments = [
        "users",
        "users ",
        "{id}",
        "{id}",
        "{user id}",
        "{id | name}",
        ":id",
        "<id>",
        "[id]",
        "{id",
        "id}",
        "{{id}}",
        "{}",
        "",
        ".",
        "..",
        "a:cancel",
        "{id}:cancel",
        "{id}.{format}",
        "{a}{b}",
        "%7Bid%7D",
        "&#123;id&#125;",
        "caf\u{e9}",
        "a\u{a0}b",
        "%zz",
        "$ref",
        "x y",
        "\\",
        "{a/b}",
        "#",
        "Id",
        "{id:[0-9]{2}}",
        "{+id}",
        "{?a,b}",
        "{/a}",
        "http:",
        "p.com",
        "{hostname}",
        "(x)",
        "\u{200b}",
        "\"",
        "|",
    ];
    prop_oneof![6 => prop::sample::select(segments.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,6}"]
}

fn path() -> impl Strategy<Value = String> {
    let queries = [
        "",
        "",
        "",
        "?Action=A",
        "?Action=B",
        "?Action=A&Version=1",
        "?q={q}",
        "?q=",
        "?a={id}&b=c",
        "?tagging",
        "&a=b?c=d",
        "?a=1%26b=2",
        "#frag",
        "#a",
        "?",
        "?&=",
        "?a=1&a=2",
        "?x={x}#y",
        "{?q}",
        "?{a}={b}",
        "?Action=A&Action={id}",
    ];
    let starts = ["/", "/", "/", "", "//", "https://q.io/", " /", "./"];
    let segments = prop::collection::vec(segment(), 0..4);
    (
        prop::sample::select(starts.to_vec()),
        segments,
        prop::sample::select(queries.to_vec()),
        any::<bool>(),
    )
        .prop_map(|(start, segments, query, slash)| {
            format!(
                "{start}{}{}{query}",
                segments.join("/"),
                if slash { "/" } else { "" }
            )
        })
}

fn parameter() -> impl Strategy<Value = Value> {
    let names = [
        json!("id"),
        json!("Id"),
        json!("ID"),
        json!("user id"),
        json!("q"),
        json!("Action"),
        json!("No Name"),
        json!(""),
        json!(null),
        json!("a - what it is"),
        json!("\"op\""),
        json!("&quot;x&quot;"),
        json!(7),
        json!("filter[a]"),
        json!("name"),
        json!("id | name"),
        json!("id (required)"),
        json!("hostname"),
        json!("a".repeat(90)),
        json!("Accept"),
        json!("accept"),
        json!(["x"]),
    ];
    let locations = [
        json!("path"),
        json!("path"),
        json!("query"),
        json!("query"),
        json!("header"),
        json!("body"),
        json!("formData"),
        json!("form"),
        json!("cookie"),
        json!("nowhere"),
        json!(null),
        json!(1),
    ];
    let kinds = [
        json!(null),
        json!("string"),
        json!("integer"),
        json!("array"),
        json!("list"),
        json!("file"),
        json!("<td>boolean</td>"),
        json!("what"),
        json!("object"),
    ];
    let formats = [
        json!(null),
        json!("csv"),
        json!("tsv"),
        json!("multi"),
        json!("pipes"),
        json!("x"),
    ];
    let schemas = [
        json!(null),
        json!({"$ref": "#/definitions/holder"}),
        json!({"type": 3}),
        json!({"type": "object"}),
        json!("x"),
    ];
    let whole = (
        prop::sample::select(names.to_vec()),
        prop::sample::select(locations.to_vec()),
        prop::sample::select(kinds.to_vec()),
        prop::sample::select(formats.to_vec()),
        prop::sample::select(schemas.to_vec()),
        any::<Option<bool>>(),
    )
        .prop_map(|(name, location, kind, format, schema, required)| {
            json!({"name": name, "in": location, "type": kind, "collectionFormat": format, "schema": schema, "required": required})
        });
    prop_oneof![12 => whole, 1 => Just(json!(null)), 1 => Just(json!("id")), 1 => Just(json!({"type": "string"}))]
}

fn operation() -> impl Strategy<Value = Value> {
    let keys = [
        "200", "2", "5xx", "400: bad", "default", "", "Maximum", "404", "999", "204", "1",
    ];
    let responses = prop::collection::btree_map(
        prop::sample::select(keys.to_vec()),
        prop_oneof![
            Just(json!({"description": "OK"})),
            Just(json!({})),
            Just(json!(null)),
            Just(json!({"schema": {"type": []}}))
        ],
        0..4,
    );
    let summaries = [
        json!(null),
        json!("List"),
        json!("Get the user"),
        json!("new"),
        json!("\u{43d}"),
        json!(1),
    ];
    let consumes = [
        json!(null),
        json!([]),
        json!(["multipart/form-data"]),
        json!(["x"]),
        json!(["a/b", "a/b"]),
        json!("a/b"),
    ];
    let whole = (
        prop::collection::vec(parameter(), 0..5),
        responses,
        prop::sample::select(summaries.to_vec()),
        prop::sample::select(consumes.to_vec()),
        prop::sample::select(vec![json!(null), json!("a"), json!("b")]),
    )
        .prop_map(|(parameters, responses, summary, consumes, slug)| {
            json!({"parameters": parameters, "responses": responses, "summary": summary, "consumes": consumes, "x-api-path-slug": slug})
        });
    prop_oneof![12 => whole, 1 => Just(json!(null)), 1 => Just(json!("text")), 1 => Just(json!({"parameters": {"a": 1}}))]
}

fn entry() -> impl Strategy<Value = Entry> {
    let methods = [
        "get",
        "get",
        "post",
        "put",
        "delete",
        "head",
        "GET",
        " get ",
        "get&nbsp;",
        "",
        "fetch",
        "parameters",
        "trace",
    ];
    (
        path(),
        prop::sample::select(methods.to_vec()).prop_map(str::to_owned),
        operation(),
    )
}

/// Generates the text of a document with a host and a base path.
fn document() -> impl Strategy<Value = String> {
    let hosts = [
        json!(null),
        json!("p.io"),
        json!("p.io/v1"),
        json!("http:"),
        json!("your-host.com"),
        json!("{sub}.p.io"),
        json!("/x"),
        json!(" "),
        json!("https://q.io."),
        json!("a b"),
        json!(1),
        json!("p.io:80"),
    ];
    let bases = [
        json!(null),
        json!("/"),
        json!("v1/"),
        json!("//v1//"),
        json!("/{format}/x"),
        json!("https://p.io/v2"),
        json!("/%7Ba%7D"),
        json!("//q.io"),
        json!("/a b"),
        json!("\u{e9}"),
    ];
    let entries = prop::collection::vec(entry(), 0..5);
    (entries, prop::sample::select(hosts.to_vec()), prop::sample::select(bases.to_vec())).prop_map(|(entries, host, base)| {
        let mut paths: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
        for (path, method, operation) in entries {
            paths.entry(path).or_default().insert(method, operation);
        }
        let info = json!({"title": "T", "version": "1"});
        let whole = json!({"swagger": "2.0", "info": info, "host": host, "basePath": base, "schemes": ["http"], "paths": paths});
        serde_yaml::to_string(&whole).unwrap()
    })
}

/// Generates a listing of an index and three documents.
fn listing() -> impl Strategy<Value = FileSet> {
    let names = ["openapi.md", "a-openapi.md", "b-openapi.md"];
    let urls = [
        "https://p.io//v1",
        "https:///",
        "://",
        "http://q.io/{x}",
        "https://http://",
        "p",
    ];
    let index = prop::collection::vec(
        (
            prop::sample::select(vec!["a", "b", "c"]),
            prop::sample::select(urls.to_vec()),
        ),
        0..4,
    );
    (prop::collection::vec(document(), 3), index).prop_map(move |(documents, index)| {
        let apis: Vec<Value> = index
            .iter()
            .map(|(slug, url)| json!({"name": slug, "x-api-slug": slug, "baseURL": url}))
            .collect();
        let index = json!({"name": "P", "apis": apis}).to_string();
        let mut files = vec![RawFile::new("apis.md".to_owned(), index.into_bytes())];
        let file = |(name, text): (&str, String)| RawFile::new(name.to_owned(), text.into_bytes());
        files.extend(names.into_iter().zip(documents).map(file));
        FileSet {
            name: "o/r/p".to_owned(),
            files,
        }
    })
}

fn run(files: &FileSet, names: &mut Names) -> (Option<Output>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let output = support::run(
        std::slice::from_ref(files),
        Documents::default(),
        &Choices::new(),
        names,
        &mut diagnostics,
    );
    (output, diagnostics)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn defects_never_produce_an_invalid_document(files in listing()) {
        let (output, diagnostics) = run(&files, &mut Names::empty());
        for dropped in diagnostics.of(Severity::Dropped) {
            prop_assert!(DropReason::ALL.iter().any(|reason| reason.code() == dropped.code), "{dropped}");
        }
        let errors: Vec<_> = diagnostics.of(Severity::Error).collect();
        let Some(output) = output else {
            prop_assert!(errors.iter().all(|error| error.code == "no-endpoints"), "{errors:?}");
            return Ok(());
        };
        let input = || files.files.iter().map(|file| String::from_utf8_lossy(&file.bytes).into_owned()).collect::<Vec<_>>().join("\n---\n");
        prop_assert_eq!(output.report.unaccounted(), None);
        let text = output.canonical.render().unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        let faults = structure::faults(&value);
        prop_assert!(faults.is_empty(), "{faults:?}\n{}", input());
        let parsed = Canonical::parse(&text).unwrap();
        prop_assert_eq!(parsed.render().unwrap(), text);
        prop_assert_eq!(parsed.endpoints().len(), output.report.endpoints.len());
        prop_assert!(parsed.endpoints().iter().all(|endpoint| is_usable(endpoint.id())));
    }

    #[test]
    fn file_order_has_no_effect_and_names_are_stable(files in listing(), offset in 0usize..4) {
        let mut names = Names::empty();
        let Some(first) = run(&files, &mut names).0 else { return Ok(()) };
        let mut rotated = files.clone();
        rotated.files.rotate_left(offset);
        let second = run(&rotated, &mut Names::empty()).0.unwrap();
        prop_assert_eq!(second.canonical.render().unwrap(), first.canonical.render().unwrap());

        // The names stay the same after the last document is removed and added again.
        let subset = FileSet { files: files.files[..3].to_vec(), ..files.clone() };
        let names_of = |output: &Output| {
            let name = |it: &gallery_spec::report::EndpointReport| ((it.method.clone(), it.path.clone()), it.operation_id.clone());
            output.report.endpoints.iter().map(name).collect::<BTreeMap<_, _>>()
        };
        let mut kept = Names::parse("names.toml", &names.render()).unwrap();
        let Some(reduced) = run(&subset, &mut kept).0 else { return Ok(()) };
        let ids = names_of(&reduced).into_values().collect::<BTreeSet<_>>();
        prop_assert_eq!(ids.len(), reduced.report.endpoints.len());
        let restored = run(&files, &mut kept).0.unwrap();
        prop_assert_eq!(names_of(&restored), names_of(&first));
    }
}
