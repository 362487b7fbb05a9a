//! The binary as its users meet it: real processes, real files, real servers, every exit code.

mod demo;
mod exit_codes;
mod fixture;
mod journey;
mod kills;
mod outputs;
mod postgres;
mod secrets;
