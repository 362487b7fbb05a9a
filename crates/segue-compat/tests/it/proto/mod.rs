//! Cases of the `proto` family: `tests/cases/proto/`, and what holds for all of them.

mod cases;
mod coverage;
mod descriptor;
mod hostile;
mod large;
