//! Every kind of incompatibility that Avro's own check knows is answered.

use std::collections::BTreeSet;

use segue_compat::avro::RULES;
use segue_compat::avro::coverage::AVRO;

#[test]
fn every_kind_is_answered_and_none_is_invented() {
    let answered: BTreeSet<&str> = RULES.iter().flat_map(|rule| rule.answers.iter().copied()).collect();
    let listed: BTreeSet<String> = AVRO.iter().map(|id| format!("avro:{id}")).collect();
    assert_eq!(answered, listed.iter().map(String::as_str).collect());
    let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), RULES.len());
    assert!(ids.iter().all(|id| id.starts_with("avro-")));
}
