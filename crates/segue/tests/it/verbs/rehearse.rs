//! `segue rehearse`: one that passes, and what is refused before anything is copied.

use super::{AWAY, HERE, runs, shop_with};
use crate::fixture::Folder;

#[test]
fn whole() {
    runs(&Folder::shop(50), &["rehearse"], 0);
    runs(&shop_with(5, "table: users, from", "table: userz, from"), &["rehearse"], 3);
    runs(&shop_with(5, HERE, AWAY), &["rehearse"], 10);
    runs(&shop_with(5, HERE, "{sqlite: {path: shop.db}, facts: {production: true}}"), &["rehearse"], 64);
}
