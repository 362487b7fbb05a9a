//! Views and materialised views that read a table, by themselves or through another view.
//!
//! What a view reads is what the server's dependencies say: columns where it names some, none where it reads the
//! row as a whole. Segue's own views of journeys that are done are not among them. Tests: `tests/it/catalog.rs`.

use std::collections::BTreeMap;

use segue_engine::EngineError;
use segue_model::catalog::View;
use segue_model::ident::TableName;

use super::Reader;
use crate::error::db;
use crate::reshape::earlier;

const VIEWS: &str = "
with recursive relation (oid) as (
    select unnest($1::oid[])
    union
    select r.ev_class from relation
    join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = relation.oid and d.classid = 'pg_rewrite'::regclass
    join pg_rewrite r on r.oid = d.objid and r.rulename = '_RETURN'
), view as (
    select c.oid, n.nspname, c.relname, c.relkind from relation join pg_class c using (oid) join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('v', 'm')
)
select v.oid, v.nspname::text, v.relname::text, v.relkind = 'm', pg_get_viewdef(v.oid),
    rn.nspname::text, rc.relname::text,
    array(select a.attname::text from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
          where d.classid = 'pg_rewrite'::regclass and d.objid = w.oid and d.refclassid = 'pg_class'::regclass
            and d.refobjid = rc.oid and d.refobjsubid > 0 order by a.attnum)
from view v
join pg_rewrite w on w.ev_class = v.oid and w.rulename = '_RETURN'
join lateral (
    select distinct d.refobjid from pg_depend d where d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
      and d.refclassid = 'pg_class'::regclass and d.refobjid <> v.oid) as read on true
join pg_class rc on rc.oid = read.refobjid
join pg_namespace rn on rn.oid = rc.relnamespace
where rc.relkind in ('r', 'p', 'f', 'v', 'm')
order by v.nspname collate \"C\", v.relname collate \"C\", rn.nspname collate \"C\", rc.relname collate \"C\"";

/// The views, by name.
pub(super) async fn read(reader: &Reader<'_>) -> Result<Vec<View>, EngineError> {
    let mut out: BTreeMap<TableName, View> = BTreeMap::new();
    let earlier = earlier::views(&reader.transaction, &reader.oids).await?;
    for row in reader.transaction.query(VIEWS, &[&reader.oids]).await.map_err(db)? {
        if earlier.iter().any(|(oid, _)| *oid == row.get::<_, u32>(0)) {
            continue;
        }
        let name = TableName::new(row.get::<_, String>(1), row.get::<_, String>(2));
        let view = out.entry(name.clone()).or_insert_with(|| View {
            name,
            definition: row.get::<_, Option<String>>(4).unwrap_or_default(),
            materialized: row.get(3),
            reads: Vec::new(),
        });
        view.reads.push((TableName::new(row.get::<_, String>(5), row.get::<_, String>(6)), row.get(7)));
    }
    Ok(out.into_values().collect())
}
