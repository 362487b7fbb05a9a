//! Whether the server would build an index over columns of these types: asked before anything is touched.
//!
//! Its parts must be understood, each must have a class of operators, and what is computed must never change. Tests:
//! `tests/reshape/refuse.rs`, `tests/reshape/judge.rs`.

use segue_engine::EngineError;
use segue_engine::quote::{name, table};
use segue_model::change::{CreateIndex, IndexColumn};
use segue_model::ident::TableName;

use crate::reshape::survey::judge::{Judge, Leaves, leaf};
use crate::session::db;

/// One part of an index by which rows are found.
struct Part {
    /// A name or an expression, as SQL.
    sql: String,
    /// It is computed, not a column.
    computed: bool,
    /// A class of operators, where it is not the type's own.
    class: Option<u32>,
    /// A collation, where it is not the column's own.
    collation: Option<String>,
}

/// An index that is there, over the same columns with other types.
pub(crate) async fn carried(judge: &Judge<'_>, of: &str, columns: &Leaves, index: u32) -> Result<Result<(), String>, EngineError> {
    let rows = judge
        .transaction
        .query(
            "select pg_catalog.pg_get_indexdef(i.indexrelid, k.at::int, false), i.indkey[k.at - 1] = 0, \
               case when c.opcdefault then null else c.oid end, \
               (select pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(l.collname) from pg_catalog.pg_collation l \
                  join pg_catalog.pg_namespace n on n.oid = l.collnamespace \
                  where l.oid = i.indcollation[k.at - 1] and l.oid is distinct from a.attcollation and i.indkey[k.at - 1] <> 0), \
               m.amname::text, pg_catalog.pg_get_expr(i.indpred, i.indrelid) \
             from pg_catalog.pg_index i join pg_catalog.pg_class x on x.oid = i.indexrelid join pg_catalog.pg_am m on m.oid = x.relam \
             cross join pg_catalog.generate_series(1, i.indnkeyatts) as k(at) \
             join pg_catalog.pg_opclass c on c.oid = i.indclass[k.at - 1] \
             left join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[k.at - 1] \
             where i.indexrelid = $1 order by k.at",
            &[&index],
        )
        .await
        .map_err(db)?;
    let parts: Vec<Part> =
        rows.iter().map(|row| Part { sql: row.get(0), computed: row.get(1), class: row.get(2), collation: row.get(3) }).collect();
    let Some(first) = rows.first() else { return Ok(Ok(())) };
    let (method, predicate): (String, Option<String>) = (first.get(4), first.get(5));
    // What the server wrote down is read with no schema in sight.
    let judge = Judge { path: "''", ..*judge };
    buildable(&judge, of, columns, &method, &parts, predicate.as_deref()).await
}

/// An index that the user asks for.
pub(crate) async fn wanted(judge: &Judge<'_>, of: &str, columns: &Leaves, define: &CreateIndex) -> Result<Result<(), String>, EngineError> {
    let method = define.method.as_deref().unwrap_or("btree");
    if let Some(why) = beyond(judge, method, define).await? {
        return Ok(Err(why));
    }
    let mut parts = Vec::new();
    for column in &define.columns {
        let part = match column {
            IndexColumn::Name(column) => Part { sql: name(column), computed: false, class: None, collation: None },
            IndexColumn::Part(part) => {
                let class = match part.operator_class.as_deref() {
                    None => None,
                    Some(wanted) => match class(judge, method, wanted).await? {
                        Some(class) => Some(class),
                        None => return Ok(Err(format!("operator class {wanted} does not exist for access method {method}"))),
                    },
                };
                Part {
                    sql: part.expression.clone().unwrap_or_else(|| name(part.column.as_deref().unwrap_or_default())),
                    computed: part.expression.is_some(),
                    class,
                    collation: part.collation.as_deref().map(qualified),
                }
            }
        };
        parts.push(part);
    }
    for included in &define.include {
        if !columns.iter().any(|(column, _)| column == included) {
            return Ok(Err(format!("column {included} does not exist")));
        }
    }
    buildable(judge, of, columns, method, &parts, define.predicate.as_deref()).await
}

/// What the method cannot do, or that there is none.
async fn beyond(judge: &Judge<'_>, method: &str, define: &CreateIndex) -> Result<Option<String>, EngineError> {
    let sql = "select pg_catalog.pg_indexam_has_property(oid, 'can_unique'), pg_catalog.pg_indexam_has_property(oid, 'can_multi_col'), \
               pg_catalog.pg_indexam_has_property(oid, 'can_include'), pg_catalog.pg_indexam_has_property(oid, 'can_order') \
               from pg_catalog.pg_am where amname = $1 and amtype = 'i'";
    let Some(row) = judge.transaction.query_opt(sql, &[&method]).await.map_err(db)? else {
        return Ok(Some(format!("access method {method} does not exist")));
    };
    let ordered = |column: &IndexColumn| matches!(column, IndexColumn::Part(part) if part.order.is_some() || part.nulls.is_some());
    let asked = [
        (define.unique, "unique indexes"),
        (define.columns.len() > 1, "indexes of several columns"),
        (!define.include.is_empty(), "included columns"),
        (define.columns.iter().any(ordered), "an order of values"),
    ];
    let beyond = asked.iter().enumerate().find(|(at, (asked, _))| *asked && !row.get::<_, bool>(*at));
    Ok(beyond.map(|(_, (_, what))| format!("access method {method} does not support {what}")))
}

/// `schema.name` or `name`, quoted.
fn qualified(text: &str) -> String {
    TableName::parse(text).map_or_else(|_| name(text), |parsed| table(&parsed))
}

/// A class of operators by the name that a user gives it.
async fn class(judge: &Judge<'_>, method: &str, wanted: &str) -> Result<Option<u32>, EngineError> {
    let written = TableName::parse(wanted).unwrap_or_else(|_| TableName::bare(wanted));
    let schema = Some(written.schema.as_str()).filter(|schema| !schema.is_empty());
    let sql = "select c.oid from pg_catalog.pg_opclass c join pg_catalog.pg_am m on m.oid = c.opcmethod join pg_catalog.pg_namespace n on n.oid = c.opcnamespace \
               where m.amname = $1 and c.opcname = $2 and ($3::pg_catalog.text is null or n.nspname = $3) order by 1 limit 1";
    let row = judge.transaction.query_opt(sql, &[&method, &written.name, &schema]).await.map_err(db)?;
    Ok(row.map(|row| row.get(0)))
}

async fn buildable(
    judge: &Judge<'_>,
    of: &str,
    columns: &Leaves,
    method: &str,
    parts: &[Part],
    predicate: Option<&str>,
) -> Result<Result<(), String>, EngineError> {
    let from = format!("from {} as {}", leaf(columns), name(of));
    for part in parts {
        let collate = part.collation.as_ref().map(|collation| format!(" collate {collation}")).unwrap_or_default();
        let statement = match judge.parse(&format!("select (\n{}\n){collate} as c {from}", part.sql)).await? {
            Err(message) => return Ok(Err(message)),
            Ok(statement) => statement,
        };
        let Some(column) = statement.columns().first() else { continue };
        if !judge.indexable(column.type_().oid(), method, part.class).await? {
            return Ok(Err(format!("values of type {} have no such operators for access method {method}", column.type_().name())));
        }
        if part.computed
            && let Some(why) = unsteady(judge, of, columns, &part.sql, "index expression").await?
        {
            return Ok(Err(why));
        }
    }
    let Some(predicate) = predicate else { return Ok(Ok(())) };
    if let Err(message) = judge.parse(&format!("select {from} where (\n{predicate}\n)")).await? {
        return Ok(Err(message));
    }
    Ok(unsteady(judge, of, columns, predicate, "index predicate").await?.map_or(Ok(()), Err))
}

/// Why the server would not have this in an index.
async fn unsteady(judge: &Judge<'_>, of: &str, columns: &Leaves, sql: &str, what: &str) -> Result<Option<String>, EngineError> {
    match judge.selects(of, columns, sql).await? {
        Err(message) => return Ok(Some(message)),
        Ok(true) => return Ok(Some(format!("cannot use subquery in {what}"))),
        Ok(false) => {}
    }
    Ok(match judge.mutable(of, columns, sql).await? {
        Err(message) => Some(message),
        Ok(Some(_)) => Some(format!("functions in {what} must be marked IMMUTABLE")),
        Ok(None) => None,
    })
}
