//! A named type has another namespace.
//!
//! # What it checks
//!
//! Two named types that take the place of each other have the same name in different namespaces.
//!
//! # Why it breaks
//!
//! Resolution looks at the name without the namespace. Generated classes have other packages, and readers that choose the
//! branch of a union by the full name do not find it.
//!
//! # Safe path
//!
//! Give the new type the old full name as an alias.
//!
//! # Example
//!
//! ```json
//! - {"type": "record", "name": "shop.Order", …}
//! + {"type": "record", "name": "shop.v2.Order", …}
//! ```

use segue_model::finding::Severity;

use crate::avro::context::{Context, Note};
use crate::avro::schema::Id;
use crate::avro::schema::unqualified;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "avro-namespace-changed",
    title: "A named type has another namespace",
    why: "Resolution looks at the name without the namespace. Generated classes have other packages, and readers that choose the branch of a union by the full name do not find it.",
    fix: "Give the new type the old full name as an alias.",
    answers: &[],
};

pub(in crate::avro) fn check(context: &mut Context<'_>, old: Id, new: Id) {
    let (from, to) = (context.old.branch(old), context.new.branch(new));
    if from != to && unqualified(&from) == unqualified(&to) {
        let text = format!("`{from}` is now `{to}`");
        context
            .note(Note::new(&RULE, from.clone(), format!("{from} -> {to}"), text).on_new(context.new.node(new).at).at_least(Severity::Low));
    }
}
