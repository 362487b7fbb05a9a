//! Holds the record of acknowledged writes against the database: lost, doubled, wrong.

use std::collections::HashSet;

use super::Version;
use super::record::Record;
use super::shop::{CUSTOMERS, Client, ORDERS, first_cents, first_name};

/// What the comparison found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Rows or writes that were acknowledged and are not there.
    pub(super) lost: u64,
    /// Rows that are there twice, or that nobody wrote.
    pub(super) doubled: u64,
    /// Rows with another value than the last acknowledged one.
    pub(super) wrong: u64,
    /// Rows looked at.
    pub(super) rows: u64,
}

/// Reads everything in one version and compares.
pub(super) fn check(client: &mut dyn Client, version: Version, record: &Record) -> Result<Found, String> {
    let mut found = Found { wrong: record.misread, ..Found::default() };
    customers(client, version, record, &mut found)?;
    orders(client, version, record, &mut found)?;
    Ok(found)
}

fn customers(client: &mut dyn Client, version: Version, record: &Record, found: &mut Found) -> Result<(), String> {
    let mut seen = HashSet::new();
    for (id, name) in client.all_customers(version)? {
        found.rows += 1;
        if !seen.insert(id) || !(1..=CUSTOMERS).contains(&id) {
            found.doubled += 1;
            continue;
        }
        let expected = record.customers.get(&id).cloned().unwrap_or_else(|| first_name(id));
        found.wrong += u64::from(name != expected);
    }
    found.lost += CUSTOMERS as u64 - seen.len() as u64;
    Ok(())
}

fn orders(client: &mut dyn Client, version: Version, record: &Record, found: &mut Found) -> Result<(), String> {
    let mut seen = HashSet::new();
    let mut notes = HashSet::new();
    for row in client.all_orders(version)? {
        found.rows += 1;
        let expected = match record.orders.get(&row.id) {
            Some((cents, note)) => Some((*cents, note.clone())),
            None if (1..=ORDERS).contains(&row.id) => Some((first_cents(row.id), format!("seed {}", row.id))),
            None => None,
        };
        let Some((cents, note)) = expected else {
            found.doubled += 1;
            continue;
        };
        if !seen.insert(row.id) || !notes.insert(row.note.clone()) {
            found.doubled += 1;
        }
        let status_missing = version == Version::New && !row.status;
        found.wrong += u64::from(row.cents != cents || row.note != note || status_missing);
    }
    let expected = ORDERS as u64 + record.orders.len() as u64;
    found.lost += expected.saturating_sub(seen.len() as u64);
    Ok(())
}
