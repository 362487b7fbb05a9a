//! The executive summary (document 000): state, figures, risk, way back, what is needed of those who decide.
//!
//! Tests: `tests/it/message_drafts.rs`.

use super::facts::{Facts, Stage, sentence};
use super::letter::Letter;
use crate::plan::{dates, say};

pub(super) fn letter(facts: &Facts<'_>) -> Letter {
    let plan = facts.plan;
    let place = facts.position().filter(|_| matches!(facts.stage(), Stage::InProgress | Stage::Monitoring));
    let at = place.map_or_else(String::new, |(at, all, _)| format!(", phase {at} of {all}"));
    let mut letter = Letter::new(format!("{}: {}{at}", facts.title(), facts.stage().word()));
    letter.para(sentence(&plan.program.why));
    let state = match facts.stage() {
        Stage::Scheduled => "Not begun",
        Stage::InProgress => "In progress",
        Stage::Monitoring => "In progress: users are on the new side, and it is watched",
        Stage::Complete => "Completed",
        Stage::RolledBack => "Rolled back",
    };
    letter.heading("Where it stands");
    letter.rows(vec![
        ("Status", state.to_owned()),
        ("What", format!("{} by {}", facts.kinds(), plan.pattern.name)),
        ("Start", started(facts)),
        (
            "Current phase",
            facts
                .position()
                .map_or_else(|| format!("none of {}", plan.phases.len()), |(at, all, phase)| format!("{at} of {all} ({})", phase.name)),
        ),
        ("Overall progress", facts.percent().map_or_else(|| "not begun".to_owned(), |percent| format!("{percent}% of the steps"))),
        ("End", end(facts)),
        ("Work", plan.program.effort.as_ref().map_or_else(String::new, say::effort)),
        (
            "Cost",
            plan.program
                .cost
                .as_ref()
                .map_or_else(String::new, |cost| format!("{} (P80 {}), {}", say::money(&cost.p50), say::money(&cost.p80), cost.from)),
        ),
    ]);
    letter.heading("Key figures");
    let over = matches!(facts.stage(), Stage::Complete | Stage::RolledBack);
    let troubles = facts.run.map(|run| run.troubles.len());
    letter.rows(vec![
        ("System availability", "not measured by Segue".to_owned()),
        (
            "Data migration progress",
            super::metrics::rows_converted(plan, facts.run)
                .map_or_else(|| "not measured".to_owned(), |rows| format!("{} converted", say::many(rows, "row"))),
        ),
        ("Performance against before", "not measured by Segue".to_owned()),
        ("Issues so far", troubles.map_or_else(|| "none, it has not begun".to_owned(), |count| count.to_string())),
        ("Users will notice", if over { String::new() } else { facts.impact().unwrap_or_else(|| "nothing".to_owned()) }),
    ]);
    letter.heading("Risk and way back");
    letter.rows(vec![("Risk", plan.risk.to_uppercase()), ("Rollback", facts.way_back())]);
    letter.items(
        plan.program.risks.iter().take(3).map(|risk| format!("{} {} ({}): {}", risk.id, risk.what, risk.level, risk.mitigation)).collect(),
    );
    let asked = needed(facts);
    if !asked.is_empty() {
        letter.heading("What we need from you");
        letter.numbered(asked);
    }
    letter.heading("Next steps");
    letter.numbered(next(facts));
    letter
}

fn started(facts: &Facts<'_>) -> String {
    match (facts.run.and_then(|run| run.started_ms), facts.plan.program.start) {
        (Some(ms), _) => facts.at(ms),
        (None, Some(_)) => dates::starts(facts.plan, 0),
        (None, None) => "not set yet".to_owned(),
    }
}

fn end(facts: &Facts<'_>) -> String {
    if let Some(ms) = facts.run.and_then(|run| run.ended_ms) {
        return facts.at(ms);
    }
    facts.plan.program.duration.map_or_else(
        || "not estimated".to_owned(),
        |duration| {
            let day = |seconds| dates::finish(facts.plan, seconds);
            format!("{} (P50), {} (P80), {} (P95)", day(duration.p50_s), day(duration.p80_s), day(duration.p95_s))
        },
    )
}

fn needed(facts: &Facts<'_>) -> Vec<String> {
    let waiting = facts.run.map_or(&[][..], |run| &run.status.waiting_for);
    let mut out: Vec<String> =
        waiting.iter().map(|gate| format!("Gate {}: it is {}, it must be {}", gate.gate, gate.value, gate.threshold)).collect();
    if facts.run.is_none() {
        out.extend(
            facts
                .plan
                .program
                .needed
                .iter()
                .map(|needed| sentence(&format!("{} (spec key {})", needed.what.trim_end_matches('.'), needed.spec_key))),
        );
    }
    out
}

fn next(facts: &Facts<'_>) -> Vec<String> {
    match facts.stage() {
        Stage::Complete => vec!["Look back at it with the team.".to_owned(), "Archive the plan and its evidence.".to_owned()],
        Stage::RolledBack => vec!["Find the cause.".to_owned(), "Decide on a new attempt; the plan and its journal are kept.".to_owned()],
        _ => {
            let from = facts.position().map_or(0, |(at, _, _)| at);
            let coming = facts.plan.phases.iter().skip(from).take(2);
            coming
                .map(|phase| {
                    sentence(&format!(
                        "{}: {}{}",
                        phase.name,
                        phase.goal,
                        facts.starts(phase).map_or_else(String::new, |day| format!(" ({day})"))
                    ))
                })
                .collect()
        }
    }
}
