//! A statement was not understood.
//!
//! # What it checks
//! Dynamic code (`DO`, `EXECUTE`, a script's own functions), and statements that are not PostgreSQL.
//!
//! # Why it breaks
//! What it locks and changes is not known, so that nothing after it is certain either.
//!
//! # Safe path
//! Write the statements out, so that they can be judged.
//!
//! # Example
//! ```sql
//! DO $$ BEGIN EXECUTE 'ALTER TABLE ' || name; END $$;
//! ```

use super::super::sequence;
use super::super::walk::Step;
use super::{Finding, Found};
use crate::rule::Rule;
use crate::sql::postgres::statement::{Action, Stmt};
use segue_model::finding::Severity;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-not-followed",
    title: "a statement was not understood",
    why: "What it locks and changes is not known, so that nothing after it is certain either.",
    fix: "Write the statements out so that they can be judged.",
    answers: &[],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    let message = match step.stmt {
        Stmt::Other(words) => format!("{words} … was not understood: what it does is not known"),
        Stmt::Do { body } if sequence::is_batches(body) => return,
        Stmt::Do { .. } => "the code of DO is not followed: what it locks and changes is not known".to_owned(),
        Stmt::AlterTable { .. } => {
            let Some((_, actions)) = step.alter() else { return };
            let Some(words) = actions.iter().find_map(|action| if let Action::Other(words) = action { Some(words) } else { None }) else {
                return;
            };
            format!("ALTER TABLE … {words} was not understood: what it does is not known")
        }
        _ => return,
    };
    let object = format!("statement {}", step.index + 1);
    found.note(
        step,
        &RULE,
        Severity::Medium,
        Finding { object, change: "not followed".to_owned(), message, undecided: true, ..Finding::default() },
    );
}
