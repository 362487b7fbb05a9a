//! `segue apply`: runs a plan, goes on with a half-done one, says "already applied" for a finished one.

use std::path::{Path, PathBuf};

use clap::Args;
use segue_engine::Engine;
use segue_journal::{Created, JournalStore, Mode, OpenMode, Request, StepSource as _};
use segue_model::plan::Plan;
use segue_model::problem::Problem;
use segue_steps::Steps;

use super::Global;
use crate::drive::{Way, drive};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::inputs::Inputs;
use crate::runs::{self, Approvals, Run};
use crate::show::Show;
use crate::specfile::SpecFile;
use crate::{planning, specfile};

/// Arguments of `segue apply`.
#[derive(Debug, Args)]
pub(crate) struct Apply {
    /// A saved plan
    #[arg(value_name = "PLAN", conflicts_with = "file")]
    plan: Option<PathBuf>,
    /// The spec: plan it now and run that
    #[arg(short, long, value_name = "SPEC")]
    file: Option<PathBuf>,
    /// Stop after this phase
    #[arg(long, value_name = "PHASE")]
    until: Option<String>,
    /// Only look: read-only sessions, nothing is written anywhere
    #[arg(long)]
    dry_run: bool,
    /// Say yes to the plan and to every gate that is only an approval
    #[arg(long)]
    yes: bool,
}

/// What is to be applied: a saved plan, or a spec that is planned when a new run begins.
enum Wanted {
    Plan(Box<Plan>),
    Spec(Box<SpecFile>),
}

impl Wanted {
    fn id(&self) -> &str {
        match self {
            Self::Plan(plan) => &plan.id,
            Self::Spec(file) => &file.spec.id,
        }
    }

    fn digest(&self) -> Result<String, Failure> {
        match self {
            Self::Plan(plan) => Ok(plan.execution.spec_digest.clone()),
            Self::Spec(file) => runs::spec_digest(&file.spec),
        }
    }
}

impl Apply {
    pub(crate) fn run(&self, global: &Global, show: &Show) -> Result<Exit, Failure> {
        let wanted = match (&self.plan, &self.file) {
            (Some(path), _) => Wanted::Plan(Box::new(runs::read_plan(path)?)),
            (None, Some(path)) => Wanted::Spec(Box::new(specfile::read(Some(path))?)),
            (None, None) => match unfinished(global)? {
                Some(run) if !self.dry_run => return go_on(global, show, run, self.until.as_deref(), self.yes),
                _ => Wanted::Spec(Box::new(specfile::read(None)?)),
            },
        };
        let whole = match &wanted {
            Wanted::Plan(plan) => plan.runs(),
            Wanted::Spec(file) => file.spec.is_schema_only(),
        };
        if !whole {
            return Err(not_ours(wanted.id()));
        }
        if let Some(until) = &self.until {
            known_phase(until)?;
        }
        if let Some(run) = self.run_of(global, show, &wanted)? {
            if self.dry_run {
                return Err(Failure::new(
                    Exit::Usage,
                    Problem::new("SG-CLI-038", format!("run {} is under way; a dry run is for what has not begun", run.id))
                        .safe("nothing was touched")
                        .help("segue status"),
                ));
            }
            return go_on(global, show, run, self.until.as_deref(), self.yes);
        }
        let fresh = match runs::block_on(self.fresh(global, &wanted)) {
            // Another executor of this directory began while we looked: its run is the run.
            Err(failure) if failure.exit == Exit::Held && !self.dry_run => match self.run_of(global, show, &wanted)? {
                Some(run) => return go_on(global, show, run, self.until.as_deref(), self.yes),
                None => return Err(failure),
            },
            fresh => fresh?,
        };
        match fresh {
            Fresh::Applied(text) => {
                show.told(&text)?;
                Ok(Exit::Ok)
            }
            Fresh::Plan(plan) if self.dry_run => look(&plan, show),
            Fresh::Plan(plan) => self.begin(global, show, &plan),
        }
    }

    /// The unfinished run of what is wanted. Another unfinished run of the same id that is back at its beginning is
    /// ended; one that is half way is in the way.
    fn run_of(&self, global: &Global, show: &Show, wanted: &Wanted) -> Result<Option<Run>, Failure> {
        let Some(store) = runs::begun(&global.state_dir)? else { return Ok(None) };
        let mut same = None;
        let ids: Vec<String> =
            store.runs()?.into_iter().filter(|run| run.ended.is_none() && run.id == wanted.id()).map(|run| run.run).collect();
        for id in ids {
            let state = store.state(&id)?;
            if state.plan.execution.spec_digest == wanted.digest()? {
                same = Some(id);
            } else if state.undo_stack().is_empty() && !self.dry_run {
                let run = Run { store: runs::journal(&global.state_dir, OpenMode::Write)?, id };
                drive(global, &show.hushed(), &run, &Way::Back { to: None, ends: true, loses: "0 rows".to_owned() })?;
            } else {
                return Err(Failure::new(
                    Exit::Held,
                    Problem::new("SG-CLI-037", format!("run {id} of {} is under way with other changes", wanted.id()))
                        .safe("nothing was touched")
                        .help(format!("go on with it: segue apply --run {id}; or end it: segue abort --run {id}")),
                ));
            }
        }
        Ok(match same {
            Some(id) => Some(Run { store: runs::journal(&global.state_dir, OpenMode::Write)?, id }),
            None => None,
        })
    }

    /// What a new run would begin with.
    async fn fresh(&self, global: &Global, wanted: &Wanted) -> Result<Fresh, Failure> {
        match wanted {
            Wanted::Plan(plan) => {
                let engine = planning::engine_of(plan, Path::new("."))?;
                let state = engine.fence().state().await?;
                if let Some((run, _, _)) =
                    state.applied.iter().find(|(_, tag, digest)| *tag == plan.execution.tag && *digest == plan.execution.spec_digest)
                {
                    return Ok(Fresh::Applied(format!("already applied: {} (run {run})", plan.id)));
                }
                held(&plan.id, engine.as_ref(), global).await?;
                let fits = planning::still_fits(plan, engine.as_ref()).await;
                // Whoever began while we looked is the reason for whatever we found.
                held(&plan.id, engine.as_ref(), global).await?;
                fits?;
                Ok(Fresh::Plan(plan.clone()))
            }
            Wanted::Spec(file) => {
                let engine = planning::engine(file)?;
                if let Some(text) = runs::already_applied(&file.spec, engine.as_ref()).await? {
                    return Ok(Fresh::Applied(text));
                }
                held(&file.spec.id, engine.as_ref(), global).await?;
                let planned = planning::project(file, &Inputs::default(), global).await;
                held(&file.spec.id, engine.as_ref(), global).await?;
                Ok(Fresh::Plan(Box::new(planned?)))
            }
        }
    }

    /// Begins a run, after somebody said yes.
    fn begin(&self, global: &Global, show: &Show, plan: &Plan) -> Result<Exit, Failure> {
        let approval = Approvals::open(&global.state_dir).of(&plan.digest);
        let by = match approval {
            Some(approval) => approval.by,
            None if self.yes => runs::person(),
            None => self.ask(show, plan)?,
        };
        let engine = planning::engine_of(plan, Path::new("."))?;
        crate::drive::can_tell(global)?;
        let store = runs::journal(&global.state_dir, OpenMode::Write)?;
        let id = match store.create_alone(plan, &runs::mark(), crate::VERSION, &Steps::new(engine).kinds(), runs::now_ms())? {
            Created::New(id) => id,
            // Another executor began while we planned: its run is the run.
            Created::Unfinished(id) => return go_on(global, show, Run { store, id }, self.until.as_deref(), self.yes),
        };
        let request = Request::Approve { what: "plan".to_owned(), digest: plan.digest.clone() };
        store.request(&id, &request, &by, runs::now_ms())?;
        drive(global, show, &Run { store, id }, &Way::Forward { until: settled(plan, self.until.as_deref()) })
    }

    fn ask(&self, show: &Show, plan: &Plan) -> Result<String, Failure> {
        if show.interactive {
            show.say(&segue_report::plan_text(plan, show.width, show.color_err));
            if show.ask("Apply this plan?") {
                return Ok(runs::person());
            }
        }
        let file = self.plan.as_ref().map_or_else(|| "plan.segue".to_owned(), |path| path.display().to_string());
        let help = match (&self.plan, &self.file) {
            (Some(_), _) => format!("segue approve {file}, then the same command; or the same command with --yes"),
            (None, spec) => {
                let flag = spec.as_ref().map_or_else(String::new, |path| format!(" -f {}", path.display()));
                format!("segue plan{flag} -o {file} && segue approve {file} && segue apply {file}; or the same command with --yes")
            }
        };
        Err(Failure::new(
            Exit::Waiting,
            Problem::new("SG-CLI-039", format!("nobody approved plan {}", plan.digest.get(..12).unwrap_or_default()))
                .safe("nothing was touched")
                .help(help),
        ))
    }
}

/// A plan with steps that commands or people do is never begun: half of it would be a lie.
fn not_ours(id: &str) -> Failure {
    Failure::new(
        Exit::Usage,
        Problem::new("SG-CLI-078", format!("{id} has steps that Segue does not run by itself in this version"))
            .safe("nothing was touched")
            .help("segue plan --detail full names who does each step; segue runbook shows how, segue runbook run STEP runs one block"),
    )
}

/// `--dry-run`: the plan, and how far each step is, over read-only sessions.
fn look(plan: &Plan, show: &Show) -> Result<Exit, Failure> {
    if show.format == super::Format::Json {
        show.json(&segue_report::plan_json(plan))?;
    } else {
        show.result(&segue_report::plan_text_at(plan, segue_report::Detail::Full, show.width, show.color))?;
    }
    show.say("dry run: nothing was written");
    Ok(Exit::Ok)
}

/// A new run, or nothing to do.
enum Fresh {
    Applied(String),
    Plan(Box<Plan>),
}

/// The database is held by the run of another spec, or by one whose journal is not here: refused with what the database
/// says of it.
async fn held(id: &str, engine: &dyn Engine, global: &Global) -> Result<(), Failure> {
    let Some((run, tag, epoch)) = engine.fence().state().await?.active else { return Ok(()) };
    let here = runs::begun(&global.state_dir)?.map_or(Ok(Vec::new()), |store| store.runs())?;
    if here.iter().any(|known| known.run == run) {
        return Err(Failure::new(
            Exit::Held,
            Problem::new("SG-CLI-036", format!("run {run} is under way on this database"))
                .safe(format!("nothing was touched; {id} was not begun"))
                .help(format!("go on with it, or end it:\nsegue apply --run {run}\nsegue abort --run {run}")),
        ));
    }
    Err(Failure::new(
        Exit::Held,
        Problem::new(
            "SG-CLI-036",
            format!("run {run} (tag {tag}, epoch {epoch}) is under way on this database, and its journal is not in this state directory"),
        )
        .safe(format!("nothing was touched; {id} was not begun"))
        .help("name the state directory that has its journal with --state-dir"),
    ))
}

/// The phases of the journey, in order; a plan has those of them in which it has something to do.
const PHASES: [&str; 6] = ["prepare", "expand", "backfill", "verify", "shift", "contract"];

/// Where to stop in this plan: `--until shift` holds for a plan without that phase, too, and is then the end of the
/// last one before it. A name that no phase has is left for the executor to refuse.
fn settled(plan: &Plan, until: Option<&str>) -> Option<String> {
    let wished = until?;
    let place = |name: &str| PHASES.iter().position(|phase| *phase == name);
    let there = plan.phases.iter().map(|phase| phase.name.as_str()).filter(|name| place(name).is_some() && place(name) <= place(wished));
    Some(there.fold(wished, |_, phase| phase).to_owned())
}

fn known_phase(phase: &str) -> Result<(), Failure> {
    if PHASES.contains(&phase) {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Usage,
        Problem::new("SG-CLI-046", format!("there is no phase `{phase}`"))
            .safe("nothing was touched")
            .help(format!("the phases are {}", PHASES.join(", "))),
    ))
}

/// The latest run, or that of `--run`, if it is not over.
fn unfinished(global: &Global) -> Result<Option<Run>, Failure> {
    let Some(run) = runs::latest(global)? else { return Ok(None) };
    let over = global.run.is_none() && matches!(run.state()?.mode, Mode::Ended(_));
    Ok((!over).then_some(run))
}

/// Goes on with a run in this process.
pub(crate) fn go_on(global: &Global, show: &Show, run: Run, until: Option<&str>, yes: bool) -> Result<Exit, Failure> {
    let plan = run.state()?.plan.clone();
    // Going back takes the run's approvals with it; a plan that a person approved stays approved.
    let approved = Approvals::open(&global.state_dir).of(&plan.digest).map(|approval| approval.by);
    if let Some(by) = approved.or_else(|| yes.then(runs::person)) {
        let digest = plan.digest.clone();
        run.store.request(&run.id, &Request::Approve { what: "plan".to_owned(), digest }, &by, runs::now_ms())?;
    }
    drive(global, show, &run, &Way::Forward { until: settled(&plan, until) })
}
