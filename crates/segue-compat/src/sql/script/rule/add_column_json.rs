//! A json column has no equality.
//!
//! # What it checks
//! `ADD COLUMN … json`.
//!
//! # Why it breaks
//! `json` has no equality operator: `SELECT DISTINCT`, `GROUP BY` and `UNION` over the table's rows fail as soon as the column is there.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/datatype-json.html>.
//!
//! # Safe path
//! Use `jsonb`.
//!
//! # Example
//! ```sql
//! ALTER TABLE users ADD properties json;
//! ```

use super::super::sequence;
use super::super::walk::Step;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::Action;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-add-column-json",
    title: "a json column has no equality",
    why: "`json` has no equality operator: `SELECT DISTINCT`, `GROUP BY` and `UNION` over the table's rows fail as soon as the column is there.",
    fix: "Use jsonb.",
    answers: &["strong_migrations:add_column_json"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    step.each_action(|at, table, action, _| {
        let Action::AddColumn { definition, .. } = action else { return };
        if definition.data_type != "json" || step.session.is_new(table) {
            return;
        }
        let action = step.action_texts().1.get(at).map(|text| reword(text)).unwrap_or_default();
        found.danger(
            step,
            &RULE,
            Finding {
                object: on(step, table, Some(&definition.name)),
                change: "add json column".to_owned(),
                message: format!("{} of type json breaks SELECT DISTINCT and GROUP BY over rows of {}", definition.name, step.shown(table)),
                safe_sql: if action.is_empty() { Vec::new() } else { sequence::reworded(step, at, &action) },
                ..Finding::default()
            },
        );
    });
}

/// The action with its last bare `json` as `jsonb`.
fn reword(text: &str) -> String {
    let Ok(script) = crate::sql::postgres::token::cut(text) else { return String::new() };
    // The name of the column may be json too: the type is what comes after it.
    let typed = script.tokens.iter().rfind(|token| text[token.start..token.end].eq_ignore_ascii_case("json"));
    typed.map(|token| format!("{}jsonb{}", &text[..token.start], &text[token.end..])).unwrap_or_default()
}
