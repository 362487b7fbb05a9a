//! What the spec states already is not needed any more: a row of *needed before start* goes when its key has a value.
//!
//! Only for keys whose value is the answer. A key that says where the answer is looked for (`code.path`) stays: what was
//! found there decides. So does the size of a system: a row may ask for that of one table. Tests: `tests/it/project_limits.rs`.

use segue_model::spec::Spec;

/// The spec has a value for this key.
pub(crate) fn is_stated(spec: &Spec, key: &str) -> bool {
    let parts: Vec<&str> = key.split('.').collect();
    let phase = |name: &str| spec.program.phases.get(name);
    let facts = |name: &str| spec.program.about.get(name).map(|about| &about.facts);
    match parts.as_slice() {
        ["phases", name, "estimate"] => phase(name).is_some_and(|wish| wish.estimate.is_some()),
        ["phases", name, "hold"] => phase(name).is_some_and(|wish| wish.hold.is_some()),
        ["phases", name, "tasks"] => phase(name).is_some_and(|wish| !wish.tasks.is_empty()),
        ["systems", name, "facts", "growth_per_day"] => facts(name).is_some_and(|facts| facts.growth_per_day.is_some()),
        _ => false,
    }
}
