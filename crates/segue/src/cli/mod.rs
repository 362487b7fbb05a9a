//! The command line: one file a verb, the flags that all verbs share here.
//!
//! A verb is a struct of arguments with a `run` that returns the exit code or a [`Failure`]. The binary has only
//! verbs that work. Tests: `tests/it/`.

#![allow(clippy::unused_self, reason = "all verbs have one shape, with and without arguments")]

use std::path::PathBuf;

use clap::builder::TypedValueParser as _;
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};
use segue_model::problem::Problem;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::show::Show;

pub(crate) mod abort;
pub(crate) mod apply;
pub(crate) mod approve;
pub(crate) mod assess;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod init;
pub(crate) mod log;
pub(crate) mod man;
pub(crate) mod notify;
pub(crate) mod pause;
pub(crate) mod plan;
pub(crate) mod rehearse;
pub(crate) mod report;
pub(crate) mod resume;
pub(crate) mod rollback;
pub(crate) mod runbook;
pub(crate) mod schema;
pub(crate) mod status;
pub(crate) mod unlock;
pub(crate) mod verify;

const ABOUT: &str = "Segue moves live systems from an old form to a new one without a pause,\nand brings them back without loss.";

const AFTER: &str = "\
What a change breaks: segue check OLD NEW, segue check FILE.sql.
The journey: segue init, edit segue.yaml, segue plan, segue apply --until shift,
segue verify, segue apply; or back: segue rollback. To see it all: segue demo.

Exit codes:
    0  done, also \"already applied\"        8  plan stale: what moved is named
    1  failed, safe to run again           9  another executor holds the run
    2  changes (--detailed-exitcode)      10  connection or credentials
    3  findings (--fail-on)               64  usage, or a spec that cannot be read
    4  the two sides are not the same    130  Ctrl-C, resumable
    5  waits for a gate or for a yes     143  SIGTERM, resumable
    7  a person is needed

Every error has a code: segue explain SG-SPEC-013";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "segue", version, about = ABOUT, after_help = AFTER, max_term_width = 100, disable_help_subcommand = true)]
pub(crate) struct Cli {
    /// What all verbs share.
    #[command(flatten)]
    pub(crate) global: Global,
    /// The verb.
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// The flags that all verbs share. Each has an environment variable.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Common options")]
pub(crate) struct Global {
    /// The folder that holds the journal
    #[arg(long, global = true, env = "SEGUE_STATE_DIR", hide_env_values = true, value_name = "DIR", default_value = ".segue")]
    pub(crate) state_dir: PathBuf,
    /// The run to act on; default the latest
    #[arg(long, global = true, env = "SEGUE_RUN", hide_env_values = true, value_name = "ID")]
    pub(crate) run: Option<String>,
    /// The form of the result; default human, or what the ending of --output says
    #[arg(long, global = true, env = "SEGUE_FORMAT", hide_env_values = true, value_enum)]
    pub(crate) format: Option<Format>,
    /// Write the result to a file
    #[arg(short, long, global = true, env = "SEGUE_OUTPUT", hide_env_values = true, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Write events as NDJSON to a file, or to stdout with `-`
    #[arg(long, global = true, env = "SEGUE_EVENTS", hide_env_values = true, value_name = "FILE")]
    pub(crate) events: Option<PathBuf>,
    /// Colour
    #[arg(long, global = true, env = "SEGUE_COLOR", hide_env_values = true, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
    /// Say nothing but the result
    #[arg(short, long, global = true, env = "SEGUE_QUIET", hide_env_values = true)]
    pub(crate) quiet: bool,
    /// Say more
    #[arg(short, long, global = true, env = "SEGUE_VERBOSE", hide_env_values = true, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
    /// Draw no progress line
    #[arg(long, global = true, env = "SEGUE_NO_PROGRESS", hide_env_values = true)]
    pub(crate) no_progress: bool,
    /// How long a run stays ours without a sign of life
    #[arg(long, global = true, env = "SEGUE_LEASE", hide_env_values = true, value_name = "DURATION", default_value = "15s")]
    pub(crate) lease: String,
    /// How long to try for a lock that others hold before giving up and naming them
    #[arg(long, global = true, env = "SEGUE_PATIENCE", hide_env_values = true, value_name = "DURATION", default_value = "60s")]
    pub(crate) patience: String,
}

/// The form of a result. Each verb has some of them; it refuses the others by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[value(alias = "text")]
    Human,
    /// For scripts
    Json,
    /// JSON on stdout and the text on stderr; with -o X: X.json and X.txt
    Both,
    /// Markdown
    Markdown,
    /// One HTML file
    Html,
    /// YAML
    Yaml,
    /// Comma-separated values
    Csv,
    /// A shell script
    Shell,
    /// SQL statements
    Sql,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML
    Junit,
    /// Annotations of GitHub Actions
    Github,
    /// Code quality of GitLab
    Gitlab,
}

impl Format {
    /// The form that the ending of a file's name stands for.
    pub(crate) fn of_ending(path: &std::path::Path) -> Option<Self> {
        Some(match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "json" => Self::Json,
            "md" | "markdown" => Self::Markdown,
            "html" | "htm" => Self::Html,
            "yaml" | "yml" => Self::Yaml,
            "csv" => Self::Csv,
            "sh" => Self::Shell,
            "sql" => Self::Sql,
            "sarif" => Self::Sarif,
            "xml" => Self::Junit,
            _ => return None,
        })
    }

    /// As it is written on the command line.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
            Self::Both => "both",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Yaml => "yaml",
            Self::Csv => "csv",
            Self::Shell => "shell",
            Self::Sql => "sql",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
        }
    }
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Write a commented segue.yaml
    Init(init::Init),
    /// Build a small live system, migrate it under load, prove that nothing was lost
    Demo(demo::Demo),
    /// Compare two contracts, or lint a migration script: what breaks, for whom, and the way through
    Check(check::Check),
    /// Look at the systems and source trees of a spec: what is there, and what each object needs
    Assess(assess::Assess),
    /// Show what a spec would do, step by step, and save it
    Plan(plan::Plan),
    /// Run the whole plan forward, back and forward again on a throw-away copy
    Rehearse(rehearse::Rehearse),
    /// Bind your yes to a plan or to a gate
    Approve(approve::Approve),
    /// Run a plan, or go on with a half-done one
    Apply(apply::Apply),
    /// Say where a run is and what it waits for
    Status(status::Status),
    /// Tell what happened, from the journal
    Log(log::Log),
    /// Say what a code, a step, a gate or a number means
    Explain(explain::Explain),
    /// Let a run rest after its current batch
    Pause(pause::Pause),
    /// Let a resting run go on
    Resume(resume::Resume),
    /// Compare the two forms of every row, by an independent read
    Verify(Box<verify::Verify>),
    /// Go back, after saying what that would lose
    Rollback(rollback::Rollback),
    /// Undo everything and end the run
    Abort(abort::Abort),
    /// Take the lease from an executor that is gone
    Unlock(unlock::Unlock),
    /// Write documents of the plan: HTML page, Markdown, tracker rows, retrospective
    Report(report::Report),
    /// Write the runbook of the plan, or run one of its blocks and keep the output
    Runbook(runbook::Runbook),
    /// Draft the messages to everybody
    Notify(notify::Notify),
    /// Look at the machine, the spec and the database before a run
    Doctor(doctor::Doctor),
    /// Print the JSON Schema of segue.yaml
    Schema(schema::Schema),
    /// Print a completion script for a shell
    Completions(completions::Completions),
    /// Print the manual page
    Man(man::Man),
    // xtask:new verb
}

impl Verb {
    /// The forms of result of a verb that writes documents; `None` for those with the two that every verb has.
    fn document_formats(&self) -> Option<&'static [Format]> {
        use Format::{Both, Csv, Html, Human, Json, Markdown, Shell, Sql, Yaml};
        Some(match self {
            Self::Plan(_) => &[Human, Json, Both, Markdown, Html, Yaml, Csv],
            Self::Check(_) => check::FORMATS,
            Self::Verify(_) => verify::FORMATS,
            Self::Assess(_) => &[Human, Json, Both, Markdown, Html],
            Self::Report(_) => &[Human, Json, Both, Markdown, Html, Csv],
            Self::Runbook(_) => &[Human, Json, Both, Markdown, Shell, Sql],
            Self::Notify(_) => &[Human, Json, Both, Html],
            _ => return None,
        })
    }
}

/// The command line as it is parsed and shown: each verb says its exit codes, and one whose results have other forms
/// than most says which.
pub(crate) fn command() -> clap::Command {
    Cli::command()
        .mut_subcommands(|verb| {
            let codes = crate::exit::help(verb.get_name());
            let more = verb.get_after_help().map_or_else(String::new, |more| format!("{more}\n"));
            verb.after_help(more + &codes)
        })
        .mut_subcommand("check", |check| check.arg(format_argument(check::FORMATS)))
        .mut_subcommand("verify", |verify| verify.arg(format_argument(verify::FORMATS)))
}

/// `--format` of a verb with forms of its own: its help names those; the others are still read, and refused by name.
fn format_argument(forms: &'static [Format]) -> clap::Arg {
    let names = Format::value_variants().iter().filter_map(|form| {
        let value = form.to_possible_value()?;
        Some(value.hide(!forms.contains(form)))
    });
    let parser = clap::builder::PossibleValuesParser::new(names).map(|name| Format::from_str(&name, true).unwrap_or(Format::Human));
    clap::Arg::new("format")
        .long("format")
        .value_name("FORMAT")
        .help("The form of the result; default human, or what the ending of --output says")
        .help_heading("Common options")
        .env("SEGUE_FORMAT")
        .hide_env_values(true)
        .value_parser(parser)
}

/// The words of this process, and the name of the verb among them.
pub(crate) fn parse() -> Result<(Cli, String), clap::Error> {
    let words = command().try_get_matches()?;
    let verb = words.subcommand_name().unwrap_or_default().to_owned();
    Ok((Cli::from_arg_matches(&words)?, verb))
}

/// Runs the verb.
pub(crate) fn run(cli: &Cli, show: &Show) -> Result<Exit, Failure> {
    let global = &cli.global;
    crate::drive::check(global)?;
    let mut show = show.clone();
    let formats = cli.verb.document_formats().unwrap_or_else(|| {
        if !show.asked && show.format != Format::Json {
            // The ending of a file says nothing to a verb without documents: `completions -o segue.sh`.
            show.format = Format::Human;
        }
        &[Format::Human, Format::Json]
    });
    let show = &show;
    if !formats.contains(&show.format) {
        let known: Vec<&str> = formats.iter().map(|format| format.word()).collect();
        return Err(Failure::new(
            Exit::Usage,
            Problem::new("SG-CLI-070", format!("this verb has no format `{}`", show.format.word()))
                .safe("nothing was touched")
                .help(format!("--format {}", known.join(", "))),
        ));
    }
    match &cli.verb {
        Verb::Init(verb) => verb.run(global, show),
        Verb::Demo(verb) => verb.run(global, show),
        Verb::Check(verb) => verb.run(global, show),
        Verb::Assess(verb) => verb.run(global, show),
        Verb::Report(verb) => verb.run(global, show),
        Verb::Runbook(verb) => verb.run(global, show),
        Verb::Notify(verb) => verb.run(global, show),
        Verb::Plan(verb) => verb.run(global, show),
        Verb::Rehearse(verb) => verb.run(global, show),
        Verb::Approve(verb) => verb.run(global, show),
        Verb::Apply(verb) => verb.run(global, show),
        Verb::Status(verb) => verb.run(global, show),
        Verb::Log(verb) => verb.run(global, show),
        Verb::Explain(verb) => verb.run(global, show),
        Verb::Pause(verb) => verb.run(global, show),
        Verb::Resume(verb) => verb.run(global, show),
        Verb::Verify(verb) => verb.run(global, show),
        Verb::Rollback(verb) => verb.run(global, show),
        Verb::Abort(verb) => verb.run(global, show),
        Verb::Unlock(verb) => verb.run(global, show),
        Verb::Doctor(verb) => verb.run(global, show),
        Verb::Schema(verb) => verb.run(global, show),
        Verb::Completions(verb) => verb.run(global, show),
        Verb::Man(verb) => verb.run(global, show),
    }
}
