//! Generates the files of clients, in memory.

use gallery_spec::canonical::Canonical;
use gallery_spec::config::ClientConfig;
use gallery_spec::lock::Origin;
use gallery_spec::overlay;
use gallery_spec::pipeline::Output;
use gallery_spec::report::{Remark, Report};
use gallery_spec::workspace::{ClientInputs, names_path};
use openapi_text::{Diagnostic, Diagnostics, Location, Severity};

use crate::bindings::bindings;
use crate::code::{ClientCode, client};
use crate::lower::{Lowered, UNTYPED, lower};
use crate::outputs::Outputs;
use crate::package::{add_tests, add_texts, package};
use crate::progenitor::GenerateError;
use crate::reduce::{Reduced, ReductionReason, reduce};
use crate::settings::CodeSettings;

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
    /// True if each tag has a cargo feature.
    pub has_tag_features: bool,
    /// Number of names whose endpoints no longer exist.
    pub retired: usize,
    /// Problems found by any stage.
    pub diagnostics: Diagnostics,
}

impl Generated {
    /// Joins the results of clients. There are no files if a client has errors.
    pub fn new(results: impl IntoIterator<Item = (Outputs, ClientOutcome)>) -> Generated {
        let mut generated = Generated {
            outputs: Outputs::default(),
            clients: Vec::new(),
        };
        for (files, outcome) in results {
            generated.outputs.extend(files);
            generated.clients.push(outcome);
        }
        if generated.has_errors() {
            generated.outputs = Outputs::default();
        }
        generated
    }

    /// Returns true if a client has errors.
    pub fn has_errors(&self) -> bool {
        self.clients
            .iter()
            .any(|client| client.diagnostics.has_errors())
    }
}

/// Generates the files of one client, or no file if it has errors.
pub fn client_files(inputs: &ClientInputs) -> (Outputs, ClientOutcome) {
    let mut has_tag_features = false;
    let (outputs, outcome) = files(inputs, |output, document, diagnostics| {
        let path = format!("{}/openapi.json", inputs.config.specs_dir());
        let mut own = diagnostics.child();
        let names_file = names_path(&inputs.config);
        let settings = CodeSettings::of(&inputs.config, &inputs.names, names_file);
        let generated = code(&path, &output.canonical, &settings, &mut own);
        let own = match (&inputs.overlay, &output.before_overlay) {
            (Some(overlay), Some(before)) => {
                with_reductions_as_errors(&path, overlay::locate(overlay, before, &path, &own))
            }
            _ => own,
        };
        let is_rejected = own.has_errors();
        output.report.client_reductions = reductions(&own);
        diagnostics.extend(own);
        let generated = generated.filter(|_| !is_rejected)?;
        has_tag_features = generated.client.groups().is_some();
        let canonical = &generated.reduced.canonical;
        let changed = match generated.reduced.reductions.is_empty() {
            true => None,
            false => Some(rendered(canonical.render(), &inputs.config, diagnostics)?),
        };
        let document = changed.as_deref().unwrap_or(document);
        let mut outputs = package(
            &inputs.config,
            canonical,
            document,
            &generated.lowered,
            &generated.client,
        );
        add_tests(
            &mut outputs,
            &inputs.config,
            inputs.expected_failures.as_deref(),
            &generated.client,
        );
        add_texts(&mut outputs, inputs, diagnostics);
        Some(outputs)
    });
    let outcome = ClientOutcome {
        has_tag_features,
        ..outcome
    };
    (outputs, outcome)
}

/// Generates the document, the report and the names of one client, without code.
pub fn document_files(inputs: &ClientInputs) -> (Outputs, ClientOutcome) {
    files(inputs, |_, _, _| Some(Outputs::default()))
}

/// Generates the document, the report and the names of one client. `further` returns the other
/// files, made from the canonical document and its text.
fn files(
    inputs: &ClientInputs,
    further: impl FnOnce(&mut Output, &str, &mut Diagnostics) -> Option<Outputs>,
) -> (Outputs, ClientOutcome) {
    let config = &inputs.config;
    let (mut names, mut diagnostics) = (inputs.names.clone(), inputs.diagnostics.clone());
    let mut outputs = Outputs::default();
    let report = inputs
        .output(&mut names, &mut diagnostics)
        .and_then(|mut output| {
            let document = rendered(output.canonical.render(), config, &mut diagnostics)?;
            outputs = further(&mut output, &document, &mut diagnostics)?;
            let report = rendered(output.report.render(), config, &mut diagnostics)?;
            outputs.insert(format!("{}/openapi.json", config.specs_dir()), document);
            outputs.insert(format!("{}/report.json", config.specs_dir()), report);
            outputs.insert(names_path(config), names.render());
            Some(output.report)
        });
    let outcome = ClientOutcome {
        config: config.clone(),
        origin: inputs.origin,
        report,
        has_tag_features: false,
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

/// Returns the diagnostics, with errors for the reductions that an action of the overlay caused.
/// People write overlays, so such a part is a mistake to correct.
fn with_reductions_as_errors(file: &str, located: Diagnostics) -> Diagnostics {
    let mut checked = located.child();
    for diagnostic in located.iter() {
        let is_caused = diagnostic.location.file != file && is_reduction(diagnostic.code);
        let severity = match is_caused {
            true => Severity::Error,
            false => diagnostic.severity,
        };
        let (location, message) = (diagnostic.location.clone(), &diagnostic.message);
        checked.push(severity, diagnostic.code, location, message);
    }
    checked
}

/// Returns the reductions and the untyped schemas.
fn reductions(diagnostics: &Diagnostics) -> Vec<Remark> {
    let all = diagnostics.iter();
    all.filter(|diagnostic| is_reduction(diagnostic.code) || diagnostic.code == UNTYPED)
        .map(|diagnostic| Remark {
            code: diagnostic.code,
            at: diagnostic.location.to_string(),
            message: diagnostic.message.clone(),
        })
        .collect()
}

fn is_reduction(code: &str) -> bool {
    ReductionReason::ALL
        .iter()
        .any(|reason| reason.code() == code)
}

/// The code of a client.
#[derive(Debug)]
pub struct Code {
    /// The document that the client expresses.
    pub reduced: Reduced,
    /// The lowered document.
    pub lowered: Lowered,
    /// The code.
    pub client: ClientCode,
}

/// Generates the code for a canonical document. `file` is the path of the document for messages.
pub fn code(
    file: &str,
    canonical: &Canonical,
    settings: &CodeSettings,
    diagnostics: &mut Diagnostics,
) -> Option<Code> {
    let reduced = reduce(canonical);
    reduced.report(file, diagnostics);
    let mut bindings = bindings(&reduced.canonical);
    if settings.options.grouped_methods {
        bindings = bindings.grouped();
    }
    let mut own = diagnostics.child();
    let lowered = lower(file, &reduced.canonical, &bindings, settings, &mut own);
    for diagnostic in own.iter() {
        let Diagnostic {
            severity,
            code,
            location,
            message,
        } = reduced.locate(diagnostic.clone());
        diagnostics.push(severity, code, location, message);
    }
    let lowered = lowered?;
    match client(&reduced.canonical, &lowered, settings, diagnostics) {
        Ok(code) => Some(Code {
            reduced,
            lowered,
            client: code,
        }),
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
        GenerateError::Missing(_) => "generator-unsupported",
    }
}
