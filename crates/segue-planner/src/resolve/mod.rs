//! From wishes to table changes: the spec's changes folded in order over the observed catalog.
//!
//! Everything wrong is collected, each thing with a code; nothing is fetched and nothing executed. Tests:
//! `tests/it/resolve.rs`, `tests/it/property.rs`, and in each file here.

mod attach;
mod column;
mod created;
mod drop;
mod finish;
mod fold;
mod names;
mod reads;

use segue_model::catalog::{Table, TableKind};
use segue_model::change::Change;
use segue_model::finding::Finding;
use segue_model::ident::TableName;
use segue_model::reshape::{IndexBuild, NewTable, TableChange};
use segue_model::spec::Spec;

use crate::Observed;
use crate::say::refuse;
use fold::Fold;

pub(crate) use reads::plain_words;

/// An index that goes at `contract`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexDrop {
    /// Its table.
    pub table: TableName,
    /// Its name.
    pub index: String,
}

/// A spec resolved against a catalog: what [`crate::plan`] needs once the engine has surveyed `tables`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolved {
    /// Tables whose form or constraints change, in the order in which the spec first names them. The engine surveys
    /// each of them, in this order.
    pub tables: Vec<TableChange>,
    /// New tables in order.
    pub new_tables: Vec<NewTable>,
    /// Tables that go.
    pub dropped_tables: Vec<TableName>,
    /// Indexes that the user asks for, those of unique constraints included.
    pub indexes: Vec<IndexBuild>,
    /// Indexes that go.
    pub dropped_indexes: Vec<IndexDrop>,
    /// Everything that was found; the same list that [`resolve`] returns.
    pub findings: Vec<Finding>,
}

/// The tables that must be observed for this spec, as written (unresolved), each once, in the order written. Tables
/// that foreign keys refer to are among them.
pub fn touched(spec: &Spec) -> Vec<TableName> {
    let mut out: Vec<TableName> = Vec::new();
    let mut add = |written: &str| {
        if let Ok(name) = TableName::parse(written)
            && !out.contains(&name)
        {
            out.push(name);
        }
    };
    for change in spec.changes() {
        match change {
            Change::CreateTable(c) => {
                add(&c.table);
                c.columns.0.iter().filter_map(|(_, column)| column.references.as_ref()).for_each(|r| add(&r.table));
                c.foreign_keys.iter().for_each(|key| add(&key.references.table));
            }
            Change::DropTable(c) => add(&c.table),
            Change::AddColumn(c) => {
                add(&c.table);
                c.references.iter().for_each(|r| add(&r.table));
            }
            Change::DropColumn(c) => add(&c.table),
            Change::RenameColumn(c) => add(&c.table),
            Change::ChangeType(c) => add(&c.table),
            Change::SetNotNull(c) => add(&c.table),
            Change::AddCheck(c) => add(&c.table),
            Change::AddForeignKey(c) => {
                add(&c.table);
                add(&c.references.table);
            }
            Change::AddUnique(c) => add(&c.table),
            Change::CreateIndex(c) => add(&c.table),
            Change::DropIndex(_) => {}
        }
    }
    out
}

/// The indexes of `drop_index`, as written, whose table must be looked up.
pub fn touched_indexes(spec: &Spec) -> Vec<TableName> {
    let mut out = Vec::new();
    for change in spec.changes() {
        if let Change::DropIndex(c) = change
            && let Ok(name) = TableName::parse(&c.name)
            && !out.contains(&name)
        {
            out.push(name);
        }
    }
    out
}

/// Resolves a spec against what was observed. Findings of severity `critical` mean that no plan can be made; the
/// resolved part is then as far as it went.
pub fn resolve(spec: &Spec, observed: &Observed) -> (Resolved, Vec<Finding>) {
    let mut folding = Folding {
        observed,
        tag: spec.tag(),
        folds: Vec::new(),
        created: Vec::new(),
        created_indexes: Vec::new(),
        referred: Vec::new(),
        dropped: Vec::new(),
        index_drops: Vec::new(),
        findings: Vec::new(),
    };
    for (at, change) in spec.changes().iter().enumerate() {
        folding.apply(at, change);
    }
    let resolved = folding.finish();
    let findings = resolved.findings.clone();
    (resolved, findings)
}

/// How the observed engine reads identifiers.
fn dialect(observed: &Observed) -> reads::Dialect {
    if observed.folds_case() { reads::Dialect::Sqlite } else { reads::Dialect::Postgres }
}

/// All tables while the changes are folded.
struct Folding<'a> {
    observed: &'a Observed,
    tag: String,
    folds: Vec<Fold<'a>>,
    created: Vec<NewTable>,
    created_indexes: Vec<IndexBuild>,
    /// Columns that new tables refer to: whose reference, in which fold, which id.
    referred: Vec<(String, usize, usize)>,
    dropped: Vec<TableName>,
    index_drops: Vec<IndexDrop>,
    findings: Vec<Finding>,
}

/// Where a table of the spec is.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// In `folds`.
    Live(usize),
    /// In `created`.
    Created(usize),
}

impl<'a> Folding<'a> {
    fn apply(&mut self, at: usize, change: &Change) {
        match change {
            Change::CreateTable(c) => self.create_table(c),
            Change::DropTable(c) => self.drop_table(c),
            Change::DropIndex(c) => self.drop_index(c),
            Change::AddColumn(c) => match self.place(&c.table) {
                Some(Place::Live(fold)) => self.add_column(at, fold, c),
                Some(Place::Created(new)) => self.add_to_created(new, c),
                None => {}
            },
            Change::DropColumn(c) => {
                self.on_live(&c.table, |folding, fold| folding.drop_column(at, fold, c));
            }
            Change::RenameColumn(c) => self.on_live(&c.table, |folding, fold| folding.rename_column(at, fold, c)),
            Change::ChangeType(c) => self.on_live(&c.table, |folding, fold| folding.change_type(at, fold, c)),
            Change::SetNotNull(c) => self.on_live(&c.table, |folding, fold| folding.set_not_null(at, fold, c)),
            Change::AddCheck(c) => match self.place(&c.table) {
                Some(Place::Live(fold)) => self.add_check(at, fold, c),
                Some(Place::Created(new)) => self.check_created(new, c),
                None => {}
            },
            Change::AddForeignKey(c) => match self.place(&c.table) {
                Some(Place::Live(fold)) => self.add_foreign_key(fold, c),
                Some(Place::Created(new)) => self.key_created(new, c),
                None => {}
            },
            Change::AddUnique(c) => match self.place(&c.table) {
                Some(Place::Live(fold)) => self.add_unique(fold, c),
                Some(Place::Created(new)) => self.unique_created(new, c),
                None => {}
            },
            Change::CreateIndex(c) => match self.place(&c.table) {
                Some(Place::Live(fold)) => self.create_index(fold, c),
                Some(Place::Created(new)) => self.index_created(new, c),
                None => {}
            },
        }
    }

    /// A change that only a table which is there can have.
    fn on_live(&mut self, table: &str, change: impl FnOnce(&mut Self, usize)) {
        match self.place(table) {
            Some(Place::Live(fold)) => change(self, fold),
            Some(Place::Created(new)) => {
                let object = format!("table {}", self.created[new].table);
                let message = "the same spec creates this table and then changes its columns".to_owned();
                self.findings.push(refuse(16, object, message, "Write the table in `create_table` as it shall be."));
            }
            None => {}
        }
    }

    /// The catalog's table of that name.
    fn live_table(&self, name: &TableName) -> Option<&'a Table> {
        let observed = self.observed;
        let tables = &observed.catalog.tables;
        tables.iter().find(|table| observed.same_name(&table.name.name, &name.name) && table.name.schema == name.schema)
    }

    /// Where the table is; a finding where it is not.
    fn place(&mut self, written: &str) -> Option<Place> {
        let name = self.observed.table_name(written);
        let same = |other: &TableName| other.schema == name.schema && self.observed.same_name(&other.name, &name.name);
        if self.dropped.iter().any(same) {
            let fix = "Leave out `drop_table`, or this change.";
            self.findings.push(refuse(17, format!("table {name}"), "the same spec drops this table before this change", fix));
            return None;
        }
        if let Some(at) = self.created.iter().position(|table| same(&table.table)) {
            return Some(Place::Created(at));
        }
        if let Some(at) = self.folds.iter().position(|fold| same(&fold.table.name)) {
            return Some(Place::Live(at));
        }
        let Some(table) = self.live_table(&name) else {
            let known = self.observed.catalog.tables.iter().map(|table| table.name.name.as_str());
            let near = names::did_you_mean(&name.name, known);
            let fix = if near.is_empty() { "Check the name, its schema and the database that the spec is for.".to_owned() } else { near };
            self.findings.push(refuse(1, format!("table {name}"), "there is no such table", fix));
            return None;
        };
        self.refuse_unfit(table);
        self.folds.push(Fold::new(table, self.observed));
        Some(Place::Live(self.folds.len() - 1))
    }

    /// Tables that Segue cannot change at all.
    fn refuse_unfit(&mut self, table: &Table) {
        let object = format!("table {}", table.name);
        if table.kind == TableKind::Foreign {
            let message = "it is a foreign or virtual table: its rows are elsewhere";
            self.findings.push(refuse(18, object.clone(), message, "Change the table where its rows are."));
        }
        if let Some(helper) = table.columns.iter().find(|column| column.name.starts_with("segue_side_")) {
            let run = &helper.name["segue_side_".len()..];
            let message = format!("it is in transition by the run `{run}`: its catalog holds that run's helper columns");
            let fix = "End that run first: `segue status`, then `segue resume` or `segue abort`.";
            self.findings.push(refuse(21, object, message, fix));
        }
    }

    /// The position of a column in a table's form; a finding where it is not there.
    fn column(&mut self, fold: usize, name: &str) -> Option<usize> {
        let table = &self.folds[fold];
        let found = table.position(name, self.observed);
        if found.is_none() {
            let near = names::did_you_mean(name, table.form.iter().map(|col| col.name.as_str()));
            let fix = if near.is_empty() { "Check the name; changes are applied in the order written.".to_owned() } else { near };
            let object = format!("column `{name}` of {}", table.table.name);
            self.findings.push(refuse(2, object, "the table has no such column at this place in the spec", fix));
        }
        found
    }

    /// Several columns by their ids; `None` with findings where one is not there or is named twice.
    fn column_ids(&mut self, fold: usize, columns: &[String]) -> Option<Vec<usize>> {
        let found: Vec<Option<usize>> = columns.iter().map(|name| self.column(fold, name)).collect();
        let ids: Vec<usize> = found.into_iter().map(|at| at.map(|at| self.folds[fold].form[at].id)).collect::<Option<_>>()?;
        let object = format!("table {}", self.folds[fold].table.name);
        if ids.is_empty() {
            self.findings.push(refuse(15, object, "a list of columns is empty", "Name at least one column."));
            return None;
        }
        if (1..ids.len()).any(|at| ids[..at].contains(&ids[at])) {
            self.findings.push(refuse(15, object, "a list of columns names one column twice", "Name each column once."));
            return None;
        }
        Some(ids)
    }

    /// A new name that the engine would cut or that it keeps for itself.
    fn refuse_name(&mut self, object: &str, name: &str) -> bool {
        let reserved = ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"];
        let problem = if name.is_empty() || name.contains('\0') {
            "the name is empty or holds a NUL character".to_owned()
        } else if name.len() > self.observed.longest_name() {
            format!("the name has {} bytes; the server would cut it at {}", name.len(), self.observed.longest_name())
        } else if name.starts_with("segue_side_") || (!self.observed.folds_case() && reserved.contains(&name)) {
            format!("the name `{name}` is reserved")
        } else {
            return false;
        };
        self.findings.push(refuse(6, object, problem, "Choose another name."));
        true
    }
}
