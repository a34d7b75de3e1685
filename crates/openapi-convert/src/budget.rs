//! A limit for copies of values.

use serde_json::Value;

/// The maximum number of values that are copied, so that memory stays linear in the document.
pub(crate) struct Budget(usize);

impl Budget {
    /// Allows a number of copies of some values, or many copies of few.
    pub(crate) fn new(values: usize) -> Self {
        Budget(values.saturating_mul(20).max(100_000))
    }

    /// Copies a value, if the budget allows it.
    pub(crate) fn copy(&mut self, value: &Value) -> Option<Value> {
        let limit = self.0;
        // After the first refusal nothing is counted, so that time is linear as well.
        let count = count(value, std::mem::take(&mut self.0))?;
        self.0 = limit.saturating_sub(count);
        Some(value.clone())
    }
}

/// Counts the values in a value, up to a limit.
pub(crate) fn count(value: &Value, limit: usize) -> Option<usize> {
    let (mut values, mut count) = (vec![value], 0);
    while let Some(value) = values.pop() {
        count += 1;
        if count > limit {
            return None;
        }
        match value {
            Value::Array(items) => values.extend(items),
            Value::Object(entries) => values.extend(entries.values()),
            _ => {}
        }
    }
    Some(count)
}
