//! What goes wrong has a code and a kind, and shows no secret.

use std::net::TcpListener;

use segue_engine::inspect::Inspect as _;
use segue_engine::{ErrorKind, Retry};

use crate::database::{database, engine};

#[tokio::test]
async fn each_door_that_is_shut_has_its_code() {
    let Some(mut db) = database(&[]).await else { return };
    let port = db.port;
    let url = |login: &str, database: &str| format!("mysql://{login}@127.0.0.1:{port}/{database}");
    let check = async |url: String, code: &str, kind: ErrorKind| {
        let error = engine(&url).facts().await.expect_err(&url);
        assert_eq!((error.code, error.kind), (code, kind), "{error:?}");
        assert!(!format!("{error} {error:?} {:?}", error.source).contains("canary"), "{error:?}");
        error
    };
    check(url("root:canary", "x"), "SG-MY-002", ErrorKind::Credentials).await;
    check(url("nobody:canary", "x"), "SG-MY-002", ErrorKind::Credentials).await;
    let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").port();
    let error = check(format!("mysql://root:canary@127.0.0.1:{free}/x"), "SG-MY-001", ErrorKind::Connection).await;
    assert_eq!(error.kind.retry(), Retry::Reconnect);
    let shut = db.account("shut_out", "select").await;
    assert!(shut.facts().await.is_ok());
    let elsewhere = url("shut_out:pw", "mysql");
    check(elsewhere, "SG-MY-006", ErrorKind::Permission).await;
}

#[tokio::test]
async fn a_server_that_says_nothing_or_nonsense_is_no_server() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("bound").port();
    let error = engine(&format!("mysql://root@127.0.0.1:{port}/x?connect-timeout=2")).facts().await.expect_err("silence");
    assert_eq!((error.code, error.kind), ("SG-MY-001", ErrorKind::Connection), "{error:?}");
    let talker = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = talker.local_addr().expect("bound").port();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = talker.accept().await {
            let _ = tokio::io::AsyncWriteExt::write_all(&mut client, b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let error = engine(&format!("mysql://root@127.0.0.1:{port}/x?connect-timeout=2")).facts().await.expect_err("nonsense");
    assert_eq!(error.kind, ErrorKind::Connection, "{error:?}");
}
