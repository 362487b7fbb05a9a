//! The tests of `segue-verify`.

mod checks;
mod classes;
mod cost;
mod declared;
mod fault;
mod fingerprint;
mod mapping;
mod property;
mod reshaped;
mod sample;
mod settle;
mod shelf;
mod sketch;
mod tables;
