//! The rules of scripts: one a file, each with what the server does and the page that says so.
//!
//! A rule looks at one [`Step`] and pushes what it finds. Locks, rewrites and scans come from `effect/`, so that a rule never
//! says another thing than the effects that are shown. Tests: `tests/cases/sql-script/`, a case for every rule.

mod add_check;
mod add_column_constraint;
mod add_column_default;
mod add_column_generated;
mod add_column_json;
mod add_column_not_null;
mod add_column_serial;
mod add_exclusion;
mod add_foreign_key;
mod add_key;
mod attach_partition;
mod backfill_with_lock;
mod binds_writers;
mod cancel_by_pattern;
mod change_type;
mod change_type_touches;
mod concurrently_in_transaction;
mod copy_structure;
mod create_index;
mod detach_partition;
mod domain_constraint;
mod drop_column;
mod drop_constraint;
mod drop_index;
mod drop_not_null;
mod drop_object;
mod drop_schema;
mod drop_table;
mod enum_value;
mod enum_value_added;
mod guarded_backfill;
mod index_left_invalid;
mod list;
mod lock_table;
mod lock_timeout;
mod long_after_lock;
mod not_followed;
mod not_repeatable;
mod offset_batches;
mod old_statements_fail;
mod preferences;
mod refresh_view;
mod refused;
mod reindex;
mod rename;
mod replace_view;
mod replica_identity;
mod rewrite_table;
mod row_security;
mod set_not_null;
mod set_unlogged;
mod several_locks;
mod syntax_error;
mod triggers;
mod truncate;
mod unbounded_write;
mod validate_in_transaction;
mod weak_comparison;

use segue_model::check::{Breaks, CheckStep, Side};
use segue_model::finding::Severity;
use segue_model::ident::TableName;

use super::walk::{self, Step};
use super::weight::Weight;
use super::{Options, cut, refused, text};
use crate::draft::{Draft, Drafts, LISTED_MAX, Outcome, Statement};
use crate::policy::Policy;
use crate::rule::Rule;
use crate::source::{Place, Refused, Source, Span};
use crate::sql::postgres::statement::Stmt;
use crate::sql::postgres::syntax;
use crate::sql::postgres::token::Kind;
use crate::sql::{Facts, bounds};

pub use list::RULES;

/// A rule's function.
pub(super) type Check = fn(&Step<'_>, &mut Found<'_>);

/// What a rule says of a statement.
#[derive(Debug, Default)]
pub(super) struct Finding {
    pub(super) object: String,
    /// For the fingerprint.
    pub(super) change: String,
    pub(super) message: String,
    /// Deployments that it breaks.
    pub(super) breaks: Vec<Breaks>,
    /// Another severity than the policy's.
    pub(super) severity: Option<Severity>,
    pub(super) undecided: bool,
    /// What to write instead.
    pub(super) safe_sql: Vec<String>,
    /// Segue's own change for it.
    pub(super) segue: Option<serde_json::Value>,
}

/// Where rules put what they find.
pub(super) struct Found<'a> {
    policy: &'a Policy,
    side: Side,
    pub(super) outcome: Outcome,
    drafts: Drafts,
    /// The missing lock_timeout was said: once is enough for a script.
    pub(super) timeout_said: bool,
}

impl Found<'_> {
    /// Something that breaks or blocks whoever uses the database while it runs.
    pub(super) fn danger(&mut self, step: &Step<'_>, rule: &'static Rule, finding: Finding) {
        self.push(step, rule, Finding { breaks: vec![Breaks::Deploy, Breaks::Rolling], ..finding });
    }

    /// What loses rows or opens what was closed: the worst there is.
    pub(super) fn loss(&mut self, step: &Step<'_>, rule: &'static Rule, finding: Finding) {
        let breaks = vec![Breaks::Deploy, Breaks::Rollback, Breaks::Rolling];
        self.push(step, rule, Finding { breaks, severity: Some(Severity::Critical), ..finding });
    }

    /// What breaks the versions at work, and the new one when the old one comes back.
    pub(super) fn both_ways(&mut self, step: &Step<'_>, rule: &'static Rule, finding: Finding) {
        self.push(step, rule, Finding { breaks: vec![Breaks::Deploy, Breaks::Rollback, Breaks::Rolling], ..finding });
    }

    /// What a tolerant reader would not notice, both ways.
    pub(super) fn tolerated(&mut self, step: &Step<'_>, rule: &'static Rule, finding: Finding) {
        let breaks = vec![Breaks::Deploy, Breaks::Rollback, Breaks::Rolling];
        let severity = Some(self.policy.severity(&breaks, true));
        self.push(step, rule, Finding { breaks, severity, ..finding });
    }

    /// What the old version does not expect when it comes back or is still at work.
    pub(super) fn push_rollback(&mut self, step: &Step<'_>, rule: &'static Rule, finding: Finding) {
        self.push(step, rule, Finding { breaks: vec![Breaks::Rollback, Breaks::Rolling], ..finding });
    }

    /// What a weight says: a danger, or a note where the table is small.
    pub(super) fn weighed(&mut self, step: &Step<'_>, rule: &'static Rule, weight: &Weight, mut finding: Finding) {
        finding.message = format!("{}: {}", finding.message, weight.words);
        if weight.small {
            finding.safe_sql.clear();
            finding.message.push_str("; the table is small");
            self.note(step, rule, Severity::Info, finding);
        } else {
            self.danger(step, rule, finding);
        }
    }

    /// Something to know, which breaks nothing for certain.
    pub(super) fn note(&mut self, step: &Step<'_>, rule: &'static Rule, severity: Severity, finding: Finding) {
        self.push(step, rule, Finding { severity: Some(severity), ..finding });
    }

    fn push(&mut self, step: &Step<'_>, rule: &'static Rule, finding: Finding) {
        let mut draft = Draft::new(rule, self.policy, finding.breaks, finding.object, finding.message);
        if !finding.change.is_empty() {
            draft.change = finding.change;
        }
        if let Some(severity) = finding.severity {
            draft.severity = severity;
        }
        draft.undecided = finding.undecided;
        draft.at = Some((self.side, Place { file: 0, span: Span::new(step.piece.start, step.piece.end) }));
        draft.statement = Some(Statement {
            index: step.index,
            locks: step.locks(),
            rewrites: !step.effect.rewrites.is_empty(),
            scans: !step.effect.scans.is_empty(),
            safe_sql: finding.safe_sql.clone(),
        });
        if (finding.segue.is_some() || !finding.safe_sql.is_empty()) && self.outcome.steps.len() < LISTED_MAX {
            self.outcome.steps.push(CheckStep {
                id: format!("statement {}: {}", step.index + 1, rule.title),
                phase: "expand".to_owned(),
                what: rule.fix.to_owned(),
                by: if finding.segue.is_some() { "run" } else { "command" }.to_owned(),
                change: finding.segue,
                command: (!finding.safe_sql.is_empty()).then(|| finding.safe_sql.join("\n")),
                finding: Some(crate::draft::fingerprint(&draft.rule, &draft.object, &draft.change)),
            });
        }
        self.drafts.push(draft);
    }
}

/// A finding on a table.
pub(super) fn on(step: &Step<'_>, table: &TableName, part: Option<&str>) -> String {
    let shown = step.shown(table);
    part.map_or(shown.clone(), |part| format!("{shown}.{part}"))
}

/// Judges a script by every rule.
pub(super) fn judge(script: &Source, facts: Option<&Facts>, policy: &Policy, options: &Options) -> Result<Outcome, Vec<Refused>> {
    let text = text(script)?;
    let cut = cut(script, text)?;
    let mut found = Found { policy, side: script.side, outcome: Outcome::default(), drafts: Drafts::default(), timeout_said: false };
    let mut understood = 0_usize;
    let session = walk::follow(text, &cut, facts, options, |step| {
        understood += usize::from(!matches!(step.stmt, Stmt::Other(_)));
        if let Some(words) = not_judged(step) {
            found.outcome.not_checked.push(format!("statement {}: no rule looks at {words}", step.index + 1));
        }
        for check in list::CHECKS {
            check(step, &mut found);
        }
    });
    let statements = cut.pieces.iter().filter(|piece| piece.kind == Kind::Word).count();
    if statements > 0 && understood == 0 {
        let first = cut.pieces.iter().find(|piece| piece.kind == Kind::Word);
        let span = first.map(|piece| Span::new(piece.start, piece.end.min(piece.start + 80)));
        return Err(vec![refused(
            script,
            "SG-CHK-053",
            span,
            "no statement of this text is PostgreSQL",
            "say what it is with --type, or check that the file is the right one",
        )]);
    }
    if statements > bounds::STATEMENTS_MAX {
        let sentence = format!(
            "{} statements behind the first {}: so long a script is not judged to its end",
            statements - bounds::STATEMENTS_MAX,
            bounds::STATEMENTS_MAX
        );
        found.outcome.not_checked.push(sentence);
        found.outcome.undecided = true;
    }
    if session.open && !session.wrapped {
        found
            .outcome
            .not_checked
            .push("the script leaves a transaction open: whether it is committed depends on the tool that runs it".to_owned());
    }
    not_checked(text, &cut, facts, &mut found);
    found.outcome.take(found.drafts);
    Ok(found.outcome)
}

/// A statement that changes something of which the rules know nothing: its first words.
fn not_judged(step: &Step<'_>) -> Option<String> {
    let words: Vec<String> =
        step.tokens.iter().take(3).map(|token| step.script.get(token.start..token.end).unwrap_or("").to_ascii_uppercase()).collect();
    let changes = matches!(words.first().map(String::as_str), Some("ALTER" | "CREATE" | "DROP" | "REASSIGN" | "SECURITY"));
    let replaced = words.get(1).is_some_and(|word| word == "OR");
    let unknown = matches!(step.stmt, Stmt::Harmless) || (matches!(step.stmt, Stmt::CreateFunction { .. }) && replaced);
    let shown = if replaced { words.join(" ") } else { words.iter().take(2).cloned().collect::<Vec<_>>().join(" ") };
    (changes && unknown).then_some(shown)
}

fn not_checked(text: &str, cut: &crate::sql::postgres::token::Script, facts: Option<&Facts>, found: &mut Found<'_>) {
    let mut lines = crate::sql::postgres::Lines::new(text);
    for piece in &cut.pieces {
        match piece.kind {
            Kind::Meta => {
                let line = lines.of(piece.start);
                let word = text[piece.start..piece.end].split_whitespace().next().unwrap_or("\\");
                found.outcome.not_checked.push(format!("line {line}: psql's command {word} is not followed"));
            }
            Kind::Data => {
                let line = lines.of(piece.start);
                found.outcome.not_checked.push(format!("line {line}: the data lines of a COPY are not read"));
            }
            _ if piece.last - piece.first > syntax::TOKENS_MAX => {
                let line = lines.of(piece.start);
                found
                    .outcome
                    .not_checked
                    .push(format!("line {line}: a statement of {} words was read only as far as its table", piece.last - piece.first));
            }
            _ => {}
        }
    }
    if facts.is_none() {
        found
            .outcome
            .not_checked
            .push("no schema was given (--against): types, sizes and indexes are not known, and the worst is assumed".to_owned());
    }
}
