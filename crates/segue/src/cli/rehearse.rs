//! `segue rehearse`: runs the whole plan forward, back and forward again on a throw-away copy, and keeps the evidence.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use segue_engine::Engine;
use segue_journal::{Created, JournalStore as _, OpenMode, Request, StepSource as _};
use segue_model::catalog;
use segue_model::ident::TableName;
use segue_model::plan::Plan;
use segue_model::plan::program::Rehearsal;
use segue_model::problem::Problem;
use segue_model::secret::Reference;
use segue_model::spec::System;
use segue_model::units::{Millis, counted};
use segue_postgres::PostgresEngine;
use segue_postgres::private_server::{PrivateServer, find_bins};
use segue_sqlite::SqliteEngine;
use segue_steps::Steps;

use super::{Format, Global};
use crate::drive::{Way, drive};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::runs::{self, Run};
use crate::show::Show;
use crate::specfile::{self, SpecFile};
use crate::{connect, planning, rehearsal};

/// Arguments of `segue rehearse`.
#[derive(Debug, Args)]
pub(crate) struct Rehearse {
    /// The spec
    #[arg(short, long, value_name = "SPEC")]
    file: Option<PathBuf>,
    /// The most rows that are copied of a table (PostgreSQL; a SQLite file is copied whole)
    #[arg(long, value_name = "ROWS", default_value_t = 1_000_000)]
    rows: u64,
    /// Folder of the PostgreSQL programs for the private server; default the newest of this machine that fits
    #[arg(long, value_name = "DIR", env = "SEGUE_POSTGRES_BINS", hide_env_values = true)]
    postgres_bins: Option<String>,
    /// Keep the copy of a SQLite file, to look at it
    #[arg(long)]
    keep: bool,
}

/// What a verb on a live run would advise does not fit a copy that is gone: nothing waits there for a person.
fn on_a_copy(mut failure: Failure) -> Failure {
    if matches!(failure.exit, Exit::Waiting | Exit::Mismatch) {
        failure.exit = Exit::Failed;
    }
    for problem in &mut failure.problems {
        if problem.code.starts_with("SG-CLI-05") || problem.help.contains("segue apply") || problem.help.contains("segue rollback") {
            "nothing live was touched: only the copy, which is gone".clone_into(&mut problem.safe);
            problem.help = format!("segue explain {}; then segue rehearse again", problem.code);
        }
    }
    failure
}

/// The copy: it is gone when this is dropped.
struct Copy {
    spec: SpecFile,
    whole: bool,
    rows: u64,
    not_covered: Vec<String>,
    /// A private server ends with it.
    server: Option<PrivateServer>,
    /// A file of our own, removed at the end.
    files: Vec<PathBuf>,
    keep: bool,
}

impl Drop for Copy {
    fn drop(&mut self) {
        self.server.take();
        if !self.keep {
            for file in &self.files {
                let _ = std::fs::remove_file(file);
            }
        }
    }
}

impl Rehearse {
    pub(crate) fn run(&self, global: &Global, show: &Show) -> Result<Exit, Failure> {
        let file = specfile::read(self.file.as_deref())?;
        let Some((name, _)) = file.spec.schema_system() else { return Err(planning::no_schema()) };
        refuse_production(&file, name)?;
        let id = format!("reh-{}-{}", file.spec.id.to_ascii_lowercase(), runs::mark());
        let folder = rehearsal::folder(&global.state_dir).join(&id);
        rehearsal::sweep(&global.state_dir);
        rehearsal::make(&folder)?;
        let copied = runs::block_on(self.copy(&file, &folder));
        if copied.is_err() {
            // There is nothing in it, and no journal.
            let _ = std::fs::remove_dir_all(&folder);
        }
        let outcome = Self::rehearse(global, show, &file, &copied?, &id, &folder);
        if outcome.is_err() {
            show.say(&format!("the rehearsal's journal stays: segue log --state-dir {}", folder.display()));
        }
        let rehearsal = outcome.map_err(on_a_copy)?;
        rehearsal::keep(&folder, &rehearsal)?;
        tell(show, &rehearsal, &folder)?;
        Ok(Exit::Ok)
    }

    fn rehearse(global: &Global, show: &Show, file: &SpecFile, copy: &Copy, id: &str, folder: &Path) -> Result<Rehearsal, Failure> {
        show.say(&format!("rehearsing on a copy with {}", counted(copy.rows, "row")));
        let quiet = Global { state_dir: folder.to_owned(), run: None, output: None, events: None, ..global.clone() };
        let (plan, before) = runs::block_on(async {
            let engine = planning::engine(&copy.spec)?;
            let plan = planning::plan(&copy.spec, engine.as_ref(), &[]).await?;
            let before = look(&plan, engine.as_ref()).await?;
            Ok((plan, before))
        })?;
        let run = begin(&quiet, &plan)?;
        let hushed = show.hushed();
        let turn = plan.phases.iter().rev().nth(1).map(|phase| phase.name.clone());
        let mut timed = Vec::new();
        let mut go = |words: &str, way: &Way| -> Result<u64, Failure> {
            let begun = runs::now_ms();
            drive(&quiet, &hushed, &run, way)?;
            let ms = u64::try_from(runs::now_ms() - begun).unwrap_or(0);
            show.say(&format!("  {words}: {}", about(ms)));
            timed.push(ms);
            Ok(ms)
        };
        go("forward, until the old form would go", &Way::Forward { until: turn.clone() })?;
        go("back to the beginning", &Way::Back { to: None, ends: false, loses: "0 rows".to_owned() })?;
        same(&plan, &before)?;
        approve(&run, &plan)?;
        go("forward to the end", &Way::Forward { until: None })?;
        Ok(Rehearsal {
            id: id.to_owned(),
            at: jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
            spec_digest: runs::spec_digest(&file.spec)?,
            rows: copy.rows,
            whole: copy.whole,
            forward_ms: timed[0],
            back_ms: timed[1],
            again_ms: timed[2],
            steps: rehearsal::times(&run.store, &run.id)?,
            not_covered: copy.not_covered.clone(),
        })
    }

    /// Copies what the change concerns, and points the spec at the copy.
    async fn copy(&self, file: &SpecFile, folder: &Path) -> Result<Copy, Failure> {
        let Some((name, system)) = file.spec.schema_system() else { return Err(planning::no_schema()) };
        let engine = planning::engine(file)?;
        runs::refuse_unfinished(&file.spec, engine.as_ref()).await?;
        let mut tables: Vec<TableName> = Vec::new();
        for written in segue_planner::touched(&file.spec) {
            tables.push(engine.resolve(&written).await?);
        }
        // A table of `create_table` is not there yet.
        let there = engine.tables().await?;
        tables.retain(|table| there.contains(table));
        for written in segue_planner::touched_indexes(&file.spec) {
            tables.extend(engine.index_table(&written).await?);
        }
        let mut copy = Copy {
            spec: file.clone(),
            whole: true,
            rows: 0,
            not_covered: vec!["other load: nobody else works on the copy".to_owned()],
            server: None,
            files: Vec::new(),
            keep: self.keep,
        };
        let (engine_name, location) = connect::place(system);
        let value = crate::reference::resolve(location, &file.base)?;
        let there = match engine_name {
            "sqlite" => copy_file(&mut copy, value.expose(), &tables, &file.base, folder)?,
            _ => self.copy_server(&mut copy, value.expose(), &tables, folder).await?,
        };
        copy.spec.spec.systems.insert(name.to_owned(), there);
        // On a copy nobody waits for the old form to be missed.
        copy.spec.spec.keep_old = Millis(0);
        copy.spec.base = PathBuf::from(".");
        Ok(copy)
    }

    async fn copy_server(&self, copy: &mut Copy, url: &str, tables: &[TableName], folder: &Path) -> Result<System, Failure> {
        let environment = std::env::vars().filter(|(name, _)| name.starts_with("PG")).collect();
        let source = PostgresEngine::new(segue_postgres::Target::parse(url, &environment)?);
        let version = source.facts().await?.version;
        let major: u32 = version.split('.').next().and_then(|major| major.parse().ok()).unwrap_or(0);
        let hint = self.postgres_bins.clone().or_else(|| std::env::var("SEGUE_TEST_PG_BINS").ok());
        let bins = find_bins(hint.as_deref());
        let fits = |bin: &&PathBuf| segue_postgres::private_server::major(bin).is_some_and(|found| found >= major);
        let Some(bin) = bins.iter().find(fits) else {
            return Err(Failure::new(
                Exit::Connection,
                Problem::new(
                    "SG-CLI-061",
                    format!("no programs of a PostgreSQL server of version {major} or newer were found on this machine"),
                )
                .safe("nothing was started, and nothing was copied")
                .help(format!("apt-get install postgresql-{major}, or name their folder with --postgres-bins")),
            ));
        };
        let server = PrivateServer::start(bin)?;
        let cloned = segue_postgres::clone_into(&source, &server, &bins, tables, self.rows).await?;
        copy.rows = cloned.tables.iter().map(|table| table.rows).sum();
        copy.whole = !cloned.tables.iter().any(|table| table.cut);
        copy.not_covered.extend(cloned.not_cloned);
        if segue_postgres::private_server::major(bin) != Some(major) {
            copy.not_covered.push(format!("the copy ran on another major version than the server's {major}"));
        }
        // The private server's password must not stand in a journal: the copy is named by a file.
        let path = folder.join("copy.url");
        write_private(&path, &server.url())?;
        copy.files.push(path.clone());
        copy.server = Some(server);
        Ok(System::Postgres { url: Reference::File(path.display().to_string()) })
    }
}

/// A file that only this account can read.
fn write_private(path: &Path, text: &str) -> Result<(), Failure> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    Ok(file.write_all(text.as_bytes())?)
}

fn copy_file(copy: &mut Copy, text: &str, tables: &[TableName], base: &Path, folder: &Path) -> Result<System, Failure> {
    let path = base.join(text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")).unwrap_or(text));
    let target = folder.join("copy.db");
    let source = SqliteEngine::open(&path)?;
    source.clone_to(&target)?;
    for ending in ["", "-wal", "-shm"] {
        copy.files.push(PathBuf::from(format!("{}{ending}", target.display())));
    }
    copy.rows = source.rows_of(tables)?;
    Ok(System::Sqlite { path: Reference::Plain(target.display().to_string()) })
}

fn refuse_production(file: &SpecFile, system: &str) -> Result<(), Failure> {
    if file.spec.program.about.get(system).and_then(|about| about.facts.production) != Some(true) {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Usage,
        Problem::new("SG-CLI-068", format!("`{system}` is named as production in the spec: a rehearsal does not run against it"))
            .safe("nothing was touched, and nothing was copied")
            .help("restore a backup somewhere else, and rehearse with a spec whose system is that one"),
    ))
}

fn begin(global: &Global, plan: &Plan) -> Result<Run, Failure> {
    let engine: Arc<dyn Engine> = planning::engine_of(plan, Path::new("."))?;
    let store = runs::journal(&global.state_dir, OpenMode::Write)?;
    let (Created::New(id) | Created::Unfinished(id)) =
        store.create_alone(plan, &runs::mark(), crate::VERSION, &Steps::new(engine).kinds(), runs::now_ms())?;
    let run = Run { store, id };
    approve(&run, plan)?;
    Ok(run)
}

/// On a copy nobody needs to be asked; gates that measure still measure.
fn approve(run: &Run, plan: &Plan) -> Result<(), Failure> {
    let request = Request::Approve { what: "plan".to_owned(), digest: plan.digest.clone() };
    Ok(run.store.request(&run.id, &request, "rehearsal", runs::now_ms()).map(|_| ())?)
}

async fn look(plan: &Plan, engine: &dyn Engine) -> Result<catalog::Catalog, Failure> {
    let tables: Vec<TableName> = plan.execution.catalog.tables.iter().map(|table| table.name.clone()).collect();
    Ok(engine.catalog(&tables).await?)
}

/// Back at the beginning, the catalog is what it was.
fn same(plan: &Plan, before: &catalog::Catalog) -> Result<(), Failure> {
    let after = runs::block_on(async { look(plan, planning::engine_of(plan, Path::new("."))?.as_ref()).await })?;
    let moved = catalog::differences(before, &after);
    if moved.is_empty() {
        return Ok(());
    }
    let problems = moved
        .iter()
        .map(|what| {
            Problem::new("SG-CLI-069", format!("going back did not restore the catalog of the copy: {what}"))
                .safe("only the copy was touched")
                .help("do not apply this plan: report this as a defect of Segue, with the plan")
        })
        .collect();
    Err(Failure { exit: Exit::Human, problems, text: None })
}

fn about(ms: u64) -> String {
    if ms < 10_000 { format!("{ms} ms") } else { segue_report::about(ms / 1_000) }
}

fn tell(show: &Show, rehearsal: &Rehearsal, folder: &Path) -> Result<(), Failure> {
    if show.format == Format::Json {
        let mut document = serde_json::json!({"format_version": 1, "segue": crate::VERSION, "verdict": "passed"});
        document["rehearsal"] = serde_json::to_value(rehearsal).unwrap_or_default();
        return show.json(&document);
    }
    let mut text = format!(
        "rehearsal {} passed: forward {}, back {}, forward to the end {}\n  {}{}\n",
        rehearsal.id,
        about(rehearsal.forward_ms),
        about(rehearsal.back_ms),
        about(rehearsal.again_ms),
        counted(rehearsal.rows, "row"),
        if rehearsal.whole { "" } else { " (not all: times are for these)" }
    );
    for gap in &rehearsal.not_covered {
        text.push_str(&format!("  not covered: {gap}\n"));
    }
    show.result(&crate::show::fold(&text, show.width, 4))?;
    show.say(&format!("evidence: {}; segue plan uses its times", folder.display()));
    Ok(())
}
