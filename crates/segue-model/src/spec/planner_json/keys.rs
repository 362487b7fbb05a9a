//! What the planner's JSON takes: the keys of its samples, each with its type.
//!
//! The enumerations are those of the script and of requirement document 000. Tests: `tests/it/planner_json.rs`.

use crate::spec::shape::{Record, Shape, Words, list, map, may, must};

const TEXT: Shape = Shape::Text(Words::Any);
const LINE: Shape = Shape::Text(Words::Line);
const LINES: Shape = list(&LINE, 0);
const NUMBER: Shape = Shape::Decimal { places: 6 };
const CLOCK: Shape = Shape::Text(Words::Clock);

/// The patterns of the script, of its manual and of requirement document 000.
const PATTERNS: &[&str] = &[
    "schema_change",
    "expand_contract",
    "parallel_schema",
    "event_sourcing",
    "data_migration",
    "bulk_data_migration",
    "dual_write",
    "change_data_capture",
    "cdc",
    "strangler_fig",
    "parallel_run",
    "canary",
    "canary_deployment",
    "blue_green",
    "cloud_migration",
    "cloud_to_cloud",
    "on_prem_to_cloud",
    "on_premises_to_cloud",
    "lift_and_shift",
    "re_architecture",
    "hybrid",
];

/// The whole document.
pub(super) const DOCUMENT: Record = Record::open(
    "A migration, as the planner script takes it.",
    &[
        must("type", Shape::Choice(&["database", "service", "infrastructure", "data", "api"]), "What is migrated."),
        may("pattern", Shape::Choice(PATTERNS), "How."),
        must("source", LINE, "What is there."),
        must("target", LINE, "What shall be."),
        may("description", TEXT, "Why."),
        may("constraints", Shape::Record(&CONSTRAINTS), "Limits."),
        may("tables_to_migrate", list(&Shape::Record(&TABLE), 0), "Tables."),
        may("schema_changes", list(&Shape::Record(&SCHEMA_CHANGE), 0), "Changes of form."),
        may("performance_requirements", Shape::Record(&PERFORMANCE), "What must be reached."),
        may("business_continuity", Shape::Record(&CONTINUITY), "When users must not notice."),
        may("service_details", Shape::Record(&SERVICES), "The two services."),
        may("migration_phases", list(&Shape::Record(&PHASE), 0), "Phases."),
        may("feature_flags", list(&Shape::Record(&FLAG), 0), "Flags."),
        may("monitoring", Shape::Record(&MONITORING), "What is watched."),
        may("rollback_triggers", list(&Shape::Record(&TRIGGER), 0), "When to go back."),
    ],
);

const CONSTRAINTS: Record = Record::open(
    "Limits.",
    &[
        may("max_downtime_minutes", NUMBER, "The longest stop."),
        may("data_volume_gb", NUMBER, "The size of the data."),
        may("dependencies", LINES, "Who depends on it."),
        may("compliance_requirements", LINES, "Rules that bind the data."),
        may("special_requirements", LINES, "What else must hold."),
    ],
);

const TABLE: Record = Record::open(
    "A table.",
    &[
        must("name", LINE, "Its name."),
        may("row_count", Shape::Count, "Its rows."),
        may("size_mb", NUMBER, "Its size."),
        may("critical", Shape::Bool, "It is critical."),
    ],
);

const SCHEMA_CHANGE: Record = Record::open(
    "Changes of a table.",
    &[must("table", LINE, "The table."), must("changes", list(&Shape::Record(&CHANGE), 0), "Its changes.")],
);

/// A change of form; its other keys are taken as they are.
pub(super) const CHANGE: Record = Record::open(
    "A change.",
    &[
        must(
            "type",
            Shape::Choice(&[
                "add_column",
                "drop_column",
                "modify_column",
                "rename_column",
                "add_constraint",
                "drop_constraint",
                "add_index",
                "create_index",
                "drop_index",
                "create_table",
                "drop_table",
                "rename_table",
            ]),
            "What changes.",
        ),
        may("column", LINE, "The column."),
        may("data_type", LINE, "Its type."),
        may("nullable", Shape::Bool, "It takes NULL."),
        may("old_type", LINE, "The type before."),
        may("new_type", LINE, "The type after."),
        may("old_name", LINE, "The name before."),
        may("new_name", LINE, "The name after."),
        may("constraint_type", Shape::Choice(&["check", "unique", "foreign_key", "primary_key", "not_null"]), "The kind of constraint."),
        may("constraint_name", LINE, "Its name."),
        may("definition", LINE, "Its condition."),
    ],
);

const PERFORMANCE: Record = Record::open(
    "What must be reached.",
    &[
        may("max_query_response_time_ms", NUMBER, "The slowest answer."),
        may("concurrent_connections", Shape::Count, "Connections at once."),
        may("transactions_per_second", NUMBER, "Transactions."),
    ],
);

const CONTINUITY: Record = Record::open(
    "When users must not notice.",
    &[
        may("critical_business_hours", Shape::Record(&HOURS), "When nothing may happen."),
        may("preferred_migration_window", Shape::Record(&HOURS), "When it is best."),
    ],
);

const HOURS: Record = Record::open(
    "A time of the day.",
    &[must("start", CLOCK, "From."), must("end", CLOCK, "To."), may("timezone", Shape::Text(Words::Zone), "The zone.")],
);

const SERVICES: Record = Record::open(
    "The two services.",
    &[may("legacy_service", Shape::Record(&OLD_SERVICE), "The old one."), may("new_service", Shape::Record(&NEW_SERVICE), "The new one.")],
);

const OLD_SERVICE: Record = Record::open(
    "The old service.",
    &[
        may("endpoints", LINES, "Its endpoints."),
        may("current_load", Shape::Record(&LOAD), "Its load."),
        may("infrastructure", Shape::Record(&MACHINES), "What it runs on."),
    ],
);

const NEW_SERVICE: Record = Record::open(
    "The new service.",
    &[
        may("endpoints", LINES, "Its endpoints."),
        may("target_performance", Shape::Record(&LOAD), "What it must reach."),
        may("infrastructure", Shape::Record(&MACHINES), "What it will run on."),
    ],
);

const LOAD: Record = Record::open(
    "Load and answer times.",
    &[
        may("requests_per_second", NUMBER, "Requests."),
        may("peak_requests_per_second", NUMBER, "Requests at the peak."),
        may("average_response_time_ms", NUMBER, "The mean answer."),
        may("p95_response_time_ms", NUMBER, "The answer that 95 of 100 stay below."),
    ],
);

const MACHINES: Record = Record::open(
    "What a service runs on.",
    &[
        may("instances", Shape::Count, "Instances."),
        may("cpu_cores_per_instance", NUMBER, "Cores of each."),
        may("memory_gb_per_instance", NUMBER, "Memory of each."),
        may("load_balancer", LINE, "The load balancer."),
        may("container_platform", LINE, "The platform."),
        may("initial_replicas", Shape::Count, "Replicas at first."),
        may("max_replicas", Shape::Count, "Replicas at most."),
        may("cpu_request_millicores", NUMBER, "Processor time asked for."),
        may("cpu_limit_millicores", NUMBER, "Processor time at most."),
        may("memory_request_mb", NUMBER, "Memory asked for."),
        may("memory_limit_mb", NUMBER, "Memory at most."),
    ],
);

const PHASE: Record = Record::open(
    "A phase.",
    &[
        must("phase", LINE, "Its name."),
        may("description", TEXT, "What is done."),
        may("estimated_duration_hours", NUMBER, "How long it takes."),
    ],
);

const FLAG: Record = Record::open(
    "A flag.",
    &[
        must("name", LINE, "Its name."),
        may("description", TEXT, "What it does."),
        may("initial_percentage", NUMBER, "The share at first."),
        may("rollout_schedule", list(&Shape::Record(&STEP), 0), "How it rises."),
    ],
);

const STEP: Record =
    Record::open("A step.", &[must("percentage", NUMBER, "The share."), may("duration_hours", NUMBER, "How long it is held.")]);

const MONITORING: Record = Record::open(
    "What is watched.",
    &[may("critical_metrics", LINES, "Metrics."), may("alert_thresholds", map("metric", &NUMBER, 0), "When somebody is told.")],
);

const TRIGGER: Record = Record::open(
    "When to go back.",
    &[
        must("metric", LINE, "The metric."),
        must("threshold", NUMBER, "The value."),
        may("duration_minutes", NUMBER, "How long it lasts."),
        may(
            "action",
            Shape::Choice(&[
                "automatic_rollback",
                "rollback",
                "manual_rollback",
                "pause",
                "pause_migration",
                "alert_team",
                "alert",
                "scale_up",
            ]),
            "What happens.",
        ),
    ],
);
