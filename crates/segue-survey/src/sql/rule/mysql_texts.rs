//! MySQL → PostgreSQL: texts, their collations and character sets, and bytes. Tests: `mod.rs` over `CASES`.

use super::super::schema::{Column, Table};
use super::{On, Rule, Scene, auto, manual, warn};

fn ignores_case(column: &Column, table: &Table) -> bool {
    column.textual() && Scene::collation(column, table).ends_with("_ci")
}

fn in_unique_key(column: &Column, table: &Table) -> bool {
    table.indexes.iter().any(|i| i.unique && i.parts.iter().any(|p| p.column == column.name))
}

/// The character set that holds for a column, where the file says it.
fn charset<'a>(column: &'a Column, table: &'a Table) -> &'a str {
    if !column.charset.is_empty() {
        &column.charset
    } else if let Some((charset, _)) = column.collation.split_once('_') {
        charset
    } else {
        table.option("charset")
    }
}

pub(super) const RULES: &[Rule] = &[
    warn(
        "mysql.enum",
        10,
        On::Column(|c, _, _| c.is(&["enum"])),
        "becomes text with a check; it was sorted by position and not by word, and a loose sql_mode may have left the empty word in it",
    ),
    manual(
        "mysql.set",
        30,
        On::Column(|c, _, _| c.is(&["set"])),
        "no such type: an array of text with a check, or a table of its own; FIND_IN_SET and bit tests on it are written anew",
    ),
    warn(
        "mysql.charset-utf8mb3",
        2,
        On::Column(|c, t, _| c.textual() && matches!(charset(c, t), "utf8" | "utf8mb3")),
        "three-byte UTF-8: converts to UTF-8; what did not fit was cut or replaced long ago and does not come back",
    ),
    warn(
        "mysql.charset-other",
        10,
        On::Column(|c, t, _| c.textual() && !matches!(charset(c, t), "" | "utf8" | "utf8mb3" | "utf8mb4" | "ascii" | "binary")),
        "another character set than UTF-8: converted on the way; look for UTF-8 that was stored in it unconverted, which would be converted twice",
    ),
    warn(
        "mysql.collation-ci",
        10,
        On::Table(|t, _| t.columns.iter().any(|c| ignores_case(c, t))),
        "texts were compared without case (`=`, LIKE, ORDER BY, GROUP BY, DISTINCT); PostgreSQL compares exactly: lower(), citext, or a non-deterministic collation where people rely on it",
    ),
    manual(
        "mysql.collation-ci-unique",
        20,
        On::Column(|c, t, _| ignores_case(c, t) && in_unique_key(c, t)),
        "a unique key that ignored case and accents would now take 'a' beside 'A': a unique index on lower(), citext, or a non-deterministic collation",
    ),
    warn(
        "mysql.collation-column",
        5,
        On::Column(|c, _, _| {
            !c.collation.is_empty() && !c.collation.to_lowercase().ends_with("_bin") && !c.collation.to_lowercase().ends_with("_cs")
        }),
        "a collation of its own: an ICU collation that sorts alike is named for it",
    ),
    auto(
        "mysql.collation-bin",
        On::Column(|c, t, _| c.textual() && Scene::collation(c, t).ends_with("_bin")),
        "compared by bytes: collation \"C\" does the same",
    ),
    warn(
        "mysql.char",
        2,
        On::Column(|c, _, _| c.is(&["char"])),
        "MySQL gives it back without the blanks at its end, PostgreSQL with them: varchar keeps what clients see",
    ),
    auto("mysql.text", On::Column(|c, _, _| c.is(&["tinytext", "text", "mediumtext"])), "text; the limit of its length is no longer there"),
    warn(
        "mysql.longtext",
        2,
        On::Column(|c, _, _| c.is(&["longtext"])),
        "text, which ends at 1 GB where longtext ends at 4 GB; look at the longest value",
    ),
    auto(
        "mysql.blob",
        On::Column(|c, _, _| c.is(&["tinyblob", "blob", "mediumblob"])),
        "bytea; the limit of its length is no longer there",
    ),
    warn(
        "mysql.longblob",
        5,
        On::Column(|c, _, _| c.is(&["longblob"])),
        "bytea, which ends at 1 GB; large ones belong into a store of files or large objects",
    ),
    warn(
        "mysql.binary",
        3,
        On::Column(|c, _, _| c.is(&["binary"]) && c.length() != Some(16)),
        "bytea with a check of its length; MySQL filled short values with zero bytes, which stay",
    ),
    warn(
        "mysql.binary16",
        10,
        On::Column(|c, _, _| c.is(&["binary"]) && c.length() == Some(16)),
        "16 bytes are mostly a UUID: uuid if so (mind swapped halves of UUID_TO_BIN), else bytea",
    ),
    auto("mysql.varbinary", On::Column(|c, _, _| c.is(&["varbinary"])), "bytea with a check of its length"),
];

#[cfg(test)]
pub(super) const CASES: &[(&str, &str)] = &[
    ("mysql.enum", "(a enum('x','y''z'))"),
    ("mysql.set", "(a set('x','y'))"),
    ("mysql.charset-utf8mb3", "(a varchar(9)) default charset=utf8"),
    ("mysql.charset-other", "(a varchar(9) character set latin1)"),
    ("mysql.collation-ci", "(a varchar(9))"),
    ("mysql.collation-ci-unique", "(a varchar(9), unique key (a)) collate=utf8mb4_general_ci"),
    ("mysql.collation-column", "(a varchar(9) collate utf8mb4_german2_ci)"),
    ("mysql.collation-bin", "(a varchar(9) collate utf8mb4_bin)"),
    ("mysql.char", "(a char(2))"),
    ("mysql.text", "(a mediumtext)"),
    ("mysql.longtext", "(a longtext)"),
    ("mysql.blob", "(a blob)"),
    ("mysql.longblob", "(a longblob)"),
    ("mysql.binary", "(a binary(20))"),
    ("mysql.binary16", "(a binary(16))"),
    ("mysql.varbinary", "(a varbinary(20))"),
];
