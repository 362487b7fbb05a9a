//! One suite that every engine passes: what it reads, the pieces that it makes and unmakes, both forms alive, the
//! walk over keys, the fence, locks, errors, hostile names.
//!
//! A [`Fixture`] hides how clients reach an engine. A capability that an engine declares missing is respected,
//! never worked around. Must never know an engine by name where a capability decides.
//! Run by `tests/it/conformance_*.rs`.

mod change;
mod fencing;
mod forms;
mod memory;
mod names;
mod pieces;
mod postgres;
mod reading;
mod sqlite;
mod walking;

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use async_trait::async_trait;
use segue_engine::memory::Side;
use segue_engine::rows::Mendable;
use segue_engine::{Engine, ErrorKind, Guard, Piece, PieceState, Reshape, quote};
use segue_model::catalog::{Catalog, differences};
use segue_model::ident::TableName;
use segue_model::reshape::TableChange;

pub use change::{USERS, key_change, users_change};
pub use memory::MemoryFixture;
pub use postgres::{PostgresFixture, PostgresServer};
pub use sqlite::SqliteFixture;

/// Why a client's statement failed: words that tests may print.
pub type ClientError = String;

/// Keeps a session's lock for as long as it lives.
pub type Held = Box<dyn std::any::Any + Send>;

/// An engine with a database of its own, empty at first, and clients of each side.
#[async_trait]
pub trait Fixture: Send + Sync {
    /// The engine under test.
    fn engine(&self) -> &dyn Engine;

    /// The same engine, for those that keep it.
    fn shared(&self) -> Arc<dyn Engine>;

    /// The same engine, as one whose rows can be read and put right.
    fn mendable(&self) -> Arc<dyn Mendable>;

    /// Runs a statement of a client; gives the number of rows where the engine knows it. `change` is the
    /// transition that decides what the old and new side are; without one, all sides are the base table.
    async fn execute(&self, side: Side, change: Option<&TableChange>, sql: &str) -> Result<u64, ClientError>;

    /// Runs a query of a client: values as texts, `NULL` for NULL.
    async fn rows(&self, side: Side, change: Option<&TableChange>, sql: &str) -> Result<Vec<Vec<String>>, ClientError>;

    /// A session holds a lock on a table, so that no schema change can have it. `None`: this engine cannot.
    async fn hold(&self, table: &TableName) -> Option<Held>;

    /// The lock is let go, whatever dropping it means to the engine.
    async fn release(&self, held: Held);

    /// A cast that does not fit is an error of the server (SQLite makes 0 of it).
    fn casts_fail(&self) -> bool {
        true
    }

    /// Comments are kept.
    fn has_comments(&self) -> bool {
        true
    }
}

/// Runs the whole suite, each case on a fresh fixture. Gives the number of cases; panics after the last one with
/// the names of all that failed (what was wrong with each was printed when it was met).
pub async fn conformance<F: Fixture>(make: impl AsyncFn() -> F) -> usize {
    let (mut cases, mut failed) = (0, Vec::new());
    macro_rules! case {
        ($($path:path),+ $(,)?) => {$({
            let fixture = make().await;
            if !holds(Box::pin($path(&fixture))).await {
                failed.push(stringify!($path));
            }
            cases += 1;
        })+};
    }
    case!(reading::a_table_is_read, reading::names_are_resolved, reading::queries_are_digested, reading::errors_have_kinds);
    case!(pieces::control_comes_and_goes, pieces::a_table_comes_and_goes, pieces::an_index_comes_and_goes);
    case!(pieces::a_unique_index_refuses_duplicates, pieces::constraints_come_and_go, pieces::a_unique_constraint_stands_on_its_index);
    case!(pieces::what_is_dropped_is_gone, pieces::a_run_is_finished_once);
    case!(forms::expand_comes_and_goes, forms::both_sides_see_each_other, forms::a_conflict_is_refused, forms::forward_to_the_end);
    case!(forms::going_back_keeps_both_sides_writes, forms::there_and_back_and_there_again, forms::what_cannot_be_converted_is_kept_aside);
    case!(walking::every_kind_of_key_is_walked, walking::a_walk_goes_on_from_its_key, walking::a_comparison_sees_damage);
    case!(fencing::a_stale_executor_is_refused_everywhere, fencing::taking_over_raises_the_epoch, fencing::a_lock_names_its_holder);
    case!(names::hostile_names_survive);
    assert!(failed.is_empty(), "{} of {cases} cases failed: {}", failed.len(), failed.join(", "));
    cases
}

/// Whether a case came to its end without a panic.
async fn holds(mut case: Pin<Box<dyn Future<Output = ()> + '_>>) -> bool {
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| case.as_mut().poll(context))) {
        Ok(Poll::Ready(())) => Poll::Ready(true),
        Ok(Poll::Pending) => Poll::Pending,
        Err(_) => Poll::Ready(false),
    })
    .await
}

/// The guard of a run that these cases use.
pub(crate) fn guard(epoch: u64) -> Guard {
    Guard {
        run: "proof-1".to_owned(),
        tag: "proof".to_owned(),
        step: "case".to_owned(),
        epoch,
        lock_timeout_ms: 300,
        spec_digest: "digest-of-proof".to_owned(),
    }
}

/// A name as a client of the URL would find it.
pub(crate) async fn resolved(fixture: &dyn Fixture, name: &str) -> TableName {
    fixture.engine().resolve(&TableName::bare(name)).await.expect("a name resolves")
}

pub(crate) async fn base(fixture: &dyn Fixture, sql: &str) -> u64 {
    fixture.execute(Side::Base, None, sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

pub(crate) async fn base_rows(fixture: &dyn Fixture, sql: &str) -> Vec<String> {
    let rows = fixture.rows(Side::Base, None, sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.iter().map(|row| row.join("|")).collect()
}

pub(crate) async fn write(fixture: &dyn Fixture, side: Side, change: &TableChange, sql: &str) -> u64 {
    fixture.execute(side, Some(change), sql).await.unwrap_or_else(|error| panic!("{side:?} {sql}: {error}"))
}

pub(crate) async fn see(fixture: &dyn Fixture, side: Side, change: &TableChange, sql: &str) -> Vec<String> {
    let rows = fixture.rows(side, Some(change), sql).await.unwrap_or_else(|error| panic!("{side:?} {sql}: {error}"));
    rows.iter().map(|row| row.join("|")).collect()
}

/// How a side writes a column's name: as its form has it where each side has its own view, else the physical one.
pub(crate) fn column(fixture: &dyn Fixture, change: &TableChange, side: Side, name: &str) -> String {
    if fixture.engine().capabilities().version_schemas && side != Side::Base {
        return quote::name(name);
    }
    let up = change.up.iter().find(|up| side != Side::Old && up.column == name);
    let old = change.old.iter().find(|column| side == Side::Old && column.name == name);
    let physical = up.map(|up| &up.physical).or(old.map(|column| &column.physical));
    quote::name(physical.map_or(name, String::as_str))
}

/// The catalog of these tables, for equality.
pub(crate) async fn catalog(fixture: &dyn Fixture, tables: &[TableName]) -> Catalog {
    fixture.engine().catalog(tables).await.expect("a catalog is read")
}

/// Two catalogs are the same, or what differs is said.
pub(crate) fn same(before: &Catalog, after: &Catalog, when: &str) {
    assert!(before == after, "{when}: {:?}\nbefore {before:#?}\nafter {after:#?}", differences(before, after));
}

pub(crate) async fn state(fixture: &dyn Fixture, piece: Piece<'_>) -> PieceState {
    reshape(fixture).observe(&guard(1), piece).await.unwrap_or_else(|error| panic!("observe {piece:?}: {} {error}", error.code))
}

pub(crate) async fn make(fixture: &dyn Fixture, piece: Piece<'_>) {
    reshape(fixture).make(&guard(1), piece).await.unwrap_or_else(|error| panic!("make {piece:?}: {} {error}{}", error.code, cause(&error)));
}

pub(crate) async fn unmake(fixture: &dyn Fixture, piece: Piece<'_>) {
    let done = reshape(fixture).unmake(&guard(1), piece).await;
    done.unwrap_or_else(|error| panic!("unmake {piece:?}: {} {error}{}", error.code, cause(&error)));
}

fn cause(error: &segue_engine::EngineError) -> String {
    error.source.as_ref().map(|source| format!(" ({source})")).unwrap_or_default()
}

/// Absent, made, made again, and there.
pub(crate) async fn comes(fixture: &dyn Fixture, piece: Piece<'_>) {
    assert_eq!(state(fixture, piece).await, PieceState::Absent, "before it was made: {piece:?}");
    make(fixture, piece).await;
    assert_eq!(state(fixture, piece).await, PieceState::Present, "after it was made: {piece:?}");
    make(fixture, piece).await;
    assert_eq!(state(fixture, piece).await, PieceState::Present, "after it was made twice: {piece:?}");
}

/// Unmade, unmade again, and gone.
pub(crate) async fn goes(fixture: &dyn Fixture, piece: Piece<'_>) {
    unmake(fixture, piece).await;
    assert_eq!(state(fixture, piece).await, PieceState::Absent, "after it was unmade: {piece:?}");
    unmake(fixture, piece).await;
    assert_eq!(state(fixture, piece).await, PieceState::Absent, "after it was unmade twice: {piece:?}");
}

/// Unmaking what never was, coming, going: the catalog is what it was.
pub(crate) async fn comes_and_goes(fixture: &dyn Fixture, tables: &[TableName], piece: Piece<'_>) {
    let before = catalog(fixture, tables).await;
    unmake(fixture, piece).await;
    same(&before, &catalog(fixture, tables).await, "unmade before it was made");
    comes(fixture, piece).await;
    goes(fixture, piece).await;
    same(&before, &catalog(fixture, tables).await, "made and unmade");
}

pub(crate) fn reshape(fixture: &dyn Fixture) -> &dyn Reshape {
    fixture.engine().reshape()
}

/// The kind of failure of a piece that cannot be made.
pub(crate) async fn refused(fixture: &dyn Fixture, piece: Piece<'_>) -> ErrorKind {
    let Err(error) = reshape(fixture).make(&guard(1), piece).await else { panic!("{piece:?} was made") };
    error.kind
}

/// Walks the whole table in batches: what they did in sum.
pub(crate) async fn backfill(fixture: &dyn Fixture, change: &TableChange, limit: u64) -> segue_engine::Batch {
    let mut sum = segue_engine::Batch { next: None, walked: 0, converted: 0, rejected: 0, skipped: 0 };
    for _ in 0..10_000 {
        let batch = reshape(fixture).backfill(&guard(1), change, sum.next.as_ref(), limit).await;
        let batch = batch.unwrap_or_else(|error| panic!("backfill: {} {error}{}", error.code, cause(&error)));
        assert!(batch.walked <= limit, "a batch of {limit} walked over {} rows", batch.walked);
        sum.walked += batch.walked;
        sum.converted += batch.converted;
        sum.rejected += batch.rejected;
        sum.skipped += batch.skipped;
        sum.next = batch.next;
        if sum.next.is_none() {
            return sum;
        }
    }
    panic!("a walk without an end");
}

/// Compares the whole table in ranges: what they saw in sum.
pub(crate) async fn compare(fixture: &dyn Fixture, change: &TableChange, limit: u64) -> segue_engine::Comparison {
    let mut sum = segue_engine::Comparison { next: None, compared: 0, mismatches: 0, unconverted: 0, examples: Vec::new() };
    for _ in 0..10_000 {
        let one = reshape(fixture).compare(change, sum.next.as_ref(), limit).await;
        let one = one.unwrap_or_else(|error| panic!("compare: {} {error}{}", error.code, cause(&error)));
        sum.compared += one.compared;
        sum.mismatches += one.mismatches;
        sum.unconverted += one.unconverted;
        sum.examples.extend(one.examples);
        sum.next = one.next;
        if sum.next.is_none() {
            return sum;
        }
    }
    panic!("a comparison without an end");
}
