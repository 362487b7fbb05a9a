//! From work to dates: how long each load takes, when each phase starts and ends, what it costs, and why.
//!
//! [`estimate`] fills in what `segue_model::plan::program` leaves to the estimator and returns what somebody must know.
//! Formulas and the source of each figure: `docs/model.md`. Pure: no clock, no randomness but the seeded one, the same
//! bytes on every machine. Must never make a number up: what nobody stated or measured becomes a row of `needed`, and
//! widens the dates or leaves them open. Tests: `tests/it/estimate_*.rs`.

mod calendar;
mod factor;
mod limits;
mod load;
mod model;
mod model_shape;
mod network;
mod normal;
mod outcome;
mod random;
mod rate;
mod retrospective;
mod simulate;
mod unanswered;
pub(crate) mod words;

use std::collections::BTreeMap;

use jiff::civil;
use segue_model::assessment::Assessment;
use segue_model::canonical;
use segue_model::finding::Finding;
use segue_model::plan::{PhaseProject, Plan};
use segue_model::spec::Spec;
use segue_model::spec::program::{Date, Window};

pub use model::{
    Correlation, DetectionScale, EachWork, Factor, LevelScale, MachineWork, Model, PeopleWork, RateRange, Simulation, SpreadRule, WaitRule,
    WorkCalendar,
};
pub use retrospective::{Actual, Learned, Retrospective, Row, retrospective};

use calendar::Calendar;
use load::{Ground, Timed};
use network::Network;
use simulate::{Outcome, Team, World};

/// The key of work whose amount nobody knows.
pub(crate) const UNCOUNTED: &str = "people.uncounted";
/// A Monday: day 0 of a plan that has no date, so that its weekends fall where they do on the average.
const NO_DATE: civil::Date = civil::date(2001, 1, 1);

/// Estimates every load of the plan and simulates its schedule. Fills `Load.time`, `Task.minutes`, `PhaseProject.{work,
/// starts, ends, criticality_permille}`, `Program.{model, duration, effort, cost, drivers}` and adds to
/// `Program.needed`. Returns findings; a critical one means that the plan cannot be.
pub fn estimate(plan: &mut Plan, spec: &Spec, assessment: Option<&Assessment>, model: &Model, today: Option<Date>) -> Vec<Finding> {
    clear(plan);
    plan.program.model.clone_from(&model.name);
    let timed = time_loads(plan, spec, assessment, model);
    outcome::time_tasks(plan);
    let mut findings = unanswered::ask(plan, spec, &timed);
    let anchor = Anchor::new(spec, today);
    let network = Network::new(plan, spec, model, &timed);
    findings.extend(unanswered::uncounted(plan, &network));
    if network.order.is_none() {
        // The cycle itself is refused where the order of phases is made.
        return findings;
    }
    let world = match world(plan, spec, model, &anchor, &network) {
        Ok(world) => world,
        Err(found) => {
            findings.extend(found);
            return findings;
        }
    };
    let outcome: Outcome = simulate::simulate(&world);
    outcome::write(plan, spec, &world, &outcome);
    findings.extend(limits::check(plan, spec, &anchor, &world, &outcome, today));
    findings
}

/// When each run ends, in milliseconds after day 0, in the order of the runs: what the quantiles are taken from. `None`
/// where the plan has no end that could be told.
pub fn ends(plan: &Plan, spec: &Spec, assessment: Option<&Assessment>, model: &Model, today: Option<Date>) -> Option<Vec<u64>> {
    let mut plan = plan.clone();
    clear(&mut plan);
    let timed = time_loads(&mut plan, spec, assessment, model);
    let anchor = Anchor::new(spec, today);
    let network = Network::new(&plan, spec, model, &timed);
    if network.order.is_none() || network.undated().iter().any(|open| *open) {
        return None;
    }
    let world = world(&plan, spec, model, &anchor, &network).ok()?;
    Some(simulate::simulate(&world).end.into_iter().map(|end| u64::try_from(end).unwrap_or(0)).collect())
}

fn world<'n>(plan: &Plan, spec: &Spec, model: &Model, anchor: &Anchor, network: &'n Network) -> Result<World<'n>, Vec<Finding>> {
    Ok(World {
        team: team(spec, model, anchor),
        open: calendars(plan, spec, anchor)?,
        runs: model.simulation.runs as usize,
        correlation: model.correlation.permille,
        seeds: seeds(plan, network),
        network,
    })
}

/// What an earlier estimate left.
fn clear(plan: &mut Plan) {
    for phase in &mut plan.phases {
        let PhaseProject { work, starts, ends, criticality_permille, loads, .. } = &mut phase.project;
        (*work, *starts, *ends, *criticality_permille) = (None, None, None, 0);
        for load in loads {
            load.time = None;
        }
    }
    let program = &mut plan.program;
    (program.duration, program.effort, program.cost) = (None, None, None);
    program.drivers.clear();
}

fn time_loads(plan: &mut Plan, spec: &Spec, assessment: Option<&Assessment>, model: &Model) -> Vec<Vec<Timed>> {
    let rehearsal = plan.program.rehearsal.clone();
    let ground = Ground { spec, assessment, model, rehearsal: rehearsal.as_ref() };
    let mut out = Vec::with_capacity(plan.phases.len());
    for phase in &mut plan.phases {
        let timed: Vec<Timed> = phase.project.loads.iter().map(|load| load::time(&ground, phase, load)).collect();
        for (load, timed) in phase.project.loads.iter_mut().zip(&timed) {
            load.time = match timed {
                Timed::Known(spread) | Timed::Widened(spread, _) => Some(spread.clone()),
                Timed::Unknown(..) => None,
            };
        }
        out.push(timed);
    }
    out
}

/// Which day is day 0.
pub(super) struct Anchor {
    /// The day; a stand-in where there is no date.
    pub(super) first: civil::Date,
    /// Whether it is a real date, so that freezes and the deadline have a place.
    pub(super) dated: bool,
}

impl Anchor {
    fn new(spec: &Spec, today: Option<Date>) -> Self {
        let program = &spec.program;
        // Today matters only where something has a date: a plan without dates is the same every day.
        let dates = program.deadline.is_some() || !program.freezes.is_empty();
        let first = program.start.or(today.filter(|_| dates));
        Self { first: first.map_or(NO_DATE, |date| date.0), dated: first.is_some() }
    }
}

fn team(spec: &Spec, model: &Model, anchor: &Anchor) -> Team {
    let team = &spec.program.team;
    let people = team.people.map_or(model.calendar.people, u64::from).clamp(1, 1_000);
    let hours = team.hours_per_week.map_or(model.calendar.hours_per_week, u64::from).clamp(1, 120);
    // Five days of 24 hours hold `hours` of work.
    Team { people: people as usize, stretch_permille: (120_000 / hours) as i64, days: Calendar::weekdays(anchor.first) }
}

/// One calendar a phase: its windows without the freezes.
fn calendars(plan: &Plan, spec: &Spec, anchor: &Anchor) -> Result<Vec<Calendar>, Vec<Finding>> {
    let mut made: Vec<(&[Window], Calendar)> = Vec::new();
    let mut findings: BTreeMap<String, Finding> = BTreeMap::new();
    let mut out = Vec::with_capacity(plan.phases.len());
    let frozen = match limits::freeze_zone(spec) {
        Ok(zone) => zone,
        Err(unknown) => return Err(vec![limits::unknown_zone(&unknown)]),
    };
    for phase in &plan.phases {
        let windows = phase.project.windows.as_slice();
        if let Some((_, calendar)) = made.iter().find(|(known, _)| *known == windows) {
            out.push(calendar.clone());
            continue;
        }
        match Calendar::windows(anchor.first, windows) {
            Ok(calendar) => {
                let calendar = if anchor.dated { calendar.without(anchor.first, &spec.program.freezes, &frozen) } else { calendar };
                made.push((windows, calendar.clone()));
                out.push(calendar);
            }
            Err(unknown) => {
                findings.insert(unknown.0.clone(), limits::unknown_zone(&unknown));
            }
        }
    }
    if findings.is_empty() { Ok(out) } else { Err(findings.into_values().collect()) }
}

/// A seed a figure, from the plan's id and the figure's own names: a plan with one phase more keeps the other draws.
fn seeds(plan: &Plan, network: &Network) -> Vec<String> {
    let mut out = vec![String::new(); network.figures.len()];
    for (phase, node) in plan.phases.iter().zip(&network.nodes) {
        for &at in &node.figures {
            let figure = &network.figures[at];
            let name = [plan.id.as_str(), &phase.name, &figure.key, &figure.who].join("\u{0}");
            out[at] = canonical::digest_bytes(name.as_bytes());
        }
    }
    out
}
