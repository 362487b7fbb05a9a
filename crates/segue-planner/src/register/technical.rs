//! Technical risks of any plan: speed, integration, downtime, load, streams, traffic, code and platforms.
//!
//! R2, R3 and R4 are the default rows of document 001. Each figure has its reason beside it. Tests:
//! `tests/it/register_rules.rs`.

use super::facts::{Facts, some};
use super::rule::{Hit, Rule, Watch, hit};
use crate::estimate::words;

pub(super) const RULES: &[Rule] = &[
    Rule { number: 2, category: "technical", about: degradation },
    Rule { number: 3, category: "technical", about: integration },
    Rule { number: 4, category: "technical", about: downtime },
    Rule { number: 8, category: "technical", about: load },
    Rule { number: 9, category: "technical", about: lag },
    Rule { number: 10, category: "technical", about: locks },
    Rule { number: 11, category: "technical", about: end_of_life },
    Rule { number: 12, category: "technical", about: incidents },
    Rule { number: 13, category: "technical", about: no_equivalent },
    Rule { number: 14, category: "technical", about: flapping_users },
    Rule { number: 15, category: "technical", about: old_addresses },
    Rule { number: 16, category: "technical", about: big_bang },
    Rule { number: 50, category: "technical", about: unmapped_behaviour },
];

const SPEED: Watch = Watch {
    metrics: &["p50", "p95", "p99", "throughput", "error_rate"],
    data: false,
    steps: false,
    approvals: false,
    named: &[],
    advice: "a gate such as `p95(new) <= 1.1 * p95(old) for 10m` on the phase that moves users",
};

#[expect(clippy::unnecessary_wraps, reason = "a rule of the table, which this one always is")]
fn degradation(facts: &Facts<'_>) -> Option<Hit> {
    let hot = match (facts.tables().is_empty(), facts.tables().iter().filter(|table| table.usage == "frequent").count()) {
        (true, _) => "nobody looked at how tables are used".to_owned(),
        (false, count) => format!("{} seen", words::count(count as u64, "hot table")),
    };
    let phases = words::count(facts.plan.phases.len() as u64, "phase");
    let found = hit("users find the system slower than before", format!("{phases}; {hot}"))
        .then("p95 or throughput beyond the triggers of the plan", "the rollback of the phase; slow down the work first (`throttle`)")
        .owner(facts.role("dba"))
        .within(if facts.runs { facts.writing() } else { facts.cutover() });
    if facts.runs {
        let rows = if facts.moves_rows() { 2 } else { 1 };
        return Some(
            found
                .severity(5, "only our own batches and locks add load, and they are bounded")
                .occurrence(rows, if rows == 2 { "rows are converted beside live writers" } else { "no row is converted" })
                .sure("`throttle`: replica lag, load and batch time are read between batches, and the work waits"),
        );
    }
    Some(
        found
            .severity(7, "document 001: performance degradation has high impact")
            .occurrence(5, "document 001: medium probability")
            .watch(SPEED)
            .eased(facts.task(&["people.load_test"]), 3)
            .advice("a load test at the peak before users are moved"),
    )
}

#[expect(clippy::unnecessary_wraps, reason = "a rule of the table, which this one always is")]
fn integration(facts: &Facts<'_>) -> Option<Hit> {
    let dependents = facts.plan.program.dependencies.len() + facts.assessment.map_or(0, |seen| seen.dependencies.len());
    let known = match dependents {
        0 => "no dependent is stated, and none was seen".to_owned(),
        count => format!("{} stated or seen", words::count(count as u64, "dependent")),
    };
    let found = hit("something that depends on the old form or side stops working", known)
        .then("errors of a dependent after its side changed", "the rollback of the phase: the old side answers as before")
        .owner(facts.role("developer"));
    if facts.runs {
        let contracted = facts.plan.execution.tables.iter().any(|change| !(change.up.is_empty() && change.down.is_empty()));
        let (value, why) =
            if contracted { (2, "both forms answer until `contract`, which asks for approval") } else { (1, "no form goes away") };
        let finals = if contracted { vec!["contract".to_owned()] } else { Vec::new() };
        return Some(found.severity(5, "a client of the old form").occurrence(value, why).watch(APPROVED).within(finals));
    }
    let occurrence = if dependents > 10 { 6 } else { 5 };
    let why = if dependents > 10 { "more than ten dependents" } else { "document 001: medium probability" };
    Some(
        found
            .severity(6, "document 001: integration failure has medium impact")
            .occurrence(occurrence, why)
            .watch(Watch { metrics: &["error_rate", "availability"], steps: true, advice: "a gate on `error_rate(new)`", ..SPEED })
            .eased(facts.step(&["shadow", "contract_test", "compat"]).map(|step| format!("step `{}`", step.id)), 3)
            .eased(facts.task(&["people.client", "people.consumer", "people.endpoint"]), 3)
            .advice("a shadow run (`rollout.shadow`) or tests of each dependent")
            .within(facts.cutover()),
    )
}

const APPROVED: Watch =
    Watch { metrics: &["error_rate"], data: false, steps: false, approvals: true, named: &[], advice: "an approval before the last phase" };

/// `none`, `5m`.
fn pause(ms: u64) -> String {
    if ms == 0 { "none".to_owned() } else { segue_model::units::Millis(ms).to_string() }
}

#[expect(clippy::unnecessary_wraps, reason = "a rule of the table, which this one always is")]
fn downtime(facts: &Facts<'_>) -> Option<Hit> {
    let limit = facts.spec.limits.downtime.map_or(0, |ms| ms.0);
    let found = hit(
        "writers or users stop for longer than the spec allows",
        format!("limits.downtime {}, planned pause {}", pause(limit), pause(facts.plan.pause_ms)),
    )
    .then(
        "a lock wait, a stop of writes or an outage beyond `limits.downtime`",
        "let go at once and try again later, or the rollback of the phase",
    )
    .owner(facts.role("ops"));
    if facts.runs {
        let wait = facts.plan.execution.throttle.ddl_lock_timeout_ms;
        let long = facts.plan.pause_ms > wait;
        let (value, why) =
            if long { (4, "the planned pause is longer than a lock wait") } else { (1, "each lock is waited for with a time-out") };
        let within = if long { vec!["contract".to_owned()] } else { Vec::new() };
        return Some(
            found
                .severity(8, "document 001: unexpected downtime has high impact")
                .occurrence(value, why)
                .sure(format!("lock time-outs of {wait} ms end the wait"))
                .within(within),
        );
    }
    Some(
        found
            .severity(8, "document 001: unexpected downtime has high impact")
            .occurrence(3, "document 001: low probability")
            .watch(Watch {
                metrics: &["availability", "error_rate", "throughput"],
                advice: "a trigger on `availability` or `error_rate`",
                ..SPEED
            })
            .eased(facts.rehearsed().or_else(|| facts.task(&["people.rehearsal"])), 2)
            .advice("a rehearsal of the cut-over with a clock")
            .within(facts.cutover()),
    )
}

fn load(facts: &Facts<'_>) -> Option<Hit> {
    if facts.runs || !facts.is(&["move", "service", "infra", "framework", "runtime", "platform", "code"]) {
        return None;
    }
    let peak = facts.peak();
    let evidence = peak
        .map_or_else(|| "no peak load is stated (`systems.NAME.facts.peak_tps`)".to_owned(), |peak| format!("stated peak {peak} a second"));
    let (value, why) = if peak.is_some() {
        (3, "the peak is known and the new side was never under it")
    } else {
        (5, "nobody knows the peak that the new side must carry")
    };
    Some(
        hit("the new side does not carry the peak load", evidence)
            .severity(7, "document 000: scalability under load; users notice at the worst hour")
            .occurrence(value, why)
            .watch(Watch { metrics: &["throughput", "p95", "p99", "error_rate"], ..SPEED })
            .eased(facts.task(&["people.load_test"]), 2)
            .advice("a load test at 10 times the usual load (document 001)")
            .then("throughput falls or p95 rises while the share of traffic grows", "lower the share of traffic")
            .owner(facts.role("ops"))
            .within(facts.cutover()),
    )
}

fn lag(facts: &Facts<'_>) -> Option<Hit> {
    if facts.runs || !facts.streams() {
        return None;
    }
    Some(
        hit(
            "the new side falls behind the old one and the cut-over waits or loses its place",
            format!("pattern {}", facts.plan.pattern.name),
        )
        .severity(6, "the cut-over takes longer, or is begun too early")
        .occurrence(4, "long transactions and bulk jobs on the source are common")
        .watch(Watch { metrics: &["lag"], advice: "a gate `lag < 5s for 10m` before the cut-over", ..Watch::default() })
        .eased(facts.task(&["machine.replicate_catchup"]), 3)
        .then("lag grows for more than ten minutes", "slow the source's bulk jobs; the cut-over stays shut")
        .owner(facts.role("dba"))
        .within(facts.cutover()),
    )
}

fn locks(facts: &Facts<'_>) -> Option<Hit> {
    let hot: Vec<_> = facts
        .tables()
        .into_iter()
        .filter(|table| table.usage == "frequent" || table.writes_per_hour.is_some_and(|writes| writes > 36_000))
        .collect();
    if hot.is_empty() || facts.runs {
        return None;
    }
    Some(
        hit("work on hot tables makes writers wait", format!("hot tables: {}", some(hot.iter().map(|table| table.name.as_str()))))
            .severity(6, "requests queue behind a lock")
            .occurrence(5, "more than ten writes a second, or the top third of use")
            .watch(Watch {
                metrics: &["p95", "p99", "error_rate", "lag"],
                advice: "a gate on p95 of the old side while data is read",
                ..Watch::default()
            })
            .eased((!facts.spec.program.windows.is_empty()).then(|| "the windows of `limits.window`".to_owned()), 3)
            .advice("`limits.window` in the quiet hours, `throttle` for what reads")
            .then("waits on these tables", "stop what reads; it goes on later")
            .owner(facts.role("dba"))
            .within(facts.writing()),
    )
}

fn end_of_life(facts: &Facts<'_>) -> Option<Hit> {
    let ended: Vec<String> = facts
        .assessment?
        .components
        .iter()
        .filter(|part| {
            part.end_of_life.is_some_and(|day| facts.plan.program.start.is_some_and(|start| day < start)) || part.note.contains("ended")
        })
        .map(|part| format!("{} {}", part.name, part.version))
        .collect();
    if ended.is_empty() {
        return None;
    }
    Some(
        hit(
            "a part without support has a fault during the migration and nobody repairs it",
            format!("out of support: {}", some(ended.iter().map(String::as_str))),
        )
        .severity(6, "no security updates and no help from its maker")
        .occurrence(3, "old parts are stable until something around them changes")
        .watch(Watch { metrics: &["error_rate", "availability"], advice: "a trigger on `error_rate(old)`", ..Watch::default() })
        .eased(facts.task(&["people.runtime_upgrade", "people.dependency"]), 2)
        .advice("upgrade it first, or keep its maker's extended support")
        .then("a fault in that part", "the rollback of the phase")
        .owner(facts.role("developer")),
    )
}

fn incidents(facts: &Facts<'_>) -> Option<Hit> {
    let found = &facts.assessment?.incidents;
    if found.is_empty() {
        return None;
    }
    let points: u32 = found.iter().map(|incident| incident.points).sum();
    let occurrence = if found.len() > 200 {
        7
    } else if found.len() > 30 {
        5
    } else {
        4
    };
    Some(
        hit("code that still speaks to the old side fails in production", format!("{} places in code, {points} points", found.len()))
            .severity(6, "a request or a job fails")
            .occurrence(occurrence, format!("{} places to change", found.len()))
            .watch(Watch {
                metrics: &["error_rate"],
                steps: true,
                advice: "a gate on `error_rate(new)` at the first share of traffic",
                ..Watch::default()
            })
            .eased(facts.task(&["people.incident_point", "people.query_rewrite"]), 3)
            .eased(facts.task(&["people.review"]), 3)
            .advice("tests over each of the places that the assessment lists")
            .then("errors with a statement or a driver's name", "the old release, which still speaks to the old side")
            .owner(facts.role("developer"))
            .within(facts.cutover()),
    )
}

fn no_equivalent(facts: &Facts<'_>) -> Option<Hit> {
    let none: Vec<&str> = facts
        .assessment?
        .resources
        .iter()
        .filter(|resource| resource.equivalent.is_none())
        .map(|resource| resource.address.as_str())
        .collect();
    if none.is_empty() {
        return None;
    }
    Some(
        hit(
            "a resource has no equivalent at the target and is missed after the cut-over",
            format!("without equivalent: {}", some(none.iter().copied())),
        )
        .severity(7, "a function of the platform is gone")
        .occurrence(if none.len() > 5 { 6 } else { 4 }, words::count(none.len() as u64, "resource"))
        .watch(Watch { approvals: true, named: &[], advice: "an approval of the list of what replaces them", ..Watch::default() })
        .eased(facts.task(&["people.resource"]), 3)
        .advice("decide for each what replaces it before the first phase")
        .then("something asks for that resource", "the old platform still has it until the last phase")
        .owner(facts.role("ops"))
        .within(facts.cutover()),
    )
}

fn flapping_users(facts: &Facts<'_>) -> Option<Hit> {
    let rollout = facts.spec.program.rollout.as_ref()?;
    if rollout.steps.len() < 2 || rollout.sticky.is_some() {
        return None;
    }
    Some(
        hit("one user meets the old and the new side in turn", format!("`rollout` has {} steps and no `sticky`", rollout.steps.len()))
            .severity(5, "sessions, carts and caches of the two sides differ")
            .occurrence(6, "each request is drawn anew while shares are below 100%")
            .watch(Watch { metrics: &["error_rate"], ..Watch::default() })
            .advice("`rollout.sticky`, so that a user stays on one side")
            .then("complaints about lost sessions", "lower the share to 0%")
            .owner(facts.role("ops"))
            .within(facts.cutover()),
    )
}

fn old_addresses(facts: &Facts<'_>) -> Option<Hit> {
    let within = facts.phases_with(&["wait.dns_ttl"]);
    if within.is_empty() {
        return None;
    }
    Some(
        hit(
            "clients keep the old address and write to the old side",
            format!("an address changes in {}", some(within.iter().map(String::as_str))),
        )
        .severity(7, "writes on two sides")
        .occurrence(4, "resolvers and connection pools that keep an address for ever")
        .watch(Watch { metrics: &["throughput", "mismatches"], advice: "a gate that no request reaches the old side", ..Watch::default() })
        .eased(facts.step(&["fence", "readonly", "read_only", "drain", "stop_write"]).map(|step| format!("step `{}`", step.id)), 2)
        .advice("make the old side read-only before the address changes")
        .then("requests on the old side after the time to live", "send the old side's traffic on; do not move the address back")
        .owner(facts.role("ops"))
        .within(within),
    )
}

fn big_bang(facts: &Facts<'_>) -> Option<Hit> {
    if !facts.plan.pattern.name.contains("big-bang") {
        return None;
    }
    Some(
        hit(
            "everything changes at once and the fault is found by everybody",
            format!("pattern {}: {}", facts.plan.pattern.name, facts.plan.pattern.why),
        )
        .severity(8, "documents 001 and 004 name it a pitfall")
        .occurrence(4, "nothing was seen under real traffic before")
        .watch(SPEED)
        .eased(facts.rehearsed().or_else(|| facts.task(&["people.rehearsal"])), 2)
        .advice("a rehearsal with real data, or an incremental pattern")
        .then("any trigger of the plan in the first hour", "the rollback of the phase")
        .within(facts.cutover()),
    )
}

fn unmapped_behaviour(facts: &Facts<'_>) -> Option<Hit> {
    if facts.runs || !facts.is(&["framework", "runtime", "library", "language"]) {
        return None;
    }
    Some(
        hit(
            "the new framework, runtime or library behaves differently where no test looks",
            format!("kinds {}", facts.plan.kinds.join(", ")),
        )
        .severity(6, "wrong answers without an error")
        .occurrence(5, "defaults differ: time zones, encodings, headers, limits")
        .watch(Watch {
            metrics: &["error_rate", "mismatches"],
            steps: true,
            advice: "compare answers of both sides (`rollout.shadow`)",
            ..Watch::default()
        })
        .eased(
            facts
                .spec
                .program
                .rollout
                .as_ref()
                .and_then(|rollout| rollout.shadow_ppm10)
                .map(|_| "the shadow run of `rollout.shadow`".to_owned()),
            3,
        )
        .advice("a shadow run that compares answers (`rollout.shadow`)")
        .then("answers that differ between the sides", "lower the share to 0%")
        .owner(facts.role("developer"))
        .within(facts.cutover()),
    )
}
