//! `list` and `search`: the catalogue of the gallery, as text and as JSON.

use expect_test::expect;

use crate::server::{Reply, Server};
use crate::workspace::Workspace;

const TOPICS: &str = "\
- {label: Chat, slug: chat, paths: '120', description: People who talk.}
- {label: \"Team \\e[31mwork\", slug: teams, paths: 8}
- {label: Gone, slug: gone}
- {label: Up, slug: ../up}
";
const ORGANIZATIONS: &str = "- {label: Mattermost, slug: mattermost, paths: 209}\n";

/// Returns the `apis.json` of a repository. `providers` are pairs of slug and name.
fn apis(owner: &str, slug: &str, providers: &[(&str, &str)]) -> Reply {
    let entry = |(provider, name): &(&str, &str)| {
        format!(
            "{{\"name\": \"{name}\", \"url\": \"https://raw.githubusercontent.com/{owner}/{slug}/master/_listings/{provider}/apis.md\"}}"
        )
    };
    Reply::file(format!(
        "{{\"apis\": [{}]}}",
        providers.iter().map(entry).collect::<Vec<_>>().join(", ")
    ))
}

/// Creates a workspace, and a server with a catalogue as its source.
fn workspace_with_catalogue() -> (Workspace, Server) {
    let (workspace, server) = (Workspace::generated(), Server::start());
    let config = workspace.read("specs/gallery.toml");
    workspace.write(
        "specs/gallery.toml",
        format!("source = \"{}\"\n{config}", server.root),
    );
    let master = "/streamdata-gallery-master/gallery/master/_data";
    server.put(&format!("{master}/topics.yaml"), Reply::file(TOPICS));
    server.put(
        &format!("{master}/organizations.yaml"),
        Reply::file(ORGANIZATIONS),
    );
    for (owner, slug, providers) in [
        (
            "streamdata-gallery-topics",
            "chat",
            vec![("slack", "Slack"), ("mattermost", "Mattermost")],
        ),
        (
            "streamdata-gallery-topics",
            "teams",
            vec![("mattermost", "Mattermost")],
        ),
        (
            "streamdata-gallery-organizations",
            "mattermost",
            vec![("mattermost", "Mattermost")],
        ),
    ] {
        server.put(
            &format!("/{owner}/{slug}/master/apis.json"),
            apis(owner, slug, &providers),
        );
    }
    (workspace, server)
}

#[test]
fn lists_repositories_and_caches_them() {
    let (workspace, server) = workspace_with_catalogue();
    expect![[r#"
        exit 0
        -- out --
        NAME        KIND          PATHS  TITLE
        chat        topic         120    Chat
        gone        topic                Gone
        teams       topic         8      Team [31mwork
        mattermost  organization  209    Mattermost
        3 topics, 1 organization
        -- err --
        cannot read 1 part of the catalogue; --verbose prints the reasons
    "#]]
    .assert_eq(&workspace.gallery(&["list"]).shown());
    assert_eq!(server.seen().len(), 2);
    expect![[r#"
        exit 0
        -- out --
        [
          {
            "description": "",
            "kind": "organization",
            "label": "Mattermost",
            "paths": 209,
            "slug": "mattermost"
          }
        ]
    "#]]
    .assert_eq(
        &workspace
            .gallery(&["list", "organizations", "--format", "json"])
            .shown(),
    );
    let verbose = workspace.gallery(&["list", "topics", "--verbose"]);
    expect![[r#"
        cannot read http://127.0.0.1:PORT/streamdata-gallery-master/gallery/master/_data/topics.yaml#/3/slug: invalid repository name `../up`
    "#]].assert_eq(&verbose.stderr.replace(&server.root, "http://127.0.0.1:PORT"));
    // The catalogue is cached.
    assert!(server.seen().is_empty());
    assert_eq!(workspace.gallery(&["list", "--refresh"]).code, Some(0));
    assert!(server.seen().iter().all(|seen| seen.status == 304));
}

#[test]
fn searches_listings() {
    let (workspace, _server) = workspace_with_catalogue();
    expect![[r#"
        exit 0
        -- out --
        SOURCE                                                  PROVIDER    PATHS  DOCUMENTS  TITLE
        streamdata-gallery-topics/chat/mattermost               Mattermost                    Chat
        streamdata-gallery-organizations/mattermost/mattermost  Mattermost  209               Mattermost
        streamdata-gallery-topics/teams/mattermost              Mattermost                    Team [31mwork
        3 listings; `gallery add SOURCE` generates a client from one
        -- err --
        cannot read 2 parts of the catalogue; --verbose prints the reasons
    "#]]
    .assert_eq(&workspace.gallery(&["search", "mattermost"]).shown());
    expect![[r#"
        exit 0
        -- out --
        [
          {
            "kind": "topic",
            "listing": "streamdata-gallery-topics/chat/mattermost",
            "name": "Mattermost",
            "provider": "mattermost",
            "repository": "chat",
            "title": "Chat"
          }
        ]
        -- err --
        cannot read 2 parts of the catalogue; --verbose prints the reasons
    "#]]
    .assert_eq(
        &workspace
            .gallery(&["search", "MATTER", "chat", "--format", "json"])
            .shown(),
    );
    expect![[r#"
        exit 100
        -- err --
        cannot read 2 parts of the catalogue; --verbose prints the reasons
        error: no listing matches `nothing like it`; `gallery list` shows all repositories
    "#]]
    .assert_eq(&workspace.gallery(&["search", "nothing like it"]).shown());
    assert_eq!(workspace.gallery(&["search"]).code, Some(2));
}

#[test]
fn exits_75_if_the_gallery_is_unavailable() {
    let (workspace, server) = workspace_with_catalogue();
    server.put(
        "/streamdata-gallery-master/gallery/master/_data/topics.yaml",
        Reply::status(503),
    );
    let output = workspace.gallery(&["list", "--retries", "0"]);
    expect![[r#"
        exit 75
        -- err --
        error: http://127.0.0.1:PORT/streamdata-gallery-master/gallery/master/_data/topics.yaml returned `503 Service Unavailable`; try again later, or use --mirror
    "#]].assert_eq(&output.shown().replace(&server.root, "http://127.0.0.1:PORT"));
}

#[test]
fn rejects_a_directory_that_is_not_a_mirror() {
    let workspace = Workspace::empty();
    workspace.write("specs/gallery.toml", "");
    workspace.write("notes/topics__chat/notes.txt", "no listings");
    for (command, mirror) in [
        (&["list"][..], "notes"),
        (&["list", "topics", "--format", "json"], "notes"),
        (&["search", "chat"], "notes"),
        (&["list"], "no/such"),
        (&["list"], "specs/gallery.toml"),
    ] {
        let output = workspace.gallery(&[command, &["--mirror", mirror]].concat());
        let reason = match mirror {
            "notes" => {
                " is not a mirror: it has no directory OWNER__REPOSITORY with `_listings` or an index; check the path of the mirror"
            }
            "no/such" => ": No such file or directory (os error 2)",
            _ => ": Not a directory (os error 20)",
        };
        assert_eq!(output.stderr, format!("error: {mirror}{reason}\n"));
        assert_eq!((output.code, output.stdout.as_str()), (Some(100), ""));
    }
}

#[test]
fn suggests_similar_providers_if_a_search_finds_nothing() {
    let (workspace, _server) = workspace_with_catalogue();
    expect![[r#"
        exit 100
        -- err --
        cannot read 2 parts of the catalogue; --verbose prints the reasons
        error: no listing matches `matermost`; did you mean mattermost?
    "#]]
    .assert_eq(&workspace.gallery(&["search", "matermost"]).shown());
    expect![[r#"
        exit 100
        -- out --
        []
        -- err --
        cannot read 2 parts of the catalogue; --verbose prints the reasons
        error: no listing matches `matermost`; did you mean mattermost?
    "#]]
    .assert_eq(
        &workspace
            .gallery(&["search", "matermost", "--format", "json"])
            .shown(),
    );
}
