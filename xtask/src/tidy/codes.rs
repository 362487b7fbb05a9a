//! Every error code of the sources has its page under `docs/codes/`, whole, and no page stands
//! without a code. Codes are append-only: a page is never renamed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Result;

use super::Violation;
use super::source::Source;

/// Where the pages are.
pub(crate) const FOLDER: &str = "docs/codes";

/// What each page has, in this order.
const HEADINGS: &[&str] = &["## Cause", "## What is safe now", "## What to do"];

/// Compares the codes of the crates' sources with the pages.
pub(crate) fn check(root: &Path, sources: &[Source]) -> Result<Vec<Violation>> {
    let mut pages = BTreeMap::new();
    for path in super::tracked(root, &[FOLDER])? {
        let name = path.rsplit('/').next().unwrap_or_default();
        let stem = name.strip_suffix(".md").unwrap_or(name);
        if stem != "README" {
            pages.insert(stem.to_owned(), fs::read_to_string(root.join(&path))?);
        }
    }
    Ok(compare(&used(sources), &pages))
}

/// Each code of the crates, with where it first stands. Comments and tests do not count.
fn used(sources: &[Source]) -> BTreeMap<String, (String, usize)> {
    let mut found = BTreeMap::new();
    for source in sources {
        if !source.path.starts_with("crates/") || source.is_proof() {
            continue;
        }
        for (line, literal) in &source.lexed.literals {
            if source.is_test(*line) {
                continue;
            }
            for code in codes_in(literal) {
                found.entry(code).or_insert_with(|| (source.path.clone(), *line));
            }
        }
    }
    for (code, path, line) in built(sources) {
        found.entry(code).or_insert((path, line));
    }
    found
}

/// Codes that one function of a crate puts together (`SG-PLAN-{number:03}`) from the number that it is called with. The
/// calls are `finding(7, …)` and `refuse(7, …)`.
fn built(sources: &[Source]) -> Vec<(String, String, usize)> {
    let mut found = Vec::new();
    for builder in sources.iter().filter(|source| !source.is_proof()) {
        let Some(area) = builder.lexed.literals.iter().find_map(|(_, literal)| built_area(literal)) else {
            continue;
        };
        let same = |source: &&Source| source.package() == builder.package() && !source.is_proof();
        for source in sources.iter().filter(same) {
            for (line, number) in numbers(&source.lexed.code) {
                if !source.is_test(line) {
                    found.push((format!("SG-{area}-{number:03}"), source.path.clone(), line));
                }
            }
        }
    }
    found
}

/// `PLAN` of `SG-PLAN-{number:03}`.
fn built_area(literal: &str) -> Option<&str> {
    let (area, rest) = literal.strip_prefix("SG-")?.split_once("-{")?;
    (rest.ends_with('}') && area.chars().all(|c| c.is_ascii_uppercase())).then_some(area)
}

/// The first argument of each call of a builder, where it is a number.
fn numbers(code: &str) -> Vec<(usize, u32)> {
    let mut found = Vec::new();
    for call in ["finding(", "refuse("] {
        for (at, _) in code.match_indices(call) {
            let argument = code[at + call.len()..].split(',').next().unwrap_or_default().trim();
            if let Ok(number) = argument.parse() {
                found.push((super::source::line_of(code, at), number));
            }
        }
    }
    found
}

/// The codes in a text: `SG-`, capital letters, `-`, three digits.
fn codes_in(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("SG-") {
        let rest = &text[at + 3..];
        let letters = rest.chars().take_while(char::is_ascii_uppercase).count();
        let Some(digits) = rest[letters..].strip_prefix('-') else {
            continue;
        };
        let count = digits.chars().take_while(char::is_ascii_digit).count();
        if letters > 0 && count == 3 {
            found.push(text[at..at + 3 + letters + 1 + 3].to_owned());
        }
    }
    found
}

fn compare(used: &BTreeMap<String, (String, usize)>, pages: &BTreeMap<String, String>) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut say = |path: String, line: usize, message: String| {
        found.push(Violation { path, line, rule: "codes", message });
    };
    for (code, (path, line)) in used {
        if !pages.contains_key(code) {
            say(path.clone(), *line, format!("{code} has no page {FOLDER}/{code}.md"));
        }
    }
    for (code, page) in pages {
        let path = format!("{FOLDER}/{code}.md");
        if !used.contains_key(code) {
            say(path.clone(), 0, "no source uses this code".to_owned());
        }
        for problem in problems(code, page) {
            say(path.clone(), 0, problem);
        }
    }
    found
}

fn problems(code: &str, page: &str) -> Vec<String> {
    let mut found = missing(page, &format!("# {code}: "), HEADINGS);
    if title(code, page).is_none() && found.is_empty() {
        found.push("has no title".to_owned());
    }
    found
}

/// What a page lacks of its opening and of its headings, which stand in order and have words.
pub(crate) fn missing(page: &str, opening: &str, headings: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    if !page.starts_with(opening) {
        found.push(format!("does not open with `{}`", opening.trim_end()));
    }
    let mut from = 0;
    for heading in headings {
        let Some(at) = page[from..].find(&format!("\n{heading}\n")) else {
            found.push(format!("lacks `{heading}`, or has it out of order"));
            continue;
        };
        from += at + heading.len() + 1;
        let words = page[from..].trim_start();
        if words.is_empty() || words.starts_with("## ") {
            found.push(format!("says nothing under `{heading}`"));
        }
    }
    found
}

/// The title of a code's page, if the page opens as it must.
fn title<'p>(code: &str, page: &'p str) -> Option<&'p str> {
    let line = page.lines().next()?;
    let title = line.strip_prefix(&format!("# {code}: "))?.trim();
    (!title.is_empty()).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str =
        "# SG-PG-031: the slot is gone\n\n## Cause\n\nIt was dropped.\n\n## What is safe now\n\nAll.\n\n## What to do\n\nRun it again.\n";

    fn count(text: &str, pages: &[(&str, &str)]) -> usize {
        let sources = [Source::new("crates/segue-postgres/src/a.rs", text)];
        let pages = pages.iter().map(|(code, page)| ((*code).to_owned(), (*page).to_owned())).collect();
        compare(&used(&sources), &pages).len()
    }

    #[test]
    fn codes_and_pages_belong_together() {
        let text = "fn a() { fail(\"SG-PG-031\"); } // SG-PG-099";
        assert_eq!(count(text, &[("SG-PG-031", PAGE)]), 0);
        assert_eq!(count(text, &[]), 1);
        assert_eq!(count("fn a() {}", &[("SG-PG-031", PAGE)]), 1);
    }

    #[test]
    fn a_page_is_whole() {
        let text = "fn a() { fail(\"SG-PG-031\"); }";
        let broken = |from: &str, to: &str| count(text, &[("SG-PG-031", &PAGE.replace(from, to))]);
        assert_eq!(broken("# SG-PG-031: the slot is gone", "# The slot"), 1);
        assert_eq!(broken("## Cause\n", "## Causes\n"), 1);
        assert_eq!(broken("Run it again.\n", ""), 1);
        assert_eq!(broken("It was dropped.\n\n", ""), 1);
    }

    #[test]
    fn codes_that_are_put_together_are_codes() {
        let sources = [
            Source::new("crates/segue-planner/src/say.rs", "fn f() { format!(\"SG-PLAN-{number:03}\") }"),
            Source::new("crates/segue-planner/src/a.rs", "fn f() { refuse(\n    7, a); finding(number, b); finding(12, c) }"),
            Source::new("crates/segue-steps/src/a.rs", "fn f() { refuse(9, a); }"),
        ];
        let found: Vec<String> = used(&sources).into_keys().collect();
        assert_eq!(found, ["SG-PLAN-007", "SG-PLAN-012"]);
    }

    #[test]
    fn codes_are_found_in_any_text() {
        assert_eq!(codes_in("error[SG-PG-031]: x SG-JRN-002"), ["SG-PG-031", "SG-JRN-002"]);
        assert!(codes_in("SG-pg-031 SG-PG-31 SG-PG-0311 SG-").is_empty());
    }
}
