//! The samples of the older planner's JSON: every section means something, and what it means stands in the plan.

use std::path::PathBuf;

use segue_model::plan::Plan;
use segue_model::spec::{Spec, read_planner_json};
use serde_json::Value;

use crate::project_properties::holds;
use crate::project_summary::{good, planned, summary};

/// A sample; `None` where the shared data is not there, which `CI` forbids.
fn sample(name: &str) -> Option<Value> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/claude-skills").join(name);
    let text = std::fs::read_to_string(path).ok();
    assert!(text.is_some() || std::env::var_os("CI").is_none(), "{name} is missing");
    text.map(|text| serde_json::from_str(&text).expect("JSON"))
}

fn spec(value: &Value) -> Spec {
    let text = serde_json::to_string_pretty(value).expect("a text");
    read_planner_json(&text, "sample.json").unwrap_or_else(|problems| panic!("{problems:#?}")).0
}

const SAMPLES: [&str; 2] = ["sample_database_migration.json", "sample_service_migration.json"];

#[test]
fn golden_plans_of_the_samples() {
    for name in SAMPLES {
        let Some(value) = sample(name) else { return };
        let plan = good(&spec(&value), None);
        holds(&plan);
        insta::assert_snapshot!(format!("planner_json_{}", name.trim_end_matches(".json")), summary(&plan));
    }
}

/// What a reader of the plan sees, without what is only an echo of the input.
fn seen(plan: &Plan) -> String {
    let mut plan = plan.clone();
    plan.digest.clear();
    plan.id.clear();
    plan.name.clear();
    plan.program.why.clear();
    serde_json::to_string(&(
        &plan.phases,
        &plan.program.risks,
        &plan.program.needed,
        &plan.program.triggers,
        &plan.program.checklists,
        &plan.program.downtime,
        plan.pause_ms,
    ))
    .expect("JSON")
}

/// Every path of a document: objects' keys, and each item of its lists.
fn paths(value: &Value, at: &str, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let path = format!("{at}/{key}");
                out.push(path.clone());
                paths(value, &path, out);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                let path = format!("{at}/{index}");
                out.push(path.clone());
                paths(value, &path, out);
            }
        }
        _ => {}
    }
}

fn without(value: &Value, path: &str) -> Option<Value> {
    let mut out = value.clone();
    let (parent, last) = path.rsplit_once('/')?;
    match out.pointer_mut(parent)? {
        Value::Object(map) => {
            map.remove(last)?;
        }
        Value::Array(items) => {
            items.remove(last.parse().ok()?);
        }
        _ => return None,
    }
    Some(out)
}

/// Parts that only say what holds without them.
fn says_nothing_more(path: &str) -> bool {
    // `false`, UTC, no downtime, a rollback by itself, a last rung of 100% and the first rung's share are what holds anyway.
    let defaults = [
        "/critical",
        "/timezone",
        "/max_downtime_minutes",
        "/rollback_triggers/0/action",
        "/rollout_schedule/3",
        "/0/initial_percentage",
        "/1/initial_percentage",
    ];
    // A text for people: it is the plan's `why`, and nothing more can follow from it.
    // Each rung of a flag is held as long as the longest of them, where they agree.
    path == "/description"
        || defaults.iter().any(|end| path.ends_with(end))
        || path.starts_with("/feature_flags/0/rollout_schedule/") && path.ends_with("/duration_hours")
}

#[test]
fn what_is_taken_out_of_a_sample_changes_its_plan() {
    let mut silent = Vec::new();
    for name in SAMPLES {
        let Some(value) = sample(name) else { return };
        let whole = seen(&good(&spec(&value), None));
        let mut all = Vec::new();
        paths(&value, "", &mut all);
        assert!(all.len() > 40, "{name}: {}", all.len());
        for path in all.into_iter().filter(|path| !says_nothing_more(path)) {
            let Some(less) = without(&value, &path) else { continue };
            let text = serde_json::to_string(&less).expect("a text");
            // What the format requires is refused without it: that is an effect too.
            let Ok((spec, _)) = read_planner_json(&text, "sample.json") else { continue };
            match planned(&spec, None) {
                Ok(plan) if seen(&plan) == whole => silent.push(format!("{name}{path}")),
                _ => {}
            }
        }
    }
    assert_eq!(silent, Vec::<String>::new(), "{} parts have no effect", silent.len());
}
