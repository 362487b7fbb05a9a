//! How long a statement works on a table, in words.
//!
//! Sizes come from the server; the rates are assumed unless the options carry measured ones, and the text says which. Tests:
//! `tests/it/sql/script_sizes.rs`.

use segue_model::ident::TableName;

use super::lock::Mode;
use super::walk::Step;
use crate::sql::Size;

/// What is done to the bytes of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// They are read.
    Scan,
    /// They are written anew, with all indexes.
    Rewrite,
    /// An index is built from them.
    Build,
}

/// Bytes a second that a sequential scan reads on a plain cloud disk. Assumed: a round figure for network storage of the usual
/// size, which a measured rate replaces.
pub(crate) const SCAN_BYTES_PER_S_ASSUMED: u64 = 200_000_000;
/// Bytes a second that a rewrite reads, writes, logs and indexes. Assumed: reading and writing the data and its log share one
/// such disk.
pub(crate) const WRITE_BYTES_PER_S_ASSUMED: u64 = 135_000_000;
/// A table of at most this many bytes is handled within a quarter of a second at the assumed rates: as safe as the lock itself.
pub(crate) const SMALL_BYTES: u64 = 32 * 1024 * 1024;

/// A judgement on a table and some work.
#[derive(Debug, Clone)]
pub(crate) struct Weight {
    /// Nobody notices: the table is small.
    pub(crate) small: bool,
    /// `rewrites 84 GiB, blocks reads and writes for about 11 min (assumed 135 MB/s)`.
    pub(crate) words: String,
}

impl Step<'_> {
    /// The table's size, when a server told it.
    pub(crate) fn size(&self, table: &TableName) -> Option<Size> {
        self.facts?.sizes.get(&table.to_string()).copied()
    }

    /// What the work costs; none when the script made the table, so that nobody waits for it.
    pub(crate) fn weigh(&self, table: &TableName, work: Work, mode: Mode) -> Option<Weight> {
        if self.session.is_new(table) {
            return None;
        }
        let verb = match work {
            Work::Scan => "reads",
            Work::Rewrite => "rewrites",
            Work::Build => "builds an index from",
        };
        let Some(size) = self.size(table) else {
            let unknown = match self.facts {
                Some(facts) if facts.catalog.table(table).is_some() => "its size is not known, so that it is taken as large",
                Some(_) => "the schema does not describe it, so that the worst is assumed",
                None => "without a schema the worst is assumed",
            };
            return Some(Weight { small: false, words: format!("{verb} the whole table and {} meanwhile; {unknown}", mode.blocks()) });
        };
        let (measured, assumed) = match work {
            Work::Scan => (self.options.scan_bytes_per_s, SCAN_BYTES_PER_S_ASSUMED),
            Work::Rewrite | Work::Build => (self.options.write_bytes_per_s, WRITE_BYTES_PER_S_ASSUMED),
        };
        let rate = measured.unwrap_or(assumed).max(1);
        let source = if measured.is_some() { "measured" } else { "assumed" };
        let seconds = size.bytes.div_ceil(rate);
        let words =
            format!("{verb} {}, {} for about {} ({source} {} MB/s)", bytes(size.bytes), mode.blocks(), duration(seconds), rate / 1_000_000);
        Some(Weight { small: size.bytes <= SMALL_BYTES, words })
    }
}

/// Bytes in the largest unit that leaves a whole number above nine, or one decimal.
pub(crate) fn bytes(bytes: u64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut at = 0;
    let mut tenths = u128::from(bytes) * 10;
    while tenths >= 10_240 && at + 1 < units.len() {
        tenths = (tenths + 512) / 1024;
        at += 1;
    }
    if at == 0 || tenths >= 100 {
        format!("{} {}", (tenths + 5) / 10, units[at])
    } else {
        format!("{}.{} {}", tenths / 10, tenths % 10, units[at])
    }
}

/// Seconds as a person says them.
pub(crate) fn duration(seconds: u64) -> String {
    match seconds {
        0..=1 => "a second or less".to_owned(),
        2..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", (seconds + 30) / 60),
        _ => format!("{} h", (seconds + 1_800) / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_are_said_as_people_do() {
        assert_eq!(bytes(84 * 1024 * 1024 * 1024), "84 GiB");
        assert_eq!(bytes(1_500_000), "1.4 MiB");
        assert_eq!(duration(660), "11 min");
        assert_eq!(duration(0), "a second or less");
        assert_eq!(duration(10_000), "3 h");
    }
}
