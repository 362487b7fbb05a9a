//! Rules about enums.

pub mod added;
pub mod closed_changed;
pub mod first_changed;
pub mod json_format_changed;
pub mod removed;
pub mod renamed;
pub mod reserved_removed;
pub mod reserved_reused;
pub mod value_added;
pub mod value_number_changed;
pub mod value_removed;
pub mod value_renamed;

use std::collections::{BTreeMap, BTreeSet};

use super::{Context, EnumPair, service};

pub(super) fn check(context: &mut Context<'_>, pair: &EnumPair<'_>) {
    let sides = [&pair.old.values, &pair.new.values];
    let [old_numbers, new_numbers] = sides.map(|values| values.iter().map(|value| value.number).collect::<BTreeSet<_>>());
    let [old_names, new_names] = sides.map(|values| values.iter().map(|value| &*value.name).collect::<BTreeSet<_>>());
    for value in &pair.old.values {
        if !new_numbers.contains(&value.number) && !new_names.contains(&*value.name) {
            value_removed::check(context, pair, value);
        }
    }
    for value in &pair.new.values {
        if !old_numbers.contains(&value.number) && !old_names.contains(&*value.name) {
            value_added::check(context, pair, value);
        }
    }
    value_renamed::check(context, pair);
    value_number_changed::check(context, pair);
    first_changed::check(context, pair);
    closed_changed::check(context, pair);
    json_format_changed::check(context, pair);
    reserved_removed::check(context, pair);
    reserved_reused::check(context, pair);
    let now: BTreeMap<&str, bool> = pair.new.values.iter().map(|value| (&*value.name, value.deprecated)).collect();
    for value in &pair.old.values {
        if let Some(is) = now.get(&*value.name) {
            let object = format!("{}.{}", pair.old.name, value.name);
            service::deprecated::check(context, &object, pair.new.place, value.deprecated, *is);
        }
    }
    service::deprecated::check(context, &pair.old.name, pair.new.place, pair.old.deprecated, pair.new.deprecated);
}
