//! Exit codes: the whole contract with scripts, in one place. Tests: `tests/it/exit_codes.rs`.

use std::process::ExitCode;

/// What the process ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Success, also "no changes" and "already applied".
    Ok = 0,
    /// A step failed or an unexpected error; state saved, safe to run again.
    Failed = 1,
    /// The plan has changes: only with `--detailed-exitcode`.
    Changes = 2,
    /// Findings that stop a plan.
    Findings = 3,
    /// The two sides are not the same.
    Mismatch = 4,
    /// Stopped at a gate, needs approval, or paused; nothing is wrong.
    Waiting = 5,
    /// Rollback failed or is not possible without a person.
    Human = 7,
    /// The plan is stale.
    Stale = 8,
    /// Another run or executor holds the lease.
    Held = 9,
    /// Connection or credentials.
    Connection = 10,
    /// Usage, or a spec that cannot be read.
    Usage = 64,
    /// Interrupted by Ctrl-C; resumable.
    Interrupted = 130,
    /// Asked to stop by SIGTERM; resumable.
    Terminated = 143,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
