//! The planner: a pure function from (spec, observations) to a plan.
//!
//! The order of calls: [`touched`] and [`touched_indexes`] say what must be looked at; the caller observes it and
//! fills [`Observed`]; [`resolve`] turns the spec into table changes; the engine surveys each of them; [`plan`]
//! lays out phases, steps and gates. Nothing here opens a socket, reads a clock, a file or the environment.
//! Same inputs, same bytes. Tests: `tests/it/`, and beside the code in `resolve/`.

mod gate;
mod observed;
mod recipe;
mod resolve;
mod risk;
mod say;

pub use observed::{Observed, PlanCapabilities};
pub use recipe::schema_change::{plan, throttle};
pub use resolve::{IndexDrop, Resolved, resolve, touched, touched_indexes};
