//! The two schema JSON dialects of the scripts that come with requirement document 000, as catalogs.
//!
//! One writes constraints in a map of their own and lengths beside types, the other keys and checks beside the columns.
//! `{}`, a missing `tables` or tables given as a list are refused with a code, never called compatible.
//! Tests: `tests/it/sql/schema_json.rs`.

mod parts;
mod read;

use super::{CatalogRead, Dialect, compare};
use crate::doc::{At, Doc};
use crate::draft::Outcome;
use crate::policy::Policy;
use crate::source::{File, Refused, Source, Span};

/// A JSON map with `tables` that hold `columns`, by content and cheaply.
pub fn looks_like(file: &File) -> bool {
    let Ok(text) = file.as_text() else { return false };
    let text = text.trim_start();
    if !text.starts_with('{') || !text.contains("\"tables\"") {
        return false;
    }
    let Ok(doc) = Doc::json(text) else { return false };
    let root = doc.root();
    let Some(tables) = root.get("tables") else { return false };
    !["openapi", "swagger", "asyncapi", "$schema"].iter().any(|key| root.get(key).is_some()) && (tables.is_map() || tables.is_list())
}

/// Compares two such schemas.
pub fn check(old: &Source, new: &Source, policy: &Policy) -> Result<Outcome, Vec<Refused>> {
    match (catalog(old), catalog(new)) {
        (Ok(before), Ok(after)) => {
            // One dialect for both sides, so that a type has one meaning.
            let dialect = if before.1 == Dialect::Mysql || after.1 == Dialect::Mysql { Dialect::Mysql } else { Dialect::Postgres };
            Ok(compare::check(&before.0, &after.0, dialect, policy))
        }
        (before, after) => Err([before.err(), after.err()].into_iter().flatten().collect()),
    }
}

/// The catalog of a schema JSON, and whose words its types are.
pub fn catalog(source: &Source) -> Result<(CatalogRead, Dialect), Refused> {
    let refuse = |code, span, message: String, help: &str| refused(source, code, span, message, help);
    let Some(file) = source.files.first() else {
        return Err(refuse("SG-CHK-060", None, "there is no file".to_owned(), "name a schema JSON"));
    };
    let text = file
        .as_text()
        .map_err(|at| refuse("SG-CHK-060", Some(Span::new(at, at)), "the file is no UTF-8 text".to_owned(), "save it as UTF-8"))?;
    let doc =
        Doc::json(text).map_err(|stop| refuse("SG-CHK-060", Some(stop.at), format!("this is no JSON: {}", stop.what), "mend the JSON"))?;
    let root = doc.root();
    if !root.is_map() {
        let message = format!("a schema is a map with `tables`; this is {}", root.what());
        return Err(refuse("SG-CHK-061", Some(root.span()), message, "write {\"tables\": {\"users\": {\"columns\": {…}}}}"));
    }
    let Some(tables) = root.get("tables") else {
        let message = "the schema has no `tables`".to_owned();
        return Err(refuse("SG-CHK-061", Some(root.span()), message, "write the tables under the key `tables`"));
    };
    if !tables.is_map() {
        let message = format!("`tables` is {}; it must be a map from a table's name to the table", tables.what());
        return Err(refuse("SG-CHK-062", Some(tables.span()), message, "write each table under its name"));
    }
    if tables.entries().len() == 0 {
        return Err(refuse(
            "SG-CHK-062",
            Some(tables.span()),
            "`tables` is empty".to_owned(),
            "a schema without tables is compared with nothing",
        ));
    }
    read::schema(root, tables)
        .map_err(|wrong| refuse("SG-CHK-063", Some(wrong.span), wrong.message, "see `docs/codes/SG-CHK-063.md` for the form"))
}

/// Something in a table that cannot be read.
pub(crate) struct Wrong {
    pub(crate) span: Span,
    pub(crate) message: String,
}

impl Wrong {
    pub(crate) fn at(at: At<'_>, message: impl Into<String>) -> Self {
        Self { span: at.span(), message: message.into() }
    }
}

fn refused(source: &Source, code: &'static str, span: Option<Span>, message: String, help: &str) -> Refused {
    let file = source.files.first().map(|file| file.name.clone()).unwrap_or_default();
    Refused { code, side: source.side, file, span, message, help: help.to_owned() }
}
