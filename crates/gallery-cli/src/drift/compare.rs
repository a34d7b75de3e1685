//! Compares the documents of clients, for `drift` and `drift approve`.

use std::io::Write;
use std::path::Path;
use std::time::SystemTime;

use anyhow::Result;
use clap::Args;
use gallery_regen::client_args::ClientArgs;
use gallery_regen::exit::Exit;
use gallery_spec::date::Date;
use gallery_spec::workspace::Workspace;

use super::clients::{Against, Comparer, OtherSide};
use super::report::Comparison;
use crate::upstream::SourceArgs;

/// The documents to compare.
#[derive(Args, Clone, Debug, Default)]
pub struct ComparedArgs {
    /// The client.
    #[command(flatten)]
    pub client: ClientArgs,
    /// Compare with `upstream`, with a directory that contains a mirror or a listing, or with
    /// `git:REV`. A revision is the older side, and needs no network access
    #[arg(long, value_name = "upstream|DIR|git:REV", default_value = "upstream", value_parser = str::parse::<Against>)]
    pub against: Against,
    /// The date for checking approvals and sunsets [default: today, in UTC]
    #[arg(long, value_name = "DATE", value_parser = str::parse::<Date>)]
    pub today: Option<Date>,
    /// The source of listings.
    #[command(flatten)]
    pub source: SourceArgs,
}

/// The result of comparing several clients.
pub(crate) struct CompareOutcome {
    pub(crate) comparisons: Vec<Comparison>,
    /// Names of the clients that could not be compared.
    pub(crate) not_compared: Vec<String>,
    /// The most severe status of the clients that could not be compared.
    pub(crate) exit: Exit,
}

/// Compares the documents of all clients or of one.
///
/// Prints the reason for each client that cannot be compared.
pub(crate) fn compare(
    root: &Path,
    args: &ComparedArgs,
    err: &mut dyn Write,
) -> Result<CompareOutcome> {
    let workspace = Workspace::read(root)?;
    let clients = workspace.clients(args.client.name())?;
    let other = OtherSide::open(root, &args.against, &workspace.config, &args.source)?;
    let today = args.today.unwrap_or_else(today);
    let comparer = Comparer {
        workspace: &workspace,
        other,
        today,
    };
    let mut outcome = CompareOutcome {
        comparisons: Vec::new(),
        not_compared: Vec::new(),
        exit: Exit::Fine,
    };
    for client in &clients {
        match comparer.compare(client, err)? {
            Ok(comparison) => outcome.comparisons.push(comparison),
            Err(exit) => {
                outcome.not_compared.push(client.name.clone());
                outcome.exit = outcome.exit.worse(exit);
            }
        }
    }
    Ok(outcome)
}

/// Returns the current date in UTC.
pub(crate) fn today() -> Date {
    let since_epoch = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    Date::of_days(since_epoch.as_secs() / (24 * 60 * 60))
}
