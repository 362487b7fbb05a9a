//! The whole catalog of the application as lines of text, by a reader of its own.
//!
//! It must never be built on the product's catalog reader, which it judges.

use crate::ground::Ground;

/// Everything of the application: all but the server's own schemas and Segue's control schema.
const CATALOG: &str = "
with home as (select oid, nspname from pg_namespace where nspname !~ '^pg_' and nspname not in ('information_schema', 'segue')),
rel as (select c.*, nspname || '.' || relname as full_name from pg_class c join home on home.oid = relnamespace)
select line from (
    select 'schema ' || nspname from home
    union all
    select concat_ws(' ', 'relation', full_name, relkind, relpersistence, relreplident, relrowsecurity, relforcerowsecurity, reloptions, relacl,
                     pg_get_userbyid(relowner), obj_description(oid, 'pg_class'))
      from rel
    union all
    select concat_ws(' ', 'column', full_name, row_number() over (partition by rel.oid order by attnum), attname, format_type(atttypid, atttypmod),
                     attnotnull, attidentity, attgenerated, attinhcount, attislocal, attstorage,
                     'default ' || pg_get_expr(adbin, adrelid), attacl, col_description(rel.oid, attnum))
      from rel join pg_attribute on attrelid = rel.oid and attnum > 0 and not attisdropped left join pg_attrdef on adrelid = attrelid and adnum = attnum
     where relkind in ('r', 'p', 'v', 'm', 'f')
    union all
    select concat_ws(' ', 'index', pg_get_indexdef(indexrelid), indisvalid, indisprimary, indisreplident, indisclustered, obj_description(indexrelid, 'pg_class'))
      from pg_index join rel on rel.oid = indexrelid
    union all
    select concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(pg_constraint.oid), convalidated, obj_description(pg_constraint.oid, 'pg_constraint'))
      from pg_constraint join home on home.oid = connamespace
    union all
    select concat_ws(' ', 'trigger', tgrelid::regclass, tgname, pg_get_triggerdef(pg_trigger.oid), tgenabled)
      from pg_trigger join rel on rel.oid = tgrelid where not tgisinternal
    union all
    select concat_ws(' ', 'rule', ev_enabled, pg_get_ruledef(pg_rewrite.oid)) from pg_rewrite join rel on rel.oid = ev_class
    union all
    select concat_ws(' ', 'function', p.oid::regprocedure, md5(case when prokind <> 'a' then pg_get_functiondef(p.oid) end))
      from pg_proc p join home on home.oid = pronamespace
    union all
    select concat_ws(' ', 'sequence', s.seqrelid::regclass, seqtypid::regtype, 'owned by',
                     (select refobjid::regclass || '.' || attname from pg_depend join pg_attribute on attrelid = refobjid and attnum = refobjsubid
                       where classid = 'pg_class'::regclass and objid = s.seqrelid and refclassid = 'pg_class'::regclass and deptype in ('a', 'i')))
      from pg_sequence s join rel on rel.oid = s.seqrelid
    union all
    select concat_ws(' ', 'type', t.oid::regtype, typtype, (select string_agg(enumlabel, ',' order by enumsortorder) from pg_enum where enumtypid = t.oid))
      from pg_type t join home on home.oid = typnamespace where typrelid = 0 and typelem = 0
    union all
    select concat_ws(' ', 'policy', polrelid::regclass, polname, polcmd, pg_get_expr(polqual, polrelid)) from pg_policy
    union all
    select 'statistics ' || pg_get_statisticsobjdef(oid) from pg_statistic_ext
    union all
    select 'publication ' || pubname from pg_publication
) lines (line) order by line";

const TABLES: &str = "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname";

impl Ground {
    /// The catalog, a line an object.
    pub(crate) fn catalog(&self) -> Vec<String> {
        self.column(CATALOG)
    }

    /// Tables with their columns, indexes and constraints, in words that are the same on every major.
    pub(crate) fn tables_in_words(&self) -> String {
        let wanted = |line: &&String| ["column public.", "constraint ", "index "].iter().any(|kind| line.starts_with(kind));
        // From 18 on, NOT NULL is a constraint of its own.
        self.catalog().iter().filter(wanted).filter(|line| !line.contains(" NOT NULL ")).cloned().collect::<Vec<_>>().join("\n")
    }

    /// Names of the application's tables.
    pub(crate) fn tables(&self) -> Vec<String> {
        self.column(TABLES)
    }

    /// `table: rows` of each table, without those that inherit from it.
    pub(crate) fn counts(&self) -> Vec<String> {
        let parts: Vec<String> =
            self.tables().iter().map(|table| format!("select '{table}: ' || count(*) from only public.\"{table}\"")).collect();
        if parts.is_empty() { Vec::new() } else { self.column(&parts.join(" union all ")) }
    }

    /// The type of a column, as the server writes it.
    pub(crate) fn type_of(&self, table: &str, column: &str) -> String {
        self.one(&format!(
            "select format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'public.\"{table}\"'::regclass and attname = '{column}'"
        ))
    }
}
