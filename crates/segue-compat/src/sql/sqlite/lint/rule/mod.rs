//! The rules of migration scripts for SQLite, one a file. Cases: `tests/cases/sql-script-sqlite/`.

pub mod alter_refused;
pub mod breaks_clients;
pub mod loses_data;
pub mod pragma_in_transaction;
pub mod rebuild_traps;
pub mod whole_file_lock;

use super::Found;
use crate::rule::Rule;
use crate::sql::ddl::script::Seen;

/// Every rule's card.
pub static RULES: &[&Rule] = &[
    &alter_refused::RULE,
    &breaks_clients::RULE,
    &loses_data::RULE,
    &pragma_in_transaction::RULE,
    &rebuild_traps::RULE,
    &whole_file_lock::RULE,
];

/// Every rule looks at a statement.
pub(super) fn run(seen: &Seen<'_>, found: &mut Found<'_>) {
    alter_refused::check(seen, found);
    breaks_clients::check(seen, found);
    loses_data::check(seen, found);
    pragma_in_transaction::check(seen, found);
    rebuild_traps::check(seen, found);
    whole_file_lock::check(seen, found);
}
