//! Every case file, in both directions, and what must hold of all of them.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::check::{Breaks, CheckReport, Verdict};

use super::case::{all, compare, lines};

#[test]
fn cases_find_what_they_expect_in_both_directions() {
    let mut wrong = String::new();
    let cases = all();
    assert!(cases.len() >= 100, "only {} cases", cases.len());
    for case in &cases {
        let (there, back) = (lines(&compare(&case.old, &case.new)), lines(&compare(&case.new, &case.old)));
        if there != case.expect || back != case.back {
            wrong.push_str(&format!("@@@ {}\n=== expect\n{there}=== back\n{back}@@@\n", case.name));
        }
    }
    assert!(wrong.is_empty(), "found something else:\n{wrong}");
}

#[test]
fn every_rule_has_a_case_and_one_says_nothing() {
    let cases = all();
    let found: BTreeSet<&str> =
        cases.iter().flat_map(|case| case.expect.lines().chain(case.back.lines())).filter_map(|line| line.split(' ').nth(2)).collect();
    let without: Vec<&str> = segue_compat::graphql::RULES.iter().map(|rule| rule.id).filter(|id| !found.contains(id)).collect();
    assert!(without.is_empty(), "no case for {without:?}");
    assert!(cases.iter().any(|case| case.expect.is_empty() && case.back.is_empty() && case.old != case.new));
}

#[test]
fn a_schema_against_itself_gives_nothing() {
    for case in all() {
        for text in [&case.old, &case.new] {
            let report = compare(text, text);
            assert!(report.findings.is_empty(), "{}: {}", case.name, lines(&report));
            assert!(report.steps.is_empty());
        }
    }
}

fn broken(report: &CheckReport, what: Breaks) -> BTreeSet<String> {
    // An object that was renamed stands under its old name in both directions.
    report
        .findings
        .iter()
        .filter(|finding| finding.breaks.contains(&what) && !finding.rule.ends_with("renamed"))
        .map(|finding| finding.object.clone())
        .collect()
}

#[test]
fn swapping_the_sides_swaps_the_directions() {
    for case in all() {
        let (there, back) = (compare(&case.old, &case.new), compare(&case.new, &case.old));
        assert_eq!((there.deploy, there.rollback), (back.rollback, back.deploy), "{}", case.name);
        let renamed = there.findings.iter().any(|finding| finding.rule.ends_with("type-renamed") || finding.rule.ends_with("root-changed"));
        if !renamed {
            assert_eq!(broken(&there, Breaks::Deploy), broken(&back, Breaks::Rollback), "{}", case.name);
            assert_eq!(broken(&there, Breaks::Rollback), broken(&back, Breaks::Deploy), "{}", case.name);
        }
    }
}

#[test]
fn an_unrelated_type_changes_no_other_finding() {
    let more = "\n\"\"\"Unrelated\"\"\"\ntype ZzUnrelated { zz: ZzEnum }\nenum ZzEnum { ZZ }\n";
    for case in all() {
        let without = compare(&case.old, &case.new);
        let with = compare(&format!("{}{more}", case.old), &format!("{}{more}", case.new));
        let ids = |report: &CheckReport| {
            report.findings.iter().map(|one| (one.id.clone(), one.severity, one.message.clone())).collect::<Vec<_>>()
        };
        assert_eq!(ids(&without), ids(&with), "{}", case.name);
    }
}

#[test]
fn the_verdict_follows_from_the_findings() {
    let mut verdicts: BTreeMap<&str, usize> = BTreeMap::new();
    for case in all() {
        let report = compare(&case.old, &case.new);
        let word = match report.deploy {
            Verdict::Compatible => "compatible",
            Verdict::Undecided => "undecided",
            Verdict::Breaking => "breaking",
        };
        *verdicts.entry(word).or_default() += 1;
        let breaks = report.findings.iter().any(|finding| finding.breaks.contains(&Breaks::Deploy));
        assert_eq!(report.deploy == Verdict::Breaking, breaks, "{}", case.name);
    }
    assert!(verdicts.len() == 3, "the cases show every verdict: {verdicts:?}");
}
