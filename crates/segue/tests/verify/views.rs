//! A view is compared where it is named, with a table or another view; unasked it is not, and a table without a partner
//! stays a difference.

use segue_sim::rows::Place;
use serde_json::{Value, json};

use crate::room::{Room, table};

#[test]
fn a_view_that_is_named_is_compared_and_no_other() {
    let room = Room::shop();
    room.run(
        "b.db",
        "alter table users rename to users_of_old; create view users as select id, name, born from users_of_old; create view spare as select 1 as one",
    );
    let (code, document) = room.document(&[]);
    let alone = table(&document, "users");
    assert_eq!((code, &alone["verdict"]), (4, &json!("different")), "a table that is gone is a difference: {document:#}");
    assert!(alone["notes"].to_string().contains("has a view of that name: --table users"), "{alone:#}");
    assert!(!document.to_string().contains("spare"), "{document:#}");
    let (code, document) = room.document(&["--table", "users", "--key", "id"]);
    assert_eq!((code, &table(&document, "users")["rows"]), (0, &json!({"source": 300, "target": 300})), "{document:#}");
    assert!(table(&document, "users")["notes"].to_string().contains("is a view of the target"), "{document:#}");
    room.run("b.db", "update users_of_old set name = 'x' where id = 7");
    let (code, document) = room.document(&["--table", "users", "--key", "id"]);
    assert_eq!((code, &table(&document, "users")["changed"]), (4, &json!(1)), "{document:#}");
    // Under another name, and two views.
    room.run("b.db", "create view people as select id, name, born from users_of_old where id <> 7");
    room.verify(&["--rename", "users=people", "--table", "users", "--key", "id", "--where", "id <> 7"]).expect(0);
    room.run("a.db", "create view people as select * from users where id <> 7");
    room.verify(&["--table", "people"]).expect(0);
    // A view is never put right, and a pattern names none.
    let said = room.verify(&["--table", "people", "--repair", "sql"]).expect(64);
    assert!(said.err.contains("never put right"), "{}", said.err);
    room.verify(&["--table", "peopl*"]).expect(64);
    room.verify(&["--table", "nobody"]).expect(64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_view_of_a_server_is_compared_with_a_table() {
    let source = Place::postgres(&crate::engines::postgres()).await;
    source
        .execute("create table base (id int primary key, v text, gone boolean); create view kept as select id, v from base where not gone")
        .await;
    source.execute("insert into base select i, 'v' || i, i > 200 from generate_series(1, 300) i").await;
    let mut targets = vec![Place::postgres(&crate::engines::postgres()).await];
    if let Some(programs) = crate::engines::mariadb() {
        targets.push(Place::mariadb(&programs, &[]).await);
    }
    for target in targets {
        target.execute("create table kept (id int primary key, v varchar(20))").await;
        let rows: Vec<String> = (1..=200).map(|id| format!("({id}, 'v{id}')")).collect();
        target.execute(&format!("insert into kept values {}", rows.join(", "))).await;
        let room = Room::twins("");
        let (here, there) = (source.url(), target.url());
        let run = || {
            let said = tokio::task::block_in_place(|| {
                room.segue(&["verify", "--source", &here, "--target", &there, "--table", "kept", "--key", "id", "--format", "json"])
            });
            (said.code, serde_json::from_str::<Value>(&said.out).unwrap_or_else(|error| panic!("{error}: {said:?}")))
        };
        let (code, document) = run();
        assert_eq!((code, &document["tables"][0]["rows"]["source"]), (0, &json!(200)), "{}: {document:#}", target.shown);
        target.execute("update kept set v = 'x' where id = 9").await;
        let (code, document) = run();
        assert_eq!((code, &document["tables"][0]["changed"]), (4, &json!(1)), "{}: {document:#}", target.shown);
    }
}
