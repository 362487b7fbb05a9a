//! Routines and events as statements, and nothing where the account may not see them all.

use mysql_async::prelude::Queryable as _;
use segue_engine::inspect::Inspect as _;

use crate::database::{database, engine};

#[tokio::test]
async fn routines_and_events_read_as_statements() {
    let setup = [
        "create table t (id int primary key)",
        "create procedure p (in a int, out b int unsigned) begin set b = a; select '//0//'; end",
        "create function `f``x`(s varchar(10)) returns int deterministic no sql sql security invoker return length(s)",
        "create event e on schedule every 1 day starts '2026-01-01 00:00:00' on completion preserve disable do delete from t",
        "create event once on schedule at '2037-01-01 00:00:00' do delete from t",
    ];
    let Some(mut db) = database(&setup).await else { return };
    let text = db.engine.definitions().await.expect("it reads").expect("root sees all");
    for statement in [
        "PROCEDURE `p`(`a` int(11), OUT `b` int(10) unsigned) begin set b = a; select '//0//'; end",
        "FUNCTION `f``x`(`s` varchar(10)) RETURNS int(11) DETERMINISTIC NO SQL SQL SECURITY INVOKER return length(s)",
        "EVENT `e` ON SCHEDULE EVERY 1 DAY STARTS '2026-01-01 00:00:00' ON COMPLETION PRESERVE DISABLE DO delete from t",
        "EVENT `once` ON SCHEDULE AT '2037-01-01 00:00:00' DO delete from t",
    ] {
        assert!(text.contains(&format!("CREATE DEFINER=`root`@`%` {statement}\n//1//\n")), "{statement}\n{text}");
    }
    assert!(text.starts_with("DELIMITER //1//\n"), "{text}");
    // Who sees a part of them sees none.
    let name = segue_engine::quote::backtick(&db.name);
    for sql in [
        "create or replace user half@'%' identified by 'pw'".to_owned(),
        format!("grant select on {name}.t to half@'%'"),
        format!("grant execute on procedure {name}.p to half@'%'"),
    ] {
        db.client.query_drop(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    let database = db.name.bytes().map(|byte| format!("%{byte:02x}")).collect::<Vec<_>>().concat();
    let half = engine(&format!("mysql://half:pw@127.0.0.1:{}/{database}", db.port));
    assert_eq!(half.definitions().await.expect("it reads"), None);
}
