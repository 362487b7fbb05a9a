//! A generated pair of about a megabyte each, with the shape of a large public schema.

#[path = "../../../../../xtask/src/bench/graphql_documents.rs"]
#[allow(dead_code, unreachable_pub, clippy::indexing_slicing)]
mod documents;

use segue_model::check::Verdict;

use super::case::compare;
use super::witness::{schema, takes};

#[test]
fn a_large_pair_is_compared_whole() {
    let pair = documents::pair(7);
    assert!(pair.old.len() > 900_000 && pair.old.len() < 1_300_000, "{} bytes", pair.old.len());
    assert!(compare(&pair.old, &pair.old).findings.is_empty());
    let report = compare(&pair.old, &pair.new);
    assert_eq!((report.deploy, report.rollback), (Verdict::Breaking, Verdict::Breaking));
    assert!(pair.changes > 100 && report.findings.len() >= pair.changes / 2, "{} findings of {}", report.findings.len(), pair.changes);
    assert!(report.findings.len() <= 1_000, "{} findings", report.findings.len());
    let most = report.findings.iter().filter_map(|finding| finding.reach.as_ref()).map(|reach| reach.count).max();
    assert!(most > Some(200), "the objects are reached by nearly everything");
    let (old, new) = (schema(&pair.old), schema(&pair.new));
    let mut proved = 0;
    for finding in report.findings.iter().filter(|finding| finding.reach.is_some()).step_by(9) {
        let Some(witness) = &finding.witness else { continue };
        let (Some(query), None) = (witness.value.get("query").and_then(serde_json::Value::as_str), witness.value.get("gives")) else {
            continue;
        };
        let (taker, refuser) = if witness.accepted_by == segue_model::check::Side::Old { (&old, &new) } else { (&new, &old) };
        assert!(takes(taker, query) && !takes(refuser, query), "{}: {query}", finding.rule);
        proved += 1;
    }
    assert!(proved > 10, "only {proved} witnesses were looked at");
}
