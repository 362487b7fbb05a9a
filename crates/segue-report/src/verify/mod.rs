//! What a comparison of two sides came to, in the forms that people and scripts read.
//!
//! Keys may be shown, no other value but where the user asked for values: then the report holds them and each form
//! shows them. Every form tells what was not compared. Tests: `tests/it/verify.rs`.

mod html;
mod human;
mod json;
mod junit;
mod markdown;
mod row;
mod say;
mod schema;

pub use html::html;
pub use human::human;
pub use json::{example as row_json, json};
pub use junit::junit;
pub use markdown::markdown;
pub use schema::schema;
