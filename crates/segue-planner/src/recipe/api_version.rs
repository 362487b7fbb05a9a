//! A new contract of an API beside the old one, and the end of the old one on a day that everybody knew.
//!
//! Soft deprecation, a compatibility layer while clients move, hard deprecation, removal; each ends by a gate and not
//! by a date alone. Nothing is taken away that has no successor, and nothing before its notice is over. Tests:
//! `tests/it/project_recipes_code.rs`.

use segue_model::assessment::Verdict;
use segue_model::finding::Severity;
use segue_model::spec::program::{Api, MetricValue};
use segue_model::units::Millis;

use super::api_step;
use super::build::{self, PhaseDraft, metric, none_of};
use super::draft::{Draft, pattern};
use super::ground::{Ground, share};
use super::retire::{self, Old};
use super::traffic::{self, Division};
use super::{code_phase, preparation, reasons};
use crate::say;

const WEEK: u64 = 604_800;

/// How the notice is divided, in seconds.
struct Notice {
    soft_s: u64,
    hard_s: u64,
    from: &'static str,
}

/// The part of a plan.
pub(crate) fn draft(ground: &Ground<'_>) -> Draft {
    let api = ground.spec.program.api.clone().unwrap_or_default();
    let mut draft = Draft::new(
        "api",
        pattern(
            "both versions, then deprecation in stages",
            format!(
                "clients move when they can, not when we do: {} and {} are answered side by side, and the old one ends by gates and a date that was announced",
                api.old, api.new
            ),
            &[
                reasons::big_bang(ground, "the new contract, and every client that did not change would fail"),
                (
                    "breaking change in place",
                    format!(
                        "{}: a client that was built against the old contract would get answers that it cannot read",
                        reasons::downtime(ground)
                    ),
                ),
                reasons::parallel_run(
                    ground,
                    "calls that write must not be made twice; the adapter answers the old form from the new implementation instead",
                ),
            ],
        ),
    );
    let clients = api.clients.map_or_else(String::new, |clients| format!("{clients} clients"));
    draft.aspect("API", api.old.as_str(), api.new.as_str(), "operations, parameters, answers, errors; see the list of `segue check`");
    draft.aspect(
        "Clients",
        format!("{clients} on the old contract"),
        "all on the new contract",
        "each moves at its own time within the notice",
    );
    if api.clients.is_none() {
        draft.need("how many clients use the old contract", "api.clients", &["soft", "canary", "estimate"]);
    }
    let notice = notice(ground);
    figures(ground, &mut draft, &notice);
    let first = prepare(ground, &mut draft, &api);
    draft.phase(first);
    draft.phase(both(ground, &api));
    draft.phase(soft(ground, &api, &notice));
    traffic::shift(&mut draft, ground, &division(ground));
    adoption(ground, &mut draft, &api);
    draft.phase(hard(ground, &api, &notice));
    let old = Old {
        what: "the old version of the API",
        after: &["hard"],
        owner: "developer",
        kept_true: "the adapter still answers the old contract from the same implementation and the same data",
        archive: "the old contract, the guide, and the list of who was told when",
    };
    retire::retire(&mut draft, ground, &old);
    removal(ground, &mut draft);
    draft
}

/// A quarter of the notice is soft; the hard part is as long, and longer where the ladder leaves more.
fn notice(ground: &Ground<'_>) -> Notice {
    let all = ground.profile.deprecation_s;
    let quarter = (all.value / 4 / WEEK * WEEK).max(WEEK);
    let (steps, hold_s, _) = ground.ladder(ground.profile.api);
    let ladder = hold_s.saturating_mul(steps.len() as u64);
    // The last week of the notice is the first of the removal.
    let rest = all.value.saturating_sub(quarter + ladder + WEEK);
    Notice { soft_s: quarter, hard_s: quarter.max(rest), from: all.place }
}

fn figures(ground: &Ground<'_>, draft: &mut Draft, notice: &Notice) {
    let (steps, hold_s, from) = ground.ladder(ground.profile.api);
    draft.figure("deprecation", Millis(ground.profile.deprecation_s.value * 1_000).to_string(), ground.profile.deprecation_s.place);
    draft.figure("soft", Millis(notice.soft_s * 1_000).to_string(), notice.from);
    draft.figure("hard", Millis(notice.hard_s * 1_000).to_string(), notice.from);
    draft.figure("compatibility", Millis(hold_s * 1_000 * steps.len() as u64).to_string(), from);
    let whole = notice.soft_s + hold_s * steps.len() as u64 + notice.hard_s;
    if let (Some(start), Some(deadline)) = (ground.spec.program.start, ground.spec.program.deadline) {
        let days = (deadline.0 - start.0).get_days();
        if u64::try_from(days).unwrap_or(0) * 86_400 < whole {
            let message =
                format!("the notice alone takes {}, and there are {days} days from `start` to `limits.deadline`", Millis(whole * 1_000));
            draft.findings.push(say::finding(
                50,
                Severity::High,
                "api",
                message,
                "Move the deadline, or shorten `rollout.hold` and say to clients that you do.",
            ));
        }
    }
}

fn prepare(ground: &Ground<'_>, draft: &mut Draft, api: &Api) -> PhaseDraft {
    let role = ground.role("developer");
    let mut phase = preparation::prepare(ground, "what breaks for whom is known, and who calls the old contract is counted")
        .deliver("the list of breaking changes, each with its successor")
        .deliver("the list of clients with their owners and their calls a day");
    if api.old.is_empty() || api.new.is_empty() {
        draft.need("the files of the old and of the new contract", "api.old", &["prepare"]);
    } else {
        phase = phase.step(
            build::manual(
                "diff",
                "check_contract",
                format!("Compares {} with {} and lists what breaks", api.old, api.new),
                "what is not on the list reaches clients as a surprise",
                "the list is there; each breaking change on it has a successor in the guide",
            )
            .owner(role)
            .reads()
            .people("review", 1),
        );
    }
    for object in ground
        .assessment
        .map_or(&[][..], |assessment| &assessment.objects)
        .iter()
        .filter(|object| matches!(object.kind.as_str(), "endpoint" | "operation" | "route"))
    {
        if matches!(object.verdict, Verdict::Manual | Verdict::Blocked) {
            phase = phase.task_of(
                format!("{}: {}", object.name, object.reason),
                role,
                object.effort_min,
                &format!("assessment, rule {}", object.rule),
            );
        }
    }
    phase.step(api_step::count_calls(ground)).step(api_step::successors(ground))
}

/// Both versions answer.
fn both(ground: &Ground<'_>, api: &Api) -> PhaseDraft {
    build::phase("both", "both contracts are answered: the old one as before and, for trials, by the adapter over the new implementation")
        .after(&["prepare"])
        .owner(ground.role("developer"))
        .back(
            "take the new paths out of the router; the old ones were never touched",
            "none for clients of the old contract; trial clients of the new one get 404",
            "the old contract's error rate and p95 are those of the baseline",
        )
        .deliver("both contracts under their own path or media type, each with its tests")
        .step(api_step::new_version(ground, api))
        .step(api_step::adapter(ground))
        .step(api_step::negotiation(ground))
        .step(api_step::contract_tests(ground, api))
        .gate(
            "answers",
            "the adapter answers as the old implementation did on recorded calls",
            none_of("mismatches"),
            "Segue's own: each difference is mended or explained",
        )
        .gate(
            "features",
            "no critical feature fails",
            none_of("critical_features_failing"),
            "document 002, Success Criteria: all critical features working",
        )
}

/// Soft deprecation: everybody is told, every call is counted.
fn soft(ground: &Ground<'_>, api: &Api, notice: &Notice) -> PhaseDraft {
    let lead = ground.role("lead");
    let guide = format!("docs/migrations/{}.md", ground.spec.id);
    let audience: Vec<&str> =
        ["support", "lead"].iter().map(|role| ground.role(if *role == "support" { "support" } else { "lead" })).collect();
    let by: Vec<&str> = if audience[0] == audience[1] { vec![audience[0]] } else { audience };
    build::phase("soft", "every client knows the date, the guide and how to move, and each call of the old contract is counted by client")
        .after(&["both"])
        .owner(lead)
        .users("clients of the old contract see warnings in headers; nothing else changes")
        .wait("deprecation", notice.soft_s, notice.from)
        .back("withdraw the notice: take the headers out and say so over the same channels", "clients that read the headers see them disappear", "a call of the old contract has neither header")
        .deliver("the guide, with each breaking change and code for it")
        .deliver("the dashboard: calls of the old contract by client and day")
        .task("Notices in the API documentation, the README with its timeline, the changelog, a banner on the documentation", ground.role("developer"), "documentation", 2)
        .task("Announcement by mail, forum or chat, and blog: what ends, when, what to do, who helps", ground.role("support"), "communication", 3)
        .task("Dashboard of calls of the old contract by client and day", ground.role("oncall"), "dashboard", 1)
        .step(api_step::guide(ground, &guide, api))
        .step(api_step::headers(ground))
        .step(api_step::warnings(ground))
        .gate("soft-exit", "every call of the old contract is logged with its client; the guide is published; everybody was told; the dashboard shows all of it", build::people(&by, 1), "document 003, soft deprecation: success metrics")
}

fn division(ground: &Ground<'_>) -> Division<'static> {
    Division {
        what: "calls that name no version",
        ladder: ground.profile.api,
        after: &["soft"],
        users: "clients that name no version get the new contract's implementation behind the old form, a share at a time",
        back: "the old implementation still answers, from the same data",
    }
}

/// What the stage of the compatibility layer adds to the ladder: clients that are asked to move.
fn adoption(ground: &Ground<'_>, draft: &mut Draft, api: &Api) {
    let Some(at) = draft.phases.iter().position(|phase| phase.name == "shift") else { return };
    let mut phase = PhaseDraft(std::mem::take(&mut draft.phases[at]));
    if let Some(clients) = api.clients {
        let first = clients - clients.div_ceil(4);
        phase = phase.task(
            format!("Help clients to move, those with the most calls first: {first} of {clients} are three of four"),
            ground.role("support"),
            "client",
            first,
        );
    }
    for step in api_step::consumers(ground) {
        phase = phase.step(step);
    }
    let three = MetricValue::Times { factor_milli: 3_000, metric: "throughput".to_owned(), side: Some("old".to_owned()) };
    phase = phase
        .gate(
            "adoption",
            "calls of the new contract (side new) are at least three times those of the old one: 75% have moved",
            metric("throughput", Some("new"), ">=", three, 86_400),
            "document 003, compatibility layer: 75% migrated",
        )
        .gate(
            "compatible",
            "no critical feature fails",
            none_of("critical_features_failing"),
            "document 003, compatibility layer: no critical bug",
        );
    draft.phases[at] = phase.0;
}

/// Hard deprecation: errors where nobody is hurt, contact with each client that is left.
fn hard(ground: &Ground<'_>, api: &Api, notice: &Notice) -> PhaseDraft {
    let left = api.clients.map(|clients| clients.div_ceil(4));
    let twentieth = MetricValue::Times { factor_milli: 50, metric: "throughput".to_owned(), side: Some("new".to_owned()) };
    let mut phase = build::phase("hard", "who still uses the old contract is known by name, was spoken to, and has a date")
        .after(&["shift"])
        .owner(ground.role("lead"))
        .users("the old contract fails in test environments, and for announced minutes in production")
        .wait("deprecation", notice.hard_s, notice.from)
        .back(
            "take the refusals out of test environments and cancel the announced minutes; the adapter answers again",
            "clients of the old contract are answered again",
            "a call of the old contract is answered with 200 in each environment",
        )
        .deliver("the list of clients that are left, each with a person and a date")
        .step(api_step::refuse_in_tests(ground))
        .step(api_step::brownout(ground))
        .step(api_step::daily_report(ground))
        .gate(
            "legacy-share",
            &format!("less than {} of the calls use the old contract", share(5_000)),
            metric("throughput", Some("old"), "<=", twentieth, 7 * 86_400),
            "document 003, hard deprecation: below 5% of the traffic",
        )
        .gate(
            "hard-exit",
            "every client with many calls has moved; 95% followed the guide; fewer than 10 open tickets",
            build::people(&[ground.role("lead")], 1),
            "document 003, hard deprecation: success metrics",
        );
    if let Some(left) = left {
        phase = phase.task(
            format!(
                "Speak to each of the clients that are left (at most {left}, a quarter, by the gate before), offer help, agree on a day"
            ),
            ground.role("support"),
            "client",
            left,
        );
    }
    phase
}

/// What removal adds to the end.
fn removal(ground: &Ground<'_>, draft: &mut Draft) {
    if let Some(at) = draft.phases.iter().position(|phase| phase.name == "retire") {
        let phase = PhaseDraft(std::mem::take(&mut draft.phases[at]))
            .entry(
                "unused",
                "no call of the old contract for a day",
                metric("throughput", Some("old"), "==", MetricValue::Milli(0), 86_400),
                "Segue's own: nothing is taken away that is in use",
            )
            .task(
                "Release with a new major version: changelog, announcement, documentation without the old contract, the guide archived",
                ground.role("lead"),
                "communication",
                2,
            );
        draft.phases[at] = phase.0;
    }
    code_phase::before_last(draft, "retire", api_step::gone(ground));
    code_phase::before_last(draft, "retire", api_step::delete_code(ground));
}
