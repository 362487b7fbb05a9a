//! Faults planted behind Segue's back on PostgreSQL, each of which `verify` and the way to `contract` must see.

use std::sync::Arc;

use crate::bank::{Bank, Size};
use crate::figures::figure;
use crate::on_postgres::Postgres;
use crate::run::{APPLY, Said};
use crate::servers;
use crate::teller::World as _;

const SIZE: Size = Size { accounts: 300, ledger: 300 };

fn at(phase: &str) -> (Bank, Arc<Postgres>) {
    let (bank, world) = servers::postgres(SIZE);
    bank.folder.apply(Some(phase)).expect(0);
    (bank, world)
}

/// `verify` says 4, and no way leads to the point of no return.
#[track_caller]
fn seen(bank: &Bank, world: &Postgres, fault: &str) -> Said {
    let said = bank.folder.segue(&["verify"]).expect(4);
    bank.folder.apply(None).expect(4);
    let old = world.one("select count(*) from information_schema.columns where table_name = 'accounts' and table_schema = 'public' and column_name = 'owner'");
    assert_eq!(old, "1", "the old form stands");
    figure("R6 planted", &format!("{fault}, PostgreSQL: caught"), 1, 1);
    said
}

fn replica(world: &Postgres, sql: &str) {
    world.tamper(&format!("set session_replication_role = replica; {sql}"));
}

/// A trigger function with other words in it, as an administrator's `create or replace` leaves it.
fn replace_in_functions(world: &Postgres, from: &str, to: &str) {
    let with = format!(
        "with f as (select p.oid, pg_get_functiondef(p.oid) as def from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'segue' and p.prokind = 'f' and position('{from}' in p.prosrc) > 0)"
    );
    let found: i64 = world.one(&format!("{with} select count(*) from f")).parse().expect("a count");
    assert!(found > 0, "no function of ours says `{from}`");
    world.tamper(&format!(
        "do $plant$ declare r record; begin for r in {with} select def from f loop execute replace(r.def, '{from}', '{to}'); end loop; end $plant$"
    ));
}

#[test]
fn a_trigger_dropped_behind_our_back_is_seen() {
    let (bank, world) = at("shift");
    world.tamper(
        "do $plant$ declare r record; begin for r in select tgname from pg_trigger where tgrelid = 'accounts'::regclass and not tgisinternal loop
           execute format('drop trigger %I on accounts', r.tgname); end loop; end $plant$;
         update accounts set balance = balance + 100 where id = 77",
    );
    let said = seen(&bank, &world, "trigger dropped");
    assert!(said.out.contains("77"), "the row is named:\n{}", said.out);
}

#[test]
fn a_trigger_disabled_before_shift_keeps_the_new_form_from_being_ready() {
    let (bank, world) = at("backfill");
    world.tamper("alter table accounts disable trigger user; update accounts set owner = 'somebody else' where id = 12");
    bank.folder.apply(None).expect(4);
    let status = bank.folder.segue(&["status", "--format", "json"]).expect(0);
    let status: serde_json::Value = serde_json::from_str(&status.out).expect("JSON");
    assert_ne!(status["versions"]["new"]["ready"], true, "{status}");
}

#[test]
fn an_insert_without_its_trigger_is_never_contracted() {
    let (bank, world) = at("shift");
    // After `shift` a check guards the new form: only somebody who goes around both gets such a row in.
    replica(
        &world,
        "alter table accounts drop constraint if exists none; insert into accounts (id, owner, balance, balance__bank) values (9001, 'aside', 500, 1)",
    );
    let verify = bank.folder.segue(&["verify"]);
    assert!(verify.code == 4 || verify.code == 1, "a row that nobody converted: {verify:?}");
    let apply = bank.folder.apply(None);
    assert!(apply.code == 4 || apply.code == 1, "{apply:?}");
    assert_eq!(world.one("select count(*) from accounts where id = 9001 and balance = 500"), "1");
    assert!(!world.leftovers().is_empty(), "both forms still stand");
}

#[test]
fn a_skipped_batch_is_seen() {
    let (bank, world) = at("shift");
    replica(&world, "update accounts set balance__bank = 0 where id between 100 and 120");
    seen(&bank, &world, "batch skipped");
}

#[test]
fn a_batch_of_nulls_said_to_be_converted_never_reaches_shift() {
    for what in
        ["accounts set balance__bank = null", "accounts set holder = null", "ledger set kind = null", "ledger set amount__bank = null"]
    {
        let (bank, world) = at("backfill");
        let key = if what.starts_with("ledger") { "-120 and -100" } else { "100 and 120" };
        replica(&world, &format!("update {what} where id between {key}"));
        let apply = bank.folder.apply(None);
        assert_eq!(apply.code, 4, "{what}: {apply:?}");
    }
}

#[test]
fn a_wrong_down_is_seen_by_verifys_own_evaluation() {
    let (bank, world) = at("shift");
    replace_in_functions(&world, "round(balance * 100)", "round(balance * 10)");
    world.tamper("set search_path = public_bank_new, public; update accounts set balance = 123.45 where id = 7");
    assert_eq!(world.one("select balance from public.accounts where id = 7"), "1235", "the planted conversion was used");
    let said = seen(&bank, &world, "wrong down");
    assert!(said.out.contains('7'), "the row is named:\n{}", said.out);
}

#[test]
fn a_wrong_up_is_seen_by_verifys_own_evaluation() {
    let (bank, world) = at("shift");
    replace_in_functions(&world, "balance / 100.0", "balance / 1000.0");
    world.tamper("update public.accounts set balance = 5000 where id = 7");
    seen(&bank, &world, "wrong up");
}

#[test]
fn rows_reset_behind_the_checkpoint_are_converted_or_named() {
    let (bank, world) = servers::postgres(Size { accounts: 50, ledger: 40_000 });
    let mut words = APPLY.to_vec();
    words.extend(["--until", "backfill", "--events", "events"]);
    let mut child = bank.folder.start(&words, "first");
    let marked = child.wait_for("events", "backfill/ledger");
    assert!(marked, "the backfill of the ledger began");
    let began = std::time::Instant::now();
    // A batch is behind the checkpoint as soon as somebody else can see it.
    while world.one("select count(*) from (select 1 from ledger where segue_side_bank = 2 limit 1000) x") != "1000" {
        assert!(began.elapsed().as_secs() < 60, "no batch was committed");
    }
    child.kill9();
    replica(
        &world,
        "update ledger set amount__bank = null, kind = null, segue_side_bank = 0 where id in (select id from ledger where segue_side_bank = 2 order by id limit 700)",
    );
    let said = bank.folder.segue(&words);
    let open =
        world.one("select count(*) from ledger where segue_side_bank <> 2 or amount__bank is distinct from amount / 100.0 or kind is null");
    assert!(said.code != 0 || open == "0", "the backfill said that it was done with {open} rows open: {said:?}");
    bank.folder.apply(Some("shift")).expect(0);
    bank.folder.segue(&["verify"]).expect(0);
    figure("R6 planted", "checkpoint ahead, PostgreSQL: caught", 1, 1);
}

/// A checkpoint one batch ahead would skip rows; whoever writes one into the journal is found out by its chain.
#[test]
fn a_journal_that_was_edited_is_refused_by_name() {
    let (bank, _world) = at("backfill");
    let edits = [
        (
            "a checkpoint further ahead",
            "update entries set body = cast(replace(cast(body as text), 'walked\":', 'walked\":9') as blob) where cast(body as text) like '%checkpoint%'",
            "SG-JR-005",
        ),
        (
            "another time",
            "update entries set body = cast(replace(cast(body as text), 'expand', 'Expand') as blob) where seq = 9",
            "SG-JR-005",
        ),
        ("the last entry gone", "delete from entries where seq = (select max(seq) from entries)", "SG-JR-006"),
        ("an entry of the middle gone", "delete from entries where seq = 7", "SG-JR-007"),
    ];
    rusqlite::Connection::open(bank.folder.file(".segue/journal.db"))
        .and_then(|journal| journal.execute_batch("pragma wal_checkpoint(truncate)"))
        .expect("one file");
    for (at, (what, edit, code)) in edits.into_iter().enumerate() {
        let copy = format!("copy-{at}");
        std::fs::create_dir(bank.folder.file(&copy)).expect("a folder");
        std::fs::copy(bank.folder.file(".segue/journal.db"), bank.folder.file(&format!("{copy}/journal.db"))).expect("a copy");
        {
            let journal = rusqlite::Connection::open(bank.folder.file(&format!("{copy}/journal.db"))).expect("the copy");
            assert!(journal.execute(edit, []).expect("edits") > 0, "{what}: nothing was edited");
        }
        for verb in [&["apply", "-f", "segue.yaml", "--yes"][..], &["status"], &["verify"], &["rollback", "--yes"]] {
            let said = bank.folder.segue(&[verb, &["--state-dir", &copy]].concat());
            assert!(said.code != 0 && said.err.contains(code), "{what}, {verb:?} says {code}: {said:?}");
        }
    }
    // The true one goes on.
    bank.folder.apply(Some("shift")).expect(0);
    figure("R6 planted", "journal edited: caught", 4, 4);
}
