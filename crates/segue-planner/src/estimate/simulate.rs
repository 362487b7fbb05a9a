//! Many runs of the network: each figure drawn once a run, each phase as early as its order, people, windows and
//! freezes let it.
//!
//! People are a pool: work is given in a fixed order to whoever is free first, so that one more person or a shorter
//! load never makes anything later. Deterministic: the draws come from the plan's own names. Must never allocate in
//! the loop of runs. Tests: `tests/it/estimate_schedule.rs`, `tests/it/estimate_monte_carlo.rs`.

use super::calendar::Calendar;
use super::network::{CUTOVER, Network, Node, Pace};
use super::normal::ThreePoints;
use super::random::{self, SplitMix};

/// Who works, when.
pub(super) struct Team {
    pub(super) people: usize,
    /// Open time of the week's days for an hour of work, in thousandths.
    pub(super) stretch_permille: i64,
    pub(super) days: Calendar,
}

/// What the simulation runs on.
pub(super) struct World<'a> {
    pub(super) network: &'a Network,
    pub(super) team: Team,
    /// One calendar a phase: windows without freezes.
    pub(super) open: Vec<Calendar>,
    pub(super) runs: usize,
    /// In thousandths.
    pub(super) correlation: u64,
    /// A digest that the draws of each figure come from.
    pub(super) seeds: Vec<String>,
}

/// What came out, by run.
pub(super) struct Outcome {
    /// By phase.
    pub(super) starts: Vec<Vec<i64>>,
    /// By phase.
    pub(super) ends: Vec<Vec<i64>>,
    /// By phase: work without waiting for anybody or anything.
    pub(super) work: Vec<Vec<i64>>,
    /// The end of all.
    pub(super) end: Vec<i64>,
    /// By figure: people's work in milliseconds.
    pub(super) effort: Vec<Vec<i64>>,
    /// By phase: in how many runs it is on the critical path.
    pub(super) critical: Vec<u64>,
    /// By figure: covariance of its time on the critical path with the end, over the variance of the end.
    pub(super) shares: Vec<f64>,
    /// By phase: the same of waiting for its windows and for the end of freezes.
    pub(super) waits: Vec<f64>,
}

/// Scratch of one run.
struct Run {
    ends: Vec<i64>,
    starts: Vec<i64>,
    /// The phase that decided when it started.
    binding: Vec<Option<usize>>,
    /// When each person is free, and after which phase.
    people: Vec<(i64, Option<usize>)>,
    /// The time of each figure in this run, and what it takes on the calendar.
    drawn: Vec<i64>,
    passed: Vec<i64>,
    /// By phase: time between its pieces of work in which it may not run.
    shut: Vec<i64>,
}

/// Runs it; the network must have an order.
pub(super) fn simulate(world: &World<'_>) -> Outcome {
    let network = world.network;
    let (phases, figures, runs) = (network.nodes.len(), network.figures.len(), world.runs);
    let draws = draws(world);
    let mut out = Outcome {
        starts: vec![vec![0; runs]; phases],
        ends: vec![vec![0; runs]; phases],
        work: vec![vec![0; runs]; phases],
        end: vec![0; runs],
        effort: vec![Vec::new(); figures],
        critical: vec![0; phases],
        shares: vec![0.0; figures],
        waits: vec![0.0; phases],
    };
    for (at, figure) in network.figures.iter().enumerate().filter(|(_, figure)| figure.effort) {
        out.effort[at].clone_from(&draws[at]);
        debug_assert!(figure.key != "estimate", "machines have no effort");
    }
    let mut run = Run {
        ends: vec![0; phases],
        starts: vec![0; phases],
        binding: vec![None; phases],
        people: Vec::with_capacity(world.team.people),
        drawn: vec![0; figures],
        passed: vec![0; figures],
        shut: vec![0; phases],
    };
    let mut sums = Sums::new(figures + phases);
    for number in 0..runs {
        for (drawn, draws) in run.drawn.iter_mut().zip(&draws) {
            *drawn = draws[number];
        }
        run.people.clear();
        run.people.resize(world.team.people, (0, None));
        for &at in network.order.iter().flatten() {
            run.phase(world, at);
            out.starts[at][number] = run.starts[at];
            out.ends[at][number] = run.ends[at];
            let worked = |figure: &&usize| network.figures[**figure].passes && network.figures[**figure].pace != Pace::Wait;
            out.work[at][number] = network.nodes[at].figures.iter().filter(worked).map(|figure| run.drawn[*figure]).sum();
        }
        out.end[number] = run.ends.iter().copied().max().unwrap_or(0);
        sums.add(&run, network, &mut out.critical, out.end[number], out.end[0]);
    }
    out.shares = sums.shares(runs);
    out.waits = out.shares.split_off(figures);
    out
}

/// Each figure's milliseconds by run.
fn draws(world: &World<'_>) -> Vec<Vec<i64>> {
    let figures = &world.network.figures;
    let mut teams: Vec<&str> = figures.iter().filter(|figure| figure.pace != Pace::Wait).map(|figure| figure.who.as_str()).collect();
    teams.sort_unstable();
    teams.dedup();
    let mut seeds: Vec<SplitMix> =
        teams.iter().map(|team| SplitMix::from_digest(&segue_model::canonical::digest_bytes(team.as_bytes()))).collect();
    seeds.extend(world.seeds.iter().map(|seed| SplitMix::from_digest(seed)));
    let scores = random::scores(&mut seeds, world.runs);
    let shared = libm::sqrt(world.correlation as f64 / 1_000.0);
    let own = libm::sqrt(1.0 - world.correlation as f64 / 1_000.0);
    let draw = |(at, figure): (usize, &super::network::Figure)| {
        let [p5, p50, p95] = figure.points.map(|point| point.saturating_mul(1_000));
        let curve = ThreePoints::new(p5, p50, p95);
        // One figure of a team shares its error with none: its sample stays the exact one.
        let alone = figures.iter().filter(|other| other.pace != Pace::Wait && other.who == figure.who).count() < 2;
        let team = teams.iter().position(|team| *team == figure.who).filter(|_| figure.pace != Pace::Wait && !alone);
        let mine = &scores[teams.len() + at];
        let value = |run: usize| {
            let score = team.map_or(mine[run], |team| shared * scores[team][run] + own * mine[run]);
            // No time is longer than a thousand years: sums stay far from the end of the numbers.
            libm::round(curve.at(score)).min(3.2e13) as i64
        };
        (0..world.runs).map(value).collect()
    };
    figures.iter().enumerate().map(draw).collect()
}

impl Run {
    fn phase(&mut self, world: &World<'_>, at: usize) {
        let node = &world.network.nodes[at];
        let mut ready = 0;
        let mut binding = None;
        let waits = node.after.iter().map(|before| (*before, 0)).chain(node.entry_waits.iter().copied());
        for (before, ms) in waits {
            let end = self.ends[before] + ms;
            if end > ready || binding.is_none() {
                (ready, binding) = (end.max(ready), Some(before));
            }
        }
        self.binding[at] = binding;
        let (start, worked) = self.people(world, node, at, ready);
        let open = &world.open[at];
        let mut now = worked;
        let mut began = start;
        let figures = &world.network.figures;
        if node.figures.iter().any(|figure| figures[*figure].key == CUTOVER && figures[*figure].passes) {
            // Nobody leaves a cut-over half done until the next window.
            now = open.with_room(now, of(world, node, |pace| pace == Pace::Straight).map(|figure| self.drawn[*figure]).sum());
        }
        let mut done = 0;
        for &figure in of(world, node, |pace| pace == Pace::Straight) {
            began = began.or_else(|| Some(open.next_open(now)));
            now = open.after(now, self.drawn[figure]);
            done += self.drawn[figure];
            self.passed[figure] = self.drawn[figure];
        }
        for &figure in of(world, node, |pace| pace == Pace::Wait) {
            now += self.drawn[figure];
            done += self.drawn[figure];
            self.passed[figure] = self.drawn[figure];
        }
        // A phase that users notice starts in a window even where its work has no length.
        self.starts[at] = began.unwrap_or_else(|| open.next_open(ready));
        now = now.max(self.starts[at]);
        self.shut[at] = now - worked - done;
        now += node.hold_ms.max(node.gate_ms);
        for &(since, ms) in &node.exit_waits {
            let least = self.ends[since] + ms;
            if least > now {
                (now, self.binding[at]) = (least, Some(since));
            }
        }
        self.ends[at] = now;
    }

    /// Gives the phase's people work to the pool; when it begins and ends.
    fn people(&mut self, world: &World<'_>, node: &Node, at: usize, ready: i64) -> (Option<i64>, i64) {
        let team = &world.team;
        let mut began: Option<i64> = None;
        let mut worked = ready;
        let mut drawn = 0_i64;
        for &figure in of(world, node, |pace| matches!(pace, Pace::People(_))) {
            let Pace::People(parts) = world.network.figures[figure].pace else { continue };
            drawn += self.drawn[figure];
            let work = self.drawn[figure] * team.stretch_permille / 1_000;
            // One person does all parts one after the other.
            let parts = if self.people.len() == 1 { 1 } else { parts as i64 };
            for _ in 0..parts {
                let person = (0..self.people.len()).min_by_key(|person| self.people[*person].0).unwrap_or(0);
                let (free, after) = self.people[person];
                let from = ready.max(free);
                let end = team.days.after(from, work / parts);
                if end > worked {
                    worked = end;
                    if free > ready && after != Some(at) {
                        self.binding[at] = after;
                    }
                }
                began = Some(began.map_or(from, |began| began.min(from)));
                self.people[person] = (end, Some(at));
            }
        }
        let calendar = (worked - ready) as f64 / drawn.max(1) as f64;
        for &figure in of(world, node, |pace| matches!(pace, Pace::People(_))) {
            self.passed[figure] = (calendar * self.drawn[figure] as f64) as i64;
        }
        (began.map(|began| team.days.next_open(began)), worked)
    }
}

/// The figures of a phase that pass and go at a pace.
fn of<'n>(world: &World<'n>, node: &'n Node, pace: impl Fn(Pace) -> bool + 'n) -> impl Iterator<Item = &'n usize> + 'n {
    let figures = &world.network.figures;
    node.figures.iter().filter(move |figure| figures[**figure].passes && pace(figures[**figure].pace))
}

/// Sums for the covariance of each figure, and of each phase's waiting for a window, with the end.
struct Sums {
    figure: Vec<f64>,
    product: Vec<f64>,
    end: f64,
    square: f64,
}

impl Sums {
    fn new(count: usize) -> Self {
        Self { figure: vec![0.0; count], product: vec![0.0; count], end: 0.0, square: 0.0 }
    }

    /// Walks back from the phase that ends last.
    fn add(&mut self, run: &Run, network: &Network, critical: &mut [u64], end: i64, origin: i64) {
        let late = (end - origin) as f64;
        self.end += late;
        self.square += late * late;
        let mut next = (0..run.ends.len()).rev().max_by_key(|at| run.ends[*at]);
        let mut steps = 0;
        while let Some(at) = next.filter(|_| steps <= run.ends.len()) {
            critical[at] += 1;
            for &figure in network.nodes[at].figures.iter().filter(|figure| network.figures[**figure].passes) {
                let passed = run.passed[figure] as f64;
                self.figure[figure] += passed;
                self.product[figure] += passed * late;
            }
            let shut = run.shut[at] as f64;
            self.figure[network.figures.len() + at] += shut;
            self.product[network.figures.len() + at] += shut * late;
            next = run.binding[at];
            steps += 1;
        }
    }

    fn shares(&self, runs: usize) -> Vec<f64> {
        let runs = runs as f64;
        let variance = self.square / runs - (self.end / runs) * (self.end / runs);
        let share = |(sum, product): (&f64, &f64)| {
            if variance < 1.0 { 0.0 } else { (product / runs - (sum / runs) * (self.end / runs)) / variance }
        };
        self.figure.iter().zip(&self.product).map(share).collect()
    }
}
