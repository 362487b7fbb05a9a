//! The end of the folding: where each column physically stands, what is derived from what, and the pieces made of it.
//!
//! Tests: `tests/it/resolve.rs` and `tests/it/property.rs`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::ident::TableName;
use segue_model::reshape::{Assign, ConstraintAdd, ConstraintWhat, Derived, FormColumn, IndexBuild, IndexSource, Role, TableChange, Value};

use super::fold::{Col, Fold, KeyRules, Target, Wish};
use super::names::Physical;
use super::{Folding, Resolved, dialect, reads};
use crate::Observed;
use crate::say::refuse;

/// Where a column of the new form stands, by its id.
#[derive(Debug, Clone)]
enum Stand {
    /// On a column that both forms share.
    Shared(String),
    /// On the original; `twin` serves clients of the base table that use the new name.
    Renamed { original: String, twin: String },
    /// On a twin whose values differ.
    Converted { original: String, twin: String },
    /// On a column of its own.
    Added(String),
}

impl Stand {
    fn physical(&self) -> &str {
        match self {
            Self::Shared(name) | Self::Added(name) | Self::Renamed { original: name, .. } | Self::Converted { twin: name, .. } => name,
        }
    }
}

type Stands = BTreeMap<usize, Stand>;

impl Folding<'_> {
    pub(super) fn finish(mut self) -> Resolved {
        self.refuse_orphans();
        let stands: Vec<Stands> = self.folds.iter().map(|fold| stand(fold, &self.tag, self.observed)).collect();
        for (object, fold, id) in std::mem::take(&mut self.referred) {
            if matches!(stands[fold].get(&id), None | Some(Stand::Converted { .. })) {
                let message = "it refers to a column that the same spec drops or converts";
                self.findings.push(refuse(13, object, message, "Leave it out, or do the two in two specs."));
            }
        }
        let mut indexes = Vec::new();
        let mut tables = Vec::new();
        for at in 0..self.folds.len() {
            let constraints = self.constraints(at, &stands, &mut indexes);
            let change = table_change(&self.folds[at], &stands[at], &self.tag, self.observed, constraints);
            if change.key.is_empty() && !(change.up.is_empty() && change.down.is_empty()) {
                let message = "it has no primary key and no full unique index over not-null columns: its rows cannot be walked";
                let fix = "Add a primary key, or a unique index over not-null columns, in a spec of its own first.";
                self.findings.push(refuse(7, format!("table {}", change.table), message, fix));
            }
            if !is_nothing(&change) {
                tables.push(change);
            }
        }
        indexes.append(&mut self.created_indexes);
        self.refuse_doubled_indexes(&indexes);
        let empty =
            tables.is_empty() && self.created.is_empty() && self.dropped.is_empty() && indexes.is_empty() && self.index_drops.is_empty();
        if empty && self.findings.is_empty() {
            let fix = "Name at least one change that changes something.";
            self.findings.push(refuse(29, "schema.changes", "together, the changes leave everything as it is", fix));
        }
        Resolved {
            tables,
            new_tables: self.created,
            dropped_tables: self.dropped,
            indexes,
            dropped_indexes: self.index_drops,
            findings: self.findings,
        }
    }

    /// An index's name is one of its schema's, not of its table's.
    fn refuse_doubled_indexes(&mut self, indexes: &[IndexBuild]) {
        for (at, index) in indexes.iter().enumerate() {
            let doubled = indexes[..at].iter().any(|other| other.name == index.name && other.table.schema == index.table.schema);
            if doubled {
                let object = format!("index `{}` on {}", index.name, index.table);
                self.findings.push(refuse(5, object, "the spec gives this name to two indexes of one schema", "Choose another name."));
            }
        }
    }

    /// A table's wishes on physical columns; indexes among them go to `indexes`.
    fn constraints(&mut self, at: usize, stands: &[Stands], indexes: &mut Vec<IndexBuild>) -> Vec<ConstraintAdd> {
        let wishes = std::mem::take(&mut self.folds[at].wishes);
        let (table, tag) = (self.folds[at].table.name.clone(), self.tag.clone());
        let mut out = Vec::new();
        for wish in wishes {
            let whole = wish.clone();
            let build = |name: &str, source: IndexSource, unique: bool| IndexBuild {
                table: table.clone(),
                tag: tag.clone(),
                name: name.to_owned(),
                source,
                unique,
            };
            let (name, what) = match wish {
                Wish::NotNull { id } => match stands[at].get(&id) {
                    Some(Stand::Shared(column) | Stand::Renamed { original: column, .. }) => {
                        let name = super::names::constraint(&table.name, column, &format!("not_null_{}", self.tag));
                        (name, Some(ConstraintWhat::NotNull { column: column.clone() }))
                    }
                    // The new form says it, and `shift` enforces it; or the column goes.
                    Some(Stand::Converted { .. } | Stand::Added(_)) | None => continue,
                },
                Wish::Check { name, check, reads } => {
                    let what = pairs(&reads, &stands[at]).map(|physical| ConstraintWhat::Check { check, physical });
                    (name, what)
                }
                Wish::Unique { name, ids } => {
                    let columns = physical(&ids, &stands[at]);
                    if let Some(columns) = &columns {
                        indexes.push(build(&name, IndexSource::Unique(columns.clone()), true));
                    }
                    let index = name.clone();
                    (name, columns.map(|columns| ConstraintWhat::Unique { columns, index }))
                }
                Wish::ForeignKey { name, ids, target, rules } => {
                    let what = physical(&ids, &stands[at]).and_then(|columns| self.foreign_key(columns, target, rules, stands));
                    (name, what)
                }
                Wish::Index { mut define, reads } => {
                    define.table = table.to_string();
                    let name = define.name.clone();
                    match pairs(&reads, &stands[at]) {
                        Some(physical) => {
                            self.say_who_is_bound(at, &name, &whole);
                            let unique = define.unique;
                            indexes.push(build(&name, IndexSource::Define { define, physical }, unique));
                            continue;
                        }
                        None => (name, None),
                    }
                }
            };
            match what {
                Some(what) => {
                    self.say_who_is_bound(at, &name, &whole);
                    out.push(ConstraintAdd { table: table.clone(), tag: self.tag.clone(), name, what });
                }
                None => self.refuse_gone(&table, &name),
            }
        }
        out
    }

    fn refuse_gone(&mut self, table: &TableName, name: &str) {
        let object = format!("`{name}` on {table}");
        let message = "it stands on a column that the same spec drops, or refers to one that it converts";
        self.findings.push(refuse(13, object, message, "Leave it out, or do the two in two specs."));
    }

    /// A foreign key's definition; `None` where a column at its other end does not stay what it is.
    fn foreign_key(&self, columns: Vec<String>, target: Target, rules: KeyRules, stands: &[Stands]) -> Option<ConstraintWhat> {
        let (target, target_columns) = match target {
            Target::Created { table, columns } => (table, columns),
            Target::Live { fold, ids } => {
                if ids.iter().any(|id| matches!(stands[fold].get(id), Some(Stand::Converted { .. }))) {
                    return None;
                }
                (self.folds[fold].table.name.clone(), physical(&ids, &stands[fold])?)
            }
        };
        let KeyRules { on_delete, on_update, deferrable } = rules;
        Some(ConstraintWhat::ForeignKey { columns, target, target_columns, on_delete, on_update, deferrable })
    }
}

/// Decides where each column of the new form stands. Added columns choose first: they must have their own names.
fn stand(fold: &Fold<'_>, tag: &str, observed: &Observed) -> Stands {
    let there = fold.table.columns.iter().map(|column| column.name.as_str());
    let mut names = Physical::new(there, tag, observed.folds_case());
    let mut out = Stands::new();
    for col in fold.form.iter().filter(|col| fold.tracks[col.id].original.is_none()) {
        out.insert(col.id, Stand::Added(names.twin(Some(&col.name), &col.name)));
    }
    for col in &fold.form {
        let track = &fold.tracks[col.id];
        let Some(original) = track.original.clone() else { continue };
        let wished = (original != col.name).then_some(col.name.as_str());
        let place = if track.converted {
            Stand::Converted { twin: names.twin(wished, &col.name), original }
        } else if wished.is_some() {
            Stand::Renamed { twin: names.twin(wished, &col.name), original }
        } else {
            Stand::Shared(original)
        };
        out.insert(col.id, place);
    }
    out
}

fn physical(ids: &[usize], stands: &Stands) -> Option<Vec<String>> {
    ids.iter().map(|id| stands.get(id).map(|stand| stand.physical().to_owned())).collect()
}

/// `(name, physical)` of those that differ; `None` where a column goes.
fn pairs(reads: &[(String, usize)], stands: &Stands) -> Option<Vec<(String, String)>> {
    let all: Vec<(String, String)> =
        reads.iter().map(|(name, id)| Some((name.clone(), stands.get(id)?.physical().to_owned()))).collect::<Option<_>>()?;
    Some(all.into_iter().filter(|(name, physical)| name != physical).collect())
}

fn table_change(fold: &Fold<'_>, stands: &Stands, tag: &str, observed: &Observed, constraints: Vec<ConstraintAdd>) -> TableChange {
    let dialect = dialect(observed);
    let (up, down) = (derived_up(fold, stands, dialect), derived_down(fold, stands, dialect));
    let old: Vec<FormColumn> = Fold::new(fold.table, observed).form.iter().map(|col| form_column(col, &col.name)).collect();
    let new: Vec<FormColumn> = fold.form.iter().map(|col| form_column(col, stands[&col.id].physical())).collect();
    let backfill = fold.form.iter().any(|col| match stands[&col.id] {
        Stand::Renamed { .. } | Stand::Converted { .. } => true,
        Stand::Added(_) => fold.tracks[col.id].fills_rows,
        Stand::Shared(_) => false,
    });
    // A column that was added and dropped again leaves stages behind that change nothing.
    let stages = if up.is_empty() && down.is_empty() && old == new { Vec::new() } else { fold.stages.clone() };
    TableChange {
        table: fold.table.name.clone(),
        tag: tag.to_owned(),
        old,
        new,
        stages,
        up,
        down,
        key: fold.key.clone().unwrap_or_default(),
        backfill,
        constraints,
        carries: Vec::new(),
    }
}

fn is_nothing(change: &TableChange) -> bool {
    change.up.is_empty() && change.down.is_empty() && change.constraints.is_empty() && change.old == change.new
}

fn form_column(col: &Col, physical: &str) -> FormColumn {
    FormColumn {
        name: col.name.clone(),
        physical: physical.to_owned(),
        data_type: col.data_type.clone(),
        nullable: col.nullable,
        default: col.default.clone(),
        generated: col.generated,
        comment: col.comment.clone(),
    }
}

/// The new physical columns, in the order of the new form.
fn derived_up(fold: &Fold<'_>, stands: &Stands, dialect: reads::Dialect) -> Vec<Derived> {
    let mut out = Vec::new();
    for col in &fold.form {
        let (physical, role) = match &stands[&col.id] {
            Stand::Shared(_) => continue,
            Stand::Added(physical) => (physical, Role::Added),
            Stand::Renamed { original, twin } => (twin, Role::Renamed { original: original.clone(), name: col.name.clone() }),
            Stand::Converted { original, twin } => (twin, Role::Converted { original: original.clone(), name: col.name.clone() }),
        };
        // Names of the catalog's form are physical names.
        let reads = read_up(fold, &col.name, dialect).into_iter().collect();
        out.push(Derived { column: col.name.clone(), physical: physical.clone(), reads, role });
    }
    out
}

/// The old physical columns that a new-form row must fill, in the catalog's order.
fn derived_down(fold: &Fold<'_>, stands: &Stands, dialect: reads::Dialect) -> Vec<Derived> {
    let mut out = Vec::new();
    for (id, column) in fold.table.columns.iter().enumerate() {
        let role = match stands.get(&id) {
            Some(Stand::Shared(_)) => continue,
            Some(_) => Role::Replaced,
            None => Role::Dropped,
        };
        let mut reads = BTreeSet::new();
        for name in read_down(fold, &column.name, dialect) {
            let Some(col) = fold.form.iter().find(|col| col.name == name) else { continue };
            match &stands[&col.id] {
                // Clients of the base table write the twin, those of the new view the original.
                Stand::Renamed { original, twin } => reads.extend([original.clone(), twin.clone()]),
                other => reads.extend([other.physical().to_owned()]),
            }
        }
        reads.remove(&column.name);
        out.push(Derived { column: column.name.clone(), physical: column.name.clone(), reads: reads.into_iter().collect(), role });
    }
    out
}

/// Columns of the catalog's form that a column of the new form is computed from, through all stages.
fn read_up(fold: &Fold<'_>, column: &str, dialect: reads::Dialect) -> BTreeSet<String> {
    let mut names = BTreeSet::from([column.to_owned()]);
    for (at, stage) in fold.stages.iter().enumerate().rev() {
        names = through(&stage.up, &names, &fold.table.name.name, &fold.forms[at], dialect);
    }
    names
}

/// Columns of the new form that a column of the catalog's form is computed from, through all stages.
fn read_down(fold: &Fold<'_>, column: &str, dialect: reads::Dialect) -> BTreeSet<String> {
    let mut names = BTreeSet::from([column.to_owned()]);
    for (at, stage) in fold.stages.iter().enumerate() {
        names = through(&stage.down, &names, &fold.table.name.name, &fold.forms[at + 1], dialect);
    }
    names
}

/// One stage's step back: from columns that it gives to the columns that those are computed from.
fn through(assigns: &[Assign], names: &BTreeSet<String>, table: &str, from: &[String], dialect: reads::Dialect) -> BTreeSet<String> {
    let sql = |sql: &str| reads::columns_read(sql, table, from, dialect).into_iter().map(str::to_owned).collect::<Vec<_>>();
    let mut out = BTreeSet::new();
    for assign in assigns.iter().filter(|assign| names.contains(&assign.column)) {
        match &assign.value {
            Value::Column(column) | Value::Cast { column, .. } => {
                out.insert(column.clone());
            }
            Value::Sql(text) => out.extend(sql(text)),
            Value::Coalesce { column, sql: text } => {
                out.insert(column.clone());
                out.extend(sql(text));
            }
            Value::Unless { column, condition, sql: text } => {
                out.insert(column.clone());
                out.extend(sql(condition));
                out.extend(sql(text));
            }
            Value::Null => {}
        }
    }
    out
}
