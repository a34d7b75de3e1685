//! Reads unions whose alternatives read each other's values. For the derive macro
//! [`ReadClosest`](crate::ReadClosest).

use std::cell::Cell;

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// The maximum number of attempts to read a part of a value, on average.
///
/// Unions in each other multiply the attempts. Without a limit, a short response with a deep value
/// would take hours. serde_json reads at most 128 levels, so the limit allows one attempt for each
/// union of a value.
const ATTEMPTS: usize = 128;

thread_local! {
    /// The number of parts that may still be read for the outermost value.
    static BUDGET: Cell<Option<usize>> = const { Cell::new(None) };
}

/// A value and the alternative that loses the fewest of its properties so far.
pub struct Closest<T> {
    value: Value,
    size: usize,
    best: Option<(usize, T)>,
    /// Why the alternatives so far cannot read the value.
    errors: Vec<String>,
    _outermost: Option<Outermost>,
}

/// Resets the budget after the outermost value.
struct Outermost;

impl Drop for Outermost {
    fn drop(&mut self) {
        BUDGET.set(None);
    }
}

impl<T> Closest<T> {
    /// Reads a value.
    pub fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Closest<T>, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let size = size(&value);
        let outermost = BUDGET.get().is_none().then(|| {
            BUDGET.set(Some(size.saturating_mul(ATTEMPTS)));
            Outermost
        });
        Ok(Closest {
            value,
            size,
            best: None,
            errors: Vec::new(),
            _outermost: outermost,
        })
    }

    /// Reads the value as an alternative, unless an earlier one loses nothing, or the value was
    /// tried too often.
    pub fn offer<A: DeserializeOwned + Serialize>(&mut self, variant: fn(A) -> T) {
        let fewest = self.best.as_ref().map_or(usize::MAX, |(lost, _)| *lost);
        if fewest == 0 {
            return;
        }
        let Some(budget) = BUDGET.get().and_then(|left| left.checked_sub(self.size)) else {
            self.errors
                .push(format!("`{}`: too many attempts", name_of::<A>()));
            return;
        };
        BUDGET.set(Some(budget));
        let own = A::deserialize(&self.value).and_then(|own| {
            let kept = serde_json::to_value(&own)?;
            Ok((lost(&self.value, &kept), own))
        });
        match own {
            Ok((lost, own)) if lost < fewest => self.best = Some((lost, variant(own))),
            Ok(_) => {}
            Err(error) => self.errors.push(format!("`{}`: {error}", name_of::<A>())),
        }
    }

    /// Returns the best alternative.
    pub fn into_result<E: Error>(self) -> Result<T, E> {
        let reasons = || E::custom(format!("no alternative: {}", self.errors.join("; ")));
        self.best.map(|(_, own)| own).ok_or_else(reasons)
    }
}

/// Returns the number of parts of a value.
fn size(value: &Value) -> usize {
    match value {
        Value::Object(map) => 1 + map.values().map(size).sum::<usize>(),
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        _ => 1,
    }
}

/// Returns the name of a type without its module.
fn name_of<A>() -> &'static str {
    let name = std::any::type_name::<A>().trim_end_matches('>');
    name.rsplit("::").next().unwrap_or(name)
}

/// Returns the number of properties of a value that another one lacks. Null counts as absent.
fn lost(value: &Value, kept: &Value) -> usize {
    match (value, kept) {
        (Value::Object(value), Value::Object(kept)) => {
            let lost = value.iter().map(|(name, own)| match kept.get(name) {
                Some(kept) => lost(own, kept),
                None => usize::from(!own.is_null()),
            });
            lost.sum()
        }
        (Value::Array(value), Value::Array(kept)) => value
            .iter()
            .zip(kept)
            .map(|(own, kept)| lost(own, kept))
            .sum(),
        _ => 0,
    }
}
