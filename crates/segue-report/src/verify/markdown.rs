//! Markdown for a pull request or a ticket: the answer, the table of tables, rows that differ, what was not compared.

use std::collections::BTreeMap;

use segue_model::verify::{TableReport, VerifyReport};

use super::{row, say};
use crate::markup::{code, within};

/// Sentences of a check that stand in one cell.
const EVIDENCE_MAX: usize = 5;

/// The text.
pub fn markdown(report: &VerifyReport) -> String {
    let (symbol, word, _) = say::whole(report);
    let mut out = format!("## {symbol} segue verify: {word}\n\n{}\n\n", within(&say::answer(report)));
    if !report.tables.is_empty() {
        out.push_str("| table | verdict | rows | differ | time |\n| --- | --- | --- | --- | --- |\n");
        for table in &report.tables {
            let (symbol, word, _) = say::verdict(table.verdict);
            out.push_str(&format!(
                "| {} | {symbol} {word} | {} | {} | {} |\n",
                code(&say::named(table)),
                say::rows(table.rows),
                say::counts(table),
                say::time(table)
            ));
        }
        out.push('\n');
    }
    let shared = say::shared_notes(&report.tables);
    for table in &report.tables {
        below(&mut out, table, &shared);
    }
    if !report.checks.is_empty() {
        out.push_str("| check | verdict | evidence |\n| --- | --- | --- |\n");
        for check in &report.checks {
            let mut evidence: Vec<String> = check.evidence.iter().take(EVIDENCE_MAX).map(|line| within(line)).collect();
            if check.evidence.len() > EVIDENCE_MAX {
                evidence.push(format!("and {} more", check.evidence.len() - EVIDENCE_MAX));
            }
            out.push_str(&format!("| {} | {} | {} |\n", within(&check.name), say::passed(check.verdict), evidence.join("; ")));
        }
        out.push('\n');
    }
    let notes: Vec<String> = shared.iter().map(|(note, tables)| format!("- note of {tables} tables: {}\n", within(note))).collect();
    if !notes.is_empty() {
        out.push_str(&format!("{}\n", notes.concat()));
    }
    let gaps = report.checks.iter().flat_map(|check| check.not_compared.iter()).chain(&report.not_compared);
    let gaps: Vec<String> = gaps.map(|gap| format!("- {}\n", within(gap))).collect();
    if !gaps.is_empty() {
        out.push_str(&format!("### Not compared\n\n{}\n", gaps.concat()));
    }
    for moment in &report.moments {
        out.push_str(&format!("- {}\n", within(moment)));
    }
    out
}

fn below(out: &mut String, table: &TableReport, shared: &BTreeMap<&str, usize>) {
    let own = say::own_notes(table, shared);
    let rows = table.examples.is_empty() && table.kept_aside.is_empty();
    if rows && table.not_compared.is_empty() && own.is_empty() && table.undecided.is_none() {
        return;
    }
    out.push_str(&format!("### {}\n\n", code(&say::named(table))));
    if let Some(why) = &table.undecided {
        out.push_str(&format!("- undecided: {}\n", within(why)));
    }
    for example in &table.examples {
        out.push_str(&format!("- {}: {}\n", code(&row::key(example)), within(&row::what(example))));
    }
    for (key, reason) in &table.kept_aside {
        out.push_str(&format!("- kept aside: {}: {}\n", code(&row::pairs(key)), within(reason)));
    }
    for gap in &table.not_compared {
        out.push_str(&format!("- not compared: {}\n", within(&say::gap(gap))));
    }
    for note in own {
        out.push_str(&format!("- note: {}\n", within(note)));
    }
    out.push('\n');
}
