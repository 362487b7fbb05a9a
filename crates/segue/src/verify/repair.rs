//! `--repair`: from rows that differ to a script, or to a run that can be resumed and taken back.
//!
//! The undo file is written before anything is changed. Tests: `tests/verify/repair.rs`.

mod journal;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use segue_journal::{Created, Mode, OpenMode, SqliteStore, StepSource as _, Store};
use segue_model::action::Action;
use segue_model::event::Outcome;
use segue_model::plan::{Plan, Throttle};
use segue_model::problem::Problem;
use segue_model::secret::Reference;
use segue_steps::Repairs;
use segue_verify::repair::{self, Direction, Limits, Loaded, Mend, RepairError, Where, Written};

use super::asked::refuse;
use super::rows::TableDone;
use super::sides::SideOpen;
use crate::cli::Global;
use crate::cli::verify::flags::{Repair, RepairFlags, Way};
use crate::drive::{self, drive};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::runs::{self, Run};
use crate::show::Show;

pub(crate) use self::journal::{left_aside, way_back};

/// Where the files of repairs are kept.
pub(crate) fn folder(global: &Global) -> PathBuf {
    global.state_dir.join("repairs")
}

/// What would be refused in the end is refused before a row is read; a repair that was stopped goes on.
pub(crate) fn possible(flags: &RepairFlags, sides: (&SideOpen, &SideOpen), global: &Global, show: &Show) -> Result<(), Failure> {
    let written = if flags.direction == Way::SourceToTarget { sides.1 } else { sides.0 };
    match flags.repair {
        Some(Repair::Apply) if !flags.dry_run => {
            let (engine, location, base) = &written.place;
            without_password(location)?;
            journal::finish_earlier((engine, &anchored(location, base)), flags, global, show)
        }
        Some(Repair::Sql) if !flags.dry_run => {
            let folder = out_folder(flags);
            std::fs::create_dir_all(&folder)?;
            match SCRIPTS.iter().map(|name| folder.join(name)).find(|path| path.exists()) {
                None => Ok(()),
                Some(path) => Err(Failure::new(
                    Exit::Failed,
                    Problem::new("SG-CLI-001", format!("`{}` is there already, and is not replaced", path.display()))
                        .safe("nothing was read or changed in a database")
                        .help("name another folder: --out DIR"),
                )),
            }
        }
        _ => Ok(()),
    }
}

/// The scripts that are written, the way back first.
const SCRIPTS: [&str; 2] = ["undo.sql", "repair.sql"];

fn out_folder(flags: &RepairFlags) -> PathBuf {
    flags.out.clone().unwrap_or_else(|| PathBuf::from("."))
}

/// A run keeps where its database is, and no secret.
fn without_password(location: &Reference) -> Result<(), Failure> {
    match location {
        Reference::Plain(url) if has_password(url) => {
            let help = "put the URL into an environment variable and name that: --target env:TARGET_URL";
            Err(refuse("SG-VER-004", "a run keeps where its database is, and this URL has a password in it", help))
        }
        _ => Ok(()),
    }
}

/// What a repair came to before anything is written.
pub(crate) struct Ready {
    repair: repair::Repair,
    /// The side that is put right.
    place: Where,
    scripts: Option<repair::Script>,
}

/// Reads the differing rows again and says how they are put right.
pub(crate) async fn ready(flags: &RepairFlags, sides: (&SideOpen, &SideOpen), tables: &[TableDone]) -> Result<Ready, Failure> {
    let direction = match flags.direction {
        Way::SourceToTarget => Direction::SourceToTarget,
        Way::TargetToSource => Direction::TargetToSource,
    };
    let over: u64 = tables.iter().map(|table| table.over).sum();
    let found: u64 = tables.iter().flat_map(|table| &table.found).map(|row| row.count.max(1)).sum();
    if over > 0 || found > flags.max_rows {
        return Err(too_many(found + over, flags.max_rows));
    }
    let mends: Vec<Mend<'_>> =
        tables.iter().filter_map(|table| Some(Mend { pair: table.pair.as_ref()?, differences: &table.found })).collect();
    // Who runs a script decides about that, and reads in it that they fire.
    let fire_triggers = flags.fire_triggers || flags.repair == Some(Repair::Sql);
    let limits = Limits { max_rows: flags.max_rows, fire_triggers, ..Limits::default() };
    let (source, target) = (sides.0.database.as_ref(), sides.1.database.as_ref());
    let repair = repair::gather(source, target, &mends, direction, limits).await.map_err(failure)?;
    let written = if flags.direction == Way::SourceToTarget { sides.1 } else { sides.0 };
    let scripts = match flags.repair {
        Some(Repair::Sql) => Some(repair::script(&repair, written.database.as_ref()).map_err(failure)?),
        _ => None,
    };
    let (engine, location, base) = &written.place;
    let place = Where {
        segue: crate::VERSION.to_owned(),
        engine: (*engine).to_owned(),
        location: anchored(location, base),
        system: written.name.to_owned(),
        throttle: Throttle::default(),
    };
    Ok(Ready { repair, place, scripts })
}

/// A run is gone on with from another folder than the spec's: a relative file is made absolute.
fn anchored(location: &Reference, base: &Path) -> Reference {
    match location {
        Reference::File(path) => Reference::File(base.join(path).display().to_string()),
        other => other.clone(),
    }
}

fn too_many(rows: u64, max: u64) -> Failure {
    let message = format!("at least {rows} rows are to be changed, and --max-rows allows {max}");
    Failure::new(
        Exit::Usage,
        Problem::new("SG-FIX-001", message)
            .safe("nothing was changed")
            .help("find out first why so many rows differ; then name the number that you mean: --max-rows"),
    )
}

/// What is going to be done, in words without a value.
fn told(ready: &Ready) -> String {
    let mut out = String::new();
    for (table, deeds) in ready.repair.deeds() {
        out.push_str(&format!("  {table}: {} rows come, {} change, {} go\n", deeds.inserts, deeds.updates, deeds.deletes));
    }
    for (table, rows) in &ready.repair.moved {
        out.push_str(&format!("  {table}: {rows} rows changed since they were compared, and are left alone\n"));
    }
    for left in &ready.repair.left {
        out.push_str(&format!("  {}: {} rows are left alone: {}\n", left.table, left.rows, left.why));
    }
    for warning in &ready.repair.warnings {
        out.push_str(&format!("  {warning}\n"));
    }
    out
}

/// Carries it out, as it was asked for. Gives the exit code.
pub(crate) fn carry_out(flags: &RepairFlags, ready: &Ready, global: &Global, show: &Show) -> Result<Exit, Failure> {
    show.say(&format!("repair of the {}:\n{}", ready.place.system, told(ready).trim_end()));
    if ready.repair.corrections.is_empty() {
        show.say("there is nothing that could be put right");
        return Ok(Exit::Mismatch);
    }
    if flags.dry_run {
        show.say("dry run: nothing was written");
        return Ok(Exit::Mismatch);
    }
    if let Some(scripts) = &ready.scripts {
        return write_scripts(flags, scripts, show);
    }
    if !flags.yes && !show.ask("Apply this repair?") {
        return Err(Failure::new(
            Exit::Waiting,
            Problem::new("SG-CLI-039", "nobody said yes to this repair")
                .safe("nothing was changed")
                .help("the same command with --yes; or --repair sql for a script; or --dry-run"),
        ));
    }
    let store = Store::open(&global.state_dir, OpenMode::Write)?;
    for name in journal::files_of_no_run(&store, &folder(global))? {
        let path = folder(global).join(name);
        show.say(&format!("`{}` holds rows of a repair that no run knows: it was stopped before it began", path.display()));
    }
    let plan = planned(ready, global)?;
    let exit = begin(store, &plan, global, show)?;
    // What was left alone before the run began is not put right either.
    let whole = ready.repair.left.is_empty() && ready.repair.moved.is_empty();
    Ok(if whole || exit != Exit::Ok { exit } else { Exit::Mismatch })
}

fn write_scripts(flags: &RepairFlags, scripts: &repair::Script, show: &Show) -> Result<Exit, Failure> {
    let folder = out_folder(flags);
    for (name, text) in SCRIPTS.iter().zip([&scripts.undo, &scripts.repair]) {
        private(&folder.join(name), text)?;
    }
    show.say(&format!("{} and undo.sql were written; they hold values, and only you can read them", folder.join("repair.sql").display()));
    Ok(Exit::Mismatch)
}

/// A new file that nobody else can read. It replaces none.
pub(crate) fn private(path: &Path, text: &str) -> Result<(), Failure> {
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let written = made.and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
    written.map_err(|error| {
        let why =
            if error.kind() == std::io::ErrorKind::AlreadyExists { "it is there already".to_owned() } else { crate::show::why(&error) };
        Failure::new(
            Exit::Failed,
            Problem::new("SG-CLI-001", format!("`{}` could not be written: {why}", path.display()))
                .safe("nothing was changed in a database")
                .help("name another folder: --out DIR"),
        )
    })
}

/// The plan, with its two files written: the undo file first.
fn planned(ready: &Ready, global: &Global) -> Result<Plan, Failure> {
    without_password(&ready.place.location)?;
    let folder = folder(global);
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
    let mark = runs::mark();
    let undo = repair::write(&folder, &format!("{mark}-undo.rows"), "undo", &ready.repair.inverse()).map_err(failure)?;
    let rows = repair::write(&folder, &format!("{mark}-repair.rows"), "repair", &ready.repair).map_err(|error| {
        // Nothing was begun: rows are not left lying about.
        let _ = std::fs::remove_file(folder.join(&undo.name));
        failure(error)
    })?;
    repair::plan(&ready.place, &ready.repair, &rows, &undo).map_err(|error| unplanned(&error))
}

fn has_password(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else { return false };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
    user.contains(':') || url.contains("password=")
}

fn unplanned(error: &dyn std::fmt::Display) -> Failure {
    Failure::new(
        Exit::Failed,
        Problem::new("SG-FIX-003", format!("the plan of the repair could not be written: {error}")).safe("nothing was changed"),
    )
}

fn begin(store: SqliteStore, plan: &Plan, global: &Global, show: &Show) -> Result<Exit, Failure> {
    let target = drive::side_of(plan)?;
    let kinds = Repairs::new(target, &folder(global)).kinds();
    let id = match store.create_alone(plan, &runs::mark(), crate::VERSION, &kinds, runs::now_ms())? {
        Created::New(id) | Created::Unfinished(id) => id,
    };
    let run = Run { store, id: id.clone() };
    journal::approve(&run, plan)?;
    show.say(&format!("run {id}; should it be stopped: segue apply --run {id} goes on, segue rollback --run {id} goes back"));
    let exit = drive(global, show, &run, &drive::Way::Forward { until: None })?;
    show.say(&format!("to take it back: segue verify --undo-repair {id}; to look again: the same command without --repair"));
    Ok(exit)
}

/// Takes a finished repair back: its undo file becomes the repair of a new run.
pub(crate) fn undo(run: &str, flags: &RepairFlags, global: &Global, show: &Show) -> Result<Exit, Failure> {
    let of = runs::open(&Global { run: Some(run.to_owned()), ..global.clone() })?;
    let state = of.state()?;
    let ended = state.mode.clone();
    let old = state.plan;
    let step = old.phases.iter().flat_map(|phase| &phase.steps).find_map(|step| match &step.action {
        Action::RepairRows { rows, undo, .. } => Some((rows.clone(), undo.clone())),
        _ => None,
    });
    let Some((rows, undo)) = step else {
        return Err(refuse(
            "SG-VER-001",
            format!("run {run} is no repair"),
            "segue verify --repair apply makes one; segue rollback takes other runs back",
        ));
    };
    if ended != Mode::Ended(Outcome::Done) {
        let over = matches!(ended, Mode::Ended(_));
        let (is, help) =
            if over { ("was taken back already", "segue log says when") } else { ("is not done", "segue rollback takes it back") };
        return Err(refuse("SG-VER-001", format!("run {run} {is}"), format!("{help}: --run {run}")));
    }
    let folder = folder(global);
    let loaded = repair::load(&folder, &undo.name, Some(&undo.digest)).map_err(failure)?;
    let place = Where {
        segue: crate::VERSION.to_owned(),
        engine: old.execution.engine.clone(),
        location: old.execution.location.clone(),
        system: old.execution.system.clone(),
        throttle: old.execution.throttle.clone(),
    };
    let file = |of: &segue_model::action::RowsFile| Written { name: of.name.clone(), digest: of.digest.clone() };
    let plan = repair::undo_plan(&place, &loaded, &file(&rows), &file(&undo)).map_err(|error| unplanned(&error))?;
    for (table, deeds) in loaded.deeds() {
        show.say(&format!("  {table}: {} rows come, {} change, {} go", deeds.inserts, deeds.updates, deeds.deletes));
    }
    if !flags.fire_triggers {
        fires_nothing(&plan, &loaded)?;
    }
    if !flags.yes && !show.ask("Take this repair back?") {
        return Err(Failure::new(
            Exit::Waiting,
            Problem::new("SG-CLI-039", "nobody said yes to this").safe("nothing was changed").help("the same command with --yes"),
        ));
    }
    begin(Store::open(&global.state_dir, OpenMode::Write)?, &plan, global, show)
}

/// What fires on the way back may be another trigger than on the way there: somebody is asked again.
fn fires_nothing(plan: &Plan, undo: &Loaded) -> Result<(), Failure> {
    let target = drive::side_of(plan)?;
    let firing = runs::block_on(async {
        let mut out = Vec::new();
        for (table, deeds) in undo.deeds() {
            let fires = target.firing(&table).await?;
            let each = [(deeds.inserts, fires.on_insert), (deeds.updates, fires.on_update), (deeds.deletes, fires.on_delete)];
            let names: BTreeSet<String> = each.into_iter().filter(|(rows, _)| *rows > 0).flat_map(|(_, names)| names).collect();
            if !names.is_empty() {
                out.push(format!("{table} ({}, because {})", names.into_iter().collect::<Vec<_>>().join(", "), fires.why));
            }
        }
        Ok::<_, Failure>(out)
    })?;
    if firing.is_empty() {
        return Ok(());
    }
    let message = format!("triggers would fire that cannot be left out: {}", firing.join("; "));
    Err(Failure::new(
        Exit::Waiting,
        Problem::new("SG-FIX-015", message).safe("nothing was changed").help("the same command with --fire-triggers lets them"),
    ))
}

fn failure(error: RepairError) -> Failure {
    let code = error.code();
    let message = error.to_string();
    match error {
        RepairError::Verify(error) => super::rows::failure(error),
        RepairError::Statement(error) => error.into(),
        RepairError::TooMany { rows, max, .. } => too_many(rows, max),
        _ => Failure::new(Exit::Failed, Problem::new(code, message).safe("nothing was changed").help(format!("segue explain {code}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_a_url_is_seen() {
        assert!(has_password("postgres://u:p@h/d") && has_password("mysql://u:@h") && has_password("postgres://h/d?password=x"));
        assert!(!has_password("postgres://u@h:5432/d") && !has_password("shop.db") && !has_password("postgres://h:1/d"));
    }
}
