//! The line of progress on a terminal: the step under way, rows a second, time to go.

use std::sync::Mutex;

use indicatif::ProgressBar;
use segue_journal::Progress;
use segue_model::event::Event;

use crate::show::Show;

/// The line. Draws nothing off a terminal; there each phase is said once instead.
pub(crate) struct Line {
    bar: Option<ProgressBar>,
    show: Show,
    last: Mutex<String>,
}

impl Line {
    /// A line, where one may be drawn.
    pub(crate) fn new(show: &Show) -> Self {
        Self { bar: show.bar(), show: show.clone(), last: Mutex::new(String::new()) }
    }

    /// An event of the journal.
    pub(crate) fn event(&self, event: &Event) {
        match event {
            Event::PhaseStarted { phase } => self.say(&format!("{phase} …")),
            Event::RollbackStarted { .. } => self.say("going back …"),
            Event::StepStarted { step, .. } | Event::UndoStarted { step } if self.show.verbose => self.say(&format!("  {step}")),
            Event::StepStarted { step, .. } | Event::UndoStarted { step } => self.message(step),
            _ => {}
        }
    }

    /// A step got further.
    pub(crate) fn progress(&self, step: &str, progress: &Progress) {
        let share = if progress.rows_total > 0 { format!(" of {}", progress.rows_total) } else { String::new() };
        let eta = progress.eta_s.map_or(String::new(), |eta| format!(", {eta} s to go"));
        let note = if progress.note.is_empty() { String::new() } else { format!(" ({})", progress.note) };
        self.message(&format!("{step}: {}{share} rows, {} rows/s{eta}{note}", progress.rows_done, progress.rows_per_s));
    }

    /// Something worth a line.
    pub(crate) fn note(&self, note: &str) {
        self.say(note);
    }

    /// The end.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn message(&self, text: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(crate::show::visible(text));
        }
    }

    fn say(&self, text: &str) {
        let Ok(mut last) = self.last.lock() else { return };
        if *last == text {
            return;
        }
        text.clone_into(&mut last);
        match &self.bar {
            Some(bar) => bar.suspend(|| self.show.say(&crate::show::visible(text))),
            None => self.show.say(&crate::show::visible(text)),
        }
    }
}
