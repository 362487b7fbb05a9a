//! The HTTP client against a private server with TLS: whom it trusts, and that no answer is too much for it.
//!
//! The certificates are made here. The same cases run through the client of `verify` and through the binary's
//! `--allow-remote`, which trusts what `SSL_CERT_FILE` names.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use segue_model::verify::Verdict;
use segue_verify::checks::api::{Bounds, Client, Egress, PRIVATE, check, read};

use crate::room::Room;

const INTEGER: &str = "HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n{\"type\": \"integer\"}";
const PLAIN: &str = r#"{"$schema": "https://json-schema.org/draft/2020-12/schema", "properties": {"a": {"type": "string"}}}"#;

/// What an answer does after its first bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    /// The connection ends.
    Ends,
    /// More of the same, for as long as anybody reads.
    Repeats(&'static str),
    /// Nothing, and the connection stays open.
    Waits,
}

/// A server on this machine; it ends with the process.
struct Host {
    port: u16,
    calls: Arc<AtomicUsize>,
}

impl Host {
    fn url(&self, scheme: &str) -> String {
        format!("{scheme}://localhost:{}/a.json", self.port)
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

fn serve(answer: String, then: Then, tls: Option<rustls::ServerConfig>) -> Host {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let calls = Arc::new(AtomicUsize::new(0));
    let (counted, tls) = (Arc::clone(&calls), tls.map(Arc::new));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(stream) = stream else { continue };
            counted.fetch_add(1, Ordering::SeqCst);
            let (answer, tls) = (answer.clone(), tls.clone());
            std::thread::spawn(move || match tls {
                None => talk(stream, &answer, then),
                Some(config) => {
                    let session = rustls::ServerConnection::new(config).expect("a session");
                    talk(rustls::StreamOwned::new(session, stream), &answer, then);
                }
            });
        }
    });
    Host { port, calls }
}

fn talk(mut stream: impl std::io::Read + std::io::Write, answer: &str, then: Then) {
    let mut bytes = [0; 4096];
    if stream.read(&mut bytes).is_err() || stream.write_all(answer.as_bytes()).and_then(|()| stream.flush()).is_err() {
        return;
    }
    match then {
        Then::Ends => {}
        Then::Repeats(text) => while stream.write_all(text.as_bytes()).and_then(|()| stream.flush()).is_ok() {},
        // Until the other side has gone.
        Then::Waits => while stream.read(&mut bytes).is_ok_and(|read| read > 0) {},
    }
}

/// An authority and what it signs.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::<String>::new()).expect("names");
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority"))
    }

    fn certificate(&self) -> CertificateDer<'static> {
        self.0.der().clone()
    }

    fn pem(&self) -> String {
        let text = base64::engine::general_purpose::STANDARD.encode(self.0.der());
        let lines = text.as_bytes().chunks(64).fold(String::new(), |mut lines, line| {
            let _ = writeln!(lines, "{}", String::from_utf8_lossy(line));
            lines
        });
        format!("-----BEGIN CERTIFICATE-----\n{lines}-----END CERTIFICATE-----\n")
    }

    fn signs(&self, params: &CertificateParams) -> rustls::ServerConfig {
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.0).expect("a certificate");
        server(certificate.der().clone(), &key)
    }
}

fn server(certificate: CertificateDer<'static>, key: &KeyPair) -> rustls::ServerConfig {
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions of TLS")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("a server")
}

fn named(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
    params.distinguished_name.push(DnType::CommonName, "a server of this test");
    params
}

/// Servers with a certificate each, and the words that refuse it; none for the one that is good.
fn hosts(trusted: &Authority) -> Vec<(&'static str, Host, Option<&'static str>)> {
    let mut expired = named("localhost");
    (expired.not_before, expired.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
    let mut early = named("localhost");
    (early.not_before, early.not_after) = (date_time_ymd(3000, 1, 1), date_time_ymd(3001, 1, 1));
    let alone = {
        let key = KeyPair::generate().expect("a key");
        let certificate = named("localhost").self_signed(&key).expect("a certificate");
        server(certificate.der().clone(), &key)
    };
    let host = |config| serve(INTEGER.to_owned(), Then::Ends, Some(config));
    vec![
        ("trusted", host(trusted.signs(&named("localhost"))), None),
        ("another name", host(trusted.signs(&named("other.example"))), Some("not valid for name")),
        ("expired", host(trusted.signs(&expired)), Some("expired")),
        ("not yet valid", host(trusted.signs(&early)), Some("not valid yet")),
        ("self-signed", host(alone), Some("UnknownIssuer")),
        ("of another authority", host(Authority::new("somebody else").signs(&named("localhost"))), Some("UnknownIssuer")),
    ]
}

fn client(bounds: Bounds, trusted: &Authority) -> Client {
    Client::new(bounds, vec![trusted.certificate()])
}

#[tokio::test]
async fn the_client_of_verify_trusts_whom_it_should() {
    let trusted = Authority::new("an authority of this test");
    let requests = read(br#"{"requests": [{"path": "/a.json"}]}"#, &|_| Err(String::new())).expect("a file of requests");
    for (what, host, refused) in hosts(&trusted) {
        let (base, client) = (format!("https://localhost:{}", host.port), client(Bounds::default(), &trusted));
        let report = check(&requests, &client, &base, &base).await;
        let said = client.with_egress(Egress::Private).document(&host.url("https")).await;
        match refused {
            None => {
                assert_eq!(report.verdict, Verdict::Equal, "{what}: {report:?}");
                assert_eq!(said.as_deref(), Ok(&br#"{"type": "integer"}"#[..]));
            }
            Some(words) => {
                assert_eq!(report.verdict, Verdict::Undecided, "{what}: {report:?}");
                let why = said.expect_err(what);
                assert!(why.contains("TLS failed") && why.contains(words), "{what}: {why}");
                assert!(report.evidence.iter().all(|line| line.contains(words)), "{what}: {report:?}");
            }
        }
    }
    // A server that speaks no TLS, and one that is asked without it.
    let clear = serve(INTEGER.to_owned(), Then::Ends, None);
    let said = client(Bounds::default(), &trusted).document(&clear.url("https")).await;
    assert!(said.expect_err("no TLS").contains("TLS failed"));
}

#[test]
fn the_binary_trusts_whom_it_should() {
    let trusted = Authority::new("an authority of this test");
    for (what, host, refused) in hosts(&trusted) {
        let new = PLAIN.replace(r#"{"type": "string"}"#, &format!(r#"{{"$ref": "{}"}}"#, host.url("https")));
        let room = Room::with(&[("old.json", PLAIN), ("new.json", &new), ("ca.pem", &trusted.pem())]);
        let report = |allow: &str| room.report_with(&[("SSL_CERT_FILE", "ca.pem")], &["old.json", "new.json", allow]);
        let allowed = report("--allow-remote=private");
        match refused {
            None => assert_eq!(allowed["deploy"].as_str(), Some("breaking"), "{what}: {allowed}"),
            Some(words) => {
                assert_eq!(allowed["deploy"].as_str(), Some("undecided"), "{what}: {allowed}");
                assert!(allowed["not_checked"].to_string().contains(words), "{what}: {allowed}");
            }
        }
        let before = host.calls();
        assert!(report("--allow-remote")["not_checked"].to_string().contains(PRIVATE));
        assert_eq!(host.calls(), before, "a loopback address is not called");
    }
}

#[tokio::test]
async fn a_redirect_leads_nowhere() {
    let trusted = Authority::new("an authority of this test");
    let inside = serve(INTEGER.to_owned(), Then::Ends, None);
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let answer = format!("HTTP/1.1 {status}\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", inside.url("http"));
        let door = serve(answer, Then::Ends, Some(trusted.signs(&named("localhost"))));
        let client = client(Bounds::default(), &trusted).with_egress(Egress::Private);
        let why = client.document(&door.url("https")).await.expect_err("a redirect");
        assert!(why.contains("redirects are not followed"), "{why}");
        assert_eq!(door.calls(), 1);
    }
    assert_eq!(inside.calls(), 0, "nobody was led there");
    let client = client(Bounds::default(), &trusted).with_egress(Egress::Public);
    for url in [inside.url("http"), inside.url("https"), format!("http://127.0.0.1:{}/", inside.port), "https://[::1]/".to_owned()] {
        assert_eq!(client.document(&url).await, Err(PRIVATE.to_owned()), "{url}");
    }
    assert_eq!(inside.calls(), 0, "no private address was called");
}

#[tokio::test]
async fn an_answer_that_is_huge_or_never_ends_is_given_up() {
    let trusted = Authority::new("an authority of this test");
    let bounds = |then: Then| Bounds { time_ms_max: if then == Then::Waits { 1_000 } else { 60_000 }, bytes_max: 1 << 20 };
    let slow = "did not answer within 1000 ms";
    let long = "longer than 1048576 bytes";
    let cases = [
        ("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{".to_owned(), Then::Ends, long),
        ("HTTP/1.1 200 OK\r\n\r\n".to_owned(), Then::Repeats("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"), long),
        (format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n200000\r\n{}", "x".repeat(0x0020_0000)), Then::Ends, long),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n".to_owned(), Then::Repeats("xxxxxxxxxxxxxxxx"), long),
        ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc".to_owned(), Then::Waits, slow),
        ("HTTP/1.1 200 OK\r\n".to_owned(), Then::Waits, slow),
        (String::new(), Then::Waits, slow),
        ("HTTP/1.1 200 OK\r\n".to_owned(), Then::Repeats("a: bcdefghijklmnopqrstuvwxyz\r\n"), "its head has no end"),
        ("SSH-2.0-x\r\n".to_owned(), Then::Ends, "no HTTP"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc".to_owned(), Then::Ends, "in the middle of an answer"),
        ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc".to_owned(), Then::Ends, "compressed"),
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned(), Then::Ends, "it answers 404"),
    ];
    for (answer, then, words) in cases {
        for tls in [true, false] {
            let host = serve(answer.clone(), then, tls.then(|| trusted.signs(&named("localhost"))));
            let url = host.url(if tls { "https" } else { "http" });
            let why = client(bounds(then), &trusted).with_egress(Egress::Private).document(&url).await.expect_err("it is given up");
            assert!(why.contains(words), "TLS {tls}: {words:?} is not in {why:?}");
        }
    }
}
