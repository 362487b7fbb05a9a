//! Which risks a plan has, from what it contains; their levels; the levels of the plan and of its phases.

use std::collections::BTreeSet;

use segue_model::assessment::{Assessment, Dependence, Incident, Object, Resource, TableSeen, Verdict};
use segue_model::plan::Plan;
use segue_model::plan::program::{Communication, Needed, Quantiles, Risk, Sourced};
use segue_model::reshape::TableChange;
use segue_model::spec::Spec;
use segue_model::spec::program::{Api, Auth, Dependency, Infra, Money, Rollout, Window};
use segue_planner::estimate::estimate;
use segue_planner::register::{cell, register};

use crate::estimate_fixture::{bare_spec, date, gate, load, move_spec, phase, plan, quick, stated, step};

fn risks(plan: &mut Plan, spec: &Spec, assessment: Option<&Assessment>) -> Vec<Risk> {
    register(plan, spec, assessment);
    for risk in &plan.program.risks {
        assert_eq!(risk.rpn, u32::from(risk.severity) * u32::from(risk.occurrence) * u32::from(risk.detection), "{risk:?}");
        assert!(risk.residual_rpn <= risk.rpn, "{risk:?}");
        assert!(risk.reasons.len() >= 3 && risk.reasons.iter().all(|reason| !reason.ends_with(": ")), "{risk:?}");
        for text in [&risk.what, &risk.mitigation, &risk.trigger, &risk.rollback, &risk.owner, &risk.evidence] {
            assert!(!text.is_empty(), "{risk:?}");
        }
        let (probability, impact) = cell(risk);
        assert!((1..=5).contains(&probability) && (1..=5).contains(&impact));
    }
    plan.program.risks.clone()
}

fn row<'a>(risks: &'a [Risk], id: &str) -> &'a Risk {
    risks
        .iter()
        .find(|risk| risk.id == id)
        .unwrap_or_else(|| panic!("no {id} in {:?}", risks.iter().map(|risk| &risk.id).collect::<Vec<_>>()))
}

fn has(risks: &[Risk], id: &str) -> bool {
    risks.iter().any(|risk| risk.id == id)
}

/// A move with a copy, a cut-over that users notice, and an end without a way back.
fn moving() -> Plan {
    let mut copy = phase("copy", &[], vec![stated("copy/orders", "machine", "machine.copy", [1, 40 * 3_600, 60 * 3_600])]);
    copy.steps = vec![step("copy/orders", "copy_table", "command")];
    let mut cutover = phase("cutover", &["copy"], vec![load("cutover/dns", "nobody", "wait.dns_ttl", 300)]);
    "writes stop for a minute".clone_into(&mut cutover.user_impact);
    "with-loss".clone_into(&mut cutover.project.rollback.possible);
    cutover.steps = vec![step("cutover/a", "point", "manual"), step("cutover/b", "point", "manual"), step("cutover/c", "point", "manual")];
    let mut last = phase("decommission", &["cutover"], Vec::new());
    last.steps = vec![step("decommission/old", "drop", "manual")];
    "no".clone_into(&mut last.steps[0].reversible);
    plan(vec![copy, cutover, last])
}

#[test]
fn the_default_rows_of_document_001_are_always_there() {
    let risks = risks(&mut moving(), &move_spec(), None);
    for (id, word) in
        [("R1", "lost or changed"), ("R2", "slower"), ("R3", "stops working"), ("R4", "longer than the spec"), ("R5", "going back fails")]
    {
        assert!(row(&risks, id).what.contains(word), "{id}");
    }
    assert!(risks.windows(2).all(|two| two[0].rpn >= two[1].rpn), "worst first");
    let ids: BTreeSet<&str> = risks.iter().map(|risk| risk.id.as_str()).collect();
    assert_eq!(ids.len(), risks.len(), "each id once");
}

/// Everything at once: each rule has a plan in which it applies.
fn everything() -> (Plan, Spec, Assessment) {
    let mut plan = moving();
    plan.kinds = vec!["framework".to_owned(), "big".to_owned()];
    "dual-write, then big-bang".clone_into(&mut plan.pattern.name);
    plan.phases[0].project.loads.push(load("copy/catch-up", "machine", "machine.replicate_catchup", 1));
    plan.phases[1].project.windows = vec![Window { days: Vec::new(), from_min: 60, to_min: 120, zone: "UTC".to_owned() }];
    plan.program.needed.push(Needed { what: "x".to_owned(), spec_key: "api.clients".to_owned(), for_what: Vec::new() });
    plan.program.figures.insert("keep_old".to_owned(), Sourced { value: "30 d".to_owned(), from: "spec keep_old".to_owned() });
    plan.program.start = Some(date("2027-01-11"));
    plan.program.duration = Some(Quantiles { p5_s: 1, p50_s: 864_000, p80_s: 900_000, p95_s: 950_000 });
    let message = Communication {
        audience: "users".to_owned(),
        what: String::new(),
        offset_s: 0,
        phase: "cutover".to_owned(),
        every_s: 0,
        channel: String::new(),
        to: String::new(),
        from: String::new(),
    };
    plan.program.comms.push(message);
    let mut spec = move_spec();
    spec.program.api = Some(Api { clients: Some(400), ..Api::default() });
    spec.program.auth = Some(Auth { users: Some(120_000), ..Auth::default() });
    spec.program.infra = Some(Infra { from: "aws/eu-west-1".to_owned(), to: "gcp/us-east1".to_owned(), ..Infra::default() });
    spec.program.rollout = Some(Rollout { steps: vec![1_000, 100_000], ..Rollout::default() });
    spec.program.compliance = vec!["gdpr".to_owned(), "sox".to_owned()];
    (spec.program.deadline, spec.program.budget) = (Some(date("2027-01-15")), Some(Money { hundredths: 100, currency: "EUR".to_owned() }));
    let dependency = Dependency { name: "billing".to_owned(), kind: "service".to_owned(), blocking: true, owner: None };
    let about = spec.program.about.entry("old".to_owned()).or_default();
    (about.facts.peak_tps, about.facts.production, about.dependencies) = (Some(900), Some(true), vec![dependency]);
    let object = |name: &str, verdict| Object {
        system: "old".to_owned(),
        kind: "view".to_owned(),
        name: name.to_owned(),
        verdict,
        rule: String::new(),
        reason: String::new(),
        effort_min: 0,
        place: String::new(),
    };
    let mut seen = crate::estimate_fixture::with_tables(vec![TableSeen {
        name: "log".to_owned(),
        usage: "frequent".to_owned(),
        ..TableSeen::default()
    }]);
    seen.objects = vec![object("a", Verdict::AutoWithWarning), object("b", Verdict::Manual), object("c", Verdict::Blocked)];
    seen.incidents = vec![Incident { points: 3, ..Incident::default() }];
    seen.resources = vec![Resource { address: "aws_x.y".to_owned(), ..Resource::default() }];
    seen.dependencies = vec![Dependence { blocking: true, ..Dependence::default() }];
    seen.not_checked = vec!["an event".to_owned()];
    let part =
        segue_model::assessment::Component { name: "node".to_owned(), note: "support ended 2026-04-30".to_owned(), ..Default::default() };
    seen.components = vec![part];
    (plan, spec, seen)
}

#[test]
fn each_rule_can_apply_and_there_are_enough_of_each_category() {
    let (mut all, spec, seen) = everything();
    estimate(&mut all, &spec, Some(&seen), &quick(), None);
    let mut ids: BTreeSet<String> = risks(&mut all, &spec, Some(&seen)).into_iter().map(|risk| risk.id).collect();
    // A copy without a stream of changes, which the plan above has.
    ids.extend(risks(&mut moving(), &move_spec(), None).into_iter().map(|risk| risk.id));
    let missing: Vec<String> = (1..=53).map(|number| format!("R{number}")).filter(|id| !ids.contains(id)).collect();
    assert_eq!(missing, Vec::<String>::new());
    for category in ["technical", "business", "operational", "security", "compliance", "rollback"] {
        assert!(all.program.risks.iter().filter(|risk| risk.category == category).count() >= 3, "{category}");
    }
}

#[test]
fn a_rule_stays_away_where_its_evidence_is_not() {
    let calm = risks(&mut plan(vec![phase("prepare", &[], Vec::new())]), &bare_spec(), None);
    for id in ["R7", "R13", "R14", "R18", "R19", "R24", "R25", "R31", "R32", "R33", "R47", "R49", "R52"] {
        assert!(!has(&calm, id), "{id}");
    }
    assert_eq!(row(&calm, "R1").occurrence, 1, "nothing writes rows");
    let mut sticky = move_spec();
    sticky.program.rollout = Some(Rollout { steps: vec![1_000, 100_000], sticky: Some("user_id".to_owned()), ..Rollout::default() });
    assert!(!has(&risks(&mut moving(), &sticky, None), "R14"));
}

#[test]
fn what_the_plan_does_against_it_is_named_and_lowers_what_is_left() {
    let before = risks(&mut moving(), &move_spec(), None);
    assert_eq!(row(&before, "R5").residual_rpn, row(&before, "R5").rpn);
    assert!(row(&before, "R5").mitigation.starts_with("nothing in this plan; to add: a rehearsal"), "{}", row(&before, "R5").mitigation);
    let mut tried = moving();
    tried.phases[0].project.loads.push(load("try it on a copy", "dba", "people.rehearsal", 1));
    let after = risks(&mut tried, &move_spec(), None);
    assert!(row(&after, "R5").residual_rpn < row(&after, "R5").rpn);
    assert!(row(&after, "R5").mitigation.contains("task `try it on a copy` in phase `copy`"), "{}", row(&after, "R5").mitigation);
}

#[test]
fn levels_are_those_of_the_model_and_never_lower_what_a_recipe_said() {
    let mut high = moving();
    "critical".clone_into(&mut high.phases[2].risk);
    let found = risks(&mut high, &move_spec(), None);
    let worst = found.iter().map(|risk| risk.rpn).max().expect("a risk");
    assert!(worst >= 300, "{worst}");
    assert_eq!(high.risk, "critical");
    assert_eq!(high.phases[2].risk, "critical");
    assert_eq!(high.phases[0].risk, row(&found, "R17").level, "the worst of the copy");
}

/// A plan that Segue runs by itself.
fn executable(tables: Vec<TableChange>) -> Plan {
    let mut backfill = phase("backfill", &[], Vec::new());
    backfill.steps = vec![step("backfill/users", "backfill", "run")];
    let mut verify = phase("verify", &[], Vec::new());
    verify.steps = vec![step("verify/users", "verify_rows", "run")];
    let mut plan = plan(vec![backfill, verify]);
    plan.kinds = vec!["schema".to_owned()];
    "postgres".clone_into(&mut plan.execution.engine);
    "low".clone_into(&mut plan.risk);
    plan.execution.tables = tables;
    assert!(plan.runs());
    plan
}

#[test]
fn a_plan_that_segue_runs_stays_as_low_as_its_recipe_says() {
    let mut plan = executable(Vec::new());
    let risks = risks(&mut plan, &bare_spec(), None);
    assert_eq!(plan.risk, "low", "{:#?}", risks.iter().map(|risk| (&risk.id, risk.rpn, &risk.level)).collect::<Vec<_>>());
    assert!(risks.len() >= 5 && row(&risks, "R5").detection == 2);
}

#[test]
fn gates_of_rows_count_for_data() {
    let mut plan = moving();
    plan.phases[0].gates.push(gate("copy/mismatches", "mismatches"));
    let risks = risks(&mut plan, &move_spec(), None);
    assert_eq!(row(&risks, "R1").detection, 2);
    assert!(row(&risks, "R1").mitigation.contains("seen by gate `copy/mismatches`"), "{}", row(&risks, "R1").mitigation);
}
