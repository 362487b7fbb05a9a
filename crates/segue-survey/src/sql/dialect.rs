//! Whose SQL a text is, and how to tell when nobody says. Tests: below, `tests/it/dump.rs`.

/// Whose SQL.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    /// MySQL and MariaDB.
    Mysql,
    /// PostgreSQL.
    Postgres,
    /// SQLite.
    Sqlite,
    /// To be told from the text; as a target it means "none".
    #[default]
    Auto,
}

impl Dialect {
    /// `mysql`, `postgres`, `sqlite`, `auto`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mysql => "mysql",
            Self::Postgres => "postgres",
            Self::Sqlite => "sqlite",
            Self::Auto => "auto",
        }
    }

    /// The dialect of an engine's name; `None` when there is none for it.
    pub fn of_engine(engine: &str) -> Option<Self> {
        match engine.to_ascii_lowercase().as_str() {
            "mysql" | "mariadb" => Some(Self::Mysql),
            "postgres" | "postgresql" => Some(Self::Postgres),
            "sqlite" => Some(Self::Sqlite),
            _ => None,
        }
    }

    /// The name as people write it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Mysql => "MySQL",
            Self::Postgres => "PostgreSQL",
            Self::Sqlite => "SQLite",
            Self::Auto => "unknown",
        }
    }
}

/// Signs of each dialect with their weight; looked for in the first part of the text, lower case.
const SIGNS: &[(Dialect, u32, &str)] = &[
    (Dialect::Mysql, 9, "-- mysql dump"),
    (Dialect::Mysql, 9, "-- mariadb dump"),
    (Dialect::Mysql, 9, "-- host:"),
    (Dialect::Mysql, 9, "phpmyadmin"),
    (Dialect::Mysql, 5, "engine="),
    (Dialect::Mysql, 5, "engine ="),
    (Dialect::Mysql, 5, "auto_increment"),
    (Dialect::Mysql, 3, " unsigned"),
    (Dialect::Mysql, 3, "`"),
    (Dialect::Mysql, 3, "/*!"),
    (Dialect::Mysql, 3, "\ndelimiter "),
    (Dialect::Postgres, 9, "-- postgresql database dump"),
    (Dialect::Postgres, 5, "set search_path"),
    (Dialect::Postgres, 5, " from stdin;"),
    (Dialect::Postgres, 4, "::regclass"),
    (Dialect::Postgres, 4, "character varying"),
    (Dialect::Postgres, 4, "without time zone"),
    (Dialect::Postgres, 4, "timestamptz"),
    (Dialect::Postgres, 4, "bigserial"),
    (Dialect::Postgres, 3, " serial"),
    (Dialect::Postgres, 3, "jsonb"),
    (Dialect::Postgres, 3, "\n\\c"),
    (Dialect::Postgres, 3, "$$"),
    (Dialect::Postgres, 3, "owner to"),
    (Dialect::Postgres, 2, " using btree"),
    (Dialect::Postgres, 2, "alter table only"),
    (Dialect::Postgres, 1, " timestamp"),
    (Dialect::Sqlite, 9, "pragma foreign_keys"),
    (Dialect::Sqlite, 5, "sqlite_sequence"),
    (Dialect::Sqlite, 5, "autoincrement"),
    (Dialect::Sqlite, 5, "without rowid"),
    (Dialect::Sqlite, 4, "table ["),
    (Dialect::Sqlite, 4, "exists ["),
    (Dialect::Sqlite, 2, "sqlite"),
];

/// How much of a text is looked at.
const LOOKED_AT: usize = 256 * 1024;

/// Tells the dialect by signs; without any, PostgreSQL, whose reading is the standard's.
pub(super) fn tell(text: &str) -> Dialect {
    let mut end = text.len().min(LOOKED_AT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let lower = text[..end].to_lowercase();
    let score = |dialect| SIGNS.iter().filter(|(d, _, sign)| *d == dialect && lower.contains(sign)).map(|(_, w, _)| w).sum::<u32>();
    let (mysql, postgres, sqlite) = (score(Dialect::Mysql), score(Dialect::Postgres), score(Dialect::Sqlite));
    if mysql > postgres && mysql >= sqlite {
        Dialect::Mysql
    } else if sqlite > postgres {
        Dialect::Sqlite
    } else {
        Dialect::Postgres
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dialects_are_told_by_their_signs() {
        let check = |text: &str, expect| assert_eq!(tell(text), expect, "{text}");
        check("CREATE TABLE `a` (id int) ENGINE=InnoDB", Dialect::Mysql);
        check("-- MySQL dump 10.13", Dialect::Mysql);
        check("CREATE TABLE a (id bigserial, t timestamptz)", Dialect::Postgres);
        check("PRAGMA foreign_keys=OFF; CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT)", Dialect::Sqlite);
        check("CREATE TABLE [a] (id int)", Dialect::Sqlite);
        check("CREATE TABLE a (id int)", Dialect::Postgres);
    }
}
