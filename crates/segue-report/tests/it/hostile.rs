//! Hostile names reach no terminal as they are.

use segue_model::event::{Entry, Event};
use segue_model::ident::TableName;
use segue_report::{Detail, log_text, plan_text_at, shown};

const HOSTILE: &str = "t\u{1b}]0;x\u{7}\n\u{202e}drop\u{2066}\r\u{200b}\u{9b}2J";

fn harmless(text: &str) {
    let bad = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}');
    assert!(!text.contains(bad), "{text:?}");
}

#[test]
fn a_plan_of_hostile_names_is_harmless() {
    let mut plan = crate::plan::plan();
    HOSTILE.clone_into(&mut plan.name);
    plan.segue.push_str(HOSTILE);
    HOSTILE.clone_into(&mut plan.execution.system);
    for change in &mut plan.execution.tables {
        change.table = TableName::new(HOSTILE, HOSTILE);
        for column in change.new.iter_mut().chain(&mut change.old) {
            column.name.push_str(HOSTILE);
            column.data_type.push_str(HOSTILE);
        }
        change.constraints.iter_mut().for_each(|constraint| constraint.name.push_str(HOSTILE));
        change.carries.iter_mut().for_each(|carry| carry.object.push_str(HOSTILE));
    }
    for phase in &mut plan.phases {
        phase.name.push_str(HOSTILE);
        for step in &mut phase.steps {
            for text in [&mut step.id, &mut step.what, &mut step.why, &mut step.lock, &mut step.undo.what, &mut step.undo.loses] {
                text.push_str(HOSTILE);
            }
        }
    }
    for finding in &mut plan.findings {
        for text in [&mut finding.code, &mut finding.object, &mut finding.message, &mut finding.fix] {
            text.push_str(HOSTILE);
        }
    }
    plan.not_checked.push(HOSTILE.to_owned());
    let text = plan_text_at(&plan, Detail::Full, 80, false);
    harmless(&text);
    assert!(text.contains("\\u{202e}drop"), "it is visible");
}

#[test]
fn journal_and_verdicts_are_harmless() {
    let event = Event::StepFailed { step: HOSTILE.to_owned(), code: "SG-X-001".to_owned(), message: HOSTILE.to_owned() };
    harmless(&log_text(&[Entry { seq: 1, at_ms: 0, epoch: 1, event }], 80, false));
    harmless(&shown(HOSTILE));
}
