//! The program that has only the command `regen`.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use gallery_spec::command;

use crate::exit::Exit;
use crate::regen::{RegenArgs, regen};
use crate::terminal::{self, Color};
use crate::workspace_root::workspace_root;

/// Options of every command.
#[derive(Args, Clone, Copy, Debug, Default)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArgs {
    /// Print errors only. Commands that print a result, such as `list` and `diff`, still print it
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print details, such as each repair and assumption with its location
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// When to use colors; NO_COLOR in the environment turns them off
    #[arg(long, value_enum, value_name = "WHEN", default_value_t, global = true)]
    pub color: Color,
}

#[derive(Debug, Parser)]
#[command(max_term_width = 100, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    global: GlobalArgs,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Regen(RegenArgs),
}

/// Runs the command `regen` with the arguments of the process. Returns `None` for other commands
/// and for `regen --fetch`, which need `gallery-cli`.
///
/// `program` is what users type to start it, such as `cargo xtask`.
pub fn main(program: &'static str) -> Option<ExitCode> {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if !is_offline_regen(&arguments) {
        return None;
    }
    command::set_program(program);
    let matches = Cli::command()
        .name(program)
        .bin_name(program)
        .color(terminal::requested_color(&arguments))
        .try_get_matches_from(arguments);
    Some(
        match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
            Ok(cli) => run(&cli),
            Err(error) => error.exit(),
        },
    )
}

/// Returns true if the first argument that is not an option is `regen`, and `--fetch` is absent.
fn is_offline_regen(arguments: &[OsString]) -> bool {
    let mut options = arguments.iter().skip(1);
    let command = loop {
        match options.next().and_then(|argument| argument.to_str()) {
            // The only global option that has a value.
            Some("--color") => _ = options.next(),
            Some(option) if option.starts_with('-') => {}
            command => break command,
        }
    };
    command == Some("regen") && arguments.iter().all(|argument| argument != "--fetch")
}

fn run(cli: &Cli) -> ExitCode {
    let GlobalArgs {
        quiet,
        verbose,
        color,
    } = cli.global;
    let Action::Regen(args) = &cli.action;
    let out: &mut dyn Write = match quiet {
        true => &mut io::sink(),
        false => &mut io::stdout(),
    };
    terminal::run(
        color,
        |_| Exit::Failed,
        out,
        &mut io::stderr(),
        |out, err| regen(&workspace_root()?, args, verbose, out, err),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_offline(arguments: &str) -> bool {
        let arguments: Vec<_> = arguments.split(' ').map(OsString::from).collect();
        is_offline_regen(&arguments)
    }

    #[test]
    fn only_an_offline_regen_runs_here() {
        for arguments in [
            "xtask regen",
            "xtask regen --check mattermost",
            "xtask --quiet regen",
            "xtask --color never regen",
            "xtask --color=never -v regen --help",
        ] {
            assert!(is_offline(arguments), "{arguments}");
        }
        for arguments in [
            "xtask",
            "xtask --help",
            "xtask help regen",
            "xtask --color regen",
            "xtask regen --fetch",
            "xtask drift --client regen",
        ] {
            assert!(!is_offline(arguments), "{arguments}");
        }
    }
}
