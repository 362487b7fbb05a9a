//! Phases and tasks for a project tracker.

use std::collections::BTreeSet;

use segue_report::tracker::{csv, json};

use crate::{html_hostile, sample};

#[test]
fn golden_csv() {
    insta::assert_snapshot!(csv(&sample::service()).replace("\r\n", "\n"));
}

#[test]
fn golden_json() {
    insta::assert_json_snapshot!(json(&sample::service()));
}

#[test]
fn ids_are_unique_and_what_is_depended_on_is_there() {
    for (name, plan) in sample::all() {
        let document = json(&plan);
        let items = document["items"].as_array().expect("items");
        let ids: BTreeSet<&str> = items.iter().filter_map(|item| item["id"].as_str()).collect();
        assert_eq!(ids.len(), items.len(), "{name}");
        let steps: usize = plan.phases.iter().map(|phase| 1 + phase.steps.len() + phase.project.tasks.len()).sum();
        assert_eq!(items.len(), steps, "{name}: nothing is left out");
        for item in items {
            let named = item["depends_on"].as_array().into_iter().flatten().chain(item["parent"].is_string().then_some(&item["parent"]));
            named.filter_map(serde_json::Value::as_str).for_each(|id| assert!(ids.contains(id), "{name}: {id}"));
        }
    }
}

/// Records of a CSV by the letter of RFC 4180.
fn records(text: &str) -> Vec<Vec<String>> {
    let (mut all, mut record, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {
                assert_eq!(chars.next(), Some('\n'), "a record ends with CR LF");
                record.push(std::mem::take(&mut cell));
                all.push(std::mem::take(&mut record));
            }
            other => cell.push(other),
        }
    }
    assert!(!quoted && cell.is_empty() && record.is_empty(), "it ends with a record's end");
    all
}

#[test]
fn hostile_names_stay_in_their_cells_and_are_no_formulas() {
    let mut plan = html_hostile::plan();
    for (at, formula) in ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1"].into_iter().enumerate() {
        plan.phases[at % 6].project.tasks.push(segue_model::plan::program::Task {
            what: formula.to_owned(),
            owner: formula.to_owned(),
            minutes: 1,
            from: formula.to_owned(),
        });
    }
    let all = records(&csv(&plan));
    let cells = all[0].len();
    assert_eq!(all.len(), 1 + json(&plan)["items"].as_array().expect("items").len());
    for record in &all {
        assert_eq!(record.len(), cells);
        for cell in record {
            let begins = cell.trim_start_matches(|c: char| c.is_whitespace());
            assert!(!begins.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?}");
        }
    }
}
