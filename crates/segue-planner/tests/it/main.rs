//! The planner's integration tests: resolving, plans, properties.

mod codes;
mod fixture;
mod plan;
mod property;
mod resolve;
