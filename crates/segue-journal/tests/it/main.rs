//! The journal under damage, the executor under crashes: one binary.
#![allow(missing_docs)]

mod damage;
mod executor;
mod golden;
mod lease;
mod requests;
mod store;
mod transition;
mod world;
