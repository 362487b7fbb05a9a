//! A table built anew beside the old one, filled from it and put in its place: what the old one had and the new one has not.
//!
//! Looks when the old table is dropped, since nothing is lost before. Tests: `tests/it/sql/script_lint.rs`, `rebuild-*.sql`.

use super::column::Read;
use super::script::{Copied, Seen};
use segue_model::catalog::Column;

/// What goes when the old table is dropped.
#[derive(Debug, Default)]
pub(crate) struct Loss {
    /// Values or rows that no copy took: the object and the sentence.
    pub(crate) lost: Vec<(String, String)>,
    /// What the copy leaves open.
    pub(crate) open: Vec<(String, String)>,
    /// What statements of the version that runs stumble over.
    pub(crate) failing: Vec<(String, String)>,
}

/// The loss of a DROP TABLE; `None` when no copy of the table was made, or nothing takes its name.
pub(crate) fn loss(seen: &Seen<'_>, table: &str) -> Option<Loss> {
    let copies = seen.copies(table);
    if copies.is_empty() || !seen.is_replaced(table) {
        return None;
    }
    let mut found = Loss::default();
    let table_now = table;
    let table = seen.before.called.get(&table.to_lowercase()).map_or(table, String::as_str);
    if copies.iter().all(|(_, copied)| copied.some) {
        found.open.push((table.to_owned(), format!("table {table} is dropped, and the copy takes only the rows that its query finds")));
    }
    let Some(old) = seen.table(table_now) else {
        if !copies.iter().any(|(_, copied)| copied.all) {
            let message = format!("table {table} is dropped after a copy of named columns: those that it has besides are gone");
            found.open.push((table.to_owned(), message));
        }
        return Some(found);
    };
    let made = copies.iter().find_map(|(name, _)| Some((*name, seen.before.made.get(*name)?)));
    for column in old.columns.iter().filter(|column| column.generated.is_none()) {
        if !copies.iter().any(|(_, copied)| takes(copied, &column.name)) {
            let message = format!("table {table} is dropped, and nothing copied its column {}", column.name);
            found.lost.push((format!("{table}.{}", column.name), message));
        }
    }
    if let Some((_, columns)) = made.filter(|(_, columns)| !columns.is_empty()) {
        found.failing = failing(table, &old.columns, columns);
    }
    Some(found)
}

fn takes(copied: &Copied, column: &str) -> bool {
    copied.all || copied.words.iter().any(|word| word.eq_ignore_ascii_case(column))
}

fn failing(table: &str, old: &[Column], new: &[Read]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for column in old.iter().filter(|old| !new.iter().any(|new| new.column.name.eq_ignore_ascii_case(&old.name))) {
        found.push((format!("{table}.{}", column.name), format!("the new table {table} has no column {}", column.name)));
    }
    for read in new {
        let needs = !read.column.nullable && read.column.default.is_none() && read.column.generated.is_none();
        let was = old.iter().find(|old| old.name.eq_ignore_ascii_case(&read.column.name));
        let needed = was.is_some_and(|was| !was.nullable && was.default.is_none() || was.generated.is_some());
        // SQLite numbers an INTEGER PRIMARY KEY itself.
        if needs && !needed && !read.keys.iter().any(|key| key.kind == super::key::KeyKind::Primary) {
            let message = format!("inserts must give column {} of the new table {table} a value", read.column.name);
            found.push((format!("{table}.{}", read.column.name), message));
        }
    }
    found
}
