//! Catalogs, specs and observations to test with: plain data, no database.

use std::collections::BTreeMap;

use segue_model::catalog::{Catalog, Column, Constraint, ConstraintKind, Index, Table, TableKind};
use segue_model::change::Change;
use segue_model::finding::Finding;
use segue_model::ident::TableName;
use segue_model::secret::Reference;
use segue_model::spec::{Limits, SchemaChange, Spec, System, Throttle};
use segue_model::units::Millis;
use segue_planner::{Observed, PlanCapabilities, Resolved, resolve, touched, touched_indexes};
use serde_json::Value;

/// `name type`, with `?` after the type where it takes NULL, and `= default` behind.
pub(crate) fn column(text: &str) -> Column {
    let (head, default) = text.split_once(" = ").map_or((text, None), |(head, default)| (head, Some(default.to_owned())));
    let (name, data_type) = head.split_once(' ').expect("a name and a type");
    let nullable = data_type.ends_with('?');
    Column { nullable, default, ..Column::new(name.to_owned(), data_type.trim_end_matches('?').to_owned()) }
}

/// A table in `public` whose first column is its primary key.
pub(crate) fn table(name: &str, columns: &[&str]) -> Table {
    let columns: Vec<Column> = columns.iter().map(|text| column(text)).collect();
    let key = columns[0].name.clone();
    Table {
        indexes: vec![index(&format!("{name}_pkey"), &[&key], true, Some(&format!("{name}_pkey")))],
        constraints: vec![constraint(&format!("{name}_pkey"), ConstraintKind::PrimaryKey, &[&key])],
        columns,
        ..Table::new(TableName::new("public", name), TableKind::Ordinary)
    }
}

pub(crate) fn index(name: &str, columns: &[&str], unique: bool, constraint: Option<&str>) -> Index {
    Index {
        name: name.to_owned(),
        definition: String::new(),
        columns: columns.iter().map(|&name| name.to_owned()).collect(),
        unique,
        primary: constraint.is_some_and(|name| name.ends_with("_pkey")),
        valid: true,
        constraint: constraint.map(str::to_owned),
        partial_or_expression: false,
    }
}

pub(crate) fn constraint(name: &str, kind: ConstraintKind, columns: &[&str]) -> Constraint {
    Constraint {
        name: name.to_owned(),
        kind,
        definition: String::new(),
        columns: columns.iter().map(|&name| name.to_owned()).collect(),
        validated: true,
        references: None,
    }
}

/// Two tables of a shop: `users` and `orders`.
pub(crate) fn shop() -> Vec<Table> {
    let mut users = table("users", &["id bigint", "name text", "email text?", "age integer?", "status text = 'new'::text"]);
    users.indexes.push(index("users_lower", &["(lower(name))"], false, None));
    users.indexes[1].partial_or_expression = true;
    users.indexes.push(index("users_email_key", &["email"], true, Some("users_email_key")));
    users.constraints.push(constraint("users_email_key", ConstraintKind::Unique, &["email"]));
    let orders = table("orders", &["id bigint", "user_id bigint?", "total integer = 0", "note text?"]);
    vec![orders, users]
}

pub(crate) fn spec(changes: &Value) -> Spec {
    let changes: Vec<Change> = serde_json::from_value(changes.clone()).expect("changes of the vocabulary");
    let url = Reference::Env("DB_URL".to_owned());
    Spec {
        segue: 1,
        id: "MIG-7".to_owned(),
        name: "shop".to_owned(),
        why: String::new(),
        owners: BTreeMap::from([("lead".to_owned(), "ana@shop.example".to_owned())]),
        systems: BTreeMap::from([("db".to_owned(), System::Postgres { url })]),
        schema: Some(SchemaChange { system: "db".to_owned(), changes }),
        limits: Limits::default(),
        checks: BTreeMap::new(),
        throttle: Throttle::default(),
        keep_old: Millis(0),
        program: segue_model::spec::Program::default(),
    }
}

/// What a caller would observe of `tables` for `spec` on PostgreSQL.
pub(crate) fn observed(spec: &Spec, tables: Vec<Table>) -> Observed {
    let names = touched(spec).into_iter().map(|name| {
        let resolved = if name.schema.is_empty() { TableName::new("public", name.name.clone()) } else { name.clone() };
        (name.to_string(), resolved)
    });
    let find = |index: &TableName| tables.iter().find(|table| table.indexes.iter().any(|i| i.name == index.name)).map(|t| t.name.clone());
    let index_tables = touched_indexes(spec).into_iter().filter_map(|index| Some((index.to_string(), find(&index)?))).collect();
    Observed {
        engine: "postgres".to_owned(),
        version: "15.18".to_owned(),
        names: names.collect(),
        index_tables,
        catalog: Catalog { tables, views: Vec::new(), default_schema: "public".to_owned() },
        capabilities: PlanCapabilities { version_schemas: true, concurrent_index: true, online_constraints: true },
        location: Reference::Env("DB_URL".to_owned()),
        rates: Vec::new(),
    }
}

/// The same on SQLite: no schemas, nothing online.
pub(crate) fn observed_sqlite(spec: &Spec, mut tables: Vec<Table>) -> Observed {
    for table in &mut tables {
        table.name.schema.clear();
    }
    let mut out = observed(spec, tables);
    out.names.values_mut().for_each(|name| name.schema.clear());
    "sqlite".clone_into(&mut out.engine);
    "3.50.4".clone_into(&mut out.version);
    out.catalog.default_schema.clear();
    out.capabilities = PlanCapabilities { version_schemas: false, concurrent_index: false, online_constraints: false };
    out
}

/// Resolves changes over the shop on PostgreSQL.
pub(crate) fn resolved(changes: &Value) -> (Resolved, Vec<Finding>) {
    let spec = spec(changes);
    resolve(&spec, &observed(&spec, shop()))
}

/// Resolves changes that nothing is wrong with.
pub(crate) fn fine(changes: &Value) -> Resolved {
    let (resolved, findings) = resolved(changes);
    let critical: Vec<&Finding> = findings.iter().filter(|f| f.severity == segue_model::finding::Severity::Critical).collect();
    assert!(critical.is_empty(), "{critical:?}");
    resolved
}
