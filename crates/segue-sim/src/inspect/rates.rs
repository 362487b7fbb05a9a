//! Samples and rates: what was read is what is there, and what was written is gone.

use segue_engine::ErrorKind;
use segue_engine::inspect::{Bound, Cell, Kind, Look, System, largest, probe};

use super::Looked;

/// Types that all three have, with values at their edges.
const KINDS: &str = "create table kinds (i bigint, d decimal(20,5), f double precision, t varchar(200), day date, at timestamp)";

const ROWS: &str = "insert into kinds values \
    (-9223372036854775808, 123456789012345.12345, 0.5, 'a\tb ''c'' 😀', '2026-11-21', '2026-11-21 12:30:00'), \
    (9223372036854775807, -1, 1e30, '', '1999-12-31', '1999-12-31 23:59:59'), \
    (null, null, null, null, null, null)";

pub(super) async fn a_sample_is_what_is_there(fixture: &dyn Looked) {
    // MariaDB's first timestamp of a table is not null and sets itself.
    let sql = if fixture.inspect().facts().await.expect("facts").engine == "mariadb" {
        KINDS.replace("at timestamp", "at datetime")
    } else {
        KINDS.to_owned()
    };
    fixture.execute(&sql).await.expect("a table");
    fixture.execute(ROWS).await.expect("rows");
    let table = fixture.table("kinds");
    let taken = fixture.inspect().read_sample(&table, Bound::default()).await.expect("a sample");
    assert_eq!((taken.sample.rows, taken.rows.len(), taken.left_out.len()), (3, 3, 0));
    let kinds: Vec<_> = taken.columns.iter().map(|column| column.kind).collect();
    assert_eq!((kinds[0], kinds[3]), (Kind::Integer, Kind::Text));
    let text = |row: usize, column: usize| match &taken.rows[row][column] {
        Cell::Text(text) => text.as_str(),
        other => panic!("{other:?}"),
    };
    assert_eq!((text(0, 0), text(1, 0)), ("-9223372036854775808", "9223372036854775807"));
    assert_eq!((text(0, 3), text(1, 3)), ("a\tb 'c' 😀", ""));
    assert!(text(0, 5).starts_with("2026-11-21 12:30:00"));
    assert!(taken.rows[2].iter().all(|cell| *cell == Cell::Null));
    let sum: u64 = taken.rows.iter().flatten().map(Cell::size).sum();
    assert!(taken.sample.bytes == sum && sum > 60, "{:?}", taken.sample);
    let one = fixture.inspect().read_sample(&table, Bound { max_rows: 1, max_bytes: 1 << 20 }).await.expect("one");
    assert_eq!(one.rows.len(), 1);
    let small = fixture.inspect().read_sample(&table, Bound { max_rows: 100, max_bytes: 1 }).await.expect("one");
    assert_eq!(small.rows.len(), 1, "the row that reaches the bound is the last");
    let missing = fixture.inspect().read_sample(&fixture.table("nowhere"), Bound::default()).await.expect_err("not there");
    assert_eq!(missing.kind, ErrorKind::Object, "{missing:?}");
    let written = fixture.inspect().write_sample(&taken).await.expect("written");
    assert_eq!((written.rows, written.bytes), (3, taken.sample.bytes));
    assert!(!written.without.is_empty() && written.index_micros.is_some(), "{written:?}");
    fixture.execute("drop table kinds").await.expect("gone");
}

pub(super) async fn a_probe_leaves_nothing(fixture: &dyn Looked) {
    let before = fixture.inspect().catalog_all().await.expect("a catalog");
    let tables = largest(&fixture.inspect().seen(Look::default()).await.expect("a look").system, 2);
    assert_eq!(tables.len(), 2, "child has no rows");
    let (source, target) = (System { name: "old", inspect: fixture.inspect() }, System { name: "new", inspect: fixture.inspect() });
    let probed = probe(source, Some(target), &tables, Bound::default()).await.expect("rates");
    let whats: Vec<_> = probed.rates.iter().map(|rate| (rate.what.as_str(), rate.source.as_str(), rate.target.as_str())).collect();
    let expected = [("copy", "old", "new"), ("index", "new", ""), ("read", "old", ""), ("write", "new", "")];
    assert_eq!(whats, expected, "{:?}", probed.not_checked);
    assert!(probed.rates.iter().all(|rate| rate.rows_per_s > 0 && rate.bytes_per_s > 0), "{:?}", probed.rates);
    assert_eq!(before, fixture.inspect().catalog_all().await.expect("a catalog"), "nothing stays");
}

/// Rows of `table` go from one engine to another; what the target took is what the source gave.
pub async fn between(source: &dyn Looked, target: &dyn Looked, table: &str) -> segue_engine::inspect::Probed {
    let (source_system, target_system) =
        (System { name: "source", inspect: source.inspect() }, System { name: "target", inspect: target.inspect() });
    probe(source_system, Some(target_system), &[source.table(table)], Bound::default()).await.expect("rates")
}
