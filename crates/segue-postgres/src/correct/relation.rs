//! What must be known of a table before its rows are corrected: types, triggers, foreign keys.
//!
//! Tests: `tests/it/repair.rs` of `segue-sim`.

use std::collections::BTreeMap;

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
    /// Neither the users' triggers nor the server's own for foreign keys fire.
    pub(super) as_replica: bool,
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

/// Users' triggers of a table and of its partitions: those that fire in an ordinary session, and those that always do.
const TRIGGERS: &str = "
with recursive tree (oid) as (
    select $1::text::pg_catalog.regclass::pg_catalog.oid
    union select i.inhrelid from tree join pg_catalog.pg_inherits i on i.inhparent = tree.oid
)
select coalesce(pg_catalog.array_agg(distinct t.tgname::text order by t.tgname::text) filter (where t.tgenabled = 'O'), '{}'),
    coalesce(pg_catalog.array_agg(distinct t.tgname::text order by t.tgname::text) filter (where t.tgenabled = 'A'), '{}')
from tree join pg_catalog.pg_trigger t on t.tgrelid = tree.oid where not t.tgisinternal and t.tgenabled in ('O', 'A')";

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
        let (ordinary, _) = triggers(client, table).await?;
        out.as_replica = !ordinary.is_empty() && become_replica(client).await?;
        Ok(out)
    }
}

async fn same(client: &Client, one: &str, other: &str) -> Result<bool, EngineError> {
    let row =
        client.query_one("select $1::text::pg_catalog.regclass = $2::text::pg_catalog.regclass", &[&one, &other]).await.map_err(db)?;
    Ok(row.get(0))
}

/// Names of the users' triggers: those that a replica's session leaves out, and those that always fire.
pub(super) async fn triggers(client: &impl GenericClient, table: &TableName) -> Result<(Vec<String>, Vec<String>), EngineError> {
    let row = client.query_one(TRIGGERS, &[&quote::table(table)]).await.map_err(db)?;
    Ok((row.get(0), row.get(1)))
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
pub(super) async fn may_be_replica(client: &impl GenericClient, version: i32) -> Result<bool, EngineError> {
    let sql = if version >= 150_000 {
        "select pg_catalog.has_parameter_privilege('session_replication_role', 'SET')"
    } else {
        "select rolsuper from pg_catalog.pg_roles where rolname = current_user"
    };
    Ok(client.query_one(sql, &[]).await.map_err(db)?.get(0))
}
