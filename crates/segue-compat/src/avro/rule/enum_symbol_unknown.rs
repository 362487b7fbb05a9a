//! An enum has symbols that the reader does not know.
//!
//! # What it checks
//!
//! Symbols of the writer's enum are missing in the reader's, which has no default.
//!
//! # Why it breaks
//!
//! A value with such a symbol is refused, and with it the whole record.
//!
//! # Safe path
//!
//! Give the enum a default that says nothing, and deploy the readers; then add the symbol. Keep a symbol as long as stored
//! data holds it.
//!
//! # Example
//!
//! ```json
//! - {"type": "enum", "name": "State", "symbols": ["NEW", "HELD"]}
//! + {"type": "enum", "name": "State", "symbols": ["NEW"]}
//! ```

use crate::avro::context::{Context, Sides};
use crate::avro::resolve::Problem;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "avro-enum-symbol-unknown",
    title: "An enum has symbols that the reader does not know",
    why: "A value with such a symbol is refused, and with it the whole record.",
    fix: "Give the enum a default that says nothing, and deploy the readers; then add the symbol. Keep a symbol as long as stored data holds it.",
    answers: &["avro:MISSING_ENUM_SYMBOLS"],
};

pub(in crate::avro) fn say(context: &mut Context<'_>, sides: Sides, problem: &Problem) {
    let crate::avro::resolve::Why::Symbols(symbols) = &problem.why else { return };
    let shown: Vec<String> = symbols.iter().take(5).map(|symbol| format!("`{symbol}`")).collect();
    let more = if symbols.len() > 5 { format!(" and {} more", symbols.len() - 5) } else { String::new() };
    let names = format!("{}{more}", shown.join(", "));
    let text = format!("{} has {names}, which {} does not know and has no default for", context.at(sides, problem), sides.reader());
    context.problem(&RULE, sides, problem, format!("symbols {names}"), text);
}
