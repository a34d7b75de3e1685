//! The command `changelog`: adds entries to the changelogs of clients, and sets their versions.

use std::convert::Infallible;
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use clap::Args;
use gallery_regen::client_args::ClientArgs;
use gallery_regen::exit::Exit;
use gallery_regen::start::start;
use gallery_regen::sync::{self, DesiredFiles};
use gallery_regen::text::{counted, print_written};
use gallery_spec::changelog::{self, merge};
use gallery_spec::command::recommend;
use gallery_spec::date::Date;
use gallery_spec::workspace::{clients, read};
use gallery_spec::{config, edit};
use openapi_drift::{Bump, Change, advice};

use crate::drift::Against;
use crate::drift::compare::{ComparedArgs, compare, today};
use crate::drift::report::{Comparison, NextVersion, RatedChange};
use crate::escape::{message, plain};

/// Add an entry to the changelog of a client, and set its version
///
/// Compares each client with the one at a revision, as `drift` does. Adds the differences to
/// specs/CLIENT/CHANGELOG.md, and raises the version in specs/gallery.toml if they require it. An
/// entry `## Unreleased` becomes that of the version. Text that you wrote is kept, so the command
/// can be repeated. Afterwards, `regen` updates the crate.
///
/// Exit status: 0 success, 2 wrong usage, 100 other errors.
#[derive(Args, Clone, Debug)]
pub struct ChangelogArgs {
    /// The client.
    #[command(flatten)]
    pub client: ClientArgs,
    /// Git revision of the last release, such as git:v0.1.0
    #[arg(long, value_name = "git:REV", value_parser = revision)]
    pub against: Against,
    /// The date of a new entry [default: today, in UTC]
    #[arg(long, value_name = "DATE", value_parser = str::parse::<Date>)]
    pub today: Option<Date>,
}

/// Parses the revision of the last release.
fn revision(text: &str) -> Result<Against, String> {
    let Ok::<_, Infallible>(against) = text.parse();
    match against {
        Against::Git(_) => Ok(against),
        Against::Upstream | Against::Dir(_) => Err("expected git:REV".to_owned()),
    }
}

pub(crate) fn changelog(
    root: &Path,
    args: &ChangelogArgs,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    let run = start(root, out)?;
    let date = args.today.unwrap_or_else(today);
    let compared = ComparedArgs {
        client: args.client.clone(),
        against: args.against.clone(),
        today: Some(date),
        ..ComparedArgs::default()
    };
    let outcome = compare(root, &compared, err)?;
    if outcome.exit != Exit::Fine {
        return Ok(outcome.exit);
    }
    let mut settings = fs::read_to_string(root.join(config::PATH)).context(config::PATH)?;
    let mut desired = DesiredFiles::default();
    for comparison in &outcome.comparisons {
        let Some(next) = &comparison.next_version else {
            continue;
        };
        let client = clients(&run.config, comparison.client.as_deref())?.remove(0);
        let (name, version) = (&client.name, &next.advice.version);
        for part in &comparison.not_compared {
            let part = plain(part);
            writeln!(
                err,
                "warning: {name}: {part}; describe its changes in the entry"
            )?;
        }
        let path = changelog::path(&client);
        let text = read(root, &path)?.unwrap_or_else(|| changelog::title(&client));
        if next.advice.bump == Bump::None
            && *version == next.current
            && changelog::has_entry(&text, &client.version)
        {
            writeln!(out, "{name}: no differences; the version stays {version}")?;
            continue;
        }
        let otherwise = match comparison.changes.is_empty() {
            true => "- No change of the API.",
            false => "- The documentation of the API changed.",
        };
        let merged = merge(&text, version, date, &entry(comparison, next), otherwise);
        writeln!(out, "{name}: {} → {version}", next.current)?;
        for line in merged.reworded {
            let line = plain(&line);
            writeln!(
                out,
                "  not added, because the entry names the location: {line}"
            )?;
        }
        settings = edit::set_version(&settings, name, &version.to_string())?;
        desired.insert(path, merged.text);
    }
    desired.insert(config::PATH, settings);
    let stale = sync::compare(&desired, root)?;
    sync::write(&stale, &desired, root)?;
    print_written(&stale, out)?;
    match stale.len() {
        0 => writeln!(out, "nothing to write")?,
        count => writeln!(
            out,
            "{} written; review the entry, then run {}",
            counted(count, "file"),
            recommend("regen")
        )?,
    }
    Ok(Exit::Fine)
}

/// Returns the entry for the differences, with text of documents escaped for Markdown.
fn entry(comparison: &Comparison, next: &NextVersion) -> String {
    let escaped = |rated: &RatedChange| Change {
        location: plain(&rated.change.location),
        message: message(&rated.change.message),
        ..rated.change.clone()
    };
    let changes: Vec<Change> = comparison.changes.iter().map(escaped).collect();
    let advice = advice(&changes, &next.current);
    advice.at_least(&next.advice.version).changelog
}
