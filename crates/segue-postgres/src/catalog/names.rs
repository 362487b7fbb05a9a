//! Names: which tables there are, which one a bare name means, to which table an index belongs.
//!
//! A name is always a parameter of a query, never part of its text. Tests: `tests/it/catalog.rs`.

use segue_engine::EngineError;
use segue_model::ident::TableName;
use tokio_postgres::{Client, GenericClient};

use crate::error::db;
use crate::session::Session;

const TABLES: &str = "
select n.nspname::text, c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and not c.relispartition and not starts_with(n.nspname::text, 'pg_')
  and n.nspname not in ('information_schema', 'segue')
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')";

const OIDS: &str = "
select c.oid from unnest($1::text[], $2::text[]) as w (schema, name)
join pg_namespace n on n.nspname = w.schema
join pg_class c on c.relnamespace = n.oid and c.relname = w.name
where c.relkind in ('r', 'p', 'f')";

/// The first of these schemas that has a relation of this name.
const RESOLVE: &str = "
select n.nspname::text from unnest($1::text[]) with ordinality as p (schema, at)
join pg_namespace n on n.nspname = p.schema
join pg_class c on c.relnamespace = n.oid and c.relname = $2 and c.relkind in ('r', 'p', 'f', 'v', 'm')
order by p.at limit 1";

const INDEX_TABLE: &str = "
select tn.nspname::text, t.relname::text from unnest($1::text[]) with ordinality as p (schema, at)
join pg_namespace n on n.nspname = p.schema
join pg_class c on c.relnamespace = n.oid and c.relname = $2
join pg_index i on i.indexrelid = c.oid
join pg_class t on t.oid = i.indrelid
join pg_namespace tn on tn.oid = t.relnamespace
order by p.at limit 1";

/// All the users' tables, sorted by bytes: no partitions (they are their parent's), nothing of an extension.
pub(crate) async fn tables(client: &Client) -> Result<Vec<TableName>, EngineError> {
    let rows = client.query(TABLES, &[]).await.map_err(db)?;
    let mut names: Vec<_> = rows.iter().map(|row| TableName::new(row.get::<_, String>(0), row.get::<_, String>(1))).collect();
    names.sort();
    Ok(names)
}

/// The `oid` of each of these tables that exists, in ascending order, each once.
pub(super) async fn oids(client: &impl GenericClient, names: &[TableName]) -> Result<Vec<u32>, EngineError> {
    let schemas: Vec<&str> = names.iter().map(|name| name.schema.as_str()).collect();
    let tables: Vec<&str> = names.iter().map(|name| name.name.as_str()).collect();
    let rows = client.query(OIDS, &[&schemas, &tables]).await.map_err(db)?;
    let mut oids: Vec<u32> = rows.iter().map(|row| row.get(0)).collect();
    oids.sort_unstable();
    oids.dedup();
    Ok(oids)
}

/// The table that a client of the URL means by a name; a name that is nowhere yet gets the schema in which the
/// client would make it.
pub(crate) async fn resolve(session: &Session, name: &TableName) -> Result<TableName, EngineError> {
    if !name.schema.is_empty() {
        return Ok(name.clone());
    }
    let found = session.query_opt(RESOLVE, &[&session.schemas(), &name.name]).await.map_err(db)?;
    let schema = match found {
        Some(row) => row.get(0),
        None => session.schemas().first().cloned().unwrap_or_else(|| "public".to_owned()),
    };
    Ok(TableName::new(schema, name.name.clone()))
}

/// The table that an index belongs to.
pub(crate) async fn index_table(session: &Session, index: &TableName) -> Result<Option<TableName>, EngineError> {
    let schemas = if index.schema.is_empty() { session.schemas().to_vec() } else { vec![index.schema.clone()] };
    let row = session.query_opt(INDEX_TABLE, &[&schemas, &index.name]).await.map_err(db)?;
    Ok(row.map(|row| TableName::new(row.get::<_, String>(0), row.get::<_, String>(1))))
}
