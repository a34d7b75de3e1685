//! The result of testing a mutant.

use gallery_mutants::Mutant;

/// The outcome of compiling and testing a mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Compilation failed with this error.
    Compiler(String),
    /// This test failed: `operation::check`.
    Check(String),
    /// The tests exceeded the time limit.
    Timeout,
    /// The test program failed with this status, but reported no failed test.
    Crash(String),
    /// The tests do not run the mutated code. Known only for mutants of the runtime.
    NotReached,
    /// All tests passed.
    Survived,
}

impl Verdict {
    /// True if compilation or a test failed.
    pub(super) fn is_killed(&self) -> bool {
        !matches!(self, Verdict::NotReached | Verdict::Survived)
    }

    /// Returns the kind, as in reports.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Verdict::Compiler(_) => "compiler",
            Verdict::Check(_) => "check",
            Verdict::Timeout => "timeout",
            Verdict::Crash(_) => "crash",
            Verdict::NotReached => "not reached",
            Verdict::Survived => "survived",
        }
    }

    /// Returns the compiler error, the failed test, or the status of the crash.
    pub(super) fn killed_by(&self) -> Option<&str> {
        match self {
            Verdict::Compiler(by) | Verdict::Check(by) | Verdict::Crash(by) => Some(by),
            Verdict::Timeout | Verdict::NotReached | Verdict::Survived => None,
        }
    }
}

/// A tested mutant.
#[derive(Clone, Debug)]
pub(super) struct MutantResult<'a> {
    pub(super) mutant: &'a Mutant,
    /// The reason from the list of equivalent mutants, if the mutant is listed.
    pub(super) equivalent: Option<&'a str>,
    pub(super) verdict: Verdict,
}

impl MutantResult<'_> {
    /// True if the mutant survived and is not listed as equivalent.
    pub(super) fn is_missed(&self) -> bool {
        !self.verdict.is_killed() && self.equivalent.is_none()
    }
}
