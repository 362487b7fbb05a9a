//! The lock rulings: clients that use the old view, the new view and the table in one transaction, in every order,
//! while the change is expanded, contracted and taken back. Not one of their transactions may fail.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::bank::Size;
use crate::figures::{figure, soak};
use crate::on_postgres::{LOCK_TIMEOUT, Postgres, SLACK};
use crate::servers;

const ORDERS: [[usize; 3]; 8] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0], [0, 1, 2], [2, 1, 0]];
const PATHS: [&str; 3] = ["public_bank_old, public", "public_bank_new, public", "public"];

#[derive(Default)]
struct Clients {
    stop: AtomicBool,
    done: AtomicU64,
}

struct Felt {
    failed: Vec<String>,
    longest: Duration,
}

/// One client: three rows of its own, columns that both forms share, so that every statement is right at every time.
fn client(world: &Postgres, number: usize, clients: &Clients) -> Felt {
    let client = world.client("three_doors");
    let mut felt = Felt { failed: Vec::new(), longest: Duration::ZERO };
    let mut round = 0;
    // Clients of a pool rest between transactions; one that never does, in every order, leaves no moment at all.
    let rest = Duration::from_millis(20 + 7 * number as u64);
    while !clients.stop.load(Ordering::Acquire) {
        std::thread::sleep(rest);
        round += 1;
        let mut sql = "begin;".to_owned();
        for (at, door) in ORDERS[number].iter().enumerate() {
            let id = -(number as i64 * 3 + at as i64 + 1);
            sql.push_str(&format!(
                "set local search_path = {}; select count(*) from ledger where id = {id}; update ledger set memo = 'r{round}' || id where id = {id};
                 select count(*) from accounts where id = {};",
                PATHS[*door],
                -id
            ));
        }
        sql.push_str("commit");
        let began = Instant::now();
        match client.batch(&sql) {
            Ok(()) => {
                felt.longest = felt.longest.max(began.elapsed());
                clients.done.fetch_add(1, Ordering::Relaxed);
            }
            Err(why) => {
                felt.failed.push(format!("client {number}, round {round}: {why}"));
                let _ = client.batch("rollback");
            }
        }
    }
    felt
}

fn until(clients: &Clients, transactions: u64) {
    let goal = clients.done.load(Ordering::Acquire) + transactions;
    let began = Instant::now();
    while clients.done.load(Ordering::Acquire) < goal {
        assert!(began.elapsed() < Duration::from_mins(1), "the clients stand still");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn round() -> (u64, Felt) {
    let (bank, world) = servers::postgres(Size { accounts: 500, ledger: 2_000 });
    bank.folder.apply(Some("shift")).expect(0);
    let clients = Arc::new(Clients::default());
    let threads: Vec<_> = (0..8)
        .map(|number| {
            let (world, clients) = (Arc::clone(&world), Arc::clone(&clients));
            std::thread::spawn(move || client(&world, number, &clients))
        })
        .collect();
    until(&clients, 200);
    bank.folder.segue(&["rollback", "--yes"]).expect(0);
    until(&clients, 100);
    bank.folder.apply(Some("shift")).expect(0);
    until(&clients, 100);
    bank.folder.apply(None).expect(0);
    until(&clients, 100);
    clients.stop.store(true, Ordering::Release);
    let mut all = Felt { failed: Vec::new(), longest: Duration::ZERO };
    for thread in threads {
        let felt = thread.join().expect("a client ends in peace");
        all.failed.extend(felt.failed);
        all.longest = all.longest.max(felt.longest);
    }
    (clients.done.load(Ordering::Acquire), all)
}

#[test]
fn clients_of_three_doors_in_one_transaction_never_fail() {
    let (mut done, mut failed, mut longest) = (0, Vec::new(), Duration::ZERO);
    for _ in 0..if soak() { 20 } else { 2 } {
        let (count, felt) = round();
        done += count;
        failed.extend(felt.failed);
        longest = longest.max(felt.longest);
    }
    figure("lock rulings", "failed transactions", failed.len() as u64, done);
    figure("lock rulings", "longest transaction ms", longest.as_millis() as u64, (LOCK_TIMEOUT + SLACK).as_millis() as u64);
    assert!(failed.is_empty(), "{} of {done} transactions failed: {:#?}", failed.len(), &failed[..failed.len().min(8)]);
    assert!(longest <= LOCK_TIMEOUT + SLACK, "a transaction took {longest:?}");
}
