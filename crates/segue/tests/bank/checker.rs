//! The checker itself: it must see what is planted in a bank that a real journey left behind.

use crate::bank::{Bank, Size};
use crate::check::{Fault, Found, check};
use crate::figures::figure;
use crate::servers;
use crate::teller::Speech::{Base, Mixed, New, Old};

const SIZE: Size = Size { accounts: 60, ledger: 50 };

/// A bank after a whole journey with writers on both versions; nothing is wrong with it.
fn finished(mut bank: Bank) -> Bank {
    bank.open();
    bank.folder.apply(Some("shift")).expect(0);
    bank.speak([Old, Base, Mixed, New, New, Old, Mixed, New]);
    bank.work(100);
    bank.speak_all(New);
    bank.folder.apply(None).expect(0);
    let seen = bank.close();
    assert!(seen.failed.is_empty(), "{:#?}", seen.failed);
    look(&bank).expect_none();
    bank
}

fn look(bank: &Bank) -> Found {
    check(bank.folder.path(), bank.world.teller().as_mut(), New, bank.size)
}

/// Plants a fault; the checker must name every one of these kinds.
#[track_caller]
fn caught(bank: Bank, sql: &str, kinds: &[Fault]) -> Found {
    let bank = finished(bank);
    bank.world.tamper(sql);
    let found = look(&bank);
    for kind in kinds {
        assert!(found.kinds().contains(kind), "{kind:?} was planted; found: {:#?}", found.faults);
    }
    figure("R6 checker", &format!("planted {kinds:?} caught"), 1, 1);
    found
}

/// One of the middle, so that its writer's sequence gets a hole.
const LOSE: &str = "delete from ledger where id = (select id from ledger where id > 0 and seq = 3 order by id limit 1)";
const DOUBLE: &str = "insert into ledger (id, writer, seq, debit, credit, amount, memo, kind)
    select id + 500000, writer, 900000, debit, credit, amount, memo, kind from ledger where id > 0 and amount > 0 order by id limit 1";
const SWAP: &str = "update accounts set balance = (select max(balance) + min(balance) from accounts where id <= 60) - balance
    where id in (select id from accounts where id <= 60 and balance = (select max(balance) from accounts where id <= 60) order by id limit 1)
       or id in (select id from accounts where id <= 60 and balance = (select min(balance) from accounts where id <= 60) order by id limit 1)";

#[test]
fn a_lost_acknowledged_write_is_seen_on_sqlite() {
    caught(servers::sqlite(SIZE).0, LOSE, &[Fault::Lost, Fault::Gap]);
}

#[test]
fn a_lost_acknowledged_write_is_seen_on_postgres() {
    caught(servers::postgres(SIZE).0, LOSE, &[Fault::Lost, Fault::Gap]);
}

#[test]
fn a_doubled_write_is_seen_on_sqlite() {
    caught(servers::sqlite(SIZE).0, DOUBLE, &[Fault::Doubled]);
}

#[test]
fn a_doubled_write_is_seen_on_postgres() {
    caught(servers::postgres(SIZE).0, DOUBLE, &[Fault::Doubled]);
}

#[test]
fn values_swapped_between_rows_are_seen_on_sqlite() {
    let found = caught(servers::sqlite(SIZE).0, SWAP, &[Fault::Wrong]);
    assert_eq!(found.count(Fault::Wrong), 2, "the sum is as it was, two accounts are not: {:#?}", found.faults);
}

#[test]
fn values_swapped_between_rows_are_seen_on_postgres() {
    let found = caught(servers::postgres(SIZE).0, SWAP, &[Fault::Wrong]);
    assert_eq!(found.count(Fault::Wrong), 2, "the sum is as it was, two accounts are not: {:#?}", found.faults);
}

#[test]
fn a_write_that_nobody_made_is_seen() {
    caught(
        servers::sqlite(SIZE).0,
        "insert into accounts (id, holder, balance) values (7000001, 'nobody', 0.01)",
        &[Fault::Ghost, Fault::Sum],
    );
}
