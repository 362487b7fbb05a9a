//! For a person at a terminal: the answer, a table of tables, the first rows that differ, what was not compared.

use std::collections::BTreeMap;

use segue_model::units::grouped;
use segue_model::verify::{CheckReport, TableReport, Verdict, VerifyReport};

use super::{row, say};
use crate::text::{Page, Style, cell, columns, shown};

/// Keys and rows shown of a table.
const SHOWN_MAX: usize = 10;

/// The outcome in plain words, folded at `width` columns.
pub fn human(report: &VerifyReport, width: usize, color: bool) -> String {
    let mut page = Page::new(width, color);
    let (_, word, _) = say::whole(report);
    let sampled = report.tables.iter().any(|table| table.engine == "sample");
    let of = if sampled && report.verdict == Verdict::Equal { " in a sample" } else { "" };
    let tone = if report.is_written_only() { Style::Plain } else { style(report.verdict) };
    page.line(0, 2, &[cell(format!("Verify: {}{of}", word.to_uppercase())).style(tone), cell(say::sum(report)).flows()]);
    table_of_tables(&mut page, width, &report.tables);
    let shared = say::shared_notes(&report.tables);
    for table in &report.tables {
        below(&mut page, table, &shared);
    }
    let rest = shared.len() + report.checks.len() + report.moments.len() + report.not_compared.len();
    if rest > 0 && !report.tables.is_empty() {
        page.line(0, 0, &[cell(" ")]);
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

fn table_of_tables(page: &mut Page, width: usize, tables: &[TableReport]) {
    if tables.is_empty() {
        return;
    }
    let rows: Vec<[String; 5]> = tables
        .iter()
        .map(|table| {
            [
                format!("{} {}", say::verdict(table.verdict).0, say::named(table)),
                say::verdict(table.verdict).1.to_owned(),
                table.rows.source.map_or_else(|| "–".to_owned(), grouped),
                say::time(table),
                say::rate(table),
            ]
        })
        .collect();
    let titles = ["table", "verdict", "rows", "time", "rate"];
    let wide = |at: usize| {
        let widest = rows.iter().map(|row| columns(&shown(&row[at]))).max().unwrap_or(0);
        widest.max(if tables.len() > 1 { columns(titles[at]) } else { 0 })
    };
    let figures = [wide(1), wide(2), wide(3), wide(4)];
    // Names get what the figures leave; a name that is longer has a line of its own.
    let room = width.saturating_sub(2 + figures.iter().map(|wide| wide + 3).sum::<usize>());
    let names = rows.iter().map(|row| columns(&shown(&row[0]))).filter(|wide| *wide <= room).max().unwrap_or(0).max(columns(titles[0]));
    if tables.len() > 1 {
        let used = rows.iter().any(|row| !row[3].is_empty());
        // The symbol before each name has no title.
        let wides = [names.saturating_sub(2), figures[0], figures[1], figures[2], figures[3]];
        let cells = titles.iter().zip(wides).take(if used { 5 } else { 3 });
        page.line(4, 6, &cells.map(|(title, wide)| cell(title).style(Style::Dim).pad(wide)).collect::<Vec<_>>());
    }
    for (row, table) in rows.iter().zip(tables) {
        let name = cell(&row[0]).style(style(table.verdict)).pad(names);
        let figures = row[1..].iter().zip(figures).map(|(text, wide)| cell(text).pad(wide));
        if columns(&shown(&row[0])) <= room {
            page.line(2, 4, &[name].into_iter().chain(figures).collect::<Vec<_>>());
        } else {
            page.line(2, 4, &[name]);
            page.line(2, 4, &[cell(" ").pad(names + 1)].into_iter().chain(figures).collect::<Vec<_>>());
        }
    }
}

fn below(page: &mut Page, table: &TableReport, shared: &BTreeMap<&str, usize>) {
    let own = say::own_notes(table, shared);
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
        page.line(4, 6, &[cell(row::key(example)), cell(row::what(example)).flows()]);
    }
    let more = table.different().saturating_sub(table.examples.len().min(SHOWN_MAX) as u64);
    if more > 0 && !table.examples.is_empty() {
        page.line(4, 6, &[cell(format!("and {} more: --diff-rows FILE has all", grouped(more))).style(Style::Dim)]);
    }
    for (key, reason) in &table.kept_aside {
        page.line(4, 6, &[cell(format!("kept aside: {}: {reason}", row::pairs(key)))]);
    }
    for gap in &table.not_compared {
        page.line(4, 6, &[cell(format!("not compared: {}", say::gap(gap))).style(Style::Dim)]);
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
