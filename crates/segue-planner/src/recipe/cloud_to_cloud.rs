//! From one cloud to another: everything has a counterpart or a decision, and both clouds stand until the end.
//!
//! Tests: `tests/it/project_recipes_infra.rs`.

use super::build;
use super::draft::{Draft, pattern};
use super::ground::Ground;
use super::{infra, infra_data, infra_phase, onprem_to_cloud, reasons};

/// The part of a plan.
pub(crate) fn draft(ground: &Ground<'_>) -> Draft {
    let ends = infra::ends(ground, "the old cloud", "the new cloud");
    let mut draft = Draft::new(
        "infra",
        pattern(
            "parallel infrastructure with a pilot",
            format!(
                "{} and {} stand side by side, joined by a private link; a pilot proves the mapping, then requests go over in shares and writes last",
                ends.from, ends.to
            ),
            &[
                reasons::big_bang(ground, &ends.to),
                reasons::blue_green(ground, &ends.from),
                (
                    "backup and restore",
                    format!(
                        "what is written after the backup would be lost: {}; the copy must follow, and the old side must follow back",
                        loss(ground)
                    ),
                ),
            ],
        ),
    );
    infra::mapping(ground, &mut draft, &ends);
    let prepare =
        infra::prepare(ground, &mut draft, &ends, "each service of the old cloud has a counterpart or a decision, and its cost is known")
            .task(
                "Quotas and limits of the new accounts: raised to three times the need, with the answer in writing",
                ground.role("ops"),
                "review",
                1,
            )
            .task(
                "Price of data that leaves the old cloud: bytes × price, once for the copy and each day for the stream back",
                ground.role("lead"),
                "review",
                1,
            )
            .step(vendor(ground))
            .step(identities(ground));
    draft.phase(prepare);
    draft.phase(infra::network(ground, &ends, "prepare"));
    draft.phase(infra::target(ground, &ends, "network"));
    draft.phase(infra_phase::pilot(ground, &ends, "target"));
    let mut last = "pilot";
    if infra_data::carries(ground) {
        let data = infra_data::follow(ground, &mut draft, &ends, "target");
        draft.phase(data);
        last = "data";
    }
    let prove = infra_phase::prove(ground, &mut draft, &ends, last);
    draft.phase(prove);
    onprem_to_cloud::after_both(&mut draft);
    infra_phase::move_users(
        ground,
        &mut draft,
        &ends,
        "prove",
        "requests, by weights of the name service or of a load balancer before both clouds",
    );
    draft
}

/// What the spec says of losing writes.
fn loss(ground: &Ground<'_>) -> &'static str {
    if ground.no_loss() { "`limits.data_loss` is none" } else { "`limits.data_loss` allows some, and this would be a day's" }
}

fn vendor(ground: &Ground<'_>) -> build::StepDraft {
    build::manual(
        "vendor",
        "find_vendor_features",
        "Lists what only the old cloud has and code uses: queues with their guarantees, functions and their triggers, signed addresses, identities of machines, mail, search, secrets",
        "what has a counterpart by name may behave otherwise: order, at least once, size of a message, time-outs",
        "each is listed with the files that use it, what takes its place, and the test that shows the difference",
    )
    .owner(ground.role("developer"))
    .reads()
    .people("review", 4)
}

fn identities(ground: &Ground<'_>) -> build::StepDraft {
    build::manual(
        "identities",
        "map_rights",
        "Maps identities and rights of the old cloud to those of the new one, least rights first, and names who holds the keys of encrypted data",
        "rights have no common form: what is copied by eye is too wide or fails on the day",
        "each service at the target has its own identity; a test shows what it may and one thing that it may not",
    )
    .owner(ground.role("security"))
    .undo("take the identities out of the target; the old cloud's are untouched", "0 rows", "the target lists none of them")
    .people("resource", 4)
}
