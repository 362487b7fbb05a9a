//! `kill -9` of the real binary in the middle of `--repair apply`, and again: each row is repaired once or untouched, the
//! same command goes on to the end, and the way back gives exactly the old rows.
//!
//! A debug build of the binary kills itself at the n-th crash point of the executor (`SEGUE_CRASH_AT=n`). CI takes some
//! points of each engine, `SEGUE_SOAK` takes every one.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use segue_engine::rows::Mendable;
use segue_mysql::MysqlEngine;
use segue_postgres::PostgresEngine;
use segue_sim::repair::{differences, picture};
use segue_sim::rows::Place;
use segue_sqlite::SqliteEngine;
use segue_verify::TablePair;
use segue_verify::mapping::{self, Mapping};

use crate::said::Said;

/// Rows of each table: more than two batches of corrections.
const ROWS: u32 = 450;

/// A source and a target of some engine, and a folder with the state of runs.
struct Ground {
    source: Place,
    target: Place,
    engine: Arc<dyn Mendable>,
    folder: tempfile::TempDir,
}

/// A difference, without the rows.
type Differs = (String, Vec<u8>, Option<u128>, Option<u128>, u64);

fn mendable(place: &Place) -> Arc<dyn Mendable> {
    let none = BTreeMap::new();
    match place.engine {
        "postgres" => Arc::new(PostgresEngine::new(segue_postgres::Target::parse(&place.url(), &none).expect("a URL"))),
        "mariadb" => Arc::new(MysqlEngine::new(segue_mysql::Target::parse(&place.url(), &none).expect("a URL"))),
        _ => Arc::new(SqliteEngine::open(place.url()).expect("a file")),
    }
}

impl Ground {
    async fn new(target: Place) -> Self {
        let source = Place::sqlite();
        let ground = Self { engine: mendable(&target), source, target, folder: tempfile::tempdir().expect("a folder") };
        make(&ground.source, true).await;
        make(&ground.target, false).await;
        ground
    }

    /// The target as it was, and no run.
    async fn again(&mut self) {
        for table in ["line", "loose", "head"] {
            self.target.execute(&format!("drop table {table}")).await;
        }
        make(&self.target, false).await;
        self.folder = tempfile::tempdir().expect("a folder");
    }

    fn command(&self, words: &[&str], crash_at: Option<u64>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_segue"));
        command.args(words).current_dir(self.folder.path()).stdin(Stdio::null());
        command.env("SOURCE_URL", self.source.url()).env("TARGET_URL", self.target.url()).env("NO_COLOR", "1");
        if let Some(at) = crash_at {
            command.env("SEGUE_CRASH_AT", at.to_string());
        }
        command
    }

    fn run(&self, words: &[&str], crash_at: Option<u64>) -> Output {
        tokio::task::block_in_place(|| self.command(words, crash_at).output().expect("runs"))
    }

    /// Runs until the n-th crash point; false when it ended well before.
    fn killed(&self, words: &[&str], at: u64) -> bool {
        let output = self.run(words, Some(at));
        if output.status.signal() == Some(9) {
            return true;
        }
        Said::of(&output).expect(0);
        false
    }

    /// How many crash points these words pass.
    fn points(&self, words: &[&str]) -> u64 {
        let said = Said::of(&self.run(words, Some(0))).expect(0);
        let line = said.err.lines().find_map(|line| line.strip_prefix("crash points: ")).expect("the number of crash points");
        line.parse().expect("a number")
    }

    async fn pairs(&self) -> Vec<TablePair> {
        let mut out = Vec::new();
        for table in ["head", "line", "loose"] {
            let here = self.source.rows().describe(&self.source.table(table)).await.expect("a table");
            let there = self.target.rows().describe(&self.target.table(table)).await.expect("a table");
            out.push(mapping::pair(&here, "sqlite", &there, self.target.engine, &Mapping::default()).expect("a pair"));
        }
        out
    }

    async fn differs(&self) -> Vec<Differs> {
        let (from, mut out) = (mendable(&self.source), Vec::new());
        for pair in self.pairs().await {
            for found in differences(from.as_ref(), self.engine.as_ref(), &pair).await {
                out.push((pair.source.table.to_string(), found.key, found.source, found.target, found.count));
            }
        }
        out.sort();
        out
    }

    async fn picture(&self) -> Vec<BTreeMap<(Vec<u8>, u128), u64>> {
        let tables = ["head", "line", "loose"].map(|table| self.target.table(table));
        picture(self.engine.as_ref(), &tables).await
    }

    /// Nothing of ours is left in the target.
    async fn is_clean(&self) {
        let tables: Vec<String> = self.engine.tables().await.expect("tables").into_iter().map(|table| table.name).collect();
        assert_eq!(tables, ["head", "line", "loose"], "{}", self.target.shown);
    }

    /// The only run there is.
    fn the_run(&self) -> String {
        let said = Said::of(&self.run(&["status", "--format", "json"], None)).expect(0);
        let status: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
        assert_eq!(status["state"], "done", "{}", said.out);
        status["run"].as_str().expect("a run").to_owned()
    }
}

/// Parents, their children, and rows without a key. Of each kind some come, some change and some go.
async fn make(place: &Place, shall: bool) {
    place.execute("create table head (id integer primary key, v varchar(40))").await;
    place.execute("create table line (id integer primary key, head integer, v varchar(40), foreign key (head) references head (id))").await;
    place.execute("create table loose (a integer, v varchar(40))").await;
    let (mut heads, mut lines, mut loose) = (Vec::new(), Vec::new(), Vec::new());
    for id in 1..=ROWS {
        let only_one_side = if shall { id % 5 == 1 } else { id % 5 == 2 };
        if id % 5 > 2 || id % 5 == 0 || only_one_side {
            let v = if shall || id % 3 != 0 { "same" } else { "other" };
            heads.push(format!("({id}, '{v}')"));
            lines.push(format!("({}, {id}, '{v}')", id + 10_000));
        }
        if id <= 20 && (shall || id % 4 != 0) {
            loose.push(format!("({}, 'x')", id % 7));
        }
    }
    for (table, rows) in [("head", heads), ("line", lines), ("loose", loose)] {
        place.execute(&format!("insert into {table} values {}", rows.join(", "))).await;
    }
}

const REPAIR: [&str; 10] =
    ["verify", "--source", "env:SOURCE_URL", "--target", "env:TARGET_URL", "--repair", "apply", "--yes", "--max-rows", "5000"];

/// Some of all points, evenly; all of them in the soak.
fn some(total: u64, take: u64) -> Vec<u64> {
    if std::env::var_os("SEGUE_SOAK").is_some() {
        return (1..=total).collect();
    }
    // One within the first batches, one at the very end, and others between them.
    (1..=take).map(|n| 1 + (total - 1) * n / take).collect()
}

async fn killed_and_killed_again(target: Place, take: u64) {
    let shown = target.shown.clone();
    let mut ground = Ground::new(target).await;
    let (differed, before) = (ground.differs().await, ground.picture().await);
    assert!(differed.len() > 400, "{shown}: {} rows differ", differed.len());
    let total = ground.points(&REPAIR);
    assert!(total > 20, "{shown}: only {total} crash points");
    assert_eq!(ground.differs().await, Vec::new(), "{shown}: a straight run");
    let (mut died, mut half) = (0, 0);
    for n in some(total, take) {
        ground.again().await;
        let when = format!("{shown}: killed at point {n} of {total}");
        let mut alive = Vec::new();
        for at in [n, 1 + n / 2] {
            died += u64::from(ground.killed(&REPAIR, at));
            let now = ground.differs().await;
            assert!(now.iter().all(|one| differed.contains(one)), "{when}: a row is neither as it was nor as it shall be");
            alive.push(now.len());
        }
        half += u64::from(alive.iter().any(|left| *left > 0 && *left < differed.len()));
        let said = Said::of(&ground.run(&REPAIR, None)).expect(0);
        assert_eq!(ground.differs().await, Vec::new(), "{when}: {}", said.err);
        ground.is_clean().await;
        let run = ground.the_run();
        let undo = ["verify", "--undo-repair", &run, "--yes"];
        died += u64::from(ground.killed(&undo, n));
        let now = ground.differs().await;
        assert!(now.iter().all(|one| differed.contains(one)), "{when}, going back: a row is neither as it is nor as it was");
        Said::of(&ground.run(&undo, None)).expect(0);
        assert!(ground.picture().await == before, "{when}: the way back did not give exactly the old rows");
        ground.is_clean().await;
    }
    assert!(died > 0 && half > 0, "{shown}: {died} died, {half} of them half-way");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repair_of_sqlite_goes_on_after_each_kill() {
    killed_and_killed_again(Place::sqlite(), 4).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repair_of_postgres_goes_on_after_each_kill() {
    killed_and_killed_again(Place::postgres(&crate::engines::postgres()).await, 3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repair_of_mariadb_goes_on_after_each_kill() {
    let Some(programs) = crate::engines::mariadb() else { return };
    killed_and_killed_again(Place::mariadb(&programs, &[]).await, 3).await;
}

/// A killed repair holds the database; who does not say yes is asked, and nothing is changed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn going_on_is_asked_for_and_the_way_back_is_told() {
    let ground = Ground::new(Place::sqlite()).await;
    let (differed, before) = (ground.differs().await.len(), ground.picture().await);
    let mut at = 8;
    while ground.killed(&REPAIR, at) && ground.differs().await.len() == differed {
        at += 2;
    }
    let left = ground.differs().await;
    assert!(!left.is_empty() && left.len() < differed, "it was killed half-way");
    let silent: Vec<&str> = REPAIR.iter().copied().filter(|word| *word != "--yes").collect();
    let said = Said::of(&ground.run(&silent, None)).expect(5);
    assert!(said.err.contains("it goes on first") && said.err.contains("segue rollback --run"), "{}", said.err);
    assert_eq!(ground.differs().await, left, "nothing was changed");
    let run = said.err.split("run ").nth(1).and_then(|rest| rest.split(',').next()).expect("its name").to_owned();
    let early = Said::of(&ground.run(&["verify", "--undo-repair", &run, "--yes"], None)).expect(64);
    assert!(early.err.contains("is not done") && early.err.contains("segue rollback"), "{}", early.err);
    Said::of(&ground.run(&["rollback", "--run", &run, "--yes"], None)).expect(0);
    assert!(ground.picture().await == before, "back where it was");
}
