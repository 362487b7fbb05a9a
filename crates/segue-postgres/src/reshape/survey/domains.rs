//! Columns of domain types that a run would have to add or write: those that would give values of their own, cost a
//! rewrite of the table under its lock, or cut values short in silence are refused.
//!
//! It takes the types that `expressions` found for both forms, and must run after it.
//! Tests: `tests/reshape/domains.rs`.

use segue_engine::EngineError;
use segue_model::reshape::{Role, Survey, TableChange};
use tokio_postgres::Transaction;

use crate::reshape::survey::critical;
use crate::reshape::survey::expressions::Forms;
use crate::session::db;

/// Each domain column of the forms: has it a default, is anything checked, does it stand on a type with a length.
const DOMAINS: &str = "
with recursive tower as (
    select f.of_new, f.physical, f.type as domain, f.type, -1 as length
    from rows from (pg_catalog.unnest($1::pg_catalog.bool[]), pg_catalog.unnest($2::pg_catalog.text[]), pg_catalog.unnest($3::pg_catalog.oid[])) as f(of_new, physical, type)
  union all
    select w.of_new, w.physical, w.domain, t.typbasetype, t.typtypmod
    from tower w join pg_catalog.pg_type t on t.oid = w.type where t.typtype = 'd'
)
select w.of_new, w.physical, pg_catalog.format_type(min(w.domain), null),
  bool_or(t.typdefault is not null and t.typtype = 'd'),
  bool_or(t.typtype = 'd' and (t.typnotnull or exists (select from pg_catalog.pg_constraint c where c.contypid = t.oid))),
  bool_or(t.typtype <> 'd' and w.length >= 0 and t.oid in ('pg_catalog.varchar'::regtype, 'pg_catalog.bpchar'::regtype,
    'pg_catalog.bit'::regtype, 'pg_catalog.varbit'::regtype))
from tower w join pg_catalog.pg_type t on t.oid = w.type
group by w.of_new, w.physical having bool_or(t.typtype = 'd') order by w.of_new, w.physical collate \"C\"";

pub(crate) async fn look(transaction: &Transaction<'_>, change: &TableChange, forms: &Forms, out: &mut Survey) -> Result<(), EngineError> {
    let (mut of_new, mut physical, mut types) = (Vec::new(), Vec::new(), Vec::new());
    for (new, form, of) in [(false, &change.old, &forms.old), (true, &change.new, &forms.new)] {
        for (column, of) in form.iter().zip(of) {
            of_new.push(new);
            physical.push(column.physical.as_str());
            types.push(of.oid);
        }
    }
    for row in transaction.query(DOMAINS, &[&of_new, &physical, &types]).await.map_err(db)? {
        let (of_new, physical, domain): (bool, String, String) = (row.get(0), row.get(1), row.get(2));
        let (default, checked, length): (bool, bool, bool) = (row.get(3), row.get(4), row.get(5));
        // A renamed column's twin has its type, but the form names the original; the value is copied, never cast.
        let renamed = change.up.iter().any(|d| matches!(&d.role, Role::Renamed { original, .. } if *original == physical));
        let added = of_new && (renamed || change.up.iter().any(|d| d.physical == physical));
        let written = !renamed && (added || (!of_new && change.down.iter().any(|d| d.physical == physical)));
        let why = if added && checked {
            "a new column of it makes the server rewrite the table while everybody waits"
        } else if added && default {
            "its own default would stand in the new column of each row that an old client inserts"
        } else if written && length {
            "a conversion to it would cut long values short without an error"
        } else {
            continue;
        };
        out.findings.push(critical(
            "SG-PG-132",
            format!("column {physical} of {}", change.table),
            format!("its type is the domain {domain}, and {why}"),
            "use the domain's base type for the run, with a default or a check of the spec; put the domain on by hand after it",
        ));
    }
    Ok(())
}
