//! What a reshape must know of the base table at the moment it acts: columns, defaults, owner, triggers.
//!
//! Read inside the acting transaction, never kept. Tests: `tests/reshape/`.

use std::collections::BTreeMap;

use segue_engine::quote::{name, table};
use segue_engine::{EngineError, ErrorKind};
use segue_model::ident::TableName;
use tokio_postgres::GenericClient;

use crate::session::db;

/// The base table as it is now.
#[derive(Debug)]
pub(crate) struct Base {
    pub(crate) oid: u32,
    /// The owner's name.
    pub(crate) owner: String,
    /// The owner is the role of this session.
    pub(crate) owned: bool,
    /// `r`, `p`, `v`, `f`, …
    pub(crate) kind: String,
    pub(crate) columns: Vec<BaseColumn>,
    /// Users' BEFORE row triggers exist.
    pub(crate) before_triggers: bool,
    /// Policies decide which rows a role sees.
    pub(crate) row_security: bool,
    /// Some role has rights on single columns only.
    pub(crate) column_grants: bool,
    /// Logical replication writes this table: triggers must be `ENABLE ALWAYS`.
    pub(crate) subscribed: bool,
}

/// One of its columns.
#[derive(Debug)]
pub(crate) struct BaseColumn {
    pub(crate) name: String,
    /// As the server formats it with the schemas in sight of our sessions: always qualified.
    pub(crate) data_type: String,
    pub(crate) not_null: bool,
    pub(crate) default: Option<String>,
    /// A collation other than the type's own, qualified and quoted.
    pub(crate) collation: Option<String>,
    /// Stored or virtual generated.
    pub(crate) generated: bool,
}

impl Base {
    pub(crate) fn column(&self, name: &str) -> Option<&BaseColumn> {
        self.columns.iter().find(|column| column.name == name)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.column(name).is_some()
    }

    pub(crate) fn defaults(&self) -> BTreeMap<String, String> {
        self.columns
            .iter()
            .filter(|column| !column.generated)
            .filter_map(|column| Some((column.name.clone(), column.default.clone()?)))
            .collect()
    }
}

/// Reads the table; `None` when there is no relation of that name.
pub(crate) async fn find(client: &impl GenericClient, wanted: &TableName) -> Result<Option<Base>, EngineError> {
    let row = client
        .query_opt(
            "select c.oid, pg_catalog.pg_get_userbyid(c.relowner)::text, \
               c.relowner = (select oid from pg_catalog.pg_roles where rolname = current_user), c.relkind::text, \
               exists (select from pg_catalog.pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal \
                       and t.tgtype & 3 = 3 and t.tgname not like '!segue\\_%' and t.tgname not like '~~segue\\_%'), \
               exists (select from pg_catalog.pg_subscription_rel s where s.srrelid = c.oid), \
               c.relrowsecurity or exists (select from pg_catalog.pg_policy p where p.polrelid = c.oid), \
               exists (select from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attacl is not null and not a.attisdropped) \
             from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
             where n.nspname = $1 and c.relname = $2",
            &[&wanted.schema, &wanted.name],
        )
        .await
        .map_err(db)?;
    let Some(row) = row else { return Ok(None) };
    let oid: u32 = row.get(0);
    let columns = client
        .query(
            "select a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, \
               pg_catalog.pg_get_expr(d.adbin, d.adrelid), a.attgenerated <> '', \
               case when a.attcollation <> t.typcollation then pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname) end \
             from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid \
             left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum \
             left join pg_catalog.pg_collation co on co.oid = a.attcollation \
             left join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace \
             where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped order by a.attnum",
            &[&oid],
        )
        .await
        .map_err(db)?
        .iter()
        .map(|row| BaseColumn {
            name: row.get(0),
            data_type: row.get(1),
            not_null: row.get(2),
            default: row.get(3),
            generated: row.get(4),
            collation: row.get(5),
        })
        .collect();
    Ok(Some(Base {
        oid,
        owner: row.get(1),
        owned: row.get(2),
        kind: row.get(3),
        columns,
        before_triggers: row.get(4),
        subscribed: row.get(5),
        row_security: row.get(6),
        column_grants: row.get(7),
    }))
}

/// Reads the table, which must be there.
pub(crate) async fn read(client: &impl GenericClient, wanted: &TableName) -> Result<Base, EngineError> {
    find(client, wanted).await?.ok_or_else(|| {
        EngineError::new("SG-PG-146", ErrorKind::Object, format!("table {wanted} is not there any more"))
            .help("nothing was written. See what removed it before you go on")
    })
}

/// Whether a relation (table, view, index) of that name is there.
pub(crate) async fn relation(client: &impl GenericClient, wanted: &TableName) -> Result<bool, EngineError> {
    let row = client.query_one("select pg_catalog.to_regclass($1) is not null", &[&table(wanted)]).await.map_err(db)?;
    Ok(row.get(0))
}

/// The `search_path` in which expressions and types of the user are resolved: that of the URL, then the table's
/// schema. Temporary objects come last, so that no client's table can stand in for another.
pub(crate) fn path(schemas: &[String], of: &TableName) -> String {
    let mut list: Vec<&str> = schemas.iter().map(String::as_str).collect();
    if !list.contains(&of.schema.as_str()) {
        list.push(&of.schema);
    }
    list.iter().map(|schema| name(schema)).chain(["pg_temp".to_owned()]).collect::<Vec<_>>().join(", ")
}
