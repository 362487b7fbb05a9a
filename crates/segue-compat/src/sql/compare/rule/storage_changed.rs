//! A table is stored in another way.
//!
//! # What it checks
//! The storage engine, the row format and other options of a table.
//!
//! # Why it breaks
//! An engine without transactions or foreign keys keeps neither; the server writes the table anew for most options.
//!
//! # Safe path
//! Change the engine in a migration of its own, with the time of a full copy planned.
//!
//! # Example
//! ```sql
//! -- old
//! CREATE TABLE t (id int) ENGINE=InnoDB;
//! -- new
//! CREATE TABLE t (id int) ENGINE=MyISAM;
//! ```

use segue_model::finding::Severity;

use super::super::pair::{Pair, Sides};
use super::super::sink::{DEPLOY, NOTHING, ROLLBACK, Sink, table_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-storage-changed",
    title: "A table is stored in another way",
    why: "An engine without transactions or foreign keys keeps neither; the server writes the table anew for most options.",
    fix: "Change the engine in a migration of its own, with the time of a full copy planned.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(_sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let find = |options: &[String], name: &str| {
        let prefix = format!("{name}=");
        options.iter().find_map(|option| option.strip_prefix(prefix.as_str())).map(str::to_lowercase)
    };
    let table = &pair.new.name.name;
    if let (Some(old), Some(new)) = (find(&pair.old.options, "engine"), find(&pair.new.options, "engine"))
        && old != new
    {
        let transactional = |engine: &str| ["innodb", "rocksdb", "tokudb", "ndb", "ndbcluster"].contains(&engine);
        let breaks = match (transactional(&old), transactional(&new)) {
            (true, false) => DEPLOY,
            (false, true) => ROLLBACK,
            _ => NOTHING,
        };
        let message = format!("table {table} moves from engine {old} to {new}; the whole table is copied");
        sink.add(&RULE, breaks, table_path(pair.new), format!("engine {old} -> {new}"), message).at_least(Severity::Medium);
    }
    if let (Some(old), Some(new)) = (find(&pair.old.options, "row_format"), find(&pair.new.options, "row_format"))
        && old != new
    {
        let message = format!("table {table} has row format {new} where it was {old}; the whole table is written anew");
        sink.add(&RULE, NOTHING, table_path(pair.new), format!("row_format {old} -> {new}"), message).at_least(Severity::Low);
    }
    let has = |options: &[String], name: &str| options.iter().any(|option| option == name);
    for (name, lost) in [("system versioned", "the history of its rows"), ("without_rowid", "the hidden row number")] {
        let (old, new) = (has(&pair.old.options, name), has(&pair.new.options, name));
        if old == new {
            continue;
        }
        let message = format!("table {table} {} `{name}`, which concerns {lost}", if old { "loses" } else { "gets" });
        let draft = sink.add(&RULE, if old { DEPLOY } else { ROLLBACK }, table_path(pair.new), name, message);
        if name == "system versioned" && old {
            draft.critical();
        } else {
            draft.at_most(Severity::Medium);
        }
    }
}
