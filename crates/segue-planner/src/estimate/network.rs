//! The plan as a network of work: what each phase waits for, and which figures its time is made of.
//!
//! Loads of one phase, team and key are one figure: the same mistake is in each of them (the rate of 40 copies is one
//! rate), so their points add up and do not average out. Must never drop a load in silence: one without a time makes
//! its phase *open*, a phase without any is *uncounted*, and nothing after either has a date. Tests:
//! `tests/it/estimate_schedule.rs`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::plan::program::{Load, Rehearsal, Spread};
use segue_model::plan::{Condition, Phase, Plan};
use segue_model::spec::Spec;

use super::load::{self, Timed};
use super::model::Model;

/// How a figure's time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// People's work, shared by up to so many people.
    People(u64),
    /// Machines, and people at a cut-over: without a break, in windows and never in a freeze.
    Straight,
    /// A wait.
    Wait,
}

/// One uncertain figure.
#[derive(Debug, Clone)]
pub(super) struct Figure {
    /// The step if all of it belongs to one, else the phase.
    pub(super) id: String,
    /// The key of the model.
    pub(super) key: String,
    /// A role, `machine`, or `nobody`.
    pub(super) who: String,
    pub(super) pace: Pace,
    /// P5, P50, P95 in seconds.
    pub(super) points: [u64; 3],
    /// The worst confidence in it.
    pub(super) confidence: String,
    /// Work of people counts as effort even where a stated estimate replaces its time.
    pub(super) effort: bool,
    /// Whether it passes in the schedule.
    pub(super) passes: bool,
}

/// A phase in the network.
#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    /// Its phases before, by index.
    pub(super) after: Vec<usize>,
    /// Since the end of which phase so many milliseconds must have passed, before it starts and before it ends.
    pub(super) entry_waits: Vec<(usize, i64)>,
    pub(super) exit_waits: Vec<(usize, i64)>,
    /// How long it is held when its work is done.
    pub(super) hold_ms: i64,
    /// How long its exit gates must hold at least, from the end of the work.
    pub(super) gate_ms: i64,
    pub(super) figures: Vec<usize>,
    /// What is missing to give it a time.
    pub(super) open: Vec<String>,
    /// It has no step, no work and no wait at all: nobody counted what there is to do.
    pub(super) uncounted: bool,
}

/// The whole network.
#[derive(Debug, Clone, Default)]
pub(super) struct Network {
    pub(super) nodes: Vec<Node>,
    pub(super) figures: Vec<Figure>,
    /// Indexes of nodes so that each stands after what it waits for; `None` for a plan with a cycle.
    pub(super) order: Option<Vec<usize>>,
}

/// Waits that pass side by side: the longest of one phase counts.
const SIDE_BY_SIDE: &[&str] = &["wait.notice", "wait.deprecation", "wait.dns_ttl", CUTOVER];
/// How long a cut-over takes, whoever is on duty.
pub(super) const CUTOVER: &str = "cutover";

impl Network {
    /// From a plan whose loads were timed; `timed` has one entry for each load, phase by phase.
    pub(super) fn new(plan: &Plan, spec: &Spec, model: &Model, timed: &[Vec<Timed>]) -> Self {
        let index: BTreeMap<&str, usize> = plan.phases.iter().enumerate().map(|(at, phase)| (phase.name.as_str(), at)).collect();
        let chained = plan.phases.iter().all(|phase| phase.project.after.is_empty());
        let mut out = Self::default();
        for (at, phase) in plan.phases.iter().enumerate() {
            let mut node = Node { after: predecessors(phase, at, chained, &index), ..Node::default() };
            gates(phase, at, &index, &mut node);
            // A recipe writes a hold as a wait too, so that it stands among the loads: it passes once.
            let waits = phase.project.loads.iter().any(|load| load.key == "wait.hold" && load.of == phase.name);
            node.hold_ms = phase.project.hold.as_ref().filter(|_| !waits).map_or(0, |hold| millis(hold.seconds));
            out.figures_of(&mut node, phase, spec, model, &timed[at], plan.program.rehearsal.as_ref());
            // Segue's own steps may take no time at all; a phase of people without a step, a task or a wait was not counted.
            let stated = spec.program.phases.get(&phase.name).is_some_and(|wish| wish.estimate.is_some());
            node.uncounted = !plan.runs() && !stated && phase.steps.is_empty() && node.open.is_empty() && !out.passes(&node);
            out.nodes.push(node);
        }
        out.order = out.order();
        out
    }

    /// Some time passes in it.
    fn passes(&self, node: &Node) -> bool {
        let waits = node.entry_waits.iter().chain(&node.exit_waits).map(|(_, ms)| *ms).chain([node.hold_ms, node.gate_ms]);
        let works = |figure: &Figure| figure.passes && figure.points[2] > 0;
        node.figures.iter().any(|figure| works(&self.figures[*figure])) || waits.into_iter().any(|ms| ms > 0)
    }

    fn figures_of(&mut self, node: &mut Node, phase: &Phase, spec: &Spec, model: &Model, timed: &[Timed], rehearsal: Option<&Rehearsal>) {
        let stated = spec.program.phases.get(&phase.name).and_then(|wish| wish.estimate);
        let mut groups: BTreeMap<(String, String), Figure> = BTreeMap::new();
        let gated: Vec<i64> = node.entry_waits.iter().chain(&node.exit_waits).map(|(_, ms)| *ms).chain([node.gate_ms]).collect();
        for (load, timed) in phase.project.loads.iter().zip(timed) {
            // A wait that is a gate and a load passes once: at the gate, which says since when.
            if load.key == "wait.hold" && load.of == phase.name && load.amount > 0 && gated.contains(&millis(load.amount)) {
                continue;
            }
            let spread = match timed {
                Timed::Known(spread) | Timed::Widened(spread, _) => spread,
                Timed::Unknown(what, _) if stated.is_none() => {
                    node.open.push(what.clone());
                    continue;
                }
                Timed::Unknown(..) => continue,
            };
            if load.key == "people.cutover" && load.amount > 0 {
                for figure in on_duty(load, spread, phase, stated.is_none()) {
                    join(&mut groups, figure, phase, model);
                }
                continue;
            }
            let pace = pace(&load.key, load.amount, model);
            let figure = Figure {
                id: load.of.clone(),
                key: load.key.clone(),
                who: load.who.clone(),
                pace,
                points: [spread.p5_s, spread.p50_s, spread.p95_s],
                confidence: spread.confidence.clone(),
                effort: load.key.starts_with("people."),
                passes: stated.is_none() || pace == Pace::Wait,
            };
            join(&mut groups, figure, phase, model);
        }
        for task in phase.project.tasks.iter().filter(|task| task.minutes > 0) {
            if phase.project.loads.iter().any(|load| load.of == task.what) {
                continue;
            }
            let rule = load::rule(model, "stated");
            let figure = Figure {
                id: phase.name.clone(),
                key: "task".to_owned(),
                who: task.owner.clone(),
                pace: Pace::People(1),
                points: load::around(task.minutes.saturating_mul(60_000), &rule),
                confidence: "stated".to_owned(),
                effort: true,
                passes: stated.is_none(),
            };
            join(&mut groups, figure, phase, model);
        }
        if let Some((best, likely, worst)) = stated {
            groups.insert(("estimate".to_owned(), String::new()), straight(phase, [best.min(likely), likely, worst.max(likely)], "stated"));
        } else if !phase.project.loads.iter().any(|load| load.key.starts_with("machine.")) {
            let (ms, rule, confidence) = match load::rehearsed_phase(rehearsal, phase) {
                Some(ms) => (ms, load::rule(model, "rehearsed"), "measured"),
                None => (phase.estimate.seconds.saturating_mul(1_000), load::rule(model, "default"), "model"),
            };
            if ms > 0 {
                groups.insert(("estimate".to_owned(), String::new()), straight(phase, load::around(ms, &rule), confidence));
            }
        }
        for figure in groups.into_values() {
            node.figures.push(self.figures.len());
            self.figures.push(figure);
        }
    }

    /// Each after what it waits for; among those that could be next, the one that could start first with the likely
    /// times (not with those of a larger or smaller team, so that one more person never changes the order).
    fn order(&self) -> Option<Vec<usize>> {
        let waits = |at: usize| {
            let node = &self.nodes[at];
            let gates = node.entry_waits.iter().chain(&node.exit_waits).map(|(since, ms)| (*since, *ms));
            node.after.iter().map(|before| (*before, 0)).chain(gates.filter(move |(since, _)| *since != at))
        };
        let length = |at: usize| -> i64 {
            let node = &self.nodes[at];
            let work: i64 =
                node.figures.iter().map(|figure| &self.figures[*figure]).filter(|f| f.passes).map(|f| millis(f.points[1])).sum();
            work.saturating_add(node.hold_ms.max(node.gate_ms))
        };
        let mut ends: Vec<Option<i64>> = vec![None; self.nodes.len()];
        let mut order = Vec::new();
        let mut left: BTreeSet<usize> = (0..self.nodes.len()).collect();
        while !left.is_empty() {
            let start = |at: usize| {
                waits(at).map(|(before, ms)| Some(ends[before]?.saturating_add(ms))).try_fold(0_i64, |most, end| Some(most.max(end?)))
            };
            let (start, next) = left.iter().filter_map(|&at| Some((start(at)?, at))).min()?;
            ends[next] = Some(start.saturating_add(length(next)));
            order.push(next);
            left.remove(&next);
        }
        Some(order)
    }

    /// Which phases have no date because something before them or in them has no time.
    pub(super) fn undated(&self) -> Vec<bool> {
        let mut out = vec![false; self.nodes.len()];
        for &at in self.order.iter().flatten() {
            let node = &self.nodes[at];
            let waits = node.entry_waits.iter().chain(&node.exit_waits).map(|(since, _)| *since);
            out[at] = node.uncounted || !node.open.is_empty() || node.after.iter().copied().chain(waits).any(|before| out[before]);
        }
        out
    }
}

fn straight(phase: &Phase, points: [u64; 3], confidence: &str) -> Figure {
    Figure {
        id: phase.name.clone(),
        key: "estimate".to_owned(),
        who: "machine".to_owned(),
        pace: Pace::Straight,
        points,
        confidence: confidence.to_owned(),
        effort: false,
        passes: true,
    }
}

fn join(groups: &mut BTreeMap<(String, String), Figure>, figure: Figure, phase: &Phase, model: &Model) {
    let slot = groups.entry((figure.key.clone(), figure.who.clone()));
    let side_by_side = SIDE_BY_SIDE.contains(&figure.key.as_str());
    slot.and_modify(|all| {
        if all.id != figure.id {
            all.id.clone_from(&phase.name);
        }
        for (sum, point) in all.points.iter_mut().zip(figure.points) {
            *sum = if side_by_side { (*sum).max(point) } else { sum.saturating_add(point).min(u64::MAX / 4_000) };
        }
        if let (Pace::People(all), Pace::People(more)) = (&mut all.pace, figure.pace) {
            *all = (*all + more).min(model.calendar.chunks);
        }
        if rank(&figure.confidence) > rank(&all.confidence) {
            all.confidence.clone_from(&figure.confidence);
        }
    })
    .or_insert(figure);
}

/// Confidences from the best to the worst.
pub(super) fn rank(confidence: &str) -> usize {
    ["measured", "stated", "model", "unknown"].iter().position(|word| *word == confidence).unwrap_or(3)
}

/// A cut-over: everybody on duty works at the same time, and each of them is paid.
fn on_duty(load: &Load, spread: &Spread, phase: &Phase, passes: bool) -> [Figure; 2] {
    let points = [spread.p5_s, spread.p50_s, spread.p95_s];
    let work = Figure {
        id: load.of.clone(),
        key: load.key.clone(),
        who: load.who.clone(),
        pace: Pace::People(1),
        points,
        confidence: spread.confidence.clone(),
        effort: true,
        passes: false,
    };
    let each = Figure {
        id: phase.name.clone(),
        key: CUTOVER.to_owned(),
        who: "everybody on duty".to_owned(),
        pace: Pace::Straight,
        points: points.map(|point| point / load.amount),
        effort: false,
        passes,
        ..work.clone()
    };
    [work, each]
}

fn pace(key: &str, amount: u64, model: &Model) -> Pace {
    match key.split('.').next() {
        Some("wait") => Pace::Wait,
        Some("people") => Pace::People(amount.clamp(1, model.calendar.chunks)),
        _ => Pace::Straight,
    }
}

fn predecessors(phase: &Phase, at: usize, chained: bool, index: &BTreeMap<&str, usize>) -> Vec<usize> {
    if chained {
        return at.checked_sub(1).into_iter().collect();
    }
    phase.project.after.iter().filter_map(|name| index.get(name.as_str()).copied()).collect()
}

fn gates(phase: &Phase, at: usize, index: &BTreeMap<&str, usize>, node: &mut Node) {
    let waited = |gates: &[segue_model::plan::Gate]| -> Vec<(usize, i64)> {
        let wait = |condition: &Condition| match condition {
            Condition::Waited { since, at_least_ms } => {
                Some((*index.get(since.as_str())?, i64::try_from(*at_least_ms).unwrap_or(i64::MAX / 4)))
            }
            _ => None,
        };
        gates.iter().filter_map(|gate| wait(&gate.condition)).collect()
    };
    node.entry_waits = waited(&phase.entry).into_iter().filter(|(since, _)| *since != at).collect();
    let (own, others): (Vec<_>, Vec<_>) = waited(&phase.gates).into_iter().partition(|(since, _)| *since == at);
    node.exit_waits = others;
    let held = phase.gates.iter().filter_map(|gate| match &gate.condition {
        Condition::Metric { condition } => i64::try_from(condition.for_ms).ok(),
        _ => None,
    });
    node.gate_ms = own.into_iter().map(|(_, ms)| ms).chain(held).max().unwrap_or(0);
}

/// Seconds to milliseconds, bounded so that sums of many never overflow.
pub(super) fn millis(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000).min(i64::MAX / 1_000_000)
}
