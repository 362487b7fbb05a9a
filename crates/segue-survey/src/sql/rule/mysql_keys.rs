//! MySQL → PostgreSQL: keys, foreign keys and checks. Tests: `mod.rs` over `CASES`.

use super::super::schema::{ForeignKey, Table};
use super::{On, Rule, auto, manual, warn};

/// Whether an index of the table begins with the key's columns.
pub(super) fn indexed(key: &ForeignKey, table: &Table) -> bool {
    table.indexes.iter().any(|index| {
        let columns: Vec<&String> = index.parts.iter().map(|p| &p.column).take(key.columns.len()).collect();
        columns.len() == key.columns.len() && key.columns.iter().all(|c| columns.contains(&c))
    })
}

pub(super) const RULES: &[Rule] = &[
    auto("mysql.fk-unnamed", On::ForeignKey(|k, _, _| k.name.is_empty()), "has no name of its own and gets one by PostgreSQL's rule"),
    auto(
        "mysql.fk-name-scope",
        On::ForeignKey(|k, _, s| !k.name.is_empty() && s.foreign_keys_named(&k.name) > 1),
        "the same name on two tables is allowed: names of constraints belong to their table in PostgreSQL",
    ),
    warn(
        "mysql.fk-without-index",
        2,
        On::ForeignKey(|k, t, _| !indexed(k, t)),
        "InnoDB made an index for it without being asked, PostgreSQL does not: one is made, or deletes of the parent scan the table",
    ),
    auto(
        "mysql.fk-no-action",
        On::ForeignKey(|k, _, _| k.on_delete == "no action" || k.on_update == "no action"),
        "checked at once in MySQL, at the end of the statement in PostgreSQL: what passed still passes",
    ),
    manual(
        "mysql.fk-set-default",
        20,
        On::ForeignKey(|k, _, _| k.on_delete == "set default" || k.on_update == "set default"),
        "InnoDB does not carry it out and PostgreSQL does: decide what a delete of the parent shall do",
    ),
    manual(
        "mysql.fk-ignored",
        30,
        On::ForeignKey(|_, t, _| matches!(t.option("engine").to_lowercase().as_str(), "myisam" | "aria" | "memory")),
        "the storage engine never checked it: rows without a parent are found and dealt with before PostgreSQL takes the key",
    ),
    warn(
        "mysql.fk-cascade",
        2,
        On::ForeignKey(|k, _, _| k.on_delete == "cascade" || k.on_update == "cascade"),
        "cascades the same way; MySQL's triggers did not fire for cascaded rows, PostgreSQL's do",
    ),
    warn(
        "mysql.check",
        5,
        On::Check(|c, _| !c.expression.to_lowercase().contains(" json_valid (") && !c.not_enforced),
        "its functions and its idea of case are written anew; before MySQL 8.0.16 it was read and never checked, so old rows may break it",
    ),
    warn(
        "mysql.check-not-enforced",
        5,
        On::Check(|c, _| c.not_enforced),
        "PostgreSQL before 18 has no check that is not enforced: it is left out or made true",
    ),
    manual(
        "mysql.no-key",
        30,
        On::Table(|t, _| !t.keyed() && !t.columns.is_empty()),
        "no primary key and no unique key of columns that are not null: rows cannot be followed, compared or repaired one by one; give it a key first",
    ),
];

#[cfg(test)]
pub(super) const CASES: &[(&str, &str)] = &[
    ("mysql.fk-unnamed", "(a int, key (a), foreign key (a) references u (id))"),
    (
        "mysql.fk-name-scope",
        "create table t (id int primary key, constraint f foreign key (id) references u (id)); create table u (id int primary key, constraint f foreign key (id) references t (id));",
    ),
    ("mysql.fk-without-index", "(a int, constraint f foreign key (a) references u (id))"),
    ("mysql.fk-no-action", "(a int, key (a), constraint f foreign key (a) references u (id) on delete no action)"),
    ("mysql.fk-set-default", "(a int, key (a), constraint f foreign key (a) references u (id) on delete set default)"),
    ("mysql.fk-ignored", "(a int, key (a), constraint f foreign key (a) references u (id)) engine=MyISAM"),
    ("mysql.fk-cascade", "(a int, key (a), constraint f foreign key (a) references u (id) on update cascade)"),
    ("mysql.check", "(a int, constraint c check (a > 0))"),
    ("mysql.check-not-enforced", "(a int, constraint c check (a > 0) not enforced)"),
    ("mysql.no-key", "create table t (a int, unique key (a))"),
];
