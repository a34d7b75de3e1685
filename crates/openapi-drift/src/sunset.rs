//! The sunset of deprecated parts: `x-sunset`, the date from which they may be removed.

use serde_json::Value;

use crate::comparer::Comparer;
use crate::rules::{self, Rule};
use crate::tree::{Node, Pair};
use crate::usage::{CallEffect, Use};
use crate::values::same_or_absent;
use openapi_text::date::Date;

impl<'d> Comparer<'d> {
    /// Reports a removed part: by the first rule, or by the second one if the part was deprecated
    /// and its sunset has come. `part` is the part with its references resolved.
    pub(crate) fn report_removed(
        &mut self,
        (rule, after_sunset): (&'static Rule, &'static Rule),
        part: Node<'d>,
        pair: Pair<'d>,
        wire: CallEffect,
        uses: Use,
        before: Option<Value>,
    ) {
        let sunset = part.get("x-sunset").filter(|_| part.flag("deprecated"));
        match sunset.map(date) {
            Some(Some(date)) if self.today.is_some_and(|today| date <= today) => {
                let levels = (uses.wire(after_sunset), uses.source(after_sunset));
                self.report_as(rule.id, after_sunset, pair, levels, (before, None));
                return;
            }
            Some(None) => {
                let at = Pair {
                    base: self.base.key(part, "x-sunset"),
                    revision: pair.revision.absent(),
                };
                self.report(&rules::SUNSET_INVALID, at, uses);
            }
            _ => {}
        }
        self.report_level(rule, pair, wire, uses.source(rule), before, None);
    }

    /// Compares the sunset of a part. It has no effect on parts that are not deprecated.
    pub(crate) fn sunset(&mut self, pair: Pair<'d>, sunset: Pair<'d>, uses: Use) {
        let (before, after) = (sunset.base.value, sunset.revision.value);
        if same_or_absent(before, after) {
            return;
        }
        let is_deprecated = pair.base.flag("deprecated") || pair.revision.flag("deprecated");
        let rule = match (before.map(date), after.map(date)) {
            _ if !is_deprecated => &rules::EXTENSION_CHANGED,
            (Some(None), _) | (_, Some(None)) => &rules::SUNSET_INVALID,
            (None, _) => &rules::SUNSET_ADDED,
            (_, None) => &rules::SUNSET_REMOVED,
            (before, after) if after < before => &rules::SUNSET_MOVED_EARLIER,
            (before, after) if after > before => &rules::SUNSET_MOVED_LATER,
            // The same date in another notation.
            _ => &rules::EXTENSION_CHANGED,
        };
        self.report(rule, sunset, uses);
    }
}

/// Parses a date, or a date with a time (RFC 3339), of which only the date counts.
fn date(value: &Value) -> Option<Date> {
    let text = value.as_str()?;
    let (date, _) = text.split_once(['T', 't', ' ']).unwrap_or((text, ""));
    date.parse().ok()
}
