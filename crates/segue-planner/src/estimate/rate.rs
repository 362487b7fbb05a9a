//! Which rate a piece of machine work goes at: measured, stated, or nobody knows.
//!
//! Nothing here makes a rate up. Where nobody knows one, the range in which peers were measured is given, and says
//! what it is; the caller adds the line to *Needed before start*. Tests: `tests/it/estimate_load.rs`.

use segue_model::assessment::{Assessment, MeasuredRate};
use segue_model::spec::Spec;
use segue_model::spec::program::Rate;

use super::model::{MachineWork, RateRange};
use super::words;

/// A rate with its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    /// 0 means that it is not known in bytes.
    pub(super) bytes_per_s: u64,
    /// 0 means that it is not known in rows.
    pub(super) rows_per_s: u64,
    /// In words, for the derivation.
    pub(super) from: String,
    /// `measured` or `stated`.
    pub(super) confidence: &'static str,
}

/// The rate of the work that `entry` describes; `None` where it was neither measured nor stated.
pub(super) fn known(entry: &MachineWork, spec: &Spec, assessment: Option<&Assessment>) -> Option<Known> {
    let stated = stated(entry, spec);
    let measured = assessment.and_then(|assessment| measured(entry, spec, &assessment.rates));
    measured.or(stated)
}

/// The slowest rate that was measured for it: several measurements of one thing do not make it quicker. Rates between
/// the two systems of the move count before others.
fn measured(entry: &MachineWork, spec: &Spec, rates: &[MeasuredRate]) -> Option<Known> {
    let ours = |rate: &&MeasuredRate| rate.what == entry.measured_as && (rate.bytes_per_s > 0 || rate.rows_per_s > 0);
    let of_move = |rate: &&MeasuredRate| {
        spec.program.moves.as_ref().is_some_and(|moves| rate.source == moves.from && (rate.target == moves.to || rate.target.is_empty()))
    };
    let slowest = |a: &&MeasuredRate, b: &&MeasuredRate| (a.bytes_per_s, a.rows_per_s).cmp(&(b.bytes_per_s, b.rows_per_s));
    let rate = rates.iter().filter(ours).filter(of_move).min_by(slowest).or_else(|| rates.iter().filter(ours).min_by(slowest))?;
    let between = if rate.target.is_empty() { rate.source.clone() } else { format!("{} → {}", rate.source, rate.target) };
    Some(Known {
        bytes_per_s: rate.bytes_per_s,
        rows_per_s: rate.rows_per_s,
        from: format!("measured {between}: {}", rate.sample),
        confidence: "measured",
    })
}

fn stated(entry: &MachineWork, spec: &Spec) -> Option<Known> {
    let rates = &spec.program.rates;
    let rate = match entry.stated_as.as_str() {
        "rates.copy" => rates.copy,
        "rates.index" => rates.index,
        "rates.verify" => rates.verify,
        _ => None,
    }?;
    let (bytes_per_s, rows_per_s) = match rate {
        Rate::BytesPerS(rate) => (rate, 0),
        Rate::RowsPerS(rate) => (0, rate),
    };
    (bytes_per_s > 0 || rows_per_s > 0).then(|| Known {
        bytes_per_s,
        rows_per_s,
        from: format!("stated: spec {}", entry.stated_as),
        confidence: "stated",
    })
}

/// How much is to be done; `None` where nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Volume {
    pub(super) bytes: Option<u64>,
    pub(super) rows: Option<u64>,
}

/// Milliseconds at a rate, and the division in words. The longer one where both bytes and rows are known; `None`
/// where the rate is in another unit than the volume.
pub(super) fn millis(volume: Volume, bytes_per_s: u64, rows_per_s: u64) -> Option<(u64, String)> {
    let at = |amount: Option<u64>, rate: u64| amount.filter(|_| rate > 0).map(|amount| over(amount, rate));
    let by_bytes = at(volume.bytes, bytes_per_s)
        .map(|ms| (ms, format!("{} / {}", words::bytes(volume.bytes.unwrap_or(0)), words::byte_rate(bytes_per_s))));
    let by_rows = at(volume.rows, rows_per_s)
        .map(|ms| (ms, format!("{} rows / {} rows/s", words::grouped(volume.rows.unwrap_or(0)), words::grouped(rows_per_s))));
    match (by_bytes, by_rows) {
        (Some(bytes), Some(rows)) => Some(if rows.0 > bytes.0 { rows } else { bytes }),
        (bytes, rows) => bytes.or(rows),
    }
}

/// Milliseconds for P5, P50 and P95 in the range of peers.
pub(super) fn range_millis(volume: Volume, bytes: RateRange, rows: RateRange) -> Option<[u64; 3]> {
    let at = |bytes_per_s, rows_per_s| millis(volume, bytes_per_s, rows_per_s).map(|(ms, _)| ms);
    Some([at(bytes.quickest, rows.quickest)?, at(bytes.likely, rows.likely)?, at(bytes.slowest, rows.slowest)?])
}

fn over(amount: u64, rate: u64) -> u64 {
    u64::try_from(u128::from(amount) * 1_000 / u128::from(rate)).unwrap_or(u64::MAX)
}
