//! The hash chain: each entry's hash covers the one before it and its own canonical bytes.
//!
//! The chain begins with the run's own id, so that entries cannot be moved from one run to another. Reading
//! checks what writing made: dense numbers, hashes, canonical form, version, the recorded head.
//! Tests: `tests/it/damage.rs`.

use segue_model::canonical;
use segue_model::event::{Entry, Event, JOURNAL_VERSION};
use serde::Deserialize as _;
use serde_json::Value;

use crate::error::JournalError;

/// An entry as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Its number.
    pub seq: u64,
    /// The canonical bytes of the [`Entry`].
    pub body: Vec<u8>,
    /// The hash of the entry before it.
    pub prev_hash: String,
    /// Its own hash.
    pub hash: String,
}

/// Where a chain ends: the last number and hash, kept apart from the entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The number of the last entry; 0 for none.
    pub seq: u64,
    /// Its hash.
    pub hash: String,
}

impl Head {
    /// The head of a run without entries.
    pub fn genesis(run: &str) -> Self {
        Self { seq: 0, hash: canonical::digest_bytes(format!("segue journal\n{run}\n").as_bytes()) }
    }
}

fn hash(prev_hash: &str, body: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(prev_hash.len() + 1 + body.len());
    bytes.extend_from_slice(prev_hash.as_bytes());
    bytes.push(b'\n');
    bytes.extend_from_slice(body);
    canonical::digest_bytes(&bytes)
}

/// Seals an event as the next entry after `head`.
pub fn seal(run: &str, head: &Head, at_ms: i64, epoch: u64, event: &Event) -> Result<Sealed, JournalError> {
    let seq = head.seq + 1;
    let entry = Entry { seq, at_ms, epoch, event: event.clone() };
    let body = canonical::to_bytes(&entry).map_err(|error| JournalError::Illegal { run: run.to_owned(), why: error.to_string() })?;
    let hash = hash(&head.hash, &body);
    Ok(Sealed { seq, body, prev_hash: head.hash.clone(), hash })
}

/// Opens the stored entries of a run in the order of their numbers, and checks everything.
pub fn open(run: &str, sealed: impl IntoIterator<Item = Sealed>, head: &Head) -> Result<Vec<Entry>, JournalError> {
    let mut at = Head::genesis(run);
    let mut entries = Vec::new();
    for item in sealed {
        if item.seq != at.seq + 1 {
            return Err(JournalError::Gap { run: run.to_owned(), seq: at.seq + 1 });
        }
        if item.prev_hash != at.hash || item.hash != hash(&item.prev_hash, &item.body) {
            return Err(JournalError::Chain { run: run.to_owned(), seq: item.seq });
        }
        entries.push(decode(run, item.seq, &item.body)?);
        at = Head { seq: item.seq, hash: item.hash };
    }
    if at.seq < head.seq {
        return Err(JournalError::Truncated { run: run.to_owned(), found: at.seq, expected: head.seq });
    }
    if at != *head {
        return Err(JournalError::Chain { run: run.to_owned(), seq: at.seq });
    }
    Ok(entries)
}

/// One entry from its bytes. An unknown event of a newer journal was named as such by entry 1 before.
fn decode(run: &str, seq: u64, body: &[u8]) -> Result<Entry, JournalError> {
    let undecodable = |why: String| JournalError::Undecodable { run: run.to_owned(), seq, why };
    let value: Value = serde_json::from_slice(body).map_err(|error| undecodable(format!("not JSON at byte {}", error.column())))?;
    if let Some(found) = value.pointer("/event/journal_version").and_then(Value::as_u64)
        && found > u64::from(JOURNAL_VERSION)
    {
        return Err(JournalError::Newer { found, known: JOURNAL_VERSION });
    }
    let again = canonical::to_bytes(&value).map_err(|error| undecodable(error.to_string()))?;
    if again != body {
        return Err(undecodable("not in canonical form".to_owned()));
    }
    // serde's own words may quote a value, so they stay out of ours.
    let strange = |_| undecodable("not an event of this version".to_owned());
    let entry = Entry::deserialize(&value).map_err(strange)?;
    if !covers(&serde_json::to_value(&entry).map_err(strange)?, &value) {
        return Err(undecodable("it holds what this version does not know".to_owned()));
    }
    if entry.seq != seq {
        return Err(undecodable(format!("it says that it is entry {}", entry.seq)));
    }
    Ok(entry)
}

/// Everything that is stored was understood. What an older Segue did not write yet has its default and is no matter.
fn covers(understood: &Value, stored: &Value) -> bool {
    match (understood, stored) {
        (Value::Object(understood), Value::Object(stored)) => {
            stored.iter().all(|(key, value)| understood.get(key).is_some_and(|known| covers(known, value)))
        }
        (Value::Array(understood), Value::Array(stored)) => {
            understood.len() == stored.len() && understood.iter().zip(stored).all(|(known, value)| covers(known, value))
        }
        (understood, stored) => understood == stored,
    }
}
