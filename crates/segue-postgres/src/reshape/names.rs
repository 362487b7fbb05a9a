//! The names of everything that a reshape adds to a database, derived from the change alone.
//!
//! They must be the same at every moment of a run (after a crash they are how our objects are found again), fit
//! the server's 63 bytes, and never meet a user's name by chance. Tests: at the end of this file.

use segue_model::ident::TableName;
use segue_model::reshape::{Role, TableChange};

use crate::control::digest_key;

/// The longest name that a server keeps, in bytes (`NAMEDATALEN` - 1).
const NAME_BYTES_MAX: usize = 63;

/// The names of one table's helper objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Names {
    /// The schema of the old side's view.
    pub(crate) old_schema: String,
    /// The schema of the new side's view.
    pub(crate) new_schema: String,
    /// The helper column: which side wrote the row, and whether it is converted.
    pub(crate) side: String,
    /// The hidden view of the new side, in schema `segue`.
    pub(crate) hidden: String,
    /// What all functions of the table begin with, in schema `segue`.
    pub(crate) function: String,
    tag: String,
}

impl Names {
    /// The names for this change.
    pub(crate) fn of(change: &TableChange) -> Self {
        let (table, tag) = (&change.table, &change.tag);
        let id = format!("{:016x}", digest_key(&format!("{}\0{}", table.schema, table.name)));
        Self {
            old_schema: version_schema(&table.schema, tag, "old"),
            new_schema: version_schema(&table.schema, tag, "new"),
            side: fit(&format!("segue_side_{tag}")),
            hidden: fit(&format!("{tag}_{id}_v")),
            function: format!("{tag}_{}", &id[..12]),
            tag: tag.clone(),
        }
    }

    /// The outer view of the old side.
    pub(crate) fn old_view(&self, table: &TableName) -> TableName {
        TableName::new(&self.old_schema, &table.name)
    }

    /// The outer view of the new side.
    pub(crate) fn new_view(&self, table: &TableName) -> TableName {
        TableName::new(&self.new_schema, &table.name)
    }

    /// The hidden view between the new side's outer view and the table.
    pub(crate) fn hidden_view(&self) -> TableName {
        TableName::new("segue", &self.hidden)
    }

    /// A function of the table: `insert`, `update`, `after`, `flag`, `convert`.
    pub(crate) fn function(&self, what: &str) -> TableName {
        TableName::new("segue", fit(&format!("{}_{what}", self.function)))
    }

    /// A trigger that fires before the users' own.
    pub(crate) fn first_trigger(&self, what: &str) -> String {
        fit(&format!("!segue_{}_{what}", self.tag))
    }

    /// A trigger that fires after the users' own.
    pub(crate) fn last_trigger(&self, what: &str) -> String {
        fit(&format!("~~segue_{}_{what}", self.tag))
    }

    /// The check that stands for NOT NULL of a physical column until `contract`.
    pub(crate) fn not_null_check(&self, column: &str) -> String {
        fit(&format!("segue_nn_{}_{column}", self.tag))
    }
}

/// The schema of one side's views of the tables of `schema`.
pub(crate) fn version_schema(schema: &str, tag: &str, side: &str) -> String {
    fit(&format!("{schema}_{tag}_{side}"))
}

/// The name itself if it fits; else its beginning and a digest of the whole.
pub(crate) fn fit(name: &str) -> String {
    if name.len() <= NAME_BYTES_MAX {
        return name.to_owned();
    }
    let mut end = NAME_BYTES_MAX - 9;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}_{:08x}", &name[..end], digest_key(name) as u32)
}

/// The physical columns that are gone after `contract`.
pub(crate) fn dropped_columns(change: &TableChange) -> Vec<&str> {
    let mut out: Vec<&str> = Vec::new();
    for derived in &change.up {
        match &derived.role {
            Role::Converted { original, .. } => out.push(original),
            Role::Renamed { .. } => out.push(&derived.physical),
            Role::Added | Role::Dropped | Role::Replaced => {}
        }
    }
    out.extend(change.down.iter().filter(|derived| derived.role == Role::Dropped).map(|derived| derived.physical.as_str()));
    out.extend(
        change
            .old
            .iter()
            .map(|column| column.physical.as_str())
            .filter(|physical| !change.new.iter().any(|column| column.physical == **physical)),
    );
    let mut seen = std::collections::BTreeSet::new();
    out.retain(|name| seen.insert(*name));
    out
}

/// `(physical, final name)` of the columns that get another name at `contract`.
pub(crate) fn renamed_columns(change: &TableChange) -> Vec<(&str, &str)> {
    change
        .up
        .iter()
        .filter_map(|derived| match &derived.role {
            Role::Converted { name, .. } => Some((derived.physical.as_str(), name.as_str())),
            Role::Renamed { original, name } => Some((original.as_str(), name.as_str())),
            Role::Added | Role::Dropped | Role::Replaced => None,
        })
        .filter(|(physical, name)| physical != name)
        .collect()
}

/// The two forms differ in what a client sees: names, columns or defaults.
pub(crate) fn forms_differ(change: &TableChange) -> bool {
    let seen = |columns: &[segue_model::reshape::FormColumn]| -> Vec<(String, String, Option<String>)> {
        columns.iter().map(|c| (c.name.clone(), c.physical.clone(), c.default.clone())).collect()
    };
    seen(&change.old) != seen(&change.new) || needs_sync(change)
}

/// The change needs the helper column and triggers.
pub(crate) fn needs_sync(change: &TableChange) -> bool {
    !change.up.is_empty() || !change.down.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut_at_a_character_and_stay_apart() {
        assert_eq!(fit("users"), "users");
        let (a, b) = (fit(&"é".repeat(40)), fit(&format!("{}x", "é".repeat(40))));
        assert!(a.len() <= NAME_BYTES_MAX && b.len() <= NAME_BYTES_MAX);
        assert_ne!(a, b);
    }
}
