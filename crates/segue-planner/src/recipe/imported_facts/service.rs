//! Facts about services: endpoints, load, machines, and the flags by which requests move.
//!
//! Tests: `tests/it/project_planner_json.rs`.

use std::collections::BTreeMap;

use segue_model::plan::Condition;
use segue_model::spec::program::{MetricCondition, MetricValue};

use super::{Facts, change, hours_of, milli};
use crate::recipe::build::{self, Shell};
use crate::recipe::draft::Draft;
use crate::recipe::ground::{Ground, share};
use crate::recipe::traffic;

const OLD: &str = "service_details.legacy_service.";
const NEW: &str = "service_details.new_service.";

/// Changes the part.
pub(super) fn apply(part: &mut Draft, ground: &Ground<'_>, facts: &Facts<'_>) {
    endpoints(part, ground, facts);
    baseline(part, ground, facts);
    machines(part, ground, facts);
    first_flag(part, facts);
    other_flags(part, ground, facts);
}

/// `GET /api/v2/users/{id}` without its version: `GET /users/{id}`.
fn bare(endpoint: &str) -> String {
    let (method, path) = endpoint.split_once(' ').unwrap_or(("", endpoint));
    let version = |part: &&str| part.strip_prefix('v').is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()));
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != "api" && !version(part)).collect();
    format!("{method} /{}", parts.join("/"))
}

fn endpoints(part: &mut Draft, ground: &Ground<'_>, facts: &Facts<'_>) {
    let old = facts.under(&format!("{OLD}endpoints["));
    let developer = ground.role("developer");
    if !old.is_empty() {
        let all: Vec<&str> = old.iter().map(|(_, endpoint)| *endpoint).collect();
        for step in part.phases.iter_mut().flat_map(|phase| &mut phase.steps).filter(|step| step.kind == "record_answers") {
            step.outside.how_to_tell = format!("each of {} has recorded answers: for success, for refusal, for not found", all.join(", "));
        }
    }
    let known: BTreeMap<String, &str> = old.iter().map(|(_, endpoint)| (bare(endpoint), *endpoint)).collect();
    for (_, endpoint) in facts.under(&format!("{NEW}endpoints[")) {
        let undo = "take it out of the deployment: nobody calls it yet";
        let step = match known.get(&bare(endpoint)) {
            Some(before) => build::manual(
                endpoint,
                "take_endpoint",
                format!("{endpoint} does what {before} does, in its own form"),
                "clients move from one to the other, and each must find what it had",
                &format!("each recorded request of {before}, put into the new form, changes and answers the same"),
            )
            .people("endpoint", 1),
            None => build::manual(
                endpoint,
                "new_endpoint",
                format!("{endpoint} is new: the old side has no such endpoint"),
                "nothing recorded says whether it is right, so its contract must",
                "its contract is written down with examples, and a test of its own passes; going back leaves its callers without it",
            )
            .people("endpoint", 2),
        };
        change(part, "build", |phase| phase.step(step.owner(developer).undo(undo, "0 rows", "the endpoint answers 404")));
    }
}

/// What the old side does today, as the new one is compared with it.
fn baseline(part: &mut Draft, ground: &Ground<'_>, facts: &Facts<'_>) {
    let load = facts.words(&format!("{OLD}current_load."));
    if !load.is_empty() {
        let what = format!("Measure the old side for a week and compare with what the document states: {load}");
        change(part, "prepare", |phase| phase.task(what, ground.role("oncall"), "review", 1));
    }
    let peaks: Vec<u64> = ["source", "target"].iter().filter_map(|side| ground.stated(side).peak_tps).collect();
    if let Some(peak) = peaks.first().filter(|_| part.kind == "service") {
        let what = format!(
            "Find the capacity of the new side: {} requests a second for an hour, the highest peak that is stated{}",
            peaks.iter().max().unwrap_or(peak),
            peaks
                .iter()
                .min()
                .filter(|least| *least != peaks.iter().max().unwrap_or(peak))
                .map_or_else(String::new, |least| format!(", and {least} with one instance gone"))
        );
        change(part, "build", |phase| phase.task(what, ground.role("oncall"), "load_test", 1));
    }
    if let Some(p95) = facts.get(&format!("{OLD}current_load.p95_response_time_ms")).and_then(milli) {
        let condition = MetricCondition {
            metric: "p95".to_owned(),
            side: Some("old".to_owned()),
            op: "<=".to_owned(),
            value: MetricValue::Ms(p95.div_ceil(1_000)),
            for_ms: 3_600_000,
        };
        change(part, "canary", |phase| {
            phase.entry(
                "baseline-p95",
                "the old side is as quick as it was when this was planned: else the comparison means nothing",
                Condition::Metric { condition },
                "spec service_details.legacy_service.current_load",
            )
        });
    }
    let target = facts.words(&format!("{NEW}target_performance."));
    if !target.is_empty() {
        let what = format!("Load test of the new side up to what it shall reach: {target}");
        change(part, "build", |phase| phase.task(what, ground.role("oncall"), "load_test", 1));
    }
}

/// What both sides run on.
fn machines(part: &mut Draft, ground: &Ground<'_>, facts: &Facts<'_>) {
    let mut old = facts.words(&format!("{OLD}infrastructure."));
    if let Some(instances) = ground.stated("source").replicas.filter(|_| part.kind == "service") {
        old = if old.is_empty() { format!("{instances} instances") } else { format!("{instances} instances, {old}") };
    }
    if !old.is_empty() {
        let keep = format!("Keep the old side at its full capacity until the end: {old}");
        change(part, "watch", |phase| phase.task(keep, ground.role("oncall"), "review", 1));
        let end = format!("Take away what the old side ran on: {old}");
        change(part, "retire", |phase| phase.task(end, ground.role("oncall"), "decommission", 1));
    }
    capacity(part, ground, facts);
}

/// Requests, limits and replicas of the new side.
fn capacity(part: &mut Draft, ground: &Ground<'_>, facts: &Facts<'_>) {
    let prefix = format!("{NEW}infrastructure.");
    let get = |key: &str| facts.get(&format!("{prefix}{key}"));
    let least = ground.stated("target").replicas.map(|replicas| replicas.to_string());
    let all = facts.words(&prefix);
    if all.is_empty() && (least.is_none() || part.kind != "service") {
        return;
    }
    if let Some(balancer) = get("load_balancer") {
        let what = format!("Set {balancer} up for the new side: health check, time-outs, certificates, access log");
        change(part, "build", |phase| phase.task(what, ground.role("oncall"), "resource", 1));
    }
    let number = |key: &str| get(key).filter(|text| text.chars().all(|c| c.is_ascii_digit()) && !text.is_empty());
    let on_kubernetes = get("container_platform").is_some_and(|platform| platform.to_lowercase().contains("kubernetes"));
    let list = |cpu: &str, memory: &str| -> Option<String> {
        let cpu = number(cpu).map(|cpu| format!("cpu={cpu}m"));
        let memory = number(memory).map(|memory| format!("memory={memory}Mi"));
        let both: Vec<String> = cpu.into_iter().chain(memory).collect();
        (!both.is_empty()).then(|| both.join(","))
    };
    let mut lines = Vec::new();
    let mut set = String::new();
    for (flag, list) in
        [("requests", list("cpu_request_millicores", "memory_request_mb")), ("limits", list("cpu_limit_millicores", "memory_limit_mb"))]
    {
        set.push_str(&list.map_or_else(String::new, |list| format!(" --{flag}={list}")));
    }
    if !set.is_empty() {
        lines.push(format!(
            "kubectl --context=\"$TARGET_CONTEXT\" --namespace=\"$TARGET_NAMESPACE\" set resources deployment \"$TARGET_DEPLOYMENT\"{set}"
        ));
    }
    if let (Some(least), Some(most)) = (&least, number("max_replicas")) {
        lines.push(format!("kubectl --context=\"$TARGET_CONTEXT\" --namespace=\"$TARGET_NAMESPACE\" autoscale deployment \"$TARGET_DEPLOYMENT\" --min={least} --max={most} --cpu-percent=80"));
    }
    let what = format!(
        "Gives the new side its capacity: {}",
        least.iter().map(|least| format!("replicas {least}")).chain([all]).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
    );
    let why = "a comparison with the old side means nothing while the new one starves";
    let expected = "every instance is ready, and a load test moves their number up and down again";
    let step = if on_kubernetes && !lines.is_empty() {
        lines.push("kubectl --context=\"$TARGET_CONTEXT\" --namespace=\"$TARGET_NAMESPACE\" rollout status deployment \"$TARGET_DEPLOYMENT\" --timeout=10m".to_owned());
        let before =
            "TARGET_CONTEXT, TARGET_NAMESPACE and TARGET_DEPLOYMENT name the new side's Deployment, which is applied and serves nobody";
        build::shell("capacity", "set_capacity", what, why, Shell { text: lines.join("\n"), before, expected })
    } else {
        build::manual("capacity", "set_capacity", what, why, expected)
    };
    let undo = "set the earlier figures again; nobody is served by it yet";
    change(part, "build", |phase| {
        phase.step(step.owner(ground.role("oncall")).undo(undo, "0 rows", "the Deployment shows the earlier figures"))
    });
}

/// The name and purpose of the flag that moves the requests, and rungs that are held otherwise than the rest.
fn first_flag(part: &mut Draft, facts: &Facts<'_>) {
    let Some(name) = facts.get("feature_flags[0].name") else { return };
    let purpose = facts.get("feature_flags[0].description").map_or_else(String::new, |text| format!(": {text}"));
    let mut rung = 0;
    for phase in part.phases.iter_mut().filter(|phase| phase.name == "canary" || phase.name == "shift") {
        let ids: Vec<String> = phase.steps.iter().filter(|step| step.kind == "set_share").map(|step| step.id.clone()).collect();
        for step in phase.steps.iter_mut().filter(|step| step.kind == "set_share") {
            step.what.push_str(&format!(", by the flag `{name}`{purpose}"));
            step.undo.what.push_str(&format!("; the flag `{name}` is set alike"));
        }
        for id in ids {
            let other = facts.get(&format!("feature_flags[0].rollout_schedule[{rung}].duration_hours")).and_then(hours_of);
            if let Some(hold) = other {
                let from = format!("spec feature_flags[0].rollout_schedule[{rung}]");
                phase.project.loads.retain(|load| !(load.of == id && load.key == "wait.hold" && hold.0 == 0));
                for load in phase.project.loads.iter_mut().filter(|load| load.of == id && load.key == "wait.hold") {
                    load.amount = hold.0 / 1_000;
                    load.from.clone_from(&from);
                }
            }
            rung += 1;
        }
    }
}

/// Each further flag is a ladder of its own, after the first.
fn other_flags(part: &mut Draft, ground: &Ground<'_>, facts: &Facts<'_>) {
    let mut before = "shift".to_owned();
    if !part.has(&before) {
        return;
    }
    for index in 1..64 {
        let at = |key: &str| facts.get(&format!("feature_flags[{index}].{key}"));
        let Some(name) = at("name") else { break };
        let phase_name = format!("flag-{}", build::id_part(name));
        let purpose = at("description").unwrap_or("what the flag stands for");
        let mut last = at("initial_percentage").and_then(milli).unwrap_or(0);
        let mut phase = build::phase(&phase_name, &format!("`{name}` is on for everybody: {purpose}"))
            .after(&[before.as_str()])
            .owner(ground.role("oncall"))
            .users("a share of users meets what the flag switches on")
            .back(
                &format!("set `{name}` to {}", share(last)),
                "users of the share meet what was there before",
                "error rate and p95 of the old side are those of the baseline",
            );
        for rung in 0..64 {
            let schedule = |key: &str| at(&format!("rollout_schedule[{rung}].{key}"));
            let Some(percent) = schedule("percentage").and_then(milli) else { break };
            let hold = schedule("duration_hours").and_then(hours_of);
            let held = hold.map_or_else(|| "as long as the gates ask".to_owned(), |hold| hold.to_string());
            let words = share(percent);
            phase = phase.step(
                build::manual(
                    &format!("share-{}", words.trim_end_matches('%')),
                    "set_share",
                    format!("Sets the flag `{name}` to {words}, the same users each time by a stable hash of their id"),
                    "what is wrong shows on few users first",
                    &format!("the flag's own count of users shows {words}; held for {held} within the gates"),
                )
                .owner(ground.role("oncall"))
                .until_contract()
                .undo(&format!("set `{name}` back to {}", share(last)), "0 rows", "the flag's own count of users shows the earlier share")
                .people("cutover", 1)
                .waits("hold", hold.map_or(0, |hold| hold.0 / 1_000), &format!("spec feature_flags[{index}]")),
            );
            last = percent;
        }
        part.phase(traffic::health(phase, ground, 3_600));
        if let Some(watch) = part.phases.iter_mut().find(|phase| phase.name == "watch") {
            watch.project.after.push(phase_name.clone());
        }
        before = phase_name;
    }
}
