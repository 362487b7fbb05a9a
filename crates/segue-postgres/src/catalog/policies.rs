//! Row-level policies, as the statement that makes them.
//!
//! Tests: `tests/it/catalog.rs`.

use segue_engine::EngineError;
use segue_model::catalog::Named;

use super::{ByTable, Reader};

const POLICIES: &str = "
select p.polrelid, p.polname::text,
    format('CREATE POLICY %I ON %I.%I AS %s FOR %s TO %s', p.polname, n.nspname, c.relname,
        case when p.polpermissive then 'PERMISSIVE' else 'RESTRICTIVE' end,
        case p.polcmd when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE' when 'd' then 'DELETE' else 'ALL' end,
        (select string_agg(case when r.oid = 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(r.oid)) end, ', '
                           order by pg_get_userbyid(r.oid) collate \"C\") from unnest(p.polroles) as r (oid)))
    || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
    || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')
from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
where p.polrelid = any ($1)
order by p.polrelid, p.polname collate \"C\"";

/// The policies of each table, by name.
pub(super) async fn read(reader: &Reader<'_>) -> Result<ByTable<Named>, EngineError> {
    reader.by_table(POLICIES, |row| Ok(Named { name: row.get(1), definition: row.get(2) })).await
}
