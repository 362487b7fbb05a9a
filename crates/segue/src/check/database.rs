//! A live database as one side: its catalog and sizes, over a read-only session.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use segue_compat::sql::{CatalogRead, Dialect, Facts, Size, mysql, postgres};
use segue_engine::inspect::{Inspect, Look};
use segue_model::secret::Reference;
use segue_model::spec::System;

use super::refuse;
use crate::failure::Failure;
use crate::{observe, reference, runs};

/// A database that was read.
pub(crate) struct Live {
    /// Its dialect.
    pub(crate) dialect: Dialect,
    /// Its catalog, without places.
    pub(crate) read: CatalogRead,
    /// What a script's check wants to know.
    pub(crate) facts: Facts,
    /// What could not be read.
    pub(crate) not_checked: Vec<String>,
}

/// The argument names a database: a URL, or a reference to one.
pub(crate) fn is_url(argument: &str) -> bool {
    ["postgres://", "postgresql://", "mysql://", "mariadb://", "sqlite:", "env:", "cmd:", "file:"]
        .iter()
        .any(|head| argument.starts_with(head))
        || Path::new(argument)
            .extension()
            .is_some_and(|ending| ["db", "sqlite", "sqlite3"].iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// Connects, and reads the catalog and the sizes of tables.
pub(crate) fn read(argument: &str) -> Result<Live, Failure> {
    let (system, dialect) = system(argument)?;
    runs::block_on(async move {
        let inspect: Arc<dyn Inspect> = observe::inspect_of(&system, Path::new("."))?;
        let facts = inspect.facts().await?;
        let catalog = inspect.catalog_all().await?;
        let seen = inspect.seen(Look::default()).await?;
        let mut not_checked = catalog.not_checked;
        not_checked.extend(seen.not_checked);
        let sizes: BTreeMap<String, Size> = seen
            .system
            .tables
            .iter()
            .map(|table| {
                let bytes = table.bytes.unwrap_or(0).saturating_add(table.index_bytes.unwrap_or(0));
                (table.name.clone(), Size { rows: table.rows.unwrap_or(0), bytes })
            })
            .collect();
        let beside = inspect.definitions().await?;
        let tables_alone = beside.is_none() && dialect != Dialect::Sqlite;
        let of_text = if dialect == Dialect::Mysql { mysql::catalog } else { postgres::catalog };
        let beside = beside.map(|text| of_text(&text)).unwrap_or_default();
        // Its lines are those of no file.
        let unread = beside.not_read.iter().map(|what| what.split_once(": ").map_or(what.as_str(), |(_, rest)| rest));
        not_checked.extend(unread.map(str::to_owned));
        let read =
            CatalogRead { catalog: catalog.catalog, places: BTreeMap::new(), not_read: Vec::new(), tables_alone, served: true, ..beside };
        let version = version(dialect, &facts.version);
        Ok(Live { dialect, facts: Facts { sizes, version, ..Facts::of(read.clone()) }, read, not_checked })
    })
}

/// The system that a URL, a file or a reference to a URL stands for.
pub(crate) fn system(argument: &str) -> Result<(System, Dialect), Failure> {
    let reference = match argument.split_once(':') {
        Some(("env", name)) => Reference::Env(name.to_owned()),
        Some(("file", path)) => Reference::File(path.to_owned()),
        Some(("cmd", command)) => Reference::Cmd(command.to_owned()),
        _ => Reference::Plain(argument.to_owned()),
    };
    let value = reference::resolve(&reference, Path::new("."))?;
    let url = value.expose();
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
    Ok(match scheme {
        "postgres" | "postgresql" => (System::Postgres { url: reference }, Dialect::Postgres),
        "mysql" | "mariadb" => (System::Mysql { url: reference }, Dialect::Mysql),
        "sqlite" => (System::Sqlite { path: reference }, Dialect::Sqlite),
        _ if is_url(url) && !url.contains("://") => (System::Sqlite { path: reference }, Dialect::Sqlite),
        _ => {
            let help = "postgres://, mysql:// or sqlite: in front, or a reference to such a URL: env:NAME";
            return Err(refuse("SG-CHK-007", "what was given names no database that Segue knows", help));
        }
    })
}

/// As the rules take it: 150018 on PostgreSQL 15.18, 101104 on MariaDB 10.11.4, 3045001 on SQLite 3.45.1.
fn version(dialect: Dialect, text: &str) -> Option<u32> {
    let numbers: Vec<u32> = text
        .split(|c: char| !c.is_ascii_digit() && c != '.')
        .find(|part| part.contains('.') || part.parse::<u32>().is_ok())?
        .split('.')
        .map_while(|part| part.parse().ok())
        .collect();
    let part = |at: usize| numbers.get(at).copied().unwrap_or(0);
    Some(match dialect {
        Dialect::Postgres => part(0) * 10_000 + part(1),
        Dialect::Mysql => part(0) * 10_000 + part(1) * 100 + part(2),
        Dialect::Sqlite => part(0) * 1_000_000 + part(1) * 1_000 + part(2),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_numbers() {
        assert_eq!(version(Dialect::Postgres, "15.18 (Debian 15.18-0+deb12u1)"), Some(150_018));
        assert_eq!(version(Dialect::Mysql, "10.11.14-MariaDB-0+deb12u2"), Some(101_114));
        assert_eq!(version(Dialect::Sqlite, "3.45.1"), Some(3_045_001));
        assert_eq!(version(Dialect::Postgres, "?"), None);
    }

    #[test]
    fn urls_are_told_from_files() {
        assert!(is_url("postgres://h/d") && is_url("env:OLD_URL") && is_url("shop.db") && is_url("sqlite:x.db"));
        assert!(!is_url("git:main:x.sql") && !is_url("schema.sql") && !is_url("-"));
    }
}
