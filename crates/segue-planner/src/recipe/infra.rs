//! What the recipes of infrastructure share: the two places, what stands in the old one and what takes its place.
//!
//! The target has definitions and a state of its own, so that undoing it can never touch the old place. Each resource
//! that was seen is in the plan, also the one that has no equivalent. Tests: `tests/it/project_recipes_infra.rs`.

use std::collections::BTreeMap;

use segue_model::assessment::Resource;
use segue_model::finding::Severity;
use segue_model::spec::program::Infra;

use super::build::{self, PhaseDraft, Shell, StepDraft, none_of};
use super::draft::Draft;
use super::ground::Ground;
use super::observed_work;
use super::preparation;
use super::shell::word;
use crate::say;

/// The two places.
pub(crate) struct Ends {
    /// `aws/eu-west-1`.
    pub(crate) from: String,
    /// `gcp/europe-west1`.
    pub(crate) to: String,
}

/// The part of the spec.
pub(crate) fn part<'a>(ground: &Ground<'a>) -> Option<&'a Infra> {
    ground.spec.program.infra.as_ref()
}

/// The two places; what is not stated is named by what the recipe is about.
pub(crate) fn ends(ground: &Ground<'_>, from: &str, to: &str) -> Ends {
    let known = |text: &str, other: &str| if text.is_empty() { other.to_owned() } else { text.to_owned() };
    part(ground).map_or_else(
        || Ends { from: from.to_owned(), to: to.to_owned() },
        |infra| Ends { from: known(&infra.from, from), to: known(&infra.to, to) },
    )
}

/// Resources of one kind.
#[derive(Debug, Default)]
pub(crate) struct Kind<'a> {
    /// How many.
    pub(crate) count: u64,
    /// Up to three addresses.
    pub(crate) shown: Vec<&'a str>,
    /// What takes its place.
    pub(crate) equivalent: Option<&'a str>,
    /// What differs.
    pub(crate) note: &'a str,
}

/// What was seen, by kind.
pub(crate) fn kinds<'a>(ground: &Ground<'a>) -> BTreeMap<&'a str, Kind<'a>> {
    let mut all: BTreeMap<&str, Kind<'_>> = BTreeMap::new();
    let seen: &[Resource] = ground.assessment.map_or(&[][..], |assessment| &assessment.resources);
    for resource in seen {
        let kind = all.entry(&resource.kind).or_default();
        kind.count += resource.count.max(1);
        kind.equivalent = resource.equivalent.as_deref();
        kind.note = &resource.note;
        if kind.shown.len() < 3 {
            kind.shown.push(&resource.address);
        }
    }
    all
}

/// Now and then, a line for each kind of resource: the mapping from the old place to the new one.
pub(crate) fn mapping(ground: &Ground<'_>, draft: &mut Draft, ends: &Ends) {
    draft.aspect("Place", ends.from.as_str(), ends.to.as_str(), "network, names, identities, where data lies");
    observed_work::ends_of_life(draft, ground);
    let kinds = kinds(ground);
    if kinds.is_empty() {
        draft.need(
            "which resources there are: an assessment that reads the Terraform files or their state",
            "infra.terraform",
            &["target", "estimate"],
        );
    }
    for (name, kind) in &kinds {
        let shown = kind.shown.join(", ");
        let more = if kind.count > kind.shown.len() as u64 {
            format!(" and {} more", kind.count - kind.shown.len() as u64)
        } else {
            String::new()
        };
        draft.aspect(
            &format!("{} × {name}", kind.count),
            format!("{shown}{more}"),
            kind.equivalent.unwrap_or("nothing takes its place"),
            if kind.note.is_empty() { "defined anew, read against the old one" } else { kind.note },
        );
        if kind.equivalent.is_none() {
            let message = format!("{} × {name} ({shown}{more}) has no equivalent at {}: {}", kind.count, ends.to, kind.note);
            draft.findings.push(say::finding(
                53,
                Severity::High,
                *name,
                message,
                "Decide before the target is built: leave it where it is, replace it by something that both places have, or build it.",
            ));
        }
    }
}

/// Preparation of any change of place.
pub(crate) fn prepare(ground: &Ground<'_>, draft: &mut Draft, ends: &Ends, goal: &str) -> PhaseDraft {
    let money = ground.spec.program.budget.as_ref().map_or_else(
        || "today's bill".to_owned(),
        |money| format!("`limits.budget` of {}", crate::estimate::words::money(money.hundredths, &money.currency)),
    );
    let ops = ground.role("ops");
    let mut phase = preparation::prepare(ground, goal)
        .task(
            format!("Cost model of {}, month by month, with both places paid until the end: against {money}", ends.to),
            ground.role("lead"),
            "review",
            2,
        )
        .task(
            "Who may do what at the target: people, services, break-glass; least rights, second factor",
            ground.role("security"),
            "review",
            2,
        )
        .deliver("the list of what stands in the old place, with owner and what takes its place")
        .deliver("the cost model");
    if ground.spec.program.budget.is_none() {
        draft.need("what may be spent while both places are paid", "limits.budget", &["prepare"]);
    }
    if let Some(folder) = part(ground).and_then(|infra| infra.terraform.as_deref()) {
        let folder = word(folder);
        phase = phase.step(
            build::shell(
                "drift",
                "check_drift",
                "Compares what the Terraform files of the old place say with what is there",
                "what was changed by hand is in no file, and would be missing at the target",
                Shell {
                    text: format!(
                        "terraform -chdir={folder} init -input=false && terraform -chdir={folder} plan -input=false -detailed-exitcode"
                    ),
                    before: "the provider's own variables hold credentials that may read; the state is remote and locked",
                    expected: "exit 0: no change. Exit 2 lists what was changed by hand: write it down in the files first",
                },
            )
            .owner(ops)
            .reads()
            .people("review", 1),
        );
    }
    for system in databases(ground) {
        phase = backup(phase, ground, system);
    }
    draft.need(
        "the longest time to live of the names that users resolve: so long it takes until a lower one is everywhere",
        "phases.prepare.hold",
        &["canary"],
    );
    phase.step(
        build::manual(
            "ttl",
            "lower_ttl",
            "Lowers the time to live of the names that users resolve to 60 seconds",
            "a name that is kept for a day is a way back that takes a day",
            "two public resolvers answer with a time to live of 60 seconds or less; the old time to live has run out since the change",
        )
        .owner(ops)
        .undo("raise it again", "0 rows", "a resolver answers with the value from before")
        .people("network", 1),
    )
}

/// A backup of one of several databases: its step gets the system's name.
fn backup(phase: PhaseDraft, ground: &Ground<'_>, system: &str) -> PhaseDraft {
    let mut phase = preparation::backup(phase, ground, system);
    if let Some(step) = phase.0.steps.last_mut() {
        let old = std::mem::replace(&mut step.id, format!("prepare/{}", build::id_part(&format!("backup-{system}"))));
        for load in phase.0.project.loads.iter_mut().filter(|load| load.of == old) {
            step.id.clone_into(&mut load.of);
        }
    }
    phase
}

/// The databases that go with the place, where no `move` of the spec carries them.
pub(crate) fn databases<'a>(ground: &Ground<'a>) -> Vec<&'a str> {
    if ground.spec.program.moves.is_some() {
        return Vec::new();
    }
    let kept = |name: &&String| ground.dialect(name).is_some_and(|dialect| dialect != "sqlite");
    ground.spec.systems.keys().filter(kept).map(String::as_str).collect()
}

/// The way between the two places.
pub(crate) fn network(ground: &Ground<'_>, ends: &Ends, after: &str) -> PhaseDraft {
    let ops = ground.role("ops");
    build::phase("network", &format!("{} and {} reach each other by a private, encrypted way, and nobody else does", ends.from, ends.to))
        .after(&[after])
        .owner(ops)
        .back("take the routes out, then the tunnel; nothing of users goes over it yet", "none", "the old place's error rate and p95 are those of the baseline")
        .deliver("the plan of addresses, without an overlap between the two places")
        .deliver("measured latency, loss and throughput of the way, by day and by night")
        .step(
            build::manual(
                "link",
                "connect_sites",
                "Connects the two places: two tunnels or lines, routes, firewalls that name source, target and port",
                "while both places live, services of one call those of the other; one way alone would be a single point of failure",
                "a test opens each connection that is allowed and fails to open one that is not; pulling one tunnel drops no connection for longer than 10 seconds",
            )
            .owner(ops)
            .undo("take the routes out, then the tunnels", "0 rows", "the two places do not reach each other, and the old one works as before")
            .people("network", 2),
        )
        .step(
            build::manual(
                "measure",
                "measure_network",
                "Measures latency, loss and throughput of the way for a working day",
                "a request that asks a database across the way 40 times waits 40 times; and how long the data takes is bytes through this rate",
                "the figures are in the assessment, and `rates.copy` of the spec has the throughput",
            )
            .owner(ops)
            .reads()
            .waits("soak", 86_400, "Segue's own: a working day")
            .people("review", 1),
        )
        .gate("healthy", "no health check fails", none_of("health_checks_failing"), "Segue's own")
}

/// The target from definitions, with nobody on it.
pub(crate) fn target(ground: &Ground<'_>, ends: &Ends, after: &str) -> PhaseDraft {
    let ops = ground.role("ops");
    let phase = build::phase("target", &format!("{} stands, from definitions, watched, and serves nobody", ends.to))
        .after(&[after])
        .owner(ops)
        .back(
            "destroy what the target's own state lists; the old place is in another state and is not touched",
            "none",
            "the target's state is empty, and the old place's error rate and p95 are those of the baseline",
        )
        .deliver("definitions of the target, reviewed, in version control")
        .deliver("logs, metrics and alerts of the target, one of them raised on purpose")
        .task("Logs, metrics, alerts and backups at the target, before the first user", ground.role("oncall"), "dashboard", 1)
        .step(definitions(ground, ends))
        .steps(of_kinds(ground, ends));
    terraform(ground, phase).gate("healthy", "no health check fails", none_of("health_checks_failing"), "Segue's own")
}

fn definitions(ground: &Ground<'_>, ends: &Ends) -> StepDraft {
    build::manual(
        "definitions",
        "write_definitions",
        format!("Writes the definitions of {} in a folder and with a state of their own", ends.to),
        "what is made by hand cannot be made twice, and a shared state could destroy the old place",
        "`terraform validate` is content, a second person has read them, and the state's address is not that of the old place",
    )
    .owner(ground.role("ops"))
    .undo("revert the commit; nothing was made yet", "0 rows", "the target's state is empty")
    .people("manifest", 1)
}

/// One step a kind of resource.
fn of_kinds(ground: &Ground<'_>, ends: &Ends) -> Vec<StepDraft> {
    let step = |(name, kind): (&&str, &Kind<'_>)| {
        let shown = kind.shown.join(", ");
        let (what, why, tell) = match kind.equivalent {
            Some(equivalent) => (
                format!("Defines {equivalent} for {} × {name} ({shown})", kind.count),
                if kind.note.is_empty() { "it takes its place".to_owned() } else { kind.note.to_owned() },
                format!(
                    "the plan of the target lists {} of {equivalent}, with sizes, rights and encryption read against the old ones",
                    kind.count
                ),
            ),
            None => (
                format!("Decides what becomes of {} × {name} ({shown}), which has no equivalent at {}", kind.count, ends.to),
                if kind.note.is_empty() { "nothing at the target does what it does".to_owned() } else { kind.note.to_owned() },
                "the decision is written down with its owner, and what replaces it passes the tests of those who use it".to_owned(),
            ),
        };
        build::manual(&format!("resource-{name}"), "map_resource", what, &why, &tell)
            .owner(ground.role("ops"))
            .undo("take it out of the target's definitions and apply them", "0 rows", "the target's state does not list it")
            .people("resource", kind.count)
    };
    kinds(ground).iter().map(step).collect()
}

/// Plan and apply, by the target's own folder.
fn terraform(ground: &Ground<'_>, phase: PhaseDraft) -> PhaseDraft {
    let before = "TARGET_TERRAFORM is the folder of the target's definitions, with a state of its own; the provider's own variables hold the credentials";
    let ops = ground.role("ops");
    phase
        .step(
            build::shell(
                "plan",
                "plan_infrastructure",
                "Plans the target and keeps the plan",
                "what is applied is what was read",
                Shell {
                    text: "terraform -chdir=\"$TARGET_TERRAFORM\" init -input=false\nterraform -chdir=\"$TARGET_TERRAFORM\" validate\nterraform -chdir=\"$TARGET_TERRAFORM\" plan -input=false -out=target.tfplan".to_owned(),
                    before,
                    expected: "only additions: 0 to change, 0 to destroy; the file target.tfplan is there",
                },
            )
            .owner(ops)
            .reads()
            .people("review", 1),
        )
        .step(
            build::shell(
                "apply",
                "apply_infrastructure",
                "Makes the target from the plan that was read",
                "a plan that was kept cannot change between reading and applying",
                Shell {
                    text: "terraform -chdir=\"$TARGET_TERRAFORM\" apply -input=false target.tfplan".to_owned(),
                    before,
                    expected: "`Apply complete!` with the numbers of the plan; a second plan shows no change",
                },
            )
            .owner(ops)
            .undo("destroy what the target's own state lists, by a plan that is read first", "0 rows as long as no user writes at the target; afterwards go back through the phases first", "the target's state is empty")
            .undo_shell(Shell {
                text: "terraform -chdir=\"$TARGET_TERRAFORM\" plan -destroy -input=false -out=undo.tfplan\nterraform -chdir=\"$TARGET_TERRAFORM\" show undo.tfplan\nterraform -chdir=\"$TARGET_TERRAFORM\" apply -input=false undo.tfplan".to_owned(),
                before: "TARGET_TERRAFORM is the target's folder with a state of its own, no user is on the target, and somebody reads the plan between the second line and the third",
                expected: "`Apply complete!`, and the state is empty",
            })
            .machine("deploy", 1, BTreeMap::new(), "1 × model machine.deploy"),
        )
}
