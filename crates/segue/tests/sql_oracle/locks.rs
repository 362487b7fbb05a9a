//! Statements of ours, and what the server really locked, wrote anew and read.
#![expect(clippy::print_stdout, reason = "the figures are what a reader of the test wants")]

use std::collections::{BTreeMap, BTreeSet};

use segue_compat::source::Source;
use segue_compat::sql::script::{self, Options, StatementEffects};
use segue_model::check::Side;
use segue_sim::seed::Seed;
use tokio_postgres::Client;

use crate::server::{BASE, Database, facts, filled};

/// One a line; each runs alone on the base tables. Nothing here is of the 104 cases that came from elsewhere.
const STATEMENTS: &str = "
ALTER TABLE users ADD COLUMN nick text
ALTER TABLE users ADD COLUMN nick text DEFAULT 'x' NOT NULL
ALTER TABLE users ADD COLUMN seen timestamptz DEFAULT now()
ALTER TABLE users ADD COLUMN dice double precision DEFAULT random()
ALTER TABLE users ADD COLUMN n integer GENERATED ALWAYS AS IDENTITY
ALTER TABLE users ADD COLUMN both_names text GENERATED ALWAYS AS (name || email) STORED
ALTER TABLE users ADD COLUMN label short DEFAULT 'a'
ALTER TABLE users ADD COLUMN nick text UNIQUE
ALTER TABLE users ADD COLUMN nick text CHECK (nick <> '')
ALTER TABLE users ADD COLUMN other bigint REFERENCES orders
ALTER TABLE users ADD COLUMN other bigint DEFAULT 1 REFERENCES orders
ALTER TABLE users ADD COLUMN a integer, ADD COLUMN b integer
ALTER TABLE heap ADD COLUMN c integer DEFAULT (random() * 10)::int
ALTER TABLE users DROP COLUMN email
ALTER TABLE users DROP COLUMN device_id
ALTER TABLE users ALTER COLUMN name TYPE varchar(60)
ALTER TABLE users ALTER COLUMN city TYPE varchar(100)
ALTER TABLE users ALTER COLUMN country TYPE varchar(30)
ALTER TABLE users ALTER COLUMN country TYPE text
ALTER TABLE users ALTER COLUMN country TYPE varchar(10)
ALTER TABLE users ALTER COLUMN score TYPE numeric(12,5)
ALTER TABLE users ALTER COLUMN score TYPE numeric
ALTER TABLE users ALTER COLUMN score TYPE numeric(12,2)
ALTER TABLE users ALTER COLUMN age TYPE bigint
ALTER TABLE users ALTER COLUMN order_id TYPE text
ALTER TABLE users ALTER COLUMN born TYPE timestamptz
ALTER TABLE users ALTER COLUMN born TYPE timestamp(3)
ALTER TABLE users ALTER COLUMN born TYPE date
ALTER TABLE users ALTER COLUMN code TYPE char(5)
ALTER TABLE users ALTER COLUMN code TYPE text
ALTER TABLE users ALTER COLUMN email TYPE varchar
ALTER TABLE users ALTER COLUMN \"Interval\" TYPE text USING \"Interval\"::text
ALTER TABLE users ALTER COLUMN city TYPE text USING lower(city)
ALTER TABLE users ALTER COLUMN city TYPE text COLLATE \"C\"
ALTER TABLE heap ALTER COLUMN a TYPE text
ALTER TABLE users ALTER COLUMN name SET DEFAULT 'x'
ALTER TABLE users ALTER COLUMN name DROP DEFAULT
ALTER TABLE users ALTER COLUMN email SET NOT NULL
ALTER TABLE users ALTER COLUMN country SET NOT NULL
ALTER TABLE users ALTER COLUMN city SET NOT NULL
ALTER TABLE users ALTER COLUMN device_id SET NOT NULL
ALTER TABLE users ALTER COLUMN device_id DROP NOT NULL
ALTER TABLE users ALTER COLUMN age SET STATISTICS 500
ALTER TABLE users ALTER COLUMN email SET STORAGE EXTERNAL
ALTER TABLE users ADD CONSTRAINT old CHECK (age < 200)
ALTER TABLE users ADD CONSTRAINT old CHECK (age < 200) NOT VALID
ALTER TABLE users VALIDATE CONSTRAINT city_known
ALTER TABLE users VALIDATE CONSTRAINT age_check
ALTER TABLE orders VALIDATE CONSTRAINT number_positive
ALTER TABLE users ADD CONSTRAINT to_order FOREIGN KEY (order_id) REFERENCES orders (id)
ALTER TABLE users ADD CONSTRAINT to_order FOREIGN KEY (order_id) REFERENCES orders (id) NOT VALID
ALTER TABLE users ADD CONSTRAINT parent FOREIGN KEY (order_id) REFERENCES users (id) NOT VALID
ALTER TABLE users ADD CONSTRAINT device_once UNIQUE USING INDEX users_device
ALTER TABLE users ADD CONSTRAINT email_once UNIQUE (email)
ALTER TABLE heap ADD PRIMARY KEY (a)
ALTER TABLE orders ADD EXCLUDE USING btree (number WITH =)
ALTER TABLE users DROP CONSTRAINT age_check
ALTER TABLE users DROP CONSTRAINT users_device_fk
ALTER TABLE users RENAME COLUMN email TO mail
ALTER TABLE users RENAME CONSTRAINT age_check TO age_ok
ALTER TABLE heap RENAME TO pile
ALTER INDEX users_order RENAME TO users_by_order
ALTER TABLE heap SET UNLOGGED
ALTER TABLE heap SET LOGGED
ALTER TABLE heap SET (fillfactor = 80)
ALTER TABLE users SET (autovacuum_enabled = false)
ALTER TABLE users CLUSTER ON users_order
ALTER TABLE users REPLICA IDENTITY FULL
ALTER TABLE users REPLICA IDENTITY USING INDEX users_device
ALTER TABLE users ENABLE ROW LEVEL SECURITY
ALTER TABLE users DISABLE TRIGGER ALL
ALTER TABLE orders DISABLE TRIGGER touch
ALTER TABLE events ADD COLUMN who text
ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')
ALTER TABLE events DETACH PARTITION events_2025
CREATE INDEX ON users (email)
CREATE INDEX ON users (lower(city)) WHERE age > 3
CREATE UNIQUE INDEX ON users (id, email)
CREATE INDEX ON events (what)
DROP INDEX users_order
DROP TABLE heap
DROP TABLE users CASCADE
DROP VIEW names
DROP MATERIALIZED VIEW sales
TRUNCATE heap
TRUNCATE devices CASCADE
CREATE TABLE fresh (id bigint PRIMARY KEY, order_id bigint REFERENCES orders)
CREATE TABLE fresh PARTITION OF events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')
CREATE TABLE fresh (LIKE users INCLUDING ALL)
CREATE TABLE fresh AS SELECT * FROM heap
CREATE VIEW cities AS SELECT city FROM users
CREATE OR REPLACE VIEW names AS SELECT id, name FROM users
CREATE MATERIALIZED VIEW cities AS SELECT b FROM heap
REFRESH MATERIALIZED VIEW sales
REFRESH MATERIALIZED VIEW CONCURRENTLY sales
CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch()
DROP TRIGGER touch ON orders
CREATE POLICY mine ON users USING (age > 3)
COMMENT ON TABLE users IS 'people'
COMMENT ON COLUMN users.email IS 'address'
UPDATE heap SET b = 'c'
UPDATE heap SET b = 'c' WHERE a = 3
DELETE FROM heap WHERE b = 'z'
INSERT INTO heap VALUES (1, 'a')
SELECT * FROM orders WHERE id = 1 FOR UPDATE
LOCK TABLE users IN SHARE MODE
LOCK TABLE heap
CLUSTER users USING users_order
REINDEX TABLE users
REINDEX INDEX users_order
ANALYZE users
ALTER TYPE mood RENAME VALUE 'good' TO 'fine'
ALTER DOMAIN short ADD CHECK (VALUE <> 'x')
ALTER TABLE users ALTER COLUMN name TYPE text
ALTER TABLE devices ADD COLUMN serial text
TRUNCATE orders, devices
";

/// What the server did in the transaction.
#[derive(Debug, Default)]
struct Seen {
    locks: BTreeMap<String, BTreeSet<String>>,
    rewrites: BTreeSet<String>,
    scans: BTreeSet<String>,
    refused: Option<String>,
}

const FILES: &str =
    "select c.oid::bigint, c.relname::text, c.relfilenode::bigint from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'm', 'p', 'v')";
const LOCKS: &str =
    "select c.relname::text, l.mode from pg_locks l join pg_class c on c.oid = l.relation join pg_namespace n on n.oid = c.relnamespace
    where l.pid = pg_backend_pid() and l.granted and n.nspname = 'public' and c.relkind in ('r', 'm', 'p', 'v')";
const SCANS: &str = "select relid::bigint, seq_scan from pg_stat_xact_all_tables where schemaname = 'public' and seq_scan > 0";

async fn watch(client: &Client, statement: &str) -> Seen {
    let mut seen = Seen::default();
    // The names before the statement: it may give others, and new tables do not count.
    let before: BTreeMap<i64, (String, i64)> =
        client.query(FILES, &[]).await.expect("files").iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect();
    client.batch_execute("begin").await.expect("begin");
    // A session's counters are handed on from time to time, not at the end of each transaction.
    let counted = scans(client).await;
    if let Err(error) = client.batch_execute(statement).await {
        seen.refused = Some(error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned()));
        client.batch_execute("rollback").await.expect("rollback");
        return seen;
    }
    let after: BTreeMap<i64, (String, i64)> =
        client.query(FILES, &[]).await.expect("files").iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect();
    let renamed = |name: &str| {
        let oid = after.iter().find(|(_, (other, _))| other == name).map(|(oid, _)| *oid);
        oid.and_then(|oid| before.get(&oid)).map(|(old, _)| old.clone())
    };
    // Tables that are gone have locks, but no name any more.
    let gone: Vec<&(String, i64)> = before.iter().filter(|(oid, _)| !after.contains_key(oid)).map(|(_, file)| file).collect();
    for row in client.query(LOCKS, &[]).await.expect("locks") {
        if let Some(name) = renamed(&row.get::<_, String>(0)) {
            seen.locks.entry(name).or_default().insert(row.get(1));
        }
    }
    for (name, _) in gone {
        seen.locks.entry(name.clone()).or_default().insert("AccessExclusiveLock".to_owned());
    }
    for (oid, (name, file)) in &before {
        if after.get(oid).is_some_and(|(_, now)| now != file) {
            seen.rewrites.insert(name.clone());
        }
    }
    for (oid, count) in scans(client).await {
        if let Some((name, _)) = before.get(&oid)
            && counted.get(&oid).copied().unwrap_or(0) < count
        {
            seen.scans.insert(name.clone());
        }
    }
    client.batch_execute("rollback").await.expect("rollback");
    seen
}

async fn scans(client: &Client) -> BTreeMap<i64, i64> {
    client.query(SCANS, &[]).await.expect("scans").iter().map(|row| (row.get(0), row.get(1))).collect()
}

fn rank(mode: &str) -> usize {
    let order = [
        "AccessShareLock",
        "RowShareLock",
        "RowExclusiveLock",
        "ShareUpdateExclusiveLock",
        "ShareLock",
        "ShareRowExclusiveLock",
        "ExclusiveLock",
    ];
    order.iter().position(|known| *known == mode).unwrap_or(order.len())
}

fn strongest(locks: &BTreeMap<String, BTreeSet<String>>) -> BTreeMap<String, usize> {
    locks.iter().map(|(table, modes)| (table.clone(), modes.iter().map(|mode| rank(mode)).max().unwrap_or(0))).collect()
}

#[derive(Default)]
struct Tally {
    right: usize,
    wrong: Vec<String>,
}

impl Tally {
    fn count(&mut self, right: bool, what: impl FnOnce() -> String) {
        if right { self.right += 1 } else { self.wrong.push(what()) }
    }

    fn check(&self, name: &str, version: u32) {
        let all = self.right + self.wrong.len();
        let share = self.right as f64 / all.max(1) as f64;
        println!("PostgreSQL {version}: {name}: {}/{all} {share:.3}", self.right);
        assert!(all >= 60 && share >= 0.95, "PostgreSQL {version}: {name} {share:.3}\n{}", self.wrong.join("\n"));
    }
}

#[tokio::test]
async fn the_server_does_what_was_predicted() {
    let statements: Vec<&str> = STATEMENTS.lines().filter(|line| !line.is_empty()).collect();
    for database in filled().await {
        judge(&database, &statements, Refusals::AllFound).await;
    }
}

/// Actions that nobody chose to go together: of each table's statements above, two to four in one `ALTER TABLE`.
#[tokio::test]
async fn the_server_does_what_was_predicted_of_actions_together() {
    let number = std::env::var("SQL_ORACLE_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_261);
    println!("SQL_ORACLE_SEED={number}");
    let mut seed = Seed::new(number);
    let mut statements = BTreeSet::new();
    // RENAME, SET SCHEMA, ATTACH and DETACH stand alone in their statement.
    let alone = |action: &str| ["RENAME", "SET SCHEMA", "ATTACH", "DETACH"].iter().any(|word| action.starts_with(word));
    for head in ["ALTER TABLE users ", "ALTER TABLE orders ", "ALTER TABLE heap "] {
        let actions: Vec<&str> = STATEMENTS.lines().filter_map(|line| line.strip_prefix(head)).filter(|action| !alone(action)).collect();
        for _ in 0..(actions.len() * 2).min(80) {
            let wanted = 2 + usize::try_from(seed.below(3)).unwrap_or(0).min(actions.len() - 2);
            let mut chosen: Vec<&str> = Vec::new();
            while chosen.len() < wanted {
                let action = seed.pick(&actions);
                if !chosen.contains(action) {
                    chosen.push(action);
                }
            }
            statements.insert(format!("{head}{}", chosen.join(", ")));
        }
    }
    let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    assert!(statements.len() >= 70, "{}", statements.len());
    for database in filled().await {
        judge(&database, &statements, Refusals::NoneMadeUp).await;
    }
}

/// What is asked of the statements that the server refuses.
#[derive(Clone, Copy, PartialEq)]
enum Refusals {
    /// Each of them is foretold.
    AllFound,
    /// What is foretold is refused: actions that chance put together contradict each other in ways that nobody writes.
    NoneMadeUp,
}

async fn judge(database: &Database, statements: &[&str], asked: Refusals) {
    let facts = facts(BASE, database.version);
    let options = Options { utc: Some(true), ..Options::default() };
    let (mut tops, mut modes, mut rewrites, mut scans, mut refusals) = <(Tally, Tally, Tally, Tally, Tally)>::default();
    for statement in statements {
        let predicted = script::effects(&Source::one(Side::New, "one.sql", statement), Some(&facts), &options);
        let [ours]: [StatementEffects; 1] = predicted.try_into().expect("one statement");
        let seen = watch(&database.client, statement).await;
        let say = |what: &str| format!("{what}: {statement}\n  ours {ours:?}\n  seen {seen:?}");
        let foretold = match asked {
            Refusals::AllFound => seen.refused.is_some() == ours.fails.is_some(),
            Refusals::NoneMadeUp => seen.refused.is_some() || ours.fails.is_none(),
        };
        refusals.count(foretold, || say("refused"));
        if seen.refused.is_some() {
            continue;
        }
        let mut here: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for lock in &ours.locks {
            here.entry(lock.object.clone()).or_default().insert(lock.mode.clone());
        }
        tops.count(strongest(&here) == strongest(&seen.locks), || say("strongest"));
        // A table that is gone shows no weaker locks any more.
        modes.count(here == seen.locks || statement.starts_with("DROP"), || say("modes"));
        // TRUNCATE gives a table a new file without writing a row: no rewrite in the sense of the report.
        let files = if statement.starts_with("TRUNCATE") { BTreeSet::new() } else { seen.rewrites.clone() };
        rewrites.count(ours.rewrites.iter().cloned().collect::<BTreeSet<_>>() == files, || say("rewrite"));
        scans.count(ours.scans.iter().cloned().collect::<BTreeSet<_>>() == seen.scans, || say("scan"));
    }
    for (name, tally) in
        [("strongest lock", &tops), ("all modes", &modes), ("rewrites", &rewrites), ("scans", &scans), ("refusals", &refusals)]
    {
        println!("{}", tally.wrong.join("\n"));
        tally.check(name, database.version);
    }
}
