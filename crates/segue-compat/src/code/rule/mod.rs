//! The rules of code, one a file. Tests: `tests/it/code/`, cases in `tests/cases/python` and `tests/cases/typescript`.

pub mod abstract_changed;
pub mod alias_changed;
pub mod async_changed;
pub mod attribute_type_changed;
pub mod base_changed;
pub mod binding_changed;
pub mod constant_changed;
pub mod deprecated;
pub mod enum_value_changed;
pub mod field_presence_changed;
pub mod field_required_changed;
pub mod generator_changed;
pub mod generics_changed;
pub mod overload_changed;
pub mod parameter_default_changed;
pub mod parameter_made_optional;
pub mod parameter_made_required;
pub mod parameter_moved;
pub mod parameter_optional_added;
pub mod parameter_passing_changed;
pub mod parameter_removed;
pub mod parameter_renamed;
pub mod parameter_required_added;
pub mod parameter_rest_changed;
pub mod parameter_type_changed;
pub mod raises_changed;
pub mod read_only_changed;
pub mod return_type_changed;
pub mod symbol_added;
pub mod symbol_kind_changed;
pub mod symbol_moved;
pub mod symbol_removed;
pub mod symbol_renamed;

use super::context::Context;
use crate::draft::Drafts;
use crate::rule::Rule;
use crate::secret::looks_secret;

/// Every rule of the family.
pub static RULES: &[&Rule] = &[
    &abstract_changed::RULE,
    &alias_changed::RULE,
    &async_changed::RULE,
    &attribute_type_changed::RULE,
    &base_changed::RULE,
    &binding_changed::RULE,
    &constant_changed::RULE,
    &deprecated::RULE,
    &enum_value_changed::RULE,
    &field_presence_changed::RULE,
    &field_required_changed::RULE,
    &generator_changed::RULE,
    &generics_changed::RULE,
    &overload_changed::RULE,
    &parameter_default_changed::RULE,
    &parameter_made_optional::RULE,
    &parameter_made_required::RULE,
    &parameter_moved::RULE,
    &parameter_optional_added::RULE,
    &parameter_passing_changed::RULE,
    &parameter_removed::RULE,
    &parameter_renamed::RULE,
    &parameter_required_added::RULE,
    &parameter_rest_changed::RULE,
    &parameter_type_changed::RULE,
    &raises_changed::RULE,
    &read_only_changed::RULE,
    &return_type_changed::RULE,
    &symbol_added::RULE,
    &symbol_kind_changed::RULE,
    &symbol_moved::RULE,
    &symbol_removed::RULE,
    &symbol_renamed::RULE,
];

/// What each rule does.
pub(crate) static CHECKS: &[fn(&Context<'_>, &mut Drafts)] = &[
    abstract_changed::check,
    alias_changed::check,
    async_changed::check,
    attribute_type_changed::check,
    base_changed::check,
    binding_changed::check,
    constant_changed::check,
    deprecated::check,
    enum_value_changed::check,
    field_presence_changed::check,
    field_required_changed::check,
    generator_changed::check,
    generics_changed::check,
    overload_changed::check,
    parameter_default_changed::check,
    parameter_made_optional::check,
    parameter_made_required::check,
    parameter_moved::check,
    parameter_optional_added::check,
    parameter_passing_changed::check,
    parameter_removed::check,
    parameter_renamed::check,
    parameter_required_added::check,
    parameter_rest_changed::check,
    parameter_type_changed::check,
    raises_changed::check,
    read_only_changed::check,
    return_type_changed::check,
    symbol_added::check,
    symbol_kind_changed::check,
    symbol_moved::check,
    symbol_removed::check,
    symbol_renamed::check,
];

/// A value as it may be shown: truth values, and numbers of what is no secret; of anything else only its kind. A text is never
/// shown: what stands in one may be a password under any name.
pub(super) fn value(name: &str, text: &str) -> String {
    let is_text = text.ends_with(['"', '\'', '`']);
    let truth = matches!(text, "True" | "False" | "None" | "true" | "false" | "null" | "undefined" | "()" | "[]" | "{}");
    let number = text.parse::<f64>().is_ok();
    if truth || number && !looks_secret(name) {
        text.to_owned()
    } else if number {
        "a number".to_owned()
    } else if is_text {
        "a text".to_owned()
    } else {
        "an expression".to_owned()
    }
}

/// What became of a value, when both sides are as `value` shows them.
pub(super) fn became(before: &str, after: &str) -> String {
    match after.split_once(' ') {
        Some(("a" | "an", kind)) if before == after => format!("is another {kind} now"),
        _ => format!("was {before} and is {after}"),
    }
}
