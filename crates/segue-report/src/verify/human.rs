//! For a person at a terminal: the answer, a table of tables, the first rows that differ, what was not compared.

use std::collections::BTreeMap;

use segue_model::verify::{CheckReport, TableReport, Verdict, VerifyReport};

use super::say;
use crate::text::{Page, Style, cell, columns, count};

/// Keys and rows shown of a table.
const SHOWN_MAX: usize = 10;

/// The outcome in plain words, folded at `width` columns.
pub fn human(report: &VerifyReport, width: usize, color: bool) -> String {
    let mut page = Page::new(width, color);
    let (_, word, _) = say::verdict(report.verdict);
    let sum = format!("{}, {}", count(report.tables.len(), "table"), count(report.checks.len(), "check"));
    let sampled = report.tables.iter().any(|table| table.engine == "sample");
    let of = if sampled && report.verdict == Verdict::Equal { " in a sample" } else { "" };
    page.line(0, 2, &[cell(format!("Verify: {}{of}", word.to_uppercase())).style(style(report.verdict)), cell(sum)]);
    table_of_tables(&mut page, &report.tables);
    let shared = shared_notes(&report.tables);
    for table in &report.tables {
        below(&mut page, table, &shared);
    }
    for (note, tables) in &shared {
        page.line(2, 4, &[cell(format!("note of {tables} tables: {note}")).style(Style::Dim)]);
    }
    for check in &report.checks {
        one_check(&mut page, check);
    }
    for moment in &report.moments {
        page.line(2, 4, &[cell(moment).style(Style::Dim)]);
    }
    for gap in &report.not_compared {
        page.line(2, 4, &[cell(format!("not compared: {gap}")).style(Style::Dim)]);
    }
    page.finish()
}

fn style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Equal => Style::Good,
        Verdict::Different => Style::Bad,
        Verdict::Undecided => Style::Warn,
    }
}

fn table_of_tables(page: &mut Page, tables: &[TableReport]) {
    if tables.is_empty() {
        return;
    }
    let rows: Vec<[String; 5]> = tables
        .iter()
        .map(|table| {
            [
                format!("{} {}", say::verdict(table.verdict).0, say::named(table)),
                say::verdict(table.verdict).1.to_owned(),
                table.rows.source.map_or_else(|| "–".to_owned(), say::grouped),
                if table.ms == 0 { String::new() } else { say::time(table.ms) },
                say::rate(table),
            ]
        })
        .collect();
    let titles = ["table", "verdict", "rows", "time", "rate"];
    let wide = |at: usize, most: usize| {
        let widest = rows.iter().map(|row| columns(&row[at])).max().unwrap_or(0);
        widest.max(columns(titles[at])).min(most)
    };
    let wides = [wide(0, 40), wide(1, 9), wide(2, 15), wide(3, 12), 0];
    if tables.len() > 1 {
        let used = rows.iter().any(|row| !row[3].is_empty());
        // The symbol before each name has no title.
        let wides = [wides[0].saturating_sub(2), wides[1], wides[2], wides[3], wides[4]];
        let cells = titles.iter().zip(wides).take(if used { 5 } else { 3 });
        page.line(4, 6, &cells.map(|(title, wide)| cell(title).style(Style::Dim).pad(wide)).collect::<Vec<_>>());
    }
    for (row, table) in rows.iter().zip(tables) {
        let mut cells: Vec<_> = row.iter().zip(wides).map(|(text, wide)| cell(text).pad(wide)).collect();
        cells[0] = cell(&row[0]).style(style(table.verdict)).pad(wides[0]);
        page.line(2, 4, &cells);
    }
}

/// Notes that several tables have: they are said once.
fn shared_notes(tables: &[TableReport]) -> BTreeMap<&str, usize> {
    let mut out: BTreeMap<&str, usize> = BTreeMap::new();
    for note in tables.iter().flat_map(|table| &table.notes) {
        *out.entry(note).or_default() += 1;
    }
    out.retain(|_, tables| *tables > 1);
    out
}

fn below(page: &mut Page, table: &TableReport, shared: &BTreeMap<&str, usize>) {
    let own: Vec<&String> = table.notes.iter().filter(|note| !shared.contains_key(note.as_str())).collect();
    let quiet = table.verdict == Verdict::Equal && table.not_compared.is_empty() && own.is_empty();
    if quiet {
        return;
    }
    page.line(0, 0, &[cell(" ")]);
    page.line(2, 4, &[cell(say::named(table)).style(Style::Bold), cell(say::counts(table))]);
    if table.rows.source != table.rows.target {
        page.line(4, 6, &[cell(format!("rows: {}", say::rows(table.rows)))]);
    }
    if let Some(why) = &table.undecided {
        page.line(4, 6, &[cell(format!("undecided: {why}")).style(Style::Warn)]);
    }
    for example in table.examples.iter().take(SHOWN_MAX) {
        page.line(4, 6, &[cell(say::key(example)), cell(say::what(example)).flows()]);
    }
    let more = table.different().saturating_sub(table.examples.len().min(SHOWN_MAX) as u64);
    if more > 0 && !table.examples.is_empty() {
        page.line(4, 6, &[cell(format!("and {} more: --diff-rows FILE has all", say::grouped(more))).style(Style::Dim)]);
    }
    for (key, reason) in &table.kept_aside {
        page.line(4, 6, &[cell(format!("kept aside: {}: {reason}", say::pairs(key)))]);
    }
    for gap in &table.not_compared {
        let what = if gap.column.is_empty() { String::new() } else { format!("{}: ", gap.column) };
        page.line(4, 6, &[cell(format!("not compared: {what}{}", gap.reason)).style(Style::Dim)]);
    }
    for note in own {
        page.line(4, 6, &[cell(format!("note: {note}")).style(Style::Dim)]);
    }
}

fn one_check(page: &mut Page, check: &CheckReport) {
    page.line(
        2,
        4,
        &[
            cell(format!("{} check {}", say::verdict(check.verdict).0, check.name)).style(style(check.verdict)),
            cell(say::passed(check.verdict)),
        ],
    );
    for line in check.evidence.iter().take(SHOWN_MAX) {
        page.line(4, 6, &[cell(line)]);
    }
    if check.evidence.len() > SHOWN_MAX {
        page.line(4, 6, &[cell(format!("and {} more: --format json", check.evidence.len() - SHOWN_MAX)).style(Style::Dim)]);
    }
    for gap in &check.not_compared {
        page.line(4, 6, &[cell(format!("not compared: {gap}")).style(Style::Dim)]);
    }
}
