//! The words that all forms of a comparison share.

use segue_model::verify::{ColumnValues, Counts, DifferenceKind, Example, TableReport, Verdict};

/// Symbol, word for people, tone of a page.
pub(super) fn verdict(verdict: Verdict) -> (&'static str, &'static str, &'static str) {
    match verdict {
        Verdict::Equal => ("=", "equal", "good"),
        Verdict::Different => ("!", "different", "bad"),
        Verdict::Undecided => ("?", "undecided", "warn"),
    }
}

/// PASS, FAIL, UNDECIDED of a check.
pub(super) fn passed(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Equal => "PASS",
        Verdict::Different => "FAIL",
        Verdict::Undecided => "UNDECIDED",
    }
}

/// The table on both sides.
pub(super) fn named(table: &TableReport) -> String {
    if table.source == table.target { table.source.clone() } else { format!("{} → {}", table.source, table.target) }
}

/// `5 000 000`, a thin space between thousands would not copy: commas.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
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

/// `1.2 s`, `340 ms`, `2 min 5 s`.
pub(super) fn time(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        _ => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
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

/// What differs, in counts: `1 missing in target, 999 changed`.
pub(super) fn counts(table: &TableReport) -> String {
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

/// In which way a row differs.
pub(super) fn kind(kind: DifferenceKind) -> &'static str {
    match kind {
        DifferenceKind::MissingInTarget => "missing in target",
        DifferenceKind::ExtraInTarget => "extra in target",
        DifferenceKind::Changed => "changed",
    }
}

/// A key in words: `id=7`, or its hash.
pub(super) fn key(example: &Example) -> String {
    if example.key.is_empty() {
        return example.key_hash.as_ref().map_or_else(|| "a row without a key".to_owned(), |hash| format!("row {hash}"));
    }
    pairs(&example.key)
}

/// `a=1, b=x`.
pub(super) fn pairs(key: &[(String, serde_json::Value)]) -> String {
    let part = |(name, value): &(String, serde_json::Value)| match value {
        // A space at an end would not be seen.
        serde_json::Value::String(text) if text.trim() != text || text.is_empty() => format!("{name}='{text}'"),
        serde_json::Value::String(text) => format!("{name}={text}"),
        other => format!("{name}={other}"),
    };
    key.iter().map(part).collect::<Vec<_>>().join(", ")
}

/// What of a row differs: its columns, or values where the report has them.
pub(super) fn what(example: &Example) -> String {
    if !example.values.is_empty() {
        let one = |value: &Option<String>| value.clone().unwrap_or_else(|| "NULL".to_owned());
        let said = |(name, source, target): &ColumnValues| match example.kind {
            DifferenceKind::Changed => format!("{name}: {} → {}", one(source), one(target)),
            DifferenceKind::MissingInTarget => format!("{name}: {}", one(source)),
            DifferenceKind::ExtraInTarget => format!("{name}: {}", one(target)),
        };
        return format!("{}: {}", kind(example.kind), example.values.iter().map(said).collect::<Vec<_>>().join("; "));
    }
    if example.columns.is_empty() {
        kind(example.kind).to_owned()
    } else {
        format!("{}: {}", kind(example.kind), example.columns.join(", "))
    }
}

/// The answer in one sentence.
pub(super) fn answer(report: &segue_model::verify::VerifyReport) -> String {
    let (tables, checks) = (report.tables.len(), report.checks.len());
    let failed: Vec<String> = report
        .tables
        .iter()
        .filter(|table| table.verdict == report.verdict)
        .map(named)
        .chain(report.checks.iter().filter(|check| check.verdict == report.verdict).map(|check| format!("check {}", check.name)))
        .collect();
    let some = |list: &[String]| {
        let mut out = list.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
        if list.len() > 3 {
            out.push_str(&format!(" and {} more", list.len() - 3));
        }
        out
    };
    let of = format!("{} and {}", crate::text::count(tables, "table"), crate::text::count(checks, "check"));
    match report.verdict {
        Verdict::Equal => format!("Both sides hold the same in {of}, as far as was compared."),
        Verdict::Different => format!("Not the same: {} of {of}: {}.", failed.len(), some(&failed)),
        Verdict::Undecided => format!("Nobody knows yet: {} of {of} could not be finished: {}.", failed.len(), some(&failed)),
    }
}
