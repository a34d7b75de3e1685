//! The command `drift approve`: approves a difference.

use std::io::Write;
use std::path::Path;

use anyhow::{Result, bail};
use clap::Args;
use gallery_regen::exit::Exit;
use gallery_regen::limited;
use gallery_regen::start::start;
use gallery_regen::sync::{self, DesiredFiles};
use gallery_regen::text::counted;
use gallery_spec::approvals::{self, Approval, is_fingerprint};
use gallery_spec::command::recommend;
use gallery_spec::date::Date;

use super::compare::{CompareOutcome, ComparedArgs, compare, today};
use super::report::RatedChange;

/// Options of `drift approve`.
#[derive(Args, Clone, Debug)]
pub struct ApproveArgs {
    /// Fingerprint of the difference, as printed by `drift`
    pub fingerprint: String,
    /// Reason why the difference is acceptable
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Last day of the approval, YYYY-MM-DD
    #[arg(long, value_name = "DATE", value_parser = str::parse::<Date>)]
    pub until: Option<Date>,
    /// The documents to compare.
    #[command(flatten)]
    pub compared: ComparedArgs,
}

pub(crate) fn approve(
    root: &Path,
    args: &ApproveArgs,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    if !is_fingerprint(&args.fingerprint) {
        bail!(
            "invalid fingerprint `{}`: expected 16 lowercase hexadecimal digits",
            args.fingerprint.escape_debug()
        );
    }
    if args.reason.trim().is_empty() {
        bail!("the reason is empty; explain why the difference is acceptable");
    }
    let today = args.compared.today.unwrap_or_else(today);
    if let Some(until) = args.until.filter(|until| *until < today) {
        bail!("{until} is in the past: today is {today}");
    }
    let CompareOutcome {
        comparisons, exit, ..
    } = compare(root, &args.compared, err)?;
    let is_match = |rated: &&RatedChange| rated.change.fingerprint == args.fingerprint;
    let matches: Vec<(&str, &RatedChange)> = comparisons
        .iter()
        .filter_map(|comparison| {
            let rated = comparison.changes.iter().find(is_match)?;
            Some((comparison.client.as_deref()?, rated))
        })
        .collect();
    let (client, rated) = match matches[..] {
        [one] => one,
        [] if exit != Exit::Fine => return Ok(exit),
        [] => {
            let all = comparisons
                .iter()
                .map(|comparison| comparison.changes.len())
                .sum();
            bail!(
                "no difference has the fingerprint {}; {} shows all {}",
                args.fingerprint,
                recommend("drift"),
                counted(all, "difference")
            )
        }
        _ => {
            let clients: Vec<&str> = matches.iter().map(|(client, _)| *client).collect();
            bail!(
                "several clients have this difference; add the name of one: {}",
                clients.join(", ")
            )
        }
    };
    let _run = start(root, out)?;
    let path = format!("specs/{client}/{}", approvals::FILE_NAME);
    let text = limited::read_file(&root.join(&path), &path)?;
    let text = text.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let approval = Approval::of(&rated.change, args.reason.trim(), args.until);
    let mut desired = DesiredFiles::default();
    desired.insert(&path, approvals::add(&path, text.as_deref(), &approval)?);
    sync::write(&sync::compare(&desired, root)?, &desired, root)?;
    writeln!(
        out,
        "{client}: {} is approved in {path}",
        rated.change.rule.id
    )?;
    Ok(Exit::Fine)
}
