//! The engine-neutral form of "this table is changing": what the planner resolves and an engine carries out.
//!
//! A table in transition has two **forms**, the old and the new. A form is a list of columns by the names that
//! its side of the application uses; each stands on a **physical** column of the one base table. Columns that
//! do not change share their physical column; a column whose values differ on the two sides has a **twin**.
//!
//! How a row gets from one form to the other is a list of [`Stage`]s, one for each change on the table in the
//! order written. An engine composes them as nested selects; none of the expressions is ever rewritten.

use serde::{Deserialize, Serialize};

use crate::ident::TableName;

/// One table's whole change within a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableChange {
    /// The base table.
    pub table: TableName,
    /// The run's tag, `[a-z0-9_]{1,40}` from the spec's id: part of every helper object's name.
    pub tag: String,
    /// The form that the old side of the application sees.
    pub old: Vec<FormColumn>,
    /// The form that the new side sees.
    pub new: Vec<FormColumn>,
    /// The changes, first to last.
    pub stages: Vec<Stage>,
    /// New physical columns that hold a value computed from the old form.
    pub up: Vec<Derived>,
    /// Old physical columns that hold a value computed from the new form.
    pub down: Vec<Derived>,
    /// Physical columns by which rows are walked, in the key's order. They never change in a run.
    pub key: Vec<String>,
    /// Existing rows need their new columns computed: a backfill.
    pub backfill: bool,
    /// Constraints that the change adds. An engine that adds them online does so in steps of their own; one
    /// that cannot enforces them by triggers from `expand` and makes them real at `contract`.
    #[serde(default)]
    pub constraints: Vec<ConstraintAdd>,
    /// What the engine carries over from a column to its twin: filled from [`Survey::carries`].
    #[serde(default)]
    pub carries: Vec<Carry>,
}

/// One column of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormColumn {
    /// The name by which this side of the application knows it.
    pub name: String,
    /// The column of the base table that holds it while both forms live.
    pub physical: String,
    /// Its type, in the engine's words.
    #[serde(rename = "type")]
    pub data_type: String,
    /// It takes NULL on this side.
    pub nullable: bool,
    /// Its default on this side, an SQL expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// It is generated or an identity: writers of this side cannot (or need not) give it.
    #[serde(default)]
    pub generated: bool,
    /// A comment that the change gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// One change of the row's form. Both lists name **every** column of the form they give, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// Which change of the spec, from 0.
    pub change: usize,
    /// The columns after the change, each over the columns before it.
    pub up: Vec<Assign>,
    /// The columns before the change, each over the columns after it.
    pub down: Vec<Assign>,
}

/// A column and where its value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assign {
    /// The column's name in the form that the stage gives.
    pub column: String,
    /// Its value.
    pub value: Value,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// The column of that name of the form it is computed from.
    Column(String),
    /// An SQL expression of the engine, by the user, over the names of the form it is computed from.
    Sql(String),
    /// The column, by the engine's assignment cast to a type.
    Cast {
        /// The column of the form it is computed from.
        column: String,
        /// The type.
        to: String,
    },
    /// The column, or the expression where it is NULL.
    Coalesce {
        /// The column of the form it is computed from.
        column: String,
        /// The expression.
        sql: String,
    },
    /// The expression where a condition does not hold (is false), else the column.
    Unless {
        /// The column of the form it is computed from.
        column: String,
        /// The condition over the form it is computed from.
        condition: String,
        /// The expression.
        sql: String,
    },
    /// NULL.
    Null,
}

/// A physical column computed from the other form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Derived {
    /// Its name in its own form.
    pub column: String,
    /// The column of the base table.
    pub physical: String,
    /// Physical columns of the other form that its expression may read: a write to one of them computes it
    /// again. May hold too many, never too few. Empty: computed once, when the row is new or not yet converted.
    pub reads: Vec<String>,
    /// How it ends.
    pub role: Role,
}

/// What a derived column is to the change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A column that did not exist before (`add_column`); at `contract` it stays.
    Added,
    /// An old column that goes at `contract` (`drop_column`).
    Dropped,
    /// A column under another name only. For the new side: a twin kept for clients of the base table that use
    /// the new name; at `contract` the twin goes and the original is renamed, so that everything on it stays.
    Renamed {
        /// The physical column of the old form.
        original: String,
        /// Its name when all is done.
        name: String,
    },
    /// A column whose values differ; at `contract` the original goes and the twin takes the name.
    Converted {
        /// The physical column of the old form.
        original: String,
        /// Its name when all is done.
        name: String,
    },
    /// An old column that goes at `contract` because its twin takes its place (the `down` side of `Converted`
    /// and, for `Renamed`, the original that stays and is renamed).
    Replaced,
}

/// What an engine found on a column that gets a twin, and will do for the twin. Opaque to all but the engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carry {
    /// For people: ``index `users_lower` ``.
    pub object: String,
    /// What kind, so that the planner knows when it is done.
    pub kind: CarryKind,
    /// Its name on the original.
    pub name: String,
    /// Its name on the twin until `contract`.
    pub twin: String,
    /// The statement (or the engine's own words) that makes it on the twin.
    pub definition: String,
}

/// When a carried object is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CarryKind {
    /// An index, built concurrently after the backfill.
    Index,
    /// A unique constraint: an index now, a constraint at `contract`.
    Unique,
    /// A check or foreign key: added without a scan, validated, renamed at `contract`.
    Constraint,
    /// A comment, default or grant: set at `contract`.
    Attribute,
}

/// What an engine says of a change before anything is touched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// Refusals (`critical`) and warnings, by name.
    pub findings: Vec<crate::finding::Finding>,
    /// What is carried over.
    pub carries: Vec<Carry>,
    /// Rows, as the engine estimates them.
    pub rows: u64,
    /// Bytes with indexes, as the engine estimates them.
    pub bytes: u64,
    /// How long `contract` will stop writers, in milliseconds, where it must (SQLite's rebuild); else 0.
    pub pause_ms: u64,
    /// Limits of what this engine can keep up for applications, one sentence each.
    pub notes: Vec<String>,
}

/// A table to be made, resolved: names, types and expressions are the engine's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTable {
    /// Its name with schema.
    pub table: TableName,
    /// The user's own words.
    pub define: crate::change::CreateTable,
}

/// An index to be built without stopping writers, on **physical** columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexBuild {
    /// The table.
    pub table: TableName,
    /// The run's tag.
    pub tag: String,
    /// The name under which it is built.
    pub name: String,
    /// What it is.
    pub source: IndexSource,
    /// The index is unique: duplicates make it fail.
    pub unique: bool,
}

/// Where an index's definition comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexSource {
    /// The user's `create_index`, its column names being those of the new form.
    Define {
        /// The user's words.
        define: crate::change::CreateIndex,
        /// Names of the new form that stand on another physical column: `(name, physical)`.
        physical: Vec<(String, String)>,
    },
    /// A carried index: the engine's own statement.
    Carry(Carry),
    /// The index beneath a new unique constraint, on these physical columns.
    Unique(Vec<String>),
}

/// A constraint to be added without a scan, then validated, on **physical** columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConstraintAdd {
    /// The table.
    pub table: TableName,
    /// The run's tag.
    pub tag: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub what: ConstraintWhat,
}

/// The constraints that can be added to a live table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConstraintWhat {
    /// A check over names of the new form; `physical` lists those that stand on another physical column.
    Check {
        /// The condition.
        check: String,
        /// `(name, physical)`.
        physical: Vec<(String, String)>,
    },
    /// A foreign key from physical columns.
    ForeignKey {
        /// Physical columns here.
        columns: Vec<String>,
        /// The table there.
        target: TableName,
        /// Its columns.
        target_columns: Vec<String>,
        /// What happens here when the row there goes.
        on_delete: Option<crate::change::ReferenceAction>,
        /// What happens here when the key there changes.
        on_update: Option<crate::change::ReferenceAction>,
        /// Deferrable.
        deferrable: bool,
    },
    /// NOT NULL of a physical column that both sides share.
    NotNull {
        /// The column.
        column: String,
    },
    /// Unique over physical columns; the index `index` was built before.
    Unique {
        /// The columns.
        columns: Vec<String>,
        /// The index that becomes the constraint.
        index: String,
    },
    /// A carried check or foreign key: the engine's own statement.
    Carry(Carry),
}
