//! Every rule of `check` says what it is about, has an id of its own, and is named by a test or a case.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Result;

use super::Violation;
use crate::docs::rules::{self, HEADINGS, Told};

/// Where a rule is proved.
const PROOFS: [&str; 2] = ["crates/segue-compat/tests", "crates/segue-compat/src"];

/// Looks at every rule's file.
pub(crate) fn check(root: &Path) -> Result<Vec<Violation>> {
    let told = rules::told(root)?;
    let mut proofs = String::new();
    for path in super::tracked(root, &PROOFS)? {
        let is_proof = path.contains("/tests/") || path.ends_with("tests.rs");
        if is_proof && let Ok(text) = fs::read_to_string(root.join(&path)) {
            proofs.push_str(&text);
            proofs.push('\n');
        }
    }
    Ok(compare(&told, &proofs))
}

fn compare(told: &[Told], proofs: &str) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for rule in told {
        let mut say = |message: String| found.push(Violation { path: rule.path.clone(), line: 0, rule: "rules", message });
        for heading in HEADINGS {
            let has = rule.words.lines().any(|line| line.starts_with('#') && line.trim_start_matches('#').trim() == heading);
            if !has {
                say(format!("the rule `{}` has no heading `{heading}`", rule.id));
            }
        }
        if let Some(other) = seen.insert(&rule.id, &rule.path) {
            say(format!("the rule `{}` is there twice, also in {other}", rule.id));
        }
        if !proofs.contains(&rule.id) {
            say(format!("the rule `{}` has no case: no test or case of segue-compat names it", rule.id));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(id: &str, words: &str) -> Told {
        Told {
            path: format!("{id}.rs"),
            family: "f".to_owned(),
            id: id.to_owned(),
            title: "t".to_owned(),
            words: words.to_owned(),
            answers: Vec::new(),
        }
    }

    #[test]
    fn a_rule_has_words_an_id_and_a_case() {
        let whole = "# What it checks\n# Why it breaks\n## Safe path\n# Example\n";
        assert!(compare(&[told("a-b", whole)], "expect a-b here").is_empty());
        assert_eq!(compare(&[told("a-b", "# What it checks\n")], "a-b").len(), 3);
        assert_eq!(compare(&[told("a-b", whole), told("a-b", whole)], "a-b").len(), 1);
        assert_eq!(compare(&[told("a-b", whole)], "").len(), 1);
    }
}
