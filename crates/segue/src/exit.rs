//! Exit codes: the whole contract with scripts, in one place, and which of them each verb ends with.
//!
//! A verb's help is made of its row here, a debug build ends with no other, and each has its whole output as a snapshot.
//! Tests: `tests/it/exit_codes.rs`, `tests/it/verbs/`.

use std::process::ExitCode;

/// What the process ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

/// What each verb can end with, ascending. Every verb has `Failed`, for a file that cannot be read or written, and `Usage`.
const OF_VERBS: &[(&str, &[Exit])] = {
    use Exit::{Changes, Connection, Failed, Findings, Held, Human, Interrupted, Mismatch, Ok, Stale, Terminated, Usage, Waiting};
    &[
        ("abort", &[Ok, Failed, Waiting, Human, Held, Connection, Usage, Interrupted, Terminated]),
        ("apply", &[Ok, Failed, Findings, Mismatch, Waiting, Human, Stale, Held, Connection, Usage, Interrupted, Terminated]),
        ("approve", &[Ok, Failed, Held, Usage]),
        ("assess", &[Ok, Failed, Connection, Usage]),
        ("check", &[Ok, Failed, Findings, Connection, Usage]),
        ("completions", &[Ok, Failed, Usage]),
        ("demo", &[Ok, Failed, Connection, Usage]),
        ("doctor", &[Ok, Failed, Usage]),
        ("explain", &[Ok, Failed, Findings, Held, Connection, Usage]),
        ("init", &[Ok, Failed, Usage]),
        ("log", &[Ok, Failed, Held, Usage]),
        ("man", &[Ok, Failed, Usage]),
        ("notify", &[Ok, Failed, Findings, Held, Connection, Usage]),
        ("pause", &[Ok, Failed, Held, Usage]),
        ("plan", &[Ok, Failed, Changes, Findings, Held, Connection, Usage]),
        ("rehearse", &[Ok, Failed, Findings, Human, Held, Connection, Usage, Interrupted, Terminated]),
        ("report", &[Ok, Failed, Findings, Held, Connection, Usage]),
        ("resume", &[Ok, Failed, Mismatch, Waiting, Human, Held, Connection, Usage, Interrupted, Terminated]),
        ("rollback", &[Ok, Failed, Waiting, Human, Held, Connection, Usage, Interrupted, Terminated]),
        ("runbook", &[Ok, Failed, Findings, Waiting, Held, Connection, Usage]),
        ("schema", &[Ok, Failed, Usage]),
        ("status", &[Ok, Failed, Held, Usage]),
        ("unlock", &[Ok, Failed, Waiting, Held, Usage]),
        ("verify", &[Ok, Failed, Mismatch, Waiting, Held, Connection, Usage, Interrupted, Terminated]),
        // xtask:new verb
    ]
};

/// What a verb can end with; nothing for a verb without a row.
pub(crate) fn of_verb(name: &str) -> &'static [Exit] {
    OF_VERBS.iter().find(|(verb, _)| *verb == name).map_or(&[], |(_, exits)| *exits)
}

/// The last line of a verb's help.
pub(crate) fn help(name: &str) -> String {
    let codes: Vec<String> = of_verb(name).iter().map(|exit| (*exit as u8).to_string()).collect();
    format!("Exit codes: {} (segue --help says what each means)", codes.join(", "))
}
