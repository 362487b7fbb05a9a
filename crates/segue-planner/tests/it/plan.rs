//! Plans: golden ones, what each phase holds, determinism, refusals.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::finding::{Finding, Severity};
use segue_model::plan::{Condition, Plan};
use segue_model::reshape::{Carry, CarryKind, Survey};
use segue_model::spec::{Check, Spec};
use segue_model::units::Millis;
use segue_planner::{Observed, plan, resolve};
use serde_json::{Value as Json, json};

use crate::fixture::{index, observed, observed_sqlite, shop, spec, table};

fn survey(rows: u64) -> Survey {
    Survey { rows, bytes: rows * 100, ..Survey::default() }
}

fn make(spec: &Spec, observed: &Observed, survey: impl Fn() -> Survey) -> Result<Plan, Vec<Finding>> {
    let (resolved, _) = resolve(spec, observed);
    let surveys = resolved.tables.iter().map(|_| survey()).collect();
    plan(spec, observed, resolved, surveys, "0.1.0")
}

fn made(changes: &Json) -> Plan {
    let spec = spec(changes);
    make(&spec, &observed(&spec, shop()), || survey(90_000)).expect("a plan")
}

/// A plan as lines: phases with their gates and steps.
fn outline(plan: &Plan) -> String {
    let mut out = format!("{} risk {} pause {} ms\n", plan.id, plan.risk, plan.pause_ms);
    for phase in &plan.phases {
        out.push_str(&format!("{} risk {} {} s; impact {}\n", phase.name, phase.risk, phase.estimate.seconds, phase.user_impact));
        phase.entry.iter().for_each(|gate| out.push_str(&format!("  entry {}\n", gate.id)));
        for step in &phase.steps {
            out.push_str(&format!("  {} {} [{}] {}\n    lock: {}\n", step.id, step.kind, step.reversible, step.what, step.lock));
        }
        phase.gates.iter().for_each(|gate| out.push_str(&format!("  gate {}\n", gate.id)));
    }
    plan.findings.iter().for_each(|f| out.push_str(&format!("{} {:?} {}: {}\n", f.code, f.severity, f.object, f.message)));
    out
}

/// One of everything.
fn everything() -> Json {
    json!([
        {"create_table": {"table": "reviews", "columns": {"id": {"type": "bigint", "primary_key": true, "identity": "by default"}}}},
        {"rename_column": {"table": "users", "from": "name", "to": "full_name"}},
        {"change_type": {"table": "orders", "column": "total", "to": "numeric(12,2)", "up": "total / 100.0", "down": "round(total * 100)::int"}},
        {"set_not_null": {"table": "users", "column": "age"}},
        {"add_unique": {"table": "users", "name": "users_full_name_key", "columns": ["full_name"]}},
        {"add_foreign_key": {"table": "orders", "name": "orders_user_fkey", "columns": ["user_id"], "references": {"table": "users", "columns": ["id"]}}},
        {"create_index": {"table": "orders", "name": "orders_total", "columns": ["total"]}},
        {"drop_index": {"name": "users_lower"}},
        {"drop_table": {"table": "legacy"}},
    ])
}

fn with_legacy() -> Vec<segue_model::catalog::Table> {
    let mut tables = shop();
    tables.insert(0, table("legacy", &["id int"]));
    tables[1].indexes.push(index("orders_total_key", &["total"], true, None));
    tables
}

fn carrying() -> Survey {
    let carry = |kind, name: &str| Carry {
        object: format!("index {name}"),
        kind,
        name: name.to_owned(),
        twin: format!("{name}__mig_7"),
        definition: "engine's own".to_owned(),
    };
    let carries = vec![
        carry(CarryKind::Index, "orders_total_key"),
        carry(CarryKind::Constraint, "orders_total_check"),
        carry(CarryKind::Attribute, "comment"),
    ];
    Survey { carries, notes: vec!["COPY into a version view is an error of PostgreSQL.".to_owned()], ..survey(90_000) }
}

fn everything_planned() -> Plan {
    let mut spec = spec(&everything());
    spec.keep_old = Millis(3_600_000);
    spec.checks.insert("revenue".to_owned(), Check { sql: "select sum(total) from orders".to_owned() });
    let observed = observed(&spec, with_legacy());
    let (resolved, findings) = resolve(&spec, &observed);
    assert!(findings.iter().all(|f| f.severity < Severity::Critical), "{findings:?}");
    let surveys = resolved.tables.iter().map(|change| if change.table.name == "orders" { carrying() } else { survey(1_000) }).collect();
    plan(&spec, &observed, resolved, surveys, "0.1.0").expect("a plan")
}

#[test]
fn golden_plan_of_everything_on_postgres() {
    insta::assert_snapshot!(outline(&everything_planned()));
}

#[test]
fn golden_json_of_a_rename() {
    let plan = made(&json!([{"rename_column": {"table": "users", "from": "name", "to": "full_name"}}]));
    insta::assert_json_snapshot!(plan);
}

#[test]
fn golden_plan_on_sqlite() {
    let spec = {
        let mut spec = spec(&json!([
            {"change_type": {"table": "orders", "column": "total", "to": "real", "up": "total / 100.0", "down": "cast(total * 100 as integer)"}},
            {"add_check": {"table": "users", "name": "grown", "check": "age >= 18"}},
            {"create_index": {"table": "users", "name": "users_age", "columns": ["age"]}},
        ]));
        spec.limits.downtime = Some(Millis(500));
        spec
    };
    let plan = make(&spec, &observed_sqlite(&spec, shop()), || Survey { pause_ms: 120, ..survey(1_000) }).expect("a plan");
    insta::assert_snapshot!(outline(&plan));
}

#[test]
fn same_inputs_same_bytes() {
    let (one, other) = (everything_planned(), everything_planned());
    assert_eq!(serde_json::to_vec(&one).expect("json"), serde_json::to_vec(&other).expect("json"));
    assert_eq!(one.digest, one.computed_digest().expect("digest"));
    assert_eq!(one.digest.len(), 64);
    let read: Plan = serde_json::from_slice(&serde_json::to_vec(&one).expect("json")).expect("reads back");
    assert_eq!(read, one);
    let mut moved = one.clone();
    moved.execution.catalog.tables[0].comment = Some("moved".to_owned());
    assert_ne!(moved.computed_digest().expect("digest"), one.digest);
}

#[test]
fn every_id_is_unique_and_names_its_phase() {
    let plan = everything_planned();
    let mut ids = BTreeSet::new();
    for phase in &plan.phases {
        for step in &phase.steps {
            assert!(step.id.starts_with(&format!("{}/", phase.name)), "{}", step.id);
            assert!(ids.insert(step.id.clone()), "{} twice", step.id);
            assert_eq!(step.kind, step.action.kind());
        }
        for gate in phase.entry.iter().chain(&phase.gates) {
            assert!(ids.insert(gate.id.clone()), "{} twice", gate.id);
        }
    }
}

#[test]
fn tables_of_one_name_and_hostile_names_have_ids_of_their_own() {
    let changes = json!([
        {"add_column": {"table": "a.t", "column": "x", "type": "int"}},
        {"add_column": {"table": "b.t", "column": "x", "type": "int"}},
        {"add_column": {"table": "a.\"t/\n\u{202e}\"", "column": "x", "type": "int"}},
        {"add_column": {"table": "a.\"t??\"", "column": "x", "type": "int"}},
    ]);
    let spec = spec(&changes);
    let tables = [("a", "t"), ("b", "t"), ("a", "t/\n\u{202e}"), ("a", "t??")].map(|(schema, name)| {
        let mut table = table(name, &["id int"]);
        schema.clone_into(&mut table.name.schema);
        table
    });
    let plan = make(&spec, &observed(&spec, tables.to_vec()), || survey(1)).expect("a plan");
    let ids: Vec<&str> =
        plan.phases.iter().find(|phase| phase.name == "expand").expect("expand").steps.iter().map(|s| s.id.as_str()).collect();
    assert_eq!(ids, ["expand/a.t", "expand/b.t", "expand/t___", "expand/t__"]);
}

#[test]
fn a_new_table_alone_needs_no_backfill_and_no_shift() {
    let plan = made(&json!([{"create_table": {"table": "t", "columns": {"id": {"type": "int", "primary_key": true}}}}]));
    let phases: Vec<&str> = plan.phases.iter().map(|phase| phase.name.as_str()).collect();
    assert_eq!(phases, ["prepare", "expand", "contract"]);
    assert_eq!(plan.risk, "low");
    assert_eq!(plan.phases[2].user_impact, "none");
}

#[test]
fn keep_old_counts_from_the_phase_before() {
    let wait = |changes: &Json| {
        let mut spec = spec(changes);
        spec.keep_old = Millis(1_000);
        let plan = make(&spec, &observed(&spec, shop()), || survey(1)).expect("a plan");
        let conditions: Vec<Condition> = plan.phases.last().expect("contract").entry.iter().map(|gate| gate.condition.clone()).collect();
        assert_eq!(conditions[1], Condition::Approval);
        conditions[0].clone()
    };
    let waited = |since: &str| Condition::Waited { since: since.to_owned(), at_least_ms: 1_000 };
    assert_eq!(wait(&json!([{"drop_column": {"table": "users", "column": "age"}}])), waited("shift"));
    assert_eq!(wait(&json!([{"drop_index": {"name": "users_lower"}}])), waited("prepare"));
}

#[test]
fn a_critical_finding_of_the_engine_leaves_no_plan_and_loses_no_finding() {
    let spec = spec(&json!([{"set_not_null": {"table": "users", "column": "age"}}]));
    let observed = observed(&spec, shop());
    let critical = |code: &str| Finding {
        code: code.to_owned(),
        severity: Severity::Critical,
        object: "trigger t".to_owned(),
        message: "no".to_owned(),
        fix: "drop it".to_owned(),
    };
    let refused = make(&spec, &observed, || Survey { findings: vec![critical("SG-PG-001")], ..survey(1) }).expect_err("refused");
    let codes: Vec<&str> = refused.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["SG-PLAN-022", "SG-PG-001"]);
    let pausing = |pause_ms| make(&spec, &observed, || Survey { pause_ms, ..survey(1) });
    assert_eq!(pausing(1_000).expect("no longer than a lock wait that is allowed").pause_ms, 1_000);
    let refused = pausing(1_001).expect_err("above both limits");
    assert_eq!(refused.last().map(|f| f.code.as_str()), Some("SG-PLAN-026"));
    let (resolved, _) = resolve(&spec, &observed);
    assert_eq!(
        plan(&spec, &observed, resolved, Vec::new(), "0").expect_err("no survey").last().map(|f| f.code.as_str()),
        Some("SG-PLAN-028")
    );
}

#[test]
fn what_the_spec_says_reaches_the_run() {
    let plan = everything_planned();
    assert_eq!(plan.execution.tag, "mig_7");
    assert_eq!(plan.execution.checks, BTreeMap::from([("revenue".to_owned(), "select sum(total) from orders".to_owned())]));
    assert_eq!(plan.execution.spec_digest, segue_model::spec::digest(&spec(&everything())).expect("a digest"));
    assert_eq!(plan.execution.throttle.batch_target_ms, 200);
    let orders = plan.execution.tables.iter().find(|change| change.table.name == "orders").expect("orders");
    assert_eq!(orders.carries.len(), 3);
}
