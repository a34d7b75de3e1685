//! Statuses of responses.

use std::fmt;

use heck::ToPascalCase;
use openapiv3::StatusCode;

/// The key of a response: a status, a range such as `4XX`, or `default`. Ordered from specific to
/// general.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum StatusKey {
    Code(u16),
    /// All statuses that begin with this digit.
    Range(u16),
    Default,
}

impl From<&StatusCode> for StatusKey {
    fn from(status: &StatusCode) -> StatusKey {
        match status {
            StatusCode::Code(code) => StatusKey::Code(*code),
            StatusCode::Range(digit) => StatusKey::Range(*digit),
        }
    }
}

impl fmt::Display for StatusKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StatusKey::Code(code) => write!(f, "{code}"),
            StatusKey::Range(digit) => write!(f, "{digit}XX"),
            StatusKey::Default => f.write_str("default"),
        }
    }
}

impl StatusKey {
    /// Returns the first digit of the statuses. `None` for `default`.
    pub(crate) fn class(self) -> Option<u16> {
        match self {
            StatusKey::Code(code) => Some(code / 100),
            StatusKey::Range(digit) => Some(digit),
            StatusKey::Default => None,
        }
    }

    /// Returns the name of the variant of an enum of responses: the reason phrase of the status.
    pub(crate) fn variant(self) -> String {
        match self {
            StatusKey::Code(code) => {
                let status = http::StatusCode::from_u16(code).ok();
                let reason = status.and_then(|status| status.canonical_reason());
                reason.map_or_else(
                    || format!("Status{code}"),
                    |reason| reason.replace('\'', "").to_pascal_case(),
                )
            }
            StatusKey::Range(2) => "Success".to_owned(),
            StatusKey::Range(4) => "ClientError".to_owned(),
            StatusKey::Range(5) => "ServerError".to_owned(),
            StatusKey::Range(digit) => format!("Status{digit}xx"),
            StatusKey::Default => "Default".to_owned(),
        }
    }

    /// Returns the pattern of the statuses in a `match`.
    pub(crate) fn pattern(self) -> String {
        match self {
            StatusKey::Code(code) => code.to_string(),
            StatusKey::Range(digit) => format!("{digit}00..={digit}99"),
            StatusKey::Default => "_".to_owned(),
        }
    }
}

/// A list of statuses. A single digit stands for a range, such as `5` for `5XX`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Statuses(Vec<u16>);

/// Returns the statuses of these keys. `default` stands for all statuses of `classes`.
pub(crate) fn listed(keys: impl Iterator<Item = StatusKey>, classes: &[u16]) -> Statuses {
    let mut all = Vec::new();
    for key in keys {
        match key {
            StatusKey::Code(status) | StatusKey::Range(status) => all.push(status),
            StatusKey::Default => all.extend(classes),
        }
    }
    Statuses(all)
}

impl Statuses {
    pub(crate) fn joined(lists: [&Statuses; 2]) -> Statuses {
        Statuses(
            lists
                .iter()
                .flat_map(|list| list.0.iter().copied())
                .collect(),
        )
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns true if the list contains a range.
    pub(crate) fn has_range(&self) -> bool {
        self.0.iter().any(|status| *status < 10)
    }

    /// Returns the list without its ranges.
    pub(crate) fn without_ranges(self) -> Statuses {
        Statuses(self.0.into_iter().filter(|status| *status >= 10).collect())
    }

    /// Returns true if the list contains all statuses of these classes.
    pub(crate) fn is_whole(&self, classes: &[u16]) -> bool {
        classes.iter().all(|class| self.0.contains(class))
    }

    /// Returns the list as an expression.
    pub(crate) fn text(&self) -> String {
        format!("&{:?}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_variants_after_reason_phrases() {
        let names = [200, 204, 404, 418, 422, 499].map(|code| StatusKey::Code(code).variant());
        let expected = [
            "Ok",
            "NoContent",
            "NotFound",
            "ImATeapot",
            "UnprocessableEntity",
            "Status499",
        ];
        assert_eq!(names, expected);
        let keys = [StatusKey::Range(4), StatusKey::Range(5), StatusKey::Default];
        let names = keys.map(StatusKey::variant);
        assert_eq!(names, ["ClientError", "ServerError", "Default"]);
    }

    #[test]
    fn default_stands_for_all_classes() {
        let all = listed(
            [StatusKey::Code(404), StatusKey::Default].into_iter(),
            &[4, 5],
        );
        assert_eq!(all.text(), "&[404, 4, 5]");
        assert!(all.is_whole(&[4, 5]));
        assert!(!listed([StatusKey::Range(4)].into_iter(), &[4, 5]).is_whole(&[4, 5]));
    }
}
