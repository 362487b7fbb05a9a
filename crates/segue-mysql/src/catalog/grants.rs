//! Grants: those on tables and columns as far as the account may read them, and what the account itself may see.
//!
//! `information_schema` shows a list without what the account has no right on, and does not say so: [`Rights`] says it.
//! It must never repeat a grant's text, which holds a password's hash on some versions. Tests: below, and
//! `tests/it/catalog.rs`.

use segue_engine::EngineError;
use segue_engine::inspect::Collect;

use super::ByTable;
use crate::session::Session;

const OF_TABLES: &str = "
SELECT TABLE_NAME, PRIVILEGE_TYPE, GRANTEE, IS_GRANTABLE FROM information_schema.TABLE_PRIVILEGES WHERE TABLE_SCHEMA = ?";

const OF_COLUMNS: &str = "
SELECT TABLE_NAME, COLUMN_NAME, PRIVILEGE_TYPE, GRANTEE, IS_GRANTABLE FROM information_schema.COLUMN_PRIVILEGES WHERE TABLE_SCHEMA = ?";

fn grant(privilege: &str, grantee: &str, grantable: bool) -> String {
    format!("{privilege} to {grantee}{}", if grantable { " with grant option" } else { "" })
}

/// The grants on each table, sorted.
pub(super) async fn of_tables(session: &mut Session) -> Result<ByTable<String>, EngineError> {
    let database = session.database.clone();
    let mut out: ByTable<String> = ByTable::new();
    for row in session.rows(OF_TABLES, (database,)).await? {
        out.entry(row.text(0)).or_default().push(grant(&row.text(1), &row.text(2), row.yes(3)));
    }
    for list in out.values_mut() {
        list.sort();
    }
    Ok(out)
}

/// The grants on each table's columns, sorted.
pub(super) async fn of_columns(session: &mut Session) -> Result<ByTable<(String, String)>, EngineError> {
    let database = session.database.clone();
    let mut out: ByTable<(String, String)> = ByTable::new();
    for row in session.rows(OF_COLUMNS, (database,)).await? {
        out.entry(row.text(0)).or_default().push((row.text(1), grant(&row.text(2), &row.text(3), row.yes(4))));
    }
    for list in out.values_mut() {
        list.sort();
    }
    Ok(out)
}

/// The privileges of our own account that cover the whole database.
#[derive(Debug, Default)]
pub(crate) struct Rights {
    known: bool,
    held: Vec<String>,
}

impl Rights {
    /// Reads the account's own grants.
    pub(crate) async fn read(session: &mut Session, collect: &mut Collect) -> Result<Self, EngineError> {
        let database = session.database.clone();
        let found = session.rows("SHOW GRANTS", ()).await;
        let Some(rows) = collect.take("the account's own grants", found)? else { return Ok(Self::default()) };
        let held = rows.iter().flat_map(|row| covering(&row.text(0), &database)).collect();
        Ok(Self { known: true, held })
    }

    /// Whether the account has a privilege on the whole database.
    pub(crate) fn has(&self, privilege: &str) -> bool {
        self.held.iter().any(|held| held == privilege || held == "ALL PRIVILEGES" || held == "ALL")
    }

    /// What the catalog cannot hold for lack of rights.
    pub(crate) fn say_for_catalog(&self, collect: &mut Collect) {
        if !self.known {
            return;
        }
        if !self.has("SELECT") {
            collect.say("the account has no SELECT on the whole database: a table that it has no right on is not seen at all");
        }
        for (privilege, what) in [("TRIGGER", "triggers"), ("SHOW VIEW", "the text of views")] {
            if !self.has(privilege) {
                collect.say(format!("the account has no {privilege} on the whole database: {what} may be there that were not seen"));
            }
        }
        if !self.has("REFERENCES") && !self.has("SELECT") {
            collect.say("the account has no right on the whole database: foreign keys may be there that were not seen");
        }
    }
}

/// The privileges of a line of `SHOW GRANTS` that hold for this whole database.
fn covering(line: &str, database: &str) -> Vec<String> {
    let Some(rest) = line.strip_prefix("GRANT ") else { return Vec::new() };
    let (privileges, scope) = if let Some((privileges, _)) = rest.split_once(" ON *.* TO ") {
        (privileges, None)
    } else if let Some((privileges, after)) = rest.split_once(" ON `") {
        (privileges, after.split_once("`.* TO ").map(|(scope, _)| scope))
    } else {
        return Vec::new();
    };
    if !rest.contains(" ON *.* TO ") && !scope.is_some_and(|scope| covers(&scope.replace("``", "`"), database)) {
        return Vec::new();
    }
    privileges.split(", ").map(str::to_owned).collect()
}

/// The server's own pattern: `%` and `_` stand for letters, unless a backslash goes before.
fn covers(pattern: &str, database: &str) -> bool {
    let mut pattern = pattern.chars();
    let Some(first) = pattern.next() else { return database.is_empty() };
    let rest = pattern.as_str();
    let mut letters = database.chars();
    match first {
        '%' => covers(rest, database) || (letters.next().is_some() && covers(first_and(rest).as_str(), letters.as_str())),
        '\\' => pattern.next().is_some_and(|literal| letters.next() == Some(literal) && covers(pattern.as_str(), letters.as_str())),
        '_' => letters.next().is_some() && covers(rest, letters.as_str()),
        literal => letters.next() == Some(literal) && covers(rest, letters.as_str()),
    }
}

fn first_and(rest: &str) -> String {
    format!("%{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_covers_the_database_counts() {
        let check = |line: &str, expect: &[&str]| assert_eq!(covering(line, "sh_op"), expect, "{line}");
        check("GRANT ALL PRIVILEGES ON *.* TO `root`@`%` IDENTIFIED BY PASSWORD '*AB' WITH GRANT OPTION", &["ALL PRIVILEGES"]);
        check("GRANT SELECT, SHOW VIEW ON `sh\\_op`.* TO `a`@`%`", &["SELECT", "SHOW VIEW"]);
        check("GRANT SELECT ON `sh%`.* TO `a`@`%`", &["SELECT"]);
        check("GRANT SELECT ON `%x`.* TO `a`@`%`", &[]);
        check("GRANT SELECT ON `other`.* TO `a`@`%`", &[]);
        check("GRANT SELECT ON `sh_op`.`t` TO `a`@`%`", &[]);
        check("GRANT `role` TO `a`@`%`", &[]);
        check("GRANT USAGE ON *.* TO `a`@`%`", &["USAGE"]);
    }
}
