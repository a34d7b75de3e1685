use super::*;

const SPECS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../specs/mattermost");

fn settings() -> BuildSettings {
    BuildSettings::listing(format!("{SPECS}/listing"))
        .with_names(format!("{SPECS}/names.toml"))
        .named("mattermost")
}

/// Returns a generated file without its first line, which names the source.
fn without_header(text: &str) -> &str {
    text.split_once('\n').unwrap().1
}

#[test]
fn generates_from_a_listing_and_names_without_local_paths() {
    let mut read = Vec::new();
    let files = generate(&settings(), &mut read).unwrap();
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["mattermost.rs", "mattermost.json"]);
    assert!(
        without_header(&files[0].1).contains("pub fn get_team_members(")
            && !without_header(&files[0].1).contains(SPECS)
    );
    assert_eq!(
        read,
        [format!("{SPECS}/names.toml"), format!("{SPECS}/listing")].map(PathBuf::from)
    );
}

#[test]
fn generates_the_same_code_as_regen() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let code = |settings| generate(&settings, &mut Vec::new()).map(|files| files[0].1.clone());
    let committed =
        fs::read_to_string(format!("{root}/crates/gallery-mattermost/src/generated.rs")).unwrap();
    for settings in [
        BuildSettings::client(root, "mattermost"),
        BuildSettings::document(format!("{SPECS}/openapi.json")),
    ] {
        let generated = code(settings.with_conformance("gallery_mattermost")).unwrap();
        assert_eq!(without_header(&generated), without_header(&committed));
    }
    let message = code(BuildSettings::client(root, "nobody"))
        .unwrap_err()
        .to_string();
    assert_eq!(
        message,
        format!("{root}: there is no client `nobody`; specs/gallery.toml has: mattermost")
    );
}

#[test]
fn names_operations_after_the_listing_by_default() {
    let files = generate(
        &BuildSettings::listing(format!("{SPECS}/listing")),
        &mut Vec::new(),
    )
    .unwrap();
    assert_eq!(files[0].0, "client.rs");
    assert!(files[0].1.contains("pub fn get_team_members("));
}

#[test]
fn reports_errors_with_their_location() {
    let directory = tempfile::tempdir().unwrap();
    let message = |settings: BuildSettings| {
        let error = generate(&settings, &mut Vec::new())
            .unwrap_err()
            .to_string();
        error.replace(directory.path().to_str().unwrap(), "…")
    };
    assert_eq!(
        message(BuildSettings::listing(directory.path())),
        "error[no-index]: the listing has no index `apis.md`\n  --> …"
    );
    assert_eq!(
        message(BuildSettings::document(directory.path().join("gone"))),
        "…/gone: No such file or directory (os error 2)"
    );
    fs::write(
        directory.path().join("new.json"),
        r#"{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}}"#,
    )
    .unwrap();
    assert_eq!(
        message(BuildSettings::document(directory.path().join("new.json"))),
        "…/new.json: #/openapi: OpenAPI version `3.1.0` is not supported; the supported version is 3.0"
    );
    fs::write(
        directory.path().join("names.toml"),
        "[names]\n\"GET /a\" = \"match\"\n",
    )
    .unwrap();
    assert!(
        message(settings().with_names(directory.path().join("names.toml")))
            .ends_with("--> …/names.toml:2:12")
    );
}
