//! A type under a name allows other values.
//!
//! # What it checks
//! Type aliases of both sides. Whether callers make such values or get them follows from the signatures that name it;
//! where none does, both.
//!
//! # Why it breaks
//! Callers make or read values of the old type.
//!
//! # Safe path
//! Widen what is taken, narrow what is given, and give anything else a new name.
//!
//! # Example
//! ```text
//! old: export type Status = "open" | "paid"
//! new: export type Status = "open" | "paid" | "lost"
//! `Status` allows more values now
//! ```

use segue_model::check::Side;

use crate::code::context::{Context, Record};
use crate::code::model::What;
use crate::draft::Drafts;
use crate::policy::{Relation, Role};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-alias-changed",
    title: "A type under a name allows other values",
    why: "Callers make or read values of the old type.",
    fix: "Widen what is taken, narrow what is given, and give anything else a new name.",
    answers: &[],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for pair in &context.pairs {
        let (What::Alias(old, _), What::Alias(new, _)) = (&pair.old.what, &pair.new.what) else { continue };
        let relation = context.types.relate(old, new);
        if relation == Relation::Equal {
            continue;
        }
        let usage = context.usage(pair.path);
        let words = match relation {
            Relation::Narrowed => "allows fewer values now",
            Relation::Widened => "allows more values now",
            Relation::Changed => "allows other values now",
            _ => "is written otherwise, and which values it allows could not be decided",
        };
        let message = format!("`{}` {words} (was `{}`, is `{}`)", pair.path, old.shown(), new.shown());
        let draft = context.draft(&RULE, Vec::new(), pair.path, message, Record::new(old.shown(), new.shown()));
        let both = usage.taken && usage.given && relation != Relation::Undecided;
        let draft = if both {
            context.judged(draft, Role::Request, Relation::Changed)
        } else {
            context.judged(draft, if usage.taken { Role::Request } else { Role::Response }, relation)
        };
        out.push(draft.at(Side::New, pair.new.at));
    }
}
