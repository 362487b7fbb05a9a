//! A view, type, function or sequence goes that others use.
//!
//! # What it checks
//! `DROP VIEW`, `DROP TYPE`, `DROP FUNCTION`, `DROP SEQUENCE`, `DROP EXTENSION`.
//!
//! # Why it breaks
//! Versions of the application that still name it fail; with CASCADE everything that depends on it goes too, columns included.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/ddl-depend.html>.
//!
//! # Safe path
//! Stop using it in every version first; never with CASCADE.
//!
//! # Example
//! ```sql
//! DROP VIEW active_users;
//! ```

use super::super::walk::Step;
use super::{Finding, Found};
use crate::rule::Rule;
use crate::sql::postgres::statement::{ObjectKind, Stmt};

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-drop-object",
    title: "a view, type, function or sequence goes that others use",
    why: "Versions of the application that still name it fail; with CASCADE everything that depends on it goes too, columns included.",
    fix: "Let every version stop using it first.",
    answers: &[],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    let Stmt::Drop { kind, names, cascade, .. } = step.stmt else { return };
    let what = match kind {
        ObjectKind::View => "view",
        ObjectKind::MaterializedView => "materialised view",
        ObjectKind::Type | ObjectKind::Domain => "type",
        ObjectKind::Function => "function",
        ObjectKind::Sequence => "sequence",
        ObjectKind::Extension => "extension",
        _ => return,
    };
    for name in names {
        let columns_go = *cascade && matches!(kind, ObjectKind::Type | ObjectKind::Domain | ObjectKind::Extension);
        let finding = Finding {
            object: name.name.clone(),
            change: format!("drop {what}"),
            message: format!(
                "{what} {} goes{}: versions that use it fail",
                name.name,
                if columns_go { " with every column of it" } else { "" }
            ),
            ..Finding::default()
        };
        if columns_go { found.loss(step, &RULE, finding) } else { found.danger(step, &RULE, finding) }
    }
}
