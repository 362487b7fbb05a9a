//! What `strace` saw of a run, as a sequence of the few moments that matter, and the rules that it must keep.
//!
//! The journal's write-ahead log, the database's write-ahead log, and the event file (`--events`, one write a line,
//! written when the append has returned) share one order: that of the kernel. The rules know nothing of the binary.

use std::collections::HashMap;

/// One moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Something was written to the journal's log.
    JournalWritten,
    /// It was synced.
    JournalSynced,
    /// Something was written to the database's log.
    DatabaseWritten,
    /// It was synced.
    DatabaseSynced,
    /// The binary told that an event is in the journal: its kind and step.
    Told(String, String),
}

/// Reads the output of `strace -f -y`. A call that another thread's call cut in two counts when it is over.
pub(crate) fn read(text: &str) -> Vec<Moment> {
    let mut begun: HashMap<&str, &str> = HashMap::new();
    let mut moments = Vec::new();
    for line in text.lines() {
        let Some((pid, call)) = line.split_once(' ') else { continue };
        let call = call.trim_start();
        if call.ends_with("<unfinished ...>") {
            begun.insert(pid, call);
        } else if call.starts_with("<... ") {
            moments.extend(begun.remove(pid).and_then(moment));
        } else {
            moments.extend(moment(call));
        }
    }
    moments
}

fn moment(call: &str) -> Option<Moment> {
    let (name, rest) = call.split_once('(')?;
    let path = rest.split_once('<')?.1.split_once('>')?.0;
    let file = path.rsplit('/').next()?;
    match (name, file) {
        ("pwrite64" | "write", "journal.db-wal") => Some(Moment::JournalWritten),
        ("fsync" | "fdatasync", "journal.db-wal") => Some(Moment::JournalSynced),
        ("pwrite64" | "write", "shop.db-wal") => Some(Moment::DatabaseWritten),
        ("fsync" | "fdatasync", "shop.db-wal") => Some(Moment::DatabaseSynced),
        ("write", "told") => Some(Moment::Told(field(rest, "type")?, field(rest, "step").unwrap_or_default())),
        _ => None,
    }
}

/// A text of the JSON in a call's data, where each quote stands behind a backslash.
fn field(data: &str, key: &str) -> Option<String> {
    Some(data.split_once(&format!("\\\"{key}\\\":\\\""))?.1.split_once("\\\"")?.0.to_owned())
}

/// What the rules found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Findings {
    /// Each breach of a rule, in words.
    pub(crate) breaches: Vec<String>,
    /// Steps in whose window the database was written.
    pub(crate) steps_with_effects: usize,
    /// Events that were told, without progress.
    pub(crate) told: usize,
    /// Syncs of the journal.
    pub(crate) syncs: usize,
}

/// The rules: an event is synced before it is told; the database is written only between the told start of a step
/// and the journal's next word on it (and once more, for the fence, after the lease was synced); what was written there is synced before the journal says that it was done.
pub(crate) fn judge(moments: &[Moment]) -> Findings {
    let mut found = Findings::default();
    let (mut journal_dirty, mut database_dirty, mut synced_since) = (false, false, false);
    let mut open: Option<(String, bool)> = None;
    for moment in moments {
        match moment {
            Moment::JournalWritten => journal_dirty = true,
            Moment::JournalSynced => {
                found.syncs += 1;
                (journal_dirty, synced_since) = (false, true);
            }
            Moment::DatabaseWritten => {
                database_dirty = true;
                match &mut open {
                    Some((_, written)) => *written = true,
                    // A new executor puts its epoch into the database before its first step, and after its lease.
                    None if found.told == 0 && synced_since && !journal_dirty => {}
                    None => found.breaches.push(format!("the database was written outside every step, after {} events", found.told)),
                }
            }
            Moment::DatabaseSynced => database_dirty = false,
            Moment::Told(kind, _) if kind == "progress" => {}
            Moment::Told(kind, step) => {
                found.told += 1;
                if journal_dirty || !synced_since {
                    found.breaches.push(format!("`{kind}` of `{step}` was told before the journal was synced"));
                }
                synced_since = false;
                if matches!(kind.as_str(), "step_performed" | "undone") {
                    if database_dirty {
                        found.breaches.push(format!("`{kind}` of `{step}` was journaled before its effect was synced"));
                    }
                    found.steps_with_effects += usize::from(open.take().is_some_and(|(_, written)| written));
                } else if matches!(kind.as_str(), "step_started" | "undo_started") {
                    open = Some((step.clone(), false));
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::Moment::{DatabaseSynced, DatabaseWritten, JournalSynced, JournalWritten};
    use super::*;

    fn told(kind: &str) -> Moment {
        Moment::Told(kind.to_owned(), "expand/users".to_owned())
    }

    fn good() -> Vec<Moment> {
        vec![
            JournalWritten,
            JournalSynced,
            told("step_started"),
            DatabaseWritten,
            DatabaseSynced,
            JournalWritten,
            JournalSynced,
            told("step_performed"),
        ]
    }

    #[test]
    fn a_good_order_has_no_breach() {
        let found = judge(&good());
        assert_eq!(found, Findings { breaches: vec![], steps_with_effects: 1, told: 2, syncs: 2 });
    }

    #[test]
    fn each_planted_fault_is_found() {
        // The sync of the start, that of the effect, that of the end.
        for missing in [1, 4, 6] {
            let mut moments = good();
            moments.remove(missing);
            assert_eq!(judge(&moments).breaches.len(), 1, "without {missing}");
        }
        let mut early = vec![JournalWritten, JournalSynced, told("phase_started")];
        early.extend(good());
        assert!(judge(&early).breaches.is_empty());
        early.swap(5, 6);
        assert!(!judge(&early).breaches.is_empty(), "an effect before the start was told");
        early.swap(4, 5);
        assert!(!judge(&early).breaches.is_empty(), "an effect before the start was synced");
        let mut late = good();
        late.extend([DatabaseWritten, DatabaseSynced]);
        assert_eq!(judge(&late).breaches.len(), 1, "an effect after the end of its step");
        assert_eq!(judge(&[JournalWritten, DatabaseWritten]).breaches.len(), 1, "a fence before its lease was synced");
        assert_eq!(judge(&[JournalWritten, JournalSynced, DatabaseWritten]).breaches.len(), 0, "a fence");
    }

    #[test]
    fn calls_are_read_with_their_files() {
        let text = r#"11 fsync(9</x/.segue/journal.db-wal> <unfinished ...>
12 pwrite64(4</x/shop.db-wal>, "\r\0"..., 24, 32) = 24
11 <... fsync resumed>) = 0
12 pwrite64(4</x/shop.db-shm>, "\0", 1, 8191) = 1
12 write(3</x/told>, "{\"seq\":4,\"step\":\"expand/users\",\"type\":\"step_started\"}\n", 51) = 51
13 +++ exited with 0 +++"#;
        assert_eq!(read(text), [DatabaseWritten, JournalSynced, told("step_started")]);
    }
}
