//! Indexes and documents that cannot be used, through `add`. Each ends with a message that names
//! the file, or costs only the part that is wrong.

use std::fs::File;
use std::time::{Duration, Instant};

use expect_test::{Expect, expect};

use crate::network::Network;
use crate::server::Reply;
use crate::workspace::{Workspace, json};

/// Returns a document with one operation, whose response has this schema, and with components.
fn document(schema: &str, schemas: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{title: Garden, version: '1'}}\nservers: [{{url: 'https://g.example.org'}}]\npaths: {{/beds: {{get: {{operationId: getBeds, responses: {{'200': {{description: OK, content: {{application/json: {{schema: {schema}}}}}}}}}}}}}}}\ncomponents: {{schemas: {{{schemas}}}}}\n"
    )
}

/// Returns an index of documents.
fn index(documents: &[&str]) -> String {
    let api = |(number, url): (usize, &&str)| {
        format!("- {{aid: 'g:{number}', name: A, properties: [{{type: OpenAPI, url: '{url}'}}]}}\n")
    };
    let apis: String = documents.iter().enumerate().map(api).collect();
    format!("name: Garden\nspecificationVersion: '0.19'\napis:\n{apis}")
}

fn workspace(files: &[(&str, &str)]) -> Workspace {
    let workspace = Workspace::empty();
    workspace.write("specs/gallery.toml", "");
    for (path, text) in files {
        workspace.write(path, text);
    }
    workspace
}

/// Adds a source, and checks that it fails, writes nothing, and prints this.
fn refuse(files: &[(&str, &str)], source: &str, expected: Expect) {
    let workspace = workspace(files);
    let before = workspace.contents();
    let output = workspace.gallery(&["add", source]);
    expected.assert_eq(&output.shown());
    assert_eq!(output.code, Some(100));
    assert_eq!(workspace.contents(), before, "nothing is written");
}

/// Adds a source that is usable. Returns its workspace, and what was printed of its problems.
fn accept(files: &[(&str, &str)], source: &str) -> (Workspace, String) {
    let workspace = workspace(files);
    let output = workspace.gallery(&["add", source, "--crate", "garden", "--verbose"]);
    assert_eq!(output.code, Some(0), "{output:?}");
    let lines = output.stdout.lines();
    let problems: Vec<&str> = lines
        .skip_while(|line| !line.starts_with("  crate "))
        .skip(1)
        .take_while(|line| !line.contains("  new  "))
        .collect();
    (
        workspace,
        format!("{}\n{}", problems.join("\n"), output.stderr),
    )
}

#[test]
fn refuses_an_index_without_usable_documents() {
    refuse(
        &[("g/apis.yml", &index(&["none.yml"]))],
        "./g",
        expect![[r#"
            exit 100
            -- out --
            g (g/apis.yml)
            warning[missing-document]: the index names the document `none.yml`, which the source does not have
              --> g/apis.yml#/apis/0
            -- err --
            error[no-documents]: there is no OpenAPI document: nothing to make a client of
              --> g/apis.yml
            1 error; nothing was written
        "#]],
    );
    refuse(
        &[("g/apis.yml", &index(&["apis.yml"]))],
        "./g",
        expect![[r#"
            exit 100
            -- out --
            g (g/apis.yml)
            warning[missing-document]: `apis.yml` is the index itself, which is not a document
              --> g/apis.yml#/apis/0
            -- err --
            error[no-documents]: there is no OpenAPI document: nothing to make a client of
              --> g/apis.yml
            1 error; nothing was written
        "#]],
    );
    refuse(
        &[
            ("g/apis.yml", &index(&["page.html"])),
            ("g/page.html", "<!doctype html>\n<p>openapi: none\n"),
        ],
        "./g",
        expect![[r#"
            exit 100
            -- out --
            g (g/apis.yml)
            -- err --
            error[html]: this is HTML, not an OpenAPI document; use the URL of the raw file
              --> g/page.html
            1 error; nothing was written
        "#]],
    );
    refuse(
        &[("g/apis.yml", "<!doctype html>\n<p>Sign in\n")],
        "./g",
        expect![[r#"
            exit 100
            -- out --
            g (g/apis.yml)
            -- err --
            error[html]: this is HTML, not an index; use the URL of the raw file
              --> g/apis.yml
            1 error; nothing was written
        "#]],
    );
    let text =
        "name: Garden\napis: [{aid: 'g:a', properties: [{type: Documentation, url: docs.html}]}]\n";
    refuse(
        &[("g/apis.yml", text)],
        "./g",
        expect![[r#"
        exit 100
        -- out --
        g (g/apis.yml)
        -- err --
        error[no-documents]: there is no OpenAPI document: nothing to make a client of
          --> g/apis.yml
        1 error; nothing was written
    "#]],
    );
}

#[test]
fn refuses_a_remote_index_without_usable_documents() {
    let network = Network::new();
    network
        .server
        .put("/html/page.html", Reply::file("<!doctype html>"));
    for (name, text, expected) in [
        (
            "nothing",
            index(&["none.yml"]),
            expect![[r#"
            exit 100
            -- err --
            error: nothing: none of the 1 documents that http://127.0.0.1:PORT/nothing/apis.yml names can be downloaded:
              http://127.0.0.1:PORT/nothing/apis.yml#/apis/0 (g:0): http://127.0.0.1:PORT/nothing/none.yml does not exist; check the URL
            nothing was written
        "#]],
        ),
        (
            "itself",
            index(&["apis.yml"]),
            expect![[r#"
            exit 100
            -- err --
            error: itself: none of the 1 documents that http://127.0.0.1:PORT/itself/apis.yml names can be downloaded:
              http://127.0.0.1:PORT/itself/apis.yml#/apis/0 (g:0): the index names itself as a document
            nothing was written
        "#]],
        ),
        (
            "html",
            index(&["page.html"]),
            expect![[r#"
            exit 100
            -- err --
            error: html: none of the 1 documents that http://127.0.0.1:PORT/html/apis.yml names can be downloaded:
              http://127.0.0.1:PORT/html/apis.yml#/apis/0 (g:0): http://127.0.0.1:PORT/html/page.html is HTML, not a document; use the URL of the raw file, and check whether it needs a login
            nothing was written
        "#]],
        ),
        (
            "empty",
            index(&[]),
            expect![[r#"
            exit 100
            -- err --
            error: empty: http://127.0.0.1:PORT/empty/apis.yml names no OpenAPI document: there is nothing to make a client of
            nothing was written
        "#]],
        ),
    ] {
        let path = format!("/{name}/apis.yml");
        network.server.put(&path, Reply::file(text));
        let url = format!("{}{path}", network.server.root);
        let output = network.run(&["add", &url]);
        assert_eq!(output.code, Some(100));
        expected.assert_eq(&network.shown(&output));
    }
}

#[test]
fn refuses_an_index_of_100_000_documents() {
    let api = |number: usize| {
        format!(
            r#"{{"aid": "g:{number}", "properties": [{{"type": "OpenAPI", "url": "{number}.yml"}}]}}"#
        )
    };
    let apis: Vec<String> = (0..100_000).map(api).collect();
    let text = format!(r#"{{"name": "Garden", "apis": [{}]}}"#, apis.join(","));
    let start = Instant::now();
    refuse(
        &[("g/apis.json", &text)],
        "./g",
        expect![[r#"
        exit 100
        -- err --
        error[too-many-files]: the index names 100000 documents, and at most 20000 are read; select some of its APIs with `--api`
          --> g/apis.json
    "#]],
    );
    let network = Network::new();
    network.server.put("/g/apis.json", Reply::file(text));
    let output = network.run(&["add", &format!("{}/g/apis.json", network.server.root)]);
    expect![[r#"
        exit 100
        -- err --
        error: g: http://127.0.0.1:PORT/g/apis.json names 100000 documents; the maximum is 5000; select some of its APIs with --api
        nothing was written
    "#]].assert_eq(&network.shown(&output));
    assert!(
        start.elapsed() < Duration::from_secs(60),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn refuses_yaml_bombs() {
    let level = |level: usize| {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        format!("a{level}: &a{level} [{aliases}]\n")
    };
    let bomb: String = (1..12).map(level).collect();
    let text =
        format!("openapi: 3.0.3\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n{bomb}paths: {{}}\n");
    refuse(
        &[("bomb.yml", &text)],
        "bomb.yml",
        expect![[r#"
        exit 100
        -- out --
        bomb (bomb.yml)
        -- err --
        error[yaml-syntax]: invalid YAML: repetition limit exceeded
          --> bomb.yml
        1 error; nothing was written
    "#]],
    );
    let index = index(&["bomb.yml"]).replace("name: Garden", &text);
    refuse(
        &[("g/apis.yml", &index)],
        "./g",
        expect![[r#"
            exit 100
            -- out --
            g (g/apis.yml)
            -- err --
            error[yaml-syntax]: invalid YAML: repetition limit exceeded
              --> g/apis.yml
            1 error; nothing was written
        "#]],
    );
}

#[test]
fn refuses_a_document_of_100_megabytes_without_reading_it() {
    let workspace = workspace(&[("g/apis.yml", &index(&["large.yml"]))]);
    let file = File::create(workspace.path("g/large.yml")).unwrap();
    // The file is sparse: its size alone must be enough to refuse it.
    file.set_len(100 << 20).unwrap();
    for source in ["g/large.yml", "./g"] {
        let output = workspace.gallery(&["add", source]);
        assert_eq!(output.code, Some(100));
        expect![[r#"
            exit 100
            -- err --
            error[unreadable-file]: the file has 104857600 bytes; at most 33554432 are read
              --> g/large.yml
        "#]]
        .assert_eq(&output.shown());
    }
}

#[test]
fn refuses_a_remote_document_that_is_too_large() {
    let network = Network::new();
    let text = format!("openapi: 3.0.3\n#{}\n", "x".repeat(40 << 20));
    network.server.put("/large.yml", Reply::file(text));
    let output = network.run(&["add", &format!("{}/large.yml", network.server.root)]);
    assert_eq!(output.code, Some(100));
    expect![[r#"
        exit 100
        -- err --
        error: http://127.0.0.1:PORT/large.yml is larger than 33554432 bytes, the maximum for a file; check the source
    "#]].assert_eq(&network.shown(&output));
}

#[test]
fn reports_errors_of_json_as_json() {
    let text = "{\"openapi\": \"3.0.3\"\n \"paths\": {}}\n";
    refuse(
        &[("g.json", text)],
        "g.json",
        expect![[r#"
        exit 100
        -- out --
        g (g.json)
        -- err --
        error[json-syntax]: invalid JSON: expected `,` or `}`
          --> g.json:2:2
        1 error; nothing was written
    "#]],
    );
    refuse(
        &[("g/apis.json", "{\"apis\": [\n")],
        "./g",
        expect![[r#"
            exit 100
            -- out --
            g (g/apis.json)
            -- err --
            error[json-syntax]: invalid JSON: EOF while parsing a list
              --> g/apis.json:1:10
            1 error; nothing was written
        "#]],
    );
}

#[test]
fn reads_references_that_lead_in_a_circle_through_files() {
    let first = document(
        "{$ref: 'b.yml#/components/schemas/B'}",
        "A: {$ref: 'b.yml#/components/schemas/C'}",
    );
    let second = document(
        "{type: string}",
        "B: {type: object, properties: {next: {$ref: 'a.yml#/components/schemas/A'}, b: {$ref: '#/components/schemas/B'}}}, C: {$ref: 'a.yml#/components/schemas/A'}",
    );
    let (workspace, problems) = accept(&[("a.yml", &first), ("b.yml", &second)], "a.yml");
    expect![[r#"
        assumed[reference-cycle]: the references only lead to each other; any JSON
          --> a.yml#/components/schemas/A
    "#]]
    .assert_eq(&problems);
    let document = json!(workspace, "specs/garden/openapi.json");
    expect![[r##"{"A":{},"B":{"properties":{"b":{"$ref":"#/components/schemas/B"},"next":{"$ref":"#/components/schemas/A"}},"type":"object"}}"##]].assert_eq(&document["components"]["schemas"].to_string());
}

#[test]
fn reads_files_whose_names_differ_only_in_case() {
    let first = document("{type: string}", "");
    let second = first
        .replace("/beds", "/seeds")
        .replace("getBeds", "getSeeds");
    let files = [
        ("g/apis.yml", index(&["api.yml", "API.yml"])),
        ("g/api.yml", first),
        ("g/API.yml", second),
    ];
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (*path, text.as_str()))
        .collect();
    let (workspace, problems) = accept(&files, "./g");
    assert_eq!(problems.trim(), "");
    let report = json!(workspace, "specs/garden/report.json");
    assert_eq!(report["counts"]["endpoints"], 2);
}

#[test]
fn generates_components_with_unusual_names() {
    let long = "L".repeat(300);
    let references =
        ["Self", "", &long].map(|name| format!("{{$ref: '#/components/schemas/{name}'}}"));
    let properties = format!(
        "{{type: object, properties: {{a: {}, b: {}, c: {}}}}}",
        references[0], references[1], references[2]
    );
    let component =
        |key: &str| format!("{{type: object, properties: {{{key}: {{type: string}}}}}}");
    let schemas = format!(
        "Self: {}, '': {}, {long}: {}",
        component("x"),
        component("y"),
        component("z")
    );
    let (workspace, problems) = accept(&[("g.yml", &document(&properties, &schemas))], "g.yml");
    expect![[r#"
        repaired[renamed-component]: `` is not a valid name for a component; named `Schema`
          --> g.yml#/components/schemas/
    "#]]
    .assert_eq(&problems);
    let code = workspace.read("crates/garden/src/generated.rs");
    let structs: Vec<&str> = code
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub struct "))
        .collect();
    expect![[r#"
        Client {
        GetBeds(pub(super) Call);
        GetBedsResponse {
        Llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll {
        Schema {
        SelfType {"#]]
    .assert_eq(&structs.join("\n"));
}

#[test]
fn follows_no_reference_to_files_of_the_machine_or_other_hosts() {
    let properties = "{type: object, properties: {a: {$ref: 'file:///etc/hostname'}, b: {$ref: 'http://127.0.0.1:9/a.yml#/A'}, c: {$ref: '../../outside.yml#/A'}, d: {$ref: '/etc/hostname'}}}";
    let (_, problems) = accept(&[("g/a.yml", &document(properties, ""))], "g/a.yml");
    expect![[r#"
        assumed[dangling-reference]: `file:///etc/hostname` leads nowhere; it is left untyped
          --> g/a.yml#/paths/~1beds/get/responses/200/content/application~1json/schema/properties/a
        assumed[dangling-reference]: `http://127.0.0.1:9/a.yml#/A` leads nowhere; it is left untyped
          --> g/a.yml#/paths/~1beds/get/responses/200/content/application~1json/schema/properties/b
        assumed[dangling-reference]: `../../outside.yml#/A` leads nowhere; it is left untyped
          --> g/a.yml#/paths/~1beds/get/responses/200/content/application~1json/schema/properties/c
        assumed[dangling-reference]: `/etc/hostname` leads nowhere; it is left untyped
          --> g/a.yml#/paths/~1beds/get/responses/200/content/application~1json/schema/properties/d
    "#]]
    .assert_eq(&problems);
}

#[test]
fn follows_no_reference_of_a_remote_document_to_other_hosts() {
    let network = Network::new();
    let other = crate::server::Server::start();
    other.put("/b.yml", Reply::file("A: {type: string}"));
    let properties = format!(
        "{{type: object, properties: {{a: {{$ref: 'file:///etc/hostname'}}, b: {{$ref: '{}/b.yml#/A'}}, c: {{$ref: 'moved.yml#/A'}}, d: {{$ref: '../b.yml#/A'}}}}}}",
        other.root
    );
    let text = document(&properties, "");
    network.server.put("/g/a.yml", Reply::file(text));
    network.server.put(
        "/g/moved.yml",
        Reply::redirect(format!("{}/b.yml", other.root)),
    );
    let url = format!("{}/g/a.yml", network.server.root);
    let output = network.run(&["add", &url, "--crate", "garden", "--verbose"]);
    assert_eq!(output.code, Some(0), "{output:?}");
    let shown = network.shown(&output).replace(&other.root, "http://OTHER");
    let (problems, _) = shown.split_once("     new  ").unwrap();
    expect![[r#"
        exit 0
        -- out --
        garden: 1 file of http://127.0.0.1:PORT/g/a.yml, 407 bytes, 407 of them downloaded
        warning[reference-not-followed]: `file:///etc/hostname`: the scheme is neither https nor http; what it refers to has no type
          --> http://127.0.0.1:PORT/g/a.yml
        warning[reference-not-followed]: `http://OTHER/b.yml`: it is on another host; what it refers to has no type
          --> http://127.0.0.1:PORT/g/a.yml
        warning[reference-not-followed]: `../b.yml`: it is not below http://127.0.0.1:PORT/g/; what it refers to has no type
          --> http://127.0.0.1:PORT/g/a.yml
        warning[reference-not-followed]: http://127.0.0.1:PORT/g/moved.yml redirects to http://OTHER/b.yml, which is not allowed: add the host to `hosts` in specs/gallery.toml to allow it; what it refers to has no type
          --> http://127.0.0.1:PORT/g/a.yml
        garden (http://127.0.0.1:PORT/g/a.yml)
          documents  1 with 1 operation entry: 1 endpoint, 0 duplicates, 0 dropped
          repaired   nothing
          assumed    4 dangling-reference
          names      1 given, 0 retired
          crate      crates/garden
        assumed[dangling-reference]: `file:///etc/hostname` leads nowhere; it is left untyped
          --> specs/garden/source/a.yml#/paths/~1beds/get/responses/200/content/application~1json/schema/properties/a
        assumed[dangling-reference]: `http://OTHER/b.yml#/A` leads nowhere; it is left untyped
          --> specs/garden/source/a.yml#/paths/~1beds/get/responses/200/content/application~1json/schema/properties/b
        assumed[dangling-reference]: `moved.yml#/A` leads nowhere; it is left untyped
          --> specs/garden/source/a.yml#/paths/~1beds/get/responses/200/content/application~1json/schema/properties/c
        assumed[dangling-reference]: `../b.yml#/A` leads nowhere; it is left untyped
          --> specs/garden/source/a.yml#/paths/~1beds/get/responses/200/content/application~1json/schema/properties/d
    "#]].assert_eq(problems);
    assert!(other.seen().is_empty());
}
