//! The tables themselves: kind, comment, grants, options, partition key, replica identity.
//!
//! A grant reads `SELECT to "app"`, `INSERT to PUBLIC with grant option`; what the owner has by owning is left
//! out. It must never follow a name: rows come by `oid`. Tests: `tests/it/catalog.rs`.

use std::collections::BTreeMap;

use segue_engine::EngineError;
use segue_model::catalog::{Table, TableKind};
use segue_model::ident::TableName;

use super::Reader;
use crate::error::db;

const TABLES: &str = "
select c.oid, n.nspname::text, c.relname::text,
    case when c.relkind = 'f' then 'foreign' when c.relkind = 'p' then 'partitioned'
         when c.relispartition then 'partition' else 'ordinary' end,
    obj_description(c.oid, 'pg_class'), c.relrowsecurity,
    array(select o from unnest(c.reloptions) as o
          union all select 'toast.' || o from pg_class t, unnest(t.reloptions) as o where t.oid = c.reltoastrelid
          union all select 'unlogged' where c.relpersistence = 'u'
          union all select 'row_security=forced' where c.relforcerowsecurity
          union all select 'tablespace=' || quote_ident(s.spcname) from pg_tablespace s where s.oid = c.reltablespace
          union all select 'access_method=' || quote_ident(m.amname) from pg_am m where m.oid = c.relam and m.amname <> 'heap'
          union all select 'of type ' || format_type(c.reloftype, null) where c.reloftype <> 0
          union all select 'partition ' || pg_get_expr(c.relpartbound, c.oid) where c.relpartbound is not null),
    case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end,
    case c.relreplident when 'd' then 'default' when 'n' then 'nothing' when 'f' then 'full'
         else 'index ' || coalesce((select quote_ident(i.relname) from pg_index x join pg_class i on i.oid = x.indexrelid
                                    where x.indrelid = c.oid and x.indisreplident), '') end,
    array(select g.privilege_type || ' to ' || case when g.grantee = 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(g.grantee)) end
                 || case when g.is_grantable then ' with grant option' else '' end
          from aclexplode(c.relacl) as g where g.grantee <> c.relowner order by 1)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.oid = any ($1)";

/// The tables by `oid`, without what hangs on them.
pub(super) async fn read(reader: &Reader<'_>) -> Result<BTreeMap<u32, Table>, EngineError> {
    let mut out = BTreeMap::new();
    for row in reader.transaction.query(TABLES, &[&reader.oids]).await.map_err(db)? {
        let kind = match row.get(3) {
            "foreign" => TableKind::Foreign,
            "partitioned" => TableKind::Partitioned,
            "partition" => TableKind::Partition,
            _ => TableKind::Ordinary,
        };
        let table = Table {
            comment: row.get(4),
            row_security: row.get(5),
            options: row.get(6),
            partition_key: row.get(7),
            replica_identity: Some(row.get(8)),
            grants: sorted(row.get(9)),
            ..Table::new(TableName::new(row.get::<_, String>(1), row.get::<_, String>(2)), kind)
        };
        out.insert(row.get(0), table);
    }
    Ok(out)
}

/// By bytes: a server's collation is not the same everywhere.
pub(super) fn sorted(mut list: Vec<String>) -> Vec<String> {
    list.sort();
    list.dedup();
    list
}
