//! One rule a file. What a rule says of itself stands in its `//!` text and its card; `docs/rules/` is made of both.
//!
//! A rule judges one kind of change and pushes what it found. Must never look at anything but what it is given and the two
//! schemas. Tests: `tests/cases/graphql/`, one or more cases for every rule, in both directions.

pub mod access;
pub mod argument;
pub mod deprecation;
pub mod directive;
pub mod directive_argument;
pub mod enum_value;
pub mod federation;
pub mod field;
pub mod hidden;
pub mod implementation;
pub mod input_field;
pub mod one_of;
pub mod root;
pub mod scalar;
pub mod type_def;
pub mod union_member;
pub mod use_changed;

use crate::rule::Rule;

/// The rules of what clients give, for one kind of owner.
#[derive(Debug)]
pub(super) struct InputRules {
    pub(super) removed: &'static Rule,
    pub(super) added: &'static Rule,
    pub(super) required_added: &'static Rule,
    pub(super) renamed: &'static Rule,
    pub(super) became_required: &'static Rule,
    pub(super) became_optional: &'static Rule,
    pub(super) type_changed: &'static Rule,
    pub(super) default_changed: &'static Rule,
}

/// Every rule of the family.
pub(super) static RULES: &[&Rule] = &[
    &access::changed::RULE,
    &access::loosened::RULE,
    &access::tightened::RULE,
    &argument::added::RULE,
    &argument::became_optional::RULE,
    &argument::became_required::RULE,
    &argument::default_changed::RULE,
    &argument::removed::RULE,
    &argument::renamed::RULE,
    &argument::required_added::RULE,
    &argument::type_changed::RULE,
    &deprecation::added::RULE,
    &deprecation::reason_changed::RULE,
    &deprecation::removed::RULE,
    &directive::added::RULE,
    &directive::location_added::RULE,
    &directive::location_removed::RULE,
    &directive::removed::RULE,
    &directive::repeatable_added::RULE,
    &directive::repeatable_removed::RULE,
    &directive_argument::added::RULE,
    &directive_argument::became_optional::RULE,
    &directive_argument::became_required::RULE,
    &directive_argument::default_changed::RULE,
    &directive_argument::removed::RULE,
    &directive_argument::renamed::RULE,
    &directive_argument::required_added::RULE,
    &directive_argument::type_changed::RULE,
    &enum_value::added::RULE,
    &enum_value::removed::RULE,
    &enum_value::renamed::RULE,
    &federation::composition_changed::RULE,
    &federation::key_added::RULE,
    &federation::key_removed::RULE,
    &field::added::RULE,
    &field::merge_conflict::RULE,
    &field::removed::RULE,
    &field::renamed::RULE,
    &field::type_changed::RULE,
    &hidden::added::RULE,
    &hidden::removed::RULE,
    &implementation::added::RULE,
    &implementation::removed::RULE,
    &input_field::added::RULE,
    &input_field::became_optional::RULE,
    &input_field::became_required::RULE,
    &input_field::default_changed::RULE,
    &input_field::removed::RULE,
    &input_field::renamed::RULE,
    &input_field::required_added::RULE,
    &input_field::type_changed::RULE,
    &one_of::added::RULE,
    &one_of::removed::RULE,
    &root::added::RULE,
    &root::changed::RULE,
    &root::removed::RULE,
    &scalar::specification_changed::RULE,
    &type_def::added::RULE,
    &type_def::kind_changed::RULE,
    &type_def::removed::RULE,
    &type_def::renamed::RULE,
    &union_member::added::RULE,
    &union_member::removed::RULE,
    &use_changed::limit::RULE,
    &use_changed::other::RULE,
];
