//! Generates a client of each probe document and lets the compiler judge all of them at once: one crate, one module a probe.
//!
//! `cargo run -p gallery-codegen --example compile_probes -- PROBES.json FOLDER` prints what became of each probe, writes the crate into
//! FOLDER and runs `cargo check` there; `cargo test` in FOLDER then judges each client by its document. `PROBES.json` maps names to `{"document": …}`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode};

use gallery_codegen::bindings;
use gallery_codegen::client;
use gallery_codegen::conformance;
use gallery_codegen::docs;
use gallery_codegen::lower;
use gallery_codegen::mock;
use gallery_spec::canonical::Canonical;
use openapi_text::{Diagnostics, Severity};
use serde_json::Value;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [probes, folder] = arguments.as_slice() else {
        eprintln!("usage: compile_probes PROBES.json FOLDER");
        return ExitCode::FAILURE;
    };
    match run(Path::new(probes), Path::new(folder)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(probes: &Path, folder: &Path) -> Result<bool, Box<dyn std::error::Error>> {
    let probes: BTreeMap<String, Value> = serde_json::from_slice(&std::fs::read(probes)?)?;
    let (mut modules, mut judged, mut counts) = (
        String::new(),
        String::new(),
        BTreeMap::<String, usize>::new(),
    );
    std::fs::create_dir_all(folder.join("src"))?;
    std::fs::create_dir_all(folder.join("tests"))?;
    let mut no_gap = true;
    for (number, (name, probe)) in probes.iter().enumerate() {
        let document = probe["document"].to_string();
        let verdict = match code(&document, &format!("p{number}")) {
            Ok((text, verdict)) => {
                std::fs::write(folder.join(format!("src/p{number}.json")), &document)?;
                std::fs::write(folder.join(format!("src/p{number}.rs.txt")), &text)?;
                let _ = writeln!(judged, "    judge!(failed, p{number}, {name:?});");
                let _ = write!(modules, "/// {name:?}\npub mod p{number} {{\n{text}\n}}\n");
                verdict
            }
            Err(verdict) => verdict,
        };
        println!("{name}: {verdict}");
        no_gap &= !verdict.contains("generator");
        *counts
            .entry(verdict.split(':').next().unwrap_or_default().to_owned())
            .or_default() += 1;
    }
    println!("\n{} probes", probes.len());
    for (verdict, count) in counts {
        println!("{count:>5} {verdict}");
    }
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../gallery-runtime");
    let testkit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../gallery-testkit");
    std::fs::write(
        folder.join("tests/judge.rs"),
        JUDGE.replace("JUDGED", &judged),
    )?;
    std::fs::write(
        folder.join("Cargo.toml"),
        format!(
            "[package]\nname = \"probes\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
             gallery-runtime = {{ path = {:?} }}\ngallery-testkit = {{ path = {:?}, features = [\"conformance\"] }}\n\
             serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\nlibtest-mimic = \"0.8\"\n\n[[test]]\nname = \"judge\"\nharness = false\n",
            runtime.canonicalize()?,
            testkit.canonicalize()?
        ),
    )?;
    std::fs::write(
        folder.join("src/lib.rs"),
        format!("//! Clients of probes.\n\n{modules}"),
    )?;
    let checked = Command::new("cargo")
        .arg("check")
        .current_dir(folder)
        .env("RUSTFLAGS", "-D warnings")
        .status()?;
    Ok(checked.success() && no_gap)
}

/// The test program of the crate: one suite a probe.
const JUDGE: &str = r#"//! Judges each client by its document.

use std::process::ExitCode;

use gallery_testkit::conformance::{Suite, trials};

macro_rules! judge {
    ($failed:ident, $module:ident, $name:expr) => {
        let suite = Suite {
            document: include_str!(concat!("../src/", stringify!($module), ".json")),
            source: include_str!(concat!("../src/", stringify!($module), ".rs.txt")),
            builder: probes::$module::Client::builder,
            adapters: probes::$module::adapters::adapters(),
            schemas: probes::$module::adapters::schemas(),
            expected_failures: "",
        };
        println!("{}", $name);
        match trials(suite) {
            Ok(trials) => {
                let arguments = libtest_mimic::Arguments { quiet: true, ..libtest_mimic::Arguments::default() };
                if libtest_mimic::run(&arguments, trials).has_failed() {
                    $failed.push($name);
                }
            }
            Err(error) => {
                println!("{error}");
                $failed.push($name);
            }
        }
    };
}

fn main() -> ExitCode {
    let mut failed: Vec<&str> = Vec::new();
JUDGED
    println!("failed: {failed:?}");
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
"#;

/// The code of a probe's client and adapters, or why there is none; and the verdict.
fn code(document: &str, module: &str) -> Result<(String, String), String> {
    let canonical = Canonical::parse(document).map_err(|error| format!("no document: {error}"))?;
    let mut diagnostics = Diagnostics::default();
    let bindings = bindings(&canonical);
    let said = |diagnostics: &Diagnostics, severity| {
        let said: Vec<String> = diagnostics
            .of(severity)
            .map(|said| said.to_string().replace('\n', " "))
            .collect();
        said.join("; ")
    };
    let Some(lowered) = lower("probe.json", &canonical, &bindings, &mut diagnostics) else {
        let codes: Vec<&str> = diagnostics
            .of(Severity::Error)
            .map(|said| said.code)
            .take(1)
            .collect();
        return Err(format!(
            "refused {}: {}",
            codes.join(" "),
            said(&diagnostics, Severity::Error)
        ));
    };
    let docs = docs(&canonical, &bindings);
    let file = client(&lowered, &docs).map_err(|error| format!("generator error: {error}"))?;
    let adapters = conformance(&lowered, &file, "library");
    let adapters =
        prettyplease::unparse(&adapters).replace("library::", &format!("crate::{module}::"));
    let mock = prettyplease::unparse(&mock(&bindings, &file));
    let text = format!(
        "{}\n/// The document.\npub const OPENAPI: &str = include_str!(\"{module}.json\");\npub mod mock {{\n{mock}\n}}\n\
         pub mod adapters {{\n{adapters}\n}}",
        prettyplease::unparse(&file)
    );
    match said(&diagnostics, Severity::Warning) {
        warnings if warnings.is_empty() => Ok((text, "generated".to_owned())),
        warnings => Ok((text, format!("generated with warnings: {warnings}"))),
    }
}
