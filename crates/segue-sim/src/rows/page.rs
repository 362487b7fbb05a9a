//! What the matrix saw, as the tables of `docs/canonical.md`: written from the outcomes, so that they cannot rot.
//!
//! Tests: `tests/it/rows_matrix.rs`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::matrix::{Case, Expect, Outcome};

/// One section: a pair of engines.
pub fn section(title: &str, outcomes: &[(Case, Outcome)]) -> String {
    let mut out = format!("### {title}\n\n");
    let mut pairings: BTreeMap<(String, String), Row<'_>> = BTreeMap::new();
    for (case, outcome) in outcomes {
        if case.source.0.starts_with("cols:") {
            continue;
        }
        let row = pairings.entry((bare(case.source.0), bare(case.target.0))).or_default();
        row.class = outcome.class.as_ref().map(ToString::to_string).or(row.class.take());
        row.said = outcome.said.first().or(row.said);
        match outcome.seen {
            Expect::Equal => row.equal = row.equal.or(Some(case)),
            Expect::Different => row.different = row.different.or(Some(case)),
            Expect::Gap => {}
        }
    }
    out.push_str("| source | target | compared as | equal | differ |\n|---|---|---|---|---|\n");
    for ((source, target), row) in pairings {
        let compared = row.class.unwrap_or_else(|| format!("not compared: {}", row.said.map_or("", String::as_str)));
        let shown =
            |case: Option<&Case>| case.map_or_else(String::new, |case| format!("{} · {}", code(case.source.1), code(case.target.1)));
        let _written =
            writeln!(out, "| {} | {} | {compared} | {} | {} |", code(&source), code(&target), shown(row.equal), shown(row.different));
    }
    out.push('\n');
    out
}

#[derive(Default)]
struct Row<'a> {
    class: Option<String>,
    said: Option<&'a String>,
    equal: Option<&'a Case>,
    different: Option<&'a Case>,
}

/// A type without its collation and character set.
pub(super) fn bare(of: &str) -> String {
    let of = of.split(" collate").next().unwrap_or(of).split(" character set").next().unwrap_or(of).split(" COLLATE").next().unwrap_or(of);
    if of.is_empty() { "(no type)".to_owned() } else { of.trim_end_matches(" null").to_owned() }
}

fn code(text: &str) -> String {
    let mark = if text.contains('`') { "``" } else { "`" };
    format!("{mark}{}{mark}", text.replace('|', "\\|"))
}

/// The page with the tables put in at their mark. `None`: the page has no place for them.
pub fn put(page: &str, mark: &str, tables: &str) -> Option<String> {
    let (begin, end) = (format!("<!-- {mark}: written by segue-sim's tests -->\n\n"), format!("<!-- end of {mark} -->\n"));
    let (head, rest) = page.split_once(&begin)?;
    let (_, tail) = rest.split_once(&end)?;
    Some(format!("{head}{begin}{tables}{end}{tail}"))
}
