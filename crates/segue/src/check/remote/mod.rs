//! Documents on the web, for `--allow-remote`: fetched through a door that opens to nothing else.
//!
//! A name is resolved once and the address that was looked at is the one that is called; private and loopback addresses are
//! refused unless they were allowed; a redirect is not followed, because it would lead past the look; size and time are
//! bounded; a URL with a user or password is refused. What a document says is data: it can name further documents of its
//! own host alone by a relative reference, never a file of this machine. Off unless a person asks for it. Tests: below,
//! `tests/check/remote.rs`.

mod address;
mod http;
mod url;

use std::collections::BTreeMap;
use std::io::Read;
use std::net::{TcpStream, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::ValueEnum;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use url::Url;
pub(super) use url::joined;

/// Which hosts may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Remote {
    /// None.
    #[default]
    No,
    /// Hosts with public addresses, by https
    Public,
    /// Private and loopback addresses too, there also by http
    Private,
}

/// The largest document, in bytes.
const BYTES_MAX: u64 = 16 << 20;
/// The most documents of a check.
const DOCUMENTS_MAX: usize = 64;
/// How long one document may take, from the first connection to its last byte; the machine's resolver has a bound of its own.
const TIME_MAX: Duration = Duration::from_secs(20);

/// Fetches, each URL once.
pub(crate) struct Door {
    remote: Remote,
    known: BTreeMap<String, Result<Arc<[u8]>, String>>,
}

impl Door {
    /// A door of that kind.
    pub(crate) fn new(remote: Remote) -> Self {
        Self { remote, known: BTreeMap::new() }
    }

    /// The bytes of a document, or why there are none.
    pub(crate) fn fetch(&mut self, text: &str) -> Result<Arc<[u8]>, String> {
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        let fetched = if self.known.len() >= DOCUMENTS_MAX {
            Err(format!("more than {DOCUMENTS_MAX} documents are not fetched"))
        } else {
            self.through(text).map(Arc::from)
        };
        self.known.insert(text.to_owned(), fetched.clone());
        fetched
    }

    fn through(&self, text: &str) -> Result<Vec<u8>, String> {
        if self.remote == Remote::No {
            return Err("--allow-remote fetches it".to_owned());
        }
        let url = Url::read(text)?;
        let (stream, until) = self.connect(&url)?;
        let bounded = Bounded { stream, until };
        if !url.secure {
            return http::get(bounded, &url, BYTES_MAX);
        }
        let name = ServerName::try_from(url.host.clone()).map_err(|_| "its host is no name that a certificate can hold".to_owned())?;
        let session = ClientConnection::new(trust()?, name).map_err(|error| format!("TLS cannot begin: {error}"))?;
        http::get(StreamOwned::new(session, bounded), &url, BYTES_MAX)
    }

    /// Resolves once, looks at what came, and calls the address that was looked at.
    fn connect(&self, url: &Url) -> Result<(TcpStream, Instant), String> {
        let found: Vec<_> =
            (url.host.trim_matches(['[', ']']), url.port).to_socket_addrs().map_err(|_| "its host has no address".to_owned())?.collect();
        // One address of several that is private may be the one that is meant: none of them is called.
        let private = found.iter().any(|address| address::is_private(address.ip()));
        if private && self.remote != Remote::Private {
            return Err("its host has a private or loopback address; --allow-remote=private lets it in".to_owned());
        }
        let at_home = self.remote == Remote::Private && found.iter().all(|address| address::is_private(address.ip()));
        if !url.secure && !at_home {
            return Err("http is for private addresses alone; give it by https".to_owned());
        }
        let until = Instant::now() + TIME_MAX;
        for address in found {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            if let Ok(stream) = TcpStream::connect_timeout(&address, left) {
                return Ok((stream, until));
            }
        }
        Err("its host does not answer".to_owned())
    }
}

/// The certificates that this machine trusts.
fn trust() -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err("this machine has no certificates to trust".to_owned());
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS cannot begin: {error}"))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// A connection that ends at a moment, however slowly the other side sends.
struct Bounded {
    stream: TcpStream,
    until: Instant,
}

impl Bounded {
    fn left(&self) -> std::io::Result<Duration> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(std::io::ErrorKind::TimedOut.into()) } else { Ok(left) }
    }
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.stream.set_read_timeout(Some(self.left()?))?;
        self.stream.read(buffer)
    }
}

impl std::io::Write for Bounded {
    fn write(&mut self, buffer: &[u8]) -> std::io::Result<usize> {
        self.stream.set_write_timeout(Some(self.left()?))?;
        self.stream.write(buffer)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.stream.flush()
    }
}
