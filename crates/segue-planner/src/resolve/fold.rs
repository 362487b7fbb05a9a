//! One live table while the spec's changes are folded over it: its form now, the stages so far, and what became of
//! each column.
//!
//! A column keeps its identity (`id`) through renames; where it physically stands is decided only when all changes
//! are known (`finish.rs`). Expressions are kept as the user wrote them. Tests: `tests/it/resolve.rs`.

use segue_model::catalog::{Column, Table};
use segue_model::change::{CreateIndex, ReferenceAction};
use segue_model::ident::TableName;
use segue_model::reshape::{Assign, Stage, Value};

use crate::Observed;

/// A column of the form as it is after the changes so far.
#[derive(Debug, Clone)]
pub(super) struct Col {
    pub(super) id: usize,
    pub(super) name: String,
    pub(super) data_type: String,
    pub(super) nullable: bool,
    pub(super) default: Option<String>,
    pub(super) generated: bool,
    pub(super) comment: Option<String>,
}

/// What became of a column, by its id.
#[derive(Debug, Clone, Default)]
pub(super) struct Track {
    /// The catalog's column that it was; `None` for one that the spec adds.
    pub(super) original: Option<String>,
    /// Its values differ between the two forms.
    pub(super) converted: bool,
    /// It goes.
    pub(super) dropped: bool,
    /// Added, and rows that are there need a value.
    pub(super) fills_rows: bool,
}

/// A constraint or index wished for, on columns by id: their physical names are not known yet.
#[derive(Debug, Clone)]
pub(super) enum Wish {
    /// A check, with the names that it may read as of its place in the spec.
    Check { name: String, check: String, reads: Vec<(String, usize)> },
    /// NOT NULL of a column that both sides may share.
    NotNull { id: usize },
    /// A unique constraint.
    Unique { name: String, ids: Vec<usize> },
    /// A foreign key.
    ForeignKey { name: String, ids: Vec<usize>, target: Target, rules: KeyRules },
    /// An index, with the names that it may read as of its place in the spec.
    Index { define: CreateIndex, reads: Vec<(String, usize)> },
}

/// What happens at the other end of a foreign key.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct KeyRules {
    pub(super) on_delete: Option<ReferenceAction>,
    pub(super) on_update: Option<ReferenceAction>,
    pub(super) deferrable: bool,
}

/// What a foreign key refers to.
#[derive(Debug, Clone)]
pub(super) enum Target {
    /// Columns of a live table, by id.
    Live { fold: usize, ids: Vec<usize> },
    /// Columns of a table that the spec creates.
    Created { table: TableName, columns: Vec<String> },
}

/// One live table in the folding.
#[derive(Debug)]
pub(super) struct Fold<'a> {
    pub(super) table: &'a Table,
    pub(super) form: Vec<Col>,
    pub(super) tracks: Vec<Track>,
    pub(super) stages: Vec<Stage>,
    /// The column names of every form, the first being the catalog's: one more than there are stages.
    pub(super) forms: Vec<Vec<String>>,
    pub(super) wishes: Vec<Wish>,
    /// The walk key's physical columns, where there is one.
    pub(super) key: Option<Vec<String>>,
}

impl<'a> Fold<'a> {
    pub(super) fn new(table: &'a Table, observed: &Observed) -> Self {
        let form: Vec<Col> = table.columns.iter().enumerate().map(|(id, column)| live_column(id, column)).collect();
        let tracks = table.columns.iter().map(|column| Track { original: Some(column.name.clone()), ..Track::default() }).collect();
        let names = form.iter().map(|col| col.name.clone()).collect();
        Self { table, form, tracks, stages: Vec::new(), forms: vec![names], wishes: Vec::new(), key: walk_key(table, observed) }
    }

    /// Where the column of that name stands in the form.
    pub(super) fn position(&self, name: &str, observed: &Observed) -> Option<usize> {
        let exact = self.form.iter().position(|col| col.name == name);
        exact.or_else(|| self.form.iter().position(|col| observed.same_name(&col.name, name)))
    }

    /// The catalog's column that the column of that id was.
    pub(super) fn original(&self, id: usize) -> Option<&'a Column> {
        self.table.column(self.tracks[id].original.as_deref()?)
    }

    /// A new id for an added column.
    pub(super) fn add_track(&mut self) -> usize {
        self.tracks.push(Track::default());
        self.tracks.len() - 1
    }

    /// The form's columns as they are, each by its own name.
    pub(super) fn unchanged(&self) -> Vec<Assign> {
        self.form.iter().map(|col| assign(&col.name, Value::Column(col.name.clone()))).collect()
    }

    /// Ends a change: the form has been brought up to date, and these are its stage's two lists.
    pub(super) fn push_stage(&mut self, change: usize, up: Vec<Assign>, down: Vec<Assign>) {
        self.forms.push(self.form.iter().map(|col| col.name.clone()).collect());
        self.stages.push(Stage { change, up, down });
    }

    /// Names of the current form that an expression may read, with their ids.
    pub(super) fn reads(&self, sql: &str, observed: &Observed) -> Vec<(String, usize)> {
        let names: Vec<String> = self.form.iter().map(|col| col.name.clone()).collect();
        let read = super::reads::columns_read(sql, &self.table.name.name, &names, super::dialect(observed));
        self.form.iter().filter(|col| read.contains(&col.name.as_str())).map(|col| (col.name.clone(), col.id)).collect()
    }

    /// The column of that id was changed by more than its name.
    pub(super) fn mark_converted(&mut self, id: usize) {
        if self.tracks[id].original.is_some() {
            self.tracks[id].converted = true;
        }
    }
}

/// A column and where its value comes from.
pub(super) fn assign(column: &str, value: Value) -> Assign {
    Assign { column: column.to_owned(), value }
}

fn live_column(id: usize, column: &Column) -> Col {
    let identity = matches!(column.identity.as_deref(), Some("always" | "by default" | "rowid"));
    Col {
        id,
        name: column.name.clone(),
        data_type: column.data_type.clone(),
        nullable: column.nullable,
        default: column.default.clone(),
        generated: column.generated.is_some() || identity,
        // Comments of the catalog stay where they are: only the spec's own are told here.
        comment: None,
    }
}

/// The columns by which rows are walked. A SQLite table with a rowid always has that; it serves where there is no
/// key, and where the key's columns may hold NULL, which SQLite lets a primary key do.
fn walk_key(table: &Table, observed: &Observed) -> Option<Vec<String>> {
    let key = table.walk_key().filter(|key| key.iter().all(|name| table.column(name).is_some()));
    if !observed.folds_case() || table.options.iter().any(|option| option == "without_rowid") {
        return key;
    }
    let sound = |name: &String| table.column(name).is_some_and(|c| !c.nullable || c.identity.as_deref() == Some("rowid"));
    if let Some(key) = key.filter(|key| key.iter().all(sound)) {
        return Some(key);
    }
    let free = |name: &&str| !table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    ["rowid", "_rowid_", "oid"].into_iter().find(free).map(|name| vec![name.to_owned()])
}
