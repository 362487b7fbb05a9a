//! ALTER TABLE in a form that SQLite does not have.
//!
//! # What it checks
//! Forms other than RENAME, ADD COLUMN and DROP COLUMN, and new columns that SQLite cannot add ("ALTER TABLE", sections 4
//! and 5).
//!
//! # Why it breaks
//! The statement fails. A new column may not be a key or unique, not NOT NULL without a default, and not STORED.
//!
//! # Safe path
//! Build the new table, copy the rows, drop the old one, rename the new one: in one transaction with foreign keys off
//! before it.
//!
//! # Example
//! ```sql
//! ALTER TABLE t ALTER COLUMN a TYPE bigint;
//! ```

use segue_model::catalog::ConstraintKind;
use segue_model::check::Breaks;

use super::super::Found;
use crate::rule::Rule;
use crate::sql::Dialect;
use crate::sql::ddl::alter::Action;
use crate::sql::ddl::key::KeyKind;
use crate::sql::ddl::script::{Event, Seen};
use crate::sql::ddl::sequence::{Alter, COMMIT, begin};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sqlite-script-alter-refused",
    title: "ALTER TABLE in a form that SQLite does not have",
    why: "The statement fails. A new column may not be a key or unique, not NOT NULL without a default, and not STORED.",
    fix: "Build the new table, copy the rows, drop the old one, rename the new one: in one transaction with foreign keys off before it.",
    answers: &["atlas:LT101"],
};

/// Looks at one statement.
pub(crate) fn check(seen: &Seen<'_>, found: &mut Found<'_>) {
    let Event::Alter(table, actions) = &seen.event else { return };
    let index = actions
        .iter()
        .all(|action| matches!(action, Action::AddKey(_) if seen.text.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("create"))));
    if index {
        return;
    }
    let one = actions.len() == 1;
    let why = if one { actions.first().and_then(|action| refusal(seen, table, action)) } else { Some("one ALTER TABLE takes one action") };
    let Some(why) = why else { return };
    let message = format!("SQLite refuses this ALTER of table {table}: {why}");
    found.add(&RULE, &[Breaks::Deploy], table.clone(), why, message);
    found.does(seen, table, "EXCLUSIVE", false, false);
    if !one && actions.iter().all(|action| refusal(seen, table, action).is_none()) {
        found.instead(one_by_one(seen, actions.len()));
    }
}

/// Why SQLite does not take an action that stands alone.
fn refusal(seen: &Seen<'_>, table: &str, action: &Action) -> Option<&'static str> {
    match action {
        Action::DropColumn(name) => in_key(seen, table, name).then_some("a column of a primary key or of a unique key cannot be dropped"),
        Action::RenameTable(_) | Action::RenameColumn(..) => None,
        Action::AddColumn(read) => {
            let column = &read.column;
            let default = column.default.as_deref().unwrap_or_default().to_lowercase();
            if read.keys.iter().any(|key| matches!(key.kind, KeyKind::Primary | KeyKind::Unique)) {
                Some("a new column cannot be a primary key or unique")
            } else if !column.nullable && column.default.is_none() && column.generated.is_none() {
                Some("a new column that is not null needs a default")
            } else if default.starts_with("current_") || default.starts_with('(') {
                Some("the default of a new column must be constant where the table has rows")
            } else {
                read.marks.iter().any(|mark| mark == "stored generated").then_some("a new column cannot be STORED")
            }
        }
        _ => Some("there is no such form of ALTER TABLE"),
    }
}

/// Each action in a statement of its own, all of them or none.
fn one_by_one(seen: &Seen<'_>, actions: usize) -> Vec<String> {
    let Some(alter) = Alter::read(seen.text, Dialect::Sqlite, actions) else { return Vec::new() };
    let each = alter.parts.iter().map(|part| alter.of([part.as_str()]));
    if seen.before.in_transaction {
        return each.collect();
    }
    std::iter::once(begin(Dialect::Sqlite).to_owned()).chain(each).chain([COMMIT.to_owned()]).collect()
}

/// SQLite keeps the columns of its keys ("ALTER TABLE", section 5).
fn in_key(seen: &Seen<'_>, table: &str, column: &str) -> bool {
    let named = |columns: &[String]| columns.iter().any(|one| one.eq_ignore_ascii_case(column));
    let key = |kind: ConstraintKind| matches!(kind, ConstraintKind::PrimaryKey | ConstraintKind::Unique);
    seen.table(table).is_some_and(|table| table.constraints.iter().any(|one| key(one.kind) && named(&one.columns)))
}
