//! Requests from the old side to the new one: a share at a time, each held and watched, and back with one change.
//!
//! Who is on which side is decided by a stable hash of what `rollout.sticky` names, never by a salted one. Tests:
//! `tests/it/project_cases.rs`.

use segue_model::spec::program::MetricValue;

use super::build::{self, PhaseDraft, metric};
use super::draft::Draft;
use super::ground::{Ground, share};
use super::script::proxy::{self, Rule};
use crate::profile::{self, Set};

/// How traffic is divided.
pub(crate) struct Division<'a> {
    /// What is divided: `requests of the orders service`.
    pub(crate) what: &'a str,
    /// Which ladder of the profile, where the spec has none.
    pub(crate) ladder: Set<profile::Ladder>,
    /// The phases that must be over before.
    pub(crate) after: &'a [&'a str],
    /// What users notice.
    pub(crate) users: &'a str,
    /// What undoing keeps: `writes of the new side flow back`.
    pub(crate) back: &'a str,
}

/// The gates at which a new side is compared with the old one.
pub(crate) fn health(phase: PhaseDraft, ground: &Ground<'_>, for_s: u64) -> PhaseDraft {
    let profile = &ground.profile;
    let p95 = MetricValue::Times { factor_milli: profile.p95_factor_milli.value, metric: "p95".to_owned(), side: Some("old".to_owned()) };
    phase
        .gate(
            "error-rate",
            "the new side fails no more than that",
            metric("error_rate", Some("new"), "<=", MetricValue::PercentMilli(profile.error_rate_milli.value), for_s),
            profile.error_rate_milli.place,
        )
        .gate(
            "p95",
            "the new side is about as quick as the old one",
            metric("p95", Some("new"), "<=", p95, for_s),
            profile.p95_factor_milli.place,
        )
}

/// A canary phase for the first share, and `shift` for the rest of the ladder.
pub(crate) fn shift(draft: &mut Draft, ground: &Ground<'_>, division: &Division<'_>) {
    shift_named(draft, ground, division, &Names { canary: "canary", shift: "shift", proxy: "all", routes: &[] });
}

/// What the phases and the proxy's settings are called.
pub(crate) struct Names<'a> {
    pub(crate) canary: &'a str,
    pub(crate) shift: &'a str,
    /// A word inside the settings.
    pub(crate) proxy: &'a str,
    /// Globs; empty means every request.
    pub(crate) routes: &'a [String],
}

/// The same with names of one's own, for a part of the requests.
pub(crate) fn shift_named(draft: &mut Draft, ground: &Ground<'_>, division: &Division<'_>, names: &Names<'_>) {
    let (steps, hold_s, from) = ground.ladder(division.ladder);
    let words: Vec<String> = steps.iter().map(|step| share(*step)).collect();
    draft.figure("ladder", words.join(", "), from.as_str());
    draft.figure("hold", segue_model::units::Millis(hold_s * 1_000).to_string(), from.as_str());
    let sticky = ground.spec.program.rollout.as_ref().and_then(|rollout| rollout.sticky.clone());
    if sticky.is_none() {
        draft.need("what keeps a user on one side while shares grow", "rollout.sticky", &[names.shift]);
    }
    let key = sticky.unwrap_or_else(|| "user_id".to_owned());
    let rule = Rule { name: names.proxy, routes: names.routes, sticky: &key };
    let ladder = Ladder { division, rule, hold_s, from: &from };
    let canary = steps.len() > 1;
    if canary {
        let goal = "a small share of users is served by the new side, and nothing is worse for them";
        let first = rung(build::phase(names.canary, goal).after(division.after), ground, &ladder, 0, steps[0])
            .users("a small share of users is served by the new side")
            .task("Let colleagues and testers who agreed use the new side first, with data of their own", ground.role("lead"), "review", 1);
        draft.phase(health(first, ground, hold_s.min(3_600)));
    }
    let mut before = if canary { steps[0] } else { 0 };
    let mut phase = build::phase(names.shift, "all users are served by the new side").owner(ground.role("lead")).users(division.users);
    phase = if canary { phase.after(&[names.canary]) } else { phase.after(division.after) };
    phase = approved(phase, ground);
    for step in &steps[usize::from(canary)..] {
        phase = rung(phase, ground, &ladder, before, *step);
        before = *step;
    }
    draft.phase(health(phase, ground, hold_s.min(3_600)));
}

/// The people of the spec who answer for it say yes before a phase begins.
pub(crate) fn approved(phase: PhaseDraft, ground: &Ground<'_>) -> PhaseDraft {
    let roles: Vec<&str> = ground.spec.owners.keys().map(String::as_str).collect();
    let by: Vec<&str> = if roles.is_empty() { vec!["lead"] } else { roles };
    let count = ground.profile.approvals.value.min(u32::try_from(by.len()).unwrap_or(1));
    phase.entry("approval", "people who answer for it say yes", build::people(&by, count), ground.profile.approvals.place)
}

/// What all rungs share.
struct Ladder<'a> {
    division: &'a Division<'a>,
    rule: Rule<'a>,
    hold_s: u64,
    from: &'a str,
}

/// One share: given, held, watched.
fn rung(phase: PhaseDraft, ground: &Ground<'_>, ladder: &Ladder<'_>, before: u64, step: u64) -> PhaseDraft {
    let (division, words) = (ladder.division, share(step));
    let held = segue_model::units::Millis(ladder.hold_s * 1_000);
    let profile = &ground.profile;
    let watched = format!(
        "held for {held} with error_rate(new) of at most {} and p95(new) of at most {}.{} × p95(old); else back at once",
        share(profile.error_rate_milli.value),
        profile.p95_factor_milli.value / 1_000,
        profile.p95_factor_milli.value % 1_000 / 100,
    );
    let draft = build::settings(
        &format!("share-{}", words.trim_end_matches('%')),
        "set_share",
        format!("Gives the new side {words} of {}", division.what),
        "what is wrong shows on few users first",
        proxy::share(&ladder.rule, step),
    );
    let undo = format!("give the new side {} again, as before; {}", share(before), division.back);
    let draft = draft
        .tell(&watched)
        .owner(ground.role("oncall"))
        .until_contract()
        .undo(&undo, "0 rows", "the old side serves the share again, its error rate and p95 are those of the baseline")
        .undo_settings(proxy::share(&ladder.rule, before))
        .people("cutover", 1)
        .waits("hold", ladder.hold_s, ladder.from);
    phase.step(draft).back(
        &format!("set the share of the new side to 0%; {}", division.back),
        "the users of the share are served by the old side again",
        "the old side's error rate and p95 are those of the baseline",
    )
}

/// Shares that the application's own flag gives, and no proxy: readers of another form, slots of a map.
pub(crate) fn by_flag(draft: &mut Draft, kind: &str, owner: &str, told: &str, because: &str) {
    for phase in draft.phases.iter_mut().filter(|phase| phase.name == "canary" || phase.name == "shift") {
        for step in phase.steps.iter_mut().filter(|step| step.kind == "set_share") {
            kind.clone_into(&mut step.kind);
            "manual".clone_into(&mut step.by);
            owner.clone_into(&mut step.outside.owner);
            step.outside.command = None;
            step.undo.command = None;
            let held = step.outside.how_to_tell.rsplit("; held for ").next().unwrap_or_default();
            step.outside.how_to_tell = format!("{told}; held for {held}");
            because.clone_into(&mut step.outside.because);
        }
    }
}
