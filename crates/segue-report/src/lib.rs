//! Reports: pure functions from plan, journal and views to what a person or a script reads.
//!
//! Nothing here opens a socket, reads a clock or the environment, or prints. Names of users' objects go through
//! [`shown`] before they reach a terminal, so that control characters and bidirectional overrides are visible.
//! Tests: `tests/it/`.

pub mod check;
pub mod document;
mod emit;
mod export;
pub mod html;
mod journal;
mod markup;
pub mod message;
mod plan;
pub mod runbook;
mod status;
mod text;
mod time;
pub mod tracker;
pub mod trap;
pub mod verify;
mod view;

pub use emit::claude_skills_json;
pub use export::summary_json;
pub use journal::{log_json, log_text};
pub use plan::{Detail, plan_json, plan_text, plan_text_at};
pub use status::{left_aside, status_json, status_text};
pub use text::{about, shown};
pub use view::{BackView, LeaseView, PhaseState, PhaseView, RunState, StatusView, VersionView, VersionsView, WaitingView};
