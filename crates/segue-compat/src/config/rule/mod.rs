//! The rules of configuration, one a file. Tests: `tests/it/config/`, cases in `tests/cases/config`.

pub mod duplicate_key;
pub mod guard_opened;
pub mod key_added;
pub mod key_removed;
pub mod key_renamed;
pub mod override_orphaned;
pub mod reference_gone;
pub mod schema_refuses;
pub mod type_changed;
pub mod value_changed;
pub mod yaml_ambiguous;

use super::context::Context;
use crate::draft::Drafts;
use crate::rule::Rule;

/// Every rule of the family.
pub static RULES: &[&Rule] = &[
    &duplicate_key::RULE,
    &guard_opened::RULE,
    &key_added::RULE,
    &key_removed::RULE,
    &key_renamed::RULE,
    &override_orphaned::RULE,
    &reference_gone::RULE,
    &schema_refuses::RULE,
    &type_changed::RULE,
    &value_changed::RULE,
    &yaml_ambiguous::RULE,
];

/// What each rule does.
pub(crate) static CHECKS: &[fn(&Context<'_>, &mut Drafts)] = &[
    duplicate_key::check,
    guard_opened::check,
    key_added::check,
    key_removed::check,
    key_renamed::check,
    override_orphaned::check,
    reference_gone::check,
    schema_refuses::check,
    type_changed::check,
    value_changed::check,
    yaml_ambiguous::check,
];
