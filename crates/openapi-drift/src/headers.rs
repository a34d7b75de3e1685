//! Compares headers.

use crate::comparer::Comparer;
use crate::matching::match_keys;
use crate::parameters::is_required;
use crate::rules::{self, Rule};
use crate::tree::Pair;
use crate::usage::{Types, Use};

impl<'d> Comparer<'d> {
    /// Compares the headers of a response or form field.
    pub(crate) fn headers(&mut self, headers: Pair<'d>, uses: Use) {
        let uses = uses.with(Types::None);
        for (base, revision) in match_keys(headers, str::to_ascii_lowercase) {
            let header = self.entry(headers, base, revision);
            let header = self.resolved(header);
            match (
                header.both(),
                header.base.is_present(),
                is_required(header.base) || is_required(header.revision),
            ) {
                (true, ..) => self.header(header, uses),
                (_, false, true) => self.report(&rules::REQUIRED_HEADER_ADDED, header, uses),
                (_, false, false) => self.report(&rules::OPTIONAL_HEADER_ADDED, header, uses),
                (_, true, true) => {
                    self.header_removed(&rules::REQUIRED_HEADER_REMOVED, header, uses);
                }
                (_, true, false) => {
                    self.header_removed(&rules::OPTIONAL_HEADER_REMOVED, header, uses);
                }
            }
        }
    }

    fn header_removed(&mut self, rule: &'static Rule, header: Pair<'d>, uses: Use) {
        self.report_removed(
            (rule, &rules::HEADER_REMOVED_AFTER_SUNSET),
            header.base,
            header,
            uses.wire(rule),
            uses,
            header.base.value.cloned(),
        );
    }

    /// Compares a header that both documents have.
    fn header(&mut self, header: Pair<'d>, uses: Use) {
        if !self.mark(header, uses) {
            return;
        }
        match (is_required(header.base), is_required(header.revision)) {
            (false, true) => self.report_flag(&rules::HEADER_BECAME_REQUIRED, header, uses, true),
            (true, false) => self.report_flag(&rules::HEADER_BECAME_OPTIONAL, header, uses, false),
            _ => {}
        }
        self.flags(header, &["required"], uses);
        self.serialization(header, uses);
        self.others(
            header,
            uses,
            &["required", "style", "explode", "schema", "content"],
        );
    }
}
