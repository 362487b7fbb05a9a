//! `segue verify` as its users meet it: real files, real servers, every exit code.

mod beside;
mod engines;
mod files;
mod full;
mod killed;
mod live;
mod live_mariadb;
mod missed;
mod repair;
mod room;
#[path = "../shared/said.rs"]
mod said;
mod secrets;
mod spec;
mod stopped;
mod too_old;
mod wrong;
