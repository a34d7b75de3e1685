//! Providers of APIs.io in a mirror: `search` shows the facts of their documents, and `add` and
//! `fetch` read them.

use expect_test::expect;

use crate::documents::{BOOKS, INDEX, LOANS};
use crate::workspace::{LISTING, Workspace, copy};

/// Creates a workspace with a mirror of one listing and three repositories of APIs.io.
fn with_mirror() -> Workspace {
    let workspace = Workspace::generated();
    let listing = "mirror/streamdata-gallery-topics__memberships/_listings/mattermost";
    copy(&workspace.path(LISTING), &workspace.path(listing));
    let index = INDEX.replace(
        "name: Bookshelf\n",
        "name: Bookshelf\ndescription: Members lend books.\n",
    );
    workspace.write("mirror/api-evangelist__bookshelf/apis.yml", index);
    workspace.write("mirror/api-evangelist__bookshelf/openapi/books.yml", BOOKS);
    workspace.write("mirror/api-evangelist__bookshelf/openapi/loans.yml", LOANS);
    workspace.write(
        "mirror/api-evangelist__clubs/apis.json",
        "{\"name\": \"Clubs with members\", \"apis\": []}",
    );
    let index = INDEX.replace("name: Bookshelf\n", "name: Members of the future\n");
    workspace.write("mirror/api-evangelist__future/apis.yml", index);
    for name in ["books", "loans"] {
        let path = format!("mirror/api-evangelist__future/openapi/{name}.yml");
        workspace.write(&path, BOOKS.replace("3.1.0", "4.0.0"));
    }
    workspace
}

#[test]
fn search_of_a_mirror_shows_facts_of_the_documents() {
    let workspace = with_mirror();
    let search = |args: &[&str]| {
        let mirror = ["search", "member", "--mirror", "mirror"];
        workspace.gallery(&[&mirror, args].concat()).shown()
    };
    expect![[r#"
        exit 0
        -- out --
        SOURCE                                            PROVIDER               DOCUMENTS  VERSIONS  ENDPOINTS  TYPED  TITLE
        streamdata-gallery-topics/memberships/mattermost  mattermost             1          2.0       7          0/7    memberships
        clubs@apis.io                                     Clubs with members     0                    0          0/0
        future@apis.io                                    Members of the future
        bookshelf@apis.io                                 Bookshelf              2          3.0 3.1   2          2/2    Members lend books.
        1 listing, 3 providers of APIs.io; `gallery add SOURCE` generates a client from one
        -- err --
        warning: api-evangelist/future cannot be read
        error[unknown-version]: the version of OpenAPI is unknown; versions 2.0 and 3.0 to 3.2 are supported
          --> openapi/books.yml
        error[unknown-version]: the version of OpenAPI is unknown; versions 2.0 and 3.0 to 3.2 are supported
          --> openapi/loans.yml
    "#]].assert_eq(&search(&[]));
    expect![[r#"
        exit 0
        -- out --
        [
          {
            "documents": 1,
            "endpoints": 7,
            "kind": "topic",
            "listing": "streamdata-gallery-topics/memberships/mattermost",
            "name": "mattermost",
            "outcome": "made",
            "provider": "mattermost",
            "repository": "memberships",
            "success_responses": 7,
            "title": "memberships",
            "typed_success_responses": 0,
            "versions": {
              "2.0": 1
            }
          },
          {
            "description": "",
            "documents": 0,
            "endpoints": 0,
            "index": "clubs@apis.io",
            "name": "Clubs with members",
            "outcome": "empty",
            "provider": "clubs",
            "success_responses": 0,
            "typed_success_responses": 0,
            "versions": {}
          },
          {
            "description": "",
            "documents": 2,
            "index": "future@apis.io",
            "name": "Members of the future",
            "outcome": "failed",
            "provider": "future"
          },
          {
            "description": "Members lend books.",
            "documents": 2,
            "endpoints": 2,
            "index": "bookshelf@apis.io",
            "name": "Bookshelf",
            "outcome": "made",
            "provider": "bookshelf",
            "success_responses": 2,
            "typed_success_responses": 2,
            "versions": {
              "3.0": 1,
              "3.1": 1
            }
          }
        ]
        -- err --
        warning: api-evangelist/future cannot be read
        error[unknown-version]: the version of OpenAPI is unknown; versions 2.0 and 3.0 to 3.2 are supported
          --> openapi/books.yml
        error[unknown-version]: the version of OpenAPI is unknown; versions 2.0 and 3.0 to 3.2 are supported
          --> openapi/loans.yml
    "#]]
    .assert_eq(&search(&["--format", "json"]));
}

#[test]
fn adds_a_provider_from_a_mirror() {
    let workspace = with_mirror();
    let output = workspace.gallery(&["add", "bookshelf@apis.io", "--mirror", "mirror"]);
    expect![[r#"
        exit 0
        -- out --
        bookshelf: 3 files of bookshelf@apis.io from the mirror mirror, 2169 bytes
        bookshelf (bookshelf@apis.io)
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
    "#]].assert_eq(&output.shown());
    let lock = workspace.read("specs/gallery.lock");
    let base = "https://raw.githubusercontent.com/api-evangelist/bookshelf/refs/heads/main";
    for path in ["apis.yml", "openapi/books.yml", "openapi/loans.yml"] {
        let entry = format!("path = \"{path}\"\nurl = \"{base}/{path}\"\n");
        assert!(lock.contains(&entry), "{lock}");
    }
    expect![[r#"
        exit 0
        -- out --
        bookshelf: the snapshot of bookshelf@apis.io is up to date with the mirror mirror (3 files)
    "#]]
    .assert_eq(
        &workspace
            .gallery(&[
                "fetch",
                "--locked",
                "--client",
                "bookshelf",
                "--mirror",
                "mirror",
            ])
            .shown(),
    );
    workspace.replace(
        "mirror/api-evangelist__bookshelf/openapi/loans.yml",
        "All books",
        "Each book",
    );
    expect![[r#"
        exit 4
        -- out --
        bookshelf: the snapshot of bookshelf@apis.io differs from the mirror mirror
         changed  specs/bookshelf/source/openapi/loans.yml
        1 file differs; `gallery regen --fetch bookshelf` updates the snapshot
    "#]]
    .assert_eq(
        &workspace
            .gallery(&[
                "fetch",
                "--locked",
                "--client",
                "bookshelf",
                "--mirror",
                "mirror",
            ])
            .shown(),
    );
}

#[test]
fn reports_providers_that_a_mirror_lacks() {
    let workspace = with_mirror();
    let output = workspace.gallery(&["add", "nobody@apis.io", "--mirror", "mirror"]);
    expect![[r#"
        exit 100
        -- err --
        error: nobody: APIs.io has no provider `nobody`; find providers with `search`; looked for mirror/api-evangelist__nobody/apis.yml, mirror/api-evangelist__nobody/apis.json
        nothing was written
    "#]].assert_eq(&output.shown());
    let output = workspace.gallery(&["add", "clubs@apis.io", "--mirror", "mirror"]);
    expect![[r#"
        exit 100
        -- err --
        error: clubs: https://raw.githubusercontent.com/api-evangelist/clubs/refs/heads/main/apis.json names no OpenAPI document: there is nothing to make a client of
        nothing was written
    "#]].assert_eq(&output.shown());
}

#[test]
fn reads_only_files_of_the_repository_from_a_mirror() {
    let workspace = with_mirror();
    let index = INDEX
        .replace("openapi/loans.yml", "https://example.com/loans.yml")
        .replace("openapi/books.yml", "../clubs/apis.json");
    workspace.write("mirror/api-evangelist__bookshelf/apis.yml", index);
    let output = workspace.gallery(&["add", "bookshelf@apis.io", "--mirror", "mirror"]);
    expect![[r#"
        exit 100
        -- err --
        error: bookshelf: none of the 2 documents that https://raw.githubusercontent.com/api-evangelist/bookshelf/refs/heads/main/apis.yml names can be downloaded:
          https://raw.githubusercontent.com/api-evangelist/bookshelf/refs/heads/main/apis.yml#/apis/0 (bookshelf:books): it is not below https://raw.githubusercontent.com/api-evangelist/bookshelf/refs/heads/main/
          https://raw.githubusercontent.com/api-evangelist/bookshelf/refs/heads/main/apis.yml#/apis/1 (bookshelf:loans): add the host to `hosts` in specs/gallery.toml to allow it
        nothing was written
    "#]].assert_eq(&output.shown());
}
