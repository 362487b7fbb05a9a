//! Constraints and indexes on live tables: checked against what is there, kept on columns by id until `finish.rs`
//! knows where each column physically stands.
//!
//! Tests: `tests/it/resolve.rs`.

use segue_model::catalog::{ConstraintKind, Table, TableKind};
use segue_model::change::{AddForeignKey, AddUnique, ColumnReference, CreateIndex, CreateTable, IndexColumn, Nulls};
use segue_model::finding::Severity;

use super::fold::{KeyRules, Target, Wish};
use super::{Folding, Place};
use crate::say::{finding, refuse};

impl Folding<'_> {
    /// Keeps a constraint for later, unless its name is taken.
    pub(super) fn wish(&mut self, fold: usize, name: &str, wish: Wish) {
        let table = self.folds[fold].table;
        let object = format!("constraint `{name}` of {}", table.name);
        if table.constraints.iter().any(|constraint| self.observed.same_name(&constraint.name, name)) {
            let message = "the table has a constraint of that name: this looks already applied";
            self.findings.push(refuse(4, object, message, "Leave this change out, or choose another name."));
            return;
        }
        let takes = |wish: &Wish| match wish {
            Wish::Check { name, .. } | Wish::Unique { name, .. } | Wish::ForeignKey { name, .. } => Some(name.clone()),
            Wish::Index { define, .. } => Some(define.name.clone()),
            Wish::NotNull { .. } => None,
        };
        if self.folds[fold].wishes.iter().filter_map(takes).any(|other| self.observed.same_name(&other, name)) {
            self.findings.push(refuse(5, object, "the spec gives this name twice on one table", "Choose another name."));
            return;
        }
        self.folds[fold].wishes.push(wish);
    }

    /// A constraint on columns that old clients write binds them from `expand` on: `decisions.md` wants it said.
    pub(super) fn say_who_is_bound(&mut self, fold: usize, name: &str, wish: &Wish) {
        let object = format!("`{name}` on {}", self.folds[fold].table.name);
        let ids: Vec<usize> = match wish {
            Wish::Check { reads, .. } => reads.iter().map(|(_, id)| *id).collect(),
            Wish::Unique { ids, .. } | Wish::ForeignKey { ids, .. } => ids.clone(),
            Wish::NotNull { id } => vec![*id],
            Wish::Index { define, .. } if !define.unique => return,
            Wish::Index { reads, .. } => reads.iter().map(|(_, id)| *id).collect(),
        };
        if !ids.iter().any(|id| self.folds[fold].tracks[*id].original.is_some()) {
            return;
        }
        let message = "it binds old writers too, before `contract`: a statement of theirs that breaks it is refused by the server";
        let fix = "Make sure that the old version of the application keeps to it, or give `up` where the change takes one.";
        self.findings.push(finding(22, Severity::Medium, object, message, fix));
    }

    pub(super) fn add_unique(&mut self, fold: usize, c: &AddUnique) {
        if let Some(ids) = self.column_ids(fold, &c.columns) {
            self.wish_unique(fold, c.name.clone(), ids);
        }
    }

    pub(super) fn wish_unique(&mut self, fold: usize, name: String, ids: Vec<usize>) {
        let table = self.folds[fold].table;
        let object = format!("constraint `{name}` of {}", table.name);
        if self.refuse_name(&object, &name)
            || self.refuse_partitioned_index(table, &object)
            || self.refuse_index_name(table, &object, &name)
        {
            return;
        }
        self.wish(fold, &name.clone(), Wish::Unique { name, ids });
    }

    pub(super) fn add_foreign_key(&mut self, fold: usize, c: &AddForeignKey) {
        let Some(ids) = self.column_ids(fold, &c.columns) else { return };
        let references = ColumnReference {
            table: c.references.table.clone(),
            columns: c.references.columns.clone(),
            on_delete: c.on_delete,
            on_update: c.on_update,
        };
        self.wish_key(fold, c.name.clone(), ids, &references, c.deferrable);
    }

    pub(super) fn wish_key(&mut self, fold: usize, name: String, ids: Vec<usize>, references: &ColumnReference, deferrable: bool) {
        let table = self.folds[fold].table;
        let object = format!("foreign key `{name}` of {}", table.name);
        if self.refuse_name(&object, &name) {
            return;
        }
        if table.kind == TableKind::Partitioned && self.observed.engine == "postgres" && major(&self.observed.version) < 18 {
            let message = "on a partitioned table a foreign key that does not scan at once needs PostgreSQL 18";
            let fix = "Add the foreign key to each partition, or upgrade the server first.";
            self.findings.push(refuse(19, object, message, fix));
            return;
        }
        if references.columns.len() != ids.len() {
            let message = format!("it has {} columns and refers to {}", ids.len(), references.columns.len());
            self.findings.push(refuse(14, object, message, "Name as many columns on both ends."));
            return;
        }
        let Some(target) = self.target(references, &object) else { return };
        let rules = KeyRules { on_delete: references.on_delete, on_update: references.on_update, deferrable };
        self.wish(fold, &name.clone(), Wish::ForeignKey { name, ids, target, rules });
    }

    /// What a foreign key refers to: it must be there and be unique before this run.
    fn target(&mut self, references: &ColumnReference, object: &str) -> Option<Target> {
        match self.place(&references.table)? {
            Place::Created(new) => {
                let (table, define) = (self.created[new].table.clone(), &self.created[new].define);
                if !created_unique(define, &references.columns) {
                    self.not_unique(object, &table.to_string());
                    return None;
                }
                Some(Target::Created { table, columns: references.columns.clone() })
            }
            Place::Live(at) => {
                let ids = self.column_ids(at, &references.columns)?;
                let target = &self.folds[at];
                let names: Option<Vec<String>> = ids.iter().map(|id| target.tracks[*id].original.clone()).collect();
                let name = target.table.name.to_string();
                if !names.is_some_and(|names| live_unique(target.table, &names)) {
                    self.not_unique(object, &name);
                    return None;
                }
                Some(Target::Live { fold: at, ids })
            }
        }
    }

    pub(super) fn not_unique(&mut self, object: &str, table: &str) {
        let message = format!("it refers to columns of {table} that are no primary key, unique constraint or full unique index");
        let fix = format!("Make them unique first (`add_unique` on {table} in a spec of its own), or refer to the key.");
        self.findings.push(refuse(14, object, message, fix));
    }

    pub(super) fn create_index(&mut self, fold: usize, c: &CreateIndex) {
        let table = self.folds[fold].table;
        let object = format!("index `{}` on {}", c.name, table.name);
        let bad = self.refuse_name(&object, &c.name)
            | self.refuse_partitioned_index(table, &object)
            | self.refuse_index_name(table, &object, &c.name)
            | self.refuse_index_options(c, &object);
        if bad {
            return;
        }
        let Some(mut reads) = self.index_columns(fold, c, &object) else { return };
        let expressions = c.columns.iter().filter_map(|column| match column {
            IndexColumn::Part(part) => part.expression.as_ref(),
            IndexColumn::Name(_) => None,
        });
        for sql in expressions.chain(&c.predicate) {
            reads.extend(self.folds[fold].reads(sql, self.observed));
        }
        reads.sort_unstable();
        reads.dedup();
        self.wish(fold, &c.name, Wish::Index { define: c.clone(), reads });
    }

    /// The columns that an index names, by name and id.
    fn index_columns(&mut self, fold: usize, c: &CreateIndex, object: &str) -> Option<Vec<(String, usize)>> {
        let mut named: Vec<&String> = c.include.iter().collect();
        for column in &c.columns {
            match column {
                IndexColumn::Name(name) => named.push(name),
                IndexColumn::Part(part) => match (&part.column, &part.expression) {
                    (Some(name), None) => named.push(name),
                    (None, Some(_)) => {}
                    _ => {
                        self.findings.push(refuse(
                            15,
                            object,
                            "a part of it is not one `column` or one `expression`",
                            "Give exactly one of the two.",
                        ));
                        return None;
                    }
                },
            }
        }
        if c.columns.is_empty() {
            self.findings.push(refuse(15, object, "it has no columns", "Name at least one column or expression."));
            return None;
        }
        let found: Vec<Option<usize>> = named.iter().map(|name| self.column(fold, name)).collect();
        let form = &self.folds[fold].form;
        found.into_iter().map(|at| at.map(|at| (form[at].name.clone(), form[at].id))).collect()
    }

    fn refuse_index_name(&mut self, table: &Table, object: &str, name: &str) -> bool {
        let taken = table.indexes.iter().any(|index| self.observed.same_name(&index.name, name));
        if taken {
            let message = "the table has an index of that name: this looks already applied";
            self.findings.push(refuse(4, object, message, "Leave this change out, or choose another name."));
        }
        taken
    }

    /// PostgreSQL builds no index on a partitioned table concurrently.
    fn refuse_partitioned_index(&mut self, table: &Table, object: &str) -> bool {
        let cannot = table.kind == TableKind::Partitioned && self.observed.engine == "postgres";
        if cannot {
            let message = "PostgreSQL cannot build an index on a partitioned table without stopping writers";
            self.findings.push(refuse(19, object, message, "Create the index on each partition instead."));
        }
        cannot
    }

    /// What an engine's indexes do not know.
    pub(super) fn refuse_index_options(&mut self, c: &CreateIndex, object: &str) -> bool {
        if self.observed.engine != "sqlite" {
            return false;
        }
        let parts = || {
            c.columns.iter().filter_map(|column| match column {
                IndexColumn::Part(part) => Some(part),
                IndexColumn::Name(_) => None,
            })
        };
        let lacks: Vec<&str> = [
            ("method", c.method.as_deref().is_some_and(|method| method != "btree")),
            ("include", !c.include.is_empty()),
            ("with", !c.with.is_empty()),
            ("operator_class", parts().any(|part| part.operator_class.is_some())),
            ("nulls", parts().any(|part| part.nulls.is_some_and(|nulls| nulls == Nulls::Last))),
        ]
        .into_iter()
        .filter_map(|(key, used)| used.then_some(key))
        .collect();
        if lacks.is_empty() {
            return false;
        }
        let message = format!("SQLite has no {} for indexes", lacks.join(", "));
        self.findings.push(refuse(19, object, message, "Leave that out of the spec."));
        true
    }
}

/// The server's major version; 0 where the text has none.
fn major(version: &str) -> u32 {
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

fn same_set(one: &[String], other: &[String]) -> bool {
    one.len() == other.len() && one.iter().all(|name| other.contains(name))
}

/// The columns together are a key: a primary key, a unique constraint or a full unique index.
pub(super) fn live_unique(table: &Table, columns: &[String]) -> bool {
    let constraint = table
        .constraints
        .iter()
        .any(|c| matches!(c.kind, ConstraintKind::PrimaryKey | ConstraintKind::Unique) && same_set(&c.columns, columns));
    constraint
        || table
            .indexes
            .iter()
            .any(|index| index.unique && index.valid && !index.partial_or_expression && same_set(&index.columns, columns))
}

fn created_unique(define: &CreateTable, columns: &[String]) -> bool {
    let own = |name: &String| define.columns.0.iter().any(|(own, column)| own == name && (column.primary_key || column.unique));
    same_set(&define.primary_key, columns) && !columns.is_empty()
        || define.unique.iter().any(|unique| same_set(unique, columns))
        || matches!(columns, [one] if own(one))
}
