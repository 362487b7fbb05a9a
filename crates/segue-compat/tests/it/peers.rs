//! The lists of peers: every name is answered by rules that exist, or listed with the reason; none is invented.

use std::collections::{BTreeMap, BTreeSet};

use segue_compat::peers::coverage::{ANSWERED, NOT_ANSWERED};
use segue_compat::rule::Rule;

const LISTS: &[(&str, &str, usize)] = &[
    ("confluent", include_str!("../cases/peers/confluent.list"), 132),
    ("libopenapi", include_str!("../cases/peers/libopenapi.list"), 183),
    ("openapi-diff", include_str!("../cases/peers/openapi-diff.list"), 47),
];

#[test]
fn every_name_of_a_list_is_answered_or_has_a_reason() {
    let rules: Vec<&Rule> = segue_compat::openapi::RULES.iter().chain(segue_compat::shape::rule::RULES).copied().collect();
    let exist: BTreeSet<&str> = rules.iter().map(|rule| rule.id).collect();
    let mut answered: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, rule) in ANSWERED {
        assert!(exist.contains(rule), "{name}: no rule `{rule}`");
        answered.entry(name).or_default().push(rule);
    }
    let reasons: BTreeMap<&str, &str> = NOT_ANSWERED.iter().copied().collect();
    assert_eq!(reasons.len(), NOT_ANSWERED.len(), "a name twice");
    assert!(reasons.values().all(|why| why.contains(' ') && !why.contains(['(', ')', '"', '|'])), "a reason is a sentence");
    let mut listed = BTreeSet::new();
    for (peer, list, count) in LISTS {
        let names: BTreeSet<&str> = list.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
        assert_eq!(names.len(), *count, "{peer}");
        for name in names {
            let name = format!("{peer}:{name}");
            assert_ne!(
                answered.contains_key(name.as_str()),
                reasons.contains_key(name.as_str()),
                "{name} must be answered or have a reason"
            );
            listed.insert(name);
        }
    }
    let invented: Vec<&&str> = answered.keys().chain(reasons.keys()).filter(|name| !listed.contains(**name)).collect();
    assert!(invented.is_empty(), "{invented:?}");
    // What stands here stands in no card, so that one list is held against the peer's.
    let peers: Vec<String> = LISTS.iter().map(|(peer, ..)| format!("{peer}:")).collect();
    for rule in rules {
        let own: Vec<&&str> = rule.answers.iter().filter(|answer| peers.iter().any(|peer| answer.starts_with(peer))).collect();
        assert!(own.is_empty(), "{}: {own:?}", rule.id);
    }
}
