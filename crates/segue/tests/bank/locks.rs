//! R5 on PostgreSQL: somebody holds what Segue needs. It names who, never makes clients wait past the bound, goes
//! on when it is free, and gives up in the end.

use std::time::Duration;

use crate::bank::{Bank, Size};
use crate::check::check;
use crate::figures::{report, soak};
use crate::on_postgres::{Client, Postgres};
use crate::run::APPLY;
use crate::servers;
use crate::teller::Speech::{New, Old};
use crate::teller::World as _;

const SIZE: Size = Size { accounts: 400, ledger: 400 };

#[derive(Clone, Copy, PartialEq, Eq)]
enum Blocker {
    Idle,
    LongSelect,
    Prepared,
}

/// Holds a lock on the accounts until it is told to let go.
struct Held {
    blocker: Blocker,
    client: Option<Client>,
    long: Option<std::thread::JoinHandle<()>>,
}

impl Held {
    fn hold(world: &Postgres, blocker: Blocker) -> Self {
        let mut held = Self { blocker, client: None, long: None };
        match blocker {
            Blocker::Idle => {
                let client = world.client("forgotten");
                client.batch("begin; select count(*) from public.accounts; select count(*) from public.ledger").expect("holds");
                held.client = Some(client);
            }
            Blocker::LongSelect => {
                let client = world.client("forgotten");
                held.long = Some(std::thread::spawn(move || {
                    // Ended by the test, with an error.
                    let _ = client.batch("select count(*), pg_sleep(600) from public.accounts");
                }));
            }
            Blocker::Prepared => {
                let client = world.client("forgotten");
                client.batch("begin; select count(*) from public.accounts; prepare transaction 'forgotten'").expect("holds");
            }
        }
        while world.one(
            "select count(*) from pg_locks l where relation = 'public.accounts'::regclass and granted and mode = 'AccessShareLock'
             and (pid is null or pid in (select pid from pg_stat_activity where application_name = 'forgotten'))",
        ) == "0"
        {
            std::thread::sleep(Duration::from_millis(3));
        }
        held
    }

    fn release(self, world: &Postgres) {
        match self.blocker {
            Blocker::Idle => self.client.expect("the holder").batch("commit").expect("lets go"),
            Blocker::LongSelect => {
                world.tamper("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'forgotten'");
                self.long.expect("the holder").join().expect("ends");
            }
            Blocker::Prepared => world.tamper("rollback prepared 'forgotten'"),
        }
    }

    fn name(&self) -> &'static str {
        match self.blocker {
            Blocker::Idle | Blocker::LongSelect => "(forgotten, ",
            Blocker::Prepared => "prepared transaction",
        }
    }
}

/// It cannot get a lock of this step, says who has it, and comes to its end once it is free.
fn waits_names_and_goes_on(blocker: Blocker, contract: bool) {
    let (mut bank, world) = servers::postgres(SIZE);
    bank.open();
    if contract {
        bank.folder.apply(Some("shift")).expect(0);
        bank.speak_all(New);
    }
    let held = Held::hold(&world, blocker);
    let mut words = APPLY.to_vec();
    if !contract {
        words.extend(["--until", "shift"]);
    }
    let mut child = bank.folder.start(&words, "child");
    assert!(child.wait_for("child.err", "in the way: "), "it says who is in the way:\n{}", bank.folder.text("child.err"));
    let said = bank.folder.text("child.err");
    assert!(said.contains(held.name()), "`{}` is named:\n{said}", held.name());
    assert!(!said.contains("pg_sleep"), "a statement's text is nobody's business:\n{said}");
    // Several attempts under load: clients feel each of them.
    bank.work(if soak() { 3_000 } else { 300 });
    assert!(!child.is_over(), "it is patient:\n{}", bank.folder.text("child.err"));
    held.release(&world);
    child.end(Duration::from_mins(1)).expect(0);
    finish(&mut bank, &world, contract, "R5 locks");
}

fn finish(bank: &mut Bank, world: &Postgres, contracted: bool, suite: &str) {
    bank.work(40);
    let seen = bank.close();
    let form = if contracted { New } else { Old };
    let found = check(bank.folder.path(), bank.world.teller().as_mut(), form, bank.size);
    report(suite, world, &seen, &found, 0);
}

#[test]
fn an_idle_transaction_in_the_way_of_expand() {
    waits_names_and_goes_on(Blocker::Idle, false);
}

#[test]
fn a_long_select_in_the_way_of_contract() {
    waits_names_and_goes_on(Blocker::LongSelect, true);
}

#[test]
fn a_prepared_transaction_in_the_way_of_contract() {
    waits_names_and_goes_on(Blocker::Prepared, true);
}

#[test]
fn an_idle_transaction_in_the_way_of_going_back() {
    let (mut bank, world) = servers::postgres(SIZE);
    bank.open();
    bank.folder.apply(Some("shift")).expect(0);
    let held = Held::hold(&world, Blocker::Idle);
    let mut child = bank.folder.start(&["rollback", "--yes"], "child");
    assert!(child.wait_for("child.err", "in the way: "), "it says who is in the way:\n{}", bank.folder.text("child.err"));
    assert!(bank.folder.text("child.err").contains(held.name()));
    bank.work(200);
    held.release(&world);
    child.end(Duration::from_mins(1)).expect(0);
    finish(&mut bank, &world, false, "R5 locks, going back");
}

/// Ctrl-C while it waits for a lock: it does not keep the person waiting.
#[test]
fn interrupted_while_it_waits_for_a_lock() {
    let (bank, world) = servers::postgres(SIZE);
    let held = Held::hold(&world, Blocker::Prepared);
    let mut words = APPLY.to_vec();
    words.extend(["--until", "shift"]);
    let mut child = bank.folder.start(&words, "child");
    assert!(child.wait_for("child.err", "in the way: "), "{}", bank.folder.text("child.err"));
    nix::sys::signal::kill(child.pid(), nix::sys::signal::Signal::SIGINT).expect("interrupted");
    child.end(Duration::from_secs(10)).expect(130);
    held.release(&world);
    bank.folder.apply(Some("shift")).expect(0);
}

/// The end of its patience, for each kind: minutes, so in soak alone.
#[test]
fn it_gives_up_in_the_end_and_names_who_was_in_the_way() {
    if !soak() {
        return;
    }
    for blocker in [Blocker::Idle, Blocker::LongSelect, Blocker::Prepared] {
        let (mut bank, world) = servers::postgres(SIZE);
        bank.open();
        let held = Held::hold(&world, blocker);
        let mut words = APPLY.to_vec();
        words.extend(["--until", "shift"]);
        let said = bank.folder.start(&words, "child").end(Duration::from_mins(4)).expect(1);
        let last = said.err.rsplit("error").next().unwrap_or_default();
        assert!(last.contains(held.name()), "it gives up naming who:\n{}", said.err);
        held.release(&world);
        bank.folder.apply(Some("shift")).expect(0);
        finish(&mut bank, &world, false, "R5 gives up");
    }
}
