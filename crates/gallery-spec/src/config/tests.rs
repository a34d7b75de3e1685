use super::*;
use crate::source::Source;
use expect_test::{Expect, expect};
use gallery_listings::ListingRef;
use openapi_drift::{Severity, SeverityOverrides};

const GOOD: &str = "[clients.a]\ncrate = \"gallery-a\"\nversion = \"0.1.0\"\nlisting = \"o/r/p\"\n";

fn assert_error(text: &str, message: Expect) {
    message.assert_eq(&parse(text).unwrap_err().to_string());
}

fn first(client: &ClientConfig) -> &ListingRef {
    match &client.source {
        Source::Listings(listings) => &listings.first,
        Source::Documents(documents) => panic!("not listings: {documents}"),
    }
}

#[test]
fn parses_clients() {
    let config = parse(GOOD).unwrap();
    assert_eq!(config.source.as_str(), DEFAULT_SOURCE);
    assert_eq!(
        first(&config.clients[0]).url_path(),
        "o/r/master/_listings/p"
    );
    assert_eq!(first(&config.clients[0]).mirror_path(), "o__r/_listings/p");
    assert_eq!(
        parse(&format!("source = \"http://host/x\"\n{GOOD}"))
            .unwrap()
            .source
            .as_str(),
        "http://host/x/"
    );
}

#[test]
fn reads_settings_of_generated_crates() {
    let with = |line: &str| format!("{line}\n{GOOD}");
    let crates = |text: &str| parse(text).unwrap().clients.remove(0).crates;
    assert_eq!(crates(GOOD), CrateSettings::default());
    assert_eq!(
        crates(&with("command = \"cargo xtask\"\nruntime = \"crates/\"")),
        CrateSettings {
            command: "cargo xtask".to_owned(),
            runtime: Some("crates".to_owned()),
        }
    );
    assert_error(
        &with("command = \"cargo `x`\""),
        expect![[r#"
                `command` must be words of letters, digits, `-` and `_`, such as `cargo xtask`
                  --> specs/gallery.toml:1:11"#]],
    );
    assert_error(
        &with("runtime = \"\""),
        expect![[r#"
                `runtime` must be the directory of gallery-runtime and gallery-testkit
                  --> specs/gallery.toml:1:11"#]],
    );
}

#[test]
fn parses_severity_overrides() {
    let with = |line: &str| format!("[drift.severity]\n{line}\n{GOOD}");
    let severities = parse(&with("endpoint-removed = \"never\""))
        .unwrap()
        .severities;
    assert_eq!(
        severities,
        SeverityOverrides([("endpoint-removed".to_owned(), Severity::Never)].into())
    );
    assert_error(
        &with("endpoint-remove = \"never\""),
        expect![[r#"
            unknown rule `endpoint-remove`; did you mean `endpoint-removed`?
              --> specs/gallery.toml:2:1"#]],
    );
    assert_error(
        &with("nothing-like-it-at-all-anywhere = \"never\""),
        expect![[r#"
            unknown rule `nothing-like-it-at-all-anywhere`; see docs/drift-rules.md for all rules
              --> specs/gallery.toml:2:1"#]],
    );
    assert_error(
        &with("endpoint-removed = \"error\""),
        expect![[r#"
            unknown severity `error`; expected one of wire, source, docs, any, never
              --> specs/gallery.toml:2:20"#]],
    );
}

fn several(listings: &str) -> String {
    GOOD.replace("listing = \"o/r/p\"", &format!("listings = {listings}"))
}

#[test]
fn parses_clients_with_several_listings() {
    let client = |text: &str| parse(text).unwrap().clients.remove(0);
    let one = client(&several("[\"o/r/p\"]"));
    assert_eq!(one, client(GOOD));
    assert_eq!(one.source.prefix_of("o/r/p"), "");
    let two = client(&several("[\"o/r/p\", \"o2/r/p\"]"));
    assert_eq!(two.source.to_string(), "o/r/p, o2/r/p");
    assert_eq!(two.source.prefix_of("o2/r/p"), "o2/r/p/");
}

#[test]
fn parses_choices_with_lines() {
    let with = |choice: &str| {
        format!(
            "{}\n[clients.a.choices]\n{choice}\n",
            several("[\"o/r/p\", \"o2/r/p\"]")
        )
    };
    let config = parse(&with("\"GET /a/{}\" = \"o2/r/p/openapi.md\"")).unwrap();
    let choice = &config.clients[0].choices["GET /a/{}"];
    assert_eq!(
        (choice.file.as_str(), choice.place.position),
        ("o2/r/p/openapi.md", Some((7, 1)))
    );
    let assert_error = |choice: &str, message| assert_error(&with(choice), message);
    assert_error(
        "\"get /a\" = \"openapi.md\"",
        expect![[r#"
            invalid endpoint `get /a`; write METHOD PATH as in names.toml
              --> specs/gallery.toml:7:1"#]],
    );
    assert_error(
        "\"GET /a\" = \"../openapi.md\"",
        expect![[r#"
            invalid file `../openapi.md`; write FILE, OWNER/REPOSITORY/PROVIDER/FILE, or the URL of a server
              --> specs/gallery.toml:7:12"#]],
    );
    assert_error(
        "\"GET /a\" = \"o3/r/p/openapi.md\"",
        expect![[r#"
            `o3/r/p/openapi.md` is not in a listing of the client `a`; its listings are o/r/p, o2/r/p
              --> specs/gallery.toml:7:12"#]],
    );
    assert_error(
        "\"GET /a\" = 1",
        expect![[r#"
            invalid type: integer `1`, expected a string
              --> specs/gallery.toml:7:12"#]],
    );
}

#[test]
fn parses_options_for_code_with_lines() {
    let options = |keys: &str| {
        let text = format!("{GOOD}{keys}\n");
        parse(&text).map(|mut config| config.clients.remove(0).code)
    };
    let read = options(
        "derives = { \"*\" = [\"Eq\"], Pet = [\"schemars::JsonSchema\"] }\n\
         replaced-types = { Money = \"::money::Amount\" }\n\
         plain-formats = [\"uri\"]\n\
         non-exhaustive = true\n\
         dependencies = { money = \"1\", schemars = { version = \"1\", features = [\"a\", \"b\"] } }",
    )
    .unwrap();
    assert_eq!(read.derives["Pet"].value, ["schemars::JsonSchema"]);
    assert_eq!(read.derives[ALL_TYPES].place.position, Some((5, 13)));
    assert_eq!(read.replaced_types["Money"].value, "::money::Amount");
    assert_eq!(read.plain_formats["uri"].position, Some((7, 18)));
    assert!(read.non_exhaustive);
    let dependencies: Vec<&str> = read.dependencies.values().map(String::as_str).collect();
    assert_eq!(
        dependencies,
        [r#""1""#, r#"{ features = ["a", "b"], version = "1" }"#]
    );
    let messages = [
        "derives = { \"a b\" = [] }",
        "derives = { Pet = [\"a b\"] }",
        "replaced-types = { Pet = \"a::\" }",
        "dependencies = { serde = \"1\" }",
        "dependencies = { \"a b\" = \"1\" }",
        "dependencies = { money = 1 }",
    ]
    .map(|keys| options(keys).unwrap_err().to_string());
    expect![[r#"
        `a b` is not the name of a type
          --> specs/gallery.toml:5:13
        `a b` is not a path in Rust, such as `money::Amount`
          --> specs/gallery.toml:5:20
        `a::` is not a path in Rust, such as `money::Amount`
          --> specs/gallery.toml:5:26
        every client depends on `serde` already; remove it
          --> specs/gallery.toml:5:18
        `a b` is not the name of a package
          --> specs/gallery.toml:5:18
        the dependency `money` must be a version or a table, as in Cargo.toml
          --> specs/gallery.toml:5:18"#]]
    .assert_eq(&messages.join("\n"));
}

#[test]
fn reports_errors_with_lines() {
    assert_error(
        &GOOD.replace("version", "versoin"),
        expect![[r#"
            unknown field `versoin`, expected one of `crate`, `version`, `listing`, `listings`, `document`, `documents`, `index`, `apis`, `all-components`, `tag-features`, `derives`, `replaced-types`, `plain-formats`, `non-exhaustive`, `grouped-methods`, `dependencies`, `choices`
              --> specs/gallery.toml:3:1"#]],
    );
    assert_error(
        &GOOD.replace("\"0.1.0\"", "\"one\""),
        expect![[r#"
            invalid version `one`: unexpected character 'o' while parsing major version number
              --> specs/gallery.toml:3:11"#]],
    );
    assert_error(
        &GOOD.replace("o/r/p", "../r/p"),
        expect![[r#"
            `../r/p` is not a listing; write OWNER/REPOSITORY/PROVIDER
              --> specs/gallery.toml:4:11"#]],
    );
    assert_error(
        &GOOD.replace("listing = \"o/r/p\"\n", ""),
        expect![[r#"
            the client `a` has no source; write one of `listing = "OWNER/REPOSITORY/PROVIDER"`, `index = "URL or path"` and `document = "URL or path"`
              --> specs/gallery.toml:1:10"#]],
    );
    assert_error(
        &format!("{GOOD}listings = [\"o/r/q\"]\n"),
        expect![[r#"
            the client `a` has both `listing` and `listings`; move all listings to `listings`
              --> specs/gallery.toml:5:12"#]],
    );
    assert_error(
        &several("[]"),
        expect![[r#"
            the client `a` has no source; write one of `listing = "OWNER/REPOSITORY/PROVIDER"`, `index = "URL or path"` and `document = "URL or path"`
              --> specs/gallery.toml:4:12"#]],
    );
    assert_error(
        &several("[\n  \"o/r/p\",\n  \"o/r\",\n]"),
        expect![[r#"
                `o/r` is not a listing; write OWNER/REPOSITORY/PROVIDER
                  --> specs/gallery.toml:6:3"#]],
    );
    assert_error(
        &several("[\n  \"o/r/p\",\n  \"O/r/p\",\n]"),
        expect![[r#"
            duplicate listing `O/r/p` of the client `a`, the same as `o/r/p`; remove one of the two
              --> specs/gallery.toml:6:3"#]],
    );
    assert_error(
        &GOOD.replace("gallery-a", "Gallery/a"),
        expect![[r#"
            invalid crate name `Gallery/a`: use at most 60 lowercase letters, digits and `-`, starting with a letter
              --> specs/gallery.toml:2:9"#]],
    );
    assert_error(
        &format!("{GOOD}{}", GOOD.replace("clients.a", "clients.b")),
        expect![[r#"
            the clients `a` and `b` both have the crate name `gallery-a`; crate names must be unique
              --> specs/gallery.toml:6:9"#]],
    );
    assert_error(
        &format!("{GOOD}{GOOD}"),
        expect![[r#"
            duplicate key
              --> specs/gallery.toml:5:10"#]],
    );
    assert_error(
        "source = \"no url\"\n",
        expect![[r#"
            invalid URL in `source`: relative URL without a base
              --> specs/gallery.toml:1:10"#]],
    );
    assert_error(
        "hosts = [\"objects.example.com\", \"https://example.com/\"]\n",
        expect![[r#"
                invalid host `https://example.com/`; write NAME or NAME:PORT
                  --> specs/gallery.toml:1:33"#]],
    );
    assert_error(
        &format!("{GOOD}documents = \"some\"\n"),
        expect![[r#"
            `documents` must be `needed` or `all` for listings, or a list of URLs or paths
              --> specs/gallery.toml:5:13"#]],
    );
    assert_error(
        "[clients.a\n",
        expect![[r#"
            unclosed table, expected `]`
              --> specs/gallery.toml:1:11"#]],
    );
}

fn with_source(lines: &str) -> String {
    GOOD.replace("listing = \"o/r/p\"", lines)
}

#[test]
fn parses_clients_of_documents_and_indexes() {
    let source = |lines: &str| {
        let client = parse(&with_source(lines)).unwrap().clients.remove(0);
        let kind = match &client.source {
            Source::Listings(_) => "listings",
            Source::Documents(_) if client.source.is_local() => "local",
            Source::Documents(_) => "remote",
        };
        format!("{kind} {} {}", client.source, client.snapshot_dir())
    };
    for (lines, expected) in [
        (
            "document = \"apis/./a.yaml\"",
            "local apis/a.yaml specs/a/source",
        ),
        (
            "documents = [\"https://host/a\", \"https://host/b\"]",
            "remote https://host/a, https://host/b specs/a/source",
        ),
        (
            "index = \"https://host/apis.yml\"\napis = [\"p:a\", \"p:b*\"]",
            "remote https://host/apis.yml (p:a, p:b*) specs/a/source",
        ),
        (
            "listing = \"o/r/p\"\ndocuments = \"all\"",
            "listings o/r/p specs/a/listing",
        ),
    ] {
        assert_eq!(source(lines), expected);
    }
}

#[test]
fn rejects_sources_that_contradict_each_other() {
    let message = |lines: &str| parse(&with_source(lines)).unwrap_err().to_string();
    for (lines, expected) in [
        (
            "listing = \"o/r/p\"\nindex = \"a.yml\"",
            "the client `a` has both `listing` and `index`; a client has one source; remove one of the two\n  --> specs/gallery.toml:5:9",
        ),
        (
            "document = \"a.yml\"\ndocuments = [\"b.yml\"]",
            "the client `a` has both `document` and `documents`; move all documents to `documents`\n  --> specs/gallery.toml:5:13",
        ),
        (
            "document = \"a.yml\"\napis = [\"a\"]",
            "`apis` selects APIs of an index; write the `index`, or remove `apis`\n  --> specs/gallery.toml:5:8",
        ),
        (
            "document = \"a.yml\"\ndocuments = \"all\"",
            "`documents` as text selects documents of listings; write a list of documents\n  --> specs/gallery.toml:5:13",
        ),
        (
            "documents = [\"a.yml\", \"https://host/b.yml\"]",
            "`documents` has both URLs and paths; use either, for example by downloading the files\n  --> specs/gallery.toml:4:13",
        ),
        (
            "documents = [\"a.yml\", \"./a.yml\"]",
            "duplicate document `a.yml`; remove one of the two\n  --> specs/gallery.toml:4:13",
        ),
        (
            "documents = []",
            "`documents` is empty; write a URL or path\n  --> specs/gallery.toml:4:13",
        ),
        (
            "documents = \"some\"",
            "`documents` must be `needed` or `all` for listings, or a list of URLs or paths\n  --> specs/gallery.toml:4:13",
        ),
        (
            "document = \"../a.yml\"",
            "the path is not one of the workspace; write it relative to the workspace's root, without `..`\n  --> specs/gallery.toml:4:12",
        ),
        (
            "",
            "the client `a` has no source; write one of `listing = \"OWNER/REPOSITORY/PROVIDER\"`, `index = \"URL or path\"` and `document = \"URL or path\"`\n  --> specs/gallery.toml:1:10",
        ),
    ] {
        assert_eq!(message(lines), expected);
    }
}

#[test]
fn keeps_all_components_of_documents_only() {
    let client = |lines: &str| parse(&with_source(lines));
    let keeps = |lines: &str| client(lines).unwrap().clients.remove(0).all_components;
    assert!(!keeps("document = \"a.yml\""));
    assert!(keeps("document = \"a.yml\"\nall-components = true"));
    assert!(keeps("index = \"apis.yml\"\nall-components = true"));
    assert!(!keeps("index = \"apis.yml\"\nall-components = false"));
    let error = client("listing = \"o/r/p\"\nall-components = true").unwrap_err();
    expect![[r#"
        `all-components` is for documents and indexes, but listings have no components; remove it
          --> specs/gallery.toml:5:18"#]]
    .assert_eq(&error.to_string());
}
