//! `GRANT` and `REVOKE`: who may do what with which tables.

use super::super::cursor::{Cursor, quote};
use super::super::statement::Grant;
use super::name_list;

/// Reads what stands behind the first word. What is about roles, schemas or routines has no tables.
pub(super) fn read(cursor: &mut Cursor<'_>, gives: bool) -> Grant {
    let option_alone = cursor.words("grant option for");
    let rights = cursor.until(&["on", "to", "from"]).items();
    if !cursor.word("on") {
        return Grant::default();
    }
    let others = ["all", "database", "domain", "foreign", "function", "language", "large", "parameter", "procedure", "routine", "schema"];
    let rest = ["sequence", "tablespace", "type"];
    let whole = cursor.words("all tables in schema");
    let named = cursor.word("table");
    if !whole && !named && others.iter().chain(&rest).any(|word| cursor.is(word)) {
        return Grant::default();
    }
    let names = name_list(cursor);
    let (tables, schemas) = if whole { (Vec::new(), names.into_iter().map(|name| name.name).collect()) } else { (names, Vec::new()) };
    if !(cursor.word("to") || cursor.word("from")) {
        return Grant::default();
    }
    let mut roles = Vec::new();
    loop {
        cursor.word("group");
        let public = cursor.is("public");
        let Some(role) = cursor.name() else { break };
        roles.push(if public { "PUBLIC".to_owned() } else { quote(&role) });
        if !cursor.symbol(",") {
            break;
        }
    }
    let rights = rights.into_iter().filter_map(right).collect();
    Grant { gives, rights, tables, schemas, roles, with_option: cursor.words("with grant option"), option_alone }
}

fn right(mut item: Cursor<'_>) -> Option<(String, Vec<String>)> {
    let word = item.name()?.to_uppercase();
    item.word("privileges");
    Some((word, item.parens().map(Cursor::names).unwrap_or_default()))
}
