//! The data that the sections of the page show.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use gallery_spec::config::ClientConfig;
use gallery_spec::draft::any_json;
use gallery_spec::pipeline::Output;
use gallery_spec::report::{EndpointReport, Report};
use gallery_spec::workspace::ClientInputs;
use openapi_text::Diagnostics;
use openapi_text::pointer::escape;
use serde_json::Value;

use super::snapshot::Snapshot;

/// The source of a client, and the result of the pipeline.
pub(super) struct Review<'a> {
    pub(super) client: &'a ClientConfig,
    pub(super) report: &'a Report,
    pub(super) diagnostics: &'a Diagnostics,
    pub(super) snapshot: Snapshot<'a>,
    /// The canonical document.
    pub(super) document: Value,
    /// The canonical document before the overlay, if there is an overlay.
    pub(super) before_overlay: Option<Value>,
    /// The JSON pointers of the parts of the document that allow any JSON.
    pub(super) any_json: Vec<String>,
    /// The endpoints, by the JSON pointers of their operations.
    by_pointer: HashMap<String, &'a EndpointReport>,
}

impl<'a> Review<'a> {
    pub(super) fn new(
        inputs: &'a ClientInputs,
        output: &'a Output,
        diagnostics: &'a Diagnostics,
    ) -> Result<Review<'a>> {
        let report = &output.report;
        let document = serde_json::to_value(output.canonical.document())?;
        let before = output.before_overlay.as_ref();
        let pointer = |endpoint: &EndpointReport| {
            let method = endpoint.method.to_lowercase();
            format!("/paths/{}/{method}", escape(&endpoint.path))
        };
        Ok(Review {
            client: &inputs.config,
            report,
            diagnostics,
            snapshot: Snapshot::new(&inputs.files),
            any_json: any_json(&document),
            document,
            before_overlay: before
                .map(|before| serde_json::to_value(before.document()))
                .transpose()?,
            by_pointer: report
                .endpoints
                .iter()
                .map(|endpoint| (pointer(endpoint), endpoint))
                .collect(),
        })
    }

    /// Returns the endpoint that a JSON pointer into the canonical document leads to.
    pub(super) fn endpoint_at(&self, pointer: &str) -> Option<&'a EndpointReport> {
        let mut slashes = pointer.match_indices('/').map(|(at, _)| at).skip(3);
        let end = slashes.next().unwrap_or(pointer.len());
        self.by_pointer.get(&pointer[..end]).copied()
    }

    /// Returns the parts of each endpoint that allow any JSON, by the endpoint's name.
    pub(super) fn any_json_of_endpoints(&self) -> BTreeMap<&'a str, usize> {
        let mut counts = BTreeMap::new();
        for pointer in &self.any_json {
            if let Some(endpoint) = self.endpoint_at(pointer) {
                *counts.entry(endpoint.operation_id.as_str()).or_insert(0) += 1;
            }
        }
        counts
    }
}
