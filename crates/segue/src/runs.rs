//! Runs of the state directory, as the verbs use them: open, list, saved plans, approvals, who and when.

use std::path::{Path, PathBuf};

use segue_engine::Engine;
use segue_journal::{JournalError, JournalStore as _, OpenMode, SqliteStore, State, Store};
use segue_model::plan::{Condition, FORMAT_VERSION, Plan};
use segue_model::problem::Problem;
use segue_model::spec::{self, Spec};
use serde::{Deserialize, Serialize};

use crate::cli::Global;
use crate::exit::Exit;
use crate::failure::Failure;

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        let exit = match &error {
            JournalError::Held { .. } | JournalError::Stale { .. } | JournalError::Busy { .. } => Exit::Held,
            JournalError::None { .. } | JournalError::NoRun { .. } => Exit::Usage,
            _ => Exit::Failed,
        };
        let help = match &error {
            JournalError::None { .. } => "start a run with `segue apply`, or name the folder with --state-dir".to_owned(),
            JournalError::NoRun { .. } => "leave --run out for the latest run: `segue status` names it".to_owned(),
            JournalError::Held { .. } => "if that executor is gone for good: segue unlock".to_owned(),
            _ => format!("segue explain {}", error.code()),
        };
        Self::new(exit, Problem::new(error.code(), error.to_string()).safe("nothing was changed by this call").help(help))
    }
}

/// A run in its journal.
pub(crate) struct Run {
    pub(crate) store: SqliteStore,
    pub(crate) id: String,
}

impl Run {
    /// The state after all its entries.
    pub(crate) fn state(&self) -> Result<State, Failure> {
        Ok(self.store.state(&self.id)?)
    }

    /// Somebody works on it now: the holder, unless that process is gone from this machine.
    pub(crate) fn live_holder(&self) -> Result<Option<String>, Failure> {
        let lease = self.store.lease(&self.id)?;
        Ok(lease.filter(|lease| !lease.is_free(now_ms()) && !is_gone(&lease.holder)).map(|lease| lease.holder))
    }
}

/// Opens the journal of the state directory; a failure says which file.
pub(crate) fn journal(dir: &Path, mode: OpenMode) -> Result<SqliteStore, Failure> {
    Store::open(dir, mode).map_err(|error| {
        let nameless = !matches!(error, JournalError::None { .. });
        let mut failure = Failure::from(error);
        for problem in failure.problems.iter_mut().filter(|_| nameless) {
            problem.message = format!("`{}`: {}", dir.join("journal.db").display(), problem.message);
        }
        failure
    })
}

/// The journal of a folder where one was begun. A journal that is there and cannot be read is a failure, never none.
pub(crate) fn begun(dir: &Path) -> Result<Option<SqliteStore>, Failure> {
    some_begun(journal(dir, OpenMode::Read))
}

/// The run that `--run` names, else the latest; `None` where nobody began one.
pub(crate) fn latest(global: &Global) -> Result<Option<Run>, Failure> {
    let found = open(global);
    if global.run.is_some() { found.map(Some) } else { some_begun(found) }
}

fn some_begun<T>(found: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match found {
        Err(failure) if failure.problems.iter().all(|problem| problem.code == "SG-JR-002") => Ok(None),
        found => found.map(Some),
    }
}

/// Opens the run that `--run` names, else the latest.
pub(crate) fn open(global: &Global) -> Result<Run, Failure> {
    journal(&global.state_dir, OpenMode::Read)?;
    let store = journal(&global.state_dir, OpenMode::Write)?;
    let runs = store.runs()?;
    let found = match &global.run {
        Some(id) => runs.into_iter().find(|run| run.run == *id).ok_or_else(|| JournalError::NoRun { run: id.clone() })?,
        None => runs.into_iter().next_back().ok_or_else(|| JournalError::None { dir: global.state_dir.display().to_string() })?,
    };
    Ok(Run { store, id: found.run })
}

/// How many runs the journal holds.
pub(crate) fn list(global: &Global) -> Result<usize, Failure> {
    begun(&global.state_dir)?.map_or(Ok(0), |store| Ok(store.runs()?.len()))
}

/// Now, in milliseconds since 1970 UTC.
pub(crate) fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// Who sits here, for approvals: `SEGUE_BY`, else the account.
pub(crate) fn person() -> String {
    let named = ["SEGUE_BY", "USER", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    named
        .or_else(|| nix::unistd::User::from_uid(nix::unistd::getuid()).ok().flatten().map(|user| user.name))
        .unwrap_or_else(|| "unknown".to_owned())
}

/// What tells a run of this state directory from one of another that counts the same: six random hex digits.
pub(crate) fn mark() -> String {
    use std::hash::{BuildHasher as _, RandomState};
    format!("{:06x}", RandomState::new().hash_one((std::process::id(), now_ms())) & 0xff_ffff)
}

/// This process as the holder of a lease: `host:pid:start`. The start tells a pid used again from ours.
pub(crate) fn holder() -> String {
    let pid = std::process::id();
    format!("{}:{pid}:{}", host(), started(pid).unwrap_or_default())
}

fn host() -> String {
    nix::sys::utsname::uname().ok().map_or_else(|| "localhost".to_owned(), |names| names.nodename().to_string_lossy().into_owned())
}

/// When a process of this machine started, in the kernel's own ticks; `None` when there is no such process.
fn started(pid: u32) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(19).map(str::to_owned)
}

/// The holder is a process of this machine that is not there any more: its lease need not be waited for.
pub(crate) fn is_gone(holder: &str) -> bool {
    let mut parts = holder.splitn(3, ':');
    let (Some(name), Some(pid), Some(start)) = (parts.next(), parts.next().and_then(|pid| pid.parse().ok()), parts.next()) else {
        return false;
    };
    name == host() && !start.is_empty() && Path::new("/proc/self/stat").exists() && started(pid).as_deref() != Some(start)
}

/// Runs a future on a runtime of its own.
pub(crate) fn block_on<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).max_blocking_threads(4).enable_all().build()?;
    let result = runtime.block_on(future);
    // A stuck connection must not keep the process from ending.
    runtime.shutdown_timeout(std::time::Duration::from_millis(200));
    result
}

/// Reads a saved plan and holds its digest against its content.
pub(crate) fn read_plan(path: &Path) -> Result<Plan, Failure> {
    let shown = path.display().to_string();
    let refuse = |code: &str, message: String| {
        Failure::new(Exit::Usage, Problem::new(code, message).safe("nothing was touched").help("make it again: segue plan -o plan.segue"))
    };
    let text = std::fs::read_to_string(path)
        .map_err(|error| refuse("SG-CLI-031", format!("the plan `{shown}` cannot be read: {}", crate::show::why(&error))))?;
    let value: serde_json::Value = serde_json::from_str(&text).map_err(|error| {
        if path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") {
            let problem = Problem::new("SG-CLI-032", format!("`{shown}` is a spec, and not a saved plan"));
            let help = format!("a spec is named with -f {shown}, and saved as a plan by: segue plan -f {shown} -o plan.segue");
            return Failure::new(Exit::Usage, problem.safe("nothing was touched").help(help));
        }
        refuse("SG-CLI-032", format!("`{shown}` is not a saved plan: line {}, column {} is not JSON", error.line(), error.column()))
    })?;
    match value.get("format_version").and_then(serde_json::Value::as_u64) {
        Some(version) if version == u64::from(FORMAT_VERSION) => {}
        Some(version) => {
            return Err(refuse("SG-CLI-033", format!("`{shown}` has format version {version}; this Segue reads {FORMAT_VERSION}")));
        }
        None => return Err(refuse("SG-CLI-032", format!("`{shown}` is not a saved plan: it has no format_version"))),
    }
    let plan: Plan =
        serde_json::from_value(value).map_err(|_| refuse("SG-CLI-032", format!("`{shown}` is not a plan of this version of Segue")))?;
    let digest = plan.computed_digest().map_err(|error| refuse("SG-CLI-032", format!("`{shown}`: {error}")))?;
    if digest != plan.digest {
        return Err(refuse("SG-CLI-034", format!("`{shown}` was changed by hand: its digest does not fit its content")));
    }
    Ok(plan)
}

/// The digest of a spec's changes, by which "already applied" is known.
pub(crate) fn spec_digest(spec: &Spec) -> Result<String, Failure> {
    spec::digest(spec).map_err(|error| {
        Failure::new(Exit::Usage, Problem::new("SG-CLI-048", format!("the spec has no digest: {error}")).safe("nothing was touched"))
    })
}

/// "Already applied", as the database itself says it, even if the state directory is gone.
pub(crate) async fn already_applied(spec: &Spec, engine: &dyn Engine) -> Result<Option<String>, Failure> {
    let state = engine.fence().state().await?;
    let (tag, digest) = (spec.tag(), spec_digest(spec)?);
    let applied = state.applied.iter().rev().find(|(_, applied_tag, _)| *applied_tag == tag);
    match applied {
        Some((run, _, applied_digest)) if *applied_digest == digest => Ok(Some(format!("already applied: {} (run {run})", spec.id))),
        Some((run, _, _)) => Err(Failure::new(
            Exit::Usage,
            Problem::new("SG-CLI-035", format!("{} was applied to this database by run {run} with other changes", spec.id))
                .safe("nothing was touched")
                .help("give the new changes an id of their own"),
        )),
        None => Ok(None),
    }
}

/// Refuses when the database is held by a run: planning on tables in transition would plan nonsense.
pub(crate) async fn refuse_unfinished(spec: &Spec, engine: &dyn Engine) -> Result<(), Failure> {
    match engine.fence().state().await?.active {
        Some((run, tag, _)) => {
            let own = tag == spec.tag();
            let help = if own {
                "go on with `segue apply`, or go back with `segue rollback` or `segue abort`".to_owned()
            } else {
                format!("end that run first, with the state directory of its journal:\nsegue apply --run {run}\nsegue abort --run {run}")
            };
            Err(Failure::new(
                Exit::Held,
                Problem::new("SG-CLI-036", format!("run {run} is under way on this database")).safe("nothing was touched").help(help),
            ))
        }
        None => Ok(()),
    }
}

/// The ids of the gates that take a person's yes.
pub(crate) fn approval_gates(plan: &Plan) -> Vec<&str> {
    plan.phases
        .iter()
        .flat_map(|phase| phase.entry.iter().chain(&phase.gates))
        .filter(|gate| gate.condition == Condition::Approval)
        .map(|gate| gate.id.as_str())
        .collect()
}

/// Approvals of plans that have no run yet: a file of lines in the state directory.
pub(crate) struct Approvals {
    path: PathBuf,
}

/// One approval.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Approval {
    /// The plan's digest.
    pub(crate) plan: String,
    /// Who.
    pub(crate) by: String,
    /// When, RFC 3339.
    pub(crate) at: String,
}

impl Approvals {
    /// Those of a state directory.
    pub(crate) fn open(state_dir: &Path) -> Self {
        Self { path: state_dir.join("approvals.jsonl") }
    }

    /// Adds one.
    pub(crate) fn add(&self, plan: &str, by: &str) -> Result<(), Failure> {
        let approval = Approval { plan: plan.to_owned(), by: by.to_owned(), at: jiff::Timestamp::now().to_string() };
        let line = serde_json::to_string(&approval).map_err(std::io::Error::other)?;
        self.append(&line).map_err(|error| Failure::of_path(&self.path, &error))
    }

    fn append(&self, line: &str) -> std::io::Result<()> {
        use std::io::Write as _;
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(&self.path)?;
        writeln!(file, "{line}")?;
        file.sync_all()
    }

    /// The first approval of that plan.
    pub(crate) fn of(&self, plan: &str) -> Option<Approval> {
        let text = std::fs::read_to_string(&self.path).ok()?;
        text.lines().filter_map(|line| serde_json::from_str::<Approval>(line).ok()).find(|approval| approval.plan == plan)
    }
}
