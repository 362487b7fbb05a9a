//! `segue check FILE.sql`: one migration script, with what is known of the database that it runs on.

use segue_compat::draft;
use segue_compat::source::Source;
use segue_compat::sql::script::Options;
use segue_compat::sql::{self, Dialect, Facts};
use segue_model::check::{CheckReport, CheckStep, Side};

use super::compare::{self, Compared, How};
use super::kind::Kind;
use super::side::{self, Loaded};
use super::spec::Ground;
use super::{refuse, refused};
use crate::failure::Failure;

/// A script that was read.
pub(crate) struct Script {
    /// Its text, as the new side.
    pub(crate) source: Source,
    /// Its dialect.
    pub(crate) dialect: Dialect,
    /// What is known of the database.
    pub(crate) facts: Option<Facts>,
    gaps: Vec<String>,
}

/// Reads the script, and what `--against` names.
pub(crate) fn read(argument: &str, against: Option<&str>, how: &How) -> Result<Script, Failure> {
    let Loaded::Files(source) = side::load(argument, Side::New, Some(Kind::Sql), how.remote)? else {
        return Err(refuse(
            "SG-CHK-008",
            "one database alone cannot be checked",
            "give two sides, or a script: segue check FILE.sql --against URL",
        ));
    };
    if source.files.len() > 1 {
        let first = &source.files[0].name;
        return Err(refuse(
            "SG-CHK-002",
            format!("the folder `{argument}` holds {} scripts, and each meets what the one before it left", source.files.len()),
            format!("check one at a time, with its schema: segue check {argument}/{first} --against URL|schema.sql"),
        ));
    }
    let known = against.map(|against| facts(against, how)).transpose()?;
    let text = compare::text_of(&source)?;
    let dialect = match (&known, how.dialect) {
        (_, Some(dialect)) => dialect,
        (Some(known), None) => known.dialect,
        (None, None) => sql::detect::dialect_of(&text).unwrap_or(Dialect::Postgres),
    };
    let (facts, gaps) = known.map_or((None, Vec::new()), |known| (Some(known.facts), known.gaps));
    Ok(Script { source, dialect, facts, gaps })
}

/// Lints it.
pub(crate) fn check(script: &Script, how: &How, one_transaction: bool) -> Result<Compared, Failure> {
    let options = options(one_transaction);
    let mut outcome = sql::script::lint_with(&script.source, script.dialect, script.facts.as_ref(), &how.policy, &options)
        .map_err(|refusals| refused(refusals, &[&script.source]))?;
    outcome.not_checked.extend(script.gaps.iter().cloned());
    if statements(script).is_empty() {
        outcome.not_checked.push("the script: it holds no statement that changes anything".to_owned());
    }
    if script.facts.is_none() {
        outcome.not_checked.push("the tables: without --against URL or schema.sql the worst is assumed of types and sizes".to_owned());
    }
    let report = draft::report(Kind::Sql.word(), &how.policy, &[&script.source], outcome);
    let ground = script.facts.as_ref().map(|facts| Ground { catalog: facts.catalog.clone(), version: facts.version });
    let steps = Some(steps(script, &options, &report));
    Ok(Compared { report, dialect: Some(script.dialect), ground, steps })
}

/// Everything that a script changes, in its order: what Segue runs, and why it does not run the rest.
fn steps(script: &Script, options: &Options, report: &CheckReport) -> Vec<CheckStep> {
    let parts =
        if script.dialect == Dialect::Postgres { sql::script::journey(&script.source, script.facts.as_ref(), options) } else { Vec::new() };
    let mut steps = Vec::new();
    for statement in statements(script) {
        let Statement { number, words, line } = &statement;
        let id = format!("statement {number} ({words}, line {line})");
        let manual = |id: &str, why: &str| step(id, None, why);
        let head = format!("statement {number}: ");
        if let Some(said) = parts.get(number - 1) {
            for (at, one) in said.iter().enumerate() {
                let id = if said.len() == 1 { id.clone() } else { format!("{id}, action {}", at + 1) };
                match one {
                    Ok(changes) => steps.extend(changes.iter().map(|change| step(&id, serde_json::to_value(change).ok(), ""))),
                    Err(why) => steps.push(manual(&id, why)),
                }
            }
            continue;
        }
        let before = steps.len();
        let of_it = report.steps.iter().filter(|step| step.change.is_some() && step.id.starts_with(&head));
        steps.extend(of_it.map(|found| step(&id, found.change.clone(), "")));
        if steps.len() == before {
            steps.push(manual(&id, "it is no change that Segue runs"));
        }
    }
    steps
}

fn step(id: &str, change: Option<serde_json::Value>, what: &str) -> CheckStep {
    CheckStep {
        id: id.to_owned(),
        phase: "expand".to_owned(),
        what: what.to_owned(),
        by: if change.is_some() { "run" } else { "manual" }.to_owned(),
        change,
        command: None,
        finding: None,
    }
}

/// A statement that changes something, for a person.
struct Statement {
    /// Which, from 1.
    number: usize,
    /// The words that it begins with.
    words: String,
    /// Its line, from 1.
    line: usize,
}

/// The statements of a script but those that only manage the session.
fn statements(script: &Script) -> Vec<Statement> {
    const SESSION: &[&str] = &[
        "ABORT",
        "BEGIN",
        "COMMIT",
        "DISCARD",
        "END",
        "EXPLAIN",
        "NOTIFY",
        "PRAGMA",
        "RELEASE",
        "RESET",
        "ROLLBACK",
        "SAVEPOINT",
        "SELECT",
        "SET",
        "SHOW",
        "START",
    ];
    let Some(text) = script.source.files.first().and_then(|file| file.as_text().ok()) else { return Vec::new() };
    let pieces = sql::script::pieces(&script.source, script.dialect);
    let made = pieces.into_iter().enumerate().filter_map(|(index, span)| {
        let (start, end) = (span.start as usize, span.end as usize);
        // Names and values may stand behind the first words.
        let words: Vec<String> = text.get(start..end)?.split_whitespace().take(2).map(str::to_ascii_uppercase).collect();
        let plain = |word: &String| word.chars().all(|c| c.is_ascii_alphabetic());
        let words: Vec<String> = words.into_iter().take_while(plain).collect();
        if words.first().is_none_or(|first| SESSION.contains(&first.as_str())) {
            return None;
        }
        let line = text.get(..start)?.matches('\n').count() + 1;
        Some(Statement { number: index + 1, words: words.join(" "), line })
    });
    made.collect()
}

/// How the script is run.
pub(crate) fn options(one_transaction: bool) -> Options {
    Options { one_transaction, ..Options::default() }
}

struct Known {
    dialect: Dialect,
    facts: Facts,
    gaps: Vec<String>,
}

/// The schema that `--against` names, with sizes when it is a live database.
fn facts(against: &str, how: &How) -> Result<Known, Failure> {
    match side::load(against, Side::Old, Some(Kind::Sql), how.remote)? {
        Loaded::Database(live) => Ok(Known { dialect: live.dialect, facts: live.facts, gaps: live.not_checked }),
        Loaded::Files(source) => {
            let text = compare::text_of(&source)?;
            let dialect = how.dialect.or_else(|| sql::detect::dialect_of(&text)).unwrap_or(Dialect::Postgres);
            let read = compare::catalog(&source, Kind::Sql, dialect)?;
            let gaps = read.not_read.iter().map(|sentence| format!("{against}: {sentence}")).collect();
            Ok(Known { dialect, facts: Facts::of(read), gaps })
        }
    }
}
