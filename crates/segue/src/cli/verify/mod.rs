//! `segue verify`: are two sides really the same, which rows are not, and how are they put right?

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use segue_model::plan::Throttle as PlanThrottle;
use segue_model::spec::Spec;
use segue_model::units::Millis;
use segue_model::verify::{Verdict, VerifyReport};
use segue_report::verify as forms;
use segue_verify::mapping::Choice;
use segue_verify::{EngineChoice, Options};

pub(crate) mod flags;
mod watch;

use self::flags::{CheckFlags, Emit, RepairFlags, With};
use super::{Format, Global};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show::Show;
use crate::verify::repair::Ready;
use crate::verify::{self, Bounds, Extra, Mappings, Outcome, Shown, SideOpen, Wanted, Whole, refuse};
use crate::{runs, specfile};

/// Rows of a table that get a second look, at most.
const SECOND_LOOK: usize = 10_000;

/// Arguments of `segue verify`.
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(crate) struct Verify {
    /// The source: a URL, a SQLite file, or a reference such as env:OLD_URL
    #[arg(long, value_name = "URL")]
    source: Option<String>,
    /// The target, named in the same way
    #[arg(long, value_name = "URL", requires = "source")]
    target: Option<String>,
    /// Only tables of this schema of the source
    #[arg(long, value_name = "NAME")]
    source_schema: Option<String>,
    /// Only tables of this schema of the target: two schemas of one database can be compared
    #[arg(long, value_name = "NAME")]
    target_schema: Option<String>,
    /// A spec whose `move` names both sides
    #[arg(short, long, value_name = "FILE", conflicts_with = "source")]
    file: Option<PathBuf>,
    /// Only these tables; * and ? stand for letters
    #[arg(long = "table", value_name = "NAME,…", value_delimiter = ',')]
    tables: Vec<String>,
    /// Not these tables
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    exclude: Vec<String>,
    /// A table or column with another name at the target: users=people, users.name=full_name
    #[arg(long, value_name = "OLD=NEW", value_delimiter = ',')]
    rename: Vec<String>,
    /// Only rows for which this is true, on both sides
    #[arg(long = "where", value_name = "SQL")]
    filter: Option<String>,
    /// The same in the target's words
    #[arg(long, value_name = "SQL", requires = "filter")]
    where_target: Option<String>,
    /// Only these columns, and the key
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', conflicts_with = "ignore_columns")]
    columns: Vec<String>,
    /// Not these columns
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    ignore_columns: Vec<String>,
    /// The columns by which rows belong together; default the primary key
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    key: Vec<String>,
    /// How rows are compared
    #[arg(long, value_name = "NAME", value_enum, default_value_t = EngineName::Auto)]
    engine: EngineName,
    /// Only so many rows of each table, chosen at random
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u64).range(1..))]
    sample: Option<u64>,
    /// The databases are at rest: no second look at rows that differ
    #[arg(long)]
    snapshot: bool,
    /// Streams a side, where one moment can be shown to several: PostgreSQL
    #[arg(long, value_name = "COUNT", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=16))]
    readers: u8,
    /// Compare again after so long, until the sides differ or somebody ends it: a line a round, NDJSON with --events
    #[arg(long, value_name = "EVERY", value_parser = watch::every, conflicts_with_all = ["resume", "diff_rows", "repair", "emit", "save_fingerprint", "undo_repair"])]
    watch: Option<Millis>,
    /// Go on with this comparison where it was stopped; the report says what was seen before
    #[arg(long)]
    resume: bool,
    /// Rows of a range of the key, about: what is read again after a stop
    #[arg(long, value_name = "ROWS", hide = true, value_parser = clap::value_parser!(u64).range(1..))]
    range_rows: Option<u64>,
    /// Write a line of JSON for each differing row
    #[arg(long, value_name = "FILE")]
    diff_rows: Option<PathBuf>,
    /// Show the values of the columns that differ
    #[arg(long)]
    show_values: bool,
    /// Leave keys out: hashes stand for them
    #[arg(long)]
    hide_keys: bool,
    /// Write the result in one more form: html=verify.html, junit=verify.xml, …
    #[arg(long, value_name = "FORM=FILE")]
    report: Vec<String>,
    /// Take a repair back that is done: its run
    #[arg(long, value_name = "RUN", conflicts_with_all = ["source", "file"])]
    undo_repair: Option<String>,
    #[command(flatten)]
    checks: CheckFlags,
    #[command(flatten)]
    repair: RepairFlags,
}

const AFTER: &str = "\
Examples:
  segue verify --source env:OLD_URL --target env:NEW_URL    two databases
  segue verify --source a.db --target b.db --table orders   one table
  segue verify --source env:OLD_URL --target env:NEW_URL --with catalog,counters
  segue verify --source env:OLD_URL --target env:NEW_URL --repair sql
  segue verify -f segue.yaml                                the sides of a `move`
  segue verify                                              the two forms of a run
";

/// What is said beside the flags: by a spec.
#[derive(Default)]
struct Said {
    mappings: Mappings,
    choice: Choice,
    extra: Extra,
    spec: Option<Spec>,
    one_database: bool,
}

/// How rows are compared, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EngineName {
    /// The cheapest that fits; the result says why
    Auto,
    /// An invertible sketch: memory for the differences, not for the table
    Sketch,
    /// Both sides in the order of the key
    Merge,
    /// Hashes by the servers, then bisection: for a slow network
    Pushdown,
}

/// The forms that this verb has.
pub(super) const FORMATS: &[Format] = &[Format::Human, Format::Json, Format::Both, Format::Markdown, Format::Html, Format::Junit];

impl Verify {
    pub(crate) fn run(&self, global: &Global, show: &Show) -> Result<Exit, Failure> {
        // A wrong name of a form is told before anything is read.
        let more = self.report.iter().map(|wish| verify::form_and_path(wish)).collect::<Result<Vec<_>, _>>()?;
        if let Some(form) = more.iter().map(|(form, _)| *form).chain([show.format]).find(|form| !FORMATS.contains(form)) {
            let message = format!("a comparison has no format `{}`", form.word());
            return Err(refuse("SG-VER-001", message, "--format human, json, both, markdown, html, junit"));
        }
        if let Some(run) = &self.undo_repair {
            return verify::repair::undo(run, &self.repair, global, show);
        }
        verify::look_at(&self.checks)?;
        if self.checks.with.contains(&With::Rollback) && (self.source.is_some() || self.file.is_some()) {
            let help = "segue verify --with rollback";
            return Err(refuse("SG-VER-001", "--with rollback asks a run under way, and two databases are none", help));
        }
        let (outcome, ready) = match self.watch {
            Some(every) => (watch::rounds(every, global, show, || self.outcome(global, show).map(|(outcome, _)| outcome))?, None),
            None => self.outcome(global, show)?,
        };
        for (form, path) in &more {
            super::check::write(path, &render(&outcome.report, *form, show, false))?;
        }
        match show.format {
            _ if self.watch.is_some() && watch::takes_stdout(global) => {}
            Format::Both => {
                show.document(|| forms::json(&outcome.report, crate::VERSION), || forms::human(&outcome.report, show.width, false))?;
            }
            form => show.result(&render(&outcome.report, form, show, show.color))?,
        }
        match ready {
            Some(ready) => verify::repair::carry_out(&self.repair, &ready, global, show),
            None => Ok(exit(&outcome)),
        }
    }

    fn outcome(&self, global: &Global, show: &Show) -> Result<(Outcome, Option<Ready>), Failure> {
        match (&self.source, &self.target) {
            (Some(source), Some(target)) => {
                if source == target && self.source_schema == self.target_schema && self.rename.is_empty() {
                    let help = "two schemas of one database: --source-schema a --target-schema b; two tables: --rename old=new";
                    return Err(refuse("SG-VER-001", "both sides are the same tables of the same database", help));
                }
                return runs::block_on(async {
                    let sides = (verify::of_url("source", source).await?, verify::of_url("target", target).await?);
                    let said = Said { one_database: source == target, ..Said::default() };
                    Box::pin(self.compare((&sides.0, &sides.1), said, global, show)).await
                });
            }
            (Some(source), None) => return runs::block_on(self.alone(source, show)),
            _ => {}
        }
        if let Some(spec) = self.moved(global)? {
            return runs::block_on(self.of_spec(&spec, global, show));
        }
        self.only_two_sides()?;
        if self.checks.need_no_database() {
            let checks = runs::block_on(verify::without_databases(&self.checks))?;
            return Ok((Outcome { report: VerifyReport::new("", Vec::new(), checks), tables: Vec::new(), stopped: None }, None));
        }
        let report = verify::forms(global, self.hide_keys, self.checks.with.contains(&With::Rollback))?;
        Ok((Outcome { report, tables: Vec::new(), stopped: None }, None))
    }

    /// One side, and a fingerprint of it.
    async fn alone(&self, source: &str, show: &Show) -> Result<(Outcome, Option<Ready>), Failure> {
        if self.checks.save_fingerprint.is_none() && self.checks.against_fingerprint.is_none() {
            let help = "--source URL --target URL; one side alone: --save-fingerprint FILE, --against-fingerprint FILE";
            return Err(refuse("SG-VER-001", "there is no --target to compare with", help));
        }
        self.only_one_side()?;
        let side = verify::of_url("source", source).await?;
        let wanted = self.wanted(Said::default())?;
        Ok((verify::alone(&side, &self.checks, &wanted, show).await?, None))
    }

    /// The spec that was named, or the one that lies here when it moves a database and no run is under way.
    fn moved(&self, global: &Global) -> Result<Option<specfile::SpecFile>, Failure> {
        if self.file.is_none() && (!Path::new(specfile::DEFAULT).is_file() || runs::open(global).is_ok()) {
            return Ok(None);
        }
        let file = specfile::read(self.file.as_deref())?;
        if file.spec.program.moves.is_none() {
            if self.file.is_some() {
                forms_of(&file.spec, global)?;
            }
            return Ok(None);
        }
        Ok(Some(file))
    }

    async fn of_spec(&self, file: &specfile::SpecFile, global: &Global, show: &Show) -> Result<(Outcome, Option<Ready>), Failure> {
        let Some(moved) = &file.spec.program.moves else {
            return Err(refuse("SG-VER-001", "the spec has no `move`", "segue verify --help"));
        };
        let mut said =
            Said { extra: throttle(&file.spec), spec: Some(file.spec.clone()), one_database: moved.from == moved.to, ..Said::default() };
        verify::of_move(moved, &mut said.choice, &mut said.mappings)?;
        // The form that the target gets after the move, as far as it has it.
        if file.spec.schema.as_ref().is_some_and(|schema| schema.system == moved.to) {
            said.mappings.changes = file.spec.changes().to_vec();
        }
        said.mappings.unread = unread(&file.spec, &moved.to);
        let system = |name: &str| {
            let found = file.spec.systems.get(name);
            found.ok_or_else(|| {
                refuse("SG-VER-001", format!("`move` names a system `{name}` that Segue cannot read rows of"), "look at `systems`")
            })
        };
        let source = verify::of_system("source", system(&moved.from)?, &file.base).await?;
        let target = verify::of_system("target", system(&moved.to)?, &file.base).await?;
        Box::pin(self.compare((&source, &target), said, global, show)).await
    }

    async fn compare(
        &self,
        sides: (&SideOpen, &SideOpen),
        mut said: Said,
        global: &Global,
        show: &Show,
    ) -> Result<(Outcome, Option<Ready>), Failure> {
        let extra = Extra {
            diff_rows: self.diff_rows.clone(),
            one_database: said.one_database,
            folder: (!self.checks.no_rows && self.watch.is_none()).then(|| global.state_dir.join("verify")),
            resume: self.resume,
            for_repair: self.repair.repair.is_some(),
            ..std::mem::take(&mut said.extra)
        };
        let spec = said.spec.take();
        said.choice.only_renamed = said.one_database && self.source_schema == self.target_schema && !self.rename.is_empty();
        let wanted = self.wanted(said)?;
        if self.repair.emit == Some(Emit::Sql) {
            self.nothing_to_compare()?;
            let folder = self.repair.out.clone().unwrap_or_else(|| PathBuf::from("."));
            let id = spec.as_ref().map_or("segue", |spec| spec.id.as_str());
            return Ok((verify::emit(id, sides, &wanted, &folder).await?, None));
        }
        let whole = Whole { source: sides.0, target: sides.1, wanted: &wanted, extra: &extra, checks: &self.checks, spec: spec.as_ref() };
        if self.repair.repair.is_some() && !self.key.is_empty() {
            let help = "leave --key away: corrections go by the tables' own keys";
            return Err(refuse("SG-VER-001", "rows cannot be put right by a key that nothing keeps unique", help));
        }
        verify::repair::possible(&self.repair, sides, global, show)?;
        let outcome = Box::pin(verify::compare(&whole, show)).await?;
        let differs = outcome.tables.iter().any(|table| !table.found.is_empty());
        if self.repair.repair.is_none() || !differs || outcome.stopped.is_some() {
            return Ok((outcome, None));
        }
        let ready = verify::repair::ready(&self.repair, sides, &outcome.tables).await?;
        Ok((outcome, Some(ready)))
    }

    /// What of the rows is wanted: what a spec says, and the flags.
    fn wanted(&self, said: Said) -> Result<Wanted, Failure> {
        let Said { mut mappings, mut choice, .. } = said;
        choice.include.extend(self.tables.iter().cloned());
        choice.exclude.extend(self.exclude.iter().cloned());
        verify::renames(&self.rename, &mut choice, &mut mappings)?;
        mappings.all.only.clone_from(&self.columns);
        mappings.all.ignored.clone_from(&self.ignore_columns);
        mappings.all.key.clone_from(&self.key);
        mappings.all.source_where.clone_from(&self.filter);
        mappings.all.target_where = self.where_target.clone().or_else(|| self.filter.clone());
        let asked = if self.repair.repair.is_some() { usize::try_from(self.repair.max_rows).unwrap_or(usize::MAX) } else { 0 };
        Ok(Wanted {
            choice,
            mappings,
            options: self.options(),
            shown: Shown { hide_keys: self.hide_keys, values: self.show_values, examples: 10 },
            keep: SECOND_LOOK.max(asked),
            at_rest: self.snapshot,
            views: self.repair.repair.is_none(),
            schemas: (self.source_schema.clone(), self.target_schema.clone()),
        })
    }

    fn options(&self) -> Options {
        Options {
            engine: match self.engine {
                EngineName::Auto => EngineChoice::Auto,
                EngineName::Sketch => EngineChoice::Sketch,
                EngineName::Merge => EngineChoice::Merge,
                EngineName::Pushdown => EngineChoice::Pushdown,
            },
            readers: usize::from(self.readers),
            every_row: self.diff_rows.is_some(),
            sample: self.sample,
            range_rows: self.range_rows.unwrap_or(Options::default().range_rows),
            ..Options::default()
        }
    }

    /// Scripts are written and nothing is compared: what a comparison does would be forgotten in silence.
    fn nothing_to_compare(&self) -> Result<(), Failure> {
        let given = [
            ("--sample", self.sample.is_some()),
            ("--diff-rows", self.diff_rows.is_some()),
            ("--show-values", self.show_values),
            ("a check beside the rows", self.checks.any()),
        ];
        match given.iter().find(|(_, given)| *given) {
            None => Ok(()),
            Some((flag, _)) => {
                let help = "leave it away, or leave --emit away";
                Err(refuse("SG-VER-001", format!("--emit writes scripts and compares nothing: {flag} has no place beside it"), help))
            }
        }
    }

    /// One side has no rows to be compared with: what is about two would be forgotten in silence.
    fn only_one_side(&self) -> Result<(), Failure> {
        let given = [
            ("--resume", self.resume),
            ("--target-schema", self.target_schema.is_some()),
            ("--rename", !self.rename.is_empty()),
            ("--where-target", self.where_target.is_some()),
            ("--key", !self.key.is_empty()),
            ("--engine", self.engine != EngineName::Auto),
            ("--sample", self.sample.is_some()),
            ("--snapshot", self.snapshot),
            ("--diff-rows", self.diff_rows.is_some()),
            ("--show-values", self.show_values),
            ("--repair", self.repair.repair.is_some()),
            ("--emit", self.repair.emit.is_some()),
            ("a check beside the rows", self.checks.beside_fingerprints().any()),
        ];
        match given.iter().find(|(_, given)| *given) {
            None => Ok(()),
            Some((flag, _)) => {
                let help = "leave it away: one side is read in one go; or name a --target";
                Err(refuse("SG-VER-001", format!("{flag} is for a comparison of two sides, and there is no --target"), help))
            }
        }
    }

    /// The two forms of a run are compared as they are: flags of two sides would be forgotten in silence.
    fn only_two_sides(&self) -> Result<(), Failure> {
        let given = [
            ("--source-schema", self.source_schema.is_some()),
            ("--target-schema", self.target_schema.is_some()),
            ("--table", !self.tables.is_empty()),
            ("--exclude", !self.exclude.is_empty()),
            ("--rename", !self.rename.is_empty()),
            ("--where", self.filter.is_some()),
            ("--columns", !self.columns.is_empty()),
            ("--ignore-columns", !self.ignore_columns.is_empty()),
            ("--key", !self.key.is_empty()),
            ("--engine", self.engine != EngineName::Auto),
            ("--sample", self.sample.is_some()),
            ("--snapshot", self.snapshot),
            ("--resume", self.resume),
            ("--watch", self.watch.is_some()),
            ("--diff-rows", self.diff_rows.is_some()),
            ("--show-values", self.show_values),
            ("--repair", self.repair.repair.is_some()),
            ("--emit", self.repair.emit.is_some()),
            ("a check beside the rows", self.checks.beside_a_run().any() && !self.checks.need_no_database()),
        ];
        match given.iter().find(|(_, given)| *given) {
            None => Ok(()),
            Some((flag, _)) => {
                let help = "segue verify --source URL --target URL, or -f SPEC with a `move`";
                Err(refuse("SG-VER-001", format!("{flag} is for two databases, and none are named"), help))
            }
        }
    }
}

/// A spec without a `move` has one system: its two forms are those of its run.
fn forms_of(spec: &Spec, global: &Global) -> Result<(), Failure> {
    let help = "two forms live from the end of `expand` until `contract`: segue status; two databases: --source URL --target URL";
    if spec.schema.is_none() && spec.program.schema_sql.is_none() && spec.program.schema_desired.is_none() {
        return Err(refuse("SG-VER-001", "the spec has no `move` and no `schema`, so it names no two sides", help));
    }
    let of = runs::open(global).ok().and_then(|run| run.state().ok()).map(|state| state.plan.id.clone());
    match of {
        Some(id) if id == spec.id => Ok(()),
        Some(id) => Err(refuse("SG-VER-001", format!("the run is one of {id}, and the spec is {}", spec.id), "name its run: --run ID")),
        None => Err(refuse("SG-VER-001", format!("the spec {} has no `move`, and no run with two forms", spec.id), help)),
    }
}

/// What the `schema` of a spec does that a comparison does not follow: what it renames or converts is a difference.
fn unread(spec: &Spec, target: &str) -> Vec<String> {
    let files = [("sql", &spec.program.schema_sql), ("desired", &spec.program.schema_desired)];
    let file = |(key, path): (&str, &Option<String>)| {
        path.as_ref().map(|path| {
            format!("schema.{key} ({path}) is not followed: what it changes is compared as it is; say it by --rename, --ignore-columns, --where-target")
        })
    };
    let elsewhere = spec.schema.as_ref().filter(|schema| schema.system != target && !spec.changes().is_empty());
    let elsewhere = elsewhere
        .map(|schema| format!("schema.changes are not followed: they are made in {}, and the comparison is with {target}", schema.system));
    files.into_iter().filter_map(file).chain(elsewhere).collect()
}

/// What the spec allows the databases to carry. A comparison writes nothing, so it piles up no write-ahead log.
fn throttle(spec: &Spec) -> Extra {
    let wish = &spec.throttle;
    let default = PlanThrottle::default();
    let load = PlanThrottle {
        max_replication_lag_ms: wish.max_replication_lag.map_or(default.max_replication_lag_ms, |lag| lag.0),
        max_load: wish.max_load.clone(),
        max_wal_bytes: u64::MAX,
        ..default
    };
    let bounds = Bounds { load: Some(load), bytes_per_s: wish.max_bytes_per_s.map(|bytes| bytes.0) };
    Extra { bounds, ..Extra::default() }
}

fn render(report: &VerifyReport, form: Format, show: &Show, color: bool) -> String {
    match form {
        Format::Json | Format::Both => format!("{:#}\n", forms::json(report, crate::VERSION)),
        Format::Markdown => forms::markdown(report),
        Format::Html => forms::html(report, crate::VERSION),
        Format::Junit => forms::junit(report),
        _ => forms::human(report, show.width, color),
    }
}

/// 4 where something differs, 10 where a side was lost, 1 where it is undecided for another reason.
fn exit(outcome: &Outcome) -> Exit {
    match outcome.report.verdict {
        _ if outcome.stopped.is_some() => outcome.stopped.unwrap_or(Exit::Interrupted),
        Verdict::Equal => Exit::Ok,
        _ if outcome.report.is_written_only() => Exit::Ok,
        Verdict::Different => Exit::Mismatch,
        Verdict::Undecided if outcome.lost_a_side() => Exit::Connection,
        Verdict::Undecided => Exit::Failed,
    }
}
