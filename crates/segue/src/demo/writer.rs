//! One writer: inserts, updates and reads its own rows without a break, in whatever version it is told to speak.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::{Duration, Instant};

use super::Version;
use super::record::Record;
use super::shop::{CUSTOMERS, Client, INSERTED_FROM, WRITERS};

/// What the story tells the writers: stop, rest, and which version each half speaks.
#[derive(Debug, Default)]
pub(super) struct Signal {
    pub(super) stop: AtomicBool,
    /// Bit 0: the first half speaks the new version; bit 1: the second half does.
    pub(super) versions: AtomicU8,
    /// Acknowledged writes of all writers, for the lines of the story.
    pub(super) writes: std::sync::atomic::AtomicU64,
}

/// After a change of version every writer has taken notice of it when each has finished its write under way.
pub(super) const SETTLE: Duration = Duration::from_millis(300);

impl Signal {
    fn version(&self, writer: i64) -> Version {
        let bit = u8::from(writer >= WRITERS / 2);
        if self.versions.load(Ordering::Acquire) & (1 << bit) == 0 { Version::Old } else { Version::New }
    }
}

/// Writes until told to stop.
pub(super) fn write(writer: i64, client: &mut dyn Client, signal: &Signal) -> Record {
    let mut record = Record::default();
    let mut seq: i64 = 0;
    while !signal.stop.load(Ordering::Acquire) {
        seq += 1;
        let version = signal.version(writer);
        let started = Instant::now();
        let done = one_write(writer, seq, version, client, &mut record);
        record.longest = record.longest.max(started.elapsed());
        match done {
            Ok(()) => {
                record.acknowledged += 1;
                signal.writes.fetch_add(1, Ordering::Relaxed);
            }
            Err(message) if record.failed.len() < 5 => record.failed.push(format!("writer {writer}, {version:?} version: {message}")),
            Err(_) => {}
        }
        if seq % 16 == 0 {
            read_back(writer, seq, version, client, &mut record);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    record
}

fn one_write(writer: i64, seq: i64, version: Version, client: &mut dyn Client, record: &mut Record) -> Result<(), String> {
    let cents = (seq * 37 + writer) % 90_000 + 1;
    match seq % 4 {
        0 => {
            let id = (seq * 131) % (CUSTOMERS / WRITERS) * WRITERS + writer + 1;
            let name = format!("w{writer} write {seq}");
            client.update_customer(version, id, &name)?;
            record.customers.insert(id, name);
        }
        3 => {
            let id = inserted(writer, seq - 1);
            client.update_order(version, id, cents)?;
            if let Some(order) = record.orders.get_mut(&id) {
                order.0 = cents;
            }
        }
        _ => {
            let id = inserted(writer, seq);
            let note = format!("w{writer}-{seq}");
            client.insert_order(version, id, seq % CUSTOMERS + 1, cents, &note)?;
            record.orders.insert(id, (cents, note));
        }
    }
    Ok(())
}

fn inserted(writer: i64, seq: i64) -> i64 {
    INSERTED_FROM * (writer + 1) + seq
}

fn read_back(writer: i64, seq: i64, version: Version, client: &mut dyn Client, record: &mut Record) {
    let id = inserted(writer, seq - 2);
    let Some((cents, _)) = record.orders.get(&id) else { return };
    if client.read_order(version, id).is_ok_and(|read| read != Some(*cents)) {
        record.misread += 1;
    }
}
