//! Checklists: which items apply, what counts as evidence, where they gate.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::assessment::{Assessment, SystemSeen};
use segue_model::plan::program::{CheckItem, Needed, Quantiles, Rehearsal};
use segue_model::plan::{Condition, Execution, Phase, Plan, Step};
use segue_model::spec::Spec;
use segue_model::spec::program::{Auth, Date, Window};
use segue_model::units::Millis;
use segue_planner::checklist::checklists;
use serde_json::json;

use crate::fixture::spec;

fn step(id: &str, kind: &str, by: &str) -> Step {
    let mut step = Step { id: id.to_owned(), kind: kind.to_owned(), by: by.to_owned(), reversible: "yes".to_owned(), ..Step::default() };
    "put it back".clone_into(&mut step.undo.what);
    step
}

fn phase(name: &str, impact: &str, step: Step) -> Phase {
    let mut phase = Phase { name: name.to_owned(), user_impact: impact.to_owned(), steps: vec![step], ..Phase::default() };
    "dba".clone_into(&mut phase.project.owner);
    phase
}

/// A plan of this kind that people carry out.
pub(crate) fn by_people(kind: &str) -> Plan {
    let mut last = step("retire/old", "retire", "manual");
    "no".clone_into(&mut last.reversible);
    Plan {
        kinds: vec![kind.to_owned()],
        phases: vec![
            phase("prepare", "none", step("prepare/a", "setup", "command")),
            phase("verify", "none", step("verify/a", "verify_rows", "command")),
            phase("shift", "a pause of 5 s", step("shift/a", "route", "manual")),
            phase("retire", "none", last),
        ],
        ..Plan::default()
    }
}

/// A plan that Segue runs by itself.
pub(crate) fn run() -> Plan {
    let mut plan = by_people("schema");
    plan.phases.iter_mut().flat_map(|phase| &mut phase.steps).for_each(|step| "run".clone_into(&mut step.by));
    plan.execution = Execution { engine: "sqlite".to_owned(), spec_digest: "d".to_owned(), ..Execution::default() };
    assert!(plan.runs());
    plan
}

/// A spec without a change of form.
pub(crate) fn bare() -> Spec {
    let mut spec = spec(&json!([{"drop_column": {"table": "users", "column": "age"}}]));
    spec.schema = None;
    spec
}

fn listed(plan: &Plan) -> BTreeMap<String, CheckItem> {
    plan.program.checklists.iter().flat_map(|list| &list.items).map(|item| (item.id.clone(), item.clone())).collect()
}

fn made(mut plan: Plan, spec: &Spec, assessment: Option<&Assessment>) -> (Plan, BTreeMap<String, CheckItem>) {
    checklists(&mut plan, spec, assessment);
    let items = listed(&plan);
    (plan, items)
}

fn assessed(settings: &[(&str, &str)]) -> Assessment {
    let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let baselines = BTreeMap::from([("p95_ms".to_owned(), 12)]);
    Assessment {
        systems: BTreeMap::from([("old".to_owned(), SystemSeen { settings, baselines, ..SystemSeen::default() })]),
        ..Assessment::default()
    }
}

#[test]
fn golden_lists_of_a_move() {
    let mut spec = bare();
    spec.program.compliance = vec!["gdpr".to_owned(), "pci-dss".to_owned(), "our own rules".to_owned()];
    spec.limits.downtime = Some(Millis(5_000));
    let (plan, _) = made(by_people("move"), &spec, None);
    let mut out = String::new();
    for list in &plan.program.checklists {
        out.push_str(&format!("{} ({})\n", list.title, list.id));
        for item in &list.items {
            let at = item.at_min.map_or_else(String::new, |at| format!(" T{at:+}"));
            out.push_str(&format!(
                "  [{}]{at} {}{}: {} | {} | {}\n",
                item.state,
                item.owner,
                if item.must { "!" } else { "" },
                item.what,
                item.how_to_tell,
                item.from
            ));
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn lists_with_what_must_be_gate_the_first_phase_that_users_notice() {
    let mut spec = bare();
    spec.program.compliance = vec!["sox".to_owned()];
    let (plan, _) = made(by_people("move"), &spec, None);
    let gated = |phase: &Phase| phase.entry.iter().map(|gate| gate.id.clone()).collect::<Vec<_>>();
    assert_eq!(
        gated(&plan.phases[2]),
        ["shift/checklist.prerequisites", "shift/checklist.before", "shift/checklist.security", "shift/checklist.compliance"]
    );
    assert!(plan.phases.iter().filter(|phase| phase.name != "shift").all(|phase| phase.entry.is_empty()));
    for gate in &plan.phases[2].entry {
        let Condition::Checklist { list } = &gate.condition else { panic!("{gate:?}") };
        assert!(plan.program.checklists.iter().any(|known| known.id == *list));
        assert!(!gate.from.is_empty());
    }
    let again = made(plan.clone(), &spec, None).0;
    assert!(again == plan, "a second time changes nothing");
}

#[test]
fn a_change_of_form_on_a_laptop_stays_short_and_has_no_gate() {
    let schema = spec(&json!([{"drop_column": {"table": "users", "column": "age"}}]));
    let before = run();
    let (plan, items) = made(before.clone(), &schema, None);
    assert_eq!(plan.phases, before.phases, "what a run uses is as it was");
    assert!(items.len() <= 12, "{}: {:?}", items.len(), items.keys());
    for id in ["prerequisites/nothing-needed", "before/rehearsed", "after/reconciled"] {
        assert!(items.contains_key(id), "{id}");
    }
    assert!(
        plan.program.checklists.iter().all(|list| !["cutover", "security", "week-1", "month-1", "month-3"].contains(&list.id.as_str()))
    );
}

#[test]
fn items_apply_by_kind() {
    let ids = |kind: &str| made(by_people(kind), &bare(), None).1.into_keys().collect::<BTreeSet<_>>();
    let (moved, api, auth) = (ids("move"), ids("api"), ids("auth"));
    assert!(moved.contains("prerequisites/backup") && !api.contains("prerequisites/backup"));
    assert!(moved.contains("cutover/final-sync") && !api.contains("cutover/final-sync"));
    assert!(api.contains("month-1/old-paths") && !auth.contains("month-1/old-paths"));
    assert!(auth.contains("security/lockout") && !moved.contains("security/lockout"));
    let mut spec = bare();
    spec.program.auth = Some(Auth::default());
    assert!(made(by_people("move"), &spec, None).1.contains_key("security/lockout"), "a hybrid has both");
    assert!(!moved.contains("cutover/stop-writers"), "no pause is allowed");
    spec.limits.downtime = Some(Millis(1));
    assert!(made(by_people("move"), &spec, None).1.contains_key("cutover/stop-writers"));
}

#[test]
fn each_list_of_the_documents_is_there() {
    let (plan, _) = made(by_people("move"), &bare(), None);
    let lists: Vec<&str> = plan.program.checklists.iter().map(|list| list.id.as_str()).collect();
    assert_eq!(lists, ["prerequisites", "before", "security", "cutover", "during", "after", "week-1", "month-1", "month-3"]);
    for list in &plan.program.checklists {
        let offsets: Vec<i64> = list.items.iter().filter_map(|item| item.at_min).collect();
        assert!(offsets.is_sorted(), "{}", list.id);
    }
}

#[test]
fn done_needs_evidence() {
    let (_, open) = made(by_people("move"), &bare(), None);
    let done: Vec<&String> = open.iter().filter(|(_, item)| item.state == "done").map(|(id, _)| id).collect();
    assert_eq!(done, ["before/rollback-written", "before/validation", "prerequisites/nothing-needed"]);
    assert!(open["prerequisites/oncall"].how_to_tell.contains("owners.oncall is not set"));

    let mut spec = bare();
    spec.owners.insert("oncall".to_owned(), "pager@shop.example".to_owned());
    spec.owners.insert("dba".to_owned(), "raj@shop.example".to_owned());
    spec.program.windows.push(Window { days: Vec::new(), from_min: 60, to_min: 300, zone: "UTC".to_owned() });
    let mut plan = by_people("move");
    plan.program.start = Some(Date("2027-01-11".parse().expect("a date")));
    plan.program.duration = Some(Quantiles { p5_s: 1, p50_s: 2, p80_s: 3, p95_s: 30 * 86_400 });
    let seen = assessed(&[("backup_age_s", "3600"), ("replica_lag_s", "2"), ("certificate_expires", "2027-06-01")]);
    let (_, items) = made(plan.clone(), &spec, Some(&seen));
    for id in [
        "prerequisites/oncall",
        "prerequisites/window",
        "prerequisites/backup",
        "before/replica-lag",
        "security/certificates",
        "before/baseline",
        "before/roles",
    ] {
        assert_eq!(items[id].state, "done", "{id}: {}", items[id].how_to_tell);
        assert!(items[id].how_to_tell.starts_with("evidence: "), "{id}");
    }

    let stale = assessed(&[("backup_age_s", "90000"), ("replica_lag_s", "6"), ("certificate_expires", "2027-02-01")]);
    plan.program.needed.push(Needed { what: "x".to_owned(), spec_key: "y".to_owned(), for_what: Vec::new() });
    plan.program.rehearsal = Some(Rehearsal { id: "R".to_owned(), whole: true, ..Rehearsal::default() });
    let (_, items) = made(plan, &spec, Some(&stale));
    for id in [
        "prerequisites/backup",
        "before/replica-lag",
        "security/certificates",
        "prerequisites/nothing-needed",
        "prerequisites/rollback-tested",
        "before/rehearsed",
    ] {
        assert_eq!(items[id].state, "open", "{id}: {}", items[id].how_to_tell);
    }
}

#[test]
fn a_rehearsal_is_evidence_for_what_it_covered() {
    let schema = spec(&json!([{"drop_column": {"table": "users", "column": "age"}}]));
    let state = |digest: &str, whole: bool| {
        let mut plan = run();
        plan.program.rehearsal = Some(Rehearsal { id: "R".to_owned(), spec_digest: digest.to_owned(), whole, ..Rehearsal::default() });
        made(plan, &schema, None).1["before/rehearsed"].clone()
    };
    assert_eq!(state("d", true).state, "done");
    assert!(state("d", false).how_to_tell.contains("a sample"), "{:?}", state("d", false));
    assert!(state("x", true).how_to_tell.contains("other changes"));
}

#[test]
fn one_bad_system_is_enough() {
    let mut seen = assessed(&[("backup_age_s", "60")]);
    seen.systems.insert(
        "new".to_owned(),
        SystemSeen { settings: BTreeMap::from([("backup_age_s".to_owned(), "90000".to_owned())]), ..SystemSeen::default() },
    );
    let (_, items) = made(by_people("move"), &bare(), Some(&seen));
    assert_eq!(items["prerequisites/backup"].state, "open");
    assert!(items["prerequisites/backup"].how_to_tell.contains("systems.new"));
}

#[test]
fn every_item_can_be_told_and_has_a_source() {
    for kind in ["move", "service", "api", "auth", "infra", "code", "schema"] {
        let (_, items) = made(by_people(kind), &bare(), None);
        for (id, item) in &items {
            assert!(!item.how_to_tell.is_empty() && !item.from.is_empty() && !item.owner.is_empty(), "{id}");
        }
        let (plan, items) = made(by_people(kind), &bare(), None);
        assert_eq!(items.len(), plan.program.checklists.iter().map(|list| list.items.len()).sum::<usize>(), "ids are unique");
    }
}
