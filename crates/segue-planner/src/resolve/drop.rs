//! Tables and indexes that go at `contract`.
//!
//! Nothing that others stand on is dropped: it is refused by name. Tests: `tests/it/resolve.rs`.

use segue_model::change::{DropIndex, DropTable};
use segue_model::ident::TableName;

use super::{Folding, IndexDrop};
use crate::say::refuse;

impl Folding<'_> {
    pub(super) fn drop_table(&mut self, c: &DropTable) {
        let name = self.observed.table_name(&c.table);
        let object = format!("table {name}");
        if self.created.iter().any(|table| table.table == name) {
            self.findings.push(refuse(16, object, "the same spec creates it", "Leave both changes out."));
            return;
        }
        if self.dropped.contains(&name) {
            self.findings.push(refuse(5, object, "the spec drops it twice", "Leave one of the two out."));
            return;
        }
        let Some(table) = self.live_table(&name) else {
            let message = "there is no such table: this looks already applied, or the name is wrong";
            self.findings.push(refuse(4, object, message, "Leave this change out, or check the name and its schema."));
            return;
        };
        self.refuse_unfit(table);
        if !table.children.is_empty() {
            let message = "it has partitions or tables that inherit from it";
            self.findings.push(refuse(17, object, message, "Detach or drop those first."));
        }
        self.dropped.push(table.name.clone());
    }

    /// What still stands on a dropped table, once all changes are known.
    pub(super) fn refuse_orphans(&mut self) {
        let dropped: Vec<TableName> = self.dropped.clone();
        for name in &dropped {
            let object = format!("table {name}");
            let Some(table) = self.live_table(name) else { continue };
            let stand = |fix: &str, message: String| refuse(17, object.clone(), message, fix);
            for reference in table.referenced_by.iter().filter(|reference| !dropped.contains(&reference.table)) {
                let message = format!("{} refers to it by the foreign key `{}`", reference.table, reference.constraint);
                self.findings.push(stand("Drop that foreign key first, or that table in the same spec.", message));
            }
            let views = &self.observed.catalog.views;
            for view in views.iter().filter(|view| view.reads.iter().any(|(read, _)| read == name)) {
                let message = format!("the view {} reads it", view.name);
                self.findings.push(stand("Change or drop that view first.", message));
            }
            let changed = self.folds.iter().any(|fold| fold.table.name == *name && !(fold.stages.is_empty() && fold.wishes.is_empty()));
            if changed {
                self.findings.push(stand("Leave out the other changes.", "the same spec changes it and drops it".to_owned()));
            }
        }
    }

    pub(super) fn drop_index(&mut self, c: &DropIndex) {
        let written = TableName::parse(&c.name).unwrap_or_else(|_| TableName::bare(c.name.as_str()));
        let object = format!("index {written}");
        let observed = self.observed;
        let table = observed.index_table(&c.name).and_then(|name| self.live_table(name));
        let Some(table) = table else {
            let known = observed.catalog.tables.iter().flat_map(|table| &table.indexes).map(|index| index.name.as_str());
            let near = super::names::did_you_mean(&written.name, known);
            let fix = if near.is_empty() { "Leave this change out, or check the name and its schema.".to_owned() } else { near };
            self.findings.push(refuse(3, object, "there is no such index: this looks already applied, or the name is wrong", fix));
            return;
        };
        let Some(index) = table.indexes.iter().find(|index| observed.same_name(&index.name, &written.name)) else {
            self.findings.push(refuse(3, object, format!("{} has no such index", table.name), "Check the name."));
            return;
        };
        if index.primary || index.constraint.is_some() {
            let owner = index.constraint.as_deref().unwrap_or("the primary key");
            let message = format!("it belongs to the constraint `{owner}` of {}", table.name);
            self.findings.push(refuse(20, object, message, "The constraint must go, not its index."));
            return;
        }
        let drop = IndexDrop { table: table.name.clone(), index: index.name.clone() };
        if self.index_drops.contains(&drop) {
            self.findings.push(refuse(5, object, "the spec drops it twice", "Leave one of the two out."));
            return;
        }
        self.refuse_unfit(table);
        self.index_drops.push(drop);
    }
}
