//! Where the sequences of tables stand, and how far the columns are that they fill.
//!
//! A sequence belongs to a column as its identity or `serial`, or because the column's default calls it. Tests:
//! `segue-sim/tests/it/checks/numbers.rs`.

use segue_engine::rows::Counter;
use segue_engine::{EngineError, quote};
use segue_model::ident::TableName;
use tokio_postgres::Client;

use crate::error::db;

/// Sequences that a column owns, and those that its default refers to.
const SEQUENCES: &str = "
select distinct tn.nspname::text, t.relname::text, a.attname::text, sn.nspname::text, s.relname::text,
    q.seqincrement, q.seqmax, q.seqmin, q.seqcycle, a.atttypid::int8
from pg_class t
join pg_namespace tn on tn.oid = t.relnamespace
join unnest($1::text[], $2::text[]) as w (schema, name) on w.schema = tn.nspname and w.name = t.relname
join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef f on f.adrelid = t.oid and f.adnum = a.attnum
join pg_depend d on (d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = t.oid
        and d.refobjsubid = a.attnum and d.deptype in ('a', 'i'))
    or (d.classid = 'pg_attrdef'::regclass and d.objid = f.oid and d.refclassid = 'pg_class'::regclass)
join pg_class s on s.relkind = 'S' and s.oid = case when d.classid = 'pg_attrdef'::regclass then d.refobjid else d.objid end
join pg_namespace sn on sn.oid = s.relnamespace
join pg_sequence q on q.seqrelid = s.oid
order by 1, 2, 3, 4, 5";

/// What a column of this type can hold at most.
fn type_limit(oid: i64, down: bool) -> Option<i128> {
    let (low, high) = match oid {
        21 => (i128::from(i16::MIN), i128::from(i16::MAX)),
        23 => (i128::from(i32::MIN), i128::from(i32::MAX)),
        20 => (i128::from(i64::MIN), i128::from(i64::MAX)),
        _ => return None,
    };
    Some(if down { low } else { high })
}

/// The counters of these tables, in the order of names.
pub(super) async fn read(client: &Client, tables: &[TableName]) -> Result<Vec<Counter>, EngineError> {
    let schemas: Vec<&str> = tables.iter().map(|table| table.schema.as_str()).collect();
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    let mut out = Vec::new();
    for row in client.query(SEQUENCES, &[&schemas, &names]).await.map_err(db)? {
        let (table, column): (TableName, String) = (TableName::new(row.get::<_, String>(0), row.get::<_, String>(1)), row.get(2));
        let sequence = TableName::new(row.get::<_, String>(3), row.get::<_, String>(4));
        let (step, highest, lowest): (i64, i64, i64) = (row.get(5), row.get(6), row.get(7));
        let down = step < 0;
        let of_sequence = i128::from(if down { lowest } else { highest });
        let of_type = type_limit(row.get(9), down);
        let limit = of_type.map_or(of_sequence, |of_type| if down { of_type.max(of_sequence) } else { of_type.min(of_sequence) });
        let next = next(client, &sequence, step).await?;
        let extreme = if down { "min" } else { "max" };
        // As text: the column may be numeric.
        let sql = format!("select trunc({extreme}({}))::text from {}", quote::name(&column), quote::table(&table));
        let reached: Option<String> = client.query_one(&sql, &[]).await.map_err(db)?.get(0);
        out.push(Counter {
            what: format!("sequence {sequence}"),
            next,
            down,
            reached: reached.and_then(|text| text.parse().ok()),
            limit: (!row.get::<_, bool>(8)).then_some(limit),
            table,
            column,
        });
    }
    Ok(out)
}

/// The value that a sequence gives next; `None` where the role may not read it.
async fn next(client: &Client, sequence: &TableName, step: i64) -> Result<Option<i128>, EngineError> {
    let may = client
        .query_one(
            "select has_sequence_privilege(c.oid, 'select') from pg_class c join pg_namespace n on n.oid = c.relnamespace \
             where n.nspname = $1 and c.relname = $2",
            &[&sequence.schema, &sequence.name],
        )
        .await
        .map_err(db)?;
    if !may.get::<_, bool>(0) {
        return Ok(None);
    }
    let sql = format!("select last_value, is_called from {}", quote::table(sequence));
    let row = client.query_one(&sql, &[]).await.map_err(db)?;
    let last = i128::from(row.get::<_, i64>(0));
    Ok(Some(if row.get(1) { last + i128::from(step) } else { last }))
}
