//! Validates `allOf`, `oneOf`, `anyOf` and `not`.

use std::collections::HashSet;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::discriminator::Choice;
use super::limits::shown;
use super::validation::{At, Validation};
use super::validator::SchemaViolation;

/// Maximum length of the reasons of an alternative, since alternatives can be nested.
const REASONS: usize = 4096;

impl Validation<'_> {
    pub(super) fn combined(
        &self,
        schema: &Value,
        keywords: &Map<String, Value>,
        at: At<'_>,
        violations: &mut Vec<SchemaViolation>,
    ) {
        let deeper = At {
            depth: at.depth + 1,
            ..at
        };
        let list = |keyword: &str| {
            let list = keywords.get(keyword).and_then(Value::as_array);
            list.filter(|list| !list.is_empty())
        };
        for part in list("allOf").into_iter().flatten() {
            violations.extend_from_slice(&self.at(part, deeper));
        }
        match self.choice(schema, at.value) {
            Choice::Schema(chosen) => violations.extend_from_slice(&self.at(chosen, deeper)),
            Choice::Unknown(violation) => violations.push(SchemaViolation {
                pointer: format!("{}{}", at.pointer, violation.pointer),
                ..violation
            }),
            Choice::Any => {
                for keyword in ["oneOf", "anyOf"] {
                    let alternatives = list(keyword);
                    violations.extend(
                        alternatives.and_then(|alternatives| {
                            self.alternatives(keyword, alternatives, deeper)
                        }),
                    );
                }
            }
        }
        let not = keywords.get("not");
        if let Some(not) = not.filter(|not| self.at(not, deeper).is_empty()) {
            violations.push(at.violation(format!(
                "is {}, which `not` excludes: {}",
                shown(at.value),
                shown(not)
            )));
        }
        // Parts that share a schema share its violations.
        let mut seen = HashSet::new();
        violations.retain(|own| seen.insert((own.pointer.clone(), own.reason.clone())));
    }

    fn alternatives(
        &self,
        keyword: &str,
        alternatives: &[Value],
        at: At<'_>,
    ) -> Option<SchemaViolation> {
        let tried: Vec<Rc<[SchemaViolation]>> =
            alternatives.iter().map(|part| self.at(part, at)).collect();
        let fitting = tried.iter().filter(|tried| tried.is_empty()).count();
        match fitting {
            0 => Some(nearest(at, keyword, &tried)),
            2.. if keyword == "oneOf" => Some(at.violation(format!(
                "matches {fitting} alternatives of `oneOf`: {}",
                shown(at.value)
            ))),
            _ => None,
        }
    }
}

/// Reports the alternative whose violations are deepest in the value: it is most likely the
/// intended one.
fn nearest(at: At<'_>, keyword: &str, tried: &[Rc<[SchemaViolation]>]) -> SchemaViolation {
    let depth = |violations: &[SchemaViolation]| {
        let depths = violations
            .iter()
            .map(|own| own.pointer.matches('/').count());
        depths.max().unwrap_or(0)
    };
    let best = tried
        .iter()
        .rev()
        .max_by_key(|violations| (depth(violations), std::cmp::Reverse(violations.len())));
    let mut reasons = String::new();
    for violation in best.into_iter().flat_map(|best| best.iter()) {
        let inner = violation.pointer.strip_prefix(at.pointer);
        if !reasons.is_empty() {
            reasons.push_str(", and ");
        }
        match inner.unwrap_or_default() {
            "" => reasons.push_str(&format!("it {}", violation.reason)),
            inner => reasons.push_str(&format!("`{inner}` {}", violation.reason)),
        }
        if reasons.len() > REASONS {
            let end = (0..=REASONS)
                .rev()
                .find(|end| reasons.is_char_boundary(*end));
            reasons.truncate(end.unwrap_or_default());
            reasons.push('…');
            break;
        }
    }
    at.violation(format!(
        "matches none of the {} alternatives of `{keyword}`; closest: {reasons}",
        tried.len()
    ))
}
