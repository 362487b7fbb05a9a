//! Sequences for MySQL, MariaDB and SQLite that do the same as a statement with less harm.
//!
//! Few forms have one: these engines have no index beside writers that must be asked for, and no constraint without a look
//! at the rows. What has none needs a tool (`gh-ost`, `pt-online-schema-change`) or a journey. A sequence keeps the words of
//! the statement. Tests: `tests/it/sql/script_fix.rs`, and on servers `crates/segue/tests/sql_oracle/fixes_elsewhere.rs`.

use super::super::Dialect;
use super::super::scan::{Words, each};

/// Seconds that a definition waits for open transactions; everybody waits behind it meanwhile.
pub(crate) const LOCK_WAIT: &str = "SET SESSION lock_wait_timeout = 5;";
/// Ends a transaction in front of what cannot be in one.
pub(crate) const COMMIT: &str = "COMMIT;";

/// What begins the transaction again.
pub(crate) fn begin(dialect: Dialect) -> &'static str {
    if dialect == Dialect::Sqlite { "BEGIN IMMEDIATE;" } else { "START TRANSACTION;" }
}

/// The statement outside the transaction that is open.
pub(crate) fn outside(statement: &str, dialect: Dialect) -> Vec<String> {
    vec![COMMIT.to_owned(), format!("{statement};"), begin(dialect).to_owned()]
}

/// `ALTER TABLE t` and its actions as they are written; none where they are not one between each two commas.
pub(crate) struct Alter {
    pub(crate) head: String,
    pub(crate) parts: Vec<String>,
}

impl Alter {
    /// Reads a statement that has so many actions.
    pub(crate) fn read(statement: &str, dialect: Dialect, actions: usize) -> Option<Self> {
        let mut found = None;
        each(statement, dialect, |one| {
            let mut words = one.words(dialect);
            if !words.take("alter") {
                return;
            }
            let _ = words.take("online") || words.take("ignore");
            if !words.take("table") {
                return;
            }
            words.take("if exists");
            if words.qualified().is_none() || words.is_any(&["wait", "nowait"]) {
                return;
            }
            let head = words.since(0).to_owned();
            let parts: Vec<String> = words.by_commas().iter().map(|part| part.rest().to_owned()).collect();
            // Code in a comment is for some versions alone.
            let plain = !one.torn && !statement.contains("/*!") && !statement.contains("/*M!");
            found = (parts.len() == actions && plain).then_some(Self { head, parts });
        });
        found
    }

    /// A statement of some of the actions.
    pub(crate) fn of<'p>(&self, parts: impl IntoIterator<Item = &'p str>) -> String {
        format!("{} {};", self.head, parts.into_iter().collect::<Vec<_>>().join(", "))
    }
}

/// The text of an action without the word UNIQUE outside brackets and quotes; the rest keeps its bytes.
pub(crate) fn without_unique(part: &str, dialect: Dialect) -> String {
    let mut out = String::new();
    let mut at = 0;
    each(part, dialect, |one| {
        let mut words: Words<'_, '_> = one.words(dialect);
        while !words.done() {
            let start = words.span().start as usize;
            if words.take("unique") {
                words.take("key");
                out.push_str(part.get(at..start).unwrap_or_default().trim_end());
                let next = if words.done() { part.len() } else { words.span().start as usize };
                out.push_str(if words.done() { "" } else { " " });
                at = next;
            } else if words.group().is_none() {
                words.skip();
            }
        }
    });
    out.push_str(part.get(at..).unwrap_or_default());
    out
}
