//! A change of form, compiled: from the old form of a row to the new one and back, stage by stage.
//!
//! A column of a form may be a failure (what `up` cannot convert); it only counts for who reads it. Must never
//! look at triggers or the helper column: `compare` uses the same stages as an independent judge.
//! Tests: `conformance` in `segue-sim`.

use segue_model::reshape::{Assign, FormColumn, TableChange, Value as Given};

use super::evaluate::Columns;
use super::expression::Expression;
use super::failure::Failure;
use super::table::Table;
use super::value::Value;

/// A row in one form: its columns by that form's names.
pub(super) struct Form(pub(super) Vec<(String, Result<Value, Failure>)>);

impl Form {
    /// The value of a column of the form.
    pub(super) fn get(&self, name: &str) -> Result<Value, Failure> {
        let found = self.0.iter().find(|(column, _)| column == name);
        found.map_or_else(|| Err(Failure::object(format!("there is no column {name}"))), |(_, value)| value.clone())
    }

    /// Puts a value in the place of what was there.
    pub(super) fn set(&mut self, name: &str, value: Result<Value, Failure>) {
        if let Some(entry) = self.0.iter_mut().find(|(column, _)| column == name) {
            entry.1 = value;
        }
    }
}

struct FormRow<'a> {
    table: &'a str,
    form: &'a Form,
}

impl Columns for FormRow<'_> {
    fn column(&self, table: Option<&str>, name: &str) -> Result<Value, Failure> {
        if table.is_some_and(|table| table != self.table) {
            return Err(Failure::object("an expression names another table"));
        }
        self.form.get(name)
    }
}

enum Source {
    Column(String),
    Sql(Expression),
    Cast(String, String),
    Coalesce(String, Expression),
    Unless(String, Expression, Expression),
    Null,
}

type Step = Vec<(String, Source)>;

/// The stages of one table's change, ready to run.
pub(super) struct Stages {
    table: String,
    up: Vec<Step>,
    /// Last stage first.
    down: Vec<Step>,
}

impl Stages {
    /// Reads all expressions of a change.
    pub(super) fn compile(change: &TableChange) -> Result<Self, Failure> {
        let up = change.stages.iter().map(|stage| compile(&stage.up)).collect::<Result<_, _>>()?;
        let down = change.stages.iter().rev().map(|stage| compile(&stage.down)).collect::<Result<_, _>>()?;
        Ok(Self { table: change.table.name.clone(), up, down })
    }

    /// The new form of a row in the old one.
    pub(super) fn to_new(&self, old: Form) -> Form {
        self.run(&self.up, old)
    }

    /// The old form of a row in the new one.
    pub(super) fn to_old(&self, new: Form) -> Form {
        self.run(&self.down, new)
    }

    fn run(&self, steps: &[Step], mut form: Form) -> Form {
        for step in steps {
            let row = FormRow { table: &self.table, form: &form };
            form = Form(step.iter().map(|(column, source)| (column.clone(), source.value(&row))).collect());
        }
        form
    }

    /// The first failure that has nothing to do with a row's values: an expression that cannot be.
    pub(super) fn probe(&self, change: &TableChange) -> Result<(), Failure> {
        let nulls = |form: &[FormColumn]| Form(form.iter().map(|c| (c.name.clone(), Ok(Value::Null))).collect());
        for (form, given) in [(self.to_new(nulls(&change.old)), &change.new), (self.to_old(nulls(&change.new)), &change.old)] {
            for column in given {
                match form.get(&column.name) {
                    Err(failure) if failure.kind != crate::ErrorKind::Value => return Err(failure),
                    _ => {}
                }
            }
        }
        Ok(())
    }
}

fn compile(assigns: &[Assign]) -> Result<Step, Failure> {
    let one = |assign: &Assign| -> Result<(String, Source), Failure> {
        let source = match &assign.value {
            Given::Column(column) => Source::Column(column.clone()),
            Given::Sql(sql) => Source::Sql(Expression::read(sql)?),
            Given::Cast { column, to } => Source::Cast(column.clone(), to.clone()),
            Given::Coalesce { column, sql } => Source::Coalesce(column.clone(), Expression::read(sql)?),
            Given::Unless { column, condition, sql } => {
                Source::Unless(column.clone(), Expression::read(condition)?, Expression::read(sql)?)
            }
            Given::Null => Source::Null,
        };
        Ok((assign.column.clone(), source))
    };
    assigns.iter().map(one).collect()
}

impl Source {
    fn value(&self, row: &FormRow<'_>) -> Result<Value, Failure> {
        match self {
            Self::Column(column) => row.column(None, column),
            Self::Sql(sql) => sql.evaluate(row),
            Self::Cast(column, to) => row.column(None, column)?.assign(to),
            Self::Coalesce(column, sql) => match row.column(None, column)? {
                Value::Null => sql.evaluate(row),
                value => Ok(value),
            },
            Self::Unless(column, condition, sql) => {
                let holds = condition.evaluate(row)?;
                if holds.is_null() || holds.is_true() { row.column(None, column) } else { sql.evaluate(row) }
            }
            Self::Null => Ok(Value::Null),
        }
    }
}

/// A physical row in a form, as it is stored.
pub(super) fn stored(table: &Table, columns: &[FormColumn], row: &[Value]) -> Form {
    Form(columns.iter().map(|c| (c.name.clone(), table.at(&c.physical).map(|at| row[at].clone()))).collect())
}
