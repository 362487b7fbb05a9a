//! What `segue check FILE.sql` says of locks, rewrites and scans, against PostgreSQL itself.
//!
//! The server is the judge: statements of ours run one by one in a transaction, and `pg_locks`, `relfilenode` and the scans of
//! that transaction are compared with the prediction; safe sequences run for real and must end in the same catalog.
#![allow(missing_docs, clippy::unwrap_used)]

mod catalog;
mod elsewhere;
mod fixes;
mod journeys;
mod live_pairs;
mod locks;
mod server;
mod witness;
