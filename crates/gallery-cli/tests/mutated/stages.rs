//! The stages that read documents of others.

use std::io::{Read, Write};
use std::net::TcpStream;

use fastrand::Rng;
use gallery_codegen::CodeSettings;
use gallery_codegen::{bindings, lower, reduce};
use gallery_spec::canonical::Canonical;
use gallery_spec::documents;
use gallery_spec::draft::{Choices, Draft, FileSet, RawFile};
use gallery_spec::listings::{self, Documents, Listing};
use gallery_spec::names::Names;
use gallery_spec::pipeline;
use gallery_testkit::MockServer;
use openapi_drift::{Document, compare};
use openapi_text::{Diagnostics, Positions, json, yaml};
use serde_json::{Value, json};

use crate::mutate::{Kind, Mutated};
use crate::seeds;

/// Runs all stages on a document.
pub(crate) fn all(mutated: &Mutated, random: &mut Rng) {
    let Mutated { kind, value, text } = mutated;
    let mut diagnostics = Diagnostics::default();
    let _ = yaml::parse("a.yaml", text.as_bytes(), &mut diagnostics);
    let _ = json::parse(text);
    let _ = Positions::of(text);
    match kind {
        Kind::Overlay => {
            overlay(text, &seeds::openapi());
            overlay(&value.to_string(), &seeds::openapi());
        }
        Kind::Swagger => {
            for canonical_of in [of_document, of_listing] {
                let _ = canonical_of(text);
                if let Some(canonical) = canonical_of(&value.to_string()) {
                    lowering(&canonical);
                }
            }
        }
        Kind::OpenApi => {
            let _ = Document::parse("a.json", text);
            overlay(&seeds::overlay().to_string(), value);
            drift(value);
            let _ = of_document(text);
            if let Ok(canonical) = Canonical::parse(&value.to_string()) {
                lowering(&canonical);
            }
            mock_server(value, random);
        }
    }
    for diagnostic in diagnostics.iter() {
        let _ = diagnostic.to_string();
    }
}

/// Makes documentation of a listing with this description.
pub(crate) fn description(text: &str) {
    let mut document = seeds::swagger();
    document["info"]["description"] = text.into();
    document["paths"]["/beds/{bed}"]["get"]["description"] = text.into();
    for canonical_of in [of_document, of_listing] {
        let canonical = canonical_of(&document.to_string()).unwrap();
        let _ = gallery_codegen::generate::code(
            "a.json",
            &canonical,
            &CodeSettings::default(),
            &mut Diagnostics::default(),
        );
    }
}

fn overlay(overlay: &str, document: &Value) {
    let parsed = openapi_overlay::parse("o.yaml", overlay, &mut Diagnostics::default());
    if let Some(overlay) = parsed {
        let _ = overlay.apply(&mut document.clone());
    }
}

/// Makes the canonical document of a text.
fn of_document(text: &str) -> Option<Canonical> {
    let mut diagnostics = Diagnostics::default();
    let draft = documents::single(&RawFile::new("a.yaml", text), &mut diagnostics)?;
    finish(&draft, &mut diagnostics)
}

/// Makes the canonical document of a listing whose combined document is a text.
fn of_listing(text: &str) -> Option<Canonical> {
    let mut diagnostics = Diagnostics::default();
    let set = FileSet {
        name: "o/r/p".to_owned(),
        files: vec![
            RawFile::new("apis.md", "name: P\napis: []\n"),
            RawFile::new("openapi.md", text),
        ],
    };
    let listing = [Listing::new(&set, Documents::All)];
    let draft = listings::draft(&listing, &Choices::new(), &mut diagnostics)?;
    finish(&draft, &mut diagnostics)
}

fn finish(draft: &Draft, diagnostics: &mut Diagnostics) -> Option<Canonical> {
    let output = pipeline::finish(draft, None, &mut Names::empty(), diagnostics)?;
    Some(output.canonical)
}

fn lowering(canonical: &Canonical) {
    let canonical = &reduce(canonical).canonical;
    let bindings = bindings(canonical);
    let _ = lower(
        "a.json",
        canonical,
        &bindings,
        &CodeSettings::default(),
        &mut Diagnostics::default(),
    );
}

fn drift(value: &Value) {
    let base = Document::from_value("base", seeds::openapi()).unwrap();
    if let Ok(revision) = Document::from_value("revision", value.clone()) {
        for changes in [compare(&base, &revision), compare(&revision, &base)] {
            for change in changes {
                let _ = change.to_string();
            }
        }
    }
}

/// Sends a request to each operation. The server validates it and returns a sample.
fn mock_server(document: &Value, random: &mut Rng) {
    let Ok(server) = MockServer::start(&document.to_string()) else {
        return;
    };
    let root = server.base_url();
    let Some((host, base)) = root
        .strip_prefix("http://")
        .map(|rest| rest.split_at(rest.find('/').unwrap_or(rest.len())))
    else {
        return;
    };
    let bodies = [
        json!({"id": "1", "plants": [{"kind": "tree", "height": 1}, {"kind": "herb"}]}),
        json!([[[{"a": {"a": 1}}]]]),
        json!("text"),
    ];
    for endpoint in &server.document().endpoints {
        let path: String = endpoint
            .path
            .chars()
            .filter(|c| c.is_ascii_graphic() && !"{}?#".contains(*c))
            .collect();
        let body = bodies[random.usize(..bodies.len())].to_string();
        let method = endpoint.method.to_uppercase();
        let request = format!(
            "{method} {base}{path}?page=1&filter[size]=2 HTTP/1.1\r\nhost: {host}\r\nauthorization: \
             Bearer a\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: \
             {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(host).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut reply = Vec::new();
        let read = stream.read_to_end(&mut reply);
        assert!(
            reply.starts_with(b"HTTP/1.1 "),
            "no response to {method} {base}{path}: {read:?}"
        );
    }
}
