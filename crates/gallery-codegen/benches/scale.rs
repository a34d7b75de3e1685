//! Measures generation by number of endpoints, against plain progenitor, syn and prettyplease.
//!
//! Each round is a new process. Rounds of the two generators alternate.
//!
//! `cargo bench -p gallery-codegen --bench scale`
#![allow(clippy::panic, reason = "a failed measurement panics")]

use gallery_codegen::CodeSettings;
use gallery_codegen::bindings;
use gallery_codegen::client;
use gallery_codegen::lower;
use gallery_codegen::package;
use gallery_spec::canonical::Canonical;
use gallery_spec::config::ClientConfig;
use gallery_spec::listings::ListingRef;
use openapi_text::Diagnostics;
use serde_json::{Map, Value, json};

mod support;

const ROUNDS: usize = 7;

fn main() {
    support::child(&[("ours", ours), ("plain", plain)]);
    println!(
        "{:>9}  {:>10} {:>10} {:>6}  {:>9} {:>9} {:>6}",
        "endpoints", "ours", "plain", "ratio", "ours", "plain", "ratio"
    );
    for endpoints in [10, 100, 1_000, 5_000] {
        // CPU time has a resolution of 10 ms, so small documents are generated several times.
        let times = (1_000 / endpoints).max(1);
        let argument = format!("{endpoints} {times}");
        let (mut ours, mut plain) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.extend(support::measure("ours", &argument));
            plain.extend(support::measure("plain", &argument));
        }
        if ours.is_empty() || plain.is_empty() {
            println!(
                "{endpoints:>9}  not measured: this system does not report the CPU time of processes"
            );
            continue;
        }
        let (ours, plain) = (support::median(&ours), support::median(&plain));
        let each = |cost: &support::Cost| cost.cpu.as_secs_f64() * 1e3 / f64::from(times);
        let megabytes = |cost: &support::Cost| cost.peak as f64 / 1e6;
        println!(
            "{endpoints:>9}  {:>7.1} ms {:>7.1} ms {:>6.2}  {:>6.0} MB {:>6.0} MB {:>6.2}",
            each(&ours),
            each(&plain),
            each(&ours) / each(&plain),
            megabytes(&ours),
            megabytes(&plain),
            megabytes(&ours) / megabytes(&plain),
        );
    }
}

/// Parses the number of endpoints and of repetitions, and calls `work` with the document.
fn repeated(argument: &str, mut work: impl FnMut(&str)) {
    let mut numbers = argument
        .split(' ')
        .filter_map(|number| number.parse::<u32>().ok());
    let (Some(endpoints), Some(times)) = (numbers.next(), numbers.next()) else {
        return;
    };
    let text = document(endpoints).to_string();
    (0..times).for_each(|_| work(&text));
}

/// Generates all files of the crate: code, documentation, manifest, README and conformance tests.
fn ours(argument: &str) {
    let listing = ListingRef {
        owner: "o".to_owned(),
        repository: "r".to_owned(),
        provider: "p".to_owned(),
    };
    let config = ClientConfig::of("bench", listing);
    repeated(argument, |text| {
        let Ok(canonical) = Canonical::parse(text) else {
            panic!("invalid document")
        };
        let bindings = bindings(&canonical);
        let Some(lowered) = lower(
            "bench",
            &canonical,
            &bindings,
            &CodeSettings::default(),
            &mut Diagnostics::default(),
        ) else {
            panic!("the document cannot be lowered")
        };
        let Ok(code) = client(
            &canonical,
            &lowered,
            &CodeSettings::default(),
            &mut Diagnostics::default(),
        ) else {
            panic!("no code generated")
        };
        std::hint::black_box(package(&config, &canonical, text, &lowered, &code));
    });
}

/// Generates only the code, with unmodified progenitor.
fn plain(argument: &str) {
    repeated(argument, |text| {
        let Ok(document) = serde_json::from_str(text) else {
            panic!("invalid document")
        };
        let mut settings = progenitor::GenerationSettings::default();
        settings.with_interface(progenitor::InterfaceStyle::Builder);
        let Ok(tokens) = progenitor::Generator::new(&settings).generate_tokens(&document) else {
            panic!("progenitor rejects the document")
        };
        let Ok(file) = syn::parse2(tokens) else {
            panic!("invalid Rust")
        };
        std::hint::black_box(prettyplease::unparse(&file));
    });
}

/// Returns a document that unmodified progenitor supports, with one type per ten endpoints.
fn document(endpoints: u32) -> Value {
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    for number in 0..endpoints {
        let thing = format!("Thing{}", number / 10);
        let reference = json!({"$ref": format!("#/components/schemas/{thing}")});
        let content = json!({"application/json": {"schema": reference}});
        let mut operation = json!({
            "operationId": format!("operation_{number}"),
            "summary": format!("Operation number {number}"),
            "description": "A description of the operation in a sentence of some length.\n\nA second paragraph.",
            "parameters": [
                {"in": "path", "name": "id", "required": true, "schema": {"type": "string"}, "description": "The id."},
                {"in": "query", "name": "page", "schema": {"type": "integer"}, "description": "The page."},
                {"in": "query", "name": "filter", "schema": {"type": "string"}},
            ],
            "responses": {"200": {"description": "OK", "content": content}},
        });
        let is_write = number % 3 == 0;
        if is_write {
            operation["requestBody"] = json!({"required": true, "content": content});
        }
        let method = if is_write { "post" } else { "get" };
        paths.insert(
            format!("/things{number}/{{id}}"),
            json!({method: operation}),
        );
        schemas.entry(thing).or_insert_with(|| {
            json!({
                "type": "object",
                "required": ["id", "name"],
                "properties": {
                    "id": {"type": "string"},
                    "name": {"type": "string", "description": "The name of the thing."},
                    "count": {"type": "integer", "format": "int64"},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "is_new": {"type": "boolean"},
                },
            })
        });
    }
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Things", "version": "1.0.0"},
        "servers": [{"url": "https://things.example.com/v1"}],
        "paths": paths,
        "components": {"schemas": schemas},
    })
}
