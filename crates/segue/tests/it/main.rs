//! The binary as its users meet it: real processes, real files, real servers, every exit code.

#![allow(clippy::unused_self, clippy::duration_suboptimal_units, reason = "a fixture reads better in one shape")]

mod assess;
mod demo;
mod documents;
mod exit_codes;
mod fixture;
mod journey;
mod kills;
mod outputs;
mod pages;
mod postgres;
mod rehearse;
mod rendered;
mod rendered_mariadb;
#[path = "../shared/said.rs"]
mod said;
mod secrets;
mod verbs;
