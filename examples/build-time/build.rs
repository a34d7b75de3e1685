//! Generates the Mattermost client from the snapshot in `specs/`.

use gallery_codegen::{BuildSettings, build_script};

fn main() -> Result<(), gallery_codegen::build_script::Error> {
    let specs = "../../specs/mattermost";
    build_script(
        BuildSettings::listing(format!("{specs}/listing"))
            .with_names(format!("{specs}/names.toml"))
            .named("mattermost"),
    )
}
