//! Which columns of two tables belong together, and under which class their values are compared.
//!
//! Strict by default: what both engines can represent must be the same value. Where one of them cannot, the pairing
//! says what counts as equal and leaves a note; where nothing fits, the column is a gap with a reason. It must never
//! leave out a column, or call two different values one, without saying so. Tests: `tests/it/mapping.rs`, and the
//! matrix of `segue_sim::rows` with servers as oracle.

mod classes;
mod columns;
mod declared;
mod key;
mod reshaped;
mod tables;
mod type_name;

use std::collections::BTreeMap;

use segue_engine::rows::{Conversion, Read, TableRows};
use segue_model::verify::Gap;

use self::columns::Of;
use crate::{TablePair, VerifyError};

pub use classes::common;
pub use declared::spell;
pub use reshaped::{Declared, declare, declared_table, reshape};
pub use tables::{Choice, Tables, tables};

/// What a zero date of MySQL becomes at the target, where the spec says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZeroDates {
    /// NULL.
    Null,
    /// This day: year, month, day.
    Day(u16, u8, u8),
}

/// How documents of JSON are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonAs {
    /// By their value: order of members, white space and spelling of numbers do not count.
    Value,
    /// By their text, byte for byte.
    Text,
}

/// What the user, or a spec, says of two tables. Names are those of the source unless something else is said; a name
/// of the target is understood too.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Mapping {
    /// Columns with another name at the target: source → target.
    pub renamed: BTreeMap<String, String>,
    /// Only these columns (and the key); empty: all.
    pub only: Vec<String>,
    /// Not these columns.
    pub ignored: Vec<String>,
    /// The key; empty: the source's own.
    pub key: Vec<String>,
    /// A condition in the source's SQL.
    pub source_where: Option<String>,
    /// A condition in the target's SQL.
    pub target_where: Option<String>,
    /// For a column of the target: the expression in the source's SQL that gives its value.
    pub up: BTreeMap<String, String>,
    /// Declared types: a type of the source → the type that it becomes.
    pub types: BTreeMap<String, String>,
    /// What zero dates become. `None`: they stay what they are, and differ from everything that is not the same.
    pub zero_dates: Option<ZeroDates>,
    /// How a column's value becomes the target's: seconds since 1970, a zone. [`spell`] turns them into expressions.
    pub convert: BTreeMap<String, Conversion>,
    /// What becomes of a column of the target after all that, in this order. [`spell`] puts it into `up`.
    pub then: Vec<(String, Conversion)>,
    /// Columns of text that hold JSON (`from_text: json`).
    pub from_text: Vec<String>,
    /// How JSON is compared. `None`: by value, and by text where both sides keep the text.
    pub json: Option<JsonAs>,
}

/// Makes one comparison of two tables. `*_engine`: `postgres`, `mysql`, `mariadb`, `sqlite`, `memory`.
pub fn pair(
    source: &TableRows,
    source_engine: &str,
    target: &TableRows,
    target_engine: &str,
    mapping: &Mapping,
) -> Result<TablePair, VerifyError> {
    columns::check_names(source, target, mapping)?;
    let found = columns::find(source, target, mapping);
    let mut made = columns::Made::default();
    made.notes.extend(found.notes.iter().cloned());
    let chosen = key::choose(source, target, &found, mapping, &mut made.notes)?;
    let (here, there) = (Of { table: source, engine: source_engine }, Of { table: target, engine: target_engine });
    for pairing in &found.pairs {
        made.add(here, there, pairing, mapping, chosen.contains(&pairing))?;
    }
    for (at, side) in [(&found.only_in_source, "source"), (&found.only_in_target, "target")] {
        let reason = format!("the {side} alone has this column");
        made.gaps.extend(at.iter().map(|column| Gap { column: column.clone(), reason: reason.clone() }));
    }
    let key = match key::positions(&chosen, &made, mapping) {
        Ok(key) => key,
        Err(why) if mapping.key.is_empty() => {
            made.notes.push(why);
            Vec::new()
        }
        Err(why) => return Err(VerifyError::Cannot(why)),
    };
    if made.names.is_empty() {
        let text = format!("{} and {} have no column that can be compared", source.table, target.table);
        return Err(VerifyError::Cannot(text));
    }
    if key.is_empty() {
        made.notes.push("no key is common to both tables: their rows are compared as a multiset".to_owned());
    }
    let ranges = key::ranges(source, target, &made, &key);
    let read = |side: &TableRows, columns, filter: &Option<String>| Read {
        filter: filter.clone(),
        ..Read::new(side.table.clone(), columns, key.clone())
    };
    Ok(TablePair {
        source: read(source, made.source, &mapping.source_where),
        target: read(target, made.target, &mapping.target_where),
        names: made.names,
        rows: source.rows.max(target.rows),
        ranges,
        not_compared: made.gaps,
        only_in_source: found.only_in_source,
        only_in_target: found.only_in_target,
        notes: made.notes,
    })
}
