//! Which table and column of the old side is which of the new one; what has another name is a rename, with its evidence.
//!
//! Work is bounded: beyond a limit of unmatched names only equal forms are paired. Tests: `tests/it/sql/compare.rs`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::catalog::{Column, Table, View};
use segue_model::ident::TableName;

use super::super::{CatalogRead, Dialect};
use super::fit::{Fit, relate};
use super::kind::Kind;
use super::name::likeness;
use crate::policy::Policy;

/// More unmatched names than this on both sides together are not compared one by one.
const UNMATCHED_MAX: usize = 400;

/// A rename needs at least so much.
const CONFIDENCE_MIN: u32 = 60;

/// Views by schema and name.
type Views<'a> = BTreeMap<(String, String), &'a View>;

/// Both schemas.
pub(crate) struct Sides<'a> {
    pub(crate) old: &'a CatalogRead,
    pub(crate) new: &'a CatalogRead,
    pub(crate) dialect: Dialect,
    pub(crate) policy: &'a Policy,
    /// Tables that are the same table, in the order of the old side's names.
    pub(crate) pairs: Vec<Pair<'a>>,
    pub(crate) removed: Vec<&'a Table>,
    pub(crate) added: Vec<&'a Table>,
}

/// Why two names are one thing.
#[derive(Debug, Clone)]
pub(crate) struct Evidence {
    /// From 60 to 100.
    pub(crate) confidence: u32,
    pub(crate) why: String,
}

/// A table on both sides.
pub(crate) struct Pair<'a> {
    pub(crate) old: &'a Table,
    pub(crate) new: &'a Table,
    pub(crate) renamed: Option<Evidence>,
    /// Columns that are the same column, in the new order.
    pub(crate) couples: Vec<Couple<'a>>,
    pub(crate) removed: Vec<&'a Column>,
    pub(crate) added: Vec<&'a Column>,
}

/// A column on both sides.
pub(crate) struct Couple<'a> {
    pub(crate) old: &'a Column,
    pub(crate) new: &'a Column,
    pub(crate) renamed: Option<Evidence>,
    /// What became of its type; `None` when that says the same.
    pub(crate) fit: Option<Fit>,
    pub(crate) kinds: (Kind, Kind),
}

impl<'a> Sides<'a> {
    /// What stands beside tables and views is known of both sides.
    pub(crate) fn shows_objects(&self) -> bool {
        !self.old.tables_alone && !self.new.tables_alone
    }

    /// Objects of that name are known of both sides: of a live MySQL routines and events alone.
    pub(crate) fn shows(&self, object: &str) -> bool {
        let served = self.dialect == Dialect::Mysql && (self.old.served || self.new.served);
        self.shows_objects() && (!served || ["function ", "procedure ", "event "].iter().any(|kind| object.starts_with(kind)))
    }

    pub(crate) fn new(old: &'a CatalogRead, new: &'a CatalogRead, dialect: Dialect, policy: &'a Policy) -> Self {
        let mut sides = Self { old, new, dialect, policy, pairs: Vec::new(), removed: Vec::new(), added: Vec::new() };
        let key = |read: &CatalogRead, name: &TableName| name_key(name, &read.catalog.default_schema, dialect);
        let mut of_new: BTreeMap<(String, String), &'a Table> =
            new.catalog.tables.iter().map(|table| (key(new, &table.name), table)).collect();
        for table in &old.catalog.tables {
            match of_new.remove(&key(old, &table.name)) {
                Some(other) => {
                    let pair = sides.pair(table, other, None);
                    sides.pairs.push(pair);
                }
                None => sides.removed.push(table),
            }
        }
        sides.added = of_new.into_values().collect();
        sides.rename_tables();
        sides.pairs.sort_by(|a, b| a.old.name.cmp(&b.old.name));
        sides
    }

    /// A schema's own name does not matter where it is the default one.
    pub(crate) fn same_name(&self, old: &TableName, new: &TableName) -> bool {
        name_key(old, &self.old.catalog.default_schema, self.dialect) == name_key(new, &self.new.catalog.default_schema, self.dialect)
    }

    /// The pair of a table of the old side.
    pub(crate) fn pair_of_old(&self, name: &TableName) -> Option<&Pair<'a>> {
        self.pairs.binary_search_by(|pair| pair.old.name.cmp(name)).ok().and_then(|at| self.pairs.get(at))
    }

    /// The table that a foreign key of the old side refers to is the one of the new side.
    pub(crate) fn same_target(&self, old: Option<&TableName>, new: Option<&TableName>) -> bool {
        match (old, new) {
            (Some(old), Some(new)) => {
                self.same_name(old, new) || self.pair_of_old(old).is_some_and(|pair| self.same_name_on_new(&pair.new.name, new))
            }
            (None, None) => true,
            _ => false,
        }
    }

    fn same_name_on_new(&self, a: &TableName, b: &TableName) -> bool {
        let default = &self.new.catalog.default_schema;
        name_key(a, default, self.dialect) == name_key(b, default, self.dialect)
    }

    pub(crate) fn views(&self) -> (Views<'a>, Views<'a>) {
        let of = |read: &'a CatalogRead| {
            let key = |view: &'a View| (name_key(&view.name, &read.catalog.default_schema, self.dialect), view);
            read.catalog.views.iter().map(key).collect()
        };
        (of(self.old), of(self.new))
    }

    fn rename_tables(&mut self) {
        if self.removed.is_empty() || self.added.is_empty() {
            return;
        }
        let mut candidates = Vec::new();
        if self.removed.len() + self.added.len() <= UNMATCHED_MAX {
            for (from, old) in self.removed.iter().enumerate() {
                for (to, new) in self.added.iter().enumerate() {
                    if let Some(evidence) = table_evidence(old, new, self.dialect) {
                        candidates.push((evidence, from, to));
                    }
                }
            }
        } else {
            let forms: BTreeMap<Vec<(String, String)>, usize> =
                self.added.iter().enumerate().map(|(at, table)| (signature(table), at)).collect();
            for (from, old) in self.removed.iter().enumerate() {
                if let Some(to) = forms.get(&signature(old)) {
                    candidates.push((Evidence { confidence: 70, why: "the same columns".to_owned() }, from, *to));
                }
            }
        }
        let chosen = greedy(candidates);
        for (evidence, from, to) in &chosen {
            let pair = self.pair(self.removed[*from], self.added[*to], Some(evidence.clone()));
            self.pairs.push(pair);
        }
        let (from, to): (BTreeSet<usize>, BTreeSet<usize>) = chosen.iter().map(|(_, from, to)| (*from, *to)).unzip();
        self.removed = without(&self.removed, &from);
        self.added = without(&self.added, &to);
    }

    fn pair(&self, old: &'a Table, new: &'a Table, renamed: Option<Evidence>) -> Pair<'a> {
        let mut of_old: BTreeMap<String, &'a Column> = old.columns.iter().map(|column| (self.column_key(&column.name), column)).collect();
        let mut couples = Vec::with_capacity(new.columns.len().min(old.columns.len()));
        let mut added = Vec::new();
        for column in &new.columns {
            match of_old.remove(&self.column_key(&column.name)) {
                Some(before) => couples.push(self.couple(old, before, new, column, None)),
                None => added.push(column),
            }
        }
        let left: BTreeSet<&str> = of_old.values().map(|column| column.name.as_str()).collect();
        let removed: Vec<&'a Column> = old.columns.iter().filter(|column| left.contains(column.name.as_str())).collect();
        let mut pair = Pair { old, new, renamed, couples, removed, added };
        self.rename_columns(&mut pair);
        pair
    }

    fn column_key(&self, name: &str) -> String {
        if self.dialect == Dialect::Postgres { name.to_owned() } else { name.to_lowercase() }
    }

    fn couple(&self, old_table: &Table, old: &'a Column, new_table: &Table, new: &'a Column, renamed: Option<Evidence>) -> Couple<'a> {
        let kinds = (Kind::of(old, old_table, self.old, self.dialect), Kind::of(new, new_table, self.new, self.dialect));
        let fit = (kinds.0 != kinds.1).then(|| relate(&kinds.0, &kinds.1));
        Couple { old, new, renamed, fit, kinds }
    }

    fn rename_columns(&self, pair: &mut Pair<'a>) {
        if pair.removed.is_empty() || pair.added.is_empty() || pair.removed.len() + pair.added.len() > UNMATCHED_MAX {
            return;
        }
        let place = |table: &Table, column: &Column| table.columns.iter().position(|other| other.name == column.name);
        let mut candidates = Vec::new();
        for (from, old) in pair.removed.iter().enumerate() {
            for (to, new) in pair.added.iter().enumerate() {
                let same_type = Kind::of(old, pair.old, self.old, self.dialect) == Kind::of(new, pair.new, self.new, self.dialect);
                let same_place = place(pair.old, old) == place(pair.new, new);
                if let Some(evidence) = column_evidence(old, new, same_type, same_place) {
                    candidates.push((evidence, from, to));
                }
            }
        }
        let chosen = greedy(candidates);
        for (evidence, from, to) in &chosen {
            pair.couples.push(self.couple(pair.old, pair.removed[*from], pair.new, pair.added[*to], Some(evidence.clone())));
        }
        let (from, to): (BTreeSet<usize>, BTreeSet<usize>) = chosen.iter().map(|(_, from, to)| (*from, *to)).unzip();
        pair.removed = without(&pair.removed, &from);
        pair.added = without(&pair.added, &to);
    }
}

impl Pair<'_> {
    /// The name that a column of the old side has on the new one.
    pub(crate) fn new_name(&self, old: &str) -> String {
        let found = self.couples.iter().find(|couple| couple.renamed.is_some() && couple.old.name == old);
        found.map_or_else(|| old.to_owned(), |couple| couple.new.name.clone())
    }

    /// Columns of the old side by their new names.
    pub(crate) fn new_names(&self, old: &[String]) -> Vec<String> {
        old.iter().map(|name| self.new_name(name)).collect()
    }

    /// A text with every renamed column's old name replaced by the new one, so that a rename alone changes no expression.
    pub(crate) fn renamed_text(&self, text: &str, dialect: Dialect) -> String {
        let mut form = super::expression::form(text, dialect);
        for couple in self.couples.iter().filter(|couple| couple.renamed.is_some()) {
            let (from, to) = (couple.old.name.to_lowercase(), couple.new.name.to_lowercase());
            form = form.split(' ').map(|word| if word == from { to.as_str() } else { word }).collect::<Vec<_>>().join(" ");
        }
        form
    }
}

fn name_key(name: &TableName, default: &str, dialect: Dialect) -> (String, String) {
    let schema = if name.schema == default { String::new() } else { name.schema.clone() };
    if dialect == Dialect::Sqlite { (schema.to_lowercase(), name.name.to_lowercase()) } else { (schema, name.name.clone()) }
}

fn signature(table: &Table) -> Vec<(String, String)> {
    let mut form: Vec<(String, String)> = table.columns.iter().map(|column| (column.name.clone(), column.data_type.clone())).collect();
    form.sort();
    form
}

fn table_evidence(old: &Table, new: &Table, dialect: Dialect) -> Option<Evidence> {
    let names = |table: &Table| table.columns.iter().map(|column| column.name.to_lowercase()).collect::<BTreeSet<_>>();
    let (a, b) = (names(old), names(new));
    let common = a.intersection(&b).count();
    let all = a.union(&b).count();
    if all == 0 || common * 10 < all * 7 {
        return None;
    }
    let typed = old.columns.iter().filter(|column| {
        new.columns
            .iter()
            .any(|other| other.name.eq_ignore_ascii_case(&column.name) && super::same(&other.data_type, &column.data_type, dialect))
    });
    let typed = typed.count();
    let share = u32::try_from(100 * typed / all).unwrap_or(0);
    let alike = likeness(&old.name.name, &new.name.name);
    // Tables of two or three common columns (id, name) are alike by chance; their names must say it too.
    let confidence = if all >= 4 { share * 7 / 10 + alike * 3 / 10 } else { share * 4 / 10 + alike * 6 / 10 };
    let why = format!("{typed} of {all} columns have the same name and type, the names are {alike}% alike");
    (confidence >= CONFIDENCE_MIN).then_some(Evidence { confidence, why })
}

fn column_evidence(old: &Column, new: &Column, same_type: bool, same_place: bool) -> Option<Evidence> {
    let alike = likeness(&old.name, &new.name);
    if !same_type || (alike < 40 && !same_place) {
        return None;
    }
    let mut why = vec!["the same type".to_owned()];
    let mut confidence = 30;
    if same_place {
        why.push("the same position".to_owned());
        confidence += 20;
    }
    if old.nullable == new.nullable {
        confidence += 10;
    }
    if old.default == new.default {
        confidence += 5;
    }
    why.push(format!("names {alike}% alike"));
    confidence += alike * 35 / 100;
    (confidence >= CONFIDENCE_MIN).then(|| Evidence { confidence: confidence.min(99), why: why.join(", ") })
}

/// The surest first; each thing once.
fn greedy(mut candidates: Vec<(Evidence, usize, usize)>) -> Vec<(Evidence, usize, usize)> {
    candidates.sort_by(|a, b| b.0.confidence.cmp(&a.0.confidence).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut from, mut to) = (BTreeSet::new(), BTreeSet::new());
    candidates.retain(|(_, a, b)| {
        let free = !from.contains(a) && !to.contains(b);
        if free {
            from.insert(*a);
            to.insert(*b);
        }
        free
    });
    candidates
}

fn without<T: Copy>(all: &[T], taken: &BTreeSet<usize>) -> Vec<T> {
    all.iter().enumerate().filter(|(at, _)| !taken.contains(at)).map(|(_, one)| *one).collect()
}
