//! The registry is whole: every action builds, every kind has its page, every code of ours has one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use segue_engine::memory::MemoryEngine;
use segue_steps::{KINDS, build};

use crate::shop::plan;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn every_kind_builds_and_has_its_page() {
    let plan = plan();
    for card in plan.phases.iter().flat_map(|phase| &phase.steps) {
        let step = build(&plan, card, Arc::new(MemoryEngine::default())).expect("a kind that is known");
        assert_eq!(step.card(), card);
        assert!(KINDS.contains(&(card.action.kind(), 1)), "{} is not registered", card.kind);
    }
    for (kind, version) in KINDS {
        assert!(*version >= 1);
        assert!(root().join(format!("docs/steps/{kind}.md")).exists(), "docs/steps/{kind}.md is missing");
    }
}

#[test]
fn a_card_that_contradicts_itself_is_refused() {
    let plan = plan();
    let mut card = plan.phases[1].steps[1].clone();
    card.kind = "drop_table".to_owned();
    let error = build(&plan, &card, Arc::new(MemoryEngine::default())).err().expect("refused");
    assert_eq!(error.code, "SG-RUN-017");
    let mut bare = plan.clone();
    bare.execution.tables.clear();
    let error = build(&bare, &plan.phases[1].steps[1], Arc::new(MemoryEngine::default())).err().expect("refused");
    assert_eq!(error.code, "SG-RUN-017");
}

#[test]
fn every_code_of_the_journal_and_the_steps_has_its_page() {
    let mut codes = std::collections::BTreeSet::new();
    for folder in ["crates/segue-journal/src", "crates/segue-steps/src"] {
        collect(&root().join(folder), &mut codes);
    }
    assert!(codes.len() > 20, "only {} codes found", codes.len());
    for code in codes {
        let page = std::fs::read_to_string(root().join(format!("docs/codes/{code}.md")))
            .unwrap_or_else(|_| panic!("docs/codes/{code}.md is missing"));
        assert!(page.starts_with(&format!("# {code}: ")), "{code}: its title");
        for heading in ["## Cause", "## What is safe now", "## What to do"] {
            assert!(page.contains(heading), "docs/codes/{code}.md has no `{heading}`");
        }
    }
}

fn collect(folder: &Path, codes: &mut std::collections::BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the workspace") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            collect(&path, codes);
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a source file");
        for (at, _) in text.match_indices("\"SG-") {
            let code: String = text[at + 1..].chars().take_while(|c| *c != '"').collect();
            if code.starts_with("SG-JR-") || code.starts_with("SG-RUN-") {
                codes.insert(code);
            }
        }
    }
}
