//! MySQL's `enum` and `set` with an empty label: what has no label is sent as the same text, and is not the same.

use segue_sim::rows::Place;
use serde_json::{Value, json};

use crate::room::{Room, table};

async fn seen(place: &Place, other: &Place, words: &[&str]) -> (i32, Value) {
    let (here, there) = (place.url(), other.url());
    let all = [&["verify", "--source", &here, "--target", &there, "--format", "json"], words].concat();
    let said = tokio::task::block_in_place(|| Room::twins("").segue(&all));
    (said.code, serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {said:?}")))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_label_is_not_the_empty_label() {
    let Some(programs) = crate::engines::mariadb() else { return };
    let (source, target) = (Place::mariadb(&programs, &[]).await, Place::mariadb(&programs, &[]).await);
    for place in [&source, &target] {
        place.execute("create table t (id int primary key, e enum('a',''), s set('','a'))").await;
        // What is no label becomes the error value; the same on both sides.
        place.execute("insert ignore into t values (1, 'a', 'a'), (2, '', 'a'), (3, 'none', 0), (4, 'a', 1), (5, null, null)").await;
    }
    for engine in ["sketch", "merge"] {
        assert_eq!(seen(&source, &target, &["--engine", engine]).await.0, 0, "{engine}");
    }
    // The servers would hash the texts.
    assert_eq!(seen(&source, &target, &["--engine", "pushdown"]).await.0, 1);
    target.execute("update ignore t set e = 'none' where id = 2").await;
    target.execute("update t set s = 1 where id = 3").await;
    for engine in ["sketch", "merge"] {
        let (code, document) = seen(&source, &target, &["--engine", engine]).await;
        assert_eq!((code, &table(&document, "t")["changed"]), (4, &json!(2)), "{engine}: {document:#}");
        let columns: Vec<&Value> = table(&document, "t")["examples"].as_array().expect("rows").iter().map(|row| &row["columns"]).collect();
        assert_eq!(columns, [&json!(["e"]), &json!(["s"])], "{engine}");
    }
    let (_, document) = seen(&source, &target, &["--show-values"]).await;
    let e = &table(&document, "t")["examples"][0];
    assert!(e.to_string().contains("(no label)"), "{e:#}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_another_type_the_error_value_is_never_taken_for_a_label() {
    let Some(programs) = crate::engines::mariadb() else { return };
    let (source, target) = (Place::mariadb(&programs, &[]).await, Place::postgres(&crate::engines::postgres()).await);
    source.execute("create table t (id int primary key, e enum('a',''))").await;
    source.execute("insert ignore into t values (1, 'a'), (2, ''), (3, 'none')").await;
    source.execute("create table u (id int primary key, e enum('a'))").await;
    source.execute("insert ignore into u values (1, 'a'), (3, 'none')").await;
    target.execute("create table t (id int primary key, e text); create table u (id int primary key, e text)").await;
    target.execute("insert into t values (1, 'a'), (2, ''), (3, ''); insert into u values (1, 'a'), (3, '')").await;
    let (code, document) = seen(&source, &target, &[]).await;
    assert_eq!((code, &table(&document, "t")["changed"]), (4, &json!(1)), "{document:#}");
    assert_eq!(table(&document, "t")["examples"][0]["key"], json!({"id": 3}));
    assert_eq!(table(&document, "u")["verdict"], "equal", "without an empty label the error value alone is the empty text");
    // One side has the empty label, the other only the error value: nobody can say which is which.
    let (code, document) = seen(&source, &source, &["--rename", "t=u"]).await;
    let why = table(&document, "t")["not_compared"].to_string();
    assert!(code != 0 && why.contains("error value"), "{document:#}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_with_the_error_value_is_never_written_as_a_label() {
    let Some(programs) = crate::engines::mariadb() else { return };
    let (source, target) = (Place::mariadb(&programs, &[]).await, Place::mariadb(&programs, &[]).await);
    for place in [&source, &target] {
        place.execute("create table t (e enum('a','') primary key, v int)").await;
        place.execute("insert ignore into t values ('', 1), ('none', 2), ('a', 3)").await;
    }
    target.execute("update t set v = 9 where e + 0 = 0").await;
    target.execute("update t set v = 8 where e = 'a'").await;
    let room = Room::twins("");
    let (here, there) = (source.url(), target.url());
    let run = |words: &[&str]| {
        let all = [&["verify", "--source", &here, "--target", &there], words].concat();
        tokio::task::block_in_place(|| room.segue(&all))
    };
    let said = run(&["--repair", "apply", "--yes"]);
    let (_, document) = seen(&source, &target, &[]).await;
    let left = &table(&document, "t")["changed"];
    assert!(*left == json!(0) && said.code == 0 || *left != json!(0) && said.code != 0, "{said:?} {document:#}");
    // The row of the empty label was equal, and is.
    let (code, _) = seen(&source, &target, &["--where", "e + 0 = 2"]).await;
    assert_eq!(code, 0);
}
