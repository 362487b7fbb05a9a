//! MySQL → PostgreSQL: indexes. Tests: `mod.rs` over `CASES`.

use super::{On, Rule, auto, manual, warn};

pub(super) const RULES: &[Rule] = &[
    manual(
        "mysql.fulltext",
        120,
        On::Index(|i, _, _| i.kind == "fulltext"),
        "a generated tsvector with a GIN index; MATCH … AGAINST, its ranking, its minimum word length and its stop words are written and tried anew",
    ),
    manual("mysql.spatial-index", 20, On::Index(|i, _, _| i.kind == "spatial"), "a GiST index of PostGIS; queries use other functions"),
    manual("mysql.vector-index", 30, On::Index(|i, _, _| i.kind == "vector"), "an hnsw or ivfflat index of pgvector, tuned anew"),
    warn(
        "mysql.index-prefix",
        10,
        On::Index(|i, _, _| !i.unique && i.kind.is_empty() && i.parts.iter().any(|p| p.prefix.is_some())),
        "an index on the first characters: an index on left(column, n) serves only queries that say so; the whole column if values are short",
    ),
    manual(
        "mysql.unique-prefix",
        20,
        On::Index(|i, _, _| i.unique && i.parts.iter().any(|p| p.prefix.is_some())),
        "unique by the first characters: a unique index on left(column, n) keeps the rule; no foreign key or ON CONFLICT on the column can use it",
    ),
    auto(
        "mysql.index-descending",
        On::Index(|i, _, _| i.parts.iter().any(|p| p.descending)),
        "kept; note that NULL comes first in a descending order",
    ),
    warn("mysql.index-invisible", 5, On::Index(|i, _, _| i.invisible), "PostgreSQL cannot hide an index: it is not made, or it is used"),
    warn(
        "mysql.index-expression",
        10,
        On::Index(|i, _, _| i.parts.iter().any(|p| p.expression)),
        "kept as an expression index, with its functions written anew",
    ),
    warn("mysql.index-hash", 2, On::Index(|i, _, _| i.method == "hash"), "InnoDB made a B-tree of it whatever was written: a B-tree"),
    warn(
        "mysql.index-name-scope",
        2,
        On::Index(|i, _, s| i.kind != "primary" && s.indexes_named(&i.name) > 1),
        "the same name on two tables: in PostgreSQL an index's name is unique in its schema, so the table's name is put before it",
    ),
    warn(
        "mysql.index-parser",
        20,
        On::Index(|i, _, _| i.options.contains(" with parser ")),
        "a parser for full text (ngram): pg_trgm or a text search configuration for the language",
    ),
    auto(
        "mysql.index-comment",
        On::Index(|i, _, _| i.options.contains(" comment ''") || i.options.contains(" key_block_size ")),
        "comment kept, storage options left out",
    ),
];

#[cfg(test)]
pub(super) const CASES: &[(&str, &str)] = &[
    ("mysql.fulltext", "(a text, fulltext key (a))"),
    ("mysql.spatial-index", "(a point not null, spatial key x (a))"),
    ("mysql.vector-index", "(a vector(3) not null, vector index (a) m=6 distance=euclidean)"),
    ("mysql.index-prefix", "(a varchar(99), key x (a(10)))"),
    ("mysql.unique-prefix", "(a varchar(99), unique key x (a(10)))"),
    ("mysql.index-descending", "(a int, key x (a desc))"),
    ("mysql.index-invisible", "(a int, key x (a) /*!80000 INVISIBLE */)"),
    ("mysql.index-expression", "(a varchar(9), key x ((lower(`a`))))"),
    ("mysql.index-hash", "(a int, key x (a) using hash)"),
    ("mysql.index-name-scope", "create table t (id int primary key, key x (id)); create table u (id int primary key, key X (id));"),
    ("mysql.index-parser", "(a text, fulltext key x (a) with parser ngram)"),
    ("mysql.index-comment", "(a int, key x (a) comment 'y')"),
];
