//! Options for the code of a client in `gallery.toml`, and names of types in `names.toml`.

use expect_test::expect;

use crate::workspace::{CRATE, NAMES, Workspace};

const CONFIG: &str = "specs/gallery.toml";

/// Adds keys to the table of the client.
pub(crate) fn add_keys(workspace: &Workspace, keys: &str) {
    let text = workspace.read(CONFIG);
    workspace.write(CONFIG, format!("{}\n{keys}", text.trim_end()));
}

#[test]
fn changes_types_by_options_and_names() {
    let workspace = Workspace::generated();
    add_keys(
        &workspace,
        r#"non-exhaustive = true
derives = { "*" = ["Eq"], TeamMember = ["Hash"] }
replaced-types = { AppError = "problems::Problem" }
dependencies = { problems = { path = "../problems", features = ["serde"] } }
"#,
    );
    let names = workspace.read(NAMES);
    workspace.write(
        NAMES,
        format!("{names}\n[types]\nChannelMember = \"Seat\"\n"),
    );
    assert_eq!(workspace.regen(&[]).code, Some(0));
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
    let code = workspace.read(&format!("{CRATE}/src/generated.rs"));
    for expected in [
        "PartialEq, gallery_runtime::Object, Eq)]\n    #[non_exhaustive]\n    pub struct Seat {",
        "PartialEq, gallery_runtime::Object, Eq, Hash)]\n    #[non_exhaustive]\n    pub struct TeamMember {",
        "Output = Result<ResponseValue<Vec<super::types::Seat>>, Error<problems::Problem>>,",
        "pub fn new(roles: impl Into<String>) -> Self {",
    ] {
        assert!(code.contains(expected), "{expected}\n{code}");
    }
    assert!(!code.contains("struct ChannelMember {") && !code.contains("struct AppError {"));
    let manifest = workspace.read(&format!("{CRATE}/Cargo.toml"));
    let dependency = "\nproblems = { features = [\"serde\"], path = \"../problems\" }\n";
    assert!(manifest.contains(dependency), "{manifest}");
    let adapters = workspace.read(&format!("{CRATE}/tests/adapters.rs"));
    assert!(adapters.contains("Schema::new::<problems::Problem>(\"AppError\")"));
}

#[test]
fn options_that_match_nothing_are_errors() {
    let workspace = Workspace::generated();
    add_keys(
        &workspace,
        r#"plain-formats = ["uri"]
[clients.mattermost.derives]
Teem = ["Hash"]
[clients.mattermost.replaced-types]
Chanel = "a::B"
"#,
    );
    let names = workspace.read(NAMES);
    let types = "[types]\nTeem = \"Seat\"\nChannelMember = \"TeamMember\"\n";
    workspace.write(NAMES, format!("{names}\n{types}"));
    let before = workspace.tree();
    expect![[r#"
        exit 100
        -- out --
        mattermost (streamdata-gallery-topics/memberships/mattermost, transcribed: prose in this project's own words)
        -- err --
        error[option-unused]: no type would be named `Teem`; remove the entry, or write the name of a type without the table [types]
          --> specs/mattermost/names.toml#/types/Teem
        error[type-name]: `TeamMember` is the name of another type; choose a different one
          --> specs/mattermost/names.toml#/types/ChannelMember
        error[option-unused]: no value of the client has the format `uri`, or it has no type; remove it
          --> specs/gallery.toml:23:18
        error[option-unused]: the client has no type `Chanel`; correct the name or remove it
          --> specs/gallery.toml:27:1
        error[option-unused]: the client has no type `Teem`; correct the name or remove it
          --> specs/gallery.toml:25:1
        5 errors; nothing was written
    "#]].assert_eq(&workspace.regen(&[]).shown());
    assert_eq!(workspace.tree(), before);
}

#[test]
fn groups_the_methods_of_new_operations() {
    let workspace = Workspace::generated();
    add_keys(&workspace, "grouped-methods = true\n");
    // Known operations keep their names.
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
    workspace.remove(NAMES);
    assert_eq!(workspace.regen(&[]).code, Some(0));
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
    let names = workspace.read(NAMES);
    expect![[r#"

        "GET /channels/{}/members" = "channel.get_members"
        "POST /channels/{}/members/ids" = "channel.get_members_by_ids"
        "GET /channels/{}/members/{}" = "channel.get_member"
        "GET /teams/{}/members" = "team.get_members"
        "POST /teams/{}/members/ids" = "team.get_members_by_ids"
        "GET /teams/{}/members/{}" = "team.get_member"
        "PUT /teams/{}/members/{}/roles" = "team.update_member_roles"
    "#]]
    .assert_eq(names.split_once("[names]").unwrap().1);
    let code = workspace.read(&format!("{CRATE}/src/generated.rs"));
    for expected in ["pub mod method_groups {", "impl method_groups::"] {
        assert!(code.contains(expected), "{expected}");
    }
    // A group and a method of the client cannot have one name.
    let flat = "[names]\n\"PUT /a\" = \"channels\"\n\"GET /a\" = \"channels.get\"\n";
    workspace.write(NAMES, flat);
    expect![[r#"
        exit 100
        -- err --
        error: `channels` is the name of a group and of `PUT /a`; change one
          --> specs/mattermost/names.toml:1:1
    "#]]
    .assert_eq(&workspace.regen(&[]).shown());
}
