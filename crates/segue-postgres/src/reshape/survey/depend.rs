//! Everything that hangs on a column that goes, from the server's own list of dependencies.
//!
//! What is known is carried or refused by its own code; what is not known is refused with the server's description.
//! Tests: `tests/reshape/refuse.rs`.

use std::collections::BTreeSet;

use segue_engine::EngineError;
use segue_model::finding::{Finding, Severity};
use segue_model::reshape::{Role, Survey, TableChange};
use tokio_postgres::Transaction;

use crate::reshape::base::Base;
use crate::reshape::earlier;
use crate::reshape::names::dropped_columns;
use crate::reshape::survey::critical;
use crate::session::db;

/// What is to be carried, by oid.
#[derive(Debug, Default)]
pub(crate) struct Owned {
    pub(crate) indexes: BTreeSet<u32>,
    pub(crate) constraints: BTreeSet<u32>,
}

/// `(original, twin)` of converted columns.
pub(crate) fn converted(change: &TableChange) -> Vec<(String, String)> {
    change
        .up
        .iter()
        .filter_map(|derived| match &derived.role {
            Role::Converted { original, .. } => Some((original.clone(), derived.physical.clone())),
            _ => None,
        })
        .collect()
}

pub(crate) async fn look(transaction: &Transaction<'_>, change: &TableChange, base: &Base, out: &mut Survey) -> Result<Owned, EngineError> {
    let twins = converted(change);
    let added: Vec<&str> = change.up.iter().map(|derived| derived.physical.as_str()).collect();
    let gone: Vec<String> = dropped_columns(change).into_iter().filter(|column| !added.contains(column)).map(ToOwned::to_owned).collect();
    let mut owned = Owned::default();
    let earlier: Vec<u32> = earlier::views(transaction, &[base.oid]).await?.into_iter().map(|(oid, _)| oid).collect();
    for column in &gone {
        let look =
            Look { change, base, column, gone: &gone, earlier: &earlier, carried: twins.iter().any(|(original, _)| original == column) };
        look.column(transaction, out).await?;
        look.dependents(transaction, &mut owned, out).await?;
    }
    let mut seen = BTreeSet::new();
    out.findings.retain(|finding| seen.insert((finding.code.clone(), finding.object.clone(), finding.message.clone())));
    Ok(owned)
}

struct Look<'a> {
    change: &'a TableChange,
    base: &'a Base,
    column: &'a str,
    gone: &'a [String],
    /// Views of journeys that are done, which go with the column.
    earlier: &'a [u32],
    /// The column has a twin that can take over what hangs on it.
    carried: bool,
}

/// One dependent, with what is needed to judge it.
struct Dependent {
    class: String,
    oid: u32,
    /// The column, where the dependent is one.
    sub: i32,
    described: String,
}

impl Look<'_> {
    fn refuse(&self, out: &mut Survey, code: &str, object: impl Into<String>, why: &str, fix: &str) {
        let message = format!("column {} of {} goes, and {why}", self.column, self.change.table);
        out.findings.push(critical(code, object, message, fix));
    }

    /// What the column itself is.
    async fn column(&self, transaction: &Transaction<'_>, out: &mut Survey) -> Result<(), EngineError> {
        let row = transaction
            .query_opt(
                "select a.attidentity <> '' or exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_class'::regclass \
                   and d.refobjid = a.attrelid and d.refobjsubid = a.attnum and d.deptype in ('a', 'i') \
                   and (select relkind from pg_catalog.pg_class where oid = d.objid) = 'S'), a.attgenerated <> '', \
                   exists (select from pg_catalog.pg_seclabel s where s.objoid = a.attrelid and s.objsubid = a.attnum) \
                 from pg_catalog.pg_attribute a where a.attrelid = $1 and a.attname = $2 and not a.attisdropped",
                &[&self.base.oid, &self.column],
            )
            .await
            .map_err(db)?;
        let Some(row) = row else { return Ok(()) };
        let object = format!("column {} of {}", self.column, self.change.table);
        if self.carried && row.get::<_, bool>(0) {
            self.refuse(
                out,
                "SG-PG-102",
                &object,
                "it is an identity or serial column",
                "keep its type; widening a key is a change of its own",
            );
        }
        if self.carried && row.get::<_, bool>(1) {
            self.refuse(out, "SG-PG-102", &object, "it is a generated column", "drop it and add another");
        }
        if self.carried && row.get::<_, bool>(2) {
            self.refuse(out, "SG-PG-126", &object, "it has a security label", "take the label off first, and set it again after the run");
        }
        Ok(())
    }

    async fn dependents(&self, transaction: &Transaction<'_>, owned: &mut Owned, out: &mut Survey) -> Result<(), EngineError> {
        let rows = transaction
            .query(
                "select distinct c.relname::text, d.objid, d.objsubid, pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) \
                 from pg_catalog.pg_depend d join pg_catalog.pg_class c on c.oid = d.classid \
                 join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid \
                 where d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid = $1 and a.attname = $2 order by 1, 4",
                &[&self.base.oid, &self.column],
            )
            .await
            .map_err(db)?;
        for row in rows {
            let dependent = Dependent { class: row.get(0), oid: row.get(1), sub: row.get(2), described: row.get(3) };
            self.judge(transaction, &dependent, owned, out).await?;
        }
        Ok(())
    }

    async fn judge(
        &self,
        transaction: &Transaction<'_>,
        found: &Dependent,
        owned: &mut Owned,
        out: &mut Survey,
    ) -> Result<(), EngineError> {
        let object = &found.described;
        match found.class.as_str() {
            // 14 says of a generated column itself what later versions say of its expression.
            "pg_class" if found.oid == self.base.oid && found.sub > 0 => return self.default(transaction, found, out).await,
            "pg_class" => return self.relation(transaction, found, owned, out).await,
            "pg_constraint" => return self.constraint(transaction, found, owned, out).await,
            "pg_attrdef" => return self.default(transaction, found, out).await,
            "pg_rewrite" => return self.rule(transaction, found, out).await,
            "pg_policy" => self.refuse(out, "SG-PG-106", object, "the policy reads it", "change the policy first"),
            "pg_trigger" => {
                let ours = object.contains("!segue_") || object.contains("~~segue_");
                if !ours {
                    self.refuse(
                        out,
                        "SG-PG-107",
                        object,
                        "the trigger names it",
                        "make the trigger again without the column, then after the run with it",
                    );
                }
            }
            "pg_statistic_ext" => {
                self.refuse(
                    out,
                    "SG-PG-109",
                    object,
                    "the statistics object counts it",
                    "drop the statistics object, and make it again after the run",
                );
            }
            "pg_publication_rel" => {
                self.refuse(
                    out,
                    "SG-PG-110",
                    object,
                    "the publication lists or filters by it",
                    "take the column out of the publication first",
                );
            }
            _ => self.not_carried(out, object),
        }
        Ok(())
    }

    /// A view, a materialised view or a user's rule that reads the column.
    async fn rule(&self, transaction: &Transaction<'_>, found: &Dependent, out: &mut Survey) -> Result<(), EngineError> {
        let object = &found.described;
        let row = transaction
            .query_one(
                "select c.relkind::text, pg_catalog.pg_describe_object('pg_catalog.pg_class'::regclass, c.oid, 0), c.oid \
                 from pg_catalog.pg_rewrite r join pg_catalog.pg_class c on c.oid = r.ev_class where r.oid = $1",
                &[&found.oid],
            )
            .await
            .map_err(db)?;
        let (kind, view): (String, String) = (row.get(0), row.get(1));
        if self.earlier.contains(&row.get(2)) {
            return Ok(());
        }
        if kind == "v" || kind == "m" {
            self.refuse(out, "SG-PG-105", view, "the view reads it", "drop the view before the run, and make it again after");
        } else {
            self.refuse(out, "SG-PG-108", object, "the rule reads it", "drop the rule before the run, and make it again after");
        }
        Ok(())
    }

    fn replica_identity(&self, out: &mut Survey, object: &str) {
        self.refuse(out, "SG-PG-112", object, "it is the table's replica identity", "choose another replica identity first");
    }

    /// The index that takes its place is checked row by row until `contract` makes a constraint of it.
    fn not_deferred(&self, out: &mut Survey, object: &str) {
        out.findings.push(Finding {
            code: "SG-PG-133".to_owned(),
            severity: Severity::High,
            object: object.to_owned(),
            message: format!(
                "it is deferrable, and its place on the new column {} is taken by an index that is not: from `backfill` to `contract` a \
                 statement or transaction that needs the delay (two rows exchange their values) fails with 23505",
                self.column
            ),
            fix: "see that no application exchanges values during the run, or drop the constraint first and make it again after it"
                .to_owned(),
        });
    }

    /// The net beneath all rules: what depends on the column and is of no kind that is carried.
    fn not_carried(&self, out: &mut Survey, object: &str) {
        self.refuse(
            out,
            "SG-PG-114",
            object,
            "this depends on it, in a way that Segue does not carry over",
            "drop it before the run, and make it again after",
        );
    }

    async fn relation(
        &self,
        transaction: &Transaction<'_>,
        found: &Dependent,
        owned: &mut Owned,
        out: &mut Survey,
    ) -> Result<(), EngineError> {
        let row = transaction
            .query_opt(
                "select c.relkind::text, coalesce(i.indisreplident, false), coalesce(i.indisvalid, true), \
                   (select pg_catalog.array_agg(distinct a.attname::text) from pg_catalog.pg_depend d join pg_catalog.pg_attribute a \
                      on a.attrelid = d.refobjid and a.attnum = d.refobjsubid where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.refobjid = $2) \
                 from pg_catalog.pg_class c left join pg_catalog.pg_index i on i.indexrelid = c.oid where c.oid = $1",
                &[&found.oid, &self.base.oid],
            )
            .await
            .map_err(db)?;
        let Some(row) = row else { return Ok(()) };
        let (kind, identity, valid): (String, bool, bool) = (row.get(0), row.get(1), row.get(2));
        let columns: Vec<String> = row.get::<_, Option<Vec<String>>>(3).unwrap_or_default();
        let object = &found.described;
        match kind.as_str() {
            // A sequence of a serial or identity column: judged with the column.
            "S" => {}
            "i" if identity => self.replica_identity(out, object),
            "i" if !valid => self.refuse(out, "SG-PG-114", object, "the index is invalid", "drop it, or build it again"),
            "i" if self.carried && self.all_carried(&columns) => {
                owned.indexes.insert(found.oid);
            }
            "i" => self.with_others(out, object, &columns),
            _ => self.not_carried(out, object),
        }
        Ok(())
    }

    /// None of these columns goes without a twin.
    fn all_carried(&self, columns: &[String]) -> bool {
        let twins = converted(self.change);
        columns.iter().all(|column| !self.gone.contains(column) || twins.iter().any(|(original, _)| original == column))
    }

    /// A column that is dropped takes with it what stands on it alone; what stands on others as well would be lost.
    fn with_others(&self, out: &mut Survey, object: &str, columns: &[String]) {
        if columns.iter().any(|column| !self.gone.contains(column) || converted(self.change).iter().any(|(original, _)| original == column))
        {
            self.refuse(
                out,
                "SG-PG-128",
                object,
                "it stands on other columns as well, and would be lost",
                "drop it first, or make it again without the column",
            );
        }
    }

    /// What the catalog says of a constraint; none when it is gone meanwhile.
    async fn constraint_row(&self, transaction: &Transaction<'_>, found: &Dependent) -> Result<Option<tokio_postgres::Row>, EngineError> {
        transaction
            .query_opt(
                "select c.contype::text, c.conrelid = $2, c.convalidated, \
                   exists (select from pg_catalog.pg_constraint f where f.contype = 'f' and f.conindid = c.conindid and c.conindid <> 0 and f.oid <> c.oid), \
                   (select pg_catalog.array_agg(a.attname::text) from pg_catalog.pg_attribute a where a.attrelid = c.conrelid and a.attnum = any (c.conkey)), \
                   coalesce((select i.indisreplident from pg_catalog.pg_index i where i.indexrelid = c.conindid and c.contype = 'u'), false), \
                   coalesce((to_jsonb(c) ->> 'confdelsetcols') is not null, false) or c.confrelid = c.conrelid \
                   or coalesce((to_jsonb(c) ->> 'conperiod')::boolean, false), c.contype = 'u' and c.condeferrable \
                 from pg_catalog.pg_constraint c where c.oid = $1",
                &[&found.oid, &self.base.oid],
            )
            .await
            .map_err(db)
    }

    async fn constraint(
        &self,
        transaction: &Transaction<'_>,
        found: &Dependent,
        owned: &mut Owned,
        out: &mut Survey,
    ) -> Result<(), EngineError> {
        let row = self.constraint_row(transaction, found).await?;
        let Some(row) = row else { return Ok(()) };
        let (kind, here, valid, referenced): (String, bool, bool, bool) = (row.get(0), row.get(1), row.get(2), row.get(3));
        let columns: Vec<String> = row.get::<_, Option<Vec<String>>>(4).unwrap_or_default();
        // `odd`: SET NULL of some columns, a key of the table to itself, WITHOUT OVERLAPS and PERIOD (18).
        let (identity, odd, deferrable): (bool, bool, bool) = (row.get(5), row.get(6), row.get(7));
        let object = &found.described;
        match kind.as_str() {
            // NOT NULL with a name of its own (18): part of the form.
            "n" => {}
            "p" => self.refuse(
                out,
                "SG-PG-101",
                object,
                "it is part of the primary key",
                "keep the key's columns; changing a key is a change of its own",
            ),
            "f" if !here => {
                self.refuse(out, "SG-PG-101", object, "a foreign key from elsewhere refers to it", "drop the foreign key first");
            }
            "u" if referenced => self.refuse(
                out,
                "SG-PG-101",
                object,
                "a foreign key from elsewhere refers to this unique constraint",
                "drop the foreign key first",
            ),
            "u" if identity => self.replica_identity(out, object),
            "x" => self.refuse(
                out,
                "SG-PG-113",
                object,
                "the exclusion constraint is about it",
                "drop the constraint, and make it again after the run",
            ),
            "f" if self.carried && odd => self.refuse(
                out,
                "SG-PG-114",
                object,
                "this foreign key cannot be carried over",
                "drop it first, and make it again after the run",
            ),
            "u" if self.carried && odd => self.refuse(
                out,
                "SG-PG-114",
                object,
                "this unique constraint without overlaps cannot be carried over",
                "drop it first, and make it again after the run",
            ),
            _ if self.carried && !valid => {
                self.refuse(out, "SG-PG-114", object, "the constraint was never validated", "validate or drop it first");
            }
            "u" | "c" | "f" if self.carried && self.all_carried(&columns) => {
                if deferrable {
                    self.not_deferred(out, object);
                }
                owned.constraints.insert(found.oid);
            }
            "u" | "c" | "f" => self.with_others(out, object, &columns),
            _ => self.not_carried(out, object),
        }
        Ok(())
    }

    /// The column's own default is carried (or refused) elsewhere; a generated column that reads it stands in the way.
    async fn default(&self, transaction: &Transaction<'_>, found: &Dependent, out: &mut Survey) -> Result<(), EngineError> {
        let row = transaction
            .query_one(
                "select a.attname::text, a.attgenerated <> '', d.adrelid = $2 from pg_catalog.pg_attrdef d join pg_catalog.pg_attribute a \
                 on a.attrelid = d.adrelid and a.attnum = d.adnum where d.oid = $1 or (d.adrelid = $1 and d.adnum = $3)",
                &[&found.oid, &self.base.oid, &(found.sub as i16)],
            )
            .await
            .map_err(db)?;
        let (column, generated, here): (String, bool, bool) = (row.get(0), row.get(1), row.get(2));
        if here && column == self.column && !generated {
            return Ok(());
        }
        if here && generated && self.gone.contains(&column) && !self.carried {
            return Ok(());
        }
        let object = format!("column {column} of {}", self.change.table);
        self.refuse(
            out,
            "SG-PG-111",
            object,
            "the generated column reads it",
            "drop the generated column first, and add it again after the run",
        );
        Ok(())
    }
}
