//! The record of acknowledged writes: what each writer was told is kept.

use std::collections::HashMap;
use std::time::Duration;

/// What one writer was told.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// Orders by id: the last acknowledged total in cents and the note of the insert.
    pub(super) orders: HashMap<i64, (i64, String)>,
    /// Customers by id: the last acknowledged name.
    pub(super) customers: HashMap<i64, String>,
    /// Acknowledged writes.
    pub(super) acknowledged: u64,
    /// Statements that failed: the first few messages.
    pub(super) failed: Vec<String>,
    /// Reads that gave something else than the last acknowledged write.
    pub(super) misread: u64,
    /// The longest time from sending a write to its acknowledgement.
    pub(super) longest: Duration,
}

impl Record {
    /// Takes another writer's record in; writers own disjoint rows.
    pub(super) fn join(&mut self, other: Self) {
        self.orders.extend(other.orders);
        self.customers.extend(other.customers);
        self.acknowledged += other.acknowledged;
        self.failed.extend(other.failed);
        self.misread += other.misread;
        self.longest = self.longest.max(other.longest);
    }
}
