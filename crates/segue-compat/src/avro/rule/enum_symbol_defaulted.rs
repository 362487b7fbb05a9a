//! Symbols of an enum are read as its default.
//!
//! # What it checks
//!
//! Symbols of one side's enum are missing on the other, whose enum has a default.
//!
//! # Why it breaks
//!
//! Readers take the default in place of the symbol: no error, and the value is lost when they write it again.
//!
//! # Safe path
//!
//! Deploy readers that know the symbol before anybody writes it.
//!
//! # Example
//!
//! ```json
//! - "symbols": ["UNKNOWN", "HELD"], "default": "UNKNOWN"
//! + "symbols": ["UNKNOWN"], "default": "UNKNOWN"
//! ```

use std::collections::BTreeSet;

use segue_model::finding::Severity;

use crate::avro::context::{Context, Note};
use crate::avro::schema::Id;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "avro-enum-symbol-defaulted",
    title: "Symbols of an enum are read as its default",
    why: "Readers take the default in place of the symbol: no error, and the value is lost when they write it again.",
    fix: "Deploy readers that know the symbol before anybody writes it.",
    answers: &[],
};

pub(in crate::avro) fn check(context: &mut Context<'_>, old: Id, new: Id) {
    let (Some((before, old_default)), Some((after, new_default))) = (context.old.symbols(old), context.new.symbols(new)) else { return };
    let sets: [BTreeSet<&str>; 2] = [before, after].map(|list| list.iter().map(|symbol| &**symbol).collect());
    let ways = [(&sets[0], &sets[1], new_default, "new readers"), (&sets[1], &sets[0], old_default, "old readers")];
    for (written, known, default, who) in ways {
        let Some(default) = default else { continue };
        let missing: Vec<&str> = written.difference(known).take(6).copied().collect();
        if !missing.is_empty() {
            let object = context.old.branch(old);
            let text = format!("{who} of the enum `{object}` read {} as `{default}`", missing.join(", "));
            let change = format!("{who} default for {}", missing.join(", "));
            context.note(Note::new(&RULE, object, change, text).on_new(context.new.node(new).at).at_least(Severity::Low));
        }
    }
    if old_default != new_default && old_default.is_some() {
        let object = context.old.branch(old);
        let text = format!("the enum `{object}` has another default for symbols that it does not know");
        context.note(Note::new(&RULE, object, "enum default", text).on_new(context.new.node(new).at).at_least(Severity::Low));
    }
}
