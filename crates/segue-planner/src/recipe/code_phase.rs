//! Phases that recipes of source code share: the new side beside the old one, the proof, the shift and the end.
//!
//! Both builds read and write the same data for as long as both stand; that is the way back, and a step of its own
//! proves it. Tests: `tests/it/project_recipes_code.rs`.

use super::build::{self, PhaseDraft, none_of};
use super::code::{Change, Named, tools};
use super::draft::Draft;
use super::ground::Ground;
use super::retire::{self, Old};
use super::traffic::{self, Division};

/// What is said of all changes together.
pub(crate) fn said(changes: &[Change], side: fn(&Change) -> &Named) -> String {
    let names: Vec<String> = changes.iter().map(|change| side(change).said()).collect();
    names.join(", ")
}

/// The old side of a change.
pub(crate) fn from(change: &Change) -> &Named {
    &change.from
}

/// The new side of a change.
pub(crate) fn to(change: &Change) -> &Named {
    &change.to
}

/// A phase of the developer's with the way back that all phases before traffic have.
pub(crate) fn work(ground: &Ground<'_>, name: &str, goal: &str, after: &str) -> PhaseDraft {
    build::phase(name, goal).after(&[after]).owner(ground.role("developer")).back(
        "do not deploy the branch; its commits are reverted one by one or the branch is left",
        "none",
        "the deployed build is the one from before and its tests are green",
    )
}

/// The step that keeps the way back open: nothing is written that the old build cannot read.
pub(crate) fn same_form(ground: &Ground<'_>) -> build::StepDraft {
    build::manual(
        "same-form",
        "verify_same_form",
        "Lets the old build read what the new one wrote: sessions, cookies, caches, queue messages, files and rows, and the other way round",
        "going back is only possible while the old build understands everything that the new one left behind",
        "a test writes with one build and reads with the other, in both directions, for each of them",
    )
    .owner(ground.role("developer"))
    .reads()
    .people("load_test", 1)
}

/// The proof before users: tests, recorded requests against both builds, load.
pub(crate) fn prove(ground: &Ground<'_>, draft: &mut Draft, changes: &[Change], after: &str) -> PhaseDraft {
    let profile = &ground.profile;
    let factor = profile.load_factor.value;
    draft.figure("load_test", format!("{factor} times the ordinary load"), profile.load_factor.place);
    let mut phase = work(ground, "prove", "the new build answers as the old one does, also under load", after)
        .deliver("the list of answers that differ, each explained or mended")
        .deliver("the report of the load test");
    for (at, tool) in tools(ground, changes).iter().enumerate() {
        let id = if at == 0 { "tests".to_owned() } else { format!("tests-{}", tool.name) };
        phase = phase.step(tool.tests(
            ground,
            &id,
            "Runs all tests against the new build",
            "the tests that pin today's behaviour know nothing of how it is built",
        ));
    }
    phase
        .step(
            build::manual(
                "replay",
                "compare_answers",
                "Sends recorded requests that only read to both builds and compares status, headers and bodies",
                "what no test thought of stands in the traffic of yesterday; requests that write are never doubled",
                "the list of differences is empty, or each difference is wanted and written down",
            )
            .owner(ground.role("developer"))
            .reads()
            .people("rehearsal", 1),
        )
        .step(same_form(ground))
        .step(
            build::manual(
                "load",
                "load_test",
                format!("Loads the new build with {factor} times the ordinary requests a second, away from production"),
                "start-up time, memory and pool sizes differ between builds and show only under load",
                "error rate and p95 stay within the gates of the canary for the whole test",
            )
            .owner(ground.role("oncall"))
            .reads()
            .people("load_test", 1),
        )
        .gate(
            "features",
            "no critical feature fails",
            none_of("critical_features_failing"),
            "document 002, Success Criteria: all critical features working",
        )
        .gate("answers", "the answers of both builds agree", none_of("mismatches"), "Segue's own: each difference is mended or explained")
}

/// Canary, shift, watch and retire of a build.
pub(crate) fn shift_and_retire(ground: &Ground<'_>, draft: &mut Draft, changes: &[Change], after: &str, what: &str) {
    shift(ground, draft, after, what);
    end(ground, draft, changes, &["shift"]);
}

/// Canary and shift of a build.
pub(crate) fn shift(ground: &Ground<'_>, draft: &mut Draft, after: &str, what: &str) {
    let division = Division {
        what,
        ladder: ground.profile.service,
        after: &[after],
        users: "none while both builds answer alike; a few requests may fail in the seconds before a share is taken back",
        back: "both builds read and write the same data in the same form, so nothing has to flow back",
    };
    traffic::shift(draft, ground, &division);
}

/// Watch and retire of a build.
pub(crate) fn end(ground: &Ground<'_>, draft: &mut Draft, changes: &[Change], after: &[&str]) {
    let old = said(changes, from);
    retire::retire(
        draft,
        ground,
        &Old {
            what: &format!("the build with {old}"),
            after,
            owner: "developer",
            kept_true: "the build from before is kept deployable and reads the same data",
            archive: &format!("the last build with {old}, its image and the tag of its source"),
        },
    );
    for change in changes.iter().filter(|change| !change.is_upgrade()) {
        if let Some(tool) = super::code_tool::tool(ground, &change.from) {
            before_last(draft, "retire", tool.remove(ground, change));
        }
    }
}

/// Shares that a setting of the application gives and no proxy: a person sets them.
pub(crate) fn by_setting(draft: &mut Draft, tell: &str) {
    for step in draft.phases.iter_mut().flat_map(|phase| &mut phase.steps).filter(|step| step.kind == "set_share") {
        "manual".clone_into(&mut step.by);
        step.outside.command = None;
        step.undo.command = None;
        "the setting stands in the application's own configuration".clone_into(&mut step.outside.because);
        step.outside.how_to_tell = format!("{tell}; {}", step.outside.how_to_tell);
    }
}

/// Puts a step before the last one of a phase: what can be undone comes before what cannot.
pub(crate) fn before_last(draft: &mut Draft, name: &str, step: build::StepDraft) {
    let Some(at) = draft.phases.iter().position(|phase| phase.name == name) else { return };
    let mut phase = PhaseDraft(std::mem::take(&mut draft.phases[at])).step(step).0;
    let last = phase.steps.len().saturating_sub(1);
    if last > 0 {
        phase.steps.swap(last - 1, last);
    }
    draft.phases[at] = phase;
}
