//! Private servers: they start, crash, come back, and leave nothing behind.

use std::fs;
use std::process::Command;

use segue_engine::Engine as _;
use segue_postgres::private_server::{Durability, PrivateServer, Setup, find_bins};

use crate::database::{bins, connect, engine};

#[tokio::test]
async fn a_server_survives_a_kill_and_leaves_nothing() {
    for bins in bins() {
        let setup = Setup { durability: Durability::Safe, ..Setup::default() };
        let mut server = PrivateServer::start_with(&bins, setup).expect("started");
        let client = connect(&server.url()).await;
        client.batch_execute("create table t (id int); insert into t values (7)").await.expect("a row");
        let engine = engine(&server.url());
        assert_eq!(engine.tables().await.expect("one table").len(), 1);
        let first = server.pid().expect("it runs");
        server.kill9().expect("killed");
        assert_eq!(server.pid(), None);
        client.batch_execute("select 1").await.expect_err("nobody there");
        server.restart().expect("up again");
        assert_ne!(server.pid().expect("it runs"), first);
        let row = connect(&server.url()).await.query_one("select id from t", &[]).await.expect("the row");
        assert_eq!(row.get::<_, i32>(0), 7);
        assert_eq!(engine.tables().await.expect("the engine connects again").len(), 1);
        assert!(server.log().contains("database system was interrupted"), "it was a crash: {}", server.log());

        let (directory, last) = (server.socket_directory().to_owned(), server.pid().expect("it runs"));
        drop(server);
        assert!(!directory.exists());
        assert!(!fs::exists(format!("/proc/{last}")).expect("a look at the process"), "the process is gone");
    }
}

#[tokio::test]
async fn the_socket_and_the_network_ask_for_the_password() {
    let server = PrivateServer::start(&bins()[0]).expect("started");
    let socket = server.socket_directory().to_str().expect("UTF-8").replace('/', "%2F");
    let url = |password: &str, host: &str| format!("postgres://postgres:{password}@{host}:{}/postgres", server.port());
    engine(&url(server.password(), &socket)).facts().await.expect("over the socket");
    for host in [socket.as_str(), "127.0.0.1"] {
        let error = engine(&url("guess", host)).facts().await.expect_err("a wrong password");
        assert_eq!(error.code, "SG-PG-002", "{error}");
    }
}

#[test]
fn a_folder_without_programs_is_refused_by_name() {
    let error = PrivateServer::start("/nonexistent/bin".as_ref()).expect_err("nothing there");
    assert_eq!(error.code, "SG-PG-026");
    assert!(error.to_string().contains("/nonexistent/bin"));
    assert_eq!(find_bins(Some("/nonexistent/bin::")), Vec::<std::path::PathBuf>::new());
    assert_eq!(find_bins(Some(&format!("{0}:{0}", bins()[0].display()))), [bins()[0].clone()]);
}

/// Run by the test below in a process of its own: it starts a server, says where, and waits to be killed.
#[test]
fn child_that_is_killed() {
    let Ok(report) = std::env::var("SEGUE_TEST_REPORT") else { return };
    let server = PrivateServer::start(&bins()[0]).expect("started");
    let text = format!("{}\n{}\n.", server.pid().expect("it runs"), server.socket_directory().display());
    fs::write(report, text).expect("a report");
    loop {
        std::thread::park();
    }
}

#[test]
fn a_server_ends_when_its_parent_is_killed() {
    let report = std::env::temp_dir().join(format!("segue-test-report-{}", std::process::id()));
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "private::child_that_is_killed"])
        .env("SEGUE_TEST_REPORT", &report)
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
    let read = || fs::read_to_string(&report).unwrap_or_default();
    wait("a report", &|| read().ends_with('.'));
    let text = read();
    let (pid, rest) = text.split_once('\n').expect("two lines");
    let directory = rest.trim_end_matches('.').trim_end();
    assert!(fs::exists(format!("/proc/{pid}")).expect("a look"), "the server runs");
    child.kill().expect("killed");
    child.wait().expect("reaped");
    wait("the server's end", &|| !fs::exists(format!("/proc/{pid}")).expect("a look"));
    wait("its directory's end", &|| !fs::exists(directory).expect("a look"));
    fs::remove_file(report).expect("the report");
}
