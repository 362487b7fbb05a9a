//! One block by the id of its step.

use segue_report::runbook;

use crate::runbook_fixture::{all, schema, shop};

#[test]
fn a_command_is_given_as_it_is() {
    let plan = shop();
    let block = runbook::block(&plan, "prepare/role").expect("a block");
    assert_eq!((block.language.as_str(), block.dialect.as_str(), block.undo), ("sql", "postgres", false));
    assert!(block.text.starts_with("create role mover login;"));
    assert_eq!(block.precondition, "step `prepare/schema` is done; you are logged in as the migration's own role");
    assert_eq!(block.expected, "CREATE ROLE");
    let undo = runbook::undo_block(&plan, "prepare/role").expect("a way back");
    assert_eq!((undo.text.as_str(), undo.undo), ("drop role mover", true));
    assert_eq!(runbook::block(&plan, "copy/orders"), None, "a person does it");
    assert_eq!(runbook::block(&plan, "nothing"), None);
    assert_eq!(runbook::undo_block(&plan, "retire/old"), None, "it is final");
}

#[test]
fn a_step_of_segue_shows_its_command() {
    let plan = schema();
    assert_eq!(runbook::block(&plan, "backfill/orders").expect("a block").text, "segue apply --until backfill");
    assert_eq!(runbook::undo_block(&plan, "backfill/orders").expect("a block").text, "segue rollback --to expand");
    assert_eq!(runbook::undo_block(&plan, "prepare/control").expect("a block").text, "segue rollback");
}

#[test]
fn each_fence_of_the_markdown_is_a_block() {
    for plan in all() {
        let markdown = runbook::markdown(&plan);
        let fences = markdown.lines().filter(|line| line.starts_with("```") && line.contains("segue:")).count();
        assert_eq!(fences, runbook::blocks(&plan).len());
        assert!(fences > 0);
        for block in runbook::blocks(&plan) {
            let name = if block.undo { "undo" } else { "step" };
            assert!(markdown.contains(&format!(" segue:{name}={}", block.step)), "{}", block.step);
            assert!(markdown.contains(&format!("\n{}\n```", block.text)));
        }
    }
}
