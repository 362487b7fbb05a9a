//! What the messages say of a plan and a run, in the words of people: state, dates, impact, help.
//!
//! Days are days of the project's calendar; moments are in the reader's zone. What nobody knows is said to be unknown.
//! Tests: `tests/it/message_drafts.rs`.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use segue_model::plan::{Phase, Plan};

use super::RunView;
use crate::plan::{dates, say};
use crate::view::{PhaseState, RunState};

/// The words of a status page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Scheduled,
    InProgress,
    Monitoring,
    Complete,
    RolledBack,
}

impl Stage {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::InProgress => "in progress",
            Self::Monitoring => "monitoring",
            Self::Complete => "complete",
            Self::RolledBack => "rolled back",
        }
    }
}

/// A plan, its run and the moment.
pub(super) struct Facts<'a> {
    pub(super) plan: &'a Plan,
    pub(super) run: Option<&'a RunView>,
    when: Timestamp,
    zone: &'a TimeZone,
}

impl<'a> Facts<'a> {
    pub(super) fn new(plan: &'a Plan, run: Option<&'a RunView>, when: Timestamp, zone: &'a TimeZone) -> Self {
        Self { plan, run, when, zone }
    }

    /// Now, in the reader's zone.
    pub(super) fn now(&self) -> String {
        self.at(self.when.as_millisecond())
    }

    /// A moment of a journal in the reader's zone, to the minute.
    pub(super) fn at(&self, ms: i64) -> String {
        let at = Timestamp::from_millisecond(ms).unwrap_or(self.when).to_zoned(self.zone.clone());
        at.strftime("%a %-d %b %Y, %H:%M %Z").to_string()
    }

    /// A moment so many minutes from now, to the minute.
    pub(super) fn in_minutes(&self, minutes: i64) -> String {
        self.at(self.when.as_millisecond().saturating_add(minutes * 60_000))
    }

    /// `MIG-042 shop-mariadb-to-postgres`.
    pub(super) fn title(&self) -> String {
        if self.plan.name.is_empty() { self.plan.id.clone() } else { format!("{} {}", self.plan.id, self.plan.name) }
    }

    /// What it is for people who know no ids: the name, else the id.
    pub(super) fn name(&self) -> &str {
        if self.plan.name.is_empty() { &self.plan.id } else { &self.plan.name }
    }

    pub(super) fn stage(&self) -> Stage {
        let Some(run) = self.run else { return Stage::Scheduled };
        match run.status.state {
            RunState::Done => Stage::Complete,
            RunState::RolledBack => Stage::RolledBack,
            _ if self.plan.cutover().is_some_and(|phase| self.is_over(&phase.name)) => Stage::Monitoring,
            _ => Stage::InProgress,
        }
    }

    fn is_over(&self, phase: &str) -> bool {
        self.run.is_some_and(|run| run.status.phases.iter().any(|view| view.name == phase && view.state == PhaseState::Done))
    }

    /// The phase it is in, from 1, and how many there are.
    pub(super) fn position(&self) -> Option<(usize, usize, &'a Phase)> {
        let run = self.run?;
        let at = self.plan.phases.iter().position(|phase| phase.name == run.status.phase)?;
        Some((at + 1, self.plan.phases.len(), &self.plan.phases[at]))
    }

    /// Steps done in hundredths of all.
    pub(super) fn percent(&self) -> Option<usize> {
        let (done, all) = self.run?.progress();
        (all > 0).then(|| done * 100 / all)
    }

    /// When a phase starts: `between Tue 2 Mar 2027 and Fri 5 Mar 2027`.
    pub(super) fn starts(&self, phase: &Phase) -> Option<String> {
        let starts = phase.project.starts?;
        let (early, late) = (dates::starts(self.plan, starts.p50_s), dates::starts(self.plan, starts.p95_s));
        Some(if early == late { early } else { format!("between {early} and {late}") })
    }

    /// When users are moved, or that it is not known.
    pub(super) fn cutover_day(&self) -> String {
        let known = self.plan.cutover().and_then(|phase| self.starts(phase));
        match known {
            Some(day) if self.plan.program.start.is_none() => format!("{day}, counted from the start, whose date is not set yet"),
            Some(day) => day,
            None => "on a day that is not set yet".to_owned(),
        }
    }

    /// When a phase ends at P80: what can be promised.
    pub(super) fn ends(&self, phase: &Phase) -> Option<String> {
        phase.project.ends.map(|ends| dates::ends(self.plan, ends.p80_s))
    }

    /// When the old side does not answer any more: the end of the phase that lets it go, not its beginning.
    pub(super) fn gone(&self) -> Option<String> {
        self.over(self.plan.point_of_no_return()?)
    }

    /// The day of a phase: that on which it lets something go for good, else that on which it starts.
    pub(super) fn day(&self, phase: &Phase) -> Option<String> {
        if phase.is_final() { self.over(phase) } else { self.starts(phase) }
    }

    /// When a phase is over.
    fn over(&self, phase: &Phase) -> Option<String> {
        let ends = phase.project.ends?;
        let (early, late) = (dates::ends(self.plan, ends.p50_s), dates::ends(self.plan, ends.p95_s));
        Some(if early == late { early } else { format!("between {early} and {late}") })
    }

    /// What goes and what comes, in a word that fits the kind: a move has no version.
    pub(super) fn sides(&self) -> (&'static str, &'static str) {
        let kind = |names: &[&str]| self.plan.kinds.iter().any(|kind| names.iter().any(|name| kind.starts_with(name)));
        match () {
            () if kind(&["api", "protocol"]) => ("old version", "new version"),
            () if kind(&["auth"]) => ("old sign-in", "new sign-in"),
            () if kind(&["service"]) => ("old service", "new service"),
            () if self.plan.kinds.iter().all(|kind| kind.starts_with("schema")) => ("old form", "new form"),
            () => ("old side", "new side"),
        }
    }

    /// What users notice, in the plan's words; `None` where they notice nothing.
    pub(super) fn impact(&self) -> Option<String> {
        let mut out: Vec<&str> = Vec::new();
        for phase in self.plan.phases.iter().filter(|phase| phase.is_noticed()) {
            let text = phase.user_impact.trim();
            if !out.contains(&text) {
                out.push(text);
            }
        }
        (!out.is_empty()).then(|| sentence(&out.join("; ")))
    }

    /// What users notice, or that it is nothing.
    pub(super) fn impact_words(&self) -> String {
        self.impact().unwrap_or_else(|| "We expect that you will notice nothing.".to_owned())
    }

    /// What is not touched: as far as the plan says.
    pub(super) fn not_affected(&self) -> String {
        let quiet = self.plan.phases.iter().filter(|phase| !phase.is_noticed()).count();
        match (self.impact(), quiet) {
            (None, _) => "All functions stay available.".to_owned(),
            (Some(_), 0) => "The plan names nothing that stays untouched.".to_owned(),
            (Some(_), _) => "What is not named above stays available.".to_owned(),
        }
    }

    /// `Expect an interruption of at most 5 s.`
    pub(super) fn downtime(&self) -> String {
        match say::downtime(self.plan) {
            (Some(0), _) => "No interruption is planned.".to_owned(),
            (Some(ms), _) if ms < 1_000 => format!("Expect an interruption of at most {ms} ms."),
            (Some(ms), _) => format!("Expect an interruption of at most {}.", say::time(ms.div_ceil(1_000))),
            (None, _) => "How long an interruption may be is not known yet.".to_owned(),
        }
    }

    /// Who answers, by role, the first that is set.
    pub(super) fn contact(&self, roles: &[&str]) -> String {
        let owners = if self.plan.program.owners.is_empty() { &self.plan.execution.owners } else { &self.plan.program.owners };
        let found = roles.iter().find_map(|role| owners.get(*role).map(|address| format!("{address} ({role})")));
        found.unwrap_or_else(|| "the person who sent you this".to_owned())
    }

    /// Can we go back, in one sentence.
    pub(super) fn way_back(&self) -> String {
        if let Some(run) = self.run {
            let back = &run.status.back;
            return match (run.status.state, back.possible, back.rows_lost) {
                (RunState::RolledBack, ..) => "Gone back: everything was undone.".to_owned(),
                (_, false, _) => "NOT AVAILABLE: there is no way back from here.".to_owned(),
                (_, true, Some(0)) => "AVAILABLE: going back now would lose 0 rows.".to_owned(),
                (_, true, Some(rows)) => format!("AVAILABLE WITH LOSS: going back now would lose {}.", say::many(rows, "row")),
                (_, true, None) => "AVAILABLE; what it would lose now was not looked at.".to_owned(),
            };
        }
        let ready = crate::runbook::readiness(self.plan);
        let until = self.plan.point_of_no_return().map_or_else(String::new, |phase| format!(" until `{}`", phase.name));
        if ready.is_red() {
            let open = ready.reasons.len() as u64;
            format!("NOT READY: {} {} to be answered before the start.", say::many(open, "thing"), if open == 1 { "is" } else { "are" })
        } else {
            format!("AVAILABLE{until}{}", if self.plan.program.rehearsal.is_some() { ", and rehearsed." } else { "; not rehearsed yet." })
        }
    }

    /// Kinds in words: `move + service`.
    pub(super) fn kinds(&self) -> String {
        say::kinds(self.plan)
    }
}

/// A text with a capital letter and a full stop.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return String::new() };
    let end = if text.ends_with(['.', '!', '?', '…']) { "" } else { "." };
    format!("{}{}{end}", first.to_uppercase(), chars.as_str())
}
