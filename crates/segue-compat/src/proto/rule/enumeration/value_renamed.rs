//! A value of an enum has another name.
//!
//! # What it checks
//!
//! The number of a value has other names, none of which was there before.
//!
//! # Why it breaks
//!
//! The wire format holds numbers. JSON holds names: the old name is refused by new readers, the new one by old readers.
//! Code names it, too.
//!
//! # Safe path
//!
//! Keep the old name and declare the new one as an alias (`allow_alias`), the old one first until every reader knows the
//! new one.
//!
//! # Example
//!
//! ```proto
//! enum State {
//! -  CANCELED = 3;
//! +  CANCELLED = 3;
//! }
//! ```

use std::collections::{BTreeMap, BTreeSet};

use segue_model::check::Side;
use serde_json::json;

use crate::policy::Relation;
use crate::proto::context::{Context, Say};
use crate::proto::model::EnumValue;
use crate::proto::rule::EnumPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-enum-value-renamed",
    title: "A value of an enum has another name",
    why: "The wire format holds numbers. JSON holds names: the old name is refused by new readers, the new one by old readers. Code names it, too.",
    fix: "Keep the old name and declare the new one as an alias (`allow_alias`), the old one first until every reader knows the new one.",
    answers: &["buf:ENUM_VALUE_SAME_NAME", "confluent-proto:ENUM_CONST_CHANGED"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &EnumPair<'_>) {
    let (before, after) = (by_number(&pair.old.values), by_number(&pair.new.values));
    let [was, now] = [&pair.old.values, &pair.new.values].map(|values| values.iter().map(|value| &*value.name).collect::<BTreeSet<_>>());
    for (number, old) in &before {
        // JSON writes the first name of a number and reads all of them.
        let Some(new) = after.get(number) else { continue };
        let (Some(from), Some(to)) = (old.first(), new.first()) else { continue };
        // Names that both stand elsewhere have other numbers, and that is told.
        let moved = now.contains(&*from.name) && was.contains(&*to.name) && from.name != to.name;
        let same = moved || old.len() == new.len() && old.iter().zip(new).all(|(one, other)| one.name == other.name);
        if same {
            continue;
        }
        let known = |name: &str, list: &[&EnumValue]| list.iter().any(|one| &*one.name == name);
        let relation = match (known(&from.name, new), known(&to.name, old)) {
            (true, true) => Relation::Equal,
            (true, false) => Relation::Widened,
            (false, true) => Relation::Narrowed,
            (false, false) => Relation::Changed,
        };
        let object = format!("{}.{}", pair.old.name, from.name);
        let text = format!("the value {number} of `{}` is written `{}` instead of `{}`", pair.new.name, to.name, from.name);
        let text = if from.name == to.name { format!("the value {number} of `{}` has other aliases", pair.new.name) } else { text };
        let say = Say::new(&RULE, object, to.place, format!("name {} -> {}", from.name, to.name), text);
        let say = if from.name == to.name { say.changed().code() } else { say.relation(relation).json().code() };
        let say = say.of_enum(pair.old_id, pair.new_id);
        context.say(match relation {
            Relation::Equal => say,
            Relation::Widened => say.witness(Side::New, json!(&*to.name)),
            _ => say.witness(Side::Old, json!(&*from.name)),
        });
    }
}

fn by_number(values: &[EnumValue]) -> BTreeMap<i64, Vec<&EnumValue>> {
    let mut numbers: BTreeMap<i64, Vec<&EnumValue>> = BTreeMap::new();
    for value in values {
        numbers.entry(value.number).or_default().push(value);
    }
    numbers
}
