//! A constraint of a table: `[CONSTRAINT name] CHECK …`, keys, foreign keys, exclusion, and what stands behind it.

use super::super::cursor::Cursor;
use super::super::expression::{self as expr, Functions};
use super::super::statement::{ConstraintBody, TableConstraint};
use super::expression;

/// Whether a table constraint begins here.
pub(super) fn begins(cursor: &Cursor<'_>) -> bool {
    let word = cursor.word_at(0);
    let next = cursor.tokens.get(cursor.at + 1).map(|token| cursor.slice(*token).to_ascii_lowercase()).unwrap_or_default();
    match word.as_str() {
        "constraint" => true,
        "check" | "unique" => next == "(" || next == "using" || next == "nulls",
        "primary" | "foreign" => next == "key",
        "exclude" => next == "(" || next == "using",
        "not" => next == "null",
        _ => false,
    }
}

/// Reads a table constraint.
pub(super) fn read(cursor: &mut Cursor<'_>, own: &Functions) -> Option<TableConstraint> {
    let name = if cursor.word("constraint") { Some(cursor.name()?) } else { None };
    let what = if cursor.word("check") {
        ConstraintBody::Check(expression(cursor.parens()?, own))
    } else if cursor.words("not null") {
        ConstraintBody::NotNull { column: cursor.name()? }
    } else if cursor.words("primary key") {
        let (columns, using_index) = key(cursor)?;
        ConstraintBody::PrimaryKey { columns, using_index, include: include(cursor) }
    } else if cursor.word("unique") {
        let nulls_not_distinct = nulls(cursor);
        let (columns, using_index) = key(cursor)?;
        ConstraintBody::Unique { columns, using_index, include: include(cursor), nulls_not_distinct }
    } else if cursor.words("foreign key") {
        let columns = cursor.parens()?.names();
        cursor.word("references").then_some(())?;
        references(cursor, columns)?
    } else if cursor.word("exclude") {
        exclude(cursor)?
    } else {
        return None;
    };
    let mut one = TableConstraint { name, what, not_valid: false, not_enforced: false, deferrable: String::new(), no_inherit: false };
    tail(cursor, &mut one);
    Some(one)
}

fn key(cursor: &mut Cursor<'_>) -> Option<(Vec<String>, Option<String>)> {
    if cursor.words("using index") {
        return Some((Vec::new(), Some(cursor.name()?)));
    }
    Some((cursor.parens()?.names(), None))
}

pub(super) fn nulls(cursor: &mut Cursor<'_>) -> bool {
    let not = cursor.words("nulls not distinct");
    cursor.words("nulls distinct");
    not
}

/// `INCLUDE (…)`, `WITH (…)` and `USING INDEX TABLESPACE x` behind a key.
pub(super) fn include(cursor: &mut Cursor<'_>) -> Vec<String> {
    let mut names = Vec::new();
    if cursor.word("include") {
        names = cursor.parens().map(Cursor::names).unwrap_or_default();
    }
    if cursor.word("with") {
        cursor.parens();
    }
    if cursor.words("using index tablespace") {
        cursor.name();
    }
    names
}

/// Behind `REFERENCES`.
pub(super) fn references(cursor: &mut Cursor<'_>, columns: Vec<String>) -> Option<ConstraintBody> {
    let table = cursor.qualified()?;
    let references = cursor.parens().map(Cursor::names).unwrap_or_default();
    let mut actions = String::new();
    loop {
        if cursor.word("match") {
            let kind = cursor.name()?;
            if kind != "simple" {
                actions.push_str(&format!(" MATCH {}", kind.to_uppercase()));
            }
        } else if cursor.is("on") && matches!(cursor.word_at(1).as_str(), "delete" | "update") {
            cursor.at += 1;
            let event = cursor.name()?.to_uppercase();
            let action = ["no action", "restrict", "cascade", "set null", "set default"].into_iter().find(|action| cursor.words(action))?;
            let some = cursor.parens().map(|inner| format!(" ({})", inner.names().join(", "))).unwrap_or_default();
            if action != "no action" {
                actions.push_str(&format!(" ON {event} {}{some}", action.to_uppercase()));
            }
        } else {
            break;
        }
    }
    Some(ConstraintBody::ForeignKey { columns, table, references, actions })
}

fn exclude(cursor: &mut Cursor<'_>) -> Option<ConstraintBody> {
    let from = *cursor;
    if cursor.word("using") {
        cursor.name()?;
    }
    let items = cursor.parens()?.items();
    let columns = items.into_iter().filter_map(|mut item| item.name()).collect();
    include(cursor);
    if cursor.word("where") {
        cursor.parens()?;
    }
    let tokens = Cursor { tokens: cursor.tokens.get(from.at..cursor.at)?, at: 0, ..from };
    Some(ConstraintBody::Exclude { columns, definition: expr::text(tokens) })
}

/// What may stand behind any constraint.
pub(super) fn tail(cursor: &mut Cursor<'_>, constraint: &mut TableConstraint) {
    let (mut deferrable, mut deferred) = (false, false);
    loop {
        if cursor.words("not valid") {
            constraint.not_valid = true;
        } else if cursor.words("not enforced") {
            constraint.not_enforced = true;
        } else if cursor.words("no inherit") {
            constraint.no_inherit = true;
        } else if cursor.words("not deferrable") || cursor.words("initially immediate") || cursor.word("enforced") {
        } else if cursor.word("deferrable") {
            deferrable = true;
        } else if cursor.words("initially deferred") {
            deferrable = true;
            deferred = true;
        } else {
            break;
        }
    }
    if deferrable {
        constraint.deferrable = if deferred { " DEFERRABLE INITIALLY DEFERRED".to_owned() } else { " DEFERRABLE".to_owned() };
    }
}
