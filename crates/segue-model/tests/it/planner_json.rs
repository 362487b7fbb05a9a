//! The JSON of the planner script: both samples whole, every section with its effect, and everything that is wrong.

use std::path::PathBuf;

use segue_model::finding::Severity;
use segue_model::problem::Problem;
use segue_model::spec::program::*;
use segue_model::spec::{self, Spec, looks_like_planner_json, read_planner_json};
use segue_model::units::{Bytes, Millis};
use serde_json::{Value, json};

use crate::dice::Dice;

/// A sample; `None` where the data is not there, which only a developer's machine may be.
fn sample(name: &str) -> Option<String> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/claude-skills")).join(name);
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) => {
            assert!(std::env::var("CI").is_err(), "{}: {error}", path.display());
            println!("skipped: {}: {error}", path.display());
            None
        }
    }
}

#[track_caller]
fn read(text: &str) -> Spec {
    let (spec, findings) = read_planner_json(text, "plan.json").unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert_eq!(findings, []);
    spec
}

fn imported(spec: &Spec) -> &Imported {
    spec.program.imported.as_ref().expect("what was imported")
}

fn when(spec: &Spec) -> Vec<(String, &str)> {
    spec.program.rollback_when.iter().map(|trigger| (trigger.when.to_string(), trigger.action.as_str())).collect()
}

#[test]
fn the_database_sample_lands_in_typed_keys() {
    let Some(text) = sample("sample_database_migration.json") else { return };
    assert!(looks_like_planner_json(&text));
    let spec = read(&text);
    let program = &spec.program;
    assert_eq!((spec.id.as_str(), spec.id.len() <= 40), ("database-schema-change-3df8f261", true));
    assert_eq!(spec.name, "PostgreSQL 13 Production Database to PostgreSQL 15 Cloud Database");
    assert!(spec.why.starts_with("Migrate user management system"));
    assert_eq!((spec.limits.downtime, spec.keep_old, program.keep_old_given), (Some(Millis(30 * 60_000)), Millis(30 * 86_400_000), false));
    assert_eq!((program.profile.as_deref(), program.kind.as_deref()), (Some("doc000"), None));
    assert_eq!(program.compliance, ["gdpr", "sox"]);
    let facts = &program.about["source"].facts;
    assert_eq!((facts.size, facts.rows, facts.tables), (Some(Bytes(2_500_000_000_000)), Some(78_000_000), Some(4)));
    assert_eq!((facts.version.as_deref(), facts.production, facts.peak_tps), (Some("PostgreSQL 13"), Some(true), Some(1_000)));
    assert_eq!(program.about["target"].facts.version.as_deref(), Some("PostgreSQL 15"));
    let names: Vec<&str> = program.about["source"].dependencies.iter().map(|dependency| dependency.name.as_str()).collect();
    assert_eq!(names, ["user_service_api", "authentication_service", "notification_service", "analytics_pipeline", "backup_service"]);
    assert_eq!(program.outside["source"], Outside::Other { what: "PostgreSQL 13 Production Database".into() });
    let moves = program.moves.as_ref().expect("a move");
    assert_eq!((moves.from.as_str(), moves.to.as_str()), ("source", "target"));
    assert_eq!(moves.include, ["users", "user_profiles", "user_sessions", "audit_logs"]);
    assert_eq!(program.windows, [Window { days: vec![], from_min: 120, to_min: 360, zone: "UTC".into() }]);
    assert_eq!(when(&spec), [("p95(new) > 100ms".to_owned(), "pause"), ("mismatches > 0".to_owned(), "rollback")]);
    let imported = imported(&spec);
    assert_eq!(imported.pattern.as_deref(), Some("schema_change"));
    assert_eq!(
        imported.tables[3],
        ImportedTable { name: "audit_logs".into(), rows: Some(50_000_000), size: Some(Bytes(2_800_000_000)), critical: false }
    );
    assert!(imported.tables[0].critical);
    let changes: Vec<String> =
        imported.schema_changes.iter().map(|change| format!("{} {} {}", change.table, change.kind, change.details.len())).collect();
    assert_eq!(changes, ["users add_column 3", "users add_column 3", "user_profiles modify_column 3", "user_profiles add_constraint 3"]);
    assert_eq!(imported.schema_changes[3].details["definition"], "LENGTH(bio) <= 2000");
    let facts: Vec<(&str, &str)> = imported.facts.iter().map(|(path, value)| (path.as_str(), value.as_str())).collect();
    assert_eq!(
        facts,
        [
            ("business_continuity.critical_business_hours.end", "18:00"),
            ("business_continuity.critical_business_hours.start", "08:00"),
            ("business_continuity.critical_business_hours.timezone", "UTC"),
            ("constraints.special_requirements[1]", "referential_integrity"),
            ("constraints.special_requirements[2]", "performance_baseline_maintained"),
            ("performance_requirements.concurrent_connections", "500"),
        ]
    );
}

#[test]
fn the_service_sample_lands_in_typed_keys() {
    let Some(text) = sample("sample_service_migration.json") else { return };
    let (spec, _) = read_planner_json(&text, "plan.json").expect("reads");
    let program = &spec.program;
    assert_eq!((spec.limits.downtime, spec.keep_old), (Some(Millis(0)), Millis(0)));
    assert_eq!(program.compliance, ["pci-dss", "gdpr"]);
    let (old, new) = (&program.about["source"].facts, &program.about["target"].facts);
    assert_eq!((old.size, old.peak_tps, old.replicas), (Some(Bytes(50_000_000_000)), Some(2_000), Some(4)));
    assert_eq!((new.peak_tps, new.replicas), (Some(3_000), Some(3)));
    assert_eq!(program.about["source"].dependencies.len(), 8);
    let service = program.service.as_ref().expect("a service");
    assert_eq!(service.from, "Legacy User Service (Java Spring Boot 2.x)");
    let routes = &service.extract["New User Service (Node.js + TypeScript)"].routes;
    let expect = [
        "/api/v1/users",
        "/api/v1/users/*",
        "/api/v1/users/*/profile",
        "/api/v1/users/*/verify-email",
        "/api/v1/users/login",
        "/api/v1/users/logout",
    ];
    assert_eq!(routes, &expect);
    let rollout = program.rollout.as_ref().expect("a rollout");
    assert_eq!((rollout.steps.as_slice(), rollout.hold), ([5_000, 25_000, 50_000, 100_000].as_slice(), Some(Millis(86_400_000))));
    for (name, after, hours) in [
        ("preparation", None, 8),
        ("intercept", Some("preparation"), 2),
        ("gradual_migration", Some("intercept"), 48),
        ("validation", Some("gradual_migration"), 24),
        ("decommission", Some("validation"), 4),
    ] {
        let phase = &program.phases[name];
        let after: Vec<String> = after.into_iter().map(str::to_owned).collect();
        let seconds = hours * 3_600;
        assert_eq!((phase.after.as_ref(), phase.estimate), (Some(&after), Some((seconds, seconds, seconds))), "{name}");
    }
    assert_eq!(program.phases.len(), 5);
    assert_eq!(program.phases["intercept"].tasks[0].what, "Configure API gateway to route to new service");
    service_facts(&spec);
}

fn service_facts(spec: &Spec) {
    let expect = [
        ("error_rate(new) > 10% for 5m", "rollback"),
        ("p95(new) > 500ms for 10m", "warn"),
        ("cpu_utilization(new) > 0.95 for 5m", "warn"),
        ("error_rate(new) > 5%", "warn"),
        ("p95(new) > 250ms", "warn"),
        ("cpu_utilization(new) > 0.8", "warn"),
        ("memory_utilization(new) > 0.85", "warn"),
        ("p95(new) > 200ms", "pause"),
    ];
    assert_eq!(when(spec), expect.map(|(when, action)| (when.to_owned(), action)));
    for (text, _) in when(spec) {
        assert!(text.parse::<MetricCondition>().is_ok(), "{text}");
    }
    let facts = &imported(spec).facts;
    for (path, value) in [
        ("constraints.special_requirements[1]", "session_continuity"),
        ("service_details.legacy_service.endpoints[0]", "GET /api/v1/users/{id}"),
        ("service_details.legacy_service.current_load.requests_per_second", "850"),
        ("service_details.new_service.endpoints[10]", "POST /api/v2/auth/refresh"),
        ("service_details.new_service.infrastructure.max_replicas", "10"),
        ("service_details.new_service.target_performance.average_response_time_ms", "80"),
        ("feature_flags[1].rollout_schedule[0].percentage", "10"),
        ("monitoring.critical_metrics[4]", "cpu_utilization"),
    ] {
        assert_eq!(facts.get(path).map(String::as_str), Some(value), "{path}");
    }
    assert!(!facts.contains_key("service_details.new_service.infrastructure.initial_replicas"), "that has a key of its own");
}

#[test]
fn scaling_up_is_told_to_be_no_action_of_ours() {
    let Some(text) = sample("sample_service_migration.json") else { return };
    let (_, findings) = read_planner_json(&text, "f").expect("reads");
    let said: Vec<(&str, Severity, &str)> =
        findings.iter().map(|finding| (finding.code.as_str(), finding.severity, finding.object.as_str())).collect();
    assert_eq!(said, [("SG-SPEC-042", Severity::Info, "`rollback_triggers[2].action`")]);
}

/// Every value and section of a document, as pointers.
fn pointers(value: &Value, at: &str, out: &mut Vec<String>) {
    if !at.is_empty() {
        out.push(at.to_owned());
    }
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| pointers(value, &format!("{at}/{key}"), out)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, value)| pointers(value, &format!("{at}/{index}"), out)),
        _ => {}
    }
}

/// Another value of the same type.
fn other(value: &Value) -> Option<Value> {
    Some(match value {
        Value::Bool(value) => json!(!value),
        Value::Number(number) => {
            number.as_u64().map_or_else(|| json!(number.as_f64().expect("a number") + 0.015_625), |whole| json!(whole + 1))
        }
        Value::String(text) if text.len() == 5 && text.contains(':') => json!("03:07"),
        Value::String(text) => json!(format!("{text}x")),
        _ => return None,
    })
}

#[test]
fn whatever_is_changed_or_deleted_changes_the_spec_or_is_refused() {
    for name in ["sample_database_migration.json", "sample_service_migration.json"] {
        let Some(text) = sample(name) else { return };
        let whole: Value = serde_json::from_str(&text).expect("JSON");
        let (spec, _) = read_planner_json(&text, "f").expect("reads");
        let mut places = Vec::new();
        pointers(&whole, "", &mut places);
        assert!(places.len() > 60);
        for place in places {
            let mut changed = whole.clone();
            if let Some(value) = other(whole.pointer(&place).expect("a place")) {
                *changed.pointer_mut(&place).expect("a place") = value.clone();
                match read_planner_json(&changed.to_string(), "f") {
                    Ok((other, _)) => assert_ne!(other, spec, "{place} := {value}"),
                    // Words of a closed list, and a share of 101.
                    Err(problems) => {
                        assert!(problems.iter().all(|problem| ["SG-SPEC-018", "SG-SPEC-036"].contains(&problem.code.as_str())), "{place}");
                    }
                }
                continue;
            }
            let (parent, key) = place.rsplit_once('/').expect("a place");
            match changed.pointer_mut(parent) {
                Some(Value::Object(map)) => drop(map.remove(key)),
                Some(Value::Array(items)) => drop(key.parse::<usize>().map(|index| items.remove(index))),
                _ => panic!("{place}"),
            }
            match read_planner_json(&changed.to_string(), "f") {
                Ok((other, _)) => assert_ne!(other, spec, "without {place}"),
                Err(problems) => assert!(problems.iter().all(|problem| problem.code == "SG-SPEC-015"), "{place}: {problems:#?}"),
            }
        }
    }
}

const SMALL: &str = r#"{"type": "database", "source": "a", "target": "b", "constraints": {"max_downtime_minutes": 5}}"#;

#[track_caller]
fn problems(text: &str) -> Vec<Problem> {
    read_planner_json(text, "plan.json").expect_err("a problem")
}

/// The one problem: code, line and column, message.
#[track_caller]
fn refused(text: &str, code: &str, (line, column): (u32, u32), message: &str) {
    let problems = problems(text);
    assert_eq!(problems.len(), 1, "{problems:#?}");
    let at = problems[0].at.as_ref().expect("a place");
    assert_eq!((problems[0].code.as_str(), at.line, at.column, problems[0].message.as_str()), (code, line, column, message), "{text}");
    assert!(!problems[0].help.is_empty() && at.file == "plan.json");
}

/// With these constraints.
fn constraints(inside: &str) -> String {
    format!("{{\"type\": \"database\", \"source\": \"a\", \"target\": \"b\",\n \"constraints\": {inside}}}")
}

#[test]
fn wrong_values_are_refused_with_their_path() {
    let kinds = "none of `database`, `service`, `infrastructure`, `data`, `api`";
    refused(
        r#"{"type": "banana", "source": "a", "target": "b"}"#,
        "SG-SPEC-018",
        (1, 10),
        &format!("`type` is `banana`, which is {kinds}"),
    );
    let lacking = problems(r#"{"type":"banana"}"#);
    assert_eq!(lacking.iter().map(|problem| problem.code.as_str()).collect::<Vec<_>>(), ["SG-SPEC-015", "SG-SPEC-015", "SG-SPEC-018"]);
    let number = "takes a number from 0 with at most 6 decimals";
    refused(
        &constraints(r#"{"data_volume_gb": "2.5TB"}"#),
        "SG-SPEC-017",
        (2, 36),
        &format!("`constraints.data_volume_gb` is a text, but {number}"),
    );
    let record = "a mapping {max_downtime_minutes?, data_volume_gb?, dependencies?, compliance_requirements?, special_requirements?}";
    refused(&constraints("null"), "SG-SPEC-022", (2, 2), &format!("`constraints` is empty, but takes {record}"));
    refused(&constraints("[]"), "SG-SPEC-016", (2, 17), &format!("`constraints` is a list, but takes {record}"));
    let negative = "`constraints.max_downtime_minutes` is not a number from 0 to 1000000000000 with at most 6 decimals";
    refused(&constraints(r#"{"max_downtime_minutes": -1}"#), "SG-SPEC-017", (2, 42), negative);
    refused(&constraints(r#"{"max_downtime_minutes": 1e400}"#), "SG-SPEC-036", (2, 42), negative);
    refused(
        &constraints(r#"{"data_volume_gb": 1e12}"#),
        "SG-SPEC-036",
        (2, 36),
        "`constraints.data_volume_gb` is larger than any system holds",
    );
    let list = "but takes a list, each item a text";
    refused(&constraints(r#"{"dependencies": "api"}"#), "SG-SPEC-016", (2, 34), &format!("`constraints.dependencies` is a text, {list}"));
    refused(
        &constraints(r#"{"dependencies": [1]}"#),
        "SG-SPEC-017",
        (2, 35),
        "`constraints.dependencies[0]` is a number, but takes a text",
    );
    refused(&constraints(r#"{"a": "postgres://u:hunter2@h/d"}"#), "SG-SPEC-024", (2, 23), "`constraints.a` holds a password in plain text");
}

#[test]
fn wrong_values_further_in() {
    let with = |more: &str| {
        SMALL.replace("{\"max", &format!("{{}}, {more}, \"x\": {{\"max")).replace("\"x\": {\"max_downtime_minutes\": 5}", "\"x\": 1")
    };
    for (more, code, path) in [
        (r#""pattern": "big_bang""#, 18, "`pattern` is"),
        (r#""tables_to_migrate": [{"row_count": 1}]"#, 15, "`tables_to_migrate[0]` lacks `name`"),
        (r#""tables_to_migrate": [{"name": "t", "row_count": 1.5}]"#, 17, "`tables_to_migrate[0].row_count`"),
        (r#""tables_to_migrate": [{"name": "t", "critical": "yes"}]"#, 17, "`tables_to_migrate[0].critical`"),
        (r#""schema_changes": [{"table": "t", "changes": [{"type": "add_colum"}]}]"#, 18, "`schema_changes[0].changes[0].type`"),
        (
            r#""business_continuity": {"preferred_migration_window": {"start": "2:00", "end": "06:00"}}"#,
            34,
            "`business_continuity.preferred_migration_window.start`",
        ),
        (
            r#""feature_flags": [{"name": "f", "rollout_schedule": [{"percentage": 101}]}]"#,
            36,
            "`feature_flags[0].rollout_schedule[0].percentage`",
        ),
        (
            r#""feature_flags": [{"name": "f", "rollout_schedule": [{"percentage": 9}, {"percentage": 5}]}]"#,
            35,
            "`feature_flags[0].rollout_schedule[1].percentage`",
        ),
        (r#""monitoring": {"alert_thresholds": {"error_rate": 5}}"#, 36, "`monitoring.alert_thresholds.error_rate`"),
        (r#""rollback_triggers": [{"metric": "m", "threshold": 1, "action": "explode"}]"#, 18, "`rollback_triggers[0].action`"),
        (r#""rollback_triggers": [{"metric": "m"}]"#, 15, "`rollback_triggers[0]` lacks `threshold`"),
        (r#""migration_phases": [{"phase": "a"}, {"phase": "b"}, {"phase": "a"}]"#, 37, "`migration_phases[2].phase`"),
        (r#""migration_phases": [{"phase": ""}]"#, 22, "`migration_phases[0].phase`"),
        (
            r#""service_details": {"legacy_service": {"infrastructure": {"instances": -4}}}"#,
            17,
            "`service_details.legacy_service.infrastructure.instances`",
        ),
    ] {
        let text = with(more);
        let problems = problems(&text);
        assert_eq!((problems.len(), problems[0].code.as_str()), (1, format!("SG-SPEC-{code:03}").as_str()), "{text} {problems:#?}");
        assert!(problems[0].message.starts_with(path), "{}", problems[0].message);
    }
}

#[test]
fn what_is_no_json() {
    for (text, column) in [
        ("{\"type\": \"database\", \"source\": \"a\" \"target\": \"b\"}", 36),
        ("{\"type\": \"database\",}", 21),
        ("{'type': 1}", 2),
        ("{\"type\": tru}", 10),
        ("{\"type\": 01}", 10),
        ("{\"type\": 1.}", 10),
        ("{\"type\": \"a", 10),
        ("{\"type\": \"\\x\"}", 10),
        ("{\"type\": \"\t\"}", 10),
        ("{} {}", 4),
        ("{", 2),
        ("", 1),
        ("{\"type\": NaN}", 10),
    ] {
        let problems = problems(text);
        assert_eq!((problems.len(), problems[0].code.as_str()), (1, "SG-SPEC-038"), "{text} {problems:#?}");
        assert_eq!(problems[0].at.as_ref().map(|at| at.column), Some(column), "{text}");
    }
    assert!(problems(&SMALL.replace("\"source\"", "\"type\"")).iter().any(|problem| problem.code == "SG-SPEC-008"));
    assert_eq!(problems(&SMALL.replace("\"a\"", "\"a\\u0000\""))[0].code, "SG-SPEC-012");
    assert_eq!(problems(&"[".repeat(100_000))[0].code, "SG-SPEC-003");
    assert_eq!(problems(&format!("[{}]", "1,".repeat(60_000)))[0].code, "SG-SPEC-002");
    assert_eq!(problems(&" ".repeat(2 << 20))[0].code, "SG-SPEC-002");
    assert_eq!(problems("[1]")[0].code, "SG-SPEC-016");
}

#[test]
fn many_keys_are_read_fast() {
    let many: Vec<String> = (0..24_000).map(|index| format!("\"m{index}\": 1")).collect();
    let text = SMALL
        .replace("\"constraints\": {", &format!("\"monitoring\": {{\"alert_thresholds\": {{{}}}}}, \"constraints\": {{", many.join(", ")));
    let (spec, _) = read_planner_json(&text, "f").expect("reads");
    assert_eq!(spec.program.rollback_when.len(), 24_000);
}

#[test]
fn what_nobody_knows_is_a_finding_and_a_fact() {
    let text = SMALL.replace("\"constraints\": {", "\"budget\": {\"eur\": [1, null]}, \"constraints\": {\"blast_radius\": \"small\", ");
    let (spec, findings) = read_planner_json(&format!("\u{feff}{text}"), "f").expect("reads");
    let said: Vec<(&str, Severity, &str)> =
        findings.iter().map(|finding| (finding.code.as_str(), finding.severity, finding.object.as_str())).collect();
    assert_eq!(said, [("SG-SPEC-040", Severity::Info, "`budget`"), ("SG-SPEC-040", Severity::Info, "`constraints.blast_radius`")]);
    let facts = &imported(&spec).facts;
    assert_eq!((facts["budget.eur[0]"].as_str(), facts["constraints.blast_radius"].as_str()), ("1", "small"));
    assert_eq!(facts.len(), 3);
}

#[test]
fn kinds_follow_type_and_pattern() {
    let of = |kind: &str, pattern: &str, source: &str, target: &str| {
        let text = json!({"type": kind, "pattern": pattern, "source": source, "target": target}).to_string();
        let spec = read(&text);
        let parts =
            [("move", spec.program.moves.is_some()), ("service", spec.program.service.is_some()), ("infra", spec.program.infra.is_some())];
        let parts: Vec<&str> = parts.iter().filter(|(_, there)| *there).map(|(name, _)| *name).collect();
        (spec.program.kind.unwrap_or_default(), parts.join(" "))
    };
    let pair = |kind: &str, part: &str| (kind.to_owned(), part.to_owned());
    assert_eq!(of("database", "schema_change", "PostgreSQL 15", "PostgreSQL 15"), pair("schema-change", ""));
    assert_eq!(of("database", "schema_change", "PostgreSQL 13", "PostgreSQL 15"), pair("", "move"));
    assert_eq!(of("database", "data_migration", "MySQL 8", "PostgreSQL 15"), pair("", "move"));
    assert_eq!(of("data", "cdc", "a", "b"), pair("data-transform", "move"));
    assert_eq!(of("service", "strangler_fig", "a", "b"), pair("", "service"));
    assert_eq!(of("infrastructure", "on_prem_to_cloud", "AWS Outposts", "AWS"), pair("onprem-to-cloud", "infra"));
    assert_eq!(of("infrastructure", "cloud_migration", "AWS eu-west-1", "GCP europe"), pair("cloud-to-cloud", "infra"));
    assert_eq!(of("infrastructure", "cloud_migration", "our racks", "AWS"), pair("onprem-to-cloud", "infra"));
    assert_eq!(of("api", "blue_green", "v1", "v2"), pair("api-version", ""));
}

#[test]
fn hours_and_steps() {
    let with = |more: &str| format!("{{\"type\": \"api\", \"source\": \"a\", \"target\": \"b\", {more}}}");
    let busy = r#""business_continuity": {"critical_business_hours": {"start": "08:00", "end": "18:00", "timezone": "Europe/Berlin"}}"#;
    let spec = read(&with(busy));
    assert_eq!(
        spec.program.windows,
        [Window { days: vec![], from_min: 1_080, to_min: 480, zone: "Europe/Berlin".into() }],
        "outside of them"
    );
    for (start, end, meets) in
        [("07:00", "08:00", false), ("07:00", "08:01", true), ("18:00", "02:00", false), ("17:59", "02:00", true), ("20:00", "09:00", true)]
    {
        let both = busy.replace(
            "}}",
            &format!(
                "}}, \"preferred_migration_window\": {{\"start\": \"{start}\", \"end\": \"{end}\", \"timezone\": \"Europe/Berlin\"}}}}"
            ),
        );
        let (_, findings) = read_planner_json(&with(&both), "f").expect("reads");
        assert_eq!(findings.iter().any(|finding| finding.code == "SG-SPEC-041" && finding.severity == Severity::Medium), meets, "{start}");
    }
    let flags = r#""feature_flags": [{"name": "f", "initial_percentage": 0.5, "rollout_schedule": [{"percentage": 10}, {"percentage": 50.25, "duration_hours": 0.5}]}]"#;
    let (spec, findings) = read_planner_json(&with(flags), "f").expect("reads");
    let rollout = spec.program.rollout.expect("a rollout");
    assert_eq!((rollout.steps, rollout.hold), (vec![500, 10_000, 50_250, 100_000], Some(Millis(1_800_000))));
    assert_eq!(findings.len(), 1, "100% was added");
}

#[test]
fn what_looks_like_one() {
    for (text, looks) in [
        (SMALL, true),
        ("  \u{feff}", false),
        ("{\"type\": \"x\", \"source\": ", true),
        ("{\"segue\": 1, \"type\": 1, \"source\": 2}", false),
        ("{segue: 1, type: a, source: b}", false),
        ("type: database\nsource: a\n", false),
        ("[{\"type\": 1, \"source\": 2}]", false),
        ("{\"type\": \"object\", \"properties\": {}}", false),
        ("", false),
    ] {
        assert_eq!(looks_like_planner_json(text), looks, "{text}");
    }
    assert!(spec::read(SMALL, "f").is_err(), "it is no segue.yaml");
}

#[test]
fn no_bytes_break_the_reader() {
    let mut dice = Dice::new();
    let corpus: Vec<String> = ["sample_database_migration.json", "sample_service_migration.json"]
        .iter()
        .filter_map(|name| sample(name))
        .chain([SMALL.to_owned()])
        .collect();
    let pieces: [&[u8]; 16] = [
        b"{",
        b"}",
        b"[",
        b"]",
        b"\"",
        b"\\",
        b"\\u0000",
        b"\\ud800",
        b",",
        b":",
        b"null",
        b"-1",
        b"1e999",
        b"\xff",
        b"\xc3",
        "é".as_bytes(),
    ];
    let (mut right, mut wrong) = (0, 0);
    for _ in 0..4_000 {
        let mut bytes = corpus[dice.roll(corpus.len())].clone().into_bytes();
        for _ in 0..=dice.roll(3) {
            let at = dice.roll(bytes.len() + 1);
            let end = (at + dice.roll(9)).min(bytes.len());
            match dice.roll(3) {
                0 => drop(bytes.drain(at..end)),
                1 => drop(bytes.splice(at..end, pieces[dice.roll(pieces.len())].iter().copied())),
                _ if at < bytes.len() => bytes[at] ^= 1 << dice.roll(8),
                _ => {}
            }
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        looks_like_planner_json(&text);
        match read_planner_json(&text, "f") {
            Ok((spec, _)) => {
                right += 1;
                spec::digest(&spec).expect("a digest");
            }
            Err(problems) => {
                wrong += 1;
                for problem in problems {
                    let at = problem.at.expect("a place");
                    let line = text.split('\n').nth(at.line as usize - 1).expect("a line");
                    assert!((1..=line.chars().count() as u32 + 1).contains(&at.column) && problem.code != "SG-SPEC-099", "{text}");
                }
            }
        }
    }
    assert!(right > 50 && wrong > 50, "{right} right, {wrong} wrong");
}
