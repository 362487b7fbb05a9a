//! The plan of every kind of migration as text and JSON.

use segue_model::plan::Plan;
use segue_report::{Detail, plan_json, plan_text_at};

use crate::sample;

#[test]
fn golden_summaries() {
    for (name, plan) in sample::all() {
        for width in [80, 120] {
            insta::assert_snapshot!(format!("kinds_{name}_summary_{width}"), plan_text_at(&plan, Detail::Summary, width, false));
        }
    }
}

#[test]
fn golden_changes_and_full() {
    insta::assert_snapshot!(plan_text_at(&sample::shop(), Detail::Changes, 120, false));
    insta::assert_snapshot!(plan_text_at(&sample::service(), Detail::Full, 80, false));
}

#[test]
fn no_line_is_wider_than_asked() {
    for (name, plan) in sample::all() {
        for width in [20, 40, 80, 120] {
            for detail in [Detail::Summary, Detail::Changes, Detail::Full] {
                let text = plan_text_at(&plan, detail, width, false);
                let widest = text.lines().map(|line| line.chars().count()).max().expect("lines");
                assert!(widest <= width, "{name}: {widest} > {width}");
            }
        }
    }
}

#[test]
fn the_document_reads_back_as_the_same_plan() {
    for (name, plan) in sample::all() {
        let read: Plan = serde_json::from_value(plan_json(&plan)).expect("reads back");
        assert_eq!(read, plan, "{name}");
        assert_eq!(read.computed_digest().expect("digest"), plan.computed_digest().expect("digest"), "{name}");
    }
}

#[test]
fn the_document_says_days_hours_and_money() {
    let json = plan_json(&sample::shop());
    assert_eq!(json["downtime_s"], 5);
    assert_eq!(json["start"], "2027-01-11");
    assert_eq!(json["duration_days"]["p50"], 36.5833);
    assert_eq!(json["effort_hours"]["p80"], 33.0);
    assert_eq!((json["cost"]["p50"].as_f64(), json["cost"]["currency"].as_str()), (Some(3_360.0), Some("EUR")));
    assert_eq!(json["needed_before_start"][0]["spec_key"], "limits.window");
    assert_eq!(json["risks"][0]["rpn"], 192);
    let shift = &json["phases"][4];
    assert_eq!(
        (shift["after"][0].as_str(), shift["start_day"].as_f64(), shift["owner"].as_str()),
        (Some("rehearse"), Some(5.25), Some("dba"))
    );
    assert_eq!(shift["rollback"]["seconds"], 90);
    assert_eq!(shift["rollback"]["triggers"][0], "error_rate(new) > 1% for 2m");
    let drop = &json["phases"][0]["steps"][0];
    assert_eq!(drop["undo"]["command"], "DROP SCHEMA shop CASCADE;");
    assert!(drop["command"].as_str().is_some_and(|text| text.starts_with("pg_dump")));
    assert_eq!(json["phases"][5]["rollback"]["possible"], "no");
}

#[test]
fn what_nobody_knows_is_null_and_never_a_number() {
    let json = plan_json(&sample::service());
    assert!(json["start"].is_null() && json["effort_hours"].is_null() && json["cost"].is_null());
    assert!(json["phases"][1]["rollback"]["seconds"].is_number(), "the step's own time stands in for the phase's");
    let mut plan = sample::service();
    plan.phases[0].project.rollback.time = None;
    assert!(plan.phases[0].steps.is_empty(), "work of people alone");
    assert!(plan_json(&plan)["phases"][0]["rollback"]["seconds"].is_null(), "no step is no figure");
}

#[test]
fn hostile_texts_of_every_part_reach_no_terminal() {
    let text = plan_text_at(&crate::html_hostile::plan(), Detail::Full, 80, false);
    let bad = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    assert!(!text.contains(bad), "{text:?}");
    assert!(text.contains("\\u{202e}"), "it is visible");
}

#[test]
fn a_tool_that_runs_nothing_is_never_said_to_run_it() {
    let text = plan_text_at(&sample::service(), Detail::Full, 120, false);
    assert!(!text.contains("Segue runs it") && text.contains("0 by Segue"), "{text}");
    assert!(!text.contains("segue approve plan.segue"), "nothing of it can be applied: {text}");
}
