//! From one region to another of the same cloud: the same definitions a second time, replicas, then weights.
//!
//! Tests: `tests/it/project_recipes_infra.rs`.

use super::build;
use super::draft::{Draft, pattern};
use super::ground::Ground;
use super::{infra, infra_data, infra_phase, reasons};

/// The part of a plan.
pub(crate) fn draft(ground: &Ground<'_>) -> Draft {
    let ends = infra::ends(ground, "the old region", "the new region");
    let mut draft = Draft::new(
        "infra",
        pattern(
            "second region from the same definitions, then weights",
            format!(
                "{} is built from the definitions of {} and follows it; requests go over in shares, writes last, and the old region follows back",
                ends.to, ends.from
            ),
            &[
                reasons::big_bang(ground, &ends.to),
                (
                    "snapshot copied to the other region",
                    format!("what is written after the snapshot would be missing: {}", reasons::downtime(ground)),
                ),
                (
                    "both regions take writes",
                    "two writing sides need rules for conflicts that the application does not have; reads may come from both".to_owned(),
                ),
            ],
        ),
    );
    infra::mapping(ground, &mut draft, &ends);
    let prepare =
        infra::prepare(ground, &mut draft, &ends, "everything that names the old region is found, and what the new region lacks is known")
            .step(names(ground, &ends))
            .step(offered(ground, &ends));
    draft.phase(prepare);
    draft.phase(infra::network(ground, &ends, "prepare"));
    draft.phase(infra::target(ground, &ends, "network"));
    let mut last = "target";
    if infra_data::carries(ground) {
        let data = infra_data::follow(ground, &mut draft, &ends, "target");
        draft.phase(data);
        last = "data";
    }
    let prove = infra_phase::prove(ground, &mut draft, &ends, last);
    draft.phase(prove);
    infra_phase::move_users(
        ground,
        &mut draft,
        &ends,
        "prove",
        "requests, by weights of the name service, users near the new region first",
    );
    draft
}

fn names(ground: &Ground<'_>, ends: &infra::Ends) -> build::StepDraft {
    build::manual(
        "names",
        "find_region_names",
        format!("Finds everything that names {}: addresses, ARNs and ids, buckets, keys, certificates, images, quotas, reserved capacity, code and settings", ends.from),
        "a name that is forgotten keeps the old region alive or fails when it goes",
        "a search of code, settings and state for the region's name gives a list, and each entry has an owner",
    )
    .owner(ground.role("ops"))
    .reads()
    .people("review", 2)
}

fn offered(ground: &Ground<'_>, ends: &infra::Ends) -> build::StepDraft {
    build::manual(
        "offered",
        "check_region",
        format!("Checks that {} offers each service, machine size and version that is used, that keys and certificates can be made there, and that its quotas are as high", ends.to),
        "regions differ in what they offer and in what a new account may use",
        "each kind of resource was made once in the new region and taken away again",
    )
    .owner(ground.role("ops"))
    .undo("take away what the trial made", "0 rows", "the new region lists nothing of ours")
    .people("resource", 2)
}
