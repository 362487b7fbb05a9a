//! The backfill: existing rows get their new form, one stretch of the key at a time.
//!
//! A batch is one fenced transaction. It computes `up` itself, in a session whose triggers are off where the role
//! may do that, and touches only rows whose helper says 0: what a client wrote meanwhile is never overwritten. Rows
//! that a client holds are skipped, for a second pass. A value that cannot be converted puts that row aside and no
//! other. Tests: `tests/reshape/backfill.rs`.

use segue_engine::quote::{name, table, text};
use segue_engine::{Batch, EngineError, ErrorKind, Guard, Key};
use segue_model::reshape::{Derived, Role, TableChange};
use tokio_postgres::Transaction;

use crate::PostgresEngine;
use crate::error::sqlstate;
use crate::reshape::base::{self, Base};
use crate::reshape::compose::{self, Source};
use crate::reshape::keys::{Range, Walk};
use crate::reshape::names::{Names, needs_sync};
use crate::reshape::witness;
use crate::session::{db, fenced};

/// How long a batch waits for a row that a client holds. Long enough for a transaction of one statement and its
/// commit, so that a batch is seldom done twice; far below `deadlock_timeout`, so that no client is ever its victim.
const WAIT_MS: u64 = 50;

pub(crate) async fn batch(
    engine: &PostgresEngine,
    guard: &Guard,
    change: &TableChange,
    after: Option<&Key>,
    limit: u64,
) -> Result<Batch, EngineError> {
    let nothing = Batch { next: None, walked: 0, converted: 0, rejected: 0, skipped: 0 };
    if !needs_sync(change) || !change.backfill {
        return Ok(nothing);
    }
    let mut session = engine.write_session(guard).await?;
    let path = base::path(session.schemas(), &change.table);
    let transaction = fenced(&mut session, guard).await?;
    let before = base::read(&transaction, &change.table).await?;
    let walk = Walk::of(change, &before)?;
    let quiet = silence(&transaction, &format!("set local search_path = {path}; ")).await?;
    let Some(range) = walk.next(&transaction, after, limit.max(1)).await? else {
        // The epoch's lock made it a writing transaction: its commit waits for every batch before it to be durable.
        transaction.commit().await.map_err(db)?;
        return Ok(nothing);
    };
    let work = Work { change, guard, names: Names::of(change), walk, before, mark: if quiet { 2 } else { 4 } };
    let (converted, rejected, open) = match work.convert(&transaction, &range).await {
        Ok(done) => done,
        Err(error) => {
            transaction.rollback().await.map_err(db)?;
            return Err(witness::named(engine, &change.table, Some(change), error).await);
        }
    };
    transaction.commit().await.map_err(db)?;
    Ok(Batch { next: range.next, walked: range.rows, converted, rejected, skipped: open })
}

/// Switches triggers off for this transaction, after `first`. Where the role may not, they fire: ours know the
/// backfill's mark.
async fn silence(transaction: &Transaction<'_>, first: &str) -> Result<bool, EngineError> {
    let sql = format!("{first}savepoint segue_silence; set local session_replication_role = 'replica'; release savepoint segue_silence");
    let Err(error) = transaction.batch_execute(&sql).await.map_err(db) else { return Ok(true) };
    if error.kind != ErrorKind::Permission {
        return Err(error);
    }
    transaction.batch_execute("rollback to savepoint segue_silence; release savepoint segue_silence").await.map_err(db)?;
    Ok(false)
}

/// Whether triggers can be switched off by this role; the survey asks it.
pub(crate) async fn can_silence(transaction: &Transaction<'_>) -> Result<bool, EngineError> {
    silence(transaction, "").await
}

struct Work<'a> {
    change: &'a TableChange,
    guard: &'a Guard,
    names: Names,
    walk: Walk,
    before: Base,
    mark: i32,
}

impl Work<'_> {
    /// Converts what can be had of the stretch: `(converted, rejected, still open)`. First everything in one plain
    /// statement, which gives up within [`WAIT_MS`] where a client holds a row, and leaves nothing open; then around the
    /// rows that are held; and row by row where some value cannot be converted.
    async fn convert(&self, transaction: &Transaction<'_>, range: &Range) -> Result<(u64, u64, u64), EngineError> {
        for (at, statement) in [self.plain(range), self.around(range)].iter().enumerate() {
            // A batch that is not the last need not wait for the disk: one that a crash of the server takes back is
            // found by the count at the end, and the last one's commit waits for all. In the plain case nothing has to
            // be set back before the commit.
            let commit = if range.next.is_some() { "set local synchronous_commit = off; " } else { "" };
            let begin = format!("{commit}savepoint segue_batch; set local lock_timeout = '{WAIT_MS}ms'");
            transaction.batch_execute(&begin).await.map_err(db)?;
            let error = match transaction.execute(statement, &[]).await.map_err(db) {
                Ok(done) => {
                    let open = if at > 0 && done < range.rows { self.open(transaction, range).await? } else { 0 };
                    return Ok((done, 0, open));
                }
                Err(error) => error,
            };
            transaction.batch_execute("rollback to savepoint segue_batch; release savepoint segue_batch").await.map_err(db)?;
            if error.kind == ErrorKind::LockTimeout {
                continue;
            }
            if !of_the_data(&error) {
                return Err(error);
            }
            break;
        }
        let row = transaction.query_one(&self.slow(range), &[]).await.map_err(db)?;
        let (converted, rejected) = (row.get::<_, i64>(0).cast_unsigned(), row.get::<_, i64>(1).cast_unsigned());
        let open = if converted + rejected < range.rows { self.open(transaction, range).await? } else { 0 };
        Ok((converted, rejected, open))
    }

    fn locked(&self, range: &Range, columns: &str) -> String {
        format!(
            "select {columns} from only {} as segue_row where {} and segue_row.{} = 0 for no key update skip locked",
            table(&self.change.table),
            range.condition,
            name(&self.names.side)
        )
    }

    /// The new physical columns with their values over the composed row `u`, for the rows of `row`. NULL for a column
    /// that takes none fails the statement: the helper column is 0 in every row that is converted, so the division
    /// is one by zero, and it is reached by such a NULL alone. (To hand out every row and look would cost a tenth of
    /// the whole; to ask `is null` first would evaluate `up` twice.)
    fn assignments(&self, row: &str) -> Vec<(String, String)> {
        let side = format!("{row}.{}", name(&self.names.side));
        self.change
            .up
            .iter()
            .filter(|derived| {
                let renamed = matches!(derived.role, Role::Renamed { .. });
                renamed || !self.takes_null(derived) || !compose::up_is_null(self.change, &derived.column)
            })
            .map(|derived| {
                let column = format!("u.{}", name(&derived.column));
                let value = if self.takes_null(derived) {
                    column
                } else {
                    format!("coalesce({column}, case when 1 / {side} = 0 then {column} end)")
                };
                (name(&derived.physical), value)
            })
            .collect()
    }

    fn takes_null(&self, derived: &Derived) -> bool {
        !self.change.new.iter().any(|column| column.physical == derived.physical && !column.nullable)
    }

    /// One pass over the stretch, each row computed where it stands.
    fn plain(&self, range: &Range) -> String {
        let leaf = |physical: &str| format!("segue_row.{}", name(physical));
        let form = compose::new_form(self.change, &Source { leaf: &leaf, tail: "", extra: &[] });
        let (columns, values): (Vec<String>, Vec<String>) = self.assignments("segue_row").into_iter().unzip();
        let set = if columns.is_empty() {
            String::new()
        } else {
            format!("({}) = (select {} from ({form}) as u), ", columns.join(", "), values.join(", "))
        };
        let side = name(&self.names.side);
        format!(
            "update only {} as segue_row set {set}{side} = {} where {} and segue_row.{side} = 0",
            table(&self.change.table),
            self.mark,
            range.condition,
        )
    }

    /// The same for the rows that nobody holds.
    fn around(&self, range: &Range) -> String {
        let leaf = |physical: &str| format!("segue_batch.{}", name(physical));
        let extra = [("segue_batch.segue_place", "segue_place")];
        let form = compose::new_form(self.change, &Source { leaf: &leaf, tail: "from segue_batch", extra: &extra });
        let assignments = self.assignments("t");
        let mut sets: Vec<String> = assignments.iter().map(|(column, value)| format!("{column} = {value}")).collect();
        sets.push(format!("{} = {}", name(&self.names.side), self.mark));
        let old_columns: Vec<String> = self.change.old.iter().map(|column| format!("segue_row.{}", name(&column.physical))).collect();
        let locked = self.locked(range, &format!("segue_row.ctid as segue_place, {}", old_columns.join(", ")));
        format!(
            "with segue_batch as materialized ({locked}) update only {} as t set {} from ({form}) as u where t.ctid = u.segue_place",
            table(&self.change.table),
            sets.join(", ")
        )
    }

    /// Row by row inside the server, for a stretch in which something cannot be converted: `(converted, rejected)`.
    fn slow(&self, range: &Range) -> String {
        let relation = table(&self.change.table);
        let mut sets: Vec<String> = self.assignments("t").iter().map(|(column, _)| format!("{column} = (u.whole).{column}")).collect();
        let side = name(&self.names.side);
        let mark = self.mark;
        sets.push(format!("{side} = case when u.reason is null then {mark} else 3 end"));
        format!(
            "with segue_batch as materialized ({locked}), \
             u as materialized (select b.segue_place, c.whole, c.reason from segue_batch b, lateral {convert}(b.segue_whole) c), \
             segue_done as (update only {relation} as t set {sets} from u where t.ctid = u.segue_place returning u.reason), \
             segue_aside as (insert into segue.rejected as r (run, relation, key, reason) \
               select {run}, {of}, {key}, reason from u where reason is not null \
               on conflict on constraint rejected_pkey do update set reason = excluded.reason returning 1) \
             select count(*) filter (where reason is null), count(*) filter (where reason is not null) from segue_done",
            locked = self.locked(range, "segue_row.ctid as segue_place, segue_row as segue_whole"),
            convert = table(&self.names.function("convert")),
            sets = sets.join(", "),
            run = text(&self.guard.run),
            of = text(&relation),
            key = self.walk.json("(u.whole)").as_str(),
        )
    }

    /// Rows of the stretch that are still to be converted.
    async fn open(&self, transaction: &Transaction<'_>, range: &Range) -> Result<u64, EngineError> {
        debug_assert!(self.before.has(&self.names.side));
        let sql =
            format!("select count(*) from only {} where {} and {} = 0", table(&self.change.table), range.condition, name(&self.names.side));
        let row = transaction.query_one(&sql, &[]).await.map_err(db)?;
        Ok(row.get::<_, i64>(0).cast_unsigned())
    }
}

/// The error says that some row's value cannot be converted, not that the server or we have a trouble.
fn of_the_data(error: &EngineError) -> bool {
    let class = sqlstate(error).map(|state| state.get(..2).unwrap_or_default().to_owned());
    !matches!(class.as_deref(), None | Some("40" | "53" | "54" | "55" | "57" | "58" | "XX" | "08" | "25" | "42"))
}
