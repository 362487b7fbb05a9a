//! What a system is: by its kind in the spec, else by what was seen, else by how people call it.
//!
//! A guess by name is never used to connect; it decides which words a plan uses. Tests: below.

use segue_model::spec::program::Outside;

use crate::recipe::ground::Ground;

/// An engine of databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Postgres,
    Mysql,
    Mariadb,
    Sqlite,
    Oracle,
    SqlServer,
    Other,
}

impl Engine {
    /// Its name as people write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::Mysql => "MySQL",
            Self::Mariadb => "MariaDB",
            Self::Sqlite => "SQLite",
            Self::Oracle => "Oracle",
            Self::SqlServer => "SQL Server",
            Self::Other => "the database",
        }
    }

    /// The dialect of its SQL, where a plan renders it.
    pub(crate) fn dialect(self) -> Option<&'static str> {
        match self {
            Self::Postgres => Some("postgres"),
            Self::Mysql | Self::Mariadb => Some("mysql"),
            Self::Sqlite => Some("sqlite"),
            _ => None,
        }
    }

    /// It has a log of changes that others can follow.
    pub(crate) fn has_stream(self) -> bool {
        !matches!(self, Self::Sqlite | Self::Other)
    }
}

/// The engine of a system of the spec.
pub(crate) fn of(ground: &Ground<'_>, system: &str) -> Engine {
    let what = match ground.spec.program.outside.get(system) {
        Some(Outside::Other { what }) => what.as_str(),
        _ => "",
    };
    let seen = ground.seen(system).map_or("", |seen| seen.engine.as_str());
    let words = format!("{seen} {} {what}", ground.version(system).unwrap_or_default()).to_lowercase();
    match ground.dialect(system) {
        Some("postgres") => Engine::Postgres,
        // There is no MySQL 10, 11 or 12: such a version is MariaDB's.
        Some("mysql") if words.contains("maria") || ["10.", "11.", "12."].iter().any(|major| words.trim_start().starts_with(major)) => {
            Engine::Mariadb
        }
        Some("mysql") => Engine::Mysql,
        Some("sqlite") => Engine::Sqlite,
        _ => named(&words),
    }
}

/// The engine that a text names.
fn named(words: &str) -> Engine {
    let known = [
        ("postgres", Engine::Postgres),
        ("mariadb", Engine::Mariadb),
        ("mysql", Engine::Mysql),
        ("sqlite", Engine::Sqlite),
        ("oracle", Engine::Oracle),
        ("sql server", Engine::SqlServer),
        ("mssql", Engine::SqlServer),
    ];
    known.iter().find(|(word, _)| words.contains(word)).map_or(Engine::Other, |(_, engine)| *engine)
}

/// What a system is called in a plan: its engine with its version, else how the spec describes it.
pub(crate) fn title(ground: &Ground<'_>, system: &str) -> String {
    let engine = of(ground, system);
    let version = ground.version(system).unwrap_or_default();
    match (&ground.spec.program.outside.get(system), version.is_empty()) {
        (Some(Outside::Other { what }), _) => what.clone(),
        (_, true) => format!("{} ({system})", engine.name()),
        (_, false) => titled(engine.name(), &version),
    }
}

/// The engine and its version. A server that is asked says `10.11.6-MariaDB`.
fn titled(name: &str, version: &str) -> String {
    let lower = version.to_lowercase();
    match lower.split_once(&format!("-{}", name.to_lowercase())) {
        Some((number, _)) if number.starts_with(|c: char| c.is_ascii_digit()) => format!("{name} {number}"),
        _ if lower.contains(&name.to_lowercase()) => version.to_owned(),
        _ => format!("{name} {version}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_engine() {
        assert_eq!(named("postgresql 13 production database"), Engine::Postgres);
        assert_eq!(named("10.11.6-mariadb"), Engine::Mariadb);
        assert_eq!(named("our cobol files"), Engine::Other);
        assert_eq!(titled("MariaDB", "10.11.6-MariaDB-0+deb12u1"), "MariaDB 10.11.6");
        assert_eq!(titled("MariaDB", "MariaDB 10.11"), "MariaDB 10.11");
        assert_eq!(titled("PostgreSQL", "17"), "PostgreSQL 17");
    }
}
