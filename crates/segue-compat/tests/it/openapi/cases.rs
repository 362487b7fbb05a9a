//! Every case in both directions: what is wanted is there, what is not wanted is not, and the whole stands in a snapshot.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use segue_compat::openapi::RULES;
use segue_model::check::{CheckReport, Verdict};

use super::case_file::{self, Case};
use super::reported;

#[test]
fn every_case_says_what_is_wanted() {
    let mut wrong = String::new();
    for case in case_file::all() {
        let forward = reported(&case.old, &case.new, case.today.as_deref());
        let back = reported(&case.new, &case.old, case.today.as_deref());
        for (direction, report, want) in [("forward", &forward, &case.want), ("back", &back, &case.back)] {
            for line in want {
                if !is_there(report, line) {
                    let _ = writeln!(wrong, "{} / {} / {direction}: no `{line}` in\n{}", case.file, case.name, listed(report));
                }
            }
        }
        for rule in &case.absent {
            if forward.findings.iter().any(|finding| finding.rule == *rule) {
                let _ = writeln!(wrong, "{} / {}: `{rule}` is there in\n{}", case.file, case.name, listed(&forward));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// `rule breaks`: a name that ends with `-` is a beginning; `-` breaks nothing, `*` is anything, one word is one among others.
fn is_there(report: &CheckReport, line: &str) -> bool {
    if line == "nothing" {
        return report.findings.is_empty() && report.verdict == Verdict::Compatible;
    }
    let (rule, breaks) = line.split_once(' ').unwrap_or((line, "*"));
    report.findings.iter().any(|finding| {
        let names = finding.breaks.iter().map(|breaks| format!("{breaks:?}").to_lowercase()).collect::<Vec<_>>();
        let right_rule = if rule.ends_with('-') { finding.rule.starts_with(rule) } else { finding.rule == rule };
        let right_breaks = match breaks {
            "*" => true,
            "-" => names.is_empty(),
            list if list.contains(',') => names.join(",") == list,
            one => names.iter().any(|name| name == one),
        };
        right_rule && right_breaks
    })
}

fn listed(report: &CheckReport) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        let breaks = finding.breaks.iter().map(|breaks| format!("{breaks:?}").to_lowercase()).collect::<Vec<_>>().join(",");
        let breaks = if breaks.is_empty() { "-".to_owned() } else { breaks };
        let reach = finding.reach.as_ref().map_or(String::new(), |reach| format!(" ({})", reach.count));
        let severity = format!("{:?}", finding.severity).to_lowercase();
        let undecided = if finding.undecided { " undecided" } else { "" };
        // What shapes say in words and values is the matter of `tests/it/shape/`.
        let own = finding.rule.starts_with("openapi-");
        let message = if own { format!(": {}", finding.message) } else { String::new() };
        let _ = writeln!(text, "  {severity} {} {breaks}{undecided} @ {}{reach}{message}", finding.rule, finding.object);
        if let Some(witness) = finding.witness.as_ref().filter(|_| own) {
            let _ = writeln!(text, "    {:?} takes {}", witness.accepted_by, witness.value);
        }
    }
    for sentence in &report.not_checked {
        let _ = writeln!(text, "  not checked: {sentence}");
    }
    text
}

#[test]
fn the_whole_output_of_every_case() {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for case in case_file::all() {
        let text = files.entry(case.file.clone()).or_default();
        let forward = listed(&reported(&case.old, &case.new, case.today.as_deref()));
        let back = listed(&reported(&case.new, &case.old, case.today.as_deref()));
        let _ = write!(text, "=== {}\n{forward}--- back\n{back}\n", case.name);
    }
    for (file, text) in files {
        insta::assert_snapshot!(format!("cases_{file}"), text);
    }
}

#[test]
fn swapping_the_sides_swaps_the_directions() {
    let mut wrong = String::new();
    for case in case_file::all() {
        let forward = reported(&case.old, &case.new, case.today.as_deref());
        let back = reported(&case.new, &case.old, case.today.as_deref());
        if (forward.deploy, forward.rollback) != (back.rollback, back.deploy) {
            let _ = writeln!(wrong, "{} / {}\n{}--- back\n{}", case.file, case.name, listed(&forward), listed(&back));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_document_against_itself_gives_nothing() {
    for case in case_file::all() {
        for text in [&case.old, &case.new] {
            let report = reported(text, text, case.today.as_deref());
            assert!(is_there(&report, "nothing"), "{} / {}\n{}", case.file, case.name, listed(&report));
        }
    }
}

#[test]
fn every_rule_has_a_case_and_every_group_one_that_says_nothing() {
    let mut seen = BTreeSet::new();
    let mut quiet: BTreeMap<String, usize> = BTreeMap::new();
    for case in case_file::all() {
        let Case { old, new, today, .. } = &case;
        for report in [reported(old, new, today.as_deref()), reported(new, old, today.as_deref())] {
            *quiet.entry(case.file.clone()).or_default() += usize::from(report.findings.is_empty());
            seen.extend(report.findings.into_iter().map(|finding| finding.rule));
        }
    }
    let without: Vec<_> = RULES.iter().map(|rule| rule.id).filter(|id| !seen.contains(*id)).collect();
    assert!(without.is_empty(), "no case for {without:?}");
    assert!(quiet.values().all(|count| *count > 0), "{quiet:?}");
}
