//! Converts documents to OpenAPI 3.0.3: `convert FOLDER FILE…` writes `FOLDER/FILE.json` for each,
//! and prints the notes.

use std::path::{Path, PathBuf};

use openapi_text::{Diagnostics, yaml};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let folder = arguments.next().ok_or("usage: convert FOLDER FILE…")?;
    for file in arguments {
        if let Err(error) = convert(&folder, &file) {
            eprintln!("{}: {error}", file.display());
        }
    }
    Ok(())
}

fn convert(folder: &Path, file: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let name = file.display().to_string();
    let mut diagnostics = Diagnostics::default();
    let parsed = yaml::parse(&name, &std::fs::read(file)?, &mut diagnostics);
    for diagnostic in diagnostics.iter() {
        eprintln!("{diagnostic}");
    }
    let Some(document) = parsed else {
        return Ok(());
    };
    let converted = openapi_convert::convert(document)?;
    for note in &converted.notes {
        println!("{name}: {:?}: {note}", note.kind);
    }
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let parent = file
        .parent()
        .and_then(Path::parent)
        .and_then(Path::file_name);
    let parent = parent.unwrap_or_default().to_string_lossy();
    let output = folder.join(format!("{parent}--{stem}.json"));
    std::fs::write(output, serde_json::to_string_pretty(&converted.document)?)?;
    Ok(())
}
