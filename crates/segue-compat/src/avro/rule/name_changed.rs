//! A named type has another name.
//!
//! # What it checks
//!
//! Records, enums or fixed types that take the place of each other have different names, without regard to the namespace,
//! and the reader has no alias for the writer's name.
//!
//! # Why it breaks
//!
//! The specification asks for the same name; libraries of Java, Python and others refuse the pair, some only inside of
//! unions.
//!
//! # Safe path
//!
//! Give the new type the old full name as an alias.
//!
//! # Example
//!
//! ```json
//! - {"type": "record", "name": "Adress", …}
//! + {"type": "record", "name": "Address", "aliases": ["Adress"], …}
//! ```

use crate::avro::context::{Context, Sides};
use crate::avro::resolve::Problem;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "avro-name-changed",
    title: "A named type has another name",
    why: "The specification asks for the same name; libraries of Java, Python and others refuse the pair, some only inside of unions.",
    fix: "Give the new type the old full name as an alias.",
    answers: &["avro:NAME_MISMATCH"],
};

pub(in crate::avro) fn say(context: &mut Context<'_>, sides: Sides, problem: &Problem) {
    let (from, to) = context.shown(sides, problem);
    let text = format!("{} is named {to} instead of {from}, and {} has no alias for it", context.at(sides, problem), sides.reader());
    context.problem(&RULE, sides, problem, format!("name {from} -> {to}"), text);
}
