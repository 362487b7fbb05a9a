//! The shop: what is in it, how it changes, and the one trait through which its clients talk to a database.

use super::Version;
use crate::failure::Failure;

/// Rows at the start; the issue of the demo asks for 200,000.
pub(super) const CUSTOMERS: i64 = 50_000;
/// Orders at the start.
pub(super) const ORDERS: i64 = 150_000;
/// Writers.
pub(super) const WRITERS: i64 = 8;
/// Orders that a writer inserts have ids from here, a million for each writer.
pub(super) const INSERTED_FROM: i64 = 1_000_000;
/// The tag of the spec's id.
pub(super) const ID: &str = "demo";

/// The name that customer `id` has at the start.
pub(super) fn first_name(id: i64) -> String {
    format!("customer {id}")
}

/// The total, in cents, that order `id` has at the start.
pub(super) fn first_cents(id: i64) -> i64 {
    id % 9_000 + 100
}

/// The spec, with the engine's own words where they differ.
pub(super) fn spec(system: &str, new_type: &str, up: &str, down: &str) -> String {
    format!(
        "segue: 1
id: {ID}
name: the shop gets its second form
systems: {{shop: {system}}}
limits: {{downtime: 5s}}
schema:
  in: shop
  changes:
    - rename_column: {{table: customers, from: name, to: full_name}}
    - change_type: {{table: orders, column: total, to: \"{new_type}\", up: \"{up}\", down: \"{down}\"}}
    - add_column: {{table: orders, column: status, type: text, null: false, default: \"'new'\", up: \"case when note like 'w%' then 'live' else 'seed' end\"}}
"
    )
}

/// A client of the shop: one connection, speaking both versions. Every call is one acknowledged transaction.
pub(super) trait Client: Send {
    /// A new order.
    fn insert_order(&mut self, version: Version, id: i64, customer: i64, cents: i64, note: &str) -> Result<(), String>;
    /// Another total.
    fn update_order(&mut self, version: Version, id: i64, cents: i64) -> Result<(), String>;
    /// Another name.
    fn update_customer(&mut self, version: Version, id: i64, name: &str) -> Result<(), String>;
    /// The total in cents as this version reads it.
    fn read_order(&mut self, version: Version, id: i64) -> Result<Option<i64>, String>;
    /// All customers: `(id, name)` as this version reads them.
    fn all_customers(&mut self, version: Version) -> Result<Vec<(i64, String)>, String>;
    /// All orders: `(id, cents, note, has a status)` as this version reads them.
    fn all_orders(&mut self, version: Version) -> Result<Vec<Row>, String>;
    /// Removes a row behind everybody's back: the planted fault.
    fn plant_loss(&mut self, id: i64) -> Result<(), String>;
}

/// One order as a checker reads it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) cents: i64,
    pub(super) note: String,
    pub(super) status: bool,
}

/// A database with the shop in it.
pub(super) trait Database: Sync {
    /// A fresh client.
    fn client(&self) -> Result<Box<dyn Client>, Failure>;
    /// The spec that changes it.
    fn spec(&self) -> String;
    /// What children need in their environment.
    fn environment(&self) -> Vec<(String, String)>;
    /// For the first line of the story.
    fn described(&self) -> String;
}
