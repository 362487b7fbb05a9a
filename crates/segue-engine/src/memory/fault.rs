//! Injected crashes: the n-th effect point kills the "process", and nothing of it runs any more.
//!
//! A journal store in a test can count on the same [`Faults`], so that one number names one moment of a whole
//! run. Must never let a dead process reach the database. Tests: below, and `simulation` in `segue-sim`.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{EngineError, ErrorKind};

/// How a process ends at its crash point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Death {
    /// The call never returns, as after `kill -9`. Whoever polls must look at [`Faults::dead`] and drop the future.
    Hang,
    /// The call returns an error that nobody may try again.
    Error,
}

type Hook = Box<dyn FnMut(&str) + Send>;

/// Effect points of one process: counted, and deadly at one of them.
pub struct Faults {
    state: Mutex<State>,
    hook: Mutex<Option<Hook>>,
    death: Death,
}

#[derive(Default)]
struct State {
    count: u64,
    fail_at: Option<u64>,
    dead: bool,
    calls_after_death: u64,
    last: String,
}

impl Default for Faults {
    fn default() -> Self {
        Self::new(Death::Error)
    }
}

impl Faults {
    /// No crash planned.
    pub fn new(death: Death) -> Self {
        Self { state: Mutex::default(), hook: Mutex::new(None), death }
    }

    /// A crash at the n-th point from here, the first being 1.
    pub fn fail_at(&self, n: u64) {
        let mut state = self.state();
        state.fail_at = Some(state.count + n);
    }

    /// Points passed so far.
    pub fn count(&self) -> u64 {
        self.state().count
    }

    /// The process is dead.
    pub fn dead(&self) -> bool {
        self.state().dead
    }

    /// Calls that came after death: a proof's own defect if not 0.
    pub fn calls_after_death(&self) -> u64 {
        self.state().calls_after_death
    }

    /// The name of the last point: where it died.
    pub fn last(&self) -> String {
        self.state().last.clone()
    }

    /// Runs at each point at which no transaction is open: where other clients get their turn.
    pub fn on_point(&self, hook: impl FnMut(&str) + Send + 'static) {
        *self.hook.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(hook));
    }

    /// A point with no transaction open. Dies here if it is the one.
    pub async fn point(&self, name: &str) -> Result<(), EngineError> {
        if self.strike(name) {
            return self.die().await;
        }
        // The hook is taken out while it runs: what it does may pass points of its own.
        let hook = self.hook.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(mut hook) = hook {
            hook(name);
            *self.hook.lock().unwrap_or_else(PoisonError::into_inner) = Some(hook);
        }
        Ok(())
    }

    /// A point inside a transaction: true if the process dies here. The caller then drops its work and calls
    /// [`Faults::die`].
    pub fn strike(&self, name: &str) -> bool {
        let mut state = self.state();
        if state.dead {
            state.calls_after_death += 1;
            return true;
        }
        state.count += 1;
        name.clone_into(&mut state.last);
        state.dead = state.fail_at == Some(state.count);
        state.dead
    }

    /// The end of a call of a dead process.
    pub async fn die<T>(&self) -> Result<T, EngineError> {
        match self.death {
            Death::Hang => std::future::pending().await,
            Death::Error => Err(self.error()),
        }
    }

    /// The error of a dead process.
    pub fn error(&self) -> EngineError {
        EngineError::new("SG-MEM-009", ErrorKind::Other, "a crash was injected here; the process may do nothing more")
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nth_point_is_deadly_and_what_comes_after_is_counted() {
        let faults = Faults::default();
        assert!(!faults.strike("one"));
        faults.fail_at(2);
        assert!(!faults.strike("two"));
        assert!(faults.strike("three"));
        assert!(faults.dead());
        assert_eq!((faults.last().as_str(), faults.count(), faults.calls_after_death()), ("three", 3, 0));
        assert!(faults.strike("four"));
        assert_eq!((faults.last().as_str(), faults.count(), faults.calls_after_death()), ("three", 3, 1));
    }
}
