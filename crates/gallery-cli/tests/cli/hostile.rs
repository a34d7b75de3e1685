//! Listings with hostile content.
//!
//! A run either writes files that Cargo and the compiler can parse, or exits 100. It never writes
//! outside of the client's directories.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};

use expect_test::expect;

use crate::workspace::{Workspace, json};

const CRATE: &str = "crates/gallery-hostile";
const SPECS: &str = "specs/hostile";

/// Text with a special meaning in Rust, Markdown, HTML, TOML, JSON, shells or terminals.
const TEXTS: &[&str] = &[
    "*/ fn main() {} /*",
    "\"]",
    "#![deny(warnings)]",
    "]) #[doc = include_str!(\"/etc/passwd\")]",
    "` one `` two ``` three",
    "```rust\nfn main() { loop {} }\n```",
    "```\ncompile_error!(\"doctest\")\n```",
    "    indented_code();\n    loop {}",
    "<script>alert(1)</script><!-- open",
    "[Vec] [`String`] [x]: http://example.com",
    "[link](javascript:alert(1)) ![image](file:///etc/passwd)",
    "$(rm -rf /) `rm -rf /` ; rm -rf / | sh",
    "{{ braces }} {0} {} }",
    "first line\nsecond line\r\nthird\rfourth\u{2028}fifth\u{85}sixth",
    "bell \u{7} escape \u{1b}[2J delete \u{7f} c1 \u{9b}31m",
    "no width \u{200b} mark \u{feff}",
    "\"\"\" ''' \\ \\\" \\u{0} \\x41",
    "'\nname = \"other\"\n[dependencies]\nevil = \"1\"",
    "r#\"raw\"# br##\"bytes\"## 'lifetime b'c'",
    "a | b | c\n|---|---|\n| x | y |",
    "=====\n# heading\n-----",
    "> > > > quote\n1) one\n1. two\n- - - three",
    "&amp; &#x3c;script&#x3e; &nbsp;",
    "names in 日本語 and 🦀, é as two: e\u{301}",
    "  ",
    "/// //! #[test] fn t() { panic!() }",
];

/// Encodes a text as a YAML string in ASCII.
fn quoted(text: &str) -> String {
    let mut yaml = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => yaml.extend(['\\', c]),
            ' '..='~' => yaml.push(c),
            c => yaml.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    yaml.push('"');
    yaml
}

/// An operation entry, with the same text in each field that can contain prose.
struct Entry<'a> {
    path: &'a str,
    method: &'a str,
    text: &'a str,
    parameters: Vec<(&'a str, &'a str)>,
}

fn get<'a>(path: &'a str, text: &'a str) -> Entry<'a> {
    Entry {
        path,
        method: "get",
        text,
        parameters: Vec::new(),
    }
}

fn document(head: &str, entries: &[Entry<'_>]) -> String {
    let mut yaml = format!("swagger: '2.0'\n{head}\npaths:\n");
    for Entry {
        path,
        method,
        text,
        parameters,
    } in entries
    {
        let text = quoted(text);
        yaml.push_str(&format!("  {}:\n    {method}:\n", quoted(path)));
        yaml.push_str(&format!(
            "      summary: {text}\n      description: {text}\n      operationId: {text}\n"
        ));
        yaml.push_str(&format!(
            "      x-api-path-slug: {text}\n      tags: [{text}]\n      parameters:\n"
        ));
        for (location, name) in parameters {
            yaml.push_str(&format!(
                "      - {{in: {location}, name: {}, description: {text}}}\n",
                quoted(name)
            ));
        }
        if parameters.is_empty() {
            yaml.push_str("        []\n");
        }
        yaml.push_str(&format!(
            "      responses: {{200: {{description: {text}}}}}\n"
        ));
    }
    yaml
}

const HEAD: &str = "info: {title: Hostile, version: '1'}\nhost: example.com\nschemes: [https]";
const INDEX: &str = "name: Hostile\n";

/// Returns a workspace with one client, whose listing has this index and this document.
fn workspace(index: &str, document: &str) -> Workspace {
    let workspace = Workspace::empty();
    let client = "[clients.hostile]\ncrate = \"gallery-hostile\"\nversion = \"0.1.0\"\nlisting = \"o/r/p\"\n";
    workspace.write("specs/gallery.toml", client);
    workspace.write(&format!("{SPECS}/listing/apis.md"), index);
    workspace.write(&format!("{SPECS}/listing/openapi.md"), document);
    workspace.relock("hostile");
    workspace
}

/// The generated manifests and code of several runs.
///
/// They are collected so that the compiler starts only once per test.
#[derive(Default)]
struct Collector {
    manifests: BTreeSet<String>,
    code: String,
}

impl Collector {
    /// Runs `regen` and checks the invariants.
    ///
    /// Returns the codes of the diagnostics, preceded by `generated` if files were written.
    fn run(&mut self, workspace: &Workspace) -> String {
        let before = workspace.contents();
        let output = workspace.regen(&[]);
        let after = workspace.contents();
        let codes = output
            .stdout
            .lines()
            .chain(output.stderr.lines())
            .filter_map(|line| Some(line.split_once("]: ")?.0));
        let mut result: Vec<String> = codes
            .filter(|code| !code.contains(' '))
            .map(|code| format!("{code}]"))
            .collect();
        result.dedup();
        match output.code {
            Some(0) => {
                let own = |path: &str| {
                    path.starts_with(&format!("{SPECS}/")) || path.starts_with(&format!("{CRATE}/"))
                };
                assert!(
                    after
                        .iter()
                        .all(|(path, bytes)| own(path) || before.get(path) == Some(bytes)),
                    "{:?}",
                    after.keys()
                );
                assert!(
                    before
                        .iter()
                        .all(|(path, bytes)| after.get(path) == Some(bytes))
                );
                self.collect(workspace);
                result.insert(0, "generated".to_owned());
            }
            Some(100) => assert!(after == before, "{output:?}"),
            _ => panic!("{output:?}"),
        }
        let outside: Vec<_> = workspace
            .tree()
            .into_keys()
            .filter(|path| !path.starts_with("workspace"))
            .collect();
        assert_eq!(outside, [""; 0]);
        if (output.stdout + &output.stderr).contains(|c: char| c.is_control() && c != '\n') {
            result.push("(control characters on the terminal)".to_owned());
        }
        result.join(" ")
    }

    /// Checks the generated files, and collects those that need an external parser.
    fn collect(&mut self, workspace: &Workspace) {
        let read = |path: &str| workspace.read(&format!("{CRATE}/{path}"));
        let readme = read("README.md");
        assert_eq!(
            fences(&readme)
                .filter(|fence| fence.contains("rust"))
                .count(),
            3,
            "the README must contain the three generated doctests only: {readme}"
        );
        for path in [
            "src/lib.rs",
            "src/generated.rs",
            "src/mock.rs",
            "tests/conformance.rs",
            "tests/adapters.rs",
        ] {
            let text = read(path);
            if path != "src/lib.rs" {
                // Each method has an example. All other code is text.
                let (examples, others): (Vec<&str>, Vec<&str>) =
                    fences(&text).partition(|fence| fence.ends_with("```no_run"));
                let methods = text.matches("Call::new(&self.transport").count();
                assert_eq!(examples.len(), methods, "{text}");
                let is_plain = |fence: &&str| fence.ends_with("```text") || fence.ends_with("```");
                assert!(others.iter().all(is_plain), "{text}");
            }
            self.code
                .push_str(&format!("#[cfg(any())]\nmod parsed {{\n{text}\n}}\n"));
            assert!(
                !text.contains(|c: char| c.is_control() && c != '\n'),
                "{path}: {text:?}"
            );
        }
        assert!(
            !readme.contains(|c: char| c.is_control() && c != '\n'),
            "{readme:?}"
        );
        assert!(json!(workspace, "specs/hostile/report.json").is_object());
        assert!(json!(workspace, "specs/hostile/openapi.json").is_object());
        self.manifests.insert(read("Cargo.toml"));
    }

    /// Parses the collected files with Cargo and the compiler.
    fn parse(self) {
        self.manifests
            .iter()
            .for_each(|manifest| parse_with_cargo(manifest));
        parse_with_rustc(&self.code);
    }
}

/// Returns the lines that begin or end a code block.
fn fences(text: &str) -> impl Iterator<Item = &str> {
    let bare = |line: &str| {
        line.trim_start()
            .trim_start_matches(['/', '!'])
            .trim_start_matches([' ', '>', '-'])
            .to_owned()
    };
    text.lines()
        .filter(move |line| bare(line).starts_with("```"))
}

/// Checks that Cargo accepts a manifest.
fn parse_with_cargo(manifest: &str) {
    let workspace = Workspace::empty();
    workspace.write("Cargo.toml", manifest);
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["read-manifest", "--offline", "--manifest-path"])
        .arg(workspace.path("Cargo.toml"));
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{manifest}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let read = String::from_utf8(output.stdout).unwrap();
    assert!(read.contains("\"name\":\"gallery-hostile\""));
    // A listing cannot add dependencies.
    assert_eq!(
        read.matches("\"uses_default_features\":").count(),
        6,
        "{read}"
    );
}

/// Checks that the compiler can parse modules.
///
/// The modules have the attribute `cfg(any())`, so they are parsed and then removed.
fn parse_with_rustc(modules: &str) {
    let mut command = Command::new("rustc");
    command.args([
        "--edition=2024",
        "--crate-type=lib",
        "--crate-name=parsed",
        "--emit=metadata",
        "-o",
        "-",
        "-",
    ]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(modules.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn escapes_prose_of_operations() {
    let mut collector = Collector::default();
    let paths: Vec<String> = (0..TEXTS.len())
        .map(|number| format!("/at/{number}/{{id}}"))
        .collect();
    let entry = |(path, text): (&'static str, &'static str)| Entry {
        parameters: vec![("path", "id"), ("query", "q"), ("header", "X-H")],
        ..get(path, text)
    };
    let paths: Vec<&'static str> = paths.into_iter().map(|path| &*path.leak()).collect();
    let entries: Vec<Entry<'_>> = paths
        .into_iter()
        .zip(TEXTS.iter().copied())
        .map(entry)
        .collect();
    let workspace = workspace(INDEX, &document(HEAD, &entries));
    expect!["generated"].assert_eq(&collector.run(&workspace));
    // No endpoint is dropped.
    let report = json!(workspace, "specs/hostile/report.json");
    assert_eq!(
        report["counts"]["endpoints"].as_u64(),
        Some(TEXTS.len() as u64)
    );
    collector.parse();
}

#[test]
fn escapes_prose_of_the_index_and_the_document() {
    let mut collector = Collector::default();
    let mut table = String::new();
    for text in TEXTS {
        let q = quoted(text);
        let index = format!(
            "name: {q}\ndescription: {q}\nurl: {q}\nmodified: {q}\napis:\n- name: {q}\n  x-api-slug: {q}\n  baseURL: {q}\n  humanURL: {q}\n  \
             properties:\n  - {{type: {q}, url: {q}}}\nx-common:\n- {{type: {q}, url: {q}}}\nmaintainers:\n- {{FN: {q}, email: {q}}}\n"
        );
        let head = format!(
            "info: {{title: {q}, version: {q}, description: {q}, termsOfService: {q}}}\nhost: example.com\nschemes: [https]"
        );
        let result = collector.run(&workspace(&index, &document(&head, &[get("/a", "List")])));
        table.push_str(&format!("{text:?}: {result}\n"));
    }
    expect![[r###"
        "*/ fn main() {} /*": generated
        "\"]": generated
        "#![deny(warnings)]": generated
        "]) #[doc = include_str!(\"/etc/passwd\")]": generated
        "` one `` two ``` three": generated
        "```rust\nfn main() { loop {} }\n```": generated
        "```\ncompile_error!(\"doctest\")\n```": generated
        "    indented_code();\n    loop {}": generated
        "<script>alert(1)</script><!-- open": generated
        "[Vec] [`String`] [x]: http://example.com": generated
        "[link](javascript:alert(1)) ![image](file:///etc/passwd)": generated
        "$(rm -rf /) `rm -rf /` ; rm -rf / | sh": generated
        "{{ braces }} {0} {} }": generated
        "first line\nsecond line\r\nthird\rfourth\u{2028}fifth\u{85}sixth": generated
        "bell \u{7} escape \u{1b}[2J delete \u{7f} c1 \u{9b}31m": generated
        "no width \u{200b} mark \u{feff}": generated
        "\"\"\" ''' \\ \\\" \\u{0} \\x41": generated
        "'\nname = \"other\"\n[dependencies]\nevil = \"1\"": generated
        "r#\"raw\"# br##\"bytes\"## 'lifetime b'c'": generated
        "a | b | c\n|---|---|\n| x | y |": generated
        "=====\n# heading\n-----": generated
        "> > > > quote\n1) one\n1. two\n- - - three": generated
        "&amp; &#x3c;script&#x3e; &nbsp;": generated
        "names in 日本語 and 🦀, é as two: e\u{301}": generated
        "  ": generated
        "/// //! #[test] fn t() { panic!() }": generated
    "###]]
    .assert_eq(&table);
    collector.parse();
}

#[test]
fn accepts_unusual_parameter_names() {
    let mut collector = Collector::default();
    let names = [
        "self", "Self", "crate", "super", "async", "type", "r#type", "_", "__", "1st", "body",
        "send", "client", "new", "value", "request", "result", "response", "url", "query",
        "X-Trace", "a b", "a-b", "a.b", "a[]", "$filter", "*/", "\"]", "`", "{{", "{id}", "<T>",
        "a\nb", "a\u{7}b", "名前", "é", "a&b=c#d", "%00", " ", "",
    ];
    let mut table = String::new();
    for name in names {
        let entry = Entry {
            parameters: vec![("query", name), ("query", "type_query")],
            ..get("/a", "List")
        };
        table.push_str(&format!(
            "{name:?}: {}\n",
            collector.run(&workspace(INDEX, &document(HEAD, &[entry])))
        ));
    }
    expect![[r#"
        "self": generated
        "Self": generated
        "crate": generated
        "super": generated
        "async": generated
        "type": generated
        "r#type": generated
        "_": generated
        "__": generated
        "1st": generated
        "body": generated
        "send": generated
        "client": generated
        "new": generated
        "value": generated
        "request": generated
        "result": generated
        "response": generated
        "url": generated
        "query": generated
        "X-Trace": generated
        "a b": generated
        "a-b": generated
        "a.b": generated
        "a[]": generated
        "$filter": generated
        "*/": generated
        "\"]": generated
        "`": generated
        "{{": generated
        "{id}": generated
        "<T>": generated
        "a\nb": generated
        "a\u{7}b": generated
        "名前": generated
        "é": generated
        "a&b=c#d": generated
        "%00": generated
        " ": generated
        "": generated
    "#]]
    .assert_eq(&table);
    collector.parse();
}

#[test]
fn accepts_unusual_paths() {
    let mut collector = Collector::default();
    let paths = [
        "/",
        "a",
        "",
        "/a?b=c",
        "/a#b",
        "/a b",
        "/a\nb",
        "/a\\b",
        "/a\"b",
        "/a*/b",
        "/a`b",
        "/a|b",
        "/<script>",
        "/a'b",
        "/a@b:8080",
        "http://example.com/a",
        "/日本",
        "/{",
        "/}",
        "/{}",
        "/{{id}}",
        "/{id}/{id}",
        "/{id}{more}",
        "/v{id}.json",
        "/{self}",
        "/{type}",
        "/{a b}",
        "/{a\"b}",
        "/{*/}",
        "/{名}",
        "/{a:[0-9]+}",
        "/{a}?b={b}",
    ];
    let mut table = String::new();
    for path in paths {
        let declared = openapi_text::template::variables(path)
            .into_iter()
            .map(|name| ("path", name))
            .collect();
        let entry = Entry {
            parameters: declared,
            ..get(path, "List")
        };
        table.push_str(&format!(
            "{path:?}: {}\n",
            collector.run(&workspace(INDEX, &document(HEAD, &[entry])))
        ));
    }
    expect![[r#"
        "/": generated
        "a": generated
        "": generated
        "/a?b=c": generated
        "/a#b": generated
        "/a b": generated
        "/a\nb": generated
        "/a\\b": generated
        "/a\"b": generated
        "/a*/b": generated
        "/a`b": generated
        "/a|b": generated
        "/<script>": generated
        "/a'b": generated
        "/a@b:8080": generated
        "http://example.com/a": generated
        "/日本": generated
        "/{": generated
        "/}": generated
        "/{}": generated
        "/{{id}}": generated
        "/{id}/{id}": generated
        "/{id}{more}": generated
        "/v{id}.json": generated
        "/{self}": generated
        "/{type}": generated
        "/{a b}": generated
        "/{a\"b}": generated
        "/{*/}": generated
        "/{名}": generated
        "/{a:[0-9]+}": generated
        "/{a}?b={b}": generated
    "#]]
    .assert_eq(&table);
    collector.parse();
}

#[test]
fn accepts_unusual_servers() {
    let mut collector = Collector::default();
    let servers = [
        ("example.com", "/api"),
        ("example.com:8080", "api/"),
        ("", ""),
        ("*/", "/\"]"),
        ("a b", "/a b"),
        ("{host}", "/{version}"),
        ("user:password@example.com", "/"),
        ("../..", "/../.."),
        ("example.com/\n\"", "/\"); exit(1); (\""),
        ("`", "/```rust"),
        ("<script>", "/<script>"),
        ("\\", "\\"),
        ("[::1", "/"),
        ("例え.jp", "/例"),
    ];
    let mut table = String::new();
    for (host, base) in servers {
        let head = format!(
            "info: {{title: Hostile, version: '1'}}\nhost: {}\nbasePath: {}\nschemes: [https]",
            quoted(host),
            quoted(base)
        );
        let result = collector.run(&workspace(INDEX, &document(&head, &[get("/a", "List")])));
        table.push_str(&format!("{host:?} {base:?}: {result}\n"));
    }
    expect![[r#"
        "example.com" "/api": generated
        "example.com:8080" "api/": generated
        "" "": generated
        "*/" "/\"]": generated
        "a b" "/a b": generated
        "{host}" "/{version}": generated
        "user:password@example.com" "/": generated
        "../.." "/../..": generated
        "example.com/\n\"" "/\"); exit(1); (\"": generated
        "`" "/```rust": generated
        "<script>" "/<script>": generated
        "\\" "\\": generated
        "[::1" "/": generated
        "例え.jp" "/例": generated
    "#]]
    .assert_eq(&table);
    collector.parse();
}

#[test]
fn avoids_rust_keywords_in_method_names() {
    let mut collector = Collector::default();
    let words = [
        "self", "Self", "crate", "async", "type", "r#type", "new", "clone", "drop", "Client",
        "send", "1", "_", "__init__",
    ];
    let paths: Vec<String> = (0..words.len())
        .map(|number| format!("/at/{number}"))
        .collect();
    let entries: Vec<Entry<'_>> = paths
        .iter()
        .zip(words)
        .map(|(path, word)| get(path, word))
        .collect();
    let workspace = workspace(INDEX, &document(HEAD, &entries));
    expect!["generated"].assert_eq(&collector.run(&workspace));
    let names = workspace.read(&format!("{SPECS}/names.toml"));
    let assigned: String = names
        .lines()
        .filter(|line| line.contains(" = "))
        .map(|line| format!("{line}\n"))
        .collect();
    expect![[r##"
        # To rename a type, write its name and the new one in a table [types]: Old = "New".
        "GET /at/0" = "get_at_0"
        "GET /at/1" = "get_at_1"
        "GET /at/10" = "send"
        "GET /at/11" = "get_at_11"
        "GET /at/12" = "get_at_12"
        "GET /at/13" = "init"
        "GET /at/2" = "get_at_2"
        "GET /at/3" = "get_at_3"
        "GET /at/4" = "get_at_4"
        "GET /at/5" = "r_type"
        "GET /at/6" = "get_at_6"
        "GET /at/7" = "get_at_7"
        "GET /at/8" = "drop"
        "GET /at/9" = "get_at_9"
    "##]]
    .assert_eq(&assigned);

    let mut table = String::new();
    for method in [
        "head", "options", "trace", "connect", "GET", "self", "\"*/\"", "x-get", "$ref",
    ] {
        let entries = [
            Entry {
                method,
                ..get("/a", "List")
            },
            get("/b", "Other"),
        ];
        table.push_str(&format!(
            "{method}: {}\n",
            collector.run(&self::workspace(INDEX, &document(HEAD, &entries)))
        ));
    }
    expect![[r#"
        head: generated
        options: generated
        trace: generated
        connect: generated dropped[unreadable-method]
        GET: generated
        self: generated dropped[unreadable-method]
        "*/": generated dropped[unreadable-method]
        x-get: generated
        $ref: generated dropped[unreadable-method]
    "#]]
    .assert_eq(&table);
    collector.parse();
}

#[test]
fn reads_no_document_outside_of_the_listing() {
    let mut collector = Collector::default();
    let mut table = String::new();
    for url in [
        "https://h/../../../etc/passwd",
        "https://h/a%2F..%2Fb",
        "file:///etc/passwd",
        "/etc/passwd",
        "..",
        "https://h/.git",
        "openapi.md",
    ] {
        let index = format!(
            "{INDEX}apis:\n- name: A\n  properties:\n  - {{type: x-openapi-spec, url: {}}}\n",
            quoted(url)
        );
        table.push_str(&format!(
            "{url}: {}\n",
            collector.run(&workspace(&index, &document(HEAD, &[get("/a", "List")])))
        ));
    }
    expect![[r#"
        https://h/../../../etc/passwd: error[missing-document]
        https://h/a%2F..%2Fb: generated warning[document-url]
        file:///etc/passwd: error[missing-document]
        /etc/passwd: error[missing-document]
        ..: generated warning[document-url]
        https://h/.git: generated warning[document-url]
        openapi.md: generated
    "#]]
    .assert_eq(&table);
    collector.parse();
}

/// Returns the diagnostics of a run for a listing with one endpoint.
fn run_one(entry: Entry<'_>) -> String {
    let mut collector = Collector::default();
    let result = collector.run(&workspace(INDEX, &document(HEAD, &[entry])));
    collector.parse();
    result
}

#[test]
fn bidirectional_marks_do_not_break_compilation() {
    for mark in ["\u{202e}thgir\u{202c}", "\u{2066}a\u{2069}", "\u{200f}"] {
        run_one(get("/a", mark));
        run_one(Entry {
            parameters: vec![("query", mark)],
            ..get("/a", "List")
        });
        run_one(get(&format!("/a{mark}"), "List"));
    }
}

#[test]
fn accepts_parameters_named_like_reserved_keywords() {
    for location in ["query", "header"] {
        assert_eq!(
            run_one(Entry {
                parameters: vec![(location, "gen")],
                ..get("/a", "List")
            }),
            "generated"
        );
    }
    assert_eq!(
        run_one(Entry {
            parameters: vec![("path", "gen")],
            ..get("/a/{gen}", "List")
        }),
        "generated"
    );
}

#[test]
fn accepts_valid_header_names() {
    for name in ["X-Trace", "x_trace", "ETag", "X.Y", "!#$%&'*+-.^_`|~"] {
        assert_eq!(
            run_one(Entry {
                parameters: vec![("header", name)],
                ..get("/a", "List")
            }),
            "generated",
            "{name:?}"
        );
    }
}

#[test]
fn omits_headers_with_invalid_names() {
    for name in ["a b", "a:b", "\"]", "(x)", "a\nb", "名前", " "] {
        assert_eq!(
            run_one(Entry {
                parameters: vec![("header", name)],
                ..get("/a", "List")
            }),
            "generated",
            "{name:?}"
        );
    }
}

#[test]
fn drops_paths_with_dot_segments() {
    for path in ["/../../etc", "/a/../b", "/./a", "/a/..", "/%2e%2e/etc"] {
        let result = run_one(get(path, "List"));
        assert!(result.starts_with("dropped["), "{path:?}: {result}");
    }
}

#[test]
fn avoids_names_of_blanket_trait_methods() {
    let entries = [get("/a", "Into"), get("/b", "Try into")];
    let workspace = workspace(INDEX, &document(HEAD, &entries));
    assert_eq!(workspace.regen(&[]).code, Some(0));
    let names = workspace.read(&format!("{SPECS}/names.toml"));
    assert!(
        !names.contains("= \"into\"") && !names.contains("= \"try_into\""),
        "{names}"
    );
}

#[test]
fn messages_contain_no_control_characters() {
    for path in ["/a\u{1b}[2Jb", "/a\nup to date: 0 files"] {
        let output = workspace(INDEX, &document(HEAD, &[get(path, "List")])).regen(&[]);
        let all = output.stdout + &output.stderr;
        assert!(
            !all.contains(|c: char| c.is_control() && c != '\n')
                && !all.lines().any(|l| l.starts_with("up to date")),
            "{all:?}"
        );
    }
}

#[test]
fn rejects_crate_names_that_are_paths() {
    let workspace = workspace(INDEX, &document(HEAD, &[get("/a", "List")]));
    workspace.write("crates/precious/src/lib.rs", "//! By hand.\n");
    let before = workspace.contents();
    for name in [
        "../precious",
        "/precious",
        "precious/",
        ".",
        "",
        "PRECIOUS",
        "a\\\\b",
        "\\u0000",
    ] {
        workspace.write(
            "specs/gallery.toml",
            String::from_utf8_lossy(&before["specs/gallery.toml"]).replace("gallery-hostile", name),
        );
        assert_eq!(workspace.regen(&[]).code, Some(100), "{name:?}");
    }
    workspace.write("specs/gallery.toml", &before["specs/gallery.toml"]);
    assert!(workspace.contents() == before);
}
