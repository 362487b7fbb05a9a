//! `segue check`: what a change breaks, for whom, in which direction, and the way through.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use segue_compat::policy::{self, Policy};
use segue_compat::source::{File, Source};
use segue_compat::sql::Dialect;
use segue_compat::{ignore, retire};
use segue_model::check::{CheckReport, CheckStep, Side, Verdict};
use segue_model::finding::Severity;
use segue_report::check as forms;

use super::{Format, Global};
use crate::check::compare::{self, Compared, How};
use crate::check::kind::Kind;
use crate::check::remote::Remote;
use crate::check::spec::{Ground, Journey};
use crate::check::{refuse, script, versions};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show::Show;

/// Arguments of `segue check`.
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(crate) struct Check {
    /// OLD and NEW, or one SQL script: a file, a folder, git:REV:PATH, a database's URL, or `-`
    #[arg(value_name = "OLD NEW | FILE.sql", num_args = 0..=2)]
    sides: Vec<String>,
    /// What both are; default what they look like
    #[arg(long = "type", value_name = "KIND", value_enum)]
    kind: Option<Kind>,
    /// default, strict, tolerant-reader; backward, forward, full, and each with -transitive
    #[arg(long, value_name = "NAME", default_value = policy::DEFAULT.name)]
    policy: String,
    /// The dialect of SQL; default what the text looks like
    #[arg(long, value_name = "NAME", value_enum)]
    dialect: Option<DialectName>,
    /// For a script: the database or the schema file that it runs on
    #[arg(long, value_name = "URL|FILE")]
    against: Option<String>,
    /// For a script: write the safe statements in the place of the unsafe ones
    #[arg(long)]
    fix: bool,
    /// For a script: the tool that runs it puts the whole of it into one transaction
    #[arg(long)]
    one_transaction: bool,
    /// For configurations: the JSON Schema that the new side must fit, and the old one without --old-schema
    #[arg(long, value_name = "FILE")]
    schema: Option<String>,
    /// For configurations: the JSON Schema of the old side
    #[arg(long, value_name = "FILE")]
    old_schema: Option<String>,
    /// Fetch what a document names by https; =private: hosts with private addresses too, there also by http
    #[arg(long, value_name = "HOSTS", value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "public", default_value_t = Remote::No, hide_default_value = true)]
    allow_remote: Remote,
    /// Write a segue.yaml that makes the change as a journey
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// Exit 3 from this severity on
    #[arg(long, env = "SEGUE_FAIL_ON", hide_env_values = true, value_name = "SEVERITY", value_enum, default_value_t = FailOn::High)]
    fail_on: FailOn,
    /// Write the result in one more form: json=check.json, sarif=check.sarif, …
    #[arg(long, value_name = "FORM=FILE")]
    report: Vec<String>,
    /// Findings that do not count, each with a reason; default segue-ignore.yaml if it is there
    #[arg(long, value_name = "FILE")]
    ignore_file: Option<PathBuf>,
    /// An earlier result in JSON: what it holds already does not count
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Compare all versions: a folder of them, or git:REV..REV:PATH
    #[arg(long, value_name = "DIR|RANGE", conflicts_with_all = ["sides", "against", "fix", "spec", "before", "after", "deprecate_from"])]
    matrix: Option<String>,
    /// Plan the end of what is removed, from this day on
    #[arg(long, value_name = "DATE")]
    deprecate_from: Option<Date>,
    /// How long its phases take: segue or doc003
    #[arg(long, value_name = "NAME", default_value = "segue", requires = "deprecate_from")]
    profile: String,
    /// The first day on which the old form is not answered; default as the profile says
    #[arg(long, value_name = "DATE", requires = "deprecate_from")]
    removal: Option<Date>,
    /// What takes an operation's place: 'GET /v1/orders=GET /v2/orders'
    #[arg(long, value_name = "OLD=NEW", requires = "deprecate_from")]
    successor: Vec<String>,
    /// The address of the migration guide, for the Link header
    #[arg(long, value_name = "URL", requires = "deprecate_from")]
    guide: Option<String>,
    /// The day on which it is checked; default today
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    /// OLD, as document 000 calls it
    #[arg(long, value_name = "FILE", requires = "after", conflicts_with = "sides")]
    before: Option<String>,
    /// NEW, as document 000 calls it
    #[arg(long, value_name = "FILE", requires = "before")]
    after: Option<String>,
}

const AFTER: &str = "\
Examples:
  segue check old.yaml new.yaml                   two API documents
  segue check git:main:schema.sql schema.sql      a schema against the main branch
  segue check 042.sql --against env:DATABASE_URL  a script, with the real tables
  segue check --matrix versions/                  every pair, both directions
";

/// From which severity on the exit code is 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Critical,
    High,
    Medium,
    Low,
    Never,
}

/// A dialect by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DialectName {
    #[value(alias = "postgresql")]
    Postgres,
    #[value(alias = "mariadb")]
    Mysql,
    Sqlite,
}

impl FailOn {
    /// From this severity on; `None` for never.
    fn severity(self) -> Option<Severity> {
        Some(match self {
            Self::Critical => Severity::Critical,
            Self::High => Severity::High,
            Self::Medium => Severity::Medium,
            Self::Low => Severity::Low,
            Self::Never => return None,
        })
    }

    fn word(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Never => "never",
        }
    }

    fn is_met(self, severity: Severity) -> bool {
        self.severity().is_some_and(|from| severity >= from)
    }
}

impl Check {
    pub(crate) fn run(&self, _: &Global, show: &Show) -> Result<Exit, Failure> {
        let how = self.how()?;
        // A wrong name of a form is told before anything is read.
        let more = self.report.iter().map(|wish| form_and_path(wish)).collect::<Result<Vec<_>, _>>()?;
        if let Some(versions) = &self.matrix {
            return self.matrix(versions, &how, show, &more);
        }
        let compared = self.compared(&how, show)?;
        let mut report = self.without_ignored(compared.report)?;
        if let Some(path) = &self.spec {
            self.write_spec(&mut report, (compared.dialect, compared.ground, compared.steps), path, show)?;
        }
        for (form, path) in &more {
            write(path, &self.render(&report, *form, show, false))?;
        }
        if let Some(start) = self.deprecate_from {
            return self.retire(&report, start, show);
        }
        match show.format {
            // The keys of the old checker for who calls it by its flags.
            form if self.before.is_some() && matches!(form, Format::Human | Format::Json | Format::Both) => {
                let document = forms::doc000(&report, &self.today().to_string());
                show.document(|| document.clone(), || forms::doc000_text(&document))?;
            }
            Format::Both => show.document(|| as_value(&report), || forms::human(&report, show.width, false))?,
            form => show.result(&self.render(&report, form, show, show.color))?,
        }
        // What could not be decided is never safe: it counts as much as a medium finding, also where no finding says so.
        let open = report.verdict == Verdict::Undecided && self.fail_on.is_met(Severity::Medium);
        let fails = open || report.findings.iter().any(|finding| self.fail_on.is_met(finding.severity));
        if !fails && report.verdict != Verdict::Compatible {
            show.say(&format!("exit 0: it is {}, and nothing is as severe as --fail-on {}", word(report.verdict), self.fail_on.word()));
        }
        Ok(if fails { Exit::Findings } else { Exit::Ok })
    }

    /// The plan of the end instead of the findings: those are in `--report`.
    fn retire(&self, report: &CheckReport, start: Date, show: &Show) -> Result<Exit, Failure> {
        let plan = self.retirement(report, start)?;
        match show.format {
            Format::Json => show.result(&forms::retirement::json(&plan))?,
            Format::Human => show.result(&forms::retirement::text(&plan, show.width, show.color))?,
            Format::Markdown => show.result(&forms::retirement::markdown(&plan))?,
            form => {
                let message = format!("the plan of an end has no format `{}`", form.word());
                return Err(refuse("SG-CLI-070", message, "--format human, markdown, json"));
            }
        }
        let fails = plan.findings.iter().any(|finding| self.fail_on.is_met(finding.severity));
        Ok(if fails { Exit::Findings } else { Exit::Ok })
    }

    fn render(&self, report: &CheckReport, form: Format, show: &Show, color: bool) -> String {
        match form {
            Format::Json | Format::Both => forms::json(report),
            Format::Markdown => forms::markdown(report),
            Format::Html => forms::html(report),
            Format::Sarif => forms::sarif(report),
            Format::Junit => forms::junit(report, self.fail_on.severity()),
            Format::Github => forms::github(report),
            Format::Gitlab => forms::gitlab(report),
            _ => forms::human(report, show.width, color),
        }
    }

    fn today(&self) -> Date {
        self.today.unwrap_or_else(|| jiff::Zoned::now().date())
    }

    fn how(&self) -> Result<How, Failure> {
        let policy = Policy::named(&self.policy).ok_or_else(|| {
            let names: Vec<&str> = policy::POLICIES.iter().map(|policy| policy.name).collect();
            refuse("SG-CHK-009", format!("there is no policy `{}`", self.policy), format!("one of {}", names.join(", ")))
        })?;
        let dialect = self.dialect.map(|name| match name {
            DialectName::Postgres => Dialect::Postgres,
            DialectName::Mysql => Dialect::Mysql,
            DialectName::Sqlite => Dialect::Sqlite,
        });
        let schemas = (self.old_schema.clone().or_else(|| self.schema.clone()), self.schema.clone());
        Ok(How { kind: self.kind, policy: policy.clone(), dialect, today: self.today().to_string(), remote: self.allow_remote, schemas })
    }

    fn compared(&self, how: &How, show: &Show) -> Result<Compared, Failure> {
        let sides: Vec<&str> = match (&self.before, &self.after) {
            (Some(before), Some(after)) => vec![before, after],
            _ => self.sides.iter().map(String::as_str).collect(),
        };
        match sides.as_slice() {
            [old, new] => {
                if self.fix || self.against.is_some() {
                    let help = "segue check FILE.sql --against URL";
                    return Err(refuse("SG-CHK-008", "--fix and --against are for one script, not for two sides", help));
                }
                if *old == "-" && *new == "-" {
                    return Err(refuse("SG-CHK-008", "both sides cannot come from stdin", "give one of them as a file"));
                }
                compare::arguments(old, new, how)
            }
            [file] => self.script(file, how, show),
            _ => Err(refuse("SG-CHK-008", "there is nothing to check", "segue check OLD NEW, or segue check FILE.sql --against URL")),
        }
    }

    fn script(&self, file: &str, how: &How, show: &Show) -> Result<Compared, Failure> {
        if self.kind.is_some_and(|kind| kind != Kind::Sql)
            || (self.kind.is_none() && !Path::new(file).is_dir() && !is_script(file) && file != "-")
        {
            let help = "give OLD and NEW; one file alone is checked when it is a script: FILE.sql, or --type sql";
            return Err(refuse("SG-CHK-008", format!("`{file}` alone: a contract is compared with another"), help));
        }
        let script = script::read(file, self.against.as_deref(), how)?;
        let compared = script::check(&script, how, self.one_transaction)?;
        if self.fix {
            self.write_fixed(file, &script, show)?;
        }
        Ok(compared)
    }

    fn write_fixed(&self, file: &str, script: &script::Script, show: &Show) -> Result<(), Failure> {
        let text = compare::text_of(&script.source)?;
        let fixed = segue_compat::sql::script::fix(&text, script.dialect, script.facts.as_ref(), &script::options(self.one_transaction));
        if fixed == text {
            show.say("--fix: there is nothing that a safe sequence could stand in for");
            return Ok(());
        }
        if !Path::new(file).is_file() {
            return Err(refuse("SG-CHK-008", format!("--fix writes a file, and `{file}` is none"), "give one script as a file"));
        }
        write(Path::new(file), &fixed)?;
        show.say(&format!("--fix: {file} was written anew; the findings are of what stood there before"));
        Ok(())
    }

    fn without_ignored(&self, report: CheckReport) -> Result<CheckReport, Failure> {
        let default = Path::new("segue-ignore.yaml");
        let path = self.ignore_file.as_deref().or_else(|| default.is_file().then_some(default));
        let rules = match path {
            None => ignore::Ignore::default(),
            Some(path) => {
                let file = named_file(path, "the file of ignored findings")?;
                let source = Source { side: Side::Old, files: vec![file] };
                ignore::read(&source.files[0]).map_err(|refusals| crate::check::refused(refusals, &[&source]))?
            }
        };
        let baseline = match &self.baseline {
            None => None,
            Some(path) => {
                let file = named_file(path, "the baseline")?;
                let source = Source { side: Side::Old, files: vec![file] };
                Some(ignore::baseline(&source.files[0]).map_err(|refusal| crate::check::refused(vec![refusal], &[&source]))?)
            }
        };
        Ok(ignore::apply(report, &rules, baseline.as_ref(), &self.today().to_string()))
    }

    fn matrix(&self, versions: &str, how: &How, show: &Show, more: &[(Format, PathBuf)]) -> Result<Exit, Failure> {
        let matrix = versions::matrix(versions, how)?;
        let render = |form: Format, color: bool| match form {
            Format::Json | Format::Both => Some(forms::matrix::json(&matrix)),
            Format::Markdown => Some(forms::matrix::markdown(&matrix)),
            Format::Html => Some(forms::matrix::html(&matrix)),
            Format::Human => Some(forms::matrix::text(&matrix, show.width, color)),
            _ => None,
        };
        let no_form = |form: Format| {
            refuse("SG-CLI-070", format!("a matrix has no format `{}`", form.word()), "--format human, json, markdown, html")
        };
        for (form, path) in more {
            write(path, &render(*form, false).ok_or_else(|| no_form(*form))?)?;
        }
        show.result(&render(show.format, show.color).ok_or_else(|| no_form(show.format))?)?;
        let fails = matrix.findings.iter().any(|finding| self.fail_on.is_met(finding.severity));
        Ok(if fails { Exit::Findings } else { Exit::Ok })
    }

    /// The plan by which what breaks is retired; its own findings count as well.
    fn retirement(&self, report: &CheckReport, start: Date) -> Result<segue_model::check::retire::Retirement, Failure> {
        let unfit = |why: retire::Unfit| {
            refuse(retire::Unfit::CODE, why.to_string(), "segue check OLD NEW --deprecate-from 2027-01-11 --profile doc003")
        };
        let mut asked = retire::Asked::read(&start.to_string(), &self.profile).map_err(unfit)?;
        if let Some(removal) = self.removal {
            if removal <= start {
                let message = format!("--removal {removal} is not behind the first day, {start}");
                return Err(refuse("SG-CHK-008", message, "give a later day, or leave it to the profile"));
            }
            asked.removal = Some(removal);
        }
        for wish in &self.successor {
            let (from, to) =
                wish.split_once('=').filter(|(from, to)| !from.trim().is_empty() && !to.trim().is_empty()).ok_or_else(|| {
                    refuse(
                        "SG-CHK-008",
                        format!("`--successor {wish}` names no two operations"),
                        "--successor 'GET /v1/orders=GET /v2/orders'",
                    )
                })?;
            asked.successors.insert(from.trim().to_owned(), to.trim().to_owned());
        }
        asked.guide.clone_from(&self.guide);
        if let Some(guide) = self.guide.as_deref().filter(|guide| !(guide.starts_with("https://") || guide.starts_with("http://"))) {
            return Err(refuse("SG-CHK-008", format!("`--guide {guide}` is no address"), "--guide https://example.com/guide"));
        }
        let plan = retire::plan(report, &asked).map_err(unfit)?;
        // A name that is of no operation would change nothing without a word.
        if let Some(unknown) = asked.successors.keys().find(|name| !plan.operations.iter().any(|one| one.removed && one.name == **name)) {
            let removed: Vec<&str> = plan.operations.iter().filter(|one| one.removed).take(5).map(|one| one.name.as_str()).collect();
            let help = if removed.is_empty() { "nothing goes".to_owned() } else { format!("what goes: {}", removed.join(", ")) };
            return Err(refuse("SG-CHK-008", format!("`--successor`: {unknown} does not go"), help));
        }
        Ok(plan)
    }

    /// The live database that the change is for: what a script runs on, or the old side.
    fn live(&self) -> Option<&str> {
        let begins = match self.sides.as_slice() {
            [old, _] => Some(old),
            _ => self.against.as_ref().or(self.before.as_ref()),
        };
        begins.map(String::as_str).filter(|name| crate::check::is_url(name))
    }

    fn write_spec(
        &self,
        report: &mut CheckReport,
        (dialect, ground, steps): (Option<Dialect>, Option<Ground>, Option<Vec<CheckStep>>),
        path: &Path,
        show: &Show,
    ) -> Result<(), Failure> {
        let Some(dialect) = dialect else {
            return Err(refuse("SG-CHK-008", format!("--spec is for schemas and scripts, not for {}", report.kind), "leave it away"));
        };
        let help = "look at `steps` of --format json: they hold the SQL for a person";
        let live = self.live();
        let place = match dialect {
            Dialect::Mysql => return Err(refuse("SG-CHK-008", "--spec: this version of Segue runs no change of form on MySQL", help)),
            Dialect::Postgres => live.and_then(|live| live.strip_prefix("env:")).unwrap_or("DATABASE_URL"),
            Dialect::Sqlite => {
                let live = live.filter(|live| !live.starts_with("env:")).unwrap_or("database.db");
                live.strip_prefix("sqlite://").or_else(|| live.strip_prefix("sqlite:")).unwrap_or(live)
            }
        };
        let journey = Journey { dialect, place, ground: ground.as_ref(), live };
        let of_script = steps.is_some();
        let steps = journey.settled(steps.unwrap_or_else(|| report.steps.clone()))?;
        let left: Vec<&CheckStep> = steps.iter().filter(|step| step.change.is_none()).collect();
        if left.len() == steps.len() {
            let help = left.iter().find(|step| step.phase != "shift").map_or(help.to_owned(), |step| format!("{}: {}", step.id, step.what));
            return Err(refuse("SG-CHK-008", "--spec: nothing of this difference is a change that Segue runs", help));
        }
        write(path, &journey.text(&steps))?;
        let file = path.display();
        let mut told: Vec<String> = left.iter().map(|step| format!("{file}: {} is not in it: {}", step.id, step.what)).collect();
        if journey.ground.is_none() {
            told.push(format!("{file}: whether the tables allow these changes: no schema was given (--against)"));
        }
        if !left.is_empty() {
            show.say(&format!("{} of the change is not in {file}: look at \"not checked\"", count(left.len())));
        }
        report.not_checked.append(&mut told);
        report.not_checked.sort();
        report.not_checked.dedup();
        if !of_script {
            report.steps = steps;
        }
        show.say(&format!("saved {file}; next: segue plan -f {file}"));
        Ok(())
    }
}

/// `3 parts`.
fn count(parts: usize) -> String {
    if parts == 1 { "1 part".to_owned() } else { format!("{parts} parts") }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Compatible => "compatible",
        Verdict::Undecided => "undecided",
        Verdict::Breaking => "breaking",
    }
}

/// A file that is a script by its ending.
fn is_script(file: &str) -> bool {
    Path::new(file).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("sql") || ending.eq_ignore_ascii_case("ddl"))
}

/// `sarif=check.sarif` as a form and a path.
fn form_and_path(wish: &str) -> Result<(Format, PathBuf), Failure> {
    let help = "--report FORM=FILE, FORM one of human, json, markdown, html, sarif, junit, github, gitlab";
    let wrong = || refuse("SG-CHK-008", format!("`--report {wish}` is no form and file"), help);
    let (form, path) = wish.split_once('=').ok_or_else(wrong)?;
    let form = Format::from_str(form, true).map_err(|_| wrong())?;
    if path.is_empty() || !FORMATS.contains(&form) || form == Format::Both {
        return Err(wrong());
    }
    Ok((form, PathBuf::from(path)))
}

/// The forms that this verb has.
pub(super) const FORMATS: &[Format] = &[
    Format::Human,
    Format::Json,
    Format::Both,
    Format::Markdown,
    Format::Html,
    Format::Sarif,
    Format::Junit,
    Format::Github,
    Format::Gitlab,
];

/// The document as a value.
fn as_value(report: &CheckReport) -> serde_json::Value {
    serde_json::to_value(report).unwrap_or(serde_json::Value::Null)
}

/// A text file that a flag names.
fn named_file(path: &Path, what: &str) -> Result<File, Failure> {
    Ok(File::text(path.display().to_string(), &crate::inputs::read_text(path, what)?))
}

/// Writes a file as a whole, or not at all.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let beside = path.with_file_name(format!(".{}.segue-new", path.file_name().unwrap_or_default().to_string_lossy()));
    std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path)).map_err(|error| {
        let _ = std::fs::remove_file(&beside);
        Failure::new(
            Exit::Failed,
            segue_model::problem::Problem::new(
                "SG-CLI-001",
                format!("`{}` could not be written: {}", path.display(), crate::show::why(&error)),
            )
            .help("name a file in a folder that is there and can be written"),
        )
    })
}
