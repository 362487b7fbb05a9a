//! Which tables hang together: candidates for a service of their own (F034).
//!
//! Tables that foreign keys join, directly or over others, are one group; a table that many refer to is a hub, and the
//! place where a group would have to be cut. Only keys that are declared are known here. Tests: `tests/it/dump.rs`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::finding::{Finding, Severity};

use super::schema::Schema;

/// Fewer referring tables do not make a hub.
const HUB_MIN: usize = 3;
/// The most names in one sentence.
const NAMES_MAX: usize = 12;

/// A finding for each group beside the others, and one for each hub.
pub(super) fn findings(schema: &Schema, system: &str) -> Vec<Finding> {
    let names: Vec<String> = schema.tables.iter().map(super::schema::Table::title).collect();
    let position: BTreeMap<String, usize> = schema.tables.iter().enumerate().map(|(n, t)| (t.name.to_lowercase(), n)).collect();
    let mut group = Groups::new(names.len());
    let mut referring: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for (from, table) in schema.tables.iter().enumerate() {
        for key in &table.foreign_keys {
            if let Some(to) = position.get(&key.table.to_lowercase()).filter(|to| **to != from) {
                group.join(from, *to);
                referring.entry(*to).or_default().insert(&names[from]);
            }
        }
    }
    let mut members: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for (n, name) in names.iter().enumerate() {
        members.entry(group.root(n)).or_default().push(name);
    }
    let joined: Vec<&Vec<&str>> = members.values().filter(|tables| tables.len() > 1).collect();
    let mut found = Vec::new();
    if members.len() > 1 {
        for tables in joined {
            let message = format!("{} tables hang together by foreign keys and with no other: {}", tables.len(), list(tables));
            found.push(finding(system, tables, message, "they can be moved, or become a service of their own, without cutting a key"));
        }
    }
    for (hub, tables) in referring.iter().filter(|(_, tables)| tables.len() >= HUB_MIN) {
        let message = format!("{} tables refer to it", tables.len());
        found.push(finding(
            system,
            &[&names[*hub]],
            message,
            "a service that takes some of them away keeps the key's value and loses the key: decide who owns this table",
        ));
    }
    found.sort_by(|a, b| a.object.cmp(&b.object));
    found
}

fn finding(system: &str, tables: &[&str], message: String, fix: &str) -> Finding {
    let object = format!("{} ({system})", tables.first().copied().unwrap_or_default());
    Finding { code: "SG-SUR-040".to_owned(), severity: Severity::Info, object, message, fix: fix.to_owned() }
}

fn list(names: &[&str]) -> String {
    let mut sorted = names.to_vec();
    sorted.sort_unstable();
    let more = sorted.len().saturating_sub(NAMES_MAX);
    sorted.truncate(NAMES_MAX);
    let text = sorted.join(", ");
    if more == 0 { text } else { format!("{text} and {more} more") }
}

/// Sets that are joined two by two.
struct Groups(Vec<usize>);

impl Groups {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn root(&mut self, mut n: usize) -> usize {
        while self.0[n] != n {
            self.0[n] = self.0[self.0[n]];
            n = self.0[n];
        }
        n
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}
