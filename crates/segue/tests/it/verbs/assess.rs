//! `segue assess`: what is there, what cannot be reached, what is not there, and nowhere to write.

use super::{AWAY, HERE, runs, shop_with};
use crate::fixture::Folder;

#[test]
fn whole() {
    let folder = Folder::new();
    folder.write(
        "dump.sql",
        "CREATE TABLE `t` (`id` bigint unsigned NOT NULL AUTO_INCREMENT, `s` set('a','b'), PRIMARY KEY (`id`)) ENGINE=InnoDB;\n",
    );
    runs(&folder, &["assess", "dump.sql", "--to", "postgres", "--today", "2026-11-21"], 0);
    runs(&folder, &["assess", "dump.sql", "-o", "no/such/folder.md"], 1);
    runs(&folder, &["assess", "nothing.here"], 64);
    runs(&shop_with(5, HERE, AWAY), &["assess", "-f", "segue.yaml"], 10);
}
