//! Plans that cannot be are refused with every reason; wishes of the spec change what they name; profiles give numbers.

use segue_model::finding::Finding;
use segue_model::plan::Plan;
use segue_planner::{Documents, Input, Model, diff, project};
use serde_json::json;

use crate::fixture;
use crate::project_properties::holds;
use crate::project_summary::{good, planned, read, today};

const MOVE: &str = "segue: 1\nid: A\nowners: {lead: a@b.example}\nsystems:\n  old: {mysql: {url: env:A}, facts: {version: MariaDB 11, size: 10GiB}}\n  new: {postgres: {url: env:B}, facts: {version: PostgreSQL 17}}\nmove: {from: old, to: new}\nrates: {copy: 40MiB/s, verify: 100000 rows/s}\n";

fn with(more: &str) -> Result<Plan, Vec<Finding>> {
    planned(&read(&format!("{MOVE}{more}")), None)
}

#[track_caller]
fn refused(more: &str, code: &str) -> String {
    let findings = with(more).expect_err("it cannot be");
    let found = findings.iter().find(|finding| finding.code == code);
    found.unwrap_or_else(|| panic!("{code} is not among {findings:#?}")).message.clone()
}

#[test]
fn a_circle_is_shown() {
    let message = refused("phases: {schema: {after: [verify]}}\n", "SG-PLAN-034");
    assert!(message.contains("schema") && message.contains("verify"), "{message}");
}

#[test]
fn an_unknown_phase_gets_the_nearest_name() {
    let findings = with("phases: {pilot: {after: [reherse]}}\n").expect_err("it cannot be");
    assert_eq!((findings[0].code.as_str(), findings[0].fix.as_str()), ("SG-PLAN-033", "Did you mean `rehearse`?"));
}

#[test]
fn a_misspelt_phase_without_work_is_refused_by_the_name_that_was_meant() {
    let message = refused("phases: {cutovr: {hold: 1h}}\n", "SG-PLAN-032");
    assert!(message.contains("did you mean `cutover`?"), "{message}");
    // With work of its own it is a phase of its own.
    assert!(with("phases: {cutovers: {tasks: [{do: Call the branches}]}}\n").is_ok());
}

#[test]
fn who_allows_no_stop_is_told_that_writers_wait() {
    let told = |more: &str| with(more).expect("it can be").findings.iter().any(|finding| finding.code == "SG-PLAN-054");
    assert!(told("limits: {downtime: none}\n"));
    assert!(!told("limits: {downtime: 5s}\n") && !told(""));
}

#[test]
fn a_hybrid_is_of_no_lower_risk_than_one_of_its_parts() {
    let rank = |level: &str| ["low", "medium", "high", "critical"].iter().position(|word| *word == level).expect("a level");
    let whole = crate::recipe_case::spec("hybrid_everything");
    let hybrid = planned(&whole, None).expect("it can be");
    let mut nothing = whole.clone();
    nothing.schema = None;
    let program = &mut nothing.program;
    (program.moves, program.code, program.api, program.service, program.auth, program.infra) = (None, None, None, None, None, None);
    let mut alone = Vec::new();
    for name in ["move", "api", "service", "auth", "infra", "code"] {
        let mut spec = nothing.clone();
        match name {
            "move" => spec.program.moves.clone_from(&whole.program.moves),
            "api" => spec.program.api.clone_from(&whole.program.api),
            "service" => spec.program.service.clone_from(&whole.program.service),
            "auth" => spec.program.auth.clone_from(&whole.program.auth),
            "infra" => spec.program.infra.clone_from(&whole.program.infra),
            _ => spec.program.code.clone_from(&whole.program.code),
        }
        alone.push((name, planned(&spec, None).expect("it can be")));
    }
    for (name, plan) in &alone {
        assert!(rank(&hybrid.risk) >= rank(&plan.risk), "{name} is {}, the whole {}", plan.risk, hybrid.risk);
        // What both have is seen as badly as in the part that sees it worst.
        for risk in &plan.program.risks {
            if let Some(same) = hybrid.program.risks.iter().find(|other| other.id == risk.id) {
                assert!(same.detection >= risk.detection, "{name}: {risk:#?} {same:#?}");
            }
        }
    }
}

#[test]
fn what_is_stated_is_not_needed_any_more() {
    const AUTH: &str = "segue: 1\nid: A\nauth: {change: sso, to: keycloak}\n";
    let needs = |more: &str| {
        let plan = planned(&read(&format!("{AUTH}{more}")), None).expect("it can be");
        plan.program.needed.iter().any(|row| row.spec_key == "phases.watch.hold")
    };
    assert!(needs("") && !needs("phases: {watch: {hold: 30d}}\n"));
}

#[test]
fn every_reason_comes_at_once() {
    let findings = with("phases: {a: {after: [b]}, b: {after: [a]}, c: {after: [nothing]}}\n").expect_err("it cannot be");
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
    assert!(codes.contains(&"SG-PLAN-033") && codes.contains(&"SG-PLAN-034"), "{codes:?}");
}

#[test]
fn the_end_before_its_evidence_is_refused() {
    refused("phases: {retire: {after: []}}\n", "SG-PLAN-038");
    // Nothing is measured any more: the copy, the comparison, the switch and the time after it are left out.
    refused("phases: {retire: {after: [schema]}}\n", "SG-PLAN-037");
}

#[test]
fn a_deadline_that_half_of_the_runs_miss_is_refused() {
    refused("start: 2027-01-11\nlimits: {deadline: 2027-01-15}\n", "SG-PLAN-110");
}

#[test]
fn a_freeze_over_the_only_window_is_refused() {
    refused(
        "start: 2027-01-11\nlimits: {deadline: 2027-12-31, window: {days: [sun], from: 02:00, to: 06:00}, freeze: [2027-01-11/2027-12-31]}\n",
        "SG-PLAN-115",
    );
}

#[test]
fn what_the_spec_adds_stands_where_it_says() {
    let plan = with("phases: {pilot: {after: [rehearse], hold: 2h, tasks: [{do: call, owner: lead, hours: 2}], gate: [{approve: {by: [lead], count: 1}}]}, cutover: {after: [pilot], hold: 1d}, watch: {skip: nobody is there}}\n").expect("a plan");
    holds(&plan);
    let names: Vec<&str> = plan.phases.iter().map(|phase| phase.name.as_str()).collect();
    let at = |name: &str| names.iter().position(|known| *known == name).unwrap_or_else(|| panic!("{name} in {names:?}"));
    assert!(at("rehearse") < at("pilot") && at("pilot") < at("cutover"), "{names:?}");
    assert!(!names.contains(&"watch"));
    let retire = &plan.phases[at("retire")];
    assert!(retire.project.after.contains(&"cutover".to_owned()), "{:?}", retire.project.after);
    let pilot = &plan.phases[at("pilot")];
    assert_eq!((pilot.project.tasks[0].minutes, pilot.project.hold.as_ref().map(|hold| hold.seconds)), (120, Some(7_200)));
    assert!(plan.not_checked.iter().any(|line| line.contains("watch") && line.contains("nobody is there")));
}

#[test]
fn each_profile_gives_its_own_numbers_with_their_source() {
    let of = |name: &str| good(&read(&format!("profile: {name}\n{MOVE}rollout: {{sticky: user_id}}\n")), None);
    let ladder = |name: &str| of(name).program.figures["ladder"].clone();
    assert_eq!(ladder("doc002").value, "5%, 25%, 50%, 100%");
    assert!(ladder("doc002").from.contains("document 002"), "{}", ladder("doc002").from);
    assert_eq!(ladder("doc003").value, "1%, 10%, 50%, 100%");
    assert_eq!(of("doc001").program.figures["keep_old"].value, "60d");
    assert_eq!(of("doc004").program.figures["batch"].value, "10000 rows");
    let digests: std::collections::BTreeSet<String> =
        ["segue", "doc000", "doc001", "doc002", "doc003", "doc004"].map(|name| of(name).digest).into();
    assert_eq!(digests.len(), 6, "each profile is another plan");
    let own = good(&read(&format!("profile: doc003\n{MOVE}rollout: {{steps: [2%, 100%], hold: 5m, sticky: user_id}}\n")), None);
    assert_eq!((own.program.figures["ladder"].value.as_str(), own.program.figures["ladder"].from.as_str()), ("2%, 100%", "spec rollout"));
}

#[test]
fn an_executable_change_of_form_keeps_what_a_run_depends_on() {
    let spec = fixture::spec(&json!([{"rename_column": {"table": "users", "from": "name", "to": "full_name"}}]));
    let observed = fixture::observed(&spec, fixture::shop());
    let (resolved, _) = segue_planner::resolve(&spec, &observed);
    let surveys = resolved.tables.iter().map(|_| segue_model::reshape::Survey { rows: 1_000, ..Default::default() }).collect();
    let schema = segue_planner::plan(&spec, &observed, resolved, surveys, "0.1.0").expect("a plan");
    let model = Model::builtin();
    let make = || {
        let input = Input {
            spec: &spec,
            assessment: None,
            schema: Some(schema.clone()),
            model: &model,
            today: Some(today()),
            version: "0.1.0",
            documents: Documents::default(),
            notes: Vec::new(),
            rehearsal: None,
        };
        project(&input).expect("a plan")
    };
    let whole = make();
    assert!(whole.runs());
    let bare = |plan: &Plan| {
        let mut plan = plan.clone();
        plan.phases.iter_mut().for_each(|phase| {
            phase.project = segue_model::plan::PhaseProject::default();
            phase.risk.clear();
        });
        serde_json::to_string(&(&plan.phases, &plan.execution)).expect("JSON")
    };
    assert_eq!(bare(&whole), bare(&schema));
    assert!(whole.phases.iter().all(|phase| !phase.project.owner.is_empty() && !phase.project.rollback.how.is_empty()));
    assert_eq!(whole.digest, make().digest);
}

#[test]
fn what_changed_between_two_plans_is_said_in_words() {
    let (before, after) = (with("").expect("a plan"), with("keep_old: 7d\nphases: {pilot: {after: [rehearse]}}\n").expect("a plan"));
    let words: Vec<String> = diff(&before, &after).iter().map(ToString::to_string).collect();
    assert!(words.iter().any(|line| line.starts_with("+ phase pilot")), "{words:#?}");
    assert!(words.iter().any(|line| line.starts_with("~ figure keep_old: 30d") && line.contains("1w")), "{words:#?}");
    assert!(diff(&before, &before).is_empty());
}

#[test]
fn the_old_side_stays_until_users_were_moved_and_sides_compared() {
    for wish in ["cutover: {skip: later}", "retire: {after: [copy]}", "verify: {skip: no time}"] {
        refused(&format!("phases: {{{wish}}}\n"), "SG-PLAN-038");
    }
}

#[test]
fn a_check_that_writes_is_refused() {
    refused("checks: {sum: \"select 1; drop table y\"}\n", "SG-PLAN-048");
}
