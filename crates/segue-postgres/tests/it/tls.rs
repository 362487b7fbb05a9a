//! TLS against servers with certificates: what is verified, and that nothing goes on when it does not fit.

use std::path::PathBuf;

use segue_engine::{Engine as _, ErrorKind};
use segue_postgres::private_server::{PrivateServer, Setup};
use tokio_postgres::NoTls;

use crate::database::{bins, engine};

const GOOD: (&str, &str) = (include_str!("tls/good.pem"), include_str!("tls/good.key"));
const OTHER: (&str, &str) = (include_str!("tls/other.pem"), include_str!("tls/other.key"));

fn server((certificate, key): (&str, &str)) -> PrivateServer {
    let bins = bins().pop().expect("one version");
    let setup = Setup {
        settings: vec![("ssl".to_owned(), "on".to_owned())],
        files: vec![
            ("server.crt".to_owned(), certificate.to_owned()),
            ("server.key".to_owned(), key.to_owned()),
            // Only TLS is let in over the network.
            ("pg_hba.conf".to_owned(), "hostssl all all 127.0.0.1/32 scram-sha-256\n".to_owned()),
        ],
        ..Setup::default()
    };
    PrivateServer::start_with(&bins, setup).expect("a private server with TLS")
}

fn authority() -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests/it/tls/ca.pem"].iter().collect();
    path.to_str().expect("UTF-8").replace('/', "%2F")
}

/// Whether a connection with these parameters was made, or the code of its error.
async fn check(server: &PrivateServer, host: &str, parameters: &str, expect: Result<(), &str>) {
    let url = format!("{}?{parameters}", server.url().replace("127.0.0.1", host));
    let found = engine(&url).facts().await;
    match (&found, expect) {
        (Ok(_), Ok(())) => {}
        (Err(error), Err(code)) => {
            assert_eq!((error.code, error.kind), (code, ErrorKind::Credentials), "{parameters}: {error}");
            assert!(!format!("{error} {error:?}").contains(server.password()));
        }
        _ => panic!("{host} {parameters}: {found:?}"),
    }
}

#[tokio::test]
async fn the_certificate_is_verified_as_asked() {
    let ca = authority();
    let good = server(GOOD);
    check(&good, "localhost", &format!("sslmode=verify-full&sslrootcert={ca}"), Ok(())).await;
    check(&good, "localhost", &format!("sslmode=verify-full&sslrootcert={ca}&channel_binding=require"), Ok(())).await;
    // The address is not in the certificate; its authority is known all the same.
    check(&good, "127.0.0.1", &format!("sslmode=verify-full&sslrootcert={ca}"), Err("SG-PG-003")).await;
    check(&good, "127.0.0.1", &format!("sslmode=verify-ca&sslrootcert={ca}"), Ok(())).await;
    check(&good, "localhost", "sslmode=verify-full", Err("SG-PG-003")).await;
    // This machine may do without a check, not without TLS where the server wants it.
    check(&good, "localhost", "", Ok(())).await;
    check(&good, "localhost", "sslmode=require", Ok(())).await;
    check(&good, "localhost", "sslmode=disable", Err("SG-PG-002")).await;

    let other = server(OTHER);
    check(&other, "localhost", &format!("sslmode=verify-full&sslrootcert={ca}"), Err("SG-PG-003")).await;
    check(&other, "localhost", &format!("sslmode=verify-ca&sslrootcert={ca}"), Ok(())).await;
    check(&other, "localhost", &format!("sslmode=require&sslrootcert={ca}"), Ok(())).await;
}

#[tokio::test]
async fn a_server_without_tls_gets_nothing_when_tls_is_asked_for() {
    let bins = bins().pop().expect("one version");
    let plain = PrivateServer::start(&bins).expect("a private server");
    check(&plain, "localhost", "", Ok(())).await;
    let found = engine(&format!("{}?sslmode=require", plain.url())).facts().await.expect_err("no TLS there");
    assert_eq!((found.code, found.kind), ("SG-PG-003", ErrorKind::Credentials), "{found}");
    let (_client, _connection) = tokio_postgres::connect(&plain.url(), NoTls).await.expect("it is there");
}
