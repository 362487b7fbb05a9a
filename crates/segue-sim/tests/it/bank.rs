//! The bank (R6) on real engines: old writers through expand and backfill, both through shift, back, and again
//! to the end; nothing acknowledged is lost, nothing is there twice, no statement fails.

use std::collections::BTreeMap;
use std::path::Path;

use segue_engine::memory::Side;
use segue_postgres::private_server::find_bins;
use segue_sim::bank::checker::Logs;
use segue_sim::bank::{Answer, Bank, Ledger, Session, Teller, Writer, check, read};
use segue_sim::conformance::{Fixture, PostgresServer, SqliteFixture};
use segue_sim::journey::Journey;
use segue_sim::planning::change;
use tokio_postgres::{NoTls, SimpleQueryMessage};

use crate::soak;

const BANK: Bank = Bank { accounts: 20, initial: 1_000 };

struct OnSqlite(rusqlite::Connection);

impl OnSqlite {
    fn open(path: &Path) -> Self {
        let connection = rusqlite::Connection::open(path).expect("a connection");
        connection.busy_timeout(std::time::Duration::from_secs(10)).expect("a time-out");
        Self(connection)
    }
}

impl Session for OnSqlite {
    fn transaction(&mut self, statements: &[String], query: bool) -> Answer {
        if query {
            return self
                .0
                .query_row(&statements[0], [], |row| row.get(0))
                .map_or_else(|error| Answer::Failed(error.to_string()), |sum| Answer::Ok(Some(sum)));
        }
        let transaction = match self.0.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate) {
            Ok(transaction) => transaction,
            Err(error) => return Answer::Failed(error.to_string()),
        };
        for sql in statements {
            if let Err(error) = transaction.execute(sql, []) {
                return Answer::Failed(error.to_string());
            }
        }
        transaction.commit().map_or_else(|error| Answer::Failed(error.to_string()), |()| Answer::Ok(None))
    }
}

struct OnPostgres {
    runtime: tokio::runtime::Runtime,
    client: tokio_postgres::Client,
}

impl OnPostgres {
    fn open(url: &str, search_path: Option<&str>) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let client = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("a connection");
            tokio::spawn(connection);
            if let Some(path) = search_path {
                client.batch_execute(&format!("set search_path = {path}")).await.expect("a search_path");
            }
            client
        });
        Self { runtime, client }
    }
}

impl Session for OnPostgres {
    fn transaction(&mut self, statements: &[String], query: bool) -> Answer {
        let sql = if query { statements[0].clone() } else { format!("begin; {}; commit", statements.join("; ")) };
        match self.runtime.block_on(self.client.simple_query(&sql)) {
            Ok(answer) if query => {
                let row = answer.iter().find_map(|message| if let SimpleQueryMessage::Row(row) = message { row.get(0) } else { None });
                Answer::Ok(row.and_then(|sum| sum.parse().ok()))
            }
            Ok(_) => Answer::Ok(None),
            Err(error) => match error.as_db_error() {
                Some(db) => {
                    let why = format!("{} {}", db.code().code(), db.message());
                    let _ended = self.runtime.block_on(self.client.simple_query("rollback"));
                    Answer::Failed(why)
                }
                None => Answer::Unknown,
            },
        }
    }
}

/// Stops writers and gathers their logs; no statement may have failed.
fn gather(tellers: Vec<Teller>, logs: &mut Logs, ledger: &mut Ledger) -> u64 {
    let mut acknowledged = 0;
    for teller in tellers {
        let path = teller.log.clone();
        let report = teller.stop();
        assert!(report.failed.is_empty(), "{}: statements failed: {:?}", path.display(), &report.failed[..report.failed.len().min(3)]);
        acknowledged += report.ok;
        ledger.audits.extend(report.audits);
        let (operations, _) = read(&std::fs::read_to_string(&path).expect("a log")).expect("a log reads back");
        let number: u64 =
            path.file_stem().and_then(|s| s.to_str()).and_then(|s| s.rsplit('-').next()).and_then(|s| s.parse().ok()).expect("a number");
        logs.insert(number, operations);
    }
    acknowledged
}

async fn read_ledger(fixture: &dyn Fixture, ledger: &mut Ledger) {
    let numbers = async |sql: &str| -> Vec<Vec<i64>> {
        let rows = fixture.rows(Side::Base, None, sql).await.expect("a table is read");
        rows.iter().map(|row| row.iter().map(|value| value.parse().expect("a number")).collect()).collect()
    };
    let lines = numbers("select writer, seq, giver, taker, amount from ledger").await;
    ledger.lines = lines.iter().map(|row| (row[0].unsigned_abs(), row[1].unsigned_abs(), row[2], row[3], row[4])).collect();
    let balances = numbers("select id, cast(amount as bigint) from accounts").await;
    ledger.balances = balances.iter().map(|row| (row[0], row[1])).collect::<BTreeMap<_, _>>();
}

/// Waits until each writer has something acknowledged in its log; bounded.
async fn at_work(tellers: &[Teller]) {
    for _ in 0..3_000 {
        let busy = |teller: &Teller| std::fs::read_to_string(&teller.log).is_ok_and(|text| text.matches("\"line\":\"ok\"").count() > 3);
        if tellers.iter().all(busy) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("writers do not get on");
}

/// Old writers all the way; new ones from `expand` on; back to the beginning; again, and to the end. `open` starts
/// a writer; `through` says whether new writers live through `contract`.
async fn bank(fixture: &dyn Fixture, through: bool, rounds: u64, open: &dyn Fn(Writer, Side, &Path, &Journey<'_>) -> Teller) {
    for sql in BANK.setup() {
        fixture.execute(Side::Base, None, &sql).await.expect("the bank is made");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let (mut logs, mut ledger, mut acknowledged, mut number) = (Logs::new(), Ledger::default(), 0, 0);
    let journey = Journey::new(fixture, "BANK-1", Bank::changes().map(change).to_vec()).await;
    let twin = journey.plan.execution.tables[0].new.iter().find(|c| c.name == "amount").expect("the new amount").physical.clone();
    let new_name = if fixture.engine().capabilities().version_schemas { "amount".to_owned() } else { twin };
    let mut start = |side: Side| {
        number += 1;
        let (name, is_number) = if side == Side::New { (new_name.as_str(), true) } else { ("amount", false) };
        open(Writer::new(number, name, is_number, 7), side, folder.path(), &journey)
    };
    for round in 0..rounds {
        journey.approve();
        // Writers of the base table are of the old form too, as they were before anybody knew of Segue.
        let mut old = vec![start(Side::Base)];
        at_work(&old).await;
        journey.until("expand").await;
        old.push(start(Side::Old));
        at_work(&old).await;
        // Before the backfill the new side would see amounts that are not there yet.
        journey.until("backfill").await;
        let new = vec![start(Side::New), start(Side::New)];
        at_work(&new).await;
        journey.until("shift").await;
        if round + 1 < rounds {
            acknowledged += gather(new, &mut logs, &mut ledger);
            acknowledged += gather(old.split_off(1), &mut logs, &mut ledger);
            let end = journey.go(&segue_journal::NoHooks, &journey.steps(), Some(false), None).await;
            assert!(matches!(end, Ok(segue_journal::End::RolledBack { .. })), "{end:?}");
            acknowledged += gather(old, &mut logs, &mut ledger);
        } else {
            acknowledged += gather(old, &mut logs, &mut ledger);
            let (before, after) = if through { (Vec::new(), new) } else { (new, Vec::new()) };
            acknowledged += gather(before, &mut logs, &mut ledger);
            journey.finish("under writers").await;
            acknowledged += gather(after, &mut logs, &mut ledger);
        }
        read_ledger(fixture, &mut ledger).await;
        let defects = check(&BANK, &logs, &ledger);
        assert!(defects.is_empty(), "round {round}: {} defects: {}", defects.len(), defects[0]);
    }
    soak::say("bank", fixture.engine().name(), acknowledged, acknowledged);
    println!("bank on {}: {acknowledged} acknowledged transactions, 0 lost, 0 doubled, 0 failed", fixture.engine().name());
    assert!(acknowledged > 50, "only {acknowledged}");
}

#[tokio::test]
async fn writers_on_sqlite_lose_nothing() {
    let fixture = SqliteFixture::new();
    let path = fixture.path();
    let open = |writer: Writer, _: Side, folder: &Path, _: &Journey<'_>| {
        let path = path.clone();
        Teller::start(BANK, writer, folder, move || OnSqlite::open(&path))
    };
    bank(&fixture, false, soak::widen(2, 20), &open).await;
}

#[tokio::test]
async fn writers_on_postgres_lose_nothing() {
    let bins = find_bins(std::env::var("SEGUE_TEST_PG_BINS").ok().as_deref());
    let server = PostgresServer::start(bins.last().expect("no PostgreSQL: `apt-get install postgresql`, or set SEGUE_TEST_PG_BINS"));
    let fixture = server.fixture().await;
    let open = |writer: Writer, side: Side, folder: &Path, journey: &Journey<'_>| {
        let versions = fixture.engine().reshape().versions(&journey.plan.execution.tables);
        let path = versions.and_then(|(old, new)| match side {
            Side::Old => Some(old),
            Side::New => Some(new),
            Side::Base => None,
        });
        let url = fixture.url().to_owned();
        Teller::start(BANK, writer, folder, move || OnPostgres::open(&url, path.as_deref()))
    };
    bank(&fixture, true, soak::widen(2, 20), &open).await;
}
