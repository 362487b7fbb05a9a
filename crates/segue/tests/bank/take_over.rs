//! R2: two executors. One that was stopped past its lease and revived is refused; of two at once exactly one works.

use std::sync::Arc;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};

use crate::bank::{Bank, Size};
use crate::check::check;
use crate::figures::{report, soak};
use crate::on_postgres::Postgres;
use crate::run::APPLY;
use crate::servers;
use crate::teller::Speech::{New, Old};

#[test]
fn a_stopped_and_revived_executor_is_refused_by_the_database() {
    let rounds = if soak() { 10 } else { 1 };
    for round in 0..rounds {
        let (mut bank, world) = servers::postgres(Size { accounts: 500, ledger: 60_000 });
        bank.open();
        stopped_and_revived(&bank, &world, round);
        bank.speak_all(New);
        bank.folder.apply(None).expect(0);
        bank.work(40);
        let seen = bank.close();
        let found = check(bank.folder.path(), bank.world.teller().as_mut(), New, bank.size);
        report("R2 SIGSTOP past the lease", world.as_ref(), &seen, &found, 1);
    }
}

fn stopped_and_revived(bank: &Bank, world: &Arc<Postgres>, round: u64) {
    let words = ["apply", "-f", "segue.yaml", "--yes", "--until", "shift", "--lease", "1s", "--events", "events"];
    let mut stale = bank.folder.start(&words, "stale");
    assert!(stale.wait_for("events", "\"step\":\"backfill/ledger\""), "the backfill began");
    let began = Instant::now();
    while world.one("select count(*) from (select 1 from ledger where segue_side_bank = 2 limit 500) x") != "500" {
        assert!(began.elapsed().as_secs() < 60, "no batch was committed");
    }
    std::thread::sleep(Duration::from_millis(round * 3));
    assert!(!stale.is_over(), "it is in the middle of its work");
    kill(stale.pid(), Signal::SIGSTOP).expect("stopped");
    let before: i64 = world.one("select epoch from segue.control").parse().expect("an epoch");

    // Clients go on while it stands still.
    bank.work(30);
    let began = Instant::now();
    let taken = loop {
        let said = bank.folder.apply(Some("shift"));
        if said.code != 9 {
            break said;
        }
        assert!(began.elapsed() < Duration::from_mins(1), "the lease never ran out: {said:?}");
        std::thread::sleep(Duration::from_millis(50));
    };
    taken.expect(0);
    let after: i64 = world.one("select epoch from segue.control").parse().expect("an epoch");
    assert!(after > before, "the epoch was raised: {before} → {after}");
    let written = |world: &Postgres| world.one("select md5(string_agg(x::text, ',' order by id)) from public.ledger x where id < 0");
    let settled = written(world);

    kill(stale.pid(), Signal::SIGCONT).expect("revived");
    let revived = stale.end(Duration::from_mins(1));
    assert_eq!(revived.code, 9, "the stale executor: {revived:?}");
    assert_eq!(written(world), settled, "the stale executor wrote nothing");
    assert_eq!(world.one("select epoch from segue.control"), after.to_string());
    bank.folder.segue(&["verify"]).expect(0);
}

/// Two at once: their exit codes.
fn two(bank: &Bank, second_folder: Option<&str>) -> (i32, i32, String) {
    let mut other = APPLY.to_vec();
    other.extend(["--until", "shift"]);
    let first = bank.folder.start(&other, "first");
    if let Some(folder) = second_folder {
        other.extend(["--state-dir", folder]);
    }
    let second = bank.folder.start(&other, "second");
    let (first, second) = (first.end(Duration::from_secs(90)), second.end(Duration::from_secs(90)));
    (first.code, second.code, format!("first:\n{}{}\nsecond:\n{}{}", first.out, first.err, second.out, second.err))
}

/// Exactly one worked (or the other found it done); nobody failed in any other way.
#[track_caller]
fn one_worked(bank: &Bank, (first, second, said): (i32, i32, String)) {
    assert!(first == 0 || second == 0, "nobody worked: {first} and {second}\n{said}");
    assert!([0, 9].contains(&first) && [0, 9].contains(&second), "{first} and {second}\n{said}");
    bank.folder.apply(Some("shift"));
}

#[test]
fn two_executors_at_the_same_moment_on_postgres() {
    for _ in 0..if soak() { 20 } else { 2 } {
        let (bank, _world) = servers::postgres(Size { accounts: 2_000, ledger: 2_000 });
        one_worked(&bank, two(&bank, None));
        bank.folder.segue(&["verify"]).expect(0);
    }
}

#[test]
fn two_executors_at_the_same_moment_on_sqlite() {
    for _ in 0..if soak() { 20 } else { 2 } {
        let (bank, _world) = servers::sqlite(Size { accounts: 2_000, ledger: 2_000 });
        one_worked(&bank, two(&bank, None));
        bank.folder.segue(&["verify"]).expect(0);
    }
}

/// Two people, each with a state directory of their own, so that only the database can tell them apart.
#[test]
fn two_state_directories_at_the_same_moment_on_postgres() {
    for _ in 0..if soak() { 20 } else { 2 } {
        let (mut bank, _world) = servers::postgres(Size { accounts: 2_000, ledger: 20_000 });
        bank.open();
        bank.speak_all(Old);
        let (first, second, said) = two(&bank, Some("other"));
        assert!(matches!((first, second), (0, 9) | (9, 0)), "one works, the other is refused: {first} and {second}\n{said}");
        let winner = if first == 0 { ".segue" } else { "other" };
        bank.folder.segue(&["verify", "--state-dir", winner]).expect(0);
        let seen = bank.close();
        assert!(seen.failed.is_empty(), "{:#?}", seen.failed);
    }
}

#[test]
fn two_state_directories_at_the_same_moment_on_sqlite() {
    for _ in 0..if soak() { 20 } else { 2 } {
        let (bank, _world) = servers::sqlite(Size { accounts: 2_000, ledger: 20_000 });
        let (first, second, said) = two(&bank, Some("other"));
        assert!(matches!((first, second), (0, 9) | (9, 0)), "one works, the other is refused: {first} and {second}\n{said}");
    }
}

/// Stopped at the worst moment: inside `contract`, with the exclusive locks in its hand. Nobody may have to wait for
/// it longer than for a living one.
#[test]
fn stopped_with_the_locks_in_its_hand_it_does_not_hold_up_clients() {
    let (mut bank, world) = servers::postgres(Size { accounts: 300, ledger: 300 });
    bank.open();
    bank.folder.apply(Some("shift")).expect(0);
    bank.speak_all(New);
    let mut hits = 0;
    let mut admin = world.client("admin");
    for attempt in 0..40 {
        let blocker = world.client("blocker");
        blocker.batch("begin; lock table public.accounts in access share mode").expect("holds");
        let name = format!("child-{attempt}");
        let child = bank.folder.start(&APPLY, &name);
        let asked = |granted: &str| {
            format!(
                "select count(*) from pg_locks l join pg_stat_activity a using (pid) where a.application_name like 'segue/%' \
                 and l.relation = 'public.accounts'::regclass and l.mode = 'AccessExclusiveLock' and {granted}"
            )
        };
        let began = Instant::now();
        while admin.one(&asked("not l.granted")) == "0" {
            assert!(
                began.elapsed() < Duration::from_secs(30),
                "it never asked for the lock:\n{}",
                bank.folder.text(&format!("{name}.err"))
            );
        }
        kill(child.pid(), Signal::SIGSTOP).expect("stopped");
        blocker.batch("commit").expect("lets go");
        std::thread::sleep(Duration::from_millis(30));
        let holds = admin.one(&asked("l.granted")) != "0";
        if holds {
            hits += 1;
            // Whatever stands still must move again without anybody's help.
            let began = Instant::now();
            while admin.one(&asked("l.granted")) != "0" && began.elapsed() < Duration::from_secs(30) {
                std::thread::sleep(Duration::from_millis(5));
            }
            bank.work(20);
        }
        kill(child.pid(), Signal::SIGCONT).expect("revived");
        let said = child.end(Duration::from_mins(1));
        assert!([0, 1, 10].contains(&said.code), "{said:?}");
        if hits > 0 || said.code == 0 {
            break;
        }
    }
    assert!(hits > 0, "it was never met with the lock in its hand");
    bank.folder.apply(None).expect(0);
    bank.work(20);
    let seen = bank.close();
    let found = check(bank.folder.path(), bank.world.teller().as_mut(), New, bank.size);
    report("R2 SIGSTOP with locks held", world.as_ref(), &seen, &found, hits);
}
