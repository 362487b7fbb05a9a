//! Value shapes: the relation, its proofs, its cost.

mod cases;
mod harness;
mod hostile;
mod random;
mod reach;
mod schema;
mod unevaluated;
