//! The rules of schemas compared, one a file. Cases: `tests/cases/sql-compare/`.

pub mod affinity_changed;
pub mod char_padding_changed;
pub mod check_added;
pub mod check_changed;
pub mod check_dropped;
pub mod collation_changed;
pub mod column_added;
pub mod column_option_changed;
pub mod column_order_changed;
pub mod column_removed;
pub mod column_renamed;
pub mod column_required_added;
pub mod constraint_changed;
pub mod default_added;
pub mod default_changed;
pub mod default_dropped;
pub mod enum_label_added;
pub mod enum_label_removed;
pub mod enum_order_changed;
pub mod enum_to_text;
pub mod exactness_changed;
pub mod foreign_key_action_changed;
pub mod foreign_key_added;
pub mod foreign_key_dropped;
pub mod foreign_key_target_changed;
pub mod generated_changed;
pub mod grant_added;
pub mod grant_removed;
pub mod identity_changed;
pub mod index_added;
pub mod index_dropped;
pub mod json_form_changed;
pub mod key_timing_changed;
pub mod not_null_added;
pub mod not_null_dropped;
pub mod object_added;
pub mod object_changed;
pub mod object_removed;
pub mod partitioning_changed;
pub mod policy_changed;
pub mod precision_changed;
pub mod primary_key_changed;
pub mod publication_changed;
pub mod replica_identity_changed;
pub mod row_security_changed;
pub mod signedness_changed;
pub mod storage_changed;
pub mod strictness_changed;
pub mod table_added;
pub mod table_kind_changed;
pub mod table_removed;
pub mod table_renamed;
pub mod time_zone_changed;
pub mod trigger_changed;
pub mod type_changed;
pub mod type_narrowed;
pub mod type_widened;
pub mod unique_added;
pub mod unique_dropped;
pub mod unique_nulls_changed;
pub mod view_added;
pub mod view_changed;
pub mod view_removed;

use super::pair::{Couple, Pair, Sides};
use super::sink::Sink;
use crate::rule::Rule;

/// What a rule looks at.
enum Check {
    Schema(fn(&Sides<'_>, &mut Sink<'_>)),
    Table(fn(&Sides<'_>, &Pair<'_>, &mut Sink<'_>)),
    Column(fn(&Sides<'_>, &Pair<'_>, &Couple<'_>, &mut Sink<'_>)),
}

/// Every rule's card.
pub static RULES: &[&Rule] = &[
    &affinity_changed::RULE,
    &char_padding_changed::RULE,
    &check_added::RULE,
    &check_changed::RULE,
    &check_dropped::RULE,
    &collation_changed::RULE,
    &column_added::RULE,
    &column_option_changed::RULE,
    &column_order_changed::RULE,
    &column_removed::RULE,
    &column_renamed::RULE,
    &column_required_added::RULE,
    &constraint_changed::RULE,
    &default_added::RULE,
    &default_changed::RULE,
    &default_dropped::RULE,
    &enum_label_added::RULE,
    &enum_label_removed::RULE,
    &enum_order_changed::RULE,
    &enum_to_text::RULE,
    &exactness_changed::RULE,
    &foreign_key_action_changed::RULE,
    &foreign_key_added::RULE,
    &foreign_key_dropped::RULE,
    &foreign_key_target_changed::RULE,
    &generated_changed::RULE,
    &grant_added::RULE,
    &grant_removed::RULE,
    &identity_changed::RULE,
    &index_added::RULE,
    &index_dropped::RULE,
    &json_form_changed::RULE,
    &key_timing_changed::RULE,
    &not_null_added::RULE,
    &not_null_dropped::RULE,
    &object_added::RULE,
    &object_changed::RULE,
    &object_removed::RULE,
    &partitioning_changed::RULE,
    &policy_changed::RULE,
    &precision_changed::RULE,
    &primary_key_changed::RULE,
    &publication_changed::RULE,
    &replica_identity_changed::RULE,
    &row_security_changed::RULE,
    &signedness_changed::RULE,
    &storage_changed::RULE,
    &strictness_changed::RULE,
    &table_added::RULE,
    &table_kind_changed::RULE,
    &table_removed::RULE,
    &table_renamed::RULE,
    &time_zone_changed::RULE,
    &trigger_changed::RULE,
    &type_changed::RULE,
    &type_narrowed::RULE,
    &type_widened::RULE,
    &unique_added::RULE,
    &unique_dropped::RULE,
    &unique_nulls_changed::RULE,
    &view_added::RULE,
    &view_changed::RULE,
    &view_removed::RULE,
];

const CHECKS: &[Check] = &[
    Check::Column(affinity_changed::check),
    Check::Column(char_padding_changed::check),
    Check::Table(check_added::check),
    Check::Table(check_changed::check),
    Check::Table(check_dropped::check),
    Check::Column(collation_changed::check),
    Check::Table(column_added::check),
    Check::Column(column_option_changed::check),
    Check::Table(column_order_changed::check),
    Check::Table(column_removed::check),
    Check::Column(column_renamed::check),
    Check::Table(column_required_added::check),
    Check::Table(constraint_changed::check),
    Check::Column(default_added::check),
    Check::Column(default_changed::check),
    Check::Column(default_dropped::check),
    Check::Column(enum_label_added::check),
    Check::Column(enum_label_removed::check),
    Check::Column(enum_order_changed::check),
    Check::Column(enum_to_text::check),
    Check::Column(exactness_changed::check),
    Check::Table(foreign_key_action_changed::check),
    Check::Table(foreign_key_added::check),
    Check::Table(foreign_key_dropped::check),
    Check::Table(foreign_key_target_changed::check),
    Check::Column(generated_changed::check),
    Check::Table(grant_added::check),
    Check::Table(grant_removed::check),
    Check::Column(identity_changed::check),
    Check::Table(index_added::check),
    Check::Table(index_dropped::check),
    Check::Column(json_form_changed::check),
    Check::Table(key_timing_changed::check),
    Check::Column(not_null_added::check),
    Check::Column(not_null_dropped::check),
    Check::Schema(object_added::check),
    Check::Schema(object_changed::check),
    Check::Schema(object_removed::check),
    Check::Table(partitioning_changed::check),
    Check::Table(policy_changed::check),
    Check::Column(precision_changed::check),
    Check::Table(primary_key_changed::check),
    Check::Table(publication_changed::check),
    Check::Table(replica_identity_changed::check),
    Check::Table(row_security_changed::check),
    Check::Column(signedness_changed::check),
    Check::Table(storage_changed::check),
    Check::Table(strictness_changed::check),
    Check::Schema(table_added::check),
    Check::Table(table_kind_changed::check),
    Check::Schema(table_removed::check),
    Check::Table(table_renamed::check),
    Check::Column(time_zone_changed::check),
    Check::Table(trigger_changed::check),
    Check::Column(type_changed::check),
    Check::Column(type_narrowed::check),
    Check::Column(type_widened::check),
    Check::Table(unique_added::check),
    Check::Table(unique_dropped::check),
    Check::Table(unique_nulls_changed::check),
    Check::Schema(view_added::check),
    Check::Schema(view_changed::check),
    Check::Schema(view_removed::check),
];

/// Runs every rule over everything that it looks at.
pub(crate) fn run(sides: &Sides<'_>, sink: &mut Sink<'_>) {
    for check in CHECKS {
        match check {
            Check::Schema(check) => check(sides, sink),
            Check::Table(check) => sides.pairs.iter().for_each(|pair| check(sides, pair, sink)),
            Check::Column(check) => {
                for pair in &sides.pairs {
                    pair.couples.iter().for_each(|couple| check(sides, pair, couple, sink));
                }
            }
        }
    }
}
