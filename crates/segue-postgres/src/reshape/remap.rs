//! An index's or check's definition said over other columns: asked of the server, never edited as text.
//!
//! On an empty temporary copy of the table, in a transaction that is rolled back, the object is made, the columns
//! are renamed, and the server writes the definition again: a column called `lower` in `lower(lower)` comes out
//! right. Tests: `tests/reshape/carry.rs`.

use segue_engine::EngineError;
use segue_engine::quote::name;
use segue_model::ident::TableName;
use serde::{Deserialize, Serialize};
use tokio_postgres::Transaction;

use crate::session::db;

/// The name of the object on the copy: ours, so that what stands before ` USING ` is known.
const PROBE: &str = "segue_probe";

/// A carried definition, as the survey hands it to the step that makes it: what the server says of the object on the
/// originals, and the twins that it is to stand on.
#[derive(Serialize, Deserialize)]
struct Over {
    definition: String,
    twins: Vec<(String, String)>,
}

/// A definition over the originals, to be said over their twins when it is made.
pub(crate) fn over(definition: &str, twins: &[(String, String)]) -> String {
    let over = Over { definition: definition.to_owned(), twins: twins.to_vec() };
    serde_json::to_string(&over).expect("texts and pairs of texts have a JSON form")
}

/// The two parts of it. One of an earlier version was said over the twins already.
pub(crate) fn parts(carried: &str) -> (String, Vec<(String, String)>) {
    match serde_json::from_str::<Over>(carried) {
        Ok(over) => (over.definition, over.twins),
        Err(_) => (carried.to_owned(), Vec::new()),
    }
}

/// An empty temporary copy of a table, under the table's own name.
pub(crate) struct Copy<'a> {
    transaction: &'a Transaction<'a>,
    table: String,
}

impl<'a> Copy<'a> {
    /// Makes the copy; columns of the helper kind are harmless in it.
    pub(crate) async fn of(transaction: &'a Transaction<'a>, original: &TableName) -> Result<Self, EngineError> {
        let copy = Self { transaction, table: format!("pg_temp.{}", name(&original.name)) };
        let sql = format!("create temporary table {} (like {})", name(&original.name), segue_engine::quote::table(original));
        transaction.batch_execute(&sql).await.map_err(db)?;
        Ok(copy)
    }

    /// Renames columns, all at once: `(from, to)`. A column that stands in the way gets a name nobody has.
    async fn rename(&self, pairs: &[(String, String)]) -> Result<(), EngineError> {
        let mut sql = String::new();
        let on = &self.table;
        for (at, (from, _)) in pairs.iter().enumerate() {
            sql.push_str(&format!("alter table {on} rename column {} to {};\n", name(from), name(&format!("segue_move_{at}"))));
        }
        for (at, (_, to)) in pairs.iter().enumerate() {
            sql.push_str(&format!("alter table {on} rename column {} to {};\n", name(&format!("segue_move_{at}")), name(to)));
        }
        self.transaction.batch_execute(&sql).await.map_err(db)
    }

    /// What a new object says of these columns: the names of a form are given to physical columns, `make` runs, and
    /// the physical names come back. Columns in the way step aside for as long.
    pub(crate) async fn physical(&self, pairs: &[(String, String)], make: &str) -> Result<(), EngineError> {
        let mut aside = Vec::new();
        for (at, (form, physical)) in pairs.iter().enumerate() {
            if form != physical && self.has(form).await? && !pairs.iter().any(|(_, other)| other == form) {
                aside.push((form.clone(), format!("segue_aside_{at}")));
            }
        }
        let there: Vec<(String, String)> = pairs.iter().map(|(form, physical)| (physical.clone(), form.clone())).collect();
        self.rename(&aside).await?;
        self.rename(&there).await?;
        self.transaction.batch_execute(make).await.map_err(db)?;
        let back = |list: &[(String, String)]| list.iter().map(|(from, to)| (to.clone(), from.clone())).collect::<Vec<_>>();
        self.rename(&back(&there)).await?;
        self.rename(&back(&aside)).await
    }

    async fn has(&self, column: &str) -> Result<bool, EngineError> {
        let row = self
            .transaction
            .query_one(
                "select exists (select from pg_catalog.pg_attribute where attrelid = pg_catalog.to_regclass($1) and attname = $2 and not attisdropped)",
                &[&self.table, &column],
            )
            .await
            .map_err(db)?;
        Ok(row.get(0))
    }

    /// What stands after ` USING ` in the definition of the probe index.
    pub(crate) async fn index_tail(&self) -> Result<String, EngineError> {
        let row = self
            .transaction
            .query_one(&format!("{TAIL} where i.indrelid = pg_catalog.to_regclass($1) and c.relname = $2"), &[&self.table, &PROBE])
            .await
            .map_err(db)?;
        Ok(row.get(1))
    }

    /// The definition of the probe constraint.
    pub(crate) async fn constraint(&self) -> Result<String, EngineError> {
        let row = self
            .transaction
            .query_one(
                "select pg_catalog.pg_get_constraintdef(oid) from pg_catalog.pg_constraint where conrelid = pg_catalog.to_regclass($1) and conname = $2",
                &[&self.table, &PROBE],
            )
            .await
            .map_err(db)?;
        Ok(row.get(0))
    }

    /// `create [unique] index` of the probe with this tail.
    pub(crate) fn make_index(&self, unique: bool, tail: &str) -> String {
        format!("create {}index {PROBE} on {} using {tail}", if unique { "unique " } else { "" }, self.table)
    }

    /// `add constraint` of the probe.
    pub(crate) fn make_constraint(&self, definition: &str) -> String {
        format!("alter table {} add constraint {PROBE} {definition}", self.table)
    }
}

/// `select oid, tail` of indexes: the definition without what stands up to ` USING `, whose length is known from
/// the names in it.
pub(crate) const TAIL: &str = "select i.indexrelid, pg_catalog.substr(d.def, case when n.oid = pg_catalog.pg_my_temp_schema() \
       then pg_catalog.strpos(d.def, pg_catalog.quote_ident(t.relname) || ' USING ') - 1 + pg_catalog.length(pg_catalog.quote_ident(t.relname) || ' USING ') \
       else pg_catalog.length('CREATE ' || case when i.indisunique then 'UNIQUE ' else '' end || 'INDEX ' || pg_catalog.quote_ident(c.relname) || ' ON ' \
       || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(t.relname) || ' USING ') end + 1) \
   from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid \
   join pg_catalog.pg_class t on t.oid = i.indrelid join pg_catalog.pg_namespace n on n.oid = t.relnamespace, \
   lateral (select pg_catalog.pg_get_indexdef(i.indexrelid) as def) d";
