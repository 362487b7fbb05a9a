//! `segue verify` as its users meet it: real files, real servers, every exit code.

mod beside;
mod engines;
mod files;
mod full;
mod killed;
mod labels;
mod live;
mod live_mariadb;
mod missed;
mod repair;
mod room;
#[path = "../shared/said.rs"]
mod said;
mod secrets;
mod silent;
mod spec;
mod standby;
mod stopped;
mod too_old;
mod views;
mod watch;
mod wrong;
