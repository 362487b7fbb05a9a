//! The rules of Avro, one a file, and who calls them with what.
//!
//! Resolution finds the problems; a rule each says what they mean. Further rules look at pairs of types that resolve and
//! note what happens without an error. Tests: cases in `tests/cases/avro/`.

pub mod alias_removed;
pub mod decimal_changed;
pub mod enum_symbol_defaulted;
pub mod enum_symbol_unknown;
pub mod field_added;
pub mod field_default_changed;
pub mod field_removed;
pub mod field_renamed;
pub mod field_without_default;
pub mod fixed_size_changed;
pub mod logical_type_changed;
pub mod name_changed;
pub mod namespace_changed;
pub mod order_changed;
pub mod promotion_rounds;
pub mod schema_added;
pub mod schema_removed;
pub mod type_changed;
pub mod union_branch_unknown;

use super::context::{Context, Sides};
use super::resolve::{Problem, Why};
use super::schema::Id;
use crate::rule::Rule;

/// Every rule's card.
pub static RULES: &[&Rule] = &[
    &type_changed::RULE,
    &name_changed::RULE,
    &fixed_size_changed::RULE,
    &enum_symbol_unknown::RULE,
    &enum_symbol_defaulted::RULE,
    &field_without_default::RULE,
    &field_added::RULE,
    &field_removed::RULE,
    &field_renamed::RULE,
    &field_default_changed::RULE,
    &order_changed::RULE,
    &union_branch_unknown::RULE,
    &decimal_changed::RULE,
    &logical_type_changed::RULE,
    &namespace_changed::RULE,
    &alias_removed::RULE,
    &promotion_rounds::RULE,
    &schema_removed::RULE,
    &schema_added::RULE,
];

/// The rule that a problem belongs to.
pub(super) fn problem(context: &mut Context<'_>, sides: Sides, problem: &Problem) {
    match problem.why {
        Why::Type => type_changed::say(context, sides, problem),
        Why::Name => name_changed::say(context, sides, problem),
        Why::FixedSize => fixed_size_changed::say(context, sides, problem),
        Why::Symbols(_) => enum_symbol_unknown::say(context, sides, problem),
        Why::FieldWithoutDefault(_) => field_without_default::say(context, sides, problem),
        Why::Branch(_) => union_branch_unknown::say(context, sides, problem),
        Why::Decimal => decimal_changed::say(context, sides, problem),
        Why::Logical => logical_type_changed::say(context, sides, problem),
    }
}

/// What must be known before problems are told: proposals of renames.
pub(super) fn renames(context: &mut Context<'_>, old: Id, new: Id) {
    field_renamed::check(context, old, new);
}

/// What happens without an error.
pub(super) fn notes(context: &mut Context<'_>, old: Id, new: Id) {
    field_added::check(context, old, new);
    field_removed::check(context, old, new);
    field_default_changed::check(context, old, new);
    order_changed::check(context, old, new);
    enum_symbol_defaulted::check(context, old, new);
    namespace_changed::check(context, old, new);
    alias_removed::check(context, old, new);
    promotion_rounds::check(context, old, new);
}
