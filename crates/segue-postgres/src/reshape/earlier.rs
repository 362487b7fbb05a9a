//! Views of the new side that journeys which are done left behind: their clients may still stand on them.
//!
//! They are Segue's own and end with the next journey of their table, so they stand in no change's way and are no
//! part of the catalog. One on which somebody else's view stands is not taken away: then it is named like any
//! other view. Tests: `crates/segue/tests/data/`, which runs many journeys on one table.

use segue_engine::EngineError;
use segue_engine::quote::table;
use segue_model::ident::TableName;
use tokio_postgres::GenericClient;

use crate::control;
use crate::reshape::names::version_schema;
use crate::session::db;

/// Views on the tables of `$1` in the schemas of `$2` that nothing else stands on.
const VIEWS: &str = "
select distinct c.oid, n.nspname::text, c.relname::text
from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid join pg_catalog.pg_class c on c.oid = r.ev_class
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where d.classid = 'pg_catalog.pg_rewrite'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid = any ($1)
  and c.relkind = 'v' and n.nspname = any ($2)
  and not exists (select from pg_catalog.pg_depend o
    where o.refclassid = 'pg_catalog.pg_class'::regclass and o.refobjid = c.oid and o.objid <> r.oid and o.deptype = 'n')
order by 2, 3";

/// The views of earlier journeys on these tables, by oid.
pub(crate) async fn views(client: &impl GenericClient, tables: &[u32]) -> Result<Vec<(u32, TableName)>, EngineError> {
    let there = client
        .query_one("select coalesce(pg_catalog.has_table_privilege(pg_catalog.to_regclass('segue.applied'), 'select'), false)", &[])
        .await
        .map_err(db)?;
    if !there.get::<_, bool>(0) {
        return Ok(Vec::new());
    }
    let rows = client
        .query(
            "select distinct n.nspname::text from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.oid = any ($1)",
            &[&tables],
        )
        .await
        .map_err(db)?;
    let applied = control::applied(client).await?;
    let schemas: Vec<String> = rows
        .iter()
        .map(|row| row.get::<_, String>(0))
        .flat_map(|schema| applied.iter().map(move |(_, tag, _)| version_schema(&schema, tag, "new")))
        .collect();
    let rows = client.query(VIEWS, &[&tables, &schemas]).await.map_err(db)?;
    Ok(rows.iter().map(|row| (row.get(0), TableName::new(row.get::<_, String>(1), row.get::<_, String>(2)))).collect())
}

/// Takes them away; a schema that is empty then goes with `views::drop_schema_if_empty`.
pub(crate) fn drop(views: &[(u32, TableName)]) -> String {
    views.iter().map(|(_, view)| format!("drop view {} restrict;\n", table(view))).collect::<Vec<_>>().concat()
}
