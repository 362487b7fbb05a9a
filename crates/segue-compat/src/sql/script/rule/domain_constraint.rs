//! A domain's constraint reads every table that uses it.
//!
//! # What it checks
//! `ALTER DOMAIN … ADD CONSTRAINT` (without NOT VALID), `SET NOT NULL`, `VALIDATE CONSTRAINT`.
//!
//! # Why it breaks
//! Every column of the domain is read under a SHARE lock: writers of all these tables wait.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-alterdomain.html>.
//!
//! # Safe path
//! Add it NOT VALID, and validate it at a quiet hour.
//!
//! # Example
//! ```sql
//! ALTER DOMAIN email ADD CHECK (VALUE LIKE '%@%');
//! ```

use super::super::walk::Step;
use super::{Finding, Found};
use crate::rule::Rule;
use crate::sql::postgres::cursor::quote;
use crate::sql::postgres::statement::Stmt;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-domain-constraint",
    title: "a domain's constraint reads every table that uses it",
    why: "Every column of the domain is read under a SHARE lock: writers of all these tables wait.",
    fix: "Add it NOT VALID and validate it at a quiet hour.",
    answers: &["squawk:ban-alter-domain-with-add-constraint"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    let Stmt::AlterDomain { name, validates: true, .. } = step.stmt else { return };
    let tables: Vec<String> = step.effect.scans.iter().map(|table| step.shown(table)).collect();
    let full = step.world.resolve(name);
    let known = step.world.domains.contains_key(&format!("{}.{}", quote(&full.schema), quote(&full.name)));
    // Nobody uses a domain that is known and has no columns; of one that is not known nobody can say.
    if step.facts.is_some() && known && tables.is_empty() {
        return;
    }
    let which = if tables.is_empty() { "every table that uses it".to_owned() } else { tables.join(", ") };
    let message = format!("the constraint of domain {} reads {which} while writers wait", name.name);
    found.danger(step, &RULE, Finding { object: name.name.clone(), change: "domain constraint".to_owned(), message, ..Finding::default() });
}
