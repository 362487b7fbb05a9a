//! Sending a request over HTTP/1.1, plain or with TLS, bounded in size and time.
//!
//! A redirect is an answer and is not followed. A request that carries a secret is never sent in the clear but to this
//! machine; a server's certificate is checked always. No header's value and no body is ever in a sentence. Tests:
//! `tests/it/checks/api.rs`.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Method, Uri};
use hyper_util::rt::TokioIo;
use rustls::RootCertStore;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::answer::Reply;
use super::request::Request;

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
}

/// A base URL, taken apart.
struct Base {
    tls: bool,
    host: String,
    port: u16,
    prefix: String,
}

impl Client {
    /// A sender. `roots`: certificates of authorities that are trusted beside the system's.
    pub fn new(bounds: Bounds, roots: Vec<CertificateDer<'static>>) -> Self {
        Self { bounds, roots }
    }

    /// Sends a request to a server and takes its whole answer. `Err`: why there is none, in words without a secret.
    pub async fn send(&self, base: &str, request: &Request) -> Result<Reply, String> {
        let base = Base::read(base)?;
        if !base.tls && request.has_secret && !is_here(&base.host) {
            return Err("a secret is not sent in the clear to another machine: give its https:// URL".to_owned());
        }
        timeout(Duration::from_millis(self.bounds.time_ms_max), self.talk(&base, request))
            .await
            .map_err(|_| format!("it did not answer within {} ms", self.bounds.time_ms_max))?
    }

    async fn talk(&self, base: &Base, request: &Request) -> Result<Reply, String> {
        let host = base.host.trim_matches(['[', ']']);
        let stream = TcpStream::connect((host, base.port)).await.map_err(|error| format!("no connection: {}", error.kind()))?;
        if !base.tls {
            return self.exchange(stream, base, request).await;
        }
        let name = ServerName::try_from(host.to_owned()).map_err(|_| "its host name is none that a certificate can have".to_owned())?;
        let stream = self.connector()?.connect(name, stream).await.map_err(|error| format!("TLS failed: {error}"))?;
        self.exchange(stream, base, request).await
    }

    fn connector(&self) -> Result<TlsConnector, String> {
        let mut roots = RootCertStore::empty();
        for certificate in rustls_native_certs::load_native_certs().certs.into_iter().chain(self.roots.iter().cloned()) {
            // One bad certificate of the system does not forbid the others.
            let _ = roots.add(certificate);
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| format!("TLS cannot be set up: {error}"))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(TlsConnector::from(Arc::new(config)))
    }

    async fn exchange<S>(&self, stream: S, base: &Base, request: &Request) -> Result<Reply, String>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|_| "it does not speak HTTP/1.1".to_owned())?;
        let driver = tokio::spawn(connection);
        let answered = self.answer(&mut sender, base, request).await;
        driver.abort();
        answered
    }

    async fn answer(&self, sender: &mut http1::SendRequest<Full<Bytes>>, base: &Base, request: &Request) -> Result<Reply, String> {
        let method = Method::from_bytes(request.method.as_bytes()).map_err(|_| "the method is none".to_owned())?;
        let mut builder = hyper::Request::builder().method(method).uri(format!("{}{}", base.prefix, request.path));
        builder = builder.header("host", base.authority()).header("connection", "close");
        if !request.headers.iter().any(|(name, _)| name == "accept") {
            builder = builder.header("accept", "application/json, */*;q=0.5");
        }
        for (name, value) in &request.headers {
            builder = builder.header(name.as_str(), value.as_str());
        }
        let body = Full::new(Bytes::from(request.body.clone()));
        // The error may quote a header.
        let message = builder.body(body).map_err(|_| "the path or a header is none that HTTP can carry".to_owned())?;
        let response = sender.send_request(message).await.map_err(|_| "the connection broke before an answer came".to_owned())?;
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let body = Limited::new(response.into_body(), self.bounds.bytes_max).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() {
                format!("its answer is longer than {} bytes", self.bounds.bytes_max)
            } else {
                "the connection broke in the middle of an answer".to_owned()
            }
        })?;
        Ok(Reply { status, headers, body: body.to_bytes().to_vec() })
    }
}

impl Base {
    fn read(text: &str) -> Result<Self, String> {
        let wrong = || "the base URL is none: http://HOST:PORT/PATH or https://…".to_owned();
        let url: Uri = text.parse().map_err(|_| wrong())?;
        let tls = match url.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(wrong()),
        };
        let host = url.host().filter(|host| !host.is_empty()).ok_or_else(wrong)?.to_owned();
        let with_user = url.authority().is_some_and(|authority| authority.as_str().contains('@'));
        if with_user || url.query().is_some() {
            return Err("the base URL holds a user or a query: put a header `authorization: env:NAME` into the file of requests".to_owned());
        }
        let port = url.port_u16().unwrap_or(if tls { 443 } else { 80 });
        Ok(Self { tls, host, port, prefix: url.path().trim_end_matches('/').to_owned() })
    }

    fn authority(&self) -> String {
        let usual = if self.tls { 443 } else { 80 };
        if self.port == usual { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }
}

fn is_here(host: &str) -> bool {
    host == "localhost" || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls() {
        let base = Base::read("http://127.0.0.1:8080/v1/").expect("a base");
        assert_eq!((base.tls, base.prefix.as_str(), base.authority().as_str()), (false, "/v1", "127.0.0.1:8080"));
        assert_eq!(Base::read("https://api.example").expect("a base").authority(), "api.example");
        for bad in ["", "ftp://x", "api.example", "http://user:canary@x/", "http://x/?a=canary", "http:///x"] {
            let error = Base::read(bad).err().expect(bad);
            assert!(!error.contains("canary"), "{error}");
        }
        assert!(is_here("[::1]") && is_here("localhost") && !is_here("10.0.0.1") && !is_here("localhost.example"));
    }
}
