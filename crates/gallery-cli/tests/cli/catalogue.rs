//! `list` and `search`: what people and programs see of the gallery.

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

fn apis(owner: &str, slug: &str, providers: &[(&str, &str)]) -> Reply {
    let entry = |(slug_of, name): &(&str, &str)| {
        format!(
            "{{\"name\": \"{name}\", \"url\": \"https://raw.githubusercontent.com/{owner}/{slug}/master/_listings/{slug_of}/apis.md\"}}"
        )
    };
    Reply::file(format!(
        "{{\"apis\": [{}]}}",
        providers.iter().map(entry).collect::<Vec<_>>().join(", ")
    ))
}

/// A workspace whose source has a catalogue.
fn gallery() -> (Workspace, Server) {
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
fn repositories_are_listed() {
    let (workspace, server) = gallery();
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
        1 part of the catalogue cannot be read; --verbose lists them
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
        not read: http://127.0.0.1:PORT/streamdata-gallery-master/gallery/master/_data/topics.yaml#/3/slug: invalid repository name `../up`
    "#]].assert_eq(&verbose.stderr.replace(&server.root, "http://127.0.0.1:PORT"));
    // All of it was kept.
    assert!(server.seen().is_empty());
    assert_eq!(workspace.gallery(&["list", "--refresh"]).code, Some(0));
    assert!(server.seen().iter().all(|seen| seen.status == 304));
}

#[test]
fn listings_are_found() {
    let (workspace, _server) = gallery();
    expect![[r#"
        exit 0
        -- out --
        LISTING                PROVIDER    IN            TITLE
        mattermost@chat        Mattermost  topic         Chat
        mattermost@mattermost  Mattermost  organization  Mattermost
        mattermost@teams       Mattermost  topic         Team [31mwork
        3 listings; `gallery add LISTING` makes a client of one
        -- err --
        2 parts of the catalogue cannot be read; --verbose lists them
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
        2 parts of the catalogue cannot be read; --verbose lists them
    "#]]
    .assert_eq(
        &workspace
            .gallery(&["search", "MATTER", "chat", "--format", "json"])
            .shown(),
    );
    expect![[r#"
        exit 0
        -- out --
        no listing matches nothing like it; `gallery list` shows all repositories
        -- err --
        2 parts of the catalogue cannot be read; --verbose lists them
    "#]]
    .assert_eq(&workspace.gallery(&["search", "nothing like it"]).shown());
    assert_eq!(workspace.gallery(&["search"]).code, Some(2));
}

#[test]
fn a_gallery_that_is_not_there_ends_with_75() {
    let (workspace, server) = gallery();
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
