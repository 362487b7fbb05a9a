//! What the memory engine stores: tables of rows in key order, their constraints, and the control table.
//!
//! Plain data that is cloned whole for each transaction, so that a crash in the middle leaves nothing behind.
//! Must never: hold a clock or a random number. Tests: `conformance` and `simulation` in `segue-sim`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::change::ReferenceAction;
use segue_model::ident::TableName;
use segue_model::reshape::TableChange;

use super::evaluate::Columns;
use super::expression::Expression;
use super::failure::Failure;
use super::value::Value;

/// Everything that the database holds.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Database {
    pub(super) tables: BTreeMap<TableName, Table>,
    pub(super) control: Option<Control>,
}

/// Segue's control table and its rejected rows.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Control {
    pub(super) active: Option<Active>,
    pub(super) applied: Vec<(String, String, String)>,
    pub(super) rejected: BTreeMap<(TableName, Vec<Value>), String>,
    /// Tables that the active run has contracted.
    pub(super) contracted: BTreeSet<TableName>,
}

/// The run that holds the database.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Active {
    pub(super) run: String,
    pub(super) tag: String,
    pub(super) epoch: u64,
}

/// A table.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    /// Rows by their primary key; by a hidden number where there is none.
    pub(super) rows: BTreeMap<Vec<Value>, Vec<Value>>,
    pub(super) next_hidden: i64,
    pub(super) indexes: BTreeMap<String, Index>,
    pub(super) constraints: BTreeMap<String, Constraint>,
    pub(super) comment: Option<String>,
    pub(super) journey: Option<Journey>,
    /// Made by the run of this tag.
    pub(super) made_by: Option<String>,
}

/// A table's state between `expand` and `contract`.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Journey {
    pub(super) change: TableChange,
    pub(super) strict: bool,
    /// The triggers are there. Only a planted fault takes them away.
    pub(super) synced: bool,
}

/// A physical column.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) data_type: String,
    pub(super) nullable: bool,
    pub(super) default: Option<String>,
    pub(super) identity: Option<String>,
    pub(super) comment: Option<String>,
    /// The next number of an identity column.
    pub(super) next: i64,
}

/// An index.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Index {
    pub(super) parts: Vec<Expression>,
    pub(super) predicate: Option<Expression>,
    pub(super) unique: bool,
    pub(super) valid: bool,
    pub(super) constraint: Option<String>,
}

/// A constraint.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Constraint {
    pub(super) rule: Rule,
    pub(super) validated: bool,
}

/// What a constraint demands.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Rule {
    Primary(Vec<String>),
    Unique(Vec<String>),
    Check(Expression),
    NotNull(String),
    Foreign(Foreign),
}

/// A foreign key.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Foreign {
    pub(super) columns: Vec<String>,
    pub(super) target: TableName,
    pub(super) target_columns: Vec<String>,
    pub(super) on_delete: Option<ReferenceAction>,
    pub(super) on_update: Option<ReferenceAction>,
    pub(super) deferrable: bool,
}

/// The name of the helper column of a run.
pub(super) fn side_column(tag: &str) -> String {
    format!("segue_side_{tag}")
}

/// One row by the physical names of its table.
pub(super) struct PhysicalRow<'a> {
    pub(super) name: &'a str,
    pub(super) table: &'a Table,
    pub(super) row: &'a [Value],
}

impl Columns for PhysicalRow<'_> {
    fn column(&self, table: Option<&str>, name: &str) -> Result<Value, Failure> {
        if table.is_some_and(|table| table != self.name) {
            return Err(Failure::object("an expression names another table"));
        }
        self.table.at(name).map(|at| self.row[at].clone())
    }
}

impl Database {
    pub(super) fn table(&self, name: &TableName) -> Result<&Table, Failure> {
        self.tables.get(name).ok_or_else(|| Failure::object(format!("there is no table {name}")))
    }

    pub(super) fn table_mut(&mut self, name: &TableName) -> Result<&mut Table, Failure> {
        self.tables.get_mut(name).ok_or_else(|| Failure::object(format!("there is no table {name}")))
    }
}

impl Table {
    /// Where a column stands in a row.
    pub(super) fn at(&self, name: &str) -> Result<usize, Failure> {
        self.columns.iter().position(|column| column.name == name).ok_or_else(|| Failure::object(format!("there is no column {name}")))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name == name)
    }

    /// The columns of the primary key.
    pub(super) fn primary(&self) -> Vec<String> {
        self.constraints
            .values()
            .find_map(|constraint| match &constraint.rule {
                Rule::Primary(columns) => Some(columns.clone()),
                _ => None,
            })
            .unwrap_or_default()
    }

    /// The key under which a row is stored; a new hidden number where the table has no primary key.
    pub(super) fn storage_key(&mut self, row: &[Value]) -> Result<Vec<Value>, Failure> {
        let primary = self.primary();
        if primary.is_empty() {
            self.next_hidden += 1;
            return Ok(vec![Value::Int(self.next_hidden)]);
        }
        self.values(row, &primary)
    }

    /// Some columns of a row.
    pub(super) fn values(&self, row: &[Value], columns: &[String]) -> Result<Vec<Value>, Failure> {
        columns.iter().map(|name| self.at(name).map(|at| row[at].clone())).collect()
    }

    /// Adds a column at the end, with one value in every row.
    pub(super) fn add_column(&mut self, column: Column, value: Value) -> Result<(), Failure> {
        if self.has(&column.name) {
            return Err(Failure::object(format!("there is a column {} already", column.name)));
        }
        self.columns.push(column);
        self.rows.values_mut().for_each(|row| row.push(value.clone()));
        Ok(())
    }

    /// Takes a column away, with the indexes and constraints that stand on it.
    pub(super) fn drop_column(&mut self, name: &str) {
        let Ok(at) = self.at(name) else { return };
        self.columns.remove(at);
        self.rows.values_mut().for_each(|row| {
            row.remove(at);
        });
        self.indexes.retain(|_, index| !index.reads(name));
        self.constraints.retain(|_, constraint| !constraint.rule.reads(name));
    }

    /// Gives a column another name, in all that stands on it.
    pub(super) fn rename_column(&mut self, from: &str, to: &str) -> Result<(), Failure> {
        if from == to {
            return Ok(());
        }
        if self.has(to) {
            return Err(Failure::object(format!("there is a column {to} already")));
        }
        let at = self.at(from)?;
        to.clone_into(&mut self.columns[at].name);
        let rename = |name: &str| if name == from { to.to_owned() } else { name.to_owned() };
        for index in self.indexes.values_mut() {
            index.parts = index.parts.iter().map(|part| part.renamed(&rename)).collect();
            index.predicate = index.predicate.as_ref().map(|predicate| predicate.renamed(&rename));
        }
        for constraint in self.constraints.values_mut() {
            constraint.rule = constraint.rule.renamed(&rename);
        }
        Ok(())
    }

    /// The values of an index for one row; nothing where its predicate does not hold or a part is NULL.
    pub(super) fn index_key(&self, name: &str, index: &Index, row: &[Value]) -> Result<Option<Vec<Value>>, Failure> {
        let row = PhysicalRow { name, table: self, row };
        if let Some(predicate) = &index.predicate
            && !predicate.evaluate(&row)?.is_true()
        {
            return Ok(None);
        }
        let values = index.parts.iter().map(|part| part.evaluate(&row)).collect::<Result<Vec<_>, _>>()?;
        Ok(if values.iter().any(Value::is_null) { None } else { Some(values) })
    }
}

impl Index {
    /// A plain index over columns.
    pub(super) fn over(columns: &[String], unique: bool) -> Self {
        let parts = columns.iter().map(|name| Expression::Column(None, name.clone())).collect();
        Self { parts, predicate: None, unique, valid: true, constraint: None }
    }

    /// Whether the index reads a column.
    pub(super) fn reads(&self, column: &str) -> bool {
        let mut found = false;
        self.parts.iter().chain(&self.predicate).for_each(|part| part.columns(&mut |name| found |= name == column));
        found
    }
}

impl Rule {
    /// The columns of its own table that it is about.
    pub(super) fn columns(&self) -> Vec<String> {
        match self {
            Self::Primary(columns) | Self::Unique(columns) => columns.clone(),
            Self::Foreign(foreign) => foreign.columns.clone(),
            Self::NotNull(column) => vec![column.clone()],
            Self::Check(check) => {
                let mut columns = Vec::new();
                check.columns(&mut |name| {
                    if !columns.iter().any(|known| known == name) {
                        columns.push(name.to_owned());
                    }
                });
                columns
            }
        }
    }

    /// Whether it is about a column.
    pub(super) fn reads(&self, column: &str) -> bool {
        self.columns().iter().any(|name| name == column)
    }

    /// The same rule over columns under other names.
    pub(super) fn renamed(&self, to: &impl Fn(&str) -> String) -> Self {
        let all = |columns: &[String]| columns.iter().map(|name| to(name)).collect::<Vec<_>>();
        match self {
            Self::Primary(columns) => Self::Primary(all(columns)),
            Self::Unique(columns) => Self::Unique(all(columns)),
            Self::NotNull(column) => Self::NotNull(to(column)),
            Self::Check(check) => Self::Check(check.renamed(to)),
            Self::Foreign(foreign) => Self::Foreign(Foreign { columns: all(&foreign.columns), ..foreign.clone() }),
        }
    }
}
