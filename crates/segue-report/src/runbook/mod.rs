//! Runbooks: what people do by hand, forward and back, as Markdown, shell, SQL and JSON.
//!
//! Pure functions of the plan. No export ever prints a placeholder: what nobody knows stands in *Needed before start*
//! with the key of the spec that answers it, and the readiness of the way back is red until then. A name of a user's
//! object never leaves its quotes. Tests: `tests/it/runbook_*.rs`.

mod block;
mod curve;
mod json;
mod markdown;
mod placeholder;
mod quote;
mod readiness;
mod sheet;
mod shell;
mod sql;
mod words;

pub use block::{Block, block, blocks, undo_block};
pub use curve::{Back, curve};
pub use json::json;
pub use markdown::markdown;
pub use placeholder::{Placeholder, placeholders};
pub use readiness::{Readiness, State, readiness};
pub use shell::shell;
pub use sql::sql;
