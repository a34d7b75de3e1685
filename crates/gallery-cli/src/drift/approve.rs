//! The command `drift approve`.

use std::io::Write;
use std::path::Path;

use anyhow::{Result, bail};
use clap::Args;
use gallery_spec::approvals::{self, Approval, is_fingerprint};
use gallery_spec::command::recommend;
use gallery_spec::date::Date;

use super::report::Judged;
use super::{ComparedArgs, Found, compare, today};
use crate::exit::Exit;
use crate::start::start;
use crate::sync::{self, DesiredFiles};
use crate::text::counted;

/// The difference to approve, and the reason.
#[derive(Args, Clone, Debug)]
pub struct ApproveArgs {
    /// Fingerprint of the difference, as printed by `drift`
    pub fingerprint: String,
    /// Why the difference is acceptable
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
            "invalid fingerprint `{}`: it has 16 lowercase hexadecimal digits",
            args.fingerprint.escape_debug()
        );
    }
    if args.reason.trim().is_empty() {
        bail!("the reason is empty; say why the difference is acceptable");
    }
    let today = args.compared.today.unwrap_or_else(today);
    if let Some(until) = args.until.filter(|until| *until < today) {
        bail!("{until} is in the past: today is {today}");
    }
    let Found {
        comparisons, exit, ..
    } = compare(root, &args.compared, err)?;
    let is_meant = |judged: &&Judged| judged.change.fingerprint == args.fingerprint;
    let found: Vec<(&str, &Judged)> = comparisons
        .iter()
        .filter_map(|of| Some((of.client.as_deref()?, of.changes.iter().find(is_meant)?)))
        .collect();
    let (client, judged) = match found[..] {
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
            let clients: Vec<&str> = found.iter().map(|(client, _)| *client).collect();
            bail!(
                "several clients have that difference: choose one of {} with --client",
                clients.join(", ")
            )
        }
    };
    let _run = start(root, out)?;
    let path = format!("specs/{client}/{}", approvals::FILE_NAME);
    let text = super::listing::file(&root.join(&path), &path)?;
    let text = text.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let approval = Approval::of(&judged.change, args.reason.trim(), args.until);
    let mut desired = DesiredFiles::default();
    desired.insert(&path, approvals::add(&path, text.as_deref(), &approval)?);
    sync::write(&sync::compare(&desired, root)?, &desired, root)?;
    writeln!(
        out,
        "{client}: {} is approved in {path}",
        judged.change.rule.id
    )?;
    Ok(Exit::Fine)
}
