//! Generates a client from each probe and compiles them as the modules of one crate.
//!
//! `cargo run -p gallery-codegen --example compile_probes -- PROBES.json DIRECTORY` prints the
//! result of each probe, writes the crate to DIRECTORY and runs `cargo check` there. `cargo test`
//! in DIRECTORY then runs the conformance checks of each client.
//!
//! `PROBES.json` maps names to `{"document": …}`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode};

use gallery_codegen::CodeSettings;
use gallery_codegen::conformance;
use gallery_codegen::generate::{self, Code};
use gallery_codegen::mock;
use gallery_spec::canonical::Canonical;
use openapi_text::{Diagnostics, Severity};
use serde_json::Value;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [probes, directory] = arguments.as_slice() else {
        eprintln!("usage: compile_probes PROBES.json DIRECTORY");
        return ExitCode::FAILURE;
    };
    match run(Path::new(probes), Path::new(directory)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(probes: &Path, directory: &Path) -> Result<bool, Box<dyn std::error::Error>> {
    let probes: BTreeMap<String, Value> = serde_json::from_slice(&std::fs::read(probes)?)?;
    let (mut modules, mut suites, mut counts) = (
        String::new(),
        String::new(),
        BTreeMap::<String, usize>::new(),
    );
    std::fs::create_dir_all(directory.join("src"))?;
    std::fs::create_dir_all(directory.join("tests"))?;
    let mut is_complete = true;
    for (number, (name, probe)) in probes.iter().enumerate() {
        let document = probe["document"].to_string();
        let result = match code(&document, &format!("p{number}")) {
            Ok((text, document, result)) => {
                std::fs::write(directory.join(format!("src/p{number}.json")), &document)?;
                std::fs::write(directory.join(format!("src/p{number}.rs.txt")), &text)?;
                let _ = writeln!(suites, "    check!(failed, p{number}, {name:?});");
                let _ = write!(modules, "/// {name:?}\npub mod p{number} {{\n{text}\n}}\n");
                result
            }
            Err(result) => result,
        };
        println!("{name}: {result}");
        is_complete &= !result.contains("generator");
        *counts
            .entry(result.split(':').next().unwrap_or_default().to_owned())
            .or_default() += 1;
    }
    println!("\n{} probes", probes.len());
    for (result, count) in counts {
        println!("{count:>5} {result}");
    }
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../gallery-runtime");
    let testkit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../gallery-testkit");
    std::fs::write(
        directory.join("tests/conformance.rs"),
        TESTS.replace("SUITES", &suites),
    )?;
    std::fs::write(
        directory.join("Cargo.toml"),
        format!(
            "[package]\nname = \"probes\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
             gallery-runtime = {{ path = {:?} }}\ngallery-testkit = {{ path = {:?}, features = [\"conformance\"] }}\n\
             serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\nlibtest-mimic = \"0.8\"\n\n[[test]]\nname = \"conformance\"\nharness = false\n",
            runtime.canonicalize()?,
            testkit.canonicalize()?
        ),
    )?;
    std::fs::write(
        directory.join("src/lib.rs"),
        format!("//! The clients of the probes.\n\n{modules}"),
    )?;
    let checked = Command::new("cargo")
        .arg("check")
        .current_dir(directory)
        .env("RUSTFLAGS", "-D warnings")
        .status()?;
    Ok(checked.success() && is_complete)
}

/// The test program of the crate, with one suite per probe.
const TESTS: &str = r#"//! Runs the conformance checks of each client.

use std::process::ExitCode;

use gallery_testkit::conformance::{Suite, trials};

macro_rules! check {
    ($failed:ident, $module:ident, $name:expr) => {
        let suite = Suite {
            document: include_str!(concat!("../src/", stringify!($module), ".json")),
            sources: &[include_str!(concat!("../src/", stringify!($module), ".rs.txt"))],
            builder: probes::$module::Client::builder,
            adapters: probes::$module::adapters::adapters(),
            schemas: probes::$module::adapters::schemas(),
            disabled_features: Vec::new(),
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
SUITES
    println!("failed: {failed:?}");
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
"#;

/// Returns the code of a probe's client, its document and its result, or an error if the probe has
/// no client.
fn code(document: &str, module: &str) -> Result<(String, String, String), String> {
    let canonical =
        Canonical::parse(document).map_err(|error| format!("invalid document: {error}"))?;
    let mut diagnostics = Diagnostics::default();
    let generated = generate::code(
        "probe.json",
        &canonical,
        &CodeSettings::default(),
        &mut diagnostics,
    );
    let messages = |diagnostics: &Diagnostics, severity| {
        let messages: Vec<String> = diagnostics
            .of(severity)
            .map(|diagnostic| diagnostic.to_string().replace('\n', " "))
            .collect();
        messages.join("; ")
    };
    let Some(generated) = generated else {
        let codes: Vec<&str> = diagnostics
            .of(Severity::Error)
            .map(|diagnostic| diagnostic.code)
            .take(1)
            .collect();
        return Err(format!(
            "rejected {}: {}",
            codes.join(" "),
            messages(&diagnostics, Severity::Error)
        ));
    };
    let Code {
        reduced,
        lowered,
        client,
    } = &generated;
    let document = reduced.canonical.render();
    let document = document.map_err(|error| format!("generator error: {error}"))?;
    let adapters = conformance(lowered, client, "library").remove(0).text;
    let adapters = adapters.replace("library::", &format!("crate::{module}::"));
    let mock = mock(lowered.bindings(), client);
    let text = format!(
        "{}\n/// The OpenAPI document.\npub const OPENAPI: &str = include_str!(\"{module}.json\");\npub mod mock {{\n{mock}\n}}\n\
         #[allow(unreachable_patterns, reason = \"the enums of responses are exhaustive in this crate\")]\n\
         pub mod adapters {{\n{adapters}\n}}",
        client.text()
    );
    match messages(&diagnostics, Severity::Warning) {
        warnings if warnings.is_empty() => Ok((text, document, "generated".to_owned())),
        warnings => Ok((
            text,
            document,
            format!("generated with warnings: {warnings}"),
        )),
    }
}
