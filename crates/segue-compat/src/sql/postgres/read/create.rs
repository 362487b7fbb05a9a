//! `CREATE …`.

use super::super::cursor::{Cursor, Name};
use super::super::expression::{self as expr, Functions, Volatility};
use super::super::statement::{CreateTable, Stmt};
use super::super::type_name;
use super::{column, constraint, index, tables_read};

/// Reads a `CREATE`.
pub(super) fn read(cursor: &mut Cursor<'_>, own: &Functions) -> Option<Stmt> {
    cursor.word("create").then_some(())?;
    let or_replace = cursor.words("or replace");
    let mut table = CreateTable::default();
    loop {
        if cursor.word("temporary") || cursor.word("temp") {
            table.temporary = true;
        } else if cursor.word("unlogged") {
            table.unlogged = true;
        } else if cursor.word("foreign") {
            table.foreign = true;
        } else if !(cursor.word("global") || cursor.word("local") || cursor.word("recursive")) {
            break;
        }
    }
    if cursor.word("table") {
        return create_table(cursor, own, table);
    }
    if cursor.words("unique index") {
        return index::read(cursor, own, true).map(|index| Stmt::CreateIndex(Box::new(index)));
    }
    if cursor.word("index") {
        return index::read(cursor, own, false).map(|index| Stmt::CreateIndex(Box::new(index)));
    }
    let materialized = cursor.word("materialized");
    if cursor.word("view") {
        return view(cursor, materialized, or_replace, table.temporary);
    }
    if cursor.word("sequence") {
        cursor.words("if not exists");
        let name = cursor.qualified()?;
        return Some(Stmt::CreateSequence { name, owned_by: owned_by(cursor), temporary: table.temporary });
    }
    named(cursor, own)
}

/// `OWNED BY table.column` anywhere behind.
pub(super) fn owned_by(cursor: &mut Cursor<'_>) -> Option<(Name, String)> {
    while !cursor.done() {
        if cursor.words("owned by") {
            let mut parts = vec![cursor.name()?];
            while cursor.symbol(".") {
                parts.push(cursor.name()?);
            }
            let column = parts.pop()?;
            let name = parts.pop()?;
            return Some((Name { schema: parts.pop(), name }, column));
        }
        cursor.at += 1;
    }
    None
}

fn create_table(cursor: &mut Cursor<'_>, own: &Functions, mut table: CreateTable) -> Option<Stmt> {
    table.if_not_exists = cursor.words("if not exists");
    table.name = cursor.qualified()?;
    if cursor.words("partition of") {
        table.partition_of = Some(cursor.qualified()?);
    }
    if cursor.is_symbol("(") {
        let inner = Cursor { at: cursor.at, ..*cursor }.parens()?;
        let names_only = inner.items().iter().all(|item| item.tokens.len() == 1);
        let mut ahead = *cursor;
        ahead.parens();
        let of_query = names_only && (ahead.is("as") || ahead.is("with") || ahead.is("on") || ahead.is("tablespace"));
        for item in cursor.parens()?.items() {
            if !of_query {
                element(item, own, &mut table)?;
            }
        }
    }
    if table.partition_of.is_some() {
        let bound = cursor.until(&["partition", "with", "tablespace", "using"]);
        let mut mark = bound;
        if !mark.word("default") && !mark.words("for values") {
            return None;
        }
        table.partition_bound = Some(expr::text(bound));
    }
    if cursor.word("inherits") {
        table.inherits = cursor.parens()?.items().into_iter().filter_map(|mut item| item.qualified()).collect();
    }
    if cursor.words("partition by") {
        let key = cursor.until(&["using", "with", "tablespace", "on"]);
        let text = expr::text(key);
        let (kind, rest) = text.split_once(' ').unwrap_or((text.as_str(), ""));
        table.partition_key = Some(if rest.is_empty() { text.clone() } else { format!("{} {rest}", kind.to_uppercase()) });
    }
    tail(cursor, &mut table)?;
    if cursor.word("as") {
        let query = Cursor { text: cursor.text, tokens: cursor.rest(), at: 0 };
        return Some(Stmt::CreateTableAs {
            name: table.name,
            temporary: table.temporary,
            materialized: false,
            with_data: !no_data(query),
            reads: tables_read(query),
        });
    }
    cursor.done().then(|| Stmt::CreateTable(Box::new(table)))
}

fn tail(cursor: &mut Cursor<'_>, table: &mut CreateTable) -> Option<()> {
    loop {
        if cursor.word("using") || cursor.word("tablespace") || cursor.word("server") {
            cursor.name()?;
        } else if cursor.words("without oids") {
        } else if cursor.word("with") || cursor.word("options") {
            table.options = cursor.parens()?.items().into_iter().map(expr::text).map(|text| text.replace(" = ", "=")).collect();
            table.options.sort();
        } else if cursor.words("on commit") {
            cursor.until(&["tablespace", "as"]);
        } else {
            return Some(());
        }
    }
}

fn no_data(query: Cursor<'_>) -> bool {
    let rest = query.rest();
    let words: Vec<String> = rest.iter().rev().take(3).map(|token| query.slice(*token).to_ascii_lowercase()).collect();
    words == ["data", "no", "with"]
}

fn element(mut item: Cursor<'_>, own: &Functions, table: &mut CreateTable) -> Option<()> {
    if item.word("like") {
        table.like.push(item.qualified()?);
        return Some(());
    }
    if constraint::begins(&item) {
        table.constraints.push(constraint::read(&mut item, own)?);
        return item.done().then_some(());
    }
    if table.partition_of.is_some() {
        // A partition's columns have options and no type.
        return item.name().map(|_| ());
    }
    table.columns.push(column::read(&mut item, own)?);
    item.done().then_some(())
}

fn view(cursor: &mut Cursor<'_>, materialized: bool, or_replace: bool, temporary: bool) -> Option<Stmt> {
    let if_not_exists = cursor.words("if not exists");
    let name = cursor.qualified()?;
    let columns = cursor.parens().map(|inner| expr::text(inner));
    cursor.until(&["as"]);
    cursor.word("as").then_some(())?;
    let query = Cursor { text: cursor.text, tokens: cursor.rest(), at: 0 };
    let reads = tables_read(query);
    if materialized && if_not_exists {
        return Some(Stmt::CreateTableAs { name, temporary: false, materialized: true, with_data: !no_data(query), reads });
    }
    // Names in front of the query are part of what the view says.
    let definition = columns.map_or_else(String::new, |columns| format!("({columns}) AS ")) + &expr::text(query);
    Some(Stmt::CreateView { name, materialized, or_replace, temporary, definition, reads, words: expr::words(query) })
}

fn named(cursor: &mut Cursor<'_>, own: &Functions) -> Option<Stmt> {
    if cursor.word("type") {
        let name = cursor.qualified()?;
        if cursor.words("as enum") {
            let labels = cursor.parens()?.items().into_iter().filter_map(|mut item| item.string()).collect();
            return Some(Stmt::CreateEnum { name, labels });
        }
        return Some(Stmt::CreateType { name });
    }
    if cursor.word("domain") {
        let name = cursor.qualified()?;
        cursor.word("as");
        let base = type_name::take(cursor)?.text;
        return Some(Stmt::CreateDomain { name, base, constrained: cursor.mentions("check") || cursor.mentions("not") });
    }
    if cursor.word("schema") {
        cursor.words("if not exists");
        // With or without AUTHORIZATION before the name.
        cursor.word("authorization");
        cursor.name()?;
        if cursor.word("authorization") {
            cursor.name()?;
        }
        return cursor.done().then_some(Stmt::CreateSchema);
    }
    if cursor.word("extension") {
        cursor.words("if not exists");
        cursor.name()?;
        return Some(Stmt::CreateExtension);
    }
    if cursor.word("statistics") {
        return Some(Stmt::CreateStatistics);
    }
    let whole = Cursor { at: 0, ..*cursor };
    if cursor.words("constraint trigger") || cursor.word("trigger") {
        return trigger(cursor, whole);
    }
    if cursor.word("policy") || cursor.word("rule") {
        return on_table(cursor, whole);
    }
    if cursor.word("function") || cursor.word("procedure") {
        return function(cursor);
    }
    let harmless = [
        "role",
        "user",
        "group",
        "cast",
        "operator",
        "aggregate",
        "collation",
        "conversion",
        "language",
        "server",
        "publication",
        "subscription",
        "event",
        "text",
        "access",
        "database",
        "tablespace",
        "transform",
        "trusted",
        "default",
    ];
    let _ = own;
    harmless.iter().any(|word| cursor.is(word)).then_some(Stmt::Harmless)
}

fn trigger(cursor: &mut Cursor<'_>, whole: Cursor<'_>) -> Option<Stmt> {
    let name = cursor.name()?;
    // `UPDATE OF a, b ON table`: the ON that follows the events.
    cursor.until(&["on"]);
    cursor.word("on").then_some(())?;
    let table = cursor.qualified()?;
    let references = if cursor.word("from") { cursor.qualified() } else { None };
    Some(Stmt::CreateTrigger { name, table, definition: expr::text(whole), references })
}

fn on_table(cursor: &mut Cursor<'_>, whole: Cursor<'_>) -> Option<Stmt> {
    let is_policy = whole.word_at(1) == "policy";
    let name = cursor.name()?;
    cursor.until(if is_policy { &["on"] } else { &["to"] });
    (cursor.word("on") || cursor.word("to")).then_some(())?;
    let table = cursor.qualified()?;
    let definition = expr::text(whole);
    Some(if is_policy { Stmt::CreatePolicy { name, table, definition } } else { Stmt::CreateRule { table, name, definition } })
}

fn function(cursor: &mut Cursor<'_>) -> Option<Stmt> {
    let name = cursor.qualified()?;
    cursor.parens()?;
    let steady = cursor.mentions("immutable") || cursor.mentions("stable");
    Some(Stmt::CreateFunction { name, volatility: if steady { Volatility::Steady } else { Volatility::Volatile } })
}
