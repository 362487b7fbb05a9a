//! A sequence, domain, routine or other object is another one.
//!
//! # What it checks
//! The text of objects beside tables and views, spacing and case apart. Of a domain with one check, the values that pass
//! are compared where the text shows them.
//!
//! # Why it breaks
//! What it does, takes or gives may differ; its text alone does not tell.
//!
//! # Safe path
//! Make the new one under another name, move callers, then drop the old one.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE FUNCTION f() ... 1
//! -- new
//! CREATE FUNCTION f() ... 2
//! ```

use super::super::pair::Sides;
use super::super::sink::{BOTH, DEPLOY, NOTHING, ROLLBACK, Sink};
use super::super::{condition, definition};
use crate::policy::Relation;
use crate::rule::Rule;
use crate::sql::Dialect;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-object-changed",
    title: "A sequence, domain, routine or other object is another one",
    why: "What it does, takes or gives may differ; its text alone does not tell.",
    fix: "Make the new one under another name, move callers, then drop the old one.",
    answers: &[],
};

/// Two domains over one type, where the texts of their checks decide what passes.
fn domains(name: &str, old: &str, new: &str, dialect: Dialect) -> Option<Relation> {
    if !name.starts_with("domain ") {
        return None;
    }
    let parts = |text: &str| {
        let lower = text.to_ascii_lowercase();
        let (head, check) = lower.split_once("check (")?;
        // One check, which ends the text; its name says nothing.
        let inner = check.strip_suffix(')').filter(|inner| !inner.contains("check ("))?;
        // Texts in it must not be folded.
        let inner = text.get(text.len() - check.len()..)?.get(..inner.len())?.to_owned();
        Some((head.split(" constraint ").next().unwrap_or(head).trim().to_owned(), inner))
    };
    let ((old_base, old), (new_base, new)) = (parts(old)?, parts(new)?);
    let relation = condition::relate(&old, &new, dialect);
    (old_base == new_base && !matches!(relation, Relation::Undecided | Relation::Equal)).then_some(relation)
}

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, sink: &mut Sink<'_>) {
    // PostgreSQL has other words than a file; MySQL and MariaDB keep the words of a body.
    if sides.old.served != sides.new.served && sides.dialect != Dialect::Mysql {
        return;
    }
    for (name, old) in sides.old.objects.iter().filter(|(name, _)| sides.shows(name)) {
        let Some(new) = sides.new.objects.get(name) else { continue };
        if definition::same(old, new, sides.dialect) {
            continue;
        }
        if let Some(relation) = domains(name, old, new, sides.dialect) {
            let (breaks, says) = match relation {
                Relation::Narrowed => (DEPLOY, "takes fewer values"),
                Relation::Widened => (ROLLBACK, "takes more values"),
                _ => (BOTH, "takes other values"),
            };
            sink.add(&RULE, breaks, name.clone(), "condition", format!("{name} {says}"));
        } else {
            sink.add(&RULE, NOTHING, name.clone(), "definition", format!("{name} is another one")).not_decided();
        }
    }
}
