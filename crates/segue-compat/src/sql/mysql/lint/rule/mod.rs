//! The rules of migration scripts for MySQL and MariaDB, one a file. Cases: `tests/cases/sql-script-mysql/`.

pub mod algorithm_refused;
pub mod alter_copies;
pub mod alter_rebuilds;
pub mod breaks_clients;
pub mod checks_off;
pub mod ddl_commits;
pub mod loses_data;
pub mod metadata_lock;
pub mod whole_table_write;

use super::Found;
use crate::rule::Rule;
use crate::sql::ddl::script::Seen;

/// Every rule's card.
pub static RULES: &[&Rule] = &[
    &algorithm_refused::RULE,
    &alter_copies::RULE,
    &alter_rebuilds::RULE,
    &breaks_clients::RULE,
    &checks_off::RULE,
    &ddl_commits::RULE,
    &loses_data::RULE,
    &metadata_lock::RULE,
    &whole_table_write::RULE,
];

/// Every rule looks at a statement.
pub(super) fn run(seen: &Seen<'_>, found: &mut Found<'_>) {
    algorithm_refused::check(seen, found);
    alter_copies::check(seen, found);
    alter_rebuilds::check(seen, found);
    breaks_clients::check(seen, found);
    checks_off::check(seen, found);
    ddl_commits::check(seen, found);
    loses_data::check(seen, found);
    metadata_lock::check(seen, found);
    whole_table_write::check(seen, found);
}
