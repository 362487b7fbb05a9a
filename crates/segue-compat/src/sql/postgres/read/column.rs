//! A column's definition, in `CREATE TABLE` and `ADD COLUMN`.

use super::super::cursor::Cursor;
use super::super::expression::Functions;
use super::super::statement::{ColumnDefinition, ConstraintBody, TableConstraint};
use super::super::type_name;
use super::{constraint, expression};

/// Words that end a default's expression at the top.
const ENDS: &[&str] = &[
    "not",
    "null",
    "constraint",
    "check",
    "unique",
    "primary",
    "references",
    "collate",
    "generated",
    "default",
    "deferrable",
    "initially",
    "compression",
    "storage",
    ",",
];

/// Reads `name type clauses…`; none when a clause is not understood.
pub(super) fn read(cursor: &mut Cursor<'_>, own: &Functions) -> Option<ColumnDefinition> {
    let mut column = ColumnDefinition { name: cursor.name()?, ..ColumnDefinition::default() };
    let typed = type_name::take(cursor)?;
    column.data_type = typed.text;
    column.serial = typed.serial;
    column.not_null = typed.serial;
    if cursor.word("options") {
        cursor.parens();
    }
    while !cursor.done() && !cursor.is_symbol(",") {
        clause(cursor, own, &mut column)?;
    }
    Some(column)
}

fn clause(cursor: &mut Cursor<'_>, own: &Functions, column: &mut ColumnDefinition) -> Option<()> {
    let name = if cursor.word("constraint") { Some(cursor.name()?) } else { None };
    if cursor.words("not null") {
        column.not_null = true;
        cursor.words("no inherit");
        if let Some(name) = name {
            column.constraints.push(named(Some(name), ConstraintBody::NotNull { column: column.name.clone() }));
        }
        return Some(());
    }
    if cursor.word("null") {
        return Some(());
    }
    if cursor.word("default") {
        let tokens = take_expression(cursor);
        column.default = Some(expression(tokens, own)).filter(|default| default.text != "NULL");
        return Some(());
    }
    if cursor.word("collate") {
        column.collation = cursor.qualified().map(|name| name.name);
        return Some(());
    }
    if cursor.word("compression") || cursor.word("storage") {
        column.compression = true;
        cursor.name()?;
        return Some(());
    }
    if cursor.word("generated") {
        return generated(cursor, own, column);
    }
    if cursor.word("check") {
        let check = expression(cursor.parens()?, own);
        let mut one = named(name, ConstraintBody::Check(check));
        constraint::tail(cursor, &mut one);
        column.constraints.push(one);
        return Some(());
    }
    let columns = vec![column.name.clone()];
    let what = if cursor.words("primary key") {
        column.not_null = true;
        ConstraintBody::PrimaryKey { columns, using_index: None, include: constraint::include(cursor) }
    } else if cursor.word("unique") {
        let nulls_not_distinct = constraint::nulls(cursor);
        ConstraintBody::Unique { columns, using_index: None, include: constraint::include(cursor), nulls_not_distinct }
    } else if cursor.word("references") {
        constraint::references(cursor, columns)?
    } else {
        return None;
    };
    let mut one = named(name, what);
    constraint::tail(cursor, &mut one);
    column.constraints.push(one);
    Some(())
}

fn generated(cursor: &mut Cursor<'_>, own: &Functions, column: &mut ColumnDefinition) -> Option<()> {
    let always = cursor.word("always");
    if !always {
        cursor.words("by default").then_some(())?;
    }
    cursor.word("as").then_some(())?;
    if cursor.word("identity") {
        cursor.parens();
        column.identity = Some(if always { "always" } else { "by default" });
        column.not_null = true;
        return Some(());
    }
    column.generated = Some(expression(cursor.parens()?, own));
    // PostgreSQL 18 takes a bare expression as virtual.
    column.generated_virtual = !cursor.word("stored");
    cursor.word("virtual");
    Some(())
}

/// The default's tokens: up to the next clause, not fooled by `NOT` inside parentheses.
fn take_expression<'a>(cursor: &mut Cursor<'a>) -> Cursor<'a> {
    let from = cursor.at;
    // `DEFAULT NULL`: the first word may be one that ends.
    if cursor.is("null") || cursor.is("not") {
        cursor.at += 1;
    }
    cursor.until(ENDS);
    Cursor { text: cursor.text, tokens: cursor.tokens.get(from..cursor.at).unwrap_or(&[]), at: 0 }
}

fn named(name: Option<String>, what: ConstraintBody) -> TableConstraint {
    TableConstraint { name, what, not_valid: false, not_enforced: false, deferrable: String::new(), no_inherit: false }
}
