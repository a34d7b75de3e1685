//! The context of a repair.

use crate::server_index::ServerIndex;
use gallery_draft::Change;
use openapi_text::Severity;

/// The input of a repair besides the operation, and the changes that it made.
pub(crate) struct RepairContext<'a> {
    pub(super) severity: Severity,
    pub(super) code: &'static str,
    pub(super) reduces: bool,
    pub(super) changes: Vec<Change>,
    /// True if the operation's document is named after it.
    pub(super) is_own: bool,
    /// The servers that the listing's index names.
    pub(super) servers: &'a ServerIndex,
}

impl RepairContext<'_> {
    /// Records a change of the part at `pointer`.
    pub(super) fn record(&mut self, pointer: &str, message: String) {
        self.changes.push(Change {
            severity: self.severity,
            code: self.code,
            pointer: pointer.to_owned(),
            message,
            reduces: self.reduces,
        });
    }
}
