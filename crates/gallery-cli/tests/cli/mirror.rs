//! Compares the client from the transcribed snapshot with the client from the gallery's own files.
//!
//! Both clients must be equal except for their prose. The tests need a mirror of the gallery in
//! `GALLERY_MIRROR`.

use std::path::{Path, PathBuf};

use crate::workspace::{CRATE, NAMES, Workspace, copy, json, skipped};

/// Returns the mirror's directory, or `None` with a message if `GALLERY_MIRROR` is not set.
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

/// Returns the endpoints with their parameters, bodies and responses, without prose.
fn wire_format(workspace: &Workspace) -> Vec<String> {
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
        "documentation must consist of line comments"
    );
    code.lines()
        .filter(|line| !line.trim_start().starts_with("///"))
        .collect()
}

#[test]
fn the_original_listing_produces_the_same_client() {
    let Some(mirror) = mirror() else { return };
    let (transcribed, fetched) = (Workspace::generated(), Workspace::generated());
    let stdout = fetch(&fetched, &mirror);
    assert!(stdout.contains("the snapshot was transcribed"), "{stdout}");
    let output = fetched.regen(&[]);
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(!output.stdout.contains("transcribed"));

    assert_eq!(wire_format(&fetched), wire_format(&transcribed));
    let of = |workspace: &Workspace, path: &str| workspace.read(&format!("{CRATE}/{path}"));
    let (from_transcribed, from_fetched) = (
        of(&transcribed, "src/generated.rs"),
        of(&fetched, "src/generated.rs"),
    );
    assert_eq!(without_docs(&from_fetched), without_docs(&from_transcribed));
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
fn the_original_listing_produces_the_same_names() {
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
    let stdout = fetch(&workspace, &mirror);
    assert!(
        stdout.ends_with("nothing to write: the snapshots are up to date\n"),
        "{stdout}"
    );
    assert_eq!(workspace.tree(), before);
}

/// Runs the generated tests of the provider's largest listing, which has 209 endpoints.
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
    // Build in the target directory, so that later runs reuse the artifacts.
    let survey = std::process::Command::new(env!("CARGO_BIN_EXE_gallery"))
        .args(["survey", only.path().to_str().unwrap(), "--conform", "1"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap(),
        )
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&survey.stdout);
    assert!(
        stdout.contains("  209  ") && stdout.ends_with("1 client tested: 0 failed\n"),
        "{stdout}{survey:?}"
    );
}
