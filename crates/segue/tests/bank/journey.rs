//! R6: the whole journey under eight writers on both versions: expand, backfill, shift, rollback, forward again,
//! contract. No statement fails, no money comes or goes, nothing stays behind.

use crate::bank::{Bank, Size};
use crate::check::check;
use crate::figures::{report, soak};
use crate::servers;
use crate::teller::Speech::{Base, Early, Mixed, New, Old};

fn size() -> Size {
    if soak() { Size { accounts: 20_000, ledger: 60_000 } } else { Size { accounts: 1_500, ledger: 3_000 } }
}

/// From the old form to the end of `shift`, with the new form spoken as early as it may be.
fn forward(bank: &Bank, transactions: u64) {
    bank.folder.apply(Some("expand")).expect(0);
    bank.speak([Old, Base, Mixed, Early, Early, Old, Mixed, Early]);
    bank.work(transactions);
    bank.folder.apply(Some("verify")).expect(0);
    bank.folder.apply(Some("shift")).expect(0);
    bank.speak([Old, Base, Mixed, New, New, Old, Mixed, New]);
    bank.work(transactions);
    bank.folder.segue(&["verify"]).expect(0);
}

fn journey(mut bank: Bank, suite: &str) {
    let transactions = if soak() { 4_000 } else { 250 };
    let before = bank.world.catalog();
    bank.open();
    forward(&bank, transactions);

    // The new version is withdrawn; both sides' writes stay.
    bank.speak([Old, Base, Base, Old, Old, Base, Old, Base]);
    bank.folder.segue(&["rollback", "--yes"]).expect(0);
    assert_eq!(bank.world.leftovers(), Vec::<String>::new(), "after rollback");
    assert_eq!(bank.world.catalog(), before, "rollback leaves the catalog as it was");
    bank.work(transactions);

    forward(&bank, transactions);
    bank.speak_all(New);
    bank.work(transactions);
    bank.folder.apply(None).expect(0);
    bank.work(transactions);
    assert_eq!(bank.world.leftovers(), Vec::<String>::new(), "after contract");
    bank.folder.apply(None).expect(0);

    let seen = bank.close();
    let found = check(bank.folder.path(), bank.world.teller().as_mut(), New, bank.size);
    report(suite, bank.world.as_ref(), &seen, &found, 0);
    assert!(seen.reads > 20, "only {} whole-table reads", seen.reads);
}

#[test]
fn the_bank_on_sqlite() {
    journey(servers::sqlite(size()).0, "R6 bank, SQLite");
}

#[test]
fn the_bank_on_postgres() {
    for bins in servers::majors() {
        journey(servers::bank_on(&bins, size()).0, "R6 bank, PostgreSQL");
    }
}
