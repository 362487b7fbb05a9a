//! What the server says of SQL that nobody runs: asked over a read-only session, with nothing made and no row read.
//!
//! A statement is *parsed* (prepared and thrown away) or *planned* (`explain`), never executed, and one at a time: text
//! of a user cannot bring a second statement with it. Two facts that the server shows nowhere are read off its plans:
//! it does not flatten a sub-select whose list holds something volatile, and it does not believe that `x is null and
//! x is not null` can never be when something in `x` is not immutable. Both looks are those of its own code, functions
//! inlined as in an index. Tests: `tests/reshape/judge.rs`.

use segue_engine::quote::name;
use segue_engine::{EngineError, ErrorKind};
use tokio_postgres::{Column, Statement, Transaction};

use crate::reshape::survey::words;
use crate::session::db;

/// Columns that an expression may read: `(name, type)`.
pub(crate) type Leaves = Vec<(String, String)>;

impl Type {
    /// Of a statement's column. Where that is a domain, the server says what it stands on.
    pub(crate) fn of(column: &Column) -> Self {
        Self { oid: column.type_().oid(), modifier: column.type_modifier() }
    }
}

/// Who asks the server.
pub(crate) struct Judge<'a> {
    /// A read-only one.
    pub(crate) transaction: &'a Transaction<'a>,
    /// The `search_path` in which the user's words are resolved.
    pub(crate) path: &'a str,
}

/// A type that the server knows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Type {
    pub(crate) oid: u32,
    /// Its length or precision, as the server keeps it; -1 for none.
    modifier: i32,
}

/// Rows of these columns and nothing in them: no table is needed, and the server knows none of the values.
pub(crate) fn leaf(columns: &[(String, String)]) -> String {
    let nulls: Vec<String> = columns.iter().map(|(column, data_type)| format!("null::{data_type} as {}", name(column))).collect();
    format!("(select {} offset 0)", nulls.join(", "))
}

impl Judge<'_> {
    /// Runs `ask` in a savepoint under the user's path, and undoes both.
    async fn tried<T>(&self, ask: impl Future<Output = Result<T, tokio_postgres::Error>>) -> Result<Result<T, String>, EngineError> {
        let begin = format!("savepoint segue_try; set local search_path = {}", self.path);
        self.transaction.batch_execute(&begin).await.map_err(db)?;
        let result = ask.await.map_err(db);
        match result {
            Err(error) if says_nothing(error.kind) => return Err(error),
            _ => self.transaction.batch_execute("rollback to savepoint segue_try; release savepoint segue_try").await.map_err(db)?,
        }
        Ok(result.map_err(|error| error.message))
    }

    /// Parses a statement; the server's message where it does not understand it.
    pub(crate) async fn parse(&self, sql: &str) -> Result<Result<Statement, String>, EngineError> {
        let parsed = self.tried(self.transaction.prepare(sql)).await?;
        Ok(parsed.and_then(
            |statement| {
                if statement.params().is_empty() { Ok(statement) } else { Err("there is no parameter $1".to_owned()) }
            },
        ))
    }

    /// The lines of a statement's plan.
    async fn explain(&self, sql: &str) -> Result<Result<Vec<String>, String>, EngineError> {
        if let Err(message) = self.parse(sql).await? {
            return Ok(Err(message));
        }
        let explained = format!("explain (verbose, costs off) {sql}");
        let rows = self.tried(self.transaction.query(&explained, &[])).await?;
        Ok(rows.map(|rows| rows.iter().map(|row| row.get::<_, String>(0)).collect()))
    }

    /// A type, as the user writes it. `Err`: what is wrong with it.
    pub(crate) async fn data_type(&self, written: &str) -> Result<Result<Type, String>, EngineError> {
        let modifier = match self.parse(&format!("select null::{written}")).await? {
            Err(message) => return Ok(Err(message)),
            Ok(statement) => match statement.columns() {
                [column] => column.type_modifier(),
                _ => return Ok(Err("it is not one type".to_owned())),
            },
        };
        // A collation may follow the type; nothing else may.
        let plain = words::before(written, "collate").trim_end();
        let sql = "select t.oid, t.typtype = 'p' from pg_catalog.pg_type t where t.oid = pg_catalog.to_regtype($1)";
        let row = self.tried(self.transaction.query_opt(sql, &[&plain])).await?;
        Ok(match row {
            Err(message) => Err(message),
            Ok(None) => Err(format!("type {plain} does not exist")),
            Ok(Some(row)) if row.get::<_, bool>(1) => Err(format!("{plain} is not a type that a column can have")),
            Ok(Some(row)) => Ok(Type { oid: row.get(0), modifier }),
        })
    }

    /// A type as the server writes it with no schema in sight: under any path it is read as the same.
    pub(crate) async fn spelled(&self, of: Type) -> Result<String, EngineError> {
        let sql = "select pg_catalog.format_type(t.oid, case when t.typtype <> 'd' then $2::pg_catalog.int4 end) from pg_catalog.pg_type t where t.oid = $1";
        Ok(self.transaction.query_one(sql, &[&of.oid, &of.modifier]).await.map_err(db)?.get(0))
    }

    /// Something in a select gives another value each time, though its input is the same. With the plan's words, in
    /// which functions are named as the server names them.
    pub(crate) async fn volatile(&self, select: &str) -> Result<Result<Option<String>, String>, EngineError> {
        let sql = format!("select from (select ({select}) as c from (select) as segue_one) as segue_outer where segue_outer.c is null");
        let plan = self.explain(&sql).await?;
        Ok(plan.map(|lines| {
            let kept = lines.iter().any(|line| is_node(line, "Subquery Scan on segue_outer"));
            kept.then(|| lines.join("\n"))
        }))
    }

    /// The words of a select's plan, in which the server names what it calls in its own way.
    pub(crate) async fn plan(&self, select: &str) -> Result<Option<String>, EngineError> {
        Ok(self.explain(select).await?.ok().map(|lines| lines.join("\n")))
    }

    /// The plan's words of an expression over these columns that the server does not take for immutable; `None` when
    /// it does, and a row may be found by it.
    pub(crate) async fn mutable(
        &self,
        table: &str,
        columns: &Leaves,
        expression: &str,
    ) -> Result<Result<Option<String>, String>, EngineError> {
        self.transaction.batch_execute("set local constraint_exclusion = on").await.map_err(db)?;
        let leaf = leaf(columns);
        let sql = format!("select from {leaf} as {} where (\n{expression}\n) is null and (\n{expression}\n) is not null", name(table));
        let plan = self.explain(&sql).await?;
        Ok(plan.map(|lines| {
            let never = lines.iter().any(|line| line.trim() == "One-Time Filter: false");
            (!never).then(|| lines.join("\n"))
        }))
    }

    /// A condition over these columns holds no other select. (Neither a check nor an index may hold one.)
    pub(crate) async fn selects(&self, table: &str, columns: &Leaves, expression: &str) -> Result<Result<bool, String>, EngineError> {
        let sql = format!("select (\n{expression}\n) from {} as {}", leaf(columns), name(table));
        let plan = self.explain(&sql).await?;
        Ok(plan.map(|lines| lines.iter().any(|line| is_node(line, "SubPlan ") || is_node(line, "InitPlan "))))
    }

    /// A value of a select's only column can be stored in a column of this type without a cast.
    pub(crate) async fn fits(
        &self,
        select: &str,
        statement: &Statement,
        data_type: &str,
        of: Type,
    ) -> Result<Result<(), String>, EngineError> {
        let Some(given) = statement.columns().first() else { return Ok(Ok(())) };
        let row = self.transaction.query_one(ASSIGNABLE, &[&given.type_().oid(), &of.oid]).await.map_err(db)?;
        if row.get::<_, Option<bool>>(0) == Some(true) {
            // A literal of the wrong form is found by the cast.
            return Ok(self.parse(&format!("select ({select})::{data_type}")).await?.map(|_| ()));
        }
        // A literal has no type yet: beside a value of the column's type it gets that, and not the other way round.
        let both = self.parse(&format!("{select} union all select null::{data_type}")).await?;
        let alone = self.parse(&format!("select null::{data_type}")).await?;
        let of = |statement: &Statement| statement.columns().first().map(|column| column.type_().oid());
        let (is, wanted): (String, String) = (row.get(1), row.get(2));
        Ok(match (both, alone) {
            (Ok(both), Ok(alone)) if of(&both) == of(&alone) => Ok(()),
            _ => Err(format!("the column is of type {wanted}, the expression of type {is}")),
        })
    }

    /// Whether an index of this method takes values of a type; `class`: by an operator class of the user's choice.
    pub(crate) async fn indexable(&self, of: u32, method: &str, class: Option<u32>) -> Result<bool, EngineError> {
        let row = self.transaction.query_one(INDEXABLE, &[&of, &method, &class]).await.map_err(db)?;
        Ok(row.get(0))
    }
}

/// An error of this kind is none of the statement's own: the same question may get another answer in a moment.
fn says_nothing(kind: ErrorKind) -> bool {
    use ErrorKind::{Cancelled, Connection, Deadlock, LockTimeout, Resources, Serialization};
    matches!(kind, Connection | LockTimeout | Deadlock | Serialization | Cancelled | Resources)
}

/// A line of a plan is this node.
fn is_node(line: &str, node: &str) -> bool {
    let line = line.trim_start();
    line.strip_prefix("->").map_or(line, str::trim_start).starts_with(node)
}

/// `coerce_type` of the server for an assignment: the same type, a cast in the catalog, text from anything, arrays by
/// their elements, domains by what they stand on.
const ASSIGNABLE: &str = "
with recursive tower(side, type) as (
    values (1, $1::pg_catalog.oid), (2, $2::pg_catalog.oid)
  union all
    select b.side, t.typbasetype from tower b join pg_catalog.pg_type t on t.oid = b.type where t.typtype = 'd'
), plain as (
    select b.side, t.oid, t.typtype, t.typcategory,
      case when t.typsubscript = 'pg_catalog.array_subscript_handler'::pg_catalog.regproc then t.typelem else 0 end as element
    from tower b join pg_catalog.pg_type t on t.oid = b.type where t.typtype <> 'd'
), pair as (
    select s.oid as source, t.oid as target, s.element as source_element, t.element as target_element
    from plain s, plain t where s.side = 1 and t.side = 2
), level as (
    select source, target from pair
  union all
    select source_element, target_element from pair where source_element <> 0 and target_element <> 0
)
select exists (
    select from level l join pg_catalog.pg_type t on t.oid = l.target
    where l.source = l.target or t.typcategory = 'S' or (l.source = 'record'::pg_catalog.regtype and t.typtype = 'c')
      or exists (select from pg_catalog.pg_cast c where c.castsource = l.source and c.casttarget = l.target and c.castcontext in ('a', 'i'))
  ), pg_catalog.format_type($1, null), pg_catalog.format_type($2, null)";

/// `GetDefaultOpClass` and `IsBinaryCoercible` of the server: a class for the type, for what it is stored like, or for
/// all arrays, enums, ranges or rows.
const INDEXABLE: &str = "
with recursive tower(type) as (
    values ($1::pg_catalog.oid)
  union all
    select t.typbasetype from tower b join pg_catalog.pg_type t on t.oid = b.type where t.typtype = 'd'
)
select exists (
    select from tower b join pg_catalog.pg_type t on t.oid = b.type, pg_catalog.pg_opclass c join pg_catalog.pg_am a on a.oid = c.opcmethod
    where t.typtype <> 'd' and a.amname = $2 and case when $3::pg_catalog.oid is null then c.opcdefault else c.oid = $3 end and (
      c.opcintype = t.oid
      or (c.opcintype = 'anyarray'::pg_catalog.regtype and t.typcategory = 'A')
      or (c.opcintype = 'anyenum'::pg_catalog.regtype and t.typtype = 'e')
      or (c.opcintype = 'anyrange'::pg_catalog.regtype and t.typtype = 'r')
      or (c.opcintype = 'anymultirange'::pg_catalog.regtype and t.typtype = 'm')
      or (c.opcintype = 'record'::pg_catalog.regtype and t.typtype = 'c')
      or exists (select from pg_catalog.pg_cast k where k.castsource = t.oid and k.casttarget = c.opcintype and k.castmethod = 'b' and k.castcontext = 'i')
    )
  )";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_names_its_columns_and_may_have_none() {
        let columns = vec![("a\"b".to_owned(), "numeric(4,2)".to_owned()), ("c".to_owned(), "text".to_owned())];
        assert_eq!(leaf(&columns), "(select null::numeric(4,2) as \"a\"\"b\", null::text as \"c\" offset 0)");
        assert_eq!(leaf(&[]), "(select  offset 0)");
    }

    #[test]
    fn a_node_is_told_from_its_words() {
        assert!(is_node("  ->  Subquery Scan on segue_outer", "Subquery Scan on segue_outer"));
        assert!(is_node("Subquery Scan on segue_outer", "Subquery Scan on segue_outer"));
        assert!(!is_node("  Filter: ('Subquery Scan on segue_outer' = c)", "Subquery Scan on segue_outer"));
    }
}
