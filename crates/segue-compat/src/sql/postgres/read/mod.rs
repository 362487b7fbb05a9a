//! Reads one statement's tokens into [`Stmt`].
//!
//! The grammar is PostgreSQL 10 to 18's, as far as locks and the catalog need it; squawk-syntax judges beside it whether the
//! text is SQL at all (`syntax.rs`). What is not understood becomes [`Stmt::Other`] or [`Action::Other`], never a harmless
//! statement. Tests: `tests/it/sql/postgres.rs`.

mod alter;
mod column;
mod constraint;
mod create;
mod data;
mod grant;
mod index;
mod other;

use super::cursor::{Cursor, Name};
use super::expression::{self, Functions};
use super::statement::{Expression, ObjectKind, Stmt};

/// Reads a statement.
pub(crate) fn statement(cursor: Cursor<'_>, own: &Functions) -> Stmt {
    let begin: Vec<String> = (0..4).map(|ahead| cursor.word_at(ahead)).filter(|word| !word.is_empty()).collect();
    read(cursor, own).unwrap_or_else(|| Stmt::Other(begin.join(" ").to_uppercase()))
}

fn read(mut cursor: Cursor<'_>, own: &Functions) -> Option<Stmt> {
    let first = cursor.word_at(0);
    match first.as_str() {
        "create" => create::read(&mut cursor, own),
        "alter" => alter::read(&mut cursor, own),
        "drop" => other::drop(&mut cursor),
        "truncate" | "update" | "delete" | "insert" | "select" | "with" | "values" | "table" | "merge" | "copy" | "lock" => {
            data::read(&mut cursor)
        }
        _ => other::read(&mut cursor),
    }
}

/// An expression from its tokens; parentheses around the whole are kept.
fn expression(cursor: Cursor<'_>, own: &Functions) -> Expression {
    let (volatility, by) = expression::volatility(cursor, own);
    Expression { text: expression::text(cursor), words: expression::words(cursor), calls: expression::calls(cursor), volatility, by }
}

/// The kind of object that the words at the cursor name.
fn object_kind(cursor: &mut Cursor<'_>) -> ObjectKind {
    let kinds: &[(&str, ObjectKind)] = &[
        ("materialized view", ObjectKind::MaterializedView),
        ("foreign table", ObjectKind::ForeignTable),
        ("table", ObjectKind::Table),
        ("index", ObjectKind::Index),
        ("view", ObjectKind::View),
        ("sequence", ObjectKind::Sequence),
        ("schema", ObjectKind::Schema),
        ("database", ObjectKind::Database),
        ("type", ObjectKind::Type),
        ("domain", ObjectKind::Domain),
        ("function", ObjectKind::Function),
        ("procedure", ObjectKind::Function),
        ("routine", ObjectKind::Function),
        ("aggregate", ObjectKind::Function),
        ("trigger", ObjectKind::Trigger),
        ("policy", ObjectKind::Policy),
        ("rule", ObjectKind::Rule),
        ("extension", ObjectKind::Extension),
        ("column", ObjectKind::Column),
        ("constraint", ObjectKind::Constraint),
    ];
    for (words, kind) in kinds {
        if cursor.words(words) {
            return *kind;
        }
    }
    ObjectKind::Other
}

/// `a, b.c, d`: names up to something else.
fn name_list(cursor: &mut Cursor<'_>) -> Vec<Name> {
    let mut names = Vec::new();
    loop {
        cursor.word("only");
        let Some(name) = cursor.qualified() else { break };
        names.push(name);
        cursor.symbol("*");
        cursor.parens();
        if !cursor.symbol(",") {
            break;
        }
    }
    names
}

/// The tables that a query names behind FROM and JOIN, names of WITH left out.
fn tables_read(cursor: Cursor<'_>) -> Vec<Name> {
    let mut names = Vec::new();
    let mut with = Vec::new();
    let mut walk = cursor;
    while !walk.done() {
        let is_from = walk.is("from") || walk.is("join") || walk.is("table") || walk.is("using");
        if walk.is("as") && walk.at > 0 {
            let name = Cursor { at: walk.at - 1, ..walk }.name();
            let mut next = Cursor { at: walk.at + 1, ..walk };
            if next.word("materialized") || next.words("not materialized") || next.is_symbol("(") {
                with.extend(name);
            }
        }
        walk.at += 1;
        if !is_from {
            continue;
        }
        loop {
            walk.word("only");
            walk.word("lateral");
            let mut ahead = walk;
            let Some(name) = ahead.qualified() else { break };
            if ahead.is_symbol("(") {
                break;
            }
            names.push(name);
            walk = ahead;
            walk.symbol("*");
            if walk.word("as") || !FOLLOWS.iter().any(|word| walk.is(word)) {
                walk.name();
            }
            if !walk.symbol(",") {
                break;
            }
        }
    }
    names.retain(|name| name.schema.is_some() || !with.contains(&name.name));
    names.sort();
    names.dedup();
    names
}

const FOLLOWS: &[&str] = &[
    "where",
    "join",
    "inner",
    "left",
    "right",
    "full",
    "cross",
    "natural",
    "group",
    "order",
    "having",
    "limit",
    "offset",
    "union",
    "except",
    "intersect",
    "on",
    "using",
    "for",
    "fetch",
    "window",
    "set",
    "tablesample",
    "returning",
    "when",
];
