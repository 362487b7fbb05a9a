//! What a migration script does to a MySQL or MariaDB database in use: one rule a file in `rule/`.
//!
//! Follows the script: tables made here, the transaction that is open, settings, types that changed. Must never call safe
//! what it did not understand. Tests: `tests/it/sql/script_lint.rs` over `tests/cases/sql-script-mysql/`.

mod online;
pub mod rule;

use segue_model::check::{Breaks, Lock};

use super::super::ddl::not_followed::NotFollowed;
use super::super::ddl::script::{Seen, walk};
use super::super::{Dialect, Facts};
use crate::draft::{Draft, Drafts, Outcome, Statement};
use crate::policy::Policy;
use crate::rule::Rule;
use crate::source::{Place, Refused, Source, Span};
pub use rule::RULES;

/// Judges a script; with facts also by types, sizes and keys.
pub fn lint(script: &Source, facts: Option<&Facts>, policy: &Policy) -> Result<Outcome, Vec<Refused>> {
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
    let mut found = Found { script, policy, drafts: Drafts::default(), server: online::Server(facts.and_then(|facts| facts.version)) };
    let mut outcome = Outcome::default();
    let mut not_followed = NotFollowed::default();
    let mut statements = 0;
    let unread = walk(text, Dialect::Mysql, facts, |seen| {
        statements += 1;
        if let Some(sentence) = not_followed.see(seen) {
            outcome.not_checked.push(sentence);
            outcome.undecided = true;
        }
        rule::run(seen, &mut found);
    });
    outcome.undecided |= !unread.is_empty();
    outcome.not_checked.extend(unread);
    if statements == 0 {
        return Err(refuse("there is no statement in it", None));
    }
    outcome.take(found.drafts);
    Ok(outcome)
}

/// Where rules put what they found.
pub(crate) struct Found<'a> {
    script: &'a Source,
    policy: &'a Policy,
    drafts: Drafts,
    server: online::Server,
}

impl Found<'_> {
    /// The server that the facts name.
    pub(crate) fn server(&self) -> online::Server {
        self.server
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
        let mut draft = Draft::new(rule, self.policy, breaks.to_vec(), object, message);
        draft.change = change.into();
        self.drafts.push(draft)
    }

    /// What the statement of the last finding does, and where it stands.
    pub(crate) fn does(&mut self, seen: &Seen<'_>, object: &str, mode: &str, rewrites: bool, scans: bool) {
        let Some(draft) = self.drafts.last_mut() else { return };
        let locks = if mode.is_empty() { Vec::new() } else { vec![Lock { object: object.to_owned(), mode: mode.to_owned() }] };
        draft.statement = Some(Statement { index: seen.index, locks, rewrites, scans, safe_sql: Vec::new() });
        draft.at = Some((self.script.side, Place { file: 0, span: seen.span }));
    }
}
