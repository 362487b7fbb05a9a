//! The compatibility matrix as a table for a terminal, JSON, Markdown and a page: which version's clients work with which
//! version's server.
//!
//! A row is a server, a column a client; a cell says in a word and a symbol whether they work together. Tests:
//! `tests/it/check_matrix.rs`.

use segue_model::check::matrix::{Matrix, Version};
use segue_model::check::{CheckFinding, Verdict};

use super::html::{badge, gaps};
use super::{pretty, say};
use crate::html::escape::Html;
use crate::html::frame::{contents, foot, head, open_section};
use crate::html::tone;
use crate::markup::{inline, within};
use crate::text::{Page, Style, cell, columns, count, shown};

/// The document.
pub fn json(matrix: &Matrix) -> String {
    pretty(matrix)
}

/// The table for a terminal; a list of pairs where the width has no room for it.
pub fn text(matrix: &Matrix, width: usize, color: bool) -> String {
    let mut page = Page::new(width, color);
    let (symbol, word, style, _) = say::verdict(matrix.verdict);
    let head = format!("Compatibility of {} of {}: {symbol} {}", count(matrix.versions.len(), "version"), matrix.kind, word.to_uppercase());
    page.line(0, 2, &[cell(head).style(style), cell(format!("policy {}", matrix.policy))]);
    for (at, version) in matrix.versions.iter().enumerate() {
        page.line(2, 6, &[cell(format!("{}  {}", letter(at), label(version)))]);
    }
    // A letter and a symbol a cell: three columns each.
    if page.fits(16 + 3 * matrix.versions.len()) {
        page.line(0, 2, &[cell("rows: the server; columns: the client; ✓ works, ✕ breaks, ? undecided, · not compared").style(Style::Dim)]);
        let names: Vec<String> = (0..matrix.versions.len()).map(letter).collect();
        let mut table = row("", names.iter().map(String::as_str));
        for (server, name) in names.iter().enumerate() {
            table.push_str(&row(name, (0..names.len()).map(|client| mark(matrix, client, server))));
        }
        let mut out = page.finish();
        out.push_str(&table);
        page = Page::new(width, color);
        lines(&mut page, matrix);
        return out + &page.finish();
    }
    lines(&mut page, matrix);
    page.finish()
}

/// A row of the table: a name, and three columns a cell.
fn row<'a>(name: &str, cells: impl Iterator<Item = &'a str>) -> String {
    let mut out = format!("  {name:<4}");
    for cell in cells {
        out.push_str(cell);
        out.push_str(&" ".repeat(3_usize.saturating_sub(columns(cell))));
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn lines(page: &mut Page, matrix: &Matrix) {
    for pair in matrix.pairs.iter().filter(|pair| pair.deploy != Verdict::Compatible || pair.rollback != Verdict::Compatible) {
        let word = |verdict| {
            let (symbol, word, style, _) = say::verdict(verdict);
            (format!("{symbol} {word}"), style)
        };
        let ((deploy, style), (back, back_style)) = (word(pair.deploy), word(pair.rollback));
        page.line(
            2,
            6,
            &[
                cell(format!("{} → {}", letter(pair.old), letter(pair.new))).style(Style::Bold),
                cell(format!("deploy {deploy}")).style(style),
                cell(format!("rollback {back}")).style(back_style),
                cell(pair.examples.join("; ")).style(Style::Dim),
            ],
        );
    }
    for finding in &matrix.findings {
        let (symbol, word) = say::severity(finding.severity);
        page.line(0, 2, &[cell(format!("{symbol} {word}[{}]: {} ({})", finding.rule, finding.message, finding.object)).style(Style::Bad)]);
    }
    for gap in &matrix.not_checked {
        page.line(2, 4, &[cell(format!("not checked: {gap}")).style(Style::Dim)]);
    }
}

/// A, B … Z, AA, AB …
fn letter(at: usize) -> String {
    let one = |at: usize| char::from(b'A' + u8::try_from(at % 26).unwrap_or(0));
    if at < 26 { one(at).to_string() } else { format!("{}{}", one(at / 26 - 1), one(at)) }
}

fn label(version: &Version) -> String {
    match &version.declared {
        Some(declared) => format!("{} ({declared})", version.name),
        None => version.name.clone(),
    }
}

fn mark(matrix: &Matrix, client: usize, server: usize) -> &'static str {
    matrix.works(client, server).map_or("·", |verdict| say::verdict(verdict).0)
}

fn word(matrix: &Matrix, client: usize, server: usize) -> String {
    matrix.works(client, server).map_or_else(
        || "not compared".to_owned(),
        |verdict| {
            let (symbol, word, _, _) = say::verdict(verdict);
            format!("{symbol} {}", if verdict == Verdict::Compatible { "works" } else { word })
        },
    )
}

/// The table for a page of Markdown.
pub fn markdown(matrix: &Matrix) -> String {
    let (symbol, verdict, _, _) = say::verdict(matrix.verdict);
    let mut out = format!("## {symbol} Compatibility of {}: {verdict}\n\n", within(&matrix.kind));
    out.push_str(&format!("Policy {}. A row is a server, a column a client.\n\n", within(&matrix.policy)));
    let names: Vec<String> = matrix.versions.iter().map(|version| within(&label(version))).collect();
    out.push_str(&format!("| server \\ client | {} |\n|{}\n", names.join(" | "), " --- |".repeat(names.len() + 1)));
    for (server, name) in names.iter().enumerate() {
        let cells: Vec<String> = (0..names.len()).map(|client| word(matrix, client, server)).collect();
        out.push_str(&format!("| **{name}** | {} |\n", cells.join(" | ")));
    }
    out.push('\n');
    for finding in &matrix.findings {
        let (symbol, word) = say::severity(finding.severity);
        out.push_str(&format!(
            "- {symbol} {word} `{}`: {} ({})\n",
            shown(&finding.rule),
            inline(&finding.message),
            within(&finding.object)
        ));
    }
    if !matrix.not_checked.is_empty() {
        out.push_str("\nNot checked:\n\n");
        for gap in &matrix.not_checked {
            out.push_str(&format!("- {}\n", inline(gap)));
        }
    }
    out
}

/// The page.
pub fn html(matrix: &Matrix) -> String {
    let mut page = Html::default();
    head(&mut page, &format!("segue check: versions of {}", matrix.kind));
    page.raw("<header class=\"top\"><div class=\"wrap\"><div class=\"brand\">segue check</div><h1>")
        .text(format!("Versions of {}", matrix.kind));
    page.raw("</h1>")
        .el("p", "why", format!("{}, policy {}.", count(matrix.versions.len(), "version"), matrix.policy))
        .raw("<div class=\"chips\">");
    badge(&mut page, matrix.verdict);
    page.raw("</div></div></header>\n");
    let sections = [("matrix", "Which client works with which server"), ("findings", "Findings"), ("not-checked", "Not checked")];
    contents(&mut page, &sections);
    page.raw("<main id=\"main\" class=\"wrap\">\n");
    for (id, title) in sections {
        open_section(&mut page, id, title);
        match id {
            "matrix" => table(&mut page, matrix),
            "findings" => findings(&mut page, &matrix.findings),
            _ => gaps(&mut page, &matrix.not_checked),
        }
        page.raw("</section>\n");
    }
    page.raw("</main>\n");
    foot(&mut page, &matrix.segue);
    page.finish()
}

/// Versions whose square fits on a narrow page.
const SQUARE_MAX: usize = 8;

/// The square of all versions.
fn square(page: &mut Html, matrix: &Matrix) {
    page.raw("<table class=\"matrix\"><caption>Rows: the server; columns: the client.</caption><thead><tr><td></td>");
    for client in 0..matrix.versions.len() {
        page.raw("<th scope=\"col\">").text(letter(client)).raw("</th>");
    }
    page.raw("</tr></thead><tbody>");
    for server in 0..matrix.versions.len() {
        page.raw("<tr><th scope=\"row\">").text(letter(server)).raw("</th>");
        for client in 0..matrix.versions.len() {
            let (symbol, word, tone) = matrix.works(client, server).map_or(("·", "not compared", "calm"), |verdict| {
                let (symbol, word, _, tone) = say::verdict(verdict);
                (symbol, if verdict == Verdict::Compatible { "works" } else { word }, tone)
            });
            page.open("td", &[("data-tone", tone)]).raw(symbol).raw("<small>").raw(word).raw("</small></td>");
        }
        page.raw("</tr>");
    }
    page.raw("</tbody></table>");
}

/// A list of servers: it reads well on any width, which a square of sixty columns does not.
fn table(page: &mut Html, matrix: &Matrix) {
    if matrix.versions.len() <= SQUARE_MAX {
        square(page, matrix);
    }
    page.para("lead", "For each version of the server: the versions whose clients work with it, and those whose do not.");
    page.raw("<table class=\"stack\"><thead><tr><th scope=\"col\">Server</th><th scope=\"col\">Clients that work</th>");
    page.raw("<th scope=\"col\">Clients that break</th><th scope=\"col\">Not decided</th></tr></thead><tbody>");
    for (server, version) in matrix.versions.iter().enumerate() {
        let of = |asked: Option<Verdict>| -> String {
            let names = (0..matrix.versions.len()).filter(|client| *client != server && matrix.works(*client, server) == asked);
            names.filter_map(|client| matrix.versions.get(client)).map(label).collect::<Vec<_>>().join(", ")
        };
        let undecided = [of(Some(Verdict::Undecided)), of(None)].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ");
        page.raw("<tr><th scope=\"row\">")
            .prose(format!("{} {}", letter(server), label(version)))
            .raw("</th>")
            .cell("Clients that work", of(Some(Verdict::Compatible)));
        page.cell("Clients that break", of(Some(Verdict::Breaking))).cell("Not decided", undecided).raw("</tr>");
    }
    page.raw("</tbody></table>");
    for pair in matrix.pairs.iter().filter(|pair| !pair.examples.is_empty()).take(200) {
        let name = |at: usize| matrix.versions.get(at).map_or_else(String::new, label);
        page.raw("<details><summary>").prose(format!("{} → {}", name(pair.old), name(pair.new))).raw(" ");
        badge(page, pair.deploy);
        page.raw("</summary><div class=\"body\"><ul>");
        for example in &pair.examples {
            page.said("li", "", example);
        }
        page.raw("</ul></div></details>");
    }
}

fn findings(page: &mut Html, findings: &[CheckFinding]) {
    if findings.is_empty() {
        page.raw("<p>").badge("good", "✓", "none").raw("</p>");
        return;
    }
    page.raw("<ul class=\"plain\">");
    for finding in findings.iter().take(500) {
        let ((tone, symbol), word) = tone::severity(finding.severity);
        page.raw("<li><div class=\"row\">").badge(tone, symbol, word).el("code", "", &finding.rule);
        page.raw("<span class=\"grow\"><b>").prose(&finding.object).raw("</b>: ").prose(&finding.message).raw("</span></div>");
        page.para("small", format!("What to do: {}", finding.fix)).raw("</li>");
    }
    page.raw("</ul>");
}

#[cfg(test)]
mod tests {
    use super::letter;
    use crate::text::columns;

    #[test]
    fn letters_go_on_behind_z() {
        assert_eq!([0, 25, 26, 63].map(letter), ["A", "Z", "AA", "BL"]);
        assert_eq!(columns(&letter(63)), 2);
    }
}
