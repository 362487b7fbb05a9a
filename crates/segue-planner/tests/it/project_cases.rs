//! Golden plans: a case a kind, as lines that were read by somebody who would have to act on them.

use std::collections::BTreeSet;

use crate::project_summary::{cases, good, summary};

#[test]
fn golden_plans_of_every_case() {
    let cases = cases();
    assert!(cases.len() >= 9, "{} cases", cases.len());
    for (name, spec) in cases {
        insta::assert_snapshot!(format!("case_{name}"), summary(&good(&spec, None)));
    }
}

#[test]
fn every_recipe_has_a_case() {
    let kinds: BTreeSet<String> = cases().iter().flat_map(|(_, spec)| good(spec, None).kinds).collect();
    for kind in ["move", "version-upgrade", "data", "sharding", "service", "schema"] {
        assert!(kinds.contains(kind), "no case of {kind}: {kinds:?}");
    }
}
