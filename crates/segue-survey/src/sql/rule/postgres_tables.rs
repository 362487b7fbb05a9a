//! PostgreSQL → MySQL: whole tables. Tests: `mod.rs` over `CASES`.

use super::{On, Rule, auto, manual, warn};

pub(super) const RULES: &[Rule] = &[
    manual(
        "postgres.inheritance",
        60,
        On::Table(|t, _| t.has("inherits")),
        "no inheritance: one table with a column for the kind, or a view over several",
    ),
    warn(
        "postgres.partition-range",
        30,
        On::Table(|t, _| matches!(t.option("partition by"), "range" | "list")),
        "partitions of MySQL: every unique key must hold their key, and they allow no foreign keys at all",
    ),
    warn(
        "postgres.partition-hash",
        20,
        On::Table(|t, _| t.option("partition by") == "hash"),
        "hash partitions with MySQL's own hash; they allow no foreign keys",
    ),
    auto("postgres.partition-of", On::Table(|t, _| t.has("partition of")), "a partition is part of its parent's definition in MySQL"),
    manual(
        "postgres.row-security",
        60,
        On::Table(|t, _| t.has("row security")),
        "no row-level security: views and rights, or the application; until then everybody sees every row",
    ),
    warn("postgres.unlogged", 5, On::Table(|t, _| t.has("unlogged")), "an ordinary table: slower, and not empty after a crash"),
    warn(
        "postgres.temporary-table",
        5,
        On::Table(|t, _| t.has("temporary")),
        "is visible to its session in both; ON COMMIT does not exist",
    ),
    manual(
        "postgres.foreign-table",
        60,
        On::Table(|t, _| t.has("foreign")),
        "its rows are elsewhere: copied in, or FEDERATED with its limits",
    ),
    warn("postgres.typed-table", 5, On::Table(|t, _| t.has("of type")), "the columns of its type, written out"),
    warn(
        "postgres.schema",
        10,
        On::Table(|t, _| !t.schema.is_empty() && t.schema != "public"),
        "a schema is a database in MySQL: names with a prefix, or several databases; search_path has no equivalent",
    ),
    auto(
        "postgres.storage",
        On::Table(|t, _| t.has("with") || t.has("tablespace") || t.has("replica identity")),
        "a matter of PostgreSQL's storage or replication; left out",
    ),
    auto("postgres.table-comment", On::Table(|t, _| t.comment), "part of the table's definition in MySQL"),
    warn("postgres.table-copy", 5, On::Table(|t, _| t.has("like") || t.has("as select")), "made from another table: written out"),
    manual(
        "postgres.wide-key",
        15,
        On::Index(|i, t, _| {
            i.parts.iter().filter_map(|p| t.column(&p.column)).filter(|c| c.textual()).map(|c| c.length().unwrap_or(0)).sum::<u64>() > 768
        }),
        "longer than 3,072 bytes in utf8mb4: MySQL refuses such a key",
    ),
    manual("postgres.many-columns", 60, On::Table(|t, _| t.columns.len() > 1_017), "InnoDB takes at most 1,017 columns: split the table"),
];

#[cfg(test)]
pub(super) const CASES: &[(&str, &str)] = &[
    ("postgres.inheritance", "(a int) inherits (u)"),
    ("postgres.partition-range", "(a date) partition by range (id)"),
    ("postgres.partition-hash", "(a date) partition by hash (id)"),
    ("postgres.partition-of", "create table p partition of t for values from (1) to (2) partition by list (a)"),
    ("postgres.row-security", "create table t (id int primary key); alter table t enable row level security;"),
    ("postgres.unlogged", "create unlogged table t (id int primary key)"),
    ("postgres.temporary-table", "create temp table t (id int primary key) on commit drop"),
    ("postgres.foreign-table", "create foreign table t (id int) server s options (table_name 'x')"),
    ("postgres.typed-table", "create table t of u"),
    ("postgres.schema", "create table shop.t (id int primary key)"),
    ("postgres.storage", "(a int) with (fillfactor=70) tablespace x"),
    ("postgres.table-comment", "create table public.t (id int primary key); comment on table public.t is 'x';"),
    ("postgres.table-copy", "create table t as select 1"),
    ("postgres.wide-key", "(a varchar(800) unique)"),
    ("postgres.many-columns", MANY),
];

/// A table of 1,018 columns would be long to read: the case is made once by the compiler.
#[cfg(test)]
const MANY: &str = include_str!("../../../tests/it/cases/many_columns.sql");
