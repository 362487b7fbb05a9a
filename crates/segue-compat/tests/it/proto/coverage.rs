//! The peers' lists are answered, or stand on the list of what is not, with a reason.

use std::collections::BTreeSet;

use segue_compat::proto::RULES;
use segue_compat::proto::coverage::{BUF, CONFLUENT, NOT_ANSWERED};

#[test]
fn every_rule_of_the_peers_is_answered_or_excused() {
    let answered: BTreeSet<&str> = RULES.iter().flat_map(|rule| rule.answers.iter().copied()).collect();
    let listed: BTreeSet<String> =
        BUF.iter().map(|id| format!("buf:{id}")).chain(CONFLUENT.iter().map(|id| format!("confluent-proto:{id}"))).collect();
    let excused: BTreeSet<&str> = NOT_ANSWERED.iter().map(|(id, _)| *id).collect();
    assert_eq!((BUF.len(), CONFLUENT.len()), (69, 26));
    for id in &listed {
        assert!(answered.contains(id.as_str()) != excused.contains(id.as_str()), "{id} is answered or excused, and not both");
    }
    let invented: Vec<_> = answered.iter().filter(|id| !listed.contains(**id)).collect();
    assert!(invented.is_empty(), "answers to what no peer has: {invented:?}");
    assert!(NOT_ANSWERED.iter().all(|(_, reason)| reason.len() > 10));
}

#[test]
fn ids_are_unique_and_speak_of_the_family() {
    let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), RULES.len());
    assert!(RULES.iter().all(|rule| rule.id.starts_with("proto-") && !rule.why.is_empty() && !rule.fix.is_empty()));
}
