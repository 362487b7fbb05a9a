//! The words that all forms of a comparison share: verdicts, counts, the answer.
//!
//! What one differing row is called and holds is `row`. Tests: below and `tests/it/verify.rs`.

use segue_model::units::grouped;
use segue_model::verify::{Counts, Gap, TableReport, Verdict, VerifyReport};

use crate::text::count;

/// Symbol, word for people, tone of a page.
pub(super) fn verdict(verdict: Verdict) -> (&'static str, &'static str, &'static str) {
    match verdict {
        Verdict::Equal => ("=", "equal", "good"),
        Verdict::Different => ("!", "different", "bad"),
        Verdict::Undecided => ("?", "undecided", "warn"),
    }
}

/// The same of the whole: nobody asked for a verdict where only files were written.
pub(super) fn whole(report: &VerifyReport) -> (&'static str, &'static str, &'static str) {
    if report.is_written_only() { ("·", "written", "calm") } else { verdict(report.verdict) }
}

/// PASS, FAIL, UNDECIDED of a check.
pub(super) fn passed(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Equal => "PASS",
        Verdict::Different => "FAIL",
        Verdict::Undecided => "UNDECIDED",
    }
}

/// The table on both sides. Where the one name is the other with its schema, that one says both.
pub(super) fn named(table: &TableReport) -> String {
    let (source, target) = (&table.source, &table.target);
    let holds = |long: &String, short: &String| long.strip_suffix(short.as_str()).is_some_and(is_schema);
    if holds(source, target) {
        source.clone()
    } else if holds(target, source) {
        target.clone()
    } else {
        format!("{source} → {target}")
    }
}

/// Nothing, or a plain name and a point: what stands before a table's name.
fn is_schema(text: &str) -> bool {
    text.is_empty() || text.strip_suffix('.').is_some_and(|name| !name.is_empty() && !name.contains(['.', '"']))
}

/// The rows of the source, and of the target where they are not as many.
pub(super) fn rows(counts: Counts) -> String {
    match (counts.source, counts.target) {
        (Some(source), Some(target)) if source == target => grouped(source),
        (Some(source), Some(target)) => format!("{} → {}", grouped(source), grouped(target)),
        (Some(source), None) => format!("{} → ?", grouped(source)),
        (None, Some(target)) => format!("? → {}", grouped(target)),
        (None, None) => "–".to_owned(),
    }
}

/// `1.2 s`, `340 ms`, `2 min 5 s`; empty where nothing was timed.
pub(super) fn time(table: &TableReport) -> String {
    match table.ms {
        0 => String::new(),
        ms @ 1..1_000 => format!("{ms} ms"),
        ms @ 1_000..60_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        ms => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
    }
}

/// Rows a second of the larger side; empty where nothing was timed.
pub(super) fn rate(table: &TableReport) -> String {
    let rows = table.rows.source.max(table.rows.target).unwrap_or(0);
    if table.ms == 0 || rows == 0 {
        return String::new();
    }
    match rows.saturating_mul(1_000) / table.ms {
        few @ 0..10_000 => format!("{few}/s"),
        many @ 10_000..10_000_000 => format!("{} k/s", many / 1_000),
        many => format!("{} M/s", many / 1_000_000),
    }
}

/// Only one side has the table: the note that says so.
pub(super) fn alone(table: &TableReport) -> Option<&str> {
    let nothing_read = table.verdict == Verdict::Different && table.engine.is_empty() && table.rows == Counts::default();
    table.notes.first().filter(|_| nothing_read && table.different() == 0).map(String::as_str)
}

/// What differs, in counts: `1 missing in target, 999 changed`.
pub(super) fn counts(table: &TableReport) -> String {
    if let Some(why) = alone(table) {
        return why.to_owned();
    }
    // A row of a journey without its new form is missing there, and said once.
    let missing = table.missing_in_target.saturating_sub(table.unconverted + table.rejected);
    let parts = [
        (missing, "missing in target"),
        (table.extra_in_target, "extra in target"),
        (table.changed, "changed"),
        (table.moving, "still moving"),
        (table.unconverted, "not converted yet"),
        (table.rejected, "kept aside"),
    ];
    let said: Vec<String> =
        parts.iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("{} {what}", grouped(*number))).collect();
    match (said.is_empty(), table.verdict) {
        (false, _) => said.join(", "),
        (true, Verdict::Undecided) => String::new(),
        (true, _) => "no row differs".to_owned(),
    }
}

/// A column that was not compared, and why.
pub(super) fn gap(gap: &Gap) -> String {
    if gap.column.is_empty() { gap.reason.clone() } else { format!("{}: {}", gap.column, gap.reason) }
}

/// The notes of all tables, each with how many have it; those that one table has are that table's own.
pub(super) fn shared_notes(tables: &[TableReport]) -> std::collections::BTreeMap<&str, usize> {
    let mut out = std::collections::BTreeMap::new();
    for note in tables.iter().filter(|table| alone(table).is_none()).flat_map(|table| &table.notes) {
        *out.entry(note.as_str()).or_default() += 1;
    }
    out.retain(|_, tables| *tables > 1);
    out
}

/// The notes that a table alone has.
pub(super) fn own_notes<'a>(table: &'a TableReport, shared: &std::collections::BTreeMap<&str, usize>) -> Vec<&'a str> {
    if alone(table).is_some() {
        return Vec::new();
    }
    table.notes.iter().map(String::as_str).filter(|note| !shared.contains_key(note)).collect()
}

/// How many there are and how many are not equal: `6 of 9 tables differ, 1 undecided; 2 checks`. Empty for nothing.
pub(super) fn sum(report: &VerifyReport) -> String {
    let tables = tally(report.tables.iter().map(|table| table.verdict), "table", ["differs", "differ"]);
    let checks = tally(report.checks.iter().map(|check| check.verdict), "check", ["fails", "fail"]);
    [tables, checks].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn tally(all: impl Iterator<Item = Verdict>, what: &str, [one, many]: [&str; 2]) -> Option<String> {
    let all: Vec<Verdict> = all.collect();
    let number = |wanted: Verdict| all.iter().filter(|verdict| **verdict == wanted).count();
    let (different, undecided) = (number(Verdict::Different), number(Verdict::Undecided));
    let of = |some: usize| if some == all.len() { count(some, what) } else { format!("{some} of {}", count(all.len(), what)) };
    Some(match (different, undecided) {
        _ if all.is_empty() => return None,
        (0, 0) => count(all.len(), what),
        (0, undecided) => format!("{} undecided", of(undecided)),
        (different, 0) => format!("{} {}", of(different), if different == 1 { one } else { many }),
        (different, undecided) => format!("{} {}, {undecided} undecided", of(different), if different == 1 { one } else { many }),
    })
}

/// The answer in one sentence.
pub(super) fn answer(report: &VerifyReport) -> String {
    if report.is_written_only() {
        return "Nothing was compared: only files were written.".to_owned();
    }
    let sum = sum(report);
    let names = worst(report);
    match (report.verdict, report.engine.as_str()) {
        (Verdict::Equal, "fingerprint") => format!("It holds what it held when the fingerprint was taken: {sum}."),
        (Verdict::Equal, _) => format!("Both sides hold the same, as far as was compared: {sum}."),
        (Verdict::Different, "fingerprint") => format!("It does not hold what it held when the fingerprint was taken: {sum}: {names}."),
        (Verdict::Different, _) => format!("Not the same: {sum}: {names}."),
        (Verdict::Undecided, _) if names.is_empty() => "Nobody knows: nothing was compared.".to_owned(),
        (Verdict::Undecided, _) => format!("Nobody knows yet: {sum}: {names}."),
    }
}

/// The first of those that the verdict comes from.
fn worst(report: &VerifyReport) -> String {
    let tables = report.tables.iter().filter(|table| table.verdict == report.verdict).map(named);
    let checks = report.checks.iter().filter(|check| check.verdict == report.verdict).map(|check| format!("check {}", check.name));
    let all: Vec<String> = tables.chain(checks).collect();
    let more = if all.len() > 3 { format!(" and {} more", all.len() - 3) } else { String::new() };
    all.iter().take(3).cloned().collect::<Vec<_>>().join(", ") + &more
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(source: &str, target: &str) -> TableReport {
        TableReport::empty(source, target)
    }

    #[test]
    fn one_name_says_both_where_only_the_schema_is_more() {
        for (source, target, said) in [
            ("orders", "public.orders", "public.orders"),
            ("shop.orders", "orders", "shop.orders"),
            ("a.orders", "a.orders", "a.orders"),
            ("a.orders", "b.orders", "a.orders → b.orders"),
            ("Album", "public.album", "Album → public.album"),
            ("orders", "reorders", "orders → reorders"),
            ("b", "public.a.b", "b → public.a.b"),
        ] {
            assert_eq!(named(&table(source, target)), said);
        }
    }

    #[test]
    fn the_sum_counts_each_verdict_once() {
        use Verdict::{Different as D, Equal as E, Undecided as U};
        let words = |all: &[Verdict]| tally(all.iter().copied(), "table", ["differs", "differ"]).unwrap_or_default();
        assert_eq!([words(&[]), words(&[E]), words(&[E, E])], ["", "1 table", "2 tables"]);
        assert_eq!([words(&[D]), words(&[D, E]), words(&[D, D, E])], ["1 table differs", "1 of 2 tables differs", "2 of 3 tables differ"]);
        assert_eq!(
            [words(&[U]), words(&[U, E]), words(&[D, U, E])],
            ["1 table undecided", "1 of 2 tables undecided", "1 of 3 tables differs, 1 undecided"]
        );
    }
}
