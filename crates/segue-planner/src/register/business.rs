//! Business risks: revenue, customers, dates, money, reputation, clients of an interface (F061).
//!
//! Tests: `tests/it/register_rules.rs`.

use super::facts::{Facts, some};
use super::rule::{Hit, Rule, Watch, hit};
use crate::estimate::words;

pub(super) const RULES: &[Rule] = &[
    Rule { number: 29, category: "business", about: revenue },
    Rule { number: 30, category: "business", about: customers },
    Rule { number: 31, category: "business", about: deadline },
    Rule { number: 32, category: "business", about: budget },
    Rule { number: 33, category: "business", about: clients },
    Rule { number: 34, category: "business", about: reputation },
];

fn revenue(facts: &Facts<'_>) -> Option<Hit> {
    let noticed = facts.noticed();
    if facts.runs || noticed.is_empty() || !(facts.production() || facts.peak().is_some()) {
        return None;
    }
    let peak = facts.peak().map_or_else(|| "production".to_owned(), |peak| format!("{peak} transactions a second at the peak"));
    let windowed = facts.plan.phases.iter().any(|phase| phase.is_noticed() && !phase.project.windows.is_empty());
    Some(
        hit("orders or payments fail while users are moved", format!("{peak}; noticed in {}", some(noticed.iter().map(String::as_str))))
            .severity(8, "document 000: revenue impact from service disruption")
            .occurrence(
                if windowed { 2 } else { 4 },
                if windowed { "users are moved in a quiet window" } else { "users are moved at any time" },
            )
            .watch(Watch {
                metrics: &["error_rate", "availability", "throughput"],
                data: true,
                advice: "a trigger on `error_rate(new)`, and a check on revenue",
                ..Watch::default()
            })
            .eased(
                facts
                    .spec
                    .program
                    .rollout
                    .as_ref()
                    .filter(|rollout| rollout.steps.len() > 1)
                    .map(|rollout| format!("{} shares of traffic", rollout.steps.len())),
                2,
            )
            .advice("`rollout` in steps, `limits.window` in the quiet hours")
            .then("failed orders above the usual", "the share of traffic goes to 0%")
            .within(noticed),
    )
}

fn customers(facts: &Facts<'_>) -> Option<Hit> {
    let noticed = facts.noticed();
    if noticed.is_empty() || facts.runs {
        return None;
    }
    let theirs = |audience: &str| matches!(audience, "users" | "support" | "api_consumers");
    let planned = facts.plan.program.comms.iter().filter(|message| theirs(&message.audience)).count();
    let told = facts.spec.program.comms.keys().any(|audience| theirs(audience));
    let (value, why) = match (told, planned) {
        (true, _) => (2, "the spec says whom to tell"),
        (false, 1..) => (3, "messages are planned, and the spec does not say where they go (`comms`)"),
        (false, 0) => (5, "no message to users or support is planned (`comms`)"),
    };
    Some(
        hit("users meet something that nobody told them about", format!("users notice {}", some(noticed.iter().map(String::as_str))))
            .severity(5, "document 000: customer experience")
            .occurrence(value, why)
            .watch(Watch { metrics: &["error_rate"], approvals: true, advice: "an approval that the message went out", ..Watch::default() })
            .eased(facts.task(&["people.communication"]), 2)
            .advice("`comms.users` and `comms.support` with lead times")
            .then("questions to support rise", "the status page and the answer of the support brief")
            .owner(facts.role("support"))
            .within(noticed),
    )
}

fn deadline(facts: &Facts<'_>) -> Option<Hit> {
    let day = facts.spec.program.deadline?;
    let start = facts.plan.program.start.or(facts.spec.program.start);
    let limit = start
        .and_then(|start| day.0.since(start.0).ok())
        .and_then(|span| u64::try_from(span.get_days()).ok())
        .map(|days| (days + 1) * 86_400);
    let found = |value, why: String| {
        hit("the deadline is missed", format!("deadline {}", day.0))
            .severity(7, "somebody outside counts on the day")
            .occurrence(value, why)
            .sure("the schedule: P50, P80 and P95 stand beside the deadline, and `segue plan` tells when they pass it")
            .eased(
                facts.plan.program.drivers.first().map(|driver| format!("`{}` narrowed: {}", driver.id, driver.narrow)),
                value.saturating_sub(1).max(1),
            )
            .advice("leave something out, or start earlier")
            .then("a phase ends after its P80", "drop what can wait, or move the deadline")
    };
    match (facts.plan.program.duration, limit) {
        (Some(ends), Some(limit)) if ends.p50_s > limit => Some(found(9, "more than half of the runs end after it".to_owned())),
        (Some(ends), Some(limit)) if ends.p80_s > limit => Some(found(6, "more than one run in five ends after it".to_owned())),
        (Some(ends), Some(limit)) if ends.p95_s > limit => Some(found(3, "more than one run in twenty ends after it".to_owned())),
        (Some(ends), Some(_)) => Some(found(1, format!("95% of the runs end {} after the start, in time", words::seconds(ends.p95_s)))),
        _ => Some(found(5, "nobody can tell: the plan has no dates yet".to_owned())),
    }
}

fn budget(facts: &Facts<'_>) -> Option<Hit> {
    let budget = facts.spec.program.budget.as_ref()?;
    let say = |money: u64| words::money(money, &budget.currency);
    let (value, why) = match &facts.plan.program.cost {
        Some(cost) if cost.p50.hundredths > budget.hundredths => (9, format!("P50 is {}", say(cost.p50.hundredths))),
        Some(cost) if cost.p80.hundredths > budget.hundredths => (5, format!("P80 is {}", say(cost.p80.hundredths))),
        Some(cost) => (2, format!("P80 is {}", say(cost.p80.hundredths))),
        None => (5, "no cost is known: an hour of each role is not (`team.rates`)".to_owned()),
    };
    Some(
        hit("the migration costs more than its budget", format!("budget {}", say(budget.hundredths)))
            .severity(5, "the work stops half-way, with two systems to pay for")
            .occurrence(value, why)
            .sure("the cost of the plan, P50 and P80, beside the budget")
            .advice("leave something out, or raise the budget")
            .then("effort beyond P80", "stop at the end of a phase, where both sides work"),
    )
}

fn clients(facts: &Facts<'_>) -> Option<Hit> {
    let api = facts.spec.program.api.as_ref()?;
    let count = api.clients;
    let occurrence = match count {
        Some(0) => return None,
        Some(1..=10) => 3,
        Some(11..=100) => 5,
        _ => 7,
    };
    let evidence =
        count.map_or_else(|| "nobody knows how many clients there are (`api.clients`)".to_owned(), |count| words::count(count, "client"));
    Some(
        hit("clients of the old interface have not moved when it is switched off", evidence.clone())
            .severity(7, "their product breaks, and they hear it from their users")
            .occurrence(occurrence, evidence)
            .watch(Watch {
                metrics: &["throughput", "error_rate"],
                advice: "a gate on requests to the old version: `throughput(old) == 0 for 14d`",
                ..Watch::default()
            })
            .eased(facts.task(&["people.client", "people.communication"]), occurrence.saturating_sub(2).max(1))
            .advice("deprecation headers, a date in every answer, and a message to each client")
            .then("requests to the old version near the date", "the old version stays on for those clients")
            .owner(facts.role("support"))
            .within(facts.finals()),
    )
}

fn reputation(facts: &Facts<'_>) -> Option<Hit> {
    let users = facts.spec.program.auth.as_ref().and_then(|auth| auth.users).filter(|users| *users > 10_000);
    let clients = facts.spec.program.api.as_ref().and_then(|api| api.clients).filter(|clients| *clients > 100);
    if facts.noticed().is_empty() || facts.runs || (users.is_none() && clients.is_none()) {
        return None;
    }
    let many = users
        .map(|users| format!("{} users", words::grouped(users)))
        .or_else(|| clients.map(|clients| format!("{} clients", words::grouped(clients))));
    let planned = !facts.plan.program.comms.is_empty() || !facts.spec.program.comms.is_empty();
    Some(
        hit("a fault is talked about in public before anybody here answers", many.unwrap_or_default())
            .severity(6, "document 000: brand reputation")
            .occurrence(if planned { 2 } else { 3 }, if planned { "messages are prepared" } else { "no message is prepared" })
            .watch(Watch { metrics: &["availability", "error_rate"], ..Watch::default() })
            .eased(facts.task(&["people.communication"]), 1)
            .advice("a status page entry and an announcement, written before the cut-over")
            .then("a report in public", "the prepared statement, then updates each 15 to 60 minutes")
            .within(facts.noticed()),
    )
}
