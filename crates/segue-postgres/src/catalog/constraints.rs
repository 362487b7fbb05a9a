//! Constraints of a table, and foreign keys elsewhere that refer to it.
//!
//! On 18 each NOT NULL is a constraint with a name; one that is valid says no more than its column does, and is
//! left out. Tests: `tests/it/catalog.rs`.

use segue_engine::{EngineError, ErrorKind};
use segue_model::catalog::{Constraint, ConstraintKind, Reference};
use segue_model::ident::TableName;

use super::{ByTable, Reader};

const CONSTRAINTS: &str = "
select k.conrelid, k.conname::text, k.contype::text, pg_get_constraintdef(k.oid),
    array(select a.attname::text from unnest(k.conkey) with ordinality as x (n, at)
          join pg_attribute a on a.attrelid = k.conrelid and a.attnum = x.n order by x.at),
    k.convalidated, n.nspname::text, f.relname::text
from pg_constraint k
left join pg_class f on f.oid = k.confrelid
left join pg_namespace n on n.oid = f.relnamespace
where k.conrelid = any ($1) and k.contype in ('p', 'u', 'c', 'f', 'x', 'n') and not (k.contype = 'n' and k.convalidated)
order by k.conrelid, k.conname collate \"C\", k.oid";

/// A key of a partition, or to one, that comes from its parent's is left out: the parent's is there.
const REFERENCED_BY: &str = "
select k.confrelid, n.nspname::text, c.relname::text, k.conname::text,
    array(select a.attname::text from unnest(k.confkey) with ordinality as x (n, at)
          join pg_attribute a on a.attrelid = k.confrelid and a.attnum = x.n order by x.at)
from pg_constraint k
join pg_class c on c.oid = k.conrelid
join pg_namespace n on n.oid = c.relnamespace
where k.confrelid = any ($1) and k.contype = 'f' and k.conrelid <> k.confrelid and k.conparentid = 0
order by k.confrelid, n.nspname collate \"C\", c.relname collate \"C\", k.conname collate \"C\"";

/// The constraints of each table, by name.
pub(super) async fn read(reader: &Reader<'_>) -> Result<ByTable<Constraint>, EngineError> {
    reader
        .by_table(CONSTRAINTS, |row| {
            let schema: Option<String> = row.get(6);
            Ok(Constraint {
                name: row.get(1),
                kind: kind(row.get(2))?,
                definition: row.get::<_, Option<String>>(3).unwrap_or_default(),
                columns: row.get(4),
                validated: row.get(5),
                references: schema.map(|schema| TableName::new(schema, row.get::<_, String>(7))),
            })
        })
        .await
}

/// Foreign keys of other tables that refer to each table.
pub(super) async fn referenced_by(reader: &Reader<'_>) -> Result<ByTable<Reference>, EngineError> {
    reader
        .by_table(REFERENCED_BY, |row| {
            Ok(Reference {
                table: TableName::new(row.get::<_, String>(1), row.get::<_, String>(2)),
                constraint: row.get(3),
                columns: row.get(4),
            })
        })
        .await
}

fn kind(letter: &str) -> Result<ConstraintKind, EngineError> {
    Ok(match letter {
        "p" => ConstraintKind::PrimaryKey,
        "u" => ConstraintKind::Unique,
        "c" => ConstraintKind::Check,
        "f" => ConstraintKind::ForeignKey,
        "x" => ConstraintKind::Exclusion,
        "n" => ConstraintKind::NotNull,
        _ => return Err(EngineError::new("SG-PG-017", ErrorKind::Other, "the catalog has a kind of constraint that Segue does not know")),
    })
}
