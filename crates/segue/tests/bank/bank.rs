//! A bank: a folder, a database, eight writers, and the orders that they follow.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::run::Folder;
use crate::teller::{Speech, World};
use crate::writer::{Seen, Writer};

/// What each account of the beginning holds.
pub(crate) const FIRST_CENTS: i64 = 100_000;
/// Writers.
pub(crate) const WRITERS: i64 = 8;
/// The longest wait for a state that must come.
const PATIENCE: Duration = Duration::from_secs(90);

/// The old form's tables.
pub(crate) fn tables(integer: &str) -> String {
    // SQLite's alias of the row id must be called `integer`; PostgreSQL gets the same width as the parameters.
    format!(
        "create table accounts (id {integer} primary key, owner text not null, balance {integer} not null);
         create index accounts_owner on accounts (owner);
         create table ledger (id {integer} primary key, writer {integer} not null, seq {integer} not null, debit {integer} not null,
           credit {integer} not null, amount {integer} not null, memo text not null, unique (writer, seq))"
    )
}

/// What the writers are told, and what they have heard.
#[derive(Default)]
pub(crate) struct Orders {
    closed: Mutex<bool>,
    closes: Condvar,
    pub(crate) acknowledged: AtomicU64,
    said: [AtomicU8; WRITERS as usize],
    heard: [AtomicU8; WRITERS as usize],
}

impl Orders {
    pub(crate) fn speech(&self, writer: i64) -> Speech {
        Speech::ALL[usize::from(self.said[writer as usize - 1].load(Ordering::Acquire))]
    }

    /// Tells all writers to stop.
    fn close(&self) {
        *self.closed.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.closes.notify_all();
    }

    /// Waits until the bank closes, at most so long; whether it has.
    pub(crate) fn closed_within(&self, wait: Duration) -> bool {
        let closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        *self.closes.wait_timeout_while(closed, wait, |closed| !*closed).unwrap_or_else(PoisonError::into_inner).0
    }

    pub(crate) fn heard(&self, writer: i64, speech: Speech) {
        self.heard[writer as usize - 1].store(speech as u8, Ordering::Release);
    }
}

/// How many rows a bank begins with.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) accounts: i64,
    pub(crate) ledger: i64,
}

/// A bank with its writers at work, or not yet.
pub(crate) struct Bank {
    pub(crate) folder: Folder,
    pub(crate) world: Arc<dyn World>,
    pub(crate) size: Size,
    pub(crate) orders: Arc<Orders>,
    writers: Vec<JoinHandle<Seen>>,
}

impl Bank {
    pub(crate) fn new(mut folder: Folder, world: Arc<dyn World>, size: Size) -> Self {
        folder.write("segue.yaml", &world.spec());
        folder.env.extend(world.environment());
        Self { folder, world, size, orders: Arc::new(Orders::default()), writers: Vec::new() }
    }

    /// All writers begin, in the old form.
    pub(crate) fn open(&mut self) {
        for number in 1..=WRITERS {
            let writer =
                Writer::new(number, self.size.accounts, self.world.teller(), self.folder.path().to_owned(), Arc::clone(&self.orders));
            let work = std::thread::Builder::new().name(format!("writer {number}")).spawn(move || writer.work()).expect("a thread");
            self.writers.push(work);
        }
        self.work(40);
    }

    /// Tells each writer what to speak, and waits until each has finished what it was doing before.
    pub(crate) fn speak(&self, speeches: [Speech; WRITERS as usize]) {
        for (said, speech) in self.orders.said.iter().zip(speeches) {
            said.store(speech as u8, Ordering::Release);
        }
        self.until("the writers heard", || {
            self.orders.heard.iter().zip(speeches).all(|(heard, speech)| heard.load(Ordering::Acquire) == speech as u8)
        });
    }

    pub(crate) fn speak_all(&self, speech: Speech) {
        self.speak([speech; WRITERS as usize]);
    }

    /// Lets the writers work: so many more acknowledged transactions.
    pub(crate) fn work(&self, transactions: u64) {
        let goal = self.orders.acknowledged.load(Ordering::Acquire) + transactions;
        self.until("transactions were acknowledged", || self.orders.acknowledged.load(Ordering::Acquire) >= goal);
    }

    fn until(&self, what: &str, done: impl Fn() -> bool) {
        let started = Instant::now();
        while !done() {
            assert!(!self.writers.iter().any(JoinHandle::is_finished), "a writer ended by itself");
            assert!(started.elapsed() < PATIENCE, "it took longer than {PATIENCE:?} until {what}");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Closes for the day: what all writers saw together.
    pub(crate) fn close(&mut self) -> Seen {
        self.orders.close();
        let mut all = Seen::default();
        for writer in self.writers.drain(..) {
            let seen = writer.join().expect("a writer ends in peace");
            all.acknowledged += seen.acknowledged;
            all.reads += seen.reads;
            all.unknown += seen.unknown;
            all.failed.extend(seen.failed);
            all.torn.extend(seen.torn);
            all.longest_gap = all.longest_gap.max(seen.longest_gap);
            all.gaps_ms.extend(seen.gaps_ms);
        }
        all
    }
}

impl Drop for Bank {
    fn drop(&mut self) {
        // A test that failed half way must not leave writers behind on a server that is about to go.
        self.orders.close();
        for writer in self.writers.drain(..) {
            let _ = writer.join();
        }
    }
}
