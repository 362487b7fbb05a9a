//! Indexes: columns with prefix lengths and directions, expressions, kinds, and whether queries may use them.
//!
//! A prefix of a column is not the column: such an index is marked as partial, and never walks a table. Tests: below,
//! and `tests/it/catalog.rs`.

use std::collections::BTreeMap;

use segue_engine::{EngineError, quote};
use segue_model::catalog::Index;

use super::ByTable;
use crate::row::Fields;
use crate::session::{Flavour, Session};

/// The last two columns differ between the flavours.
fn query(session: &Session) -> String {
    let expression = if session.is(Flavour::MySql, 8, 0, 13) { "EXPRESSION" } else { "NULL" };
    let hidden = if session.is(Flavour::MySql, 8, 0, 0) {
        "IF(IS_VISIBLE = 'NO', 1, 0)"
    } else if session.is(Flavour::MariaDb, 10, 6, 0) {
        "IF(IGNORED = 'YES', 1, 0)"
    } else {
        "0"
    };
    format!(
        "SELECT TABLE_NAME, INDEX_NAME, NON_UNIQUE, SEQ_IN_INDEX, COLUMN_NAME, SUB_PART, COLLATION, INDEX_TYPE, INDEX_COMMENT, \
         {expression}, {hidden} FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ?"
    )
}

/// A part of an index.
struct Part {
    at: u64,
    column: Option<String>,
    prefix: Option<u64>,
    descending: bool,
    expression: Option<String>,
}

#[derive(Default)]
struct Built {
    unique: bool,
    kind: String,
    comment: String,
    hidden: bool,
    parts: Vec<Part>,
}

/// The indexes of each table, by name.
pub(super) async fn read(session: &mut Session) -> Result<ByTable<Index>, EngineError> {
    let (database, sql) = (session.database.clone(), query(session));
    let mut built: BTreeMap<(String, String), Built> = BTreeMap::new();
    for row in session.rows(&sql, (database,)).await? {
        let index = built.entry((row.text(0), row.text(1))).or_default();
        index.unique = row.number(2) == Some(0);
        index.kind = row.text(7);
        index.comment = row.text(8);
        index.hidden = row.yes(10);
        index.parts.push(part(&row));
    }
    let mut out = ByTable::new();
    for ((table, name), index) in built {
        out.entry(table).or_insert_with(Vec::new).push(finish(name, index));
    }
    Ok(out)
}

fn part(row: &Fields) -> Part {
    Part {
        at: row.number(3).unwrap_or_default(),
        column: row.optional(4),
        prefix: row.number(5),
        descending: row.text(6) == "D",
        expression: row.optional(9),
    }
}

fn finish(name: String, mut built: Built) -> Index {
    built.parts.sort_by_key(|part| part.at);
    let primary = name == "PRIMARY";
    let whole = built.kind != "FULLTEXT" && built.kind != "SPATIAL";
    let keys: Vec<String> = built.parts.iter().map(|part| key(part, whole)).collect();
    let word = match (primary, built.unique, built.kind.as_str()) {
        (true, ..) => "PRIMARY KEY".to_owned(),
        (_, true, _) => format!("UNIQUE KEY {}", quote::backtick(&name)),
        (_, _, kind @ ("FULLTEXT" | "SPATIAL")) => format!("{kind} KEY {}", quote::backtick(&name)),
        _ => format!("KEY {}", quote::backtick(&name)),
    };
    let mut definition = format!("{word} ({})", keys.join(", "));
    if built.kind == "HASH" {
        definition.push_str(" USING HASH");
    }
    if !built.comment.is_empty() {
        definition.push_str(&format!(" COMMENT {}", quote::backslash_text(&built.comment)));
    }
    if built.hidden {
        definition.push_str(" INVISIBLE");
    }
    Index {
        columns: built.parts.iter().map(|part| part.column.clone().unwrap_or_else(|| expression(part))).collect(),
        unique: built.unique,
        primary,
        valid: !built.hidden,
        constraint: built.unique.then(|| name.clone()),
        partial_or_expression: !whole || built.parts.iter().any(|part| part.prefix.is_some() || part.column.is_none()),
        definition,
        name,
    }
}

fn key(part: &Part, whole: bool) -> String {
    let mut text = part.column.as_deref().map_or_else(|| expression(part), quote::backtick);
    if let Some(prefix) = part.prefix.filter(|_| whole) {
        text.push_str(&format!("({prefix})"));
    }
    if part.descending {
        text.push_str(" DESC");
    }
    text
}

fn expression(part: &Part) -> String {
    format!("({})", part.expression.as_deref().unwrap_or("?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(at: u64, column: Option<&str>, prefix: Option<u64>) -> Part {
        Part { at, column: column.map(str::to_owned), prefix, descending: at == 2, expression: Some("lower(`a`)".to_owned()) }
    }

    #[test]
    fn a_prefix_and_an_expression_are_not_the_column() {
        let parts = vec![part(2, Some("b"), None), part(1, Some("a`"), Some(10))];
        let index = finish("i".to_owned(), Built { unique: true, kind: "BTREE".to_owned(), parts, ..Built::default() });
        assert_eq!(index.definition, "UNIQUE KEY `i` (`a```(10), `b` DESC)");
        assert_eq!((index.columns.as_slice(), index.partial_or_expression), (["a`".to_owned(), "b".to_owned()].as_slice(), true));
        let index = finish("i".to_owned(), Built { parts: vec![part(1, None, None)], hidden: true, ..Built::default() });
        assert_eq!((index.definition.as_str(), index.valid), ("KEY `i` ((lower(`a`))) INVISIBLE", false));
        let fulltext = Built { kind: "FULLTEXT".to_owned(), parts: vec![part(1, Some("a"), None)], ..Built::default() };
        assert_eq!(finish("i".to_owned(), fulltext).definition, "FULLTEXT KEY `i` (`a`)");
    }
}
