//! Every step kind has its page, whole, and its proof; and no page stands without a kind.
//!
//! A step kind is a file under `crates/segue-steps/src/kind/`. Its proof is a `prove_step!(…)` in
//! some test whose arguments name it, as `create_table` or as `CreateTable`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Result;

use super::Violation;
use super::source::Source;

/// The folder of step kinds, one a file.
const KINDS: &str = "crates/segue-steps/src/kind/";

/// Where the pages are.
const PAGES: &str = "docs/steps";

/// What each page has, in this order.
const HEADINGS: &[&str] = &["## Locks", "## How it is verified", "## How it is undone"];

/// Checks that each kind is documented and proved.
pub(crate) fn check(root: &Path, sources: &[Source]) -> Result<Vec<Violation>> {
    let mut pages = BTreeMap::new();
    for path in super::tracked(root, &[PAGES])? {
        let name = path.rsplit('/').next().unwrap_or_default();
        let stem = name.strip_suffix(".md").unwrap_or(name);
        if stem != "README" {
            pages.insert(stem.to_owned(), fs::read_to_string(root.join(&path))?);
        }
    }
    Ok(compare(sources, &pages))
}

fn compare(sources: &[Source], pages: &BTreeMap<String, String>) -> Vec<Violation> {
    let proved = proof_texts(sources);
    let kinds = kinds(sources);
    let mut found = Vec::new();
    let mut say = |path: &str, message: String| {
        found.push(Violation { path: path.to_owned(), line: 0, rule: "proofs", message });
    };
    for (name, path) in &kinds {
        match pages.get(name) {
            None => say(path, format!("has no page {PAGES}/{name}.md")),
            Some(page) => {
                for problem in super::codes::missing(page, &format!("# {name}\n"), HEADINGS) {
                    say(&format!("{PAGES}/{name}.md"), problem);
                }
            }
        }
        if !proved.iter().any(|text| names(text, name)) {
            say(path, format!("has no proof: no test says `prove_step!` of `{name}`"));
        }
    }
    for page in pages.keys().filter(|page| !kinds.iter().any(|(name, _)| name == *page)) {
        say(&format!("{PAGES}/{page}.md"), "no step has this name".to_owned());
    }
    found
}

/// Each kind's name and path.
fn kinds(sources: &[Source]) -> Vec<(String, String)> {
    sources
        .iter()
        .filter_map(|source| {
            let name = source.path.strip_prefix(KINDS)?.strip_suffix(".rs")?;
            let is_kind = name != "mod" && !name.contains('/');
            is_kind.then(|| (name.to_owned(), source.path.clone()))
        })
        .collect()
}

/// What stands in the brackets of each `prove_step!`, comments left out.
fn proof_texts(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        let code = &source.lexed.code;
        for (at, mark) in code.match_indices("prove_step!") {
            let from = at + mark.len();
            let Some(close) = code[from..].find(['}', ';']) else {
                continue;
            };
            // The brackets may hold the name as an identifier or in a literal of these lines.
            let mut text = code[from..from + close].to_owned();
            let lines = super::source::line_of(code, at)..=super::source::line_of(code, from + close);
            for (line, literal) in &source.lexed.literals {
                if lines.contains(line) {
                    text.push(' ');
                    text.push_str(literal);
                }
            }
            found.push(text);
        }
    }
    found
}

/// Whether a text has the kind's name as a word, in either case.
fn names(text: &str, kind: &str) -> bool {
    let camel: String = kind
        .split('_')
        .flat_map(|part| {
            let (first, rest) = part.split_at(part.len().min(1));
            [first.to_uppercase(), rest.to_owned()]
        })
        .collect();
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == kind || word == camel)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# create_table\n\nA.\n\n## Locks\n\nB.\n\n## How it is verified\n\nC.\n\n## How it is undone\n\nD.\n";

    fn count(proof: &str, pages: &[(&str, &str)]) -> usize {
        let kind = Source::new("crates/segue-steps/src/kind/create_table.rs", "//! Kind.");
        let proof = Source::new("crates/segue-steps/tests/it/proof.rs", proof);
        let pages = pages.iter().map(|(name, page)| ((*name).to_owned(), (*page).to_owned())).collect();
        compare(&[kind, proof], &pages).len()
    }

    #[test]
    fn a_kind_needs_its_proof() {
        let count = |text: &str| count(text, &[("create_table", PAGE)]);
        assert_eq!(count("prove_step!(memory, CreateTable { x: 1 });"), 0);
        assert_eq!(count("prove_step! { create_table };"), 0);
        assert_eq!(count("prove_step!(\"create_table\");"), 0);
        assert_eq!(count("prove_step!(drop_table);"), 1);
        assert_eq!(count("// prove_step!(create_table);"), 1);
        assert_eq!(count("create_table();"), 1);
    }

    #[test]
    fn a_kind_needs_its_whole_page() {
        let proof = "prove_step!(create_table);";
        assert_eq!(count(proof, &[]), 1);
        assert_eq!(count(proof, &[("create_table", &PAGE.replace("## Locks", "## Lock"))]), 1);
        assert_eq!(count(proof, &[("create_table", &PAGE.replace("D.\n", ""))]), 1);
        assert_eq!(count(proof, &[("create_table", PAGE), ("gone", PAGE)]), 1);
    }
}
