//! What a statement says, as far as locks, rewrites and the catalog are concerned.
//!
//! Plain data without positions; `read/` makes it, `world/` applies it, `script/` judges it. Must never hold a row's value:
//! texts of expressions are kept only where a catalog keeps them. Tests: those of its users.

use super::cursor::Name;
use super::expression::Volatility;

/// An expression: its text in one form and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expression {
    pub(crate) text: String,
    /// Names in it that may be columns.
    pub(crate) words: Vec<String>,
    /// Functions in it.
    pub(crate) calls: Vec<String>,
    pub(crate) volatility: Volatility,
    /// The function that makes it volatile, or that is not known.
    pub(crate) by: Option<String>,
}

/// A column as `CREATE TABLE` and `ADD COLUMN` define it.
#[derive(Debug, Clone, Default)]
pub(crate) struct ColumnDefinition {
    pub(crate) name: String,
    pub(crate) data_type: String,
    pub(crate) serial: bool,
    pub(crate) collation: Option<String>,
    pub(crate) not_null: bool,
    pub(crate) default: Option<Expression>,
    pub(crate) generated: Option<Expression>,
    /// `VIRTUAL` (PostgreSQL 18) instead of `STORED`.
    pub(crate) generated_virtual: bool,
    pub(crate) identity: Option<&'static str>,
    pub(crate) constraints: Vec<TableConstraint>,
    pub(crate) compression: bool,
}

/// A constraint of a table.
#[derive(Debug, Clone)]
pub(crate) struct TableConstraint {
    pub(crate) name: Option<String>,
    pub(crate) what: ConstraintBody,
    pub(crate) not_valid: bool,
    pub(crate) not_enforced: bool,
    /// `DEFERRABLE INITIALLY DEFERRED` and the like, as the server writes it.
    pub(crate) deferrable: String,
    pub(crate) no_inherit: bool,
}

/// What a constraint demands.
#[derive(Debug, Clone)]
pub(crate) enum ConstraintBody {
    Check(Expression),
    NotNull { column: String },
    PrimaryKey { columns: Vec<String>, using_index: Option<String>, include: Vec<String> },
    Unique { columns: Vec<String>, using_index: Option<String>, include: Vec<String>, nulls_not_distinct: bool },
    ForeignKey { columns: Vec<String>, table: Name, references: Vec<String>, actions: String },
    Exclude { columns: Vec<String>, definition: String },
}

/// `CREATE TABLE`.
#[derive(Debug, Clone, Default)]
pub(crate) struct CreateTable {
    pub(crate) name: Name,
    pub(crate) if_not_exists: bool,
    pub(crate) temporary: bool,
    pub(crate) unlogged: bool,
    pub(crate) foreign: bool,
    pub(crate) columns: Vec<ColumnDefinition>,
    pub(crate) constraints: Vec<TableConstraint>,
    pub(crate) like: Vec<Name>,
    pub(crate) inherits: Vec<Name>,
    pub(crate) partition_of: Option<Name>,
    pub(crate) partition_bound: Option<String>,
    pub(crate) partition_key: Option<String>,
    pub(crate) options: Vec<String>,
}

/// One action of `ALTER TABLE`.
#[derive(Debug, Clone)]
pub(crate) enum Action {
    AddColumn {
        definition: Box<ColumnDefinition>,
        if_not_exists: bool,
    },
    DropColumn {
        name: String,
        cascade: bool,
    },
    SetType {
        column: String,
        data_type: String,
        collation: Option<String>,
        using: Option<Expression>,
    },
    SetDefault {
        column: String,
        default: Expression,
    },
    DropDefault {
        column: String,
    },
    SetNotNull {
        column: String,
    },
    DropNotNull {
        column: String,
    },
    AddIdentity {
        column: String,
        kind: &'static str,
    },
    DropIdentity {
        column: String,
    },
    SetGenerated,
    DropExpression {
        column: String,
    },
    SetExpression {
        column: String,
        expression: Expression,
    },
    SetStatistics,
    SetStorage,
    AddConstraint(Box<TableConstraint>),
    DropConstraint {
        name: String,
    },
    ValidateConstraint {
        name: String,
    },
    AlterConstraint,
    Triggers {
        enable: bool,
        all: bool,
    },
    Rules,
    RowSecurity {
        enable: bool,
    },
    ForceRowSecurity,
    ClusterOn,
    SetWithoutCluster,
    SetLogged {
        logged: bool,
    },
    SetTablespace,
    SetAccessMethod,
    SetOptions {
        options: Vec<String>,
    },
    ReplicaIdentity {
        identity: String,
    },
    Inherit {
        parent: Name,
        add: bool,
    },
    AttachPartition {
        partition: Name,
        default: bool,
        bound: String,
    },
    DetachPartition {
        partition: Name,
        concurrently: bool,
        finalize: bool,
    },
    Owner,
    OfType,
    /// Read as far as its keyword; the worst is assumed.
    Other(String),
}

/// What `DROP`, `COMMENT` and `ALTER … RENAME` are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ObjectKind {
    Table,
    Index,
    View,
    MaterializedView,
    Sequence,
    Schema,
    Database,
    Type,
    Domain,
    Function,
    Trigger,
    Policy,
    Rule,
    Extension,
    Column,
    Constraint,
    ForeignTable,
    Other,
}

/// One column or expression of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IndexKey {
    /// The column's bare name, or the expression in parentheses.
    pub(crate) key: String,
    pub(crate) expression: bool,
    /// Names in it.
    pub(crate) words: Vec<String>,
    /// As the server writes it, with collation, class and order.
    pub(crate) definition: String,
}

/// `GRANT` or `REVOKE` on tables.
#[derive(Debug, Clone, Default)]
pub(crate) struct Grant {
    pub(crate) gives: bool,
    /// Each right with its columns; `ALL` stands for all of them.
    pub(crate) rights: Vec<(String, Vec<String>)>,
    pub(crate) tables: Vec<Name>,
    /// `ALL TABLES IN SCHEMA`: those that are there now.
    pub(crate) schemas: Vec<String>,
    /// Roles as a catalog shows them.
    pub(crate) roles: Vec<String>,
    pub(crate) with_option: bool,
    /// `REVOKE GRANT OPTION FOR`.
    pub(crate) option_alone: bool,
}

/// `CREATE INDEX`.
#[derive(Debug, Clone, Default)]
pub(crate) struct CreateIndex {
    pub(crate) name: Option<String>,
    pub(crate) table: Name,
    pub(crate) only: bool,
    pub(crate) unique: bool,
    pub(crate) concurrently: bool,
    pub(crate) if_not_exists: bool,
    pub(crate) method: String,
    pub(crate) keys: Vec<IndexKey>,
    pub(crate) include: Vec<String>,
    pub(crate) nulls_not_distinct: bool,
    pub(crate) with: Option<String>,
    pub(crate) predicate: Option<Expression>,
}

/// A statement.
#[derive(Debug, Clone)]
pub(crate) enum Stmt {
    CreateTable(Box<CreateTable>),
    CreateTableAs {
        name: Name,
        temporary: bool,
        materialized: bool,
        with_data: bool,
        reads: Vec<Name>,
    },
    AlterTable {
        name: Name,
        only: bool,
        kind: ObjectKind,
        actions: Vec<Action>,
    },
    CreateIndex(Box<CreateIndex>),
    Drop {
        kind: ObjectKind,
        names: Vec<Name>,
        on: Option<Name>,
        if_exists: bool,
        cascade: bool,
        concurrently: bool,
    },
    Rename {
        kind: ObjectKind,
        name: Name,
        part: Option<String>,
        to: String,
    },
    SetSchema {
        kind: ObjectKind,
        name: Name,
        to: String,
    },
    AlterIndexAttach,
    Begin,
    Commit,
    Rollback,
    Savepoint,
    Set {
        name: String,
        value: String,
        local: bool,
    },
    Truncate {
        tables: Vec<Name>,
        cascade: bool,
    },
    Update {
        table: Name,
        has_where: bool,
        narrow: bool,
        sets: Vec<String>,
        wheres: Vec<String>,
        not_null_guard: Vec<String>,
    },
    Delete {
        table: Name,
        has_where: bool,
        narrow: bool,
    },
    Insert {
        table: Name,
        reads: Vec<Name>,
    },
    Select {
        reads: Vec<Name>,
        locks_rows: bool,
        calls: Vec<String>,
        pages: Option<bool>,
        text_words: Vec<String>,
    },
    LockTable {
        tables: Vec<Name>,
        mode: String,
    },
    Vacuum {
        full: bool,
        tables: Vec<Name>,
    },
    Analyze {
        tables: Vec<Name>,
    },
    Cluster {
        table: Option<Name>,
    },
    Reindex {
        what: String,
        name: Option<Name>,
        concurrently: bool,
    },
    Refresh {
        name: Name,
        concurrently: bool,
        with_data: bool,
    },
    CreateView {
        name: Name,
        materialized: bool,
        or_replace: bool,
        temporary: bool,
        definition: String,
        reads: Vec<Name>,
        words: Vec<String>,
    },
    CreateEnum {
        name: Name,
        labels: Vec<String>,
    },
    CreateDomain {
        name: Name,
        base: String,
        constrained: bool,
    },
    CreateType {
        name: Name,
    },
    AddEnumValue {
        name: Name,
    },
    RenameEnumValue {
        name: Name,
    },
    AlterDomain {
        name: Name,
        validates: bool,
        /// A condition comes in, validated or not.
        adds: bool,
    },
    CreateSequence {
        name: Name,
        owned_by: Option<(Name, String)>,
        temporary: bool,
    },
    AlterSequence {
        name: Name,
        owned_by: Option<(Name, String)>,
    },
    Comment {
        kind: ObjectKind,
        name: Name,
        part: Option<String>,
        text: Option<String>,
    },
    CreateTrigger {
        name: String,
        table: Name,
        definition: String,
        references: Option<Name>,
    },
    CreatePolicy {
        name: String,
        table: Name,
        definition: String,
    },
    CreateRule {
        table: Name,
        name: String,
        definition: String,
    },
    CreateSchema,
    CreateFunction {
        name: Name,
        volatility: Volatility,
    },
    CreateExtension,
    CreateStatistics,
    /// `GRANT` and `REVOKE`; empty where it is about something else than tables.
    Grant(Box<Grant>),
    Do {
        body: String,
    },
    Copy {
        table: Option<Name>,
        from: bool,
    },
    /// Nothing of the catalog and no table's lock: SHOW, NOTIFY, CREATE ROLE and so on.
    Harmless,
    /// Not read: the words that it begins with.
    Other(String),
}
