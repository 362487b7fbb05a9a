//! Transactions, settings, maintenance, `DROP` and `COMMENT`.

use super::super::cursor::{Cursor, Name};
use super::super::statement::{ObjectKind, Stmt};
use super::{name_list, object_kind};

/// Reads a statement by its first word.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<Stmt> {
    let first = cursor.name()?;
    match first.as_str() {
        "begin" | "start" => Some(Stmt::Begin),
        "commit" | "end" => Some(Stmt::Commit),
        "rollback" | "abort" => {
            cursor.word("work");
            cursor.word("transaction");
            Some(if cursor.is("to") { Stmt::Savepoint } else { Stmt::Rollback })
        }
        "savepoint" | "release" => Some(Stmt::Savepoint),
        "set" => set(cursor),
        "reset" => Some(Stmt::Set { name: cursor.name()?, value: "default".to_owned(), local: false }),
        "vacuum" => {
            let mut full = false;
            if let Some(options) = cursor.parens() {
                full = options.items().into_iter().any(|item| item.is("full") && !item.mentions("false") && !item.mentions("off"));
            }
            full |= cursor.word("full");
            for word in ["freeze", "verbose", "analyze"] {
                cursor.word(word);
            }
            Some(Stmt::Vacuum { full, tables: name_list(cursor) })
        }
        "analyze" | "analyse" => {
            cursor.parens();
            cursor.word("verbose");
            Some(Stmt::Analyze { tables: name_list(cursor) })
        }
        "cluster" => {
            cursor.parens();
            cursor.word("verbose");
            Some(Stmt::Cluster { table: cursor.qualified() })
        }
        "reindex" => reindex(cursor),
        "refresh" => {
            cursor.words("materialized view").then_some(())?;
            let concurrently = cursor.word("concurrently");
            Some(Stmt::Refresh { name: cursor.qualified()?, concurrently, with_data: !cursor.words("with no data") })
        }
        "comment" => comment(cursor),
        "grant" | "revoke" => Some(Stmt::Grant(Box::new(super::grant::read(cursor, first == "grant")))),
        "do" => {
            while !cursor.done() {
                if let Some(body) = cursor.string()
                    && body.contains(char::is_whitespace)
                {
                    return Some(Stmt::Do { body });
                }
                cursor.at += 1;
            }
            None
        }
        "show" | "explain" | "notify" | "listen" | "unlisten" | "discard" | "checkpoint" | "prepare" | "execute" | "deallocate"
        | "declare" | "fetch" | "close" | "move" | "security" | "load" | "reassign" => {
            // What they run is not seen here.
            let runs = matches!(first.as_str(), "execute" | "prepare") || (first == "explain" && cursor.mentions("analyze"));
            (!runs).then_some(Stmt::Harmless)
        }
        _ => None,
    }
}

fn set(cursor: &mut Cursor<'_>) -> Option<Stmt> {
    let local = cursor.word("local");
    cursor.word("session");
    if cursor.words("time zone") {
        return Some(Stmt::Set { name: "timezone".to_owned(), value: cursor.value().unwrap_or_default(), local });
    }
    if cursor.is("transaction")
        || cursor.is("constraints")
        || cursor.is("role")
        || cursor.is("characteristics")
        || cursor.is("authorization")
    {
        return Some(Stmt::Harmless);
    }
    let name = cursor.qualified()?.name;
    if !cursor.symbol("=") {
        cursor.word("to").then_some(())?;
    }
    let mut values = Vec::new();
    while let Some(value) = cursor.value() {
        values.push(value);
        cursor.symbol(",");
    }
    Some(Stmt::Set { name, value: values.join(","), local })
}

fn reindex(cursor: &mut Cursor<'_>) -> Option<Stmt> {
    let mut concurrently = cursor.parens().is_some_and(|options| options.mentions("concurrently"));
    let what = cursor.name()?;
    matches!(what.as_str(), "index" | "table" | "schema" | "database" | "system").then_some(())?;
    concurrently |= cursor.word("concurrently");
    Some(Stmt::Reindex { what, name: cursor.qualified(), concurrently })
}

/// `DROP …`.
pub(super) fn drop(cursor: &mut Cursor<'_>) -> Option<Stmt> {
    cursor.word("drop").then_some(())?;
    let kind = object_kind(cursor);
    if kind == ObjectKind::Other {
        let harmless = [
            "role",
            "user",
            "group",
            "publication",
            "subscription",
            "cast",
            "operator",
            "collation",
            "server",
            "language",
            "event",
            "statistics",
            "tablespace",
            "owned",
            "foreign",
            "text",
            "access",
            "transform",
        ];
        return (harmless.iter().any(|word| cursor.is(word)) && !cursor.is("owned")).then_some(Stmt::Harmless);
    }
    let concurrently = cursor.word("concurrently");
    let if_exists = cursor.words("if exists");
    let names = name_list(cursor);
    let on = if cursor.word("on") { cursor.qualified() } else { None };
    let cascade = cursor.word("cascade");
    (!names.is_empty()).then_some(Stmt::Drop { kind, names, on, if_exists, cascade, concurrently })
}

fn comment(cursor: &mut Cursor<'_>) -> Option<Stmt> {
    cursor.word("on").then_some(())?;
    let kind = object_kind(cursor);
    if kind == ObjectKind::Other {
        return Some(Stmt::Harmless);
    }
    let mut parts = vec![cursor.name()?];
    while cursor.symbol(".") {
        parts.push(cursor.name()?);
    }
    cursor.parens();
    let on = if cursor.word("on") { cursor.qualified() } else { None };
    cursor.word("is").then_some(())?;
    let text = cursor.string();
    let (name, part) = match (kind, on) {
        (ObjectKind::Column, _) => {
            let column = parts.pop()?;
            let name = parts.pop()?;
            (Name { schema: parts.pop(), name }, Some(column))
        }
        (_, Some(table)) => (table, parts.pop()),
        (_, None) => {
            let name = parts.pop()?;
            (Name { schema: parts.pop(), name }, None)
        }
    };
    Some(Stmt::Comment { kind, name, part, text })
}
