//! The command `completions`: prints shell completions.

use std::io::Write;

use anyhow::Result;
use clap::{Args, Command};
use clap_complete::Shell;
use gallery_spec::command::DEFAULT_PROGRAM;

use gallery_regen::exit::Exit;

/// Print a completion script for a shell
///
/// For bash: `gallery completions bash > ~/.local/share/bash-completion/completions/gallery`.
#[derive(Args, Clone, Debug)]
pub struct CompletionsArgs {
    /// Name of the shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// Prints the completion script for the arguments of `command`.
pub(crate) fn completions(
    mut command: Command,
    args: &CompletionsArgs,
    out: &mut dyn Write,
) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, DEFAULT_PROGRAM, &mut script);
    out.write_all(&script)?;
    Ok(Exit::Fine)
}
