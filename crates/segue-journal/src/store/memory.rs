//! The store of the simulation: in this process, with the faults that a disk has.
//!
//! It loses what was not synced when told to crash, and fails appends when told to. It seals and opens entries
//! by the same chain as the file does. Tests: `tests/it/store.rs`, `tests/it/executor.rs`.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use segue_model::event::{Entry, Event, JOURNAL_VERSION, Outcome};
use segue_model::plan::Plan;

use crate::error::JournalError;
use crate::lease::{self, Lease};
use crate::store::chain::{self, Head, Sealed};
use crate::store::{Append, JournalStore, PendingRequest, Request, RunSummary};

#[derive(Debug, Clone)]
struct Run {
    summary: RunSummary,
    entries: Vec<Sealed>,
    head: Head,
    /// How many entries a power cut leaves.
    synced: usize,
    /// The number of the entry that ended the run.
    ended_at: Option<u64>,
    lease: Option<Lease>,
    requests: Vec<PendingRequest>,
    /// Requests with the number of the entry that answered them: an entry that is lost gives its request back.
    answered: Vec<(u64, PendingRequest)>,
}

#[derive(Debug, Default)]
struct Inner {
    runs: Vec<Run>,
    next_request: i64,
    appends: u64,
    fail_at: Option<u64>,
}

/// A store in memory.
#[derive(Debug, Default)]
pub struct MemoryStore {
    inner: Mutex<Inner>,
}

impl MemoryStore {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T>(&self, run: &str, f: impl FnOnce(&mut Run) -> Result<T, JournalError>) -> Result<T, JournalError> {
        let mut inner = self.lock();
        f(find(&mut inner, run)?)
    }

    /// A power cut: of the entries that were not synced, only the first `keep` are left.
    pub fn crash(&self, keep: usize) {
        for run in &mut self.lock().runs {
            let left = run.entries.len().min(run.synced + keep);
            run.entries.truncate(left);
            run.synced = left;
            let last = run.entries.last().map_or(0, |entry| entry.seq);
            let (kept, lost) = std::mem::take(&mut run.answered).into_iter().partition(|(seq, _)| *seq <= last);
            run.answered = kept;
            let lost: Vec<(u64, PendingRequest)> = lost;
            run.requests.extend(lost.into_iter().map(|(_, request)| request));
            run.requests.sort_by_key(|request| request.id);
            run.ended_at = run.ended_at.filter(|seq| *seq <= last);
            if run.ended_at.is_none() {
                run.summary.ended = None;
            }
            run.head =
                run.entries.last().map_or_else(|| Head::genesis(&run.summary.run), |last| Head { seq: last.seq, hash: last.hash.clone() });
        }
    }

    /// The `n`-th append from now (1 is the next) fails as a full disk does; later ones work again.
    pub fn fail_append(&self, n: u64) {
        let mut inner = self.lock();
        inner.fail_at = Some(inner.appends + n);
    }

    /// How many appends were asked for, failed ones too.
    pub fn appends(&self) -> u64 {
        self.lock().appends
    }
}

fn find<'a>(inner: &'a mut Inner, run: &str) -> Result<&'a mut Run, JournalError> {
    inner.runs.iter_mut().find(|have| have.summary.run == run).ok_or_else(|| JournalError::NoRun { run: run.to_owned() })
}

impl JournalStore for MemoryStore {
    fn runs(&self) -> Result<Vec<RunSummary>, JournalError> {
        Ok(self.lock().runs.iter().map(|run| run.summary.clone()).collect())
    }

    fn create(&self, plan: &Plan, segue: &str, step_kinds: &BTreeMap<String, u32>, at_ms: i64) -> Result<String, JournalError> {
        let mut inner = self.lock();
        let n = inner.runs.iter().filter(|run| run.summary.id.eq_ignore_ascii_case(&plan.id)).count() + 1;
        let run = format!("{}-{n}", plan.id.to_ascii_lowercase());
        let event = first_event(plan, segue, step_kinds);
        let sealed = chain::seal(&run, &Head::genesis(&run), at_ms, 0, &event)?;
        inner.runs.push(Run {
            summary: RunSummary {
                run: run.clone(),
                id: plan.id.clone(),
                plan_digest: plan.digest.clone(),
                started_at_ms: at_ms,
                ended: None,
            },
            head: Head { seq: sealed.seq, hash: sealed.hash.clone() },
            entries: vec![sealed],
            synced: 1,
            ended_at: None,
            lease: None,
            requests: Vec::new(),
            answered: Vec::new(),
        });
        Ok(run)
    }

    fn append_full(&self, run: &str, append: Append<'_>) -> Result<u64, JournalError> {
        let mut inner = self.lock();
        inner.appends += 1;
        if inner.fail_at == Some(inner.appends) {
            inner.fail_at = None;
            return Err(JournalError::Io { doing: "written", why: "no space left (planted)".to_owned() });
        }
        let have = find(&mut inner, run)?;
        lease::held(run, have.lease.as_ref(), append.epoch)?;
        let sealed = chain::seal(run, &have.head, append.at_ms, append.epoch, append.event)?;
        have.head = Head { seq: sealed.seq, hash: sealed.hash.clone() };
        have.entries.push(sealed);
        if append.sync {
            have.synced = have.entries.len();
        }
        if let Event::RunEnded { outcome } = append.event {
            have.summary.ended = Some(*outcome);
            have.ended_at = Some(have.head.seq);
        }
        if let Some(id) = append.consumes {
            let seq = have.head.seq;
            have.answered.extend(have.requests.extract_if(.., |request| request.id == id).map(|request| (seq, request)));
        }
        Ok(have.head.seq)
    }

    fn entries(&self, run: &str) -> Result<Vec<Entry>, JournalError> {
        self.with(run, |have| chain::open(run, have.entries.clone(), &have.head))
    }

    fn take_lease(&self, run: &str, holder: &str, now_ms: i64, lease_ms: u64) -> Result<u64, JournalError> {
        self.with(run, |have| {
            let lease = lease::taken(run, have.lease.as_ref(), holder, now_ms, lease_ms)?;
            Ok(have.lease.insert(lease).epoch)
        })
    }

    fn renew_lease(&self, run: &str, epoch: u64, now_ms: i64, lease_ms: u64) -> Result<(), JournalError> {
        self.with(run, |have| {
            have.lease = Some(lease::renewed(run, have.lease.as_ref(), epoch, now_ms, lease_ms)?);
            Ok(())
        })
    }

    fn release_lease(&self, run: &str, epoch: u64) -> Result<(), JournalError> {
        self.with(run, |have| {
            if let Some(lease) = have.lease.as_mut().filter(|lease| lease.epoch == epoch) {
                lease.holder.clear();
            }
            Ok(())
        })
    }

    fn unlock(&self, run: &str) -> Result<Option<Lease>, JournalError> {
        self.with(run, |have| {
            let before = have.lease.clone();
            if let Some(lease) = &mut have.lease {
                lease.holder.clear();
            }
            Ok(before.filter(|lease| !lease.holder.is_empty()))
        })
    }

    fn lease(&self, run: &str) -> Result<Option<Lease>, JournalError> {
        self.with(run, |have| Ok(have.lease.clone()))
    }

    fn request(&self, run: &str, request: &Request, by: &str, at_ms: i64) -> Result<i64, JournalError> {
        let mut inner = self.lock();
        inner.next_request += 1;
        let id = inner.next_request;
        find(&mut inner, run)?.requests.push(PendingRequest { id, request: request.clone(), by: by.to_owned(), at_ms });
        Ok(id)
    }

    fn pending_requests(&self, run: &str) -> Result<Vec<PendingRequest>, JournalError> {
        self.with(run, |have| Ok(have.requests.clone()))
    }

    fn drop_request(&self, run: &str, id: i64) -> Result<(), JournalError> {
        self.with(run, |have| {
            have.requests.retain(|request| request.id != id);
            Ok(())
        })
    }
}

/// The first event of a run.
pub(crate) fn first_event(plan: &Plan, segue: &str, step_kinds: &BTreeMap<String, u32>) -> Event {
    Event::RunStarted {
        journal_version: JOURNAL_VERSION,
        segue: segue.to_owned(),
        plan: Box::new(plan.clone()),
        step_kinds: step_kinds.clone(),
    }
}

/// How a run ended, as the stores keep it.
pub(crate) fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "done",
        Outcome::RolledBack => "rolled_back",
    }
}
