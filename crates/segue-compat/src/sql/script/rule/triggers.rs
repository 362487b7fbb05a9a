//! A trigger appears, goes or is switched off.
//!
//! # What it checks
//! `CREATE TRIGGER`, `DROP TRIGGER`, `DISABLE TRIGGER`.
//!
//! # Why it breaks
//! Writers wait for the lock; a trigger that is off does not do what it is there for, and `DISABLE TRIGGER ALL` switches off foreign keys too: rows may be stored that break them.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-createtrigger.html>.
//!
//! # Safe path
//! Never switch off ALL or system triggers; let a trigger look at a session's setting instead.
//!
//! # Example
//! ```sql
//! ALTER TABLE users DISABLE TRIGGER ALL;
//! ```

use super::super::walk::Step;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::cursor::Name;
use crate::sql::postgres::statement::{Action, ObjectKind, Stmt};
use segue_model::finding::Severity;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-triggers",
    title: "a trigger appears, goes or is switched off",
    why: "Writers wait for the lock; a trigger that is off does not do what it is there for, and `DISABLE TRIGGER ALL` switches off foreign keys too: rows may be stored that break them.",
    fix: "Do not switch triggers off for everybody; look at a session's setting in the trigger.",
    answers: &["strong_migrations:execute"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    step.each_action(|_, table, action, _| {
        let Action::Triggers { enable: false, all, .. } = action else { return };
        if step.session.is_new(table) {
            return;
        }
        let what = if *all { "foreign keys of it are not checked either" } else { "what the trigger does is not done for anybody" };
        let message = format!("a trigger of {} is off: {what}", step.shown(table));
        found.danger(
            step,
            &RULE,
            Finding { object: on(step, table, None), change: "disable trigger".to_owned(), message, ..Finding::default() },
        );
    });
    let (name, table, what) = match step.stmt {
        Stmt::CreateTrigger { name, table, .. } => (name.clone(), table, "appears: from now on it runs for writers of every version"),
        Stmt::Drop { kind: ObjectKind::Trigger, names, on: Some(table), .. } => {
            (names.first().map(|name| name.name.clone()).unwrap_or_default(), table, "goes: what it did is not done for any version")
        }
        Stmt::CreateRule { table, name, definition } => {
            rewritten(step, found, (table, name), definition);
            return;
        }
        _ => return,
    };
    let table = step.world.resolve(table);
    if !step.session.is_new(&table) {
        let message = format!("trigger {name} of {} {what}", step.shown(&table));
        found.note(
            step,
            &RULE,
            Severity::Low,
            Finding { object: on(step, &table, Some(&name)), change: "trigger".to_owned(), message, ..Finding::default() },
        );
    }
}

/// A rule puts other statements in the place of those that the application sends.
fn rewritten(step: &Step<'_>, found: &mut Found<'_>, rule: (&Name, &str), definition: &str) {
    let (table, name) = rule;
    let table = step.world.resolve(table);
    if step.session.is_new(&table) {
        return;
    }
    let object = on(step, &table, Some(name));
    let lower = definition.to_lowercase();
    let finding = |message: String| Finding { object, change: "rule".to_owned(), message, ..Finding::default() };
    if lower.trim_end().ends_with("instead nothing") {
        found.loss(
            step,
            &RULE,
            finding(format!("rule {name} does nothing instead of what is sent to {}: writes are lost", step.shown(&table))),
        );
    } else if lower.contains(" instead ") {
        found.danger(step, &RULE, finding(format!("rule {name} does something else instead of what is sent to {}", step.shown(&table))));
    } else {
        let message = format!("rule {name} of {} does more than what is sent, for every version", step.shown(&table));
        found.note(step, &RULE, Severity::Medium, finding(message));
    }
}
