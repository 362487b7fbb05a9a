//! The PostgreSQL servers of this machine: the newest, both ends of what is there, or all of it in soak.

use std::path::PathBuf;
use std::sync::Arc;

use segue_postgres::private_server::{PrivateServer, find_bins};

use crate::bank::{Bank, Size};
use crate::figures::soak;
use crate::on_postgres::Postgres;
use crate::on_sqlite::Sqlite;
use crate::run::Folder;

fn all() -> Vec<PathBuf> {
    let hint = std::env::var("SEGUE_TEST_PG_BINS").ok();
    let bins = find_bins(hint.as_deref());
    assert!(!bins.is_empty(), "no PostgreSQL server programs on this machine: cargo xtask test installs them");
    bins
}

/// The oldest and the newest; every major in soak.
pub(crate) fn majors() -> Vec<PathBuf> {
    let mut bins = all();
    if !soak() && bins.len() > 2 {
        bins = vec![bins[0].clone(), bins[bins.len() - 1].clone()];
    }
    bins
}

/// A bank on a server with these programs.
pub(crate) fn bank_on(bins: &std::path::Path, size: Size) -> (Bank, Arc<Postgres>) {
    let server = PrivateServer::start(bins).expect("a server starts");
    let world = Arc::new(Postgres::new(server, size.accounts, size.ledger));
    (Bank::new(Folder::new(), world.clone(), size), world)
}

/// A bank on the newest server.
pub(crate) fn postgres(size: Size) -> (Bank, Arc<Postgres>) {
    bank_on(all().last().expect("one"), size)
}

/// A bank in a SQLite file.
pub(crate) fn sqlite(size: Size) -> (Bank, Arc<Sqlite>) {
    let folder = Folder::new();
    let world = Arc::new(Sqlite::new(folder.file("bank.db"), size.accounts, size.ledger));
    (Bank::new(folder, world.clone(), size), world)
}
