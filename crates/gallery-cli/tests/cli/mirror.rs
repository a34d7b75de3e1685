//! The snapshots of this workspace are transcribed: with the gallery's own files in their place, the client is the same but for
//! its prose. Runs where `GALLERY_MIRROR` names a mirror of the gallery.

use std::path::{Path, PathBuf};

use crate::workspace::{CRATE, NAMES, Workspace, copy, json, skipped};

/// The mirror, if there is one.
pub(crate) fn mirror() -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("GALLERY_MIRROR").filter(|folder| !folder.is_empty())
    else {
        skipped("GALLERY_MIRROR is not set");
        return None;
    };
    Some(
        PathBuf::from(&folder)
            .canonicalize()
            .unwrap_or_else(|error| panic!("GALLERY_MIRROR={folder:?}: {error}")),
    )
}

fn fetch(workspace: &Workspace, mirror: &Path) -> String {
    let output = workspace.gallery(&["fetch", "--mirror", mirror.to_str().unwrap()]);
    assert_eq!(output.code, Some(0), "{output:?}");
    output.stdout
}

/// What goes over the wire: each endpoint with its parameters and body.
fn wire(workspace: &Workspace) -> Vec<String> {
    let document = json!(workspace, "specs/mattermost/openapi.json");
    let mut lines = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            lines.push(format!("{} {method} {path}", operation["operationId"]));
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let part = |key: &str| parameter[key].to_string();
                lines.push(format!(
                    "  {} {} {} {}",
                    part("in"),
                    part("name"),
                    part("required"),
                    part("schema")
                ));
            }
            let body = &operation["requestBody"];
            lines.push(format!("  body {} {}", body["required"], body["content"]));
            for (status, response) in operation["responses"].as_object().unwrap() {
                lines.push(format!("  {status} {}", response["content"]));
            }
        }
    }
    lines
}

fn without_docs(code: &str) -> Vec<&str> {
    assert!(
        !code.contains("/**") && !code.contains("#[doc"),
        "documentation is line comments"
    );
    code.lines()
        .filter(|line| !line.trim_start().starts_with("///"))
        .collect()
}

#[test]
fn the_gallerys_own_files_give_the_same_client() {
    let Some(mirror) = mirror() else { return };
    let (transcribed, fetched) = (Workspace::generated(), Workspace::generated());
    let said = fetch(&fetched, &mirror);
    assert!(said.contains("the snapshot was transcribed"), "{said}");
    let output = fetched.regen(&[]);
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(!output.stdout.contains("transcribed"));

    assert_eq!(wire(&fetched), wire(&transcribed));
    let of = |workspace: &Workspace, path: &str| workspace.read(&format!("{CRATE}/{path}"));
    let (ours, theirs) = (
        of(&transcribed, "src/generated.rs"),
        of(&fetched, "src/generated.rs"),
    );
    assert_eq!(without_docs(&theirs), without_docs(&ours));
    assert_eq!(
        of(&fetched, "tests/conformance.rs"),
        of(&transcribed, "tests/conformance.rs")
    );
    assert_eq!(of(&fetched, "Cargo.toml"), of(&transcribed, "Cargo.toml"));
    assert_eq!(fetched.read(NAMES), transcribed.read(NAMES));
    let counts = |workspace: &Workspace| {
        json!(workspace, "specs/mattermost/report.json")["counts"].to_string()
    };
    assert_eq!(counts(&fetched), counts(&transcribed));
}

#[test]
fn the_gallerys_own_files_give_the_same_names_anew() {
    let Some(mirror) = mirror() else { return };
    let workspace = Workspace::generated();
    let names = workspace.read(NAMES);
    fetch(&workspace, &mirror);
    workspace.remove(NAMES);
    assert_eq!(workspace.regen(&[]).code, Some(0));
    assert_eq!(workspace.read(NAMES), names);
}

#[test]
fn a_second_fetch_writes_nothing() {
    let Some(mirror) = mirror() else { return };
    let workspace = Workspace::generated();
    fetch(&workspace, &mirror);
    let before = workspace.tree();
    let said = fetch(&workspace, &mirror);
    assert!(
        said.ends_with("nothing to write: the snapshots are up to date\n"),
        "{said}"
    );
    assert_eq!(workspace.tree(), before);
}

/// The biggest listing of the provider, as its generated tests judge it: 209 endpoints.
#[test]
fn a_client_of_the_full_listing_conforms() {
    let Some(mirror) = mirror() else { return };
    let (folder, only) = (
        "streamdata-gallery-organizations__mattermost/_listings",
        tempfile::tempdir().unwrap(),
    );
    copy(
        &mirror.join(folder).join("mattermost"),
        &only.path().join(folder).join("mattermost"),
    );
    // What is compiled stays below the target folder, so that the next run is quick.
    let survey = std::process::Command::new(env!("CARGO_BIN_EXE_gallery"))
        .args(["survey", only.path().to_str().unwrap(), "--conform", "1"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap(),
        )
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&survey.stdout);
    assert!(
        said.contains("  209  ") && said.ends_with("1 client judged: 0 failed\n"),
        "{said}{survey:?}"
    );
}
