//! Detection comes from what the plan has: each thing that is added can only lower a risk, and it shows.

use std::collections::BTreeMap;

use segue_model::plan::program::RollbackTrigger;
use segue_model::plan::{Condition, Gate, Plan};
use segue_model::secret::Reference;
use segue_model::spec::Spec;
use segue_model::spec::program::Outside;
use segue_planner::register::register;

use crate::estimate_fixture::{gate, load, move_spec, phase, plan, step};

fn moving() -> Plan {
    let mut copy = phase("copy", &[], vec![load("copy/orders", "machine", "machine.copy", 1 << 30)]);
    copy.steps = vec![step("copy/orders", "copy_table", "command")];
    let mut cutover = phase("cutover", &["copy"], Vec::new());
    "slower for a while".clone_into(&mut cutover.user_impact);
    plan(vec![copy, cutover])
}

fn detection(mut plan: Plan, spec: &Spec, id: &str) -> u8 {
    register(&mut plan, spec, None);
    plan.program.risks.iter().find(|risk| risk.id == id).expect("the risk").detection
}

fn with_metrics() -> Spec {
    let mut spec = move_spec();
    let url = Reference::Env("METRICS".to_owned());
    spec.program.outside.insert("metrics".to_owned(), Outside::Prometheus { url, queries: BTreeMap::new() });
    spec
}

#[test]
fn nothing_a_dashboard_a_person_a_verify_step_and_a_gate() {
    assert_eq!(detection(moving(), &move_spec(), "R2"), 9);
    assert_eq!(detection(moving(), &with_metrics(), "R2"), 6);
    let mut gated = moving();
    gated.phases[1].gates.push(gate("cutover/p95", "p95"));
    assert_eq!(detection(gated.clone(), &move_spec(), "R2"), 4, "a person reads it");
    assert_eq!(detection(gated, &with_metrics(), "R2"), 2);
    assert_eq!(detection(moving(), &move_spec(), "R1"), 9);
    let mut verified = moving();
    verified.phases[0].steps.push(step("copy/compare", "compare_rows", "command"));
    assert_eq!(detection(verified.clone(), &move_spec(), "R1"), 3);
    "manual".clone_into(&mut verified.phases[0].steps[1].by);
    assert_eq!(detection(verified.clone(), &move_spec(), "R1"), 4);
    verified.phases[0].gates.push(gate("copy/mismatches", "mismatches"));
    assert_eq!(detection(verified, &move_spec(), "R1"), 2, "Segue measures mismatches itself");
}

#[test]
fn a_trigger_counts_by_who_measures_it_and_what_it_does() {
    let with = |action: &str, by: &str| {
        let mut plan = moving();
        plan.program.triggers.push(RollbackTrigger {
            when: "error_rate(new) > 1% for 2m".parse().expect("a condition"),
            action: action.to_owned(),
            order: Vec::new(),
            phases: Vec::new(),
            from: String::new(),
            measured_by: by.to_owned(),
        });
        detection(plan, &move_spec(), "R4")
    };
    assert_eq!(with("rollback", "prometheus metrics: error_rate"), 2);
    assert_eq!(with("rollback", "a person"), 4);
    assert_eq!(with("warn", "prometheus metrics: error_rate"), 6);
}

const METRICS: &[&str] =
    &["error_rate", "p50", "p95", "p99", "throughput", "availability", "lag", "mismatches", "rows_rejected", "disk_free", "own"];

#[test]
fn adding_a_gate_never_raises_a_risk_and_some_fall() {
    let mut fell = 0;
    arbtest::arbtest(|u| {
        let mut before = moving();
        let spec = if u.arbitrary()? { with_metrics() } else { move_spec() };
        for _ in 0..u.int_in_range(0..=3_usize)? {
            let metric = *u.choose(METRICS)?;
            before.phases[0].gates.push(gate(&format!("copy/{metric}"), metric));
        }
        if u.arbitrary()? {
            before.phases[0].steps.push(step("copy/verify", "verify", "run"));
        }
        let mut after = before.clone();
        let condition = match u.int_in_range(0..=5)? {
            0 => Condition::Approval,
            1 => Condition::Approvals { by: vec!["lead".to_owned()], count: 2 },
            2 => Condition::Checklist { list: "before".to_owned() },
            3 => Condition::Check { name: "revenue".to_owned() },
            4 => Condition::Waited { since: "copy".to_owned(), at_least_ms: 1_000 },
            _ => gate("x", u.choose(METRICS)?).condition,
        };
        let at = u.int_in_range(0..=1_usize)?;
        let added = Gate { id: format!("{}/added", after.phases[at].name), what: String::new(), condition, from: String::new() };
        if u.arbitrary()? {
            after.phases[at].gates.push(added);
        } else {
            after.phases[at].entry.push(added);
        }
        register(&mut before, &spec, None);
        register(&mut after, &spec, None);
        let old: BTreeMap<&str, (u32, u32)> =
            before.program.risks.iter().map(|risk| (risk.id.as_str(), (risk.rpn, risk.residual_rpn))).collect();
        for risk in &after.program.risks {
            let (rpn, residual) = old[risk.id.as_str()];
            assert!(risk.rpn <= rpn && risk.residual_rpn <= residual, "{} rose from {rpn} to {}", risk.id, risk.rpn);
            fell += usize::from(risk.rpn < rpn);
        }
        assert_eq!(old.len(), after.program.risks.len());
        Ok(())
    })
    .budget_ms(1_500);
    assert!(fell > 20, "only {fell} fell");
}
