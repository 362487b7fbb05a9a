//! Keys and indexes by what they hold, not by what they are called. Tests: `tests/it/sql/compare.rs`.

use std::collections::BTreeMap;

use segue_model::catalog::{Constraint, ConstraintKind, Index, Table};

use super::super::Dialect;
use super::super::scan::normal;
use super::pair::{Pair, Sides};

/// What an index holds, without its name and table.
pub(crate) fn form(index: &Index, dialect: Dialect) -> String {
    let text = normal(&index.definition, dialect);
    let method = ["using hash", "using gin", "using gist", "using brin", "fulltext", "spatial", "invisible"];
    let said: Vec<&str> = method.into_iter().filter(|word| text.contains(word)).collect();
    let held = text.find('(').and_then(|at| text.get(at..)).unwrap_or_default();
    let held = held.replace(" asc", "").replace("using btree ", "");
    format!("{}{} {held}", if index.unique { "unique " } else { "" }, said.join(" "))
}

/// The unique keys of a table but the primary one, by what they hold; the name for people.
pub(crate) fn uniques(table: &Table, rename: impl Fn(&[String]) -> Vec<String>, dialect: Dialect) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let fold =
        |names: Vec<String>| if dialect == Dialect::Postgres { names } else { names.into_iter().map(|name| name.to_lowercase()).collect() };
    for constraint in table.constraints.iter().filter(|constraint| constraint.kind == ConstraintKind::Unique) {
        let mut columns = fold(rename(&constraint.columns));
        columns.sort();
        // A prefix or an expression binds other rows than the whole column.
        let partial = table.indexes.iter().find(|index| index.name == constraint.name && index.partial_or_expression);
        found.insert(partial.map_or_else(|| format!("({})", columns.join(", ")), |index| form(index, dialect)), constraint.name.clone());
    }
    for index in table.indexes.iter().filter(|index| index.unique && !index.primary && index.constraint.is_none()) {
        let mut columns = fold(rename(&index.columns));
        columns.sort();
        let key = if index.partial_or_expression { form(index, dialect) } else { format!("({})", columns.join(", ")) };
        found.entry(key).or_insert_with(|| index.name.clone());
    }
    found
}

/// Foreign keys by columns and target, with renames followed; each with the old side's and the new side's constraint.
pub(crate) fn foreign_keys<'a>(sides: &Sides<'_>, pair: &Pair<'a>) -> Vec<(Option<&'a Constraint>, Option<&'a Constraint>)> {
    let of = |table: &'a Table| table.constraints.iter().filter(|constraint| constraint.kind == ConstraintKind::ForeignKey);
    let mut left: Vec<&'a Constraint> = of(pair.new).collect();
    let mut found = Vec::new();
    for old in of(pair.old) {
        let columns = pair.new_names(&old.columns);
        let at = left.iter().position(|new| {
            same_names(&new.columns, &columns, sides.dialect) && sides.same_target(old.references.as_ref(), new.references.as_ref())
        });
        found.push((Some(old), at.map(|at| left.remove(at))));
    }
    found.extend(left.into_iter().map(|new| (None, Some(new))));
    found
}

/// Checks that say different things: by their texts, then by their names.
pub(crate) fn checks<'a>(sides: &Sides<'_>, pair: &Pair<'a>) -> Vec<(Option<&'a Constraint>, Option<&'a Constraint>)> {
    let of = |table: &'a Table| table.constraints.iter().filter(|constraint| constraint.kind == ConstraintKind::Check).collect::<Vec<_>>();
    let dialect = sides.dialect;
    let mut new_by_text: BTreeMap<String, Vec<&'a Constraint>> = BTreeMap::new();
    for new in of(pair.new) {
        new_by_text.entry(super::expression::form(condition(&new.definition), dialect)).or_default().push(new);
    }
    let mut old_left = Vec::new();
    for old in of(pair.old) {
        let text = pair.renamed_text(condition(&old.definition), dialect);
        if new_by_text.get_mut(&text).and_then(Vec::pop).is_none() {
            old_left.push(old);
        }
    }
    let mut new_left: Vec<&'a Constraint> = new_by_text.into_values().flatten().collect();
    new_left.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.definition.cmp(&b.definition)));
    let mut found = Vec::new();
    for old in old_left {
        let at = new_left.iter().position(|new| !old.name.is_empty() && new.name == old.name);
        found.push((Some(old), at.map(|at| new_left.remove(at))));
    }
    found.extend(new_left.into_iter().map(|new| (None, Some(new))));
    found
}

/// The condition of `CHECK (…) NOT VALID` and `CONSTRAINT c CHECK (…)`.
pub(crate) fn condition(definition: &str) -> &str {
    let Some(open) = definition.find('(') else { return definition };
    let Some(close) = definition.rfind(')') else { return definition };
    definition.get(open + 1..close).unwrap_or(definition).trim()
}

fn same_names(a: &[String], b: &[String], dialect: Dialect) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| if dialect == Dialect::Postgres { a == b } else { a.eq_ignore_ascii_case(b) })
}

/// The column stands in a key or index of the table.
pub(crate) fn in_a_key(table: &Table, column: &str) -> bool {
    table.indexes.iter().any(|index| index.columns.iter().any(|name| name.eq_ignore_ascii_case(column)))
}

/// What one side has and the other has not, for the steps.
pub(crate) mod keyed {
    use std::collections::BTreeSet;

    use super::{BTreeMap, Constraint, ConstraintKind, Index, Pair, Sides, checks, foreign_keys, uniques};

    /// Unique, foreign key and check constraints that are new.
    pub(crate) fn added<'a>(sides: &Sides<'_>, pair: &Pair<'a>) -> Vec<&'a Constraint> {
        let old = uniques(pair.old, |names| pair.new_names(names), sides.dialect);
        let names: BTreeSet<String> = uniques(pair.new, <[String]>::to_vec, sides.dialect)
            .into_iter()
            .filter(|(held, _)| !old.contains_key(held))
            .map(|(_, name)| name)
            .collect();
        let unique = pair.new.constraints.iter().filter(|one| one.kind == ConstraintKind::Unique && names.contains(&one.name));
        let others = checks(sides, pair).into_iter().chain(foreign_keys(sides, pair));
        unique.chain(others.filter_map(|(old, new)| if old.is_none() { new } else { None })).collect()
    }

    /// Unique, foreign key and check constraints that are gone.
    pub(crate) fn dropped<'a>(sides: &Sides<'_>, pair: &Pair<'a>) -> Vec<&'a Constraint> {
        let new = uniques(pair.new, <[String]>::to_vec, sides.dialect);
        let names: BTreeSet<String> = uniques(pair.old, |names| pair.new_names(names), sides.dialect)
            .into_iter()
            .filter(|(held, _)| !new.contains_key(held))
            .map(|(_, name)| name)
            .collect();
        let unique = pair.old.constraints.iter().filter(|one| one.kind == ConstraintKind::Unique && names.contains(&one.name));
        let others = checks(sides, pair).into_iter().chain(foreign_keys(sides, pair));
        unique.chain(others.filter_map(|(old, new)| if new.is_none() { old } else { None })).collect()
    }

    /// Indexes of no constraint that are new.
    pub(crate) fn indexes_added<'a>(sides: &Sides<'_>, pair: &Pair<'a>) -> Vec<&'a Index> {
        let old = forms(sides, pair, pair.old, true);
        forms(sides, pair, pair.new, false).into_iter().filter(|(held, _)| !old.contains_key(held)).map(|(_, index)| index).collect()
    }

    /// Indexes of no constraint that are gone, but those that go with their columns.
    pub(crate) fn indexes_dropped<'a>(sides: &Sides<'_>, pair: &Pair<'a>) -> Vec<&'a Index> {
        let new = forms(sides, pair, pair.new, false);
        let gone = |index: &Index| index.columns.iter().any(|name| pair.removed.iter().any(|column| column.name == *name));
        forms(sides, pair, pair.old, true)
            .into_iter()
            .filter(|(held, index)| !new.contains_key(held) && !gone(index))
            .map(|(_, index)| index)
            .collect()
    }

    fn forms<'a>(sides: &Sides<'_>, pair: &Pair<'_>, table: &'a super::Table, renamed: bool) -> BTreeMap<String, &'a Index> {
        let plain = table.indexes.iter().filter(|index| !index.primary && index.constraint.is_none());
        plain
            .map(|index| {
                let form = super::form(index, sides.dialect);
                let held =
                    if renamed { pair.renamed_text(&form, sides.dialect) } else { super::super::expression::form(&form, sides.dialect) };
                (held, index)
            })
            .collect()
    }
}
