//! The comparison as one HTML page that needs nothing else: no network, no script, light and dark.
//!
//! Every text enters through the page's one door; colours repeat a symbol and a word.

use segue_model::units::grouped;
use segue_model::verify::{TableReport, Verdict, VerifyReport};

use super::{row, say};
use crate::html::FULL;
use crate::html::escape::Html;
use crate::html::frame::{contents, foot, head, open_section};
use crate::text::count;

/// Tables with their rows that one page shows.
const LISTED_MAX: usize = 2_000;

/// The whole page.
pub fn html(report: &VerifyReport, segue_version: &str) -> String {
    let mut page = Html::default();
    head(&mut page, "segue verify");
    header(&mut page, report);
    let notes = notes_of(report);
    let sections: Vec<(&'static str, &'static str)> = [
        ("answer", "Are they the same?", true),
        ("tables", "Tables", !report.tables.is_empty()),
        ("rows", "Rows that differ", report.tables.iter().any(|table| table.verdict != Verdict::Equal)),
        ("checks", "Checks", !report.checks.is_empty()),
        ("not-compared", "Not compared", true),
        ("notes", "Notes", !notes.is_empty()),
    ]
    .into_iter()
    .filter(|(_, _, there)| *there)
    .map(|(id, title, _)| (id, title))
    .collect();
    contents(&mut page, &sections);
    page.raw("<main id=\"main\" class=\"wrap\">\n");
    for (id, title) in sections {
        open_section(&mut page, id, title);
        match id {
            "answer" => answer(&mut page, report),
            "tables" => tables(&mut page, report),
            "rows" => rows(&mut page, report),
            "checks" => checks(&mut page, report),
            "notes" => list(&mut page, &notes),
            _ => gaps(&mut page, report),
        }
        page.raw("</section>\n");
    }
    page.raw("</main>\n");
    foot(&mut page, segue_version);
    page.finish()
}

fn header(page: &mut Html, report: &VerifyReport) {
    page.raw("<header class=\"top\"><div class=\"wrap\"><div class=\"brand\">segue verify</div><h1>Source and target</h1>");
    page.el("p", "why", say::sum(report));
    page.raw("<div class=\"chips\">");
    let (symbol, word, tone) = say::whole(report);
    page.badge(tone, symbol, word);
    if !report.engine.is_empty() {
        page.badge("calm", "⚖", format!("by {}", report.engine));
    }
    page.raw("</div></div></header>\n");
}

fn badge(page: &mut Html, verdict: Verdict) {
    let (symbol, word, tone) = say::verdict(verdict);
    page.badge(tone, symbol, word);
}

fn answer(page: &mut Html, report: &VerifyReport) {
    let (symbol, word, tone) = say::whole(report);
    page.open("div", &[("class", "answer"), ("data-tone", tone)]).raw("<span class=\"mark\" aria-hidden=\"true\">").raw(symbol);
    page.raw("</span><div><strong>").text(word).raw("</strong>").para("", say::answer(report)).raw("</div></div>");
    for moment in &report.moments {
        page.para("small", moment);
    }
}

fn tables(page: &mut Html, report: &VerifyReport) {
    page.raw("<table class=\"stack\"><thead><tr><th scope=\"col\">Table</th><th scope=\"col\">Verdict</th><th scope=\"col\">Rows</th>");
    page.raw("<th scope=\"col\">Differ</th><th scope=\"col\">Time</th><th scope=\"col\">Rate</th></tr></thead><tbody>");
    for (at, table) in report.tables.iter().enumerate() {
        if page.len() > FULL || at >= LISTED_MAX {
            page.raw("<tr><td colspan=\"6\">").text(format!("and {}", count(report.tables.len() - at, "more table"))).raw("</td></tr>");
            break;
        }
        page.raw("<tr>").cell("Table", say::named(table)).raw("<td data-label=\"Verdict\">");
        badge(page, table.verdict);
        page.raw("</td>").cell("Rows", say::rows(table.rows)).cell("Differ", say::counts(table)).cell("Time", say::time(table));
        page.cell("Rate", say::rate(table)).raw("</tr>");
    }
    page.raw("</tbody></table>");
}

fn rows(page: &mut Html, report: &VerifyReport) {
    page.para("lead", "Keys and the names of the columns that differ. Values stand here only where somebody asked for them.");
    for table in report.tables.iter().filter(|table| table.verdict != Verdict::Equal) {
        if page.len() > FULL {
            page.para("", "The page is full: `segue verify --format json` has the rest.");
            return;
        }
        one(page, table);
    }
}

fn one(page: &mut Html, table: &TableReport) {
    page.raw("<details class=\"step\" open><summary>");
    badge(page, table.verdict);
    page.raw("<span class=\"what\">").prose(say::named(table)).raw("</span></summary><div class=\"body\">").para("", say::counts(table));
    if let Some(why) = &table.undecided {
        page.para("", format!("Undecided: {why}"));
    }
    if table.examples.len() + table.kept_aside.len() > 0 {
        page.raw("<ul>");
        for example in &table.examples {
            page.raw("<li><code>").text(row::key(example)).raw("</code> ").text(row::what(example)).raw("</li>");
        }
        for (key, reason) in &table.kept_aside {
            page.raw("<li>kept aside: <code>").text(row::pairs(key)).raw("</code> ").text(reason).raw("</li>");
        }
        page.raw("</ul>");
    }
    let more = table.different().saturating_sub(table.examples.len() as u64);
    if more > 0 && !table.examples.is_empty() {
        page.para("small", format!("and {} more: `--diff-rows FILE` has all", grouped(more)));
    }
    page.raw("</div></details>");
}

fn checks(page: &mut Html, report: &VerifyReport) {
    for check in &report.checks {
        // What is not right is read without a click, and printed.
        let open = if check.verdict == Verdict::Equal { "" } else { " open" };
        page.raw("<details class=\"step\"").raw(open).raw("><summary>");
        let (symbol, _, tone) = say::verdict(check.verdict);
        page.badge(tone, symbol, say::passed(check.verdict));
        page.raw("<span class=\"what\">").prose(&check.name).raw("</span></summary><div class=\"body\"><ul>");
        for line in check.evidence.iter().chain(&check.not_compared) {
            page.said("li", "", line);
        }
        page.raw("</ul></div></details>");
    }
}

fn gaps(page: &mut Html, report: &VerifyReport) {
    let of_tables = report
        .tables
        .iter()
        .flat_map(|table| table.not_compared.iter().map(move |gap| format!("{}: {}", say::named(table), say::gap(gap))));
    let all: Vec<String> = of_tables.chain(report.not_compared.iter().cloned()).collect();
    if all.is_empty() {
        page.para("", "Nothing that was read was left out.");
        return;
    }
    list(page, &all);
}

/// What somebody should know; what several tables share is said once.
fn notes_of(report: &VerifyReport) -> Vec<String> {
    let shared = say::shared_notes(&report.tables);
    let all = shared.iter().map(|(note, tables)| format!("{tables} tables: {note}"));
    let own = report.tables.iter().flat_map(|table| {
        let notes = say::own_notes(table, &shared).into_iter();
        notes.map(move |note| format!("{}: {note}", say::named(table)))
    });
    all.chain(own).collect()
}

fn list(page: &mut Html, lines: &[String]) {
    page.raw("<ul>");
    for (at, line) in lines.iter().enumerate() {
        if page.len() > FULL {
            page.el("li", "", format!("and {} more: `segue verify --format json`", lines.len() - at));
            break;
        }
        page.said("li", "", line);
    }
    page.raw("</ul>");
}
