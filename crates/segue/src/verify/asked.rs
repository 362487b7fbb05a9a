//! What was asked for: the flags of `segue verify` and the spec, as one value.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use segue_engine::rows::{Conversion, EpochUnit};
use segue_model::change::Change;
use segue_model::problem::Problem;
use segue_model::spec::program::{ColumnConversion, Move};
use segue_verify::mapping::{Choice, Mapping, ZeroDates};

use crate::exit::Exit;
use crate::failure::Failure;

/// A mapping that holds for one table, or for all.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mappings {
    /// What holds for all tables: columns, conditions, key.
    pub(crate) all: Mapping,
    /// Columns with another name at the target: (table, source, target); an empty table means all.
    pub(crate) renamed: Vec<(String, String, String)>,
    /// Conversions of a spec by table and column.
    pub(crate) columns: BTreeMap<(String, String), ColumnConversion>,
    /// What a spec makes of the target's tables once they are there.
    pub(crate) changes: Vec<Change>,
    /// What a spec makes of them that is not understood here: a sentence each.
    pub(crate) unread: Vec<String>,
}

impl Mappings {
    /// The mapping of a table of the source.
    pub(crate) fn of(&self, table: &str) -> Mapping {
        let mut mapping = self.all.clone();
        for (of, from, to) in &self.renamed {
            if of.is_empty() || of == table {
                mapping.renamed.insert(from.clone(), to.clone());
            }
        }
        for ((of, column), conversion) in &self.columns {
            if of == table {
                add(&mut mapping, column, conversion);
            }
        }
        mapping
    }
}

fn add(mapping: &mut Mapping, column: &str, conversion: &ColumnConversion) {
    if conversion.from_text.as_deref() == Some("json") {
        mapping.from_text.push(column.to_owned());
    }
    if let Some(unit) = &conversion.from_epoch {
        mapping.convert.insert(column.to_owned(), Conversion::Epoch(epoch(unit)));
    } else if let Some(zone) = &conversion.zone {
        mapping.convert.insert(column.to_owned(), Conversion::Zone(zone.clone()));
    }
}

fn epoch(unit: &str) -> EpochUnit {
    if unit == "milliseconds" { EpochUnit::Millis } else { EpochUnit::Seconds }
}

/// `--rename old=new` of a table, `--rename table.old=new` of a column.
pub(crate) fn renames(wishes: &[String], choice: &mut Choice, mappings: &mut Mappings) -> Result<(), Failure> {
    for wish in wishes {
        let Some((from, to)) = wish.split_once('=').filter(|(from, to)| !from.is_empty() && !to.is_empty()) else {
            return Err(refuse("SG-VER-001", format!("`{wish}` says no new name"), "--rename users=people, --rename users.name=full_name"));
        };
        match from.rsplit_once('.') {
            None => {
                choice.renamed.insert(from.to_owned(), to.to_owned());
            }
            Some((table, column)) => mappings.renamed.push((table.to_owned(), column.to_owned(), to.to_owned())),
        }
    }
    Ok(())
}

/// What a spec's `move` says.
pub(crate) fn of_move(moved: &Move, choice: &mut Choice, mappings: &mut Mappings) -> Result<(), Failure> {
    choice.include.extend(moved.include.iter().cloned());
    choice.exclude.extend(moved.exclude.iter().cloned());
    mappings.all.types.clone_from(&moved.types);
    mappings.all.zero_dates = match moved.zero_dates.as_deref() {
        None => None,
        Some("null") => Some(ZeroDates::Null),
        Some(day) => Some(zero_date(day)?),
    };
    for (place, conversion) in &moved.columns {
        let Some((table, column)) = place.rsplit_once('.') else {
            let message = format!("`convert.columns.{place}` names no column");
            return Err(refuse("SG-VER-001", message, "write it as table.column"));
        };
        mappings.columns.insert((table.to_owned(), column.to_owned()), conversion.clone());
    }
    Ok(())
}

fn zero_date(text: &str) -> Result<ZeroDates, Failure> {
    let day: jiff::civil::Date = text
        .parse()
        .map_err(|_| refuse("SG-VER-001", format!("`zero_dates: {text}` is no day"), "zero_dates: null, or a day: 1970-01-01"))?;
    let part = |number: i8| u8::try_from(number).unwrap_or(0);
    Ok(ZeroDates::Day(u16::try_from(day.year()).unwrap_or(0), part(day.month()), part(day.day())))
}

/// A refusal before anything is touched.
pub(crate) fn refuse(code: &str, message: impl Into<String>, help: impl Into<String>) -> Failure {
    Failure::new(Exit::Usage, Problem::new(code, message).safe("nothing was touched").help(help))
}

/// A form and a file: `json=verify.json`.
pub(crate) fn form_and_path(wish: &str) -> Result<(crate::cli::Format, PathBuf), Failure> {
    use clap::ValueEnum as _;
    let told = wish.split_once('=').and_then(|(form, path)| Some((crate::cli::Format::from_str(form, true).ok()?, path)));
    match told {
        Some((form, path)) if !path.is_empty() => Ok((form, Path::new(path).to_owned())),
        _ => Err(refuse(
            "SG-VER-001",
            format!("`--report {wish}` is not FORM=FILE"),
            "--report html=verify.html; forms: json, markdown, html, junit",
        )),
    }
}
