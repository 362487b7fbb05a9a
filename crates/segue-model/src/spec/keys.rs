//! The keys of `segue.yaml` outside of the changes, with what this version does not run yet.
//!
//! Tests: `tests/it/agreement.rs` holds reader and schema to this table.

use super::changes::CHANGE;
use super::shape::{Record, Shape, Words, list, map, may, must};

const TEXT: Shape = Shape::Text(Words::Any);
const DURATION: Shape = Shape::Duration { none: false };

/// The whole file.
pub(super) const SPEC: Record = Record::new(
    "What Segue shall do, and within which limits.",
    &[
        must("segue", Shape::Format, "The version of this format."),
        must(
            "id",
            Shape::Text(Words::Id),
            "The id by which the change is known in the database, once and for all: letters, digits and `-`, at most 40.",
        ),
        may("name", TEXT, "A name for people."),
        may("why", TEXT, "Why the change is made."),
        may("owners", map("role", &TEXT, 0), "Who answers: addresses by role."),
        must("systems", map("system", &Shape::Tagged(&SYSTEM), 1), "The databases, by names that the rest of the file uses."),
        must("schema", Shape::Record(&SCHEMA), "The change of form inside one system."),
        may("limits", Shape::Record(&LIMITS), "What the change may cost."),
        may(
            "checks",
            map("check", &Shape::Short(Words::Sql, &CHECK), 0),
            "Business rules: queries whose result must be the same before and after.",
        ),
        may("throttle", Shape::Record(&THROTTLE), "What a run may cost others while it works."),
        may("keep_old", DURATION, "How long the old form is kept after the shift; default `0s`."),
    ],
)
.later(&[
    "kind",
    "profile",
    "start",
    "compliance",
    "team",
    "move",
    "code",
    "api",
    "service",
    "auth",
    "infra",
    "rates",
    "rollout",
    "rollback_when",
    "phases",
    "risks",
    "comms",
]);

/// One of `systems`.
pub(super) const SYSTEM: Record = Record::new(
    "A database that Segue can reach.",
    &[must("postgres", Shape::Record(&POSTGRES), "A PostgreSQL database."), must("sqlite", Shape::Record(&SQLITE), "An SQLite file.")],
)
.later(&["mysql", "http", "prometheus", "other", "facts", "dependencies"]);

const POSTGRES: Record = Record::new(
    "A PostgreSQL database.",
    &[must("url", Shape::Text(Words::Url), "`env:NAME`, `file:PATH`, `cmd:COMMAND`, or a `postgres://` URL without a password.")],
)
.later(&["facts", "dependencies"]);

const SQLITE: Record = Record::new(
    "An SQLite file.",
    &[must("path", Shape::Text(Words::Path), "The file, relative to the spec's folder; or `env:NAME`, `file:PATH`, `cmd:COMMAND`.")],
)
.later(&["facts", "dependencies"]);

const SCHEMA: Record = Record::new(
    "The change of form inside one system.",
    &[
        may("in", Shape::Text(Words::Name), "The system's name; may be left out where there is only one."),
        must("changes", list(&Shape::Tagged(&CHANGE), 1), "The changes, in the order in which they apply."),
    ],
)
.later(&["sql", "desired"]);

const LIMITS: Record = Record::new(
    "What the change may cost.",
    &[
        may("downtime", Shape::Duration { none: true }, "The longest stop of writers; default `none`."),
        may("rollback", Shape::Choice(&["required", "wanted", "not-needed"]), "Whether the way back must exist; default `required`."),
    ],
)
.later(&["data_loss", "deadline", "window", "freeze", "budget"]);

const CHECK: Record = Record::new("A business rule.", &[must("sql", Shape::Text(Words::Sql), "The query.")]).later(&["tolerance", "on"]);

const THROTTLE: Record = Record::new(
    "What a run may cost others while it works.",
    &[
        may("max_replication_lag", DURATION, "The backfill waits while a replica is further behind; default `5s`."),
        may("max_load", map("figure", &Shape::Count, 0), "The backfill waits while a load figure is above its limit; default none."),
        may("batch_target", DURATION, "How long one batch should take; default `200ms`."),
        may("ddl_lock_timeout", DURATION, "The longest that an application may wait for a lock of ours; default `1s`."),
        may("max_wal", Shape::Size, "The most write-ahead log that may pile up; default `10GiB`."),
    ],
)
.later(&["max_bytes_per_s"]);
