//! The vocabulary of schema changes, as a user writes it in `schema.changes`.
//!
//! Each variant is one key of the spec. These are wishes, not yet checked against any database: the planner
//! resolves them against a catalog into [`crate::reshape`].

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One change, externally tagged: `rename_column: {table: users, from: name, to: full_name}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// A new table.
    CreateTable(CreateTable),
    /// A table goes; kept aside until `contract`.
    DropTable(DropTable),
    /// A new column.
    AddColumn(AddColumn),
    /// A column goes.
    DropColumn(DropColumn),
    /// A column gets another name.
    RenameColumn(RenameColumn),
    /// A column gets another type.
    ChangeType(ChangeType),
    /// A column takes no NULL any more.
    SetNotNull(SetNotNull),
    /// A new check constraint.
    AddCheck(AddCheck),
    /// A new foreign key.
    AddForeignKey(AddForeignKey),
    /// A new unique constraint.
    AddUnique(AddUnique),
    /// A new index.
    CreateIndex(CreateIndex),
    /// An index goes.
    DropIndex(DropIndex),
}

/// `create_table`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateTable {
    /// The table.
    pub table: String,
    /// Its columns, in the order written.
    pub columns: Columns,
    /// Columns of the primary key, where it is not one column's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub primary_key: Vec<String>,
    /// Unique constraints: lists of columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unique: Vec<Vec<String>>,
    /// Checks by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub checks: BTreeMap<String, String>,
    /// Foreign keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign_keys: Vec<NewForeignKey>,
    /// The comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// Columns by name, in the order written: a mapping in a spec, a list of pairs in a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns(pub Vec<(String, NewColumn)>);

/// One column of a new table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewColumn {
    /// Its type, in the engine's own words.
    #[serde(rename = "type")]
    pub data_type: String,
    /// It takes NULL; default true, false for a primary key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub null: Option<bool>,
    /// Its default, an SQL expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// It is the primary key.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub primary_key: bool,
    /// `always` or `by default`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// No value twice.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unique: bool,
    /// A foreign key of this column alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub references: Option<ColumnReference>,
    /// A check of this column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// The comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

impl NewColumn {
    /// A column of that type that takes NULL and has nothing else.
    #[must_use]
    pub fn new(data_type: impl Into<String>) -> Self {
        Self {
            data_type: data_type.into(),
            null: None,
            default: None,
            primary_key: false,
            identity: None,
            unique: false,
            references: None,
            check: None,
            comment: None,
        }
    }
}

/// How an identity column takes values from writers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Identity {
    /// Never.
    #[serde(rename = "always")]
    Always,
    /// When they give one.
    #[serde(rename = "by default")]
    ByDefault,
}

/// What a foreign key refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnReference {
    /// The table.
    pub table: String,
    /// Its columns; for one column's own reference exactly one.
    pub columns: Vec<String>,
    /// `cascade`, `set null`, `set default`, `restrict`, `no action`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_delete: Option<ReferenceAction>,
    /// The same for a changed key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_update: Option<ReferenceAction>,
}

/// What happens to the referring row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ReferenceAction {
    /// Refused at the end of the statement.
    #[serde(rename = "no action")]
    NoAction,
    /// Refused at once.
    #[serde(rename = "restrict")]
    Restrict,
    /// It goes or changes too.
    #[serde(rename = "cascade")]
    Cascade,
    /// Its columns become NULL.
    #[serde(rename = "set null")]
    SetNull,
    /// Its columns get their defaults.
    #[serde(rename = "set default")]
    SetDefault,
}

/// A foreign key of a new table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewForeignKey {
    /// Its name.
    pub name: String,
    /// The columns here.
    pub columns: Vec<String>,
    /// What they refer to.
    pub references: ColumnReference,
}

/// `drop_table`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropTable {
    /// The table.
    pub table: String,
}

/// `add_column`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddColumn {
    /// The table.
    pub table: String,
    /// The new column.
    pub column: String,
    /// Its type.
    #[serde(rename = "type")]
    pub data_type: String,
    /// It takes NULL; default true.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub null: bool,
    /// Its default for writers of the new form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// Its value for rows of the old form, over their columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up: Option<String>,
    /// A check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// No value twice.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unique: bool,
    /// A foreign key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub references: Option<ColumnReference>,
    /// The comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

fn yes() -> bool {
    true
}

/// `drop_column`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropColumn {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// Its value for rows that writers of the new form insert, over the columns that stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub down: Option<String>,
}

/// `rename_column`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameColumn {
    /// The table.
    pub table: String,
    /// The old name.
    pub from: String,
    /// The new name.
    pub to: String,
}

/// `change_type`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeType {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// The new type.
    pub to: String,
    /// From the old value to the new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up: Option<String>,
    /// From the new value to the old one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub down: Option<String>,
}

/// `set_not_null`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetNotNull {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// The value for rows that have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up: Option<String>,
}

/// `add_check`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddCheck {
    /// The table.
    pub table: String,
    /// The constraint's name.
    pub name: String,
    /// The condition.
    pub check: String,
    /// Values for rows that fail it: column → expression.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub up: BTreeMap<String, String>,
}

/// `add_foreign_key`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddForeignKey {
    /// The table.
    pub table: String,
    /// The constraint's name.
    pub name: String,
    /// The columns here.
    pub columns: Vec<String>,
    /// What they refer to.
    pub references: KeyReference,
    /// What happens here when the row there goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_delete: Option<ReferenceAction>,
    /// What happens here when the key there changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_update: Option<ReferenceAction>,
    /// Checked at commit when a session asks for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deferrable: bool,
}

/// The table and columns that a foreign key refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyReference {
    /// The table.
    pub table: String,
    /// Its columns.
    pub columns: Vec<String>,
}

/// `add_unique`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddUnique {
    /// The table.
    pub table: String,
    /// The constraint's name.
    pub name: String,
    /// The columns.
    pub columns: Vec<String>,
}

/// `create_index`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateIndex {
    /// The table.
    pub table: String,
    /// The index's name.
    pub name: String,
    /// What it holds, in order.
    pub columns: Vec<IndexColumn>,
    /// No value twice.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unique: bool,
    /// The access method; default the engine's own (`btree`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Only rows for which this holds.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub predicate: Option<String>,
    /// Columns carried but not searched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// Storage parameters.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub with: BTreeMap<String, String>,
}

/// A column of an index: a name, or a column or expression with its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum IndexColumn {
    /// A column by name.
    Name(String),
    /// A column or an expression with what goes with it.
    Part(IndexPart),
}

/// The long form of a column of an index.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IndexPart {
    /// A column; or `expression`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// An expression; or `column`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// `asc` or `desc`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    /// `first` or `last`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nulls: Option<Nulls>,
    /// The operator class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator_class: Option<String>,
    /// The collation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
}

/// The order of an index's column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// Ascending.
    Asc,
    /// Descending.
    Desc,
}

/// Where NULLs stand in an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Nulls {
    /// Before all values.
    First,
    /// After all values.
    Last,
}

/// `drop_index`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropIndex {
    /// The index, with its schema if not the default one.
    pub name: String,
}

/// The keys of the vocabulary, in the order of the documentation.
pub const NAMES: [&str; 12] = [
    "create_table",
    "drop_table",
    "add_column",
    "drop_column",
    "rename_column",
    "change_type",
    "set_not_null",
    "add_check",
    "add_foreign_key",
    "add_unique",
    "create_index",
    "drop_index",
];

// Canonical JSON sorts the keys of a mapping, so a plan keeps columns as a list of pairs: their order is the table's.
impl Serialize for Columns {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|(name, column)| (name, column)))
    }
}

impl<'de> Deserialize<'de> for Columns {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Columns;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a mapping from column names to columns")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Columns, A::Error> {
                let mut columns = Vec::new();
                while let Some(entry) = map.next_entry::<String, NewColumn>()? {
                    columns.push(entry);
                }
                Ok(Columns(columns))
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut pairs: A) -> Result<Columns, A::Error> {
                let mut columns = Vec::new();
                while let Some(pair) = pairs.next_element::<(String, NewColumn)>()? {
                    columns.push(pair);
                }
                Ok(Columns(columns))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for Columns {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Columns".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let column = generator.subschema_for::<NewColumn>();
        schemars::json_schema!({"type": "object", "additionalProperties": column})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_keep_their_order_through_a_plan() {
        let spec = r#"{"table": "t", "columns": {"zeta": {"type": "int"}, "alpha": {"type": "text"}}}"#;
        let table: CreateTable = serde_json::from_str(spec).expect("a mapping, as in a spec");
        let bytes = crate::canonical::to_bytes(&table).expect("canonical");
        let again: CreateTable = serde_json::from_slice(&bytes).expect("pairs, as in a plan");
        assert_eq!(again, table);
        assert_eq!(again.columns.0.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["zeta", "alpha"]);
    }
}
