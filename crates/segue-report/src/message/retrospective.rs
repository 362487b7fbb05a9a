//! The retrospective (documents 000 to 004): plan against actual, figures, what went well and what did not, questions.
//!
//! What people thought is asked, never made up. Tests: `tests/it/message_drafts.rs`.

use super::facts::Facts;
use super::letter::Letter;
use super::metrics::metrics;
use super::view::RunView;
use crate::plan::say;

pub(super) fn letter(facts: &Facts<'_>) -> Letter {
    let mut letter = Letter::new(format!("{}: retrospective", facts.title()));
    let Some(run) = facts.run else {
        letter.para("There is no run to look back at yet.");
        return letter;
    };
    letter.rows(vec![
        ("State", facts.stage().word().to_owned()),
        ("Began", run.started_ms.map_or_else(String::new, |ms| facts.at(ms))),
        ("Ended", run.ended_ms.map_or_else(|| "not yet".to_owned(), |ms| facts.at(ms))),
    ]);
    letter.heading("Plan against actual");
    letter.items(facts.plan.phases.iter().map(|phase| compared(run, phase)).collect());
    letter.heading("What went well");
    letter.items(well(run));
    letter.heading("What did not go well");
    let badly = badly(facts, run);
    if badly.is_empty() {
        letter.para("The journal has no failure. What it cannot know is asked below.");
    }
    letter.items(badly);
    letter.heading("Measures of success");
    letter.items(
        metrics(facts.plan, Some(run))
            .into_iter()
            .map(|metric| format!("{}: {} ({})", metric.name, metric.value.unwrap_or_else(|| "not measured".to_owned()), metric.from))
            .collect(),
    );
    letter.heading("Questions for the meeting");
    letter.numbered(
        [
            "What surprised us, and what would have shown it earlier?",
            "What would we do differently?",
            "Which estimate was wrong, and why?",
            "Which check or gate did we miss, and which one did nothing?",
            "What do we recommend to the next migration, and who writes it down?",
        ]
        .map(str::to_owned)
        .to_vec(),
    );
    letter
}

fn seconds(times: Option<&(i64, Option<i64>)>) -> Option<u64> {
    let (begun, ended) = times?;
    u64::try_from((*ended)?.saturating_sub(*begun)).ok().map(|ms| ms.div_ceil(1_000))
}

fn compared(run: &RunView, phase: &segue_model::plan::Phase) -> String {
    let planned = phase.estimate.seconds;
    match seconds(run.phases.get(&phase.name)) {
        None => format!("{}: planned {}, not finished in this run", phase.name, say::time(planned)),
        Some(actual) if planned == 0 => format!("{}: no estimate, actual {}", phase.name, say::time(actual)),
        Some(actual) => format!(
            "{}: planned {}, actual {} ({}% of the plan)",
            phase.name,
            say::time(planned),
            say::time(actual),
            actual * 100 / planned
        ),
    }
}

fn well(run: &RunView) -> Vec<String> {
    let (done, all) = run.progress();
    let mut out = vec![format!("{done} of {} done and verified by an independent read.", say::many(all as u64, "step"))];
    if run.troubles.is_empty() {
        out.push("No step failed.".to_owned());
    }
    let solved = run.troubles.iter().filter(|trouble| trouble.solved_ms.is_some()).count();
    if solved > 0 {
        out.push(format!("{solved} of {} solved in the same run.", say::many(run.troubles.len() as u64, "failure")));
    }
    if run.back.as_ref().is_some_and(|back| back.over_ms.is_some() && back.loses.starts_with("0 rows")) {
        out.push("Going back lost 0 rows.".to_owned());
    }
    out
}

fn badly(facts: &Facts<'_>, run: &RunView) -> Vec<String> {
    let mut out: Vec<String> = run
        .troubles
        .iter()
        .map(|trouble| format!("{} failed at {}: {} ({})", trouble.step, facts.at(trouble.at_ms), trouble.message, trouble.code))
        .collect();
    for phase in &facts.plan.phases {
        if let Some(actual) =
            seconds(run.phases.get(&phase.name)).filter(|actual| phase.estimate.seconds > 0 && *actual > 2 * phase.estimate.seconds)
        {
            out.push(format!(
                "{} took {}, more than twice the plan's {}.",
                phase.name,
                say::time(actual),
                say::time(phase.estimate.seconds)
            ));
        }
    }
    if run.back.is_some() {
        out.push("It went back.".to_owned());
    }
    out
}
