//! Crash points with real processes (R1), and the proof of the syncs that `kill -9` cannot give.
//!
//! A debug build of the binary kills itself at the n-th crash point of the executor (`SEGUE_CRASH_AT=n`); the run
//! then goes on to either end, and the database must be the one that never began or the one that went straight
//! through, to the last row and catalog entry. CI takes a sample by a printed seed, `SEGUE_SOAK` takes every point.
//! What never happens here: a sleep in place of a look, or an end that is accepted because it is "good enough".

#![allow(missing_docs)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the figures of a suite are what it prints")]

mod back;
mod figures;
mod forward;
mod ground;
mod journey;
mod pairs;
mod postgres;
mod server;
mod sqlite;
mod syncs;
mod trace;
