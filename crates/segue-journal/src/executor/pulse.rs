//! While a step's own work goes on, the lease is kept and a hard stop is noticed.
//!
//! The work and the beat share one task: no thread, no runtime is needed, and dropping the work is how a hard
//! stop ends it (its transaction is rolled back by the server). Tests: `tests/it/requests.rs`.

use std::future::poll_fn;
use std::task::Poll;

use crate::executor::retry::Work;
use crate::executor::{Executor, Session};
use crate::step::{StepError, Stop};

/// Runs a piece of work with a beat beside it.
pub(crate) async fn pulse<T>(executor: &Executor<'_>, session: &Session<'_>, mut work: Work<'_, T>) -> Result<T, StepError> {
    if executor.beat_ms == 0 {
        return work.await;
    }
    loop {
        let mut beat = executor.clock.sleep(executor.beat_ms);
        let done = poll_fn(|cx| {
            if let Poll::Ready(result) = work.as_mut().poll(cx) {
                return Poll::Ready(Some(result));
            }
            beat.as_mut().poll(cx).map(|()| None)
        });
        if let Some(result) = done.await {
            return result;
        }
        session.beat()?;
        if session.stopping() == Stop::Now {
            return Err(StepError::interrupted());
        }
    }
}
