//! Views, and which tables they read.
//!
//! The server stores a view's query with every table written as `` `database`.`table` ``: that is where the tables are
//! found. Columns are not told apart (empty means all). Tests: below, and `tests/it/catalog.rs`.

use std::collections::{BTreeMap, BTreeSet};

use segue_engine::{EngineError, quote};
use segue_model::catalog::{Table, View};
use segue_model::ident::TableName;

use super::triggers::definer;
use crate::session::Session;

const VIEWS: &str = "
SELECT TABLE_NAME, VIEW_DEFINITION, CHECK_OPTION, DEFINER, SECURITY_TYPE FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ?";

/// The views, by name.
pub(super) async fn read(session: &mut Session, tables: &BTreeMap<String, Table>) -> Result<Vec<View>, EngineError> {
    let database = session.database.clone();
    let rows = session.rows(VIEWS, (database.clone(),)).await?;
    let mut known: BTreeSet<String> = tables.keys().cloned().collect();
    known.extend(rows.iter().map(|row| row.text(0)));
    let mut views: Vec<View> = rows
        .iter()
        .map(|row| {
            let name = row.text(0);
            let body = row.text(1);
            let reads = reads(&body, &database).into_iter().filter(|table| known.contains(table));
            let check = match row.text(2).as_str() {
                "" | "NONE" => String::new(),
                option => format!(" WITH {option} CHECK OPTION"),
            };
            let definition = format!(
                "CREATE DEFINER={} SQL SECURITY {} VIEW {} AS {body}{check}",
                definer(&row.text(3)),
                row.text(4),
                quote::backtick(&name)
            );
            View {
                reads: reads.map(|table| (TableName::bare(table), Vec::new())).collect(),
                name: TableName::bare(name),
                definition,
                materialized: false,
            }
        })
        .collect();
    views.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(views)
}

/// The second name of each chain that begins with the database's.
fn reads(body: &str, database: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let mut chain: Vec<String> = Vec::new();
    let mut rest = body;
    while let Some(c) = rest.chars().next() {
        match c {
            '`' => {
                let (name, after) = quoted(&rest[1..], '`');
                chain.push(name);
                rest = after;
                if !rest.starts_with('.') {
                    take(&mut chain, database, &mut out);
                }
            }
            '\'' => rest = text(&rest[1..]),
            _ => rest = &rest[c.len_utf8()..],
        }
    }
    out
}

fn take(chain: &mut Vec<String>, database: &str, out: &mut BTreeSet<String>) {
    if chain.len() >= 2 && chain[0] == database {
        out.insert(chain[1].clone());
    }
    chain.clear();
}

/// What stands before the closing mark, a doubled one being one, and what comes after it.
fn quoted(text: &str, mark: char) -> (String, &str) {
    let mut name = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c != mark {
            name.push(c);
        } else if chars.peek().is_some_and(|(_, next)| *next == mark) {
            name.push(mark);
            chars.next();
        } else {
            return (name, &text[at + c.len_utf8()..]);
        }
    }
    (name, "")
}

/// What comes after a text literal.
fn text(text: &str) -> &str {
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '\'' => return &text[at + 1..],
            _ => {}
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_found_where_the_server_writes_them() {
        let body = "select `cu`.`id` AS `a`,concat(`cu`.`n`,_utf8mb4'it\\'s `shop`.`no`') AS `b`,`shop`.`staff`.`x` AS `x` \
                    from (`shop`.`cust``omer` `cu` join `other`.`orders` `o` on `o`.`id` = `cu`.`id`) join `shop`.`staff`";
        let found: Vec<_> = reads(body, "shop").into_iter().collect();
        assert_eq!(found, ["cust`omer", "staff"]);
        assert!(reads("select 'never closed", "shop").is_empty());
    }
}
