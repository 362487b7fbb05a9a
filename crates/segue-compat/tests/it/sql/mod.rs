//! Cases of the `sql` family.

mod bounds;
mod compare;
mod journey;
mod live;
mod reading;

mod lock_oracle;
mod schema_json;
mod script;
mod script_fix;
mod script_hostile;
mod script_lint;
mod steps;
