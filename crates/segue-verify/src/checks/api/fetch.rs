//! The one HTTP client: HTTP/1.1, plain or with TLS, bounded in size and time.
//!
//! A name is resolved once, and the address that was looked at is the one that is called (`egress.rs`). A redirect is an
//! answer and is not followed. A request that carries a secret is never sent in the clear but to this machine; a server's
//! certificate is checked always. No header's value and no body is ever in a sentence. Tests: `tests/it/checks/api.rs`,
//! and with TLS `crates/segue/tests/check/tls.rs`.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::{Method, Response};
use hyper_util::rt::TokioIo;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::answer::Reply;
use super::egress::Egress;
use super::request::Request;
use super::url::Url;

/// The most bytes of an answer's head.
const HEAD_MAX: usize = 64 << 10;

/// How much of an answer is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// From connecting to the last byte, in milliseconds.
    pub time_ms_max: u64,
    /// Bytes of a body.
    pub bytes_max: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { time_ms_max: 30_000, bytes_max: 16 << 20 }
    }
}

/// Who sends.
#[derive(Debug, Clone)]
pub struct Client {
    bounds: Bounds,
    roots: Vec<CertificateDer<'static>>,
    egress: Egress,
    tls: OnceLock<Arc<ClientConfig>>,
}

impl Client {
    /// A sender to servers that a person named. `roots`: certificates of authorities that are trusted beside the system's.
    pub fn new(bounds: Bounds, roots: Vec<CertificateDer<'static>>) -> Self {
        Self { bounds, roots, egress: Egress::Named, tls: OnceLock::new() }
    }

    /// The same, and it calls only what these rules allow: for addresses that stand in documents.
    pub fn with_egress(self, egress: Egress) -> Self {
        Self { egress, ..self }
    }

    /// Sends a request to a server and takes its whole answer. `Err`: why there is none, in words without a secret.
    pub async fn send(&self, base: &str, request: &Request) -> Result<Reply, String> {
        let base = Url::base(base)?;
        if !base.secure && request.has_secret && !is_here(base.name()) {
            return Err("a secret is not sent in the clear to another machine: give its https:// URL".to_owned());
        }
        self.timely(&base, &base.path, request).await
    }

    /// The bytes of one document: an answer 200 that is not compressed. `Err`: why there are none, without the URL.
    pub async fn document(&self, url: &str) -> Result<Vec<u8>, String> {
        let url = Url::read(url)?;
        let reply = self.timely(&url, "", &Request::document(&url.path)).await?;
        match reply.status {
            200 if reply.is_plain() => Ok(reply.body),
            200 => Err("its answer is compressed, which was not asked for".to_owned()),
            301 | 302 | 303 | 307 | 308 => Err("it redirects, and redirects are not followed: name where it leads".to_owned()),
            status => Err(format!("it answers {status}")),
        }
    }

    async fn timely(&self, url: &Url, prefix: &str, request: &Request) -> Result<Reply, String> {
        timeout(Duration::from_millis(self.bounds.time_ms_max), self.talk(url, prefix, request))
            .await
            .map_err(|_| format!("it did not answer within {} ms", self.bounds.time_ms_max))?
    }

    async fn talk(&self, url: &Url, prefix: &str, request: &Request) -> Result<Reply, String> {
        let found: Vec<_> = lookup_host((url.name(), url.port)).await.map_err(|_| "its host has no address".to_owned())?.collect();
        self.egress.allows(url.secure, &found)?;
        let stream = TcpStream::connect(&*found).await.map_err(|error| format!("no connection: {}", error.kind()))?;
        if !url.secure {
            return self.exchange(stream, url, prefix, request).await;
        }
        let name =
            ServerName::try_from(url.name().to_owned()).map_err(|_| "its host name is none that a certificate can have".to_owned())?;
        let connector = TlsConnector::from(self.trust()?);
        let stream = connector.connect(name, stream).await.map_err(|error| format!("TLS failed: {error}"))?;
        self.exchange(stream, url, prefix, request).await
    }

    /// What is trusted, read once.
    fn trust(&self) -> Result<Arc<ClientConfig>, String> {
        if let Some(known) = self.tls.get() {
            return Ok(Arc::clone(known));
        }
        let mut roots = RootCertStore::empty();
        // One bad certificate of the system does not forbid the others.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs.into_iter().chain(self.roots.iter().cloned()));
        if roots.is_empty() {
            return Err("this machine has no certificates to trust".to_owned());
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| format!("TLS cannot be set up: {error}"))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Arc::clone(self.tls.get_or_init(|| Arc::new(config))))
    }

    async fn exchange<S>(&self, stream: S, url: &Url, prefix: &str, request: &Request) -> Result<Reply, String>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (mut sender, connection) = http1::Builder::new()
            .max_buf_size(HEAD_MAX)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|_| "it does not speak HTTP/1.1".to_owned())?;
        // With its guard the connection ends also when the time is over.
        let _driver = Driver(tokio::spawn(connection));
        let response = sender.send_request(message(url, prefix, request)?).await.map_err(|error| {
            if error.is_parse() {
                "its answer is no HTTP, or its head has no end".to_owned()
            } else {
                "the connection broke before an answer came".to_owned()
            }
        })?;
        self.taken(response).await
    }

    async fn taken(&self, response: Response<Incoming>) -> Result<Reply, String> {
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let mut frames = response.into_body();
        let long = || format!("its answer is longer than {} bytes", self.bounds.bytes_max);
        if frames.size_hint().lower() > self.bounds.bytes_max as u64 {
            return Err(long());
        }
        // Into one buffer: millions of small pieces would take many times their bytes.
        let mut body = Vec::new();
        while let Some(frame) = frames.frame().await {
            let frame = frame.map_err(|_| "the connection broke in the middle of an answer".to_owned())?;
            let Ok(data) = frame.into_data() else { continue };
            if body.len() + data.len() > self.bounds.bytes_max {
                return Err(long());
            }
            body.extend_from_slice(&data);
        }
        Ok(Reply { status, headers, body })
    }
}

/// Drives a connection, and ends with it.
struct Driver<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for Driver<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn message(url: &Url, prefix: &str, request: &Request) -> Result<hyper::Request<Full<Bytes>>, String> {
    let method = Method::from_bytes(request.method.as_bytes()).map_err(|_| "the method is none".to_owned())?;
    let mut builder = hyper::Request::builder().method(method).uri(format!("{prefix}{}", request.path));
    builder = builder.header("host", url.authority()).header("connection", "close");
    if !request.headers.iter().any(|(name, _)| name == "accept") {
        builder = builder.header("accept", "application/json, */*;q=0.5");
    }
    for (name, value) in &request.headers {
        builder = builder.header(name.as_str(), value.as_str());
    }
    let body = Full::new(Bytes::from(request.body.clone()));
    // The error may quote a header.
    builder.body(body).map_err(|_| "the path or a header is none that HTTP can carry".to_owned())
}

fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_here;

    #[test]
    fn this_machine_is_known() {
        assert!(is_here("::1") && is_here("localhost") && !is_here("10.0.0.1") && !is_here("localhost.example"));
    }
}
