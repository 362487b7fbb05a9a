//! What a migration script does to a MySQL, MariaDB or SQLite database in use: the frame around the rules of both.
//!
//! Follows the script: tables made here, the transaction that is open, settings, types that changed. Must never call safe
//! what it did not understand. Tests: `tests/it/sql/script_lint.rs` over `tests/cases/sql-script-{mysql,sqlite}/`.

use segue_model::change::Change;
use segue_model::check::{Breaks, CheckStep, Lock};

use super::super::{Dialect, Facts};
use super::not_followed::NotFollowed;
use super::script::{Seen, walk};
use crate::draft::{Draft, Drafts, LISTED_MAX, Outcome, Statement, fingerprint};
use crate::policy::Policy;
use crate::rule::Rule;
use crate::source::{Place, Refused, Source, Span};

/// Judges a script by the rules of its dialect; with facts also by types, sizes and keys.
pub(crate) fn lint(
    script: &Source,
    dialect: Dialect,
    facts: Option<&Facts>,
    policy: &Policy,
    rules: fn(&Seen<'_>, &mut Found<'_>),
) -> Result<Outcome, Vec<Refused>> {
    let refuse = |message: &str, at: Option<usize>| {
        let file = script.files.first().map(|file| file.name.clone()).unwrap_or_default();
        let span = at.map(|at| Span::new(at, at));
        vec![Refused {
            code: "SG-CHK-064",
            side: script.side,
            file,
            span,
            message: message.to_owned(),
            help: "name a script of SQL statements".to_owned(),
        }]
    };
    let file = script.files.first().ok_or_else(|| refuse("there is no script", None))?;
    let text = file.as_text().map_err(|at| refuse("the script is no UTF-8 text", Some(at)))?;
    let version = facts.and_then(|facts| facts.version);
    let mut found = Found { script, policy, dialect, version, drafts: Drafts::default(), steps: Vec::new() };
    let mut outcome = Outcome::default();
    let mut not_followed = NotFollowed::default();
    let mut statements = 0;
    let unread = walk(text, dialect, facts, |seen| {
        statements += 1;
        if let Some(sentence) = not_followed.see(seen) {
            outcome.not_checked.push(sentence);
            outcome.undecided = true;
        }
        rules(seen, &mut found);
    });
    outcome.undecided |= !unread.is_empty();
    outcome.not_checked.extend(unread);
    if statements == 0 {
        return Err(refuse("there is no statement in it", None));
    }
    outcome.steps = found.steps;
    outcome.take(found.drafts);
    Ok(outcome)
}

/// Where rules put what they found.
pub(crate) struct Found<'a> {
    script: &'a Source,
    policy: &'a Policy,
    dialect: Dialect,
    version: Option<u32>,
    drafts: Drafts,
    steps: Vec<CheckStep>,
}

impl Found<'_> {
    /// The version of the server that the facts name.
    pub(crate) fn version(&self) -> Option<u32> {
        self.version
    }

    /// A finding; where it stands follows by [`Found::does`].
    pub(crate) fn add(
        &mut self,
        rule: &'static Rule,
        breaks: &[Breaks],
        object: String,
        change: impl Into<String>,
        message: impl Into<String>,
    ) -> &mut Draft {
        self.drafts.push(Draft::new(rule, self.policy, breaks.to_vec(), object, message).changing(change))
    }

    /// What the statement of the last finding does, and where it stands.
    pub(crate) fn does(&mut self, seen: &Seen<'_>, object: &str, mode: &str, rewrites: bool, scans: bool) {
        let Some(draft) = self.drafts.last_mut() else { return };
        let locks = if mode.is_empty() { Vec::new() } else { vec![Lock { object: object.to_owned(), mode: mode.to_owned() }] };
        draft.statement = Some(Statement { index: seen.index, locks, rewrites, scans, safe_sql: Vec::new() });
        draft.at = Some((self.script.side, Place { file: 0, span: seen.span }));
    }

    /// What to write in place of the statement of the last finding, behind [`Found::does`].
    pub(crate) fn instead(&mut self, sequence: Vec<String>) {
        if let Some(statement) = self.drafts.last_mut().and_then(|draft| draft.statement.as_mut()) {
            statement.safe_sql = sequence;
        }
    }

    /// The change of the last finding as a journey; only where Segue reshapes tables of the dialect.
    pub(crate) fn journey(&mut self, seen: &Seen<'_>, rule: &'static Rule, change: Change) {
        let Some(draft) = self.drafts.last_mut().filter(|_| self.dialect == Dialect::Sqlite) else { return };
        let (Ok(change), true) = (serde_json::to_value(change), self.steps.len() < LISTED_MAX) else { return };
        self.steps.push(CheckStep {
            id: format!("statement {}: {}", seen.index + 1, rule.title),
            phase: "expand".to_owned(),
            what: rule.fix.to_owned(),
            by: "run".to_owned(),
            change: Some(change),
            command: None,
            finding: Some(fingerprint(&draft.rule, &draft.object, &draft.change)),
        });
    }
}
