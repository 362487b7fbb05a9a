//! Which way a database goes: a stream of changes, one window, or writes to both sides; and why not the others.
//!
//! One window is chosen only where the P95 of the copy is known and fits into the downtime that the spec allows. Tests:
//! below and `tests/it/project_cases.rs`.

use segue_model::finding::Severity;
use segue_model::plan::Pattern;
use segue_model::spec::program::Rate;
use segue_model::units::Millis;

use super::Ends;
use crate::estimate::words;
use crate::recipe::draft::pattern;
use crate::recipe::ground::{Ground, size};

/// The way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::recipe) enum Way {
    /// A copy by key and a stream of changes.
    Stream,
    /// Writers stop, everything is copied, writers go on at the target.
    Window,
    /// The application writes to both sides.
    DualWrite,
}

impl Way {
    /// What carries the target's writes to the source after the switch, and how one tells that all of them are there.
    pub(super) fn back(self) -> (&'static str, &'static str) {
        match self {
            Self::Stream | Self::Window => ("the back stream", "the back stream has no lag"),
            Self::DualWrite => ("the second write and its outbox", "the outbox is empty"),
        }
    }
}

/// How much slower than the middle a copy is at P95, per mille: the estimation model's `spread` for stated and measured rates.
const P95_STATED: u64 = 2_500;
const P95_MEASURED: u64 = 2_000;
/// More than this is not small.
const SMALL: u64 = 20 << 30;

/// P95 of the copy and, where its rate is known, of the comparison, in seconds with the derivation.
fn window_p95(ground: &Ground<'_>, ends: &Ends<'_>) -> Option<(u64, String)> {
    let rows: Option<u64> = ends.tables.iter().map(|table| table.rows).sum::<Option<u64>>().filter(|_| !ends.tables.is_empty());
    let rows = rows.or_else(|| ground.stated(&ends.moves.from).rows);
    let part = |what: &str, stated: Option<Rate>| -> Option<(u64, String)> {
        let rates = ground.assessment.map_or(&[][..], |assessment| &assessment.rates);
        let measured = rates.iter().find(|rate| rate.what == what && rate.bytes_per_s > 0).map(|rate| rate.bytes_per_s);
        let (bytes, how) = ends.bytes.map_or((None, ""), |(bytes, how)| (Some(bytes), how));
        match (measured, stated) {
            (Some(rate), _) => Some((p95(bytes?, rate, P95_MEASURED), format!("{} ({how}) at {}/s (measured)", size(bytes?), size(rate)))),
            (None, Some(Rate::BytesPerS(rate))) => {
                Some((p95(bytes?, rate, P95_STATED), format!("{} ({how}) at {}/s (stated)", size(bytes?), size(rate))))
            }
            (None, Some(Rate::RowsPerS(rate))) => Some((p95(rows?, rate, P95_STATED), format!("{} rows at {rate} rows/s (stated)", rows?))),
            (None, None) => None,
        }
    };
    let stated = &ground.spec.program.rates;
    let (copy, how) = part("copy", stated.copy)?;
    Some(match part("verify", stated.verify) {
        Some((verify, compared)) => (copy + verify, format!("copy: {how}; comparison: {compared}")),
        None => (copy, format!("copy: {how}; the comparison comes on top, and nobody stated its rate")),
    })
}

fn p95(amount: u64, rate: u64, permille: u64) -> u64 {
    amount.div_ceil(rate.max(1)).saturating_mul(permille).div_ceil(1_000)
}

/// The way and its reasons.
pub(super) fn choose(ground: &Ground<'_>, ends: &Ends<'_>) -> (Way, Pattern) {
    let asked = ends.moves.pattern.as_deref().map(|name| name.replace('_', "-"));
    let p95 = window_p95(ground, ends);
    let allowed = ground.downtime_ms() / 1_000;
    let fits = p95.as_ref().is_some_and(|(seconds, _)| *seconds <= allowed);
    let small = ends.bytes.is_some_and(|(bytes, _)| bytes <= SMALL);
    let way = match asked.as_deref() {
        Some("big-bang" | "snapshot" | "bulk" | "window") => Way::Window,
        Some("dual-write") => Way::DualWrite,
        Some(_) if ends.source.has_stream() => Way::Stream,
        _ if fits && small => Way::Window,
        _ if ends.source.has_stream() => Way::Stream,
        _ if allowed > 0 && p95.is_none() => Way::Window,
        _ if fits => Way::Window,
        _ => Way::DualWrite,
    };
    let insisted = asked.map_or_else(String::new, |name| format!("the spec asks for `{name}`; "));
    (way, reasons(way, ground, ends, p95.as_ref(), &insisted))
}

/// Why a window is no choice, or why it is.
fn window_words(ground: &Ground<'_>, p95: Option<&(u64, String)>) -> (bool, String) {
    let allowed = Millis(ground.downtime_ms());
    match p95 {
        Some((seconds, how)) => {
            let takes = words::seconds(*seconds);
            let fits = *seconds * 1_000 <= ground.downtime_ms();
            let word = if fits { "fits into" } else { "does not fit into" };
            let allowed = if allowed.0 == 0 { "none".to_owned() } else { allowed.to_string() };
            (fits, format!("writers would stop for up to {takes} at P95 ({how}), which {word} `limits.downtime` of {allowed}"))
        }
        None => (false, "writers would stop for as long as the copy takes, and nobody measured or stated how long that is".to_owned()),
    }
}

fn reasons(way: Way, ground: &Ground<'_>, ends: &Ends<'_>, p95: Option<&(u64, String)>, insisted: &str) -> Pattern {
    let (fits, window) = window_words(ground, p95);
    let engine = ends.source.name();
    let loss = if ground.no_loss() { "`limits.data_loss` is none, and " } else { "" };
    let dual = format!(
        "{loss}two writes without a common transaction drift apart when one of them fails; each write path of the application would need its compensation"
    );
    let stream = if ends.source.has_stream() {
        format!("a stream out of {engine} must be set up, watched and rehearsed, which is more than the spec asks for")
    } else {
        format!("{engine} has no log of changes that another database could follow")
    };
    let blue_green = "two environments still need one true set of rows: it is a way to move requests, and the stream is what makes it safe";
    let events = "the application would have to write events first; that is a change of its architecture and not of its database";
    let common = |first: (&'static str, String), second: (&'static str, String)| {
        vec![first, second, ("blue-green", blue_green.to_owned()), ("event-sourcing", events.to_owned())]
    };
    match way {
        Way::Stream => pattern(
            "cdc",
            format!(
                "{insisted}rows are copied by key while {engine}'s own log carries every change, so that writers stop for the switch alone; the same in the other direction keeps the way back without loss"
            ),
            &common(("big-bang", window), ("dual-write", dual)),
        ),
        Way::Window => pattern(
            "big-bang",
            format!(
                "{insisted}{}{window}; both sides are compared before writers go on, and a stream back is armed before the first write",
                if fits { "acceptable here: " } else { "" }
            ),
            &common(("cdc", stream), ("dual-write", dual)),
        ),
        Way::DualWrite => pattern(
            "dual-write",
            if insisted.is_empty() {
                format!("{stream}; and {window}; the application writes to both sides, the source decides, and a job repairs what failed")
            } else {
                format!("{insisted}the application writes to both sides, the source decides, and a job repairs what failed")
            },
            &common(("big-bang", window.clone()), ("cdc", stream.clone())),
        ),
    }
}

/// What somebody must know of the way.
pub(super) fn findings(way: Way, ground: &Ground<'_>, ends: &Ends<'_>) -> Vec<segue_model::finding::Finding> {
    let (fits, words) = window_words(ground, window_p95(ground, ends).as_ref());
    if way != Way::Window || fits {
        return Vec::new();
    }
    let fix = "State or measure the rate (`rates.copy`, `segue assess --probe`), allow the downtime, or leave `move.pattern` out.";
    vec![crate::say::finding(43, Severity::High, "pattern big-bang", format!("everything moves in one moment, and {words}"), fix)]
}
