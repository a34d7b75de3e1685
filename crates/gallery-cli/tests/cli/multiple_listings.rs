//! Clients that are generated from several listings.
//!
//! The listings are merged into one client, and their snapshots are kept in separate directories. A
//! choice in `gallery.toml` resolves conflicting duplicates.

use expect_test::{Expect, expect};

use crate::server::{Reply, Server};
use crate::workspace::{Output, Workspace};

const GARDEN: &str = "streamdata-gallery-organizations/garden/garden";
const PLANTS: &str = "streamdata-gallery-topics/plants/garden";
const CONFIG: &str = "specs/gallery.toml";

/// Returns an index with an entry for each slug.
fn index(slugs: &[&str]) -> String {
    let entry = |slug: &&str| {
        let host = "http://api.garden.example.org";
        format!(
            "- name: {slug}\n  x-api-slug: {slug}\n  baseURL: {host}\n  properties:\n  - {{type: x-openapi-spec, url: {slug}-openapi.md}}\n"
        )
    };
    format!(
        "name: Garden\napis:\n{}",
        slugs.iter().map(entry).collect::<String>()
    )
}

/// Returns a document with these operations; each is a tuple of slug, path and status.
fn document(operations: &[(&str, &str, u16)]) -> String {
    let operation = |(slug, path, status): &(&str, &str, u16)| {
        format!(
            "  {path}:\n    get:\n      x-api-path-slug: {slug}\n      responses: {{{status}: {{description: OK}}}}\n"
        )
    };
    let paths: String = operations.iter().map(operation).collect();
    format!(
        "swagger: '2.0'\ninfo: {{title: Garden, version: '1'}}\nhost: api.garden.example.org\npaths:\n{paths}"
    )
}

/// Returns the files of both listings.
///
/// Both have the endpoint `/beds`, with different response statuses. Only the second one has
/// `/pots`, in a separate document.
fn files() -> [(&'static str, &'static str, String); 5] {
    [
        (GARDEN, "apis.md", index(&["beds-get"])),
        (
            GARDEN,
            "openapi.md",
            document(&[("beds-get", "/beds", 200)]),
        ),
        (PLANTS, "apis.md", index(&["beds-get", "pots-get"])),
        (
            PLANTS,
            "openapi.md",
            document(&[("beds-get", "/beds", 206)]),
        ),
        (
            PLANTS,
            "pots-get-openapi.md",
            document(&[("pots-get", "/pots", 200)]),
        ),
    ]
}

/// A workspace with one client, and a server with both listings.
struct Garden {
    workspace: Workspace,
    server: Server,
}

impl Garden {
    /// Creates a workspace; `listings` is the line of `gallery.toml` that names the listings.
    fn new(listings: &str) -> Garden {
        let garden = Garden {
            workspace: Workspace::empty(),
            server: Server::start(),
        };
        for (listing, name, text) in files() {
            let (repository, provider) = listing.rsplit_once('/').unwrap();
            garden.server.put(
                &format!("/{repository}/master/_listings/{provider}/{name}"),
                Reply::file(text),
            );
        }
        let client = format!(
            "[clients.garden]\ncrate = \"gallery-garden\"\nversion = \"0.1.0\"\n{listings}\n"
        );
        garden.workspace.write(
            CONFIG,
            format!("source = \"{}\"\n\n{client}", garden.server.root),
        );
        garden
    }

    /// Creates a workspace and fetches both listings.
    fn fetched() -> Garden {
        let garden = Garden::new(&both_listings());
        assert_eq!(garden.run(&["regen", "--fetch"]).code, Some(0));
        garden
    }

    fn run(&self, args: &[&str]) -> Output {
        self.workspace.gallery(args)
    }

    /// Checks the output of a command.
    fn check(&self, args: &[&str], expected: Expect) {
        expected.assert_eq(
            &self
                .run(args)
                .shown()
                .replace(&self.server.root, "http://127.0.0.1:PORT"),
        );
    }

    /// Returns the paths of the snapshot's files, relative to its directory.
    fn snapshot(&self) -> Vec<String> {
        let relative = |path: String| Some(path.strip_prefix("specs/garden/listing/")?.to_owned());
        self.workspace
            .contents()
            .into_keys()
            .filter_map(relative)
            .collect()
    }

    /// Adds a choice to `gallery.toml`.
    fn choose(&self, endpoint: &str, file: &str) {
        self.workspace.append(
            CONFIG,
            &format!("\n[clients.garden.choices]\n\"{endpoint}\" = \"{file}\"\n"),
        );
    }
}

fn one_listing() -> String {
    format!("listing = \"{GARDEN}\"")
}

fn both_listings() -> String {
    format!("listings = [\"{GARDEN}\", \"{PLANTS}\"]")
}

#[test]
fn merges_listings_and_stores_their_snapshots_separately() {
    let garden = Garden::new(&both_listings());
    garden.check(&["regen", "--fetch"], expect![[r#"
        exit 0
        -- out --
        garden: 2 files of streamdata-gallery-organizations/garden/garden from http://127.0.0.1:PORT/, 346 bytes, 346 of them downloaded
        garden: 3 files of streamdata-gallery-topics/plants/garden from http://127.0.0.1:PORT/, 673 bytes, 673 of them downloaded
        garden (streamdata-gallery-organizations/garden/garden, streamdata-gallery-topics/plants/garden)
          index      3 entries, 1 of them duplicates
          documents  3 with 3 operation entries: 2 endpoints, 1 duplicate, 0 dropped
          repaired   nothing
          assumed    2 untyped-response
          names      2 given, 0 retired
          crate      crates/gallery-garden
        warning[copies-differ]: GET /beds: 2 entries differ in more than prose; this one is used
          --> specs/garden/listing/streamdata-gallery-organizations/garden/garden/openapi.md#/paths/~1beds/get
             new  crates/gallery-garden/CHANGELOG.md
             new  crates/gallery-garden/Cargo.toml
             new  crates/gallery-garden/README.md
             new  crates/gallery-garden/openapi.json
             new  crates/gallery-garden/src/generated.rs
             new  crates/gallery-garden/src/lib.rs
             new  crates/gallery-garden/src/mock.rs
             new  crates/gallery-garden/tests/adapters.rs
             new  crates/gallery-garden/tests/conformance.rs
             new  specs/gallery.lock
             new  specs/garden/CHANGELOG.md
             new  specs/garden/listing/streamdata-gallery-organizations/garden/garden/apis.md
             new  specs/garden/listing/streamdata-gallery-organizations/garden/garden/openapi.md
             new  specs/garden/listing/streamdata-gallery-topics/plants/garden/apis.md
             new  specs/garden/listing/streamdata-gallery-topics/plants/garden/openapi.md
             new  specs/garden/listing/streamdata-gallery-topics/plants/garden/pots-get-openapi.md
             new  specs/garden/names.toml
             new  specs/garden/openapi.json
             new  specs/garden/report.json
        19 files written
    "#]]);
    garden.check(&["fetch", "--locked"], expect![[r#"
        exit 0
        -- out --
        garden: the snapshot of streamdata-gallery-organizations/garden/garden, streamdata-gallery-topics/plants/garden is up to date with http://127.0.0.1:PORT/ (5 files)
    "#]]);
    assert_eq!(garden.run(&["regen", "--check"]).code, Some(0));
    let before = garden.workspace.tree();
    garden.server.seen();
    assert_eq!(garden.run(&["regen", "--fetch"]).code, Some(0));
    assert!(
        garden
            .server
            .seen()
            .iter()
            .all(|seen| (seen.status, seen.sent) == (304, 0))
    );
    let mut after = garden.workspace.tree();
    after.insert("workspace".to_owned(), before["workspace"].clone());
    assert!(after == before);
    let lock = garden.workspace.read("specs/gallery.lock");
    expect![[r##"
        # Written by `fetch`: the files of each snapshot, with their URLs, sizes and checksums.
        # origin = "transcribed": the facts of the listing, with descriptions in this project's own
        # words; `fetch` replaces them.
        version = 1

        [clients.garden]
        origin = "fetched"
        listings = ["streamdata-gallery-organizations/garden/garden", "streamdata-gallery-topics/plants/garden"]"##]]
    .assert_eq(lock.lines().take(8).collect::<Vec<_>>().join("\n").as_str());
    let report = garden.workspace.read("specs/garden/report.json");
    let sources: Vec<&str> = report
        .lines()
        .map(str::trim_start)
        .filter(|line| line.starts_with("\"chosen\""))
        .collect();
    expect![[r#"
        "chosen": "streamdata-gallery-organizations/garden/garden specs/garden/listing/streamdata-gallery-organizations/garden/garden/openapi.md#/paths/~1beds/get",
        "chosen": "streamdata-gallery-topics/plants/garden specs/garden/listing/streamdata-gallery-topics/plants/garden/pots-get-openapi.md#/paths/~1pots/get","#]].assert_eq(&sources.join("\n"));
}

#[test]
fn a_choice_resolves_conflicting_duplicates() {
    let garden = Garden::fetched();
    let statuses = || {
        let document = garden.workspace.read("specs/garden/openapi.json");
        (document.contains("\"200\""), document.contains("\"206\""))
    };
    assert_eq!(statuses(), (true, false));
    garden.choose("GET /beds", &format!("{PLANTS}/openapi.md"));
    assert_eq!(garden.run(&["regen", "--check"]).code, Some(4));
    assert_eq!(garden.run(&["regen"]).code, Some(0));
    // The document still contains the status 200 of `/pots`.
    assert_eq!(statuses(), (true, true));
}

#[test]
fn rejects_choices_that_match_nothing() {
    let rejects = |endpoint: &str, file: &str, expected: Expect| {
        let garden = Garden::fetched();
        garden.choose(endpoint, file);
        let before = garden.workspace.tree();
        let output = garden.run(&["regen"]);
        assert_eq!(output.code, Some(100));
        expected.assert_eq(&output.stderr);
        assert!(garden.workspace.tree() == before);
    };
    rejects(
        "GET /bed",
        "openapi.md",
        expect![[r#"
        error[idle-choice]: the choice for `GET /bed` matches no endpoint; did you mean `GET /beds`?
          --> specs/gallery.toml:9:1
        1 error; nothing was written
    "#]],
    );
    rejects(
        "GET /beds",
        "openapi.md",
        expect![[r#"
        error[idle-choice]: the choice for `GET /beds` names `openapi.md`, which several sources have; choose one of `streamdata-gallery-organizations/garden/garden/openapi.md`, `streamdata-gallery-topics/plants/garden/openapi.md`
          --> specs/gallery.toml:9:1
        1 error; nothing was written
    "#]],
    );
    rejects(
        "GET /beds",
        "pots-get-openapi.md",
        expect![[r#"
        error[idle-choice]: the choice for `GET /beds` names `pots-get-openapi.md`, which does not exist or lacks the endpoint; choose one of `streamdata-gallery-organizations/garden/garden/openapi.md`, `streamdata-gallery-topics/plants/garden/openapi.md` (`documents = "all"` fetches every document of an index)
          --> specs/gallery.toml:9:1
        1 error; nothing was written
    "#]],
    );
    rejects(
        "GET /beds",
        "o/r/p/openapi.md",
        expect![[r#"
        error: `o/r/p/openapi.md` is not in a listing of the client `garden`; its listings are streamdata-gallery-organizations/garden/garden, streamdata-gallery-topics/plants/garden
          --> specs/gallery.toml:9:15
    "#]],
    );
}

#[test]
fn changes_from_one_listing_to_two_and_back() {
    let garden = Garden::new(&one_listing());
    garden.workspace.write("specs/garden/notes.md", "by hand");
    assert_eq!(garden.run(&["regen", "--fetch"]).code, Some(0));
    let before = garden.workspace.contents();
    assert_eq!(garden.snapshot(), ["apis.md", "openapi.md"]);

    garden
        .workspace
        .replace(CONFIG, &one_listing(), &both_listings());
    garden.check(&["regen"], expect![[r#"
        exit 100
        -- out --
        garden (streamdata-gallery-organizations/garden/garden, streamdata-gallery-topics/plants/garden)
        -- err --
        error[other-snapshot]: the snapshot of the client `garden` is of streamdata-gallery-organizations/garden/garden, but specs/gallery.toml has streamdata-gallery-organizations/garden/garden, streamdata-gallery-topics/plants/garden; update it with `gallery fetch garden`
          --> specs/gallery.lock
        1 error; nothing was written
    "#]]);
    garden.check(&["fetch", "--locked"], expect![[r#"
        exit 4
        -- out --
        garden: the snapshot of streamdata-gallery-organizations/garden/garden, streamdata-gallery-topics/plants/garden differs from http://127.0.0.1:PORT/
            gone  specs/garden/listing/apis.md
            gone  specs/garden/listing/openapi.md
             new  specs/garden/listing/streamdata-gallery-organizations/garden/garden/apis.md
             new  specs/garden/listing/streamdata-gallery-organizations/garden/garden/openapi.md
             new  specs/garden/listing/streamdata-gallery-topics/plants/garden/apis.md
             new  specs/garden/listing/streamdata-gallery-topics/plants/garden/openapi.md
             new  specs/garden/listing/streamdata-gallery-topics/plants/garden/pots-get-openapi.md
        7 files differ; `gallery regen --fetch garden` updates the snapshot
    "#]]);
    assert_eq!(garden.run(&["regen", "--fetch"]).code, Some(0));
    expect![[r#"
        streamdata-gallery-organizations/garden/garden/apis.md
        streamdata-gallery-organizations/garden/garden/openapi.md
        streamdata-gallery-topics/plants/garden/apis.md
        streamdata-gallery-topics/plants/garden/openapi.md
        streamdata-gallery-topics/plants/garden/pots-get-openapi.md"#]]
    .assert_eq(&garden.snapshot().join("\n"));

    garden
        .workspace
        .replace(CONFIG, &both_listings(), &one_listing());
    assert_eq!(garden.run(&["regen"]).code, Some(100));
    assert_eq!(garden.run(&["regen", "--fetch"]).code, Some(0));
    assert!(
        !garden
            .workspace
            .path("specs/garden/listing/streamdata-gallery-topics")
            .exists()
    );
    let mut after = garden.workspace.contents();
    // The names of removed endpoints are kept as retired.
    expect![[r#"

        "GET /beds" = "get_beds"

        [retired]
        "GET /pots" = "get_pots"
    "#]]
    .assert_eq(
        garden
            .workspace
            .read("specs/garden/names.toml")
            .split_once("[names]")
            .unwrap()
            .1,
    );
    after.insert(
        "specs/garden/names.toml".to_owned(),
        before["specs/garden/names.toml"].clone(),
    );
    assert!(after == before);
}

#[test]
fn rejects_the_snapshot_of_another_listing() {
    let garden = Garden::new(&one_listing());
    assert_eq!(garden.run(&["regen", "--fetch"]).code, Some(0));
    garden.workspace.replace(CONFIG, GARDEN, PLANTS);
    garden.check(&["regen", "--check"], expect![[r#"
        exit 100
        -- out --
        garden (streamdata-gallery-topics/plants/garden)
        -- err --
        error[other-snapshot]: the snapshot of the client `garden` is of streamdata-gallery-organizations/garden/garden, but specs/gallery.toml has streamdata-gallery-topics/plants/garden; update it with `gallery fetch garden`
          --> specs/gallery.lock
        1 error; nothing was written
    "#]]);
    assert_eq!(garden.run(&["regen", "--fetch"]).code, Some(0));
    assert!(!garden.workspace.read("specs/gallery.lock").contains(GARDEN));
}

#[test]
fn writes_nothing_if_one_listing_cannot_be_fetched() {
    let garden = Garden::new(&both_listings());
    garden.server.remove(&format!(
        "/{}/master/_listings/garden/pots-get-openapi.md",
        PLANTS.rsplit_once('/').unwrap().0
    ));
    let before = garden.workspace.tree_ignoring_root_mtime();
    garden.check(&["regen", "--fetch"], expect![[r#"
        exit 100
        -- out --
        garden: 2 files of streamdata-gallery-organizations/garden/garden from http://127.0.0.1:PORT/, 346 bytes, 346 of them downloaded
        -- err --
        error: garden: the index names documents that do not exist:
          http://127.0.0.1:PORT/streamdata-gallery-topics/plants/master/_listings/garden/pots-get-openapi.md
        nothing was written
    "#]]);
    assert!(garden.workspace.tree_ignoring_root_mtime() == before);
}

#[test]
fn adds_and_removes_a_client_of_two_listings() {
    let workspace = Workspace::empty();
    workspace.write(CONFIG, "hosts = []\n");
    for (listing, name, text) in files() {
        let (repository, provider) = listing.rsplit_once('/').unwrap();
        workspace.write(
            &format!(
                "mirror/{}/_listings/{provider}/{name}",
                repository.replace('/', "__")
            ),
            text,
        );
    }
    let output = workspace.gallery(&["add", GARDEN, "--with", PLANTS, "--mirror", "mirror"]);
    assert_eq!(output.code, Some(0), "{output:?}");
    expect![[r#"
        hosts = []

        [clients.garden]
        crate = "gallery-garden"
        version = "0.1.0"
        listings = [
            "streamdata-gallery-organizations/garden/garden",
            "streamdata-gallery-topics/plants/garden",
        ]
    "#]]
    .assert_eq(&workspace.read(CONFIG));
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
    expect![[r#"
        exit 100
        -- err --
        error: the client `garden` already uses streamdata-gallery-topics/plants/garden; `gallery regen --fetch garden` updates it
    "#]].assert_eq(&workspace.gallery(&["add", PLANTS, "--crate", "plants", "--mirror", "mirror"]).shown());
    workspace.append(
        CONFIG,
        &format!("\n[clients.garden.choices]\n\"GET /beds\" = \"{PLANTS}/openapi.md\"\n"),
    );
    assert_eq!(workspace.regen(&[]).code, Some(0));

    assert_eq!(workspace.gallery(&["remove", "garden"]).code, Some(0));
    assert!(
        !workspace.path("specs/garden").exists()
            && !workspace.path("crates/gallery-garden").exists()
    );
    assert_eq!(workspace.read(CONFIG), "hosts = []\n");
}

#[test]
fn refuses_listings_with_different_hosts() {
    let workspace = Workspace::empty();
    workspace.write(CONFIG, "");
    let put = |provider: &str, host: &str| {
        let folder = format!("mirror/topics__plants/_listings/{provider}");
        let index = index(&["pots-get"]).replace("api.garden.example.org", host);
        let document = document(&[("pots-get", &format!("/{provider}"), 200)])
            .replace("api.garden.example.org", host);
        workspace.write(&format!("{folder}/apis.md"), index);
        workspace.write(&format!("{folder}/openapi.md"), document);
    };
    put("garden", "api.garden.example");
    put("shed", "api.garden.example");
    put("files", "files.example");
    put("unknown", "your-garden.example");
    let add = |with: &str, options: &[&str]| {
        let listings = [
            "add",
            "topics/plants/garden",
            "--with",
            with,
            "--mirror",
            "mirror",
        ];
        let output = workspace.gallery(&[&listings[..], options].concat());
        if output.code == Some(0) {
            assert_eq!(workspace.gallery(&["remove", "garden"]).code, Some(0));
        }
        (output.code, output.stderr)
    };
    let before = workspace.tree_ignoring_root_mtime();
    let (code, stderr) = add("topics/plants/files", &[]);
    assert_eq!(code, Some(100));
    expect![[r#"
        error: topics/plants/garden has the host api.garden.example, and topics/plants/files has the host files.example; one client would send the credentials of one API to the other: add a client for each listing, or add --force if both belong to one API
    "#]].assert_eq(&stderr);
    let (code, stderr) = add("topics/plants/unknown", &[]);
    assert_eq!(code, Some(100));
    expect![[r#"
        error: topics/plants/garden has the host api.garden.example, and topics/plants/unknown names no real host; one client would send the credentials of one API to the other: add a client for each listing, or add --force if both belong to one API
    "#]].assert_eq(&stderr);
    assert!(workspace.tree_ignoring_root_mtime() == before);

    assert_eq!(add("topics/plants/shed", &[]), (Some(0), String::new()));
    let forced = add("topics/plants/files", &["--force"]);
    assert_eq!(forced, (Some(0), String::new()));
    let alone = [
        "add",
        "topics/plants/garden",
        "--force",
        "--mirror",
        "mirror",
    ];
    assert_eq!(workspace.gallery(&alone).code, Some(2));
}

#[test]
fn reports_an_altered_document_once() {
    let garden = Garden::fetched();
    let document = "specs/garden/listing/streamdata-gallery-topics/plants/garden/openapi.md";
    garden.workspace.append(document, " ");
    let output = garden.run(&["regen"]);
    assert_eq!(output.code, Some(100));
    let errors: Vec<&str> = output
        .stderr
        .lines()
        .filter(|line| line.starts_with("error"))
        .collect();
    assert!(
        matches!(errors[..], [error] if error.starts_with("error[snapshot-altered]")),
        "{}",
        output.stderr
    );
    garden.workspace.remove(document);
    let stderr = garden.run(&["regen"]).stderr;
    assert_eq!(stderr.matches("error[").count(), 1, "{stderr}");
}
