//! What the changes of an API ask of the client's next version: how to count it up, and what its changelog should say.

use semver::Version;

use crate::change::{Change, Source, Wire};

/// Which part of a version goes up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bump {
    /// None: the client is the same.
    None,
    /// The last one.
    Patch,
    /// The middle one.
    Minor,
    /// The first one.
    Major,
}

/// How the next version differs from this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// Which part goes up.
    pub bump: Bump,
    /// The next version.
    pub version: Version,
    /// The entry of a changelog, in the form of Keep a Changelog, without date.
    pub changelog: String,
}

/// Counts a client's version up by what has changed, as cargo reads versions: what breaks callers' source asks for the first number that
/// is not zero, what is new for the one behind it, and everything else for the last one.
///
/// What breaks on the wire alone does not count as breaking: whoever keeps the old client has the same trouble, and a new version that
/// cargo takes by itself is the cure.
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

/// The sections of Keep a Changelog that an API's changes fall under, in its order.
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
        _ if change.revision.is_none() && id.ends_with("-removed") => "Removed",
        _ => "Changed",
    }
}

fn changelog(changes: &[Change], version: &Version) -> String {
    let mut text = format!("## [{version}]\n");
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

/// Prose by itself is for nobody's changelog.
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
