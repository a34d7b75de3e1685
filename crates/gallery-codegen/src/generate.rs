//! All of it, in memory: from what was read to every file that should be on disk.

use gallery_spec::canonical::Canonical;
use gallery_spec::config::ClientConfig;
use gallery_spec::lock::Origin;
use gallery_spec::names::Names;
use gallery_spec::pipeline::{self, Output};
use gallery_spec::report::Report;
use openapi_text::{Diagnostics, Location, Severity};

use crate::bindings::bindings;
use crate::client::{GenerateError, client};
use crate::docs::docs;
use crate::lower::{Lowered, lower};
use crate::outputs::Outputs;
use crate::package::{add_tests, package};
use crate::workspace::{ClientInputs, Inputs, names_path};

/// What a run gives.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The files of all clients; empty when a client has errors.
    pub outputs: Outputs,
    /// What became of each client.
    pub clients: Vec<ClientOutcome>,
}

/// What became of one client.
#[derive(Clone, Debug)]
pub struct ClientOutcome {
    /// What `gallery.toml` says.
    pub config: ClientConfig,
    /// How its snapshot came to be.
    pub origin: Option<Origin>,
    /// The report; none when the client has errors.
    pub report: Option<Report>,
    /// Names that no endpoint has any more.
    pub retired: usize,
    /// What there is to say.
    pub diagnostics: Diagnostics,
}

impl Generated {
    /// Whether a client could not be made.
    pub fn has_errors(&self) -> bool {
        self.clients
            .iter()
            .any(|client| client.diagnostics.has_errors())
    }
}

/// Generates everything. One client with errors leaves no outputs at all: what is written is the whole or nothing.
pub fn generate(inputs: &Inputs) -> Generated {
    let mut outputs = Outputs::default();
    let mut clients = Vec::new();
    for inputs in &inputs.clients {
        let (files, outcome) = client_files(inputs);
        outputs.extend(files);
        clients.push(outcome);
    }
    let mut generated = Generated { outputs, clients };
    if generated.has_errors() {
        generated.outputs = Outputs::default();
    }
    generated
}

/// Generates the files of one client; there are none when it has errors.
pub fn client_files(inputs: &ClientInputs) -> (Outputs, ClientOutcome) {
    files(inputs, |made, document, diagnostics| {
        let path = format!("{}/openapi.json", inputs.config.specs_dir());
        let (lowered, code) = code(&path, &made.canonical, diagnostics)?;
        let mut outputs = package(&inputs.config, &made.canonical, document, &lowered, &code);
        add_tests(
            &mut outputs,
            &inputs.config,
            inputs.expected_failures.as_deref(),
        );
        Some(outputs)
    })
}

/// Generates what people review of one client: its document, report and names.
pub fn document_files(inputs: &ClientInputs) -> (Outputs, ClientOutcome) {
    files(inputs, |_, _, _| Some(Outputs::default()))
}

/// The files of one client: what people review, and what `further` makes of the document and its text.
fn files(
    inputs: &ClientInputs,
    further: impl FnOnce(&Output, &str, &mut Diagnostics) -> Option<Outputs>,
) -> (Outputs, ClientOutcome) {
    let ClientInputs {
        config,
        origin,
        names,
        diagnostics,
        ..
    } = inputs;
    let (mut names, mut diagnostics) = (names.clone(), diagnostics.clone());
    let mut outputs = Outputs::default();
    let report = made(inputs, &mut names, &mut diagnostics).and_then(|made| {
        let document = rendered(made.canonical.render(), config, &mut diagnostics)?;
        let report = rendered(made.report.render(), config, &mut diagnostics)?;
        outputs = further(&made, &document, &mut diagnostics)?;
        outputs.insert(format!("{}/openapi.json", config.specs_dir()), document);
        outputs.insert(format!("{}/report.json", config.specs_dir()), report);
        outputs.insert(names_path(config), names.render());
        Some(made.report)
    });
    let retired = names.retired().len();
    (
        outputs,
        ClientOutcome {
            config: config.clone(),
            origin: *origin,
            report,
            retired,
            diagnostics,
        },
    )
}

/// Makes the canonical document of a client.
pub fn made(
    inputs: &ClientInputs,
    names: &mut Names,
    diagnostics: &mut Diagnostics,
) -> Option<Output> {
    pipeline::run(
        &inputs.config.source,
        &inputs.files,
        &inputs.config.choices,
        inputs.overlay.as_ref(),
        names,
        diagnostics,
    )
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

/// The code of a client of a canonical document. `file` is the document's path for messages.
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
