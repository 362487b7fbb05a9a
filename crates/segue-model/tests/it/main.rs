//! The spec reader, its JSON Schema, its template and its digest.
#![allow(missing_docs, clippy::print_stdout)]

mod agreement;
mod conditions;
mod dice;
mod digest;
mod hostile;
mod planner_json;
mod problems;
mod reads;
mod reference;
mod relations;
mod template;
mod whole;

/// A spec with these changes (flow items, one a line) on one SQLite system, in a form whose lines are known:
/// the first change stands in line 6.
fn with_changes(changes: &[&str]) -> String {
    let mut text = String::from("segue: 1\nid: MIG-1\nsystems: {db: {sqlite: {path: shop.db}}}\nschema:\n  changes:\n");
    for change in changes {
        text.push_str("    - ");
        text.push_str(change);
        text.push('\n');
    }
    text
}

/// A spec with one harmless change and this at the end.
fn with_end(end: &str) -> String {
    format!("{}{end}", with_changes(&["drop_table: {table: t}"]))
}
