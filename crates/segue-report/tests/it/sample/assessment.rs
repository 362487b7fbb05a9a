//! What was observed of the shop.

use segue_model::assessment::{
    Assessment, Component, Dependence, FORMAT_VERSION, Incident, MeasuredRate, Object, Resource, SystemSeen, TableSeen, Verdict,
};

use super::{date, list, text};

fn object(kind: &str, name: &str, verdict: Verdict, (rule, reason): (&str, &str), effort_min: u64) -> Object {
    Object {
        system: text("old"),
        kind: text(kind),
        name: text(name),
        verdict,
        rule: text(rule),
        reason: text(reason),
        effort_min,
        place: String::new(),
    }
}

/// The assessment.
pub(crate) fn assessment() -> Assessment {
    let table = |name: &str, rows: Option<u64>, bytes, keyed| TableSeen {
        name: text(name),
        rows,
        rows_estimated: true,
        bytes: Some(bytes),
        index_bytes: Some(bytes / 3),
        columns: 12,
        indexes: 4,
        keyed,
        writes_per_hour: Some(90_000),
        usage: text("frequent"),
    };
    let old = SystemSeen {
        engine: text("mariadb"),
        version: text("10.11.6"),
        how: text("live"),
        tables: vec![table("orders", Some(41_000_000), 61 << 30, true), table("audit_log", Some(9_000_000), 20 << 30, false)],
        bytes: Some(128 << 30),
        settings: [(text("sql_mode"), text("ALLOW_INVALID_DATES")), (text("log_bin"), text("ON"))].into(),
        counts: [(text("view"), 3), (text("event"), 1)].into(),
        baselines: [(text("queries_per_s"), 1_900), (text("p95_ms"), 41)].into(),
    };
    let unsigned = ("mysql.unsigned", "bigint unsigned has no type of its own; numeric(20) with a check holds every value");
    Assessment {
        format_version: FORMAT_VERSION,
        segue: text("0.1.0"),
        systems: [(text("old"), old)].into(),
        objects: vec![
            object("table", "orders", Verdict::Auto, ("mysql.table", "becomes a table"), 0),
            object("column", "orders.total", Verdict::AutoWithWarning, unsigned, 0),
            object("column", "users.id", Verdict::AutoWithWarning, unsigned, 0),
            object("event", "purge_carts", Verdict::Manual, ("mysql.event", "PostgreSQL has no events; a job must do it"), 120),
            object("table", "audit_log", Verdict::Blocked, ("mysql.no-key", "without a key no change can be streamed"), 60),
        ],
        components: vec![Component {
            name: text("mariadb"),
            ecosystem: text("database"),
            version: text("10.11.6"),
            runtime: true,
            place: String::new(),
            end_of_life: Some(date("2028-02-16")),
            note: text("facts of 2026-11-01"),
            locked: true,
        }],
        dependencies: vec![
            Dependence {
                from: text("api"),
                on: text("payments-service"),
                kind: text("service"),
                blocking: true,
                why: text("it writes payments"),
                place: text("compose.yaml:14"),
            },
            Dependence {
                from: text("report"),
                on: text("old"),
                kind: text("job"),
                blocking: false,
                why: text("it reads at night"),
                place: text("cron.d/report:1"),
            },
        ],
        resources: vec![
            Resource {
                address: text("aws_db_instance.main"),
                kind: text("aws_db_instance"),
                count: 1,
                equivalent: Some(text("google_sql_database_instance")),
                note: text("storage grows by itself on both"),
                place: text("main.tf:3"),
                refers_to: list(&["aws_vpc.main"]),
            },
            Resource {
                address: text("aws_sns_topic.x"),
                kind: text("aws_sns_topic"),
                count: 2,
                equivalent: None,
                note: text("topics with filters must be built"),
                place: text("main.tf:30"),
                refers_to: Vec::new(),
            },
        ],
        incidents: vec![
            Incident {
                rule: text("js.driver.mysql2"),
                language: text("javascript"),
                file: text("src/db.js"),
                line: 4,
                what: text("mysql2 is made"),
                points: 3,
                ..Incident::default()
            },
            Incident {
                rule: text("js.driver.mysql2"),
                language: text("javascript"),
                file: text("src/jobs.js"),
                line: 9,
                what: text("mysql2 is made"),
                points: 3,
                ..Incident::default()
            },
        ],
        rates: vec![MeasuredRate {
            what: text("copy"),
            source: text("old"),
            target: text("new"),
            bytes_per_s: 42_000_000,
            rows_per_s: 31_000,
            sample: text("1,000,000 rows in 32 s"),
        }],
        findings: Vec::new(),
        not_checked: list(&["grants of 3 accounts could not be read"]),
    }
}
