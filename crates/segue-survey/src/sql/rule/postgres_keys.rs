//! PostgreSQL → MySQL: keys, foreign keys and checks. Tests: `mod.rs` over `CASES`.

use super::super::schema::Check;
use super::{On, Rule, auto, manual, mysql_keys, warn};

/// Operators and functions that MySQL does not have, or not under that name.
fn vendor(check: &Check) -> bool {
    [" ~ ", ": :", " any (", " all (", " array [", "similar to", " ilike ", "@ >", "jsonb_", " | |", "regexp_", "position ("]
        .iter()
        .any(|w| check.expression.contains(w))
}

pub(super) const RULES: &[Rule] = &[
    manual(
        "postgres.exclusion",
        60,
        On::Check(|c, _| c.exclusion),
        "no exclusion constraints: a lock and a look in one transaction, or a table of slots with a unique key",
    ),
    warn("postgres.check", 3, On::Check(|c, _| !c.exclusion && !vendor(c)), "kept, from MySQL 8.0.16 and MariaDB 10.2 on"),
    manual(
        "postgres.check-vendor",
        10,
        On::Check(|c, _| !c.exclusion && vendor(c)),
        "uses operators or casts that MySQL lacks: written anew (REGEXP_LIKE, CAST, IN)",
    ),
    manual(
        "postgres.deferrable",
        30,
        On::ForeignKey(|k, _, _| k.deferrable),
        "MySQL checks at once: statements go in the order of the keys, cycles are broken by NULL first",
    ),
    warn(
        "postgres.fk-not-valid",
        10,
        On::ForeignKey(|k, _, _| k.not_valid),
        "was never checked on old rows: rows without a parent are found first, because MySQL checks all",
    ),
    manual(
        "postgres.fk-set-default",
        20,
        On::ForeignKey(|k, _, _| k.on_delete == "set default" || k.on_update == "set default"),
        "InnoDB does not carry it out: a trigger, or another action",
    ),
    manual(
        "postgres.fk-match-full",
        10,
        On::ForeignKey(|k, _, _| k.matching == "full"),
        "MySQL reads MATCH FULL and does not follow it: a check that all or none of the columns are NULL",
    ),
    warn(
        "postgres.fk-name-scope",
        2,
        On::ForeignKey(|k, _, s| !k.name.is_empty() && s.foreign_keys_named(&k.name) > 1),
        "the same name on two tables: in MySQL it must be unique in its database, so the table's name is put before it",
    ),
    auto(
        "postgres.fk-index",
        On::ForeignKey(|k, t, _| !mysql_keys::indexed(k, t)),
        "MySQL makes an index for it, which costs writes and disk",
    ),
    warn(
        "postgres.fk-cascade",
        5,
        On::ForeignKey(|k, _, _| k.on_delete == "cascade" || k.on_update == "cascade"),
        "triggers do not fire for rows that a cascade changes",
    ),
    manual(
        "postgres.no-key",
        30,
        On::Table(|t, _| !t.keyed() && !t.columns.is_empty()),
        "no primary key and no unique key of columns that are not null: MySQL's replication and Segue's comparison need one",
    ),
];

#[cfg(test)]
pub(super) const CASES: &[(&str, &str)] = &[
    ("postgres.exclusion", "(a int4range, exclude using gist (a with &&))"),
    ("postgres.check", "(a int, check (a > 0))"),
    ("postgres.check-vendor", "(a varchar(9), constraint c check (a ~ '^x'))"),
    ("postgres.deferrable", "(a int references u deferrable initially deferred)"),
    (
        "postgres.fk-not-valid",
        "create table t (id int primary key); alter table only t add constraint f foreign key (id) references u (id) not valid;",
    ),
    ("postgres.fk-set-default", "(a int references u on delete set default)"),
    ("postgres.fk-match-full", "(a int, foreign key (a) references u (id) match full)"),
    (
        "postgres.fk-name-scope",
        "create table t (id int primary key, constraint f foreign key (id) references u (id)); create table u (id int primary key, constraint f foreign key (id) references t (id));",
    ),
    ("postgres.fk-index", "(a int references u)"),
    ("postgres.fk-cascade", "(a int references u on delete cascade)"),
    ("postgres.no-key", "create table t (a int)"),
];
