//! Suggests the next version of a client and a changelog entry.

use semver::Version;

use crate::change::Change;
use crate::level::{Source, Wire};

/// The part of a version that is incremented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bump {
    /// No part: the client is unchanged.
    None,
    /// The third number.
    Patch,
    /// The second number.
    Minor,
    /// The first number.
    Major,
}

/// A suggestion for the next version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// The part of the version that is incremented.
    pub bump: Bump,
    /// The next version.
    pub version: Version,
    /// A changelog entry in the format of Keep a Changelog, without a date.
    pub changelog: String,
}

impl Advice {
    /// Raises the version to `version` if it is lower.
    #[must_use]
    pub fn at_least(mut self, version: &Version) -> Advice {
        if self.version < *version {
            let sections = self.changelog.strip_prefix(&heading(&self.version));
            self.changelog = heading(version) + sections.unwrap_or_default();
            self.version = version.clone();
        }
        self
    }
}

/// Suggests the next version of a client by Cargo's rules: changes that break code increment the
/// first nonzero number, additions the number after it, and other changes the last number.
///
/// Changes that break only calls do not count as breaking. The old client fails as well, so Cargo
/// should pick the new version automatically.
pub fn advice(changes: &[Change], current: &Version) -> Advice {
    let worst = changes
        .iter()
        .map(|change| change.source)
        .max()
        .unwrap_or(Source::None);
    let visible = changes
        .iter()
        .any(|change| change.source > Source::None || change.wire > Wire::None || change.docs);
    let bump = match (worst, current.major, current.minor) {
        (Source::Breaking, 0, 0) => Bump::Patch,
        (Source::Breaking, 0, _) => Bump::Minor,
        (Source::Breaking, ..) => Bump::Major,
        (Source::Safe, 0, _) => Bump::Patch,
        (Source::Safe, ..) => Bump::Minor,
        (Source::None, ..) if visible => Bump::Patch,
        (Source::None, ..) => Bump::None,
    };
    let Version {
        major,
        minor,
        patch,
        ..
    } = *current;
    let version = match bump {
        Bump::None => current.clone(),
        // A pre-release becomes the release that it is for.
        Bump::Patch if !current.pre.is_empty() => Version::new(major, minor, patch),
        Bump::Patch => Version::new(major, minor, patch.saturating_add(1)),
        Bump::Minor if !current.pre.is_empty() && patch == 0 => Version::new(major, minor, 0),
        Bump::Minor => Version::new(major, minor.saturating_add(1), 0),
        Bump::Major if !current.pre.is_empty() && minor == 0 && patch == 0 => {
            Version::new(major, 0, 0)
        }
        Bump::Major => Version::new(major.saturating_add(1), 0, 0),
    };
    Advice {
        bump,
        changelog: changelog(changes, &version),
        version,
    }
}

/// The sections of Keep a Changelog, in its order.
const SECTIONS: &[&str] = &["Added", "Changed", "Deprecated", "Removed", "Security"];

fn section(change: &Change) -> &'static str {
    let id = change.rule.id;
    match id {
        "deprecated" => "Deprecated",
        _ if id.starts_with("security-")
            || id.starts_with("oauth-")
            || id.starts_with("bearer-") =>
        {
            "Security"
        }
        _ if change.base.is_none() && id.ends_with("-added") => "Added",
        _ if id.ends_with("-after-sunset") => "Removed",
        _ if change.revision.is_none() && id.ends_with("-removed") => "Removed",
        _ => "Changed",
    }
}

fn heading(version: &Version) -> String {
    format!("## {version}\n")
}

fn changelog(changes: &[Change], version: &Version) -> String {
    let mut text = heading(version);
    for title in SECTIONS {
        let mut lines: Vec<String> = changes
            .iter()
            .filter(|change| section(change) == *title && counts(change))
            .map(line)
            .collect();
        lines.dedup();
        if !lines.is_empty() {
            text.push_str(&format!("\n### {title}\n\n{}\n", lines.join("\n")));
        }
    }
    text
}

/// Returns true if the change belongs in a changelog; changed prose alone does not.
fn counts(change: &Change) -> bool {
    change.source > Source::None || change.wire > Wire::None || change.rule.id == "deprecated"
}

fn line(change: &Change) -> String {
    let breaking = match (change.wire, change.source) {
        (Wire::Breaking, Source::Breaking) => "**Breaking, over the wire and in source:** ",
        (Wire::Breaking, _) => "**Breaking over the wire:** ",
        (_, Source::Breaking) => "**Breaking in source:** ",
        _ => "",
    };
    format!(
        "- {breaking}`{}`: {}.",
        change.location.replace('`', "'"),
        change.message
    )
}
