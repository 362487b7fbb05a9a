//! The dates and the money against what the spec allows: deadline, budget, windows, freezes.
//!
//! A P50 after the deadline cannot be; a P80 after it should be known. Must never pass a plan whose dates nobody can
//! tell as one that meets its deadline. Tests: `tests/it/estimate_limits.rs`.

use jiff::Span;
use jiff::tz::TimeZone;
use segue_model::finding::{Finding, Severity};
use segue_model::plan::Plan;
use segue_model::spec::Spec;
use segue_model::spec::program::Date;

use super::calendar::{self, Calendar, UnknownZone};
use super::network::{CUTOVER, Pace, millis};
use super::simulate::{Outcome, World};
use super::{Anchor, outcome, words};
use crate::say::{finding, refuse};

/// Freezes are days where the first window is; UTC without one.
pub(super) fn freeze_zone(spec: &Spec) -> Result<TimeZone, UnknownZone> {
    spec.program.windows.first().map_or(Ok(TimeZone::UTC), |window| calendar::zone(&window.zone))
}

pub(super) fn unknown_zone(zone: &UnknownZone) -> Finding {
    let message = format!("there is no time zone `{}` in the bundled time zone data", zone.0);
    refuse(117, "limits.window", message, "Write a name such as `UTC` or `Europe/Berlin`.")
}

/// Everything that does not fit.
pub(super) fn check(plan: &Plan, spec: &Spec, anchor: &Anchor, world: &World<'_>, outcome: &Outcome, today: Option<Date>) -> Vec<Finding> {
    let mut out = Vec::new();
    if let (Some(start), Some(today)) = (spec.program.start, today)
        && start < today
    {
        let message = format!("the plan starts on {}, which is before {}", start.0, today.0);
        out.push(finding(122, Severity::Medium, "start", message, "Set `start` to a day that is to come."));
    }
    out.extend(deadline(plan, spec, anchor, outcome));
    out.extend(windows(plan, spec, anchor, world));
    out.extend(budget(plan, spec));
    if plan.program.duration.is_some() && outcome::raw(&outcome.end)[3] >= calendar::HORIZON_DAYS * calendar::DAY_MS {
        let message = "one run in twenty ends more than ten years after the start, where no calendar was worked out";
        out.push(finding(
            119,
            Severity::High,
            "duration",
            message,
            "Look at the loads of the phases: an amount or a rate is not what was meant.",
        ));
    }
    out
}

/// The end of the last day in milliseconds from day 0.
fn last_moment(spec: &Spec, anchor: &Anchor, day: Date) -> Option<i64> {
    let next = day.0.checked_add(Span::new().days(1)).ok()?;
    calendar::midnight(anchor.first, next, &freeze_zone(spec).ok()?)
}

fn deadline(plan: &Plan, spec: &Spec, anchor: &Anchor, outcome: &Outcome) -> Option<Finding> {
    let day = spec.program.deadline?;
    let object = "limits.deadline";
    if !anchor.dated {
        let message = format!("the deadline is {}, but the plan has no first day", day.0);
        return Some(finding(112, Severity::Medium, object, message, "Set `start`."));
    }
    let limit = last_moment(spec, anchor, day)?;
    if plan.program.duration.is_none() {
        // What has a date may be late already.
        let dated = plan.phases.iter().filter_map(|phase| phase.project.ends).map(|ends| ends.p50_s).max().unwrap_or(0);
        if millis(dated) > limit {
            return Some(late(day, "half of the runs end a phase after it, and later phases have no dates yet"));
        }
        let message = format!("nobody can tell whether the plan ends by {}: parts of it have no time", day.0);
        return Some(finding(112, Severity::Medium, object, message, "Answer what stands in *Needed before start* for the estimate."));
    }
    let [_, p50, p80, _] = outcome::raw(&outcome.end);
    let over = |at: i64| words::seconds(u64::try_from(at - limit).unwrap_or(0) / 1_000);
    if p50 > limit {
        return Some(late(day, &format!("half of the runs end {} after it or later (P50)", over(p50))));
    }
    if p80 > limit {
        let message = format!("one run in five ends {} after {} or later (P80)", over(p80), day.0);
        let fix = "Look at `drivers`: the first of them moves the end most.";
        return Some(finding(111, Severity::Medium, object, message, fix));
    }
    None
}

fn late(day: Date, why: &str) -> Finding {
    let fix = "Start earlier, take more people or hours (`team`), leave something out, or move the deadline; `drivers` says what moves the end most.";
    refuse(110, "limits.deadline", format!("the deadline is {}: {why}", day.0), fix)
}

/// A window that never opens, and work that does not fit in one.
fn windows(plan: &Plan, spec: &Spec, anchor: &Anchor, world: &World<'_>) -> Vec<Finding> {
    let mut out = Vec::new();
    let limit = spec.program.deadline.filter(|_| anchor.dated).and_then(|day| last_moment(spec, anchor, day));
    let until = limit.unwrap_or(calendar::HORIZON_DAYS * calendar::DAY_MS);
    for ((phase, node), open) in plan.phases.iter().zip(&world.network.nodes).zip(&world.open) {
        let straight: u64 = node
            .figures
            .iter()
            .map(|figure| &world.network.figures[*figure])
            .filter(|figure| figure.passes && figure.pace == Pace::Straight)
            .map(|figure| figure.points[2])
            .sum();
        let concerned = !phase.project.windows.is_empty() || (straight > 0 && !spec.program.freezes.is_empty());
        if !concerned {
            continue;
        }
        let longest = open.longest(until);
        if longest == 0 || Calendar::is_beyond(open.next_open(0)) {
            let message = match spec.program.deadline {
                Some(day) => {
                    format!("there is no moment before the deadline {} in which it may run: windows and freezes leave none", day.0)
                }
                None => "there is no moment in which it may run: windows and freezes leave none".to_owned(),
            };
            out.push(refuse(115, format!("phase {}", phase.name), message, "Add a window, shorten the freeze, or move the deadline."));
        } else if !phase.project.windows.is_empty() && millis(straight) > longest {
            let whole = node.figures.iter().any(|figure| world.network.figures[*figure].key == CUTOVER);
            let then = if whole { "it cannot be left half done until the next one" } else { "it goes on in the next one" };
            let message = format!(
                "its work takes up to {} (P95) and the longest window is {}: {then}",
                words::seconds(straight),
                words::seconds(u64::try_from(longest).unwrap_or(0) / 1_000)
            );
            let severity = if whole { Severity::High } else { Severity::Medium };
            let fix = "Take a longer window, or move work out of the phase.";
            out.push(finding(116, severity, format!("phase {}", phase.name), message, fix));
        }
    }
    out
}

fn budget(plan: &Plan, spec: &Spec) -> Option<Finding> {
    let (budget, cost) = (spec.program.budget.as_ref()?, plan.program.cost.as_ref()?);
    let say = |money: u64| words::money(money, &budget.currency);
    let object = "limits.budget";
    if cost.p50.hundredths > budget.hundredths {
        let message = format!("half of the runs cost {} or more (P50); the budget is {}", say(cost.p50.hundredths), say(budget.hundredths));
        return Some(finding(113, Severity::High, object, message, "Raise the budget or leave something out."));
    }
    if cost.p80.hundredths > budget.hundredths {
        let message = format!("one run in five costs {} or more (P80); the budget is {}", say(cost.p80.hundredths), say(budget.hundredths));
        return Some(finding(114, Severity::Medium, object, message, "Keep a reserve, or narrow the drivers."));
    }
    None
}
