//! `gallery report`: a web page for reviewers of a client's source.

use std::collections::BTreeSet;
use std::fs;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use expect_test::expect;
use sha2::{Digest as _, Sha256};

use crate::workspace::{Output, Workspace};

const SPECS: &str = "specs/books";

const INDEX: &str = "name: Books
apis:
- name: Get a book
  x-api-slug: booksid-get
  baseURL: https://books.example
  properties:
  - {type: x-openapi-spec, url: https://raw.githubusercontent.com/o/r/master/_listings/p/booksid-get-openapi.md}
- name: Get a book
  x-api-slug: booksid-get
  baseURL: https://books.example
  properties:
  - {type: x-openapi-spec, url: https://raw.githubusercontent.com/o/r/master/_listings/p/booksid-get-openapi.md}
";

const COMBINED: &str = "swagger: '2.0'
info: {title: Books, version: '1'}
host: books.example
basePath: /v1
schemes: [https]
paths:
  /books/{id}:
    get:
      summary: Returns a book
      x-api-path-slug: booksid-get
      parameters:
      - {in: path, name: id}
      - {in: query, name: fields, type: string}
      responses: {200: {description: The book}}
  /books:
    post:
      x-api-path-slug: books-post
      parameters:
      - {in: body, name: book, schema: {$ref: '#/definitions/book'}}
      responses: {201: {description: Created}}
  /books/../admin:
    get:
      responses: {200: {description: OK}}
";

const OWN: &str = "swagger: '2.0'
info: {title: Books, version: '1'}
host: books.example
basePath: /v1
schemes: [https]
paths:
  /books/{id}:
    get:
      summary: Returns a book
      x-api-path-slug: booksid-get
      parameters:
      - {in: path, name: id}
      - {in: query, name: fields, type: array, items: {type: string}}
      responses: {200: {description: One book}}
";

const OVERLAY: &str = "overlay: 1.1.0
info: {title: Types, version: 1.0.0}
actions:
- target: $.paths['/books/{id}'].get.parameters[?@.name == 'id']
  update: {schema: {type: string, maxLength: 8}}
  x-reason: Ids are short.
  x-source: the provider
";

/// Returns a workspace with a client `books`.
fn workspace(combined: &str, own: &str) -> Workspace {
    let workspace = Workspace::empty();
    let client = "[clients.books]\ncrate = \"gallery-books\"\nversion = \"0.1.0\"\n\
                  listing = \"o/r/p\"\ndocuments = \"all\"\n";
    workspace.write("specs/gallery.toml", client);
    workspace.write(&format!("{SPECS}/listing/apis.md"), INDEX);
    workspace.write(&format!("{SPECS}/listing/openapi.md"), combined);
    workspace.write(&format!("{SPECS}/listing/booksid-get-openapi.md"), own);
    workspace.write(&format!("{SPECS}/listing/notes.md"), "Notes");
    workspace.write(&format!("{SPECS}/overlay.yaml"), OVERLAY);
    workspace.relock("books");
    workspace
}

fn page(workspace: &Workspace, args: &[&str]) -> String {
    let Output {
        code,
        stdout,
        stderr,
    } = workspace.gallery(&[&["report"], args].concat());
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    stdout
}

/// Returns the tags of a page.
fn tags(page: &str) -> impl Iterator<Item = &str> {
    page.split('<')
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
}

/// Returns the text of a page, with a line for each block, without style and script.
fn text(page: &str) -> String {
    let (_, body) = page.split_once("<main>").unwrap();
    let (body, _) = body.split_once("</main>").unwrap();
    let mut text = String::new();
    for part in body.split('<').skip(1) {
        let (tag, content) = part.split_once('>').unwrap();
        let name = tag.split(' ').next().unwrap();
        let is_inline = ["a", "code", "span", "strong", "mark", "small", "option"]
            .contains(&name.trim_start_matches('/'));
        if !is_inline {
            text.push('\n');
        }
        if name == "mark" || name == "/mark" {
            text.push('*');
        }
        text.push_str(content);
    }
    let mut lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// Returns the values of an attribute.
fn attributes<'p>(page: &'p str, name: &str) -> Vec<&'p str> {
    let start = format!(" {name}=\"");
    tags(page)
        .filter_map(|tag| tag.split_once(&start)?.1.split('"').next())
        .collect()
}

#[test]
fn shows_everything_that_a_reviewer_checks() {
    let workspace = workspace(COMBINED, OWN);
    let before = workspace.tree();
    let page = page(&workspace, &[]);
    expect![[r#"
        Report on books
        Built from o/r/p, for https://books.example. The 2 documents with 4 operation entries yield 2 endpoints and 1 duplicate; 1 entry dropped.
        Conflicts 1
        Warnings 2
        Dropped entries 1
        Reduced parts 0
        Untyped parts 3
        Assumptions 4
        Repairs 3
        Overlay actions 1
        Endpoints 2
        Index entries 2
        Documents 2
        Referenced files 0
        Files that were not read 1
        Search
        Conflicts 1
        Copies of an endpoint that differ in more than prose. choices in specs/gallery.toml selects another copy or another server.
        GET /books/{id} 2 versions
        GET /books/{id} has 2 copies.
        Chosen: specs/books/listing/openapi.md#/paths/~1books~1{id}/get, because it is in the combined document.
        Differs in 1 copy
        specs/books/listing/booksid-get-openapi.md
        4 equal lines
        paths:
          /books/{id}:
            get:
              parameters:
              - in: path
                name: id
              - in: query
        chosen: no such lines
        other
                items:
                  type: string
                name: fields
        chosen
                type: *string*
        other
                type: *array*
              responses:
                '200':
        chosen
                  description: *The* book
        other
                  description: *One* book
              summary: Returns a book
              x-api-path-slug: booksid-get
        Warnings 2
        Problems that a person should check.
        copies-differ 1
        GET /books/{}: 2 entries differ in more than prose; this one is used
        at specs/books/listing/openapi.md#/paths/~1books~1{id}/get
        not-swagger 1
        this is not a Swagger document; documents of a listing have swagger: &quot;2.0&quot;; the index does not name this file as a document, so it is not read
        at specs/books/listing/notes.md#
        Dropped entries 1
        Operation entries that the document does not have. docs/dropped.md explains the reasons.
        dot-segment 1
        GET /books/../admin: the path has the segment .., which URLs do not keep
        at specs/books/listing/openapi.md#/paths/~1books~1..~1admin/get
        Untyped parts 3
        Schemas of the canonical document that allow any JSON, and contents without a schema. overlay draft writes an overlay with blanks for types.
        Bodies 1
        POST /books #/paths/~1books/post/requestBody/content/application~1json/schema
        Responses 2
        POST /books #/paths/~1books/post/responses/201/content/*~1*
        GET /books/{id} #/paths/~1books~1{id}/get/responses/200/content/*~1*
        Assumptions 4
        Where the source does not say, the least restrictive reading is used. An overlay adds what is known.
        untyped-body 1 a body had no schema: any JSON
        the body book has no usable schema; assumed to be any JSON
        POST /books
        untyped-parameter 1 a parameter had no type: any string
        the parameter id has no type; assumed to be any string
        GET /books/{id}
        untyped-response 2 a response had no schema: any content
        the response 200 has no schema; assumed to be any content
        GET /books/{id}
        the response 201 has no schema; assumed to be any content
        POST /books
        Repairs 3
        Where the source is wrong, and the correction is certain.
        dangling-reference 1 a schema referred to a missing definition: removed
        the schema refers to #/definitions/book, which does not exist; the schema was removed
        POST /books
        optional-path-parameter 1 a path parameter was not required: set
        the path parameter id is not required: true; set
        GET /books/{id}
        other-server 1 the index names another server than the document: that of the index is used
        the index has the server books.example, the document books.example/v1; that of the index is used, unless more entries and documents name the other
        GET /books/{id}
        Overlay actions 1
        Corrections and additions by people, each with its reason and source.
        Actions of specs/books/overlay.yaml
        $.paths['/books/{id}'].get.parameters[?@.name == 'id'] 1 location
        Ids are short.
        source: the provider
        at specs/books/overlay.yaml:4:3
        Changed parts of the document 1
        #/paths/~1books~1{id}/get
        GET /books/{id}
        operationId: returns_book
        parameters:
        - in: path
          name: id
          required: true
          schema:
        listing: no such lines
        overlay
            maxLength: 8
            type: string
          style: simple
        listing
          x-gallery-assumed:
          - type
        overlay: no such lines
        - in: query
          name: fields
          schema:
        7 equal lines
            type: string
          style: form
        responses:
          '200':
            content:
              '*/*': {}
            description: The book
            x-gallery-assumed:
            - content
        summary: Returns a book
        listing: no such lines
        overlay
        x-gallery-sources:
        - the provider
        Endpoints 2
        Every endpoint with the files that describe it. The copy in bold is the chosen one.
        Only endpoints with
         Conflicts
         Differences in prose
         Untyped parts
         Assumptions
         Repairs
        POST /books 2 untyped 2 assumed 1 repaired
        operation post_books, slug books-post, server https://books.example/v1
        1 source: the only copy
        specs/books/listing/openapi.md#/paths/~1books/post
        Assumptions
        the body book has no usable schema; assumed to be any JSON (untyped-body at parameters/0)
        the response 201 has no schema; assumed to be any content (untyped-response at responses/201)
        Repairs
        the schema refers to #/definitions/book, which does not exist; the schema was removed (dangling-reference at parameters/0)
        GET /books/{id} conflict 1 untyped 2 assumed 2 repaired
        operation returns_book, slug booksid-get
        2 sources: copies that conflict
        The copy in bold is used, because it is in the combined document. Compare the copies
        specs/books/listing/booksid-get-openapi.md differs
        specs/books/listing/openapi.md#/paths/~1books~1{id}/get
        Assumptions
        the parameter id has no type; assumed to be any string (untyped-parameter at parameters/0)
        the response 200 has no schema; assumed to be any content (untyped-response at responses/200)
        Repairs
        the index has the server books.example, the document books.example/v1; that of the index is used, unless more entries and documents name the other (other-server)
        the path parameter id is not required: true; set (optional-path-parameter at parameters/0)
        Index entries 2
        The entries of the index, with the documents that they name.
        1 distinct entry, 1 duplicate
        Get a book booksid-get
        https://raw.githubusercontent.com/o/r/master/_listings/p/booksid-get-openapi.md
        Get a book booksid-get duplicate of 1
        https://raw.githubusercontent.com/o/r/master/_listings/p/booksid-get-openapi.md
        Documents 2
        The documents that were read.
        2 documents with 4 operation entries
        specs/books/listing/booksid-get-openapi.md 1 operation entry
        specs/books/listing/openapi.md 3 operation entries, not in the index
        Files that were not read 1
        Files of the snapshot that are neither index nor document, and that no reference leads to.
        specs/books/listing/notes.md"#]].assert_eq(&text(&page));
    assert_eq!(workspace.tree(), before);
    assert_eq!(self::page(&workspace, &["books"]), page);
}

#[test]
fn loads_nothing_and_runs_only_its_own_script() {
    let page = page(&workspace(COMBINED, OWN), &[]);
    // Links lead to parts of the page.
    let ids = attributes(&page, "id");
    let distinct: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), distinct.len());
    let links = attributes(&page, "href");
    assert!(!links.is_empty());
    for link in links {
        let id = link.strip_prefix('#').unwrap();
        assert!(distinct.contains(id), "{link}");
    }
    for name in [
        "src", "srcset", "action", "data", "poster", "style", "onclick",
    ] {
        assert_eq!(attributes(&page, name), [""; 0]);
    }
    let (_, style) = page.split_once("<style>").unwrap();
    let (style, _) = style.split_once("</style>").unwrap();
    for word in ["url(", "@import", "@font-face", "http"] {
        assert!(!style.contains(word), "{word}");
    }
    let (_, script) = page.split_once("<script>").unwrap();
    let (script, _) = script.split_once("</script>").unwrap();
    for word in [
        "fetch(",
        "XMLHttpRequest",
        "import",
        "http",
        "innerHTML",
        "eval",
    ] {
        assert!(!script.contains(word), "{word}");
    }
    let hash = BASE64_STANDARD.encode(Sha256::digest(script));
    let policy = attributes(&page, "content")
        .into_iter()
        .find(|content| content.starts_with("default-src"))
        .unwrap();
    assert_eq!(
        policy,
        format!(
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
             script-src 'sha256-{hash}'"
        )
    );
}

#[test]
fn escapes_text_of_the_source() {
    let hostile = "<script>alert(1)</script></pre><!-- \\\" onload=x \\e[31m \\u202e ##[error]";
    let quoted = format!("\"{hostile}\"");
    let combined = COMBINED
        .replace("Returns a book", &quoted)
        .replace("The book", &quoted)
        .replace("name: fields", &format!("name: {quoted}"))
        .replace(
            "x-api-path-slug: books-post",
            &format!("x-api-path-slug: {quoted}\n      operationId: {quoted}"),
        )
        .replace("/books/../admin:", &format!("\"/{hostile}/../a\":"));
    let workspace = workspace(&combined, OWN);
    workspace.write(
        &format!("{SPECS}/listing/apis.md"),
        INDEX.replace("Get a book", &quoted),
    );
    workspace.relock("books");
    workspace.write(
        &format!("{SPECS}/overlay.yaml"),
        OVERLAY.replace("Ids are short.", &quoted),
    );
    let page = page(&workspace, &[]);
    assert_eq!(page.matches("<script").count(), 1);
    assert!(
        page.matches("&lt;script&gt;alert(1)").count() >= 6,
        "{page}"
    );
    assert!(page.contains("\\u{1b}[31m \\u{202e} # #[error]"), "{page}");
    let forbidden = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!page.contains(forbidden) && !page.contains("<!--"));
    let names: BTreeSet<&str> = tags(&page)
        .map(|tag| tag.trim_start_matches('/').split(' ').next().unwrap())
        .collect();
    expect![[r#"{"!DOCTYPE", "a", "body", "br", "code", "details", "div", "fieldset", "form", "h1", "h2", "h3", "head", "html", "input", "label", "legend", "li", "main", "mark", "meta", "nav", "ol", "output", "p", "pre", "script", "section", "small", "span", "strong", "style", "summary", "title", "ul"}"#]].assert_eq(&format!("{names:?}"));
    assert_eq!(attributes(&page, "onload"), [""; 0]);
}

#[test]
fn replaces_only_its_own_pages() {
    let workspace = workspace(COMBINED, OWN);
    let run = |args: &[&str]| {
        workspace
            .gallery(&[&["report", "--out"], args].concat())
            .shown()
    };
    fs::create_dir(workspace.path("pages")).unwrap();
    let mut shown = vec![run(&["pages/books.html"])];
    assert_eq!(workspace.read("pages/books.html"), page(&workspace, &[]));
    shown.push(run(&["pages/books.html"]));
    workspace.append(&format!("{SPECS}/overlay.yaml"), "# A comment\n");
    workspace.replace(&format!("{SPECS}/overlay.yaml"), "short", "very short");
    shown.push(run(&["pages/books.html"]));
    shown.push(run(&["pages/books.html", "--quiet"]));
    assert_eq!(workspace.read("pages/books.html"), page(&workspace, &[]));

    workspace.write("notes.html", "<!DOCTYPE html><html>");
    let before = workspace.tree();
    for file in [
        "notes.html",
        "pages",
        "none/books.html",
        "specs/books.html",
        "specs/books/listing/books.html",
        "pages/../specs/books.html",
        "..",
    ] {
        shown.push(run(&[file]));
    }
    assert_eq!(workspace.tree(), before);
    expect![[r#"
        exit 0
        -- out --
              new  pages/books.html

        exit 0
        -- out --
        unchanged  pages/books.html

        exit 0
        -- out --
          changed  pages/books.html

        exit 0

        exit 100
        -- err --
        error: notes.html: the file exists and is not a page of `gallery report`; move it away, or choose another name with --out

        exit 100
        -- err --
        error: pages: not a regular file; choose another name with --out

        exit 100
        -- err --
        error: none/books.html: cannot open the directory of the file: No such file or directory (os error 2)

        exit 100
        -- err --
        error: specs/books.html: specs/ has the files of clients only; choose another directory

        exit 100
        -- err --
        error: specs/books/listing/books.html: specs/ has the files of clients only; choose another directory

        exit 100
        -- err --
        error: pages/../specs/books.html: specs/ has the files of clients only; choose another directory

        exit 100
        -- err --
        error: ..: not the name of a file; write --out FILE
    "#]].assert_eq(&shown.join("\n"));
}

#[cfg(unix)]
#[test]
fn does_not_follow_symlinks() {
    let workspace = workspace(COMBINED, OWN);
    workspace.write("target", "");
    std::os::unix::fs::symlink("target", workspace.path("link.html")).unwrap();
    expect![[r#"
        exit 100
        -- err --
        error: link.html: not a regular file; choose another name with --out
    "#]]
    .assert_eq(&workspace.gallery(&["report", "--out", "link.html"]).shown());
    assert_eq!(workspace.read("target"), "");
}

#[test]
fn needs_one_client_without_errors() {
    let workspace = workspace(COMBINED, OWN);
    let mut shown = vec![workspace.gallery(&["report", "book"]).shown()];
    workspace.write(
        &format!("{SPECS}/overlay.yaml"),
        OVERLAY.replace("/books", "/book"),
    );
    shown.push(
        workspace
            .gallery(&["report", "--out", "books.html"])
            .shown(),
    );
    workspace.append(
        "specs/gallery.toml",
        "[clients.other]\ncrate = \"gallery-other\"\nversion = \"0.1.0\"\nlisting = \"o/r/q\"\n",
    );
    shown.push(workspace.gallery(&["report"]).shown());
    assert!(!workspace.path("books.html").exists());
    expect![[r#"
        exit 100
        -- err --
        error: there is no client `book`; specs/gallery.toml has: books

        exit 100
        -- err --
        error[overlay]: `$.paths['/book/{id}'].get.parameters[?@.name == 'id']` matches nothing; the nearest match is `$.paths['/books/{id}']`
          --> specs/books/overlay.yaml:4:3
        1 error; no page was written

        exit 100
        -- err --
        error: there are several clients; choose one of books, other
    "#]].assert_eq(&shown.join("\n"));
}
