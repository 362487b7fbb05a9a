//! A number is promoted to a type that rounds it.
//!
//! # What it checks
//!
//! An int or long is read as float, or a long as double.
//!
//! # Why it breaks
//!
//! The specification allows it, and no error is signalled. Numbers beyond 2^24 (float) or 2^53 (double) are rounded:
//! 9007199254740993 reads as 9007199254740992.
//!
//! # Safe path
//!
//! Read whole numbers as long; use a decimal for money.
//!
//! # Example
//!
//! ```json
//! - {"name": "cents", "type": "long"}
//! + {"name": "cents", "type": "double"}
//! ```

use segue_model::finding::Severity;

use crate::avro::context::{Context, Note};
use crate::avro::schema::{Id, Kind};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "avro-promotion-rounds",
    title: "A number is promoted to a type that rounds it",
    why: "The specification allows it, and no error is signalled. Numbers beyond 2^24 (float) or 2^53 (double) are rounded: 9007199254740993 reads as 9007199254740992.",
    fix: "Read whole numbers as long; use a decimal for money.",
    answers: &[],
};

pub(in crate::avro) fn check(context: &mut Context<'_>, old: Id, new: Id) {
    let rounds = |one: &Kind, other: &Kind| matches!((one, other), (Kind::Int | Kind::Long, Kind::Float) | (Kind::Long, Kind::Double));
    let (before, after) = (context.old.node(old), context.new.node(new));
    let (from, to) = (context.old.shown(old), context.new.shown(new));
    let who = match (rounds(&before.kind, &after.kind), rounds(&after.kind, &before.kind)) {
        (true, _) => "new readers round what old writers wrote",
        (_, true) => "old readers round what new writers write",
        _ => return,
    };
    let text = format!("`{}` changed from {from} to {to}: {who}, without an error", before.path);
    let note = Note::new(&RULE, &*before.path, format!("rounds {from} -> {to}"), text);
    context.note(note.on_new(after.at).at_least(Severity::Medium));
}
