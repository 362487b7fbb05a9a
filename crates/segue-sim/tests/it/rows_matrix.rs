//! The matrix of type, value and pair of engines, with the servers as oracle, and the page that shows it.

use std::fmt::Write as _;
use std::path::PathBuf;

use segue_sim::rows::matrix::{Case, Expect, Outcome, run, types};
use segue_sim::rows::{Place, cases, page};

use crate::servers::{mariadb, postgres};
use crate::soak;

/// What is not as expected, and how many cases there were of each kind.
#[derive(Default)]
struct Tally {
    wrong: String,
    equal: usize,
    different: usize,
}

impl Tally {
    fn add(&mut self, pair: &str, outcomes: &[(Case, Outcome)]) {
        for (case, outcome) in outcomes {
            match outcome.expected {
                Expect::Equal => self.equal += 1,
                Expect::Different => self.different += 1,
                Expect::Gap => {}
            }
            if outcome.seen != outcome.expected {
                let Outcome { expected, seen, class, said } = outcome;
                let _written = writeln!(
                    self.wrong,
                    "{pair}: {} ({} {} · {} {}): {expected:?} expected, {seen:?} seen, {class:?} {said:?}",
                    case.name, case.source.0, case.source.1, case.target.0, case.target.1
                );
            }
        }
    }

    fn check(&self, least: usize) {
        assert!(self.wrong.is_empty(), "{}", self.wrong);
        assert!(self.equal >= least && self.different >= least, "{} equal, {} different", self.equal, self.different);
    }
}

#[tokio::test]
async fn postgres_with_itself() {
    let (bins, mut tally) = (postgres(), Tally::default());
    let oldest = Place::postgres(&bins[0]).await;
    oldest.execute(cases::postgres::PRELUDE).await;
    if bins.len() > 1 {
        let newest = Place::postgres(bins.last().expect("some")).await;
        newest.execute(cases::postgres::PRELUDE).await;
        tally.add("two versions", &run(&oldest, &newest, cases::postgres::ALL).await);
    }
    // Two schemas of one database.
    oldest.execute("create schema other").await;
    let other = oldest.in_schema("other");
    tally.add("two schemas", &run(&other, &oldest, cases::postgres::ALL).await);
    tally.check(60);
}

#[tokio::test]
async fn all_pairs_and_their_page() {
    let Some(programs) = mariadb() else { return };
    let bins = postgres();
    let mysql = Place::mariadb(&programs, &[]).await;
    let newest = Place::postgres(bins.last().expect("some")).await;
    newest.execute(cases::postgres::PRELUDE).await;
    let (lite, other) = (Place::sqlite(), Place::sqlite());
    let (mut tally, mut tables) = (Tally::default(), String::new());
    let pairs = [
        ("PostgreSQL with PostgreSQL", &newest, &newest, cases::postgres::ALL),
        ("MariaDB with PostgreSQL", &mysql, &newest, cases::mariadb_postgres::ALL),
        ("MariaDB with MariaDB", &mysql, &mysql, cases::mariadb::ALL),
        ("SQLite with PostgreSQL", &lite, &newest, cases::sqlite_postgres::ALL),
        ("SQLite with MariaDB", &lite, &mysql, cases::sqlite_mariadb::ALL),
        ("SQLite with SQLite", &lite, &other, cases::sqlite::ALL),
    ];
    for (title, source, target, groups) in pairs {
        let outcomes = run(source, target, groups).await;
        tally.add(title, &outcomes);
        let (came, tried) = types(&outcomes);
        soak::say("rows", &format!("value types that came over, {title}"), came as u64, tried as u64);
        tables.push_str(&page::section(title, &outcomes));
    }
    println!("matrix: {} must be equal, {} must differ", tally.equal, tally.different);
    tally.check(60);
    shown(&tables);
}

/// `docs/canonical.md` shows what the matrix saw. `INSTA_UPDATE=always` writes it anew.
fn shown(tables: &str) {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../docs/canonical.md"].iter().collect();
    let page = std::fs::read_to_string(&path).expect("the page");
    let made = page::put(&page, "matrix", tables).expect("the page has a place for the tables");
    if std::env::var("INSTA_UPDATE").is_ok_and(|how| how == "always") {
        std::fs::write(&path, made).expect("the page is written");
    } else {
        assert!(page == made, "docs/canonical.md does not show what the matrix saw: run this test with INSTA_UPDATE=always, and read it");
    }
}
