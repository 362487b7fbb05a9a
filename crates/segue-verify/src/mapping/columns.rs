//! The columns of two tables, by name: exactly, else without regard to case where that is unique on both sides.
//!
//! What stands on one side alone is named, and never dropped in silence. Tests: `tests/it/mapping.rs`.

use segue_engine::rows::{Class, ColumnRows, ReadColumn, TableRows};
use segue_model::verify::Gap;

use super::declared;
use super::{JsonAs, Mapping, classes};
use crate::VerifyError;

/// Two columns that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pairing {
    /// The source's column; `None` where an expression alone gives the value.
    pub(super) source: Option<String>,
    /// The target's column.
    pub(super) target: String,
}

impl Pairing {
    /// The name for people.
    pub(super) fn name(&self) -> &str {
        self.source.as_deref().unwrap_or(&self.target)
    }

    fn is_in(&self, names: &[String]) -> bool {
        names.iter().any(|name| Some(name) == self.source.as_ref() || *name == self.target)
    }
}

/// What belongs together, and what is alone.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) pairs: Vec<Pairing>,
    pub(super) only_in_source: Vec<String>,
    pub(super) only_in_target: Vec<String>,
    pub(super) notes: Vec<String>,
}

/// Names that the mapping uses and nobody has: a misspelt `--ignore-columns` must not pass for one that was heard.
pub(super) fn check_names(source: &TableRows, target: &TableRows, mapping: &Mapping) -> Result<(), VerifyError> {
    let has = |table: &TableRows, name: &str| table.columns.iter().any(|column| column.name == *name);
    let unknown = |name: &str, whose: &str| Err(VerifyError::Cannot(format!("{whose} has no column {name:?}")));
    let (here, there) = (source.table.to_string(), target.table.to_string());
    for (from, to) in &mapping.renamed {
        if !has(source, from) {
            return unknown(from, &here);
        }
        if !has(target, to) {
            return unknown(to, &there);
        }
    }
    for name in mapping.up.keys() {
        if !has(target, name) {
            return unknown(name, &there);
        }
    }
    for name in mapping.convert.keys().chain(&mapping.from_text) {
        if !has(source, name) {
            return unknown(name, &here);
        }
    }
    for name in mapping.only.iter().chain(&mapping.ignored).chain(&mapping.key) {
        if !has(source, name) && !has(target, name) {
            return Err(VerifyError::Cannot(format!("neither {here} nor {there} has a column {name:?}")));
        }
    }
    Ok(())
}

/// Pairs columns by name.
pub(super) fn find(source: &TableRows, target: &TableRows, mapping: &Mapping) -> Found {
    let mut found = Found::default();
    let mut left: Vec<&ColumnRows> = target.columns.iter().collect();
    let mut take = |name: &str| left.iter().position(|column| column.name == *name).map(|at| left.remove(at).name.clone());
    let mut partners: Vec<Option<String>> = source.columns.iter().map(|_| None).collect();
    for (partner, column) in partners.iter_mut().zip(&source.columns) {
        *partner = mapping.renamed.get(&column.name).and_then(|to| take(to));
    }
    for (partner, column) in partners.iter_mut().zip(&source.columns) {
        if partner.is_none() && !mapping.renamed.contains_key(&column.name) {
            *partner = take(&column.name);
        }
    }
    let alone: Vec<String> =
        source.columns.iter().zip(&partners).filter(|(_, partner)| partner.is_none()).map(|(column, _)| column.name.clone()).collect();
    for (partner, column) in partners.iter_mut().zip(&source.columns) {
        if partner.is_some() || mapping.renamed.contains_key(&column.name) {
            continue;
        }
        let folded = column.name.to_lowercase();
        let twins = alone.iter().filter(|name| name.to_lowercase() == folded).count();
        let candidates: Vec<usize> =
            left.iter().enumerate().filter(|(_, other)| other.name.to_lowercase() == folded).map(|(at, _)| at).collect();
        if let ([at], 1) = (candidates.as_slice(), twins) {
            let other = left.remove(*at).name.clone();
            found.notes.push(format!("{} is taken for {other}: their names differ in case", column.name));
            *partner = Some(other);
        }
    }
    for (partner, column) in partners.into_iter().zip(&source.columns) {
        match partner {
            Some(target) => found.pairs.push(Pairing { source: Some(column.name.clone()), target }),
            None => found.only_in_source.push(column.name.clone()),
        }
    }
    for column in left {
        if mapping.up.contains_key(&column.name) {
            found.pairs.push(Pairing { source: None, target: column.name.clone() });
        } else {
            found.only_in_target.push(column.name.clone());
        }
    }
    found
}

/// What is read of both sides, as it is put together.
#[derive(Debug, Default)]
pub(super) struct Made {
    pub(super) source: Vec<ReadColumn>,
    pub(super) target: Vec<ReadColumn>,
    pub(super) names: Vec<String>,
    pub(super) gaps: Vec<Gap>,
    pub(super) notes: Vec<String>,
}

/// A table and its engine.
#[derive(Clone, Copy)]
pub(super) struct Of<'a> {
    pub(super) table: &'a TableRows,
    pub(super) engine: &'a str,
}

impl Of<'_> {
    fn column(&self, name: &str) -> Option<&ColumnRows> {
        self.table.columns.iter().find(|column| column.name == *name)
    }
}

impl Made {
    /// Adds a pair of columns, or the gap that it is.
    pub(super) fn add(
        &mut self,
        source: Of<'_>,
        target: Of<'_>,
        pairing: &Pairing,
        mapping: &Mapping,
        is_key: bool,
    ) -> Result<(), VerifyError> {
        let gap = |reason: String| Gap { column: pairing.name().to_owned(), reason };
        let asked = mapping.only.is_empty() || is_key || pairing.is_in(&mapping.only);
        if !asked || pairing.is_in(&mapping.ignored) {
            self.gaps.push(gap("left out, as was asked for".to_owned()));
            return Ok(());
        }
        let Some(there) = target.column(&pairing.target) else { return Ok(()) };
        let here = pairing.source.as_deref().and_then(|name| source.column(name));
        let expression = mapping.up.get(&pairing.target).cloned();
        let unread = here.filter(|_| expression.is_none()).and_then(|column| column.unreadable.as_ref()).map(|why| ("source", why));
        if let Some((side, why)) = unread.or_else(|| there.unreadable.as_ref().map(|why| ("target", why))) {
            self.gaps.push(gap(format!("the {side} cannot give it: {why}")));
            return Ok(());
        }
        let paired = match (here, &expression) {
            (Some(here), None) => {
                declared::unspelt(here, mapping)?;
                by_types(here, source.engine, there, target.engine, mapping)
            }
            _ => Ok((tolerant(&there.class), Some("the source's value is what the mapping's expression gives".to_owned()))),
        };
        let (class, note) = match paired {
            Ok(paired) => paired,
            Err(why) => {
                self.gaps.push(gap(why));
                return Ok(());
            }
        };
        self.notes.extend(note.map(|note| format!("{}: {note}", pairing.name())));
        let name = pairing.source.clone().unwrap_or_else(|| pairing.target.clone());
        let source_class = here.filter(|_| expression.is_none()).map_or_else(|| class.clone(), |here| of_side(&class, &here.class));
        self.source.push(ReadColumn { name, expression, class: source_class });
        self.target.push(ReadColumn { name: there.name.clone(), expression: None, class: of_side(&class, &there.class) });
        self.names.push(pairing.name().to_owned());
        Ok(())
    }
}

fn by_types(
    here: &ColumnRows,
    source_engine: &str,
    there: &ColumnRows,
    target_engine: &str,
    mapping: &Mapping,
) -> Result<(Class, Option<String>), String> {
    let is_json = |class: &Class| matches!(class, Class::Json | Class::JsonText);
    let from_text = mapping.from_text.contains(&here.name);
    let (class, note) = if from_text && !is_json(&there.class) && there.class != Class::Text {
        return Err(format!("{} is declared to be JSON in a text, and the target's {} is none", here.data_type, there.data_type));
    } else if from_text {
        (Class::Json, None)
    } else {
        classes::common(&here.class, &here.data_type, source_engine, &there.class, &there.data_type, target_engine)?
    };
    let declared = declared::type_note(here, there, mapping);
    let class = match mapping.json {
        Some(JsonAs::Value) if is_json(&class) => Class::Json,
        Some(JsonAs::Text) if is_json(&class) => Class::JsonText,
        _ => class,
    };
    Ok((class, declared.or(note)))
}

/// What of a char that is padded is read without its padding; the other side is read as it is.
fn of_side(class: &Class, native: &Class) -> Class {
    match (class, native) {
        (Class::TextPadded, Class::Text) => Class::Text,
        _ => class.clone(),
    }
}

/// An expression's value need not be of the column's own type.
fn tolerant(class: &Class) -> Class {
    match class {
        Class::Boolean => Class::Integer,
        Class::DecimalScaled => Class::Decimal,
        Class::BytesPadded => Class::Bytes,
        other => other.clone(),
    }
}
