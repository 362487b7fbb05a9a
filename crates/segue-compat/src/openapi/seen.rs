//! The operations of a document as others see them: what a plan of deprecation needs.
//!
//! Facts of one document only; no dates are made up. Tests: `tests/it/openapi/`.

use super::library::Library;
use super::{read, root};
use crate::source::{Refused, Source};

/// One operation of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationSeen {
    /// `GET`.
    pub method: String,
    /// The path as written.
    pub path: String,
    /// Its `operationId`.
    pub operation_id: Option<String>,
    /// Its tags, sorted.
    pub tags: Vec<String>,
    /// It is marked as deprecated.
    pub deprecated: bool,
    /// `x-sunset` as written.
    pub sunset: Option<String>,
    /// What is to be used in its place, when an extension says so.
    pub successor: Option<String>,
    /// `x-stability-level` as written.
    pub stability: Option<String>,
}

impl OperationSeen {
    /// What a person calls it: `GET /orders`, as in the reach of a finding.
    pub fn label(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// Every operation of a document, by path and method.
pub fn operations(source: &Source) -> Result<Vec<OperationSeen>, Vec<Refused>> {
    let library = Library::read(source).map_err(|refused| vec![refused])?;
    let dialect = root::dialect(&library, true)?;
    let document = read::document(&library, dialect);
    let mut seen: Vec<OperationSeen> = document
        .into_iter()
        .flat_map(|document| document.operations)
        .map(|operation| OperationSeen {
            method: operation.method,
            path: operation.path,
            operation_id: operation.id.map(|(id, _)| id),
            tags: operation.tags.into_iter().collect(),
            deprecated: operation.life.deprecated,
            sunset: operation.life.sunset,
            successor: operation.life.successor,
            stability: operation.life.stability,
        })
        .collect();
    seen.sort_by(|a, b| (&a.path, &a.method).cmp(&(&b.path, &b.method)));
    Ok(seen)
}
