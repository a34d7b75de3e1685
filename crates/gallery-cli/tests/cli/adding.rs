//! `add` and `remove`: each adds or removes all files of a client.

use std::path::Path;
use std::process::Command;

use expect_test::{Expect, expect};

use crate::code_options::add_keys;
use crate::mirror::mirror;
use crate::network::Network;
use crate::server::Reply;
use crate::workspace::{LISTING, NAMES, Workspace, copy};

const GARDEN: &str = "/streamdata-gallery-organizations/garden/master";
const INDEX: &str = "name: Garden\napis:\n- name: Beds\n  x-api-slug: beds-get\n  baseURL: https://api.garden.example.org//v1\n  properties:\n  - {type: x-openapi-spec, url: beds-get-openapi.md}\n";
const COMBINED: &str = "swagger: '2.0'\ninfo: {title: Garden, version: '1'}\nhost: api.garden.example.org\nbasePath: /v1\npaths:\n  /beds:\n    get:\n      summary: List beds\n      x-api-path-slug: beds-get\n      responses: {200: {description: OK}}\n";

/// A workspace whose source has a second listing, the only one of its organization.
fn garden() -> Network {
    let network = Network::new();
    network.server.put(
        &format!("{GARDEN}/_listings/garden/apis.md"),
        Reply::file(INDEX),
    );
    network.server.put(
        &format!("{GARDEN}/_listings/garden/openapi.md"),
        Reply::file(COMBINED),
    );
    let apis = "{\"apis\": [{\"name\": \"The Garden\", \"url\": \"https://host/o/r/master/_listings/garden/apis.md\"}]}";
    network
        .server
        .put(&format!("{GARDEN}/apis.json"), Reply::file(apis));
    let master = "/streamdata-gallery-master/gallery/master/_data";
    network
        .server
        .put(&format!("{master}/topics.yaml"), Reply::file("[]"));
    network.server.put(
        &format!("{master}/organizations.yaml"),
        Reply::file("- {label: Garden, slug: garden}\n"),
    );
    network
}

#[test]
fn adds_and_removes_a_client() {
    let network = garden();
    let before = network.workspace.contents();
    let output = network.run(&["add", "garden"]);
    expect![[r#"
        exit 0
        -- out --
        garden: 2 files of streamdata-gallery-organizations/garden/garden from http://127.0.0.1:PORT/, 386 bytes, 386 of them downloaded
        garden (streamdata-gallery-organizations/garden/garden)
          index      1 entry, 0 of them duplicates
          documents  1 with 1 operation entry: 1 endpoint, 0 duplicates, 0 dropped
          repaired   nothing
          assumed    1 untyped-response
          names      1 given, 0 retired
          crate      crates/gallery-garden
             new  crates/gallery-garden/CHANGELOG.md
             new  crates/gallery-garden/Cargo.toml
             new  crates/gallery-garden/README.md
             new  crates/gallery-garden/openapi.json
             new  crates/gallery-garden/src/generated.rs
             new  crates/gallery-garden/src/lib.rs
             new  crates/gallery-garden/src/mock.rs
             new  crates/gallery-garden/tests/adapters.rs
             new  crates/gallery-garden/tests/conformance.rs
         changed  specs/gallery.lock
         changed  specs/gallery.toml
             new  specs/garden/CHANGELOG.md
             new  specs/garden/listing/apis.md
             new  specs/garden/listing/openapi.md
             new  specs/garden/names.toml
             new  specs/garden/openapi.json
             new  specs/garden/report.json
        17 files written
        review specs/garden/openapi.json and report.json; `cargo test --package gallery-garden` builds and checks the client
    "#]].assert_eq(&network.shown(&output));
    assert_eq!(network.workspace.regen(&["--check"]).code, Some(0));
    let config = network.workspace.read("specs/gallery.toml");
    let (existing, added) = config.split_at(config.find("\n[clients.garden]").unwrap());
    assert!(
        before["specs/gallery.toml"] == existing.as_bytes(),
        "the existing text of specs/gallery.toml must not change"
    );
    expect![[r#"

        [clients.garden]
        crate = "gallery-garden"
        version = "0.1.0"
        listing = "streamdata-gallery-organizations/garden/garden"
    "#]]
    .assert_eq(added);

    network.workspace.write("specs/garden/notes.md", "by hand");
    network
        .workspace
        .write("crates/gallery-garden/CHANGELOG.md", "by hand");
    expect![[r#"
        exit 0
        -- out --
         changed  specs/gallery.lock
         changed  specs/gallery.toml
         removed  specs/garden/listing/apis.md
         removed  specs/garden/listing/openapi.md
         removed  specs/garden/names.toml
         removed  specs/garden/openapi.json
         removed  specs/garden/report.json
         removed  crates/gallery-garden/Cargo.toml
         removed  crates/gallery-garden/README.md
         removed  crates/gallery-garden/openapi.json
         removed  specs/garden/CHANGELOG.md
         removed  crates/gallery-garden/src/generated.rs
         removed  crates/gallery-garden/src/lib.rs
         removed  crates/gallery-garden/src/mock.rs
         removed  crates/gallery-garden/tests/adapters.rs
         removed  crates/gallery-garden/tests/conformance.rs
            kept  specs/garden/notes.md
            kept  crates/gallery-garden/CHANGELOG.md
        removed the client `garden`: 14 files deleted
        the kept files are not generated; move or delete them
        cargo fails until crates/gallery-garden is gone, because it treats every directory in crates/ as a crate
    "#]]
    .assert_eq(&network.run(&["remove", "garden"]).shown());
    network.workspace.remove("specs/garden");
    network.workspace.remove("crates/gallery-garden");
    network.workspace.remove("target");
    assert!(network.workspace.contents() == before);
}

#[test]
fn accepts_all_forms_of_a_listing_name() {
    let url =
        |network: &Network| format!("{}{GARDEN}/_listings/garden/apis.md", network.server.root);
    for wanted in [
        "the garden",
        "Garden@garden",
        "garden@organizations/garden",
        "streamdata-gallery-organizations/garden/garden",
        "",
    ] {
        let network = garden();
        let wanted = if wanted.is_empty() {
            url(&network)
        } else {
            wanted.to_owned()
        };
        let output = network.run(&["add", &wanted, "--crate", "plot"]);
        assert_eq!(output.code, Some(0), "{wanted}: {output:?}");
        assert!(network.workspace.path("crates/plot/src/lib.rs").is_file());
    }
}

/// Runs `add` and checks that it fails with this output. Only the cached catalogue may be written.
fn assert_rejected(args: &[&str], change: impl FnOnce(&Network), expected: Expect) {
    let network = garden();
    change(&network);
    let before = network.workspace.contents();
    let output = network.run(&[&["add"], args].concat());
    expected.assert_eq(&network.shown(&output));
    let mut after = network.workspace.contents();
    after.retain(|path, _| !path.starts_with("target/gallery-cache/"));
    assert!(after == before);
}

#[test]
fn rejects_unknown_or_foreign_listings() {
    assert_rejected(
        &["gadren"],
        |_| (),
        expect![[r#"
            exit 100
            -- err --
            error: there is no provider `gadren`; did you mean garden?
        "#]],
    );
    assert_rejected(
        &["garden@gardens"],
        |_| (),
        expect![[r#"
            exit 100
            -- err --
            error: there is no topic or organization `gardens`; did you mean garden?
        "#]],
    );
    assert_rejected(
        &["gadren@garden"],
        |_| (),
        expect![[r#"
        exit 100
        -- err --
        error: garden has no provider `gadren`; did you mean garden?
    "#]],
    );
    assert_rejected(
        &["other@garden"],
        |_| (),
        expect![[r#"
            exit 100
            -- err --
            error: other: http://127.0.0.1:PORT/streamdata-gallery-organizations/garden/master/_listings/other/apis.md does not exist; check the name of the listing `streamdata-gallery-organizations/garden/other` and the source
            nothing was written
        "#]],
    );
    let network = garden();
    let url = format!("{}/elsewhere/openapi.yaml", network.server.root);
    let output = network.run(&["add", &url]);
    expect![[r#"
        exit 100
        -- err --
        error: http://127.0.0.1:PORT/elsewhere/openapi.yaml does not exist; check the URL
    "#]]
    .assert_eq(&network.shown(&output));
}

#[test]
fn rejects_invalid_and_used_crate_names() {
    assert_rejected(
        &["garden", "--crate", "Garden"],
        |_| (),
        expect![[r#"
            exit 100
            -- err --
            error: invalid crate name `Garden`: use at most 60 lowercase letters, digits and `-`, starting with a letter
        "#]],
    );
    assert_rejected(
        &["garden", "--crate", "gallery-mattermost"],
        |_| (),
        expect![[r#"
            exit 100
            -- err --
            error: the client `mattermost` already has the crate gallery-mattermost, generated from streamdata-gallery-topics/memberships/mattermost; choose another name with --crate
        "#]],
    );
}

#[test]
fn rejects_a_listing_that_has_a_client() {
    assert_rejected(
        &["streamdata-gallery-topics/memberships/mattermost"],
        |_| (),
        expect![[r#"
            exit 100
            -- err --
            error: the client `mattermost` already uses streamdata-gallery-topics/memberships/mattermost; `gallery regen --fetch mattermost` updates it
        "#]],
    );
}

#[test]
fn does_not_overwrite_a_handwritten_crate() {
    let with_handwritten_crate = |network: &Network| {
        network.workspace.write(
            "crates/gallery-garden/Cargo.toml",
            "[package]\nname = \"gallery-garden\"\n",
        );
    };
    assert_rejected(
        &["garden"],
        with_handwritten_crate,
        expect![[r#"
            exit 100
            -- out --
            garden: 2 files of streamdata-gallery-organizations/garden/garden from http://127.0.0.1:PORT/, 386 bytes, 386 of them downloaded
            -- err --
            error: the client `garden` would overwrite this crate, which is not generated; give the client another crate name in specs/gallery.toml, or bring the generated manifest back with git
              --> crates/gallery-garden/Cargo.toml
        "#]],
    );
}

#[test]
fn rejects_a_listing_without_endpoints() {
    let document = Reply::file("swagger: '2.0'\ninfo: {title: Garden, version: '1'}\npaths: {}\n");
    let with_empty_listing = |network: &Network| {
        network.server.put(
            &format!("{GARDEN}/_listings/garden/apis.md"),
            Reply::file("name: Garden\n"),
        );
        network
            .server
            .put(&format!("{GARDEN}/_listings/garden/openapi.md"), document);
    };
    assert_rejected(
        &["garden"],
        with_empty_listing,
        expect![[r#"
        exit 100
        -- out --
        garden: 2 files of streamdata-gallery-organizations/garden/garden from http://127.0.0.1:PORT/, 74 bytes, 74 of them downloaded
        garden (streamdata-gallery-organizations/garden/garden)
        -- err --
        error[no-endpoints]: the listing has no usable endpoint
          --> streamdata-gallery-organizations/garden/garden
        1 error; nothing was written
    "#]],
    );
}

#[test]
fn removes_only_existing_clients() {
    let workspace = Workspace::generated();
    let before = workspace.tree();
    expect![[r#"
        exit 100
        -- err --
        error: there is no client `nobody`; specs/gallery.toml has: mattermost
    "#]]
    .assert_eq(&workspace.gallery(&["remove", "nobody"]).shown());
    assert_eq!(workspace.tree(), before);
    assert_eq!(workspace.gallery(&["remove", "mattermost"]).code, Some(0));
    assert!(
        !workspace.path("crates/gallery-mattermost").exists() && !workspace.path(LISTING).exists()
    );
    expect![[r#"
        exit 100
        -- err --
        error: there is no client; add one with `gallery add LISTING`, or write a table `[clients.NAME]` with `crate`, `version` and `listing`
          --> specs/gallery.toml:1:1
    "#]].assert_eq(&workspace.regen(&[]).shown());
}

/// Five different listings of the gallery, with their crate names: one of an organization, one of a
/// topic, one without types, one with custom verbs, and one with a placeholder host.
const FIVE: [(&str, &str); 5] = [
    ("domaintools", "gallery-domaintools"),
    ("cisco-webex@memberships", "gallery-cisco-webex"),
    ("vinli", "gallery-vinli"),
    (
        "google-cloud-container-builder",
        "gallery-google-cloud-container-builder",
    ),
    ("mattermost@mattermost", "gallery-chat"),
];

#[test]
fn crates_of_five_gallery_listings_compile() {
    let Some(mirror) = mirror() else { return };
    let workspace = Workspace::generated();
    // The client of the workspace is compiled with options.
    let options =
        "non-exhaustive = true\nderives = { \"*\" = [\"Eq\"] }\ndependencies = { bytes = \"1\" }\n";
    add_keys(&workspace, options);
    workspace.remove(NAMES);
    assert_eq!(workspace.regen(&[]).code, Some(0));
    let before = workspace.contents();
    for (listing, package) in FIVE {
        let output = workspace.gallery(&[
            "add",
            listing,
            "--crate",
            package,
            "--mirror",
            mirror.to_str().unwrap(),
        ]);
        assert_eq!(output.code, Some(0), "{listing}: {output:?}");
    }
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
    compile(&workspace);
    for (_, package) in FIVE {
        let name = package.strip_prefix("gallery-").unwrap();
        assert_eq!(workspace.gallery(&["remove", name]).code, Some(0));
    }
    workspace.remove("crates/gallery-derive");
    workspace.remove("crates/gallery-runtime");
    workspace.remove("crates/gallery-testkit");
    workspace.remove("Cargo.toml");
    workspace.remove("Cargo.lock");
    assert!(workspace.contents() == before);
}

/// Compiles all crates and tests of the workspace, and runs the tests of one crate. Warnings are
/// errors. Dependencies have the versions of this workspace's lock file.
///
/// The folder is the same in each run, so that the crates of earlier runs do not fill the target
/// directory.
fn compile(workspace: &Workspace) {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    for name in ["gallery-derive", "gallery-runtime", "gallery-testkit"] {
        copy(
            &root.join("crates").join(name),
            &workspace.path(&format!("crates/{name}")),
        );
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("added");
    let _ = std::fs::remove_dir_all(&folder);
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let members = "members = [\"crates/*\", \"crates/gallery-codegen/fixtures/*\", \"examples/*\", \"xtask\"]";
    assert!(manifest.contains(members));
    workspace.write(
        "Cargo.toml",
        manifest.replace(members, "members = [\"crates/*\"]"),
    );
    std::fs::copy(root.join("Cargo.lock"), workspace.path("Cargo.lock")).unwrap();
    copy(&workspace.root(), &folder);
    // gallery-chat, from the whole Mattermost listing, is the largest client.
    cargo(&folder, &["check", "--workspace", "--all-targets"]);
    cargo(&folder, &["test", "--package", "gallery-chat"]);
    let features = tag_features(&workspace.read("crates/gallery-chat/Cargo.toml"));
    assert!(features.len() > 5, "{features:?}");
    let check = |feature: &str, targets: &[&str]| {
        let selected = format!("rustls,{feature}");
        let package = [
            "check",
            "--package",
            "gallery-chat",
            "--no-default-features",
        ];
        cargo(
            &folder,
            &[&package[..], &["--features", &selected], targets].concat(),
        );
    };
    features
        .iter()
        .step_by(8)
        .for_each(|feature| check(feature, &[]));
    check("rustls", &["--all-targets"]);
    check(&features[0], &["--all-targets"]);
}

/// Returns the features of tags in a manifest.
fn tag_features(manifest: &str) -> Vec<String> {
    let manifest: toml::Table = manifest.parse().unwrap();
    let features = manifest["features"]["all-operations"].as_array().unwrap();
    let features = features.iter().map(|feature| feature.as_str().unwrap());
    features.map(str::to_owned).collect()
}

/// Runs Cargo with the target directory of this workspace, so that most dependencies are compiled
/// already. Flags such as `-D warnings` would compile them again.
fn cargo(folder: &Path, args: &[&str]) {
    let output = Command::new(env!("CARGO"))
        .args(args)
        .arg("--offline")
        .current_dir(folder)
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(".."),
        )
        .output()
        .unwrap();
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    // The profile of this workspace also names packages that only the generator needs.
    let is_warning = |line: &str| {
        line.contains("warning") && !line.starts_with("warning: profile package spec ")
    };
    assert!(
        output.status.success() && !stderr.lines().any(is_warning),
        "{args:?}\n{stdout}\n{stderr}"
    );
}

#[test]
fn add_rejects_paths() {
    let workspace = Workspace::empty();
    workspace.write("specs/gallery.toml", "");
    workspace.write("slack", "a file");
    workspace.write(
        "mirror/topics__chat/_listings/zulip/apis.md",
        "name: Zulip\n",
    );
    let before = workspace.tree_ignoring_root_mtime();
    for (path, reason) in [
        (
            "slack",
            "not an OpenAPI document: the name of a document ends in .json, .yaml or .yml",
        ),
        (
            "specs/gallery.toml",
            "not an OpenAPI document: the name of a document ends in .json, .yaml or .yml",
        ),
        ("./openapi", "file not found"),
        ("../openapi", "file not found"),
        ("/no/such", "file not found"),
        ("no/such/openapi.yaml", "file not found"),
        ("openapi.JSON", "file not found"),
        (
            "mirror/topics__chat/_listings/zulip",
            "the directory of a listing; name the listing as OWNER/REPOSITORY/PROVIDER, and read it \
             from a mirror with --mirror",
        ),
        (
            ".",
            "the workspace itself cannot be a source; name a file or a directory of it",
        ),
    ] {
        let output = workspace.gallery(&["add", path, "--mirror", "mirror"]);
        assert_eq!(output.stderr, format!("error: {path}: {reason}\n"));
        assert_eq!(output.code, Some(100));
    }
    // The name of a directory can be that of a provider.
    let output = workspace.gallery(&["add", "mirror", "--mirror", "mirror"]);
    assert!(
        output
            .stderr
            .starts_with("error: there is no provider `mirror`"),
        "{}",
        output.stderr
    );
    assert!(workspace.tree_ignoring_root_mtime() == before);
}

#[test]
fn add_of_an_existing_client_needs_no_catalogue() {
    let workspace = Workspace::generated();
    let before = workspace.tree();
    let output = workspace.gallery(&["add", "Mattermost", "--mirror", "no/such"]);
    expect![[r#"
        exit 100
        -- err --
        error: the client `mattermost` exists, generated from streamdata-gallery-topics/memberships/mattermost; `gallery regen --fetch mattermost` updates it, and --crate adds another client for the provider
    "#]].assert_eq(&output.shown());
    assert!(workspace.tree() == before);
}

#[test]
fn readmes_have_no_hidden_lines() {
    let workspace = Workspace::generated();
    let readme = workspace.read("crates/gallery-mattermost/README.md");
    let mut is_rust = false;
    let mut examples = 0;
    for line in readme.lines() {
        if let Some(fence) = line.strip_prefix("```") {
            is_rust = fence.starts_with("rust");
            examples += usize::from(is_rust);
        }
        assert!(
            !is_rust || !(line == "#" || line.starts_with("# ")),
            "{line}"
        );
    }
    assert_eq!(examples, 3);
    assert!(!readme.contains("your-mattermost-url.com"), "a placeholder");
}
