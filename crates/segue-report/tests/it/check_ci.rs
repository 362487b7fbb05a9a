//! JUnit, GitHub's commands and GitLab's list: what a CI system reads, whatever the names hold.

use std::collections::BTreeSet;

use segue_model::finding::Severity;
use segue_report::check::{github, gitlab, junit};
use serde_json::Value;

use crate::check_sample as sample;

#[test]
fn junit_is_well_formed_and_counts_right() {
    for (name, report) in sample::all().into_iter().chain([("hostile", sample::hostile())]) {
        for fail_on in [None, Some(Severity::Info), Some(Severity::High)] {
            let text = junit(&report, fail_on);
            let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
            let count = |tag: &str| document.descendants().filter(|node| node.has_tag_name(tag)).count();
            let suite = document.descendants().find(|node| node.has_tag_name("testsuite")).expect("a suite");
            let said = |attribute: &str| suite.attribute(attribute).and_then(|text| text.parse::<usize>().ok());
            assert_eq!(said("tests"), Some(count("testcase")), "{name}");
            assert_eq!(said("failures"), Some(count("failure")), "{name}");
            assert_eq!(said("skipped"), Some(count("skipped")), "{name}");
            let fails = report.findings.iter().filter(|finding| fail_on.is_some_and(|least| finding.severity >= least)).count();
            assert_eq!(count("failure"), fails, "{name}");
        }
    }
    insta::assert_snapshot!("check_junit", junit(&sample::openapi(), Some(Severity::High)));
    insta::assert_snapshot!("check_junit_clean", junit(&sample::clean(), Some(Severity::High)));
}

#[test]
fn a_name_can_begin_no_command() {
    let text = github(&sample::hostile());
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), sample::NAMES.len() + 1, "a line a finding, and one for the whole:\n{text}");
    for line in lines {
        let (head, _) = line.strip_prefix("::").and_then(|rest| rest.split_once("::")).expect("a command");
        let (command, properties) = head.split_once(' ').expect("properties");
        assert!(["error", "warning", "notice"].contains(&command), "{line}");
        for property in properties.split(',') {
            let (name, value) = property.split_once('=').unwrap_or_else(|| panic!("{property} in {line}"));
            assert!(["file", "line", "col", "endLine", "endColumn", "title"].contains(&name), "{line}");
            assert!(!value.contains([':', ',']), "{line}");
        }
        assert!(!line.contains(['\u{1b}', '\u{202e}', '\r']), "{line}");
    }
}

#[test]
fn annotations_stand_where_the_new_file_has_them() {
    let mut all = String::new();
    for (name, report) in sample::all() {
        if name != "many" {
            all.push_str(&format!("{name}\n{}\n", github(&report)));
        }
    }
    insta::assert_snapshot!("check_github", all);
    assert_eq!(github(&sample::many()).lines().count(), 51);
    assert!(github(&sample::many()).contains("20 findings are not shown here"));
}

#[test]
fn gitlab_s_list_has_what_it_asks_for() {
    for (name, report) in sample::all().into_iter().chain([("hostile", sample::hostile())]) {
        let list: Vec<Value> = serde_json::from_str(&gitlab(&report)).expect("a list");
        assert_eq!(list.len(), report.findings.len(), "{name}");
        let prints: BTreeSet<&str> = list.iter().filter_map(|issue| issue["fingerprint"].as_str()).collect();
        assert_eq!(prints.len(), list.len(), "{name}: each fingerprint once");
        for issue in &list {
            for key in ["description", "check_name", "severity"] {
                assert!(issue[key].as_str().is_some_and(|text| !text.is_empty()), "{name} {key}");
            }
            assert!(["info", "minor", "major", "critical", "blocker"].contains(&issue["severity"].as_str().unwrap_or_default()));
            assert!(issue["location"]["path"].as_str().is_some_and(|path| !path.is_empty() && !path.starts_with("./")), "{name}");
            assert!(issue["location"]["lines"]["begin"].as_u64().is_some_and(|line| line > 0), "{name}");
        }
    }
    insta::assert_snapshot!("check_gitlab", gitlab(&sample::openapi()) + &gitlab(&sample::revision()));
}

#[test]
fn ids_that_meet_are_told_apart() {
    let mut report = sample::openapi();
    let id = report.findings[0].id.clone();
    report.findings.iter_mut().for_each(|finding| finding.id.clone_from(&id));
    let list: Vec<Value> = serde_json::from_str(&gitlab(&report)).expect("a list");
    let prints: BTreeSet<&str> = list.iter().filter_map(|issue| issue["fingerprint"].as_str()).collect();
    assert_eq!(prints.len(), report.findings.len());
}

/// `docs/ci.md`: the lines of its run blocks, and its recipes.
fn recipes() -> (Vec<String>, Vec<String>) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/ci.md");
    let text = std::fs::read_to_string(path).expect("the page is there");
    let (mut commands, mut yaml, mut open, mut run) = (Vec::new(), Vec::new(), None, false);
    for line in text.lines() {
        match (open, line) {
            (None, "<!-- run -->") => run = true,
            (None, "```sh") if run => open = Some("sh"),
            (None, "```yaml") => {
                open = Some("yaml");
                yaml.push(String::new());
            }
            (Some(_), "```") => (open, run) = (None, false),
            (Some("sh"), line) => commands.push(line.to_owned()),
            (Some("yaml"), line) => yaml.last_mut().expect("it was opened").push_str(&format!("{line}\n")),
            _ => {}
        }
    }
    (commands, yaml)
}

#[test]
fn the_recipes_are_made_of_commands_that_are_run() {
    let (commands, yaml) = recipes();
    assert!(commands.len() >= 8 && commands.iter().all(|line| line.starts_with("segue ")), "{commands:?}");
    assert_eq!(yaml.len(), 3);
    let mut found = 0;
    for text in &yaml {
        for event in granit_parser::Parser::new_from_str(text) {
            event.unwrap_or_else(|error| panic!("{error}\n{text}"));
        }
        for line in text.lines() {
            let line = line.trim_start().trim_start_matches("- ").trim_start_matches("run: ");
            if line.starts_with("segue ") {
                found += 1;
                // In a recipe the command may fail the job, and write fewer files; all else is as it is run.
                let words: Vec<&str> = line.split(' ').collect();
                let whole = |command: &String| {
                    let there: Vec<&str> = command.split(' ').collect();
                    words.iter().all(|word| there.contains(word))
                };
                assert!(commands.iter().any(whole), "{line}");
            }
        }
    }
    assert!(found >= 7, "{found}");
}
