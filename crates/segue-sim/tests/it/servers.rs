//! Where the servers of the tests are.

use std::path::PathBuf;

use segue_mysql::private_server::{Programs, find_programs};
use segue_postgres::private_server::find_bins;

/// PostgreSQL's programs, the oldest first.
pub(crate) fn postgres() -> Vec<PathBuf> {
    let bins = find_bins(std::env::var("SEGUE_TEST_PG_BINS").ok().as_deref());
    assert!(!bins.is_empty(), "no PostgreSQL: `apt-get install postgresql`, or set SEGUE_TEST_PG_BINS");
    bins
}

/// MariaDB's programs; a plain clone may do without them.
pub(crate) fn mariadb() -> Option<Programs> {
    let home = std::env::var_os("SEGUE_TEST_MARIADB").map(PathBuf::from);
    let found = find_programs(home.as_deref());
    assert!(
        found.is_some() || std::env::var_os("CI").is_none(),
        "no MariaDB: `apt-get install mariadb-server-core`, or set SEGUE_TEST_MARIADB"
    );
    found
}
