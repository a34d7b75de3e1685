//! A listing is other people's text. Whatever it says, a run gives files that their readers can read, or ends with 100; it never
//! writes outside of the client's own folders.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};

use expect_test::expect;

use crate::workspace::{Workspace, json};

const CRATE: &str = "crates/gallery-hostile";
const SPECS: &str = "specs/hostile";

/// Text that means something to Rust, Markdown, HTML, TOML, JSON, shells or terminals.
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

/// A string of YAML, in ASCII.
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

/// An operation entry, with the same text wherever prose can be.
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
        for (place, name) in parameters {
            yaml.push_str(&format!(
                "      - {{in: {place}, name: {}, description: {text}}}\n",
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

/// A workspace whose one client is made from this listing.
fn workspace(index: &str, document: &str) -> Workspace {
    let workspace = Workspace::empty();
    let client = "[clients.hostile]\ncrate = \"gallery-hostile\"\nversion = \"0.1.0\"\nlisting = \"o/r/p\"\n";
    workspace.write("specs/gallery.toml", client);
    workspace.write(&format!("{SPECS}/listing/apis.md"), index);
    workspace.write(&format!("{SPECS}/listing/openapi.md"), document);
    workspace.relock("hostile");
    workspace
}

/// What runs gave, to be read by those that it is for; all at once, since starting them takes the most time.
#[derive(Default)]
struct Made {
    manifests: BTreeSet<String>,
    code: String,
}

impl Made {
    /// Runs, shows what must be whatever happens, and gives the kinds of trouble that were told; `made` when files were.
    fn judge(&mut self, workspace: &Workspace) -> String {
        let before = workspace.contents();
        let output = workspace.regen(&[]);
        let after = workspace.contents();
        let codes = output
            .stdout
            .lines()
            .chain(output.stderr.lines())
            .filter_map(|line| Some(line.split_once("]: ")?.0));
        let mut said: Vec<String> = codes
            .filter(|code| !code.contains(' '))
            .map(|code| format!("{code}]"))
            .collect();
        said.dedup();
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
                self.take(workspace);
                said.insert(0, "made".to_owned());
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
            said.push("(control characters on the terminal)".to_owned());
        }
        said.join(" ")
    }

    /// What can be seen without a reader, and what is left for them.
    fn take(&mut self, workspace: &Workspace) {
        let read = |path: &str| workspace.read(&format!("{CRATE}/{path}"));
        let readme = read("README.md");
        assert_eq!(
            fences(&readme)
                .filter(|fence| fence.contains("rust"))
                .count(),
            3,
            "our doctests in the README, and no other: {readme}"
        );
        for path in [
            "src/lib.rs",
            "src/generated.rs",
            "src/mock.rs",
            "tests/conformance.rs",
            "tests/adapters.rs",
        ] {
            let text = read(path);
            assert!(
                path == "src/lib.rs"
                    || fences(&text)
                        .all(|fence| fence.ends_with("```text") || fence.ends_with("```")),
                "{text}"
            );
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

    fn read(self) {
        self.manifests
            .iter()
            .for_each(|manifest| cargo_reads(manifest));
        rustc_reads(&self.code);
    }
}

/// The lines that begin a block of code, or end one.
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

fn cargo_reads(manifest: &str) {
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
    // The dependencies are the fixed ones, whatever a listing says.
    assert_eq!(
        read.matches("\"uses_default_features\":").count(),
        6,
        "{read}"
    );
}

/// The compiler parses modules. Only parses: `any()` of nothing takes a module out afterwards.
fn rustc_reads(modules: &str) {
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
fn prose_stays_prose() {
    let mut made = Made::default();
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
    expect!["made"].assert_eq(&made.judge(&workspace));
    // Every text still has a method.
    let report = json!(workspace, "specs/hostile/report.json");
    assert_eq!(
        report["counts"]["endpoints"].as_u64(),
        Some(TEXTS.len() as u64)
    );
    made.read();
}

#[test]
fn what_a_listing_says_of_itself_stays_prose() {
    let mut made = Made::default();
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
        let said = made.judge(&workspace(&index, &document(&head, &[get("/a", "List")])));
        table.push_str(&format!("{text:?}: {said}\n"));
    }
    expect![[r###"
        "*/ fn main() {} /*": made
        "\"]": made
        "#![deny(warnings)]": made
        "]) #[doc = include_str!(\"/etc/passwd\")]": made
        "` one `` two ``` three": made
        "```rust\nfn main() { loop {} }\n```": made
        "```\ncompile_error!(\"doctest\")\n```": made
        "    indented_code();\n    loop {}": made
        "<script>alert(1)</script><!-- open": made
        "[Vec] [`String`] [x]: http://example.com": made
        "[link](javascript:alert(1)) ![image](file:///etc/passwd)": made
        "$(rm -rf /) `rm -rf /` ; rm -rf / | sh": made
        "{{ braces }} {0} {} }": made
        "first line\nsecond line\r\nthird\rfourth\u{2028}fifth\u{85}sixth": made
        "bell \u{7} escape \u{1b}[2J delete \u{7f} c1 \u{9b}31m": made
        "no width \u{200b} mark \u{feff}": made
        "\"\"\" ''' \\ \\\" \\u{0} \\x41": made
        "'\nname = \"other\"\n[dependencies]\nevil = \"1\"": made
        "r#\"raw\"# br##\"bytes\"## 'lifetime b'c'": made
        "a | b | c\n|---|---|\n| x | y |": made
        "=====\n# heading\n-----": made
        "> > > > quote\n1) one\n1. two\n- - - three": made
        "&amp; &#x3c;script&#x3e; &nbsp;": made
        "names in 日本語 and 🦀, é as two: e\u{301}": made
        "  ": made
        "/// //! #[test] fn t() { panic!() }": made
    "###]]
    .assert_eq(&table);
    made.read();
}

#[test]
fn names_of_parameters() {
    let mut made = Made::default();
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
            made.judge(&workspace(INDEX, &document(HEAD, &[entry])))
        ));
    }
    expect![[r#"
        "self": made
        "Self": made
        "crate": made
        "super": made
        "async": made
        "type": made
        "r#type": made
        "_": made
        "__": made
        "1st": made
        "body": made
        "send": made
        "client": made
        "new": made
        "value": made
        "request": made
        "result": made
        "response": made
        "url": made
        "query": made
        "X-Trace": made
        "a b": made
        "a-b": made
        "a.b": made
        "a[]": made
        "$filter": made
        "*/": made
        "\"]": made
        "`": made
        "{{": made
        "{id}": made
        "<T>": made
        "a\nb": made
        "a\u{7}b": made
        "名前": made
        "é": made
        "a&b=c#d": made
        "%00": made
        " ": made
        "": made
    "#]]
    .assert_eq(&table);
    made.read();
}

#[test]
fn paths() {
    let mut made = Made::default();
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
            made.judge(&workspace(INDEX, &document(HEAD, &[entry])))
        ));
    }
    expect![[r#"
        "/": made
        "a": made
        "": made
        "/a?b=c": made
        "/a#b": made
        "/a b": made
        "/a\nb": made
        "/a\\b": made
        "/a\"b": made
        "/a*/b": made
        "/a`b": made
        "/a|b": made
        "/<script>": made
        "/a'b": made
        "/a@b:8080": made
        "http://example.com/a": made
        "/日本": made
        "/{": made
        "/}": made
        "/{}": made
        "/{{id}}": made
        "/{id}/{id}": made
        "/{id}{more}": made
        "/v{id}.json": made
        "/{self}": made
        "/{type}": made
        "/{a b}": made
        "/{a\"b}": made
        "/{*/}": made
        "/{名}": made
        "/{a:[0-9]+}": made
        "/{a}?b={b}": made
    "#]]
    .assert_eq(&table);
    made.read();
}

#[test]
fn servers() {
    let mut made = Made::default();
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
        let said = made.judge(&workspace(INDEX, &document(&head, &[get("/a", "List")])));
        table.push_str(&format!("{host:?} {base:?}: {said}\n"));
    }
    expect![[r#"
        "example.com" "/api": made
        "example.com:8080" "api/": made
        "" "": made
        "*/" "/\"]": made
        "a b" "/a b": made
        "{host}" "/{version}": made
        "user:password@example.com" "/": made
        "../.." "/../..": made
        "example.com/\n\"" "/\"); exit(1); (\"": made
        "`" "/```rust": made
        "<script>" "/<script>": made
        "\\" "\\": made
        "[::1" "/": made
        "例え.jp" "/例": made
    "#]]
    .assert_eq(&table);
    made.read();
}

#[test]
fn methods_and_summaries_that_rust_has_words_for() {
    let mut made = Made::default();
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
    expect!["made"].assert_eq(&made.judge(&workspace));
    let names = workspace.read(&format!("{SPECS}/names.toml"));
    let given: String = names
        .lines()
        .filter(|line| line.contains(" = "))
        .map(|line| format!("{line}\n"))
        .collect();
    expect![[r#"
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
    "#]]
    .assert_eq(&given);

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
            made.judge(&self::workspace(INDEX, &document(HEAD, &entries)))
        ));
    }
    expect![[r#"
        head: made
        options: made
        trace: made
        connect: made dropped[unreadable-method]
        GET: made
        self: made dropped[unreadable-method]
        "*/": made dropped[unreadable-method]
        x-get: made
        $ref: made dropped[unreadable-method]
    "#]]
    .assert_eq(&table);
    made.read();
}

#[test]
fn documents_that_an_index_places_elsewhere() {
    let mut made = Made::default();
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
            made.judge(&workspace(&index, &document(HEAD, &[get("/a", "List")])))
        ));
    }
    expect![[r#"
        https://h/../../../etc/passwd: error[missing-document]
        https://h/a%2F..%2Fb: made warning[document-url]
        file:///etc/passwd: error[missing-document]
        /etc/passwd: error[missing-document]
        ..: made warning[document-url]
        https://h/.git: made warning[document-url]
        openapi.md: made
    "#]]
    .assert_eq(&table);
    made.read();
}

/// What a run has to say of one endpoint.
fn one(entry: Entry<'_>) -> String {
    let mut made = Made::default();
    let said = made.judge(&workspace(INDEX, &document(HEAD, &[entry])));
    made.read();
    said
}

#[test]
fn marks_of_direction_do_not_keep_a_client_from_being_compiled() {
    for mark in ["\u{202e}thgir\u{202c}", "\u{2066}a\u{2069}", "\u{200f}"] {
        one(get("/a", mark));
        one(Entry {
            parameters: vec![("query", mark)],
            ..get("/a", "List")
        });
        one(get(&format!("/a{mark}"), "List"));
    }
}

#[test]
fn a_parameter_can_be_named_like_a_new_keyword() {
    for place in ["query", "header"] {
        assert_eq!(
            one(Entry {
                parameters: vec![(place, "gen")],
                ..get("/a", "List")
            }),
            "made"
        );
    }
    assert_eq!(
        one(Entry {
            parameters: vec![("path", "gen")],
            ..get("/a/{gen}", "List")
        }),
        "made"
    );
}

#[test]
fn names_of_headers() {
    for name in ["X-Trace", "x_trace", "ETag", "X.Y", "!#$%&'*+-.^_`|~"] {
        assert_eq!(
            one(Entry {
                parameters: vec![("header", name)],
                ..get("/a", "List")
            }),
            "made",
            "{name:?}"
        );
    }
}

#[test]
fn headers_that_http_does_not_have_are_left_out() {
    for name in ["a b", "a:b", "\"]", "(x)", "a\nb", "名前", " "] {
        assert_eq!(
            one(Entry {
                parameters: vec![("header", name)],
                ..get("/a", "List")
            }),
            "made",
            "{name:?}"
        );
    }
}

#[test]
fn paths_that_no_url_keeps_are_dropped() {
    for path in ["/../../etc", "/a/../b", "/./a", "/a/..", "/%2e%2e/etc"] {
        let said = one(get(path, "List"));
        assert!(said.starts_with("dropped["), "{path:?}: {said}");
    }
}

#[test]
fn methods_that_every_value_has_are_no_names() {
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
fn messages_have_no_control_characters_of_a_listing() {
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
fn names_of_crates_cannot_lead_elsewhere() {
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
