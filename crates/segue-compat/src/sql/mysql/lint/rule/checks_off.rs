//! Foreign keys are not checked.
//!
//! # What it checks
//! `SET foreign_key_checks = 0` (or unique_checks) before statements that write or add keys.
//!
//! # Why it breaks
//! Orphans and doubles get in without a word, and switching the check on again looks at none of them.
//!
//! # Safe path
//! Leave it on. Where a key must be added without a copy, look for orphans by a query before and after.
//!
//! # Example
//! ```sql
//! SET foreign_key_checks = 0;
//! DELETE FROM users WHERE id = 7;
//! ```

use segue_model::finding::Severity;

use super::super::Found;
use crate::rule::Rule;
use crate::sql::ddl::script::{Event, Seen};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "mysql-script-checks-off",
    title: "Foreign keys are not checked",
    why: "Orphans and doubles get in without a word, and switching the check on again looks at none of them.",
    fix: "Leave it on. Where a key must be added without a copy, look for orphans by a query before and after.",
    answers: &[],
};

/// Looks at one statement.
pub(crate) fn check(seen: &Seen<'_>, found: &mut Found<'_>) {
    let Event::Set(name, value) = &seen.event else { return };
    if ["foreign_key_checks", "unique_checks", "check_constraint_checks"].contains(&name.as_str())
        && ["0", "off", "false"].contains(&value.as_str())
    {
        let message = format!("{name} is off from here: rows that break keys get in and are never looked for");
        found.add(&RULE, &[], name.clone(), "off", message).severity = Severity::Medium;
        found.does(seen, name, "", false, false);
    }
}
