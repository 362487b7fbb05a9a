//! A value, property or field is of another type.
//!
//! # What it checks
//! The written type (or the type of the literal) of an attribute, property, constant or field of a record on both
//! sides. Fields of records that callers make are judged as taken, others as given, and those that go both ways as
//! both.
//!
//! # Why it breaks
//! Callers read it as what it was, or give what it no longer takes.
//!
//! # Safe path
//! Add a field of the new type under a new name, fill both, and deprecate the old one.
//!
//! # Example
//! ```text
//! old: interface Order { total: number }
//! new: interface Order { total: string }
//! `Order.total` was number and is string
//! ```

use segue_model::check::Side;

use crate::code::context::{Context, Record};
use crate::code::model::What;
use crate::draft::Drafts;
use crate::policy::{Relation, Role};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-attribute-type-changed",
    title: "A value, property or field is of another type",
    why: "Callers read it as what it was, or give what it no longer takes.",
    fix: "Add a field of the new type under a new name, fill both, and deprecate the old one.",
    answers: &["griffe:ATTRIBUTE_CHANGED_TYPE"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for pair in &context.pairs {
        let (What::Attribute(old), What::Attribute(new)) = (&pair.old.what, &pair.new.what) else { continue };
        let (Some(before), Some(after)) = (&old.annotation, &new.annotation) else { continue };
        let usage = context.record_of(pair.path).map(|record| context.usage(record));
        let relation = match usage {
            Some(usage) if usage.taken => context.types.relate_places((before, old.optional), (after, new.optional), false),
            _ => context.types.relate_places((before, old.optional), (after, new.optional), true),
        };
        if relation == Relation::Equal {
            continue;
        }
        let message = format!("`{}` was `{}` and is `{}`", pair.path, before.shown(), after.shown());
        let draft = context.draft(&RULE, Vec::new(), pair.path, message, Record::new(before.shown(), after.shown()));
        let draft = match usage {
            Some(usage) if usage.taken && usage.given => {
                context.judged(draft, Role::Request, if relation == Relation::Undecided { relation } else { Relation::Changed })
            }
            Some(usage) if usage.taken => context.judged(draft, Role::Request, relation),
            _ => context.judged(draft, Role::Response, relation),
        };
        out.push(draft.at(Side::New, pair.new.at));
    }
}
