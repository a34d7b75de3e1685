use super::*;
use crate::source::Source;
use expect_test::{Expect, expect};
use gallery_listings::ListingRef;
use openapi_drift::{Severity, SeverityOverrides};

const GOOD: &str = "[clients.a]\ncrate = \"gallery-a\"\nversion = \"0.1.0\"\nlisting = \"o/r/p\"\n";

fn refused(text: &str, message: Expect) {
    message.assert_eq(&parse(text).unwrap_err().to_string());
}

fn first(client: &ClientConfig) -> &ListingRef {
    let Source::Listings(listings) = &client.source;
    &listings.first
}

#[test]
fn clients_are_read() {
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
    refused(
        &with("command = \"cargo `x`\""),
        expect![[r#"
                `command` must be words of letters, digits, `-` and `_`, such as `cargo xtask`
                  --> specs/gallery.toml:1:11"#]],
    );
    refused(
        &with("runtime = \"\""),
        expect![[r#"
                `runtime` must be the folder of gallery-runtime and gallery-testkit
                  --> specs/gallery.toml:1:11"#]],
    );
}

#[test]
fn rules_can_weigh_otherwise() {
    let with = |line: &str| format!("[drift.severity]\n{line}\n{GOOD}");
    let severities = parse(&with("endpoint-removed = \"never\""))
        .unwrap()
        .severities;
    assert_eq!(
        severities,
        SeverityOverrides([("endpoint-removed".to_owned(), Severity::Never)].into())
    );
    refused(
        &with("endpoint-remove = \"never\""),
        expect![[r#"
            no rule is called `endpoint-remove`; did you mean `endpoint-removed`?
              --> specs/gallery.toml:2:1"#]],
    );
    refused(
        &with("nothing-like-it-at-all-anywhere = \"never\""),
        expect![[r#"
            no rule is called `nothing-like-it-at-all-anywhere`; docs/drift-rules.md has all
              --> specs/gallery.toml:2:1"#]],
    );
    refused(
        &with("endpoint-removed = \"error\""),
        expect![[r#"
            `error` is no severity; there are wire, source, docs, any, never
              --> specs/gallery.toml:2:20"#]],
    );
}

fn several(listings: &str) -> String {
    GOOD.replace("listing = \"o/r/p\"", &format!("listings = {listings}"))
}

#[test]
fn a_client_can_have_several_listings() {
    let client = |text: &str| parse(text).unwrap().clients.remove(0);
    let one = client(&several("[\"o/r/p\"]"));
    assert_eq!(one, client(GOOD));
    assert_eq!(one.source.prefix_of("o/r/p"), "");
    let two = client(&several("[\"o/r/p\", \"o2/r/p\"]"));
    assert_eq!(two.source.to_string(), "o/r/p, o2/r/p");
    assert_eq!(two.source.prefix_of("o2/r/p"), "o2/r/p/");
}

#[test]
fn choices_have_their_line() {
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
    let refused = |choice: &str, message| refused(&with(choice), message);
    refused(
        "\"get /a\" = \"openapi.md\"",
        expect![[r#"
            `get /a` is no endpoint; it is written METHOD PATH, as names.toml writes it
              --> specs/gallery.toml:7:1"#]],
    );
    refused(
        "\"GET /a\" = \"../openapi.md\"",
        expect![[r#"
            `../openapi.md` is no file; it is written FILE or OWNER/REPOSITORY/PROVIDER/FILE
              --> specs/gallery.toml:7:12"#]],
    );
    refused(
        "\"GET /a\" = \"o3/r/p/openapi.md\"",
        expect![[r#"
            `o3/r/p/openapi.md` is a file of no listing of the client `a`; it has o/r/p, o2/r/p
              --> specs/gallery.toml:7:12"#]],
    );
    refused(
        "\"GET /a\" = 1",
        expect![[r#"
            invalid type: integer `1`, expected a string
              --> specs/gallery.toml:7:12"#]],
    );
}

#[test]
fn mistakes_have_their_line() {
    refused(
        &GOOD.replace("version", "versoin"),
        expect![[r#"
                unknown field `versoin`, expected one of `crate`, `version`, `listing`, `listings`, `documents`, `choices`
                  --> specs/gallery.toml:3:1"#]],
    );
    refused(
        &GOOD.replace("\"0.1.0\"", "\"one\""),
        expect![[r#"
            `one` is no version: unexpected character 'o' while parsing major version number
              --> specs/gallery.toml:3:11"#]],
    );
    refused(
        &GOOD.replace("o/r/p", "../r/p"),
        expect![[r#"
            `../r/p` is not a listing; write OWNER/REPOSITORY/PROVIDER
              --> specs/gallery.toml:4:11"#]],
    );
    refused(
        &GOOD.replace("listing = \"o/r/p\"\n", ""),
        expect![[r#"
            the client `a` has no listing; write `listing = "OWNER/REPOSITORY/PROVIDER"`, or `listings = […]` for several
              --> specs/gallery.toml:1:10"#]],
    );
    refused(
        &format!("{GOOD}listings = [\"o/r/q\"]\n"),
        expect![[r#"
            the client `a` has `listing` and `listings`; write all of them into `listings`
              --> specs/gallery.toml:5:12"#]],
    );
    refused(
        &several("[]"),
        expect![[r#"
            the client `a` has no listing; write `listing = "OWNER/REPOSITORY/PROVIDER"`, or `listings = […]` for several
              --> specs/gallery.toml:4:12"#]],
    );
    refused(
        &several("[\n  \"o/r/p\",\n  \"o/r\",\n]"),
        expect![[r#"
                `o/r` is not a listing; write OWNER/REPOSITORY/PROVIDER
                  --> specs/gallery.toml:6:3"#]],
    );
    refused(
        &several("[\n  \"o/r/p\",\n  \"O/r/p\",\n]"),
        expect![[r#"
            `O/r/p` is a listing of the client `a` already, as `o/r/p`; remove one of the two
              --> specs/gallery.toml:6:3"#]],
    );
    refused(
        &GOOD.replace("gallery-a", "Gallery/a"),
        expect![[r#"
            `Gallery/a` is no crate name: use at most 60 lowercase letters, digits and `-`, starting with a letter
              --> specs/gallery.toml:2:9"#]],
    );
    refused(
        &format!("{GOOD}{}", GOOD.replace("clients.a", "clients.b")),
        expect![[r#"
            the clients `a` and `b` both have the crate name `gallery-a`; give one another
              --> specs/gallery.toml:6:9"#]],
    );
    refused(
        &format!("{GOOD}{GOOD}"),
        expect![[r#"
            duplicate key
              --> specs/gallery.toml:5:10"#]],
    );
    refused(
        "source = \"no url\"\n",
        expect![[r#"
            `source` is no URL: relative URL without a base
              --> specs/gallery.toml:1:10"#]],
    );
    refused(
        "hosts = [\"objects.example.com\", \"https://example.com/\"]\n",
        expect![[r#"
                `https://example.com/` is no host; it is written NAME or NAME:PORT
                  --> specs/gallery.toml:1:33"#]],
    );
    refused(
        &format!("{GOOD}documents = \"some\"\n"),
        expect![[r#"
            unknown variant `some`, expected `needed` or `all`
              --> specs/gallery.toml:5:13"#]],
    );
    refused(
        "[clients.a\n",
        expect![[r#"
            unclosed table, expected `]`
              --> specs/gallery.toml:1:11"#]],
    );
}
