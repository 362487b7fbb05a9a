//! The keys of `systems`.
//!
//! Tests: `tests/it/agreement.rs`.

use super::{LINE, NAME};
use crate::spec::shape::{Record, Rule, Shape, Words, list, map, may, must};

/// Where a database is: an URL without a password, or a reference.
const URL_ABOUT: &str = "`env:NAME`, `file:PATH`, `cmd:COMMAND`, or a URL without a password.";
/// Keys of which a system has exactly one.
pub(crate) const ENGINES: &[&str] = &["postgres", "mysql", "sqlite", "http", "prometheus", "other"];
/// Those of them that are databases.
pub(crate) const DATABASES: &[&str] = &["postgres", "mysql", "sqlite"];

/// One of `systems`.
pub(super) const SYSTEM: Record = Record::new(
    "A system: one key that says what it is, and what is known about it.",
    &[
        may("postgres", Shape::Record(&POSTGRES), "A PostgreSQL database."),
        may("mysql", Shape::Record(&MYSQL), "A MySQL or MariaDB database."),
        may("sqlite", Shape::Record(&SQLITE), "An SQLite file."),
        may("http", Shape::Record(&HTTP), "A service that has an old and a new address."),
        may("prometheus", Shape::Record(&PROMETHEUS), "A Prometheus server that measures."),
        may("other", Shape::Record(&OTHER), "Anything else, in words: it is planned for, not connected to."),
        may("facts", Shape::Record(&FACTS), "What is stated of it; what is measured wins."),
        may("dependencies", list(&Shape::Record(&DEPENDENCY), 0), "Who depends on it."),
    ],
)
.rules(&[Rule::ExactlyOne(ENGINES)]);

const POSTGRES: Record = Record::new("A PostgreSQL database.", &[must("url", Shape::Text(Words::Url), URL_ABOUT)]);

const MYSQL: Record = Record::new("A MySQL or MariaDB database.", &[must("url", Shape::Text(Words::MysqlUrl), URL_ABOUT)]);

const SQLITE: Record = Record::new(
    "An SQLite file.",
    &[must("path", Shape::Text(Words::Path), "The file, relative to the spec's folder; or `env:NAME`, `file:PATH`, `cmd:COMMAND`.")],
);

const HTTP: Record = Record::new(
    "A service that has an old and a new address.",
    &[must("old", Shape::Text(Words::Web), "The old base URL."), must("new", Shape::Text(Words::Web), "The new base URL.")],
);

const PROMETHEUS: Record = Record::new(
    "A Prometheus server that measures.",
    &[
        must("url", Shape::Text(Words::Web), "Its base URL without a password, `env:NAME`, `file:PATH` or `cmd:COMMAND`."),
        may("queries", map("query", &LINE, 0), "Queries by name; a name is a metric for conditions."),
    ],
);

const OTHER: Record = Record::new("Anything else, in words.", &[must("what", LINE, "What it is.")]);

const FACTS: Record = Record::new(
    "What is stated of a system.",
    &[
        may("version", Shape::Text(Words::Version), "Its version as people say it."),
        may("size", Shape::Size, "The size of its data."),
        may("rows", Shape::Count, "Rows in all tables."),
        may("tables", Shape::Count, "The number of tables."),
        may("growth_per_day", Shape::Size, "How much the data grows in a day."),
        may("peak_tps", Shape::Count, "Transactions or requests a second at the peak."),
        may("replicas", Shape::Count, "The number of replicas."),
        may("production", Shape::Bool, "It is production; a rehearsal never runs against it."),
    ],
);

const DEPENDENCY: Record = Record::new(
    "Who depends on a system.",
    &[
        must("name", NAME, "Its name."),
        may("kind", LINE, "What it is: `service`, `job`, `report`; default `service`."),
        may("blocking", Shape::Bool, "The migration cannot go on without it; default `false`."),
        may("owner", LINE, "Who answers for it."),
    ],
);
