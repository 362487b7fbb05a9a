//! Rules of arguments of fields; what they have in common is judged in `pair/inputs.rs`. Tests: `tests/cases/graphql/`.

pub mod added;
pub mod became_optional;
pub mod became_required;
pub mod default_changed;
pub mod removed;
pub mod renamed;
pub mod required_added;
pub mod type_changed;

use super::InputRules;

/// All of them.
pub(in crate::graphql) static RULES: InputRules = InputRules {
    removed: &removed::RULE,
    added: &added::RULE,
    required_added: &required_added::RULE,
    renamed: &renamed::RULE,
    became_required: &became_required::RULE,
    became_optional: &became_optional::RULE,
    type_changed: &type_changed::RULE,
    default_changed: &default_changed::RULE,
};
