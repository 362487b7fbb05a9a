//! MySQL → PostgreSQL: whole tables. Tests: `mod.rs` over `CASES`.

use super::super::schema::Table;
use super::{On, Rule, auto, blocked, manual, warn};

fn engine(table: &Table, names: &[&str]) -> bool {
    names.iter().any(|name| table.option("engine").eq_ignore_ascii_case(name))
}

fn partitioned(table: &Table, methods: &[&str]) -> bool {
    methods.contains(&table.option("partition by"))
}

pub(super) const RULES: &[Rule] = &[
    warn(
        "mysql.engine-myisam",
        10,
        On::Table(|t, _| engine(t, &["myisam"])),
        "had no transactions, no foreign keys and a count(*) for nothing: half-written states may be in it, and count(*) will take time",
    ),
    warn(
        "mysql.engine-aria",
        5,
        On::Table(|t, _| engine(t, &["aria"])),
        "had no transactions between statements: half-written states may be in it",
    ),
    manual(
        "mysql.engine-memory",
        20,
        On::Table(|t, _| engine(t, &["memory", "heap"])),
        "empty after each restart: an unlogged table, or a cache outside of the database",
    ),
    manual(
        "mysql.engine-remote",
        120,
        On::Table(|t, _| engine(t, &["federated", "connect", "spider", "oqgraph", "s3", "mroonga", "sphinx"])),
        "its rows are elsewhere: a foreign table with the fitting wrapper, or the data is brought in; who writes there must be found",
    ),
    manual(
        "mysql.engine-odd",
        30,
        On::Table(|t, _| engine(t, &["archive", "csv", "merge", "mrg_myisam", "sequence", "columnstore", "rocksdb", "tokudb"])),
        "a storage engine with rules of its own: an ordinary table, a partitioned one or generate_series(), as it is used",
    ),
    blocked(
        "mysql.engine-blackhole",
        60,
        On::Table(|t, _| engine(t, &["blackhole"])),
        "forgets what is written to it, and is there for its triggers or for replication: find out which before anything is moved",
    ),
    auto(
        "mysql.row-format",
        On::Table(|t, _| t.has("row_format") && !t.option("row_format").eq_ignore_ascii_case("compressed")),
        "a matter of InnoDB; left out",
    ),
    warn(
        "mysql.compression",
        5,
        On::Table(|t, _| t.option("row_format").eq_ignore_ascii_case("compressed") || t.has("page_compressed") || t.has("compression")),
        "compressed pages: PostgreSQL compresses long values only, so plan for more disk",
    ),
    manual(
        "mysql.encryption",
        30,
        On::Table(|t, _| t.option("encrypted").eq_ignore_ascii_case("yes") || t.option("encryption").eq_ignore_ascii_case("y")),
        "encrypted by the server: the target needs encryption of the disk or of columns before the first row arrives",
    ),
    warn(
        "mysql.partition-range",
        30,
        On::Table(|t, _| partitioned(t, &["range", "list"]) && !t.option("partition key").trim_start_matches("( ").contains('(')),
        "declarative partitions; the primary key must hold the key of the partitions, and somebody makes the next one",
    ),
    manual(
        "mysql.partition-expression",
        40,
        On::Table(|t, _| partitioned(t, &["range", "list"]) && t.option("partition key").trim_start_matches("( ").contains('(')),
        "partitioned by a function: with an expression as key PostgreSQL allows no primary or unique key; partition by the column itself",
    ),
    warn(
        "mysql.partition-hash",
        30,
        On::Table(|t, _| partitioned(t, &["hash", "key"])),
        "hash partitions with PostgreSQL's own hash: each row may come to another one, so partitions cannot be copied one to one",
    ),
    manual(
        "mysql.partition-linear",
        40,
        On::Table(|t, _| t.option("partition by").starts_with("linear")),
        "no linear hashing: hash partitions, or none",
    ),
    manual(
        "mysql.partition-system-time",
        60,
        On::Table(|t, _| partitioned(t, &["system_time"])),
        "partitions of row history: a history table, partitioned by time",
    ),
    manual(
        "mysql.subpartition",
        60,
        On::Table(|t, _| t.has("subpartition by")),
        "partitions of partitions are defined one by one; ask whether they still help",
    ),
    manual(
        "mysql.system-versioned",
        240,
        On::Table(|t, _| t.has("system versioning")),
        "no such thing: a history table with triggers; FOR SYSTEM_TIME queries are written anew, and past versions are copied apart",
    ),
    manual(
        "mysql.application-period",
        60,
        On::Table(|t, _| t.has("application period")),
        "a range column with an exclusion constraint; FOR PORTION OF is written anew",
    ),
    warn(
        "mysql.temporary-table",
        5,
        On::Table(|t, _| t.has("temporary")),
        "is visible to its session in both; PostgreSQL has no global definition, so the code makes it",
    ),
    auto("mysql.table-comment", On::Table(|t, _| t.has("comment")), "a statement COMMENT ON of its own"),
    warn(
        "mysql.table-copy",
        5,
        On::Table(|t, _| t.has("like") || t.has("as select")),
        "made from another table: name what it takes over (LIKE … INCLUDING ALL takes more than MySQL's)",
    ),
    warn(
        "mysql.placement",
        5,
        On::Table(|t, _| t.has("tablespace") || t.has("directory") || t.has("data") || t.has("stats_persistent")),
        "where it lies on the disk and how it is measured: set at the target by its own means",
    ),
    manual(
        "mysql.connection",
        60,
        On::Table(|t, _| t.has("connection")),
        "holds an address of another server, perhaps with a password: not taken over",
    ),
];

#[cfg(test)]
pub(super) const CASES: &[(&str, &str)] = &[
    ("mysql.engine-myisam", "(a int) ENGINE=MyISAM"),
    ("mysql.engine-aria", "(a int) ENGINE=Aria"),
    ("mysql.engine-memory", "(a int) ENGINE=MEMORY"),
    ("mysql.engine-remote", "(a int) ENGINE=CONNECT table_type=CSV"),
    ("mysql.engine-odd", "(a int) ENGINE=ARCHIVE"),
    ("mysql.engine-blackhole", "(a int) ENGINE=BLACKHOLE"),
    ("mysql.row-format", "(a int) ROW_FORMAT=DYNAMIC"),
    ("mysql.compression", "(a int) ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8"),
    ("mysql.encryption", "(a int) `ENCRYPTED`=YES encrypted=yes"),
    (
        "mysql.partition-range",
        "(a int) partition by range (id) (partition p0 values less than (10), partition p1 values less than maxvalue)",
    ),
    ("mysql.partition-expression", "(a date) partition by range (to_days(a)) (partition p0 values less than (10))"),
    ("mysql.partition-hash", "(a int) partition by key (id) partitions 4"),
    ("mysql.partition-linear", "(a int) partition by linear hash (id) partitions 4"),
    ("mysql.partition-system-time", "(a int) with system versioning partition by system_time (partition p0 history, partition pn current)"),
    (
        "mysql.subpartition",
        "(a int) /*!50100 PARTITION BY RANGE (id) SUBPARTITION BY HASH (a) SUBPARTITIONS 2 (PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB) */",
    ),
    ("mysql.system-versioned", "(a int) with system versioning"),
    ("mysql.application-period", "(a date, b date, period for p (a, b))"),
    ("mysql.temporary-table", "create temporary table t (id int primary key)"),
    ("mysql.table-comment", "(a int) comment='x'"),
    ("mysql.table-copy", "create table t like u"),
    ("mysql.placement", "(a int) data directory='/x'"),
    ("mysql.connection", "(a int) engine=FEDERATED connection='mysql://u:p@h/d/t'"),
];
