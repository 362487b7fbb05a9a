//! Security risks: access, secrets, copies, people who cannot log in (F063).
//!
//! Tests: `tests/it/register_rules.rs`.

use super::facts::Facts;
use super::rule::{Hit, Rule, Watch, hit};
use crate::estimate::words;

pub(super) const RULES: &[Rule] = &[
    Rule { number: 45, category: "security", about: copies },
    Rule { number: 46, category: "security", about: access },
    Rule { number: 47, category: "security", about: locked_out },
    Rule { number: 48, category: "security", about: on_the_way },
    Rule { number: 51, category: "security", about: old_secrets },
];

/// A comparison of rows sees no right, no copy and no key: only whoever answers for security does.
const REVIEWED: Watch =
    Watch { metrics: &[], data: false, steps: false, approvals: true, named: &[], advice: "an approval by whoever answers for security" };

fn copies(facts: &Facts<'_>) -> Option<Hit> {
    if facts.runs || !facts.moves_rows() {
        return None;
    }
    Some(
        hit(
            "copies and dumps of personal data stay where nobody guards them",
            format!("rows are copied in {}", words::count(facts.writing().len() as u64, "phase")),
        )
        .severity(7, "a leak of what was copied")
        .occurrence(4, "dumps, snapshots and rehearsal copies are made on the way")
        .watch(REVIEWED)
        .eased(facts.task(&["people.decommission", "people.compliance"]), 2)
        .advice("a task that lists each copy with its owner and the day it is deleted")
        .then("a copy that nobody can name", "delete it, and tell whoever answers for security")
        .owner(facts.role("security")),
    )
}

fn access(facts: &Facts<'_>) -> Option<Hit> {
    if facts.runs || !facts.is(&["move", "infra", "service", "platform", "container", "managed"]) {
        return None;
    }
    Some(
        hit("the new side lets in more than the old one did", format!("kinds {}", facts.plan.kinds.join(", ")))
            .severity(8, "grants, networks and roles are written anew")
            .occurrence(4, "wide rights are given for the migration and stay")
            .watch(REVIEWED)
            .eased(facts.step(&["grant", "privilege", "role", "iam", "firewall", "security"]).map(|step| format!("step `{}`", step.id)), 2)
            .eased(facts.task(&["people.network", "people.compliance"]), 3)
            .advice("compare grants and network rules of both sides before users are moved")
            .then("a right that the old side did not give", "take it away at once; look at the log of who used it")
            .owner(facts.role("security"))
            .within(facts.cutover()),
    )
}

fn locked_out(facts: &Facts<'_>) -> Option<Hit> {
    let auth = facts.spec.program.auth.as_ref()?;
    let many = auth.users.unwrap_or(0);
    let evidence = auth
        .users
        .map_or_else(|| "nobody knows how many users (`auth.users`)".to_owned(), |users| format!("{} users", words::grouped(users)));
    Some(
        hit("users cannot log in", evidence)
            .severity(if many > 1_000 || auth.users.is_none() { 9 } else { 7 }, "no login, no service")
            .occurrence(3, "hash formats, redirect addresses, clocks and certificates")
            .watch(Watch { metrics: &["error_rate", "availability", "throughput"], advice: "a gate on failed logins", ..Watch::default() })
            .eased(
                facts
                    .spec
                    .program
                    .rollout
                    .as_ref()
                    .filter(|rollout| rollout.steps.len() > 1)
                    .map(|_| "users move in steps (`rollout`)".to_owned()),
                2,
            )
            .eased(facts.task(&["people.rehearsal", "people.sso_app"]), 2)
            .advice("move a small group first, and keep the old way open")
            .then("failed logins above the usual", "the old provider answers again")
            .owner(facts.role("security"))
            .within(facts.cutover()),
    )
}

fn on_the_way(facts: &Facts<'_>) -> Option<Hit> {
    let infra = facts.spec.program.infra.as_ref();
    let leaves = infra.is_some_and(|infra| infra.from != infra.to);
    if !leaves || facts.runs {
        return None;
    }
    let between = infra.map(|infra| format!("{} → {}", infra.from, infra.to)).unwrap_or_default();
    Some(
        hit("data can be read on its way between the two places", between)
            .severity(8, "it leaves the network that was guarded")
            .occurrence(2, "TLS is the default of what this plan connects with")
            .watch(REVIEWED)
            .eased(facts.task(&["people.network"]), 1)
            .advice("a private connection, or TLS with verified names everywhere")
            .then("a connection without TLS", "close it; what went over it counts as read")
            .owner(facts.role("security"))
            .within(facts.writing()),
    )
}

fn old_secrets(facts: &Facts<'_>) -> Option<Hit> {
    if facts.runs || !facts.is(&["auth", "move", "infra", "managed"]) {
        return None;
    }
    let rotated = facts.step(&["rotate", "revoke", "secret", "key"]).map(|step| format!("step `{}`", step.id));
    Some(
        hit("keys and passwords of the old side still open something", "credentials of two sides exist at once")
            .severity(7, "a forgotten key is a door")
            .occurrence(
                if rotated.is_some() { 2 } else { 4 },
                if rotated.is_some() { "they are changed in this plan" } else { "no step takes them away" },
            )
            .watch(REVIEWED)
            .eased(rotated, 2)
            .advice("a step that revokes the old side's credentials after `keep_old`")
            .then("an old key is used", "revoke it, and look at the log")
            .owner(facts.role("security"))
            .within(facts.finals()),
    )
}
