//! The catalog: what an engine says of its tables, as plain data with a fixed order.
//!
//! Definitions are the engine's own text (a type as it formats it, an expression as it deparses it), so two
//! catalogs of one engine compare by equality. Sizes are not here: they change from moment to moment.

use serde::{Deserialize, Serialize};

use crate::ident::TableName;

/// Tables, in the order of their names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalog {
    /// The tables asked for, sorted by name.
    pub tables: Vec<Table>,
    /// Views (and materialised views) that read one of these tables.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub views: Vec<View>,
    /// The schema in which an unqualified name is looked for; empty where there are none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub default_schema: String,
}

/// What kind of table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableKind {
    /// An ordinary table.
    Ordinary,
    /// A partitioned parent.
    Partitioned,
    /// A partition of another table.
    Partition,
    /// A foreign or virtual table.
    Foreign,
}

/// One table and everything that hangs on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: TableName,
    /// What kind of table.
    pub kind: TableKind,
    /// Its columns in the table's order.
    pub columns: Vec<Column>,
    /// Indexes, sorted by name, those of constraints included.
    pub indexes: Vec<Index>,
    /// Constraints, sorted by name; unnamed ones (SQLite) in the order of definition.
    pub constraints: Vec<Constraint>,
    /// Foreign keys of other tables that refer to this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub referenced_by: Vec<Reference>,
    /// The users' triggers (never Segue's own), sorted by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub triggers: Vec<Named>,
    /// Row-level policies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<Named>,
    /// Grants, one text each, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<String>,
    /// The comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Tables that this one inherits from or is a partition of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parents: Vec<TableName>,
    /// Tables that inherit from this one or are its partitions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<TableName>,
    /// The partition key, as the engine writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition_key: Option<String>,
    /// Replica identity: `default`, `nothing`, `full` or `index NAME`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replica_identity: Option<String>,
    /// Publications that carry it, with their column lists and row filters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub publications: Vec<Named>,
    /// Extended statistics objects.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statistics: Vec<Named>,
    /// Rewrite rules other than a view's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Named>,
    /// Row-level security is on.
    #[serde(default)]
    pub row_security: bool,
    /// Options such as `strict`, `without_rowid`, storage parameters; sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
}

impl Table {
    /// A table with nothing in it yet.
    #[must_use]
    pub const fn new(name: TableName, kind: TableKind) -> Self {
        Self {
            name,
            kind,
            columns: Vec::new(),
            indexes: Vec::new(),
            constraints: Vec::new(),
            referenced_by: Vec::new(),
            triggers: Vec::new(),
            policies: Vec::new(),
            grants: Vec::new(),
            comment: None,
            parents: Vec::new(),
            children: Vec::new(),
            partition_key: None,
            replica_identity: None,
            publications: Vec::new(),
            statistics: Vec::new(),
            rules: Vec::new(),
            row_security: false,
            options: Vec::new(),
        }
    }
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type as the engine formats it, with modifiers.
    #[serde(rename = "type")]
    pub data_type: String,
    /// It takes NULL.
    pub nullable: bool,
    /// Its default expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// The expression of a generated column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated: Option<String>,
    /// `always` or `by default` for an identity column; `serial` when a sequence it owns is its default;
    /// `rowid` for SQLite's INTEGER PRIMARY KEY.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// A collation other than the type's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// The comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Grants on this column alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<String>,
}

impl Column {
    /// A column of that name and type that takes NULL and has nothing else.
    #[must_use]
    pub const fn new(name: String, data_type: String) -> Self {
        Self {
            name,
            data_type,
            nullable: true,
            default: None,
            generated: None,
            identity: None,
            collation: None,
            comment: None,
            grants: Vec::new(),
        }
    }
}

/// One index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Its full definition as the engine writes it (expression, predicate, operator class, collation, options).
    pub definition: String,
    /// Plain key columns in order; an expression stands as its text in parentheses.
    pub columns: Vec<String>,
    /// It is unique.
    pub unique: bool,
    /// It is the primary key's.
    pub primary: bool,
    /// It can be used by queries (a failed concurrent build leaves one that cannot).
    pub valid: bool,
    /// The constraint that owns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constraint: Option<String>,
    /// It has a predicate or an expression.
    #[serde(default)]
    pub partial_or_expression: bool,
}

/// What kind of constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConstraintKind {
    /// Primary key.
    PrimaryKey,
    /// Unique.
    Unique,
    /// Check.
    Check,
    /// Foreign key.
    ForeignKey,
    /// Exclusion.
    Exclusion,
    /// A NOT NULL with a name of its own (PostgreSQL 18).
    NotNull,
}

/// One constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constraint {
    /// Its name; empty where the engine lets it have none.
    pub name: String,
    /// What kind.
    pub kind: ConstraintKind,
    /// The definition as the engine writes it.
    pub definition: String,
    /// The columns that it is about.
    pub columns: Vec<String>,
    /// It was checked against every row.
    pub validated: bool,
    /// The table that a foreign key refers to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub references: Option<TableName>,
}

/// A foreign key elsewhere that refers here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The table that holds the key.
    pub table: TableName,
    /// The constraint's name.
    pub constraint: String,
    /// The columns of this table that it refers to.
    pub columns: Vec<String>,
}

/// An object with a name and a definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// Its definition as the engine writes it.
    pub definition: String,
}

/// A view that reads a table of the catalog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Its name.
    pub name: TableName,
    /// Its definition as the engine writes it.
    pub definition: String,
    /// It is materialised.
    pub materialized: bool,
    /// The tables and columns that it reads: `(table, columns)`; empty columns mean "not known, all".
    pub reads: Vec<(TableName, Vec<String>)>,
}

impl Catalog {
    /// The table of that name.
    pub fn table(&self, name: &TableName) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == *name)
    }
}

impl Table {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The columns of the primary key, in the key's order; empty when there is none.
    pub fn primary_key(&self) -> Vec<String> {
        self.constraints.iter().find(|c| c.kind == ConstraintKind::PrimaryKey).map(|c| c.columns.clone()).unwrap_or_default()
    }

    /// The columns by which rows can be walked: the primary key, else a full unique index over not-null columns.
    pub fn walk_key(&self) -> Option<Vec<String>> {
        let primary = self.primary_key();
        if !primary.is_empty() {
            return Some(primary);
        }
        self.indexes
            .iter()
            .find(|index| {
                index.unique
                    && index.valid
                    && !index.partial_or_expression
                    && index.columns.iter().all(|name| self.column(name).is_some_and(|column| !column.nullable))
            })
            .map(|index| index.columns.clone())
    }
}

/// Names, in words, what differs between two readings of the same tables: `table shop.users: column age was added`.
pub fn differences(before: &Catalog, after: &Catalog) -> Vec<String> {
    let mut out = Vec::new();
    for table in &before.tables {
        match after.table(&table.name) {
            None => out.push(format!("table {}: it is gone", table.name)),
            Some(now) => table_differences(table, now, &mut out),
        }
    }
    for table in &after.tables {
        if before.table(&table.name).is_none() {
            out.push(format!("table {}: it is new", table.name));
        }
    }
    list_differences("view", &before.views, &after.views, |view| view.name.to_string(), &mut out);
    out
}

fn table_differences(before: &Table, after: &Table, out: &mut Vec<String>) {
    let mut found = Vec::new();
    list_differences("column", &before.columns, &after.columns, |c| c.name.clone(), &mut found);
    list_differences("index", &before.indexes, &after.indexes, |i| i.name.clone(), &mut found);
    list_differences("constraint", &before.constraints, &after.constraints, |c| format!("{} {}", c.name, c.definition), &mut found);
    list_differences("trigger", &before.triggers, &after.triggers, |t| t.name.clone(), &mut found);
    list_differences("policy", &before.policies, &after.policies, |p| p.name.clone(), &mut found);
    list_differences("publication", &before.publications, &after.publications, |p| p.name.clone(), &mut found);
    list_differences("statistics object", &before.statistics, &after.statistics, |s| s.name.clone(), &mut found);
    list_differences("rule", &before.rules, &after.rules, |r| r.name.clone(), &mut found);
    list_differences("grant", &before.grants, &after.grants, Clone::clone, &mut found);
    list_differences("option", &before.options, &after.options, Clone::clone, &mut found);
    list_differences(
        "foreign key from",
        &before.referenced_by,
        &after.referenced_by,
        |r| format!("{} {}", r.table, r.constraint),
        &mut found,
    );
    list_differences("partition or child", &before.children, &after.children, ToString::to_string, &mut found);
    let columns_moved = found.is_empty() && before.columns != after.columns;
    if columns_moved {
        found.push("the order of its columns changed".to_owned());
    }
    for (what, same) in [
        ("comment", before.comment == after.comment),
        ("kind", before.kind == after.kind),
        ("partition key", before.partition_key == after.partition_key),
        ("replica identity", before.replica_identity == after.replica_identity),
        ("row security", before.row_security == after.row_security),
        ("parents", before.parents == after.parents),
    ] {
        if !same {
            found.push(format!("its {what} changed"));
        }
    }
    out.extend(found.into_iter().map(|text| format!("table {}: {text}", before.name)));
}

fn list_differences<T: PartialEq>(what: &str, before: &[T], after: &[T], name: impl Fn(&T) -> String, out: &mut Vec<String>) {
    for item in before {
        match after.iter().find(|other| name(other) == name(item)) {
            None => out.push(format!("{what} {} is gone", name(item))),
            Some(other) if other != item => out.push(format!("{what} {} changed", name(item))),
            Some(_) => {}
        }
    }
    for item in after {
        if !before.iter().any(|other| name(other) == name(item)) {
            out.push(format!("{what} {} was added", name(item)));
        }
    }
}
