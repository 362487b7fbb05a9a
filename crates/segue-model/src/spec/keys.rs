//! The keys of `segue.yaml` outside of the changes: the whole file here, its parts in the modules below.
//!
//! Tests: `tests/it/agreement.rs` holds reader and schema to this table, `tests/it/reference.rs` the documentation.

mod kinds;
mod limits;
mod phases;
mod systems;

use super::changes::CHANGE;
use super::shape::{Record, Rule, Shape, Words, list, map, may, must};

pub(super) use systems::{DATABASES, ENGINES};

const TEXT: Shape = Shape::Text(Words::Any);
const LINE: Shape = Shape::Text(Words::Line);
const NAME: Shape = Shape::Text(Words::Name);
const FILE: Shape = Shape::Text(Words::File);
const DURATION: Shape = Shape::Duration { none: false };

/// The recipes.
const RECIPES: &[&str] = &[
    "schema-change",
    "data-transform",
    "platform-switch",
    "version-upgrade",
    "sharding",
    "framework",
    "language",
    "library",
    "service-extraction",
    "api-version",
    "auth",
    "onprem-to-cloud",
    "cloud-to-cloud",
    "region",
    "vm-to-containers",
    "self-hosted-to-managed",
];

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
        may("kind", Shape::Choice(RECIPES), "Forces a recipe; else it is chosen from what the spec holds."),
        may(
            "profile",
            Shape::Choice(&["segue", "doc000", "doc001", "doc002", "doc003", "doc004"]),
            "Whose thresholds, ladders and durations count; default `segue`.",
        ),
        may("start", Shape::Text(Words::Date), "When work may begin; without it a plan counts in days from its start."),
        may("limits", Shape::Record(&limits::LIMITS), "What the change may cost."),
        may("compliance", list(&LINE, 0), "Rules that bind the data: `gdpr`, `sox`, `hipaa`, `pci-dss`, `iso27001`, or a text."),
        may("team", Shape::Record(&limits::TEAM), "Who works on it, and how much."),
        may("systems", map("system", &Shape::Record(&systems::SYSTEM), 1), "The systems, by names that the rest of the file uses."),
        may("move", Shape::Record(&kinds::MOVE), "A whole database from one system to another."),
        may("schema", Shape::Record(&SCHEMA), "The change of form inside one system."),
        may("code", Shape::Record(&kinds::CODE), "What changes in a source tree."),
        may("api", Shape::Record(&kinds::API), "From one contract to another."),
        may("service", Shape::Record(&kinds::SERVICE), "Services that are taken out of a larger one."),
        may("auth", Shape::Record(&kinds::AUTH), "From one way of signing in to another."),
        may("infra", Shape::Record(&kinds::INFRA), "From one place or platform to another."),
        may("rates", Shape::Record(&limits::RATES), "Stated rates, until measured."),
        may(
            "checks",
            map("check", &Shape::Short(Words::Sql, &CHECK), 0),
            "Business rules: queries whose result must be the same before and after.",
        ),
        may("throttle", Shape::Record(&limits::THROTTLE), "What a run may cost others while it works."),
        may("rollout", Shape::Record(&phases::ROLLOUT), "How traffic moves to the new side."),
        may(
            "rollback_when",
            list(&Shape::Short(Words::Condition, &phases::TRIGGER), 0),
            "When the run goes back by itself: conditions, or mappings with what to do.",
        ),
        may("keep_old", DURATION, "How long the old form is kept after the shift; default `0s`, and `30d` with `move`."),
        may("phases", map("phase", &Shape::Record(&phases::PHASE), 0), "Changes a recipe's phase of that name, or adds one."),
        may("risks", list(&Shape::Record(&phases::RISK), 0), "The team's own risks; they join the computed ones."),
        may("comms", Shape::Record(&phases::COMMS), "Who is told, how often and how."),
    ],
)
.rules(&[
    Rule::AtLeastOne(&["move", "schema", "code", "api", "service", "auth", "infra", "kind"]),
    Rule::Needs("move", "systems"),
    Rule::Needs("schema", "systems"),
]);

const SCHEMA: Record = Record::new(
    "The change of form inside one system.",
    &[
        may("in", NAME, "The system's name; may be left out where there is only one database."),
        may("changes", list(&Shape::Tagged(&CHANGE), 1), "The changes, in the order in which they apply."),
        may("sql", FILE, "A file of plain DDL, which Segue reads and makes safe; instead of `changes`."),
        may("desired", FILE, "A file with the schema that is wanted, to which Segue finds the way; instead of `changes`."),
    ],
)
.rules(&[Rule::ExactlyOne(&["changes", "sql", "desired"])]);

const CHECK: Record = Record::new(
    "A business rule.",
    &[
        must("sql", Shape::Text(Words::Sql), "The query."),
        may("tolerance", Shape::Text(Words::Tolerance), "How far the numbers of the two sides may be apart; default not at all."),
        may("on", Shape::Choice(&["both", "source", "target"]), "Where it is asked; default `both`."),
    ],
);
