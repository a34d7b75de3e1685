//! The exit statuses of all commands.

use std::process::ExitCode;

/// The exit status of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Success.
    Fine,
    /// Files are out of date, documents differ, or mutants survive.
    Stale,
    /// The network or the gallery is not reachable.
    Unreachable,
    /// An error, which the command has printed.
    Failed,
}

impl Exit {
    /// Returns the more severe of two statuses.
    pub fn worse(self, other: Exit) -> Exit {
        let severity = |exit: Exit| match exit {
            Exit::Fine => 0,
            Exit::Stale => 1,
            Exit::Unreachable => 2,
            Exit::Failed => 3,
        };
        if severity(other) > severity(self) {
            other
        } else {
            self
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Fine => 0,
            Exit::Stale => 4,
            Exit::Unreachable => 75,
            Exit::Failed => 100,
        })
    }
}
