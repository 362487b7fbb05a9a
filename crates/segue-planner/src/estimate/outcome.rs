//! Writes what the simulation showed into the plan: dates, work, effort, money, what decides.
//!
//! Times are rounded: to minutes from an hour on, else to seconds. What has no time has no date, and neither has what
//! comes after it. Tests: `tests/it/estimate_schedule.rs`.

use std::collections::BTreeMap;

use segue_model::plan::Plan;
use segue_model::plan::program::{Cost, Driver, Quantiles, Spread};
use segue_model::spec::Spec;
use segue_model::spec::program::Money;

use super::network::{self, Figure, Pace};
use super::simulate::{Outcome, World};
use super::{unanswered, words};

/// How many drivers a plan names.
const DRIVERS: usize = 5;

/// Fills the plan.
pub(super) fn write(plan: &mut Plan, spec: &Spec, world: &World<'_>, outcome: &Outcome) {
    let undated = world.network.undated();
    for (at, phase) in plan.phases.iter_mut().enumerate() {
        let node = &world.network.nodes[at];
        let before = node.after.iter().chain(node.entry_waits.iter().map(|(since, _)| since)).all(|before| !undated[*before]);
        phase.project.starts = before.then(|| quantiles(&outcome.starts[at]));
        phase.project.ends = (!undated[at]).then(|| quantiles(&outcome.ends[at]));
        phase.project.work = work(world, outcome, at);
        if undated.iter().all(|open| !open) {
            phase.project.criticality_permille = (outcome.critical[at] * 1_000 / world.runs as u64) as u32;
        }
    }
    let dated = undated.iter().all(|open| !open) && !plan.phases.is_empty();
    plan.program.duration = dated.then(|| quantiles(&outcome.end));
    if dated {
        plan.program.drivers = drivers(plan, world, outcome);
    }
    let unknown_people = world.network.nodes.iter().zip(&plan.phases).any(|(node, phase)| {
        node.uncounted
            || !node.open.is_empty() && phase.project.loads.iter().any(|load| load.key.starts_with("people.") && load.time.is_none())
    });
    let effort = sum(world.runs, outcome.effort.iter().filter(|figure| !figure.is_empty()).map(|figure| (figure.as_slice(), 1)), 1);
    plan.program.effort = (!unknown_people && !plan.phases.is_empty()).then(|| quantiles(&effort));
    if !unknown_people {
        plan.program.cost = cost(plan, spec, world, outcome);
    }
}

/// Tasks whose time a load of the same name says.
pub(super) fn time_tasks(plan: &mut Plan) {
    for phase in &mut plan.phases {
        let project = &mut phase.project;
        for task in project.tasks.iter_mut().filter(|task| task.minutes == 0) {
            if let Some(time) = project.loads.iter().filter(|load| load.of == task.what).find_map(|load| load.time.as_ref()) {
                task.minutes = time.p50_s.div_ceil(60);
                task.from.clone_from(&time.from);
            }
        }
    }
}

fn work(world: &World<'_>, outcome: &Outcome, at: usize) -> Option<Spread> {
    let node = &world.network.nodes[at];
    let figures: Vec<&Figure> = node
        .figures
        .iter()
        .map(|figure| &world.network.figures[*figure])
        .filter(|figure| figure.passes && figure.pace != Pace::Wait)
        .collect();
    if !node.open.is_empty() || figures.is_empty() {
        return None;
    }
    let quantiles = quantiles(&outcome.work[at]);
    let parts: Vec<String> = figures
        .iter()
        .map(|figure| format!("{} {} of {} ({})", figure.key, words::seconds(figure.points[1]), figure.who, figure.confidence))
        .collect();
    let confidence = figures.iter().map(|figure| figure.confidence.as_str()).max_by_key(|word| network::rank(word)).unwrap_or("unknown");
    Some(Spread {
        p5_s: quantiles.p5_s,
        p50_s: quantiles.p50_s,
        p95_s: quantiles.p95_s,
        from: format!("{}; {} runs", parts.join(", "), words::grouped(world.runs as u64)),
        confidence: confidence.to_owned(),
    })
}

/// What moves the end most. Figures with one id count together; waiting for windows counts for its phase.
fn drivers(plan: &Plan, world: &World<'_>, outcome: &Outcome) -> Vec<Driver> {
    let figures =
        world.network.figures.iter().zip(&outcome.shares).map(|(figure, &share)| (figure.id.as_str(), share, unanswered::narrow(figure)));
    let waits = plan.phases.iter().zip(&outcome.waits).map(|(phase, &share)| {
        (phase.name.as_str(), share, format!("give `{}` more or longer windows (`limits.window`), or fewer freezes", phase.name))
    });
    let mut by_id: BTreeMap<&str, (f64, f64, String)> = BTreeMap::new();
    for (id, share, narrow) in figures.chain(waits) {
        let entry = by_id.entry(id).or_insert((0.0, f64::MIN, String::new()));
        entry.0 += share;
        if share > entry.1 {
            (entry.1, entry.2) = (share, narrow);
        }
    }
    let total: f64 = by_id.values().map(|(share, _, _)| share.max(0.0)).sum::<f64>().max(1.0);
    let mut out: Vec<Driver> = by_id
        .into_iter()
        .map(|(id, (share, _, narrow))| Driver {
            id: id.to_owned(),
            share_permille: libm::round(share.max(0.0) * 1_000.0 / total) as u32,
            narrow,
        })
        .filter(|driver| driver.share_permille > 0)
        .collect();
    out.sort_by(|a, b| b.share_permille.cmp(&a.share_permille).then_with(|| a.id.cmp(&b.id)));
    out.truncate(DRIVERS);
    out
}

/// Money, where each role that works has a rate.
fn cost(plan: &mut Plan, spec: &Spec, world: &World<'_>, outcome: &Outcome) -> Option<Cost> {
    let rates = &spec.program.team.rates;
    if rates.is_empty() {
        return None;
    }
    let works = |figure: &&Figure| figure.effort && figure.points[1] > 0;
    let mut missing: Vec<&str> =
        world.network.figures.iter().filter(works).map(|figure| figure.who.as_str()).filter(|role| !rates.contains_key(*role)).collect();
    missing.sort_unstable();
    missing.dedup();
    for role in &missing {
        let what = format!("what an hour of the role `{role}` costs: without it the plan has no cost");
        unanswered::add(plan, what, format!("team.rates.{role}"), vec!["cost".to_owned()]);
    }
    if !missing.is_empty() {
        return None;
    }
    let weighed = world
        .network
        .figures
        .iter()
        .zip(&outcome.effort)
        .filter(|(_, effort)| !effort.is_empty())
        .map(|(figure, effort)| (effort.as_slice(), rates.get(&figure.who).copied().unwrap_or(0)));
    let cost = sum(world.runs, weighed, 3_600_000);
    let currency = spec.program.budget.as_ref().map(|budget| budget.currency.clone()).unwrap_or_default();
    let used: Vec<String> = rates.iter().map(|(role, rate)| format!("{role} {}/h", words::money(*rate, &currency))).collect();
    let [_, p50, p80, _] = raw(&cost);
    let money = |hundredths: i64| Money { hundredths: u64::try_from(hundredths).unwrap_or(0), currency: currency.clone() };
    Some(Cost { p50: money(p50), p80: money(p80), from: format!("spec team.rates: {}; people's work only", used.join(", ")) })
}

/// The weighed sum of figures by run, over a divisor.
fn sum<'a>(runs: usize, figures: impl Iterator<Item = (&'a [i64], u64)>, divisor: i128) -> Vec<i64> {
    let mut out = vec![0_i128; runs];
    for (values, weight) in figures {
        out.iter_mut().zip(values).for_each(|(sum, value)| *sum += i128::from(*value) * i128::from(weight));
    }
    out.into_iter().map(|sum| i64::try_from(sum / divisor).unwrap_or(i64::MAX)).collect()
}

/// P5, P50, P80, P95 as they are: between the middles of the two runs around the rank.
pub(super) fn raw(values: &[i64]) -> [i64; 4] {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let at = |permille: usize| {
        // In two-thousandths of a run, from the middle of the first one.
        let rank = (sorted.len() * permille * 2).saturating_sub(1_000);
        let (low, part) = (rank / 2_000, (rank % 2_000) as i64);
        let value = |at: usize| sorted.get(at.min(sorted.len().saturating_sub(1))).copied().unwrap_or(0);
        value(low) + i64::try_from(i128::from(value(low + 1) - value(low)) * i128::from(part) / 2_000).unwrap_or(0)
    };
    [at(50), at(500), at(800), at(950)]
}

/// In seconds, rounded: to minutes from an hour on. What takes any time takes a second.
pub(super) fn quantiles(values: &[i64]) -> Quantiles {
    let [p5_s, p50_s, p80_s, p95_s] = raw(values).map(|ms| {
        let ms = u64::try_from(ms).unwrap_or(0);
        let seconds = if ms == 0 { 0 } else { ((ms + 500) / 1_000).max(1) };
        if seconds < 3_600 { seconds } else { (seconds + 30) / 60 * 60 }
    });
    Quantiles { p5_s, p50_s, p80_s, p95_s }
}
