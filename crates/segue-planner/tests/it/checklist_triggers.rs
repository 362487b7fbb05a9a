//! Triggers: the spec's own, else the profile's, each with its source, who measures it, and what is done in order.

use std::collections::BTreeMap;

use segue_model::plan::Plan;
use segue_model::plan::program::RollbackTrigger;
use segue_model::secret::Reference;
use segue_model::spec::Spec;
use segue_model::spec::program::{MetricCondition, MetricValue, Outside, Rollout, Trigger};
use segue_planner::trigger::triggers;

use crate::checklist_lists::{bare, by_people, run};

fn made(mut plan: Plan, spec: &Spec) -> Vec<RollbackTrigger> {
    triggers(&mut plan, spec);
    plan.program.triggers
}

fn lines(triggers: &[RollbackTrigger]) -> Vec<String> {
    triggers.iter().map(|trigger| format!("{}: {}", trigger.when, trigger.action)).collect()
}

#[test]
fn the_specs_own_triggers_win() {
    let mut spec = bare();
    let when = MetricCondition {
        metric: "error_rate".to_owned(),
        side: Some("new".to_owned()),
        op: ">".to_owned(),
        value: MetricValue::PercentMilli(2_000),
        for_ms: 60_000,
    };
    spec.program.rollback_when = vec![Trigger { when, action: "pause".to_owned() }];
    let found = made(by_people("move"), &spec);
    assert_eq!(lines(&found), ["error_rate(new) > 2% for 1m: pause"]);
    assert_eq!((found[0].from.as_str(), found[0].measured_by.as_str()), ("spec rollback_when", "a person"));
}

#[test]
fn each_profile_has_its_documents_thresholds() {
    let of = |profile: &str| {
        let mut spec = bare();
        spec.program.profile = Some(profile.to_owned());
        let found = made(by_people("service"), &spec);
        assert!(found.iter().all(|trigger| trigger.from.starts_with(&format!("profile {profile}")) || trigger.from.contains("throttle")));
        lines(&found)
    };
    assert_eq!(of("doc000"), ["success_criteria_not_met > 0: rollback", "mismatches > 0: rollback"]);
    assert_eq!(
        of("doc001"),
        ["error_rate(new) > 5%: warn", "error_rate(new) > 10%: rollback", "p95(new) > 2 * p95(old): warn", "mismatches > 0: rollback"]
    );
    assert_eq!(
        of("doc003"),
        [
            "error_rate(new) > 1%: rollback",
            "p95(new) > 500ms: rollback",
            "throughput(new) < 0.8 * throughput(old): rollback",
            "mismatches > 0: rollback"
        ]
    );
    assert_eq!(of("doc004")[2..4], ["critical_features_failing > 0: rollback", "health_checks_failing > 0: rollback"]);
    assert_eq!(of("segue")[0], "error_rate(new) > 1% for 2m: rollback");
}

#[test]
fn a_canary_of_document_003_has_its_own() {
    let mut spec = bare();
    spec.program.profile = Some("doc003".to_owned());
    let mut plan = by_people("service");
    "canary-1".clone_into(&mut plan.phases[1].name);
    let found = made(plan, &spec);
    let canary: Vec<String> =
        found.iter().filter(|trigger| trigger.phases == ["canary-1"]).map(|trigger| trigger.when.to_string()).collect();
    assert_eq!(canary, ["error_rate(new) > 0.5%", "p95(new) > 200ms"]);
}

#[test]
fn the_order_is_flag_route_back_tell_incident() {
    let mut spec = bare();
    spec.program.rollout = Some(Rollout::default());
    spec.owners.insert("oncall".to_owned(), "pager@shop.example".to_owned());
    let found = made(by_people("service"), &spec);
    assert_eq!(
        found[0].order,
        [
            "switch the flag of the new side off",
            "send all requests to the old side",
            "go back by the phase's runbook, last step first",
            "tell lead and oncall",
            "open an incident of high severity"
        ]
    );
    let change = made(run(), &bare());
    assert_eq!(lines(&change), ["mismatches > 0: rollback"], "nothing is asked that a change of form does not have");
    assert_eq!(
        (change[0].order[0].as_str(), change[0].measured_by.as_str()),
        ("`segue rollback`, which says first what it would lose", "segue verify")
    );
}

#[test]
fn a_query_of_the_spec_measures() {
    let mut spec = bare();
    let queries = BTreeMap::from([("p95".to_owned(), "x".to_owned())]);
    spec.program.outside.insert("metrics".to_owned(), Outside::Prometheus { url: Reference::Env("M".to_owned()), queries });
    let found = made(by_people("service"), &spec);
    let p95 = found.iter().find(|trigger| trigger.when.metric == "p95").expect("p95");
    assert_eq!(p95.measured_by, "prometheus metrics: p95");
}
