//! Failures that may pass are tried again: full jitter, bounded in attempts and in time, for each code apart.
//!
//! Full jitter (a uniform wait between 0 and a doubling bound) keeps several waiters from meeting again and
//! again (AWS Architecture Blog, "Exponential Backoff and Jitter", 2015). Tests: `tests/it/executor.rs`.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use crate::executor::pulse::pulse;
use crate::executor::{Executor, Session};
use crate::step::{Context, RetryClass, StepError, Stop};

/// How failures that may pass are tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often the same code may pass by waiting (a lock not had, a deadlock).
    pub soon_attempts: u32,
    /// For how long, in milliseconds.
    pub soon_budget_ms: u64,
    /// The longest single wait then, in milliseconds.
    pub soon_cap_ms: u64,
    /// How often a lost connection is made again.
    pub reconnect_attempts: u32,
    /// For how long, in milliseconds.
    pub reconnect_budget_ms: u64,
    /// The longest single wait then, in milliseconds.
    pub reconnect_cap_ms: u64,
    /// The bound of the first wait, in milliseconds; it doubles.
    pub base_ms: u64,
}

impl Default for RetryPolicy {
    /// Two minutes for locks (most application transactions are over by then), one for a server's restart.
    fn default() -> Self {
        Self {
            soon_attempts: 40,
            soon_budget_ms: 120_000,
            soon_cap_ms: 5_000,
            reconnect_attempts: 40,
            reconnect_budget_ms: 60_000,
            reconnect_cap_ms: 3_000,
            base_ms: 100,
        }
    }
}

struct Spent {
    attempts: u32,
    since_ms: i64,
}

/// What was spent on each code.
#[derive(Default)]
pub(crate) struct Tries {
    by_code: BTreeMap<String, Spent>,
}

impl Tries {
    /// How long to wait before the next attempt; `None` when there is none.
    pub(crate) fn wait_ms(&mut self, policy: &RetryPolicy, session: &Session<'_>, error: &StepError) -> Option<u64> {
        let (attempts, budget_ms, cap_ms) = match error.retry {
            RetryClass::Never => return None,
            RetryClass::Soon => (policy.soon_attempts, policy.soon_budget_ms, policy.soon_cap_ms),
            RetryClass::Reconnect => (policy.reconnect_attempts, policy.reconnect_budget_ms, policy.reconnect_cap_ms),
        };
        let now = session.now_ms();
        let spent = self.by_code.entry(error.code.clone()).or_insert(Spent { attempts: 0, since_ms: now });
        spent.attempts += 1;
        if spent.attempts >= attempts || now.saturating_sub(spent.since_ms).unsigned_abs() >= budget_ms {
            return None;
        }
        let bound = policy.base_ms.saturating_mul(1 << spent.attempts.min(16)).min(cap_ms).max(1);
        Some(session.random_u64() % bound + 1)
    }
}

/// A piece of a step's work.
pub(crate) type Work<'s, T> = Pin<Box<dyn Future<Output = Result<T, StepError>> + Send + 's>>;

/// Does a piece of work until it succeeds, fails for good, or the policy is spent. Each attempt gets a new context.
pub(crate) async fn with_retries<'s, T>(
    executor: &'s Executor<'_>,
    session: &'s Session<'s>,
    step: &'s str,
    mut work: impl FnMut(Context<'s>) -> Work<'s, T>,
) -> Result<T, StepError> {
    let mut tries = Tries::default();
    loop {
        let error = match pulse(executor, session, work(Context { session, step })).await {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        if session.is_dead() {
            return Err(error);
        }
        let Some(wait_ms) = tries.wait_ms(&executor.retry, session, &error) else { return Err(error) };
        let what = if step.is_empty() { "entering the run" } else { step };
        session.note(&format!("{what}: {}; trying again in {wait_ms} ms", error.message));
        session.sleep(wait_ms).await?;
        if session.stopping() != Stop::No {
            return Err(StepError::interrupted());
        }
    }
}
