//! The version views: what each side of the application sees under the table's own name.
//!
//! The new side's outer view stands on a hidden view whose helper column defaults to 1, so that an insert through
//! it says so itself. All are auto-updatable. An outer view that clients use is never dropped and made again.
//! Tests: `tests/reshape/`.

use segue_engine::EngineError;
use segue_engine::quote::{name, table, text};
use segue_model::ident::TableName;
use segue_model::reshape::{CarryKind, FormColumn, TableChange};
use tokio_postgres::Transaction;

use crate::reshape::base::Base;
use crate::reshape::names::{Names, needs_sync};
use crate::session::db;

/// The first server version whose views can run with the caller's rights.
const INVOKER_FROM: i32 = 150_000;

/// One select list: `"physical" as "name", …`.
pub(crate) fn select_list(form: &[FormColumn]) -> String {
    form.iter().map(|column| format!("{} as {}", name(&column.physical), name(&column.name))).collect::<Vec<_>>().join(", ")
}

/// Policies must hold for the caller. A role with rights on single columns cannot read a view that runs with the
/// caller's rights and has other columns too: where there are such roles (and no policies) the owner's rights count,
/// and the rights on the view's own columns decide.
fn options(version: i32, base: &Base) -> &'static str {
    let by_owner = base.column_grants && !base.row_security;
    if version >= INVOKER_FROM && !by_owner { " with (security_invoker = true)" } else { "" }
}

/// `create or replace view` of the new side straight on the base table: how `contract` takes the layer away.
pub(crate) fn new_view_on_base(change: &TableChange, names: &Names, base: &Base, version: i32) -> String {
    format!(
        "create or replace view {}{} as select {} from {};\n",
        table(&names.new_view(&change.table)),
        options(version, base),
        select_list(&change.new),
        table(&change.table)
    )
}

/// The schemas, views, their defaults and rights. Everything may be there already.
pub(crate) async fn make(
    transaction: &Transaction<'_>,
    change: &TableChange,
    names: &Names,
    base: &Base,
    version: i32,
) -> Result<(), EngineError> {
    let (old_view, new_view, hidden) = (names.old_view(&change.table), names.new_view(&change.table), names.hidden_view());
    let owner = name(&base.owner);
    let with = options(version, base);
    let mut sql = String::new();
    for schema in [&names.old_schema, &names.new_schema] {
        sql.push_str(&format!("create schema if not exists {} authorization {owner};\n", name(schema)));
    }
    sql.push_str(&format!(
        "create or replace view {}{with} as select {} from {};\n",
        table(&old_view),
        select_list(&change.old),
        table(&change.table)
    ));
    let mut made = vec![old_view.clone()];
    if needs_sync(change) {
        let columns: Vec<&str> = change.new.iter().map(|column| column.name.as_str()).collect();
        let side = name(&names.side);
        sql.push_str(&format!(
            "create or replace view {0}{with} as select {1}, {side} from {2};\nalter view {0} alter column {side} set default 1;\n\
             create or replace view {3}{with} as select {4} from {0};\n",
            table(&hidden),
            select_list(&change.new),
            table(&change.table),
            table(&new_view),
            segue_engine::quote::names(columns.iter().copied()),
        ));
        made.push(hidden);
    } else {
        sql.push_str(&new_view_on_base(change, names, base, version));
    }
    for (column, default) in new_defaults(change) {
        sql.push_str(&format!("alter view {} alter column {} set default (\n{default}\n);\n", table(&new_view), name(&column)));
    }
    made.push(new_view);
    transaction.batch_execute(&sql).await.map_err(db)?;
    if !base.owned {
        give_to_owner(transaction, &made, &owner).await?;
    }
    grants(transaction, change, base, names, &made).await
}

async fn give_to_owner(transaction: &Transaction<'_>, made: &[TableName], owner: &str) -> Result<(), EngineError> {
    let mut sql = format!("grant usage, create on schema segue to {owner};\n");
    for view in made {
        sql.push_str(&format!("alter view {} owner to {owner};\n", table(view)));
    }
    transaction.batch_execute(&sql).await.map_err(db)
}

/// `(name in the new form, default)` where the new side's default is not what the base table gives.
pub(crate) fn new_defaults(change: &TableChange) -> Vec<(String, String)> {
    change
        .new
        .iter()
        .filter(|column| !column.generated)
        .filter_map(|column| {
            let shared = change.old.iter().find(|old| old.physical == column.physical);
            let carried = || {
                let attribute = default_carry(&column.physical);
                change
                    .carries
                    .iter()
                    .find(|carry| carry.kind == CarryKind::Attribute && carry.name == attribute)
                    .map(|carry| carry.definition.clone())
            };
            if let (None, Some(default)) = (shared, carried()) {
                return Some((column.name.clone(), default));
            }
            match (&column.default, shared) {
                (Some(default), Some(old)) if old.default.as_ref() == Some(default) => None,
                (Some(default), _) => Some((column.name.clone(), default.clone())),
                (None, _) => None,
            }
        })
        .collect()
}

/// The name under which the survey carries a column's default to its twin.
pub(crate) fn default_carry(physical: &str) -> String {
    format!("default of {physical}")
}

/// The rights on the table become rights on its views, and its grantees may look into the schemas.
async fn grants(
    transaction: &Transaction<'_>,
    change: &TableChange,
    base: &Base,
    names: &Names,
    made: &[TableName],
) -> Result<(), EngineError> {
    let on_table = transaction
        .query(
            "select case when a.grantee = 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) end, \
               a.privilege_type::text, a.is_grantable from pg_catalog.pg_class c, pg_catalog.aclexplode(c.relacl) a \
             where c.oid = $1 and a.grantee <> c.relowner and a.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE') order by 1, 2",
            &[&base.oid],
        )
        .await
        .map_err(db)?;
    let on_columns = transaction
        .query(
            "select case when a.grantee = 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) end, \
               a.privilege_type::text, a.is_grantable, t.attname::text \
             from pg_catalog.pg_class c join pg_catalog.pg_attribute t on t.attrelid = c.oid and not t.attisdropped, \
             pg_catalog.aclexplode(t.attacl) a where c.oid = $1 and a.grantee <> c.relowner and a.privilege_type <> 'REFERENCES' order by 1, 2, 4",
            &[&base.oid],
        )
        .await
        .map_err(db)?;
    let mut sql = String::new();
    let mut grantees: std::collections::BTreeSet<String> = std::collections::BTreeSet::new();
    for row in &on_table {
        let (role, right, option): (String, String, bool) = (row.get(0), row.get(1), row.get(2));
        for view in made {
            sql.push_str(&format!("grant {right} on {} to {role}{};\n", table(view), if option { " with grant option" } else { "" }));
        }
        grantees.insert(role);
    }
    for row in &on_columns {
        let (role, right, column): (String, String, String) = (row.get(0), row.get(1), row.get(3));
        column_grants(change, names, made, &role, &right, &column, &mut sql);
        grantees.insert(role);
    }
    for role in &grantees {
        sql.push_str(&format!("grant usage on schema {}, {} to {role};\n", name(&names.old_schema), name(&names.new_schema)));
    }
    transaction.batch_execute(&sql).await.map_err(db)
}

/// A right on one column holds for what that column is called, and stands on, in each view.
fn column_grants(change: &TableChange, names: &Names, made: &[TableName], role: &str, right: &str, column: &str, sql: &mut String) {
    let twin = twin_of(change, column);
    if let Some(twin) = twin {
        sql.push_str(&format!("grant {right} ({}) on {} to {role};\n", name(twin), table(&change.table)));
    }
    for view in made {
        let form = if *view == names.old_view(&change.table) { &change.old } else { &change.new };
        let wanted = |physical: &str| physical == column || Some(physical) == twin;
        for seen in form.iter().filter(|seen| wanted(&seen.physical)) {
            sql.push_str(&format!("grant {right} ({}) on {} to {role};\n", name(&seen.name), table(view)));
        }
    }
}

/// The twin of an original column.
pub(crate) fn twin_of<'a>(change: &'a TableChange, original_column: &str) -> Option<&'a str> {
    use segue_model::reshape::Role;
    change.up.iter().find_map(|derived| match &derived.role {
        Role::Renamed { original, .. } | Role::Converted { original, .. } if original == original_column => Some(derived.physical.as_str()),
        _ => None,
    })
}

/// Drops a version schema that nothing is in any more.
pub(crate) async fn drop_schema_if_empty(transaction: &Transaction<'_>, schema: &str) -> Result<(), EngineError> {
    let empty: Option<bool> = transaction
        .query_opt(
            "select not exists (select from pg_catalog.pg_class c where c.relnamespace = n.oid) \
               and not exists (select from pg_catalog.pg_proc p where p.pronamespace = n.oid) \
               and not exists (select from pg_catalog.pg_type t where t.typnamespace = n.oid) \
             from pg_catalog.pg_namespace n where n.nspname = $1",
            &[&schema],
        )
        .await
        .map_err(db)?
        .map(|row| row.get(0));
    if empty == Some(true) {
        transaction.batch_execute(&format!("drop schema if exists {} restrict", name(schema))).await.map_err(db)?;
    }
    Ok(())
}

/// Locks an outer view by itself, which `lock table` cannot do: it would lock what is beneath as well.
pub(crate) fn lock_alone(view: &TableName) -> String {
    format!("alter view {} reset (security_barrier)", table(view))
}

/// The comment that the change gives a column, as a statement on the base table.
pub(crate) fn comment(on: &TableName, column: &str, comment: &str) -> String {
    format!("comment on column {}.{} is {};\n", table(on), name(column), text(comment))
}
