//! The fence inside every writing call, taking over, and locks that somebody else holds.

use segue_engine::{ErrorKind, Piece, Retry};
use segue_model::reshape::{IndexBuild, IndexSource};

use super::{Fixture, backfill, base, catalog, guard, key_change, make, reshape, resolved, same, state};

pub(super) async fn a_stale_executor_is_refused_everywhere(fixture: &dyn Fixture) {
    base(fixture, "create table t (id bigint primary key, v text)").await;
    base(fixture, "insert into t (id, v) values (1, 'x')").await;
    let (stale, table) = (guard(1), resolved(fixture, "t").await);
    make(fixture, Piece::Control).await;
    let change = key_change(&table, &[("id", "bigint")], "v", "v");
    make(fixture, Piece::Expand(&change)).await;
    fixture.engine().fence().take(&guard(2)).await.expect("another executor takes over");
    let build = IndexBuild {
        table: table.clone(),
        tag: "proof".to_owned(),
        name: "t_late".to_owned(),
        source: IndexSource::Unique(vec!["v".to_owned()]),
        unique: true,
    };
    let refused = async |pieces: &[Piece<'_>]| {
        for piece in pieces {
            let made = reshape(fixture).make(&stale, *piece).await;
            assert_eq!(made.err().map(|error| error.kind), Some(ErrorKind::Fenced), "made by a stale executor: {piece:?}");
        }
    };
    let untouched = catalog(fixture, std::slice::from_ref(&table)).await;
    refused(&[Piece::Expand(&change), Piece::Index(&build), Piece::DropTable(&table), Piece::Finish]).await;
    same(&untouched, &catalog(fixture, std::slice::from_ref(&table)).await, "nothing that it tried was made");
    reshape(fixture).make(&guard(2), Piece::Index(&build)).await.expect("the new executor may");
    let before = catalog(fixture, std::slice::from_ref(&table)).await;
    for piece in [Piece::Expand(&change), Piece::Index(&build), Piece::Control] {
        let unmade = reshape(fixture).unmake(&stale, piece).await;
        assert_eq!(unmade.err().map(|error| error.kind), Some(ErrorKind::Fenced), "unmade by a stale executor: {piece:?}");
    }
    let batch = reshape(fixture).backfill(&stale, &change, None, 10).await;
    assert_eq!(batch.err().map(|error| error.kind), Some(ErrorKind::Fenced), "a batch of a stale executor");
    assert_eq!(fixture.engine().fence().check(&stale).await.err().map(|error| error.kind), Some(ErrorKind::Fenced));
    assert_eq!(fixture.engine().fence().take(&stale).await.err().map(|error| error.kind), Some(ErrorKind::Fenced));
    same(&before, &catalog(fixture, std::slice::from_ref(&table)).await, "nothing that it tried was done");
    assert_eq!(reshape(fixture).unconverted(&change).await.expect("counted"), 1);
    fixture.engine().fence().check(&guard(2)).await.expect("the new executor may");
    let batch = reshape(fixture).backfill(&guard(2), &change, None, 10).await.expect("the new executor may");
    assert_eq!(batch.converted, 1);
    // What could be made now is refused to the stale executor alone.
    refused(&[Piece::Shift(&change)]).await;
    reshape(fixture).make(&guard(2), Piece::Shift(&change)).await.expect("the new executor may");
    refused(&[Piece::Contract(&change)]).await;
    let unmade = reshape(fixture).unmake(&stale, Piece::Shift(&change)).await;
    assert_eq!(unmade.err().map(|error| error.kind), Some(ErrorKind::Fenced), "a shift unmade by a stale executor");
}

pub(super) async fn taking_over_raises_the_epoch(fixture: &dyn Fixture) {
    let fence = fixture.engine().fence();
    fence.take(&guard(4)).await.expect("without a control table nothing happens");
    fence.check(&guard(9)).await.expect("without a control table nothing is fenced");
    assert!(fence.state().await.expect("state").active.is_none());
    make(fixture, Piece::Control).await;
    fence.take(&guard(3)).await.expect("a higher epoch");
    fence.take(&guard(3)).await.expect("the same again");
    assert_eq!(fence.state().await.expect("state").active.map(|(_, _, epoch)| epoch), Some(3));
    let other = segue_engine::Guard { run: "other-1".to_owned(), ..guard(9) };
    assert_eq!(fence.take(&other).await.err().map(|error| error.kind), Some(ErrorKind::Fenced), "another run");
    let controlled = reshape(fixture).make(&other, Piece::Control).await;
    assert_eq!(controlled.err().map(|error| error.kind), Some(ErrorKind::Fenced), "another run's control");
}

pub(super) async fn a_lock_names_its_holder(fixture: &dyn Fixture) {
    base(fixture, "create table t (id bigint primary key, v text)").await;
    base(fixture, "insert into t (id, v) values (1, 'x')").await;
    make(fixture, Piece::Control).await;
    let table = resolved(fixture, "t").await;
    let change = key_change(&table, &[("id", "bigint")], "v", "v");
    let before = catalog(fixture, std::slice::from_ref(&table)).await;
    assert_eq!(fixture.engine().blockers(&table).await.expect("looked"), []);
    let Some(held) = fixture.hold(&table).await else { return };
    let Err(error) = reshape(fixture).make(&guard(1), Piece::Expand(&change)).await else { panic!("made under a lock") };
    assert_eq!((error.kind, error.kind.retry()), (ErrorKind::LockTimeout, Retry::Soon));
    if fixture.engine().capabilities().concurrent_writers {
        let blockers = fixture.engine().blockers(&table).await.expect("looked");
        assert!(!blockers.is_empty() && blockers.iter().all(|blocker| !blocker.session.is_empty()), "the holder is named");
    }
    fixture.release(held).await;
    same(&before, &catalog(fixture, std::slice::from_ref(&table)).await, "a lock that was not had leaves nothing");
    make(fixture, Piece::Expand(&change)).await;
    assert_eq!(state(fixture, Piece::Expand(&change)).await, segue_engine::PieceState::Present);
    backfill(fixture, &change, 10).await;
}
