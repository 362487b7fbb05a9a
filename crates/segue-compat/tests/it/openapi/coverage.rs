//! The table of peers' names: every name of oasdiff is answered by a rule that exists, or listed as not answered.

use std::collections::BTreeSet;

use segue_compat::openapi::{RULES, coverage};

fn names() -> Vec<&'static str> {
    include_str!("../../cases/openapi/oasdiff-ids.list").lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect()
}

#[test]
fn every_name_is_answered_or_listed() {
    let positions: BTreeSet<&str> = coverage::POSITIONS.iter().map(|(_, position)| *position).collect();
    let mut exist: BTreeSet<String> = RULES.iter().map(|rule| rule.id.to_owned()).collect();
    for rule in segue_compat::shape::rule::RULES {
        exist.extend(positions.iter().map(|position| format!("{position}-{}", rule.id)));
    }
    let mut answered = 0;
    for name in names() {
        let ours = coverage::answered_by(name);
        assert_eq!(ours.is_empty(), coverage::not_answered(name).is_some(), "{name}: {ours:?}");
        for rule in &ours {
            assert!(exist.contains(rule), "{name}: no rule `{rule}`");
        }
        answered += usize::from(!ours.is_empty());
    }
    assert!(answered >= 470, "{answered}");
}

#[test]
fn what_rules_say_they_answer_is_a_name_of_oasdiff() {
    let names: BTreeSet<&str> = names().into_iter().collect();
    for rule in RULES {
        for answer in rule.answers.iter().filter_map(|answer| answer.strip_prefix("oasdiff:")) {
            assert!(names.contains(answer), "{}: {answer}", rule.id);
        }
    }
    assert!(coverage::answered_by("of-our-own-making").is_empty());
    assert_eq!(coverage::answered_by("request-property-max-length-decreased"), ["request-body-length"]);
    assert_eq!(coverage::answered_by("api-removed-without-deprecation"), ["openapi-operation-removed"]);
}
