//! A shop of forty tables moves from MariaDB to PostgreSQL.

use segue_model::finding::{Finding, Severity};
use segue_model::plan::program::{Aspect, Cost, Driver, Program, Rehearsal};
use segue_model::plan::{Condition, NotPattern, Pattern, Phase, Plan, Step};
use segue_model::spec::program::{Dependency, MetricValue, Money, Window};

use super::*;

/// The plan.
pub(crate) fn shop() -> Plan {
    shop_of(&["users", "orders", "order_items", "products", "carts", "payments", "invoices", "audit_log"], 40)
}

/// The same with these table names first and `tables` tables in all.
pub(crate) fn shop_of(names: &[&str], tables: usize) -> Plan {
    let named = names.iter().map(|name| text(name));
    let names: Vec<String> = named.chain((names.len()..tables).map(|at| format!("ref_{at:04}"))).take(tables).collect();
    Plan {
        format_version: 1,
        digest: text(DIGEST),
        segue: text("0.1.0"),
        id: text("MIG-042"),
        name: text("shop-mariadb-to-postgres"),
        kinds: list(&["move"]),
        pattern: Pattern {
            name: text("cdc"),
            why: text("128.4 GiB cannot be copied within a write pause of 5 s, so changes are streamed while the copy runs"),
            not: vec![
                NotPattern { name: text("big-bang"), why: text("the copy takes about 9 h and `limits.downtime` is 5s") },
                NotPattern {
                    name: text("dual-write"),
                    why: text("three services write; each would need code that MariaDB's own log makes needless"),
                },
            ],
        },
        risk: text("high"),
        pause_ms: 5_000,
        rollback: text("automated"),
        phases: vec![prepare(), copy(&names), follow(), rehearse(), shift(), contract()],
        findings: vec![
            Finding {
                code: text("SG-PLAN-024"),
                severity: Severity::High,
                object: text("event `purge_carts`"),
                message: text("PostgreSQL has no events of its own; somebody must say what runs it afterwards"),
                fix: text("Name a job for it, or give `phases` a task."),
            },
            Finding {
                code: text("SG-PLAN-022"),
                severity: Severity::Medium,
                object: text("`orders.created_at`"),
                message: text("12 zero dates become null"),
                fix: String::new(),
            },
        ],
        not_checked: list(&["grants of 3 accounts could not be read", "the body of event `purge_carts`"]),
        program: program(tables),
        ..Plan::default()
    }
}

fn prepare() -> Phase {
    let mut phase = phase("prepare", ("the target stands, with its schema and its accounts", "none", "low"), &[], [0, 30, 38, 52]);
    phase.project.tasks = vec![
        task("Review the converted schema table by table", "dba", 480),
        task("Agree on the window with support", "lead", 60),
        task("Rehearse the restore of last night's backup", "dba", 240),
    ];
    phase.project.deliverables = list(&["a target with 40 tables and no rows", "a restored backup that somebody looked into"]);
    phase.project.rollback = back("yes", "drop the new schema", Some(40), "none", "0 rows");
    let command = Some(shell(
        "pg_dump --schema-only \"$NEW_URL\" > target-schema.sql\nsha256sum target-schema.sql",
        "NEW_URL names the target",
        "one line with a digest",
    ));
    let mut step = outside(
        "prepare/schema",
        "create_schema",
        ("create 40 tables on `new` without secondary indexes", "indexes that exist slow the copy down"),
        command,
        "the catalog of `new` has 40 tables",
        undo("drop the new schema", "0 rows", 40, "the catalog of `new` is empty"),
    );
    step.undo.command = Some(sql("postgres", "DROP SCHEMA shop CASCADE;", "DROP SCHEMA"));
    phase.steps = vec![step];
    phase.gates = vec![gate(
        "prepare/checklist",
        "every item of `before` that must be done is done",
        Condition::Checklist { list: text("before") },
        "document 002",
    )];
    phase
}

fn copy_step(table: &str) -> Step {
    outside(
        &format!("copy/{table}"),
        "copy_table",
        (&format!("copy every row of {table}, in key order, in batches of 10,000"), "rows that exist now; later ones come by the stream"),
        Some(shell(
            &format!("mariadb-dump --single-transaction --no-create-info shop {table} > {table}.sql"),
            "the replica has no lag",
            "exit 0",
        )),
        &format!("`segue verify` says that {table} is equal"),
        undo(&format!("truncate {table} on `new`"), "0 rows", 2, "the table on `new` has no row"),
    )
}

fn copy(names: &[String]) -> Phase {
    let mut phase = phase("copy", ("every row of 40 tables is on the new side", "none", "medium"), &["prepare"], [30, 62, 80, 96]);
    phase.steps = names.iter().map(|name| copy_step(name)).collect();
    phase.project.windows = vec![Window { days: list(&["sat", "sun"]), from_min: 60, to_min: 300, zone: text("Europe/Berlin") }];
    phase.project.rollback = back("yes", "truncate the target", Some(120), "none", "0 rows");
    let equal = metric("mismatches", None, "==", MetricValue::Milli(0), 0);
    phase.gates = vec![gate("copy/equal", "both sides have the same rows", Condition::Metric { condition: equal }, "profile segue")];
    phase
}

fn follow() -> Phase {
    let mut phase = phase("follow", ("the new side is less than a second behind", "none", "medium"), &["copy"], [62, 80, 100, 125]);
    phase.steps = vec![outside(
        "follow/stream",
        "stream_changes",
        ("apply MariaDB's changes to `new` as they come", "so that the pause is seconds and not hours"),
        None,
        "lag(new) < 1s for 10m",
        undo("stop the stream", "0 rows", 5, "no session of the stream is left"),
    )];
    phase.project.rollback = back("yes", "stop the stream", Some(5), "none", "0 rows");
    let lag = metric("replication_lag", Some("new"), "<", MetricValue::Ms(1_000), 600_000);
    phase.gates = vec![gate("follow/lag", "the new side keeps up", Condition::Metric { condition: lag }, "profile segue")];
    phase
}

fn rehearse() -> Phase {
    let mut phase =
        phase("rehearse", ("the switch and the way back were done once, on a clone", "none", "low"), &["follow"], [80, 104, 120, 150]);
    phase.project.tasks = vec![
        task("Rehearse the switch and the way back with the people of the night", "lead", 360),
        task("Load test with last week's traffic", "developer", 480),
    ];
    phase.project.rollback = back("yes", "throw the clone away", Some(60), "none", "0 rows");
    phase
}

fn shift() -> Phase {
    let impact = "writes pause for at most 5 s; a slow request may be tried again";
    let mut phase = phase(
        "shift",
        ("all traffic is on PostgreSQL, and a reverse stream keeps MariaDB true", impact, "high"),
        &["rehearse"],
        [126, 148, 176, 220],
    );
    let step = |id: &str, what: &str, why: &str| {
        outside(
            id,
            "route",
            (what, why),
            Some(shell("kubectl -n shop rollout restart deployment/api", "the lag is below 1 s", "deployment.apps/api restarted")),
            "p95(new) is known",
            undo("send all traffic back", "0 rows", 30, "the old side answers"),
        )
    };
    phase.steps = vec![
        step("shift/reverse", "start the reverse stream to MariaDB", "so that going back loses no row"),
        step("shift/reads", "send reads to PostgreSQL by 1%, 5%, 25%, 50%, 100%", "errors show on few users first"),
        step("shift/writes", "pause writes, wait for lag 0, switch writes", "the one moment that users may notice"),
    ];
    phase.entry = vec![gate(
        "shift/approval",
        "two of lead and dba say yes",
        Condition::Approvals { by: list(&["lead", "dba"]), count: 2 },
        "spec phases.shift.gate",
    )];
    let errors = metric("error_rate", Some("new"), "<", MetricValue::PercentMilli(500), 1_800_000);
    let slow = MetricValue::Times { factor_milli: 1_100, metric: text("p95"), side: Some(text("old")) };
    phase.gates = vec![
        gate("shift/errors", "few requests fail", Condition::Metric { condition: errors }, "profile segue"),
        gate(
            "shift/p95",
            "it is not slower",
            Condition::Metric { condition: metric("p95", Some("new"), "<=", slow, 1_800_000) },
            "profile doc002",
        ),
    ];
    phase.project.hold = Some(estimate(2 * DAY, "spec rollout.hold"));
    phase.project.rollback =
        back("yes", "the reverse stream has every write; send all traffic to MariaDB", Some(90), "writes pause for at most 5 s", "0 rows");
    phase
}

fn contract() -> Phase {
    let mut phase = phase("contract", ("MariaDB is archived and switched off", "none", "high"), &["shift"], [870, 878, 906, 950]);
    let mut step = outside(
        "contract/stop",
        "decommission",
        ("archive MariaDB and switch it off", "two systems cost twice"),
        None,
        "the archive was restored once and counted",
        undo(
            "restore the archive of MariaDB; kept 90 days in the team's store",
            "every write since the switch, on the old side",
            6 * HOUR,
            "a count of each table",
        ),
    );
    step.reversible = text("no");
    phase.steps = vec![step];
    phase.entry = vec![gate(
        "contract/keep_old",
        "30d have passed since `shift` was over",
        Condition::Waited { since: text("shift"), at_least_ms: 30 * 86_400_000 },
        "spec keep_old",
    )];
    phase.project.rollback = back("no", "", None, "none", "every write since the switch, on the old side");
    phase
}

fn program(tables: usize) -> Program {
    let aspect = |aspect: &str, current: &str, target: &str, change: &str| Aspect {
        aspect: text(aspect),
        current: text(current),
        target: text(target),
        change: text(change),
    };
    Program {
        why: text("MariaDB 10.11 leaves support; we want jsonb and partitions"),
        profile: text("segue"),
        model: text("segue-1"),
        start: Some(date("2027-01-11")),
        owners: [("lead", "ana@shop.example"), ("dba", "raj@shop.example")].map(|(role, who)| (text(role), text(who))).into(),
        overview: vec![
            aspect("Database", "MariaDB 10.11.6", "PostgreSQL 16.4", "61 objects by rule, 2 by hand"),
            aspect("Data", &format!("{tables} tables, 128.4 GiB"), "the same rows", "types by 14 rules"),
            aspect("Driver", "mysql2 3.9", "pg 8.12", "37 places in code"),
        ],
        duration: Some(quantiles(850 * HOUR, 878 * HOUR, 906 * HOUR, 950 * HOUR)),
        effort: Some(quantiles(20 * HOUR, 28 * HOUR, 33 * HOUR, 39 * HOUR)),
        cost: Some(Cost {
            p50: Money { hundredths: 336_000, currency: text("EUR") },
            p80: Money { hundredths: 396_000, currency: text("EUR") },
            from: text("spec team.rates"),
        }),
        drivers: vec![
            Driver { id: text("copy/orders"), share_permille: 412, narrow: text("measure the rate with `segue assess --probe`") },
            Driver { id: text("prepare"), share_permille: 201, narrow: text("name the rows of `phases.prepare.estimate`") },
        ],
        downtime: Some(sourced("5000", "spec limits.downtime")),
        risks: risks(),
        needed: vec![
            needed("The window in which work that users notice may be done", "limits.window", &["shift"]),
            needed("Who runs what the event `purge_carts` did", "phases.prepare.tasks", &["prepare", "rollback"]),
        ],
        checklists: lists(),
        triggers: vec![
            trigger(metric("error_rate", Some("new"), ">", MetricValue::PercentMilli(1_000), 120_000), "rollback", &["shift"]),
            trigger(metric("replication_lag", Some("new"), ">", MetricValue::Ms(30_000), 300_000), "pause", &["copy", "follow"]),
        ],
        comms: vec![
            message("users", "a short pause of writing on the night of the switch", -28 * 86_400, "shift", 0, "email"),
            message("support", "what users may ask, and the answers", -14 * 86_400, "shift", 0, "training"),
            message("exec", "where we are", 0, "prepare", 86_400, "email"),
        ],
        figures: [
            ("ladder", sourced("1%, 5%, 25%, 50%, 100%", "spec rollout.steps")),
            ("keep_old", sourced("30d", "spec keep_old")),
            ("data_size", sourced("128.4 GiB", "measured on old")),
            ("peak_tps", sourced("1,900 a second", "spec systems.old.facts.peak_tps")),
            ("deadline", sourced("2027-03-31", "spec limits.deadline")),
        ]
        .map(|(id, figure)| (text(id), figure))
        .into(),
        verdicts: [("auto", 61), ("auto-with-warning", 5), ("manual", 2), ("blocked", 0)].map(|(name, number)| (text(name), number)).into(),
        dependencies: vec![
            Dependency { name: text("payments-service"), kind: text("service"), blocking: true, owner: Some(text("payments")) },
            Dependency { name: text("nightly-report"), kind: text("job"), blocking: false, owner: None },
        ],
        rehearsal: Some(Rehearsal {
            id: text("mig-042-r1"),
            at: text("2026-12-18T21:14:00Z"),
            rows: 1_200_000,
            forward_ms: 1_840_000,
            back_ms: 95_000,
            not_covered: list(&["The clone had no other writers."]),
            ..Rehearsal::default()
        }),
    }
}

fn risks() -> Vec<super::Risk> {
    vec![
        risk(
            "R1",
            "rows differ after the copy and nobody sees it",
            (8, 4, 6),
            64,
            "high",
            "every row is compared before `shift`; 0 mismatches is a gate",
        ),
        risk(
            "R2",
            "writes pause longer than 5 s",
            (6, 4, 3),
            36,
            "medium",
            "the switch gives up by itself after 5 s and tries again later",
        ),
        risk("R3", "the way back was never tried", (9, 3, 5), 45, "medium", "`rehearse` does it once on a clone"),
        risk(
            "R4",
            "a report reads `nightly-report` from the old side for weeks",
            (3, 5, 4),
            60,
            "medium",
            "its owner is told four weeks before",
        ),
        risk("TEAM-1", "Raj is on leave", (4, 2, 2), 16, "low", "Ana does the night with a second DBA"),
    ]
}

fn lists() -> Vec<super::Checklist> {
    vec![
        checklist(
            "before",
            "Before the start",
            vec![
                item("before/backup", "A backup of last night was restored and looked into", None, true, "open"),
                item("before/rollback", "The way back was rehearsed", None, true, "done"),
                item("before/feature", "Feature flags are in place", None, false, "not-applicable"),
            ],
        ),
        checklist(
            "cutover",
            "The night of the switch",
            vec![
                item("cutover/standby", "The team is on stand-by", Some(-120), true, "open"),
                item("cutover/switch", "Writes are switched", Some(0), true, "open"),
                item("cutover/errors", "Error rates were looked at", Some(120), true, "open"),
            ],
        ),
        checklist("week-1", "Week 1", vec![item("week-1/slow", "Slow queries were looked at", None, false, "open")]),
        checklist("month-3", "Months 2 and 3", vec![item("month-3/docs", "Documentation is final", None, false, "open")]),
    ]
}
