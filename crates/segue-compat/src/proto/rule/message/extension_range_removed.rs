//! A range of numbers for extensions is gone.
//!
//! # What it checks
//!
//! A number that the old message left to extensions is not left to them on the new side.
//!
//! # Why it breaks
//!
//! Extensions in that range no longer compile, and what they wrote is unknown to the new reader.
//!
//! # Safe path
//!
//! Keep the range; add fields outside of it.
//!
//! # Example
//!
//! ```proto
//! message Order {
//! -  extensions 100 to 199;
//! +  extensions 100 to 149;
//! }
//! ```

use crate::proto::context::{Context, Say};
use crate::proto::rule::MessagePair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-extension-range-removed",
    title: "A range of numbers for extensions is gone",
    why: "Extensions in that range no longer compile, and what they wrote is unknown to the new reader.",
    fix: "Keep the range; add fields outside of it.",
    answers: &["buf:EXTENSION_MESSAGE_NO_DELETE"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &MessagePair<'_>) {
    let shown = |list: Vec<(i64, i64)>| list.iter().take(10).map(|(start, end)| format!("{start} to {end}")).collect::<Vec<_>>();
    let gone = shown(pair.old.extension_ranges.without(&pair.new.extension_ranges));
    if !gone.is_empty() {
        let gone = gone.join(", ");
        let text = format!("`{}` no longer leaves {gone} to extensions", pair.new.name);
        let say = Say::new(&RULE, &*pair.old.name, pair.new.place, format!("extensions {gone} removed"), text);
        context.say(say.narrowed().binary().code().of(pair.old_id, pair.new_id));
    }
    let came = shown(pair.new.extension_ranges.without(&pair.old.extension_ranges));
    if !came.is_empty() {
        let came = came.join(", ");
        let text = format!("`{}` leaves {came} to extensions", pair.new.name);
        let say = Say::new(&RULE, &*pair.old.name, pair.new.place, format!("extensions {came} added"), text);
        let info = segue_model::finding::Severity::Info;
        context.say(say.widened().binary().code().of(pair.old_id, pair.new_id).at_most(info));
    }
}
