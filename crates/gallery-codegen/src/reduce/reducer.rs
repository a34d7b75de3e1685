//! Reductions, and the state of a reduction.

use std::collections::BTreeMap;

use gallery_spec::canonical::Canonical;

use super::reason::ReductionReason;

/// A part of a document that was changed or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reduction {
    /// The reason.
    pub reason: ReductionReason,
    /// The JSON pointer of the part in the canonical document.
    pub pointer: String,
    /// The defect, and what became of the part.
    pub message: String,
}

impl Reduction {
    pub(super) fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "reason": self.reason.code(),
            "at": self.pointer,
            "message": self.message,
        })
    }
}

/// The state of a reduction.
pub(super) struct Reducer<'a> {
    pub(super) canonical: &'a Canonical,
    pub(super) reductions: Vec<Reduction>,
    pub(super) kept_parameters: BTreeMap<String, Vec<usize>>,
}

impl Reducer<'_> {
    pub(super) fn push(
        &mut self,
        reason: ReductionReason,
        pointer: impl Into<String>,
        message: impl Into<String>,
    ) {
        self.reductions.push(Reduction {
            reason,
            pointer: pointer.into(),
            message: message.into(),
        });
    }
}
