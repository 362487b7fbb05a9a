//! Conformance: a snapshot is one moment, a stream that was cut is an error, a mark says what was applied.

use segue_engine::ErrorKind;
use segue_engine::rows::{Applied, Batch, Class, ReadColumn};

use super::Place;
use super::read::all_rows;
use super::reading::{MANY, read_of, snapshot};

pub(super) async fn a_moment_stands_still(place: &Place) {
    let (before, read) = (snapshot(place).await, read_of(place, "many").await);
    let name = place.sql_name("many");
    place.execute(&format!("insert into {name} (id, word, n) values (1000001, 'late', 1)")).await;
    place.execute(&format!("update {name} set word = 'changed' where id = 0")).await;
    let rows = all_rows(before.as_ref(), &read).await.expect("rows");
    assert_eq!(rows.len() as i64, MANY, "{}: what came later is not seen", place.shown);
    assert_eq!(before.count(&read).await.expect("a count") as i64, MANY, "{}", place.shown);
    let after = snapshot(place).await;
    let now = all_rows(after.as_ref(), &read).await.expect("rows");
    assert_eq!(now.len() as i64, MANY + 1, "{}: a new moment sees it", place.shown);
    assert_eq!(rows.iter().filter(|row| !now.contains(row)).count(), 1, "{}: one row was changed", place.shown);
    before.close().await.expect("closed");
    after.close().await.expect("closed");
    place.execute(&format!("delete from {name} where id = 1000001")).await;
    place.execute(&format!("update {name} set word = 'word {}' where id = 0", MANY / 3)).await;
}

pub(super) async fn readers_share_a_moment(place: &Place) {
    let many = place.rows().snapshot(3).await.expect("a snapshot");
    let read = read_of(place, "many").await;
    assert!((1..=3).contains(&many.readers()), "{}: {} readers", place.shown, many.readers());
    place.execute(&format!("insert into {} (id, word, n) values (1000002, 'late', 1)", place.sql_name("many"))).await;
    let (mut streams, mut counts) = (Vec::new(), Vec::new());
    for _ in 0..many.readers() {
        streams.push(many.stream(&read).await.expect("a stream"));
    }
    for mut stream in streams {
        let (mut batch, mut count) = (Batch::default(), 0);
        while stream.next(&mut batch).await.expect("rows") {
            count += batch.len();
        }
        counts.push(count as i64);
    }
    assert!(counts.iter().all(|count| *count == MANY), "{}: all readers see one moment: {counts:?}", place.shown);
    many.close().await.expect("closed");
    place.execute(&format!("delete from {} where id = 1000002", place.sql_name("many"))).await;
}

pub(super) async fn a_dropped_stream_leaves_the_reader_free(place: &Place) {
    let one = place.rows().snapshot(1).await.expect("a snapshot");
    let wide = read_of(place, "wide").await;
    let mut stream = one.stream(&wide).await.expect("a stream");
    let mut batch = Batch::default();
    assert!(stream.next(&mut batch).await.expect("a batch"), "{}", place.shown);
    drop(stream);
    let rows = all_rows(one.as_ref(), &read_of(place, "many").await)
        .await
        .unwrap_or_else(|error| panic!("{}: after a dropped stream: {error}", place.shown));
    assert_eq!(rows.len() as i64, MANY, "{}: the next stream is whole", place.shown);
    one.close().await.expect("closed");
}

pub(super) async fn what_is_not_there_is_an_error(place: &Place) {
    let missing = place.rows().describe(&place.table("nobody")).await.expect_err("no such table");
    assert_eq!(missing.kind, ErrorKind::Object, "{}: {missing}", place.shown);
    let (snapshot, mut read) = (snapshot(place).await, read_of(place, "nothing").await);
    read.columns.push(ReadColumn { name: "nobody".to_owned(), expression: None, class: Class::Text });
    assert!(all_rows(snapshot.as_ref(), &read).await.is_err(), "{}: a column that is not there is not an empty table", place.shown);
}

/// Wherever the connection is cut: an error, or all rows.
pub(super) async fn a_cut_connection_is_an_error(place: &Place) {
    let whole = {
        let (snapshot, read) = (snapshot(place).await, read_of(place, "many").await);
        let rows = all_rows(snapshot.as_ref(), &read).await.expect("rows");
        snapshot.close().await.expect("closed");
        rows.len()
    };
    let (mut cut, mut read_whole) = (0, 0);
    let in_the_beginning = (500..14_000).step_by(389);
    for bytes in in_the_beginning.chain([15_000, 25_000, 40_000, 60_000, 80_000, 100_000, 10_000_000]) {
        let Some(rows) = place.cut_after(bytes).await else { return };
        let told = async {
            let described = rows.describe(&place.table("many")).await?;
            let snapshot = rows.snapshot(1).await?;
            let read = super::read::whole(&described);
            let found = all_rows(snapshot.as_ref(), &read).await?;
            Ok::<usize, segue_engine::EngineError>(found.len())
        };
        match told.await {
            Ok(rows) => {
                assert_eq!(rows, whole, "{}: cut after {bytes} bytes: a part passed for the whole", place.shown);
                read_whole += 1;
            }
            Err(error) => {
                assert!(matches!(error.kind, ErrorKind::Connection), "{}: cut after {bytes} bytes: {:?} {error}", place.shown, error.kind);
                cut += 1;
            }
        }
    }
    assert!(cut >= 30 && read_whole >= 1, "{}: {cut} were cut, {read_whole} were whole", place.shown);
}

pub(super) async fn marks_are_honest(place: &Place) {
    let mark = place.rows().mark().await.expect("a mark or none");
    if let Some(mark) = mark {
        assert!(!mark.kind.is_empty() && !mark.at.is_empty(), "{}", place.shown);
        let applied = place.rows().applied(&mark).await.expect("an answer");
        // Nobody follows anything here: it must not be said to be behind.
        assert!(matches!(applied, Applied::Yes | Applied::NoStream(_)), "{}: {applied:?}", place.shown);
    }
    place.rows().load().await.expect("what it carries");
}
