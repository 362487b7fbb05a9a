//! Columns: type, default, generation, identity, collation, comment, grants.
//!
//! A dropped column is none. On 18 a NOT NULL that is not yet valid lets NULLs be: its column is nullable here.
//! Tests: `tests/it/catalog.rs`.

use segue_engine::EngineError;
use segue_model::catalog::Column;

use super::tables::sorted;
use super::{ByTable, Reader};

const COLUMNS: &str = "
select a.attrelid, a.attname::text, format_type(a.atttypid, a.atttypmod),
    not a.attnotnull or exists (select from pg_constraint k where k.conrelid = a.attrelid and k.contype = 'n'
                                and not k.convalidated and k.conkey = array[a.attnum]),
    pg_get_expr(d.adbin, d.adrelid), a.attgenerated <> '',
    case a.attidentity when 'a' then 'always' when 'd' then 'by default' else
        (select 'serial' from pg_depend own
         join pg_depend uses on uses.classid = 'pg_attrdef'::regclass and uses.objid = d.oid
              and uses.refclassid = 'pg_class'::regclass and uses.refobjid = own.objid
         join pg_class s on s.oid = own.objid and s.relkind = 'S'
         where own.classid = 'pg_class'::regclass and own.deptype = 'a'
           and own.refclassid = 'pg_class'::regclass and own.refobjid = a.attrelid and own.refobjsubid = a.attnum limit 1) end,
    (select quote_ident(cn.nspname) || '.' || quote_ident(co.collname)
     from pg_collation co join pg_namespace cn on cn.oid = co.collnamespace
     where co.oid = a.attcollation and a.attcollation <> t.typcollation),
    col_description(a.attrelid, a.attnum),
    array(select g.privilege_type || ' to ' || case when g.grantee = 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(g.grantee)) end
                 || case when g.is_grantable then ' with grant option' else '' end
          from aclexplode(a.attacl) as g where g.grantee <> c.relowner)
from pg_attribute a
join pg_class c on c.oid = a.attrelid
join pg_type t on t.oid = a.atttypid
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where a.attrelid = any ($1) and a.attnum > 0 and not a.attisdropped
order by a.attrelid, a.attnum";

/// The columns of each table, in its order.
pub(super) async fn read(reader: &Reader<'_>) -> Result<ByTable<Column>, EngineError> {
    reader
        .by_table(COLUMNS, |row| {
            let expression: Option<String> = row.get(4);
            let (generated, default) = if row.get(5) { (expression, None) } else { (None, expression) };
            Ok(Column {
                name: row.get(1),
                data_type: row.get(2),
                nullable: row.get(3),
                default,
                generated,
                identity: row.get(6),
                collation: row.get(7),
                comment: row.get(8),
                grants: sorted(row.get(9)),
            })
        })
        .await
}
