//! `segue check` as its users meet it: real files, real repositories, real databases, every exit code.

#![allow(clippy::format_collect, clippy::print_stderr, reason = "texts are made in one expression here, and what is skipped is told")]

mod baseline;
mod canary;
mod documents;
mod folders;
mod forms;
mod hostile;
mod kinds;
mod matrix;
mod recipes;
mod remote;
mod room;
#[path = "../shared/said.rs"]
mod said;
mod scripts;
mod sides;
mod specs;
mod tls;
