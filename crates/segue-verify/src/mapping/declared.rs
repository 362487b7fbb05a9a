//! What a spec declares to be equal: conversions that the source's engine spells in its own SQL.
//!
//! It must never let a declared conversion pass unheard: what no engine can spell is refused. Tests:
//! `tests/it/declared.rs`.

use segue_engine::rows::{Class, ColumnRows, Conversion, Rows, TableRows};

use super::type_name::TypeName;
use super::{Mapping, ZeroDates, columns};
use crate::VerifyError;

/// Turns the declared conversions of a mapping into expressions of the source's SQL (`up`). Called before
/// [`super::pair`], which refuses conversions that were not spelt.
pub fn spell(mapping: &mut Mapping, source: &TableRows, target: &TableRows, rows: &dyn Rows) -> Result<(), VerifyError> {
    columns::check_names(source, target, mapping)?;
    let found = columns::find(source, target, mapping);
    for pairing in &found.pairs {
        let Some(column) = source.columns.iter().find(|column| Some(&column.name) == pairing.source.as_ref()) else { continue };
        let Some(conversion) = conversion_of(column, mapping) else { continue };
        if mapping.up.contains_key(&pairing.target) {
            continue;
        }
        let spelt = rows.converted(column, &conversion).ok_or_else(|| cannot(column, &conversion))?;
        mapping.up.insert(pairing.target.clone(), spelt);
    }
    for (name, conversion) in std::mem::take(&mut mapping.then) {
        let Some(pairing) = found.pairs.iter().find(|pairing| pairing.target == name) else { continue };
        let of = mapping.up.remove(&name);
        let here = source.columns.iter().find(|column| Some(&column.name) == pairing.source.as_ref());
        // Where an expression stands for it, no column of the source is asked.
        let Some(column) = here.or_else(|| target.columns.iter().find(|column| column.name == name && of.is_some())) else { continue };
        let spelt = rows.converted(column, &conversion.clone().over(of));
        mapping.up.insert(name, spelt.ok_or_else(|| cannot(column, &conversion))?);
    }
    Ok(())
}

fn cannot(column: &ColumnRows, conversion: &Conversion) -> VerifyError {
    VerifyError::Cannot(format!("the source cannot convert {} ({}) as declared: {conversion}", column.name, column.data_type))
}

fn conversion_of(column: &ColumnRows, mapping: &Mapping) -> Option<Conversion> {
    if let Some(stated) = mapping.convert.get(&column.name) {
        return Some(stated.clone());
    }
    let dated = matches!(column.class, Class::Date | Class::Timestamp | Class::Instant);
    match mapping.zero_dates.filter(|_| dated)? {
        ZeroDates::Null => Some(Conversion::ZeroDates(None)),
        ZeroDates::Day(year, month, day) => Some(Conversion::ZeroDates(Some((year, month, day)))),
    }
}

/// Refuses a conversion that nobody spelt.
pub(super) fn unspelt(column: &ColumnRows, mapping: &Mapping) -> Result<(), VerifyError> {
    match conversion_of(column, mapping) {
        Some(conversion) => Err(VerifyError::Cannot(format!("the conversion of {} was not spelt: {conversion}", column.name))),
        None => Ok(()),
    }
}

/// A sentence where the target's type is not the declared one.
pub(super) fn type_note(here: &ColumnRows, there: &ColumnRows, mapping: &Mapping) -> Option<String> {
    let declared = mapping.types.iter().find(|(from, _)| from.eq_ignore_ascii_case(&here.data_type))?.1;
    let same = TypeName::read(declared) == TypeName::read(&there.data_type);
    (!same).then(|| format!("{} is declared to become {declared}, and is {} at the target", here.data_type, there.data_type))
}
