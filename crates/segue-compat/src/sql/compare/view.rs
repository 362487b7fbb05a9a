//! What a view's text reads, as far as names show it. Tests: `tests/it/sql/compare.rs`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::catalog::Table;
use segue_model::ident::TableName;

use super::super::Dialect;
use super::super::scan::{Kind, Words, tokens};

/// The tables that a view's text names, with those of their columns that it names too; no columns where it says `*`.
pub(crate) fn reads(definition: &str, tables: &[Table], dialect: Dialect) -> Vec<(TableName, Vec<String>)> {
    let (tokens, _) = tokens(definition, dialect);
    let words = Words::new(definition, dialect, &tokens);
    let mut named = BTreeSet::new();
    let mut star = false;
    for token in &tokens {
        match token.kind {
            Kind::Word | Kind::Name => {
                named.insert(words.bare(token).to_lowercase());
            }
            Kind::Sign => star |= words.text_of(token) == "*",
            Kind::Text | Kind::Number => {}
        }
    }
    let by_name: BTreeMap<String, &Table> = tables.iter().map(|table| (table.name.name.to_lowercase(), table)).collect();
    let mut found = Vec::new();
    for name in &named {
        let Some(table) = by_name.get(name) else { continue };
        let columns = table.columns.iter().map(|column| column.name.clone());
        let columns = if star { Vec::new() } else { columns.filter(|column| named.contains(&column.to_lowercase())).collect() };
        found.push((table.name.clone(), columns));
    }
    found
}
