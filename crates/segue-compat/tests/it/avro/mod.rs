//! Cases of the `avro` family: `tests/cases/avro/`, and what holds for all of them.

mod cases;
mod coverage;
mod hostile;
mod verdicts;
