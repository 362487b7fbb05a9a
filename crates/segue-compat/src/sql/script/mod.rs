//! What a migration script does to the database that it runs on.
//!
//! Each statement's locks, rewrites and scans follow from the schema as the statements before it left it (`effect/`,
//! `session`); rules (`rule/`, one a file) judge them, and most come with a sequence that does the same safely (`sequence/`).
//! Never calls safe what was not read: that is `undecided`. Tests: `tests/it/sql/script*.rs` and the lock oracle.

pub(crate) mod effect;
mod fix;
pub(crate) mod journey;
pub(crate) mod lock;
pub(crate) mod rule;
mod sequence;
mod session;
mod type_change;
mod walk;
mod weight;

use segue_model::change::Change;
use segue_model::check::Lock;

use super::postgres::{syntax, token};
use super::{Dialect, Facts};
use crate::draft::Outcome;
use crate::policy::Policy;
use crate::rule::Rule;
use crate::source::{Refused, Source, Span};

pub use rule::RULES;

/// How the script is run, and what was measured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// The tool that runs the script puts the whole of it into one transaction.
    pub one_transaction: bool,
    /// The session's time zone is UTC; `None`: not known.
    pub utc: Option<bool>,
    /// Bytes a second that a scan reads, when it was measured.
    pub scan_bytes_per_s: Option<u64>,
    /// Bytes a second that a rewrite or an index build writes, when it was measured.
    pub write_bytes_per_s: Option<u64>,
}

/// What one statement does to tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementEffects {
    /// Which statement, from 0; psql's commands and data lines do not count.
    pub index: usize,
    /// Where it stands.
    pub span: Span,
    /// Every lock, sorted by table and mode.
    pub locks: Vec<Lock>,
    /// The tables that are written anew.
    pub rewrites: Vec<String>,
    /// The tables that are read whole.
    pub scans: Vec<String>,
    /// Why the server refuses it, when that is certain.
    pub fails: Option<String>,
    /// It works beside others in several transactions of its own: `CONCURRENTLY`.
    pub concurrent: bool,
    /// A transaction is open around it.
    pub in_transaction: bool,
    /// It was understood; otherwise the worst is assumed.
    pub understood: bool,
}

/// Judges a script.
pub fn lint(script: &Source, dialect: Dialect, facts: Option<&Facts>, policy: &Policy) -> Result<Outcome, Vec<Refused>> {
    lint_with(script, dialect, facts, policy, &Options::default())
}

/// Judges a script that is run in a given way.
pub fn lint_with(
    script: &Source,
    dialect: Dialect,
    facts: Option<&Facts>,
    policy: &Policy,
    options: &Options,
) -> Result<Outcome, Vec<Refused>> {
    match dialect {
        Dialect::Postgres => rule::judge(script, facts, policy, options),
        Dialect::Mysql => super::mysql::lint(script, facts, policy),
        Dialect::Sqlite => super::sqlite::lint(script, facts, policy),
    }
}

/// The script with the safe sequences in place of what is unsafe; the script itself where nothing has one.
pub fn fix(script: &str, dialect: Dialect, facts: Option<&Facts>, options: &Options) -> String {
    match dialect {
        Dialect::Postgres => fix::fix(script, facts, options),
        // What a tool wraps in one transaction cannot hold a sequence that ends it.
        Dialect::Mysql | Dialect::Sqlite if options.one_transaction => script.to_owned(),
        Dialect::Mysql | Dialect::Sqlite => super::ddl::fix::fix(script, dialect, facts),
    }
}

/// What every statement of a PostgreSQL script does, the safe ones too; nothing for a text that cannot be cut.
pub fn effects(script: &Source, facts: Option<&Facts>, options: &Options) -> Vec<StatementEffects> {
    let Ok(text) = text(script) else { return Vec::new() };
    let mut all = Vec::new();
    let _ = walk::walk(text, facts, options, |step| all.push(step.effects()));
    all
}

/// The changes that do what each statement of a PostgreSQL script does, by the statement's number from 0: one entry for an
/// action of `ALTER TABLE`, one for any other statement; `Err` says why Segue has no word for it.
pub fn journey(script: &Source, facts: Option<&Facts>, options: &Options) -> Vec<Vec<Result<Vec<Change>, String>>> {
    let Ok(text) = text(script) else { return Vec::new() };
    let mut all = Vec::new();
    let _ = walk::walk(text, facts, options, |step| all.push(journey::of(step)));
    all
}

/// Where each statement of a script stands; psql's commands and data lines do not count.
pub fn pieces(script: &Source, dialect: Dialect) -> Vec<Span> {
    let Ok(text) = text(script) else { return Vec::new() };
    let mut all = Vec::new();
    if dialect == Dialect::Postgres {
        let _ = walk::walk(text, None, &Options::default(), |step| all.push(Span::new(step.piece.start, step.piece.end)));
    } else {
        let _ = super::ddl::script::walk(text, dialect, None, |seen| all.push(seen.span));
    }
    all
}

/// The script's text, or why it has none.
pub(crate) fn text(script: &Source) -> Result<&str, Vec<Refused>> {
    let Some(file) = script.files.first() else { return Ok("") };
    file.as_text().map_err(|at| {
        vec![refused(script, "SG-CHK-050", Some(Span::new(at, at + 1)), "the script is not UTF-8 text", "convert the file to UTF-8")]
    })
}

/// A text that cannot be cut into statements, or nests deeper than anything that a person writes.
pub(crate) fn cut(script: &Source, text: &str) -> Result<token::Script, Vec<Refused>> {
    let cut = token::cut(text).map_err(|unended| {
        let message = format!("a {} begins here and has no end", unended.what);
        vec![refused(
            script,
            "SG-CHK-051",
            Some(Span::new(unended.at, unended.at + 1)),
            &message,
            "close it; what follows cannot be told from its inside",
        )]
    })?;
    let deep: Vec<Refused> = cut
        .pieces
        .iter()
        .filter(|piece| piece.depth > syntax::DEPTH_MAX)
        .take(10)
        .map(|piece| {
            let message = format!("a statement nests {} levels deep; {} are read", piece.depth, syntax::DEPTH_MAX);
            refused(
                script,
                "SG-CHK-052",
                Some(Span::new(piece.start, piece.start + 1)),
                &message,
                "take it apart, or leave it out of the check",
            )
        })
        .collect();
    if deep.is_empty() { Ok(cut) } else { Err(deep) }
}

pub(crate) fn refused(script: &Source, code: &'static str, span: Option<Span>, message: &str, help: &str) -> Refused {
    let file = script.files.first().map(|file| file.name.clone()).unwrap_or_default();
    Refused { code, side: script.side, file, span, message: message.to_owned(), help: help.to_owned() }
}

/// Every rule of scripts.
pub fn rules() -> Vec<&'static Rule> {
    RULES.to_vec()
}
