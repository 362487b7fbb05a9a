//! What must be known of a table before its rows are corrected: types, triggers, foreign keys.
//!
//! Tests: `tests/it/repair.rs` of `segue-sim`.

use std::collections::{BTreeMap, BTreeSet};

use segue_engine::rows::{Firing, Unique, UniqueColumn};
use segue_engine::{EngineError, quote};
use segue_model::ident::TableName;
use tokio_postgres::{Client, GenericClient};

use crate::error::{db, sqlstate};

/// A column's type, as the catalog names it.
#[derive(Debug, Clone)]
pub(super) struct Type {
    schema: String,
    /// `int4`, `_text`.
    pub(super) name: String,
    /// `generated always as identity`: a row may come with a number, and none can be changed.
    pub(super) always: bool,
}

impl Type {
    /// The type without a modifier: a quoted `bpchar` or `bit` has no length of one.
    pub(super) fn sql(&self) -> String {
        format!("{}.{}", quote::name(&self.schema), quote::name(&self.name))
    }
}

/// A foreign key, from the side of our table.
#[derive(Debug, Clone)]
pub(super) struct Foreign {
    pub(super) name: String,
    /// The other table, quoted.
    pub(super) table: String,
    /// (our column, theirs).
    pub(super) pairs: Vec<(String, String)>,
    pub(super) acts_on_delete: bool,
    pub(super) acts_on_update: bool,
}

/// A table.
#[derive(Debug, Clone, Default)]
pub(super) struct Relation {
    pub(super) types: BTreeMap<String, Type>,
    /// Foreign keys of ours.
    pub(super) refers: Vec<Foreign>,
    /// Foreign keys of others to us.
    pub(super) referred: Vec<Foreign>,
    /// Neither the users' triggers and rules nor the server's own for foreign keys fire.
    pub(super) as_replica: bool,
    /// Something of the users fires when rows change.
    pub(super) sees_changes: bool,
}

/// A trigger or a rule of users.
struct Fires {
    name: String,
    always: bool,
    on_insert: bool,
    on_update: bool,
    on_delete: bool,
}

/// All of a table.
struct AllThatFire {
    all: Vec<Fires>,
    /// A replica would not look at its unique indexes.
    deferrable: bool,
}

const TYPES: &str = "
select a.attname::text, n.nspname::text, t.typname::text, a.attidentity = 'a'
from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid join pg_catalog.pg_namespace n on n.oid = t.typnamespace
where a.attrelid = $1::text::pg_catalog.regclass and a.attnum > 0 and not a.attisdropped";

/// Foreign keys from or to a table, each column pair in its order; ours first. Those that partitions repeat are left out.
const FOREIGN: &str = "
select c.conrelid = $1::text::pg_catalog.regclass, c.conname::text,
    case when c.conrelid = $1::text::pg_catalog.regclass then c.confrelid else c.conrelid end::pg_catalog.regclass::text,
    (select pg_catalog.array_agg(a.attname::text order by k.n) from pg_catalog.unnest(c.conkey) with ordinality k (at, n)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.at),
    (select pg_catalog.array_agg(a.attname::text order by k.n) from pg_catalog.unnest(c.confkey) with ordinality k (at, n)
        join pg_catalog.pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.at),
    c.confdeltype in ('c', 'n', 'd'), c.confupdtype in ('c', 'n', 'd')
from pg_catalog.pg_constraint c
where c.contype = 'f' and c.conparentid = 0 and (c.conrelid = $1::text::pg_catalog.regclass or c.confrelid = $1::text::pg_catalog.regclass)
order by c.conname";

/// What fires at a table and its partitions: users' triggers, and rules of the table. Each with whether it always does, and
/// at which writes.
const FIRING: &str = "
with recursive tree (oid) as (
    select $1::text::pg_catalog.regclass::pg_catalog.oid
    union select i.inhrelid from tree join pg_catalog.pg_inherits i on i.inhparent = tree.oid
)
select t.tgname::text, t.tgenabled = 'A', t.tgtype & 4 <> 0, t.tgtype & 16 <> 0, t.tgtype & 8 <> 0
from tree join pg_catalog.pg_trigger t on t.tgrelid = tree.oid
where not t.tgisinternal and t.tgenabled in ('O', 'A') and t.tgtype & 28 <> 0
union
select r.rulename::text, r.ev_enabled = 'A', r.ev_type = '3', r.ev_type = '2', r.ev_type = '4'
from pg_catalog.pg_rewrite r
where r.ev_class = $1::text::pg_catalog.regclass and r.ev_type in ('2', '3', '4') and r.ev_enabled in ('O', 'A')
order by 1, 2";

/// A unique index that may be looked at later is looked at by a trigger of the server's own, which a replica leaves out.
const DEFERRABLE: &str = "
with recursive tree (oid) as (
    select $1::text::pg_catalog.regclass::pg_catalog.oid
    union select i.inhrelid from tree join pg_catalog.pg_inherits i on i.inhparent = tree.oid
)
select exists (select from tree join pg_catalog.pg_index i on i.indrelid = tree.oid where not i.indimmediate)";

/// The columns of each unique index.
const UNIQUE: &str = "
select i.indexrelid::pg_catalog.int8, a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod),
    not (a.attnotnull or coalesce((pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct')::pg_catalog.bool, false)),
    a.attidentity <> '' or a.attgenerated <> ''
from pg_catalog.pg_index i
cross join lateral pg_catalog.unnest((i.indkey::pg_catalog.int2[])[0:i.indnkeyatts - 1]) with ordinality as k (at, place)
join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.at
where i.indrelid = $1::text::pg_catalog.regclass and i.indisunique order by i.indexrelid, k.place";

impl Relation {
    /// Reads it, in the transaction that is to write: where the table has triggers of users and the role may say so,
    /// they do not fire from here on.
    pub(super) async fn enter(client: &Client, table: &TableName) -> Result<Self, EngineError> {
        let quoted = quote::table(table);
        let mut out = Self::default();
        for row in client.query(TYPES, &[&quoted]).await.map_err(db)? {
            out.types.insert(row.get(0), Type { schema: row.get(1), name: row.get(2), always: row.get(3) });
        }
        for row in client.query(FOREIGN, &[&quoted]).await.map_err(db)? {
            let (ours, children, parents): (bool, Vec<String>, Vec<String>) = (row.get(0), row.get(3), row.get(4));
            let foreign = |own: &[String], other: &[String]| Foreign {
                name: row.get(1),
                table: row.get(2),
                pairs: own.iter().cloned().zip(other.iter().cloned()).collect(),
                acts_on_delete: row.get(5),
                acts_on_update: row.get(6),
            };
            if ours {
                out.refers.push(foreign(&children, &parents));
            }
            // A table that refers to itself is on both sides.
            if !ours || row.get::<_, String>(2) == quoted || same(client, &quoted, &row.get::<_, String>(2)).await? {
                out.referred.push(foreign(&parents, &children));
            }
        }
        let fires = AllThatFire::read(client, table).await?;
        out.as_replica = fires.may_be_left_out() && become_replica(client).await?;
        out.sees_changes = fires.all.iter().any(|one| one.on_update && (one.always || !out.as_replica));
        Ok(out)
    }
}

async fn same(client: &Client, one: &str, other: &str) -> Result<bool, EngineError> {
    let row =
        client.query_one("select $1::text::pg_catalog.regclass = $2::text::pg_catalog.regclass", &[&one, &other]).await.map_err(db)?;
    Ok(row.get(0))
}

impl AllThatFire {
    async fn read(client: &impl GenericClient, table: &TableName) -> Result<Self, EngineError> {
        let quoted = quote::table(table);
        let rows = client.query(FIRING, &[&quoted]).await.map_err(db)?;
        let one = |row: &tokio_postgres::Row| Fires {
            name: row.get(0),
            always: row.get(1),
            on_insert: row.get(2),
            on_update: row.get(3),
            on_delete: row.get(4),
        };
        let deferrable = client.query_one(DEFERRABLE, &[&quoted]).await.map_err(db)?.get(0);
        Ok(Self { all: rows.iter().map(one).collect(), deferrable })
    }

    /// There is something that a replica's session leaves out, and nothing that it must not.
    fn may_be_left_out(&self) -> bool {
        !self.deferrable && self.all.iter().any(|one| !one.always)
    }
}

/// What fires all the same when we write, and why.
pub(super) async fn firing(client: &impl GenericClient, version: i32, table: &TableName) -> Result<Firing, EngineError> {
    let fires = AllThatFire::read(client, table).await?;
    let ordinary = fires.all.iter().any(|one| !one.always);
    let left_out = fires.may_be_left_out() && may_be_replica(client, version).await?;
    let names = |at: fn(&Fires) -> bool| {
        let those = fires.all.iter().filter(|one| at(one) && (one.always || !left_out));
        those.map(|one| one.name.clone()).collect::<BTreeSet<_>>().into_iter().collect()
    };
    let why = match (ordinary, left_out) {
        (true, false) if fires.deferrable => "the table has a deferrable unique constraint, which the server does not look at without them",
        (true, false) => "the role may not set session_replication_role",
        _ => "they are enabled ALWAYS",
    };
    let (on_insert, on_update, on_delete) = (names(|one| one.on_insert), names(|one| one.on_update), names(|one| one.on_delete));
    Ok(Firing { on_insert, on_update, on_delete, why: why.to_owned() })
}

/// The unique indexes, but those over expressions alone.
pub(super) async fn uniques(client: &impl GenericClient, table: &TableName) -> Result<Vec<Unique>, EngineError> {
    let mut indexes: BTreeMap<i64, Vec<UniqueColumn>> = BTreeMap::new();
    for row in client.query(UNIQUE, &[&quote::table(table)]).await.map_err(db)? {
        let column = UniqueColumn { name: row.get(1), data_type: row.get(2), nullable: row.get(3), numbered: row.get(4) };
        indexes.entry(row.get(0)).or_default().push(column);
    }
    Ok(indexes.values().map(|columns| Unique::new(columns)).collect())
}

/// Whether the role may.
async fn become_replica(client: &Client) -> Result<bool, EngineError> {
    client.batch_execute("savepoint segue_role").await.map_err(db)?;
    match client.batch_execute("set local session_replication_role = replica").await.map_err(db) {
        Ok(()) => client.batch_execute("release savepoint segue_role").await.map_err(db).map(|()| true),
        Err(error) if sqlstate(&error) == Some("42501") => {
            client.batch_execute("rollback to savepoint segue_role; release savepoint segue_role").await.map_err(db).map(|()| false)
        }
        Err(error) => Err(error),
    }
}

/// Whether the role may leave triggers out, without trying.
async fn may_be_replica(client: &impl GenericClient, version: i32) -> Result<bool, EngineError> {
    let sql = if version >= 150_000 {
        "select pg_catalog.has_parameter_privilege('session_replication_role', 'SET')"
    } else {
        "select rolsuper from pg_catalog.pg_roles where rolname = current_user"
    };
    Ok(client.query_one(sql, &[]).await.map_err(db)?.get(0))
}
