//! Faults planted behind Segue's back in a SQLite file, each of which `verify` and the way to `contract` must see.

use std::sync::Arc;

use crate::bank::{Bank, Size};
use crate::figures::figure;
use crate::on_sqlite::Sqlite;
use crate::run::Said;
use crate::servers;
use crate::teller::World as _;

const SIZE: Size = Size { accounts: 300, ledger: 300 };

fn at(phase: &str) -> (Bank, Arc<Sqlite>) {
    let (bank, world) = servers::sqlite(SIZE);
    bank.folder.apply(Some(phase)).expect(0);
    (bank, world)
}

#[track_caller]
fn seen(bank: &Bank, world: &Sqlite, fault: &str) -> Said {
    let said = bank.folder.segue(&["verify"]).expect(4);
    bank.folder.apply(None).expect(4);
    let old: i64 = world
        .open()
        .query_row("select count(*) from pragma_table_xinfo('accounts') where name = 'owner'", [], |row| row.get(0))
        .expect("columns");
    assert_eq!(old, 1, "the old form stands");
    figure("R6 planted", &format!("{fault}, SQLite: caught"), 1, 1);
    said
}

/// Does something while the triggers of a table look away.
fn unseen(world: &Sqlite, table: &str, sql: &str) {
    let triggers = world.objects("trigger", table);
    assert!(!triggers.is_empty(), "both forms live: {table} has triggers");
    let drops = triggers.iter().map(|(name, _)| format!("drop trigger \"{name}\";")).collect::<Vec<_>>().concat();
    let makes = triggers.iter().map(|(_, sql)| format!("{sql};")).collect::<Vec<_>>().concat();
    world.tamper(&format!("begin immediate; {drops} {sql}; {makes} commit"));
}

#[test]
fn a_trigger_dropped_behind_our_back_is_seen() {
    let (bank, world) = at("shift");
    for (name, _) in world.objects("trigger", "accounts") {
        world.tamper(&format!("drop trigger \"{name}\""));
    }
    world.tamper("update accounts set balance = balance + 100 where id = 77");
    let said = seen(&bank, &world, "trigger dropped");
    assert!(said.out.contains("77"), "the row is named:\n{}", said.out);
}

#[test]
fn a_skipped_batch_is_seen() {
    let (bank, world) = at("shift");
    unseen(&world, "accounts", "update accounts set balance__bank = 0 where id between 100 and 120");
    seen(&bank, &world, "batch skipped");
}

#[test]
fn a_batch_that_was_never_written_but_is_said_to_be_never_reaches_shift() {
    for what in [
        "accounts set balance__bank = null",
        "accounts set balance__bank = x'005365677565'",
        "accounts set holder = null",
        "ledger set kind = null",
    ] {
        let (bank, world) = at("backfill");
        let (table, _) = what.split_once(' ').expect("a table");
        let key = if table == "ledger" { "-120 and -100" } else { "100 and 120" };
        unseen(&world, table, &format!("update {what} where id between {key}"));
        let apply = bank.folder.apply(None);
        assert_eq!(apply.code, 4, "{what}: {apply:?}");
    }
}

#[test]
fn a_wrong_down_is_seen_by_verifys_own_evaluation() {
    let (bank, world) = at("shift");
    let mut planted = 0;
    for (name, sql) in world.objects("trigger", "accounts_bank_new") {
        let wrong = sql.replace("round(balance * 100)", "round(balance * 10)");
        if wrong != sql {
            world.tamper(&format!("begin immediate; drop trigger \"{name}\"; {wrong}; commit"));
            planted += 1;
        }
    }
    assert!(planted > 0, "the view's triggers convert");
    world.tamper("update accounts_bank_new set balance = 123.45 where id = 7");
    let old: i64 = world.open().query_row("select balance from accounts where id = 7", [], |row| row.get(0)).expect("a balance");
    assert_eq!(old, 1235, "the planted conversion was used");
    seen(&bank, &world, "wrong down");
}

#[test]
fn rows_reset_after_the_backfill_are_converted_or_named() {
    let (bank, world) = at("backfill");
    unseen(
        &world,
        "accounts",
        "update accounts set balance__bank = x'005365677565', holder = x'005365677565', segue_side_bank = 0 where id between 20 and 60",
    );
    let said = bank.folder.apply(None);
    assert_ne!(said.code, 0, "41 rows are not converted, and contract went on: {said:?}");
    let open: i64 = world
        .open()
        .query_row("select count(*) from accounts where segue_side_bank = 0", [], |row| row.get(0))
        .expect("both forms still stand");
    assert_eq!(open, 41);
    figure("R6 planted", "checkpoint ahead, SQLite: caught", 1, 1);
}
