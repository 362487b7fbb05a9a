//! The lease: one executor at a time, each with a fencing epoch higher than the last.
//!
//! The rules are pure and stand here; both stores ask them inside their own transaction. A lease that ran out
//! may be taken; a person may end one by force (`unlock`). The epoch never goes down, not even then, so that an
//! executor that was stopped and revived is refused at its next append. Tests: below, and `tests/it/lease.rs`.

use crate::error::JournalError;

/// Who may write a run's journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// `host:pid` or the like; empty when nobody holds it now.
    pub holder: String,
    /// The epoch of the last holder.
    pub epoch: u64,
    /// When it ends, in milliseconds since 1970 UTC.
    pub expires_at_ms: i64,
}

impl Lease {
    /// Nobody holds the run at this time.
    pub fn is_free(&self, now_ms: i64) -> bool {
        self.holder.is_empty() || self.expires_at_ms <= now_ms
    }
}

/// The lease after `holder` took it, or who holds it.
pub(crate) fn taken(run: &str, current: Option<&Lease>, holder: &str, now_ms: i64, lease_ms: u64) -> Result<Lease, JournalError> {
    assert!(!holder.is_empty(), "a holder needs a name");
    let last = current.map_or(0, |lease| lease.epoch);
    match current {
        Some(lease) if !lease.is_free(now_ms) => Err(JournalError::Held {
            run: run.to_owned(),
            holder: lease.holder.clone(),
            epoch: lease.epoch,
            expires_at_ms: lease.expires_at_ms,
            for_ms: lease.expires_at_ms.saturating_sub(now_ms).unsigned_abs(),
        }),
        _ => Ok(Lease { holder: holder.to_owned(), epoch: last + 1, expires_at_ms: until(now_ms, lease_ms) }),
    }
}

/// The lease after its holder renewed it. One that ran out but that nobody else took may still be renewed.
pub(crate) fn renewed(run: &str, current: Option<&Lease>, epoch: u64, now_ms: i64, lease_ms: u64) -> Result<Lease, JournalError> {
    held(run, current, epoch)?;
    let lease = current.ok_or_else(|| stale(run, epoch, 0))?;
    Ok(Lease { expires_at_ms: until(now_ms, lease_ms), ..lease.clone() })
}

/// Fails unless the epoch is the lease's own and was not ended by force.
pub(crate) fn held(run: &str, current: Option<&Lease>, epoch: u64) -> Result<(), JournalError> {
    match current {
        Some(lease) if lease.epoch == epoch && !lease.holder.is_empty() => Ok(()),
        other => Err(stale(run, epoch, other.map_or(0, |lease| lease.epoch))),
    }
}

fn stale(run: &str, ours: u64, current: u64) -> JournalError {
    JournalError::Stale { run: run.to_owned(), ours, current }
}

fn until(now_ms: i64, lease_ms: u64) -> i64 {
    now_ms.saturating_add(i64::try_from(lease_ms).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_epoch_only_rises() {
        let first = taken("r", None, "a:1", 0, 100).expect("free");
        assert_eq!((first.epoch, first.expires_at_ms), (1, 100));
        assert!(matches!(taken("r", Some(&first), "b:2", 99, 100), Err(JournalError::Held { for_ms: 1, epoch: 1, .. })));
        let second = taken("r", Some(&first), "b:2", 100, 100).expect("it ran out");
        assert_eq!(second.epoch, 2);
        assert!(matches!(held("r", Some(&second), 1), Err(JournalError::Stale { ours: 1, current: 2, .. })));
        assert!(held("r", Some(&second), 2).is_ok());
    }

    #[test]
    fn a_lease_that_ran_out_untaken_may_be_renewed() {
        let first = taken("r", None, "a:1", 0, 100).expect("free");
        assert_eq!(renewed("r", Some(&first), 1, 500, 100).expect("nobody took it").expires_at_ms, 600);
        let ended = Lease { holder: String::new(), ..first };
        assert!(renewed("r", Some(&ended), 1, 50, 100).is_err(), "ended by force");
    }
}
