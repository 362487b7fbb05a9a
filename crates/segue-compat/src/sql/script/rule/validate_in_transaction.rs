//! A constraint is validated in the transaction that added it.
//!
//! # What it checks
//! `VALIDATE CONSTRAINT` in the same transaction as `ADD CONSTRAINT … NOT VALID`, or in the same statement as an action that needs a strong lock.
//!
//! # Why it breaks
//! The strong lock of ADD CONSTRAINT is held until the end of the transaction, so that everybody waits for the validation after all.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES>.
//!
//! # Safe path
//! Commit between the two.
//!
//! # Example
//! ```sql
//! BEGIN;
//! ALTER TABLE users ADD CONSTRAINT adult CHECK (age >= 18) NOT VALID;
//! ALTER TABLE users VALIDATE CONSTRAINT adult;
//! COMMIT;
//! ```

use super::super::lock::Mode;
use super::super::sequence;
use super::super::walk::Step;
use super::super::weight::Work;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::Action;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-validate-in-transaction",
    title: "a constraint is validated in the transaction that added it",
    why: "The strong lock of ADD CONSTRAINT is held until the end of the transaction, so that everybody waits for the validation after all.",
    fix: "Commit before VALIDATE CONSTRAINT.",
    answers: &[
        "strong_migrations:validate_check_constraint",
        "strong_migrations:validate_foreign_key",
        "squawk:constraint-missing-not-valid",
    ],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    if in_one_statement(step, found) || !step.session.open {
        return;
    }
    step.each_action(|_, table, action, _| {
        let Action::ValidateConstraint { name } = action else { return };
        let added = step.session.not_valid.get(&(table.clone(), name.clone()));
        let Some(held) = step.session.held.get(table).filter(|held| held.blocks_writes() && added == Some(&step.session.number)) else {
            return;
        };
        let Some(weight) = step.weigh(table, Work::Scan, *held) else { return };
        let finding = Finding {
            object: on(step, table, Some(name)),
            change: "validate in the same transaction".to_owned(),
            message: format!(
                "{name} is validated while its own transaction still holds the lock of ADD CONSTRAINT on {}",
                step.shown(table)
            ),
            safe_sql: if step.session.wrapped || weight.small { Vec::new() } else { vec![format!("{};", step.text())] },
            ..Finding::default()
        };
        found.weighed(step, &RULE, &weight, finding);
    });
}

/// `VALIDATE` beside another action takes that action's lock while it reads.
fn in_one_statement(step: &Step<'_>, found: &mut Found<'_>) -> bool {
    let Some((table, actions)) = step.alter() else { return false };
    let name = actions.iter().find_map(|action| if let Action::ValidateConstraint { name } = action { Some(name) } else { None });
    let Some(name) = name else { return false };
    let strong = step.effect.strongest(&table).filter(|mode| mode.blocks_writes());
    let Some(mode) = strong.filter(|_| actions.len() > 1 && step.effect.scans.contains(&table)) else { return false };
    let Some(weight) = step.weigh(&table, Work::Scan, mode) else { return false };
    let last = actions.iter().rposition(|action| !matches!(action, Action::ValidateConstraint { .. }));
    let first = actions.iter().position(|action| matches!(action, Action::ValidateConstraint { .. }));
    let finding = Finding {
        object: on(step, &table, Some(name)),
        change: "validate in the same statement".to_owned(),
        message: format!("{name} is validated under the {} of the other actions on {}", Mode::name(mode), step.shown(&table)),
        safe_sql: if step.session.wrapped || last > first { Vec::new() } else { sequence::apart(step) },
        ..Finding::default()
    };
    found.weighed(step, &RULE, &weight, finding);
    true
}
