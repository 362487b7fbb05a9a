//! The whole script with the safe sequences in place of what is unsafe.
//!
//! Only statements with a sequence are touched; everything else, comments included, keeps its bytes. Doing it twice changes
//! nothing: what is written has no finding with a sequence. Tests: `tests/it/sql/script_fix.rs`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::check::Side;

use super::sequence::LOCK_TIMEOUT;
use super::walk::Step;
use super::{Options, rule, walk};
use crate::policy::DEFAULT;
use crate::source::Source;
use crate::sql::Facts;
use crate::sql::postgres::statement::Stmt;
use crate::sql::postgres::token;

/// The script, mended; the script itself when it cannot be read or nothing is unsafe.
pub(super) fn fix(script: &str, facts: Option<&Facts>, options: &Options) -> String {
    // What a tool wraps in one transaction cannot hold a sequence that needs several.
    if options.one_transaction {
        return script.to_owned();
    }
    let mut text = script.to_owned();
    // A statement with two dangers is mended one after the other.
    for _ in 0..8 {
        match once(&text, facts, options) {
            Some(mended) if mended != text => text = mended,
            _ => break,
        }
    }
    text
}

fn once(script: &str, facts: Option<&Facts>, options: &Options) -> Option<String> {
    let source = Source::one(Side::New, "script", script);
    let outcome = rule::judge(&source, facts, &DEFAULT, options).ok()?;
    let mut sequences: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for statement in outcome.drafts.into_iter().filter_map(|draft| draft.statement) {
        if !statement.safe_sql.is_empty() {
            sequences.entry(statement.index).or_insert(statement.safe_sql);
        }
    }
    if sequences.is_empty() {
        return None;
    }
    let cut = token::cut(script).ok()?;
    let mut out = String::new();
    let mut at = 0;
    let mut timed = false;
    let mut whole: BTreeSet<usize> = BTreeSet::new();
    walk::follow(script, &cut, facts, options, |step| {
        if stands_on_its_transaction(step) {
            whole.insert(step.session.number);
        }
    });
    walk::follow(script, &cut, facts, options, |step| {
        // SET LOCAL ends with the transaction that the sequence has to end.
        timed |= step.session.lock_timeout;
        let Some(sequence) = sequences.get(&step.index) else { return };
        let several = sequence.iter().filter(|statement| *statement != LOCK_TIMEOUT).count() > 1
            || sequence.iter().any(|statement| statement.contains(" CONCURRENTLY"))
            || *step.text() == *sequence.last().map_or("", |last| last.trim_end_matches(';'));
        let split = step.session.open && several;
        if split && whole.contains(&step.session.number) {
            return;
        }
        out.push_str(&script[at..step.piece.start]);
        let mut lines: Vec<&str> = Vec::new();
        if split {
            lines.push("COMMIT;");
        }
        let own = step.session.lock_timeout_value.as_ref().map(|value| format!("SET lock_timeout = '{}';", value.replace('\'', "''")));
        for (place, statement) in sequence.iter().enumerate() {
            match (&own, statement == LOCK_TIMEOUT) {
                (_, true) if timed && place == 0 => {}
                // Behind a build the limit is the script's own again.
                (Some(own), true) => lines.push(own),
                _ => lines.push(statement),
            }
        }
        timed |= sequence.iter().any(|statement| statement == LOCK_TIMEOUT);
        if split {
            lines.push("BEGIN;");
        }
        out.push_str(&lines.join("\n"));
        at = step.piece.behind.max(step.piece.end);
    });
    out.push_str(&script[at..]);
    Some(out)
}

/// What holds only inside one transaction: the transaction cannot be cut in two.
fn stands_on_its_transaction(step: &Step<'_>) -> bool {
    let word =
        |at: usize| step.tokens.get(at).and_then(|token| step.script.get(token.start..token.end)).unwrap_or_default().to_ascii_lowercase();
    let has = |words: &[&str]| (0..step.tokens.len()).any(|at| words.contains(&word(at).as_str()));
    match step.stmt {
        Stmt::Begin => has(&["isolation", "read", "deferrable"]),
        Stmt::Savepoint | Stmt::Rollback | Stmt::LockTable { .. } | Stmt::Select { locks_rows: true, .. } => step.session.open,
        Stmt::CreateTable(table) if table.temporary => step.session.open && has(&["commit"]),
        Stmt::CreateTableAs { temporary: true, .. } => step.session.open && has(&["commit"]),
        Stmt::Select { calls, .. } => {
            step.session.open
                && calls
                    .iter()
                    .any(|call| call == "set_config" || call.starts_with("pg_advisory_xact") || call.starts_with("pg_try_advisory_xact"))
        }
        _ => {
            let local = word(0) == "set" && matches!(word(1).as_str(), "local" | "constraints" | "transaction");
            step.session.open && (local || matches!(word(0).as_str(), "declare" | "prepare"))
        }
    }
}
