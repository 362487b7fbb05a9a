//! Why a number is what it is: the derivation of a figure of a plan, in words with its values.
//!
//! Reads the plan, which carries the source of each figure, and the model for its scales. An id that the plan does not
//! have is `None`, never a guess. Tests: `tests/it/explain_ids.rs`.

use segue_model::plan::program::{Load, Quantiles, Risk, Spread};
use segue_model::plan::{Gate, Phase, Plan};

use crate::estimate::{Model, words};

/// Explains `RISK-007`, `R7` or a risk's own id; `estimate PHASE`, `estimate STEP`; `gate ID`; `pattern`; `figure NAME`;
/// `driver` or `driver ID`; `effort`, `duration`, `cost`, `risk`. The word in front may be left out.
pub fn explain(plan: &Plan, model: &Model, id: &str) -> Option<String> {
    let id = id.trim();
    let (word, rest) = id.split_once(char::is_whitespace).map_or((id, ""), |(word, rest)| (word, rest.trim()));
    match (word.to_ascii_lowercase().as_str(), rest) {
        ("pattern", "") => Some(pattern(plan)),
        ("duration", "") => Some(duration(plan)),
        ("effort", "") => Some(effort(plan)),
        ("cost", "") => Some(cost(plan)),
        ("risk", "") => Some(level(plan, model)),
        ("driver" | "drivers", rest) => drivers(plan, rest),
        ("risk", rest) => risk(plan, model, rest),
        ("estimate", rest) => estimate(plan, model, rest),
        ("gate", rest) => gate(plan, rest),
        ("figure", rest) => figure(plan, rest),
        (_, "") => risk(plan, model, id).or_else(|| gate(plan, id)).or_else(|| estimate(plan, model, id)).or_else(|| figure(plan, id)),
        _ => None,
    }
}

fn lines(parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn pattern(plan: &Plan) -> String {
    let pattern = &plan.pattern;
    let not = pattern.not.iter().map(|other| format!("not {}: {}", other.name, other.why));
    lines([format!("{}: {}", pattern.name, pattern.why)].into_iter().chain(not))
}

fn quantiles(of: &Quantiles, say: fn(u64) -> String) -> String {
    format!("P5 {}, P50 {}, P80 {}, P95 {}", say(of.p5_s), say(of.p50_s), say(of.p80_s), say(of.p95_s))
}

fn duration(plan: &Plan) -> String {
    let program = &plan.program;
    let Some(duration) = &program.duration else {
        let open: Vec<String> = plan.phases.iter().flat_map(untimed).collect();
        let head = "duration: not known, because some work has no time".to_owned();
        return lines(
            [head].into_iter().chain(open).chain(program.needed.iter().map(|row| format!("needed: {} (`{}`)", row.what, row.spec_key))),
        );
    };
    let head = format!("duration: {} after the start", quantiles(duration, words::seconds));
    let how = format!("simulated over the phases' order with {}; how: docs/model.md", program.model);
    let phases = plan.phases.iter().filter_map(|phase| {
        let ends = phase.project.ends.as_ref()?;
        Some(format!(
            "{}: ends P50 {}, on the critical path in {} of 1000 runs",
            phase.name,
            words::seconds(ends.p50_s),
            phase.project.criticality_permille
        ))
    });
    lines([head, how].into_iter().chain(phases).chain(drivers(plan, "")))
}

fn untimed(phase: &Phase) -> Vec<String> {
    let loads = phase.project.loads.iter().filter(|load| load.time.is_none());
    loads.map(|load| format!("{}: {} of `{}` has no time", phase.name, load.key, load.of)).collect()
}

fn effort(plan: &Plan) -> String {
    let Some(effort) = &plan.program.effort else { return "effort: not known, because some work of people has no time".to_owned() };
    let head = format!("effort: {} of people's work", quantiles(effort, words::work));
    let mut parts = Vec::new();
    for phase in &plan.phases {
        let people: Vec<&Load> = phase.project.loads.iter().filter(|load| load.key.starts_with("people.")).collect();
        let sum: u64 = people.iter().filter_map(|load| load.time.as_ref()).map(|time| time.p50_s).sum();
        if sum > 0 {
            parts.push(format!("{}: {} ({} pieces of work)", phase.name, words::work(sum), people.len()));
        }
    }
    lines([head].into_iter().chain(parts))
}

fn cost(plan: &Plan) -> String {
    match &plan.program.cost {
        Some(cost) => {
            let say = |money: &segue_model::spec::program::Money| words::money(money.hundredths, &money.currency);
            format!("cost: P50 {}, P80 {}\n{}", say(&cost.p50), say(&cost.p80), cost.from)
        }
        None => "cost: not known: each role that works needs its price of an hour (`team.rates`)".to_owned(),
    }
}

fn level(plan: &Plan, model: &Model) -> String {
    let worst = plan.program.risks.iter().filter(|risk| risk.level == plan.risk).take(5);
    let rows = worst.map(|risk| format!("{} {} (RPN {}): {}", risk.id, risk.level, risk.rpn, risk.what));
    let scale = &model.levels;
    let how = format!("critical from RPN {}, high from {}, medium from {} ({})", scale.critical, scale.high, scale.medium, scale.from);
    lines([format!("risk: {}", plan.risk), how].into_iter().chain(rows))
}

fn drivers(plan: &Plan, id: &str) -> Option<String> {
    let rows: Vec<String> = plan
        .program
        .drivers
        .iter()
        .filter(|driver| id.is_empty() || driver.id == id)
        .map(|driver| {
            let share = format!("{}.{}%", driver.share_permille / 10, driver.share_permille % 10);
            format!("driver {}: {share} of the variance of the end; to narrow it: {}", driver.id, driver.narrow)
        })
        .collect();
    (!rows.is_empty()).then(|| lines(rows))
}

/// `RISK-007` is `R7`.
fn risk(plan: &Plan, model: &Model, id: &str) -> Option<String> {
    let exact = |risk: &&Risk| risk.id.eq_ignore_ascii_case(id);
    let number =
        id.to_ascii_uppercase().strip_prefix("RISK-").and_then(|digits| digits.parse::<u32>().ok()).map(|number| format!("R{number}"));
    let risks = &plan.program.risks;
    let found = risks.iter().find(exact).or_else(|| risks.iter().find(|risk| number.as_ref() == Some(&risk.id)))?;
    let head = format!("{} ({}, {}): {}", found.id, found.category, found.level, found.what);
    let sum = format!(
        "RPN {} = severity {} × occurrence {} × detection {}; {} when the mitigation is done",
        found.rpn, found.severity, found.occurrence, found.detection, found.residual_rpn
    );
    let scale = format!("level {}: {}", found.level, model.levels.from);
    let rest = [
        format!("evidence: {}", found.evidence),
        format!("mitigation: {}", found.mitigation),
        format!("trigger: {}", found.trigger),
        format!("then: {}", found.rollback),
        format!("owner: {}", found.owner),
        if found.phases.is_empty() { String::new() } else { format!("phases: {}", found.phases.join(", ")) },
    ];
    Some(lines([head, sum].into_iter().chain(found.reasons.iter().cloned()).chain([scale]).chain(rest)))
}

fn gate(plan: &Plan, id: &str) -> Option<String> {
    let mut gates = plan.phases.iter().flat_map(|phase| {
        let entry = phase.entry.iter().map(move |gate| (phase, gate, "before it starts"));
        entry.chain(phase.gates.iter().map(move |gate| (phase, gate, "before what comes after it")))
    });
    let named = |gate: &Gate| {
        gate.id == id
            || gate.id.replace('/', ".") == id
            || gate.id.rsplit('/').next() == id.split_once('.').map(|(_, name)| name)
                && gate.id.split('/').next() == id.split_once('.').map(|(phase, _)| phase)
    };
    let (phase, gate, when) = gates.find(|(_, gate, _)| named(gate))?;
    let who = match gate.condition.people_asked() {
        Some(1) => "opened by a person who looked".to_owned(),
        Some(count) => format!("opened by {count} people"),
        None if gate.condition.takes_approval() => "opened by a yes to the plan or to the gate".to_owned(),
        None => "measured by Segue; nobody can open it by hand".to_owned(),
    };
    let lowered =
        plan.program.risks.iter().filter(|risk| risk.reasons.iter().any(|reason| reason.contains(&format!("gate `{}`", gate.id))));
    let lowered: Vec<&str> = lowered.map(|risk| risk.id.as_str()).collect();
    let risks = if lowered.is_empty() { String::new() } else { format!("lowers the detection of {}", lowered.join(", ")) };
    Some(lines([format!("gate {} of phase {}, {when}: {}", gate.id, phase.name, gate.what), format!("from: {}", gate.from), who, risks]))
}

fn figure(plan: &Plan, name: &str) -> Option<String> {
    let figure = plan.program.figures.get(name).or_else(|| plan.program.downtime.as_ref().filter(|_| name == "downtime"))?;
    Some(format!("{name}: {}\nfrom: {}", figure.value, figure.from))
}

fn estimate(plan: &Plan, model: &Model, id: &str) -> Option<String> {
    if let Some(phase) = plan.phases.iter().find(|phase| phase.name == id) {
        return Some(of_phase(phase, model));
    }
    let loads = plan.phases.iter().flat_map(|phase| &phase.project.loads).filter(|load| load.of == id);
    let rows: Vec<String> = loads.map(of_load).collect();
    (!rows.is_empty()).then(|| lines([format!("estimate {id}")].into_iter().chain(rows)))
}

fn of_phase(phase: &Phase, model: &Model) -> String {
    let project = &phase.project;
    let head = format!("estimate {}", phase.name);
    let work = project.work.as_ref().map_or_else(String::new, |work| format!("work: {}", spread(work)));
    let dates = project.starts.as_ref().zip(project.ends.as_ref()).map_or_else(String::new, |(starts, ends)| {
        format!("starts {} after day 0; ends {}", quantiles(starts, words::seconds), quantiles(ends, words::seconds))
    });
    let machine = if phase.estimate.seconds > 0 {
        let width = model.spread.get("default").map_or_else(String::new, |rule| format!("; {}", rule.from));
        let widened = if project.loads.is_empty() { width } else { String::new() };
        format!("machine time: {} ({}{widened})", words::seconds(phase.estimate.seconds), phase.estimate.from)
    } else {
        String::new()
    };
    lines([head, work, dates, machine].into_iter().chain(project.loads.iter().map(of_load)))
}

fn spread(of: &Spread) -> String {
    format!(
        "P5 {}, P50 {}, P95 {} ({}): {}",
        words::seconds(of.p5_s),
        words::seconds(of.p50_s),
        words::seconds(of.p95_s),
        of.confidence,
        of.from
    )
}

fn of_load(load: &Load) -> String {
    match &load.time {
        Some(time) => format!("{} of `{}` by {}: {}", load.key, load.of, load.who, spread(time)),
        None => format!("{} of `{}` by {}: nobody knows how long; {}", load.key, load.of, load.who, load.from),
    }
}
