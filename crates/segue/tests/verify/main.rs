//! `segue verify` as its users meet it: real files, real servers, every exit code.

mod beside;
mod engines;
mod files;
mod live;
mod repair;
mod room;
#[path = "../shared/said.rs"]
mod said;
mod secrets;
mod stopped;
mod wrong;
