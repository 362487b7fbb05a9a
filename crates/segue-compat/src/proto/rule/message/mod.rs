//! Rules about messages as a whole.

pub mod accessor_removed;
pub mod added;
pub mod extension_range_removed;
pub mod extension_removed;
pub mod json_format_changed;
pub mod moved;
pub mod oneof_removed;
pub mod removed;
pub mod renamed;
pub mod reserved_removed;
pub mod reserved_reused;
pub mod set_format_changed;

use super::{Context, MessagePair, service};

pub(super) fn check(context: &mut Context<'_>, pair: &MessagePair<'_>) {
    json_format_changed::check(context, pair);
    set_format_changed::check(context, pair);
    accessor_removed::check(context, pair);
    reserved_removed::check(context, pair);
    reserved_reused::check(context, pair);
    extension_range_removed::check(context, pair);
    oneof_removed::check(context, pair);
    service::deprecated::check(context, &pair.old.name, pair.new.place, pair.old.deprecated, pair.new.deprecated);
}
