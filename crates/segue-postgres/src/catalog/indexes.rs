//! Indexes, with the definition that the server itself would use again.
//!
//! Tests: `tests/it/catalog.rs`.

use segue_engine::EngineError;
use segue_model::catalog::Index;

use super::{ByTable, Reader};

const INDEXES: &str = "
select i.indrelid, c.relname::text, pg_get_indexdef(i.indexrelid),
    array(select coalesce(a.attname::text, pg_get_indexdef(i.indexrelid, k.n, false))
          from generate_series(1, i.indnkeyatts::int4) as k (n)
          left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[k.n - 1] and a.attnum <> 0
          order by k.n),
    array(select i.indkey[k.n - 1] = 0 from generate_series(1, i.indnkeyatts::int4) as k (n) order by k.n),
    i.indisunique, i.indisprimary, i.indisvalid and i.indisready and i.indislive,
    (select k.conname::text from pg_constraint k where k.conindid = i.indexrelid and k.conrelid = i.indrelid
     and k.contype in ('p', 'u', 'x')),
    i.indpred is not null or i.indexprs is not null
from pg_index i join pg_class c on c.oid = i.indexrelid
where i.indrelid = any ($1)
order by i.indrelid, c.relname collate \"C\"";

/// The indexes of each table, by name.
pub(super) async fn read(reader: &Reader<'_>) -> Result<ByTable<Index>, EngineError> {
    reader
        .by_table(INDEXES, |row| {
            let texts: Vec<String> = row.get(3);
            let expressions: Vec<bool> = row.get(4);
            Ok(Index {
                name: row.get(1),
                definition: row.get::<_, Option<String>>(2).unwrap_or_default(),
                columns: texts.into_iter().zip(expressions).map(|(text, expression)| key(text, expression)).collect(),
                unique: row.get(5),
                primary: row.get(6),
                valid: row.get(7),
                constraint: row.get(8),
                partial_or_expression: row.get(9),
            })
        })
        .await
}

/// The server leaves the parentheses away around a function call, and there alone.
fn key(text: String, expression: bool) -> String {
    if expression && !text.starts_with('(') { format!("({text})") } else { text }
}
