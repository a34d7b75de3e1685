//! Generation by the number of endpoints, against bare progenitor, syn and prettyplease on the same document: `cargo bench -p
//! gallery-codegen --bench scale`. Each round is a process of its own; the two take turns.
#![allow(clippy::panic, reason = "a measurement that cannot be made should end")]

use gallery_codegen::bindings;
use gallery_codegen::client;
use gallery_codegen::docs;
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
    support::child(&[("ours", ours), ("bare", bare)]);
    println!(
        "{:>9}  {:>10} {:>10} {:>6}  {:>9} {:>9} {:>6}",
        "endpoints", "ours", "bare", "ratio", "ours", "bare", "ratio"
    );
    for endpoints in [10, 100, 1_000, 5_000] {
        // A small document is generated several times a process: CPU time is counted in steps of 10 ms.
        let times = (1_000 / endpoints).max(1);
        let argument = format!("{endpoints} {times}");
        let (mut ours, mut bare) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.extend(support::measure("ours", &argument));
            bare.extend(support::measure("bare", &argument));
        }
        if ours.is_empty() || bare.is_empty() {
            println!("{endpoints:>9}  not measured: this system does not say what a process takes");
            continue;
        }
        let (ours, bare) = (support::median(&ours), support::median(&bare));
        let each = |cost: &support::Cost| cost.cpu.as_secs_f64() * 1e3 / f64::from(times);
        let megabytes = |cost: &support::Cost| cost.peak as f64 / 1e6;
        println!(
            "{endpoints:>9}  {:>7.1} ms {:>7.1} ms {:>6.2}  {:>6.0} MB {:>6.0} MB {:>6.2}",
            each(&ours),
            each(&bare),
            each(&ours) / each(&bare),
            megabytes(&ours),
            megabytes(&bare),
            megabytes(&ours) / megabytes(&bare),
        );
    }
}

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

/// All files of the crate: code, documentation, manifest, README and conformance tests.
fn ours(argument: &str) {
    let listing = ListingRef {
        owner: "o".to_owned(),
        repository: "r".to_owned(),
        provider: "p".to_owned(),
    };
    let config = ClientConfig::of("bench", listing);
    repeated(argument, |text| {
        let Ok(canonical) = Canonical::parse(text) else {
            panic!("the document is refused")
        };
        let bindings = bindings(&canonical);
        let Some(lowered) = lower("bench", &canonical, &bindings, &mut Diagnostics::default())
        else {
            panic!("not lowered")
        };
        let Ok(code) = client(&lowered, &docs(&canonical, &bindings)) else {
            panic!("no code")
        };
        std::hint::black_box(package(&config, &canonical, text, &lowered, &code));
    });
}

/// The code alone, as the generator writes it.
fn bare(argument: &str) {
    repeated(argument, |text| {
        let Ok(document) = serde_json::from_str(text) else {
            panic!("the document is none")
        };
        let mut settings = progenitor::GenerationSettings::default();
        settings.with_interface(progenitor::InterfaceStyle::Builder);
        let Ok(tokens) = progenitor::Generator::new(&settings).generate_tokens(&document) else {
            panic!("refused")
        };
        let Ok(file) = syn::parse2(tokens) else {
            panic!("no Rust")
        };
        std::hint::black_box(prettyplease::unparse(&file));
    });
}

/// A document that bare progenitor takes: of each ten endpoints some read, some write, and one type is theirs.
fn document(endpoints: u32) -> Value {
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    for number in 0..endpoints {
        let thing = format!("Thing{}", number / 10);
        let reference = json!({"$ref": format!("#/components/schemas/{thing}")});
        let content = json!({"application/json": {"schema": reference}});
        let mut operation = json!({
            "operationId": format!("operation_{number}"),
            "summary": format!("The operation with the number {number}"),
            "description": "What it does is told here in a sentence of some length.\n\nAnd in another one.",
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
                    "name": {"type": "string", "description": "What it is called."},
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
