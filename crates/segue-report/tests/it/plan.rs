//! The plan's text and JSON.

use segue_model::plan::Plan;
use segue_report::{Detail, plan_json, plan_text, plan_text_at};
use serde_json::Value;

/// A plan of every kind of change, as the planner wrote it.
pub(crate) fn plan() -> Plan {
    serde_json::from_str(include_str!("../data/plan.json")).expect("a plan")
}

#[test]
fn golden_summary_at_120_columns() {
    insta::assert_snapshot!(plan_text(&plan(), 120, false));
}

#[test]
fn golden_summary_at_80_columns() {
    insta::assert_snapshot!(plan_text(&plan(), 80, false));
}

#[test]
fn golden_changes_at_100_columns() {
    insta::assert_snapshot!(plan_text_at(&plan(), Detail::Changes, 100, false));
}

#[test]
fn golden_full_at_80_columns() {
    insta::assert_snapshot!(plan_text_at(&plan(), Detail::Full, 80, false));
}

#[test]
fn golden_json() {
    insta::assert_json_snapshot!(plan_json(&plan()));
}

#[test]
fn the_json_reads_back_as_the_same_plan() {
    let plan = plan();
    let read: Plan = serde_json::from_value(plan_json(&plan)).expect("reads back");
    assert_eq!(read, plan);
    assert_eq!(read.computed_digest().expect("digest"), plan.computed_digest().expect("digest"));
}

#[test]
fn the_json_has_every_field_of_the_format() {
    let json = plan_json(&plan());
    for key in [
        "format_version",
        "segue",
        "digest",
        "id",
        "name",
        "kinds",
        "pattern",
        "risk",
        "downtime_s",
        "rollback",
        "start",
        "duration_days",
        "effort_hours",
        "cost",
        "phases",
        "risks",
        "needed_before_start",
        "findings",
        "not_checked",
    ] {
        assert!(json.get(key).is_some(), "{key}");
    }
    let phases = json["phases"].as_array().expect("phases");
    for phase in phases {
        for key in [
            "name",
            "goal",
            "after",
            "start_day",
            "end_day",
            "risk",
            "owner",
            "user_impact",
            "deliverables",
            "estimate_hours",
            "entry",
            "gates",
            "steps",
            "tasks",
            "rollback",
        ] {
            assert!(phase.get(key).is_some(), "{key}");
        }
        for gate in phase["gates"].as_array().into_iter().chain(phase["entry"].as_array()).flatten() {
            for key in ["metric", "op", "value", "for_s", "from"] {
                assert!(gate.get(key).is_some(), "{key}");
            }
        }
        for step in phase["steps"].as_array().expect("steps") {
            for key in ["id", "kind", "by", "what", "why", "command", "how_to_tell", "reversible", "undo"] {
                assert!(step.get(key).is_some(), "{key}");
            }
            for key in ["what", "command", "seconds", "loses", "verify"] {
                assert!(step["undo"].get(key).is_some(), "{key}");
            }
        }
    }
    assert_eq!(phases[0]["after"], Value::Array(Vec::new()));
    assert_eq!(phases[1]["after"][0], "prepare");
    let contract = phases.last().expect("contract");
    assert!(contract["start_day"].as_f64().expect("days") >= 0.0416, "an hour of keep_old comes before contract: {contract}");
}

#[test]
fn it_reads_without_colour_and_at_any_width() {
    let plan = plan();
    for width in [20, 40, 60, 80, 100, 120, 200] {
        for detail in [Detail::Summary, Detail::Changes, Detail::Full] {
            let text = plan_text_at(&plan, detail, width, false);
            assert!(!text.contains('\u{1b}'));
            let widest = text.lines().map(|line| line.chars().count()).max().expect("lines");
            assert!(widest <= width, "{widest} > {width}");
        }
    }
    let coloured = plan_text(&plan, 120, true);
    let mut bare = coloured.clone();
    for code in ["[0m", "[1m", "[2m", "[32m", "[33m", "[1;31m"] {
        bare = bare.replace(&format!("\u{1b}{code}"), "");
    }
    assert_eq!(bare, plan_text(&plan, 120, false), "colour only adds");
    assert_ne!(coloured, bare);
}
