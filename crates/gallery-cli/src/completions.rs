//! The command `completions`.

use std::io::Write;

use anyhow::Result;
use clap::Args;
use clap_complete::Shell;
use gallery_spec::command::DEFAULT_PROGRAM;

use crate::{Exit, clap_command};

/// Print a completion script for a shell
///
/// For bash: `gallery completions bash > ~/.local/share/bash-completion/completions/gallery`.
#[derive(Args, Clone, Debug)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

pub(crate) fn completions(args: &CompletionsArgs, out: &mut dyn Write) -> Result<Exit> {
    let mut script = Vec::new();
    let mut command = clap_command(DEFAULT_PROGRAM);
    clap_complete::generate(args.shell, &mut command, DEFAULT_PROGRAM, &mut script);
    out.write_all(&script)?;
    Ok(Exit::Fine)
}
