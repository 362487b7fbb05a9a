//! The planner: a pure function from (spec, observations) to a plan.
//!
//! The order of calls: [`touched`] and [`touched_indexes`] say what must be looked at; the caller observes it and
//! fills [`Observed`]; [`resolve`] turns the spec into table changes; the engine surveys each of them; [`plan`]
//! lays out phases, steps and gates. Nothing here opens a socket, reads a clock, a file or the environment.
//! Same inputs, same bytes. Tests: `tests/it/`, and beside the code in `resolve/`.

pub mod checklist;
pub mod comms;
mod diff;
pub mod estimate;
pub mod explain;
mod gate;
mod join;
mod observed;
mod possible;
mod profile;
mod project;
mod recipe;
pub mod register;
mod rehearsed;
mod resolve;
mod risk;
mod rule_sql;
mod say;
mod stated;
pub mod trigger;
mod wishes;

pub use diff::{Difference, diff};
pub use estimate::Model;
pub use observed::{Observed, PlanCapabilities};
pub use project::{Documents, Input, project};
pub use recipe::schema_change::{plan, throttle};
pub use resolve::{IndexDrop, Resolved, resolve, touched, touched_indexes};
