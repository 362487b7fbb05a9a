//! From machines of one's own to a cloud: lift and shift first, changes of design afterwards, and what must stay stays.
//!
//! Tests: `tests/it/project_recipes_infra.rs`.

use segue_model::plan::Pattern;

use super::build::{self, PhaseDraft};
use super::draft::{Draft, pattern};
use super::ground::Ground;
use super::{infra, infra_data, infra_phase, reasons};

/// The part of a plan.
pub(crate) fn draft(ground: &Ground<'_>) -> Draft {
    let ends = infra::ends(ground, "on-prem", "cloud");
    let program = &ground.spec.program;
    let mut draft = Draft::new("infra", chosen(ground, &ends));
    infra::mapping(ground, &mut draft, &ends);
    let mut prepare = infra::prepare(
        ground,
        &mut draft,
        &ends,
        "what stands in the old place is known, with owners, and each has a place to go or a reason to stay",
    )
    .task("Licences: which may run at the target, on which machines, at which price", ground.role("lead"), "review", 1)
    .task(
        "Hardware and contracts of the old place: until when they are paid, supported, under warranty",
        ground.role("lead"),
        "review",
        1,
    );
    for list in &program.compliance {
        prepare = prepare.step(
            build::manual(
                &format!("placement-{list}"),
                "decide_placement",
                format!(
                    "Decides for each store of data under {} whether it may move, to which region, with which keys",
                    list.to_uppercase()
                ),
                "data that may not leave cannot be brought back by a rollback: it has left",
                "a list signed by whoever answers for it: store, class of data, stays or moves, region, who holds the keys",
            )
            .owner(ground.role("compliance"))
            .reads()
            .people("compliance", 1),
        );
    }
    draft.phase(prepare);
    draft.phase(infra::network(ground, &ends, "prepare"));
    draft.phase(infra::target(ground, &ends, "network"));
    draft.phase(infra_phase::pilot(ground, &ends, "target"));
    let mut last = "pilot";
    if infra_data::carries(ground) {
        let data = infra_data::follow(ground, &mut draft, &ends, "target");
        draft.phase(placed(ground, data));
        last = "data";
    }
    let prove = infra_phase::prove(ground, &mut draft, &ends, last);
    draft.phase(prove);
    after_both(&mut draft);
    infra_phase::move_users(ground, &mut draft, &ends, "prove", "requests, by weights of the load balancer or of the name service");
    draft
}

/// Data under rules of others leave only when whoever answers for them has said so.
fn placed(ground: &Ground<'_>, data: PhaseDraft) -> PhaseDraft {
    if ground.spec.program.compliance.is_empty() {
        return data;
    }
    let by = ground.role("compliance");
    data.entry(
        "placement",
        "whoever answers for the data has signed what may leave; the rest is not copied",
        build::people(&[by], 1),
        "spec compliance",
    )
}

/// Lift and shift; where rules hold data back, what computes moves first.
fn chosen(ground: &Ground<'_>, ends: &infra::Ends) -> Pattern {
    let program = &ground.spec.program;
    let date = program.deadline.map_or_else(
        || "two changes at a time hide each other's faults".to_owned(),
        |date| format!("it would not be done by `limits.deadline` {}, and two changes at a time hide each other's faults", date.0),
    );
    let (name, why) = if program.compliance.is_empty() {
        (
            "lift and shift",
            format!(
                "what runs at {} runs at {} unchanged first: one change at a time, and the old place can take it back at any moment",
                ends.from, ends.to
            ),
        )
    } else {
        let lists = program.compliance.join(", ");
        (
            "hybrid placement, then lift and shift",
            format!(
                "data under {lists} stays at {} until somebody who answers for it says otherwise; what computes moves first, over a private link",
                ends.from
            ),
        )
    };
    pattern(
        name,
        why,
        &[
            ("re-architecture", format!("a new design during the move: {date}; it comes when the move is over")),
            reasons::big_bang(ground, &ends.to),
            (
                "ship the disks",
                format!("what is written after the copy would be missing: {}; the copy must follow", reasons::downtime(ground)),
            ),
        ],
    )
}

/// The proof waits for the pilot as well as for the data.
pub(crate) fn after_both(draft: &mut Draft) {
    if !draft.has("pilot") {
        return;
    }
    if let Some(prove) = draft.phases.iter_mut().find(|phase| phase.name == "prove")
        && !prove.project.after.iter().any(|name| name == "pilot")
    {
        prove.project.after.push("pilot".to_owned());
    }
}
