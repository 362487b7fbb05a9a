//! `--with rollback`: whether the run under way could still go back, and what that would lose.
//!
//! It says what `segue rollback` would say, and changes nothing. Tests: `tests/it/exit_codes.rs`.

use segue_journal::{Mode, State};
use segue_model::event::Outcome;
use segue_model::verify::CheckReport;
use segue_report::about;
use segue_verify::checks::way_back::{self, Lost, WayBack};

use crate::cli::Global;
use crate::cli::rollback::what_is_lost;
use crate::cli::status::can_go_back;
use crate::rehearsal;
use crate::runs::Run;

/// The check of a run.
pub(super) fn check(global: &Global, run: &Run, state: &State) -> CheckReport {
    let closed = match &state.mode {
        Mode::Ended(Outcome::Done) => Some("it is done, and the old form is gone".to_owned()),
        Mode::Ended(_) => Some("it went back already, and is over".to_owned()),
        _ if !can_go_back(state) => Some("`contract` has begun: the old form of at least one table is gone".to_owned()),
        _ => None,
    };
    let lost = if closed.is_some() {
        Ok(Lost::default())
    } else {
        let lost = what_is_lost(run, state, None)
            .map_err(|failure| failure.problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>().join("; "));
        lost.map(|loss| Lost { rows: loss.rows, values: loss.values, what: loss.what })
    };
    let rehearsed = rehearsal::latest(&global.state_dir, &state.plan.execution.spec_digest).map(|seen| {
        let part = if seen.whole { "" } else { ", of a part of the rows" };
        format!("{} on {} rows{part}, back in {}", seen.at, seen.rows, about(seen.back_ms.div_ceil(1_000)))
    });
    way_back::report(&WayBack { closed, lost, rehearsed })
}
