//! Which tables of two databases belong together.
//!
//! Schemas and databases are named differently by different engines, so a table's own name counts: exactly, else
//! without regard to case where that is unique on both sides. What is alone is named. Tests: `tests/it/tables.rs`.

use std::collections::BTreeMap;

use segue_model::glob;
use segue_model::ident::TableName;

use crate::VerifyError;

/// Which tables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// Patterns with `*`, of a name or `schema.name` of either side; empty: all.
    pub include: Vec<String>,
    /// The same, of those that are left out.
    pub exclude: Vec<String>,
    /// Tables with another name at the target: source → target, each with or without its schema.
    pub renamed: BTreeMap<String, String>,
    /// Nothing but what is renamed: both sides are one schema, where every other table would be compared with itself.
    pub only_renamed: bool,
}

impl Choice {
    /// Whether a table was chosen, and not left out.
    pub fn takes(&self, table: &TableName) -> bool {
        chosen(table, self) && !excluded(table, self)
    }
}

/// Which belong together, and which are alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tables {
    /// Source and target, in the order of the source's names.
    pub pairs: Vec<(TableName, TableName)>,
    /// Chosen tables that the source alone has.
    pub only_in_source: Vec<TableName>,
    /// Chosen tables that the target alone has.
    pub only_in_target: Vec<TableName>,
    /// What somebody should know, one sentence each.
    pub notes: Vec<String>,
}

/// Pairs the tables of two databases. A name or a pattern that nobody answers to is refused.
pub fn tables(source: &[TableName], target: &[TableName], choice: &Choice) -> Result<Tables, VerifyError> {
    for pattern in choice.include.iter().chain(&choice.exclude) {
        if !source.iter().chain(target).any(|table| answers(pattern, table)) {
            return Err(VerifyError::Cannot(format!(
                "neither side has a table {pattern:?}; a view is compared by its whole name, and never put right"
            )));
        }
    }
    let mut out = Tables::default();
    let mut here: Vec<&TableName> = source.iter().collect();
    let mut there: Vec<&TableName> = target.iter().collect();
    here.sort();
    there.sort();
    renames(&mut here, &mut there, choice, &mut out)?;
    if choice.only_renamed {
        here.clear();
        there.clear();
    }
    take(&mut here, &mut there, &mut out, |a, b| a == b);
    take(&mut here, &mut there, &mut out, |a, b| a.name == b.name);
    let before = out.pairs.len();
    take(&mut here, &mut there, &mut out, |a, b| a.name.to_lowercase() == b.name.to_lowercase());
    for (a, b) in &out.pairs[before..] {
        out.notes.push(format!("{a} is taken for {b}: their names differ in case"));
    }
    out.pairs.retain(|(a, b)| chosen(a, choice) || chosen(b, choice));
    out.pairs.retain(|(a, b)| !excluded(a, choice) && !excluded(b, choice));
    out.notes.retain(|note| out.pairs.iter().any(|(a, b)| note.starts_with(&format!("{a} is taken for {b}:"))));
    out.pairs.sort();
    let alone = |left: Vec<&TableName>| -> Vec<TableName> { left.into_iter().filter(|table| choice.takes(table)).cloned().collect() };
    out.only_in_source = alone(here);
    out.only_in_target = alone(there);
    Ok(out)
}

fn renames(here: &mut Vec<&TableName>, there: &mut Vec<&TableName>, choice: &Choice, out: &mut Tables) -> Result<(), VerifyError> {
    for (from, to) in &choice.renamed {
        let find = |side: &[&TableName], name: &str, whose: &str| -> Result<usize, VerifyError> {
            let wanted = TableName::parse(name).map_err(|error| VerifyError::Cannot(format!("{name:?} is no table's name: {error}")))?;
            let fits = |table: &&TableName| table.name == wanted.name && (wanted.schema.is_empty() || wanted.schema == table.schema);
            let found: Vec<usize> = side.iter().enumerate().filter(|(_, table)| fits(table)).map(|(at, _)| at).collect();
            match found.as_slice() {
                [at] => Ok(*at),
                [] => Err(VerifyError::Cannot(format!("the {whose} has no table {name:?}"))),
                _ => Err(VerifyError::Cannot(format!("the {whose} has several tables {name:?}: write its schema too"))),
            }
        };
        let (a, b) = (find(here, from, "source")?, find(there, to, "target")?);
        out.pairs.push((here.remove(a).clone(), there.remove(b).clone()));
    }
    Ok(())
}

/// Takes out what is the same for exactly one table of each side.
fn take(here: &mut Vec<&TableName>, there: &mut Vec<&TableName>, out: &mut Tables, same: impl Fn(&TableName, &TableName) -> bool) {
    let mut at = 0;
    while at < here.len() {
        let table = here[at];
        let others: Vec<usize> = there.iter().enumerate().filter(|(_, other)| same(table, other)).map(|(at, _)| at).collect();
        let [other] = others.as_slice() else {
            at += 1;
            continue;
        };
        let twins = here.iter().filter(|twin| same(twin, there[*other])).count();
        if twins == 1 {
            out.pairs.push((table.clone(), there.remove(*other).clone()));
            here.remove(at);
        } else {
            at += 1;
        }
    }
}

fn chosen(table: &TableName, choice: &Choice) -> bool {
    choice.include.is_empty() || choice.include.iter().any(|pattern| answers(pattern, table))
}

fn excluded(table: &TableName, choice: &Choice) -> bool {
    choice.exclude.iter().any(|pattern| answers(pattern, table))
}

fn answers(pattern: &str, table: &TableName) -> bool {
    glob::fits(pattern, &table.name) || glob::fits(pattern, &format!("{}.{}", table.schema, table.name))
}
