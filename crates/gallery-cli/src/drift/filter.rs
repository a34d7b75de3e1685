//! Hides differences by level, rule and path. Hidden differences are counted, and never fail.

use std::collections::BTreeSet;
use std::str::FromStr;

use clap::{Args, ValueEnum};
use globset::{GlobBuilder, GlobMatcher};
use openapi_drift::{Severity, check_rule_id};
use openapi_text::template;

use super::report::{Comparison, RatedChange};

/// Options for hiding differences. Hidden differences are counted, and do not fail the run.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Filters (hidden differences are counted, and never fail)")]
pub struct FilterArgs {
    /// Show only differences that are at least this severe
    #[arg(long, value_enum)]
    pub level: Option<Level>,
    /// Hide the differences of a severity or a rule: `wire`, `source`, `docs`, `any`, or a rule of
    /// docs/drift-rules.md. Can be repeated
    #[arg(long, value_name = "SEVERITY|RULE", value_parser = str::parse::<Excluded>)]
    pub exclude: Vec<Excluded>,
    /// Show only differences of matching paths, and those of the whole API, such as its servers.
    /// `*` matches within a segment, `**` any number of segments, `{id}` any variable. A component
    /// belongs to the paths that use it. Can be repeated
    #[arg(long, value_name = "GLOB", value_parser = str::parse::<PathPattern>)]
    pub path: Vec<PathPattern>,
    /// Hide differences of matching paths. Can be repeated
    #[arg(long, value_name = "GLOB", value_parser = str::parse::<PathPattern>)]
    pub exclude_path: Vec<PathPattern>,
}

/// The minimum severity of shown differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Level {
    /// A call that used to work may be rejected
    Wire,
    /// Also, code may no longer compile
    Source,
    /// Also, documentation changed
    Docs,
}

impl Level {
    fn severity(self) -> Severity {
        match self {
            Level::Wire => Severity::Wire,
            Level::Source => Severity::Source,
            Level::Docs => Severity::Docs,
        }
    }
}

/// A kind of differences that is hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Excluded {
    /// The differences of one severity.
    Severity(Severity),
    /// The differences of one rule.
    Rule(String),
}

impl FromStr for Excluded {
    type Err = String;

    fn from_str(text: &str) -> Result<Excluded, String> {
        if let Some(severity) = Severity::parse(text) {
            return Ok(Excluded::Severity(severity));
        }
        check_rule_id(text)?;
        Ok(Excluded::Rule(text.to_owned()))
    }
}

/// A pattern of path templates.
#[derive(Clone, Debug)]
pub struct PathPattern {
    text: String,
    matcher: GlobMatcher,
}

impl FromStr for PathPattern {
    type Err = globset::Error;

    fn from_str(text: &str) -> Result<PathPattern, globset::Error> {
        // The names of variables differ between documents. Braces are not alternatives.
        let glob = template::by_position(text)
            .replace('{', "[{]")
            .replace('}', "[}]");
        let matcher = GlobBuilder::new(&glob)
            .literal_separator(true)
            .build()?
            .compile_matcher();
        Ok(PathPattern {
            text: text.to_owned(),
            matcher,
        })
    }
}

impl FilterArgs {
    /// Removes the hidden differences from the comparisons, and counts them.
    ///
    /// Returns a warning for each pattern that matches no path.
    pub(crate) fn apply(&self, comparisons: &mut [Comparison]) -> Vec<String> {
        let warnings = self.unmatched(comparisons);
        for comparison in comparisons {
            let selected: BTreeSet<&str> = comparison
                .paths
                .iter()
                .map(String::as_str)
                .filter(|path| self.selects(path))
                .collect();
            let before = comparison.changes.len();
            comparison
                .changes
                .retain(|rated| self.shows(rated) && self.shows_location(rated, &selected));
            comparison.hidden = before - comparison.changes.len();
        }
        warnings
    }

    /// Returns a warning for each pattern that matches no path of any document.
    fn unmatched(&self, comparisons: &[Comparison]) -> Vec<String> {
        let options = [
            ("--path", &self.path),
            ("--exclude-path", &self.exclude_path),
        ];
        let patterns = options
            .iter()
            .flat_map(|(option, patterns)| patterns.iter().map(move |pattern| (option, pattern)));
        let is_unmatched = |pattern: &PathPattern| {
            !comparisons
                .iter()
                .flat_map(|comparison| &comparison.paths)
                .any(|path| pattern.matcher.is_match(path))
        };
        patterns
            .filter(|(_, pattern)| is_unmatched(pattern))
            .map(|(option, pattern)| {
                format!(
                    "{option} {} matches no path of the compared documents",
                    pattern.text.escape_debug()
                )
            })
            .collect()
    }

    /// Returns true if the options select the operations of a path.
    fn selects(&self, path: &str) -> bool {
        let matches = |patterns: &[PathPattern]| {
            patterns
                .iter()
                .any(|pattern| pattern.matcher.is_match(path))
        };
        (self.path.is_empty() || matches(&self.path)) && !matches(&self.exclude_path)
    }

    /// Returns true if a difference is shown, wherever it is.
    fn shows(&self, rated: &RatedChange) -> bool {
        let is_excluded = self.exclude.iter().any(|excluded| match excluded {
            Excluded::Severity(severity) => *severity == rated.severity,
            Excluded::Rule(rule) => rule == rated.change.rule.id,
        });
        !is_excluded
            && self
                .level
                .is_none_or(|level| rated.severity >= level.severity())
    }

    /// Returns true if the differences in a location are shown.
    fn shows_location(&self, rated: &RatedChange, selected: &BTreeSet<&str>) -> bool {
        // A component can have many users, so they are read only if they matter.
        if self.path.is_empty() && self.exclude_path.is_empty() {
            return true;
        }
        match rated.paths() {
            None => true,
            // A component without users.
            Some(paths) if paths.is_empty() => self.path.is_empty(),
            Some(paths) => paths.iter().any(|path| selected.contains(path.as_str())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_paths() {
        let matches = |pattern: &str, path: &str| {
            let pattern: PathPattern = pattern.parse().unwrap();
            pattern.matcher.is_match(template::by_position(path))
        };
        for (pattern, path, expected) in [
            ("/a", "/a", true),
            ("/a", "/a/b", false),
            ("/a/*", "/a/b", true),
            ("/a/*", "/a/b/c", false),
            ("/a/**", "/a/b/c", true),
            ("/a/{id}", "/a/{key}", true),
            ("/a/{x,y}", "/a/x", false),
            ("/a/*", "/a/{key}", true),
            ("/a/{}.json", "/a/{id}.json", true),
            ("**/c", "/a/b/c", true),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
        assert!("/a/[".parse::<PathPattern>().is_err());
    }

    #[test]
    fn unknown_rules_are_errors() {
        assert_eq!(
            "docs".parse::<Excluded>(),
            Ok(Excluded::Severity(Severity::Docs))
        );
        assert_eq!(
            "endpoint-added".parse::<Excluded>(),
            Ok(Excluded::Rule("endpoint-added".to_owned()))
        );
        let error = "endpoint-add".parse::<Excluded>().unwrap_err();
        assert!(error.contains("did you mean `endpoint-added`?"), "{error}");
    }
}
