//! Private servers: they start, crash, come back, and leave nothing behind.

use std::path::Path;
use std::process::Command;

use mysql_async::prelude::Queryable as _;
use segue_engine::ErrorKind;
use segue_engine::inspect::Inspect as _;
use segue_mysql::private_server::{PrivateServer, find_programs};

use crate::database::{connect, engine, programs};

#[tokio::test]
async fn a_server_survives_a_kill_and_leaves_nothing() {
    let Some(programs) = programs() else { return };
    let mut server = PrivateServer::start(&programs).expect("started");
    let mut client = connect(server.port(), server.password()).await;
    for sql in ["create database d", "create table d.t (a int primary key)", "insert into d.t values (7)"] {
        client.query_drop(sql).await.expect(sql);
    }
    let looked = engine(&server.url_of("d"));
    let facts = looked.facts().await.expect("facts");
    assert_eq!((facts.engine, facts.version.as_str()), ("mariadb", programs.version.as_str()));
    let first = server.pid().expect("it runs");
    server.kill9().expect("killed");
    let error = looked.catalog_all().await.expect_err("nobody there");
    assert_eq!(error.kind, ErrorKind::Connection);
    server.restart().expect("up again");
    assert_ne!(server.pid().expect("it runs"), first);
    assert_eq!(looked.catalog_all().await.expect("a catalog").catalog.tables.len(), 1);
    assert!(server.log().contains("Starting crash recovery"), "it was a crash: {}", server.log());
    let (socket, last) = (server.socket(), server.pid().expect("it runs"));
    assert!(socket.exists());
    let over_socket = format!("mysql://root:{}@localhost/d?socket={}", server.password(), socket.display());
    assert!(engine(&over_socket).facts().await.is_ok(), "over the socket");
    assert_eq!(engine(&over_socket.replace(server.password(), "guess")).facts().await.expect_err("a wrong password").code, "SG-MY-002");
    drop(server);
    assert!(!socket.parent().expect("a directory").exists());
    assert!(!Path::new(&format!("/proc/{last}")).exists(), "the process is gone");
}

#[test]
fn a_folder_without_programs_has_no_server() {
    assert_eq!(find_programs(Some(Path::new("/nonexistent"))), None);
}

/// Run by the test below in a process of its own: it starts a server, says where, and waits to be killed.
#[test]
fn child_that_is_killed() {
    let Ok(report) = std::env::var("SEGUE_TEST_REPORT_MY") else { return };
    let server = PrivateServer::start(&programs().expect("there are some")).expect("started");
    std::fs::write(report, format!("{}\n{}\n.", server.pid().expect("it runs"), server.socket().display())).expect("a report");
    loop {
        std::thread::park();
    }
}

#[test]
fn a_server_ends_when_its_parent_is_killed() {
    if programs().is_none() {
        return;
    }
    let report = std::env::temp_dir().join(format!("segue-test-report-my-{}", std::process::id()));
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "private::child_that_is_killed"])
        .env("SEGUE_TEST_REPORT_MY", &report)
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("this test, again");
    let wait = |what: &str, done: &dyn Fn() -> bool| {
        for _ in 0..6000 {
            if done() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("never: {what}");
    };
    let read = || std::fs::read_to_string(&report).unwrap_or_default();
    wait("a report", &|| read().ends_with('.'));
    let text = read();
    let mut lines = text.lines();
    let (process, socket) = (format!("/proc/{}", lines.next().expect("a number")), lines.next().expect("a path").to_owned());
    assert!(Path::new(&process).exists(), "the server runs");
    child.kill().expect("killed");
    child.wait().expect("reaped");
    wait("the server's end", &|| !Path::new(&process).exists());
    wait("its directory's end", &|| !Path::new(&socket).parent().expect("a directory").exists());
    std::fs::remove_file(report).expect("the report");
}
