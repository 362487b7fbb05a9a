//! Crash points for tests with real processes: in a debug build, `SEGUE_CRASH_AT=n` kills this process at the
//! n-th crash point of the executor; `SEGUE_CRASH_AT=0` kills nothing and says in the end how many there were. A
//! release build has none of it. Tests: `tests/crash/`.

use std::io::Write as _;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};

use segue_journal::{CrashPoint, Hooks};

/// Counts crash points, and ends the process at one.
#[derive(Debug, Default)]
pub(crate) struct Crash {
    at: Option<u64>,
    seen: AtomicU64,
}

impl Crash {
    /// From the environment, in a debug build.
    pub(crate) fn from_environment() -> Self {
        let at = if cfg!(debug_assertions) { std::env::var("SEGUE_CRASH_AT").ok().and_then(|text| text.parse().ok()) } else { None };
        Self { at, seen: AtomicU64::new(0) }
    }
}

impl Hooks for Crash {
    fn at(&self, point: CrashPoint<'_>) -> ControlFlow<()> {
        // A real process cannot take an appended event back: that point is the simulation's alone.
        if self.at.is_some()
            && !matches!(point, CrashPoint::AppendedNotSynced(_))
            && Some(self.seen.fetch_add(1, Ordering::SeqCst) + 1) == self.at
        {
            let _ = nix::sys::signal::kill(nix::unistd::Pid::this(), nix::sys::signal::Signal::SIGKILL);
        }
        ControlFlow::Continue(())
    }
}

impl Drop for Crash {
    fn drop(&mut self) {
        if self.at == Some(0) {
            let _ = writeln!(std::io::stderr(), "crash points: {}", self.seen.load(Ordering::SeqCst));
        }
    }
}
