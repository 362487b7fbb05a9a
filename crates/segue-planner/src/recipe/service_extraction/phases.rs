//! The phases of a service: what it is, its answers, its rows, its share of the requests, its tables.
//!
//! Each route and each table that the spec names is a step of its own. Tests: `tests/it/project_cases.rs`.

use segue_model::spec::program::Service;

use super::Part;
use crate::recipe::build::{self, PhaseDraft, metric, none_of};
use crate::recipe::ground::{Ground, Table, share};
use crate::recipe::platform_switch::data;
use crate::recipe::preparation;
use crate::recipe::script::proxy::{self, Rule};
use crate::recipe::traffic;
use segue_model::spec::program::MetricValue;

/// Segue's own share of reads that are sent to both sides.
const SHADOW: u64 = 10_000;

pub(super) fn prepare(ground: &Ground<'_>, service: &Service, parts: &[Part<'_>]) -> PhaseDraft {
    let developer = ground.role("developer");
    let mut phase = preparation::prepare(ground, "the borders of each service are known, and each route's answer is written down")
        .task(format!("Draw who calls what inside {}: calls, joins, foreign keys and jobs that cross a border", service.from), developer, "review", 4)
        .task("Decide for each crossing: a call, an event from an outbox, or a copy that follows", ground.role("lead"), "review", 2)
        .task("Circuit breakers on each call that now crosses the network: open after 5 failures, try again after 60 s, a friendly answer meanwhile", developer, "endpoint", 1)
        .deliver("a map of borders with a decision for each crossing")
        .deliver("recorded requests and answers of each route, without personal data");
    for dependency in ground.spec.program.about.values().flat_map(|about| &about.dependencies) {
        let word = if dependency.blocking { "must agree before the first share" } else { "is told before the first share" };
        phase = phase.task(format!("Try {} against the new side; it {word}", dependency.name), ground.role("lead"), "consumer", 1);
    }
    for part in parts {
        phase = phase.step(
            build::manual(
                &format!("record-{}", part.name),
                "record_answers",
                format!(
                    "Records requests and answers of the routes of {}, odd ones too: errors, empty lists, other languages, longest texts",
                    part.name
                ),
                "the new service is right when it answers like the old one, also where nobody wrote down how",
                "each route has at least one recorded answer for success, for refusal and for not found",
            )
            .owner(developer)
            .reads()
            .people("route", part.extract.routes.len().max(1) as u64),
        );
    }
    phase
}

/// What stands for the phases of each service while nobody named one.
pub(super) fn unnamed(ground: &Ground<'_>) -> PhaseDraft {
    let developer = ground.role("developer");
    build::phase("build", "each service that leaves stands beside the larger one, with its routes and its tables")
        .after(&["intercept"])
        .owner(developer)
        .back(
            "do not deploy the new services; the larger one answers everything",
            "none",
            "the old side's error rate and p95 are those of the baseline",
        )
        .uncounted("Build each service, carry its data over and give it its routes", developer, "the spec names no service that leaves")
}

pub(super) fn intercept(ground: &Ground<'_>, service: &Service, parts: &[Part<'_>]) -> PhaseDraft {
    let routes: Vec<String> = parts.iter().flat_map(|part| part.extract.routes.iter().cloned()).collect();
    let rule = Rule { name: "all", routes: &routes, sticky: "user_id" };
    let limit = ground.profile.error_rate_milli;
    let undo = format!("point the name of {} at its own address again", service.from);
    build::phase("intercept", "every request passes a proxy, and everything is still answered by the old side")
        .after(&["prepare"])
        .owner(ground.role("oncall"))
        .users("none: one more hop of about a millisecond")
        .step(
            build::settings(
                "pass",
                "put_proxy",
                format!("A proxy in front of {} that passes everything on", service.from),
                "what moves routes later is tried while nothing depends on it",
                proxy::pass(&rule),
            )
            .owner(ground.role("oncall"))
            .undo(&undo, "0 rows", "the proxy's request counter stands still")
            .people("network", 1),
        )
        .gate(
            "error-rate",
            "nothing fails because of the hop",
            metric("error_rate", Some("old"), "<=", MetricValue::PercentMilli(limit.value), 3_600),
            limit.place,
        )
        .back(&undo, "none", "the old side's error rate and p95 are those of the baseline")
        .deliver("a proxy with dashboards by route")
}

pub(super) fn build(ground: &Ground<'_>, service: &Service, part: &Part<'_>) -> PhaseDraft {
    let developer = ground.role("developer");
    let undo = "leave it out of the deployment: nobody calls it yet";
    let mut phase = build::phase(&part.phase("build"), &format!("{} answers each of its routes as the old side does", part.name))
        .after(&["prepare"])
        .owner(developer)
        .back(undo, "none", "the larger service's answers are the recorded ones")
        .deliver("a service that passes the recorded answers, with its own dashboards, alerts and runbook");
    for route in &part.extract.routes {
        phase = phase.step(
            build::manual(
                route.trim_matches('/'),
                "take_route",
                format!("{} answers {route} as {} does", part.name, service.from),
                "a route at a time is small enough to compare",
                "each recorded request of the route gets the recorded answer, status and headers included",
            )
            .owner(developer)
            .undo(undo, "0 rows", "the proxy's settings do not name the new side")
            .people("route", 1),
        );
    }
    phase
        .step(
            build::manual(
                "deploy",
                "deploy",
                format!("Deploys {} beside {}, without users", part.name, service.from),
                "what is deployed can be watched before it matters",
                "its health check answers, its logs and figures arrive, and a stop of one instance goes unnoticed",
            )
            .owner(ground.role("oncall"))
            .undo(undo, "0 rows", "no instance of it runs")
            .people("service_extract", 1),
        )
        .task(
            format!("Load test of {} at {} times its ordinary load", part.name, ground.profile.load_factor.value),
            ground.role("oncall"),
            "load_test",
            1,
        )
        .gate("answers", "every recorded request gets the recorded answer", none_of("mismatches"), "profile segue")
}

/// The service's tables follow those of the larger one.
pub(super) fn data(ground: &Ground<'_>, part: &Part<'_>) -> PhaseDraft {
    let dba = ground.role("dba");
    let undo = "drop the copies of the new service; the tables of the larger one were only read";
    let mut phase = build::phase(&part.phase("data"), &format!("{} has its rows, and they follow the larger service's", part.name))
        .after(&["prepare"])
        .owner(dba)
        .task(
            "Take out foreign keys and joins that cross the border, or let a copy follow",
            ground.role("developer"),
            "consumer",
            part.tables.len().max(1) as u64,
        )
        .back(undo, "none", "the larger service's tables have no follower")
        .deliver("a comparison of each table on both sides");
    for table in &part.tables {
        let Table { name, .. } = table;
        phase = phase.step(
            build::manual(
                name,
                "follow_table",
                format!("Copies {name} in ranges of its key and lets the copy follow each change"),
                "until its owner changes the larger service's table decides, so that both sides read the same",
                "counts and a checksum of each whole row agree, in both directions, and the lag is below the gate's limit",
            )
            .owner(dba)
            .undo(undo, "0 rows", "the copy is gone, and the table has no follower")
            .machine("copy", table.bytes.unwrap_or(0), table.facts(), &table.from),
        );
    }
    phase.gate("lag", "the copies keep up", data::lag(ground, 3_600), data::lag_from(ground)).gate(
        "mismatches",
        "no row is missing, extra or different",
        none_of("mismatches"),
        "profile segue",
    )
}

/// Reads go to both sides, answers are compared.
pub(super) fn shadow(ground: &Ground<'_>, part: &Part<'_>, before: &str) -> PhaseDraft {
    let stated = ground.spec.program.rollout.as_ref().and_then(|rollout| rollout.shadow_ppm10);
    let (milli, from) = stated.map_or((SHADOW, "profile segue"), |milli| (milli, "spec rollout.shadow"));
    let rule = Rule { name: part.name, routes: &part.extract.routes, sticky: "user_id" };
    let mut after = vec![part.phase("build"), before.to_owned()];
    if !part.tables.is_empty() {
        after.push(part.phase("data"));
    }
    let after: Vec<&str> = after.iter().map(String::as_str).collect();
    let undo = "take the copy of requests out of the proxy's settings; its answers reached nobody";
    let (_, hold_s, hold_from) = ground.ladder(ground.profile.service);
    build::phase(&part.phase("shadow"), "the new service answers real reads as the old side does, unseen by users")
        .after(&after)
        .owner(ground.role("oncall"))
        .step(
            build::settings(
                "mirror",
                "shadow",
                format!("Sends {} of the reads of {} to both sides and compares the answers", share(milli), part.name),
                "real requests find what recorded ones did not",
                proxy::shadow(&rule, milli),
            )
            .tell("answers are compared by request id: status, body without times and ids that differ by nature")
            .owner(ground.role("oncall"))
            .undo(undo, "0 rows", "the new side's request counter stands still")
            .undo_settings(proxy::pass(&rule))
            .people("review", 2)
            .waits("soak", hold_s.max(86_400), &hold_from),
        )
        .gate("mismatches", "no answer differs that nobody can explain", none_of("mismatches"), from)
        .back(undo, "none", "the new side's request counter stands still")
}

/// The tables change their owner.
pub(super) fn own(ground: &Ground<'_>, service: &Service, part: &Part<'_>, after: &str) -> PhaseDraft {
    let dba = ground.role("dba");
    let names: Vec<&str> = part.tables.iter().map(|table| table.name.as_str()).collect();
    let tables = names.join(", ");
    let back =
        format!("hold the writes of {}, wait until the back stream has no lag, let it write the larger service's tables again", part.name);
    let phase = build::phase(&part.phase("own"), &format!("{} owns {tables}, and the tables of {} follow", part.name, service.from))
        .after(&[after])
        .owner(dba)
        .users("writes of these routes wait for the switch")
        .in_windows(&ground.spec.program.windows);
    traffic::approved(phase, ground)
        .step(
            build::manual(
                "hold",
                "hold_writers",
                format!("Holds the writes of {} in the service", part.name),
                "a write on the old side after the last change was read would be lost",
                "the write counters of these tables stand still",
            )
            .owner(dba)
            .lock("writes of these routes wait for as long as the switch takes")
            .undo("let the writes go on", "0 rows", "the write counters move again"),
        )
        .step(
            build::manual(
                "arm-back",
                "arm_back_stream",
                format!(
                    "Waits until the copies have each change, ends their stream, and lets {tables} of {} follow the new owner's",
                    service.from
                ),
                "this is the way back, and what still reads the old tables stays right",
                "a test row written by the new owner is in the larger service's table",
            )
            .owner(dba)
            .undo(
                "end the back stream; writes are still held, so that nothing is lost",
                "0 rows",
                "the larger service's tables have no source to follow",
            ),
        )
        .step(
            build::manual(
                "open",
                "open_writers",
                format!("Lets {} write its own tables; {} may only read its copies", part.name, service.from),
                "one owner at any time: two would drift apart",
                "the new owner's write counter moves, and a write of the larger service to these tables is refused",
            )
            .owner(dba)
            .until_contract()
            .undo(
                &back,
                "0 rows: the larger service's tables have every write",
                "both sides compare equal, and the larger service's write counter moves",
            )
            .people("cutover", 2),
        )
        .gate("back-lag", "the larger service's tables follow", data::lag_of(ground, "source", 600), data::lag_from(ground))
        .gate("mismatches", "both sides agree after the first writes", none_of("mismatches"), "profile segue")
        .back(&back, "writes of these routes wait once more", "both sides compare equal")
}
