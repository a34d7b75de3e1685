//! Clients of OpenAPI documents and of APIs.json indexes.

use expect_test::expect;

use crate::network::Network;
use crate::server::Reply;
use crate::workspace::{Workspace, json};

/// OpenAPI 3.1, with a constant, a union with null, and a numeric exclusive bound.
pub(crate) const BOOKS: &str = r##"openapi: 3.1.0
info: {title: Bookshelf, version: '1'}
servers: [{url: 'https://books.example.org/v1'}]
paths:
  /books:
    get:
      operationId: listBooks
      tags: [books]
      parameters:
        - {name: limit, in: query, schema: {type: integer, exclusiveMinimum: 0}}
      responses:
        '200':
          description: The books.
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Book'}}
components:
  schemas:
    Book:
      type: object
      required: [kind, title]
      properties:
        kind: {type: string, const: book}
        title: {type: string}
        subtitle: {type: [string, 'null']}
"##;

/// A copy of an endpoint of [`BOOKS`], another endpoint, and another component `Book`.
pub(crate) const LOANS: &str = r##"openapi: 3.0.3
info: {title: Loans, version: '1'}
servers: [{url: 'https://books.example.org/v1/'}]
paths:
  /books:
    get:
      operationId: getBooks
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 0, exclusiveMinimum: true}}
      responses:
        '200':
          description: All books.
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Volume'}}
  /loans/{loan_id}:
    get:
      operationId: getLoan
      parameters:
        - {name: loan_id, in: path, required: true, schema: {type: string}}
      responses:
        '200':
          description: The loan.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Book'}
components:
  schemas:
    Volume:
      type: object
      required: [kind, title]
      properties:
        kind: {type: string, enum: [book]}
        title: {type: string}
        subtitle: {type: string, nullable: true}
    Book:
      type: object
      properties:
        due: {type: string, format: date}
"##;

pub(crate) const INDEX: &str = "
aid: bookshelf
name: Bookshelf
specificationVersion: '0.19'
apis:
  - aid: bookshelf:books
    name: Books
    baseURL: https://books.example.org/v1
    properties: [{type: OpenAPI, url: openapi/books.yml}]
  - aid: bookshelf:loans
    name: Loans
    baseURL: https://books.example.org/v1
    properties: [{type: OpenAPI, url: openapi/loans.yml}]
";

fn with_index() -> Workspace {
    let workspace = Workspace::generated();
    workspace.write("apis/bookshelf/apis.yml", INDEX);
    workspace.write("apis/bookshelf/openapi/books.yml", BOOKS);
    workspace.write("apis/bookshelf/openapi/loans.yml", LOANS);
    workspace
}

#[test]
fn adds_a_document_by_a_path_that_begins_with_dots() {
    let workspace = Workspace::generated();
    workspace.write("apis/bookshelf.yaml", BOOKS);
    let shown = workspace.gallery(&["add", "./apis/bookshelf.yaml"]).shown();
    assert!(shown.starts_with("exit 0\n"), "{shown}");
    let shown = workspace.gallery(&["add", "../missing.yaml"]).shown();
    assert!(shown.contains("../missing.yaml: file not found"), "{shown}");
}

#[test]
fn adds_a_document_of_the_workspace() {
    let workspace = Workspace::generated();
    workspace.write("apis/bookshelf.yaml", BOOKS);
    let output = workspace.gallery(&["add", "apis/bookshelf.yaml"]);
    expect![[r#"
        exit 0
        -- out --
        bookshelf (apis/bookshelf.yaml)
          documents  1 with 1 operation entry: 1 endpoint, 0 duplicates, 0 dropped
          repaired   nothing
          assumed    nothing
          names      1 given, 0 retired
          crate      crates/gallery-bookshelf
        warning[constraints]: 1 schema has constraints on values; clients do not check them
          --> specs/bookshelf/openapi.json
             new  crates/gallery-bookshelf/CHANGELOG.md
             new  crates/gallery-bookshelf/Cargo.toml
             new  crates/gallery-bookshelf/README.md
             new  crates/gallery-bookshelf/openapi.json
             new  crates/gallery-bookshelf/src/generated.rs
             new  crates/gallery-bookshelf/src/lib.rs
             new  crates/gallery-bookshelf/src/mock.rs
             new  crates/gallery-bookshelf/tests/adapters.rs
             new  crates/gallery-bookshelf/tests/conformance.rs
             new  specs/bookshelf/CHANGELOG.md
             new  specs/bookshelf/names.toml
             new  specs/bookshelf/openapi.json
             new  specs/bookshelf/report.json
         changed  specs/gallery.toml
        14 files written
        review specs/bookshelf/openapi.json and report.json; `cargo test --package gallery-bookshelf` builds and checks the client
    "#]].assert_eq(&output.shown());
    let config = workspace.read("specs/gallery.toml");
    let added = &config[config.find("[clients.bookshelf]").unwrap()..];
    expect![[r#"
        [clients.bookshelf]
        crate = "gallery-bookshelf"
        version = "0.1.0"
        document = "apis/bookshelf.yaml"
    "#]]
    .assert_eq(added);
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
    let code = workspace.read("crates/gallery-bookshelf/src/generated.rs");
    assert!(code.contains("pub struct Book"), "the schema has a type");
    assert!(
        code.contains("pub subtitle: Option<String>"),
        "a union with null is optional"
    );

    workspace.replace("apis/bookshelf.yaml", "/books:", "/volumes:");
    expect![[r#"
        exit 4
        -- out --
        bookshelf: specs/bookshelf/openapi.json → apis/bookshelf.yaml
          2 differences
          wire: 1 breaking, 1 safe; source: 1 breaking, 1 safe; docs: 2

          GET /books
            endpoint-removed  wire breaking, source breaking, docs  fails
              at GET /books
              removed the endpoint `GET /books`: the server rejects calls to it; stop calling it; the client loses the method
              specs/bookshelf/openapi.json:14:7  fingerprint 1459163cf39586e9

          GET /volumes
            endpoint-added  wire safe, source safe, docs
              at GET /volumes
              added the endpoint `GET /volumes`: calls to other endpoints are not affected; the client gets a new method
              specs/bookshelf/openapi.json:12:3  fingerprint 655af2ca5931ef64

          gallery-bookshelf goes from 0.1.0 to 0.2.0
            ## 0.2.0

            ### Added

            - `GET /volumes`: added the endpoint `GET /volumes`: calls to other endpoints are not affected; the client gets a new method.

            ### Removed

            - **Breaking, over the wire and in source:** `GET /books`: removed the endpoint `GET /books`: the server rejects calls to it; stop calling it; the client loses the method.
    "#]].assert_eq(&workspace.gallery(&["drift", "bookshelf"]).shown());
    assert_eq!(workspace.regen(&["--check"]).code, Some(4));

    workspace.remove("apis/bookshelf.yaml");
    expect![[r#"
        exit 100
        -- out --
        bookshelf (apis/bookshelf.yaml)
        mattermost (streamdata-gallery-topics/memberships/mattermost, transcribed: prose in this project's own words)
          index      14 entries, 7 of them duplicates
          documents  8 with 56 operation entries: 7 endpoints, 49 duplicates, 0 dropped
          overlay    19 actions on 52 places
          repaired   3 dangling-reference, 10 optional-path-parameter
          assumed    3 untyped-body, 14 untyped-parameter, 7 untyped-response
          names      7 given, 0 retired
          crate      crates/gallery-mattermost
        -- err --
        error[missing-document]: the file does not exist; correct its path in specs/gallery.toml
          --> apis/bookshelf.yaml
        1 error; nothing was written
    "#]].assert_eq(&workspace.regen(&["--check"]).shown());
}

#[test]
fn merges_the_documents_of_an_index() {
    let workspace = with_index();
    let output = workspace.gallery(&["add", "apis/bookshelf"]);
    expect![[r#"
        exit 0
        -- out --
        bookshelf (apis/bookshelf/apis.yml)
          index      2 entries, 0 of them duplicates
          documents  2 with 3 operation entries: 2 endpoints, 1 duplicate, 0 dropped
          repaired   1 renamed-component
          assumed    nothing
          names      2 given, 0 retired
          crate      crates/gallery-bookshelf
        warning[constraints]: 1 schema has constraints on values; clients do not check them
          --> specs/bookshelf/openapi.json
             new  crates/gallery-bookshelf/CHANGELOG.md
             new  crates/gallery-bookshelf/Cargo.toml
             new  crates/gallery-bookshelf/README.md
             new  crates/gallery-bookshelf/openapi.json
             new  crates/gallery-bookshelf/src/generated.rs
             new  crates/gallery-bookshelf/src/lib.rs
             new  crates/gallery-bookshelf/src/mock.rs
             new  crates/gallery-bookshelf/tests/adapters.rs
             new  crates/gallery-bookshelf/tests/conformance.rs
             new  specs/bookshelf/CHANGELOG.md
             new  specs/bookshelf/names.toml
             new  specs/bookshelf/openapi.json
             new  specs/bookshelf/report.json
         changed  specs/gallery.toml
        14 files written
        review specs/bookshelf/openapi.json and report.json; `cargo test --package gallery-bookshelf` builds and checks the client
    "#]].assert_eq(&output.shown());
    let report = json!(workspace, "specs/bookshelf/report.json");
    assert_eq!(report["counts"]["operation_entries"], 3);
    assert_eq!(report["counts"]["endpoints"], 2);
    let document = json!(workspace, "specs/bookshelf/openapi.json");
    let schemas = document["components"]["schemas"].as_object().unwrap();
    assert_eq!(schemas.keys().collect::<Vec<_>>(), ["Book", "LoansBook"]);
    let names = workspace.read("specs/bookshelf/names.toml");
    let components = &names[names.find("[components]").unwrap()..];
    expect![[r#"
        [components]
        Book = "openapi/books.yml#/components/schemas/Book"
        LoansBook = "openapi/loans.yml#/components/schemas/Book"
    "#]]
    .assert_eq(components);
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
}

#[test]
fn selects_apis_of_an_index() {
    let workspace = with_index();
    let run = |apis: &[&str]| {
        let mut args = vec!["add", "apis/bookshelf/apis.yml"];
        apis.iter().for_each(|api| args.extend(["--api", api]));
        workspace.gallery(&args)
    };
    expect![[r#"
        exit 100
        -- err --
        error[idle-api]: no API matches `bookshelf:lone` (nearest: bookshelf:loans)
          --> apis/bookshelf/apis.yml
    "#]]
    .assert_eq(&run(&["bookshelf:lone"]).shown());
    let output = run(&["bookshelf:l*"]);
    assert_eq!(output.code, Some(0), "{output:?}");
    let report = json!(workspace, "specs/bookshelf/report.json");
    assert_eq!(report["counts"]["endpoints"], 2);
    assert_eq!(report["counts"]["duplicates"], 0);
    let config = workspace.read("specs/gallery.toml");
    expect![[r#"
        [clients.bookshelf]
        crate = "gallery-bookshelf"
        version = "0.1.0"
        index = "apis/bookshelf/apis.yml"
        apis = [
            "bookshelf:l*",
        ]
    "#]]
    .assert_eq(&config[config.find("[clients.bookshelf]").unwrap()..]);
}

#[test]
fn copies_documents_from_outside_of_the_workspace() {
    let workspace = Workspace::generated();
    let outside = tempfile::tempdir().unwrap();
    let path = outside.path().join("bookshelf.yaml");
    std::fs::write(&path, BOOKS).unwrap();
    let output = workspace.gallery(&["add", path.to_str().unwrap()]);
    expect![[r#"
        exit 0
        -- out --
        bookshelf (specs/bookshelf/source/bookshelf.yaml)
          documents  1 with 1 operation entry: 1 endpoint, 0 duplicates, 0 dropped
          repaired   nothing
          assumed    nothing
          names      1 given, 0 retired
          crate      crates/gallery-bookshelf
        warning[constraints]: 1 schema has constraints on values; clients do not check them
          --> specs/bookshelf/openapi.json
        copied 1 file to specs/bookshelf/source
             new  crates/gallery-bookshelf/CHANGELOG.md
             new  crates/gallery-bookshelf/Cargo.toml
             new  crates/gallery-bookshelf/README.md
             new  crates/gallery-bookshelf/openapi.json
             new  crates/gallery-bookshelf/src/generated.rs
             new  crates/gallery-bookshelf/src/lib.rs
             new  crates/gallery-bookshelf/src/mock.rs
             new  crates/gallery-bookshelf/tests/adapters.rs
             new  crates/gallery-bookshelf/tests/conformance.rs
             new  specs/bookshelf/CHANGELOG.md
             new  specs/bookshelf/names.toml
             new  specs/bookshelf/openapi.json
             new  specs/bookshelf/report.json
             new  specs/bookshelf/source/bookshelf.yaml
         changed  specs/gallery.toml
        15 files written
        review specs/bookshelf/openapi.json and report.json; `cargo test --package gallery-bookshelf` builds and checks the client
    "#]].assert_eq(&output.shown());
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
    assert_eq!(
        workspace.read("specs/bookshelf/source/bookshelf.yaml"),
        BOOKS
    );
    let output = workspace.gallery(&["remove", "bookshelf"]);
    assert_eq!(output.code, Some(0), "{output:?}");
}

#[test]
fn refuses_copies_whose_paths_differ_only_in_case() {
    let workspace = Workspace::generated();
    let before = workspace.contents();
    let outside = tempfile::tempdir().unwrap();
    let directory = outside.path().join("shelves");
    std::fs::create_dir(&directory).unwrap();
    // A file system that ignores case holds only one of them.
    for (name, text) in [("books.yml", BOOKS), ("Books.yml", LOANS)] {
        std::fs::write(directory.join(name), text).unwrap();
    }
    if std::fs::read_dir(&directory).unwrap().count() == 1 {
        return;
    }
    let output = workspace.gallery(&["add", directory.to_str().unwrap()]);
    expect![[r#"
        exit 100
        -- err --
        error: the paths of the files shelves/Books.yml and shelves/books.yml differ only in case, which some file systems cannot hold; rename one of them
    "#]].assert_eq(&output.shown());
    assert_eq!(workspace.contents(), before, "nothing is written");
}

#[test]
fn refuses_files_that_are_not_sources() {
    let workspace = with_index();
    workspace.write("apis/notes.yaml", "title: Notes\n");
    workspace.write(
        "apis/empty.yml",
        "openapi: 3.1.0\ninfo: {title: E, version: '1'}\npaths: {}\n",
    );
    workspace.write(
        "apis/future.yml",
        "openapi: 4.0.0\ninfo: {title: E, version: '1'}\npaths: {}\n",
    );
    let before = workspace.contents();
    let run = |args: &[&str]| workspace.gallery(&[&["add"], args].concat()).shown();
    expect![[r#"
        exit 100
        -- err --
        error: apis/nothing.yaml: file not found
    "#]]
    .assert_eq(&run(&["apis/nothing.yaml"]));
    expect![[r#"
        exit 100
        -- out --
        notes (apis/notes.yaml)
        -- err --
        error[no-document]: the file is not an OpenAPI document: it has neither `openapi` nor `swagger`
          --> apis/notes.yaml
        1 error; nothing was written
    "#]]
    .assert_eq(&run(&["apis/notes.yaml"]));
    expect![[r#"
        exit 100
        -- out --
        empty (apis/empty.yml)
        -- err --
        error[no-endpoints]: the documents have no usable endpoint: nothing to make a client of
          --> apis/empty.yml
        1 error; nothing was written
    "#]]
    .assert_eq(&run(&["apis/empty.yml"]));
    expect![[r#"
        exit 100
        -- out --
        future (apis/future.yml)
        -- err --
        error[unknown-version]: the version of OpenAPI is unknown; versions 2.0 and 3.0 to 3.2 are supported
          --> apis/future.yml
        1 error; nothing was written
    "#]].assert_eq(&run(&["apis/future.yml"]));
    expect![[r#"
        exit 100
        -- err --
        error: --api selects APIs of an index, but apis/empty.yml is a document; an index has one of the names apis.yml, apis.yaml, apis.json
    "#]].assert_eq(&run(&["apis/empty.yml", "--api", "a"]));
    expect![[r#"
        exit 100
        -- err --
        error: --with merges listings; to merge documents, list them in `documents` in specs/gallery.toml
    "#]].assert_eq(&run(&["apis/empty.yml", "--with", "x"]));
    expect![[r#"
        exit 100
        -- err --
        error: .: the workspace itself cannot be a source; name a file or a directory of it
    "#]]
    .assert_eq(&run(&["."]));
    assert_eq!(workspace.contents(), before, "nothing is written");
}

#[test]
fn fetches_an_index_and_its_documents() {
    let network = Network::new();
    for (path, text) in [
        ("/bookshelf/apis.yml", INDEX),
        ("/bookshelf/openapi/books.yml", BOOKS),
        ("/bookshelf/openapi/loans.yml", LOANS),
    ] {
        network.server.put(path, Reply::file(text));
    }
    let url = format!("{}/bookshelf/apis.yml", network.server.root);
    let output = network.run(&["add", &url]);
    expect![[r#"
        exit 0
        -- out --
        bookshelf: 3 files of http://127.0.0.1:PORT/bookshelf/apis.yml, 2136 bytes, 2136 of them downloaded
        bookshelf (http://127.0.0.1:PORT/bookshelf/apis.yml)
          index      2 entries, 0 of them duplicates
          documents  2 with 3 operation entries: 2 endpoints, 1 duplicate, 0 dropped
          repaired   1 renamed-component
          assumed    nothing
          names      2 given, 0 retired
          crate      crates/gallery-bookshelf
        warning[constraints]: 1 schema has constraints on values; clients do not check them
          --> specs/bookshelf/openapi.json
             new  crates/gallery-bookshelf/CHANGELOG.md
             new  crates/gallery-bookshelf/Cargo.toml
             new  crates/gallery-bookshelf/README.md
             new  crates/gallery-bookshelf/openapi.json
             new  crates/gallery-bookshelf/src/generated.rs
             new  crates/gallery-bookshelf/src/lib.rs
             new  crates/gallery-bookshelf/src/mock.rs
             new  crates/gallery-bookshelf/tests/adapters.rs
             new  crates/gallery-bookshelf/tests/conformance.rs
             new  specs/bookshelf/CHANGELOG.md
             new  specs/bookshelf/names.toml
             new  specs/bookshelf/openapi.json
             new  specs/bookshelf/report.json
             new  specs/bookshelf/source/apis.yml
             new  specs/bookshelf/source/openapi/books.yml
             new  specs/bookshelf/source/openapi/loans.yml
         changed  specs/gallery.lock
         changed  specs/gallery.toml
        18 files written
        review specs/bookshelf/openapi.json and report.json; `cargo test --package gallery-bookshelf` builds and checks the client
    "#]].assert_eq(&network.shown(&output));
    assert_eq!(network.workspace.regen(&["--check"]).code, Some(0));
    let lock = network.workspace.read("specs/gallery.lock");
    assert!(lock.contains("path = \"openapi/books.yml\""), "{lock}");

    let locked = network.run(&["fetch", "bookshelf", "--locked"]);
    expect![[r#"
        exit 0
        -- out --
        bookshelf: the snapshot of http://127.0.0.1:PORT/bookshelf/apis.yml is up to date with upstream (3 files)
    "#]]
    .assert_eq(&network.shown(&locked));
    network.server.put(
        "/bookshelf/openapi/loans.yml",
        Reply::file(LOANS.replace("/loans/{loan_id}", "/lendings/{loan_id}")),
    );
    expect![[r#"
        exit 4
        -- out --
        bookshelf: specs/bookshelf/openapi.json → http://127.0.0.1:PORT/
          2 differences
          wire: 1 breaking, 1 safe; source: 1 breaking, 1 safe; docs: 2

          GET /loans/{loan_id}
            endpoint-removed  wire breaking, source breaking, docs  fails
              at GET /loans/{loan_id}
              removed the endpoint `GET /loans/{loan_id}`: the server rejects calls to it; stop calling it; the client loses the method
              specs/bookshelf/openapi.json:49:7  fingerprint 6d2f0ffa22d11d2e

          GET /lendings/{loan_id}
            endpoint-added  wire safe, source safe, docs
              at GET /lendings/{loan_id}
              added the endpoint `GET /lendings/{loan_id}`: calls to other endpoints are not affected; the client gets a new method
              specs/bookshelf/openapi.json:12:3  fingerprint 6675c872eec358a1

          gallery-bookshelf goes from 0.1.0 to 0.2.0
            ## 0.2.0

            ### Added

            - `GET /lendings/{loan_id}`: added the endpoint `GET /lendings/{loan_id}`: calls to other endpoints are not affected; the client gets a new method.

            ### Removed

            - **Breaking, over the wire and in source:** `GET /loans/{loan_id}`: removed the endpoint `GET /loans/{loan_id}`: the server rejects calls to it; stop calling it; the client loses the method.
    "#]]
    .assert_eq(&network.shown(&network.run(&["drift", "bookshelf"])));
}

#[test]
fn fetches_the_documents_of_a_catalog() {
    let network = Network::new();
    let catalog = r#"{"linkset": [
        {"anchor": "https://example.org/books", "service-desc": [
            {"href": "/apis/books.yml", "type": "application/vnd.oai.openapi"}]},
        {"anchor": "https://example.org/loans", "service-desc": [
            {"href": "/apis/loans.yml", "type": "application/vnd.oai.openapi"}]}
    ]}"#;
    for (path, text) in [
        ("/.well-known/api-catalog", catalog),
        ("/apis/books.yml", BOOKS),
        ("/apis/loans.yml", LOANS),
    ] {
        network.server.put(path, Reply::file(text));
    }
    let host = format!("{}/", network.server.root);
    let output = network.run(&["add", &host, "--api", "loans", "--crate", "loans"]);
    expect![[r#"
        exit 0
        -- out --
        loans: 2 files of http://127.0.0.1:PORT/.well-known/api-catalog (loans), 1415 bytes, 1415 of them downloaded
        loans (http://127.0.0.1:PORT/.well-known/api-catalog (loans))
          documents  1 with 2 operation entries: 2 endpoints, 0 duplicates, 0 dropped
          repaired   nothing
          assumed    nothing
          names      2 given, 0 retired
          crate      crates/loans
        warning[constraints]: 1 schema has constraints on values; clients do not check them
          --> specs/loans/openapi.json
             new  crates/loans/CHANGELOG.md
             new  crates/loans/Cargo.toml
             new  crates/loans/README.md
             new  crates/loans/openapi.json
             new  crates/loans/src/generated.rs
             new  crates/loans/src/lib.rs
             new  crates/loans/src/mock.rs
             new  crates/loans/tests/adapters.rs
             new  crates/loans/tests/conformance.rs
         changed  specs/gallery.lock
         changed  specs/gallery.toml
             new  specs/loans/CHANGELOG.md
             new  specs/loans/names.toml
             new  specs/loans/openapi.json
             new  specs/loans/report.json
             new  specs/loans/source/api-catalog.json
             new  specs/loans/source/apis/loans.yml
        17 files written
        review specs/loans/openapi.json and report.json; `cargo test --package loans` builds and checks the client
    "#]].assert_eq(&network.shown(&output));
    assert_eq!(network.workspace.regen(&["--check"]).code, Some(0));
    let report = json!(network.workspace, "specs/loans/report.json");
    assert_eq!(report["counts"]["endpoints"], 2);
}

#[test]
fn keeps_all_components_on_request() {
    let workspace = Workspace::generated();
    let spare = "    Spare: {type: object, properties: {shelf: {type: integer}}}\n";
    workspace.write("apis/bookshelf.yaml", format!("{BOOKS}{spare}"));
    assert_eq!(
        workspace.gallery(&["add", "apis/bookshelf.yaml"]).code,
        Some(0)
    );
    let has_spare = |path: &str, text: &str| workspace.read(path).contains(text);
    let document = "specs/bookshelf/openapi.json";
    let code = "crates/gallery-bookshelf/src/generated.rs";
    assert!(!has_spare(document, "\"Spare\"") && !has_spare(code, "struct Spare"));
    workspace.replace(
        "specs/gallery.toml",
        "document = \"apis/bookshelf.yaml\"\n",
        "document = \"apis/bookshelf.yaml\"\nall-components = true\n",
    );
    let output = workspace.regen(&[]);
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(has_spare(document, "\"Spare\"") && has_spare(code, "struct Spare"));
}

/// A catalog of the files of [`with_index`], and of a document on the web.
const CATALOG: &str = r#"{"linkset": [
    {"anchor": "https://example.org/books", "title": "Books", "service-desc": [
        {"href": "openapi/books.yml", "type": "application/vnd.oai.openapi"}]},
    {"anchor": "https://example.org/loans", "service-desc": [
        {"href": "openapi/loans.yml", "type": "application/vnd.oai.openapi"}]},
    {"anchor": "https://example.org/members", "service-desc": [
        {"href": "https://example.org/members.yml"}]}
]}"#;

#[test]
fn reads_a_catalog_on_disk() {
    let workspace = with_index();
    workspace.remove("apis/bookshelf/apis.yml");
    workspace.write("apis/bookshelf/api-catalog.json", CATALOG);
    let output = workspace.gallery(&["add", "apis/bookshelf/api-catalog.json"]);
    assert_eq!(output.code, Some(0), "{output:?}");
    let (shown, _) = output.stdout.split_once("     new  ").unwrap();
    expect![[r#"
        bookshelf (apis/bookshelf/api-catalog.json)
          index      3 entries, 0 of them duplicates
          documents  2 with 3 operation entries: 2 endpoints, 1 duplicate, 0 dropped
          repaired   1 renamed-component
          assumed    nothing
          names      2 given, 0 retired
          crate      crates/gallery-bookshelf
        warning[missing-document]: the index names the document `https://example.org/members.yml`, which the source does not have
          --> apis/bookshelf/api-catalog.json#/linkset/2
        warning[constraints]: 1 schema has constraints on values; clients do not check them
          --> specs/bookshelf/openapi.json
    "#]].assert_eq(shown);
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
    let config = workspace.read("specs/gallery.toml");
    assert!(config.contains("index = \"apis/bookshelf/api-catalog.json\""));
    workspace.gallery(&["remove", "bookshelf"]);

    let catalog = "apis/bookshelf/.well-known/api-catalog";
    let text = CATALOG.replace("\"openapi/", "\"../openapi/");
    workspace.write(catalog, text);
    let output = workspace.gallery(&["add", catalog, "--api", "Books"]);
    assert_eq!(output.code, Some(0), "{output:?}");
    let report = json!(workspace, "specs/bookshelf/report.json");
    assert_eq!(report["counts"]["endpoints"], 1);
    let output = workspace.gallery(&["add", catalog, "--api", "none", "--crate", "other"]);
    expect![[r#"
        exit 100
        -- err --
        error[idle-api]: no API matches `none` (nearest: loans)
          --> apis/bookshelf/.well-known/api-catalog
    "#]]
    .assert_eq(&output.shown());
}

#[test]
fn reports_a_catalog_whose_documents_are_elsewhere() {
    let workspace = Workspace::generated();
    workspace.write(
        "garden/api-catalog.json",
        CATALOG.replace("\"openapi/", "\"https://example.org/"),
    );
    let output = workspace.gallery(&["add", "garden/api-catalog.json"]);
    expect![[r#"
        exit 100
        -- out --
        garden (garden/api-catalog.json)
        warning[missing-document]: the index names the document `https://example.org/books.yml`, which the source does not have
          --> garden/api-catalog.json#/linkset/0
        warning[missing-document]: the index names the document `https://example.org/loans.yml`, which the source does not have
          --> garden/api-catalog.json#/linkset/1
        warning[missing-document]: the index names the document `https://example.org/members.yml`, which the source does not have
          --> garden/api-catalog.json#/linkset/2
        -- err --
        error[no-documents]: there is no OpenAPI document: nothing to make a client of
          --> garden/api-catalog.json
        1 error; nothing was written
    "#]].assert_eq(&output.shown());
}

#[test]
fn reads_the_indexes_that_an_index_includes() {
    let workspace = with_index();
    let first = INDEX.replace("openapi/loans.yml", "openapi/books.yml");
    let includes = "include:\n  - {name: Loans, url: loans/apis.yml}\n  - {name: Out, url: ../../../apis.yml}\n  - {name: Far, url: 'https://example.org/apis.yml'}\n  - {name: Odd, url: openapi/books.yml}\n";
    workspace.write("apis/bookshelf/apis.yml", format!("{first}{includes}"));
    let second = INDEX
        .replace("openapi/books.yml", "openapi/loans.yml")
        .replace("bookshelf:", "lending:");
    workspace.write(
        "apis/bookshelf/loans/apis.yml",
        format!("{second}network: [{{name: Back, url: ../apis.yml}}]\n"),
    );
    workspace.write("apis/bookshelf/loans/openapi/loans.yml", LOANS);
    workspace.remove("apis/bookshelf/openapi/loans.yml");
    let output = workspace.gallery(&["add", "apis/bookshelf"]);
    assert_eq!(output.code, Some(0), "{output:?}");
    let (shown, _) = output.stdout.split_once("     new  ").unwrap();
    expect![[r#"
        bookshelf (apis/bookshelf/apis.yml)
          index      4 entries, 0 of them duplicates
          documents  2 with 3 operation entries: 2 endpoints, 1 duplicate, 0 dropped
          repaired   nothing
          assumed    nothing
          names      2 given, 0 retired
          crate      crates/gallery-bookshelf
        warning[included-index]: the included index `../../../apis.yml` is not read: the source does not have it; add a client of its own for it
          --> apis/bookshelf/apis.yml
        warning[included-index]: the included index `https://example.org/apis.yml` is not read: the source does not have it; add a client of its own for it
          --> apis/bookshelf/apis.yml
        warning[included-index]: the included index `../apis.yml` is not read: it was included before
          --> apis/bookshelf/loans/apis.yml
        warning[not-an-index]: this is not an APIs.json index: it is an OpenAPI document; the file is not read
          --> apis/bookshelf/openapi/books.yml#
        warning[constraints]: 1 schema has constraints on values; clients do not check them
          --> specs/bookshelf/openapi.json
    "#]].assert_eq(shown);
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
}
