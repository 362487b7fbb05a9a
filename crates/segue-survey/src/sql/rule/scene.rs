//! What a rule may ask beyond the thing it looks at, counted once for a whole schema. Tests: `mod.rs`.

use std::collections::{BTreeMap, BTreeSet};

use super::super::schema::{Column, Schema, Table};

/// A schema with what is counted over all of it.
pub(crate) struct Scene<'a> {
    pub(super) schema: &'a Schema,
    /// Index names in lower case, with how often.
    indexes: BTreeMap<String, u32>,
    foreign_keys: BTreeMap<String, u32>,
    tables: BTreeMap<String, u32>,
    /// Sequences that count for a column, by the names that PostgreSQL gives them.
    owned: BTreeSet<String>,
    /// Kinds of the user's own types by name.
    types: BTreeMap<&'a str, &'a str>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(schema: &'a Schema) -> Self {
        let mut scene = Self {
            schema,
            indexes: BTreeMap::new(),
            foreign_keys: BTreeMap::new(),
            tables: BTreeMap::new(),
            types: BTreeMap::new(),
            owned: BTreeSet::new(),
        };
        for table in &schema.tables {
            *scene.tables.entry(table.title().to_lowercase()).or_default() += 1;
            let counting = table.columns.iter().filter(|c| c.identity.as_deref() == Some("serial"));
            scene.owned.extend(counting.map(|c| format!("{}_{}_seq", table.name, c.name)));
            for index in table.indexes.iter().filter(|i| i.kind != "primary") {
                *scene.indexes.entry(index.name.to_lowercase()).or_default() += 1;
            }
            for key in table.foreign_keys.iter().filter(|k| !k.name.is_empty()) {
                *scene.foreign_keys.entry(key.name.to_lowercase()).or_default() += 1;
            }
        }
        for thing in schema.things.iter().filter(|t| matches!(t.kind.as_str(), "enum" | "domain" | "composite" | "range")) {
            scene.types.insert(thing.name.rsplit('.').next().unwrap_or_default(), &thing.kind);
        }
        scene
    }

    /// Whether a sequence counts for a column.
    pub(super) fn owns_sequence(&self, name: &str) -> bool {
        self.owned.contains(name.rsplit('.').next().unwrap_or_default())
    }

    pub(super) fn indexes_named(&self, name: &str) -> u32 {
        self.indexes.get(&name.to_lowercase()).copied().unwrap_or(0)
    }

    pub(super) fn foreign_keys_named(&self, name: &str) -> u32 {
        self.foreign_keys.get(&name.to_lowercase()).copied().unwrap_or(0)
    }

    pub(super) fn tables_named(&self, name: &str) -> u32 {
        self.tables.get(&name.to_lowercase()).copied().unwrap_or(0)
    }

    /// The kind of the user's own type, or empty.
    pub(super) fn own_type(&self, base: &str) -> &str {
        self.types.get(base).copied().unwrap_or_default()
    }

    /// The collation that holds for a MySQL text column, lower case; MySQL's own default ignores case.
    pub(super) fn collation(column: &Column, table: &Table) -> String {
        if !column.collation.is_empty() {
            return column.collation.to_lowercase();
        }
        if column.binary {
            return "binary_bin".to_owned();
        }
        let of_table = table.option("collate").to_lowercase();
        if of_table.is_empty() || !column.charset.is_empty() { "default_ci".to_owned() } else { of_table }
    }
}
