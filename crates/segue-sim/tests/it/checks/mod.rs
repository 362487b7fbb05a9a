//! What is compared beside the rows, against real servers of each engine.

mod ask;
mod catalog;
mod emit;
mod numbers;
mod rules;
mod stand;
