//! Generates the files of clients, in memory.

use gallery_spec::canonical::Canonical;
use gallery_spec::config::ClientConfig;
use gallery_spec::lock::Origin;
use gallery_spec::overlay;
use gallery_spec::pipeline::Output;
use gallery_spec::report::Report;
use gallery_spec::workspace::{ClientInputs, names_path};
use openapi_text::{Diagnostics, Location, Severity};

use crate::bindings::bindings;
use crate::client::{GenerateError, client};
use crate::docs::docs;
use crate::lower::{Lowered, lower};
use crate::outputs::Outputs;
use crate::package::{add_tests, package};

/// The result of a run for all clients.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The files of all clients. There are no files if a client has errors.
    pub outputs: Outputs,
    /// The result of each client.
    pub clients: Vec<ClientOutcome>,
}

/// The result of one client, without its files.
#[derive(Clone, Debug)]
pub struct ClientOutcome {
    /// Its table in `gallery.toml`.
    pub config: ClientConfig,
    /// The origin of its snapshot, if it has one.
    pub origin: Option<Origin>,
    /// The report, unless the client has errors.
    pub report: Option<Report>,
    /// Number of names whose endpoints no longer exist.
    pub retired: usize,
    /// Problems found by any stage.
    pub diagnostics: Diagnostics,
}

impl Generated {
    /// Returns true if a client has errors.
    pub fn has_errors(&self) -> bool {
        self.clients
            .iter()
            .any(|client| client.diagnostics.has_errors())
    }
}

/// Generates all files of these clients, or no file if one of them has errors.
pub fn generate(clients: &[ClientInputs]) -> Generated {
    let mut generated = Generated {
        outputs: Outputs::default(),
        clients: Vec::new(),
    };
    for inputs in clients {
        let (files, outcome) = client_files(inputs);
        generated.outputs.extend(files);
        generated.clients.push(outcome);
    }
    if generated.has_errors() {
        generated.outputs = Outputs::default();
    }
    generated
}

/// Generates the files of one client, or no file if it has errors.
pub fn client_files(inputs: &ClientInputs) -> (Outputs, ClientOutcome) {
    files(inputs, |output, document, diagnostics| {
        let path = format!("{}/openapi.json", inputs.config.specs_dir());
        let mut own = diagnostics.child();
        let generated = code(&path, &output.canonical, &mut own);
        diagnostics.extend(match (&inputs.overlay, &output.before_overlay) {
            (Some(overlay), Some(before)) => overlay::locate(overlay, before, &path, &own),
            _ => own,
        });
        let (lowered, code) = generated?;
        let mut outputs = package(&inputs.config, &output.canonical, document, &lowered, &code);
        add_tests(
            &mut outputs,
            &inputs.config,
            inputs.expected_failures.as_deref(),
        );
        Some(outputs)
    })
}

/// Generates the document, the report and the names of one client, without code.
pub fn document_files(inputs: &ClientInputs) -> (Outputs, ClientOutcome) {
    files(inputs, |_, _, _| Some(Outputs::default()))
}

/// Generates the document, the report and the names of one client. `further` returns the other
/// files, made from the canonical document and its text.
fn files(
    inputs: &ClientInputs,
    further: impl FnOnce(&Output, &str, &mut Diagnostics) -> Option<Outputs>,
) -> (Outputs, ClientOutcome) {
    let config = &inputs.config;
    let (mut names, mut diagnostics) = (inputs.names.clone(), inputs.diagnostics.clone());
    let mut outputs = Outputs::default();
    let report = inputs
        .output(&mut names, &mut diagnostics)
        .and_then(|output| {
            let document = rendered(output.canonical.render(), config, &mut diagnostics)?;
            let report = rendered(output.report.render(), config, &mut diagnostics)?;
            outputs = further(&output, &document, &mut diagnostics)?;
            outputs.insert(format!("{}/openapi.json", config.specs_dir()), document);
            outputs.insert(format!("{}/report.json", config.specs_dir()), report);
            outputs.insert(names_path(config), names.render());
            Some(output.report)
        });
    let outcome = ClientOutcome {
        config: config.clone(),
        origin: inputs.origin,
        report,
        retired: names.retired().len(),
        diagnostics,
    };
    (outputs, outcome)
}

fn rendered(
    text: Result<String, serde_json::Error>,
    config: &ClientConfig,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    text.map_err(|error| {
        diagnostics.push(
            Severity::Error,
            "render",
            Location::file(config.specs_dir()),
            error.to_string(),
        );
    })
    .ok()
}

/// Generates the code for a canonical document. `file` is the path of the document for messages.
pub(crate) fn code(
    file: &str,
    canonical: &Canonical,
    diagnostics: &mut Diagnostics,
) -> Option<(Lowered, syn::File)> {
    let bindings = bindings(canonical);
    let lowered = lower(file, canonical, &bindings, diagnostics)?;
    match client(&lowered, &docs(canonical, &bindings)) {
        Ok(code) => Some((lowered, code)),
        Err(error) => {
            diagnostics.push(
                Severity::Error,
                generator_code(&error),
                Location::file(file),
                error.to_string(),
            );
            None
        }
    }
}

fn generator_code(error: &GenerateError) -> &'static str {
    match error {
        GenerateError::Refused(_) => "generator-refused",
        GenerateError::Panicked(_) => "generator-panicked",
        GenerateError::NotRust(_) => "generator-not-rust",
        GenerateError::Pass(_) => "pass",
    }
}
