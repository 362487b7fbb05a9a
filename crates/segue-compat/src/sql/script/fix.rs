//! The whole script with the safe sequences in place of what is unsafe.
//!
//! Only statements with a sequence are touched; everything else, comments included, keeps its bytes. Doing it twice changes
//! nothing: what is written has no finding with a sequence. Tests: `tests/it/sql/script_fix.rs`.

use std::collections::BTreeMap;

use segue_model::check::Side;

use super::sequence::LOCK_TIMEOUT;
use super::{Options, rule, walk};
use crate::policy::DEFAULT;
use crate::source::Source;
use crate::sql::Facts;
use crate::sql::postgres::token;

/// The script, mended; the script itself when it cannot be read or nothing is unsafe.
pub fn fix(script: &str, facts: Option<&Facts>, options: &Options) -> String {
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
    walk::follow(script, &cut, facts, options, |step| {
        // SET LOCAL ends with the transaction that the sequence has to end.
        timed |= step.session.lock_timeout;
        let Some(sequence) = sequences.get(&step.index) else { return };
        out.push_str(&script[at..step.piece.start]);
        let several = sequence.iter().filter(|statement| *statement != LOCK_TIMEOUT).count() > 1
            || sequence.iter().any(|statement| statement.contains(" CONCURRENTLY"))
            || *step.text() == *sequence.last().map_or("", |last| last.trim_end_matches(';'));
        let split = step.session.open && several;
        let mut lines: Vec<&str> = Vec::new();
        if split {
            lines.push("COMMIT;");
        }
        lines.extend(sequence.iter().map(String::as_str).filter(|statement| !(timed && *statement == LOCK_TIMEOUT)));
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
