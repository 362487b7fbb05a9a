//! None of the traps is ever in what we export.

use segue_report::runbook;
use segue_report::trap::{Language, find};

use crate::runbook_fixture::all;

#[test]
fn no_export_holds_a_trap() {
    for plan in all() {
        for (language, text) in
            [(Language::Any, runbook::markdown(&plan)), (Language::Shell, runbook::shell(&plan)), (Language::Sql, runbook::sql(&plan))]
        {
            assert_eq!(find(&text, language, "runbook"), []);
        }
        for block in runbook::blocks(&plan) {
            assert_eq!(find(&block.text, Language::named(&block.language), &block.step), []);
        }
    }
}

#[test]
fn a_trap_in_a_command_is_found() {
    let mut plan = crate::runbook_fixture::shop();
    plan.phases[0].steps[0].outside.command.as_mut().expect("a command").text = "pg_restore -c before.sql".to_owned();
    let found = find(&runbook::markdown(&plan), Language::Any, "runbook.md");
    assert!(found.iter().any(|finding| finding.code == "SG-TRAP-016"), "{found:?}");
}
