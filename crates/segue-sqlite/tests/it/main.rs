//! The SQLite engine against real files. SQLite itself is the oracle: every test looks at what it stored.
#![allow(missing_docs)]

mod catalog;
mod clone;
mod constraints;
mod fence;
mod inspect;
mod journey;
mod keys;
mod rows;
mod sides;
mod support;
mod survey;
mod unseen;
mod verify;
mod view;
mod writers;
