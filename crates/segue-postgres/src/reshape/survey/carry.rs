//! What is carried from a column to its twin: indexes, constraints, default, comment, statistics settings.
//!
//! Definitions come from the server, and are said over the twins when they are made (`remap`); here each is put to the
//! server over the twins' own types, and refused by name where it does not fit. Tests: `tests/reshape/carry.rs`,
//! `tests/reshape/refuse.rs`.

use segue_engine::EngineError;
use segue_engine::quote::{name, names, table, text};
use segue_model::ident::TableName;
use segue_model::reshape::{Carry, CarryKind, Role, Survey, TableChange};
use tokio_postgres::Transaction;

use crate::reshape::base::Base;
use crate::reshape::compose::{self, Source};
use crate::reshape::names::fit;
use crate::reshape::remap::{self, TAIL};
use crate::reshape::survey::depend::{Owned, converted};
use crate::reshape::survey::judge::{Judge, Leaves};
use crate::reshape::survey::{checks, critical, index};
use crate::reshape::views;
use crate::session::db;

pub(crate) async fn look(judge: &Judge<'_>, change: &TableChange, base: &Base, owned: &Owned, out: &mut Survey) -> Result<(), EngineError> {
    let twins = converted(change);
    if twins.is_empty() {
        return Ok(());
    }
    let Some(columns) = columns(judge, change, base, &twins).await? else { return Ok(()) };
    let look = Look { judge, transaction: judge.transaction, change, base, twins, columns };
    look.indexes(owned, out).await?;
    look.constraints(owned, out).await?;
    for derived in &change.up {
        if let Role::Converted { original, name: last } = &derived.role {
            look.default(derived.column.as_str(), &derived.physical, original, &derived.reads, out).await?;
            look.attributes(original, last, out).await?;
        }
    }
    Ok(())
}

/// The table's columns by their own names, the converted ones with the types of their twins: what a definition over the
/// originals will be read over. `None` when one of these types is none, which is a finding of its own.
async fn columns(judge: &Judge<'_>, change: &TableChange, base: &Base, twins: &[(String, String)]) -> Result<Option<Leaves>, EngineError> {
    let mut out = Leaves::new();
    for column in &base.columns {
        let twin = twins.iter().find(|(original, _)| *original == column.name).map(|(_, twin)| twin);
        let data_type = match twin.and_then(|twin| change.new.iter().find(|form| form.physical == *twin)) {
            None => column.data_type.clone(),
            // The user's word for a type may need the user's path; what the server wrote down is read without one.
            Some(form) => match judge.data_type(&form.data_type).await? {
                Ok(of) => judge.spelled(of).await?,
                Err(_) => return Ok(None),
            },
        };
        out.push((column.name.clone(), data_type));
    }
    Ok(Some(out))
}

struct Look<'a> {
    judge: &'a Judge<'a>,
    transaction: &'a Transaction<'a>,
    change: &'a TableChange,
    base: &'a Base,
    twins: Vec<(String, String)>,
    columns: Leaves,
}

impl Look<'_> {
    fn twin_name(&self, original: &str) -> String {
        fit(&format!("{original}__{}", self.change.tag))
    }

    async fn indexes(&self, owned: &Owned, out: &mut Survey) -> Result<(), EngineError> {
        let plain: Vec<u32> = owned.indexes.iter().copied().collect();
        let constraints: Vec<u32> = owned.constraints.iter().copied().collect();
        let rows = self
            .transaction
            .query(
                &format!(
                    "select c.relname::text, i.indisunique, x.substr, k.conname::text, i.indexrelid from pg_catalog.pg_index i \
                     join pg_catalog.pg_class c on c.oid = i.indexrelid \
                     join ({TAIL}) x(indexrelid, substr) on x.indexrelid = i.indexrelid \
                     left join pg_catalog.pg_constraint k on k.conindid = i.indexrelid and k.contype = 'u' \
                     where i.indexrelid = any ($1) or k.oid = any ($2) order by 1"
                ),
                &[&plain, &constraints],
            )
            .await
            .map_err(db)?;
        for row in rows {
            let (index, unique, tail, constraint): (String, bool, String, Option<String>) =
                (row.get(0), row.get(1), row.get(2), row.get(3));
            let kind = if constraint.is_some() { CarryKind::Unique } else { CarryKind::Index };
            let words = match (kind, unique) {
                (CarryKind::Unique, _) => "unique constraint",
                (_, true) => "unique index",
                _ => "index",
            };
            let fits = index::carried(self.judge, &self.change.table.name, &self.columns, row.get(4)).await?;
            let definition = remap::over(&tail, &self.twins);
            let carry = Carry { object: format!("{words} `{index}`"), kind, twin: self.twin_name(&index), name: index, definition };
            judged(carry, fits, out);
        }
        Ok(())
    }

    async fn constraints(&self, owned: &Owned, out: &mut Survey) -> Result<(), EngineError> {
        let list: Vec<u32> = owned.constraints.iter().copied().collect();
        let rows = self
            .transaction
            .query(
                "select c.conname::text, c.contype::text, pg_catalog.pg_get_constraintdef(c.oid), \
                   (select pg_catalog.array_agg(a.attname::text order by k.n) from pg_catalog.unnest(c.conkey) with ordinality k(num, n) \
                      join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num), \
                   (select 'FOREIGN KEY (' || pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' order by k.n) || ')' \
                      from pg_catalog.unnest(c.conkey) with ordinality k(num, n) join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num), \
                   pg_catalog.pg_get_expr(c.conbin, c.conrelid) \
                 from pg_catalog.pg_constraint c where c.oid = any ($1) and c.contype in ('c', 'f') order by 1",
                &[&list],
            )
            .await
            .map_err(db)?;
        for row in rows {
            let (constraint, kind, definition): (String, String, String) = (row.get(0), row.get(1), row.get(2));
            let (definition, fits) = if kind == "f" {
                // What stands before REFERENCES is known exactly.
                let columns: Vec<String> = row.get::<_, Option<Vec<String>>>(3).unwrap_or_default();
                let prefix: String = row.get::<_, Option<String>>(4).unwrap_or_default();
                let over: Vec<&str> = columns.iter().map(|column| self.twin(column)).collect();
                (format!("FOREIGN KEY ({}){}", names(over), definition.strip_prefix(&prefix).unwrap_or_default()), Ok(()))
            } else {
                let condition: String = row.get::<_, Option<String>>(5).unwrap_or_default();
                // What the server wrote down is read with no schema in sight.
                let judge = Judge { path: "''", ..*self.judge };
                let fits = checks::condition(&judge, &self.change.table.name, &self.columns, &condition).await?;
                (remap::over(&definition, &self.twins), fits)
            };
            let words = if kind == "f" { "foreign key" } else { "check" };
            let carry = Carry {
                object: format!("{words} `{constraint}`"),
                kind: CarryKind::Constraint,
                twin: self.twin_name(&constraint),
                name: constraint,
                definition,
            };
            judged(carry, fits, out);
        }
        Ok(())
    }

    fn twin<'b>(&'b self, column: &'b str) -> &'b str {
        self.twins.iter().find(|(original, _)| original == column).map_or(column, |(_, twin)| twin)
    }

    /// The default, by way of `up`, where it is a constant; else the change must say a new one.
    async fn default(&self, column: &str, twin: &str, original: &str, reads: &[String], out: &mut Survey) -> Result<(), EngineError> {
        let Some(default) = self.base.column(original).filter(|column| !column.generated).and_then(|column| column.default.clone()) else {
            return Ok(());
        };
        let new = self.change.new.iter().find(|form| form.physical == twin);
        let old = self.change.old.iter().find(|form| form.physical == original);
        if let (Some(given), old) = (new.and_then(|form| form.default.as_ref()), old.and_then(|form| form.default.as_ref()))
            && old != Some(given)
        {
            return Ok(());
        }
        let object = format!("default of column {original} of {}", self.change.table);
        let constant = self.constant(&default).await?;
        let alone = reads.iter().all(|read| read == original);
        let value = if constant && alone { self.evaluate(column, original, &default).await? } else { None };
        match (value, new) {
            (Some(Some(value)), Some(form)) => out.carries.push(Carry {
                object,
                kind: CarryKind::Attribute,
                name: views::default_carry(twin),
                twin: twin.to_owned(),
                definition: format!("{}::{}", text(&value), form.data_type),
            }),
            (Some(None), _) => {}
            _ => out.findings.push(critical(
                "SG-PG-120",
                object,
                "it is not a constant, or `up` of it cannot be computed alone, so the new form's default is not known",
                "drop the default first, and set the new one after the run",
            )),
        }
        Ok(())
    }

    /// The default calls nothing that is not immutable.
    async fn constant(&self, default: &str) -> Result<bool, EngineError> {
        let judge = Judge { path: "''", ..*self.judge };
        let mutable = judge.mutable("segue_none", &Leaves::new(), default).await?;
        Ok(matches!(mutable, Ok(None)))
    }

    /// `up` of the default: `None` when it fails, `Some(None)` when it is NULL.
    async fn evaluate(&self, column: &str, original: &str, default: &str) -> Result<Option<Option<String>>, EngineError> {
        let leaf = |physical: &str| {
            let data_type = self.change.old.iter().find(|form| form.physical == physical).map_or("text", |form| form.data_type.as_str());
            if physical == original { format!("((\n{default}\n)::{data_type})") } else { format!("(null::{data_type})") }
        };
        let form = compose::new_form(self.change, &Source { leaf: &leaf, tail: "", extra: &[] });
        let sql = format!("select (select {} from ({form}) as {})::text", name(column), name(&self.change.table.name));
        self.transaction
            .batch_execute(&format!("savepoint segue_default; set local search_path = {}", self.judge.path))
            .await
            .map_err(db)?;
        let row = self.transaction.query_one(&sql, &[]).await;
        self.transaction.batch_execute("rollback to savepoint segue_default; release savepoint segue_default").await.map_err(db)?;
        Ok(row.ok().map(|row| row.get(0)))
    }

    /// Comment and statistics settings, as statements for `contract`.
    async fn attributes(&self, original: &str, last: &str, out: &mut Survey) -> Result<(), EngineError> {
        let row = self
            .transaction
            .query_one(
                "select pg_catalog.col_description(a.attrelid, a.attnum), nullif(coalesce(a.attstattarget::int, -1), -1), \
                   pg_catalog.array_to_string(a.attoptions, ', ') from pg_catalog.pg_attribute a where a.attrelid = $1 and a.attname = $2",
                &[&self.base.oid, &original],
            )
            .await
            .map_err(db)?;
        let (comment, target, options): (Option<String>, Option<i32>, Option<String>) = (row.get(0), row.get(1), row.get(2));
        let on = table(&TableName::new(&self.change.table.schema, &self.change.table.name));
        let column = name(last);
        let given = self.change.new.iter().any(|form| form.name == *last && form.comment.is_some());
        let statements = [
            ("comment", comment.filter(|_| !given).map(|comment| format!("comment on column {on}.{column} is {}", text(&comment)))),
            ("statistics target", target.map(|target| format!("alter table {on} alter column {column} set statistics {target}"))),
            ("options", options.map(|options| format!("alter table {on} alter column {column} set ({options})"))),
        ];
        for (what, statement) in statements {
            if let Some(definition) = statement {
                out.carries.push(Carry {
                    object: format!("{what} of column {original} of {}", self.change.table),
                    kind: CarryKind::Attribute,
                    name: format!("{what} of {original}"),
                    twin: last.to_owned(),
                    definition,
                });
            }
        }
        Ok(())
    }
}

/// Says where an object does not fit; else it is carried.
fn judged(carry: Carry, fits: Result<(), String>, out: &mut Survey) {
    match fits {
        Ok(()) => out.carries.push(carry),
        Err(why) => out.findings.push(critical(
            "SG-PG-130",
            carry.object,
            format!("it does not fit the new type of its column: {why}"),
            "drop it before the run, and make what the new type needs",
        )),
    }
}
