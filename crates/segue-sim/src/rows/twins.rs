//! Two databases that are said to hold the same, compared table by table, and what differs in words.
//!
//! Values are never shown: tables, columns, keys and counts are. Used by `tests/it/rows_twins.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use async_trait::async_trait;
use segue_engine::rows::{Datum, key};
use segue_model::ident::TableName;
use segue_model::verify::DifferenceKind;
use segue_verify::mapping::{Choice, Mapping, pair, tables};
use segue_verify::{Compared, Difference, Options, Pace, Sink, TablePair, VerifyError, compare};

use super::Place;

/// Nothing slows a test down.
pub struct AtOnce;

#[async_trait]
impl Pace for AtOnce {
    async fn breathe(&self) -> Result<(), VerifyError> {
        Ok(())
    }
}

/// All differences, kept.
#[derive(Default)]
pub struct Kept(pub Vec<Difference>);

impl Sink for Kept {
    fn differences(&mut self, found: &[Difference]) -> Result<(), VerifyError> {
        self.0.extend_from_slice(found);
        Ok(())
    }
}

/// One table that was compared.
pub struct Twin {
    /// Its name at the source.
    pub source: TableName,
    /// Its name at the target.
    pub target: TableName,
    /// What is compared, and what is not.
    pub pair: TablePair,
    /// What it came to.
    pub compared: Compared,
    /// Each row that differs.
    pub differences: Vec<Difference>,
}

/// Two databases.
pub struct Twins {
    /// Tables of both, by name.
    pub tables: Vec<Twin>,
    /// Tables that the source alone has.
    pub only_in_source: Vec<TableName>,
    /// Tables that the target alone has.
    pub only_in_target: Vec<TableName>,
}

/// Compares all tables. `name`: what the target calls a table or column of the source.
pub async fn compare_all(source: &Place, target: &Place, name: impl Fn(&str) -> String) -> Twins {
    let here = source.rows().tables().await.expect("tables of the source");
    let there = target.rows().tables().await.expect("tables of the target");
    let has = |wanted: &str| there.iter().any(|table| table.name == *wanted);
    let renamed = here.iter().map(|table| (table.name.clone(), name(&table.name))).filter(|(from, to)| from != to && has(to)).collect();
    let found = tables(&here, &there, &Choice { renamed, ..Choice::default() }).expect("paired");
    let one = source.rows().snapshot(2).await.expect("a snapshot of the source");
    let other = target.rows().snapshot(2).await.expect("a snapshot of the target");
    let mut out = Vec::new();
    for (from, to) in found.pairs {
        let (a, b) = (source.rows().describe(&from).await.expect("described"), target.rows().describe(&to).await.expect("described"));
        let there = |wanted: &str| b.columns.iter().any(|column| column.name == *wanted);
        let columns = a.columns.iter().map(|column| (column.name.clone(), name(&column.name)));
        let renamed = columns.filter(|(from, to)| from != to && there(to)).collect();
        let mapping = Mapping { renamed, ..Mapping::default() };
        let pair = pair(&a, source.engine, &b, target.engine, &mapping).expect("a pair");
        let options = Options { every_row: true, ..Options::default() };
        let mut kept = Kept::default();
        let compared = compare(one.as_ref(), other.as_ref(), &pair, &options, &AtOnce, &mut kept, None).await;
        let compared = compared.unwrap_or_else(|error| panic!("{from}: {error}"));
        out.push(Twin { source: from, target: to, pair, compared, differences: kept.0 });
    }
    one.close().await.expect("closed");
    other.close().await.expect("closed");
    Twins { tables: out, only_in_source: found.only_in_source, only_in_target: found.only_in_target }
}

impl Twin {
    /// How many rows differ in each column.
    pub fn columns(&self) -> BTreeMap<&str, usize> {
        let mut out = BTreeMap::new();
        for at in self.differences.iter().flat_map(|difference| &difference.columns) {
            *out.entry(self.pair.names[*at].as_str()).or_insert(0) += 1;
        }
        out
    }

    /// The keys of rows that differ in one way, as people read them.
    pub fn keys(&self, kind: DifferenceKind) -> BTreeSet<String> {
        let of = |difference: &Difference| {
            let key = key::read(&difference.key).expect("a key");
            key.iter().map(Datum::show).collect::<Vec<_>>().join(",")
        };
        self.differences.iter().filter(|difference| difference.kind == kind).map(of).collect()
    }

    fn row(&self) -> String {
        let Compared { source_rows, target_rows, missing, extra, changed, .. } = self.compared;
        let verdict = if self.compared.is_equal() { "equal" } else { "different" };
        let mut what = Vec::new();
        for (count, words) in [(missing, "missing in the target"), (extra, "extra in the target"), (changed, "changed")] {
            if count > 0 {
                what.push(format!("{count} {words}"));
            }
        }
        for (column, count) in self.columns() {
            what.push(format!("`{column}` differs in {count}"));
        }
        let gaps: Vec<String> = self.pair.not_compared.iter().map(|gap| format!("`{}`: {}", gap.column, gap.reason)).collect();
        let name = |table: &TableName| format!("`{}`", table.name);
        format!(
            "| {} | {} | {source_rows} · {target_rows} | {verdict} | {} | {} |",
            name(&self.source),
            name(&self.target),
            what.join("; "),
            gaps.join("; ")
        )
    }
}

impl Twins {
    /// A section of the page.
    pub fn section(&self, title: &str) -> String {
        let mut out =
            format!("### {title}\n\n| source | target | rows | verdict | what differs | not compared |\n|---|---|---|---|---|---|\n");
        for twin in &self.tables {
            let _written = writeln!(out, "{}", twin.row());
        }
        for (side, names) in [("source", &self.only_in_source), ("target", &self.only_in_target)] {
            if !names.is_empty() {
                let names: Vec<String> = names.iter().map(|table| format!("`{}`", table.name)).collect();
                let _written = write!(out, "\nOnly in the {side}: {}.\n", names.join(", "));
            }
        }
        out.push('\n');
        out
    }

    /// A table by its name at the source.
    pub fn table(&self, name: &str) -> &Twin {
        self.tables.iter().find(|twin| twin.source.name == name).unwrap_or_else(|| panic!("{name} was compared"))
    }

    /// The names of the tables that differ.
    pub fn different(&self) -> Vec<&str> {
        self.tables.iter().filter(|twin| !twin.compared.is_equal()).map(|twin| twin.source.name.as_str()).collect()
    }
}
