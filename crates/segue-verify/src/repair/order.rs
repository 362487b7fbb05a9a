//! In which order tables are written: who is referred to comes before who refers.
//!
//! Circles are broken by name: what does not go at first goes in a later pass of the step. Tests: below.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::ident::TableName;

/// The tables, those that are referred to first. `references`: (who refers, who is referred to).
pub(super) fn parents_first(tables: &[TableName], references: &[(TableName, TableName)]) -> Vec<TableName> {
    let mut parents: BTreeMap<&TableName, BTreeSet<&TableName>> = tables.iter().map(|table| (table, BTreeSet::new())).collect();
    // An engine may leave the schema out where there is one alone.
    let known = |name: &TableName| {
        let same = |table: &&TableName| {
            table.name == name.name && (table.schema == name.schema || table.schema.is_empty() || name.schema.is_empty())
        };
        tables.iter().find(|table| *table == name).or_else(|| tables.iter().find(same))
    };
    for (child, parent) in references {
        if let (Some(child), Some(parent)) = (known(child), known(parent))
            && child != parent
            && let Some(set) = parents.get_mut(child)
        {
            set.insert(parent);
        }
    }
    let mut out: Vec<TableName> = Vec::new();
    while !parents.is_empty() {
        let ready = |set: &BTreeSet<&TableName>| set.iter().all(|parent| out.contains(parent));
        // In a circle nobody is ready: the first by name goes.
        let next = parents.iter().find(|(_, set)| ready(set)).or_else(|| parents.iter().next()).map(|(table, _)| *table);
        let Some(next) = next else { break };
        parents.remove(next);
        out.push(next.clone());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_come_first_and_circles_end() {
        fn t(name: &str) -> TableName {
            TableName::bare(name)
        }
        let order = |references: &[(&str, &str)]| -> Vec<String> {
            let references: Vec<_> = references.iter().map(|(child, parent)| (t(child), t(parent))).collect();
            parents_first(&[t("a"), t("b"), t("c")], &references).into_iter().map(|table| table.name).collect()
        };
        assert_eq!(order(&[]), ["a", "b", "c"]);
        assert_eq!(order(&[("a", "b"), ("b", "c")]), ["c", "b", "a"]);
        assert_eq!(order(&[("a", "a"), ("a", "elsewhere"), ("b", "c")]), ["a", "c", "b"]);
        assert_eq!(order(&[("a", "b"), ("b", "a")]), ["c", "a", "b"]);
    }
}
