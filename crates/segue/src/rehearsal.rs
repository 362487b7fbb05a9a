//! Rehearsals: the whole plan forward, back and forward again on a throw-away copy, and what that showed.
//!
//! A copy is a SQLite file beside the rehearsal's journal, or a private PostgreSQL server. It must never touch the
//! source beyond reading it, and never leave a copy behind unless somebody asked for it. Tests: `tests/it/rehearse.rs`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use segue_model::event::{Entry, Event};
use segue_model::plan::program::{Rehearsal, StepTimes};
use segue_model::problem::Problem;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::runs;

/// The file of a rehearsal's evidence, in its folder.
const EVIDENCE: &str = "evidence.json";

/// Where the rehearsals of a state directory are kept.
pub(crate) fn folder(state_dir: &Path) -> PathBuf {
    state_dir.join("rehearsals")
}

/// The file that says who works in a rehearsal's folder.
const HOLDER: &str = "holder";

/// A folder that only this account can read: a copy of production may lie in it.
pub(crate) fn make(folder: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::DirBuilderExt as _;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.and_then(|()| std::fs::write(folder.join(HOLDER), runs::holder())).map_err(|error| Failure::of_path(folder, &error))
}

/// Removes what a killed rehearsal left behind: its copy of the data, and a folder without evidence.
pub(crate) fn sweep(state_dir: &Path) {
    let Ok(entries) = std::fs::read_dir(folder(state_dir)) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let gone = std::fs::read_to_string(path.join(HOLDER)).is_ok_and(|holder| runs::is_gone(&holder));
        if gone && !path.join(EVIDENCE).exists() {
            for name in ["copy.db", "copy.db-wal", "copy.db-shm", "copy.url"] {
                let _ = std::fs::remove_file(path.join(name));
            }
        }
    }
}

/// Keeps the evidence in the rehearsal's own folder, beside its journal.
pub(crate) fn keep(folder: &Path, rehearsal: &Rehearsal) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(rehearsal)
        .map_err(|error| Failure::new(Exit::Failed, Problem::new("SG-CLI-001", format!("the evidence has no form: {error}"))))?;
    let path = folder.join(EVIDENCE);
    std::fs::write(&path, text + "\n").map_err(|error| Failure::of_path(&path, &error))
}

/// The latest rehearsal of these changes; a folder that cannot be read is no rehearsal.
pub(crate) fn latest(state_dir: &Path, spec_digest: &str) -> Option<Rehearsal> {
    let entries = std::fs::read_dir(folder(state_dir)).ok()?;
    let all = entries.flatten().filter_map(|entry| {
        let text = std::fs::read_to_string(entry.path().join(EVIDENCE)).ok()?;
        serde_json::from_str::<Rehearsal>(&text).ok()
    });
    all.filter(|rehearsal| rehearsal.spec_digest == spec_digest).max_by(|a, b| (&a.at, &a.id).cmp(&(&b.at, &b.id)))
}

/// The times of every step in a rehearsal's journal: the last time that it was done, and the time that it was undone.
pub(crate) fn times(store: &dyn segue_journal::JournalStore, run: &str) -> Result<BTreeMap<String, StepTimes>, Failure> {
    let entries: Vec<Entry> = store.entries(run)?;
    let (mut begun, mut undoing): (BTreeMap<&str, i64>, BTreeMap<&str, i64>) = (BTreeMap::new(), BTreeMap::new());
    let mut times: BTreeMap<String, StepTimes> = BTreeMap::new();
    let span = |from: Option<&i64>, to: i64| from.map_or(0, |from| u64::try_from(to - from).unwrap_or(0));
    for entry in &entries {
        match &entry.event {
            Event::StepStarted { step, .. } => {
                begun.insert(step, entry.at_ms);
            }
            Event::StepVerified { step, .. } => {
                times.entry(step.clone()).or_default().perform_ms = span(begun.get(step.as_str()), entry.at_ms);
            }
            Event::UndoStarted { step } => {
                undoing.insert(step, entry.at_ms);
            }
            Event::Undone { step } => {
                times.entry(step.clone()).or_default().undo_ms = Some(span(undoing.get(step.as_str()), entry.at_ms));
            }
            _ => {}
        }
    }
    Ok(times)
}
