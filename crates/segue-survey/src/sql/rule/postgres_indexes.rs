//! PostgreSQL → MySQL: indexes. Tests: `mod.rs` over `CASES`.

use super::super::schema::{Index, Table};
use super::{On, Rule, auto, manual, warn};

fn method(index: &Index, names: &[&str]) -> bool {
    names.contains(&index.method.as_str())
}

/// A part that MySQL can index only by its first characters.
fn long_text(index: &Index, table: &Table) -> bool {
    let long = |name: &str| {
        table.column(name).is_some_and(|c| c.is(&["text", "bytea", "citext", "xml"]) || (c.is(&["varchar"]) && c.args.is_empty()))
    };
    matches!(index.method.as_str(), "" | "btree" | "hash") && index.parts.iter().any(|p| long(&p.column))
}

pub(super) const RULES: &[Rule] = &[
    manual(
        "postgres.index-partial",
        20,
        On::Index(|i, _, _| i.predicate && !i.unique),
        "MySQL has no partial indexes: the whole column, or a generated column that is NULL outside of the predicate",
    ),
    manual(
        "postgres.unique-partial",
        30,
        On::Index(|i, _, _| i.predicate && i.unique),
        "unique within a part of the rows: a unique index on a generated column that is NULL for the others",
    ),
    warn(
        "postgres.index-expression",
        10,
        On::Index(|i, _, _| i.parts.iter().any(|p| p.expression)),
        "a functional key part, from MySQL 8.0.13; not in MariaDB, where a generated column is indexed",
    ),
    manual(
        "postgres.index-gin",
        30,
        On::Index(|i, _, _| method(i, &["gin"])),
        "no inverted index: a FULLTEXT index for texts, a multi-valued one for JSON arrays, a table of its own for arrays",
    ),
    manual(
        "postgres.index-gist",
        30,
        On::Index(|i, _, _| method(i, &["gist", "spgist", "sp-gist"])),
        "SPATIAL for shapes; nothing for ranges, texts or nearest neighbours",
    ),
    warn(
        "postgres.index-brin",
        10,
        On::Index(|i, _, _| method(i, &["brin"])),
        "no block ranges: a B-tree many times its size, partitions, or none",
    ),
    warn("postgres.index-hash", 2, On::Index(|i, _, _| method(i, &["hash"])), "a B-tree"),
    manual(
        "postgres.index-other",
        30,
        On::Index(|i, _, _| !method(i, &["", "btree", "gin", "gist", "spgist", "sp-gist", "brin", "hash"])),
        "an index method of an extension",
    ),
    warn(
        "postgres.index-include",
        5,
        On::Index(|i, _, _| i.include),
        "no INCLUDE: the columns go behind the key, unless the index is unique",
    ),
    warn(
        "postgres.index-opclass",
        5,
        On::Index(|i, _, _| i.parts.iter().any(|p| !p.opclass.is_empty())),
        "an operator class or collation of its own (text_pattern_ops, trigrams): the column's collation decides in MySQL",
    ),
    warn(
        "postgres.index-nulls",
        3,
        On::Index(|i, _, _| i.parts.iter().any(|p| p.nulls)),
        "the place of NULL cannot be chosen: first when rising, last when falling",
    ),
    manual(
        "postgres.nulls-not-distinct",
        20,
        On::Index(|i, _, _| i.nulls_not_distinct),
        "MySQL lets any number of NULLs into a unique index: a generated column that stands for NULL",
    ),
    manual(
        "postgres.index-text",
        10,
        On::Index(|i, t, _| long_text(i, t)),
        "a text without a limit can be indexed by its first characters alone: give the column a length, or the index a prefix; a unique or primary key needs the length",
    ),
    auto(
        "postgres.index-descending",
        On::Index(|i, _, _| i.parts.iter().any(|p| p.descending)),
        "kept, from MySQL 8.0 and MariaDB 10.8 on",
    ),
    warn("postgres.index-name-long", 2, On::Index(|i, _, _| i.name.chars().count() > 64), "longer than 64 characters: a shorter name"),
];

#[cfg(test)]
pub(super) const CASES: &[(&str, &str)] = &[
    ("postgres.index-partial", "create table t (id int primary key); create index i on t (id) where id > 5;"),
    ("postgres.unique-partial", "create table t (id int primary key); create unique index i on only t using btree (id) where (id > 5);"),
    ("postgres.index-expression", "create table t (id int primary key, a varchar(9)); create index i on t (lower(a));"),
    ("postgres.index-gin", "create table t (id int primary key, a jsonb); create index i on t using gin (a);"),
    ("postgres.index-gist", "create table t (id int primary key, a point); create index i on t using gist (a);"),
    ("postgres.index-brin", "create table t (id int primary key); create index i on t using brin (id);"),
    ("postgres.index-hash", "create table t (id int primary key); create index i on t using hash (id);"),
    ("postgres.index-other", "create table t (id int primary key, a vector(3)); create index i on t using hnsw (a vector_l2_ops);"),
    ("postgres.index-include", "create table t (id int primary key, a int); create index i on t (id) include (a);"),
    ("postgres.index-opclass", "create table t (id int primary key, a varchar(9)); create index i on t (a varchar_pattern_ops);"),
    ("postgres.index-nulls", "create table t (id int primary key, a int); create index i on t (a desc nulls last);"),
    ("postgres.nulls-not-distinct", "(a int, unique nulls not distinct (a))"),
    ("postgres.index-text", "(a text unique)"),
    ("postgres.index-descending", "create table t (id int primary key); create index concurrently if not exists i on t (id desc);"),
    (
        "postgres.index-name-long",
        "create table t (id int primary key); create index i2345678901234567890123456789012345678901234567890123456789012345 on t (id);",
    ),
];
