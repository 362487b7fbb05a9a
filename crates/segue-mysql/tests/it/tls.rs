//! TLS against a server with a certificate; the certificates are those of the PostgreSQL engine's tests.

use std::path::PathBuf;

use segue_engine::inspect::Inspect as _;
use segue_mysql::private_server::PrivateServer;

use crate::database::{engine, programs};

fn file(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "../segue-postgres/tests/it/tls", name].iter().collect()
}

fn read(name: &str) -> String {
    std::fs::read_to_string(file(name)).expect("a certificate of the tests")
}

fn server(name: &str) -> Option<PrivateServer> {
    let files = [("server.pem", read(&format!("{name}.pem"))), ("server.key", read(&format!("{name}.key")))];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, content)| (*name, content.as_str())).collect();
    let settings = ["ssl-cert=DIR/server.pem", "ssl-key=DIR/server.key", "require-secure-transport=on"];
    Some(PrivateServer::start_with(&programs()?, &settings, &files).expect("started"))
}

#[tokio::test]
async fn the_certificate_is_verified_as_asked() {
    let Some(good) = server("good") else { return };
    let ca = file("ca.pem").display().to_string().replace('/', "%2F");
    let at = async |server: &PrivateServer, host: &str, parameters: &str| {
        let url = server.url_of("mysql").replace("127.0.0.1", host);
        engine(&format!("{url}?{parameters}")).facts().await.map(|_| ()).map_err(|error| error.code)
    };
    assert_eq!(at(&good, "localhost", &format!("ssl-mode=VERIFY_IDENTITY&ssl-ca={ca}")).await, Ok(()));
    assert_eq!(at(&good, "127.0.0.1", "ssl-mode=REQUIRED").await, Ok(()), "this machine");
    assert_eq!(at(&good, "localhost", "ssl-mode=VERIFY_IDENTITY").await, Err("SG-MY-003"), "not an authority of the system");
    assert_eq!(at(&good, "localhost", "ssl-mode=VERIFY_IDENTITY&ssl-ca=%2Fnonexistent").await, Err("SG-MY-003"));
    assert!(at(&good, "localhost", "ssl-mode=DISABLED").await.is_err(), "the server insists");
    let other = server("other").expect("there is a server");
    assert_eq!(at(&other, "localhost", &format!("ssl-mode=VERIFY_IDENTITY&ssl-ca={ca}")).await, Err("SG-MY-003"), "another name");
}

#[tokio::test]
async fn a_server_without_tls_is_not_talked_to_in_the_clear() {
    let Some(programs) = programs() else { return };
    let plain = PrivateServer::start(&programs).expect("started");
    let error = engine(&format!("{}?ssl-mode=REQUIRED", plain.url_of("mysql"))).facts().await.expect_err("no TLS");
    assert_eq!(error.code, "SG-MY-003", "{error:?}");
}
