//! The steps on the reference engine, run by the real executor: one binary.
#![allow(missing_docs)]

mod backfill;
mod crashes;
mod gates;
mod pieces;
mod registry;
mod scripted;
mod shop;
mod verify;
